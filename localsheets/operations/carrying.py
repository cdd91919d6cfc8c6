"""
Blocks of cells copied or carried elsewhere, with their formats, rules and merges.

Formats and validation rules lie in layers over boxes. A block takes along the part of each layer that lies on it, so a
copied column is one more record and not 50,000 cells.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from localsheets.formulas.following import copied
from localsheets.formulas.references import box_deleted, box_moved
from localsheets.model.anchors import formulas_follow, move_things
from localsheets.model.book import Book
from localsheets.model.box import Box, ClosedBox
from localsheets.model.cell_parts import taking
from localsheets.model.cells import Cell, trimmed
from localsheets.model.layers import CellFormats
from localsheets.model.merging import check_whole_merges, merges_of, set_merges, unmerge
from localsheets.model.sheet import Sheet

Json = dict[str, Any]
_ALL = frozenset({"values", "formulas", "formats", "notes", "validations", "conditions", "merges"})
PASTE_TYPES: dict[str, frozenset[str]] = {
    "PASTE_NORMAL": _ALL,
    "PASTE_VALUES": frozenset({"values"}),
    "PASTE_FORMAT": frozenset({"formats"}),
    "PASTE_NO_BORDERS": _ALL | {"no borders"},
    "PASTE_FORMULA": frozenset({"values", "formulas"}),
    "PASTE_DATA_VALIDATION": frozenset({"validations"}),
    "PASTE_CONDITIONAL_FORMATTING": frozenset({"conditions"}),
}
"""
What each of Google's paste types takes along.

Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/request#PasteType
"""
_PARTS = {"values": ("v", "r", "e"), "formulas": ("x",), "formats": ("f",), "notes": ("n",)}


@dataclass(frozen=True)
class Tiling:
    """
    A block repeated over a destination.

    Attributes:
        source: On its own sheet.
        target: Holds the block a whole number of times along each axis.
        transposed: Whether rows are pasted as columns.
    """

    source: ClosedBox
    target: ClosedBox
    transposed: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of one tile."""
        height, width = self.source.bottom - self.source.top, self.source.right - self.source.left
        return (width, height) if self.transposed else (height, width)

    def origin(self, row: int, column: int) -> tuple[int, int]:
        """The cell of the source that a cell of the target comes from."""
        down, right = row - self.target.top, column - self.target.left
        height, width = self.size
        down, right = down % height, right % width
        if self.transposed:
            down, right = right, down
        return self.source.top + down, self.source.left + right

    def tiles(self, part: Box) -> Iterator[Box]:
        """Where a part of the source comes to lie; one box for all the tiles that it fills."""
        box = part.shifted(-self.source.top, -self.source.left)
        box = box.transposed() if self.transposed else box
        height, width = self.size
        bottom, right = self.target.bottom - self.target.top, self.target.right - self.target.left
        downs, rights = range(0, bottom, height), range(0, right, width)
        if box.top == 0 and box.bottom == height:
            box, downs = Box(0, bottom, box.left, box.right), range(1)
        if box.left == 0 and box.right == width:
            box, rights = Box(box.top, box.bottom, 0, right), range(1)
        return (
            box.shifted(self.target.top + down, self.target.left + right_by) for down in downs for right_by in rights
        )

    def is_one(self) -> bool:
        """Whether the block is pasted once."""
        return self.size == (self.target.bottom - self.target.top, self.target.right - self.target.left)


def copy_block(sheet: Sheet, to: Sheet, tiling: Tiling, paste: frozenset[str]) -> None:
    """
    Copy what a paste type says.

    Raises: InvalidRequestError if the target cuts through merged cells.
    """
    if "merges" in paste:
        _copy_merges(sheet, to, tiling)
    baked = "formats" in paste and not _fits_layers(sheet, tiling)
    look = CellFormats(sheet).at if baked else None
    rows = list(_copied_rows(sheet, to, tiling, paste, look))
    for name in ("formats", "validations"):
        if name in paste:
            taken = [] if baked and name == "formats" else list(_pieces(getattr(sheet, name), tiling))
            kept = [{**layer, "box": box} for layer in getattr(to, name) for box in layer["box"].minus(tiling.target)]
            setattr(
                to, name, [*kept, *(_without_borders(piece) if "no borders" in paste else piece for piece in taken)]
            )
    if "conditions" in paste:
        _copy_conditions(sheet, to, tiling)
    for row, cells in rows:
        to.set_cells(row, cells)
    to.reshaped = to.reshaped or bool(paste - {"values", "formulas", "notes"})


