"""Putting entries into cells, all or none: typed texts as typed, copies with formula and format."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from localsheets.errors import LocalSheetsError
from localsheets.grid.entering import Gate, Refusal, refuse_all
from localsheets.grid.guard import staff
from localsheets.model.book import Book
from localsheets.model.cells import Cell, formula_of, make_cell, note_of, own_format, trimmed, value_of
from localsheets.model.layers import CellFormats
from localsheets.model.sheet import Sheet
from localsheets.operations.values import write_rows

Json = dict[str, Any]


@dataclass(frozen=True)
class Copied:
    """A cell to be put elsewhere; `cell_format` is how it is to look, None leaves the look of the place."""

    cell: Cell
    cell_format: Json | None


Entry = str | Copied | None
"""What goes into a cell; None leaves it alone."""


@dataclass(frozen=True)
class Target:
    """One cell and what is to go there."""

    row: int
    column: int
    entry: Entry


def tiled(rows: list[int], columns: list[int], entries: list[list[Entry]]) -> Iterator[Target]:
    """Each cell of the place with its entry; a smaller pattern is repeated, a short row leaves cells alone."""
    width = max(len(row) for row in entries)
    for down, row in enumerate(rows):
        pattern = entries[down % len(entries)]
        for across, column in enumerate(columns):
            at = across % width
            yield Target(row, column, pattern[at] if at < len(pattern) else None)


def put(book: Book, sheet: Sheet, targets: Iterable[Target]) -> None:
    """
    Write every target, or none.

    Raises: LocalSheetsError naming the cells that refuse.
    """
    gate = Gate(book, sheet)
    wanted = [target for target in targets if _changes(sheet, target)]
    checked = [
        (target, gate.closed(target.row, target.column) or refusal_of(gate, target.row, target.column, target.entry))
        for target in wanted
    ]
    refuse_all([Refusal(target.row, target.column, why) for target, why in checked if why is not None])
    _write_texts(book, sheet, [target for target in wanted if isinstance(target.entry, str)])
    _write_copies(sheet, [target for target in wanted if isinstance(target.entry, Copied)])


def _changes(sheet: Sheet, target: Target) -> bool:
    if target.entry == "":
        cell = sheet.cell(target.row, target.column)
        return value_of(cell) is not None or formula_of(cell) is not None
    return target.entry is not None


def refusal_of(gate: Gate, row: int, column: int, entry: Entry) -> LocalSheetsError | None:
    """Why the rule of a cell does not let an entry in; None if it does."""
    if isinstance(entry, str):
        return gate.refuses_text(row, column, entry)
    return gate.refuses_cell(row, column, entry.cell) if entry else None


def _write_texts(book: Book, sheet: Sheet, targets: list[Target]) -> None:
    """As typed; neighbouring rows go together."""
    if not targets:
        return
    by_row: dict[int, dict[int, str]] = {}
    for target in targets:
        by_row.setdefault(target.row, {})[target.column] = str(target.entry)
    places = sorted(by_row)
    starts = [0, *[at for at, (one, two) in enumerate(pairwise(places), 1) if two != one + 1], len(places)]
    for start, end in pairwise(starts):
        run = [by_row[row] for row in places[start:end]]
        left, right = min(min(row) for row in run), max(max(row) for row in run) + 1
        texts: list[list[Any]] = [[row.get(column) for column in range(left, right)] for row in run]
        write_rows(book, sheet, places[start], left, texts, entered=True, who=staff())


def _write_copies(sheet: Sheet, targets: list[Target]) -> None:
    formats = CellFormats(sheet)
    by_row: dict[int, list[Target]] = {}
    for target in targets:
        by_row.setdefault(target.row, []).append(target)
    for row, row_targets in by_row.items():
        cells = list(sheet.cells(row))
        cells.extend([None] * (max(target.column for target in row_targets) + 1 - len(cells)))
        for target in row_targets:
            if isinstance(target.entry, Copied):
                present = formats.at(row, target.column, cells[target.column])
                cells[target.column] = _landed(cells[target.column], present, target.entry)
        sheet.set_cells(row, trimmed(cells))


def _landed(cell: Cell, present: Json, copied: Copied) -> Cell:
    """The copy with a format of its own only where the place would look otherwise."""
    alike = copied.cell_format is None or copied.cell_format == present
    wanted = own_format(cell) if alike else copied.cell_format
    value = None if formula_of(copied.cell) is not None else value_of(copied.cell)
    return make_cell(value, wanted, note_of(copied.cell), formula_of(copied.cell))
