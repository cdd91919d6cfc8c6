"""
Messages to reporters on their way: committed, claimed, sent, tried again, given up.

A row holds what is to be told and of which complaint or in which conversation, never an address or a text: both are
put together when the message is sent, so nothing of a reporter's lies here, and one who was erased is written to no
more. A message goes from queued to sending to sent, failed or maybe ("mungkin terkirim"): one that may have arrived is
never sent again by itself. `task` waits for a person, `cancelled` was overtaken by something newer or by a person, and
`nobody` says that there is no such contact. What becomes of it afterwards is in `register/message_fates.py`.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from register import sealed_json, tables
from register.complaint import Channel, Event, EventKind
from register.contact_index import ContactIndex
from register.due import is_due
from register.errors import KeyFileError
from register.limits import Limits
from register.notices import KEPT, State
from register.tables import Instant
from register.trail import among, portions

REPORTER = "pelapor"
SYSTEM = "sistem"
LONGEST_PAUSE = timedelta(hours=6)
"""No message is put off for longer, whatever a server asks for."""
CONVERSED = frozenset({Channel.WHATSAPP, Channel.FACEBOOK, Channel.INSTAGRAM, Channel.TELEGRAM, Channel.EMAIL})
"""Channels on which a reporter is answered where they wrote; the others are answered by e-mail, if they gave one."""
NEEDS_PEOPLE = frozenset({State.FAILED, State.MAYBE, State.TASK})
"""States that somebody of the office has to look at."""
_QUIET = frozenset({State.NOBODY, State.CANCELLED})
"""States that tell the trail nothing, unless a person chose them: nothing was sent, and nobody waits for it."""
_ENDED = NEEDS_PEOPLE | _QUIET | {State.SENT, State.DELIVERED, State.READ}


class MessageKind(StrEnum):
    """What a reporter is told. The value is also the code of its wording in the tab `Template Pesan`."""

    RECEIPT = "tanda_terima"
    FORGOTTEN = "tiket_terlupa"
    PROOF = "tautan_bukti"
    NEEDS_INFO = "permintaan_kelengkapan"
    DISPOSED = "pemberitahuan_disposisi"
    ANSWER = "penyelesaian"
    CLOSED = "penutupan"
    REFERRED = "bukan_kewenangan"
    ADDED = "keterangan_diterima"
    STATUS = "status"
    UNKNOWN_TICKET = "tiket_tidak_ditemukan"
    NEEDS_TEXT = "minta_uraian"
    """What they wrote is too thin to be a complaint."""
    COMMENT = "balasan_komentar"
    """Below a comment, for everybody to read: it has no field at all."""
    THANKS = "terima_kasih"


HAS_WINDOW = frozenset({MessageKind.NEEDS_INFO, MessageKind.ANSWER})
"""What gives the reporter a time: it does not end by itself before they were told."""
_KEPT_WITH_WINDOW = timedelta(days=365)

MESSAGE_LABELS: Mapping[MessageKind, str] = {
    MessageKind.RECEIPT: "tanda terima",
    MessageKind.FORGOTTEN: "nomor tiket yang terlupa",
    MessageKind.PROOF: "tautan untuk menanggapi",
    MessageKind.NEEDS_INFO: "permintaan kelengkapan",
    MessageKind.DISPOSED: "pemberitahuan disposisi",
    MessageKind.ANSWER: "balasan",
    MessageKind.CLOSED: "pemberitahuan penutupan",
    MessageKind.REFERRED: "rujukan ke instansi lain",
    MessageKind.ADDED: "keterangan diterima",
    MessageKind.STATUS: "jawaban atas pertanyaan status",
    MessageKind.UNKNOWN_TICKET: "tiket tidak ditemukan",
    MessageKind.NEEDS_TEXT: "permintaan uraian",
    MessageKind.COMMENT: "balasan terbuka pada komentar",
    MessageKind.THANKS: "ucapan terima kasih",
}


@dataclass(frozen=True)
class ReporterMessage:
    """
    One message.

    Args:
        ticket: Of the complaint; empty for one that is about none, or that goes to every complaint of a contact.
        contact: That contact's digest (`ContactIndex.contact_digest`), otherwise empty.
        language: `id` or `en`; of somebody who wrote on a channel, their conversation knows better.
        channel: How it goes to them; `email` is the address of the complaint unless it came by e-mail itself.
        conversation: To whom it goes if not to the reporter of the complaint; 0 otherwise.
        mark: Tells apart what may be told again, such as the instant of a reply. Nothing is told twice with the same
            kind, ticket, conversation and mark.
        decided: Whether somebody of the office decided on it, such as to send it again.
    """

    kind: MessageKind
    ticket: str = ""
    contact: str = ""
    language: str = "id"
    channel: Channel = Channel.EMAIL
    conversation: int = 0
    mark: str = ""
    id: int = 0
    attempts: int = 0
    decided: bool = False


class ReporterMessages(ContactIndex, Limits):
    """The queue. One sender at a time works it off (`hold_lease`)."""

    def queue_message(self, message: ReporterMessage, now: datetime) -> None:
        """Commit that it is to be sent; without a mark it is told however often it is asked for."""
        asked = message if message.mark else replace(message, mark=secrets.token_hex(8))
        with self._write() as connection:
            self._queue_messages(connection, [asked], now)

    def _queue_messages(self, connection: sa.Connection, messages: Iterable[ReporterMessage], now: datetime) -> None:
        """Queue them in the transaction of what they tell; what was told before is left out."""
        rows = [_values(message, now) for message in messages]
        if rows:
            connection.execute(self._insert(tables.outbox).on_conflict_do_nothing(), rows)

    def _queue_told(self, connection: sa.Connection, told: Sequence[tuple[ReporterMessage, datetime]]) -> None:
        """Likewise, of the complaints whose reporter can be told anything; each from its own instant on."""
        if not told:
            return
        reachable = self._reachable(connection, {message.ticket for message, _ in told})
        for message, at in told:
            if message.ticket in reachable:
                self._queue_messages(connection, [message], at)

    def _reachable(self, connection: sa.Connection, tickets: Collection[str]) -> set[str]:
        """Those that came by a channel on which one answers, or that have an e-mail address."""
        table, keys, found = tables.complaints, self._keys(connection, tickets), set()
        query = sa.select(table.c.ticket, table.c.channel, table.c.sealed_intake).where(among(table.c.ticket))
        for some in portions(keys):
            for row in connection.execute(query, {"tickets": some}):
                if row.channel in CONVERSED or self._has_address(keys[row.ticket], row.ticket, row.sealed_intake):
                    found.add(row.ticket)
        return found

    def _has_address(self, key: bytes, ticket: str, sealed: bytes) -> bool:
        try:
            return bool(sealed_json.load_intake(self._open(key, ticket, "intake", sealed)).email)
        except KeyFileError:  # it was changed outside; whoever verifies learns of it
            return False

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
        return message_of(row, row.attempts + 1)

    def waiting_with(self, message: ReporterMessage, most: int) -> list[ReporterMessage]:
        """Others that wait to tell the same by the same channel, oldest first; not those that pages asked for."""
        table = tables.outbox
        same = [table.c.kind == message.kind.value, table.c.channel == message.channel.value]
        query = sa.select(table).where(table.c.state == State.QUEUED.value, table.c.mark == message.mark, *same)
        with self._read() as connection:
            rows = connection.execute(query.order_by(table.c.created_at, table.c.id).limit(most)).all()
        return [message_of(row, row.attempts) for row in rows]

    def claim_along(self, messages: Iterable[ReporterMessage], now: datetime) -> list[ReporterMessage]:
        """Those of them that still wait; they are being sent from here on, together with another one."""
        table = tables.outbox
        wanted = sa.select(table).where(table.c.id.in_([message.id for message in messages]))
        with self._write() as connection:
            rows = connection.execute(wanted.where(table.c.state == State.QUEUED.value).with_for_update()).all()
            values = {"state": State.SENDING.value, "attempts": table.c.attempts + 1, "changed_at": now}
            connection.execute(table.update().where(table.c.id.in_([row.id for row in rows])).values(**values))
        return [message_of(row, row.attempts + 1) for row in rows]

    def settle_message(
        self,
        message: ReporterMessage,
        state: State,
        now: datetime,
        problem: str = "",
        *,
        channel: Channel | None = None,
        proof: str = "",
    ) -> None:
        """
        The message is sent, failed, in doubt, a task, overtaken, or has nobody to go to; its complaint's trail says so.

        Args:
            channel: By which it went, if that is another than it was queued for.
            proof: The id that the channel gave it: kept sealed in the trail, as the SOP's electronic proof.
        """
        with self._write() as connection:
            went = replace(message, channel=channel or message.channel)
            self._settle_message(connection, went, state, now, problem, proof=proof)
            self._drop_old_messages(connection, now)

    def _drop_old_messages(self, connection: sa.Connection, now: datetime) -> None:
        table = tables.outbox
        ended = table.c.state.in_([each.value for each in _ENDED])
        window = table.c.kind.in_([each.value for each in HAS_WINDOW])
        old = sa.or_(table.c.changed_at < now - _KEPT_WITH_WINDOW, sa.not_(window))
        connection.execute(table.delete().where(ended, table.c.changed_at < now - KEPT, old))

    def message_later(
        self, message: ReporterMessage, now: datetime, at: datetime, problem: str, *, tried: bool = True
    ) -> None:
        """The message is queued once more, for later; one that was not even `tried` keeps its attempts."""
        table = tables.outbox
        values = {
            "state": State.QUEUED.value,
            "due_at": at,
            "changed_at": now,
            "problem": problem,
            "attempts": message.attempts if tried else message.attempts - 1,
        }
        with self._write() as connection:
            connection.execute(table.update().where(table.c.id == message.id).values(**values))

    def expand_message(self, message: ReporterMessage, tickets: Iterable[str], now: datetime) -> None:
        """In place of a message to a contact, queue one for each of these complaints; where there are none, none."""
        table = tables.outbox
        with self._write() as connection:
            connection.execute(table.delete().where(table.c.id == message.id))
            self._queue_messages(connection, [replace(message, ticket=ticket) for ticket in tickets], now)

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
                self._settle_message(connection, message_of(row, row.attempts), State.MAYBE, now, problem)
        return len(rows)

    def undelivered_messages(self, since: datetime) -> list[tuple[ReporterMessage, State, datetime, str]]:
        """Messages since then that people must look at (`NEEDS_PEOPLE`): state, instant and reason; oldest first."""
        table = tables.outbox
        wrong = [state.value for state in NEEDS_PEOPLE]
        query = sa.select(table).where(table.c.state.in_(wrong), table.c.changed_at >= since)
        with self._read() as connection:
            rows = connection.execute(query.order_by(table.c.changed_at, table.c.id)).all()
        return [(message_of(row, row.attempts), State(row.state), row.changed_at, row.problem) for row in rows]

    def _settle_message(
        self,
        connection: sa.Connection,
        message: ReporterMessage,
        state: State,
        now: datetime,
        problem: str,
        *,
        proof: str = "",
        by: str = SYSTEM,
    ) -> None:
        table = tables.outbox
        values: dict[str, Any] = {"state": state.value, "changed_at": now, "problem": problem}
        values["channel"] = message.channel.value
        if proof:
            values["proof_digest"] = self._proof_digest(message.channel, proof)
        if state in NEEDS_PEOPLE:
            values["shown_at"] = sa.func.coalesce(table.c.shown_at, sa.literal(now, Instant()))
        connection.execute(table.update().where(table.c.id == message.id).values(**values))
        if message.ticket and (state not in _QUIET or by != SYSTEM):
            self._append(connection, self._told_entry(connection, message, state, now, proof, by))

    def _told_entry(
        self, connection: sa.Connection, message: ReporterMessage, state: State, now: datetime, proof: str, by: str
    ) -> list[dict[str, Any]]:
        """What the trail tells; the proof goes with the complaint's key, and so is not kept once that was destroyed."""
        told = {"rung": message.kind.value, "person": REPORTER, "state": state.value, "channel": message.channel.value}
        key = self._key(connection, message.ticket) if proof else None
        secret = {"proof": proof} if key is not None else {}
        return self._drawn_up(message.ticket, key, [Event(EventKind.NOTIFIED, now, by, told, secret)])

    def _proof_digest(self, channel: Channel, proof: str) -> str:
        return self._keyring.digest("proof", channel.value, proof)


def _next(now: datetime) -> sa.Select[Any]:
    table = tables.outbox
    query = sa.select(table).where(table.c.state == State.QUEUED.value)
    query = query.where(is_due(table.c.due_at, now, LONGEST_PAUSE))
    return query.order_by(table.c.due_at, table.c.id).limit(1)


def _values(message: ReporterMessage, now: datetime) -> dict[str, Any]:
    return {
        "kind": message.kind.value,
        "ticket": message.ticket,
        "conversation": message.conversation,
        "mark": message.mark,
        "contact": message.contact,
        "language": message.language,
        "channel": message.channel.value,
        "state": State.QUEUED.value,
        "created_at": now,
        "due_at": now,
        "changed_at": now,
        "attempts": 0,
        "problem": "",
        "decision": "",
        "note": "",
    }


def message_of(row: sa.Row[Any], attempts: int) -> ReporterMessage:
    """A row of the outbox as its message."""
    return ReporterMessage(
        kind=MessageKind(row.kind),
        ticket=row.ticket,
        contact=row.contact,
        language=row.language,
        channel=Channel(row.channel),
        conversation=row.conversation,
        mark=row.mark,
        id=row.id,
        attempts=attempts,
        decided=row.decision != "",
    )
