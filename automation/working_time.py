"""
Deadlines in the office's own time.

A norm is minutes of service time ("10 menit"), working days ("2 hari kerja"), calendar days ("14 hari") or calendar
months ("3 bulan"). The rules, from decision 7 of the design:

- Minutes run only while the office serves. A norm that ends exactly when a break or the day begins to close is due
  then.
- Working days leave out the starting day and end at the last day's closing.
- Minutes and working days that start outside service time count from the next opening. The instant of closing still
  belongs to its day, so that steps that follow one another add up.
- Calendar days and months run from the date itself and end at that date's closing; if the office is closed that date,
  at the last closing before it, so that nobody is answered later than the law allows.

Instants taken are aware, in any zone; instants given are aware, in WITA. Nothing here reads a clock.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from automation.errors import CalendarEndsError, NormError
from automation.indonesian_dates import duration, long_date, long_instant
from automation.office_calendar import Calendar, Interval, OfficeHours, Ramadan
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

LONGEST_PAUSE_DAYS = 400
"""Dates without service after which the calendar is taken to be at its end."""

_NORM = re.compile(r"(\d{1,5})\s*(menit|jam|hari kerja|hari kalender|hari|bulan)")
_ONE_DAY = timedelta(days=1)


class Unit(StrEnum):
    """What a norm counts."""

    MINUTES = "menit"
    WORKING_DAYS = "hari kerja"
    CALENDAR_DAYS = "hari"
    CALENDAR_MONTHS = "bulan"


@dataclass(frozen=True)
class Norm:
    """How long a step may take: a positive amount of one unit; minutes are minutes of service time."""

    amount: int
    unit: Unit = Unit.MINUTES

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise NormError("Norma waktu paling sedikit 1. Mohon perbaiki angkanya.", found=self.amount)

    @classmethod
    def parse(cls, text: str) -> "Norm":
        """
        The norm a text means: "10 menit", "2 jam", "2 hari kerja", "14 hari", "14 hari kalender", "3 bulan".

        Raises: NormError if the text is none of these.
        """
        match = _NORM.fullmatch(" ".join(text.casefold().split()))
        if not match:
            raise NormError(
                "Norma waktu tidak terbaca. Tuliskan misalnya '10 menit', '2 hari kerja', '14 hari' atau '3 bulan'.",
                found=text,
            )
        amount, word = int(match[1]), match[2]
        if word == "jam":
            return cls(amount * 60)
        return cls(amount, Unit(word.removesuffix(" kalender")))

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"


@dataclass(frozen=True)
class Deadline:
    """The last instant that counts as on time (aware, WITA), and how it was found, in short Indonesian phrases."""

    at: datetime
    derivation: tuple[str, ...]


def due_at(start: datetime, norm: Norm, calendar: Calendar) -> Deadline:
    """
    The last instant at which a step that starts then counts as on time.

    Raises: CalendarEndsError if the calendar has no service time for 400 days; ValueError if `start` is naive.
    Source: the norms of automation/sop/*.toml; design.md, decision 7.
    """
    began = _in_wita(start)
    phrases: list[str] = []
    match norm.unit:
        case Unit.MINUTES:
            at = _after_minutes(began, norm.amount, calendar, phrases)
        case Unit.WORKING_DAYS:
            at = _after_working_days(began, norm.amount, calendar, phrases)
        case Unit.CALENDAR_DAYS:
            at = _closing_near(began, began.date() + norm.amount * _ONE_DAY, calendar, phrases)
        case Unit.CALENDAR_MONTHS:
            at = _closing_near(began, _months_later(began.date(), norm.amount), calendar, phrases)
    return Deadline(at, (*phrases, f"Batas {norm}: {long_instant(at)}"))


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
        return Deadline(_in_wita(start), ())
    return Deadline(deadlines[-1].at, tuple(phrase for each in deadlines for phrase in each.derivation))


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
    began, ended = _in_wita(start), _in_wita(end)
    served = timedelta()
    day = began.date()
    while day <= ended.date():
        for opens, closes in calendar.service_intervals(day):
            served += max(timedelta(), min(closes, ended) - max(opens, began))
        if day == date.max:
            break
        day += _ONE_DAY
    return served // timedelta(minutes=1)


def _after_minutes(began: datetime, minutes: int, calendar: Calendar, phrases: list[str]) -> datetime:
    left = timedelta(minutes=minutes)
    for day, intervals in _days_from(began.date(), calendar):
        before = left
        for opens, closes in intervals:
            opens = max(opens, began)
            if closes <= opens:
                continue
            if left <= closes - opens:
                phrases.append(f"{long_date(day)}: {_spent(before)}")
                return opens + left
            left -= closes - opens
        phrases.append(f"{long_date(day)}: {_why_nothing(day, calendar, before - left)}")
    raise _ended(began)


def _spent(time: timedelta) -> str:
    return duration(time // timedelta(minutes=1))


def _why_nothing(day: date, calendar: Calendar, served: timedelta) -> str:
    return _spent(served) if served else calendar.closed_because(day) or "jam layanan sudah berakhir"


def _after_working_days(began: datetime, amount: int, calendar: Calendar, phrases: list[str]) -> datetime:
    counted = -1
    for day, intervals in _days_from(began.date(), calendar):
        if not intervals:
            phrases.append(f"{long_date(day)}: {calendar.closed_because(day)}")
            continue
        if counted < 0 and began > intervals[-1][1]:
            phrases.append(f"{long_date(day)}: jam layanan sudah berakhir")
            continue
        counted += 1
        phrases.append(f"{long_date(day)}: {f'hari kerja ke-{counted}' if counted else 'hari mulai, tidak dihitung'}")
        if counted == amount:
            return intervals[-1][1]
    raise _ended(began)


def _closing_near(began: datetime, on: date, calendar: Calendar, phrases: list[str]) -> datetime:
    """The last closing up to the end of `on`, or the first from `began` on if that is already past."""
    day = on
    while day >= began.date():
        closes = calendar.closes_at(day)
        if closes and closes >= began:
            return closes
        phrases.append(f"{long_date(day)}: {calendar.closed_because(day) or 'jam layanan sudah berakhir'}, dimajukan")
        day -= _ONE_DAY
    phrases.append("Tidak ada layanan sampai tanggal itu: dihitung sampai penutupan berikutnya")
    for _, intervals in _days_from(on + _ONE_DAY, calendar):
        if intervals:
            return intervals[-1][1]
    raise _ended(began)


def _days_from(on: date, calendar: Calendar) -> Iterator[tuple[date, tuple[Interval, ...]]]:
    """Every date with its service, until there has been none for LONGEST_PAUSE_DAYS or dates run out."""
    pause = 0
    while pause < LONGEST_PAUSE_DAYS:
        intervals = calendar.service_intervals(on)
        pause = 0 if intervals else pause + 1
        yield on, intervals
        if on == date.max:
            return
        on += _ONE_DAY


def _months_later(on: date, months: int) -> date:
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def _in_wita(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("An instant needs its zone.")
    return at.astimezone(WITA)


def _ended(began: datetime) -> CalendarEndsError:
    return CalendarEndsError(
        f"Tidak ada jam layanan dalam {LONGEST_PAUSE_DAYS} hari sejak {long_date(began)}. "
        "Mohon periksa jam layanan pada tab Pengaturan dan tanggal pada tab Hari Libur.",
        start=began.isoformat(),
        days=LONGEST_PAUSE_DAYS,
    )
