"""
When the office serves: a week of hours, another week for Ramadan, and the dates that break the week.

All times of day and dates are WITA (UTC+8, no daylight saving time).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from register.complaint import WITA
from register.indonesian_dates import weekday_name

Interval = tuple[datetime, datetime]
"""Aware start and end in WITA; the end is the last instant that still counts as on time."""


@dataclass(frozen=True)
class OfficeHours:
    """
    One day's service, WITA times of day, with at most one break.

    Raises: ValueError if the day does not run forwards or the break lies outside it.
    """

    opens: time
    closes: time
    break_starts: time | None = None
    break_ends: time | None = None

    def __post_init__(self) -> None:
        if not self.opens < self.closes:
            raise ValueError("An office opens before it closes.")
        if (self.break_starts is None) != (self.break_ends is None):
            raise ValueError("A break has both a start and an end.")
        if self.break_starts is None or self.break_ends is None:
            return
        if not self.opens < self.break_starts < self.break_ends < self.closes:
            raise ValueError("A break lies inside the hours of its day.")

    def on(self, day: date) -> tuple[Interval, ...]:
        """The stretches of service on that date, in order."""
        at = [datetime.combine(day, moment, WITA) for moment in (self.opens, self.closes)]
        if self.break_starts is None or self.break_ends is None:
            return ((at[0], at[1]),)
        pause = [datetime.combine(day, moment, WITA) for moment in (self.break_starts, self.break_ends)]
        return ((at[0], pause[0]), (pause[1], at[1]))

    @property
    def length(self) -> timedelta:
        """Service in one such day."""
        return sum((ends - starts for starts, ends in self.on(date(2000, 1, 1))), timedelta())


Week = tuple[OfficeHours | None, ...]
"""Seven days from Monday; None is a day without service."""


@dataclass(frozen=True)
class Ramadan:
    """One fasting month, first and last date included. `estimated` until the government has announced it."""

    first: date
    last: date
    estimated: bool = True


@dataclass(frozen=True)
class Calendar:
    """
    Every date's service intervals, remembered once computed.

    Args:
        week: The ordinary hours, Monday first.
        ramadan_week: The hours on dates inside `ramadan`.
        ramadan: Fasting months.
        closed: Dates without service and why, in Indonesian.
        opened: Dates with service against `closed` or the week; a weekday without hours borrows Monday's.

    Source: Perpres 21/2023 Ps 3-7 (hours), SKB 3 Menteri (dates).
    """

    week: Week
    ramadan_week: Week
    ramadan: tuple[Ramadan, ...] = ()
    closed: Mapping[date, str] = field(default_factory=dict, hash=False)
    opened: frozenset[date] = frozenset()
    _intervals: dict[date, tuple[Interval, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _years: dict[int, tuple[int, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def hours(self, on: date) -> OfficeHours | None:
        """That date's hours, or None if the office is closed."""
        week = self.ramadan_week if self.is_ramadan(on) else self.week
        if on in self.opened:
            return week[on.weekday()] or week[0]
        return None if on in self.closed else week[on.weekday()]

    def is_ramadan(self, on: date) -> bool:
        """Whether that date has the hours of the fasting month."""
        return any(month.first <= on <= month.last for month in self.ramadan)

    def service_intervals(self, on: date) -> tuple[Interval, ...]:
        """The stretches of service on that date, in order; empty if closed."""
        known = self._intervals.get(on)
        if known is None:
            hours = self.hours(on)
            known = self._intervals[on] = hours.on(on) if hours else ()
        return known

    def closes_at(self, on: date) -> datetime | None:
        """The instant at which service ends that date, or None if closed."""
        intervals = self.service_intervals(on)
        return intervals[-1][1] if intervals else None

    def closed_because(self, on: date) -> str:
        """Why the office is closed that date, in Indonesian; empty if it is open."""
        if self.hours(on):
            return ""
        if on in self.closed:
            return f"libur ({self.closed[on]})"
        return "libur akhir pekan" if on.weekday() >= 5 else f"tidak ada layanan hari {weekday_name(on)}"

    def working_days_between(self, after: date, until: date) -> int:
        """How many dates with service lie after the first and up to the second, which counts; 0 if none."""
        if until <= after:
            return 0
        whole_years = sum(self._worked(year)[-1] for year in range(after.year, until.year))
        return whole_years + self._worked(until.year)[_nth(until)] - self._worked(after.year)[_nth(after)]

    def _worked(self, year: int) -> tuple[int, ...]:
        """Working days of the year up to its n-th day, for every n from 0."""
        known = self._years.get(year)
        if known is None:
            known = self._years[year] = tuple(_running_total(self.hours(day) is not None for day in _days(year)))
        return known


def _running_total(flags: Iterable[bool]) -> Iterable[int]:
    total = 0
    yield total
    for flag in flags:
        total += flag
        yield total


def _days(year: int) -> Iterable[date]:
    first = date(year, 1, 1)
    return (first + timedelta(days=n) for n in range(_nth(date(year, 12, 31))))


def _nth(on: date) -> int:
    return on.timetuple().tm_yday
