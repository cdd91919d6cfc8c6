"""
Delivering messages to reporters: claim one, put it together from its complaint, send it, note what became of it.

As for staff (`delivery.py`), it runs beside the tick and is sent again only where nobody accepted it for certain; what
may have arrived is left to people ("mungkin terkirim").
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from automation.channels.outcome import Outcome, Result
from automation.configuration.in_force import Configuration
from automation.reminders.delivery import LEASE_SECONDS, LONGEST_WAIT, MOST_AT_ONCE, PAUSES
from automation.reminders.reporter_wording import Letter, letter
from register.complaint import Intake
from register.contact_index import email_key
from register.notices import State
from register.proof_links import proof_token
from register.reporter_messages import MessageKind, ReporterMessage
from register.store import Store

SendMail = Callable[[str, str, str], Outcome]
"""Sends to an address a title and a text; takes half a minute at the most and raises nothing it could tell."""
MOST_TICKETS = 20
"""As many as one message names; whoever has more complaints is better helped at the desk."""

log = structlog.get_logger()


class ReporterDelivery:
    """
    Works off the messages to reporters.

    Args:
        public_url: Where the public pages are, for links; empty if that is not set, and then there are none.
        holder: Names this program to the lease; the same after a restart with the same data folder.
        clock: Gives the present after each message, which may have taken a while.
        rules: The configuration in force, for the wording.
    """

    def __init__(
        self,
        store: Store,
        send: SendMail,
        *,
        public_url: str,
        holder: str,
        clock: Callable[[], datetime],
        rules: Callable[[datetime], Configuration],
    ) -> None:
        self._store = store
        self._send = send
        self._public_url = public_url.rstrip("/")
        self._holder = holder
        self._clock = clock
        self._rules = rules
        self._settled = False

    def __call__(self, now: datetime) -> int:
        """Send what waits. Returns: how many messages were sent or tried."""
        for count in range(MOST_AT_ONCE):
            if self._settled and not self._store.reporter_messages_wait(now):
                return count
            if not self._store.hold_lease("reporter_delivery", self._holder, now=now, seconds=LEASE_SECONDS):
                self._settled = False
                return count
            if not self._settled:
                self._settle_interrupted(now)
            message = self._store.claim_message(now)
            if message is None:
                return count
            self._settled = False  # should anything fail from here on, the next run settles it
            self._deliver(message, now)
            now = self._clock()
            self._settled = True
        return MOST_AT_ONCE

    def _settle_interrupted(self, now: datetime) -> None:
        """What an earlier run left half done: nobody else sends now, so whatever is being sent is not."""
        if count := self._store.settle_interrupted_messages(now):
            log.warning("reporter_messages_interrupted", count=count)
        self._settled = True

    def _deliver(self, message: ReporterMessage, now: datetime) -> None:
        if not message.ticket:
            self._store.expand_message(message, self._one_for_each_address(message.contact), now)
            return
        said = self._store.intakes([message.ticket]).get(message.ticket)
        if said is None or not said.email:
            self._store.settle_message(message, State.NOBODY, now, "pengaduan ini tidak memuat alamat e-mail")
            return
        told = self._letter(message, said, now)
        self._note(message, self._send(said.email, told.title, told.text), self._clock())

    def _one_for_each_address(self, contact: str) -> list[str]:
        """The newest complaint of each address that was recorded with that contact: a telephone may be shared."""
        tickets = self._store.tickets_of_digest(contact)
        said = self._store.intakes(tickets)
        newest: dict[str, str] = {}
        for ticket in tickets:
            if ticket in said and said[ticket].email:
                newest.setdefault(email_key(said[ticket].email), ticket)
        return list(newest.values())

    def _letter(self, message: ReporterMessage, said: Intake, now: datetime) -> Letter:
        complaint = self._store.complaint(message.ticket)
        tickets = self._of_the_same_address(message, said) if message.kind is MessageKind.FORGOTTEN else []
        links = self._links(message, tickets or [message.ticket], now)
        name = "" if message.kind is MessageKind.FORGOTTEN else said.name  # a telephone or an address may be shared
        return letter(
            message.kind,
            complaint,
            self._rules(now),
            language=message.language,
            name=name,
            tickets=tickets,
            links=links,
        )

    def _of_the_same_address(self, message: ReporterMessage, said: Intake) -> list[str]:
        tickets = self._store.tickets_of_digest(message.contact)
        intakes = self._store.intakes(tickets)
        mine = [each for each in tickets if each in intakes and email_key(intakes[each].email) == email_key(said.email)]
        return mine[:MOST_TICKETS]

    def _links(self, message: ReporterMessage, tickets: list[str], now: datetime) -> list[str]:
        if not self._public_url:
            return []
        if message.kind is MessageKind.PROOF:
            token = proof_token(self._store.digest, message.ticket, now)
            return [f"{self._public_url}/pengaduan/{message.ticket}/bukti/{token}"]
        return [f"{self._public_url}/status/{ticket}" for ticket in tickets]

    def _note(self, message: ReporterMessage, outcome: Outcome, now: datetime) -> None:
        result = outcome.result
        log.info("reporter_message", message=message.id, attempt=message.attempts, result=result.value)
        problem = outcome.problem.removeprefix("kanal ke-1: ")
        if result is Result.SENT:
            self._store.settle_message(message, State.SENT, now)
        elif result is Result.UNSURE:
            self._store.settle_message(message, State.MAYBE, now, problem)
        elif message.attempts > len(PAUSES):
            self._store.settle_message(message, State.FAILED, now, problem)
        else:
            pause = min(max(PAUSES[message.attempts - 1], timedelta(seconds=outcome.wait_seconds)), LONGEST_WAIT)
            self._store.message_later(message, now, now + pause, problem)
