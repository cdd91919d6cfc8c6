"""
What a complaint adds to a period: marks such as `received` or `late:online:langkah.5`, one for each time. Pure.

Figures count the marks and a drill-down lists the complaints that bear one, so neither can say other than the other.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from automation.disposition.categories import Urgency
from automation.reports.clock_labels import clock_labels
from automation.reports.served import Served
from automation.sop.acts import load_acts
from automation.sop.clock_keys import EMERGENCY
from register.cases import Case, CaseAct, CaseClock
from register.complaint import Pause, Procedure, Status
from register.figures import Outcome

RATINGS = range(1, 6)
ON_TIME, LATE, OVERDUE = "on_time", "late", "overdue"
SETTLED = frozenset({Outcome.SETTLED_BY_STAFF, Outcome.SETTLED_BY_REPORTER, Outcome.SETTLED_BY_TIME})
_BY_STATUS = {
    Status.TRANSFERRED: Outcome.TRANSFERRED,
    Status.OUT_OF_AUTHORITY: Outcome.OUT_OF_AUTHORITY,
    Status.WITHDRAWN: Outcome.WITHDRAWN,
    Status.MERGED: Outcome.MERGED,
}
"""Of a closing whose act is none that closes: settled by the office where no status says otherwise."""
_MINUTE = timedelta(minutes=1)


Timed = tuple[CaseClock, str, int | None]
"""A clock that counts in a period: how (`on_time`, `late`, `overdue`), and the minutes of service that it took."""


class Counted(NamedTuple):
    """What a complaint adds to a period: a mark for each time, and its clocks."""

    case: Case
    marks: Sequence[str]
    clocks: Sequence[Timed]


def counted_in(case: Case, since: datetime, until: datetime, now: datetime, served: Served) -> Counted:
    """What a complaint adds between two instants in UTC."""
    pauses = case.complaint.pauses
    clocks = [
        (clock, how, None if how == OVERDUE else served.minutes(clock.begun_at, clock.done_at or until, pauses))
        for clock, how in _counted_clocks(case, since, until)
    ]
    return Counted(case, tuple(_marks(case, since, until, now)), clocks)


def marks_of(case: Case, since: datetime, until: datetime, now: datetime) -> Iterator[str]:
    """
    Everything that a complaint recorded before `until` counts for, between two instants in UTC; a mark for each time.

    Beside those of `Statistics.tickets`: `pending_before`, `verdict:…` and `emergencies:…`.
    """
    yield from _marks(case, since, until, now)
    for clock, how in _counted_clocks(case, since, until):
        yield f"{how}:{case.complaint.procedure.value}:{clock.key}"


def _marks(case: Case, since: datetime, until: datetime, now: datetime) -> Iterator[str]:
    """Those of no clock."""
    complaint = case.complaint
    if complaint.recorded_at >= until:
        return
    if complaint.recorded_at >= since:
        yield "received"
        if _counts_as_emergency(case):
            yield "emergencies"
            yield f"emergencies:{_seen(case.clocks, until)}"
    elif case.closing_before(since) is None:
        yield "pending_before"
    closing = case.closing_before(until)
    if closing is None:
        yield "pending"
    elif closing.at >= since:
        yield from _closing_marks(case, closing, now)
    yield from _act_marks(case.acts, since, until)


def _counted_clocks(case: Case, since: datetime, until: datetime) -> Iterator[tuple[CaseClock, str]]:
    if case.complaint.recorded_at < until:
        keys = _keys(case.complaint.procedure)
        for clock in case.clocks:
            if clock.key in keys and (how := kept(clock, case, since, until)):
                yield clock, how


@lru_cache
def _keys(procedure: Procedure) -> frozenset[str]:
    """Of the clocks that count in an SOP."""
    return frozenset(key for of, key in clock_labels() if of == procedure)


def outcome_of(closing: CaseAct) -> Outcome:
    """How a complaint ended, by the act that closed it, or where it stands if that is none of those that close."""
    try:
        return Outcome(closing.key)
    except ValueError:
        return _BY_STATUS.get(closing.status, Outcome.SETTLED_BY_STAFF)


def _closing_marks(case: Case, closing: CaseAct, now: datetime) -> Iterator[str]:
    outcome = outcome_of(closing)
    yield "closed"
    yield f"outcome:{outcome.value}"
    if outcome in SETTLED:
        yield "verdict:by_office"
        yield f"verdict:{_verdict(case, closing, outcome, now)}"


def _verdict(case: Case, closing: CaseAct, outcome: Outcome, now: datetime) -> str:
    """What the reporter said last since it was closed, as long as it was; they may take their time."""
    ended = next((each.ended_at for each in case.closings if each.act is closing), None) or now
    said = [act.rating for act in case.acts if closing.at <= act.at < ended and act.rating]
    rating = said[-1] if said else 0
    if rating in (1, 2):
        return "disputed"
    return "by_reporter" if rating >= 4 or outcome is Outcome.SETTLED_BY_REPORTER else "silent"


def _act_marks(acts: Iterable[CaseAct], since: datetime, until: datetime) -> Iterator[str]:
    for act in acts:
        if since <= act.at < until:
            if act.rating in RATINGS:
                yield f"rating:{act.rating}"
            if act.key in _reopening():
                yield "reopened"


@lru_cache(maxsize=1)
def _reopening() -> frozenset[str]:
    return frozenset(act.key for act in load_acts().values() if act.reopens)


def kept(clock: CaseClock, case: Case, since: datetime, until: datetime) -> str:
    """Whether a clock was kept in the period, by what its mark begins with; empty if it does not count in it."""
    due, done = clock.due_at, clock.done_at
    if due is None:
        return ""
    if done is not None and since <= done < until:
        return LATE if done > due else ON_TIME
    if not since <= due < until:
        return ""
    if done is None:
        return "" if _stands_still(clock.key, due, case.complaint.pauses) else OVERDUE
    return OVERDUE if done >= until else ""


def _stands_still(key: str, due: datetime, pauses: Sequence[Pause]) -> bool:
    """Whether the office waits for the reporter since before it was due: it is due later, none knows when."""
    return key != EMERGENCY and any(until is None and since <= due for since, until in pauses)


def looked_after(case: Case, until: datetime) -> int | None:
    """Minutes by the clock on the wall until somebody looked at an emergency; None if nobody did before `until`."""
    clock = _emergency_of(case.clocks)
    if clock is None or clock.done_at is None or clock.done_at >= until:
        return None
    return max(clock.done_at - clock.begun_at, timedelta()) // _MINUTE


def _counts_as_emergency(case: Case) -> bool:
    """
    Whether an emergency was this office's to look at in time: it has the clock, or is open and should have had it.

    What came from an older register when it was closed already has none: how soon it was looked at, nobody knows. Nor
    has what was called an emergency only once it had been answered.
    """
    complaint = case.complaint
    return complaint.urgency == Urgency.EMERGENCY and (not complaint.closed or _emergency_of(case.clocks) is not None)


def _emergency_of(clocks: Iterable[CaseClock]) -> CaseClock | None:
    """The clock that the first look at an emergency ends."""
    return next((clock for clock in clocks if clock.key == EMERGENCY), None)


def _seen(clocks: Iterable[CaseClock], until: datetime) -> str:
    clock = _emergency_of(clocks)
    if clock is None:
        return "unseen"
    if clock.done_at is None or clock.done_at >= until:
        return "waiting" if clock.due_at is not None and clock.due_at >= until else "unseen"
    return "late" if clock.late else "in_time"
