"""
What a typed text means: `valueInputOption=USER_ENTERED`.

Numbers, dates and words follow the spreadsheet's locale: Indonesian writes 1.234,5 and puts the day before the month.
Source: https://developers.google.com/sheets/api/reference/rest/v4/ValueInputOption
"""

import re
from dataclasses import dataclass
from functools import cache

from localsheets.formats.locales import Customs, customs_of
from localsheets.formats.typed_moments import parse_moment
from localsheets.formulas.entering import canonical, is_formula

Scalar = str | int | float | bool


@dataclass(frozen=True)
class Entered:
    """
    A value, and the number format that typing it suggests (None: no particular one).

    Attributes:
        formula: In its stored form; the value is "" then, and nothing else is meant by it.
    """

    value: Scalar
    number_format: dict[str, str] | None = None
    formula: str | None = None


_LONGEST_NUMBER = 300
"""Characters; a longer text is never a number."""
_FOREIGN_SIGNS = "€£¥"
"""Signs of money that are understood in every locale, before the number."""
_SPACES = "[ \u00a0\u202f]"


def decimal_mark(locale: str) -> str:
    """The decimal mark of a locale such as `id_ID` or `en_US`."""
    return customs_of(locale).decimal


def parse_entered(text: str, *, locale: str = "en_US", plain_text: bool = False, year: int = 1900) -> Entered:
    """
    The value a person means by a typed text.

    Args:
        plain_text: The cell is formatted as text and keeps whatever is typed.
        year: The year meant by a date without one.

    Returns: Text, number, boolean, a date as a serial number with its format, or a formula.
    """
    if plain_text:
        return Entered(text)
    if text.startswith("'"):
        return Entered(text[1:])
    trimmed = text.strip()
    if trimmed.startswith("=") and is_formula(trimmed):
        return _formula(trimmed, locale)
    if not trimmed or len(trimmed) > _LONGEST_NUMBER:
        return Entered(text)
    customs = customs_of(locale)
    word = trimmed.upper()
    if word in {"TRUE", "FALSE", *customs.true}:
        return Entered(word in {"TRUE", customs.true[0]})
    read = _number(trimmed, customs) or _moment(trimmed, customs, year)
    return read or (_formula(trimmed, locale) if is_formula(trimmed) else Entered(text))


def _formula(text: str, locale: str) -> Entered:
    return Entered("", None, canonical(text, locale))


@cache
def _number_form(customs: Customs) -> re.Pattern[str]:
    """A sign or brackets, a currency's sign at either end, digits with their marks, an exponent or a percent sign."""
    group = _SPACES if customs.group in "\u00a0\u202f" else re.escape(customs.group)
    symbol = re.escape(customs.symbol)
    foreign = "".join(sign for sign in _FOREIGN_SIGNS if sign != customs.symbol)
    return re.compile(
        rf"(?P<open>\()?(?P<sign>[+-])?(?:(?P<before>{symbol}|(?P<foreign>[{foreign}])){_SPACES}?)?(?P<inner>[+-])?"
        rf"(?P<digits>(?P<whole>[0-9]{{1,3}}(?:{group}[0-9]{{3}})+|[0-9]+)?(?:{re.escape(customs.decimal)}[0-9]*)?)"
        rf"(?P<exponent>[eE][+-]?[0-9]{{1,3}})?(?:{_SPACES}?(?:(?P<percent>%)|(?P<after>{symbol})))?(?P<close>\))?"
    )


def _number(text: str, customs: Customs) -> Entered | None:
    match = _number_form(customs).fullmatch(text)
    if match is None or not any(c.isdigit() for c in match["digits"]) or not _is_one_number(match):
        return None
    whole = match["whole"] or ""
    fraction = match["digits"].removeprefix(whole)
    plain = re.sub("[^0-9]", "", whole) + fraction.replace(customs.decimal, ".") + (match["exponent"] or "")
    number = float(plain) / (100 if match["percent"] else 1)
    if abs(number) == float("inf"):
        return None
    negative = match["open"] or "-" in (match["sign"], match["inner"])
    return Entered(simplest(-number if negative else number), _number_format(match, bool(fraction), customs))


def _is_one_number(match: re.Match[str]) -> bool:
    brackets, signs = bool(match["open"]) + bool(match["close"]), bool(match["sign"]) + bool(match["inner"])
    money = bool(match["before"]) + bool(match["after"])
    return brackets in (0, 2) and signs + brackets // 2 <= 1 and money <= 1 and not (money and match["percent"])


def _number_format(match: re.Match[str], has_fraction: bool, customs: Customs) -> dict[str, str] | None:
    if match["percent"]:
        return {"type": "PERCENT", "pattern": "0.00%" if has_fraction else "0%"}
    if match["before"] or match["after"]:
        pattern = f"[${match['foreign']}]#,##0.00" if match["foreign"] else customs.currency
        pattern = pattern if has_fraction else pattern.replace(".00", "")
        return {"type": "CURRENCY", "pattern": pattern}
    if match["exponent"]:
        return {"type": "SCIENTIFIC", "pattern": "0.00E+00"}
    if match["whole"] and not match["whole"].isdigit():
        return {"type": "NUMBER", "pattern": "#,##0.00" if has_fraction else "#,##0"}
    return None


def _moment(text: str, customs: Customs, year: int) -> Entered | None:
    moment = parse_moment(text, customs, year)
    if moment is None:
        return None
    return Entered(simplest(moment.serial), {"type": moment.kind, "pattern": moment.pattern})


def simplest(number: float) -> int | float:
    """A whole number as int, so that JSON shows 42 and not 42.0."""
    return int(number) if float(number).is_integer() and abs(number) < 1e15 else number
