"""
Complaints that left the working register: who went, who is held, and what spreadsheets still have to follow.

The store decides alone where a complaint stands (`inactive_since`); spreadsheets follow it by tasks that are kept until
they are done, so that whoever is killed in between goes on where the store says.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from register import tables
from register.complaint import Complaint, Event, EventKind, Status
from register.complaints import COLUMNS, STANDING, Complaints, complaint_of
from register.errors import AduanError, TicketNotFoundError
from register.facts import facts_of
from register.trail import portions

ARCHIVABLE = (Status.ARCHIVED.value, Status.MERGED.value)
"""Where nothing is to be done any more; one that was joined goes with its case."""
_TABLE, _TASKS, _MIRROR = tables.complaints, tables.archive_tasks, tables.mirror
_YEAR = 10**9
_PLACE = sa.cast(_TABLE.c.year, sa.BigInteger) * _YEAR + _TABLE.c.number
"""The order of recording, as no index has it: so the one over what stands in the register serves, which stays small."""
SYSTEM = "sistem"


class Task(StrEnum):
    """What a spreadsheet still has to follow."""

    CLEAR = "clear"
    """Its rows in the working registers are to be removed: it is in the archive."""
    WITHDRAW = "withdraw"
    """Its row in the year's archive is to be removed: it came back."""
    BLANK = "blank"
    """What tells who it was is to be removed wherever it still stands: it was erased."""


class HeldError(AduanError):
    """A complaint on hold is neither moved nor erased."""

    code = "held"


class NotArchivedError(AduanError):
    """What was asked for can only be done with a complaint that is archived."""

    code = "not_archived"


