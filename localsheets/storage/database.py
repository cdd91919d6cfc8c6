"""
Spreadsheets in SQLite: one JSON value per sheet row, with an id that lasts and a separate key for its place.

WAL with `synchronous=FULL`: what was answered is on the disk, and a process killed in the middle leaves all or nothing.
"""

import json
import os
import sqlite3
from pathlib import Path
from typing import Any

from localsheets.errors import StorageError, UnavailableError
from localsheets.identity import Identity
from localsheets.model.book import Book
from localsheets.model.sheet import Row, Sheet
from localsheets.storage import ledger
from localsheets.storage.packing import book_about, fill_book, packed, sheet_about, sheet_from

SCHEMA_VERSION = 2
BUSY_SECONDS = 10
MOST_LOG_BYTES = 16 * 1024 * 1024
"""What the write-ahead log keeps of the disk after a large write."""
_SCHEMA = """
CREATE TABLE books (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    book_id TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    owner_email TEXT NOT NULL,
    owner_name TEXT NOT NULL,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL,
    next_row_id INTEGER NOT NULL,
    about TEXT NOT NULL  -- JSON: properties, named ranges, permissions
);
CREATE TABLE sheets (
    book INTEGER NOT NULL REFERENCES books ON DELETE CASCADE,
    sheet_id INTEGER NOT NULL,
    place INTEGER NOT NULL,
    about TEXT NOT NULL,  -- JSON: everything but the rows
    PRIMARY KEY (book, sheet_id)
);
CREATE TABLE sheet_rows (
    book INTEGER NOT NULL REFERENCES books ON DELETE CASCADE,
    row_id INTEGER NOT NULL,
    sheet_id INTEGER NOT NULL,
    place INTEGER NOT NULL,  -- rows are shown in this order; only the order means anything
    revision INTEGER NOT NULL,
    cells TEXT NOT NULL,  -- JSON list, see localsheets/model/cells.py
    PRIMARY KEY (book, row_id)
) WITHOUT ROWID;
CREATE INDEX sheet_rows_in_order ON sheet_rows (book, sheet_id, place);
CREATE TABLE changes (
    book INTEGER NOT NULL REFERENCES books ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    sheet_id INTEGER,  -- NULL: the spreadsheet as a whole
    kind TEXT NOT NULL,
    row_count INTEGER NOT NULL
);
CREATE INDEX changes_in_order ON changes (book, revision);
"""
_MIGRATIONS = {1: ledger.TABLES}
"""What brings a file from that version to the next one; a new file takes all steps, too."""
_COVER = "number, book_id, revision, owner_email, owner_name, created_at, modified_at, next_row_id, about"
_OUTSIDE_REASONS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk does not work",
    sqlite3.SQLITE_BUSY: "the file is busy",
}


def connect(path: Path) -> sqlite3.Connection:
    """
    A connection for one purpose at a time; transactions are begun by hand. The file is its owner's only.

    Raises: StorageError if the file is no database, or cannot be opened.
    """
    if not path.exists():
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    connection = None
    try:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute(f"PRAGMA journal_size_limit = {MOST_LOG_BYTES}")
    except sqlite3.DatabaseError as error:
        if connection is not None:
            connection.close()
        raise StorageError(
            f"{path} cannot be opened ({error}). Restore it from a backup, or move it away to begin anew."
        ) from error
    return connection


def prepare(connection: sqlite3.Connection) -> None:
    """
    Make the tables if the file is new, and bring those of an older version up to date.

    Raises: StorageError if a newer version of this program wrote the file.
    """
    connection.execute("BEGIN IMMEDIATE")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    steps = {0: _SCHEMA, **_MIGRATIONS}
    for step in range(version, SCHEMA_VERSION):
        for statement in steps[step].split(";\n"):
            connection.execute(statement)
    if version < SCHEMA_VERSION:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.execute("COMMIT")
    if version > SCHEMA_VERSION:
        raise StorageError(f"The spreadsheets were written by a newer version (schema {version}); please update.")


def empty_log(connection: sqlite3.Connection) -> bool:
    """
    Bring everything from the write-ahead log into the file and cut the log to nothing: what was deleted stays in it.

    Waits for nobody: answers False if somebody reads or writes just now.
    """
    patience = connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        return not connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError:
        return False
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience}")


def revision_of(connection: sqlite3.Connection, book_id: str) -> int | None:
    """The stored revision of a spreadsheet; None if there is none with that id."""
    found = connection.execute("SELECT revision FROM books WHERE book_id = ?", (book_id,)).fetchone()
    return None if found is None else int(found[0])


def as_unavailable(error: sqlite3.OperationalError) -> Exception:
    """What to tell the caller if the disk or a lock is to blame; any other error as it is."""
    reason = _OUTSIDE_REASONS.get(error.sqlite_errorcode & 0xFF)
    if reason is None:
        return error
    return UnavailableError(f"The service is currently unavailable: {reason}. Nothing was written.")


