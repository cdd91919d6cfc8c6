"""
A small spreadsheet server that speaks the Sheets v4 and Drive v3 of Google, and shows its sheets as a grid.

It knows nothing of what the sheets are about.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from localsheets.api.http_edge import LARGEST_REQUEST_BYTES
    from localsheets.api.quotas import Quotas
    from localsheets.app import create_app
    from localsheets.errors import StorageError
    from localsheets.identity import Home, Identity, SharedLogin
    from localsheets.throttle import LoginThrottle

__all__ = [
    "LARGEST_REQUEST_BYTES",
    "Home",
    "Identity",
    "LoginThrottle",
    "Quotas",
    "SharedLogin",
    "StorageError",
    "create_app",
]
_HOMES = {
    "LARGEST_REQUEST_BYTES": "api.http_edge",
    "Home": "identity",
    "Identity": "identity",
    "LoginThrottle": "throttle",
    "Quotas": "api.quotas",
    "SharedLogin": "identity",
    "StorageError": "errors",
    "create_app": "app",
}


def __getattr__(name: str) -> Any:
    """Loaded when asked for: the processes that calculate formulas are of this package, and need none of it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
