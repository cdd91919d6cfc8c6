"""
Erasing who a reporter was and what was said, for good, with proof; what figures count remains.

Everything of a complaint is sealed with a key of its own, so that destroying it is what erases, in the trail too, whose
rows nobody may change. What was destroyed is named by digests of what was sealed, which tell nothing of what it was.
Source: UU 27/2022 Ps 8, 43, 44 (right to erasure, destruction); UU 43/2009 (retention schedules).
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from register import tables
from register.archive import ARCHIVABLE, Archive, HeldError, NotArchivedError, Task
from register.complaint import Complaint, Event, EventKind
from register.facts import facts_of, without_facts
from register.holdings import TICKET

_COMPLAINTS, _KEYS, _EVENTS = tables.complaints, tables.complaint_keys, tables.events
_LINKS, _CONVERSATIONS = tables.conversation_tickets, tables.conversations
REASONS: Mapping[str, str] = {
    "permintaan": "permintaan pemilik data (UU 27/2022)",
    "retensi": "masa simpan berakhir (UU 43/2009, jadwal retensi arsip)",
    "putusan": "putusan atau perintah pejabat yang berwenang",
}
"""Why something is erased, by code: the trail keeps the code, as a sentence of somebody's could name a person."""
DIGEST_LETTERS = 32
_WORKER = "pekerja (aduan serve) melanjutkannya."
_UNFINISHED: Mapping[Task, str] = {
    Task.BLANK: f"Lampiran, percakapan, dan sel spreadsheet arsip belum selesai dibersihkan; {_WORKER}",
    Task.CLEAR: f"Barisnya di Register belum selesai dihapus; {_WORKER}",
    Task.WITHDRAW: f"Barisnya di spreadsheet arsip belum selesai dihapus; {_WORKER}",
}
"""What people read of what spreadsheets still have to follow."""


@dataclass(frozen=True)
class Doomed:
    """
    What erasing a complaint destroys: how many of each, and digests of what is sealed.

    Args:
        conversations: Numbers of conversations of which this is the last complaint that is not erased.
        shared: Conversations that stay, as other complaints came from them.
    """

    complaint: Complaint
    events: int
    files: int
    contacts: int
    conversations: tuple[int, ...]
    shared: int
    digests: Mapping[str, str]


