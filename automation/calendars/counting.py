"""
Counting along a calendar, day by day: the inside of `working_time` and `clocks`, whose docstrings hold the rules.

Each function answers the instant at which the count ends, and leaves in `passages` what it met on the way.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from automation.calendars.derivation import SERVICE_OVER, Kind, Passage
from automation.calendars.norms import Norm, Unit
from automation.calendars.office_calendar import Calendar, Interval
from automation.errors import CalendarEndsError
from register.complaint import WITA
from register.indonesian_dates import long_date

LONGEST_CLOSURE_DAYS = 400
"""Dates without service after which the calendar is taken to be at its end."""

Pause = tuple[datetime, datetime]
"""From the first instant on, up to and without the second, a clock stands still; WITA."""

ONE_DAY = timedelta(days=1)
_ONE_MINUTE = timedelta(minutes=1)


def in_wita(at: datetime) -> datetime:
    """The same instant in WITA. Raises: ValueError if it has no zone."""
    if at.tzinfo is None:
        raise ValueError("An instant needs its zone.")
    return at.astimezone(WITA)


def count_minutes(
    began: datetime, minutes: int, calendar: Calendar, passages: list[Passage], pauses: Sequence[Pause] = ()
) -> datetime:
    """The first instant by which so many minutes were served outside the pauses (in order, apart)."""
    left = timedelta(minutes=minutes)
    for day, intervals in days_from(began.date(), calendar):
        before, at_hand = left, False
        for opens, closes in intervals:
            opens = max(opens, began)
            at_hand = at_hand or opens < closes
            for starts, ends in _outside(opens, closes, pauses):
                if left <= ends - starts:
                    passages.append(Passage(Kind.SERVED, day, before // _ONE_MINUTE))
                    return starts + left
                left -= ends - starts
        if before > left:
            passages.append(Passage(Kind.SERVED, day, (before - left) // _ONE_MINUTE))
        elif not at_hand:  # otherwise a pause took it all, which its own passage tells
            passages.append(_nothing(day, calendar))
    raise _ended(began)


def count_working_days(
    began: datetime, days: int, calendar: Calendar, passages: list[Passage], *, done: int | None = None
) -> datetime:
    """
    The closing of the last of so many (0 or more) working days after the starting date; `done` before a pause.

    The starting date is left out whatever the hour, also after its closing. Where no day is left to count, it is the
    first closing that does not lie before the beginning.
    """
    counted = 0
    for day, intervals in days_from(began.date(), calendar):
        if not intervals or (not days and began > intervals[-1][1]):
            passages.append(_nothing(day, calendar))
        elif not days:
            passages.append(Passage(Kind.RESUMED, day))
            return intervals[-1][1]
        elif day == began.date():
            passages.append(Passage(Kind.STARTED, day, why="hari mulai" if done is None else "hari dilanjutkan"))
        else:
            counted += 1
            passages.append(Passage(Kind.COUNTED, day, (done or 0) + counted))
            if counted == days:
                return intervals[-1][1]
    raise _ended(began)


def closing_by(began: datetime, on: date, calendar: Calendar, passages: list[Passage]) -> datetime:
    """The last closing up to the end of `on`; if there is none from `began` on, the first from then on."""
    day = on
    while day >= began.date():
        closes = calendar.closes_at(day)
        if closes and closes >= began:
            return closes
        passages.append(Passage(Kind.ADVANCED, day, why=calendar.closed_because(day) or SERVICE_OVER))
        day -= ONE_DAY
    passages.append(Passage(Kind.POSTPONED, on))
    return closing_from(began, began.date(), calendar, [])


def closing_from(began: datetime, on: date, calendar: Calendar, passages: list[Passage]) -> datetime:
    """The first closing on or after the date `on` that does not lie before `began`."""
    for day, intervals in days_from(on, calendar):
        if intervals and intervals[-1][1] >= began:
            return intervals[-1][1]
        passages.append(_nothing(day, calendar))
    raise _ended(began)


def landing(began: datetime, norm: Norm) -> date:
    """The date to which calendar days or months lead. Raises: CalendarEndsError beyond the last date there is."""
    try:
        if norm.unit is Unit.CALENDAR_DAYS:
            return began.date() + norm.amount * ONE_DAY
        year, month = divmod(began.year * 12 + began.month - 1 + norm.amount, 12)
        return date(year, month + 1, min(began.day, monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError):
        raise _ended(began) from None


def days_from(on: date, calendar: Calendar) -> Iterator[tuple[date, tuple[Interval, ...]]]:
    """Every date with its service, until there has been none for LONGEST_CLOSURE_DAYS or dates run out."""
    closed = 0
    while closed < LONGEST_CLOSURE_DAYS:
        intervals = calendar.service_intervals(on)
        closed = 0 if intervals else closed + 1
        yield on, intervals
        if on == date.max:
            return
        on += ONE_DAY


def _outside(opens: datetime, closes: datetime, pauses: Sequence[Pause]) -> Iterator[Interval]:
    """What is left of a stretch of service without the pauses."""
    for since, until in pauses:
        if until <= opens:
            continue
        if since >= closes:
            break
        if since > opens:
            yield opens, since
        opens = until
    if opens < closes:
        yield opens, closes


def _nothing(day: date, calendar: Calendar) -> Passage:
    reason = calendar.closed_because(day)
    return Passage(Kind.CLOSED, day, why=reason) if reason else Passage(Kind.OVER, day)


def _ended(began: datetime) -> CalendarEndsError:
    return CalendarEndsError(
        f"Tidak ada jam layanan dalam {LONGEST_CLOSURE_DAYS} hari sejak {long_date(began)}. "
        "Mohon periksa jam layanan pada tab Pengaturan dan tanggal pada tab Hari Libur.",
        start=began.isoformat(),
        days=LONGEST_CLOSURE_DAYS,
    )
