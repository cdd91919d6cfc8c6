"""The last committed states of the spreadsheets that were used last."""

import threading
from collections import OrderedDict

from localsheets.model.book import Book

MOST_CELLS = 4_000_000
"""Cells kept in memory, empty ones included; 50,000 rows of 20 texts take about 100 MB."""


class Snapshots:
    """Snapshots by spreadsheet; those not used for longest go when there are too many cells, all but the newest."""

    def __init__(self, most_cells: int = MOST_CELLS) -> None:
        self._most_cells = most_cells
        self._kept: OrderedDict[str, Book] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, book_id: str, revision: int) -> Book | None:
        """The snapshot of that very revision."""
        with self._lock:
            found = self._kept.get(book_id)
            if found is None or found.revision != revision:
                return None
            self._kept.move_to_end(book_id)
            return found

    def put(self, book: Book) -> None:
        """Keep a snapshot in place of the one before."""
        with self._lock:
            self._kept[book.book_id] = book
            self._kept.move_to_end(book.book_id)
            cells = sum(map(_cells, self._kept.values()))
            while cells > self._most_cells and len(self._kept) > 1:
                cells -= _cells(self._kept.popitem(last=False)[1])

    def replace(self, old: Book, new: Book) -> None:
        """Keep the same state with its formulas' results, unless a later one is kept already."""
        with self._lock:
            if self._kept.get(old.book_id) is old:
                self._kept[old.book_id] = new

    def forget(self, book_id: str) -> None:
        """Let go of a deleted spreadsheet."""
        with self._lock:
            self._kept.pop(book_id, None)


def _cells(book: Book) -> int:
    return sum(len(sheet.rows) * sheet.column_count for sheet in book.sheets)
