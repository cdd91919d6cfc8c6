"""
What the wall board shows of a day: what is late, what is due today, and for whom it waits. Pure.

The board hangs where visitors may see it. It names complaints by their number in the Buku Registrasi, since a ticket
opens the status page; nobody's name who complained, no text, and of restricted complaints how many there are.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from register.complaint import WITA, Complaint
from register.today import Day

STILL = timedelta(minutes=5)
"""After so long without a read of the register the worker stands still; it reads every few seconds."""

_EMERGENCIES, _FEWEST_LINES = 4, 2
"""Emergencies that have room above full columns, and to how many lines these shrink for more of them."""


class Holder(StrEnum):
    """For whom a complaint waits; the value orders them on the board."""

    KETUA_TIM = "1"
    """Nobody has decided who handles it."""
    OFFICER = "2"
    BIDANG = "3"
    REPORTER = "4"
    RESTRICTED = "5"
    """Somebody, of whom the name would say what it is about: the bidang follows from the category."""


@dataclass(frozen=True)
class Waiting:
    """For whom a complaint waits; `name` is an officer's or a bidang's code, empty for the others."""

    holder: Holder
    name: str = ""


@dataclass(frozen=True)
class Line:
    """
    A complaint on the board.

    Args:
        number: In the Buku Registrasi of its year.
        category: Its code, or empty.
        due_at: The earliest of the limits that run; `days` is how many midnights (WITA) have passed since.
    """

    number: str
    category: str
    urgency: str
    waiting: Waiting
    due_at: datetime
    days: int


@dataclass(frozen=True)
class Column:
    """Complaints of one kind: how many, and those that may be shown."""

    count: int
    lines: Sequence[Line]


@dataclass(frozen=True)
class Board:
    """
    Everything on it.

    Args:
        emergencies: Darurat that nobody has looked at yet.
        waiting: How many open complaints wait for whom, and how many of these are late.
        restricted: How many of the open complaints are only counted.
    """

    at: datetime
    emergencies: Column
    late: Column
    today: Column
    waiting: Sequence[tuple[Waiting, int, int]]
    open: int
    received: int
    answered: int
    restricted: int


def board_of(day: Day, now: datetime) -> Board:
    """The board at an aware instant."""
    limits = {each.ticket: limit for each in day.open if (limit := limit_of(each)) is not None}
    late = [each for each in day.open if each.ticket in limits and limits[each.ticket] < now]
    midnight = now.astimezone(WITA).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    today = [each for each in day.open if each.ticket in limits and now <= limits[each.ticket] < midnight]
    waiting, behind = Counter(map(waits_for, day.open)), Counter(map(waits_for, late))
    return Board(
        now,
        _column((each for each in day.open if each.emergency_due_at), lambda each: each.emergency_due_at or now, now),
        _column(late, lambda each: limits[each.ticket], now),
        _column(today, lambda each: limits[each.ticket], now),
        [
            (each, count, behind[each])
            for each, count in sorted(waiting.items(), key=lambda item: (item[0].holder, -item[1], item[0].name))
        ],
        len(day.open),
        len(day.received),
        day.answered,
        sum(each.restricted for each in day.open),
    )


def room(emergencies: int, lines: int) -> tuple[int, int]:
    """
    How many emergencies are shown, and lines of every column below: what they need beyond their own place they take
    from the columns, which keep the fewest. `lines` is how many those have beside few emergencies.
    """
    shown = min(emergencies, _EMERGENCIES + lines - _FEWEST_LINES)
    return shown, lines - max(0, shown - _EMERGENCIES)


def limit_of(complaint: Complaint) -> datetime | None:
    """
    By when the office must do something next; None if nothing is due.

    While it waits for the reporter only a Darurat's limit goes on.
    """
    if complaint.closed:
        return None
    answer = complaint.due_at if complaint.unanswered else None
    ordinary = () if complaint.waiting else (answer, complaint.step_due_at)
    return min((limit for limit in (*ordinary, complaint.emergency_due_at) if limit), default=None)


def waits_for(complaint: Complaint) -> Waiting:
    """Who has to do something next."""
    if complaint.waiting:
        return Waiting(Holder.REPORTER)
    if complaint.restricted:
        return Waiting(Holder.RESTRICTED)
    if complaint.undecided or not (complaint.officer or complaint.bidang):
        return Waiting(Holder.KETUA_TIM)
    if complaint.officer:
        return Waiting(Holder.OFFICER, complaint.officer)
    return Waiting(Holder.BIDANG, complaint.bidang)


def stands_still(notices: Mapping[str, object]) -> bool:
    """Whether the register was not read for so long that what the board shows may be old."""
    age = notices.get("register_age_seconds")
    return not isinstance(age, int) or age > STILL.total_seconds()


def _column(complaints: Iterable[Complaint], due: Callable[[Complaint], datetime], now: datetime) -> Column:
    found = sorted(complaints, key=lambda each: (not _emergency(each), due(each), each.recorded_at, each.number))
    return Column(len(found), [_line(each, due(each), now) for each in found if not each.restricted])


def _emergency(complaint: Complaint) -> bool:
    """It stands before all others, so that none is hidden while there is room."""
    return complaint.urgency == "Darurat"


def _line(complaint: Complaint, due_at: datetime, now: datetime) -> Line:
    days = (now.astimezone(WITA).date() - due_at.astimezone(WITA).date()).days
    number = complaint.register_number.partition("/")[0]
    return Line(number, complaint.category, complaint.urgency, waits_for(complaint), due_at, days)
