"""
What the worker remembers between ticks, so that a tick's work grows with what changed.

Nothing in here is a truth of its own: complaints and the mirror are the store's, and a settled row is one whose last
full look found nothing to read and nothing to write. Forgetting is always right and costs one full tick.
"""

import heapq
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta

from automation.sop.states import Time, load_states
from automation.sync.heard import heard_cell
from automation.sync.rows import Row
from register.changes import Book, Change, MirrorRow
from register.complaint import WITA, Complaint
from register.sheet import Cell
from register.store import Store
from sheets_schema.layout import Layout

Cells = tuple[Cell, ...]
Kinds = tuple[type, ...]
"""Of cells that are not all text, the type of each: to Python, 1 equals TRUE, to whoever typed it not."""


class Remembered:
    """
    The store's complaints in the working register, and of each book what was read in it and its settled rows.

    The worker is the only writer of the mirror. Complaints are also changed by other processes, each time with an
    event; `refresh` follows these.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.complaints: dict[str, Complaint] = {}
        self.mirror: dict[Book, dict[str, MirrorRow]] = {book: {} for book in Book}
        self.settled = {book: SettledRows() for book in Book}
        self._newest: int | None = None
        self._heard: dict[str, tuple[datetime, str]] = {}

    def forget(self) -> None:
        """Drop everything: the next `refresh` loads it anew."""
        self._newest = None

    def has_news(self) -> bool:
        """Whether an event was added that `refresh` did not see yet."""
        return self._newest is None or bool(self._store.changed_since(self._newest)[1])

    def refresh(self) -> None:
        """Take over what changed in the store since the last time; everything, the first time."""
        if self._newest is None:
            newest = self._store.trail_end()  # before loading: what comes meanwhile is loaded twice, not never
            self.complaints = self._store.active_complaints()
            self.mirror = {book: self._store.mirror(book) for book in Book}
            self.settled = {book: SettledRows() for book in Book}
            self._newest = newest
            return
        self._newest, tickets = self._store.changed_since(self._newest)
        if not tickets:
            return
        found = self._store.complaints_of(tickets)
        gone = [ticket for ticket, complaint in found.items() if complaint.inactive_since]
        for ticket, complaint in found.items():
            if self.complaints.get(ticket) != complaint:
                self.complaints[ticket] = complaint
                self._unsettle(ticket)
        for book in Book:
            self.mirror[book] |= self._store.mirror(book, tickets)
        self._let_go(gone)

    def _let_go(self, tickets: Iterable[str]) -> None:
        """They are in the archive: a tick knows nothing of them, so that it does not slow with the years."""
        for ticket in tickets:
            self.complaints.pop(ticket, None)
            self._heard.pop(ticket, None)
            self._unsettle(ticket)
            for read in self.mirror.values():
                read.pop(ticket, None)

    def commit(self, changes: Sequence[Change]) -> None:
        """
        Commit to the store, then remember. Raises: as `Store.commit`; then nothing is remembered.

        What was decided before its reporter did something is left to the next tick, which knows of it.
        """
        knew = {change.ticket: self.complaints.get(change.ticket) for change in changes}
        heard = {ticket: known.heard_at for ticket, known in knew.items() if known is not None}
        stale = self._store.commit(changes, heard=heard)
        for change in changes:
            self._unsettle(change.ticket)
            if change.ticket in stale:
                continue
            known = self.complaints.get(change.ticket)
            if known is not None:  # else it is loaded by the next `refresh`
                self.complaints[change.ticket] = change.applied_to(known)
            if change.mirror is not None:
                self.mirror[change.book][change.ticket] = change.mirror

    def heard(self, complaint: Complaint) -> str:
        """What its row shows of what the reporter did and wrote later; opened once for each time they did."""
        at, ticket = complaint.heard_at, complaint.ticket
        if at is None:
            return ""
        if ticket not in self._heard or self._heard[ticket][0] != at:
            self._heard[ticket] = at, heard_cell(self._store.reporter_events([ticket]).get(ticket, ()))
        return self._heard[ticket][1]

    def _unsettle(self, ticket: str) -> None:
        for rows in self.settled.values():
            rows.discard(ticket)


class SettledRows:
    """
    Rows that need no second look, by ticket: their cells as read, until the clock changes what they should show.

    Whoever changes a complaint, what was read of it, or the rules must say so here.
    """

    def __init__(self) -> None:
        self._cells: dict[str, tuple[Cells, Kinds]] = {}
        self._clock: list[tuple[datetime, str]] = []
        self._looked_at = datetime.min.replace(tzinfo=WITA)
        self._seen_through: object = None

    def __len__(self) -> int:
        return len(self._cells)

    def add(self, ticket: str, row: Row, until: datetime | None) -> None:
        """This row needs no other look before `until`; ever, if that is None."""
        self._cells[ticket] = row.cells, _kinds(row.cells)
        if until is not None:
            heapq.heappush(self._clock, (until, ticket))

    def discard(self, ticket: str) -> None:
        """Something about this complaint changed."""
        self._cells.pop(ticket, None)

    def look(self, through: object, now: datetime) -> None:
        """
        Let go of rows whose time has come; of all, if the clock was set back.

        Args:
            through: Whatever else decides what rows mean and show, such as layout and rules: all are let go of when
                it is not what it was at the last look.
        """
        if now < self._looked_at or through != self._seen_through:
            self._cells.clear()
            self._clock.clear()
        self._looked_at, self._seen_through = now, through
        while self._clock and self._clock[0][0] <= now:
            self.discard(heapq.heappop(self._clock)[1])

    def part(self, rows: Iterable[Cells], layout: Layout) -> tuple[list[Row], set[str]]:
        """The rows that need a look, in sheet order, and the tickets of those that do not; a doubled one does."""
        place = layout.positions["ticket"]
        sheet: list[Cells] = [(), *rows]
        others: list[Row] = []
        same: dict[str, int] = {}
        for index, cells in enumerate(sheet):
            ticket = cells[place] if place < len(cells) else ""
            if ticket not in same and self._is_settled(ticket, cells):
                same[str(ticket)] = index
            elif cells:
                others.append(Row(index, cells, layout))
        for ticket in {row.ticket for row in others} & same.keys():
            index = same.pop(ticket)
            others.append(Row(index, sheet[index], layout))
        others.sort(key=lambda row: row.index)
        return others, set(same)

    def _is_settled(self, ticket: Cell, cells: Cells) -> bool:
        before = self._cells.get(ticket) if isinstance(ticket, str) else None
        if before is None or before[0] is cells:
            return before is not None
        return before[0] == cells and (not before[1] or before[1] == _kinds(cells))


def holds_until(complaint: Complaint, now: datetime) -> datetime | None:
    """
    The first instant at which what a row shows may change by the clock alone; None if never.

    While the clock of a complaint runs its words change with the date in WITA; each of its instants to come may be a
    deadline, and one that is just now may count as missed a moment later.
    """
    instants = [at for at in vars(complaint).values() if isinstance(at, datetime) and at >= now]
    if not complaint.waiting and load_states()[complaint.status].clocks is not Time.ENDED:
        tomorrow = now.astimezone(WITA).date() + timedelta(days=1)
        instants.append(datetime.combine(tomorrow, time(), WITA))
    return min(instants, default=None)


def _kinds(cells: Cells) -> Kinds:
    return () if all(isinstance(cell, str) for cell in cells) else tuple(map(type, cells))
