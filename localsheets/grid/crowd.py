"""Who has a spreadsheet open, and where: kept in memory, told along with the question whether anything changed."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from localsheets.identity import Identity
from localsheets.storage.shelf import Clock

GONE_AFTER = timedelta(seconds=10)
MOST_PAGES = 500
"""Open pages of one spreadsheet that are told of; more of them work as well, unseen."""


@dataclass
class _Place:
    who: Identity
    spot: tuple[int, int, int]
    seen_at: datetime


class Crowd:
    """The pages that asked lately, by spreadsheet."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._books: dict[str, dict[str, _Place]] = {}
        self._versions: dict[str, int] = {}
        self._lock = threading.Lock()

    def note(self, book_id: str, page: str, who: Identity, spot: tuple[int, int, int]) -> int:
        """
        Remember where a page is.

        Args:
            spot: Sheet, row and column of its active cell.

        Returns: A number that changes whenever somebody comes, moves or goes.
        """
        now = self._clock()
        with self._lock:
            pages = self._books.setdefault(book_id, {})
            gone = [name for name, place in pages.items() if now - place.seen_at > GONE_AFTER]
            for name in gone:
                del pages[name]
            old = pages.get(page)
            if old is not None or len(pages) < MOST_PAGES:
                pages[page] = _Place(who, spot, now)
            if gone or old is None or old.spot != spot:
                self._versions[book_id] = self._versions.get(book_id, 0) + 1
            return self._versions.get(book_id, 0)

    def others(self, book_id: str, page: str) -> list[dict[str, Any]]:
        """Everybody else's name, place, and number of a colour."""
        with self._lock:
            places = [place for name, place in self._books.get(book_id, {}).items() if name != page]
        return [
            {
                "name": place.who.name,
                "colour": crc32(place.who.email.encode()),
                "sheet": place.spot[0],
                "row": place.spot[1],
                "column": place.spot[2],
            }
            for place in places
        ]
