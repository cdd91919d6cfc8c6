"""A table as read from a file, before anybody says what its columns mean. Plain values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

Cell = str | int | float | bool | datetime
"""Empty text is an empty cell. A datetime is naive, as spreadsheet programs keep it: the office's own time."""
LONGEST_ROW = 250
"""Cells."""
MOST_ROWS = 200_000
"""Rows with something in them."""


@dataclass(frozen=True)
class RawRow:
    """
    One row.

    Args:
        number: As the person sees it in their program, from 1.
        broken: Sentences on what cannot be read of it, by place of the cell (from 0); -1 is the row as a whole.
    """

    number: int
    cells: Sequence[Cell]
    broken: Mapping[int, str] = field(default_factory=dict)
    hidden: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing stands in it."""
        return not self.broken and all(isinstance(cell, str) and not cell.strip() for cell in self.cells)


class Tables(Protocol):
    """A file with one table or several."""

    notes: Sequence[str]
    """What the person should know of how it was read, in Indonesian."""

    @property
    def names(self) -> Sequence[str]:
        """Of its sheets, the hidden ones left out; a CSV file has one, without a name."""

    def size(self, name: str) -> int:
        """About how many rows a sheet has; 0 if the file does not say."""

    def rows(self, name: str) -> Iterable[RawRow]:
        """Every row of a sheet, from its first. May be asked again. Raises: TableError."""


def text_of(cell: Cell) -> str:
    """A cell as people see it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M") if (cell.hour or cell.minute) else cell.strftime("%Y-%m-%d")
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return repr(cell)


def column_name(place: int) -> str:
    """The letters of a column by its place from 0: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