def load_covers(connection: sqlite3.Connection) -> list[Book]:
    """Every spreadsheet without its sheets, the last changed first."""
    found = connection.execute(f"SELECT {_COVER} FROM books ORDER BY modified_at DESC, number DESC")  # noqa: S608
    return [_cover(row) for row in found]


def _cover(row: tuple[Any, ...]) -> Book:
    number, book_id, revision, owner_email, owner_name, created_at, modified_at, next_row_id, about = row
    book = Book(number, book_id, Identity(owner_email, owner_name), created_at, modified_at, {})
    book.revision, book.next_row_id = revision, next_row_id
    fill_book(book, json.loads(about))
    return book


def load_book(connection: sqlite3.Connection, book_id: str) -> Book | None:
    """A whole spreadsheet. The caller holds a transaction, so that it is all of one moment."""
    found = connection.execute(f"SELECT {_COVER} FROM books WHERE book_id = ?", (book_id,)).fetchone()  # noqa: S608
    if found is None:
        return None
    book = _cover(found)
    number = book.number
    rows = connection.execute("SELECT about FROM sheets WHERE book = ? ORDER BY place", (number,)).fetchall()
    book.sheets = [sheet_from(json.loads(text)) for (text,) in rows]
    for sheet in book.sheets:
        sheet.rows = _load_rows(connection, number, sheet.sheet_id)
    return book


def _load_rows(connection: sqlite3.Connection, number: int, sheet_id: int) -> list[Row]:
    stored = connection.execute(
        "SELECT row_id, place, revision, cells FROM sheet_rows WHERE book = ? AND sheet_id = ? ORDER BY place",
        (number, sheet_id),
    )
    return [Row(row_id, key, revision, json.loads(cells)) for row_id, key, revision, cells in stored]


def insert_book(connection: sqlite3.Connection, book: Book) -> None:
    """Store a new spreadsheet without its sheets, and give it its number."""
    book.number = connection.execute(
        "INSERT INTO books (book_id, revision, owner_email, owner_name, created_at, modified_at, next_row_id, about)"
        " VALUES (?, 0, ?, ?, ?, ?, 1, '{}') RETURNING number",
        (book.book_id, book.owner.email, book.owner.name, book.created_at, book.modified_at),
    ).fetchone()[0]


def delete_book(connection: sqlite3.Connection, book_id: str) -> None:
    """Forget a spreadsheet with its rows."""
    connection.execute("DELETE FROM books WHERE book_id = ?", (book_id,))


def save_draft(connection: sqlite3.Connection, book: Book, who: str, kind: str) -> None:
    """Store what a draft changed, and one change record for each sheet that it changed."""
    connection.execute(
        "UPDATE books SET revision = ?, modified_at = ?, next_row_id = ?, about = ?, owner_email = ?, owner_name = ?"
        " WHERE number = ?",
        (
            book.revision,
            book.modified_at,
            book.next_row_id,
            book_about(book),
            book.owner.email,
            book.owner.name,
            book.number,
        ),
    )
    _forget_other_sheets(connection, book)
    changed = [sheet for sheet in book.sheets if sheet.changed]
    for sheet in changed:
        _save_sheet(connection, book, sheet)
    counts: list[tuple[int | None, int]] = [(s.sheet_id, len(s.touched) + len(s.removed)) for s in changed]
    told = (book.revision, book.modified_at, who, kind)
    ledger.record(
        connection, book.number, [ledger.Change(*told, sheet_id, rows) for sheet_id, rows in counts or [(None, 0)]]
    )


def _forget_other_sheets(connection: sqlite3.Connection, book: Book) -> None:
    if not book.touched:
        return
    kept = {sheet.sheet_id for sheet in book.sheets}
    stored = connection.execute("SELECT sheet_id FROM sheets WHERE book = ?", (book.number,)).fetchall()
    for (sheet_id,) in stored:
        if sheet_id not in kept:
            connection.execute("DELETE FROM sheets WHERE book = ? AND sheet_id = ?", (book.number, sheet_id))
            connection.execute("DELETE FROM sheet_rows WHERE book = ? AND sheet_id = ?", (book.number, sheet_id))


def _save_sheet(connection: sqlite3.Connection, book: Book, sheet: Sheet) -> None:
    if sheet.reshaped:
        sheet.structure = book.revision
        connection.execute(
            "INSERT INTO sheets (book, sheet_id, place, about) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (book, sheet_id) DO UPDATE SET place = excluded.place, about = excluded.about",
            (book.number, sheet.sheet_id, sheet.properties["index"], sheet_about(sheet)),
        )
    connection.executemany(
        "DELETE FROM sheet_rows WHERE book = ? AND row_id = ?", [(book.number, row_id) for row_id in sheet.removed]
    )
    connection.executemany(
        "INSERT INTO sheet_rows (book, row_id, sheet_id, place, revision, cells) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (book, row_id) DO UPDATE"
        " SET place = excluded.place, revision = excluded.revision, cells = excluded.cells",
        [
            (book.number, row.row_id, sheet.sheet_id, row.key, row.revision, packed(row.cells))
            for row in sheet.touched.values()
        ],
    )
