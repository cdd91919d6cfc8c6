"""
The spreadsheets of one data folder: snapshots for readers, one transaction at a time for writers.

Readers get the last committed snapshot without waiting for a writer. Both ask the database for the revision first, so
a second process on the same folder is seen, too.
"""

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from localsheets.errors import InvalidRequestError, NotFoundError, PermissionDeniedError
from localsheets.formulas.calculators import IDLE_SECONDS, Calculators
from localsheets.formulas.filling import Calculated
from localsheets.identity import Identity
from localsheets.model.book import ROLES_THAT_WRITE, Book, new_sheet
from localsheets.storage import database, ledger
from localsheets.storage.change_feed import ChangeFeed
from localsheets.storage.history import take_back
from localsheets.storage.images import difference
from localsheets.storage.ledger import Change, Entry, Version
from localsheets.storage.outcomes import ChangedSinceError, NothingToUndoError, ProtectedSinceError, Undone
from localsheets.storage.stored_books import StoredBooks
from localsheets.storage.versions import content_of, restore

Clock = Callable[[], datetime]
LONGEST_NAME = 200
"""Characters in the name of a version."""


def utc_now() -> datetime:
    """The present moment; what a shelf uses unless it is given another clock."""
    return datetime.now(UTC)


def add_first_sheet(draft: Book) -> None:
    """The one empty sheet that a new spreadsheet begins with."""
    draft.add_sheet(new_sheet(0, "Sheet1"))


