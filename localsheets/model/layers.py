"""
Validation rules and formats over whole boxes: "this column is a list of choices" is one record, not 50,000 cells.

Later records win. A record that a later one covers completely is dropped, so setting a sheet up again does not grow it.
"""

from collections.abc import Iterable
from typing import Any

from localsheets.api.field_masks import Mask, merged
from localsheets.formulas.entering import number_format_of
from localsheets.model.box import Box
from localsheets.model.cell_parts import taking
from localsheets.model.cells import Cell, Cells, formula_of, own_format, trimmed
from localsheets.model.sheet import Sheet

Json = dict[str, Any]


def add_validation(sheet: Sheet, box: Box, rule: Json | None) -> None:
    """Set or (None) clear the rule of every cell of a box."""
    add_validations(sheet, box, [(box, rule)])


def add_validations(sheet: Sheet, whole: Box, rules: Iterable[tuple[Box, Json | None]]) -> None:
    """
    Set or clear the rules of many boxes at once.

    Args:
        whole: What the boxes make up together; they do not overlap.
    """
    kept = [layer for layer in sheet.validations if not whole.covers(layer["box"])]
    below = [layer["box"] for layer in kept if layer["box"].meets(whole)]
    added = [
        {"box": box, "rule": rule} for box, rule in rules if rule is not None or any(box.meets(old) for old in below)
    ]
    sheet.validations = [*kept, *added]
    sheet.reshaped = True


def validation_at(sheet: Sheet, row: int, column: int) -> Json | None:
    """The rule in force for a cell."""
    for layer in reversed(sheet.validations):
        if layer["box"].holds(row, column):
            rule: Json | None = layer["rule"]
            return rule
    return None


def add_format(sheet: Sheet, box: Box, cell_format: Json, mask: Mask) -> None:
    """Set the masked fields of every cell's format in a box; cells with a format of their own are brought in line."""
    kept = [layer for layer in sheet.formats if not (box.covers(layer["box"]) and _mask_covers(mask, layer["mask"]))]
    sheet.formats = [*kept, {"box": box, "format": cell_format, "mask": mask}]
    closed = sheet.clip(box)
    for row in range(box.top, min(len(sheet.rows), closed.bottom)):
        cells = sheet.rows[row].cells
        if any(map(own_format, cells[closed.left : closed.right])):
            sheet.set_cells(row, _with_layer(cells, box, mask))
    sheet.reshaped = True


def _with_layer(cells: Cells, box: Box, mask: Mask) -> Cells:
    result = list(cells)
    for column, cell in enumerate(cells):
        own = own_format(cell)
        if own is not None and box.holds_column(column):
            result[column] = taking(cell, {"f": _without(own, mask)}, ["f"])
    return trimmed(result)


def _without(own: Json, mask: Mask) -> Json:
    """A cell's own format without the fields of which a new layer now says all."""
    if not mask or "*" in mask:
        return {}
    result = dict(own)
    for name, below in mask.items():
        inner = result.pop(name, None)
        rest = _without(inner, below) if isinstance(inner, dict) else {}
        if rest:
            result[name] = rest
    return result


def _is_whole(name: str) -> bool:
    """Whether a part of a format is replaced as a whole: red over green is red, not yellow."""
    return name == "numberFormat" or name.endswith(("Color", "ColorStyle"))


def own_over(below: Json, wanted: Json) -> Json:
    """
    What a cell must say itself, over what the layers below say, to look as wanted.

    None stands for a field that the layers set and the cell must not have.
    """
    own: Json = {name: None for name in below if name not in wanted}
    for name, value in wanted.items():
        inner = below.get(name)
        if isinstance(value, dict) and isinstance(inner, dict) and not _is_whole(name):
            difference = own_over(inner, value)
            if difference:
                own[name] = difference
        elif value != inner:
            own[name] = value
    return own


def _mask_covers(outer: Mask, inner: Mask) -> bool:
    if not outer or "*" in outer:
        return True
    if not inner or "*" in inner:
        return False
    return all(name in outer and _mask_covers(outer[name], below) for name, below in inner.items())


def computed_format(cell: Cell) -> Json | None:
    """The number format that the result of the cell's formula has unless users set one; None for most."""
    formula = formula_of(cell)
    return None if formula is None else number_format_of(formula)


class CellFormats:
    """The formats users gave a sheet's cells: what the layers say, then what the cell itself says."""

    def __init__(self, sheet: Sheet) -> None:
        self._layers = sheet.formats
        self._merged: dict[tuple[int, ...], Json] = {}

    def at(self, row: int, column: int, cell: Cell) -> Json:
        """The format of one cell; not to be changed by the caller."""
        own = own_format(cell)
        below = self.below(row, column)
        return laid_over(below, own) if own else below

    def shown(self, row: int, column: int, cell: Cell) -> Json:
        """The same with the number format that a formula's result has by itself."""
        told, computed = self.at(row, column, cell), computed_format(cell)
        return {**told, "numberFormat": computed} if computed and not told.get("numberFormat") else told

    def below(self, row: int, column: int) -> Json:
        """What the layers alone say; not to be changed by the caller."""
        holding = tuple(i for i, layer in enumerate(self._layers) if layer["box"].holds(row, column))
        below = self._merged.get(holding)
        if below is None:
            below = {}
            for index in holding:
                below = merged(below, self._layers[index]["format"], self._layers[index]["mask"])
            self._merged[holding] = below
        return below


def laid_over(below: Json, above: Json) -> Json:
    """A format as it looks with another one over it; None in that one hides what is below."""
    result = dict(below)
    for name, value in above.items():
        inner = result.pop(name, None)
        if isinstance(value, dict) and not _is_whole(name):
            result[name] = laid_over(inner if isinstance(inner, dict) else {}, value)
        elif value is not None:
            result[name] = value
    return result


class NumberFormats:
    """Number formats of a sheet, looked up fast: most cells ask layers that do not touch their column."""

    def __init__(self, sheet: Sheet) -> None:
        self._layers = [
            (layer["box"], layer["format"].get("numberFormat"))
            for layer in reversed(sheet.formats)
            if not layer["mask"] or "*" in layer["mask"] or "numberFormat" in layer["mask"]
        ]
        self._by_column: dict[int, list[tuple[Box, Json | None]]] = {}

    def at(self, row: int, column: int, cell: Cell) -> Json | None:
        """The number format in force for a cell."""
        own = own_format(cell)
        if own is not None and "numberFormat" in own:
            found: Json | None = own["numberFormat"]
            return found
        layers = self._by_column.get(column)
        if layers is None:
            layers = [layer for layer in self._layers if layer[0].holds_column(column)]
            self._by_column[column] = layers
        for box, number_format in layers:
            if box.holds_row(row):
                return number_format
        return None

    def shown(self, row: int, column: int, cell: Cell) -> Json | None:
        """The same; for a formula without one, the number format that its result has by itself."""
        return self.at(row, column, cell) or computed_format(cell)

    def is_text(self, row: int, column: int, cell: Cell) -> bool:
        """Whether the cell keeps whatever is typed as text."""
        number_format = self.at(row, column, cell) or {}
        return number_format.get("type") == "TEXT" or number_format.get("pattern") == "@"