class Archive(Complaints):
    """Moving out and back, holds and tasks; the same code on SQLite and PostgreSQL."""

    def archivable(self, before: datetime, limit: int, after: tuple[int, int] = (0, 0)) -> list[Complaint]:
        """
        Complaints of the working register that were settled for good and last changed before an instant.

        Args:
            limit: At most so many, in the order of recording.
            after: Year and number of the last one that was looked at.
        """
        year, number = after
        later = sa.literal(year * _YEAR + number, sa.BigInteger) < _PLACE
        ready = sa.and_(STANDING, _TABLE.c.status.in_(ARCHIVABLE), _TABLE.c.updated_at < before, later)
        query = sa.select(*COLUMNS).where(ready).order_by(_PLACE).limit(limit)
        with self._read() as connection:
            return [complaint_of(row) for row in connection.execute(query)]

    def archived_among(self, tickets: Iterable[str]) -> frozenset[str]:
        """Those of some texts that are tickets of complaints in the archive."""
        found = set[str]()
        with self._read() as connection:
            for some in portions(text for text in tickets if text):
                query = sa.select(_TABLE.c.ticket).where(
                    _TABLE.c.ticket.in_(some), _TABLE.c.inactive_since.is_not(None)
                )
                found |= set(connection.execute(query).scalars())
        return frozenset(found)

    def move_out(self, tickets: Iterable[str], now: datetime) -> frozenset[str]:
        """
        They are in the archive from now on. Left out is what was held, restored or taken up again meanwhile.

        Returns: the tickets that went. Their rows are to be removed (`Task.CLEAR`).
        """
        with self._write() as connection:
            ready = sa.and_(STANDING, _TABLE.c.held_since.is_(None), _TABLE.c.status.in_(ARCHIVABLE))
            going = self._locked_tickets(connection, tickets, ready)
            self._set_standing(connection, going, now, EventKind.MOVED_OUT, SYSTEM, inactive_since=now)
            self._put_tasks(connection, going, Task.CLEAR, now, instead_of=Task.WITHDRAW)
        return frozenset(going)

    def move_back(self, ticket: str, now: datetime, *, actor: str) -> frozenset[str]:
        """
        A complaint stands in the working register again, with its case and what was joined to that.

        Returns: the tickets that came back; none if it stands there. What is erased, be it in this
        instant, stays gone. Raises: TicketNotFoundError; NotArchivedError if the one that was asked for is.
        """
        with self._write() as connection:
            family = self._family(connection, self._complaint(connection, ticket))
            here = sa.and_(_TABLE.c.inactive_since.is_not(None), _TABLE.c.erased_at.is_(None))
            coming = self._locked_tickets(connection, family, here)
            if self._complaint(connection, ticket).erased_at is not None:  # maybe while the rows were waited for
                raise NotArchivedError(f"Data tiket {ticket} sudah dihapus; tidak dapat dikembalikan.", ticket=ticket)
            back = {"inactive_since": None, "updated_at": now}
            self._set_standing(connection, coming, now, EventKind.MOVED_BACK, actor, **back)
            self._put_tasks(connection, coming, Task.WITHDRAW, now, instead_of=Task.CLEAR)
        return frozenset(coming)

    def _family(self, connection: sa.Connection, asked: Complaint) -> list[str]:
        case = asked.merged_into or asked.ticket
        alike = sa.or_(_TABLE.c.ticket == case, _TABLE.c.merged_into == case)
        query = sa.select(_TABLE.c.ticket).where(alike, _TABLE.c.erased_at.is_(None))
        return list({asked.ticket, *connection.execute(query).scalars()})

    # -- holds ----------------------------------------------------------------------------------------------------

    def hold(self, ticket: str, reason: str, now: datetime, *, actor: str) -> None:
        """
        Neither moved nor erased from now on. Raises: TicketNotFoundError; ErasedError if there is nothing left to hold.

        Args:
            reason: In staff's own words; kept sealed in the trail.
        """
        with self._write() as connection:
            self._locked_ticket(connection, ticket)
            entries = self._drawn_up(
                ticket,
                self._key(connection, ticket),
                [Event(EventKind.HELD, now, actor, secret={"reason": reason})],
                facts_of({"held_since": now}),
            )
            self._update_one(connection, ticket, held_since=now)
            self._append(connection, entries)

    def release(self, ticket: str, now: datetime, *, actor: str) -> bool:
        """It may be moved and erased again. Returns: whether it was held. Raises: TicketNotFoundError."""
        with self._write() as connection:
            if self._locked_ticket(connection, ticket).held_since is None:
                return False
            self._update_one(connection, ticket, held_since=None)
            event = Event(EventKind.RELEASED, now, actor)
            self._append(connection, self._drawn_up(ticket, None, [event], facts_of({"held_since": None})))
            return True

    def held(self) -> list[Complaint]:
        """Every complaint on hold, in the order of recording."""
        query = sa.select(*COLUMNS).where(_TABLE.c.held_since.is_not(None)).order_by(_TABLE.c.year, _TABLE.c.number)
        with self._read() as connection:
            return [complaint_of(row) for row in connection.execute(query)]

    # -- what spreadsheets have to follow -------------------------------------------------------------------------

    def archive_tasks(self, task: Task, limit: int = 500) -> list[Complaint]:
        """The complaints of which that is still to be done, those that wait longest first."""
        query = (
            sa.select(*COLUMNS)
            .join(_TASKS, _TASKS.c.ticket == _TABLE.c.ticket)
            .where(_TASKS.c.task == task.value)
            .order_by(_TASKS.c.asked_at, _TASKS.c.ticket)
            .limit(limit)
        )
        with self._read() as connection:
            return [complaint_of(row) for row in connection.execute(query)]

    def archive_task_done(self, task: Task, tickets: Iterable[str]) -> None:
        """It is done, and was read back."""
        with self._write() as connection:
            self._drop_tasks(connection, list(tickets), task)

    def put_archive_tasks(self, tickets: Iterable[str], task: Task, now: datetime) -> frozenset[str]:
        """
        It is to be done, unless what is done next makes it needless.

        Returns: the tickets of which it is. Left out is what was erased meanwhile: it has its own tasks, and nothing
        that could still be copied.
        """
        with self._write() as connection:
            going = self._locked_tickets(connection, tickets, _TABLE.c.erased_at.is_(None))
            self._put_tasks(connection, going, task, now, instead_of=None)
        return frozenset(going)

    def _drop_tasks(self, connection: sa.Connection, tickets: Sequence[str], task: Task) -> None:
        for some in portions(tickets):
            connection.execute(_TASKS.delete().where(_TASKS.c.task == task.value, _TASKS.c.ticket.in_(some)))

    def _put_tasks(
        self, connection: sa.Connection, tickets: Sequence[str], task: Task, now: datetime, *, instead_of: Task | None
    ) -> None:
        if instead_of is not None:
            self._drop_tasks(connection, tickets, instead_of)
        if tickets:
            made = self._insert(_TASKS).on_conflict_do_nothing()
            connection.execute(made, [{"ticket": each, "task": task.value, "asked_at": now} for each in tickets])

    # -- rows -----------------------------------------------------------------------------------------------------

    def _locked_tickets(
        self, connection: sa.Connection, tickets: Iterable[str], condition: sa.ColumnElement[bool]
    ) -> list[str]:
        found: list[str] = []
        for some in portions(sorted(tickets)):
            query = sa.select(_TABLE.c.ticket).where(_TABLE.c.ticket.in_(some), condition)
            found += connection.execute(query.order_by(_TABLE.c.ticket).with_for_update()).scalars()
        return found

    def _locked_ticket(self, connection: sa.Connection, ticket: str) -> Complaint:
        query = sa.select(*COLUMNS).where(_TABLE.c.ticket == ticket).with_for_update()
        row = connection.execute(query).one_or_none()
        if row is None:
            raise TicketNotFoundError(f"Tiket {ticket} tidak ditemukan.", ticket=ticket)
        return complaint_of(row)

    def _update_one(self, connection: sa.Connection, ticket: str, **values: Any) -> None:
        connection.execute(_TABLE.update().where(_TABLE.c.ticket == ticket).values(**values))

    def _set_standing(
        self,
        connection: sa.Connection,
        tickets: Sequence[str],
        now: datetime,
        kind: EventKind,
        actor: str,
        **values: Any,
    ) -> None:
        """Its rows count as not seen: gone or not there yet, neither is anybody's mishap."""
        for some in portions(tickets):
            connection.execute(_TABLE.update().where(_TABLE.c.ticket.in_(some)).values(**values))
            connection.execute(_MIRROR.update().where(_MIRROR.c.ticket.in_(some)).values(seen=False))
        entries = [
            entry
            for ticket in tickets
            for entry in self._drawn_up(ticket, None, [Event(kind, now, actor)], facts_of(values))
        ]
        self._append(connection, entries)
