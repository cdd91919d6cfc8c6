"""
Deadlines in the office's own time.

A norm is minutes of service time ("10 menit"), working days ("2 hari kerja"), calendar days ("14 hari") or calendar
months ("3 bulan"). The rules, from decision 7 of the design:

- Minutes run only while the office serves. A norm that ends exactly when a break or the day begins to close is due
  then.
- Working days leave out the starting date, whatever the hour, and end at the last day's closing.
- Minutes that start outside service time count from the next opening.
- Calendar days and months run from the date itself and end at that date's closing; if the office is closed that date,
  at the last closing before it, so that nobody is answered later than the law allows.

Instants taken are aware, in any zone; instants given are aware, in WITA. Nothing here reads a clock. Clocks that stand
still for a while, and times that the reporter has, are in `clocks`.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from automation.calendars.counting import ONE_DAY, closing_by, count_minutes, count_working_days, in_wita, landing
from automation.calendars.derivation import Deadline, Kind, Passage
from automation.calendars.norms import Norm, Unit
from automation.calendars.office_calendar import Calendar, OfficeHours, Ramadan
from register.complaint import WITA

__all__ = [
    "WITA",
    "Calendar",
    "Deadline",
    "Norm",
    "OfficeHours",
    "Ramadan",
    "Unit",
    "chain_due",
    "due_at",
    "due_each",
    "measure",
    "remaining",
]


def due_at(start: datetime, norm: Norm, calendar: Calendar) -> Deadline:
    """
    The last instant at which a step that starts then counts as on time.

    Raises: CalendarEndsError if the calendar has no service time for 400 days; ValueError if `start` is naive.
    Source: the norms of automation/sop/*.toml; design.md, decision 7.
    """
    began = in_wita(start)
    passages: list[Passage] = []
    match norm.unit:
        case Unit.MINUTES:
            at = count_minutes(began, norm.amount, calendar, passages)
        case Unit.WORKING_DAYS:
            at = count_working_days(began, norm.amount, calendar, passages)
        case Unit.CALENDAR_DAYS | Unit.CALENDAR_MONTHS:
            on = landing(began, norm)
            passages.append(Passage(Kind.LANDED, began.date(), why=str(norm), until=on))
            at = closing_by(began, on, calendar, passages)
    return Deadline(at, (*passages, Passage(Kind.DUE, at.date(), why=str(norm), at=at)))


def due_each(start: datetime, norms: Iterable[Norm], calendar: Calendar) -> tuple[Deadline, ...]:
    """The deadline of each of several norms that follow one another. Raises as `due_at`."""
    deadlines: list[Deadline] = []
    for norm in norms:
        deadlines.append(due_at(deadlines[-1].at if deadlines else start, norm, calendar))
    return tuple(deadlines)


def chain_due(start: datetime, norms: Iterable[Norm], calendar: Calendar) -> Deadline:
    """The deadline of norms that follow one another, with the derivation of each. Raises as `due_at`."""
    deadlines = due_each(start, norms, calendar)
    if not deadlines:
        return Deadline(in_wita(start))
    return Deadline(deadlines[-1].at, tuple(passage for each in deadlines for passage in each.passages))


def remaining(now: datetime, due: datetime, calendar: Calendar) -> str:
    """
    How long is left, in words that change only with the date and at the deadline itself.

    "2 hari kerja lagi", "hari ini", "terlambat" (until the next working day), "terlambat 1 hari kerja".
    """
    today, due_on = now.astimezone(WITA).date(), due.astimezone(WITA).date()
    if now > due:
        days = calendar.working_days_between(due_on, today)
        return f"terlambat {days} hari kerja" if days else "terlambat"
    if today == due_on:
        return "hari ini"
    return f"{max(1, calendar.working_days_between(today, due_on))} hari kerja lagi"


def measure(start: datetime, end: datetime, calendar: Calendar) -> int:
    """Whole minutes of service between two instants; 0 if the second is not later."""
    began, ended = in_wita(start), in_wita(end)
    served = timedelta()
    day = began.date()
    while day <= ended.date():
        for opens, closes in calendar.service_intervals(day):
            served += max(timedelta(), min(closes, ended) - max(opens, began))
        if day == date.max:
            break
        day += ONE_DAY
    return served // timedelta(minutes=1)
