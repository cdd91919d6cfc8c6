"""What the office's Apps Script delivers, as data. Pure."""

import json
from typing import Any

from forms.plain_text import showable


def script_body(body: bytes) -> dict[str, Any] | None:
    """The delivery's JSON object, with every text fit to be stored; None if it is no such thing."""
    try:
        loaded = _showable(json.loads(body))
    except (ValueError, RecursionError):  # broken, not UTF-8, a number of thousands of digits, nested too deep
        return None
    return loaded if isinstance(loaded, dict) else None


def part(of: dict[str, Any], name: str) -> dict[str, Any]:
    """The object under that name, empty if there is none."""
    found = of.get(name)
    return found if isinstance(found, dict) else {}


def _showable(value: Any) -> Any:
    if isinstance(value, str):
        return showable(value)
    if isinstance(value, dict):
        return {showable(name): _showable(each) for name, each in value.items()}
    return [_showable(each) for each in value] if isinstance(value, list) else value
