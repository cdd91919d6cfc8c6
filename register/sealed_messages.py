"""
Messages as they lie in the database: sealed with the key of their conversation, which is wrapped in its row.

Names, addresses and where files can be fetched are sealed likewise. Everything is bound to its row, so that what is
moved to another one does not open.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from register import tables
from register.complaint import Channel
from register.errors import AduanError, ErasedError
from register.inbound import Address, Media, Message
from register.trail import Trail

MESSAGES, FILES, GROUPS = tables.messages, tables.message_files, tables.message_groups
CONVERSATIONS, PEOPLE = tables.conversations, tables.conversation_people
_SAID = ("text", "subject", "public", "answers", "automatic", "unanswered", "unsupported")


class ConversationNotFoundError(AduanError):
    """There is no conversation of that number."""

    code = "conversation_not_found"


class GroupState(StrEnum):
    """What became of messages that are taken together."""

    PLANNED = "planned"
    """It is decided what is done, and not yet sure that it was."""
    BOXED = "boxed"
    """Staff decide."""
    DONE = "done"


class FileState(StrEnum):
    """What became of a file that came with a message."""

    WAITING = "waiting"
    KEPT = "kept"
    REFUSED = "refused"
    LOST = "lost"


@dataclass(frozen=True)
class KeptMessage:
    """
    A message that is not decided on yet, opened.

    Args:
        digest: By what it is known, a keyed digest of the channel's own id.
        at: When it was written, as the channel says, whose clock may be some minutes ahead of `received_at`.
        comment: Id of the comment, where everybody can read it.
        files: How many came with it.
        mark: Differs once the text was edited.
        proven: Whether it is certain who wrote it. A channel vouches for that, but anybody may send a mail in anybody's
            name: it only is if it answers one that went to them (`undecided_messages` looks).
        answers, automatic, unanswered: As of `register.inbound.Message`.
    """

    id: int
    digest: str
    at: datetime
    received_at: datetime
    text: str = field(repr=False)
    address: Address = field(repr=False)
    subject: str = field(default="", repr=False)
    public: bool = False
    answers: str = ""
    automatic: bool = False
    unanswered: bool = False
    unsupported: str = ""
    files: int = 0
    mark: str = ""
    proven: bool = True

    @property
    def answerable(self) -> bool:
        """Whether a program may answer it."""
        return not (self.automatic or self.unanswered)


class SealedMessages(Trail):
    """
    Sealing and opening of what conversations hold.

    Whoever changes a conversation, its messages or its groups holds the conversation first (`_held`), so that none
    waits for another who waits for them, and nothing is sealed with the key of one that just became part of another.
    """

    def _conversation(self, connection: sa.Connection, number: int) -> sa.Row[Any]:
        """The row of a conversation, or of the one that it became part of. Raises: ConversationNotFoundError."""
        return self._followed(connection, number, sa.select(CONVERSATIONS))

    def _held(self, connection: sa.Connection, number: int) -> sa.Row[Any]:
        """Likewise, and nobody else changes it until the commit."""
        return self._followed(connection, number, sa.select(CONVERSATIONS).with_for_update())

    def _followed(self, connection: sa.Connection, number: int, query: sa.Select[Any]) -> sa.Row[Any]:
        for _ in range(20):
            row = connection.execute(query.where(CONVERSATIONS.c.id == number)).one_or_none()
            if row is None:
                break
            if row.merged_into is None:
                return row
            number = row.merged_into
        raise ConversationNotFoundError("Percakapan ini tidak ditemukan.", conversation=number)

    def _hold_all(self, connection: sa.Connection, numbers: Iterable[int]) -> None:
        """Hold several, the lowest number first, as everybody does who holds more than one."""
        for number in sorted(numbers):
            connection.execute(sa.select(CONVERSATIONS.c.id).where(CONVERSATIONS.c.id == number).with_for_update())

    def _conversation_of_person(self, connection: sa.Connection, digest: str) -> int | None:
        found: int | None = connection.execute(
            sa.select(PEOPLE.c.conversation).where(PEOPLE.c.digest == digest)
        ).scalar_one_or_none()
        return found

    def _name_person(self, connection: sa.Connection, digest: str, conversation: int) -> int:
        """Whose conversation that is from now on: this one's, or another's whom somebody else just gave it to."""
        made = self._insert(PEOPLE).values(digest=digest, conversation=conversation)
        connection.execute(made.on_conflict_do_nothing())
        return self._conversation_of_person(connection, digest) or conversation

    def _message_digest(self, message: Message) -> str:
        address = message.address
        return self._keyring.digest("message", address.channel.value, address.account, message.id)

    def _person_digest(self, address: Address, person: str) -> str:
        return self._keyring.digest("person", address.channel.value, address.account, person)

    def _address(self, row: sa.Row[Any]) -> Address:
        """Raises: ErasedError, KeyFileError."""
        if row.wrapped_key is None or row.sealed is None:
            raise ErasedError(f"Percakapan {row.id} sudah dihapus.", conversation=row.id)
        return self._opened_address(row.wrapped_key, row.id, row.sealed)

    def _opened_address(self, key: bytes, conversation: int, sealed: bytes) -> Address:
        return _address_of(json.loads(self._keyring.open(key, bound(conversation), "address", sealed)))

    def _conversation_key(self, connection: sa.Connection, conversation: int) -> bytes:
        query = sa.select(CONVERSATIONS.c.wrapped_key).where(CONVERSATIONS.c.id == conversation)
        key: bytes | None = connection.execute(query).scalar_one_or_none()
        if key is None:
            raise ErasedError(f"Percakapan {conversation} sudah dihapus.", conversation=conversation)
        return key

    def _sealed_in(
        self, connection: sa.Connection, conversation: int, purpose: str, values: Mapping[str, object]
    ) -> bytes:
        key = self._conversation_key(connection, conversation)
        return self._keyring.seal(key, bound(conversation), purpose, dump_values(values))

    def _sealed_message(self, connection: sa.Connection, conversation: int, digest: str, message: Message) -> bytes:
        values = {name: getattr(message, name) for name in _SAID} | {"address": asdict(message.address)}
        return self._sealed_in(connection, conversation, f"message|{digest}", values)

    def _opened_message(self, key: bytes, row: sa.Row[Any], files: int) -> KeptMessage:
        purpose = f"message|{row.digest}"
        said = json.loads(self._keyring.open(key, bound(row.conversation), purpose, row.sealed))
        address = _address_of(said.pop("address"))
        return KeptMessage(
            row.id, row.digest, row.at, row.received_at, address=address, files=files, mark=row.text_digest, **said
        )

    def _opened_media(self, key: bytes, conversation: int, digest: str, sealed: bytes) -> Media:
        return Media(**json.loads(self._keyring.open(key, bound(conversation), f"file|{digest}", sealed)))


def bound(conversation: int) -> str:
    """What a conversation's key is bound to."""
    return f"conversation:{conversation}"


def _address_of(values: Mapping[str, Any]) -> Address:
    return Address(**{**values, "channel": Channel(values["channel"])})


def dump_values(values: Mapping[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
