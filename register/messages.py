"""
What people write to the office by channels, kept once each.

A message lies sealed with its conversation's key until it is decided on; then its words live on in the complaint,
sealed with the complaint's key, and here only the row stays, so that the message is known when it is delivered again.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from register.inbound import Address, Means, Media, Message, Report, Update, shortened
from register.message_fates import MessageFates
from register.sealed_messages import (
    CONVERSATIONS,
    FILES,
    GROUPS,
    MESSAGES,
    PEOPLE,
    FileState,
    GroupState,
    SealedMessages,
    bound,
    dump_values,
)
from register.trail import portions

LONGEST_TEXT = 50_000
"""Letters that are kept of one message; the delivery has all of it for a month."""
LONGEST_NAME = 500
MOST_FILES = 20
OLDEST, AHEAD = timedelta(days=30), timedelta(minutes=5)
"""A message that says it is older than this is taken to be as old; and no clock of a channel is further ahead."""


class Messages(SealedMessages, MessageFates):
    """Messages as they come in; the same code on SQLite and PostgreSQL."""

    def _take_messages(self, connection: sa.Connection, updates: Sequence[Update], delivery: int, now: datetime) -> int:
        """
        Keep what was read from a delivery, in the transaction that settles it. Returns: how many messages are new.

        The same message again changes nothing; an edit replaces what is not decided on yet and is an addition
        afterwards; one that was taken back before it was decided on leaves no word behind.
        """
        messages = [_whole(update) for update in updates if isinstance(update, Message)]
        self._hold_conversations_of(connection, messages)
        count = sum(self._take_message(connection, message, delivery, now) for message in messages)
        for update in updates:  # last, as these lock the trail's end, which others may hold while they wait for ours
            if isinstance(update, Report):
                self._message_reported(connection, update, now)
        return count

    def _hold_conversations_of(self, connection: sa.Connection, messages: Sequence[Message]) -> None:
        """All at once, as they may come in any order; once more if some became part of others meanwhile."""
        if self._engine.dialect.name == "sqlite":
            return  # it has one writer at a time anyway
        held: set[int] = set()
        people = {self._writer_digest(message) for message in messages}
        known = {self._message_digest(message) for message in messages}
        while wanted := self._conversations_with(connection, people, known) - held:
            self._hold_all(connection, wanted)
            held |= wanted

    def _conversations_with(self, connection: sa.Connection, people: set[str], known: set[str]) -> set[int]:
        found: set[int] = set()
        for table, digests in ((PEOPLE, people), (MESSAGES, known)):
            for some in portions(digests):
                query = sa.select(table.c.conversation).where(table.c.digest.in_(some))
                found.update(number for number in connection.execute(query).scalars() if number is not None)
        return found

    def _writer_digest(self, message: Message) -> str:
        """Of who wrote it; where a comment's author is not told, it is somebody of its own."""
        return self._person_digest(message.address, message.address.person or f"comment:{message.id}")

    def _take_message(self, connection: sa.Connection, message: Message, delivery: int, now: datetime) -> int:
        digest = self._message_digest(message)
        known = _with_group(MESSAGES.c.digest == digest).with_for_update(of=MESSAGES)
        row = connection.execute(known).one_or_none()
        if row is None:
            if message.means is Means.REMOVED:
                self._insert_message(connection, None, digest, message, delivery, now)
                return 0
            self._keep_message(connection, digest, message, delivery, now)
            return 1
        if message.means is Means.EDITED:
            return self._edit_message(connection, row, message, delivery, now)
        if message.means is Means.REMOVED and _undecided(row):
            self._drop_message(connection, row, now)
        return 0

    def _edit_message(
        self, connection: sa.Connection, row: sa.Row[Any], message: Message, delivery: int, now: datetime
    ) -> int:
        text_digest = self._keyring.digest("text", message.text)
        if text_digest == row.text_digest or (row.sealed is None and row.group_id is None):
            return 0  # nothing new, or taken back
        if _undecided(row):
            if message.at >= row.edited_at:
                sealed = self._sealed_message(connection, row.conversation, row.digest, message)
                values = {"sealed": sealed, "text_digest": text_digest, "edited_at": message.at}
                connection.execute(MESSAGES.update().where(MESSAGES.c.id == row.id).values(**values))
                self._unbox(connection, row, now)
                self._wake(connection, row.conversation, now)
            return 0
        digest = self._keyring.digest("message", row.digest, message.text)
        if connection.execute(sa.select(MESSAGES.c.id).where(MESSAGES.c.digest == digest)).first() is None:
            self._keep_message(connection, digest, replace(message, media=()), delivery, now)
            return 1
        return 0

    def _drop_message(self, connection: sa.Connection, row: sa.Row[Any], now: datetime) -> None:
        connection.execute(MESSAGES.update().where(MESSAGES.c.id == row.id).values(sealed=None))
        dropped = FILES.update().where(FILES.c.message == row.id, FILES.c.state == FileState.WAITING.value)
        connection.execute(dropped.values(state=FileState.LOST.value, code="removed", sealed=None))
        self._unbox(connection, row, now)
        self._wake(connection, row.conversation, now)

    def _unbox(self, connection: sa.Connection, row: sa.Row[Any], now: datetime) -> None:
        """Messages that waited for staff are decided on anew, as one of them has changed."""
        if row.group_state != GroupState.BOXED.value:
            return
        connection.execute(MESSAGES.update().where(MESSAGES.c.group_id == row.group_id).values(group_id=None))
        note = "Diubah atau dihapus pengirimnya; bila masih ada isinya, pesan itu diperiksa lagi."
        self._set_group(connection, row.group_id, now, state=GroupState.DONE.value, note=note)

    # -- keeping --------------------------------------------------------------------------------------------------

    def _keep_message(
        self, connection: sa.Connection, digest: str, message: Message, delivery: int, now: datetime
    ) -> None:
        conversation = self._conversation_for(connection, message, now)
        made = self._insert_message(connection, conversation, digest, message, delivery, now)
        files = [
            {
                "message": made,
                "state": FileState.WAITING.value,
                "code": "",
                "attempts": 0,
                "try_at": now,
                "sealed": self._sealed_in(connection, conversation, f"file|{digest}", asdict(media)),
            }
            for media in message.media[:MOST_FILES]
        ]
        if files:
            connection.execute(FILES.insert(), files)

    def _insert_message(
        self,
        connection: sa.Connection,
        conversation: int | None,
        digest: str,
        message: Message,
        delivery: int,
        now: datetime,
    ) -> int:
        """Without a conversation only that the message is known, and taken back."""
        at = max(min(message.at, now + AHEAD), now - OLDEST)
        values = {
            "digest": digest,
            "conversation": conversation,
            "group_id": None,
            "delivery": delivery,
            "at": at,
            "received_at": now,
            "edited_at": at,
            "text_digest": self._keyring.digest("text", message.text),
            "sealed": self._sealed_message(connection, conversation, digest, message) if conversation else None,
        }
        return int(connection.execute(MESSAGES.insert().values(**values).returning(MESSAGES.c.id)).scalar_one())

    def _conversation_for(self, connection: sa.Connection, message: Message, now: datetime) -> int:
        """The conversation of whoever wrote it, brought up to date, or a new one."""
        digest = self._writer_digest(message)
        found = self._conversation_of_person(connection, digest)
        if found is None:
            begun = self._begin_conversation(connection, message.address, now)
            found = self._name_person(connection, digest, begun)
            if found != begun:
                connection.execute(CONVERSATIONS.delete().where(CONVERSATIONS.c.id == begun))
        row = self._held(connection, found)
        if message.answerable:
            values = self._heard(row, self._address(row), message, now)
            connection.execute(CONVERSATIONS.update().where(CONVERSATIONS.c.id == row.id).values(**values))
        self._wake(connection, row.id, now)
        return int(row.id)

    def _begin_conversation(self, connection: sa.Connection, address: Address, now: datetime) -> int:
        values = {
            "channel": address.channel.value,
            "begun_at": now,
            "changed_at": now,
            "privately_replied": False,
            "unreachable": False,
            "revision": 0,
            "attempts": 0,
        }
        insert = CONVERSATIONS.insert().values(**values).returning(CONVERSATIONS.c.id)
        made = int(connection.execute(insert).scalar_one())
        key = self._keyring.new_wrapped_key(bound(made))
        sealed = self._keyring.seal(key, bound(made), "address", dump_values(asdict(address)))
        changed = CONVERSATIONS.update().where(CONVERSATIONS.c.id == made)
        connection.execute(changed.values(wrapped_key=key, sealed=sealed))
        return made

    def _heard(self, row: sa.Row[Any], known: Address, message: Message, now: datetime) -> dict[str, Any]:
        """What a message makes of its conversation. One that comes late moves nothing back."""
        at, address = min(message.at, now), message.address
        values: dict[str, Any] = {"unreachable": False, "changed_at": now}
        if message.public:
            if row.commented_at is not None and row.commented_at > at:
                return values
            values |= {"commented_at": at, "privately_replied": row.privately_replied and at == row.commented_at}
            if row.last_in_at is not None:  # we may write to them as the one who wrote to us
                address = replace(known, comment=address.comment, thread=address.thread)
        else:
            if row.last_in_at is not None and row.last_in_at > at:
                return values
            values["last_in_at"] = at
            address = replace(address, comment=known.comment, name=address.name or known.name)
        sealed = self._keyring.seal(row.wrapped_key, bound(row.id), "address", dump_values(asdict(address)))
        return values | {"sealed": sealed}

    def _wake(self, connection: sa.Connection, conversation: int, now: datetime) -> None:
        """It is to be decided on; whoever decides just now learns that something came."""
        values = {"decide_at": now, "revision": CONVERSATIONS.c.revision + 1, "attempts": 0}
        connection.execute(CONVERSATIONS.update().where(CONVERSATIONS.c.id == conversation).values(**values))

    def _set_group(self, connection: sa.Connection, group: int, now: datetime, **values: Any) -> None:
        """Change a group; its revision grows, so that whoever shows groups sees that one has changed."""
        newest = sa.select(sa.func.coalesce(sa.func.max(GROUPS.c.revision), 0) + 1).scalar_subquery()
        values |= {"changed_at": now, "revision": newest}
        connection.execute(GROUPS.update().where(GROUPS.c.id == group).values(**values))


