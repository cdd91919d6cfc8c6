"""
Merged cells: one shows for all.

Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/request#MergeType
"""

from localsheets.errors import InvalidRequestError
from localsheets.model.box import Box, ClosedBox, box_from_json, box_to_json
from localsheets.model.cell_parts import with_contents
from localsheets.model.cells import trimmed, value_of, with_cell
from localsheets.model.sheet import Sheet


def merges_of(sheet: Sheet) -> list[Box]:
    """The boxes whose cells are merged into one."""
    return [box_from_json(grid_range) for grid_range in sheet.kept("merges")]


def set_merges(sheet: Sheet, boxes: list[Box]) -> None:
    """Have exactly these boxes merged; a single cell is none."""
    large = [box for box in boxes if box.bottom != box.top + 1 or box.right != box.left + 1]
    sheet.keep("merges", [box_to_json(box, sheet.sheet_id) for box in large])


def unmerge(sheet: Sheet, box: Box) -> None:
    """
    Part all merged cells that lie in a box.

    Raises: InvalidRequestError if the box cuts through merged cells.
    """
    check_whole_merges(sheet, box)
    if any(merge.meets(box) for merge in merges_of(sheet)):
        set_merges(sheet, [merge for merge in merges_of(sheet) if not merge.meets(box)])


def check_whole_merges(sheet: Sheet, box: Box) -> None:
    """
    Raises: InvalidRequestError if a box cuts through merged cells.
    """
    if any(merge.meets(box) and not box.covers(merge) for merge in merges_of(sheet)):
        raise InvalidRequestError("You must select all cells in a merged range to merge or unmerge them.")


def merge(sheet: Sheet, box: ClosedBox, kind: str) -> None:
    """
    Merge a box as a whole, column by column or row by row; of several values the first is kept.

    Raises: InvalidRequestError if the kind is unknown, or the box cuts through merged cells.
    """
    unmerge(sheet, box)
    parts = {
        "MERGE_ALL": [box],
        "MERGE_COLUMNS": [ClosedBox(box.top, box.bottom, c, c + 1) for c in range(box.left, box.right)],
        "MERGE_ROWS": [ClosedBox(r, r + 1, box.left, box.right) for r in range(box.top, box.bottom)],
    }.get(kind)
    if parts is None:
        raise InvalidRequestError(f"Invalid value at 'mergeType': {kind!r}")
    set_merges(sheet, [*merges_of(sheet), *parts])
    for part in parts:
        _keep_first(sheet, part)


def _keep_first(sheet: Sheet, box: ClosedBox) -> None:
    """The first value of a merged box in its first cell, nothing in the others."""
    spots = [
        (row, column)
        for row in range(box.top, min(box.bottom, len(sheet.rows)))
        for column in range(box.left, min(box.right, len(sheet.cells(row))))
        if value_of(sheet.cell(row, column)) is not None
    ]
    if not spots or spots == [(box.top, box.left)]:
        return
    first = sheet.cell(*spots[0])
    for row in sorted({row for row, _ in spots}):
        cells = list(sheet.cells(row))
        for column in (column for other, column in spots if other == row):
            cells[column] = with_contents(cells[column], None)
        sheet.set_cells(row, trimmed(cells))
    sheet.set_cells(
        box.top, with_cell(sheet.cells(box.top), box.left, with_contents(sheet.cell(box.top, box.left), first))
    )
