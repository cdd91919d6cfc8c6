"""A spreadsheet on a shelf of its own, written to and read from as the API does."""

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from localsheets.identity import Identity
from localsheets.model.book import Book, new_sheet
from localsheets.model.cells import error_of
from localsheets.operations.values import Rendering, read_range, resolve, write_range
from localsheets.storage.shelf import Shelf

ME = Identity("owner@kantor.test", "Pemilik")


@dataclass
class Desk:
    """One spreadsheet with the sheets `Data` and `Lain`."""

    shelf: Shelf
    book_id: str

    def write(self, cells: str, *rows: list[Any]) -> None:
        """Values and formulas as somebody would type them."""
        with self.shelf.writing(self.book_id, ME, "test") as draft:
            write_range(draft, cells, list(rows), entered=True, who=ME)

    def book(self) -> Book:
        """The snapshot once all is calculated that is to be calculated now."""
        end = time.monotonic() + 30
        while (book := self.shelf.read(self.book_id, ME)).settled_at is not None:
            if not self.shelf.calculators.is_busy(self.book_id):
                return self.shelf.read(self.book_id, ME)
            assert time.monotonic() < end, "the calculation does not end"
        return book

    def read(self, cells: str, option: str = "UNFORMATTED_VALUE") -> list[list[Any]]:
        values: list[list[Any]] = read_range(self.book(), cells, Rendering(option)).get("values", [])
        return values

    def value(self, cell: str) -> Any:
        """What one cell shows; "" if nothing."""
        found = self.read(cell)
        return found[0][0] if found else ""

    def error(self, cell: str) -> dict[str, str] | None:
        place = resolve(self.book(), cell)
        return error_of(place.sheet.cell(place.box.top, place.box.left))

    def child(self) -> int:
        """The process id of the one calculator that runs."""
        (pid,) = self.shelf.calculators.pids()
        return pid


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path: Path, clock: Clock) -> Iterator[Desk]:
    shelf = Shelf(tmp_path, clock=clock)

    def fill(draft: Book) -> None:
        draft.add_sheet(new_sheet(0, "Data"))
        draft.add_sheet(new_sheet(7, "Lain"))

    book = shelf.create(ME, {"timeZone": "Asia/Makassar"}, "test", fill)
    yield Desk(shelf, book.book_id)
    with suppress(OSError):
        shelf.close()