def _fits_layers(sheet: Sheet, tiling: Tiling) -> bool:
    """Whether the block's layers stay few when pasted: it is pasted once, or they cover it all."""
    return tiling.is_one() or all(
        layer["box"].covers(tiling.source) for layer in sheet.formats if layer["box"].meets(tiling.source)
    )


def _copied_rows(
    sheet: Sheet, to: Sheet, tiling: Tiling, paste: frozenset[str], look: Callable[[int, int, Cell], Json] | None
) -> Iterator[tuple[int, list[Cell]]]:
    names = [name for kind in ("values", "formulas", "formats", "notes") if kind in paste for name in _PARTS[kind]]
    if paste >= {"values"} and "formulas" not in paste:
        names.append("x")
    if not names:
        return
    for row in range(tiling.target.top, tiling.target.bottom):
        cells = list(to.cells(row))
        cells.extend([None] * (tiling.target.right - len(cells)))
        for column in range(tiling.target.left, tiling.target.right):
            at_row, at_column = tiling.origin(row, column)
            source = copied(sheet.cell(at_row, at_column), row - at_row, column - at_column)
            if "formulas" not in paste and isinstance(source, dict) and "x" in source:
                source = taking(source, None, ["x"])
            if look is not None:
                source = taking(source, {"f": look(at_row, at_column, source)}, ["f"])
            if "no borders" in paste and isinstance(source, dict) and "borders" in source.get("f", {}):
                source = taking(source, {"f": {n: v for n, v in source["f"].items() if n != "borders"}}, ["f"])
            cells[column] = taking(cells[column], source, names)
        yield row, trimmed(cells)


def _pieces(layers: list[Json], tiling: Tiling) -> Iterator[Json]:
    """The layers' parts that lie on the source, as they come to lie on the target."""
    for layer in layers:
        part = layer["box"].intersection(tiling.source)
        if part is not None:
            yield from ({**layer, "box": box} for box in tiling.tiles(part))


def _without_borders(layer: Json) -> Json:
    told = layer.get("format")
    return layer if told is None else {**layer, "format": {n: v for n, v in told.items() if n != "borders"}}


def _copy_merges(sheet: Sheet, to: Sheet, tiling: Tiling) -> None:
    boxes = [merge for merge in merges_of(sheet) if tiling.source.covers(merge)]
    unmerge(to, tiling.target)
    tiles = [part for box in boxes for tile in _single_tiles(tiling) for part in tile.tiles(box)]
    if tiles:
        set_merges(to, [*merges_of(to), *tiles])


def _single_tiles(tiling: Tiling) -> Iterator[Tiling]:
    """Each repetition of the block by itself: merged cells must not grow together."""
    height, width = tiling.size
    for top in range(tiling.target.top, tiling.target.bottom, height):
        for left in range(tiling.target.left, tiling.target.right, width):
            yield Tiling(tiling.source, ClosedBox(top, top + height, left, left + width), tiling.transposed)


def _copy_conditions(sheet: Sheet, to: Sheet, tiling: Tiling) -> None:
    added = []
    for rule in sheet.conditions:
        parts = [part for box in rule["boxes"] if (part := box.intersection(tiling.source)) is not None]
        added.append([box for part in parts for box in tiling.tiles(part)])
    rules = list(sheet.conditions)
    cut = [{**rule, "boxes": [b for box in rule["boxes"] for b in box.minus(tiling.target)]} for rule in to.conditions]
    if sheet is to:
        cut = [{**rule, "boxes": rule["boxes"] + boxes} for rule, boxes in zip(cut, added, strict=True)]
    else:
        cut += [{**rule, "boxes": boxes} for rule, boxes in zip(rules, added, strict=True)]
    to.conditions = [rule for rule in cut if rule["boxes"]]


