"""Putting a message to a reporter together from what the store knows when it is sent, or shown to staff."""

from collections.abc import Callable, Sequence
from datetime import datetime

from automation.configuration.in_force import Agency, Configuration
from automation.disposition.categories import Urgency
from automation.reminders.reporter_wording import (
    HOW_TO_COMPLETE,
    HOW_TO_RATE,
    IN_DANGER,
    Letter,
    Matter,
    letter,
)
from automation.sop.handling import case_of, referral_to
from automation.sop.states import load_states
from automation.sop.told import instant_of
from register.complaint import Clock, Complaint, Intake
from register.contact_index import email_key
from register.proof_links import proof_token
from register.reporter_messages import CONVERSED, MessageKind, ReporterMessage
from register.store import Store
from register.tables import instant_text

MOST_TICKETS = 20
"""As many as one message names; whoever has more complaints is better helped at the desk."""
_REOPENING = "buka_kembali"
"""The reporter's time that begins when the matter ends."""
_NAMELESS = frozenset({MessageKind.FORGOTTEN, MessageKind.STATUS, MessageKind.ADDED})
"""A telephone or an address may be shared, and whoever has a ticket may ask for its status."""
_WITHOUT_LINK = frozenset({MessageKind.COMMENT, MessageKind.THANKS, MessageKind.NEEDS_TEXT, MessageKind.UNKNOWN_TICKET})


class Letters:
    """
    Letters by the rules in force.

    Args:
        public_url: Where the public pages are, for links; empty if that is not set, and then there are none.
        rules: The configuration in force, for the wording.
    """

    def __init__(self, store: Store, *, public_url: str, rules: Callable[[datetime], Configuration]) -> None:
        self._store = store
        self._public_url = public_url.rstrip("/")
        self._rules = rules

    def write(
        self,
        message: ReporterMessage,
        complaint: Complaint | None,
        now: datetime,
        *,
        said: Intake | None = None,
        language: str = "",
        along: Sequence[str] = (),
    ) -> Letter:
        """
        The letter.

        Raises: ErasedError, KeyFileError if what the office wrote cannot be opened.

        Args:
            complaint: What it is about; None if about none.
            said: What its reporter said, for their name and address; None to leave both out.
            language: Of whoever reads it; the message's own if empty.
            along: Tickets that it names beside its own.
        """
        language = language or message.language
        if complaint is None:
            return letter(message, Matter(), self._rules(now), language)
        forgotten = self._of_the_same_address(message, said) if message.kind is MessageKind.FORGOTTEN and said else []
        tickets = forgotten or [message.ticket, *along]
        clocks = self._store.clocks([complaint.ticket])[complaint.ticket]
        window = _window(clocks, complaint, load_states()[complaint.status].window)
        ended = _window(clocks, complaint, _REOPENING) if message.kind is MessageKind.CLOSED else None
        agency = self._agency(message, complaint, now)
        matter = Matter(
            complaint=complaint,
            name=said.name if said is not None and message.kind not in _NAMELESS else "",
            tickets=tickets,
            said=self._written_by_office(message, complaint),
            closed_at=ended.begun_at if ended else None,
            window_ends=window.due_at if window else None,
            agency=agency,
            why=self._why(message, agency),
            before=(IN_DANGER,) if _alarms(message, complaint) else (),
            after=_how_to_answer(message, complaint),
            links=self._links(message, tickets, now),
            now=now if message.kind is MessageKind.RECEIPT else None,
        )
        return letter(message, matter, self._rules(now), language)

    def _of_the_same_address(self, message: ReporterMessage, said: Intake) -> list[str]:
        tickets = self._store.tickets_of_digest(message.contact)
        intakes = self._store.intakes(tickets)
        mine = [each for each in tickets if each in intakes and email_key(intakes[each].email) == email_key(said.email)]
        return mine[:MOST_TICKETS]

    def _written_by_office(self, message: ReporterMessage, complaint: Complaint) -> str:
        """The answer, or what is missing; empty for other messages, and once it cannot be opened any more."""
        if message.kind is MessageKind.NEEDS_INFO:
            return self._public(message)
        if message.kind is not MessageKind.ANSWER:
            return ""
        reply = self._store.reply(complaint.ticket)
        return reply.text if reply else ""

    def _public(self, message: ReporterMessage) -> str:
        """What the office told the reporter in the event that the message is about."""
        at = instant_of(message)
        events = self._store.timeline(message.ticket)
        told = (event.secret.get("public", "") for event in events if instant_text(event.at) == at)
        return next((text for text in told if text), "")

    def _agency(self, message: ReporterMessage, complaint: Complaint, now: datetime) -> Agency | None:
        """Where the reporter is sent; of a joined complaint, where its case was."""
        if message.kind is not MessageKind.REFERRED:
            return None
        case = case_of(complaint.merged_into, self._find) if complaint.merged_into else None
        return self._rules(now).agencies.get((case or complaint).referral)

    def _why(self, message: ReporterMessage, agency: Agency | None) -> str:
        """What the office added to a referral, without the referral itself, which the wording tells."""
        if message.kind is not MessageKind.REFERRED:
            return ""
        told = self._public(message)
        return told.removeprefix(referral_to(agency)).strip() if agency else told

    def _find(self, ticket: str) -> Complaint | None:
        return self._store.complaints_of([ticket]).get(ticket)

    def _links(self, message: ReporterMessage, tickets: Sequence[str], now: datetime) -> list[str]:
        if not self._public_url or message.kind in _WITHOUT_LINK:
            return []
        if message.kind is MessageKind.PROOF:
            token = proof_token(self._store.digest, message.ticket, now)
            return [f"{self._public_url}/pengaduan/{message.ticket}/bukti/{token}"]
        return [f"{self._public_url}/status/{ticket}" for ticket in tickets]


def _alarms(message: ReporterMessage, complaint: Complaint) -> bool:
    """Whether somebody may be in danger who now reads of an answer on Monday. It tells nothing of the complaint."""
    return message.kind is MessageKind.RECEIPT and complaint.urgency == Urgency.EMERGENCY.value


def _how_to_answer(message: ReporterMessage, complaint: Complaint) -> tuple[str, ...]:
    """Who wrote by a channel answers there."""
    if complaint.channel not in CONVERSED:
        return ()
    codes = {MessageKind.ANSWER: (HOW_TO_RATE,), MessageKind.NEEDS_INFO: (HOW_TO_COMPLETE,)}
    return codes.get(message.kind, ())


def _window(clocks: Sequence[Clock], complaint: Complaint, key: str) -> Clock | None:
    """The clock of a time that the reporter has, in the present round; None if there is none."""
    return next((clock for clock in clocks if (clock.round, clock.key) == (complaint.round, key)), None)
