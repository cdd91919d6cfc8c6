"""
The spreadsheets of one data folder: snapshots for readers, one transaction at a time for writers.

Readers get the last committed snapshot without waiting for a writer. Both ask the database for the revision first, so
a second process on the same folder is seen, too.
"""

import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from localsheets import storage
from localsheets.book import ROLES_THAT_WRITE, Book, new_sheet
from localsheets.errors import NotFoundError, PermissionDeniedError
from localsheets.identity import Identity

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present moment; what a shelf uses unless it is given another clock."""
    return datetime.now(UTC)


def add_first_sheet(draft: Book) -> None:
    """The one empty sheet that a new spreadsheet begins with."""
    draft.add_sheet(new_sheet(0, "Sheet1"))


class Shelf:
    """All spreadsheets under a folder."""

    def __init__(
        self,
        data_dir: Path,
        *,
        clock: Clock = utc_now,
        default_book: Callable[[], str | None] = lambda: None,
    ) -> None:
        """
        Args:
            data_dir: Made if missing; holds `sheets.sqlite3`.
            clock: Answers the present moment, aware.
            default_book: Names the spreadsheet in which everybody who may log in works, unless they have a permission
                of their own.
        """
        data_dir.mkdir(parents=True, exist_ok=True)
        self._clock = clock
        self._default_book = default_book
        self._writer = storage.connect(data_dir / "sheets.sqlite3")
        storage.prepare(self._writer)
        self._reader = storage.connect(data_dir / "sheets.sqlite3")
        self._write_lock = threading.Lock()
        self._read_lock = threading.Lock()
        self._snapshots: dict[str, Book] = {}
        self._pending: Book | None = None  # stored but for the COMMIT, so that no reader loads it again

    def close(self) -> None:
        """Let go of the files."""
        with self._write_lock, self._read_lock:
            self._writer.close()
            self._reader.close()

    def default_book_id(self) -> str | None:
        """The spreadsheet that the grid opens by itself."""
        return self._default_book()

    def books_for(self, who: Identity) -> list[Book]:
        """The spreadsheets an identity may read, the last changed first."""
        with self._read_lock:
            ids = storage.book_ids(self._reader)
        books = [self._current(book_id) for book_id in ids]
        return [book for book in books if book is not None and self.role(book, who)]

    def role(self, book: Book, who: Identity) -> str | None:
        """What an identity may do in a spreadsheet; the default one is open to everybody known here."""
        own = book.role_of(who)
        return "writer" if own is None and book.book_id == self._default_book() else own

    def read(self, book_id: str, who: Identity) -> Book:
        """
        The present snapshot.

        Raises: NotFoundError, PermissionDeniedError.
        """
        book = self._current(book_id)
        if book is None:
            raise NotFoundError("Requested entity was not found.")
        if self.role(book, who) is None:
            raise PermissionDeniedError("The caller does not have permission")
        return book

    def create(
        self, who: Identity, properties: dict[str, Any], kind: str, fill: Callable[[Book], object] = add_first_sheet
    ) -> Book:
        """
        A new spreadsheet, owned by who asked for it.

        Args:
            fill: Puts at least one sheet into the draft.
        """
        defaults = {
            "title": "Untitled spreadsheet",
            "locale": "en_US",
            "autoRecalc": "ON_CHANGE",
            "timeZone": "Etc/GMT",
        }
        at = self._stamp()
        book = Book(0, secrets.token_urlsafe(33), who, at, at, {**defaults, **properties})
        with self._transaction() as connection:
            storage.insert_book(connection, book)
            draft = book.draft()
            fill(draft)
            storage.save_draft(connection, draft, who.email, kind)
            self._pending = draft.sealed()
        return self.read(book.book_id, who)

    @contextmanager
    def writing(self, book_id: str, who: Identity, kind: str) -> Iterator[Book]:
        """
        A draft that is stored, durably and as a whole, when the block ends without an error.

        Args:
            kind: What the change record says was done.
        """
        with self._transaction() as connection:
            base = self._loaded(connection, book_id)
            if base is None:
                raise NotFoundError("Requested entity was not found.")
            if self.role(base, who) not in ROLES_THAT_WRITE:
                raise PermissionDeniedError("The caller does not have permission")
            draft = base.draft()
            yield draft
            if draft.changed:
                draft.modified_at = self._stamp()
                storage.save_draft(connection, draft, who.email, kind)
                self._pending = draft.sealed()

    def delete(self, book_id: str, who: Identity) -> None:
        """Forget a spreadsheet; only its owner may."""
        book = self.read(book_id, who)
        if book.role_of(who) != "owner":
            raise PermissionDeniedError("The user does not have sufficient permissions for this file.")
        with self._transaction() as connection:
            storage.delete_book(connection, book_id)
        self._snapshots.pop(book_id, None)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._write_lock:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
                if self._pending is not None:
                    self._snapshots[self._pending.book_id] = self._pending
            finally:
                self._pending = None
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")

    def _current(self, book_id: str) -> Book | None:
        with self._read_lock:
            self._reader.execute("BEGIN")
            try:
                return self._loaded(self._reader, book_id)
            finally:
                self._reader.execute("COMMIT")

    def _loaded(self, connection: sqlite3.Connection, book_id: str) -> Book | None:
        revision = storage.revision_of(connection, book_id)
        if revision is None:
            self._snapshots.pop(book_id, None)
            return None
        for snapshot in (self._snapshots.get(book_id), self._pending):
            if snapshot is not None and (snapshot.book_id, snapshot.revision) == (book_id, revision):
                return snapshot
        loaded = storage.load_book(connection, book_id)
        if loaded is not None:
            self._snapshots[book_id] = loaded
        return loaded

    def _stamp(self) -> str:
        return self._clock().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