def clear_block(sheet: Sheet, box: Box) -> None:
    """Leave nothing in a box: no contents, formats, notes, rules or merges."""
    unmerge(sheet, box)
    closed = sheet.clip(box)
    for row in range(closed.top, min(closed.bottom, len(sheet.rows))):
        cells = sheet.cells(row)
        blank = [None] * len(cells[closed.left : closed.right])
        sheet.set_cells(row, trimmed([*cells[: closed.left], *blank, *cells[closed.right :]]))
    for name in ("formats", "validations"):
        setattr(sheet, name, [{**old, "box": part} for old in getattr(sheet, name) for part in old["box"].minus(box)])
    rules = [{**rule, "boxes": [part for old in rule["boxes"] for part in old.minus(box)]} for rule in sheet.conditions]
    sheet.conditions = [rule for rule in rules if rule["boxes"]]
    sheet.reshaped = True


def carry_block(book: Book, sheet: Sheet, source: Box, to: Sheet, rows: int, columns: int) -> None:
    """
    Cut a block out and put it so many rows further down and columns further right; what points at it follows.

    Args:
        source: May be open: then it is everything from there to the sheet's end.

    Raises: InvalidRequestError if the source or the target cuts through merged cells.
    """
    check_whole_merges(sheet, source)

    def landed(box: Box) -> Box | None:
        return _on_grid(to, box.shifted(rows, columns))

    block = _block(sheet, source)
    merges = [merge for merge in merges_of(sheet) if source.covers(merge)]
    layers = {name: list(_cut(getattr(sheet, name), source, landed)) for name in ("formats", "validations")}
    rules = [
        {**rule, "boxes": [piece["box"] for piece in _cut([{"box": box} for box in rule["boxes"]], source, landed)]}
        for rule in sheet.conditions
    ]
    clear_block(sheet, source)
    target = source.shifted(rows, columns)
    clear_block(to, target)
    _put_down(to, block, source.top + rows, source.left + columns)
    to.formats, to.validations = [*to.formats, *layers["formats"]], [*to.validations, *layers["validations"]]
    to.conditions = [*to.conditions, *(rule for rule in rules if rule["boxes"])]
    if sheet is to:
        move_things(book, sheet, lambda box: landed(box) if source.covers(box) else box, layers=False)
    set_merges(to, [*merges_of(to), *(box for merge in merges if (box := landed(merge)) is not None)])
    for lost in [target] if sheet is not to else target.minus(source):
        formulas_follow(book, box_deleted(to.title, lost))
    formulas_follow(book, box_moved(sheet.title, source, to.title, rows, columns))


def _on_grid(sheet: Sheet, box: Box) -> Box | None:
    if box.top >= sheet.row_count or box.left >= sheet.column_count:
        return None
    closed = sheet.clip(box)
    bottom, right = None if box.bottom is None else closed.bottom, None if box.right is None else closed.right
    return None if bottom == box.top or right == box.left else Box(box.top, bottom, box.left, right)


def _cut(layers: list[Json], source: Box, landed: Callable[[Box], Box | None]) -> Iterator[Json]:
    for layer in layers:
        part = layer["box"].intersection(source)
        box = None if part is None else landed(part)
        if box is not None:
            yield {**layer, "box": box}


def _block(sheet: Sheet, source: Box) -> list[list[Cell]]:
    """The stored cells of a box; what an array formula spilled stays behind, it is calculated anew."""
    box = sheet.clip(source)
    rows = [sheet.cells(row)[box.left : box.right] for row in range(box.top, min(box.bottom, len(sheet.rows)))]
    return [[taking(cell, None, ["v"]) if _is_spilled(cell) else cell for cell in cells] for cells in rows]


def _is_spilled(cell: Cell) -> bool:
    return isinstance(cell, dict) and "s" in cell


def _put_down(sheet: Sheet, block: list[list[Cell]], top: int, left: int) -> None:
    for row, block_cells in enumerate(block, top):
        fitting = trimmed(block_cells)[: sheet.column_count - left]
        if fitting and row < sheet.row_count:
            cells = list(sheet.cells(row))
            cells.extend([None] * (left + len(fitting) - len(cells)))
            cells[left : left + len(fitting)] = fitting
            sheet.set_cells(row, trimmed(cells))
