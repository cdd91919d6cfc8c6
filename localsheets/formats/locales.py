"""
What a spreadsheet's locale decides: marks in numbers, the order of dates, names of months and days, the currency.

The facts are Unicode's CLDR, from which Google takes its own.
Source: https://cldr.unicode.org
"""

import re
from dataclasses import dataclass
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.numbers import get_currency_symbol, get_territory_currencies

_DEFAULT = "en_US"
_WORDS = {
    "de": ("WAHR", "FALSCH"),
    "es": ("VERDADERO", "FALSO"),
    "fr": ("VRAI", "FAUX"),
    "it": ("VERO", "FALSO"),
    "nl": ("WAAR", "ONWAAR"),
    "pt": ("VERDADEIRO", "FALSO"),
}
"""TRUE and FALSE where a language has words of its own."""
_FIELD = re.compile(r"y+|M+|d+")
_FORM = re.compile("[a-z]{2,3}(_[A-Z]{2})?")
_ALSO_KNOWN = frozenset({"no_NO"})
"""Locales that Google lists, and CLDR has under another name only."""


@dataclass(frozen=True)
class Customs:
    """
    How people of one locale write.

    Attributes:
        order: Of a date's parts in digits, such as `dmy` or `mdy`.
        date: Sheets' pattern of a date, such as `dd/mm/yyyy`.
        time: Sheets' pattern of a time of day to the second.
        moment: Sheets' pattern of date and time.
        currency: Sheets' pattern of an amount of money, such as `"Rp"#,##0.00`.
        symbol: The currency's own sign.
        months: In full and abbreviated, January first.
        days: In full and abbreviated, Monday first.
        true: What TRUE is called, then what FALSE is called.
    """

    decimal: str
    group: str
    order: str
    date: str
    time: str
    moment: str
    currency: str
    symbol: str
    months: tuple[tuple[str, ...], tuple[str, ...]]
    days: tuple[tuple[str, ...], tuple[str, ...]]
    true: tuple[str, str]


@cache
def is_locale(locale: str) -> bool:
    """Whether there is such a locale, written as in `id_ID` or `id`."""
    if not _FORM.fullmatch(locale):
        return False
    try:
        return locale in _ALSO_KNOWN or bool(Locale.parse(locale))
    except (ValueError, UnknownLocaleError):
        return False


@cache
def customs_of(locale: str) -> Customs:
    """The customs of a locale such as `id_ID`; one that nobody knows is taken for `en_US`."""
    found = _known(locale)
    symbols = found.number_symbols.get("latn", found.number_symbols)
    date = _FIELD.sub(_date_field, found.date_formats["short"].pattern)
    clock = re.sub(r"\s*a", " am/pm", found.time_formats["medium"].pattern).replace("H", "h")
    symbol = _symbol(found)
    return Customs(
        decimal=symbols["decimal"],
        group=symbols["group"],
        order="".join(dict.fromkeys(c for c in date if c in "dmy")),
        date=date,
        time=clock,
        moment=f"{date} {_all_day(clock)}",
        currency=found.currency_formats["standard"].pattern.partition(";")[0].replace("¤", f'"{symbol}"'),
        symbol=symbol,
        months=(
            tuple(found.months["format"]["wide"][n] for n in range(1, 13)),
            tuple(found.months["format"]["abbreviated"][n].rstrip(".") for n in range(1, 13)),
        ),
        days=(
            tuple(found.days["format"]["wide"][n] for n in range(7)),
            tuple(found.days["format"]["abbreviated"][n].rstrip(".") for n in range(7)),
        ),
        true=_WORDS.get(found.language, ("TRUE", "FALSE")),
    )


def _known(locale: str) -> Locale:
    for name in (locale, locale.partition("_")[0]):
        try:
            return Locale.parse(name)
        except (ValueError, UnknownLocaleError):
            continue
    return Locale.parse(_DEFAULT)


def _date_field(match: re.Match[str]) -> str:
    text = match.group().lower()
    return "yyyy" if text[0] == "y" else text


def _all_day(clock: str) -> str:
    """The time pattern on a clock of 24 hours: beside a date, Sheets never shows AM and PM by itself."""
    return clock.removesuffix(" am/pm")


def _symbol(locale: Locale) -> str:
    used = get_territory_currencies(locale.territory) if locale.territory else []
    return get_currency_symbol(used[-1], locale) if used else "$"
