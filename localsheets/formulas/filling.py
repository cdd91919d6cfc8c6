"""
Results put into a snapshot.

A row whose results changed takes the snapshot's revision, so that whoever follows the changes sees it.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from localsheets.formulas.census import Census, Place
from localsheets.formulas.explaining import explained
from localsheets.formulas.preparing import Layout
from localsheets.formulas.references import CellReference, parse_reference
from localsheets.formulas.results import NOT_EXPANDED, Result, failure, result_of, spilled_cell, with_result
from localsheets.formulas.tokens import tokens
from localsheets.model.a1 import column_letters
from localsheets.model.book import Book
from localsheets.model.cells import Cell, Cells, cell_at, formula_of, note_of, value_of
from localsheets.model.sheet import KEY_GAP, Row, Sheet

_LOADING: dict[str, Any] = {"v": "Loading...", "e": {"type": "LOADING", "message": "Loading..."}}
_FARTHEST = 1000
"""Cells that are looked at to say what an array ran into."""
Why = Callable[[Place], str]


@dataclass(frozen=True)
class Calculated:
    """
    A snapshot with its results.

    Attributes:
        base: As it may be stored: results beside their formulas.
        shown: As it is read: also with the cells that arrays fill, and notes that name what is not supported.
    """

    base: Book
    shown: Book


class Outcome:
    """What the calculator told: the formulas' results, and what arrays fill beside them."""

    def __init__(self) -> None:
        self.results: dict[Place, Result] = {}
        self.spills: dict[Place, Result] = {}
        self.walls: set[Place] = set()  # where arrays would have reached beyond their sheet

    def take(self, answer: dict[str, Any]) -> None:
        """Note an answer; results that it does not tell are as before."""
        for sheet, row, column, value, failed, as_read in answer["results"]:
            self.results[sheet, row, column] = result_of(value, failed=failed, as_read=as_read)
        self.spills = {
            (sheet, row, column): result_of(value, failed=failed)
            for sheet, row, column, value, failed in answer["spills"]
        }

    def collisions(self, book: Book, layout: Layout) -> tuple[list[Place], list[Place]]:
        """Where arrays reach beyond a sheet, and where they meet a cell that is filled."""
        beyond = [p for p in self.spills if p[1] >= layout.tabs[p[0]].rows or p[2] >= layout.tabs[p[0]].columns]
        occupied = [p for p in self.spills if _is_filled(book.sheets[p[0]].cell(p[1], p[2]))]
        return beyond, occupied


def _is_filled(cell: Cell) -> bool:
    return value_of(cell) is not None or formula_of(cell) is not None


class Filling:
    """Fills snapshot after snapshot of one spreadsheet, and remembers since when a row looks as it does."""

    def __init__(self) -> None:
        self._overlays: dict[tuple[int, int], tuple[dict[int, Cell], int]] = {}

    def filled(self, book: Book, layout: Layout, census: Census, outcome: Outcome, why: Why) -> Calculated:
        """The snapshot with its results."""
        results = {place: _told(book, layout, census, outcome, place, why) for place in census.formulas}
        base = _with_results(book, results)
        return Calculated(base, self._shown(base, results, outcome.spills))

    def _shown(self, base: Book, results: dict[Place, Result], spills: dict[Place, Result]) -> Book:
        overlays: dict[tuple[int, int], dict[int, Cell]] = defaultdict(dict)
        for (index, row, column), result in spills.items():
            overlays[index, row][column] = spilled_cell(base.sheets[index].cell(row, column), result)
        for (index, row, column), result in results.items():
            cell = base.sheets[index].cell(row, column)
            if result.unsupported and result.error and not note_of(cell):
                overlays[index, row][column] = {**cell, "n": result.error["message"]}
        if not overlays and not self._overlays:
            return base
        before, self._overlays = self._overlays, {}
        sheets = [self._overlaid(base, index, sheet, overlays, before) for index, sheet in enumerate(base.sheets)]
        return dataclasses.replace(base, sheets=sheets)

    def _overlaid(
        self,
        base: Book,
        index: int,
        sheet: Sheet,
        overlays: dict[tuple[int, int], dict[int, Cell]],
        before: dict[tuple[int, int], tuple[dict[int, Cell], int]],
    ) -> Sheet:
        cleared = [-row_id for sheet_id, row_id in before if sheet_id == sheet.sheet_id and row_id < 0]
        end = max([row + 1 for place, row in overlays if place == index] + cleared, default=0)
        rows = [*sheet.rows, *_rows_beyond(sheet, end)]
        for place, row in enumerate(rows):
            known = (sheet.sheet_id, row.row_id)
            overlay, (old, since) = overlays.get((index, place), {}), before.get(known, ({}, 0))
            if overlay or known in before:
                since = since if overlay == old else base.revision
                self._overlays[known] = (overlay, since)
                rows[place] = row._replace(cells=_laid_over(row.cells, overlay), revision=max(row.revision, since))
        return _with_rows(sheet, rows)


def loading(book: Book, before: Book | None) -> Book:
    """
    The snapshot while its formulas are calculated: with the results and filled cells of before, as far as they fit.

    Args:
        before: An earlier one as it was shown.
    """
    filled = {s.sheet_id: _filled_rows(s) for s in before.sheets} if before is not None else {}
    return dataclasses.replace(book, sheets=[_loading(sheet, filled.get(sheet.sheet_id, {})) for sheet in book.sheets])


