"""
What is decided of messages: groups of them that are taken together, first planned, then done.

A plan is committed before anything is done about it, so that whatever is interrupted is done again with the very same
messages: none of them ever gets into two complaints. Words are dropped once they live on in a complaint.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from register import tables
from register.complaint import Channel
from register.conversations import PORTION
from register.errors import ErasedError, KeyFileError
from register.memory import check_aware
from register.sealed_messages import CONVERSATIONS, FILES, GROUPS, MESSAGES, FileState, GroupState, KeptMessage
from register.undecided import UndecidedMessages

SHOWN = timedelta(days=30)
"""How long the tray tells what came of a message that staff decided on."""

NUMBER_MARK = "M-"
"""Begins the number of messages, where those of complaints are register numbers and tickets."""


@dataclass(frozen=True)
class Group:
    """
    Messages that are taken together, and what is done about them.

    Args:
        deed: What is done, a code of the one who decides; `act`, `ticket`, `rating` say how.
        hint: For staff, why the program leaves it to them.
        note: For staff, what came of it.
        messages: As far as their words are still kept.
    """

    id: int
    conversation: int
    state: GroupState
    deed: str
    channel: Channel
    act: str = ""
    ticket: str = ""
    rating: int = 0
    hint: str = ""
    note: str = ""
    messages: tuple[KeptMessage, ...] = field(default=(), repr=False)

    @property
    def number(self) -> str:
        """As staff know it, such as `M-12`."""
        return f"{NUMBER_MARK}{self.id}"


class MessageGroups(UndecidedMessages):
    """Deciding on messages; the same code on SQLite and PostgreSQL."""

    def plan_messages(
        self,
        conversation: int,
        messages: Sequence[KeptMessage],
        deed: str,
        now: datetime,
        *,
        state: GroupState = GroupState.PLANNED,
        **how: Any,
    ) -> Group | None:
        """
        Commit what is decided of some messages, all or none.

        Args:
            state: `BOXED` leaves them to staff; `DONE` is for what needs no deed, and drops their words.
            how: `act`, `ticket`, `rating`, `hint`, `note` of the group.

        Returns: None if one of them is not as it was: edited, taken back, or decided on by somebody else.
        """
        check_aware(now)
        with self._write() as connection:
            row = self._held(connection, conversation)
            if not self._as_they_were(connection, messages):
                return None
            made = self._insert_group(connection, row.id, deed, now, state, how)
            mine = MESSAGES.c.id.in_([each.id for each in messages])
            connection.execute(MESSAGES.update().where(mine).values(group_id=made))
            if state is GroupState.DONE:
                self._drop_words(connection, made, how.get("ticket", ""))
        return Group(made, row.id, state, deed, Channel(row.channel), messages=tuple(messages), **how)

    def _as_they_were(self, connection: sa.Connection, messages: Sequence[KeptMessage]) -> bool:
        """Whether nothing was done with them since they were read. They are nobody else's until the commit."""
        query = sa.select(MESSAGES.c.id, MESSAGES.c.text_digest).where(
            MESSAGES.c.id.in_([each.id for each in messages]),
            MESSAGES.c.group_id.is_(None),
            MESSAGES.c.sealed.is_not(None),
        )
        rows = connection.execute(query.with_for_update()).all()
        return {(row.id, row.text_digest) for row in rows} == {(each.id, each.mark) for each in messages}

    def planned_groups(self, conversation: int) -> list[Group]:
        """What was decided and perhaps not done yet, oldest first."""
        with self._read() as connection:
            row = self._conversation(connection, conversation)
            mine = sa.and_(GROUPS.c.conversation == row.id, GROUPS.c.state == GroupState.PLANNED.value)
            return self._message_groups(connection, mine)

    def message_group(self, number: int) -> Group | None:
        """One group, or None."""
        with self._read() as connection:
            return next(iter(self._message_groups(connection, GROUPS.c.id == number)), None)

    def drop_plan(self, group: Group) -> None:
        """It cannot be done: its messages are to be decided on anew."""
        with self._write() as connection:
            self._held(connection, group.conversation)
            connection.execute(MESSAGES.update().where(MESSAGES.c.group_id == group.id).values(group_id=None))
            planned = sa.and_(GROUPS.c.id == group.id, GROUPS.c.state == GroupState.PLANNED.value)
            connection.execute(GROUPS.delete().where(planned))

    def replan_group(self, group: Group, deed: str, now: datetime, **how: Any) -> bool:
        """What was left to staff is to be done now. Returns: False if it is not theirs any more."""
        with self._write() as connection:
            conversation = self._held(connection, group.conversation)
            locked = sa.select(GROUPS.c.state).where(GROUPS.c.id == group.id).with_for_update()
            if connection.execute(locked).scalar_one_or_none() != GroupState.BOXED.value:
                return False
            self._set_group(connection, group.id, now, state=GroupState.PLANNED.value, deed=deed, **how)
            self._wake(connection, conversation.id, now)
        return True

    def box_group(self, group: Group, now: datetime, *, hint: str = "", note: str = "") -> None:
        """Leave it to staff after all."""
        with self._write() as connection:
            self._held(connection, group.conversation)
            how = {"hint": hint} if hint else {}
            self._set_group(connection, group.id, now, state=GroupState.BOXED.value, boxed=True, note=note, **how)

    def settle_group(self, group: Group, now: datetime, *, ticket: str = "", note: str = "") -> None:
        """It is done; the words of its messages are dropped."""
        with self._write() as connection:
            self._held(connection, group.conversation)
            self._set_group(connection, group.id, now, state=GroupState.DONE.value, ticket=ticket, note=note)
            self._drop_words(connection, group.id, ticket)

    def boxed_groups(self, most: int | None = None, *, after: int = 0) -> list[Group]:
        """
        What waits for staff, oldest first; without messages where they do not open.

        Args:
            most: As many at the most; None for all.
            after: Only those with a higher number.
        """
        waiting = sa.and_(GROUPS.c.state == GroupState.BOXED.value, GROUPS.c.id > after)
        with self._read() as connection:
            return self._message_groups(connection, waiting, lenient=True, most=most)

    def boxed_beside_secrets(self) -> dict[int, str]:
        """
        What waits for staff though whoever wrote it has a complaint of their own that is kept from the shared register.
        Returns: ticket of that complaint, by the group's id.
        """
        links, complaints, keys = tables.conversation_tickets, tables.complaints, tables.complaint_keys
        joined = (
            sa.join(GROUPS, links, sa.and_(links.c.conversation == GROUPS.c.conversation, links.c.own))
            .join(complaints, sa.and_(complaints.c.ticket == links.c.ticket, complaints.c.restricted))
            .join(keys, keys.c.ticket == links.c.ticket)  # nothing is added to what was erased
        )
        query = sa.select(GROUPS.c.id, links.c.ticket).select_from(joined)
        waiting = query.where(GROUPS.c.state == GroupState.BOXED.value).order_by(links.c.at, links.c.ticket)
        with self._read() as connection:
            return {row.id: row.ticket for row in connection.execute(waiting)}

    def groups_once_boxed(self, now: datetime) -> list[Group]:
        """What waited for staff and does no more, of the last `SHOWN`; without any word."""
        gone = sa.and_(GROUPS.c.boxed, GROUPS.c.state != GroupState.BOXED.value, GROUPS.c.changed_at >= now - SHOWN)
        with self._read() as connection:
            return self._message_groups(connection, gone, opened=False)

    def groups_mark(self) -> tuple[int, int]:
        """Differs once a group has changed."""
        waiting = sa.select(sa.func.count()).where(GROUPS.c.state == GroupState.BOXED.value).scalar_subquery()
        with self._read() as connection:
            row = connection.execute(sa.select(sa.func.coalesce(sa.func.max(GROUPS.c.revision), 0), waiting)).one()
        return row[0], row[1]

    def _insert_group(
        self,
        connection: sa.Connection,
        conversation: int,
        deed: str,
        now: datetime,
        state: GroupState,
        how: Mapping[str, Any],
    ) -> int:
        plain = {"act": "", "ticket": "", "rating": 0, "hint": "", "note": ""}
        values = {
            **plain,
            **how,
            "conversation": conversation,
            "state": state.value,
            "deed": deed,
            "boxed": state is GroupState.BOXED,
            "made_at": now,
            "changed_at": now,
            "revision": 0,
        }
        made = int(connection.execute(GROUPS.insert().values(**values).returning(GROUPS.c.id)).scalar_one())
        self._set_group(connection, made, now)
        return made

    def _drop_words(self, connection: sa.Connection, group: int, ticket: str) -> None:
        """Files that are still to be fetched follow to the ticket; where there is none, nobody wants them."""
        mine = MESSAGES.c.group_id == group
        connection.execute(MESSAGES.update().where(mine).values(sealed=None))
        if not ticket:
            waiting = sa.and_(
                FILES.c.message.in_(sa.select(MESSAGES.c.id).where(mine)), FILES.c.state == FileState.WAITING.value
            )
            gone = {"state": FileState.LOST.value, "code": "ignored", "sealed": None}
            connection.execute(FILES.update().where(waiting).values(**gone))

    def _message_groups(
        self,
        connection: sa.Connection,
        condition: sa.ColumnElement[bool],
        *,
        opened: bool = True,
        lenient: bool = False,
        most: int | None = None,
    ) -> list[Group]:
        joined = sa.join(GROUPS, CONVERSATIONS, CONVERSATIONS.c.id == GROUPS.c.conversation)
        query = sa.select(GROUPS, CONVERSATIONS.c.channel, CONVERSATIONS.c.wrapped_key).select_from(joined)
        groups = connection.execute(query.where(condition).order_by(GROUPS.c.id).limit(most)).all()
        sealed = self._sealed_of(connection, [row.id for row in groups]) if opened else {}
        counts = self._file_counts(connection, [row for rows in sealed.values() for row in rows])
        found = []
        for row in groups:
            try:
                messages = self._all_opened(row.wrapped_key, row.conversation, sealed.get(row.id, ()), counts)
            except (ErasedError, KeyFileError):
                if not lenient:
                    raise
                messages = ()  # one that does not open must not hide the others
            found.append(_group_of(row, messages))
        return found

    def _sealed_of(self, connection: sa.Connection, groups: Sequence[int]) -> dict[int, list[sa.Row[Any]]]:
        """The messages of groups whose words are still kept, as they lie there, by group."""
        found: dict[int, list[sa.Row[Any]]] = {}
        for start in range(0, len(groups), PORTION):
            mine = MESSAGES.c.group_id.in_(groups[start : start + PORTION])
            query = sa.select(MESSAGES).where(mine, MESSAGES.c.sealed.is_not(None))
            for row in connection.execute(query.order_by(MESSAGES.c.at, MESSAGES.c.id)):
                found.setdefault(row.group_id, []).append(row)
        return found


def _group_of(row: sa.Row[Any], messages: tuple[KeptMessage, ...]) -> Group:
    return Group(
        id=row.id,
        conversation=row.conversation,
        state=GroupState(row.state),
        deed=row.deed,
        channel=Channel(row.channel),
        act=row.act,
        ticket=row.ticket,
        rating=row.rating,
        hint=row.hint,
        note=row.note,
        messages=messages,
    )
