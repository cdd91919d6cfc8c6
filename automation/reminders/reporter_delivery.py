"""
Delivering messages to reporters: where they wrote, or to their address; once, and only as the channel allows.

A message is put together from its complaint when it is sent, and sent again only where nobody accepted it for certain;
what may have arrived is left to people ("mungkin terkirim"), as is what the channel lets only people write.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from automation.channels.outbound.parts import parts_of
from automation.channels.outbound.post import Post, Send
from automation.channels.outcome import Outcome, Result
from automation.channels.rules import Closed, Way, choose_way, next_free, rules_of
from automation.configuration.in_force import Configuration
from automation.reminders.reporter_contacts import Contacts
from automation.reminders.reporter_letters import MOST_TICKETS, Letters
from automation.reminders.reporter_wording import Letter, code_of
from automation.reminders.working_off import WorkingOff, pause_after, worn_out
from automation.sop.told import overtaken
from register.complaint import CHANNEL_LABELS, Channel, Complaint, Intake
from register.contact_index import email_key
from register.errors import AduanError, ErasedError, KeyFileError
from register.inbound import Address, Contact
from register.limits import Limit
from register.notices import State
from register.reporter_messages import CONVERSED, MessageKind, ReporterMessage
from register.store import Store

HOUR = timedelta(hours=1)
ACKNOWLEDGED = {Channel.EMAIL: Limit(1, (HOUR,), HOUR)}
ACKNOWLEDGED_OTHERWISE = Limit(5, (HOUR,), HOUR)
"""How often one person is answered by itself with the same kind of message: two programs that answer each other by
e-mail would never end. A receipt that is one too many waits, as its ticket must reach them, and goes together with all
others of that person that wait; other messages are dropped."""
_ANSWERED_BY_ITSELF = frozenset(
    {
        MessageKind.RECEIPT,
        MessageKind.ADDED,
        MessageKind.STATUS,
        MessageKind.UNKNOWN_TICKET,
        MessageKind.NEEDS_TEXT,
        MessageKind.THANKS,
    }
)
_BY_ADDRESS_ONLY = frozenset({MessageKind.PROOF, MessageKind.FORGOTTEN})
"""They prove that somebody reads the mail of the recorded address."""
_IN_ONE = frozenset({Way.PUBLIC, Way.PRIVATE})
"""Ways by which a channel takes a single message, however long: it is cut."""
NOBODY = "pengaduan ini tidak memuat alamat e-mail"
UNOPENED = "data pengaduan ini tidak dapat dibuka; periksa dengan: aduan verify"
NOT_CONNECTED = "{channel} belum disambungkan untuk mengirim: sampaikan sendiri pesan ini kepada pelapor."

_Person = tuple[Channel, str, str]
"""Somebody on a channel, whatever they wrote to us about."""

log = structlog.get_logger()


@dataclass(frozen=True)
class _Case:
    """
    A message with whom it goes to and what it is about.

    Args:
        said: What the reporter said; None where it is not to be used.
        along: Other messages to the same person that it carries with it.
    """

    message: ReporterMessage
    contact: Contact
    complaint: Complaint | None
    said: Intake | None
    along: tuple[ReporterMessage, ...] = ()

    @property
    def channel(self) -> Channel:
        return self.contact.address.channel

    @property
    def language(self) -> str:
        """Of a conversation, its own; of an address, that of whoever asked."""
        return self.contact.language if self.contact.conversation else self.message.language


class ReporterDelivery(WorkingOff[ReporterMessage]):
    """
    Works off the messages to reporters.

    Args:
        senders: By channel; one that is not connected has none.
        contacts: Who wrote on channels.
        public_url: Where the public pages are, for links; empty if that is not set, and then there are none.
        rules: The configuration in force, for the wording.
    """

    lease = "reporter_delivery"

    def __init__(
        self,
        store: Store,
        senders: Mapping[Channel, Send],
        contacts: Contacts,
        *,
        public_url: str,
        holder: str,
        clock: Callable[[], datetime],
        rules: Callable[[datetime], Configuration],
    ) -> None:
        super().__init__(store, holder=holder, clock=clock)
        self._senders = senders
        self._contacts = contacts
        self._rules = rules
        self._letters = Letters(store, public_url=public_url, rules=lambda _now: self._in_force)
        self._last_sent: dict[_Person, datetime] = {}

    def begin(self, now: datetime) -> None:
        """The rules hold for the whole run."""
        self._in_force = self._rules(now)

    def waits(self, now: datetime) -> bool:
        """Only reads."""
        return self._store.reporter_messages_wait(now)

    def claim(self, now: datetime) -> ReporterMessage | None:
        """The one that is due longest."""
        return self._store.claim_message(now)

    def settle_interrupted(self, now: datetime) -> int:
        """They may have arrived."""
        return self._store.settle_interrupted_messages(now)

    def work_off(self, message: ReporterMessage, now: datetime) -> None:
        """Find whom it goes to and by which way, send it, and note what became of it."""
        if message.contact and not message.ticket:
            self._store.expand_message(message, self._one_for_each_address(message.contact), now)
            return
        case = self._case(message)
        if case is None:
            self._store.settle_message(message, State.NOBODY, now, NOBODY)
        elif case.complaint and overtaken(message, case.complaint):
            self._store.settle_message(message, State.CANCELLED, now)
        elif message.kind is MessageKind.COMMENT and not self._store.receipt_went(message.ticket):
            self._wait_for_receipt(message, now)
        elif case.channel not in self._senders:
            self._not_connected(case, now)
        else:
            self._send(case, self._senders[case.channel], now)

    # -- whom it goes to ----------------------------------------------------------------------------------------------

    def _case(self, message: ReporterMessage) -> _Case | None:
        """None if there is nobody to tell."""
        complaint = self._store.complaints_of([message.ticket]).get(message.ticket) if message.ticket else None
        said = self._store.intakes([message.ticket]).get(message.ticket) if complaint else None
        if message.conversation:
            return self._case_of_conversation(message, complaint)
        contact = None if message.kind in _BY_ADDRESS_ONLY else self._contacts.contact_of(message.ticket)
        if contact is None or contact.address.channel is not message.channel:
            contact = Contact(0, Address(Channel.EMAIL, "", said.email)) if said and said.email else None
        return _Case(message, contact, complaint, said) if contact and said else None

    def _case_of_conversation(self, message: ReporterMessage, complaint: Complaint | None) -> _Case | None:
        try:
            contact = self._contacts.contact(message.conversation)
        except AduanError:  # it was erased, or does not open any more
            return None
        return _Case(message, contact, complaint, None)

    def _one_for_each_address(self, contact: str) -> list[str]:
        """The newest complaint of each address that was recorded with that contact: a telephone may be shared."""
        tickets = self._store.tickets_of_digest(contact)
        said = self._store.intakes(tickets)
        newest: dict[str, str] = {}
        for ticket in tickets:
            if ticket in said and said[ticket].email:
                newest.setdefault(email_key(said[ticket].email), ticket)
        return list(newest.values())

    def _not_connected(self, case: _Case, now: datetime) -> None:
        """Where the office does not write e-mail nobody expects one; whoever wrote on a channel waits for an answer."""
        if case.contact.conversation:
            problem = NOT_CONNECTED.format(channel=CHANNEL_LABELS[case.channel])
            self._store.settle_message(case.message, State.TASK, now, problem, channel=case.channel)
        else:
            self._store.settle_message(case.message, State.NOBODY, now, "kotak surat kantor belum disetel")

    # -- by which way, and when ---------------------------------------------------------------------------------------

    def _send(self, case: _Case, send: Send, now: datetime) -> None:
        message, rules = case.message, self._in_force
        template = rules.whatsapp_templates.get(code_of(message), "") if case.channel is Channel.WHATSAPP else ""
        way = choose_way(case.contact, public=message.kind is MessageKind.COMMENT, template=template, now=now)
        if isinstance(way, Closed):
            self._store.settle_message(message, State.TASK, now, way.reason, channel=case.channel)
        elif free_at := next_free(self._last_sent.get(_person(case.contact.address)), rules_of(case.channel), now):
            self._store.message_later(message, now, free_at, "", tried=False)
        elif again := self._one_too_many(case, now):
            self._put_off(message, now, again)
        else:
            self._post(replace(case, along=self._along(case, now)), send, way, template, now)

    def _one_too_many(self, case: _Case, now: datetime) -> datetime | None:
        """Until when this person is not answered by itself once more; None if they may be."""
        message, to = case.message, case.contact.address
        again = message.decided or message.attempts > 1 or (message.kind is MessageKind.RECEIPT and message.mark != "")
        if message.kind not in _ANSWERED_BY_ITSELF or not case.contact.conversation or again:
            return None
        person = self._store.digest("acknowledged", *_person(to))
        limit = ACKNOWLEDGED.get(case.channel, ACKNOWLEDGED_OTHERWISE)
        return self._store.take(f"ack|{message.kind.value}|{person}", limit, now)

    def _along(self, case: _Case, now: datetime) -> tuple[ReporterMessage, ...]:
        """Receipts of the same person that wait for theirs to go: they are told in the same message."""
        message = case.message
        if message.kind is not MessageKind.RECEIPT or message.mark or not case.contact.conversation:
            return ()
        others = self._store.waiting_with(message, MOST_TICKETS)
        contacts = {each.id: self._contacts.contact_of(each.ticket) for each in others}
        number = case.contact.conversation
        mine = [each for each in others if (found := contacts[each.id]) and found.conversation == number]
        return tuple(self._store.claim_along(mine, now)) if mine else ()

    def _wait_for_receipt(self, message: ReporterMessage, now: datetime) -> None:
        """Everybody reads that they were written to privately, so it is said once it is so, or not at all."""
        if worn_out(message.attempts):
            self._store.settle_message(message, State.CANCELLED, now)
        else:
            self._store.message_later(message, now, now + pause_after(message.attempts), "")

    def _put_off(self, message: ReporterMessage, now: datetime, again: datetime) -> None:
        if message.kind is MessageKind.RECEIPT:
            self._store.message_later(message, now, again, "", tried=False)
        else:
            self._store.settle_message(message, State.CANCELLED, now)

    def _post(self, case: _Case, send: Send, way: Way, template: str, now: datetime) -> None:
        language = "id" if way is Way.TEMPLATE else case.language  # approved are templates in Indonesian
        try:
            written = self._letters.write(
                case.message,
                case.complaint,
                now,
                said=case.said,
                language=language,
                along=[each.ticket for each in case.along],
            )
        except (ErasedError, KeyFileError):
            self._store.settle_message(case.message, State.FAILED, now, UNOPENED, channel=case.channel)
            return
        outcome = send(_post_of(case, written, way, template))
        self._note(case, way, outcome, self._clock())

    # -- what became of it --------------------------------------------------------------------------------------------

    def _note(self, case: _Case, way: Way, outcome: Outcome, now: datetime) -> None:
        self._remember(_person(case.contact.address), now)
        messages = (case.message, *case.along)
        for message in messages:
            log.info("reporter_message", message=message.id, attempt=message.attempts, result=outcome.result.value)
        conversation = case.contact.conversation
        if conversation and outcome.result is Result.SENT:
            self._contacts.note_sent(
                messages,
                conversation,
                now,
                channel=case.channel,
                proof=outcome.proof,
                comment=case.contact.address.comment if way is Way.PRIVATE else "",
                person=outcome.person,
            )
            return
        for message in messages:
            self._note_message(message, case.channel, outcome, now)
        if conversation and outcome.unreachable:
            self._contacts.note_unreachable(conversation, now)

    def _note_message(self, message: ReporterMessage, channel: Channel, outcome: Outcome, now: datetime) -> None:
        problem = outcome.problem.removeprefix("kanal ke-1: ")
        if outcome.result is Result.SENT:
            self._store.settle_message(message, State.SENT, now, channel=channel, proof=outcome.proof)
        elif outcome.result is Result.UNSURE:
            self._store.settle_message(message, State.MAYBE, now, problem, channel=channel, proof=outcome.proof)
        elif outcome.hopeless or worn_out(message.attempts):
            self._store.settle_message(message, State.FAILED, now, problem, channel=channel)
        else:
            at = now + pause_after(message.attempts, outcome.wait_seconds)
            self._store.message_later(message, now, at, problem)

    def _remember(self, to: _Person, now: datetime) -> None:
        """When somebody was last written to; only the last hour counts, as no channel asks for a longer pause."""
        self._last_sent = {each: at for each, at in self._last_sent.items() if at > now - HOUR} | {to: now}


def _person(to: Address) -> _Person:
    return to.channel, to.account, to.person


def _post_of(case: _Case, written: Letter, way: Way, template: str) -> Post:
    """The letter as the channel takes it; the subject of an e-mail conversation names the ticket, to find it by."""
    named = case.channel in CONVERSED and case.contact.conversation and case.message.ticket
    return Post(
        to=case.contact.address,
        text=shortened(written, case.channel, way),
        way=way,
        template=template if way is Way.TEMPLATE else "",
        values=written.values if way is Way.TEMPLATE else (),
        subject=f"{written.title} [{case.message.ticket}]" if named else written.title,
    )


def shortened(written: Letter, channel: Channel, way: Way) -> str:
    """The letter with its links; where it must go in one, what does not fit is left out before the links."""
    rules = rules_of(channel)
    limit = rules.limit_of(way)
    if way not in _IN_ONE or not limit or rules.size(written.whole) <= limit:
        return written.whole
    links = "".join(f"\n\n{link}" for link in written.links)
    room = limit - rules.size(" …" + links)
    return parts_of(written.text, room, rules.size)[0] + " …" + links
