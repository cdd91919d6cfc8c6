"""
When each clock of a complaint is due: steps of the SOP, the answer, the laws, the times that a reporter has. Pure.

A clock is counted anew from facts alone (when it began, when time stood still, by how much it was extended), so that a
holiday added today moves what is open, and nothing else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from automation.calendars.clocks import clock_due, window_end
from automation.calendars.norms import Norm
from automation.configuration.in_force import Configuration
from automation.configuration.office_settings import minutes_of
from automation.errors import CalendarEndsError
from automation.sop.clock_keys import ANSWER, EMERGENCY, step_key, step_of
from automation.sop.laws import laws_for
from automation.sop.procedures import Procedure
from automation.sop.states import load_states
from automation.sync.rows import shown_instant
from register.complaint import Clock, Complaint

_EMERGENCY_SETTING = "darurat_ditangani"

ClockId = tuple[int, str]
"""Round and key."""


@dataclass(frozen=True)
class Limits:
    """What the running clocks of a complaint say together, as `Complaint` keeps it; None where none runs."""

    step_due_at: datetime | None
    step_basis: str
    due_at: datetime | None
    basis: str
    emergency_due_at: datetime | None


def counted(clock: Clock, complaint: Complaint, rules: Configuration) -> Clock:
    """The clock with its deadline as the rules have it now; where the calendar cannot tell, without one, and why."""
    try:
        return _counted(clock, complaint, rules)
    except CalendarEndsError as error:  # of one clock, which must not hold up all other complaints
        return replace(clock, due_at=None, basis=error.message)


def _counted(clock: Clock, complaint: Complaint, rules: Configuration) -> Clock:
    if clock.key == EMERGENCY:
        norm = minutes_of(rules.setting(_EMERGENCY_SETTING))
        due = clock.begun_at + timedelta(minutes=norm.amount)
        return replace(clock, due_at=due, norm=str(norm), basis=f"{norm} sejak diterima, juga di luar jam layanan")
    if setting := _window_settings().get(clock.key):
        norm = rules.norm(setting)
        deadline = window_end(clock.begun_at, norm, rules.calendar)
        return replace(clock, due_at=deadline.at, norm=str(norm), basis=deadline.brief)
    norms = _norms(clock, complaint, rules)
    deadline = clock_due(
        clock.begun_at,
        norms,
        rules.calendar,
        pauses=complaint.pauses,
        extension=_extension(clock, complaint),
    )
    return replace(clock, due_at=deadline.at, norm=_worded(norms), basis=deadline.brief)


def counting_facts(complaint: Complaint) -> tuple[object, ...]:
    """All that `counted` looks at in a complaint: while it is the same, and the rules are, so are the deadlines."""
    return (
        complaint.procedure,
        complaint.category,
        complaint.round,
        complaint.undecided,
        complaint.pauses,
        complaint.extension,
        complaint.extended_at,
    )


def limits(complaint: Complaint, clocks: Iterable[Clock]) -> Limits:
    """
    `Batas Langkah` of the running step, and `Batas Waktu`: the strictest of the SOP's answer and the laws' that run.

    Where no clock of the answer runs any more, its last limit stands. After a reopening both say that they are counted
    from there.
    """
    of_round = [clock for clock in clocks if clock.round == complaint.round]
    ours = [clock for clock in of_round if clock.done_at is None and clock.due_at]
    by_key = {clock.key: clock for clock in ours}
    step, emergency = by_key.get(step_key(complaint.step)), by_key.get(EMERGENCY)
    reopened_at = next((clock.begun_at for clock in of_round if complaint.round and clock.key == ANSWER), None)
    laws = {law.key: law for law in laws_for(complaint.category).values() if law.answer}
    answers = [clock for clock in ours if clock.key == ANSWER or clock.key in laws]
    strictest = min(answers, key=_due, default=None)
    basis = complaint.basis
    if strictest is not None:
        law = laws.get(strictest.key)
        basis = f"{law.source}: {_told(strictest, reopened_at)}" if law else _told(strictest, reopened_at)
    return Limits(
        step_due_at=step.due_at if step else None,
        step_basis=_told(step, reopened_at) if step else "",
        due_at=strictest.due_at if strictest else complaint.due_at,
        basis=basis,
        emergency_due_at=emergency.due_at if emergency else None,
    )


def _told(clock: Clock, reopened_at: datetime | None) -> str:
    """How a clock was counted, and that it was anew if it began when the complaint was reopened."""
    again = f"dihitung baru sejak dibuka kembali {shown_instant(reopened_at)} WITA: "
    return (again if clock.begun_at == reopened_at else "") + clock.basis


def first_norm(procedure: Procedure, complaint: Complaint) -> int:
    """The step at which the clock of the answer starts: the first, or the acting one after a reopening."""
    return 1 if complaint.round == 0 else procedure.dispose_step + (not complaint.undecided)


def _norms(clock: Clock, complaint: Complaint, rules: Configuration) -> Sequence[Norm]:
    procedure = rules.procedures[complaint.procedure.value]
    if no := step_of(clock.key):
        return (procedure.step(no).norm,)
    if clock.key == ANSWER:
        return procedure.norms_through(procedure.answer_step, first=first_norm(procedure, complaint))
    return (laws_for(complaint.category)[clock.key].norm,)


def _extension(clock: Clock, complaint: Complaint) -> Norm | None:
    """An extension is the office's own: it moves the SOP's clocks that ran when it was given, not the law's."""
    of_sop = clock.key == ANSWER or step_of(clock.key)
    if not of_sop or complaint.extended_at is None or clock.begun_at > complaint.extended_at:
        return None
    return Norm.parse(complaint.extension)


def _due(clock: Clock) -> datetime:
    if clock.due_at is None:
        raise ValueError("a clock without a deadline was to be compared")
    return clock.due_at


def _worded(norms: Sequence[Norm]) -> str:
    """Norms that follow one another, short enough for a column: those of one unit added up."""
    sums: dict[str, int] = {}
    for norm in norms:
        sums[norm.unit.value] = sums.get(norm.unit.value, 0) + norm.amount
    return " + ".join(f"{amount} {unit}" for unit, amount in sums.items())


def _window_settings() -> Mapping[str, str]:
    return {state.window: state.setting for state in load_states().values() if state.window}
