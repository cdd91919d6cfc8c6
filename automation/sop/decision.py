"""
What the SOP asks for next. Pure: a complaint, what its row says and the rules go in, a change comes out.

Every act is judged through here, whoever does it: staff in their row, the reporter, or time.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from automation.calendars.indonesian_dates import short_date
from automation.calendars.working_time import remaining
from automation.configuration.in_force import Configuration
from automation.reminders.people import Level, reach
from automation.reminders.people import find as officer_named
from automation.sop.acts import Actor, Allowed, Refused, decide_act, load_acts
from automation.sop.clock_keys import EMERGENCY
from automation.sop.corrections import (
    DISPOSED_LABEL,
    DISPOSITION_CELLS,
    correct_disposition,
    correct_intake,
    long_ago,
    proposed,
    read_event,
    record_disposition,
    take_over,
)
from automation.sop.drafts import MOVED_LABEL, SYSTEM, Draft, draft_of
from automation.sop.handling import Find, choose_act, do, find_nothing, follow_up, follows_reply, send_reply
from automation.sop.laws import Ends
from automation.sop.procedures import load_procedures
from automation.sop.states import Time, load_states
from automation.sync.rows import shown_instant, who_acted
from forms.regions import district_name
from register.changes import Change
from register.complaint import WITA, Clock, Complaint, EventKind, Intake, Status
from sheets_schema.columns import Owner
from sheets_schema.register_tab import REGISTER

WAITS = "menunggu pelapor"
"""What `Sisa Waktu` says while the office itself has nothing to do."""
_OWNERS = {column.key: column.owner for column in REGISTER.columns}
_ACT_CELLS = frozenset({"act", "reason", "referral", "merge_into"})


def decide_new(complaint: Complaint, intake: Intake, rules: Configuration, now: datetime) -> Change:
    """
    The first disposition: category, bidang, urgency, and the clocks of the steps that the program has just done.

    Where the words leave doubt, the disposition itself waits for the Ketua Tim. Source: SOP A steps 1-4, SOP B 1-5.
    """
    draft = draft_of(complaint, (), rules, now)
    outcome = proposed(intake, rules)
    draft.begin("langkah.1", complaint.received_at)
    take_over(draft, outcome)
    draft.set(district=district_name(intake.district))
    draft.notes += long_ago(complaint.received_at, now)
    draft.begin_answer(complaint.received_at)
    if outcome.unsure:
        draft.set(undecided=True, bidang="")
        draft.complete_steps(draft.procedure.dispose_step - 1, SYSTEM)
        record_disposition(draft, SYSTEM, why=outcome.explanation)
    else:
        draft.set(status=Status.DISPOSED)
        draft.complete_steps(draft.procedure.dispose_step, SYSTEM)
        draft.finish_laws(Ends.DISPOSED, SYSTEM)
        record_disposition(draft, SYSTEM, DISPOSED_LABEL, why=outcome.explanation)
    draft.recount()
    return draft.change()


def decide_row(
    complaint: Complaint,
    *,
    texts: Mapping[str, str],
    changed: Sequence[str],
    intake: Callable[[], Intake],
    rules: Configuration,
    now: datetime,
    clocks: Callable[[], Sequence[Clock]] = tuple,
    find: Find = find_nothing,
    first_look: bool = False,
) -> Change | None:
    """
    What staff did in one row since the last tick.

    Args:
        complaint: As the store has it, already looked at once.
        texts: Every cell that people own and that is not empty, by column key.
        changed: Keys of those that differ from what the last tick read, emptied ones included.
        intake: Opens what the reporter said; called only if an intake cell changed.
        rules: The configuration in force.
        now: Aware instant.
        clocks: The complaint's clocks; called only if something changed.
        find: Another complaint by its ticket.
        first_look: Whether the row was never read with its ticket: what staff typed along with it is no answer to an
            alert that had not been given yet.

    Returns: the change, or None if nothing of substance happened.
    """
    if not changed:
        return None
    draft = draft_of(complaint, clocks(), rules, now)
    alerted = draft.runs(EMERGENCY) and not first_look
    actor = who_acted(texts, rules.officers)
    said = [key for key in changed if _OWNERS[key] is Owner.INTAKE]
    if said:
        correct_intake(draft, texts, said, intake(), actor)
    for key in changed:
        if _OWNERS[key] is Owner.STAFF:
            draft.events.append(read_event(draft, key, texts, actor))
    staff_cells(draft, texts, changed, intake, actor, find)
    looked_at = any(_OWNERS[key] is Owner.STAFF and texts.get(key) for key in changed)
    if alerted and looked_at and draft.complaint.round == complaint.round:
        draft.finish(EMERGENCY, actor)
    filled = [key for key in changed if texts.get(key)]
    if not draft.complaint.undecided:
        draft.complete_steps(draft.procedure.completed_through(cells=filled, disposed=False), actor)
    draft.recount()
    return draft.change() if draft.events or draft.complaint != complaint else None


def staff_cells(
    draft: Draft,
    texts: Mapping[str, str],
    changed: Sequence[str],
    intake: Callable[[], Intake],
    actor: str,
    find: Find,
) -> None:
    """What the cells that are staff's ask for."""
    if "officer" in changed:
        _take_officer(draft, texts.get("officer", "").strip())
    if any(key in changed for key in DISPOSITION_CELLS):
        correct_disposition(draft, texts, changed, intake, actor)
    chosen, later = bool(_ACT_CELLS.intersection(changed)), follows_reply(texts)
    if chosen and not later:
        choose_act(draft, texts, changed, actor, find)
    if "follow_up" in changed:
        follow_up(draft, texts, actor)
    if "send_reply" in changed or "reply" in changed:
        send_reply(draft, texts, actor)
    if later and (chosen or draft.reply is not None):
        choose_act(draft, texts, changed, actor, find)