class Erasing(Archive):
    """The same code on SQLite and PostgreSQL."""

    def doomed(self, ticket: str) -> Doomed:
        """What `erase` would destroy; nothing is. Raises: TicketNotFoundError."""
        with self._read() as connection:
            return self._doomed(connection, self._complaint(connection, ticket))

    def erase(self, ticket: str, reason: str, now: datetime, *, actor: str) -> Doomed:
        """
        Destroy it, at once and for good; done again it changes nothing.

        Files and spreadsheets follow (`Task.BLANK`). The complaint leaves the working register.

        Args:
            reason: One of `REASONS`.

        Raises: TicketNotFoundError; HeldError; NotArchivedError while something is still to be done about it.
        """
        if reason not in REASONS:
            raise ValueError("a reason is one of REASONS")
        with self._write() as connection:
            complaint = self._locked_ticket(connection, ticket)
            found = self._doomed(connection, complaint)
            if complaint.erased_at is not None:
                return found
            check_erasable(complaint)
            self._destroy(connection, complaint)
            values = {"erased_at": now, "inactive_since": complaint.inactive_since or now}
            self._update_one(connection, ticket, **values)
            self._put_tasks(connection, [ticket], Task.BLANK, now, instead_of=None)
            self._put_tasks(connection, [ticket], Task.CLEAR, now, instead_of=Task.WITHDRAW)
            event = Event(EventKind.ERASED, now, actor, {"reason": reason, **found.digests})
            self._append(connection, self._drawn_up(ticket, None, [event], facts_of(values)))
        return found

    def erasable(self, category: str, before: datetime, limit: int) -> list[Complaint]:
        """Archived complaints of a category, last changed before an instant, neither held nor erased; oldest first."""
        table = tables.complaints
        ready = sa.and_(table.c.inactive_since.is_not(None), table.c.held_since.is_(None), table.c.erased_at.is_(None))
        query = sa.select(table.c.ticket).where(ready, table.c.category == category, table.c.updated_at < before)
        with self._read() as connection:
            tickets = connection.execute(query.order_by(table.c.year, table.c.number).limit(limit)).scalars().all()
        return list(self.complaints_of(tickets).values())

    def erasures(self, after: int) -> tuple[list[tuple[Complaint, Event]], int]:
        """The complaints erased after that event of the trail, each with its event, and the number of the last one."""
        query = sa.select(_EVENTS).where(_EVENTS.c.seq > after, _EVENTS.c.seq <= sa.bindparam("through"))
        mine = query.where(_EVENTS.c.kind == EventKind.ERASED.value).order_by(_EVENTS.c.seq)
        with self._read() as connection:
            through = int(connection.execute(sa.select(tables.trail_head.c.seq)).scalar_one_or_none() or 0)
            rows = connection.execute(mine, {"through": through}).all()
        complaints = self.complaints_of([row.ticket for row in rows])
        told = [Event(EventKind.ERASED, row.at, row.actor, without_facts(row.data)) for row in rows]
        return [(complaints[row.ticket], event) for row, event in zip(rows, told, strict=True)], through

    def last_of_conversations(self, ticket: str) -> list[int]:
        """Conversations that this complaint came from and whose complaints are all erased, and that are not yet."""
        with self._read() as connection:
            return self._without_living(connection, ticket, but="")

    def erasure_left(self, ticket: str) -> list[str]:
        """
        What the store still holds of a complaint that was erased, in formal Indonesian; empty if nothing opens.

        Raises: TicketNotFoundError.
        """
        complaint = self.complaint(ticket)
        if complaint.erased_at is None:
            return ["Data pengaduan ini belum dihapus."]
        with self._read() as connection:
            left = {problem: self._count(connection, table, where) for problem, table, where in _places(ticket)}
            conversations = self._without_living(connection, ticket, but="")
            waiting = connection.execute(
                sa.select(tables.archive_tasks.c.task).where(tables.archive_tasks.c.ticket == ticket)
            ).scalars()
            problems = [f"{problem}: {count}." for problem, count in left.items() if count]
            problems += ["Percakapannya masih dapat dibuka."] if conversations else []
            problems += [_UNFINISHED[Task(task)] for task in sorted(waiting)]
        return problems

    # -- what hangs on a key --------------------------------------------------------------------------------------

    def _doomed(self, connection: sa.Connection, complaint: Complaint) -> Doomed:
        ticket = complaint.ticket
        sealed = connection.execute(
            sa.select(_COMPLAINTS.c.sealed_intake, _COMPLAINTS.c.sealed_reply).where(_COMPLAINTS.c.ticket == ticket)
        ).one()
        events = self._blobs(connection, sa.select(_EVENTS.c.sealed).where(_EVENTS.c.ticket == ticket), _EVENTS.c.seq)
        rows = tables.attachments
        files = list(connection.execute(sa.select(rows.c.file).where(rows.c.holder == TICKET + ticket)).scalars())
        index = tables.contact_index
        last = self._without_living(connection, ticket, but=ticket)
        own = self._count(connection, _LINKS, (_LINKS.c.ticket == ticket) & _LINKS.c.own)
        key = self._key(connection, ticket)
        return Doomed(
            complaint,
            events=len(events),
            files=len(files),
            contacts=self._count(connection, index, index.c.ticket == ticket),
            conversations=tuple(last),
            shared=own - len(last),
            digests={
                "key": _digest([key or b""]),
                "intake": _digest([sealed.sealed_intake]),
                "reply": _digest([sealed.sealed_reply or b""]),
                "secrets": _digest(events),
                "files": _digest(name.encode() for name in sorted(files)),
            },
        )

    def _destroy(self, connection: sa.Connection, complaint: Complaint) -> None:
        ticket, outbox, sent = complaint.ticket, tables.outbox, tables.submissions
        for table in (tables.contact_index, tables.mirror, _KEYS):
            connection.execute(table.delete().where(table.c.ticket == ticket))
        self._update_one(connection, ticket, sealed_intake=b"", sealed_reply=None, note="")
        reports = tables.case_reports
        connection.execute(reports.update().where(reports.c.ticket == ticket).values(sealed=b""))
        connection.execute(sent.update().where(sent.c.ticket == ticket).values(content_digest=""))
        gone = {"contact": "", "proof_digest": None, "note": "", "problem": ""}
        connection.execute(outbox.update().where(outbox.c.ticket == ticket).values(**gone))

    def _without_living(self, connection: sa.Connection, ticket: str, *, but: str) -> list[int]:
        """Conversations it came from, with a key, from which no complaint came that has its key, `but` left out."""
        other = _LINKS.alias("others")
        living = (
            sa.select(other.c.conversation)
            .join(_KEYS, _KEYS.c.ticket == other.c.ticket)
            .where(other.c.conversation == _LINKS.c.conversation, other.c.own, other.c.ticket != but)
        )
        query = (
            sa.select(_LINKS.c.conversation)
            .join(_CONVERSATIONS, _CONVERSATIONS.c.id == _LINKS.c.conversation)
            .where(_LINKS.c.ticket == ticket, _LINKS.c.own, _CONVERSATIONS.c.wrapped_key.is_not(None), ~living.exists())
        )
        return list(connection.execute(query.order_by(_LINKS.c.conversation)).scalars())

    def _blobs(self, connection: sa.Connection, query: sa.Select[Any], order: sa.Column[int]) -> list[bytes]:
        return [blob for blob in connection.execute(query.order_by(order)).scalars() if blob]

    def _count(self, connection: sa.Connection, table: sa.Table, where: sa.ColumnElement[bool]) -> int:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table).where(where)).scalar_one())


