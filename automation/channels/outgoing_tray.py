"""
The tab `Pesan Keluar`: messages to reporters that failed, may have arrived, or that only a person may send now.

Each row says what happened and what to do; staff send it again, say that it arrived, or give it up. What was settled
stays with its outcome for as long as the message is kept.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from automation.configuration.in_force import Configuration
from automation.reminders.reporter_letters import Letters
from automation.sync.rows import shown_instant
from automation.sync.trays import SHOWN_AT_ONCE, TrayRow, told_more
from register.complaint import CHANNEL_LABELS, Complaint
from register.errors import ErasedError, KeyFileError
from register.message_fates import Shown
from register.notices import KEPT, STATE_LABELS, State
from register.reporter_messages import MESSAGE_LABELS, NEEDS_PEOPLE
from register.store import Store
from sheets_schema.columns import Tab
from sheets_schema.tray_tabs import CANCEL, OUTGOING, SEND_AGAIN, SENT_ALREADY

_WAYS_OUT: Mapping[State, str] = {
    State.FAILED: f"Sesudah sebabnya diatasi pilih {SEND_AGAIN}; bila disampaikan dengan cara lain, {SENT_ALREADY}.",
    State.MAYBE: (
        f"Periksa di kanalnya apakah pesan ini sampai. Bila sampai pilih {SENT_ALREADY}; bila belum, {SEND_AGAIN}."
    ),
    State.TASK: f"Sesudah disampaikan sendiri pilih {SENT_ALREADY}; bila pelapor sudah menulis lagi, {SEND_AGAIN}.",
}
_DECISIONS: Mapping[str, tuple[State, frozenset[State], str]] = {
    SEND_AGAIN: (State.QUEUED, NEEDS_PEOPLE, "Dikirim ulang"),
    SENT_ALREADY: (State.SENT, NEEDS_PEOPLE, "Ditandai sudah terkirim"),
    CANCEL: (State.CANCELLED, NEEDS_PEOPLE | {State.QUEUED}, "Dibatalkan"),
}
"""What each makes of a message, in which states it may be chosen, and how it is told."""
_NUMBER = re.compile(r"[0-9]{1,9}")
_MEANWHILE = "Keadaan pesan berubah sementara itu; pilih sekali lagi bila masih perlu."


class OutgoingTray:
    """
    See the module.

    Args:
        public_url: For links in the text of tasks; empty for none.
        rules: The configuration in force, for the wording.
    """

    def __init__(self, store: Store, *, public_url: str, rules: Callable[[datetime], Configuration]) -> None:
        self._store = store
        self._public_url = public_url
        self._rules = rules
        self._texts: Mapping[Shown, tuple[Configuration, Complaint | None, str]] = {}
        """Of the tasks that stand there, with what their texts were made from."""

    @property
    def tab(self) -> Tab:
        """The tab `Pesan Keluar`."""
        return OUTGOING

    def mark(self) -> object:
        """Changes with every message that comes in here, every outcome, and every decision."""
        return self._store.shown_mark()

    def rows(self, now: datetime) -> Mapping[str, TrayRow]:
        """By number, oldest first: of the last month, whatever became of them."""
        found = self._store.shown_messages(now - KEPT)
        waiting = [each for each in found if each.state in NEEDS_PEOPLE]
        shown = waiting[:SHOWN_AT_ONCE]
        left_out = {each.message.id for each in waiting[SHOWN_AT_ONCE:]}
        self._texts = self._written([each for each in shown if each.state is State.TASK], now)
        rows = {str(each.message.id): self._row(each) for each in found if each.message.id not in left_out}
        if left_out:
            number = str(shown[-1].message.id)
            cells = rows[number].cells
            rows[number] = TrayRow({**cells, "problem": told_more(cells["problem"], len(left_out))})
        return rows

    def decide(self, number: str, texts: Mapping[str, str], rules: Configuration, now: datetime) -> None:
        """Do what was chosen for a message, once; emptying the cell makes room for the same choice again."""
        shown = self._store.shown_message(int(number)) if _NUMBER.fullmatch(number) else None
        chosen = texts.get("decision", "").strip()
        if shown is None or chosen == shown.decision:
            return
        state, note = _judged(chosen, shown, now)
        if not self._store.decide_message(shown, chosen, note, now, state=state):
            again = self._store.shown_message(shown.message.id)
            if again is not None:
                self._store.decide_message(again, chosen, _MEANWHILE, now)

    def _row(self, shown: Shown) -> TrayRow:
        message, waits = shown.message, shown.state in NEEDS_PEOPLE
        cells = {
            "at": shown_instant(shown.changed_at),
            "ticket": message.ticket,
            "channel": CHANNEL_LABELS[message.channel],
            "kind": MESSAGE_LABELS[message.kind],
            "state": STATE_LABELS[shown.state],
            "problem": _told(shown),
            "text": self._texts[shown][2] if shown in self._texts else "",
            "note": shown.note,
        }
        return TrayRow(cells, waits=waits)

    def _written(
        self, tasks: Sequence[Shown], now: datetime
    ) -> Mapping[Shown, tuple[Configuration, Complaint | None, str]]:
        """What to send by hand, put together anew only where the rules, the message or its complaint changed."""
        rules = self._rules(now)
        letters = Letters(self._store, public_url=self._public_url, rules=lambda _now: rules)
        complaints = self._store.complaints_of({each.message.ticket for each in tasks} - {""})
        texts = {}
        for shown in tasks:
            complaint, before = complaints.get(shown.message.ticket), self._texts.get(shown)
            same = before is not None and before[0] is rules and before[1] == complaint
            texts[shown] = before if before and same else (rules, complaint, _text(letters, shown, complaint, now))
        return texts


def _text(letters: Letters, shown: Shown, complaint: Complaint | None, now: datetime) -> str:
    """Without the reporter's name: it may be confidential, and many read the register."""
    if shown.restricted:
        return ""
    try:
        return letters.write(shown.message, complaint, now).whole
    except (ErasedError, KeyFileError):
        return ""


def _judged(chosen: str, shown: Shown, now: datetime) -> tuple[State | None, str]:
    """The state that a choice asks for, if any, and the note that tells of it."""
    if not chosen:
        return None, shown.note
    if chosen not in _DECISIONS:
        return None, f"Keputusan tidak dikenal; pilih {', '.join(_DECISIONS)}."
    state, possible, told = _DECISIONS[chosen]
    if shown.state not in possible:
        return None, f"{chosen}: tidak dilakukan, karena pesan ini {STATE_LABELS[shown.state]}."
    return state, f"{told} {shown_instant(now)} WITA."


def _told(shown: Shown) -> str:
    """What happened as a sentence, and what to do as another; nothing once there is nothing to do."""
    problem = shown.problem.strip().rstrip(".")
    what = f"{problem[:1].upper()}{problem[1:]}." if problem else ""
    return " ".join(part for part in (what, _WAYS_OUT.get(shown.state, "")) if part)
