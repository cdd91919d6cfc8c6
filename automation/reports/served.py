"""
How long something took in the office's own time, for as many spans as a year has: by sums over days that are made once.

`measure` (automation/calendars) walks from day to day, which is right for one span and too slow for a million.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache

from automation.calendars.office_calendar import Calendar, OfficeHours
from register.complaint import Pause

_MINUTE = 60_000_000
_DAY = 24 * 60 * _MINUTE
_WITA = 8 * 60 * _MINUTE
"""WITA is ahead of UTC by this much, always: all in microseconds, as instants are kept."""

_REMEMBERED = 50
"""Instants of which the service is remembered: clocks of one complaint begin and end together."""
_Spans = tuple[tuple[int, int], ...]
_Day = tuple[int, int, _Spans]
"""Its year, the service of that year before it, and when it is open."""


class Served:
    """Minutes of service between instants by one calendar."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._days: dict[int, _Day] = {}
        self._years: dict[int, int] = {}
        self._until = lru_cache(maxsize=_REMEMBERED)(self._served_until)

    def minutes(self, began: datetime, ended: datetime, pauses: Sequence[Pause] = ()) -> int:
        """
        Whole minutes of service from one aware instant to another, outside the pauses; 0 if it ended before it began.

        Pauses are in order; one that still runs lasts until the end.
        """
        if ended <= began:
            return 0
        (first, before), (last, after) = self._until(began), self._until(ended)
        if first == last and not pauses:  # as nearly all are
            return (after - before) // _MINUTE
        served = self._between(began, ended)
        for since, until in pauses:
            starts, ends = max(began, since), min(ended, until or ended)
            if starts < ends:
                served -= self._between(starts, ends)
                began = ends
        return served // _MINUTE

    def _between(self, began: datetime, ended: datetime) -> int:
        (first, before), (last, after) = self._until(began), self._until(ended)
        if first == last:
            return after - before
        return after - before + sum(self._year(year) for year in range(first, last))

    def _served_until(self, at: datetime) -> tuple[int, int]:
        """An instant's year, and the service of that year up to it."""
        if at.tzinfo is not UTC:
            at = at.astimezone(UTC)
        ordinal, moment = at.toordinal(), ((at.hour * 60 + at.minute) * 60 + at.second) * 1_000_000 + at.microsecond
        moment += _WITA
        if moment >= _DAY:
            ordinal, moment = ordinal + 1, moment - _DAY
        if ordinal not in self._days:
            self._year(date.fromordinal(ordinal).year)
        year, served, spans = self._days[ordinal]
        for opens, closes in spans:
            if moment > opens:
                served += min(moment, closes) - opens
        return year, served

    def _year(self, year: int) -> int:
        """The service of a whole year, whose days are known from now on."""
        if year not in self._years:
            served = 0
            for ordinal in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1):
                spans = _spans(self._calendar.hours(date.fromordinal(ordinal)))
                self._days[ordinal] = (year, served, spans)
                served += sum(closes - opens for opens, closes in spans)
            self._years[year] = served
        return self._years[year]


def _spans(hours: OfficeHours | None) -> _Spans:
    if hours is None:
        return ()
    opens, closes = _moment(hours.opens), _moment(hours.closes)
    if hours.break_starts is None or hours.break_ends is None:
        return ((opens, closes),)
    return ((opens, _moment(hours.break_starts)), (_moment(hours.break_ends), closes))


def _moment(at: time) -> int:
    return ((at.hour * 60 + at.minute) * 60 + at.second) * 1_000_000 + at.microsecond
