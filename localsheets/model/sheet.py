"""
A sheet and its rows as one moment sees them, and as a writer's draft.

A snapshot is never changed: a draft shares its rows and replaces what it touches, so readers need no lock. Rows behind
the last one ever written exist only as a count; they get their row (and its lasting id) when somebody writes there.
"""

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from localsheets.errors import InvalidRequestError
from localsheets.model.box import Box, ClosedBox
from localsheets.model.cells import Cell, Cells, cell_at, is_filled

KEY_GAP = 1 << 20
"""Room between the order keys of neighbouring rows."""
MOST_CELLS = 10_000_000
"""Cells in one spreadsheet, as at Google."""
MOST_COLUMNS = 18_278
"""As far as `ZZZ`."""


class Row(NamedTuple):
    """
    A stored row.

    Attributes:
        row_id: Never changes and is never used again, wherever the row moves.
        key: Its place: rows are shown in the order of their keys.
        revision: The spreadsheet's revision that last changed it.
        cells: Never changed in place.
    """

    row_id: int
    key: int
    revision: int
    cells: Cells


def _no_ids() -> int:
    raise RuntimeError("Only a draft hands out row ids.")


@dataclass
class Sheet:
    """
    One tab.

    Attributes:
        properties: Google's `SheetProperties`.
        rows: In order; row 0 first.
        validations: Rules over boxes, later ones win: `{"box": Box, "rule": DataValidationRule or None}`.
        formats: Formats over boxes, later ones win: `{"box": Box, "format": CellFormat, "mask": Mask}`.
        protections: Google's `ProtectedRange`, with `box` in place of `range`.
        conditions: Google's `ConditionalFormatRule`, with `boxes` in place of `ranges`.
        columns: Column index → Google's `DimensionProperties`.
        lines: Row index → Google's `DimensionProperties`.
        filter: Google's `BasicFilter` with `box` in place of `range`, or None.
        things: What else is anchored to cells, by its name in Google's `Sheet`, in Google's own JSON; see anchors.py.
        structure: The revision that last changed anything except the contents of cells.
        last_key: No row that was deleted had a higher key, so that none written later takes its place.
    """

    properties: dict[str, Any]
    rows: list[Row] = field(default_factory=list)
    validations: list[dict[str, Any]] = field(default_factory=list)
    formats: list[dict[str, Any]] = field(default_factory=list)
    protections: list[dict[str, Any]] = field(default_factory=list)
    conditions: list[dict[str, Any]] = field(default_factory=list)
    columns: dict[int, dict[str, Any]] = field(default_factory=dict)
    lines: dict[int, dict[str, Any]] = field(default_factory=dict)
    filter: dict[str, Any] | None = None
    things: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    structure: int = 0
    last_key: int = 0
    draft_revision: int = 0
    new_row_id: Callable[[], int] = _no_ids
    touched: dict[int, Row] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)
    reshaped: bool = False
    row_texts: dict[int, tuple[Cells, str]] = field(default_factory=dict, repr=False, compare=False)
    """By row id, what was last told of these cells; one for all states of a sheet, as cells are never changed."""
    formula_ids: set[int] | None = field(default=None, init=False)  # ids of rows with formulas; None: not yet counted

    @property
    def sheet_id(self) -> int:
        return int(self.properties["sheetId"])

    @property
    def title(self) -> str:
        return str(self.properties["title"])

    @property
    def row_count(self) -> int:
        return int(self.properties["gridProperties"]["rowCount"])

    @property
    def column_count(self) -> int:
        return int(self.properties["gridProperties"]["columnCount"])

    def clip(self, box: Box) -> ClosedBox:
        """The part of a box that lies on this sheet."""
        return box.clip(self.row_count, self.column_count)

    def cells(self, row: int) -> Cells:
        """The stored cells of a row; none if nothing was ever written there."""
        return self.rows[row].cells if row < len(self.rows) else []

    def cell(self, row: int, column: int) -> Cell:
        """One stored cell."""
        return cell_at(self.cells(row), column)

    def kept(self, kind: str) -> list[dict[str, Any]]:
        """The things of one kind; not to be changed by the caller."""
        return self.things.get(kind, [])

    def keep(self, kind: str, things: list[dict[str, Any]]) -> None:
        """Have exactly these things of one kind."""
        self.things = {**self.things, kind: things}
        self.reshaped = True

    def used_rows(self) -> int:
        """How many rows there are up to the last one that holds a value."""
        end = len(self.rows)
        while end and not any(map(is_filled, self.rows[end - 1].cells)):
            end -= 1
        return end

    @property
    def holds_formulas(self) -> bool:
        """Whether there is any formula; counted once, then kept up with every change."""
        if self.formula_ids is None:
            self.formula_ids = {row.row_id for row in self.rows if _holds_formula(row.cells)}
        return bool(self.formula_ids)

    def formula_places(self) -> list[int]:
        """The rows that hold a formula."""
        if not self.holds_formulas or self.formula_ids is None:
            return []
        ids = self.formula_ids
        return [place for place, row in enumerate(self.rows) if row.row_id in ids]

    def draft(self, revision: int, new_row_id: Callable[[], int]) -> "Sheet":
        """A copy to write on."""
        copy = dataclasses.replace(
            self,
            rows=list(self.rows),
            touched={},
            removed=set(),
            reshaped=False,
            draft_revision=revision,
            new_row_id=new_row_id,
        )
        copy.formula_ids = None if self.formula_ids is None else set(self.formula_ids)
        return copy

    def sealed(self) -> "Sheet":
        """The draft as a snapshot, once it is stored."""
        copy = dataclasses.replace(self, touched={}, removed=set(), reshaped=False, new_row_id=_no_ids)
        copy.formula_ids = self.formula_ids
        return copy

    @property
    def changed(self) -> bool:
        """Whether this draft differs from what it was made from."""
        return bool(self.touched or self.removed or self.reshaped)

    def set_grid(self, *, rows: int | None = None, columns: int | None = None) -> None:
        """Give the sheet another number of rows or columns; cells beyond are not cut here."""
        grid = dict(self.properties["gridProperties"])
        grid["rowCount"] = grid["rowCount"] if rows is None else rows
        grid["columnCount"] = grid["columnCount"] if columns is None else columns
        if grid["rowCount"] < 1 or grid["columnCount"] < 1:
            raise InvalidRequestError("You can't delete all the rows or all the columns on the sheet.")
        if grid["columnCount"] > MOST_COLUMNS:
            raise InvalidRequestError(
                f"This action would increase the number of columns in the sheet above the limit of {MOST_COLUMNS}"
                " columns."
            )
        if grid["rowCount"] * grid["columnCount"] > MOST_CELLS:
            raise InvalidRequestError(
                f"This action would increase the number of cells in the workbook above the limit of {MOST_CELLS} cells."
            )
        self.properties = {**self.properties, "gridProperties": grid}
        self.reshaped = True

    def set_cells(self, row: int, cells: Cells) -> None:
        """Replace a row's cells; an unchanged row stays untouched."""
        if row >= len(self.rows):
            if not cells:
                return
            self._materialise(row + 1)
        old = self.rows[row]
        if not _same(old.cells, cells):
            self._put(row, old._replace(cells=cells, revision=self.draft_revision))

    def insert_rows(self, at: int, count: int) -> None:
        """Empty rows before row `at`; beyond the stored rows there is nothing to do."""
        if at >= len(self.rows):
            return
        low = self.rows[at - 1].key if at else self.rows[0].key - KEY_GAP * (count + 1)
        high = self.rows[at].key
        if high - low <= count:
            self._space_out()
            low, high = (self.rows[at - 1].key if at else 0), self.rows[at].key
        if high - low <= count:
            for place in range(at, len(self.rows)):
                self._put(place, self.rows[place]._replace(key=self.rows[place].key + KEY_GAP * count))
            high = self.rows[at].key
        step = (high - low) // (count + 1)
        fresh = [Row(self.new_row_id(), low + step * (i + 1), self.draft_revision, []) for i in range(count)]
        self.rows[at:at] = fresh
        self.touched.update({row.row_id: row for row in fresh})
        self.reshaped = True

    def delete_rows(self, start: int, end: int) -> None:
        """Take rows out; their ids are never used again."""
        self._keep_last_key()
        for row in self.rows[start:end]:
            if self.formula_ids is not None:
                self.formula_ids.discard(row.row_id)
            self.removed.add(row.row_id)
            self.touched.pop(row.row_id, None)
        del self.rows[start:end]
        self.reshaped = True

    def reorder(self, start: int, ordered: Sequence[Row]) -> None:
        """Put the given rows (the very ones that stand there) in this order from row `start` on."""
        keys = sorted(row.key for row in ordered)
        for place, (key, row) in enumerate(zip(keys, ordered, strict=True), start):
            if row.key != key:
                self._put(place, row._replace(key=key, revision=self.draft_revision))
            else:
                self.rows[place] = row
        self.reshaped = True

    def set_rows(self, rows: list[Row]) -> None:
        """Have exactly these rows, in the order of their keys; what is new or different counts as touched."""
        self._keep_last_key()
        old = {row.row_id: row for row in self.rows}
        for row in rows:
            if old.pop(row.row_id, None) is not row:
                self.touched[row.row_id] = row
                self.removed.discard(row.row_id)
        for row_id in old:
            self.touched.pop(row_id, None)
            self.removed.add(row_id)
        self.rows = rows
        self.formula_ids = None
        self.reshaped = True

    def stored_slice(self, start: int, end: int) -> list[Row]:
        """Rows `start` to before `end`, as rows of their own even where nothing was written yet."""
        self._materialise(end)
        return self.rows[start:end]

    def _materialise(self, count: int) -> None:
        key = max(self.last_key, self.rows[-1].key if self.rows else 0)
        while len(self.rows) < count:
            key += KEY_GAP
            row = Row(self.new_row_id(), key, self.draft_revision, [])
            self.rows.append(row)
            self.touched[row.row_id] = row

    def _keep_last_key(self) -> None:
        if self.rows:
            self.last_key = max(self.last_key, self.rows[-1].key)

    def _space_out(self) -> None:
        for place, row in enumerate(list(self.rows)):
            self._put(place, row._replace(key=KEY_GAP * (place + 1)))

    def _put(self, place: int, row: Row) -> None:
        self.rows[place] = row
        self.touched[row.row_id] = row
        if self.formula_ids is not None:
            (self.formula_ids.add if _holds_formula(row.cells) else self.formula_ids.discard)(row.row_id)


def _holds_formula(cells: Cells) -> bool:
    return any(isinstance(cell, dict) and "x" in cell for cell in cells)


def _same(old: Cells, new: Cells) -> bool:
    """Equal cell by cell, where TRUE is not 1."""
    return len(old) == len(new) and all(a == b and type(a) is type(b) for a, b in zip(old, new, strict=True))


def each_cell(box: ClosedBox) -> Iterator[tuple[int, int]]:
    """Row and column of every cell of a box, row by row."""
    return ((row, column) for row in range(box.top, box.bottom) for column in range(box.left, box.right))