class Shelf(StoredBooks):
    """All spreadsheets under a folder."""

    def __init__(
        self,
        data_dir: Path,
        *,
        clock: Clock = utc_now,
        default_book: Callable[[], str | None] = lambda: None,
        calculator_idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        """
        Args:
            data_dir: Made if missing; holds `sheets.sqlite3`.
            clock: Answers the present moment, aware.
            default_book: Names the spreadsheet in which everybody who may log in works, unless they have a permission
                of their own.
            calculator_idle_seconds: After which a process that calculated formulas ends, until it is needed again.
        """
        super().__init__(data_dir)
        self._clock = clock
        self._default_book = default_book
        self.calculators = Calculators(clock, calculator_idle_seconds, self._snapshots.replace)
        self.feed = ChangeFeed()

    def close(self) -> None:
        """Let go of the files, and of the processes that calculate."""
        self.calculators.close()
        super().close()

    def default_book_id(self) -> str | None:
        """The spreadsheet that the grid opens by itself."""
        return self._default_book()

    def books_for(self, who: Identity) -> list[Book]:
        """The spreadsheets an identity may read, the last changed first, each without its sheets."""
        with self._reading() as connection:
            return [book for book in database.load_covers(connection) if self.role(book, who)]

    def role(self, book: Book, who: Identity) -> str | None:
        """What an identity may do in a spreadsheet; the default one is open to everybody known here."""
        own = book.role_of(who)
        return "writer" if own is None and book.book_id == self._default_book() else own

    def read(self, book_id: str, who: Identity) -> Book:
        """
        The present snapshot with the results of its formulas, calculated outside of any transaction.

        If they take long, those that are not known yet are as before, or loading. Raises: NotFoundError,
        PermissionDeniedError.
        """
        return self._calculated(book_id, who).shown

    def glance(self, book_id: str, who: Identity) -> Book:
        """
        As `read`, for somebody who will ask again soon: without waiting for formulas that take more than a moment.

        Raises: NotFoundError, PermissionDeniedError.
        """
        return self._calculated(book_id, who, glance=True).shown

    def read_to_keep(self, book_id: str, who: Identity) -> Book:
        """
        The present snapshot for making a copy of it: without the cells and notes that are only calculated.

        Raises: NotFoundError, PermissionDeniedError.
        """
        return self._calculated(book_id, who).base

    def _calculated(self, book_id: str, who: Identity, *, glance: bool = False) -> Calculated:
        book = self._current(book_id)
        if book is None:
            raise NotFoundError("Requested entity was not found.")
        if self.role(book, who) is None:
            raise PermissionDeniedError("The caller does not have permission")
        calculated = self.calculators.calculated(book, glance=glance)
        self._snapshots.replace(book, calculated.base)  # so that the next draft begins with these results
        return calculated

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
            database.insert_book(connection, book)
            draft = book.draft()
            fill(draft)
            database.save_draft(connection, draft, who.email, kind)
            self._pending = draft.sealed()
        return self.read(book.book_id, who)

    @contextmanager
    def writing(self, book_id: str, who: Identity, kind: str, *, origin: str | None = None) -> Iterator[Book]:
        """
        A draft that is stored, durably and as a whole, when the block ends without an error.

        Args:
            kind: What the change record says was done.
            origin: The way of working that may take the change back, such as `grid`; without it nobody can.
        """
        with self._transaction() as connection:
            base = self._writable(connection, book_id, who)
            draft = base.draft()
            yield draft
            if draft.changed:
                self._store(connection, draft, who, kind)
                if origin is not None and (image := difference(base, draft)):  # what came to nothing is not taken back
                    ledger.forget_undone(connection, base.number, who.email, origin)
                    entry = Entry(draft.revision, kind, image)
                    ledger.remember(connection, base.number, who.email, origin, ledger.DONE, entry)

    def undo(self, book_id: str, who: Identity, origin: str = "grid") -> Undone:
        """
        Take back this person's latest change that was made in the same way of working and not taken back yet.

        Raises: NothingToUndoError; ChangedSinceError if somebody changed the same cells since, ProtectedSinceError if
        they were closed to this person since: the change then waits, the next call takes back the one before it, and
        when none is left, those that wait are tried again; NotFoundError, PermissionDeniedError.
        """
        return self._turn(book_id, who, origin, ledger.DONE)

    def redo(self, book_id: str, who: Identity, origin: str = "grid") -> Undone:
        """
        Do again what this person took back last; a new change of this person's ends that.

        Raises: as `undo`.
        """
        return self._turn(book_id, who, origin, ledger.UNDONE)

    def _turn(self, book_id: str, who: Identity, origin: str, state: str) -> Undone:
        with self._transaction() as connection:
            base = self._writable(connection, book_id, who)
            refusal: ChangedSinceError | ProtectedSinceError | None = None
            for entry in ledger.next_ones(connection, base.number, who.email, origin, state):
                draft = base.draft()
                try:
                    spot = take_back(draft, entry.image, who)
                except (ChangedSinceError, ProtectedSinceError) as error:
                    refusal = refusal or error
                    ledger.set_aside(connection, base.number, entry.revision, state)
                else:
                    self._store_turned(connection, base, draft, who, origin, state, entry)
                    return Undone(entry.kind, draft.revision, *(spot or ()))
        if refusal is not None:  # only now, so that the change's being out of the way is stored
            raise refusal
        raise NothingToUndoError("There is nothing to undo." if state == ledger.DONE else "Nothing to redo.")

    def _store_turned(
        self,
        connection: sqlite3.Connection,
        base: Book,
        draft: Book,
        who: Identity,
        origin: str,
        state: str,
        entry: Entry,
    ) -> None:
        verb, other = ("undo", ledger.UNDONE) if state == ledger.DONE else ("redo", ledger.DONE)
        ledger.forget_image(connection, base.number, entry.revision)
        self._store(connection, draft, who, f"{verb} {entry.kind}")
        turned = Entry(draft.revision, entry.kind, difference(base, draft))
        ledger.remember(connection, base.number, who.email, origin, other, turned)

    def change_log(self, book_id: str, who: Identity, *, since: int = 0, limit: int = 100) -> list[Change]:
        """Who changed what after a revision, the last first; a line for each sheet."""
        book = self.read(book_id, who)
        with self._reading() as connection:
            return ledger.changes_since(connection, book.number, since, limit)

    def name_version(self, book_id: str, who: Identity, name: str) -> Version:
        """
        Keep the present state under a name.

        Raises: InvalidRequestError for an empty or very long name, or one version too many; NotFoundError,
        PermissionDeniedError.
        """
        if not 0 < len(name.strip()) <= LONGEST_NAME:
            raise InvalidRequestError(f"The name of a version has 1 to {LONGEST_NAME} characters.")
        book = self.read_to_keep(book_id, who)
        content = ledger.compressed(content_of(book))  # before the transaction, so that nobody waits for it
        version = Version(0, book.revision, self._stamp(), who.email, name.strip())
        with self._transaction() as connection:
            self._writable(connection, book_id, who)
            if len(ledger.versions_of(connection, book.number)) >= ledger.MOST_VERSIONS:
                raise InvalidRequestError(f"{ledger.MOST_VERSIONS} versions are kept; delete one first.")
            number = ledger.add_version(connection, book.number, version, content)
        return replace(version, version_id=number)

    def versions(self, book_id: str, who: Identity) -> list[Version]:
        """The named versions, the newest first."""
        book = self.read(book_id, who)
        with self._reading() as connection:
            return ledger.versions_of(connection, book.number)

    def restore_version(self, book_id: str, who: Identity, version_id: int, origin: str = "grid") -> int:
        """
        Bring the spreadsheet to what a version keeps, as a new revision that can be undone; answers that revision.

        Whom it is shared with stays. Raises: NotFoundError; PermissionDeniedError, also if a sheet is protected.
        """
        book = self.read(book_id, who)
        with self._reading() as connection:
            content = ledger.version_content(connection, book.number, version_id)
        if content is None:
            raise NotFoundError("There is no such version.")
        with self.writing(book_id, who, "restore version", origin=origin) as draft:
            restore(draft, content, who)
        return draft.revision

    def delete_version(self, book_id: str, who: Identity, version_id: int) -> None:
        """Let go of a named version; a missing one is gone already."""
        with self._transaction() as connection:
            ledger.forget_version(connection, self._writable(connection, book_id, who).number, version_id)
        self.tidy()

    def _writable(self, connection: sqlite3.Connection, book_id: str, who: Identity) -> Book:
        base = self._loaded(connection, book_id)
        if base is None:
            raise NotFoundError("Requested entity was not found.")
        if self.role(base, who) not in ROLES_THAT_WRITE:
            raise PermissionDeniedError("The caller does not have permission")
        return base

    def _store(self, connection: sqlite3.Connection, draft: Book, who: Identity, kind: str) -> None:
        draft.modified_at = self._stamp()
        database.save_draft(connection, draft, who.email, kind)
        self._pending = draft.sealed()

    def delete(self, book_id: str, who: Identity) -> None:
        """Forget a spreadsheet; only its owner may."""
        book = self.read(book_id, who)
        if book.role_of(who) != "owner":
            raise PermissionDeniedError("The user does not have sufficient permissions for this file.")
        with self._transaction() as connection:
            database.delete_book(connection, book_id)
        self.tidy()
        self._snapshots.forget(book_id)
        self.calculators.forget(book_id)

    def _stamp(self) -> str:
        return self._clock().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
