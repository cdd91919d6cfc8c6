"""
Who writes to the office by channels, how they are answered, and which complaints they write about.

Names and addresses lie sealed with the conversation's own key; people are found by keyed digests. A complaint belongs
to the conversation it came from (`own`) and is answered there alone; from another conversation staff alone add to it
(they join it), and it learns nothing of it: it may be somebody else's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from register import tables
from register.complaint import Channel
from register.errors import ErasedError
from register.inbound import Address, Contact
from register.memory import check_aware
from register.messages import Messages
from register.notices import State
from register.reporter_messages import MessageKind, ReporterMessage
from register.sealed_messages import (
    CONVERSATIONS,
    FILES,
    GROUPS,
    MESSAGES,
    PEOPLE,
    GroupState,
    bound,
    dump_values,
)

LINKS = tables.conversation_tickets
PORTION = 500
"""As many rows are asked for by their numbers at once."""


@dataclass(frozen=True)
class Link:
    """A complaint that a conversation is about. `own`: it came from there."""

    ticket: str
    own: bool
    at: datetime


class Conversations(Messages):
    """Conversations and their complaints; the same code on SQLite and PostgreSQL."""

    # -- answering ------------------------------------------------------------------------------------------------

    def contact(self, conversation: int) -> Contact:
        """
        How somebody can be answered where they wrote.

        Raises: ConversationNotFoundError; ErasedError; KeyFileError.
        """
        with self._read() as connection:
            return self._contact(self._conversation(connection, conversation))

    def contact_of(self, ticket: str) -> Contact | None:
        """How the reporter of a complaint is answered that came by a channel; None if it did not, or was erased."""
        query = sa.select(LINKS.c.conversation).where(LINKS.c.ticket == ticket, LINKS.c.own)
        with self._read() as connection:
            found = connection.execute(query.order_by(LINKS.c.at, LINKS.c.conversation)).scalars().first()
            if found is None:
                return None
            try:
                return self._contact(self._conversation(connection, found))
            except ErasedError:
                return None

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
        """
        They were written to: these messages went as one. All of that is noted, or nothing.

        Args:
            proof: The id that the channel gave it.
            comment: The comment whose one private reply that used up; empty if it did not.
            person: By what the channel knows whom it reached, if it told.
        """
        with self._write() as connection:
            row = self._conversation(connection, conversation)
            if row.wrapped_key is not None:  # it may have been erased meanwhile
                self._note_answered(connection, conversation, now, comment, person)
            for message in messages:
                went = replace(message, channel=channel)
                self._settle_message(connection, went, State.SENT, now, "", proof=proof)
            self._wake_comments(connection, [each.ticket for each in messages if each.kind is MessageKind.RECEIPT], now)
            self._drop_old_messages(connection, now)

    def _wake_comments(self, connection: sa.Connection, tickets: Sequence[str], now: datetime) -> None:
        """What is told below comments waits for the receipt of which it tells."""
        table = tables.outbox
        mine = sa.and_(table.c.kind == MessageKind.COMMENT.value, table.c.ticket.in_(tickets))
        connection.execute(table.update().where(mine, table.c.state == State.QUEUED.value).values(due_at=now))

    def _note_answered(
        self, connection: sa.Connection, conversation: int, now: datetime, comment: str, person: str
    ) -> None:
        if person:
            self._same_person(connection, conversation, person, now)
        row = self._held(connection, conversation)
        values: dict[str, Any] = {"answered_at": now, "changed_at": now}
        if comment and self._address(row).comment == comment:  # a newer one has a private reply of its own
            values["privately_replied"] = True
        connection.execute(CONVERSATIONS.update().where(CONVERSATIONS.c.id == row.id).values(**values))

    def note_unreachable(self, conversation: int, now: datetime) -> None:
        """They blocked us or cannot be reached any more, until they write again."""
        with self._write() as connection:
            row = self._held(connection, conversation)
            values = {"unreachable": True, "changed_at": now}
            connection.execute(CONVERSATIONS.update().where(CONVERSATIONS.c.id == row.id).values(**values))

    def same_person(self, conversation: int, person: str, now: datetime) -> None:
        """
        The channel knows whoever writes there by this name, too, as the PSID of a comment's author.

        Where that name has a conversation of its own already, it becomes part of this one.
        """
        with self._write() as connection:
            self._same_person(connection, conversation, person, now)

    def erase_conversation(self, conversation: int, now: datetime) -> None:
        """Destroy its key: its messages, names and addresses are gone for good (UU 27/2022); who wrote is unknown."""
        with self._write() as connection:
            row = self._held(connection, conversation)
            gone = {"wrapped_key": None, "sealed": None, "decide_at": None, "changed_at": now}
            connection.execute(CONVERSATIONS.update().where(CONVERSATIONS.c.id == row.id).values(**gone))
            connection.execute(PEOPLE.delete().where(PEOPLE.c.conversation == row.id))
            mine = sa.select(MESSAGES.c.id).where(MESSAGES.c.conversation == row.id)
            connection.execute(FILES.update().where(FILES.c.message.in_(mine)).values(sealed=None))
            connection.execute(MESSAGES.update().where(MESSAGES.c.conversation == row.id).values(sealed=None))
            waiting = sa.and_(GROUPS.c.conversation == row.id, GROUPS.c.state == GroupState.BOXED.value)
            for group in connection.execute(sa.select(GROUPS.c.id).where(waiting)).scalars().all():
                self._set_group(connection, group, now, state=GroupState.DONE.value, note="Dihapus.")

    # -- complaints -----------------------------------------------------------------------------------------------

    def links_of_conversation(self, conversation: int) -> list[Link]:
        """The complaints that it is about, the newest first."""
        with self._read() as connection:
            mine = self._conversation(connection, conversation).id
            query = sa.select(LINKS).where(LINKS.c.conversation == mine).order_by(LINKS.c.at.desc(), LINKS.c.ticket)
            return [Link(row.ticket, row.own, row.at) for row in connection.execute(query)]

    def own_of_conversations(self, conversations: Iterable[int]) -> dict[int, list[str]]:
        """The tickets of the complaints that came from each of these, as many conversations as there are at once."""
        found: dict[int, list[str]] = {}
        mine = sorted(set(conversations))
        with self._read() as connection:
            for start in range(0, len(mine), PORTION):
                some = LINKS.c.conversation.in_(mine[start : start + PORTION])
                query = sa.select(LINKS.c.conversation, LINKS.c.ticket).where(some, LINKS.c.own)
                for row in connection.execute(query):
                    found.setdefault(row.conversation, []).append(row.ticket)
        return found

    def link_conversation(self, conversation: int, ticket: str, now: datetime) -> None:
        """Staff say that it is about this complaint; its own stays its own."""
        with self._write() as connection:
            self._link_conversation(connection, self._held(connection, conversation).id, ticket, now, own=False)

    def _link_conversation(
        self, connection: sa.Connection, conversation: int, ticket: str, now: datetime, *, own: bool
    ) -> None:
        made = self._insert(LINKS).values(ticket=ticket, conversation=conversation, own=own, at=now)
        connection.execute(made.on_conflict_do_nothing())

    def filed_under(self, key: str) -> str | None:
        """The ticket of the complaint that was accepted with this submission key, if one was."""
        table = tables.submissions
        digest = self._keyring.digest("submission", key)
        with self._read() as connection:
            found: str | None = connection.execute(
                sa.select(table.c.ticket).where(table.c.key == digest)
            ).scalar_one_or_none()
        return found

    # -- rows -----------------------------------------------------------------------------------------------------

    def _contact(self, row: sa.Row[Any]) -> Contact:
        return Contact(
            conversation=row.id,
            address=self._address(row),
            last_in_at=row.last_in_at,
            commented_at=row.commented_at,
            privately_replied=row.privately_replied,
            unreachable=row.unreachable,
        )

    def _same_person(self, connection: sa.Connection, conversation: int, person: str, now: datetime) -> None:
        check_aware(now)
        row = self._conversation(connection, conversation)
        digest = self._person_digest(self._address(row), person)
        self._hold_all(connection, {row.id, self._conversation_of_person(connection, digest) or row.id})
        row = self._held(connection, conversation)
        other = self._held(connection, self._name_person(connection, digest, row.id))
        if other.id != row.id:
            self._take_in(connection, other, row, now)
        self._put_address(connection, row, replace(self._address(row), person=person), now)

    def _put_address(self, connection: sa.Connection, row: sa.Row[Any], address: Address, now: datetime) -> None:
        sealed = self._keyring.seal(row.wrapped_key, bound(row.id), "address", dump_values(asdict(address)))
        changed = CONVERSATIONS.update().where(CONVERSATIONS.c.id == row.id)
        connection.execute(changed.values(sealed=sealed, changed_at=now))

    def _take_in(self, connection: sa.Connection, other: sa.Row[Any], into: sa.Row[Any], now: datetime) -> None:
        """All of another conversation becomes this one's: what is sealed is sealed anew, and its key is destroyed."""
        self._seal_anew(connection, other, into)
        for table in (PEOPLE, MESSAGES, GROUPS):
            mine = table.update().where(table.c.conversation == other.id)
            connection.execute(mine.values(conversation=into.id))
        for row in connection.execute(sa.select(LINKS).where(LINKS.c.conversation == other.id)).all():
            self._link_conversation(connection, into.id, row.ticket, row.at, own=row.own)
        connection.execute(LINKS.delete().where(LINKS.c.conversation == other.id))
        heard = {
            name: _latest(getattr(other, name), getattr(into, name))
            for name in ("last_in_at", "commented_at", "answered_at", "asked_at")
        }
        connection.execute(CONVERSATIONS.update().where(CONVERSATIONS.c.id == into.id).values(**heard))
        gone = {"wrapped_key": None, "sealed": None, "decide_at": None, "merged_into": into.id, "changed_at": now}
        connection.execute(CONVERSATIONS.update().where(CONVERSATIONS.c.id == other.id).values(**gone))
        self._wake(connection, into.id, now)

    def _seal_anew(self, connection: sa.Connection, other: sa.Row[Any], into: sa.Row[Any]) -> None:
        messages = sa.select(MESSAGES).where(MESSAGES.c.conversation == other.id)
        digests = {}
        for row in connection.execute(messages).all():
            digests[row.id] = row.digest
            if row.sealed is not None:
                sealed = self._moved(other, into, f"message|{row.digest}", row.sealed)
                connection.execute(MESSAGES.update().where(MESSAGES.c.id == row.id).values(sealed=sealed))
        mine = FILES.c.message.in_(messages.with_only_columns(MESSAGES.c.id))
        for row in connection.execute(sa.select(FILES).where(mine, FILES.c.sealed.is_not(None))).all():
            sealed = self._moved(other, into, f"file|{digests[row.message]}", row.sealed)
            connection.execute(FILES.update().where(FILES.c.id == row.id).values(sealed=sealed))

    def _moved(self, other: sa.Row[Any], into: sa.Row[Any], purpose: str, sealed: bytes) -> bytes:
        text = self._keyring.open(other.wrapped_key, bound(other.id), purpose, sealed)
        return self._keyring.seal(into.wrapped_key, bound(into.id), purpose, text)


def _latest(*instants: datetime | None) -> datetime | None:
    known: Sequence[datetime] = [at for at in instants if at is not None]
    return max(known, default=None)
