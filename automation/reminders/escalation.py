"""
When somebody is told: before a deadline, at it, and up the ladder after it. Pure: no clock, no store.

Times before a deadline are counted back in service time, spans after it forward by the same calendar. Nobody is told
outside service time, except of a Darurat.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from automation.calendars.counting import LONGEST_CLOSURE_DAYS
from automation.calendars.norms import Norm, Unit
from automation.calendars.office_calendar import Calendar, Interval
from automation.calendars.working_time import due_at
from automation.configuration.in_force import Configuration
from automation.configuration.office_settings import minutes_of, time_of
from automation.reminders.people import Level
from register import happenings, notices
from register.complaint import WITA, Clock, Complaint, Procedure
from register.notices import Notice

ANSWER = "jawaban"
EMERGENCY = "darurat"
STEP = "langkah."
"""What the keys of clocks are, or begin with."""

MOST_BEFORE = 3
"""Reminders before one deadline, however often it moves; the morning's digest tells of the later moves."""

_ONE_DAY = timedelta(days=1)


class Rung(StrEnum):
    """What somebody is told, in the order in which a late complaint climbs."""

    BEFORE = "sebelum_batas"
    DUE = "jatuh_tempo"
    KABID = "eskalasi_kepala_bidang"
    KETUA_TIM = "eskalasi_ketua_tim"
    KADIS = "eskalasi_kepala_dinas"
    DISPOSED = "disposisi"
    HEARD = happenings.HEARD
    MOVED = notices.MOVED
    ALERT_1 = "darurat_1"
    ALERT_2 = "darurat_2"
    ALERT_3 = "darurat_3"


CLIMB = (Rung.BEFORE, Rung.DUE, Rung.KABID, Rung.KETUA_TIM, Rung.KADIS)
ALERTS = (Rung.ALERT_1, Rung.ALERT_2, Rung.ALERT_3)
LEVELS: Mapping[Rung, Level] = {
    Rung.BEFORE: Level.PETUGAS,
    Rung.DUE: Level.PETUGAS,
    Rung.KABID: Level.KABID,
    Rung.KETUA_TIM: Level.KETUA_TIM,
    Rung.KADIS: Level.KADIS,
    Rung.DISPOSED: Level.KABID,
    Rung.HEARD: Level.PETUGAS,
}
"""Whom a rung reaches."""
_SPANS = {Rung.KABID: "eskalasi_kabid", Rung.KETUA_TIM: "eskalasi_sekretaris", Rung.KADIS: "eskalasi_kadis"}
_LEADS = {
    Procedure.LANGSUNG: "pengingat_sebelum_langsung",
    Procedure.ONLINE: "pengingat_sebelum_online",
}
_REPORT_LEAD = "pengingat_laporan"
"""Once a matter is closed only its report is due, which waits for what somebody has to fill in."""


@dataclass(frozen=True)
class Rise:
    """One thing to be told, and from when on. `due` is the deadline it is about, if there is one."""

    notice: Notice
    at: datetime
    due: datetime | None


def watched(complaint: Complaint, clocks: Iterable[Clock]) -> tuple[Clock, ...]:
    """
    The clocks of a complaint that somebody is reminded of: its running step and its answer.

    None while the office waits for the reporter; once the matter is closed, only the step that reports it.
    """
    if complaint.waiting:
        return ()
    keys = {f"{STEP}{complaint.step}"} if complaint.closed else {f"{STEP}{complaint.step}", ANSWER}
    return tuple(
        clock
        for clock in clocks
        if clock.key in keys and clock.round == complaint.round and clock.done_at is None and clock.due_at is not None
    )


def rises(complaint: Complaint, clock: Clock, told: Iterable[Notice], rules: Configuration) -> Iterator[Rise]:
    """
    What is still to be told of one clock, soonest first.

    `told` are the notices of this complaint, for good: a rung is told once in the life of a clock, and what lies below
    one that was told is not told any more, even if the deadline moves. So a moved deadline has a reminder of its own
    only if the former one was not passed.
    """
    due = clock.due_at
    if due is None:
        return
    mine = [n for n in told if (n.round, n.clock) == (clock.round, clock.key) and n.rung in CLIMB]
    reached = max((CLIMB.index(Rung(notice.rung)) for notice in mine), default=-1)
    if reached < 1:
        before = Notice(complaint.ticket, clock.round, clock.key, Rung.BEFORE, f"{due.astimezone(UTC):%Y-%m-%dT%H:%MZ}")
        if before not in mine and len(mine) < MOST_BEFORE:
            lead = rules.norm(_REPORT_LEAD if complaint.closed else _LEADS[complaint.procedure])
            yield Rise(before, max(clock.begun_at, lead_start(due, lead, rules.calendar)), due)
    at = due
    for rung in CLIMB[1 : 2 if complaint.closed else None]:
        if CLIMB.index(rung) <= reached or (complaint.undecided and rung is Rung.KABID):
            continue
        if rung in _SPANS:
            at = max(at, due_at(due, rules.norm(_SPANS[rung]), rules.calendar).at)
        yield Rise(Notice(complaint.ticket, clock.round, clock.key, rung), at, due)


