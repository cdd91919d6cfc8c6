"""What happens by itself: a reporter's time that is over, and rules that changed under running clocks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from automation.configuration.in_force import Configuration
from automation.reminders.reminding import Move
from automation.sop.clock_keys import ANSWER, step_of
from automation.sop.decision import decide_rules_changed, decide_time_is_over
from automation.sop.drafts import draft_of
from automation.sop.states import load_states
from register.changes import Change
from register.complaint import Clock, Complaint, EventKind, Status
from register.message_fates import Outstanding
from register.reporter_messages import MESSAGE_LABELS, MessageKind
from register.store import Store

CLOCK_MARK = "clock_mark"
MOVED = "moved_deadlines"
"""What the last change of the rules moved, for `aduan doctor`: when, and of each ticket from when to when."""
MOST_LISTED = 500

UNTOLD = (
    "{what} belum tersampaikan kepada pelapor, sehingga waktu pelapor belum berakhir: sampaikan lewat tab Pesan Keluar."
)
_GIVES_TIME: Mapping[Status, MessageKind] = {
    Status.NEEDS_INFO: MessageKind.NEEDS_INFO,
    Status.AWAITING_REPORTER: MessageKind.ANSWER,
}


def times_over(store: Store, rules: Configuration, now: datetime) -> list[Change]:
    """
    Changes of the complaints whose reporter's time is over; cheap while there are none.

    It is not over before the reporter was told of it: while the message is on its way, or waits for somebody of the
    office, the row says so instead; once it got there after all, the time counts from then on.
    """
    windows = [state.window for state in load_states().values() if state.then]
    over = store.overdue(windows, now)
    changes: list[Change] = []
    if not over:
        return changes
    outstanding = store.outstanding(over)
    for ticket, clocks in store.clocks(over).items():
        complaint = store.complaint(ticket)
        change = decide_time_is_over(complaint, clocks, rules, now)
        untold = _untold(complaint.status, over[ticket], outstanding.get(ticket, ()), now)
        if change is not None and untold is not None:
            change = _held(complaint, untold, clocks, rules, now)
        if change is not None:
            changes.append(change)
    return changes


def _untold(
    status: Status, over: Iterable[Clock], outstanding: Iterable[Outstanding], now: datetime
) -> Outstanding | None:
    """The message because of which a time is not over; None if the reporter was told in time, or nobody was to be."""
    kind = _GIVES_TIME.get(status)
    for message in outstanding:
        for window in over:
            if message.kind is kind and window.due_at and message.queued_at >= window.begun_at:
                late = (message.told_at or now) - window.begun_at
                return message if message.told_at is None or now <= window.due_at + late else None
    return None


def _held(
    complaint: Complaint, message: Outstanding, clocks: Sequence[Clock], rules: Configuration, now: datetime
) -> Change | None:
    """The row says so as long as they are not told; None if it does already."""
    said = UNTOLD.format(what=MESSAGE_LABELS[message.kind].capitalize())
    rest = complaint.note.replace(said, "").strip()
    note = f"{rest} {said}".strip() if message.told_at is None else rest
    if note == complaint.note:
        return None
    draft = draft_of(complaint, clocks, rules, now)
    draft.notes.append(note)
    return draft.change()


def rules_changed(store: Store, rules: Configuration, now: datetime) -> tuple[list[Change], list[Move]]:
    """
    Changes of all open deadlines when a norm, an office hour or a holiday changed, and the moves to tell staff of.

    None while the rules are the same. `remember` must follow once they are committed; killed in between, the next tick
    counts again and finds nothing.
    """
    changes: list[Change] = []
    moves: list[Move] = []
    if store.setting(CLOCK_MARK) == rules.clock_mark:
        return changes, moves
    complaints = store.with_running_clocks()
    clocks = store.clocks(complaints)
    for ticket, complaint in complaints.items():
        change = decide_rules_changed(complaint, clocks[ticket], rules, now)
        if change is not None:
            changes.append(change)
            moves += _moves(ticket, clocks[ticket], change.clocks)
    return changes, moves


def _moves(ticket: str, before: Iterable[Clock], after: Iterable[Clock]) -> Iterator[Move]:
    """Of steps and answers, which staff must keep; the laws' limits are shown where they are the strictest."""
    known = {(clock.round, clock.key): clock.due_at for clock in before}
    for clock in after:
        was = known.get((clock.round, clock.key))
        of_sop = clock.key == ANSWER or step_of(clock.key)
        if of_sop and was is not None and clock.due_at is not None and was != clock.due_at:
            yield Move(ticket, clock.round, clock.key, was, clock.due_at)


def remember(store: Store, rules: Configuration, changes: Sequence[Change], now: datetime) -> None:
    """That these rules are what the running clocks were counted with, and which deadlines they moved."""
    if store.setting(CLOCK_MARK) == rules.clock_mark:
        return
    moved = [
        {"ticket": change.ticket, **event.data}
        for change in changes
        for event in change.events
        if event.kind is EventKind.MOVED
    ]
    if moved:
        store.put_setting(MOVED, {"at": now.isoformat(), "count": len(moved), "moved": moved[:MOST_LISTED]})
    store.put_setting(CLOCK_MARK, rules.clock_mark)