def _with_group(condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    joined = sa.outerjoin(MESSAGES, GROUPS, GROUPS.c.id == MESSAGES.c.group_id)
    return sa.select(MESSAGES, GROUPS.c.state.label("group_state")).select_from(joined).where(condition)


def _undecided(row: sa.Row[Any]) -> bool:
    """Whether nobody has decided on a message yet, neither the program nor staff."""
    return row.sealed is not None and row.group_state in (None, GroupState.BOXED.value)


def _whole(message: Message) -> Message:
    """The message as it can be kept: halves of letters replaced, and no longer than somebody would read."""
    address = message.address
    return replace(
        message,
        id=_storable(message.id),
        address=replace(
            address,
            account=_storable(address.account)[:LONGEST_NAME],
            person=_storable(address.person)[:LONGEST_NAME],
            comment=_storable(address.comment)[:LONGEST_NAME],
            thread=_storable(address.thread)[:LONGEST_TEXT],
            name=_storable(address.name)[:LONGEST_NAME],
            phone=_storable(address.phone)[:LONGEST_NAME],
        ),
        text=shortened(_storable(message.text), LONGEST_TEXT),
        subject=_storable(message.subject)[:LONGEST_NAME],
        unsupported=_storable(message.unsupported)[:LONGEST_NAME],
        media=tuple(Media(**{key: _storable(text) for key, text in asdict(each).items()}) for each in message.media),
    )


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
