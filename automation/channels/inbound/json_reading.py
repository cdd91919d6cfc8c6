"""
Nested JSON of strangers, read without surprises: every question has an answer of its own type, whatever stands there.

What is absent, of another type, or broken is the same as nothing: `""`, `()`, `None` or `False`. So a reader needs to
think only of what a body should look like, and one bad part hides no other.
"""

import json
import math
from datetime import UTC, datetime
from typing import Any

from forms.plain_text import showable

EARLIEST = datetime(2010, 1, 1, tzinfo=UTC)
"""Nothing on these channels was written to an office before."""
LONGEST_ID = 512
"""Characters of an id; the longest that are known, of Instagram messages, have fewer than 200."""
_MILLISECONDS_FROM = 100_000_000_000
"""As seconds this is the year 5138, as milliseconds 1973: a larger number counts milliseconds."""


class Json:
    """A place in a body."""

    __slots__ = ("_value",)

    def __init__(self, value: Any = None) -> None:
        self._value = value

    def at(self, *keys: str) -> "Json":
        """The place that the names lead to, one within the other."""
        return Json(self._found(*keys))

    def each(self, *keys: str) -> "tuple[Json, ...]":
        """The members of a list."""
        value = self._found(*keys)
        return tuple(Json(member) for member in value) if isinstance(value, list) else ()

    def has(self, *keys: str) -> bool:
        """Whether there is an object, a list, a text, a number or a boolean, even an empty one."""
        return self._found(*keys) is not None

    def says(self, *keys: str) -> bool:
        """Whether there is a `true`."""
        return self._found(*keys) is True

    def text(self, *keys: str) -> str:
        """A text that can be stored and shown: line breaks alike, no controls, nothing that UTF-8 does not know."""
        value = self._found(*keys)
        return showable(value).strip() if isinstance(value, str) else ""

    def id(self, *keys: str) -> str:
        """An id, which channels write as text or as a number; empty if it is too long to be one."""
        value = self._found(*keys)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**LONGEST_ID:
            return str(value)
        found = self.text(*keys)
        return found if len(found) <= LONGEST_ID else ""

    def number(self, *keys: str) -> float | None:
        """A finite number, also one that is written as text."""
        value = self._found(*keys)
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            return None
        try:
            found = float(value)
        except (ValueError, OverflowError):
            return None
        return found if math.isfinite(found) else None

    def instant(self, *keys: str) -> datetime | None:
        """
        An instant, as seconds or milliseconds since 1970 or in ISO 8601, in UTC.

        Meta's documents know milliseconds for messages and seconds for comments; its own test deliveries have seconds
        in both, and Chatwoot's recorded ones `2021-09-08T06:34:04+0000` (chatwoot/chatwoot, spec/factories/instagram).
        """
        number = self.number(*keys)
        try:
            if number is not None:
                return datetime.fromtimestamp(number / 1000 if number >= _MILLISECONDS_FROM else number, UTC)
            found = datetime.fromisoformat(self.text(*keys))
            return found.astimezone(UTC) if found.tzinfo else None
        except (ValueError, OverflowError, OSError):
            return None

    def _found(self, *keys: str) -> Any:
        value = self._value
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return value


def read_json(body: bytes) -> Json | None:
    """A body's outermost place; None if it is no JSON that can be read."""
    try:
        return Json(json.loads(body))
    except (ValueError, RecursionError):  # broken, not Unicode, a number of thousands of digits, nested too deep
        return None


def written_at(received_at: datetime, *told: datetime | None) -> datetime:
    """
    When something was written: the first of the instants told that can be true, or when it was delivered.

    None lies before these channels, and none after the delivery: a window that a channel grants must not end later
    because of a clock that is wrong.
    """
    return next((at for at in told if at is not None and EARLIEST <= at <= received_at), received_at)
