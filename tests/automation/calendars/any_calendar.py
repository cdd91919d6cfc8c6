"""Calendars that an office might choose, and a plain second opinion on when such an office serves."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from hypothesis import strategies as st

from automation.calendars.office_calendar import Calendar, OfficeHours, Ramadan
from register.complaint import WITA

FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)
"""Dates on which what is drawn below may fall."""
DATES = (LAST - FIRST).days
LATEST = 24 * 60 - 1
SHORTEST = 120
"""Minutes of the shortest day of service, its break among them."""
DAY = timedelta(days=1)
MINUTES_OF_A_DAY = st.just(0) | st.integers(0, LATEST)


def moments(first: date = FIRST, last: date = LAST) -> st.SearchStrategy[datetime]:
    """Whole minutes, midnight among them often."""
    midnights = st.integers(0, (last - first).days).map(lambda n: datetime.combine(first, time.min, WITA) + n * DAY)
    return st.builds(lambda midnight, minute: midnight + timedelta(minutes=minute), midnights, MINUTES_OF_A_DAY)


def calendars() -> st.SearchStrategy[Calendar]:
    """
    Random weeks with and without breaks, a fasting month or none, holidays, and days opened against them.

    Each grows from one number: drawn part by part, a calendar would take longer than what is tested on it.
    """
    return st.integers(0, 2**32).map(lambda seed: _calendar(random.Random(seed)))


def _calendar(chance: random.Random) -> Calendar:
    began = FIRST + chance.randrange(DATES) * DAY
    ramadan = Ramadan(began, began + chance.randrange(30) * DAY)
    return Calendar(
        week=_week(chance),
        ramadan_week=_week(chance),
        ramadan=(ramadan,) if chance.random() < 0.5 else (),
        closed=dict.fromkeys(_dates(chance, stretches=5, longest=9), "Hari Raya"),
        opened=frozenset(_dates(chance, stretches=3, longest=2)),
    )


def _week(chance: random.Random) -> tuple[OfficeHours | None, ...]:
    """Any days of the week, but one at least; some share their hours."""
    kinds = [_hours(chance) for _ in range(chance.randint(1, 3))]
    week = [chance.choice(kinds) if chance.random() < 0.7 else None for _ in range(7)]
    week[chance.randrange(7)] = kinds[0]
    return tuple(week)


def _hours(chance: random.Random) -> OfficeHours:
    """With or without a break; now and then from midnight, or to the last minute before it."""
    opens = 0 if chance.random() < 0.1 else chance.randint(0, LATEST - SHORTEST)
    closes = LATEST if chance.random() < 0.1 else chance.randint(opens + SHORTEST, LATEST)
    rests = chance.randint(opens + 1, closes - 2)
    pause = [rests, chance.randint(rests + 1, min(rests + 90, closes - 1))] if chance.random() < 0.5 else []
    first, last, *rest = (time(minute // 60, minute % 60) for minute in (opens, closes, *pause))
    return OfficeHours(first, last, *rest)


def _dates(chance: random.Random, *, stretches: int, longest: int) -> set[date]:
    found: set[date] = set()
    for _ in range(chance.randrange(stretches)):
        begins = chance.randrange(DATES)
        found |= {FIRST + (begins + n) * DAY for n in range(chance.randint(1, longest))}
    return found


@dataclass(frozen=True)
class Office:
    """When an office serves, asked one date or one minute at a time, in the plainest way that there is."""

    calendar: Calendar

    def day(self, on: date) -> OfficeHours | None:
        """That date's hours."""
        fasting = any(on >= month.first and on <= month.last for month in self.calendar.ramadan)
        week = self.calendar.ramadan_week if fasting else self.calendar.week
        if on in self.calendar.opened:
            return week[on.weekday()] or week[0]
        return None if on in self.calendar.closed else week[on.weekday()]

    def serves(self, at: datetime) -> bool:
        """Whether the minute that begins then is one of service."""
        hours, clock = self.day(at.date()), at.timetz().replace(tzinfo=None)
        if hours is None or not hours.opens <= clock < hours.closes:
            return False
        return not (hours.break_starts and hours.break_ends and hours.break_starts <= clock < hours.break_ends)

    def closing(self, on: date) -> datetime | None:
        """When it closes that date."""
        hours = self.day(on)
        return datetime.combine(on, hours.closes, WITA) if hours else None
