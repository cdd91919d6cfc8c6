"""
A small spreadsheet server that speaks the Sheets v4 and Drive v3 of Google, and shows its sheets as a grid.

It knows nothing of what the sheets are about.
"""

from localsheets.app import create_app
from localsheets.errors import StorageError
from localsheets.identity import Identity

__all__ = ["Identity", "StorageError", "create_app"]
