"""
Reporters' files: in a folder, sealed, each known to the database by one row.

A file is in its place before its row is committed, and goes only after its row has gone: a kill in between leaves a
file without a row, never a row without a file, and `sweep` removes what nobody refers to.
"""

import secrets
import shutil
from datetime import datetime
from hashlib import sha256

import sqlalchemy as sa

from register.attachment import Attachment, Checked
from register.attachment_sweep import SweptHoldings
from register.complaint import EventKind
from register.errors import AduanError
from register.holdings import ADDED_BY_STAFF_LABEL, ADDED_LABEL, HOLDERS, REPORTER, ROWS, TICKET
from register.memory import check_aware
from register.sealing import seal_content

MOST_IN_DRAFT = 5
MOST_FOR_TICKET = 20
"""With what is sent later, when the office asks for it."""
LEAST_FREE_BYTES = 500_000_000
"""What files leave of the disk: complaints themselves must always find room."""


class TooManyAttachmentsError(AduanError):
    """The holder has as many files as it may have; `facts["most"]` says how many."""

    code = "too_many_attachments"


class StorageFullError(AduanError):
    """The disk has no room for files."""

    code = "storage_full"


class Attachments(SweptHoldings):
    """The files of drafts and tickets; the same code on SQLite and PostgreSQL."""

    # -- adding and removing --------------------------------------------------------------------------------------

    def add(
        self, holder: str, checked: Checked, *, now: datetime, quarantined: bool = False, actor: str = REPORTER
    ) -> Attachment:
        """
        Keep a file, durably before this returns; the same content again is the same attachment.

        Args:
            now: Aware instant.
            quarantined: Keep it, but let nobody open it before `release`.
            actor: Who added it, for the audit trail.

        Raises: TooManyAttachmentsError, DraftFiledError, StorageFullError; TicketNotFoundError; ErasedError if the
            complaint's key was destroyed.
        """
        check_aware(now)
        place = self._place(holder)
        self._check_room(len(checked.content))
        digest = self._keyring.digest("attachment", place, sha256(checked.content).hexdigest())
        made = Attachment(secrets.token_urlsafe(16), checked.kind, checked.name, len(checked.content), now, quarantined)
        key, sealed = seal_content(checked.content, f"attachment|{made.id}")
        file = self._files.put(sealed)
        try:
            kept = self._add_row(place, made, digest, file, key, actor)
        except AduanError:  # after any other the row may have been committed; if not, the file is swept
            self._files.drop(file)
            raise
        if kept.id != made.id:
            self._files.drop(file)
        return kept

    def _check_room(self, size: int) -> None:
        standing = next(path for path in (self._folder, *self._folder.absolute().parents) if path.exists())
        if shutil.disk_usage(standing).free - size < LEAST_FREE_BYTES:
            raise StorageFullError("Tempat penyimpanan lampiran penuh. Kosongkan sebagian isi disk.")

    def _add_row(self, place: str, made: Attachment, digest: str, file: str, key: str, actor: str) -> Attachment:
        with self._write() as connection:
            held_with = self._locked(connection, place, made.added_at)
            rows = self._rows(connection, place)
            for row in rows:
                if row.content_digest == digest:
                    return self._opened(row, held_with, place)
            most = MOST_FOR_TICKET if place.startswith(TICKET) else MOST_IN_DRAFT
            if len(rows) >= most:
                raise TooManyAttachmentsError(f"Paling banyak {most} berkas.", most=most)
            sealed = self._sealed(held_with, place, key, made.name)
            connection.execute(
                ROWS.insert().values(
                    id=made.id,
                    holder=place,
                    kind=made.kind.value,
                    size=made.size,
                    added_at=made.added_at,
                    quarantined=made.quarantined,
                    position=rows[-1].position + 1 if rows else 1,
                    file=file,
                    content_digest=digest,
                    sealed=sealed,
                )
            )
            label = ADDED_LABEL if actor == REPORTER else ADDED_BY_STAFF_LABEL
            self._tell(connection, place, EventKind.EVIDENCE_ADDED, made.added_at, {"count": "1"}, label, actor=actor)
        return made

    def remove(self, holder: str, attachment_id: str, *, now: datetime, actor: str = REPORTER) -> bool:
        """Take a file away; False if the holder has none of that id."""
        check_aware(now)
        place = self._place(holder)
        with self._write() as connection:
            gone = connection.execute(
                ROWS.delete().where(ROWS.c.id == attachment_id, ROWS.c.holder == place).returning(ROWS.c.file)
            ).scalar_one_or_none()
            if gone is None:
                return False
            connection.execute(HOLDERS.update().where(HOLDERS.c.holder == place).values(touched_at=now))
            self._tell(connection, place, EventKind.EVIDENCE_REMOVED, now, {"count": "1"}, actor=actor)
        self._files.drop(gone)
        return True

    def hold_on(self, holder: str, *, now: datetime) -> None:
        """Somebody is still to decide on what the draft's files came with: they are not forgotten yet."""
        check_aware(now)
        with self._write() as connection:
            mine = HOLDERS.update().where(HOLDERS.c.holder == self._place(holder))
            connection.execute(mine.values(touched_at=now))

    def discard(self, holder: str, *, now: datetime) -> None:
        """Take all files of a draft away, as its form was given up."""
        for attachment in self.of(holder):
            self.remove(holder, attachment.id, now=now)

    def hand_over(self, from_holder: str, to_holder: str, *, now: datetime) -> int:
        """
        Give a draft's files to the ticket that came of it; done again it does nothing.

        Returns: how many files the ticket got. Raises: TicketNotFoundError, ErasedError.
        """
        check_aware(now)
        return self._hand_over(self._place(from_holder), self._place(to_holder), now)

    # -- looking --------------------------------------------------------------------------------------------------

    def of(self, holder: str) -> list[Attachment]:
        """What the holder has, in the order of coming; nothing of a complaint that was erased."""
        place = self._place(holder)
        with self._read() as connection:
            key, rows = self._holders_key(connection, place), self._rows(connection, place)
        return [self._opened(row, key, place) for row in rows] if key else []

    def open(self, attachment: Attachment) -> bytes:
        """
        The file itself.

        Raises: QuarantinedError; ErasedError if it is not there any more or its complaint was erased; FileLostError.
        """
        return self._content(attachment.id, quarantined=False)

    def lost(self) -> int:
        """How many rows there are whose file is not in the folder."""
        with self._read() as connection:
            names = list(connection.execute(sa.select(ROWS.c.file)).scalars())
        return sum(not self._files.has(name) for name in names)
