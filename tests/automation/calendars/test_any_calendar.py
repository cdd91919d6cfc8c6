"""Laws of working time on any calendar: random weeks with breaks, subsets of weekdays, holidays, fasting months."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from automation.calendars.clocks import clock_due, window_end
from automation.calendars.office_calendar import Calendar
from automation.calendars.working_time import WITA, Norm, Unit, chain_due, due_at, due_each, measure
from tests.automation.calendars.any_calendar import LAST, Office, calendars, moments
from tests.automation.calendars.brute_force import BruteForce, Span

pytestmark = pytest.mark.search
MORE = settings(max_examples=3 * settings.default.max_examples)
MINUTES = st.integers(1, 2000).map(Norm)
WORKING_DAYS = st.integers(1, 12).map(lambda amount: Norm(amount, Unit.WORKING_DAYS))
CALENDAR_DAYS = st.integers(1, 30).map(lambda amount: Norm(amount, Unit.CALENDAR_DAYS))
MONTHS = st.integers(1, 2).map(lambda amount: Norm(amount, Unit.CALENDAR_MONTHS))
NORMS = MINUTES | WORKING_DAYS | CALENDAR_DAYS | MONTHS
QUICK_NORMS = st.integers(1, 600).map(Norm) | st.builds(
    Norm, st.integers(1, 6), st.sampled_from((Unit.WORKING_DAYS, Unit.CALENDAR_DAYS))
)
A_WHILE = st.timedeltas(timedelta(), timedelta(days=20))


@st.composite
def spans(draw: st.DrawFn, start: datetime, calendar: Calendar, norms: Sequence[Norm]) -> list[Span]:
    """
    A few pauses around a start, in any order; some overlap, touch, are empty, or have no end.

    Many begin or end exactly where something else does: a norm, a day of service, another pause.
    """
    edges = [start, *(deadline.at for deadline in due_each(start, norms, calendar))]
    closings = [closes for edge in edges if (closes := calendar.closes_at(edge.date()))]
    near = st.integers(-2 * 1440, 8 * 1440).map(lambda minutes: start + timedelta(minutes=minutes))
    found: list[Span] = []
    for _ in range(draw(st.integers(0, 4))):
        since = draw(st.sampled_from([*edges, *closings]) | near)
        until = draw(st.sampled_from([*edges, *closings, since]) | near)
        found.append((min(since, until), max(since, until)))
        edges += [since, until]
    if draw(st.integers(0, 4)) == 0:
        found.append((draw(st.sampled_from([*edges, *closings]) | near), None))
    return draw(st.permutations(found))


@given(calendars(), moments(), A_WHILE, NORMS)
def test_starting_later_is_never_due_earlier(calendar: Calendar, start: datetime, later: timedelta, norm: Norm) -> None:
    assert due_at(start, norm, calendar).at <= due_at(start + later, norm, calendar).at


@given(calendars(), moments(), NORMS, st.integers(1, 30))
def test_a_longer_norm_is_never_due_earlier(calendar: Calendar, start: datetime, norm: Norm, more: int) -> None:
    longer = Norm(norm.amount + more, norm.unit)
    assert due_at(start, norm, calendar).at <= due_at(start, longer, calendar).at
    assert window_end(start, norm, calendar).at <= window_end(start, longer, calendar).at


@given(calendars(), moments(), NORMS, st.data())
def test_a_deadline_lies_in_service_time(calendar: Calendar, start: datetime, norm: Norm, data: st.DataObject) -> None:
    """Its last minute is one of service; a break's or a closed day's never is."""
    pauses = data.draw(spans(start, calendar, [norm, norm]))
    for deadline in (
        due_at(start, norm, calendar),
        window_end(start, norm, calendar),
        clock_due(start, [norm, norm], calendar, pauses=pauses),
    ):
        assert deadline.at >= start
        assert Office(calendar).serves(deadline.at - timedelta(minutes=1))


@given(calendars(), moments(), st.integers(1, 2000), st.integers(1, 2000))
def test_splits_of_minutes_associate(calendar: Calendar, start: datetime, first: int, second: int) -> None:
    assert (
        chain_due(start, [Norm(first), Norm(second)], calendar).at == due_at(start, Norm(first + second), calendar).at
    )


@given(calendars(), moments(), st.integers(1, 500), st.integers(1, 500), st.data())
def test_splits_of_minutes_associate_across_pauses(
    calendar: Calendar, start: datetime, first: int, second: int, data: st.DataObject
) -> None:
    pauses = data.draw(spans(start, calendar, [Norm(first), Norm(second)]))
    parts = clock_due(start, [Norm(first), Norm(second)], calendar, pauses=pauses)
    assert parts.at == clock_due(start, [Norm(first + second)], calendar, pauses=pauses).at


@given(calendars(), moments(), st.integers(1, 15), st.integers(1, 15))
def test_splits_of_working_days_associate(calendar: Calendar, start: datetime, first: int, second: int) -> None:
    parts = [Norm(first, Unit.WORKING_DAYS), Norm(second, Unit.WORKING_DAYS)]
    assert chain_due(start, parts, calendar).at == due_at(start, Norm(first + second, Unit.WORKING_DAYS), calendar).at


@given(calendars(), moments(), MINUTES)
def test_a_norm_added_then_measured_gives_itself_back(calendar: Calendar, start: datetime, norm: Norm) -> None:
    assert measure(start, due_at(start, norm, calendar).at, calendar) == norm.amount


@given(calendars(), moments(), WORKING_DAYS)
def test_working_days_added_then_counted_give_themselves_back(calendar: Calendar, start: datetime, norm: Norm) -> None:
    assert calendar.working_days_between(start.date(), due_at(start, norm, calendar).at.date()) == norm.amount


@given(calendars(), moments(), NORMS, moments())
def test_a_pause_of_no_length_changes_nothing(calendar: Calendar, start: datetime, norm: Norm, at: datetime) -> None:
    assert clock_due(start, [norm, norm], calendar, pauses=[(at, at)]) == chain_due(start, [norm, norm], calendar)


@given(calendars(), moments(), st.integers(1, 900), st.integers(0, 12 * 1440), st.integers(1, 2 * 1440))
def test_a_pause_outside_service_time_changes_nothing_for_minutes(
    calendar: Calendar, start: datetime, minutes: int, after: int, length: int
) -> None:
    since = start + timedelta(minutes=after)
    until = since + timedelta(minutes=length)
    assume(measure(since, until, calendar) == 0)
    paused = clock_due(start, [Norm(minutes)], calendar, pauses=[(since, until)])
    assert paused.at == due_at(start, Norm(minutes), calendar).at


@given(calendars(), moments(), NORMS, st.data())
def test_a_pause_never_brings_a_deadline_forward(
    calendar: Calendar, start: datetime, norm: Norm, data: st.DataObject
) -> None:
    pauses = data.draw(spans(start, calendar, [norm]))
    assert clock_due(start, [norm], calendar, pauses=pauses).at >= due_at(start, norm, calendar).at


@given(calendars(), moments(), NORMS, st.integers(0, 5000), st.integers(1, 5000))
def test_a_pause_from_the_deadline_on_does_not_move_it(
    calendar: Calendar, start: datetime, norm: Norm, after: int, length: int
) -> None:
    due = due_at(start, norm, calendar)
    since = due.at + timedelta(minutes=after)
    assert clock_due(start, [norm], calendar, pauses=[(since, since + timedelta(minutes=length))]) == due


@given(calendars(), moments(), NORMS, QUICK_NORMS, st.data())
def test_an_extension_is_counted_from_the_deadline(
    calendar: Calendar, start: datetime, norm: Norm, extension: Norm, data: st.DataObject
) -> None:
    pauses = data.draw(spans(start, calendar, [norm, extension]))
    before = clock_due(start, [norm], calendar, pauses=pauses)
    extended = clock_due(start, [norm], calendar, pauses=pauses, extension=extension)
    assert extended.at == clock_due(before.at, [extension], calendar, pauses=pauses).at
    assert extended.at == clock_due(start, [norm, extension], calendar, pauses=pauses).at


@given(calendars(), st.dates(date(2026, 1, 1), LAST), moments(), moments())
def test_midnight_belongs_to_no_day_twice(calendar: Calendar, on: date, begins: datetime, ends: datetime) -> None:
    """What is measured splits at midnight without a gap or an overlap, and midnight starts its own date."""
    midnight = datetime.combine(on, time.min, WITA)
    begins, ends = min(begins, midnight), max(ends, midnight)
    parts = measure(begins, midnight, calendar) + measure(midnight, ends, calendar)
    assert parts == measure(begins, ends, calendar)
    if closes := calendar.closes_at(on):
        one = Norm(1, Unit.WORKING_DAYS)
        assert due_at(midnight, one, calendar).at == due_at(closes, one, calendar).at
        assert due_at(midnight - timedelta(microseconds=1), one, calendar).at <= due_at(midnight, one, calendar).at
        assert due_at(midnight, one, calendar).at.date() > on


@MORE
@given(
    calendars(), moments(date(2026, 2, 1), date(2026, 5, 31)), st.lists(QUICK_NORMS, min_size=1, max_size=4), st.data()
)
def test_clocks_agree_with_brute_force(
    calendar: Calendar, start: datetime, norms: list[Norm], data: st.DataObject
) -> None:
    pauses = data.draw(spans(start, calendar, norms))
    due = clock_due(start, norms, calendar, pauses=pauses).at
    assert due == BruteForce(Office(calendar), pauses).due(start, norms)


@given(calendars(), moments(), MONTHS, st.data())
def test_months_agree_with_brute_force(calendar: Calendar, start: datetime, norm: Norm, data: st.DataObject) -> None:
    pauses = data.draw(spans(start, calendar, [norm]))
    due = clock_due(start, [norm], calendar, pauses=pauses).at
    assert due == BruteForce(Office(calendar), pauses).due(start, [norm])
