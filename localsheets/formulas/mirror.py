"""What the calculator's process holds of a spreadsheet, and what it must be told so that it holds the present one."""

from collections.abc import Callable, Iterable
from typing import Any

from localsheets.formulas.census import Census, Changed, Place, differing_rows
from localsheets.formulas.preparing import Layout, Tab, needed_boxes, rendered
from localsheets.model.book import Book
from localsheets.model.box import Box
from localsheets.model.cells import Cells, cell_at, formula_of, value_of
from localsheets.model.sheet import Row, Sheet

BROKEN = "=#ERROR!"
"""Stands in the calculator for a formula that is kept away from it."""
WALL = "\u2588"
"""Stands in the calculator beyond a sheet's last row or column, so that arrays end there."""
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
"""What IronCalc can hold; what lies beyond is no cell to it."""
_MANY_ROWS = 1000
_FORMULA: dict[str, Any] = {}
"""Stands among a column's values for a formula, which is told apart."""
Hull = dict[tuple[int, int], tuple[int, int]]
"""Sheet and column → the first and the end of the rows that are held."""


def layout_of(book: Book) -> Layout:
    """What formulas must know about the sheets."""
    places = {sheet.sheet_id: place for place, sheet in enumerate(book.sheets)}
    tabs = tuple(
        Tab(s.title, min(s.row_count, _MOST_ROWS), min(s.column_count, _MOST_COLUMNS), _used(s)) for s in book.sheets
    )
    named = {e["name"].upper(): (places[e["sheetId"]], e["box"]) for e in book.named_ranges if e["sheetId"] in places}
    return Layout(tabs, named)


def _used(sheet: Sheet) -> int:
    end = len(sheet.rows)
    while end and not sheet.rows[end - 1].cells:
        end -= 1
    return end


class Mirror:
    """The contents of one calculator process, which begins empty."""

    def __init__(self, census: Census) -> None:
        self._census = census
        self._rows: list[list[Row]] = []
        self._told: dict[Place, str] = {}
        self._hull: Hull = {}
        self._extra: set[tuple[int, Box]] = set()
        self._walls: set[Place] = set()
        self._fresh_walls: set[Place] = set()
        self._layout: Layout | None = None
        self._zone = ""
        self.cells = 0  # told so far, which is a measure of how long a calculation may take

    def fits(self, layout: Layout, zone: str) -> bool:
        """Whether the process can be told the rest; otherwise it begins anew."""
        old = self._layout
        if old is None:
            return True
        same = [tab.title for tab in old.tabs] == [tab.title for tab in layout.tabs] and zone == self._zone
        return same and (not self._walls or [t[1:3] for t in old.tabs] == [t[1:3] for t in layout.tabs])

    def settle(self, book: Book) -> None:
        """The same spreadsheet with the results in it: nothing of it needs to be told again."""
        self._rows = [sheet.rows for sheet in book.sheets]

    def needs(self, boxes: Iterable[tuple[int, Box]]) -> None:
        """Hold these cells of sheets, too."""
        self._extra.update(boxes)

    def wall_up(self, places: Iterable[Place]) -> None:
        """Let arrays end before these places, which lie beyond the sheet."""
        self._fresh_walls |= set(places)
        self._walls |= self._fresh_walls

    def message(self, book: Book, layout: Layout, kept_away: Callable[[Place], bool]) -> dict[str, Any]:
        """
        What to tell the process; from then on it is taken to know that.

        Args:
            kept_away: Whether a formula must not reach the calculator.
        """
        message: dict[str, Any] = {}
        if self._layout is None:
            self._zone = str(book.properties.get("timeZone", "UTC"))
            message = {"titles": [layout.inner_title(i) for i in range(len(layout.tabs))], "zone": self._zone}
        changed = differing_rows(self._rows, book)
        gone = [place for place in self._told if place not in self._census.formulas]
        for place in gone:
            del self._told[place]
        formulas = self._formulas(layout, changed, kept_away)
        grown = self._grow(layout, formulas)
        cells = [
            *(told for place, rows in grown.items() if (told := _column(book, place, rows))),
            *self._changed_cells(book, changed, grown),
            *([sheet, column, row, [WALL]] for sheet, row, column in self._fresh_walls),
        ]
        self._fresh_walls = set()
        self._layout = layout
        self.settle(book)
        self.cells += sum(len(values) for *_, values in cells)
        return message | {"gone": gone, "cells": cells, "formulas": [(*p, text) for p, text in formulas.items()]}

    def _formulas(self, layout: Layout, changed: Changed, kept_away: Callable[[Place], bool]) -> dict[Place, str]:
        """The formulas that read otherwise than they were told."""
        moved = layout != self._layout
        fresh = {}
        for place in self._census.formulas:
            known, prepared = self._told.get(place), self._census.prepared(place)
            away = bool(prepared.complaint) or kept_away(place)
            settled = known is not None and place[1] not in changed[place[0]] and away == (known == BROKEN)
            if settled and not (moved and prepared.follows_layout):
                continue
            text = BROKEN if away else rendered(prepared, layout, place[0])
            if text != known:
                self._told[place] = fresh[place] = text
        return fresh

    def _grow(self, layout: Layout, formulas: dict[Place, str]) -> Hull:
        """Widen what is held by what these formulas need; answers the columns that grew."""
        boxes, self._extra = self._extra, set()
        for place, text in formulas.items():
            if text != BROKEN:
                boxes.update(needed_boxes(self._census.prepared(place), layout, place[0]))
        grown: Hull = {}
        for index, box in boxes:
            closed = box.clip(layout.tabs[index].rows, layout.tabs[index].columns)
            for column in range(closed.left, closed.right):
                top, bottom = self._hull.get((index, column), (closed.top, closed.top))
                hull = (min(top, closed.top), max(bottom, closed.bottom))
                if hull != (top, bottom):
                    self._hull[index, column] = grown[index, column] = hull
        return grown

    def _changed_cells(self, book: Book, changed: Changed, grown: Hull) -> list[list[Any]]:
        """The values of changed rows in columns that are held already."""
        told: list[list[Any]] = []
        for (index, column), (top, bottom) in self._hull.items():
            cells_of, old = book.sheets[index].cells, self._rows[index] if index < len(self._rows) else []
            rows = sorted(row for row in changed[index] if top <= row < bottom)
            if (index, column) in grown:  # told already, but for cells that are empty by now
                rows = [row for row in rows if row < len(old) and cell_at(cells_of(row), column) is None]
            if len(rows) > _MANY_ROWS:
                told.append(
                    [index, column, rows[0], [_value(cells_of(r), column) for r in range(rows[0], rows[-1] + 1)]]
                )
            else:
                told += [[index, column, row, [_value(cells_of(row), column)]] for row in rows]
        return told


def _column(book: Book, place: tuple[int, int], rows: tuple[int, int]) -> list[Any] | None:
    index, column = place
    values = [_value(row.cells, column) for row in book.sheets[index].rows[rows[0] : rows[1]]]
    while values and values[-1] is None:
        values.pop()
    return [index, column, rows[0], values] if values else None


def _value(cells: Cells, column: int) -> Any:
    cell = cell_at(cells, column)
    return _FORMULA if formula_of(cell) is not None else value_of(cell)
