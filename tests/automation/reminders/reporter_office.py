"""A sender of messages to reporters with a clock in hand, servers that answer as told, and people who wrote to us."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from automation.channels.outbound.post import Post, Send
from automation.channels.outcome import Outcome, Result
from automation.reminders.delivery import remembered_rules
from automation.reminders.reporter_delivery import ReporterDelivery
from register import tables
from register.changes import Change
from register.complaint import Channel, Event, EventKind
from register.errors import ErasedError
from register.inbound import Address, Contact
from register.notices import State
from register.reporter_messages import CONVERSED, MessageKind, ReporterMessage
from register.store import Store
from tests.builders import MOMENT, an_intake

SITE = "https://aduan.contoh.id"
SECRETS = ("6402990000000000", "PKH", "Linjamsos", "sembako", "0812", "81200000000")
"""Of what no message to a reporter may tell."""
ASKED_FOR = (MessageKind.RECEIPT, MessageKind.FORGOTTEN, MessageKind.PROOF)
"""What the pages queue, for the recorded address."""


@dataclass
class Server:
    """Somewhere messages go: answers as told, accepted once nothing is left to answer."""

    answers: list[Outcome | Exception] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)

    def __call__(self, post: Post) -> Outcome:
        self.posts.append(post)
        answer = self.answers.pop(0) if self.answers else Outcome(Result.SENT, proof=f"bukti-{len(self.posts)}")
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def got(self) -> list[tuple[str, str, str]]:
        """Person, subject and text of each."""
        return [(post.to.person, post.subject, post.text) for post in self.posts]


@dataclass
class Conversations:
    """Who wrote on channels, as the store will know it."""

    store: Store
    by_ticket: dict[str, Contact] = field(default_factory=dict)
    answered: list[tuple[int, bool, str]] = field(default_factory=list)
    unreachable: list[int] = field(default_factory=list)

    def contact_of(self, ticket: str) -> Contact | None:
        return self.by_ticket.get(ticket)

    def contact(self, conversation: int) -> Contact:
        found = [each for each in self.by_ticket.values() if each.conversation == conversation]
        if not found:
            raise ErasedError("Percakapan ini sudah dihapus.")
        return found[0]

    def note_sent(
        self,
        messages: Sequence[ReporterMessage],
        conversation: int,
        now: datetime,
        *,
        channel: Channel,
        proof: str = "",
        comment: str = "",
        person: str = "",
    ) -> None:
        self.answered.append((conversation, comment != "", person))
        for message in messages:
            self.store.settle_message(message, State.SENT, now, channel=channel, proof=proof)

    def note_unreachable(self, conversation: int, now: datetime) -> None:
        self.unreachable.append(conversation)


class Sending:
    """A store, a server of each channel, and a clock in hand."""

    def __init__(self, store: Store, send: Send | None = None, public_url: str = SITE) -> None:
        self.store, self.post, self.now = store, Server(), MOMENT
        self.people = Conversations(store)
        self.servers: dict[Channel, Send] = dict.fromkeys(CONVERSED, send or self.post)
        self.rules = remembered_rules(store)
        self.deliver = ReporterDelivery(
            store,
            self.servers,
            self.people,
            public_url=public_url,
            holder="uji",
            clock=lambda: self.now,
            rules=lambda now: self.rules(now),
        )

    def file(self, **said: Any) -> str:
        said = {"email": "ibu@contoh.id", "nik": "6402990000000000"} | said
        return self.store.accept(an_intake(**said), channel=Channel.WEB, now=MOMENT).complaint.ticket

    def came_by(self, channel: Channel, number: int = 1, *, contact: dict[str, Any] | None = None, **said: Any) -> str:
        """A complaint that came by a channel."""
        told = an_intake(nik="6402990000000000", **said)
        ticket = self.store.accept(told, channel=channel, now=MOMENT).complaint.ticket
        how = {"last_in_at": MOMENT} | (contact or {})
        to = Address(channel, "kantor", how.pop("person", f"orang-{number}"))
        self.people.by_ticket[ticket] = Contact(number, to, **how)
        return ticket

    def tell(self, ticket: str, *events: Event, messages: Sequence[ReporterMessage] = (), **fields: Any) -> None:
        """A change of a complaint, as a tick commits it."""
        self.store.commit([Change(ticket, fields, events or [an_act("uji")], messages=messages)])

    def queue(self, kind: MessageKind, ticket: str = "", **more: Any) -> None:
        self.store.queue_message(ReporterMessage(kind, ticket, **more), self.now)

    def run(self, at: datetime | None = None) -> int:
        self.now = at or self.now
        return self.deliver(self.now)

    def states(self) -> list[str]:
        with self.store._read() as connection:
            return list(connection.execute(sa.select(tables.outbox.c.state).order_by(tables.outbox.c.id)).scalars())


def an_act(act: str, public: str = "") -> Event:
    return Event(EventKind.ACT, MOMENT, "staf", {"act": act}, {"public": public} if public else {}, "…")