def up(found: Iterable[Rise], now: datetime) -> list[Rise]:
    """Those whose time has come; a reminder before a deadline is pointless after it."""
    return [
        rise
        for rise in found
        if rise.at <= now and not (rise.notice.rung == Rung.BEFORE and rise.due is not None and rise.due <= now)
    ]


def alerts(complaint: Complaint, clock: Clock, told: Iterable[Notice], rules: Configuration) -> list[Rise]:
    """The alerts of a Darurat on which nobody has acted: at once, then one rung up after each `darurat_ditangani`."""
    if complaint.closed or clock.done_at is not None or clock.round != complaint.round:
        return []
    span = timedelta(minutes=minutes_of(rules.setting("darurat_ditangani")).amount)
    due = clock.due_at or clock.begun_at + span
    known = {notice.rung for notice in told if (notice.round, notice.clock) == (clock.round, clock.key)}
    times = (clock.begun_at, due, due + span)
    return [
        Rise(Notice(complaint.ticket, clock.round, clock.key, rung), at, due)
        for rung, at in zip(ALERTS, times, strict=True)
        if rung not in known
    ]


def lead_start(due: datetime, lead: Norm, calendar: Calendar) -> datetime:
    """
    The instant that lies a span before a deadline: so many minutes of service, or the opening so many days before.

    The earliest opening of the last 400 days where they do not hold that much service.
    """
    if lead.unit in (Unit.CALENDAR_DAYS, Unit.CALENDAR_MONTHS):
        days = lead.amount * (1 if lead.unit is Unit.CALENDAR_DAYS else 30)
        on = due.astimezone(WITA).date() - days * _ONE_DAY
        return next_service(datetime.combine(on, time.min, WITA), calendar)
    earliest, worked, left = due, 0, timedelta(minutes=lead.amount)
    for intervals in _days_back(due, calendar):
        if lead.unit is Unit.WORKING_DAYS:
            earliest = intervals[0][0]
            if worked == lead.amount:
                break
            worked += 1
            continue
        for opens, closes in reversed(intervals):
            served = max(timedelta(), min(closes, due) - opens)
            if left <= served:
                return min(closes, due) - left
            left, earliest = left - served, min(opens, due)
    return earliest


def serving(at: datetime, calendar: Calendar) -> bool:
    """Whether the office serves at that instant; the instant of closing still counts."""
    day = at.astimezone(WITA).date()
    return any(opens <= at <= closes for opens, closes in calendar.service_intervals(day))


def next_service(at: datetime, calendar: Calendar) -> datetime:
    """That instant if the office serves then, otherwise the next opening."""
    day = at.astimezone(WITA).date()
    for offset in range(LONGEST_CLOSURE_DAYS):
        for opens, closes in calendar.service_intervals(day + offset * _ONE_DAY):
            if at <= closes:
                return max(at, opens)
    return at + LONGEST_CLOSURE_DAYS * _ONE_DAY


def digest_at(on: date, rules: Configuration) -> datetime | None:
    """When that date's digest is made: at `ringkasan_pagi` or the next opening of that day; None without service."""
    intervals = rules.calendar.service_intervals(on)
    if not intervals:
        return None
    wanted = datetime.combine(on, time_of(rules.setting("ringkasan_pagi")), WITA)
    at = next_service(wanted, rules.calendar)
    return at if at.astimezone(WITA).date() == on else intervals[0][0]


def horizon(now: datetime, rules: Configuration) -> datetime:
    """A deadline later than this asks for nothing yet."""
    return max(due_at(now, rules.norm(name), rules.calendar).at for name in (*_LEADS.values(), _REPORT_LEAD))


def _days_back(due: datetime, calendar: Calendar) -> Iterator[tuple[Interval, ...]]:
    """The service of each day that has some, from the deadline's own backwards."""
    day = due.astimezone(WITA).date()
    for offset in range(LONGEST_CLOSURE_DAYS):
        if intervals := calendar.service_intervals(day - offset * _ONE_DAY):
            yield intervals
