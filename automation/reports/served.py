"""
How long something took in the office's own time, for as many spans as a year has: by sums over days that are made once.

`measure` (automation/calendars) walks from day to day, which is right for one span and too slow for a million.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate

from automation.calendars.office_calendar import Calendar, OfficeHours
from register.complaint import Pause

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_TICK = timedelta(microseconds=1)
_MINUTE = 60_000_000
_DAY = 24 * 60 * _MINUTE
_WITA = 8 * 60 * _MINUTE
"""WITA is ahead of UTC by this much, always: all in microseconds, as instants are kept."""
_REMEMBERED = 1_000
"""Instants of which the service is remembered: clocks of one complaint begin and end together."""

_Spans = tuple[tuple[int, int], ...]


class Served:
    """Minutes of service between instants by one calendar. Nothing is served before year 1 or after year 9999."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._years: dict[int, tuple[int, list[_Spans], list[int]]] = {}
        self._until = lru_cache(maxsize=_REMEMBERED)(self._served_until)

    def minutes(self, began: datetime, ended: datetime, pauses: Sequence[Pause] = ()) -> int:
        """
        Whole minutes of service from one aware instant to another, outside the pauses; 0 if it ended before it began.

        Pauses are in order; one that still runs lasts until the end.
        """
        if ended <= began:
            return 0
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
        return sum(self._year_of(year)[2][-1] for year in range(first, last)) + after - before

    def _served_until(self, at: datetime) -> tuple[int, int]:
        """An instant's year, and the service of that year up to it."""
        ordinal, moment = divmod((at - _EPOCH) // _TICK + _WITA, _DAY)
        year = _year(ordinal)
        first_day, spans, sums = self._year_of(year)
        served = sums[ordinal - first_day]
        for opens, closes in spans[ordinal - first_day]:
            if moment > opens:
                served += min(moment, closes) - opens
        return year, served

    def _year_of(self, year: int) -> tuple[int, list[_Spans], list[int]]:
        """Its first day since the epoch, the service of each day, and its sums before each."""
        known = self._years.get(year)
        if known is None:
            first, length = date(year, 1, 1), 366 if _is_leap(year) else 365
            hours = [self._calendar.hours(first + timedelta(days=n)) for n in range(length)]
            spans = [_spans(each) for each in hours]
            sums = accumulate((sum(closes - opens for opens, closes in each) for each in spans), initial=0)
            known = self._years[year] = (first.toordinal() - _EPOCH_DAY, spans, list(sums))
        return known


_YEAR_STARTS = [date(year, 1, 1).toordinal() - _EPOCH_DAY for year in range(1, 10_000)]


def _year(day: int) -> int:
    return bisect_right(_YEAR_STARTS, day)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _spans(hours: OfficeHours | None) -> _Spans:
    if hours is None:
        return ()
    opens, closes = _moment(hours.opens), _moment(hours.closes)
    if hours.break_starts is None or hours.break_ends is None:
        return ((opens, closes),)
    return ((opens, _moment(hours.break_starts)), (_moment(hours.break_ends), closes))


def _moment(at: time) -> int:
    return ((at.hour * 60 + at.minute) * 60 + at.second) * 1_000_000 + at.microsecond
