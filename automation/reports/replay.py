"""
What-if: the clocks of a period counted again by rules that are only supposed, beside what really happened. Pure.

Nobody would have acted otherwise, so each clock begins and ends when it did; only its limit is another. Compared is
with the limit that stood when it was done, by the rules of that day. Left out are times that reporters have, and clocks
that never had a limit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from automation.configuration.in_force import Configuration
from automation.sop.clock_keys import ANSWER, EMERGENCY, step_of
from automation.sop.deadlines import counted
from automation.sop.laws import load_laws
from register.cases import Case, CaseClock
from register.complaint import Clock, Complaint

_LAWS: Mapping[str, str] = {law.key: law.label for law in load_laws() if not law.categories}
"""Labels of the laws' limits, by the key of their clock."""


@dataclass(frozen=True)
class Moved:
    """
    A clock that comes out otherwise.

    Args:
        was: The limit that it had; `would` the one it would have had. Aware.
        late: Whether it would have been late; it really was the opposite.
    """

    complaint: Complaint
    clock: CaseClock
    was: datetime
    would: datetime
    late: bool


@dataclass
class Line:
    """All clocks of one kind: how many, how many late in fact, and how many would have been."""

    label: str
    count: int = 0
    late: int = 0
    would_be_late: int = 0


@dataclass
class Replayed:
    """The lines by SOP and key of the clock, in the order of the SOPs, and every clock that comes out otherwise."""

    complaints: int = 0
    lines: dict[tuple[str, str], Line] = field(default_factory=dict)
    moved: list[Moved] = field(default_factory=list)


def replay(
    cases: Iterable[Case], supposed: Configuration, *, since: datetime, until: datetime, now: datetime
) -> Replayed:
    """
    Count again every clock that began in [since, until). Instants are aware.

    Args:
        supposed: The rules to count with; its calendar reaches all years concerned.
        now: What still runs is late if its limit is over by now.
    """
    found = Replayed()
    for case in cases:
        clocks = [clock for clock in case.clocks if since <= clock.begun_at < until and _counts(clock)]
        found.complaints += bool(clocks)
        for clock in clocks:
            _take(found, case.complaint, clock, supposed, now)
    order = {key: place for place, key in enumerate(_order(supposed))}
    found.lines = dict(sorted(found.lines.items(), key=lambda item: order.get(item[0], len(order))))
    return found


def _counts(clock: CaseClock) -> bool:
    known = clock.key in (ANSWER, EMERGENCY) or step_of(clock.key) or clock.key in _LAWS
    return bool(known) and clock.due_at is not None


def _take(found: Replayed, complaint: Complaint, clock: CaseClock, supposed: Configuration, now: datetime) -> None:
    running = Clock(clock.key, clock.round, clock.begun_at, clock.due_at, clock.norm)
    again = counted(running, _as_it_was(complaint, clock), supposed)
    if clock.due_at is None or again.due_at is None:
        return
    place = (complaint.procedure.value, clock.key)
    line = found.lines.setdefault(place, Line(clock_label(place[0], clock.key, supposed)))
    ended = clock.done_at or now
    late, would_be = ended > clock.due_at, ended > again.due_at
    line.count += 1
    line.late += late
    line.would_be_late += would_be
    if late != would_be:
        found.moved.append(Moved(complaint, clock, clock.due_at, again.due_at, would_be))


def _as_it_was(complaint: Complaint, clock: CaseClock) -> Complaint:
    """Without what came after the clock was done: it moved nothing any more."""
    if (done := clock.done_at) is None:
        return complaint
    extended = complaint.extended_at if complaint.extended_at and complaint.extended_at < done else None
    return replace(
        complaint,
        pauses=tuple(pause for pause in complaint.pauses if pause[0] < done),
        extended_at=extended,
        extension=complaint.extension if extended else "",
        round=clock.round,
    )


def _order(rules: Configuration) -> Sequence[tuple[str, str]]:
    keys = [ANSWER, EMERGENCY, *_LAWS]
    return [
        (name, key)
        for name, procedure in rules.procedures.items()
        for key in (*(f"langkah.{step.no}" for step in procedure.steps), *keys)
    ]


def clock_label(procedure: str, key: str, rules: Configuration) -> str:
    """How people call a clock: "langsung 5, Tindak lanjut"."""
    if no := step_of(key):
        return f"{procedure} {no}, {rules.procedures[procedure].step(no).short}"
    named = {ANSWER: "jawaban kepada pelapor", EMERGENCY: "Darurat ditangani"}
    return f"{procedure}, {named.get(key) or _LAWS.get(key, key)}"
