"""
Vectors that others published for working hours, and 10,000 random cases against `businesstimedelta`.

That library knows weeks with breaks and holidays, but no fasting month, no working days and no pauses; those have
`test_any_calendar.py`'s brute force.
"""

import random
from datetime import date, datetime, time, timedelta

import pytest
import pytz
from businesstimedelta import BusinessTimeDelta, HolidayRule, LunchTimeRule, Rules, WorkDayRule

from automation.calendars.calendar_source import build_calendar
from automation.calendars.office_calendar import Calendar, OfficeHours
from automation.calendars.working_time import WITA, Norm, due_at, measure

CASES = 10_000
WEEKS = CASES // 50
"""Calendars, each with 50 cases."""
ZONE = pytz.FixedOffset(8 * 60)
"""WITA; the library wants it from pytz, where a zone with a name takes ten times as long."""
FIRST = date(2026, 1, 1)
DAYS = 730
FAR = date(2030, 1, 1)
"""A holiday after all cases: the library looks for the next one and must find one."""


def office(hours: OfficeHours, days: str = "12345") -> Calendar:
    """The same hours on those days, 1 being Monday."""
    week = tuple(hours if str(day) in days else None for day in range(1, 8))
    return Calendar(week=week, ramadan_week=week)


PLAIN = office(OfficeHours(time(8), time(18)))
LUNCH = office(OfficeHours(time(9), time(17), time(12), time(13)))
SUNDAY_TO_THURSDAY = office(OfficeHours(time(9), time(17)), days="71234")
MONDAY_AND_THURSDAY = office(OfficeHours(time(9), time(12)), days="14")

# 5 January 2026 is a Monday.
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = (f"2026-01-{day:02}" for day in range(5, 12))
NEXT_MONDAY, NEXT_THURSDAY = "2026-01-12", "2026-01-15"


@pytest.mark.parametrize(
    ("calendar", "start", "hours", "due"),
    [
        pytest.param(PLAIN, f"{MONDAY} 10:00", 4, f"{MONDAY} 14:00", id="within a day"),
        # 17-18 is one hour, 08-11 the other three.
        pytest.param(PLAIN, f"{MONDAY} 17:00", 4, f"{TUESDAY} 11:00", id="over a night"),
        pytest.param(PLAIN, f"{FRIDAY} 17:00", 4, f"{NEXT_MONDAY} 11:00", id="over a weekend"),
        pytest.param(PLAIN, f"{SATURDAY} 12:00", 4, f"{NEXT_MONDAY} 12:00", id="from a weekend"),
        pytest.param(PLAIN, f"{MONDAY} 06:00", 4, f"{MONDAY} 12:00", id="before opening"),
        pytest.param(PLAIN, f"{MONDAY} 08:00", 10, f"{MONDAY} 18:00", id="a whole day ends at its closing"),
        pytest.param(PLAIN, f"{MONDAY} 08:00", 50, f"{FRIDAY} 18:00", id="a whole week ends on Friday"),
        # 11-12 and 13-14.
        pytest.param(LUNCH, f"{MONDAY} 11:00", 2, f"{MONDAY} 14:00", id="over lunch"),
        pytest.param(LUNCH, f"{MONDAY} 12:30", 1, f"{MONDAY} 14:00", id="from lunch"),
        pytest.param(LUNCH, f"{MONDAY} 10:00", 2, f"{MONDAY} 12:00", id="until lunch"),
        # 16-17, then 09-12 and 13-15.
        pytest.param(LUNCH, f"{MONDAY} 16:00", 6, f"{TUESDAY} 15:00", id="over a night and lunch"),
        pytest.param(SUNDAY_TO_THURSDAY, f"{THURSDAY} 16:00", 2, f"{SUNDAY} 10:00", id="Friday and Saturday off"),
        pytest.param(SUNDAY_TO_THURSDAY, f"{SUNDAY} 16:00", 2, f"{NEXT_MONDAY} 10:00", id="Sunday is a working day"),
        # Monday 2 hours, Thursday 3, Monday 3, Thursday 1.
        pytest.param(MONDAY_AND_THURSDAY, f"{MONDAY} 10:00", 9, f"{NEXT_THURSDAY} 10:00", id="two days a week"),
    ],
)
def test_vectors_by_strangers(calendar: Calendar, start: str, hours: int, due: str) -> None:
    began, expected = (datetime.fromisoformat(text).replace(tzinfo=WITA) for text in (start, due))
    assert due_at(began, Norm(60 * hours), calendar).at == expected
    assert measure(began, expected, calendar) == 60 * hours


