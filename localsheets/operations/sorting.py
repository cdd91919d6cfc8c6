"""Rows in another order: sorted, or shuffled. What belongs to a cell goes along with it."""

from collections.abc import Sequence
from typing import Any

from localsheets.errors import InvalidRequestError
from localsheets.formulas.following import copied_cells, sort_follows
from localsheets.model.box import Box, ClosedBox
from localsheets.model.cells import Cells, trimmed, value_of
from localsheets.model.merging import merges_of
from localsheets.model.sheet import Row, Sheet

Json = dict[str, Any]


def sorted_by(rows: list[Row], column: int, *, descending: bool) -> list[Row]:
    """Numbers, then texts, then booleans; empty cells stay last in either order, as at Google."""

    def value(row: Row) -> Any:
        return value_of(row.cells[column]) if column < len(row.cells) else None

    def rank(row: Row) -> tuple[int, Any]:
        found = value(row)
        if isinstance(found, bool):
            return 2, found
        return (1, found.casefold()) if isinstance(found, str) else (0, found)

    filled = [row for row in rows if value(row) is not None]
    empty = [row for row in rows if value(row) is None]
    return sorted(filled, key=rank, reverse=descending) + empty


def rearrange(sheet: Sheet, box: ClosedBox, ordered: Sequence[Row]) -> None:
    """
    Put the rows of a box, or the parts of them that lie in it, in another order.

    Args:
        ordered: The stored rows of the box, each once; rows that nobody has written in stay below.

    Raises: InvalidRequestError if cells are merged across rows there.
    """
    if any(merge.meets(box) and merge.bottom != merge.top + 1 for merge in merges_of(sheet)):
        raise InvalidRequestError("You can't sort a range with vertical merges.")
    rows = sheet.rows[box.top : box.top + len(ordered)]
    before = {row.row_id: place for place, row in enumerate(rows, box.top)}
    order = [before[row.row_id] for row in ordered]
    if order == sorted(order):
        return
    for name in ("formats", "validations"):
        layers: list[Json] = getattr(sheet, name)
        setattr(sheet, name, [{**layer, "box": part} for layer in layers for part in _parts(layer["box"], box, order)])
    if box.left == 0 and all(len(row.cells) <= box.right for row in rows):
        sheet.reorder(box.top, ordered)
        sort_follows(sheet, before)
        return
    for place, (row, source) in enumerate(zip(rows, ordered, strict=True), box.top):
        cells = copied_cells(source.cells, place - before[source.row_id])
        sheet.set_cells(place, with_part(row.cells, cells, box.left, box.right))


def _parts(layer: Box, box: ClosedBox, order: list[int]) -> list[Box]:
    """A layer's box after the sort; in pieces if it covers some of the rows only."""
    moving = ClosedBox(box.top, box.top + len(order), box.left, box.right)
    common = layer.intersection(moving)
    if common is None or (common.top == moving.top and common.bottom == moving.bottom):
        return [layer]
    places = [place for place, old in enumerate(order, box.top) if common.holds_row(old)]
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place:
            runs[-1] = (runs[-1][0], place + 1)
        else:
            runs.append((place, place + 1))
    return [*layer.minus(moving), *(Box(top, bottom, common.left, common.right) for top, bottom in runs)]


def with_part(cells: Cells, source: Cells, left: int, right: int) -> Cells:
    """A row with another one's cells in some columns."""
    width = max(len(cells), right)
    padded = [*cells, *[None] * (width - len(cells))]
    taken = [*source, *[None] * (width - len(source))]
    return trimmed([*padded[:left], *taken[left:right], *padded[right:]])
