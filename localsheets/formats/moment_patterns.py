"""
Date and time patterns such as `dddd, d mmmm yyyy`, `h:mm am/pm` or `[h]:mm:ss`.

Source: https://developers.google.com/workspace/sheets/api/guides/formats#date_time_format_patterns
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from localsheets.formats.locales import Customs
from localsheets.formats.number_patterns import Section, Token
from localsheets.formats.serials import moment_of

_SECONDS = {"h": 3600, "m": 60, "s": 1}


class _Shown(NamedTuple):
    """What a token is written from; `twelve` means a clock of twelve hours, with AM and PM."""

    moment: datetime
    customs: Customs
    twelve: bool


def show_moment(section: Section, serial: float, customs: Customs) -> str | None:
    """A serial number as a section shows it; None if it is no moment between the years 1 and 9999."""
    tokens = section.tokens
    decimals = _decimals_of_seconds(tokens)
    moment = moment_of(serial, decimals)
    if moment is None:
        return None
    twelve = any(token.kind == "moment" and "/" in token.text for token in tokens)
    shown = _Shown(moment, customs, twelve)
    texts = ["-"] if serial < 0 and section.has("elapsed") else []
    for at, token in enumerate(tokens):
        if token.kind == "moment":
            texts.append(_field(tokens, at, shown))
        elif token.kind == "elapsed":
            texts.append(_elapsed(tokens, at, abs(serial)))
        elif token.kind == "digit" and _is_fraction(tokens, at):
            texts.append(f"{moment.microsecond:06d}"[_place_in_fraction(tokens, at)])
        else:
            texts.append(token.text)
    return "".join(texts)


def _field(tokens: Sequence[Token], at: int, shown: _Shown) -> str:
    text = tokens[at].text.lower()
    if text[0] == "m" and _is_minute(tokens, at):
        return f"{shown.moment.minute:0{min(len(text), 2)}d}"
    return _FIELDS[text if "/" in text else text[0]](shown, len(text), tokens[at].text)


def _is_minute(tokens: Sequence[Token], at: int) -> bool:
    """`m` is a minute after hours or before seconds."""
    fields = [i for i, token in enumerate(tokens) if token.kind in {"moment", "elapsed"} and "/" not in token.text]
    place = fields.index(at)
    before = tokens[fields[place - 1]].text.lower() if place else ""
    after = tokens[fields[place + 1]].text.lower() if place + 1 < len(fields) else ""
    return before.startswith("h") or after.startswith("s")


def _year(shown: _Shown, length: int, _text: str) -> str:
    return f"{shown.moment.year:04d}" if length > 2 else f"{shown.moment.year % 100:02d}"


def _month(shown: _Shown, length: int, _text: str) -> str:
    month = shown.moment.month
    full, short = shown.customs.months
    names = {3: short[month - 1], 4: full[month - 1], 5: full[month - 1][:1]}
    return names.get(length) or (f"{month:0{length}d}" if length < 3 else full[month - 1])


def _day(shown: _Shown, length: int, _text: str) -> str:
    full, short = shown.customs.days
    if length > 2:
        return (short if length == 3 else full)[shown.moment.weekday()]
    return f"{shown.moment.day:0{length}d}"


def _hour(shown: _Shown, length: int, _text: str) -> str:
    hour = (shown.moment.hour % 12 or 12) if shown.twelve else shown.moment.hour
    return f"{hour:0{min(length, 2)}d}"


def _second(shown: _Shown, length: int, _text: str) -> str:
    return f"{shown.moment.second:0{min(length, 2)}d}"


def _half(shown: _Shown, length: int, text: str) -> str:
    half = "AM" if shown.moment.hour < 12 else "PM"
    if length > 3:
        return half
    return half[0] if text.isupper() else half[0].lower()


_FIELDS: dict[str, Callable[[_Shown, int, str], str]] = {
    "y": _year,
    "m": _month,
    "d": _day,
    "h": _hour,
    "s": _second,
    "am/pm": _half,
    "a/p": _half,
}


def _elapsed(tokens: Sequence[Token], at: int, serial: float) -> str:
    """All hours, minutes or seconds that have passed; smaller units beside them show what is left."""
    unit = tokens[at].text
    passed = round(serial * 86_400, 3) // _SECONDS[unit[0]]
    return f"{int(passed):0{len(unit)}d}"


def _is_fraction(tokens: Sequence[Token], at: int) -> bool:
    start = at - _place_in_fraction(tokens, at)
    seconds = start >= 2 and tokens[start - 2].kind in {"moment", "elapsed"} and tokens[start - 2].text[0] in "sS"
    return seconds and tokens[start - 1].kind == "point" and at - start < 6


def _place_in_fraction(tokens: Sequence[Token], at: int) -> int:
    start = at
    while start and tokens[start - 1].kind == "digit":
        start -= 1
    return at - start


def _decimals_of_seconds(tokens: Sequence[Token]) -> int:
    return sum(token.kind == "digit" and _is_fraction(tokens, at) for at, token in enumerate(tokens))
