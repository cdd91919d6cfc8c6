"""Copying and moving cells: what is taken where, and how it lands."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from localsheets.errors import ConflictError, InvalidRequestError
from localsheets.formats.number_formats import is_moment
from localsheets.formulas.references import box_moved, relative
from localsheets.grid.entering import found_rows, told_columns
from localsheets.grid.placing import Copied, Entry, Target
from localsheets.grid.sessions import words
from localsheets.model.anchors import formulas_follow
from localsheets.model.book import Book
from localsheets.model.box import Box
from localsheets.model.cells import cell_at, formula_of, make_cell, note_of, own_format, value_of
from localsheets.model.layers import CellFormats
from localsheets.model.sheet import Sheet

Json = dict[str, Any]
PARTS = frozenset({"all", "values", "formats"})


@dataclass(frozen=True)
class Taken:
    """
    Cells to be copied.

    Attributes:
        part: `all`, or only the `values` (results of formulas), or only the `formats`.
        cut: They leave their old place.
    """

    sheet: Sheet
    rows: list[int]
    columns: list[int]
    part: str
    cut: bool

    def emptied(self, sheet: Sheet, rows: list[int], columns: list[int]) -> list[Target]:
        """The cells that are left behind empty when this moves to a place."""
        if not self.cut:
            return []
        landed = {(row, column) for row in rows for column in columns} if self.sheet is sheet else set()
        left = ((row, column) for row in self.rows for column in self.columns)
        return [Target(*cell, Copied(None, {})) for cell in left if cell not in landed]

    def landing(self, sheet: Sheet, rows: list[int], columns: list[int]) -> list[Target]:
        """Every cell of a place with its copy; what is taken is repeated over a larger place."""
        return list(self._landing(sheet, rows, columns))

    def followed(self, book: Book, sheet: Sheet, rows: list[int], columns: list[int]) -> None:
        """After a move, formulas that point at the cells point at them in their new place."""
        if not self.cut or not _neighbours(self.rows) or not _neighbours(self.columns):
            return
        box = Box(self.rows[0], self.rows[-1] + 1, self.columns[0], self.columns[-1] + 1)
        shift = (rows[0] - self.rows[0], columns[0] - self.columns[0])
        formulas_follow(book, box_moved(self.sheet.title, box, sheet.title, *shift))

    def _landing(self, sheet: Sheet, rows: list[int], columns: list[int]) -> Iterator[Target]:
        formats, there = CellFormats(self.sheet), CellFormats(sheet)
        for down, row in enumerate(rows):
            from_row = self.rows[down % len(self.rows)]
            for across, column in enumerate(columns):
                from_column = self.columns[across % len(self.columns)]
                cell = cell_at(self.sheet.cells(from_row), from_column)
                copied = Copied(cell, formats.at(from_row, from_column, cell))
                if self.part == "all":
                    shift = (0, 0) if self.cut else (row - from_row, column - from_column)
                    yield Target(row, column, _shifted(copied, *shift))
                else:
                    below = there.at(row, column, sheet.cell(row, column))
                    yield Target(row, column, self._partly(copied, sheet, row, column, below))

    def _partly(self, copied: Copied, sheet: Sheet, row: int, column: int, below: Json) -> Entry:
        present = sheet.cell(row, column)
        if self.part == "formats":
            kept = make_cell(value_of(present), None, note_of(present), formula_of(present))
            return Copied(kept, copied.cell_format)
        value = make_cell(value_of(copied.cell), None, note_of(present))
        number_format = (copied.cell_format or {}).get("numberFormat")
        dated = is_moment(number_format) and not below.get("numberFormat")
        return Copied(value, {**below, "numberFormat": number_format} if dated else None)


def _neighbours(lines: list[int]) -> bool:
    return lines == list(range(lines[0], lines[0] + len(lines)))


def _shifted(copied: Copied, rows: int, columns: int) -> Copied:
    """The copy with its formula's relative references moved along."""
    formula = formula_of(copied.cell)
    if formula is None or not (rows or columns):
        return copied
    moved = make_cell(None, own_format(copied.cell), note_of(copied.cell), relative(formula, rows, columns))
    return Copied(moved, copied.cell_format)


def taken_from(book: Book, source: Json) -> Taken:
    """
    The cells that a request names: `{"sheet", "rows", "columns", "cut", "part"}`.

    Raises: ConflictError if their rows were deleted; InvalidRequestError if they are too many.
    """
    part = source.get("part", "all")
    if part not in PARTS:
        raise InvalidRequestError("part must be all, values or formats.")
    sheet = book.sheet(source.get("sheet"))
    try:
        rows = found_rows(sheet, source.get("rows"))
    except ConflictError as error:
        raise ConflictError(words()["source_gone"].format(why=error.message)) from error
    columns = told_columns(source, len(rows))
    return Taken(sheet, rows, columns, part, bool(source.get("cut")) and part == "all")
