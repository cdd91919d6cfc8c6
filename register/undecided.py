"""Which conversations are to be decided on, and the messages in them that nobody has decided on yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from register.complaint import Channel
from register.conversations import PORTION, Conversations
from register.due import is_due
from register.errors import ErasedError
from register.sealed_messages import CONVERSATIONS, FILES, MESSAGES, KeptMessage

LONGEST_PAUSE = timedelta(hours=25)
"""No conversation is put off for longer: a message that says too little waits a day for more."""


@dataclass(frozen=True)
class Deciding:
    """A conversation that is to be decided on, as it was when that was asked for."""

    conversation: int
    revision: int
    attempts: int


@dataclass(frozen=True)
class Undecided:
    """What there is to decide of a conversation. `asked_at`: when they were last asked to tell more."""

    channel: Channel
    messages: tuple[KeptMessage, ...]
    asked_at: datetime | None = None


class UndecidedMessages(Conversations):
    """Asked by conversation."""

    def conversations_to_decide(self, now: datetime, limit: int) -> list[Deciding]:
        """Those whose time has come, the longest waiting first."""
        table = CONVERSATIONS
        due = is_due(table.c.decide_at, now, LONGEST_PAUSE)
        query = sa.select(table.c.id, table.c.revision, table.c.attempts).where(due)
        with self._read() as connection:
            rows = connection.execute(query.order_by(table.c.decide_at, table.c.id).limit(limit)).all()
        return [Deciding(row.id, row.revision, row.attempts) for row in rows]

    def conversation_later(self, deciding: Deciding, at: datetime | None, *, failed: bool = False) -> None:
        """Look at it again then, or once something comes; nothing changes if something has come since it was read."""
        table = CONVERSATIONS
        same = sa.and_(table.c.id == deciding.conversation, table.c.revision == deciding.revision)
        attempts = deciding.attempts + 1 if failed else 0
        with self._write() as connection:
            connection.execute(table.update().where(same).values(decide_at=at, attempts=attempts))

    def note_asked(self, conversation: int, now: datetime) -> None:
        """They were asked to tell more."""
        with self._write() as connection:
            row = self._held(connection, conversation)
            connection.execute(CONVERSATIONS.update().where(CONVERSATIONS.c.id == row.id).values(asked_at=now))

    def undecided_messages(self, conversation: int) -> Undecided:
        """
        What nobody has decided on yet, oldest first; messages of one second in the order in which they came.

        Raises: ConversationNotFoundError; ErasedError; KeyFileError.
        """
        with self._read() as connection:
            row = self._conversation(connection, conversation)
            waiting = sa.and_(MESSAGES.c.conversation == row.id, MESSAGES.c.group_id.is_(None))
            messages = self._opened_messages(connection, row.id, waiting)
            looked_at = tuple(self._proved(connection, row.id, message) for message in messages)
        return Undecided(Channel(row.channel), looked_at, row.asked_at)

    def _proved(self, connection: sa.Connection, conversation: int, message: KeptMessage) -> KeptMessage:
        """A mail proves who wrote it by the id of one of ours, which nobody can guess who did not get that."""
        address = message.address
        if address.channel is not Channel.EMAIL:
            return message
        return replace(message, proven=self._went_to(connection, conversation, address.channel, address.thread.split()))

    def _opened_messages(
        self, connection: sa.Connection, conversation: int, condition: sa.ColumnElement[bool]
    ) -> tuple[KeptMessage, ...]:
        query = sa.select(MESSAGES).where(condition, MESSAGES.c.sealed.is_not(None))
        rows = connection.execute(query.order_by(MESSAGES.c.at, MESSAGES.c.id)).all()
        if not rows:
            return ()
        key = self._conversation_key(connection, conversation)
        return self._all_opened(key, conversation, rows, self._file_counts(connection, rows))

    def _all_opened(
        self, key: bytes | None, conversation: int, rows: Sequence[sa.Row[Any]], counts: Mapping[int, int]
    ) -> tuple[KeptMessage, ...]:
        if rows and key is None:
            raise ErasedError(f"Percakapan {conversation} sudah dihapus.", conversation=conversation)
        return tuple(self._opened_message(key, row, counts.get(row.id, 0)) for row in rows if key is not None)

    def _file_counts(self, connection: sa.Connection, rows: Sequence[sa.Row[Any]]) -> dict[int, int]:
        found: dict[int, int] = {}
        for start in range(0, len(rows), PORTION):
            mine = FILES.c.message.in_([row.id for row in rows[start : start + PORTION]])
            query = sa.select(FILES.c.message, sa.func.count()).where(mine).group_by(FILES.c.message)
            found |= {row[0]: row[1] for row in connection.execute(query)}
        return found
