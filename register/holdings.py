"""
Whose attachments they are: rows of files and their holders, and the keys that open them.

A holder is `draft:<key>` while the form is filled in, then `ticket:<ticket>`. Every file has a key of its own, kept
sealed with its holder's key, so that handing files over moves no file, and destroying a complaint's key erases them.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from register import tables
from register.attachment import Attachment, Kind
from register.complaint import Event, EventKind
from register.errors import AduanError, ErasedError, TicketNotFoundError
from register.sealed_files import SealedFiles
from register.sealing import Keyring, open_content
from register.trail import Trail

DRAFT, TICKET = "draft:", "ticket:"
ADDED_LABEL = "Bukti dari pelapor diterima"
ADDED_BY_STAFF_LABEL = "Bukti ditambahkan petugas"
REPORTER = "pelapor"
"""The actor of what reporters do, in the audit trail."""
ROWS, HOLDERS = tables.attachments, tables.attachment_holders


class DraftFiledError(AduanError):
    """The form was sent already: its files belong to the ticket now."""

    code = "draft_filed"


class QuarantinedError(AduanError):
    """No scanner has looked at the file yet."""

    code = "quarantined"


class Holdings(Trail):
    """Rows over SQLAlchemy Core, files in a folder; the same code on SQLite and PostgreSQL."""

    def __init__(self, engine: sa.Engine, keyring: Keyring, folder: Path) -> None:
        super().__init__(engine, keyring)
        self._folder = folder
        self._files = SealedFiles(folder)

    def _hand_over(self, origin: str, target: str, now: datetime) -> int:
        with self._write() as connection:
            query = sa.select(HOLDERS).where(HOLDERS.c.holder == origin).with_for_update()
            draft = connection.execute(query).one_or_none()
            if draft is None:  # remembered, so that a file that comes late is not left with the draft
                made = self._insert(HOLDERS).values(holder=origin, handed_to=target, touched_at=now)
                connection.execute(made.on_conflict_do_nothing())
                return 0
            if draft.handed_to:
                return 0
            held_with, rows = self._locked(connection, target, now), self._rows(connection, origin)
            for row in rows:
                key, name = self._secrets(row, draft.wrapped_key, origin)
                values = {"holder": target, "sealed": self._sealed(held_with, target, key, name)}
                connection.execute(ROWS.update().where(ROWS.c.id == row.id).values(**values))
            done = {"handed_to": target, "wrapped_key": None, "touched_at": now}
            connection.execute(HOLDERS.update().where(HOLDERS.c.holder == origin).values(**done))
            if rows:
                data = {"count": str(len(rows))}
                self._tell(connection, target, EventKind.EVIDENCE_ADDED, now, data, ADDED_LABEL)
            return len(rows)

    def _content(self, attachment_id: str, *, quarantined: bool) -> bytes:
        with self._read() as connection:
            row = connection.execute(sa.select(ROWS).where(ROWS.c.id == attachment_id)).one_or_none()
            key = self._holders_key(connection, row.holder) if row else None
        if row is None or key is None:
            raise ErasedError("Lampiran ini sudah dihapus.")
        if row.quarantined and not quarantined:
            raise QuarantinedError("Lampiran ini menunggu pemindai virus. Periksa dengan: aduan doctor")
        content_key, _ = self._secrets(row, key, row.holder)
        return open_content(content_key, self._files.read(row.file), f"attachment|{row.id}")

    def _place(self, holder: str) -> str:
        """
        The holder as the database names it. A draft's key opens the draft, so only its digest is kept; it is that of
        the submission which the form becomes, so that a ticket's draft can be found.
        """
        if holder.startswith(TICKET):
            return holder
        if not holder.startswith(DRAFT):
            raise ValueError("a holder is draft:<key> or ticket:<ticket>")
        return DRAFT + self._keyring.digest("submission", f"web:{holder.removeprefix(DRAFT)}")

    def _locked(self, connection: sa.Connection, place: str, now: datetime) -> bytes:
        """
        The key of a holder, which is made if need be and is nobody else's until the commit.

        Raises: DraftFiledError, TicketNotFoundError, ErasedError.
        """
        of_ticket = place.startswith(TICKET)
        key = self._holders_key(connection, place) if of_ticket else self._keyring.new_wrapped_key(place)
        if key is None:
            ticket = place.removeprefix(TICKET)
            known = sa.select(tables.complaints.c.ticket).where(tables.complaints.c.ticket == ticket)
            if connection.execute(known).first() is None:
                raise TicketNotFoundError(f"Tiket {ticket} tidak ditemukan.", ticket=ticket)
            raise ErasedError(f"Data pelapor pada tiket {ticket} sudah dihapus.", ticket=ticket)
        made = self._insert(HOLDERS).values(
            holder=place, wrapped_key=None if of_ticket else key, handed_to=None, touched_at=now
        )
        connection.execute(made.on_conflict_do_update(index_elements=[HOLDERS.c.holder], set_={"touched_at": now}))
        if of_ticket:
            return key
        row = connection.execute(sa.select(HOLDERS).where(HOLDERS.c.holder == place)).one()
        if row.handed_to:
            raise DraftFiledError("Formulir ini sudah dikirim.", holder=row.handed_to)
        found: bytes = row.wrapped_key
        return found

    def _holders_key(self, connection: sa.Connection, place: str) -> bytes | None:
        if place.startswith(TICKET):
            return self._key(connection, place.removeprefix(TICKET))
        query = sa.select(HOLDERS.c.wrapped_key).where(HOLDERS.c.holder == place)
        key: bytes | None = connection.execute(query).scalar_one_or_none()
        return key

    def _rows(self, connection: sa.Connection, place: str) -> Sequence[sa.Row[Any]]:
        query = sa.select(ROWS).where(ROWS.c.holder == place).order_by(ROWS.c.added_at, ROWS.c.position)
        return connection.execute(query).all()

    def _sealed(self, key: bytes, place: str, content_key: str, name: str) -> bytes:
        text = json.dumps({"key": content_key, "name": name}, ensure_ascii=False)
        return self._keyring.seal(key, _bound(place), "attachment", text)

    def _secrets(self, row: sa.Row[Any], key: bytes, place: str) -> tuple[str, str]:
        """The key of the file's content, and its name."""
        found = json.loads(self._keyring.open(key, _bound(place), "attachment", row.sealed))
        return str(found["key"]), str(found["name"])

    def _opened(self, row: sa.Row[Any], key: bytes, place: str) -> Attachment:
        _, name = self._secrets(row, key, place)
        return Attachment(row.id, Kind(row.kind), name, row.size, row.added_at, row.quarantined)

    def _tell(
        self,
        connection: sa.Connection,
        place: str,
        kind: EventKind,
        now: datetime,
        data: dict[str, str],
        label: str = "",
        *,
        actor: str = REPORTER,
    ) -> None:
        """What became of a ticket's files: its count, and its trail. A draft has neither."""
        if not place.startswith(TICKET):
            return
        ticket = place.removeprefix(TICKET)
        count = sa.select(sa.func.count()).where(ROWS.c.holder == place).scalar_subquery()
        changed = tables.complaints.update().where(tables.complaints.c.ticket == ticket)
        connection.execute(changed.values(evidence_count=count))
        self._append(connection, self._drawn_up(ticket, None, [Event(kind, now, actor, data, public_label=label)]))


def _bound(place: str) -> str:
    """What a holder's key is bound to: a complaint's own to its ticket."""
    return place.removeprefix(TICKET)