def check_erasable(complaint: Complaint) -> None:
    """Raises: HeldError; NotArchivedError while something is still to be done about it."""
    if complaint.held_since is not None:
        raise HeldError(
            f"Tiket {complaint.ticket} sedang ditahan; lepaskan dahulu dengan: aduan hold {complaint.ticket} --release",
            ticket=complaint.ticket,
        )
    if complaint.status.value not in ARCHIVABLE:
        raise NotArchivedError(
            f"Tiket {complaint.ticket} berstatus {complaint.status_label}; hanya pengaduan yang sudah diarsipkan yang "
            "datanya dapat dihapus.",
            ticket=complaint.ticket,
        )


def _places(ticket: str) -> Sequence[tuple[str, sa.Table, sa.ColumnElement[bool]]]:
    """Where something of a complaint may still lie, and how people call it."""
    complaints, files, outbox, reports = _COMPLAINTS, tables.attachments, tables.outbox, tables.case_reports
    mine, sealed = complaints.c.ticket == ticket, complaints.c.sealed_reply.is_not(None)
    return (
        ("Kunci pengaduan", _KEYS, _KEYS.c.ticket == ticket),
        ("Indeks kontak", tables.contact_index, tables.contact_index.c.ticket == ticket),
        ("Isi pengaduan", complaints, mine & ((sa.func.length(complaints.c.sealed_intake) > 0) | sealed)),
        ("Lampiran", files, files.c.holder == TICKET + ticket),
        ("Laporan pengaduan", reports, (reports.c.ticket == ticket) & (sa.func.length(reports.c.sealed) > 0)),
        ("Cermin baris", tables.mirror, tables.mirror.c.ticket == ticket),
        ("Pesan keluar", outbox, (outbox.c.ticket == ticket) & (outbox.c.contact != "")),
    )


def _digest(parts: Iterable[bytes]) -> str:
    """One SHA-256 over all of them, each with its length, so that none can pass for two."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8) + part)
    return whole.hexdigest()[:DIGEST_LETTERS]
