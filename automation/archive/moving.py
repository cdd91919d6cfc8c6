"""
Moving complaints out of the working register, in steps of which each may be the last before a kill.

A row is copied to the year's archive and read back; then the store says that it left; then its rows in the registers
are removed. Whoever goes on later finds copies that stand already, and tasks for what is still to be removed.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from automation.archive.plan import Verdict, archived_before, verdicts
from automation.archive.rows import Rows, cells_of
from automation.archive.shelves import Shelves, key_of, keys_of
from automation.configuration.in_force import Configuration
from automation.configuration.office_settings import yes_of
from automation.sync.rows import Row, people_digest
from register.archive import SYSTEM, Task
from register.changes import Book
from register.complaint import Complaint
from register.complaints import year_of
from register.sheet import Sheet
from register.store import Store

PORTION = 50
"""Complaints that move at once, so that a tick is never held up for long."""


@dataclass(frozen=True)
class Books:
    """The working registers; `restricted` is None where there is none."""

    shared: Sheet
    restricted: Sheet | None = None

    def of(self, book: Book) -> Sheet | None:
        """The spreadsheet of that book."""
        return self.shared if book is Book.SHARED else self.restricted


class Mover:
    """
    Moves complaints over one office's spreadsheets.

    Args:
        still_writing: Asked before each step: whether this worker still holds the register's lease.
    """

    def __init__(self, store: Store, books: Books, shelves: Shelves, still_writing: Callable[[], bool]) -> None:
        self._store = store
        self._books = books
        self._shelves = shelves
        self._still_writing = still_writing
        self._looked_through = (0, 0)

    def move(self, rules: Configuration, now: datetime) -> int:
        """
        Move the next portion; how many went. 0 is said once all that may go were looked at.

        Raises: as `Sheet.read`.
        """
        while candidates := self._store.archivable(archived_before(rules, now), PORTION, self._looked_through):
            ready = self._ready(candidates, rules, now)
            self._looked_through = _place(candidates[-1])
            if copied := self._copied(ready, rules, now) if self._still_writing() else set():
                gone = self._store.move_out(copied, now)
                self.clear(now)
                return len(gone)
        self._looked_through = (0, 0)
        return 0

    def clear(self, now: datetime) -> None:
        """
        Remove the rows of what is in the archive from the working registers; one in which somebody wrote meanwhile
        stays, and its complaint comes back, by the next run at the latest. Raises: as `Sheet.read`.
        """
        tickets = {complaint.ticket for complaint in self._store.archive_tasks(Task.CLEAR)}
        if not tickets or not self._still_writing():
            return
        rows = {book: Rows(sheet) for book in Book if (sheet := self._books.of(book)) is not None}
        for ticket in self._written_in(rows, tickets):
            tickets -= self._store.move_back(ticket, now, actor=SYSTEM)
        gone: Set[str] = tickets
        for each in rows.values():
            gone = each.remove(gone)  # one that stays in a register stays in the other too
        self._store.archive_task_done(Task.CLEAR, gone)

    def _written_in(self, rows: Mapping[Book, Rows], tickets: Set[str]) -> set[str]:
        """Those of whose rows one says what no tick has read; what was erased has nothing to compare with."""
        found = set()
        for book, each in rows.items():
            for ticket, mirror in self._store.mirror(book, sorted(tickets)).items():
                digests = {
                    people_digest(row.people_texts(), self._store.digest) for row in each.by_ticket.get(ticket, ())
                }
                if digests - {mirror.digest}:
                    found.add(ticket)
        return found

    def withdraw(self) -> None:
        """
        Remove from the archive what stands in the working register again, or was erased before it came to stand there.

        Raises: as `Sheet.read`.
        """
        waiting = self._store.archive_tasks(Task.WITHDRAW)
        back = waiting
        for book in (Book.SHARED, *([Book.RESTRICTED] if self._books.restricted else [])):
            read = self._store.mirror(book, [each.ticket for each in waiting])
            seen = {ticket for ticket, row in read.items() if row.seen}
            back = [each for each in back if each.ticket in seen or _never_in(book, each)]
        gone = {each.ticket for each in back}
        for key, tickets in self.by_shelf(back).items():
            sheet = self._shelves.sheet(key)
            gone -= set() if sheet is None else tickets - Rows(sheet).remove(tickets)
        self._store.archive_task_done(Task.WITHDRAW, gone)

    def by_shelf(self, complaints: Sequence[Complaint]) -> Mapping[str, Set[str]]:
        """Tickets by the key of the spreadsheet in which they stand, or stood before they were restricted."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for complaint in complaints:
            for key in keys_of(complaint):
                found[key].add(complaint.ticket)
        return found

    # -- one portion ----------------------------------------------------------------------------------------------

    def _ready(self, candidates: Sequence[Complaint], rules: Configuration, now: datetime) -> list[Complaint]:
        judged = judge(self._store, candidates, archived_before(rules, now))
        return [each for each in candidates if judged[each.ticket] is Verdict.MOVES]

    def _copied(self, ready: Sequence[Complaint], rules: Configuration, now: datetime) -> set[str]:
        """
        Those whose row was read by a tick as it stands, and is in the archive by now.

        Copies of what does not go after all are withdrawn, so that none is left that nobody would erase or restrict.
        """
        wanted: defaultdict[str, dict[str, dict[str, str]]] = defaultdict(dict)
        for complaint, row in self._settled_rows(ready):
            wanted[key_of(complaint)][complaint.ticket] = cells_of(row)
        if not yes_of(rules.setting("arsip_lembar")):
            return {ticket for rows in wanted.values() for ticket in rows}
        tickets = [ticket for rows in wanted.values() for ticket in rows]
        there = self._store.put_archive_tasks(tickets, Task.WITHDRAW, now)
        copied: set[str] = set()
        for key, found in wanted.items():
            rows = {ticket: cells for ticket, cells in found.items() if ticket in there}
            shelf = Rows(self._shelves.made(key))
            self._shelves.room_for(key, len(shelf.all) + len(rows))
            copied |= shelf.put(rows)
        return copied

    def _settled_rows(self, ready: Sequence[Complaint]) -> list[tuple[Complaint, Row]]:
        books = {book: Rows(sheet) for book in Book if (sheet := self._books.of(book)) is not None}
        read = {book: self._store.mirror(book, [each.ticket for each in ready]) for book in books}
        found = []
        for complaint in ready:
            places = [Book.SHARED, *([Book.RESTRICTED] if complaint.restricted and Book.RESTRICTED in books else [])]
            rows = [books[book].by_ticket.get(complaint.ticket, []) for book in places]
            known = [read[book].get(complaint.ticket) for book in places]
            if all(
                len(some) == 1
                and mirror is not None
                and mirror.seen
                and mirror.digest == people_digest(some[0].people_texts(), self._store.digest)
                for some, mirror in zip(rows, known, strict=True)
            ):
                found.append((complaint, rows[-1][0]))
        return found


def judge(store: Store, complaints: Sequence[Complaint], before: datetime) -> dict[str, Verdict]:
    """The verdict on each of some complaints of the working register, by ticket."""
    cases = store.complaints_of({each.merged_into for each in complaints if each.merged_into})
    joined = store.joined_to({each.ticket for each in complaints} | cases.keys())
    kin = {each.ticket for some in joined.values() for each in some}
    running = store.running_clocks_of({each.ticket for each in complaints} | cases.keys() | kin)
    return verdicts(complaints, joined, cases, before, running.keys())


def _never_in(book: Book, complaint: Complaint) -> bool:
    """Whether no tick will ever see a row of it there; one that was erased has its rows removed everywhere."""
    return complaint.erased_at is not None or (book is Book.RESTRICTED and not complaint.restricted)


def _place(complaint: Complaint) -> tuple[int, int]:
    return year_of(complaint), complaint.number
