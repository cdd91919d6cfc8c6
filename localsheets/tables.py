"""
Where `values.append` puts its rows: below the table that the given range touches.

A table is a block of cells with values, walled in by empty rows and columns; of several in the range the last counts.
Source: https://developers.google.com/sheets/api/guides/values#append_values
"""

from localsheets.box import ClosedBox
from localsheets.cells import cell_at, value_of
from localsheets.sheet import Sheet


def table_in(sheet: Sheet, box: ClosedBox) -> ClosedBox | None:
    """The last table that a box touches; None if all of its cells are empty."""
    for row in range(min(box.bottom, len(sheet.rows)) - 1, box.top - 1, -1):
        cells = sheet.rows[row].cells
        for column in range(min(box.right, len(cells)) - 1, box.left - 1, -1):
            if value_of(cells[column]) is not None:
                return _grown(sheet, ClosedBox(row, row + 1, column, column + 1))
    return None


def _grown(sheet: Sheet, seed: ClosedBox) -> ClosedBox:
    box, before = seed, None
    while box != before:
        before = box
        box = _grown_sideways(sheet, _grown_up_and_down(sheet, box))
    return box


def _grown_up_and_down(sheet: Sheet, box: ClosedBox) -> ClosedBox:
    left, right, top, bottom = max(box.left - 1, 0), box.right + 1, box.top, box.bottom
    while top > 0 and _row_has_value(sheet, top - 1, left, right):
        top -= 1
    while bottom < len(sheet.rows) and _row_has_value(sheet, bottom, left, right):
        bottom += 1
    return ClosedBox(top, bottom, box.left, box.right)


def _grown_sideways(sheet: Sheet, box: ClosedBox) -> ClosedBox:
    left, right = box.left, box.right
    rows = [sheet.rows[row].cells for row in range(box.top, box.bottom)]
    while left > 0 and any(value_of(cell_at(cells, left - 1)) is not None for cells in rows):
        left -= 1
    while right < sheet.column_count and any(value_of(cell_at(cells, right)) is not None for cells in rows):
        right += 1
    return ClosedBox(box.top, box.bottom, left, right)


def _row_has_value(sheet: Sheet, row: int, left: int, right: int) -> bool:
    return any(value_of(cell) is not None for cell in sheet.rows[row].cells[left:right])
