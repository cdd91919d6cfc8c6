"""
The store: every complaint, its audit trail and the worker's memory, in one database.

A method is one transaction, and none of them talks to anything but the database. What a person wrote is sealed on the
way in and opened only where it is asked for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from register import sealed_json, tables
from register.changes import Accepted, Book, Change, MirrorRow
from register.complaint import (
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
    procedure_for,
)
from register.drafts import Drafts
from register.edits import EditTrail
from register.errors import ErasedError, KeyFileError, SubmissionConflictError, TicketNotFoundError
from register.facts import facts_of, without_facts
from register.memory import check_aware
from register.reporter_messages import REPORTER, ReporterMessages
from register.staff_messages import StaffMessages
from register.tickets import new_ticket
from register.trail import among

_COMPLAINT_COLUMNS = [tables.complaints.c[item.name] for item in fields(Complaint) if item.name in tables.complaints.c]
# Asked by nearly every tick, so put together once: that takes longer than executing them.
_COMPLAINTS_OF = sa.select(*_COMPLAINT_COLUMNS).where(among(tables.complaints.c.ticket))
_MIRROR = sa.select(tables.mirror).where(tables.mirror.c.book == sa.bindparam("book"))
_MIRROR_OF = _MIRROR.where(among(tables.mirror.c.ticket))
_SEALED_INTAKES: sa.Select[Any] = (
    sa.select(tables.complaints.c.ticket, tables.complaints.c.sealed_intake, tables.complaint_keys.c.wrapped_key)
    .outerjoin(tables.complaint_keys, tables.complaint_keys.c.ticket == tables.complaints.c.ticket)
    .where(among(tables.complaints.c.ticket))
)
_TYPED: Mapping[str, type] = {
    "channel": Channel,
    "procedure": Procedure,
    "identity": Identity,
    "status": Status,
}
ILLEGIBLE = (AttributeError, KeyError, OverflowError, TypeError, ValueError)
"""What reading a value raises that this program cannot have written."""
RECEIVED_LABEL = "Pengaduan diterima"


class Done(StrEnum):
    """What came of an act of a reporter."""

    NOW = "now"
    REPEATED = "repeated"
    """The same form was sent before: what it asked for is done already."""
    CONFLICT = "conflict"
    """The form was used before, for something else."""
    STALE = "stale"
    """The complaint has changed since it was looked at."""


def _lagging() -> sa.Select[Any]:
    joined, case = tables.complaints, tables.complaints.alias("cases")
    withdrawn = sa.and_(case.c.status == Status.WITHDRAWN.value, joined.c.status == Status.MERGED.value)
    older = sa.or_(joined.c.replied_at.is_(None), joined.c.replied_at < case.c.replied_at)
    lacks_reply = sa.and_(case.c.answered_at.is_not(None), case.c.replied_at.is_not(None), older)
    asks = sa.or_(case.c.merged_into != "", withdrawn, case.c.restricted & ~joined.c.restricted, lacks_reply)
    query = sa.select(*_COMPLAINT_COLUMNS).join(case, case.c.ticket == joined.c.merged_into)
    return query.where(joined.c.merged_into > "", asks).order_by(joined.c.year, joined.c.number)


_LAGGING = _lagging()


class Store(StaffMessages, ReporterMessages, EditTrail):
    """Complaints over SQLAlchemy Core; the same code on SQLite and PostgreSQL."""

    @property
    def drafts(self) -> Drafts:
        """What citizens are still writing, beside the complaints."""
        return Drafts(self._engine, self._keyring)

    # -- intake ---------------------------------------------------------------------------------------------------

    def accept(
        self,
        intake: Intake,
        *,
        channel: Channel,
        now: datetime,
        received_at: datetime | None = None,
        submission_key: str = "",
        row_fingerprint: str = "",
        row_book: Book = Book.SHARED,
        actor: str = "pelapor",
        noted: Mapping[str, str] | None = None,
    ) -> Accepted:
        """
        Commit a complaint and give it ticket and register number, durably, before this returns.

        Args:
            intake: What the reporter said, already checked.
            now: Aware instant of recording; its WITA year counts the register number.
            received_at: When the complaint reached the office, if that was earlier (paper during an outage).
            submission_key: A form's one-use token or an Idempotency-Key. The same key gives the same complaint again.
            row_fingerprint: Set for a row typed into the register: journals which row is about to get the ticket.
            row_book: The spreadsheet in which that row stands.
            actor: Who recorded it, for the audit trail.
            noted: Codes to keep in the trail with the receipt, such as a paper form's number; nothing personal.

        Raises: SubmissionConflictError if the key was used for other contents; ValueError for a naive instant.
        """
        check_aware(now)
        check_aware(received_at or now)
        for _attempt in range(2):
            try:
                with self._write() as connection:
                    return self._accept(
                        connection,
                        intake,
                        channel,
                        now,
                        received_at or now,
                        submission_key,
                        row_fingerprint,
                        row_book,
                        actor,
                        noted or {},
                    )
            except IntegrityError:
                if not submission_key:
                    raise
        with self._read() as connection:  # the twin of a double submit was first
            repeated = self._earlier(connection, submission_key, intake)
        if repeated is None:
            raise RuntimeError("a complaint could be neither accepted nor found")
        return repeated

    def _accept(
        self,
        connection: sa.Connection,
        intake: Intake,
        channel: Channel,
        now: datetime,
        received_at: datetime,
        submission_key: str,
        row_fingerprint: str,
        row_book: Book,
        actor: str,
        noted: Mapping[str, str],
    ) -> Accepted:
        if submission_key and (repeated := self._earlier(connection, submission_key, intake)):
            return repeated
        complaint = Complaint(
            ticket=new_ticket(),
            number=self._next_number(connection, now.astimezone(WITA).year),
            channel=channel,
            procedure=procedure_for(channel),
            identity=intake.identity,
            received_at=received_at,
            recorded_at=now,
            updated_at=now,
        )
        key = self._keyring.new_wrapped_key(complaint.ticket)
        connection.execute(tables.complaint_keys.insert().values(ticket=complaint.ticket, wrapped_key=key))
        connection.execute(
            tables.complaints.insert().values(
                **_values(complaint),
                year=now.astimezone(WITA).year,
                sealed_intake=self._keyring.seal(key, complaint.ticket, "intake", sealed_json.dump_intake(intake)),
            )
        )
        self._put_contacts(connection, complaint.ticket, intake, new=True)
        if submission_key:
            connection.execute(
                tables.submissions.insert().values(
                    key=self._submission(submission_key),
                    ticket=complaint.ticket,
                    content_digest=self._content(intake),
                )
            )
        if row_fingerprint:
            self._put_mirror(connection, [(row_book, complaint.ticket, MirrorRow(row_fingerprint))])
        entries = self._drawn_up(
            complaint.ticket, key, [_received(complaint, actor, noted)], facts_of(_values(complaint))
        )
        self._append(connection, entries)
        return Accepted(complaint, repeated=False)

    def _earlier(self, connection: sa.Connection, submission_key: str, intake: Intake) -> Accepted | None:
        row = connection.execute(
            sa.select(tables.submissions).where(tables.submissions.c.key == self._submission(submission_key))
        ).one_or_none()
        if row is None:
            return None
        if row.content_digest != self._content(intake):
            raise SubmissionConflictError(
                "Kunci pengiriman ini sudah dipakai untuk pengaduan dengan isi yang berbeda. "
                "Pakai kunci baru untuk pengaduan baru.",
            )
        return Accepted(self._complaint(connection, row.ticket), repeated=True)

    def _submission(self, key: str) -> str:
        return self._keyring.digest("submission", key)

    def _content(self, intake: Intake) -> str:
        return self._keyring.digest("content", sealed_json.dump_intake(intake))

    def _next_number(self, connection: sa.Connection, year: int) -> int:
        """Gapless: the counter moves in the accepting transaction, and its row lock makes accepting queue up."""
        table = tables.register_numbers
        insert = self._insert(table).values(year=year, last=1)
        statement = insert.on_conflict_do_update(
            index_elements=[table.c.year], set_={"last": table.c.last + 1}
        ).returning(table.c.last)
        return int(connection.execute(statement).scalar_one())

    # -- looking up -----------------------------------------------------------------------------------------------

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
        return _complaint_of(row)

    def numbered(self, number: int, year: int) -> Complaint | None:
        """The complaint with that number in the Buku Registrasi of a WITA year, or None."""
        table = tables.complaints
        query = sa.select(*_COMPLAINT_COLUMNS).where(table.c.number == number, table.c.year == year)
        with self._read() as connection:
            row = connection.execute(query).one_or_none()
        return _complaint_of(row) if row else None

    def complaints(self) -> dict[str, Complaint]:
        """Every complaint by ticket, in the order of recording."""
        table = tables.complaints
        with self._read() as connection:
            rows = connection.execute(sa.select(*_COMPLAINT_COLUMNS).order_by(table.c.year, table.c.number))
            return {row.ticket: _complaint_of(row) for row in rows}

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

    def undisposed(self) -> dict[str, Complaint]:
        """Complaints that were not looked at yet, by ticket, in the order of recording."""
        table = tables.complaints
        query = (
            sa.select(*_COMPLAINT_COLUMNS).where(table.c.step_begun_at.is_(None)).order_by(table.c.year, table.c.number)
        )
        with self._read() as connection:
            return {row.ticket: _complaint_of(row) for row in connection.execute(query)}

    def latest_unrestricted(self, count: int) -> list[str]:
        """Tickets of the complaints that were recorded last, the newest first, of those known not to be restricted."""
        table = tables.complaints
        open_to_all = sa.and_(table.c.step_begun_at.is_not(None), table.c.restricted.is_(False))
        query = sa.select(table.c.ticket).where(open_to_all).order_by(table.c.recorded_at.desc()).limit(count)
        with self._read() as connection:
            return list(connection.execute(query).scalars())

    def received_since(self, at: datetime) -> dict[str, Complaint]:
        """Complaints that reached the office from then on, by ticket, in the order of recording."""
        table = tables.complaints
        query = sa.select(*_COMPLAINT_COLUMNS).where(table.c.received_at >= at)
        with self._read() as connection:
            rows = connection.execute(query.order_by(table.c.year, table.c.number))
            return {row.ticket: _complaint_of(row) for row in rows}

    def with_running_clocks(self) -> dict[str, Complaint]:
        """Complaints of which something is still due, or that an older version left without clocks while open."""
        complaints, clocks = tables.complaints, tables.clocks
        running = sa.select(clocks.c.ticket).where(clocks.c.done_at.is_(None))
        counted = sa.select(clocks.c.ticket)
        unlooked = complaints.c.step_begun_at.is_(None)
        left = sa.and_(complaints.c.ticket.not_in(counted), complaints.c.status != Status.ARCHIVED.value, ~unlooked)
        query = sa.select(*_COMPLAINT_COLUMNS).where(sa.or_(complaints.c.ticket.in_(running), left))
        with self._read() as connection:
            return {row.ticket: _complaint_of(row) for row in connection.execute(query)}

    def joined_to(self, tickets: Iterable[str]) -> dict[str, list[Complaint]]:
        """The complaints that were joined to each of these cases; cases without any are left out."""
        wanted = list(tickets)
        found: dict[str, list[Complaint]] = {}
        table = tables.complaints
        with self._read() as connection:
            for start in range(0, len(wanted), 500):
                chosen = table.c.merged_into.in_(wanted[start : start + 500])
                for row in connection.execute(sa.select(*_COMPLAINT_COLUMNS).where(chosen)):
                    found.setdefault(row.merged_into, []).append(_complaint_of(row))
        return found

    def lagging_behind_their_case(self) -> dict[str, Complaint]:
        """
        Joined complaints whose case asks something of them: it was joined itself or withdrawn, is restricted where they
        are not, or has a reply that they lack. In the order of recording.
        """
        with self._read() as connection:
            return {row.ticket: _complaint_of(row) for row in connection.execute(_LAGGING)}

    def complaints_of(self, tickets: Iterable[str]) -> dict[str, Complaint]:
        """Those of some tickets, in the order of recording; a ticket that no complaint carries is left out."""
        found = dict[str, Complaint]()
        with self._read() as connection:
            for some in _portions(tickets):
                rows = connection.execute(_COMPLAINTS_OF, {"tickets": some})
                found |= {row.ticket: _complaint_of(row) for row in rows}
        return dict(sorted(found.items(), key=lambda item: (_year(item[1]), item[1].number)))

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
            for some in _portions(tickets):
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

    # -- the reporter's side --------------------------------------------------------------------------------------

    def done_before(self, key: str, content: str = "") -> Done | None:
        """Whether the form with this key was sent before: `REPEATED`, or `CONFLICT` if with something else."""
        with self._read() as connection:
            return self._done_before(connection, key, content)

    def _done_before(self, connection: sa.Connection, key: str, content: str) -> Done | None:
        table = tables.submissions
        query = sa.select(table.c.content_digest).where(table.c.key == self._submission(key))
        digest = connection.execute(query).scalar_one_or_none()
        if digest is None:
            return None
        return Done.REPEATED if digest == self._keyring.digest("act", content) else Done.CONFLICT

    def do_once(self, change: Change, known: Complaint, *, key: str, content: str = "") -> Done:
        """
        Apply what a reporter does, once for each form that was sent.

        Args:
            known: The complaint as it was when the change was decided on.
            key: The form's one-use key.
            content: What was sent with it, to tell a second press of the button from another wish.

        Raises: ErasedError; KeyFileError.
        """
        with self._write() as connection:
            locked = sa.select(*_COMPLAINT_COLUMNS).where(tables.complaints.c.ticket == change.ticket)
            row = connection.execute(locked.with_for_update()).one_or_none()
            if before := self._done_before(connection, key, content):
                return before
            if row is None or _complaint_of(row) != known:
                return Done.STALE
            digest = self._keyring.digest("act", content)
            values = {"key": self._submission(key), "ticket": change.ticket, "content_digest": digest}
            connection.execute(tables.submissions.insert().values(**values))
            self._commit(connection, [change])
        return Done.NOW

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
            for some in _portions(tickets):
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

    # -- the worker's side ----------------------------------------------------------------------------------------

    def commit(
        self, changes: Iterable[Change], *, heard: Mapping[str, datetime | None] | None = None
    ) -> frozenset[str]:
        """
        Apply a tick's changes, all or none.

        Args:
            heard: When each reporter had last done something (`heard_at`), as far as whoever decided knew.

        Returns: Tickets whose reporter did something since, of which nothing was applied: decided on without knowing
            of it, it would undo what the reporter did.

        Raises: TicketNotFoundError; ErasedError if something is to be sealed with a key that was destroyed.
        """
        wanted = list(changes)
        with self._write() as connection:
            stale = self._heard_since(connection, heard or {})
            self._commit(connection, [change for change in wanted if change.ticket not in stale])
        return stale

    def _heard_since(self, connection: sa.Connection, heard: Mapping[str, datetime | None]) -> frozenset[str]:
        table, found = tables.complaints, set()
        for tickets in _portions(heard):
            query = sa.select(table.c.ticket, table.c.heard_at).where(table.c.ticket.in_(tickets)).with_for_update()
            found |= {ticket for ticket, at in connection.execute(query) if at != heard[ticket]}
        return frozenset(found)

    def _commit(self, connection: sa.Connection, wanted: Sequence[Change]) -> None:
        keys = self._writing_keys(connection, {change.ticket for change in wanted if _needs_key(change)})
        entries = [entry for change in wanted for entry in self._apply(connection, change, keys.get(change.ticket))]
        self._put_clocks(connection, [(change.ticket, clock) for change in wanted for clock in change.clocks])
        self._put_mirror(connection, [(c.book, c.ticket, c.mirror) for c in wanted if c.mirror is not None])
        self._append(connection, entries)

    def _apply(self, connection: sa.Connection, change: Change, key: bytes | None) -> list[dict[str, Any]]:
        """What the complaint itself shows. The events come back drawn up for the trail."""
        values = {name: _plain(value) for name, value in change.fields.items()}
        ticket = change.ticket
        if change.intake is not None:
            values["sealed_intake"] = self._seal(key, ticket, "intake", sealed_json.dump_intake(change.intake))
            values["identity"] = change.intake.identity.value
            self._put_contacts(connection, ticket, change.intake)
        if change.reply is not None:
            values["sealed_reply"] = self._seal(key, ticket, "reply", change.reply)
        if values:
            changed = connection.execute(
                _update(tuple(values)), {"of": ticket} | {f"new_{name}": v for name, v in values.items()}
            )
            if not changed.rowcount:
                raise TicketNotFoundError(f"Tiket {ticket} tidak ditemukan.", ticket=ticket)
        return self._drawn_up(ticket, key, change.events, facts_of(values, change.clocks))

    def mirror(self, book: Book = Book.SHARED, tickets: Iterable[str] | None = None) -> dict[str, MirrorRow]:
        """What the last tick read in a book, by ticket: of all, or of those asked for."""
        asked = [{}] if tickets is None else [{"tickets": some} for some in _portions(tickets)]
        query = _MIRROR if tickets is None else _MIRROR_OF
        with self._read() as connection:
            rows = [row for some in asked for row in connection.execute(query, {"book": book.value, **some})]
        return {row.ticket: MirrorRow(row.fingerprint, row.digest, row.cells, row.seen) for row in rows}

    def digest(self, *parts: str) -> str:
        """A keyed fingerprint of what stands in cells (see `Keyring.digest`)."""
        return self._keyring.digest(*parts)

    def _put_mirror(self, connection: sa.Connection, read: Sequence[tuple[Book, str, MirrorRow]]) -> None:
        if not read:
            return
        upsert = self._upsert(tables.mirror, ("book", "ticket"), ("fingerprint", "digest", "cells", "seen"))
        rows = [
            {"book": book.value, "ticket": ticket, **vars(row), "cells": dict(row.cells)} for book, ticket, row in read
        ]
        connection.execute(upsert, rows)


def _needs_key(change: Change) -> bool:
    return change.intake is not None or change.reply is not None or any(event.secret for event in change.events)


@cache
def _update(names: tuple[str, ...]) -> sa.Update:
    """Sets these columns of one complaint; put together once, as that takes longer than executing it."""
    table = tables.complaints
    values: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in names}
    return table.update().where(table.c.ticket == sa.bindparam("of")).values(values)


def _received(complaint: Complaint, actor: str, noted: Mapping[str, str]) -> Event:
    """The first event. It is of the instant of recording; where the complaint came in earlier, it says so."""
    data = {**noted, "channel": complaint.channel.value}
    if complaint.received_at != complaint.recorded_at:
        data["received_at"] = complaint.received_at.isoformat()
    return Event(EventKind.RECEIVED, complaint.recorded_at, actor, data, public_label=RECEIVED_LABEL)


def _portions(tickets: Iterable[str]) -> Iterator[list[str]]:
    """As many as go into one query."""
    wanted = list(tickets)
    return (wanted[start : start + 500] for start in range(0, len(wanted), 500))


def _year(complaint: Complaint) -> int:
    return complaint.recorded_at.astimezone(WITA).year


def _values(complaint: Complaint) -> dict[str, Any]:
    return {column.name: _plain(getattr(complaint, column.name)) for column in _COMPLAINT_COLUMNS}


def _plain(value: object) -> object:
    return value.value if isinstance(value, StrEnum) else value


def _complaint_of(row: sa.Row[Any]) -> Complaint:
    values = row._asdict()
    for name, kind in _TYPED.items():
        values[name] = kind(values[name])
    return Complaint(**values)
