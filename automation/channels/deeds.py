"""
Doing what was decided of messages. A deed that was interrupted is done again, with the same messages and to the same
end: a complaint is filed once by the first message's digest, and an act of the reporter is done once likewise.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from automation.channels import spoken
from automation.channels.filing import LONGEST, intake_of, joined_text, parts
from automation.channels.verdicts import Deed
from automation.configuration.in_force import Configuration
from automation.sop.acts import Refused
from automation.sop.decision import decide_by_reporter
from automation.sop.drafts import SYSTEM, draft_of
from automation.sync.rows import shown_instant
from register.attachments import MOST_FOR_TICKET, Attachments
from register.changes import Change
from register.complaint import Clock, Complaint, Event, EventKind, Identity, Status
from register.errors import AduanError, ErasedError
from register.holdings import DRAFT, REPORTER, TICKET
from register.inbound import shortened
from register.limits import Limit
from register.message_groups import Group
from register.reporter_acts import Done
from register.reporter_messages import MessageKind, ReporterMessage
from register.sealed_messages import KeptMessage
from register.store import Store

WRONG_TICKETS = Limit(5, (timedelta(hours=1),), timedelta(hours=1))
"""As many wrong tickets may be asked about in one conversation; afterwards none but its own is answered."""
LATE_NOTE = "Pelapor menulis lagi sesudah pengaduan ditutup; tulisannya ada pada kolom Tanggapan Pelapor."
BESIDE_NOTE = "Pelapor juga menulis pesan lain; tulisannya ada pada kolom Tanggapan Pelapor."
MOVED = "Dialihkan oleh sistem; tidak perlu ditangani di sini."
FIX = "Perbaiki: "
"""Begins the note of a decision that could not be done. Source: colours of the tab `Kotak Masuk`."""
_TRIES = 5

Decide = Callable[[Complaint, Sequence[Clock]], Change | Refused]


class BusyError(AduanError):
    """The complaint was changed again and again while the message was to be added to it; worth trying again."""

    code = "complaint_busy"


class Deeds:
    """
    Does what groups of messages were planned for.

    Args:
        attachments: Where files are kept; None where none are.
    """

    def __init__(self, store: Store, attachments: Attachments | None) -> None:
        self._store = store
        self._attachments = attachments
        self._ways: Mapping[str, Callable[[Group, Configuration, datetime], None]] = {
            Deed.COMPLAINT: self._file,
            Deed.ACT: self._act,
            Deed.JOIN: self._join,
            Deed.NOTE: self._note,
            Deed.STATUS: self._answer_status,
        }

    def do(self, group: Group, rules: Configuration, now: datetime) -> None:
        """
        Do it, or leave it to be decided on anew, or to staff, where it cannot be done any more.

        Raises: BusyError; what the store raises.
        """
        if not group.messages:  # erased meanwhile
            self._store.settle_group(group, now, ticket=group.ticket)
            return
        self._ways[group.deed](group, rules, now)

    def discard(self, group: Group, now: datetime) -> None:
        """Staff say that there is nothing in it: its files go."""
        for message in group.messages:
            if self._attachments and message.files:
                self._attachments.discard(holder_of(message.digest), now=now)

    def is_confidential(self, conversation: int) -> bool:
        """Whether whoever writes there once asked not to be named, or gave no name."""
        own = [link.ticket for link in self._store.links_of_conversation(conversation) if link.own]
        return any(each.identity is not Identity.OPEN for each in self._store.complaints_of(own).values())

    def confidential_among(self, conversations: Iterable[int]) -> frozenset[int]:
        """Likewise, those of many for which it holds."""
        own = self._store.own_of_conversations(conversations)
        found = self._store.complaints_of({ticket for tickets in own.values() for ticket in tickets})
        hidden = {each.ticket for each in found.values() if each.identity is not Identity.OPEN}
        return frozenset(number for number, tickets in own.items() if not hidden.isdisjoint(tickets))

    # -- a new complaint ------------------------------------------------------------------------------------------

    def _file(self, group: Group, rules: Configuration, now: datetime) -> None:
        first = group.messages[0]
        answered = any(message.answerable for message in group.messages)
        ticket = self._store.filed_under(_key(first))
        intake, rest = intake_of(group.channel, group.messages)
        if self.is_confidential(group.conversation):
            intake = replace(intake, identity=Identity.CONFIDENTIAL)
        if ticket is None:
            accepted = self._store.accept(
                intake,
                channel=group.channel,
                now=now,
                received_at=min(first.at, now),
                submission_key=_key(first),
                conversation=group.conversation if answered else 0,
                noted={"message": group.number},
            )
            ticket = accepted.complaint.ticket
        self._add_rest(ticket, first, rest, rules, now)
        self._hand_over(group, ticket, rules, now)
        if first.public:
            self._say(group, MessageKind.COMMENT, now, ticket)
        self._store.settle_group(group, now, ticket=ticket, note=f"Menjadi pengaduan {ticket}, {_at(now)}.")

    def _add_rest(
        self, ticket: str, first: KeptMessage, rest: Sequence[str], rules: Configuration, now: datetime
    ) -> None:
        """What is longer than one description, or one addition, holds."""
        for number, said in enumerate(rest, start=2):

            def add(known: Complaint, clocks: Sequence[Clock], said: str = said) -> Change | Refused:
                return decide_by_reporter(known, "tambah_keterangan", clocks, rules, now, said=said)

            self._once(ticket, f"{_key(first)}:{number}", add)

    # -- complaints that there are --------------------------------------------------------------------------------

    def _act(self, group: Group, rules: Configuration, now: datetime) -> None:
        if self._do_act(group, group.act, rules, now):
            self._store.drop_plan(group)  # it may not be done any more: they are decided on anew
            return
        self._acknowledge(group, now)
        self._store.settle_group(group, now, ticket=group.ticket)

    def _join(self, group: Group, rules: Configuration, now: datetime) -> None:
        asked = self._store.complaint(group.ticket).status is Status.NEEDS_INFO
        act = "lengkapi" if asked else "tambah_keterangan"
        if refusal := self._do_act(group, act, rules, now, joined=group.number):
            self._store.box_group(group, now, note=FIX + refusal)
            return
        self._store.link_conversation(group.conversation, group.ticket, now)
        self._acknowledge(group, now)
        self._store.settle_group(group, now, ticket=group.ticket, note=f"Digabung ke {group.ticket}, {_at(now)}.")

    def _do_act(self, group: Group, act: str, rules: Configuration, now: datetime, **facts: str) -> str:
        """
        Do it once.

        Args:
            facts: Kept in the trail with the act, such as that staff joined the message.

        Returns: why it may not be done, or nothing.
        """
        first = group.messages[0]
        said, *rest = parts(joined_text(group.messages)) or [""]
        outcome = self._once(
            group.ticket,
            f"act:{_key(first)}",
            lambda known, clocks: _noted(
                decide_by_reporter(known, act, clocks, rules, now, said=said, rating=group.rating), facts
            ),
        )
        if isinstance(outcome, Refused):
            return outcome.reason
        self._add_rest(group.ticket, first, rest, rules, now)
        self._hand_over(group, group.ticket, rules, now)
        return ""

    def _note(self, group: Group, rules: Configuration, now: datetime) -> None:
        """Keep words with a complaint, for those who may read it; also with one that is closed."""
        said = [shortened(text, LONGEST) for text in [joined_text(group.messages)] if text]

        def keep(known: Complaint, clocks: Sequence[Clock]) -> Change:
            draft = draft_of(known, clocks, rules, now)
            data = {"act": "tambah_keterangan", "status": known.status.value}
            draft.events += [Event(EventKind.ACT, now, REPORTER, data, {"value": text}) for text in said]
            draft.notes.append(LATE_NOTE if known.closed else BESIDE_NOTE)
            return draft.change()

        if said:
            self._once(group.ticket, f"act:{_key(group.messages[0])}", keep)
        self._hand_over(group, group.ticket, rules, now)
        self._store.settle_group(group, now, ticket=group.ticket, note=MOVED)

    def _acknowledge(self, group: Group, now: datetime) -> None:
        """Not below a comment, and not for a mere greeting."""
        if group.messages[0].public:
            return
        if group.act == "beri_nilai":
            self._say(group, MessageKind.THANKS, now, group.ticket)
        elif group.act != "nyatakan_puas":
            text = joined_text(group.messages)
            if spoken.says_something(text) or any(message.files for message in group.messages):
                self._say(group, MessageKind.ADDED, now, group.ticket)

    def _once(self, ticket: str, key: str, decide: Decide) -> Done | Refused:
        """Apply it once for this key. Decided on anew where somebody else changed the complaint. Raises: BusyError."""
        if before := self._store.done_before(key):
            return before
        for _ in range(_TRIES):
            known, clocks = self._store.complaint(ticket), self._store.clocks([ticket]).get(ticket, ())
            change = decide(known, clocks)
            if isinstance(change, Refused):
                return change
            outcome = self._store.do_once(change, known, key=key)
            if outcome is not Done.STALE:
                return outcome
        raise BusyError("Pengaduan ini sedang diubah; pesan dicoba lagi nanti.", ticket=ticket)

    # -- questions ------------------------------------------------------------------------------------------------

    def _answer_status(self, group: Group, _rules: Configuration, now: datetime) -> None:
        """Whoever holds a ticket may ask about it, as on the status page; guessing one takes far too long."""
        if not self._is_own(group):
            guesses = f"tiket|{group.conversation}"
            if not self._store.standing(guesses, WRONG_TICKETS, now).left:
                self._store.settle_group(group, now, note="Terlalu banyak nomor tiket yang salah.")
                return
            if not group.ticket or not self._store.complaints_of([group.ticket]):
                self._store.take(guesses, WRONG_TICKETS, now)
                self._say(group, MessageKind.UNKNOWN_TICKET, now)
                self._store.settle_group(group, now)
                return
        self._say(group, MessageKind.STATUS, now, group.ticket, known=True)
        self._store.settle_group(group, now)

    def _say(self, group: Group, kind: MessageKind, now: datetime, ticket: str = "", *, known: bool = False) -> None:
        """Tell it, once for these messages. `known`: they gave the ticket themselves, so it may be told."""
        if not any(message.answerable for message in group.messages):
            return
        named = ticket if known or kind is MessageKind.COMMENT or self._is_own(group) else ""
        mark = group.messages[0].digest
        message = ReporterMessage(kind, named, channel=group.channel, conversation=group.conversation, mark=mark)
        self._store.queue_message(message, now)

    def _is_own(self, group: Group) -> bool:
        links = self._store.links_of_conversation(group.conversation)
        return any(link.own and link.ticket == group.ticket for link in links)

    # -- files ----------------------------------------------------------------------------------------------------

    def _hand_over(self, group: Group, ticket: str, rules: Configuration, now: datetime) -> None:
        """What was fetched becomes the complaint's, as much as it may have; what is refused is told to the office."""
        wrong = self._store.refused_files(group)
        for message in group.messages:
            if self._attachments and message.files:
                try:
                    wrong += self._hand_over_each(self._attachments, message, ticket, now)
                except ErasedError:
                    return
        if wrong:
            self.note_refused(ticket, wrong, f"files:{_key(group.messages[0])}", rules, now)

    def _hand_over_each(self, attachments: Attachments, message: KeptMessage, ticket: str, now: datetime) -> list[str]:
        holder, target = holder_of(message.digest), TICKET + ticket
        room = MOST_FOR_TICKET - len(attachments.of(target))
        surplus = attachments.of(holder)[max(room, 0) :]
        for file in surplus:
            attachments.remove(holder, file.id, now=now)
        attachments.hand_over(holder, target, now=now)
        return ["too_many_attachments"] * len(surplus)

    def note_refused(self, ticket: str, codes: Sequence[str], key: str, rules: Configuration, now: datetime) -> None:
        """Say in the complaint's row and trail that files that came with a message are not there, and why."""
        told = f"{len(codes)} lampiran pesan tidak dapat disimpan ({', '.join(sorted(set(codes)))})."

        def note(known: Complaint, clocks: Sequence[Clock]) -> Change:
            draft = draft_of(known, clocks, rules, now)
            draft.notes += [text for text in (known.note, told) if text]
            reasons = {"count": str(len(codes)), "reason": ", ".join(sorted(set(codes)))}
            draft.record(EventKind.EVIDENCE_MISSED, SYSTEM, **reasons)
            return draft.change()

        self._once(ticket, key, note)


def _noted(outcome: Change | Refused, facts: Mapping[str, str]) -> Change | Refused:
    """With further facts in the trail's entry of the act itself."""
    if isinstance(outcome, Refused) or not facts:
        return outcome
    acts = (
        replace(each, data={**each.data, **facts}) if each.kind is EventKind.ACT else each for each in outcome.events
    )
    return replace(outcome, events=tuple(acts))


def holder_of(message: str) -> str:
    """Whose the files of a message are until it has gone into a complaint; it is known by its digest."""
    return f"{DRAFT}message:{message}"


def _key(message: KeptMessage) -> str:
    return f"message:{message.digest}"


def _at(now: datetime) -> str:
    return f"{shown_instant(now)} WITA"
