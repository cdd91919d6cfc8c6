"""
How a number looks in a cell: by its number format, or by itself.

Source: https://developers.google.com/workspace/sheets/api/guides/formats
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from localsheets.formats.locales import Customs, customs_of
from localsheets.formats.moment_patterns import show_moment
from localsheets.formats.number_patterns import Section, section_for, sections_of, show_number

MOMENT_TYPES = frozenset({"DATE", "TIME", "DATE_TIME"})
_LONGEST_WHOLE = 10**15
"""From here on a number without a format of its own is shown by its exponent."""
_MOST_DIGITS = 10
_SHORT_DIGITS = 6
"""Digits of a number without a format: if it is written out, and beside an exponent."""


def is_moment(number_format: dict[str, Any] | None) -> bool:
    """Whether numbers with that format are shown as dates or times."""
    return bool(number_format) and (number_format or {}).get("type") in MOMENT_TYPES


def default_pattern(kind: str, locale: str) -> str:
    """The pattern of a number format that names only its type; "" for none."""
    customs = customs_of(locale)
    return {
        "DATE": customs.date,
        "TIME": customs.time,
        "DATE_TIME": customs.moment,
        "PERCENT": "0.00%",
        "NUMBER": "#,##0.00",
        "CURRENCY": customs.currency,
        "SCIENTIFIC": "0.00E+00",
    }.get(kind, "")


def format_number(number: float, number_format: dict[str, Any] | None, locale: str = "en_US") -> str:
    """The number as the cell shows it; where its pattern has no place for it, as if it had none."""
    if not number_format:
        return plain_number(number, locale)
    kind = str(number_format.get("type", ""))
    pattern = number_format.get("pattern") or default_pattern(kind, locale)
    if not pattern or kind == "TEXT" or pattern.lower() == "general":
        return plain_number(number, locale)
    return _by_pattern(number, pattern, kind in MOMENT_TYPES, locale)


def format_text(text: str, number_format: dict[str, Any] | None) -> str:
    """A text as the cell shows it: the fourth section of a pattern may say something of its own."""
    pattern = (number_format or {}).get("pattern") or ""
    sections = sections_of(pattern) if "@" in pattern and pattern != "@" else ()
    chosen = next((section for section in sections[3:] or sections if section.has("text")), None)
    if chosen is None:
        return text
    return "".join(text if token.kind == "text" else token.text for token in chosen.tokens)


def _by_pattern(number: float, pattern: str, is_date: bool, locale: str) -> str:
    customs = customs_of(locale)
    section, minus = section_for(sections_of(pattern), number)
    if not section.tokens:
        return ""
    if section.has("text"):
        return plain_number(number, locale)
    if _shows_moment(section, is_date):
        return show_moment(section, number, customs) or plain_number(number, locale)
    shown = show_number(section, abs(number), customs)
    if shown is None:
        return plain_number(number, locale)
    return "-" + shown if minus and any(c in "123456789" for c in shown) else shown


def _shows_moment(section: Section, is_date: bool) -> bool:
    return section.has("elapsed") or (section.has("moment") and (is_date or not section.has("digit")))


def plain_number(number: float, locale: str = "en_US") -> str:
    """A number without a format: whole, or rounded to ten digits; very large and very small ones by their exponent."""
    size = abs(number)
    if size < _LONGEST_WHOLE and (isinstance(number, int) or number.is_integer()):
        return str(int(number))
    customs = customs_of(locale)
    if size >= _LONGEST_WHOLE:
        return _by_exponent(number, customs)
    value = Decimal(repr(number))
    digits = max(_MOST_DIGITS - 1 - value.adjusted(), 0)
    if digits > 2 * _MOST_DIGITS:
        return _by_exponent(number, customs)
    text = f"{value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(".", customs.decimal)


def _by_exponent(number: float, customs: Customs) -> str:
    mantissa, _, exponent = f"{number:.{_SHORT_DIGITS - 1}E}".partition("E")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{mantissa}E{exponent}".replace(".", customs.decimal)
