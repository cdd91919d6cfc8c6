"""
The store: every complaint, its audit trail and the worker's memory, in one database.

A method is one transaction, and none of them talks to anything but the database. What a person wrote is sealed on the
way in and opened only where it is asked for.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from register import sealed_json, tables
from register.archive import ARCHIVABLE
from register.case_reports import key_purpose, put_report
from register.cases import Cases
from register.changes import Accepted, Book, Change, MirrorRow
from register.complaint import (
    WITA,
    Channel,
    Complaint,
    Event,
    EventKind,
    Intake,
    procedure_for,
)
from register.complaints import COLUMNS, complaint_of
from register.deliveries import Deliveries
from register.displays import Displays
from register.drafts import Drafts
from register.editions import Editions
from register.edits import EditTrail
from register.erasing import Erasing
from register.errors import SubmissionConflictError, TicketNotFoundError
from register.facts import facts_of
from register.memory import check_aware
from register.mirror import Mirror
from register.news import NewsFeed
from register.staff_messages import StaffMessages
from register.tickets import new_ticket
from register.today import Today
from register.trail import portions

if TYPE_CHECKING:
    from register.transfer import Transfer

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


class Store(Erasing, Cases, Mirror, StaffMessages, EditTrail, NewsFeed, Deliveries, Editions):
    """Complaints over SQLAlchemy Core; the same code on SQLite and PostgreSQL."""

    @property
    def drafts(self) -> Drafts:
        """What citizens are still writing, beside the complaints."""
        return Drafts(self._engine, self._keyring)

    @property
    def transfer(self) -> "Transfer":
        """What comes from other registers, and goes to them."""
        from register.transfer import Transfer  # it is built on this class

        return Transfer(self._engine, self._keyring)

    @property
    def displays(self) -> Displays:
        """The screens that show the wall board."""
        return Displays(self._engine, self._keyring.digest)

    @property
    def today(self) -> Today:
        """The running day."""
        return Today(self._engine)

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
        conversation: int = 0,
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
            conversation: The number of the one that it came from, and is answered in; 0 for none.

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
                        conversation,
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
        conversation: int,
    ) -> Accepted:
        if submission_key and (repeated := self._earlier(connection, submission_key, intake)):
            return repeated
        own = self._held(connection, conversation) if conversation else None  # before the trail's end
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
                **values_of(complaint),
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
        if own:
            self._link_conversation(connection, own.id, complaint.ticket, now, own=True)
        entries = self._drawn_up(
            complaint.ticket, key, [_received(complaint, actor, noted)], facts_of(values_of(complaint))
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

    def _next_number(self, connection: sa.Connection, year: int, count: int = 1) -> int:
        """
        The next number of a year, or the last of the next `count`.

        Gapless: the counter moves in the accepting transaction, and its row lock makes accepting queue up.
        """
        table = tables.register_numbers
        insert = self._insert(table).values(year=year, last=count)
        statement = insert.on_conflict_do_update(
            index_elements=[table.c.year], set_={"last": table.c.last + count}
        ).returning(table.c.last)
        return int(connection.execute(statement).scalar_one())

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
            locked = sa.select(*COLUMNS).where(tables.complaints.c.ticket == change.ticket)
            row = connection.execute(locked.with_for_update()).one_or_none()
            if before := self._done_before(connection, key, content):
                return before
            if row is None or complaint_of(row) != known:
                return Done.STALE
            digest = self._keyring.digest("act", content)
            values = {"key": self._submission(key), "ticket": change.ticket, "content_digest": digest}
            connection.execute(tables.submissions.insert().values(**values))
            self._commit(connection, [change])
        return Done.NOW

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

    def commit_if_unchanged(self, change: Change, known: Complaint) -> bool:
        """
        Apply a change, unless the complaint is another by now than `known`, which it was decided on.

        Raises: as `commit`.
        """
        with self._write() as connection:
            locked = sa.select(*COLUMNS).where(tables.complaints.c.ticket == change.ticket)
            row = connection.execute(locked.with_for_update()).one_or_none()
            if row is None or complaint_of(row) != known:
                return False
            self._commit(connection, [change])
        return True

    def _heard_since(self, connection: sa.Connection, heard: Mapping[str, datetime | None]) -> frozenset[str]:
        table, found = tables.complaints, set()
        for tickets in portions(heard):
            query = sa.select(table.c.ticket, table.c.heard_at).where(table.c.ticket.in_(tickets)).with_for_update()
            found |= {ticket for ticket, at in connection.execute(query) if at != heard[ticket]}
        return frozenset(found)

    def _commit(self, connection: sa.Connection, wanted: Sequence[Change]) -> None:
        keys = self._writing_keys(connection, {change.ticket for change in wanted if _needs_key(change)})
        entries = [entry for change in wanted for entry in self._apply(connection, change, keys.get(change.ticket))]
        for change in wanted:
            if change.report is not None:
                kept, ticket = change.report, change.ticket
                key = self._seal(keys.get(ticket), ticket, key_purpose(kept.report), kept.content_key)
                put_report(connection, kept, key)
        self._put_clocks(connection, [(change.ticket, clock) for change in wanted for clock in change.clocks])
        self._put_mirror(connection, [(c.book, c.ticket, c.mirror) for c in wanted if c.mirror is not None])
        told = [(message, change.events[-1].at) for change in wanted if change.events for message in change.messages]
        self._queue_told(connection, told)
        self._append(connection, entries)

    def _apply(self, connection: sa.Connection, change: Change, key: bytes | None) -> list[dict[str, Any]]:
        """What the complaint itself shows. The events come back drawn up for the trail."""
        values = {name: _plain(value) for name, value in change.fields.items()}
        if values.get("status") not in (None, *ARCHIVABLE):
            values.setdefault("inactive_since", None)  # what goes on again stands in the working register again
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

    def digest(self, *parts: str) -> str:
        """A keyed fingerprint of what stands in cells (see `Keyring.digest`)."""
        return self._keyring.digest(*parts)


def _needs_key(change: Change) -> bool:
    sealed = (change.intake, change.reply, change.report)
    return any(each is not None for each in sealed) or any(event.secret for event in change.events)


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


def values_of(complaint: Complaint) -> dict[str, Any]:
    """A complaint by columns of its table."""
    return {column.name: _plain(getattr(complaint, column.name)) for column in COLUMNS}


def _plain(value: object) -> object:
    return value.value if isinstance(value, StrEnum) else value
