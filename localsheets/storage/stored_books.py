"""
The file of one data folder: one transaction at a time for writers, a connection of its own for readers.

What was deleted or overwritten stays in the write-ahead log for a while, so that is emptied soon after every write.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from localsheets.model.book import Book
from localsheets.storage import database
from localsheets.storage.snapshots import Snapshots

TIDY_SECONDS = 30
"""How long after a write the write-ahead log is emptied, and after which that is tried again."""


class StoredBooks:
    """Connections, locks and the last committed snapshots."""

    def __init__(self, data_dir: Path) -> None:
        data_dir.mkdir(parents=True, exist_ok=True)
        self._writer = database.connect(data_dir / "sheets.sqlite3")
        database.prepare(self._writer)
        self._reader = database.connect(data_dir / "sheets.sqlite3")
        self._write_lock = threading.Lock()
        self._read_lock = threading.Lock()
        self._snapshots = Snapshots()
        self._pending: Book | None = None  # stored but for the COMMIT, so that no reader loads it again
        self._tidying: threading.Timer | None = None
        self._closed = False

    def close(self) -> None:
        """Let go of the file."""
        with self._write_lock, self._read_lock:
            self._closed = True
            if self._tidying is not None:
                self._tidying.cancel()
            self._writer.close()
            self._reader.close()

    def tidy(self) -> None:
        """Empty the write-ahead log; if somebody is in the way, later."""
        with self._write_lock:
            if self._closed:
                return
            if self._tidying is not None:
                self._tidying.cancel()
                self._tidying = None
            if not database.empty_log(self._writer):
                self._tidy_later()

    def _tidy_later(self) -> None:
        """The caller holds the write lock."""
        if self._tidying is None:
            self._tidying = threading.Timer(TIDY_SECONDS, self.tidy)
            self._tidying.daemon = True
            self._tidying.start()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._write_lock:
            try:
                self._writer.execute("BEGIN IMMEDIATE")
                yield self._writer
                self._writer.execute("COMMIT")
                if self._pending is not None:
                    self._snapshots.put(self._pending)
                self._tidy_later()
            except sqlite3.OperationalError as error:
                raise database.as_unavailable(error) from error
            finally:
                self._pending = None
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._read_lock:
            self._reader.execute("BEGIN")
            try:
                yield self._reader
            finally:
                self._reader.execute("COMMIT")

    def _current(self, book_id: str) -> Book | None:
        with self._reading() as connection:
            return self._loaded(connection, book_id)

    def _loaded(self, connection: sqlite3.Connection, book_id: str) -> Book | None:
        revision = database.revision_of(connection, book_id)
        if revision is None:
            self._snapshots.forget(book_id)
            return None
        pending = self._pending
        if pending is not None and (pending.book_id, pending.revision) == (book_id, revision):
            return pending
        kept = self._snapshots.get(book_id, revision)
        if kept is not None:
            return kept
        loaded = database.load_book(connection, book_id)
        if loaded is not None:
            self._snapshots.put(loaded)
        return loaded
