"""
What a typed text means: `valueInputOption=USER_ENTERED`.

Numbers follow the spreadsheet's locale (Indonesian writes 1.234,5); dates are read as ISO or as day/month/year.
Source: https://developers.google.com/sheets/api/reference/rest/v4/ValueInputOption
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from localsheets.errors import UnimplementedError
from localsheets.serials import serial_of, serial_of_time

Scalar = str | int | float | bool


@dataclass(frozen=True)
class Entered:
    """A value, and the number format that typing it suggests (None: no particular one)."""

    value: Scalar
    number_format: dict[str, str] | None = None


_ISO_DATE = r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
_DAY_FIRST = r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})"
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
_MOMENTS = [
    (re.compile(_ISO_DATE), "yyyy-mm-dd"),
    (re.compile(_DAY_FIRST), "d/m/yyyy"),
    (re.compile(rf"{_ISO_DATE}[ T]{_CLOCK}"), "yyyy-mm-dd"),
    (re.compile(rf"{_DAY_FIRST} {_CLOCK}"), "d/m/yyyy"),
    (re.compile(_CLOCK), ""),
]
_NUMBER = {
    ".": re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:[eE][+-]?\d{1,3})?"),
    ",": re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+)?(?:,\d*)?(?:[eE][+-]?\d{1,3})?"),
}
_LONGEST_NUMBER = 300
"""Characters; a longer text is never a number."""


def decimal_mark(locale: str) -> str:
    """The decimal mark of a locale such as `id_ID` or `en_US`."""
    comma_languages = {"id", "de", "nl", "fr", "es", "it", "pt"}
    return "," if locale.partition("_")[0].lower() in comma_languages else "."


def parse_entered(text: str, *, locale: str = "en_US", plain_text: bool = False) -> Entered:
    """
    The value a person means by a typed text.

    Args:
        plain_text: The cell is formatted as text and keeps whatever is typed.

    Returns: Text, number, boolean, or a date as a serial number with its format.
    Raises: UnimplementedError for a formula.
    """
    if plain_text:
        return Entered(text)
    if text.startswith("'"):
        return Entered(text[1:])
    if text.startswith("=") and len(text) > 1:
        raise UnimplementedError("Formulas are not supported by this server yet; nothing was written.")
    trimmed = text.strip()
    if trimmed.upper() in {"TRUE", "FALSE"}:
        return Entered(trimmed.upper() == "TRUE")
    if trimmed and len(trimmed) <= _LONGEST_NUMBER and trimmed.isascii():
        return _number(trimmed, decimal_mark(locale)) or _moment(trimmed) or Entered(text)
    return Entered(text)


def _number(text: str, mark: str) -> Entered | None:
    percent = text.endswith("%")
    digits = text[:-1].rstrip() if percent else text
    if not _NUMBER[mark].fullmatch(digits) or not any(c.isdigit() for c in digits.lower().partition("e")[0]):
        return None
    plain = digits.replace("," if mark == "." else ".", "").replace(mark, ".")
    number = simplest(float(plain) / 100 if percent else float(plain))
    if isinstance(number, float) and abs(number) == float("inf"):
        return None
    if percent:
        return Entered(number, {"type": "PERCENT", "pattern": "0.00%" if mark in digits else "0%"})
    return Entered(number, {"type": "NUMBER", "pattern": "#,##0"} if _grouped(digits, mark) else None)


def _grouped(digits: str, mark: str) -> bool:
    return ("," if mark == "." else ".") in digits and mark not in digits


def _moment(text: str) -> Entered | None:
    for pattern, shown in _MOMENTS:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        try:
            return _entered_moment({k: int(v) for k, v in match.groupdict().items() if v is not None}, shown)
        except ValueError:
            return None
    return None


def _entered_moment(parts: dict[str, int], shown: str) -> Entered:
    clock = time(parts.get("hour", 0), parts.get("minute", 0), parts.get("second", 0))
    clock_shown = "hh:mm:ss" if "second" in parts else "hh:mm"
    if "year" not in parts:
        return Entered(simplest(serial_of_time(clock)), {"type": "TIME", "pattern": clock_shown})
    day = date(parts["year"], parts["month"], parts["day"])
    if "hour" not in parts:
        return Entered(serial_of(day), {"type": "DATE", "pattern": shown})
    moment = datetime.combine(day, clock)
    return Entered(serial_of(moment), {"type": "DATE_TIME", "pattern": f"{shown} {clock_shown}"})


def simplest(number: float) -> int | float:
    """A whole number as int, so that JSON shows 42 and not 42.0."""
    return int(number) if float(number).is_integer() and abs(number) < 1e15 else number
