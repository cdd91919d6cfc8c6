"""
Where `values.append` puts its rows: below the table that the given range touches.

A table is a block of cells with values, walled in by empty rows and columns; of several in the range the last counts.
Source: https://developers.google.com/sheets/api/guides/values#append_values
"""

from collections.abc import Iterable
from itertools import islice

from localsheets.model.box import ClosedBox
from localsheets.model.cells import is_filled
from localsheets.model.sheet import Row, Sheet


def table_in(sheet: Sheet, box: ClosedBox) -> ClosedBox | None:
    """The last table that a box touches; None if all of its cells are empty."""
    for row in range(min(box.bottom, len(sheet.rows)) - 1, box.top - 1, -1):
        cells = sheet.rows[row].cells
        for column in range(min(box.right, len(cells)) - 1, box.left - 1, -1):
            if is_filled(cells[column]):
                return _grown(sheet, ClosedBox(row, row + 1, column, column + 1))
    return None


def _grown(sheet: Sheet, seed: ClosedBox) -> ClosedBox:
    box = _grown_up_and_down(sheet, _grown_sideways(sheet, seed))  # in this order long tables are looked through once
    while (wider := _grown_sideways(sheet, box)) != box:
        box = _grown_up_and_down(sheet, wider)
    return box


def _grown_up_and_down(sheet: Sheet, box: ClosedBox) -> ClosedBox:
    left, right = max(box.left - 1, 0), box.right + 1
    up = _rows_with_value(islice(reversed(sheet.rows), len(sheet.rows) - box.top, None), left, right)
    down = _rows_with_value(islice(sheet.rows, box.bottom, None), left, right)
    return ClosedBox(box.top - up, box.bottom + down, box.left, box.right)


def _rows_with_value(rows: Iterable[Row], left: int, right: int) -> int:
    """How many rows come one after another that hold a value between two columns; every append asks all of a table."""
    count = 0
    for _, _, _, cells in rows:
        if not (len(cells) > left and isinstance(cells[left], str)) and not any(map(is_filled, cells[left:right])):
            break
        count += 1
    return count


def _grown_sideways(sheet: Sheet, box: ClosedBox) -> ClosedBox:
    left, right = box.left, box.right
    while left > 0 and _column_has_value(sheet, box, left - 1):
        left -= 1
    while right < sheet.column_count and _column_has_value(sheet, box, right):
        right += 1
    return ClosedBox(box.top, box.bottom, left, right)


def _column_has_value(sheet: Sheet, box: ClosedBox, column: int) -> bool:
    rows = islice(sheet.rows, box.top, box.bottom)
    return any(len(row.cells) > column and is_filled(row.cells[column]) for row in rows)
