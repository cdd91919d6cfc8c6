"""Intake: a complaint gets its ticket and its register number, durably, and once for each form."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from register import sealed_json, tables
from register.changes import Accepted, Book, MirrorRow
from register.complaint import (
    WITA,
    Channel,
    Complaint,
    Event,
    EventKind,
    Intake,
    procedure_for,
)
from register.complaints import Complaints, values_of
from register.conversations import Conversations
from register.errors import SubmissionConflictError
from register.facts import facts_of
from register.memory import check_aware
from register.mirror import Mirror
from register.tickets import new_ticket

RECEIVED_LABEL = "Pengaduan diterima"


class Accepting(Complaints, Mirror, Conversations):
    """Accepts complaints."""

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


def _received(complaint: Complaint, actor: str, noted: Mapping[str, str]) -> Event:
    """The first event. It is of the instant of recording; where the complaint came in earlier, it says so."""
    data = {**noted, "channel": complaint.channel.value}
    if complaint.received_at != complaint.recorded_at:
        data["received_at"] = complaint.received_at.isoformat()
    return Event(EventKind.RECEIVED, complaint.recorded_at, actor, data, public_label=RECEIVED_LABEL)
