"""
Messages to staff on their way: claimed, sent, tried again, given up.

A message goes from queued to sending to sent, failed or maybe ("mungkin terkirim"): one that was being sent when the
program ended may or may not have arrived, and only an urgent one is sent again. Nothing here talks to anybody but the
database; what lies between claiming and settling is the sender's.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from register import tables
from register.notices import Notice, Notices, StaffMessage, State, Trouble


class StaffMessages(Notices):
    """The queue of messages. One sender at a time works it off."""

    def messages_wait(self, now: datetime, *, urgent_only: bool) -> bool:
        """Whether `claim` would find one. Only reads, so that it may be asked often."""
        with self._read() as connection:
            return connection.execute(_next_message(now, urgent_only=urgent_only)).first() is not None

    def claim(self, now: datetime, *, urgent_only: bool) -> StaffMessage | None:
        """The next message whose time has come, urgent ones first; it is being sent from here on."""
        table = tables.staff_messages
        with self._write() as connection:
            row = connection.execute(_next_message(now, urgent_only=urgent_only).with_for_update()).one_or_none()
            if row is None:
                return None
            values = {"state": State.SENDING.value, "attempts": row.attempts + 1}
            connection.execute(table.update().where(table.c.id == row.id).values(**values))
        return _message(row, attempts=row.attempts + 1)

    def settle(self, message: StaffMessage, state: State, now: datetime, problem: str = "") -> None:
        """The message is sent, failed or in doubt, and so is each of its notices, in the trail of its complaint."""
        with self._write() as connection:
            self._settle(connection, message, state, now, problem)

    def try_again(self, message: StaffMessage, now: datetime, at: datetime, problem: str) -> None:
        """The message is queued once more, for later."""
        table = tables.staff_messages
        values = {"state": State.QUEUED.value, "due_at": at, "changed_at": now, "problem": problem}
        with self._write() as connection:
            connection.execute(table.update().where(table.c.id == message.id).values(**values))

    def settle_interrupted(self, now: datetime) -> int:
        """
        What became of messages that were being sent when the program ended: urgent ones are queued again.

        To be called by the one sender before it sends. Returns: how many there were.
        """
        table = tables.staff_messages
        with self._write() as connection:
            rows = connection.execute(
                sa.select(table).where(table.c.state == State.SENDING.value).with_for_update()
            ).all()
            for row in rows:
                if row.urgent:
                    values = {"state": State.QUEUED.value, "due_at": now}
                    connection.execute(table.update().where(table.c.id == row.id).values(**values))
                else:
                    problem = "program berhenti ketika pesan sedang dikirim"
                    self._settle(connection, _message(row), State.MAYBE, now, problem)
        return len(rows)

    def troubles(self, since: datetime) -> list[Trouble]:
        """Messages since then that failed, may not have arrived, or wait after a failure; oldest first."""
        table = tables.staff_messages
        query = (
            sa.select(table)
            .where(table.c.changed_at >= since, table.c.problem != "", table.c.state != State.SENT.value)
            .order_by(table.c.changed_at, table.c.id)
        )
        with self._read() as connection:
            return [
                Trouble(
                    row.person,
                    State(row.state),
                    row.changed_at,
                    row.problem,
                    tuple(dict.fromkeys(place["ticket"] for place in row.notices)),
                )
                for row in connection.execute(query)
            ]

    def _settle(
        self, connection: sa.Connection, message: StaffMessage, state: State, now: datetime, problem: str
    ) -> None:
        table = tables.staff_messages
        values = {"state": state.value, "changed_at": now, "problem": problem}
        connection.execute(table.update().where(table.c.id == message.id).values(**values))
        self._record(connection, message.notices, message.person, state, now)


def _next_message(now: datetime, *, urgent_only: bool) -> sa.Select[Any]:
    table = tables.staff_messages
    query = sa.select(table).where(table.c.state == State.QUEUED.value, table.c.due_at <= now)
    if urgent_only:
        query = query.where(table.c.urgent)
    return query.order_by(table.c.urgent.desc(), table.c.due_at, table.c.id).limit(1)


def _message(row: sa.Row[tuple[object, ...]], attempts: int | None = None) -> StaffMessage:
    return StaffMessage(
        person=row.person,
        title=row.title,
        text=row.text,
        notices=tuple(Notice(**place) for place in row.notices),
        urgent=row.urgent,
        digest_on=date.fromisoformat(row.digest_on) if row.digest_on else None,
        id=row.id,
        attempts=row.attempts if attempts is None else attempts,
        problem=row.problem,
    )
