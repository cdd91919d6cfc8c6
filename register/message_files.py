"""Files that came with messages, from where the channel hands them out until they are attachments or are given up."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from register.complaint import Channel
from register.due import is_due
from register.errors import KeyFileError
from register.inbound import Media
from register.message_groups import Group, MessageGroups
from register.sealed_messages import CONVERSATIONS, FILES, GROUPS, MESSAGES, FileState, GroupState

LONGEST_PAUSE = timedelta(days=2)
"""Nobody puts off fetching a file for longer."""


@dataclass(frozen=True)
class WantedFile:
    """
    A file that came with a message and was not fetched yet.

    Args:
        message: Digest of the message.
        delivery: Number of the delivery that the message came with.
        ticket: The complaint that the message has gone into; empty while there is none.
    """

    id: int
    channel: Channel
    account: str
    media: Media = field(repr=False)
    message: str
    delivery: int
    attempts: int
    ticket: str = ""


class MessageFiles(MessageGroups):
    """Files to fetch; the same code on SQLite and PostgreSQL."""

    def files_to_fetch(self, now: datetime, limit: int) -> list[WantedFile]:
        """Those whose time has come, oldest first; what an erased conversation had is left out."""
        joined = sa.join(FILES, MESSAGES, MESSAGES.c.id == FILES.c.message)
        joined = sa.join(joined, CONVERSATIONS, CONVERSATIONS.c.id == MESSAGES.c.conversation)
        joined = sa.outerjoin(joined, GROUPS, GROUPS.c.id == MESSAGES.c.group_id)
        columns = (CONVERSATIONS.c.channel, CONVERSATIONS.c.wrapped_key, CONVERSATIONS.c.sealed.label("address"))
        told = (MESSAGES.c.digest, MESSAGES.c.delivery, GROUPS.c.state.label("group_state"), GROUPS.c.ticket)
        due = sa.and_(
            FILES.c.state == FileState.WAITING.value,
            is_due(FILES.c.try_at, now, LONGEST_PAUSE),
            FILES.c.sealed.is_not(None),
        )
        query = sa.select(FILES, CONVERSATIONS.c.id.label("conversation"), *columns, *told).select_from(joined)
        query = query.where(due, CONVERSATIONS.c.wrapped_key.is_not(None)).order_by(FILES.c.try_at, FILES.c.id)
        with self._read() as connection:
            rows = connection.execute(query.limit(limit)).all()
        return [wanted for row in rows if (wanted := self._wanted(row, now))]

    def _wanted(self, row: sa.Row[Any], now: datetime) -> WantedFile | None:
        """None for one that does not open, which is given up so that it does not stand before the others."""
        try:
            return self._opened_file(row)
        except KeyFileError:
            values = {"state": FileState.LOST.value, "code": "illegible", "try_at": now}
            with self._write() as connection:
                connection.execute(FILES.update().where(FILES.c.id == row.id).values(**values))
            return None

    def _opened_file(self, row: sa.Row[Any]) -> WantedFile:
        media = self._opened_media(row.wrapped_key, row.conversation, row.digest, row.sealed)
        ticket = row.ticket if row.group_state == GroupState.DONE.value else ""
        account = self._opened_address(row.wrapped_key, row.conversation, row.address).account
        return WantedFile(
            row.id, Channel(row.channel), account, media, row.digest, row.delivery, row.attempts, ticket or ""
        )

    def settle_file(self, wanted: WantedFile, state: FileState, now: datetime, *, code: str = "") -> None:
        """It is kept, refused or lost; where it was is forgotten."""
        values = {"state": state.value, "code": code[:40], "try_at": now, "sealed": None}
        with self._write() as connection:
            connection.execute(FILES.update().where(FILES.c.id == wanted.id).values(**values))

    def file_later(self, wanted: WantedFile, at: datetime, code: str) -> None:
        """It could not be had now."""
        values = {"attempts": wanted.attempts + 1, "try_at": at, "code": code[:40]}
        with self._write() as connection:
            connection.execute(FILES.update().where(FILES.c.id == wanted.id).values(**values))

    def files_waiting_with_messages(self) -> list[str]:
        """Digests of the messages that nobody has decided on and that have files, which must be held on to."""
        joined = sa.join(FILES, MESSAGES, MESSAGES.c.id == FILES.c.message)
        query = sa.select(MESSAGES.c.digest).select_from(joined)
        kept = sa.and_(FILES.c.state == FileState.KEPT.value, MESSAGES.c.sealed.is_not(None))
        with self._read() as connection:
            return list(connection.execute(query.where(kept).distinct()).scalars())

    def refused_files(self, group: Group) -> list[str]:
        """Codes of why files of its messages are not kept."""
        joined = sa.join(FILES, MESSAGES, MESSAGES.c.id == FILES.c.message)
        wrong = FILES.c.state.in_([FileState.REFUSED.value, FileState.LOST.value])
        query = sa.select(FILES.c.code).select_from(joined).where(MESSAGES.c.group_id == group.id, wrong)
        with self._read() as connection:
            return list(connection.execute(query.order_by(FILES.c.id)).scalars())