@pytest.mark.parametrize(
    ("start", "norm", "due"),
    [
        ("2026-02-13", "2 hari kerja", "2026-02-19"),
        ("2026-03-17", "2 hari kerja", "2026-03-26"),
        ("2026-05-13", "2 hari kerja", "2026-05-19"),
        ("2026-12-23", "10 hari kerja", "2027-01-12"),
    ],
)
def test_vectors_of_the_offices_own_calendar(start: str, norm: str, due: str) -> None:
    """Received at any time of service, the day received not counted."""
    calendar = build_calendar(range(2026, 2028))
    for opens, closes in calendar.service_intervals(date.fromisoformat(start)):
        for began in (opens, closes):
            assert due_at(began, Norm.parse(norm), calendar).at.date() == date.fromisoformat(due)


def minutes(count: int) -> time:
    return time(count // 60, count % 60)


def a_day(chance: random.Random) -> OfficeHours:
    """From 05.00 to 21.00 at the most, with a break inside or none."""
    opens, closes = chance.randrange(300, 660), chance.randrange(780, 1260)
    if chance.random() < 0.3:
        return OfficeHours(minutes(opens), minutes(closes))
    pause = chance.randrange(opens + 1, closes - 60)
    return OfficeHours(minutes(opens), minutes(closes), minutes(pause), minutes(pause + chance.randrange(1, 60)))


def both(chance: random.Random) -> tuple[Calendar, Rules]:
    """One random office, as ours and as theirs: two kinds of days, and holidays."""
    kinds, weekdays = [a_day(chance), a_day(chance)], chance.sample(range(7), chance.randint(1, 7))
    of = {day: chance.choice(kinds) for day in weekdays}
    week = tuple(of.get(day) for day in range(7))
    free = {FIRST + timedelta(days=chance.randrange(DAYS)) for _ in range(chance.randrange(20, 60))}
    rules = [HolidayRule({*free, FAR}, tz=ZONE)]
    for kind in kinds:
        days = [day for day in weekdays if of[day] is kind]
        if days:
            rules.append(WorkDayRule(kind.opens, kind.closes, days, tz=ZONE))
        if days and kind.break_starts:
            rules.append(LunchTimeRule(kind.break_starts, kind.break_ends, days, tz=ZONE))
    return Calendar(week=week, ramadan_week=week, closed=dict.fromkeys(free, "Hari Raya")), Rules(rules, tz=ZONE)


@pytest.mark.search
def test_businesstimedelta_agrees() -> None:
    """No difference needs explaining: both are due at the closing that a norm exactly reaches, and at no opening."""
    chance = random.Random(20260105)
    compared = at_closing = 0
    for _ in range(WEEKS):
        calendar, rules = both(chance)
        for _ in range(CASES // WEEKS):
            start = datetime.combine(FIRST, time.min, WITA) + timedelta(minutes=chance.randrange(1440 * (DAYS - 60)))
            amount = chance.choice((chance.randint(1, 60), chance.randint(1, 1500), to_closing(start, calendar)))
            due = due_at(start, Norm(amount), calendar).at
            theirs = start + BusinessTimeDelta(rules, timedelta=timedelta(minutes=amount))
            assert due == theirs, f"{start} + {amount} minutes: {due}, but {theirs} in {calendar}"
            compared += 1
            at_closing += due == calendar.closes_at(due.date())
    assert compared == CASES
    assert at_closing > CASES // 10, "the boundary must be among the cases"


def to_closing(start: datetime, calendar: Calendar) -> int:
    """Minutes of service until a closing some days later, so that a norm ends exactly there; 1 if there are none."""
    return measure(start, datetime.combine(start.date() + timedelta(days=5), time.min, WITA), calendar) or 1