def _filled_rows(sheet: Sheet) -> dict[int, Row]:
    return {row.row_id: row for row in sheet.rows if any(isinstance(c, dict) and "s" in c for c in row.cells)}


def _loading(sheet: Sheet, filled: dict[int, Row]) -> Sheet:
    if not sheet.holds_formulas:
        return sheet
    rows = list(sheet.rows)
    for place in sheet.formula_places():
        cells = rows[place].cells
        if any(formula_of(cell) is not None and "v" not in cell for cell in cells):
            rows[place] = rows[place]._replace(cells=[_loading_cell(cell) for cell in cells])
    if filled:
        beyond = [row for row_id, row in filled.items() if row_id < 0 and -1 - row_id >= len(rows)]
        rows += _rows_beyond(sheet, max((-row.row_id for row in beyond), default=0))
        for place, row in enumerate(rows):
            if row.row_id in filled:
                spilled = enumerate(filled[row.row_id].cells)
                fits = {c: cell for c, cell in spilled if isinstance(cell, dict) and "s" in cell}
                fits = {c: cell for c, cell in fits.items() if not _is_filled(cell_at(row.cells, c))}
                rows[place] = row._replace(cells=_laid_over(row.cells, fits))
    return _with_rows(sheet, rows)


def _loading_cell(cell: Cell) -> Cell:
    return cell if formula_of(cell) is None or "v" in cell else {**cell, **_LOADING}


def _rows_beyond(sheet: Sheet, end: int) -> Iterable[Row]:
    """Rows that nobody has written to, for arrays to fill; their ids are below 0, and nothing is stored."""
    start = len(sheet.rows)
    key = sheet.rows[-1].key if sheet.rows else 0
    return [Row(-1 - place, key + KEY_GAP * (place - start + 1), 0, []) for place in range(start, end)]


def _laid_over(cells: Cells, overlay: dict[int, Cell]) -> Cells:
    result = [*cells, *[None] * (max(overlay, default=-1) + 1 - len(cells))]
    for column, cell in overlay.items():
        result[column] = cell
    return result


def _with_results(book: Book, results: dict[Place, Result]) -> Book:
    found: dict[int, dict[int, Row]] = defaultdict(dict)
    for (index, place, column), result in results.items():
        row = found[index].get(place) or book.sheets[index].rows[place]
        cell = with_result(row.cells[column], result)
        if cell is not row.cells[column]:
            cells = [*row.cells[:column], cell, *row.cells[column + 1 :]]
            found[index][place] = row._replace(cells=cells, revision=book.revision)
    if not any(found.values()):
        return book
    sheets = list(book.sheets)
    for index, changed in found.items():
        if changed:
            rows = list(sheets[index].rows)
            for place, row in changed.items():
                rows[place] = row
            sheets[index] = _with_rows(sheets[index], rows)
    return dataclasses.replace(book, sheets=sheets)


def _with_rows(sheet: Sheet, rows: list[Row]) -> Sheet:
    copy = dataclasses.replace(sheet, rows=rows)
    copy.formula_ids = sheet.formula_ids
    return copy


def _told(book: Book, layout: Layout, census: Census, outcome: Outcome, place: Place, why: Why) -> Result:
    """The result as Sheets tells it, where that is not as the calculator does."""
    result = outcome.results.get(place) or failure("#ERROR!")
    if result.error is None:
        return Result("") if result.value == 0 and _shows_nothing(book, layout, census, outcome, place) else result
    if result.value == "#ERROR!":
        return failure("#ERROR!", why(place))
    if result.error["message"] == NOT_EXPANDED:
        return failure("#REF!", _not_expanded(book.sheets[place[0]], place, outcome.walls))

    def value_at(ref: CellReference) -> Any:
        index = place[0] if ref.title is None else layout.index(ref.title)
        box = ref.box()
        if index is None:
            return None
        known = outcome.results.get((index, box.top, box.left)) or outcome.spills.get((index, box.top, box.left))
        return known.value if known else value_of(cell_at(book.sheets[index].cells(box.top), box.left))

    return explained(census.formulas[place], result, value_at, lambda title: layout.index(title) is not None)


def _shows_nothing(book: Book, layout: Layout, census: Census, outcome: Outcome, place: Place) -> bool:
    """Whether the formula just points at an empty cell: it looks empty then."""
    if not census.prepared(place).is_reference:
        return False
    ref = next(parse_reference(t.text) for t in tokens(census.formulas[place]) if t.kind == "reference")
    index = place[0] if ref.title is None else layout.index(ref.title)
    box = ref.box()
    if index is None or (index, box.top, box.left) in outcome.spills:
        return False
    return not _is_filled(cell_at(book.sheets[index].cells(box.top), box.left))


def _not_expanded(sheet: Sheet, place: Place, walls: set[Place]) -> str:
    """What an array ran into: the sheet's end, or the first filled cell below or beside it."""
    index, top, left = place
    if any(wall[0] == index and (wall[1] == top or wall[2] == left) for wall in walls):
        return "Result was not automatically expanded, please insert more rows or columns."
    below = ((row, left) for row in range(top + 1, min(len(sheet.rows), top + _FARTHEST)))
    beside = ((top, column) for column in range(left + 1, len(sheet.cells(top))))
    for row, column in (*below, *beside):
        if _is_filled(sheet.cell(row, column)):
            return f"{NOT_EXPANDED[:-1]} in {column_letters(column)}{row + 1}."
    return NOT_EXPANDED
