"""
Dates and times as people type them: `3/2/2026`, `2026-02-03 10:30`, `3 Feb 2026`, `10.30`, `9:15 PM`, `36:00`.

Which of day and month comes first, and what months are called, is the locale's to say.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple

from localsheets.formats.locales import Customs, customs_of
from localsheets.formats.serials import serial_of

_SECONDS_PER_DAY = 86_400
_PIVOT = 30
"""A year of two digits from here on is in the last century."""
_LONGEST = 60
"""Characters; a longer text is never a date."""
_DATE_TIME = re.compile(
    r"(?P<date>.*[^\s,T]),?(?:\s+|T(?=\d))(?P<time>\d{1,2}[:.]\d\d.*|\d{1,2}\s*[ap]m)", re.IGNORECASE
)


class Moment(NamedTuple):
    """A serial number, and the number format in which it looks as it was typed."""

    serial: float
    kind: str
    pattern: str


class _Day(NamedTuple):
    day: date
    pattern: str


class _Clock(NamedTuple):
    seconds: float
    pattern: str


def parse_moment(text: str, customs: Customs, year: int) -> Moment | None:
    """
    The date, time or both that a text without spaces around it means.

    Args:
        year: Meant where none is typed.
    """
    if len(text) > _LONGEST or not any(c.isdigit() for c in text):
        return None
    if day := _day(text, customs, year):
        return Moment(serial_of(day.day), "DATE", day.pattern)
    if clock := _clock(text, customs):
        return Moment(clock.seconds / _SECONDS_PER_DAY, "TIME", clock.pattern)
    both = _DATE_TIME.fullmatch(text)
    if both is None:
        return None
    day, clock = _day(both["date"], customs, year), _clock(both["time"], customs)
    if day is None or clock is None or clock.seconds >= _SECONDS_PER_DAY:
        return None
    moment = datetime(day.day.year, day.day.month, day.day.day) + timedelta(seconds=clock.seconds)  # noqa: DTZ001
    return Moment(serial_of(moment), "DATE_TIME", f"{day.pattern} {customs.moment.rpartition(' ')[2]}")


# -- days -------------------------------------------------------------------------------------------------------------


def _day(text: str, customs: Customs, year: int) -> _Day | None:
    for pattern, shown in _day_patterns(customs):
        match = pattern.fullmatch(text)
        if match is None:
            continue
        parts = match.groupdict()
        month = parts["month"]
        number = int(month) if month.isdigit() else _month_named(month, customs)
        try:
            day = date(_full_year(parts.get("year"), year), number, int(parts.get("day") or 1))
        except ValueError:
            return None
        return _Day(day, shown(parts, customs))
    return None


def _full_year(typed: str | None, year: int) -> int:
    if typed is None:
        return year
    return int(typed) if len(typed) > 2 else int(typed) + (2000 if int(typed) < _PIVOT else 1900)


_Shown = Callable[[Mapping[str, str], Customs], str]


@cache
def _day_patterns(customs: Customs) -> list[tuple[re.Pattern[str], _Shown]]:
    """What a date may look like, and the pattern that shows it so."""
    two, any_year = r"\d{1,2}", r"(?P<year>\d{4}|\d\d)"
    marks = "[/.-]" if "." in customs.date else "[/-]"
    day, month = rf"(?P<day>{two})", rf"(?P<month>{two})"
    first, second = (day, month) if customs.order == "dmy" else (month, day)
    names = "|".join(sorted(map(re.escape, _month_names(customs)), key=len, reverse=True))
    name = rf"(?P<month>{names})\.?"
    return [
        (re.compile(rf"(?P<year>\d{{4}})-{month}-{day}"), lambda *_: "yyyy-mm-dd"),
        (re.compile(rf"(?P<year>\d{{4}})/{month}/{day}"), lambda *_: "yyyy/m/d"),
        (re.compile(rf"{first}(?P<mark>{marks}){second}(?P=mark){any_year}"), lambda _, c: c.date),
        (re.compile(rf"{first}[/-]{second}"), lambda _, c: "d/m" if c.order == "dmy" else "m/d"),
        (re.compile(rf"{day}\.?(?P<mark>[ -]){name}(?P=mark){any_year}", re.IGNORECASE), _day_month_year),
        (re.compile(rf"{name}\s{day},?\s(?P<year>\d{{4}})", re.IGNORECASE), lambda p, c: f"{_named(p, c)} d, yyyy"),
        (re.compile(rf"{name}[ -](?P<year>\d{{4}})", re.IGNORECASE), lambda p, c: f"{_named(p, c)} yyyy"),
        (re.compile(rf"{day}[ -]{name}", re.IGNORECASE), lambda p, c: f"d {_named(p, c)}"),
        (re.compile(rf"{name}\s{day}", re.IGNORECASE), lambda p, c: f"{_named(p, c)} d"),
    ]


def _day_month_year(parts: Mapping[str, str], customs: Customs) -> str:
    return f"d{parts['mark']}{_named(parts, customs)}{parts['mark']}yyyy"


def _named(parts: Mapping[str, str], customs: Customs) -> str:
    """Months are shown in full if they were typed in full."""
    return "mmm" if len(parts["month"]) <= len(customs.months[1][_month_named(parts["month"], customs) - 1]) else "mmmm"


def _month_named(name: str, customs: Customs) -> int:
    return _month_names(customs)[name.casefold()]


@cache
def _month_names(customs: Customs) -> dict[str, int]:
    """Of the locale, and English ones, which are understood everywhere."""
    lists = [*customs_of("en_US").months, *customs.months]
    return {name.casefold(): number for names in lists for number, name in enumerate(names, start=1)}


# -- times of day ----------------------------------------------------------------------------------------------------

_HALF = r"(?:\s*(?P<half>[ap])\.?m\.?)?"
_CLOCKS = {
    mark: re.compile(
        rf"(?P<hour>\d{{1,4}})(?:{re.escape(mark)}(?P<minute>\d\d)"
        rf"(?:{re.escape(mark)}(?P<second>\d\d)(?P<part>\.\d{{1,3}})?)?)?{_HALF}",
        re.IGNORECASE,
    )
    for mark in ":."
}


def _clock(text: str, customs: Customs) -> _Clock | None:
    marks = ":." if "." in customs.time else ":"
    return next((clock for mark in marks if (clock := _clock_with(text, mark, customs))), None)


def _clock_with(text: str, mark: str, customs: Customs) -> _Clock | None:
    match = _CLOCKS[mark].fullmatch(text)
    if match is None or not (match["minute"] or match["half"]):
        return None
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    if minute > 59 or second > 59 or (match["half"] and not 1 <= hour <= 12):
        return None
    if match["half"]:
        hour = hour % 12 + (12 if match["half"] in "pP" else 0)
    seconds = hour * 3600 + minute * 60 + second + float(match["part"] or 0)
    if hour >= 24:
        return _Clock(seconds, f"[h]{mark}mm{mark}ss")
    fields = ["hh" if customs.time.startswith("hh") and not match["half"] else "h"]
    fields += ["mm"] * bool(match["minute"]) + ["ss" + (".000" if match["part"] else "")] * bool(match["second"])
    return _Clock(seconds, mark.join(fields) + (" am/pm" if match["half"] else ""))
