"""
Who changed what, and what can be taken back: change records, images of changes, and named versions in SQLite.

Images hold what was in the cells before, so they are kept only for changes that somebody can take back, and only as
many as can be. What is deleted here is overwritten on the disk (`PRAGMA secure_delete`).
"""

import json
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from localsheets.storage.packing import packed

MOST_IMAGES = 200
"""Changes of one spreadsheet that can be taken back."""
MOST_IMAGE_BYTES = 64 * 1024 * 1024
"""Disk that the images of one spreadsheet take, compressed; the oldest go first."""
MOST_REVISIONS = 10_000
"""Revisions of one spreadsheet of which the change record is kept."""
MOST_VERSIONS = 100
"""Named versions of one spreadsheet; each is a whole copy."""
DONE, UNDONE = "done", "undone"
REFUSED = {DONE: "done, refused", UNDONE: "undone, refused"}
"""States of changes that could not be taken back, or done again: they wait behind all others."""
MOST_TRIED = 20
"""Refused changes that one call tries again."""
TABLES = """
CREATE TABLE images (
    book INTEGER NOT NULL REFERENCES books ON DELETE CASCADE,
    revision INTEGER NOT NULL,  -- in which it was last done, undone or done again
    who TEXT NOT NULL,
    origin TEXT NOT NULL,  -- the way of working that may take it back
    state TEXT NOT NULL,  -- done: may be undone; undone: may be done again; see REFUSED
    kind TEXT NOT NULL,
    size INTEGER NOT NULL,
    image BLOB NOT NULL,  -- JSON, compressed; see localsheets/storage/images.py
    PRIMARY KEY (book, revision)
);
CREATE TABLE versions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    book INTEGER NOT NULL REFERENCES books ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    name TEXT NOT NULL,
    content BLOB NOT NULL  -- JSON, compressed; see localsheets/storage/versions.py
);
CREATE INDEX versions_of_a_book ON versions (book, number);
"""
"""What schema version 2 added."""


@dataclass(frozen=True)
class Change:
    """
    One line of the change record.

    Attributes:
        at: RFC 3339 in UTC.
        who: E-mail address.
        kind: What was done, such as `values.append`.
        sheet_id: None if the spreadsheet as a whole changed.
        rows: How many rows were written or deleted.
    """

    revision: int
    at: str
    who: str
    kind: str
    sheet_id: int | None
    rows: int


@dataclass(frozen=True)
class Version:
    """A named version; `revision` is the one it keeps."""

    version_id: int
    revision: int
    at: str
    who: str
    name: str


@dataclass(frozen=True)
class Entry:
    """A change that can be taken back."""

    revision: int
    kind: str
    image: Any


def compressed(value: Any) -> bytes:
    """JSON in few bytes."""
    return zlib.compress(packed(value).encode("utf-8", "surrogatepass"), 1)


def expanded(data: bytes) -> Any:
    """What `compressed` took in."""
    return json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass"))


def remember(connection: sqlite3.Connection, book: int, who: str, origin: str, state: str, entry: Entry) -> None:
    """Keep the image of a change; the oldest beyond what is kept go."""
    image = compressed(entry.image)
    connection.execute(
        "INSERT INTO images (book, revision, who, origin, state, kind, size, image) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (book, entry.revision, who, origin, state, entry.kind, len(image), image),
    )
    connection.execute(
        "DELETE FROM images WHERE book = ?1 AND revision IN (SELECT revision FROM"
        " (SELECT revision, row_number() OVER newest AS place, sum(size) OVER newest AS bytes FROM images"
        " WHERE book = ?1 WINDOW newest AS (ORDER BY revision DESC)) WHERE place > ?2 OR (bytes > ?3 AND place > 1))",
        (book, MOST_IMAGES, MOST_IMAGE_BYTES),
    )


def next_ones(connection: sqlite3.Connection, book: int, who: str, origin: str, state: str) -> Iterator[Entry]:
    """
    The change that this person would take back (`done`) or do again (`undone`) next.

    If there is none any more, those that were refused before, the last first.
    """
    for wanted, limit in ((state, 1), (REFUSED[state], MOST_TRIED)):
        found = connection.execute(
            "SELECT revision, kind FROM images WHERE book = ? AND who = ? AND origin = ? AND state = ?"
            " ORDER BY revision DESC LIMIT ?",
            (book, who, origin, wanted, limit),
        ).fetchall()
        for revision, kind in found:
            data = connection.execute("SELECT image FROM images WHERE book = ? AND revision = ?", (book, revision))
            yield Entry(revision, kind, expanded(data.fetchone()[0]))
        if found:
            return


def set_aside(connection: sqlite3.Connection, book: int, revision: int, state: str) -> None:
    """Keep the image of a change that was refused, out of the way of the ones before it."""
    connection.execute("UPDATE images SET state = ? WHERE book = ? AND revision = ?", (REFUSED[state], book, revision))


def forget_image(connection: sqlite3.Connection, book: int, revision: int) -> None:
    """Let go of one image."""
    connection.execute("DELETE FROM images WHERE book = ? AND revision = ?", (book, revision))


def forget_undone(connection: sqlite3.Connection, book: int, who: str, origin: str) -> None:
    """After a new change of this person nothing that was undone before can be done again."""
    connection.execute(
        "DELETE FROM images WHERE book = ? AND who = ? AND origin = ? AND state IN (?, ?)",
        (book, who, origin, UNDONE, REFUSED[UNDONE]),
    )


def record(connection: sqlite3.Connection, book: int, changes: list[Change]) -> None:
    """Write who changed what; very old records go."""
    connection.executemany(
        "INSERT INTO changes (book, revision, at, who, sheet_id, kind, row_count) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(book, c.revision, c.at, c.who, c.sheet_id, c.kind, c.rows) for c in changes],
    )
    connection.execute(
        "DELETE FROM changes WHERE book = ? AND revision <= ?", (book, changes[0].revision - MOST_REVISIONS)
    )


def changes_since(connection: sqlite3.Connection, book: int, since: int, limit: int) -> list[Change]:
    """The newest changes after a revision, the last first."""
    found = connection.execute(
        "SELECT revision, at, who, kind, sheet_id, row_count FROM changes WHERE book = ? AND revision > ?"
        " ORDER BY revision DESC, sheet_id LIMIT ?",
        (book, since, limit),
    )
    return [Change(*row) for row in found]


def add_version(connection: sqlite3.Connection, book: int, version: Version, content: bytes) -> int:
    """Keep a named version; answers its id."""
    found = connection.execute(
        "INSERT INTO versions (book, revision, at, who, name, content) VALUES (?, ?, ?, ?, ?, ?) RETURNING number",
        (book, version.revision, version.at, version.who, version.name, content),
    ).fetchone()
    return int(found[0])


def versions_of(connection: sqlite3.Connection, book: int) -> list[Version]:
    """The named versions, the newest first."""
    found = connection.execute(
        "SELECT number, revision, at, who, name FROM versions WHERE book = ? ORDER BY number DESC", (book,)
    )
    return [Version(*row) for row in found]


def version_content(connection: sqlite3.Connection, book: int, version_id: int) -> Any:
    """What a version keeps; None if there is no such version."""
    found = connection.execute(
        "SELECT content FROM versions WHERE book = ? AND number = ?", (book, version_id)
    ).fetchone()
    return None if found is None else expanded(found[0])


def forget_version(connection: sqlite3.Connection, book: int, version_id: int) -> None:
    """Let go of a named version."""
    connection.execute("DELETE FROM versions WHERE book = ? AND number = ?", (book, version_id))
