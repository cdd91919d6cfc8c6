"""
Case reports: PDFs in a folder, each sealed with a key of its own, which is kept sealed with its complaint's.

A file is in its place before its row is committed together with the event that tells of it: a kill in between leaves a
file without a row, never a row without a file, and `sweep` removes what no row refers to. Destroying a complaint's key
erases its reports.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from register import tables
from register.case_report import CaseReport, SealedReport
from register.errors import ErasedError
from register.memory import check_aware
from register.sealed_files import SealedFiles
from register.sealing import Keyring, open_content, seal_content
from register.trail import Trail, portions

ORPHANS_KEPT = timedelta(hours=1)
"""How long a file without a row is left alone: its row may be about to be committed."""
_ROWS = tables.case_reports
_KEYS = tables.complaint_keys
_SHA256 = re.compile("[0-9a-f]{64}")


class CaseReports(Trail):
    """The reports of all complaints; the same code on SQLite and PostgreSQL."""

    def __init__(self, engine: sa.Engine, keyring: Keyring, folder: Path) -> None:
        super().__init__(engine, keyring)
        self._files = SealedFiles(folder)
        self._orphans: dict[str, datetime] = {}

    def seal(self, ticket: str, round_: int, pdf: bytes, *, now: datetime, missing: tuple[str, ...]) -> SealedReport:
        """Put a report in its place, durably. `Change.report` commits it; who does not commit it should `drop` it."""
        check_aware(now)
        digest = sha256(pdf).hexdigest()
        key, sealed = seal_content(pdf, _bound(ticket, round_))
        report = CaseReport(ticket, round_, now, digest, len(pdf), missing)
        return SealedReport(report, self._files.put(sealed), key)

    def drop(self, sealed: SealedReport) -> None:
        """Remove a file that was not committed after all."""
        self._files.drop(sealed.file)

    def of(self, ticket: str) -> list[CaseReport]:
        """Those of a complaint, the first one first; also of one that was erased, whose files do not open any more."""
        query = sa.select(_ROWS).where(_ROWS.c.ticket == ticket).order_by(_ROWS.c.round)
        with self._read() as connection:
            return [_report(row) for row in connection.execute(query)]

    def known(self, digest: str) -> CaseReport | None:
        """The report with that SHA-256 (hexadecimal), None if there is none."""
        if not _SHA256.fullmatch(digest):
            return None
        with self._read() as connection:
            row = connection.execute(sa.select(_ROWS).where(_ROWS.c.sha256 == digest).limit(1)).one_or_none()
        return _report(row) if row else None

    def open(self, report: CaseReport) -> bytes:
        """The PDF. Raises: ErasedError if its complaint was erased; FileLostError; KeyFileError."""
        mine = sa.and_(_ROWS.c.ticket == report.ticket, _ROWS.c.round == report.round)
        with self._read() as connection:
            row = connection.execute(sa.select(_ROWS).where(mine)).one_or_none()
            key = self._key(connection, report.ticket)
        if row is None:
            raise ErasedError(f"Laporan tiket {report.ticket} sudah dihapus.", ticket=report.ticket)
        content_key = self._open(key, report.ticket, key_purpose(report), row.sealed)
        return open_content(content_key, self._files.read(row.file), _bound(report.ticket, report.round))

    def drop_erased(self, tickets: Sequence[str]) -> None:
        """Remove the files of complaints whose key was destroyed, at once; `sweep` would in time."""
        query = sa.select(_ROWS.c.file).outerjoin(_KEYS, _KEYS.c.ticket == _ROWS.c.ticket)
        for some in portions(tickets):
            with self._read() as connection:
                gone = connection.execute(query.where(_ROWS.c.ticket.in_(some), _KEYS.c.ticket.is_(None)))
                names = list(gone.scalars())
            for name in names:
                self._files.drop(name)

    def sweep(self, now: datetime) -> int:
        """
        Remove files that nobody may have any more: those of erased complaints, and those that no row refers to.

        To be called now and then by one process. Returns: how many files went.
        """
        check_aware(now)
        there = set(self._files.names())
        query = sa.select(_ROWS.c.file, _KEYS.c.ticket.label("alive"))
        with self._read() as connection:
            rows = connection.execute(query.outerjoin(_KEYS, _KEYS.c.ticket == _ROWS.c.ticket)).all()
        known, erased = {row.file for row in rows}, {row.file for row in rows if row.alive is None}
        self._orphans = {name: self._orphans.get(name, now) for name in there - known}
        ripe = [name for name, seen_at in self._orphans.items() if now - seen_at >= ORPHANS_KEPT]
        gone = [*ripe, *(erased & there)]
        for name in gone:
            self._files.drop(name)
            self._orphans.pop(name, None)
        return len(gone)


def put_report(connection: sa.Connection, sealed: SealedReport, sealed_key: bytes) -> None:
    """
    The row of a report, in the transaction that commits what else it changes.

    Args:
        sealed_key: The report's key, sealed with its complaint's for `key_purpose`.

    Raises: IntegrityError if that round has its report already.
    """
    values = {**vars(sealed.report), "missing": " ".join(sealed.report.missing)}
    connection.execute(_ROWS.insert().values(**values, file=sealed.file, sealed=sealed_key))


def key_purpose(report: CaseReport) -> str:
    """What its complaint's key seals there."""
    return f"report.{report.round}"


def _report(row: sa.Row[Any]) -> CaseReport:
    return CaseReport(row.ticket, row.round, row.at, row.sha256, row.size, tuple(row.missing.split()))


def _bound(ticket: str, round_: int) -> str:
    return f"report|{ticket}|{round_}"