def _take_officer(draft: Draft, name: str) -> None:
    """Who handles it from now on; a name that nobody has is kept, and who is told instead is said."""
    draft.set(officer=name[:100])
    if not name or officer_named(draft.rules.officers, name):
        return
    told = reach(Level.PETUGAS, draft.complaint, draft.rules, draft.now.astimezone(WITA).date())
    instead = f"yang diingatkan: {', '.join(officer.name for officer in told)}" if told else "tidak ada yang diingatkan"
    draft.notes.append(f"Petugas: nama itu tidak ada pada tab Petugas; {instead}.")


def decide_by_reporter(
    complaint: Complaint,
    act: str,
    clocks: Sequence[Clock],
    rules: Configuration,
    now: datetime,
    *,
    said: str = "",
    rating: int = 0,
) -> Change | Refused:
    """
    What the reporter does: complete, add, rate, withdraw, say that it is settled, or reopen within the time for it.

    Args:
        act: Key of an act of theirs.
        said: Their words, sealed in the trail for the staff and never public.
        rating: How satisfied they are, from 1 to 5; 0 if they did not say. Kept in the trail.
    """
    draft = draft_of(complaint, clocks, rules, now)
    verdict = _reporter_may(act, complaint, clocks, now)
    if isinstance(verdict, Refused):
        return verdict
    do(draft, verdict, "pelapor")
    last = draft.events[-1]
    data = {**last.data, "rating": str(rating)} if rating else last.data
    draft.events[-1] = replace(last, data=data, secret={"value": said} if said else {})
    draft.set(heard_at=now)
    rated = f", nilai {rating} dari 5" if rating else ""
    wrote = " Tulisannya ada pada kolom Tanggapan Pelapor." if said else ""
    draft.notes.append(f"Pelapor: {verdict.act.label}{rated}, {shown_instant(now)} WITA.{wrote}")
    draft.recount()
    return draft.change()


def reporter_acts(complaint: Complaint, clocks: Sequence[Clock], now: datetime) -> tuple[str, ...]:
    """Keys of the acts that the reporter may do now, in the order of automation/sop/acts.toml."""
    return tuple(
        key
        for key, act in load_acts().items()
        if Actor.REPORTER in act.by and isinstance(_reporter_may(key, complaint, clocks, now), Allowed)
    )


def _reporter_may(act: str, complaint: Complaint, clocks: Sequence[Clock], now: datetime) -> Allowed | Refused:
    key = load_states()[complaint.status].window
    ends = next((clock.due_at for clock in clocks if (clock.round, clock.key) == (complaint.round, key)), None)
    return decide_act(act, complaint.status, by=Actor.REPORTER, window_ends=ends, now=now)


