"""
Looking complaints up: as the store shows them, what their reporters said, and what the office answered.

What a person wrote is opened only where it is asked for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from register import sealed_json, tables
from register.clocks import Clocks
from register.complaint import (
    CLOSED,
    WITA,
    Channel,
    Complaint,
    Event,
    EventKind,
    Identity,
    Intake,
    Procedure,
    Reply,
    Status,
)
from register.errors import ErasedError, KeyFileError, TicketNotFoundError
from register.facts import without_facts
from register.reporter_messages import REPORTER
from register.trail import among, portions

COLUMNS = [tables.complaints.c[item.name] for item in fields(Complaint) if item.name in tables.complaints.c]
_NAMES = [column.name for column in COLUMNS]
# Asked by nearly every tick, so put together once: that takes longer than executing them.
_COMPLAINTS_OF = sa.select(*COLUMNS).where(among(tables.complaints.c.ticket))
_SEALED_INTAKES: sa.Select[Any] = (
    sa.select(tables.complaints.c.ticket, tables.complaints.c.sealed_intake, tables.complaint_keys.c.wrapped_key)
    .outerjoin(tables.complaint_keys, tables.complaint_keys.c.ticket == tables.complaints.c.ticket)
    .where(among(tables.complaints.c.ticket))
)
STANDING = tables.complaints.c.inactive_since.is_(None)
"""Of complaints that stand in the working register."""
TYPED: Mapping[str, Mapping[str, StrEnum]] = {
    name: {member.value: member for member in kind}
    for name, kind in (("channel", Channel), ("procedure", Procedure), ("identity", Identity), ("status", Status))
}
"""Columns of which a complaint has a type of its own, by the text that is kept."""
ILLEGIBLE = (AttributeError, KeyError, OverflowError, TypeError, ValueError)
"""What reading a value raises that this program cannot have written."""


def _lagging() -> sa.Select[Any]:
    joined, case = tables.complaints, tables.complaints.alias("cases")
    withdrawn = sa.and_(case.c.status == Status.WITHDRAWN.value, joined.c.status == Status.MERGED.value)
    older = sa.or_(joined.c.replied_at.is_(None), joined.c.replied_at < case.c.replied_at)
    lacks_reply = sa.and_(case.c.answered_at.is_not(None), case.c.replied_at.is_not(None), older)
    asks = sa.or_(case.c.merged_into != "", withdrawn, case.c.restricted & ~joined.c.restricted, lacks_reply)
    query = sa.select(*COLUMNS).join(case, case.c.ticket == joined.c.merged_into)
    standing = joined.c.inactive_since.is_(None)
    return query.where(joined.c.merged_into > "", standing, asks)  # an order would lead away from the index


_LAGGING = _lagging()


class Complaints(Clocks):
    """Reads over SQLAlchemy Core; the same code on SQLite and PostgreSQL."""

    def complaint(self, ticket: str) -> Complaint:
        """
        The complaint of a ticket in its shown form.

        Raises: TicketNotFoundError.
        """
        with self._read() as connection:
            return self._complaint(connection, ticket)

    def _complaint(self, connection: sa.Connection, ticket: str) -> Complaint:
        row = connection.execute(_COMPLAINTS_OF, {"tickets": [ticket]}).one_or_none()
        if row is None:
            raise TicketNotFoundError(
                "Nomor tiket ini tidak ditemukan. Mohon periksa kembali tanda terima Anda.", ticket=ticket
            )
        return complaint_of(row)

    def numbered(self, number: int, year: int) -> Complaint | None:
        """The complaint with that number in the Buku Registrasi of a WITA year, or None."""
        table = tables.complaints
        query = sa.select(*COLUMNS).where(table.c.number == number, table.c.year == year)
        with self._read() as connection:
            row = connection.execute(query).one_or_none()
        return complaint_of(row) if row else None

    def complaints(self) -> dict[str, Complaint]:
        """Every complaint by ticket, archived ones among them, in the order of recording."""
        return self._all_of(sa.true())

    def active_complaints(self) -> dict[str, Complaint]:
        """Those that stand in the working register, by ticket, in the order of recording."""
        return self._all_of(STANDING)

    def _all_of(self, condition: sa.ColumnElement[bool]) -> dict[str, Complaint]:
        with self._read() as connection:
            rows = connection.execute(sa.select(*COLUMNS).where(condition))
            found = [complaint_of(row) for row in rows]  # sorted here: an order would lead away from the index
        return {each.ticket: each for each in sorted(found, key=_recorded)}

    def illegible(self) -> tuple[int, list[str]]:
        """How many complaints there are, and the tickets of those that cannot be read: somebody changed them."""
        table = tables.complaints
        with self._read() as connection:
            query = sa.select(table.c.ticket).order_by(table.c.year, table.c.number)
            tickets = list(connection.execute(query).scalars())
        try:
            self.complaints()
            self.clocks(tickets)
        except ILLEGIBLE:
            return len(tickets), [ticket for ticket in tickets if not self._is_legible(ticket)]
        return len(tickets), []

    def _is_legible(self, ticket: str) -> bool:
        try:
            self.complaint(ticket)
            self.clocks([ticket])
        except ILLEGIBLE:
            return False
        return True

    def latest_unrestricted(self, count: int) -> list[str]:
        """Tickets of those of the register recorded last, newest first, that are known not to be restricted."""
        table = tables.complaints
        open_to_all = sa.and_(STANDING, table.c.step_begun_at.is_not(None), table.c.restricted.is_(False))
        query = sa.select(table.c.ticket).where(open_to_all).order_by(table.c.recorded_at.desc()).limit(count)
        with self._read() as connection:
            return list(connection.execute(query).scalars())

    def received_since(self, at: datetime) -> dict[str, Complaint]:
        """Complaints that reached the office from then on, by ticket, in the order of recording."""
        table = tables.complaints
        query = sa.select(*COLUMNS).where(table.c.received_at >= at)
        with self._read() as connection:
            rows = connection.execute(query.order_by(table.c.year, table.c.number))
            return {row.ticket: complaint_of(row) for row in rows}

    def filed_with(self, key: str, since: datetime, until: datetime) -> list[Complaint]:
        """Complaints that reached the office by Open311 in that time with a caller's key, digested; newest first."""
        table, events = tables.complaints, tables.events
        receipt = sa.and_(events.c.ticket == table.c.ticket, events.c.kind == EventKind.RECEIVED.value)
        query = (
            sa.select(*COLUMNS)
            .join(events, receipt)
            .where(
                table.c.channel == Channel.OPEN311.value,
                table.c.received_at.between(since, until),
                events.c.data["open311"].as_string() == key,
            )
            .order_by(table.c.received_at.desc(), table.c.year.desc(), table.c.number.desc())
        )
        with self._read() as connection:
            return [complaint_of(row) for row in connection.execute(query)]

    def with_running_clocks(self) -> dict[str, Complaint]:
        """Complaints of which something is still due, or that an older version left without clocks while open."""
        complaints, clocks = tables.complaints, tables.clocks
        running = sa.select(clocks.c.ticket).where(clocks.c.done_at.is_(None))
        counted = sa.exists().where(clocks.c.ticket == complaints.c.ticket)
        unlooked = complaints.c.step_begun_at.is_(None)
        left = sa.and_(~counted, complaints.c.status != Status.ARCHIVED.value, ~unlooked)
        query = sa.select(*COLUMNS).where(STANDING, sa.or_(complaints.c.ticket.in_(running), left))
        with self._read() as connection:
            return {row.ticket: complaint_of(row) for row in connection.execute(query)}

    def settled(self) -> set[str]:
        """Tickets of closed complaints of which a clock still runs: that of the report, or that of reopening."""
        complaints, clocks = tables.complaints, tables.clocks
        closed = complaints.c.status.in_([status.value for status in CLOSED])
        query = sa.select(clocks.c.ticket).join(complaints, complaints.c.ticket == clocks.c.ticket)
        with self._read() as connection:
            return set(connection.execute(query.where(clocks.c.done_at.is_(None), closed)).scalars())

    def joined_to(self, tickets: Iterable[str]) -> dict[str, list[Complaint]]:
        """The complaints that were joined to each of these cases; cases without any are left out."""
        wanted = list(tickets)
        found: dict[str, list[Complaint]] = {}
        table = tables.complaints
        with self._read() as connection:
            for start in range(0, len(wanted), 500):
                chosen = table.c.merged_into.in_(wanted[start : start + 500])
                for row in connection.execute(sa.select(*COLUMNS).where(chosen)):
                    found.setdefault(row.merged_into, []).append(complaint_of(row))
        return found

    def lagging_behind_their_case(self) -> dict[str, Complaint]:
        """
        Joined complaints whose case asks something of them: it was joined itself or withdrawn, is restricted where they
        are not, or has a reply that they lack. In the order of recording.
        """
        with self._read() as connection:
            found = [complaint_of(row) for row in connection.execute(_LAGGING)]
        return {each.ticket: each for each in sorted(found, key=_recorded)}

    def complaints_of(self, tickets: Iterable[str]) -> dict[str, Complaint]:
        """Those of some tickets, in the order of recording; a ticket that no complaint carries is left out."""
        found = dict[str, Complaint]()
        with self._read() as connection:
            for some in portions(tickets):
                rows = connection.execute(_COMPLAINTS_OF, {"tickets": some})
                found |= {row.ticket: complaint_of(row) for row in rows}
        return dict(sorted(found.items(), key=lambda item: (year_of(item[1]), item[1].number)))

    def intake(self, ticket: str) -> Intake:
        """
        What the reporter said, opened.

        Raises: TicketNotFoundError; ErasedError if the complaint's key was destroyed; KeyFileError if it does not open.
        """
        with self._read() as connection:
            row = connection.execute(_SEALED_INTAKES, {"tickets": [ticket]}).one_or_none()
        if row is None:
            raise TicketNotFoundError(f"Tiket {ticket} tidak ditemukan.", ticket=ticket)
        return self._opened_intake(row)

    def intakes(self, tickets: Iterable[str]) -> dict[str, Intake]:
        """What the reporters of several tickets said; one that was erased or does not open is left out."""
        found: dict[str, Intake] = {}
        with self._read() as connection:
            for some in portions(tickets):
                for row in connection.execute(_SEALED_INTAKES, {"tickets": some}):
                    try:
                        found[row.ticket] = self._opened_intake(row)
                    except (ErasedError, KeyFileError):
                        continue  # one complaint that cannot be read must not hold up the others
        return found

    def _opened_intake(self, row: sa.Row[Any]) -> Intake:
        return sealed_json.load_intake(self._open(row.wrapped_key, row.ticket, "intake", row.sealed_intake))

    def reply(self, ticket: str) -> Reply | None:
        """The office's published answer, or None while there is none."""
        table = tables.complaints
        with self._read() as connection:
            row = connection.execute(
                sa.select(table.c.replied_at, table.c.sealed_reply, tables.complaint_keys.c.wrapped_key)
                .outerjoin(tables.complaint_keys, tables.complaint_keys.c.ticket == table.c.ticket)
                .where(table.c.ticket == ticket)
            ).one_or_none()
        if row is None or row.sealed_reply is None or row.replied_at is None:
            return None
        return Reply(row.replied_at, self._open(row.wrapped_key, ticket, "reply", row.sealed_reply))

    def reporter_events(self, tickets: Iterable[str]) -> dict[str, list[Event]]:
        """
        What reporters did and wrote after filing, opened, oldest first; tickets without any are left out.

        Of a complaint that was erased, or does not open, only what was done.
        """
        table, keys = tables.events, tables.complaint_keys
        query = (
            sa.select(table, keys.c.wrapped_key)
            .outerjoin(keys, keys.c.ticket == table.c.ticket)
            .where(table.c.actor == REPORTER, table.c.kind == EventKind.ACT.value, among(table.c.ticket))
            .order_by(table.c.seq)
        )
        found: dict[str, list[Event]] = {}
        with self._read() as connection:
            for some in portions(tickets):
                for row in connection.execute(query, {"tickets": some}):
                    event = Event(EventKind(row.kind), row.at, row.actor, without_facts(row.data), self._said(row))
                    found.setdefault(row.ticket, []).append(event)
        return found

    def _said(self, row: sa.Row[Any]) -> dict[str, str]:
        if not row.sealed:
            return {}
        try:
            return sealed_json.load_texts(self._open(row.wrapped_key, row.ticket, "event", row.sealed))
        except (ErasedError, KeyFileError):
            return {}


def year_of(complaint: Complaint) -> int:
    """The WITA year in which it was recorded, and so numbered."""
    return complaint.recorded_at.astimezone(WITA).year


def _recorded(complaint: Complaint) -> tuple[int, int]:
    """Sorts by when it was recorded."""
    return year_of(complaint), complaint.number


def values_of(complaint: Complaint) -> dict[str, Any]:
    """A complaint by columns of its table."""
    return {column.name: column_value(getattr(complaint, column.name)) for column in COLUMNS}


def column_value(value: object) -> object:
    """A value as its column keeps it."""
    return value.value if isinstance(value, StrEnum) else value


def complaint_of(row: sa.Row[Any]) -> Complaint:
    """A row with all of `COLUMNS` as a complaint. Raises: one of `ILLEGIBLE` where somebody changed it."""
    values = dict(zip(_NAMES, row, strict=True))
    for name, known in TYPED.items():
        values[name] = known[values[name]]
    complaint = Complaint.__new__(Complaint)  # a report reads so many that setting each field by itself takes seconds
    vars(complaint).update(values)
    return complaint
