"""
Which rows changed since a revision, and where a row is now: looked up once for all who ask the same.

Fifty open grids ask both after every change of anybody. A snapshot never changes, so one look at its rows serves all.
"""

import threading
from collections import OrderedDict
from itertools import islice

from localsheets.model.book import Book
from localsheets.model.sheet import Sheet

MOST_PLACES = 1000
"""Changed rows in one answer; whoever is that far behind loads everything again."""
MOST_ANSWERS = 64
"""Answers kept; the grids that are open ask for the last revision or two."""
MOST_SHEETS = 8
"""Sheets of which it is kept where each row is; of 50,000 rows that takes 4 MB."""


class ChangeFeed:
    """Answers about snapshots, never about drafts."""

    def __init__(self) -> None:
        self._changed: OrderedDict[tuple[str, int, int, int, int], list[int]] = OrderedDict()
        self._by_id: OrderedDict[tuple[str, int], tuple[int, dict[int, int]]] = OrderedDict()
        self._lock = threading.Lock()

    def places(self, book: Book, sheet: Sheet, since: int) -> list[int]:
        """The rows that changed after a revision, the first `MOST_PLACES` of them."""
        key = (book.book_id, book.revision, book.followed, sheet.sheet_id, since)
        with self._lock:
            if key not in self._changed:
                changed = (place for place, row in enumerate(sheet.rows) if row.revision > since)
                self._changed[key] = list(islice(changed, MOST_PLACES))
            self._changed.move_to_end(key)
            while len(self._changed) > MOST_ANSWERS:
                self._changed.popitem(last=False)
            return self._changed[key]

    def place_of(self, book: Book, sheet: Sheet, row_id: int) -> int | None:
        """Where the row with that id is; None if it was deleted."""
        key = (book.book_id, sheet.sheet_id)
        with self._lock:
            if key not in self._by_id or self._by_id[key][0] != book.revision:
                self._by_id[key] = (book.revision, {row.row_id: place for place, row in enumerate(sheet.rows)})
            self._by_id.move_to_end(key)
            while len(self._by_id) > MOST_SHEETS:
                self._by_id.popitem(last=False)
            return self._by_id[key][1].get(row_id)