def decide_time_is_over(
    complaint: Complaint, clocks: Sequence[Clock], rules: Configuration, now: datetime
) -> Change | None:
    """
    What happens by itself when the reporter's time in a state is over; None if it is not, or nothing happens.

    Source: automation/sop/states.toml.
    """
    draft = draft_of(complaint, clocks, rules, now)
    state = load_states()[complaint.status]
    window = draft.clocks.get((complaint.round, state.window))
    if not state.then or window is None or window.done_at or window.due_at is None or now <= window.due_at:
        return None
    verdict = decide_act(state.then, complaint.status, by=Actor.SYSTEM)
    if not isinstance(verdict, Allowed):
        return None
    do(draft, verdict, SYSTEM)
    draft.notes.append(f"{verdict.act.label}: {shown_instant(now)} WITA.")
    draft.recount()
    return draft.change()


def decide_rules_changed(
    complaint: Complaint, clocks: Sequence[Clock], rules: Configuration, now: datetime
) -> Change | None:
    """What a changed norm, office hour or holiday does to the running clocks; None if nothing moved."""
    draft = draft_of(complaint, clocks, rules, now)
    draft.recount(all_anew=True)
    moved = complaint.due_at is not None and draft.complaint.due_at != complaint.due_at
    step_moved = complaint.step_due_at is not None and draft.complaint.step_due_at != complaint.step_due_at
    if moved or step_moved:
        what = "Batas Waktu" if moved else "Batas Langkah"
        before, after = (
            (complaint.due_at, draft.complaint.due_at)
            if moved
            else (complaint.step_due_at, draft.complaint.step_due_at)
        )
        draft.record(
            EventKind.MOVED,
            SYSTEM,
            MOVED_LABEL if moved else "",
            limit=what,
            before=shown_instant(before),
            after=shown_instant(after),
        )
        draft.notes.append(
            f"{what} bergeser dari {shown_instant(before)} ke {shown_instant(after)}: norma, jam layanan, "
            "atau hari libur berubah."
        )
    else:
        _tell_of_others(draft, clocks)
    change = draft.change()
    return change if change.fields or change.clocks else None


def _tell_of_others(draft: Draft, before: Sequence[Clock]) -> None:
    """Limits that moved though none is shown in the row: the trail tells whatever becomes of a clock."""
    for was in before:
        now = draft.clocks[was.round, was.key]
        if now.due_at != was.due_at:
            told = {"before": shown_instant(was.due_at), "after": shown_instant(now.due_at)}
            draft.record(EventKind.MOVED, SYSTEM, limit=was.key, **told)


def stage(complaint: Complaint) -> str:
    """The running step as people read it, such as `6. Tindak lanjut`; `Selesai` when all are done."""
    step = load_procedures()[complaint.procedure.value].running_step(complaint.step - 1)
    return f"{step.no}. {step.short}" if step else "Selesai"


def remaining_time(complaint: Complaint, rules: Configuration, now: datetime) -> str:
    """
    `Sisa Waktu`: coarse, so that an idle tick writes nothing; empty once no clock runs.

    Of a Darurat that nobody has handled it says first until when that must be.
    """
    parts = (_emergency_time(complaint, now), _ordinary_time(complaint, rules, now))
    return "; ".join(part for part in parts if part)


def _emergency_time(complaint: Complaint, now: datetime) -> str:
    due = complaint.emergency_due_at
    if due is None:
        return ""
    at, today = due.astimezone(WITA), now.astimezone(WITA).date()
    instant = f"{at:%H.%M} WITA" if at.date() == today else f"{short_date(at.date())} {at:%H.%M} WITA"
    return f"Darurat: lewat {instant}" if now > due else f"Darurat: sebelum {instant}"


def _ordinary_time(complaint: Complaint, rules: Configuration, now: datetime) -> str:
    if complaint.waiting:
        return WAITS
    if load_states()[complaint.status].clocks is Time.ENDED:
        return ""
    answer_due = complaint.due_at if complaint.answered_at is None else None
    due = min((at for at in (complaint.step_due_at, answer_due) if at), default=None)
    if due is None:
        return ""
    left = remaining(now, due, rules.calendar)
    return f"laporan: {left}" if complaint.closed else left
