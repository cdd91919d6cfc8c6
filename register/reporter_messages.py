"""
Messages to reporters on their way: committed, claimed, sent, tried again, given up.

A row holds what is to be told and of which complaint, never an address or a text: both are put together from the
complaint when the message is sent, so nothing of a reporter's lies here, and one who was erased is written to no more.
A message goes from queued to sending to sent, failed or maybe ("mungkin terkirim"): one that may have arrived is never
sent again by itself. `nobody` says that the complaint has no such contact.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from register import tables
from register.complaint import Event, EventKind
from register.contact_index import ContactIndex
from register.limits import Limits
from register.notices import KEPT, State

REPORTER = "pelapor"


class MessageKind(StrEnum):
    """What a reporter is told."""

    RECEIPT = "tanda_terima"
    FORGOTTEN = "tiket_terlupa"
    PROOF = "tautan_bukti"


class MessageChannel(StrEnum):
    """How it goes to them."""

    EMAIL = "email"


@dataclass(frozen=True)
class ReporterMessage:
    """
    One message.

    Args:
        ticket: Of the complaint; empty for one that goes to every complaint of a contact.
        contact: That contact's digest (`ContactIndex.contact_digest`), otherwise empty.
        language: `id` or `en`.
    """

    kind: MessageKind
    ticket: str = ""
    contact: str = ""
    language: str = "id"
    channel: MessageChannel = MessageChannel.EMAIL
    id: int = 0
    attempts: int = 0


class ReporterMessages(ContactIndex, Limits):
    """The queue. One sender at a time works it off (`hold_lease`)."""

    def queue_message(self, message: ReporterMessage, now: datetime) -> None:
        """Commit that it is to be sent."""
        with self._write() as connection:
            connection.execute(tables.outbox.insert().values(_values(message, now)))

    def reporter_messages_wait(self, now: datetime) -> bool:
        """Whether `claim_message` would find one. Only reads, so that it may be asked often."""
        with self._read() as connection:
            return connection.execute(_next(now)).first() is not None

    def claim_message(self, now: datetime) -> ReporterMessage | None:
        """The next message whose time has come; it is being sent from here on."""
        table = tables.outbox
        with self._write() as connection:
            row = connection.execute(_next(now).with_for_update()).one_or_none()
            if row is None:
                return None
            values = {"state": State.SENDING.value, "attempts": row.attempts + 1, "changed_at": now}
            connection.execute(table.update().where(table.c.id == row.id).values(**values))
        return _message(row, row.attempts + 1)

    def settle_message(self, message: ReporterMessage, state: State, now: datetime, problem: str = "") -> None:
        """The message is sent, failed, in doubt, or has nobody to go to; the trail of its complaint says so."""
        with self._write() as connection:
            self._settle_message(connection, message, state, now, problem)
            done = [each.value for each in (State.SENT, State.FAILED, State.MAYBE, State.NOBODY)]
            table = tables.outbox
            connection.execute(table.delete().where(table.c.state.in_(done), table.c.changed_at < now - KEPT))

    def message_later(self, message: ReporterMessage, now: datetime, at: datetime, problem: str) -> None:
        """The message is queued once more, for later."""
        table = tables.outbox
        values = {"state": State.QUEUED.value, "due_at": at, "changed_at": now, "problem": problem}
        with self._write() as connection:
            connection.execute(table.update().where(table.c.id == message.id).values(**values))

    def expand_message(self, message: ReporterMessage, tickets: Iterable[str], now: datetime) -> None:
        """In place of a message to a contact, queue one for each of these complaints; where there are none, none."""
        table = tables.outbox
        rows = [_values(replace(message, ticket=ticket), now) for ticket in tickets]
        with self._write() as connection:
            connection.execute(table.delete().where(table.c.id == message.id))
            if rows:
                connection.execute(table.insert(), rows)

    def settle_interrupted_messages(self, now: datetime) -> int:
        """
        Messages that were being sent when the program ended may have arrived, and are not sent again.

        To be called by the one sender before it sends. Returns: how many there were.
        """
        table = tables.outbox
        with self._write() as connection:
            rows = connection.execute(
                sa.select(table).where(table.c.state == State.SENDING.value).with_for_update()
            ).all()
            for row in rows:
                problem = "program berhenti ketika pesan sedang dikirim"
                self._settle_message(connection, _message(row, row.attempts), State.MAYBE, now, problem)
        return len(rows)

    def undelivered_messages(self, since: datetime) -> list[tuple[ReporterMessage, State, datetime, str]]:
        """Messages since then that failed or may not have arrived: state, instant and reason; oldest first."""
        table = tables.outbox
        wrong = [State.FAILED.value, State.MAYBE.value]
        query = sa.select(table).where(table.c.state.in_(wrong), table.c.changed_at >= since)
        with self._read() as connection:
            rows = connection.execute(query.order_by(table.c.changed_at, table.c.id)).all()
        return [(_message(row, row.attempts), State(row.state), row.changed_at, row.problem) for row in rows]

    def _settle_message(
        self, connection: sa.Connection, message: ReporterMessage, state: State, now: datetime, problem: str
    ) -> None:
        table = tables.outbox
        values = {"state": state.value, "changed_at": now, "problem": problem}
        connection.execute(table.update().where(table.c.id == message.id).values(**values))
        if message.ticket:
            data = {"rung": message.kind.value, "person": REPORTER, "state": state.value}
            event = Event(EventKind.NOTIFIED, now, "sistem", data)
            self._append(connection, self._drawn_up(message.ticket, None, [event]))


def _next(now: datetime) -> sa.Select[Any]:
    table = tables.outbox
    query = sa.select(table).where(table.c.state == State.QUEUED.value, table.c.due_at <= now)
    return query.order_by(table.c.due_at, table.c.id).limit(1)


def _values(message: ReporterMessage, now: datetime) -> dict[str, Any]:
    return {
        "kind": message.kind.value,
        "ticket": message.ticket or None,
        "contact": message.contact,
        "language": message.language,
        "channel": message.channel.value,
        "state": State.QUEUED.value,
        "created_at": now,
        "due_at": now,
        "changed_at": now,
        "attempts": 0,
        "problem": "",
    }


def _message(row: sa.Row[Any], attempts: int) -> ReporterMessage:
    return ReporterMessage(
        kind=MessageKind(row.kind),
        ticket=row.ticket or "",
        contact=row.contact,
        language=row.language,
        channel=MessageChannel(row.channel),
        id=row.id,
        attempts=attempts,
    )
