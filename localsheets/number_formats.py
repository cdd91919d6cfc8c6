"""
How a number looks in a cell: patterns such as `0.00%`, `#,##0`, `dd/mm/yyyy`, `hh:mm`.

Source: https://developers.google.com/sheets/api/guides/formats
"""

import math
import re
from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from localsheets.coercion import decimal_mark
from localsheets.serials import moment_of

_DEFAULT_PATTERNS = {
    "DATE": "yyyy-mm-dd",
    "TIME": "hh:mm:ss",
    "DATE_TIME": "yyyy-mm-dd hh:mm:ss",
    "PERCENT": "0.00%",
    "NUMBER": "#,##0.00",
    "CURRENCY": "#,##0.00",
    "SCIENTIFIC": "0.00E+00",
}
MOST_DECIMALS = 30
_EXACT = Context(prec=1000)
"""Digits enough for the largest float with all its decimals."""
MOMENT_TYPES = frozenset({"DATE", "TIME", "DATE_TIME"})
_DATE_TOKEN = re.compile(r'"[^"]*"|\\.|y+|m+|d+|h+|s+|\.0+|am/pm|a/p|.', re.IGNORECASE | re.DOTALL)
_NUMBER_PART = re.compile(r'((?:"[^"]*"|\\.|[^#0?])*)([#0?,.]+(?:E[+]?0+)?)(.*)', re.DOTALL)
_MONTHS = {
    "id": [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_DAYS = {
    "id": ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}


def is_moment(number_format: dict[str, Any] | None) -> bool:
    """Whether numbers with that format are shown as dates or times."""
    return bool(number_format) and (number_format or {}).get("type") in MOMENT_TYPES


def format_number(number: float, number_format: dict[str, Any] | None, locale: str = "en_US") -> str:
    """The number as the cell shows it; a pattern this server cannot read shows the plain number."""
    kind = (number_format or {}).get("type", "")
    pattern = (number_format or {}).get("pattern") or _DEFAULT_PATTERNS.get(kind, "")
    if is_moment(number_format):
        moment = moment_of(number)
        return _plain(number, locale) if moment is None else _format_moment(moment, pattern, locale)
    if not pattern or kind == "TEXT" or pattern.lower() in {"@", "general"}:
        return _plain(number, locale)
    return _format_by_pattern(number, pattern.split(";")[0], locale)


def _plain(number: float, locale: str) -> str:
    if isinstance(number, int) or (number.is_integer() and abs(number) < 1e15):
        return str(int(number))
    return f"{number:.15g}".replace("e", "E").replace(".", decimal_mark(locale))


def _format_by_pattern(number: float, pattern: str, locale: str) -> str:
    match = _NUMBER_PART.fullmatch(pattern)
    if match is None:
        return _plain(number, locale)
    before, digits, after = match.groups()
    whole, _, fraction = digits.partition(".")
    shown = number * 100 if "%" in after else number
    if math.isinf(shown):
        return _plain(number, locale)
    text = f"{shown:.{fraction.partition('E')[0].count('0')}E}" if "E" in digits else _fixed(shown, whole, fraction)
    mark = decimal_mark(locale)
    if mark == ",":
        text = text.translate(str.maketrans(",.", ".,"))
    return _literal(before) + text + _literal(after)


def _fixed(number: float, whole: str, fraction: str) -> str:
    places = min(len(fraction), MOST_DECIMALS)
    rounded = Decimal(repr(number)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=_EXACT)
    text = f"{rounded:,f}" if "," in whole else f"{rounded:f}"
    head, _, tail = text.partition(".")
    head = head if head.startswith("-") else head.zfill(whole.replace(",", "").count("0"))
    while len(tail) > fraction.count("0") and tail.endswith("0"):
        tail = tail[:-1]
    return f"{head}.{tail}" if tail else head


def _literal(text: str) -> str:
    return re.sub(r'"([^"]*)"|\\(.)', lambda m: m.group(1) if m.group(1) is not None else m.group(2), text)


def _format_moment(moment: datetime, pattern: str, locale: str) -> str:
    language = "id" if locale.lower().startswith(("id", "in")) else "en"
    tokens = _DATE_TOKEN.findall(pattern)
    twelve = any(token.lower() in {"am/pm", "a/p"} for token in tokens)
    shown: list[str] = []
    for at, token in enumerate(tokens):
        low = token.lower()
        if low[0] == "m" and _is_minute(tokens, at):
            shown.append(f"{moment.minute:0{min(len(low), 2)}d}")
        else:
            shown.append(_token_text(moment, low, language, twelve=twelve) or _literal(token))
    return "".join(shown)


def _is_minute(tokens: list[str], at: int) -> bool:
    letters = [(i, t.lower()[0]) for i, t in enumerate(tokens) if t[0].lower() in "ymdhs" or i == at]
    place = [i for i, _ in letters].index(at)
    before = letters[place - 1][1] if place else ""
    after = letters[place + 1][1] if place + 1 < len(letters) else ""
    return before == "h" or after == "s"


def _token_text(moment: datetime, token: str, language: str, *, twelve: bool) -> str | None:
    hour = (moment.hour % 12 or 12) if twelve else moment.hour
    month, day = _MONTHS[language][moment.month - 1], _DAYS[language][moment.weekday()]
    texts = {
        "y": f"{moment.year % 100:02d}", "yy": f"{moment.year % 100:02d}",
        "m": str(moment.month), "mm": f"{moment.month:02d}", "mmm": month[:3], "mmmm": month,
        "d": str(moment.day), "dd": f"{moment.day:02d}", "ddd": day[:3], "dddd": day,
        "h": str(hour), "hh": f"{hour:02d}", "s": str(moment.second), "ss": f"{moment.second:02d}",
        "am/pm": "AM" if moment.hour < 12 else "PM", "a/p": "A" if moment.hour < 12 else "P",
    }  # fmt: skip
    return f"{moment.year:04d}" if token.startswith("yyy") else texts.get(token)
