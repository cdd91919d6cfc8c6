"""Requests about merged cells, groups of rows or columns, their automatic size, and borders."""

from localsheets.errors import InvalidRequestError
from localsheets.model.box import Box, ClosedBox
from localsheets.model.cells import formatted, value_of
from localsheets.model.groups import deepen, fold, groups_of
from localsheets.model.layers import CellFormats, add_format
from localsheets.model.merging import merge, unmerge
from localsheets.model.sheet import Sheet
from localsheets.requests.step import Handler, Json, Step, as_object, lines_of, needed_mask, whole_number

_PIXELS_PER_POINT = 0.68
"""Mean width of a letter at a font size of one point."""
_PADDING = 12
_SMALLEST_WIDTH = 21
_STYLES = frozenset({"DOTTED", "DASHED", "SOLID", "SOLID_MEDIUM", "SOLID_THICK", "NONE", "DOUBLE"})


def merge_cells(step: Step, body: Json) -> Json:
    """Make one cell of many."""
    sheet, box = step.open_place(body.get("range"))
    merge(sheet, sheet.clip(box), body.get("mergeType", "MERGE_ALL"))
    return {}


def unmerge_cells(step: Step, body: Json) -> Json:
    """Part merged cells again."""
    sheet, box = step.open_place(body.get("range"))
    unmerge(sheet, sheet.clip(box))
    return {}


def add_dimension_group(step: Step, body: Json) -> Json:
    """Rows or columns that can be folded away together; answers all groups along that axis."""
    sheet, axis, start, end = lines_of(step, body)
    deepen(sheet, axis, start, end, 1)
    return {"addDimensionGroup": {"dimensionGroups": groups_of(sheet, axis)}}


def delete_dimension_group(step: Step, body: Json) -> Json:
    """Take rows or columns out of their innermost group; answers the groups that are left along that axis."""
    sheet, axis, start, end = lines_of(step, body)
    deepen(sheet, axis, start, end, -1)
    left = groups_of(sheet, axis)
    return {"deleteDimensionGroup": {"dimensionGroups": left} if left else {}}


def update_dimension_group(step: Step, body: Json) -> Json:
    """Fold a group, or unfold it."""
    wanted = as_object("dimensionGroup", body.get("dimensionGroup"))
    mask = needed_mask(body)
    if not mask.keys() <= {"collapsed", "range", "depth", "*"}:
        raise InvalidRequestError("Only collapsed can be updated.")
    sheet, axis, start, end = lines_of(step, wanted)
    depth = whole_number("depth", wanted.get("depth", 0))
    fold(sheet, axis, start, end, depth, collapsed=wanted.get("collapsed") is True)
    return {}


def auto_resize_dimensions(step: Step, body: Json) -> Json:
    """Columns as wide as their widest text, about; rows as high as Google makes them by default."""
    sheet, axis, start, end = lines_of(step, body, "dimensions")
    step.check_open(sheet, Box().with_span(axis, (start, end)))
    lines = dict(sheet.lines if axis == "ROWS" else sheet.columns)
    for line in range(start, end):
        size = 21 if axis == "ROWS" else _width_of(step, sheet, line)
        if size is not None:
            lines[line] = {**lines.get(line, {}), "pixelSize": size}
    if axis == "ROWS":
        sheet.lines = lines
    else:
        sheet.columns = lines
    sheet.reshaped = True
    return {}


def _width_of(step: Step, sheet: Sheet, column: int) -> int | None:
    """Pixels that the widest text of a column takes up; None for an empty column, whose width stays."""
    formats = CellFormats(sheet)
    widest = 0.0
    for row, stored in enumerate(sheet.rows):
        cell = stored.cells[column] if column < len(stored.cells) else None
        value = value_of(cell)
        if value is not None:
            look = formats.shown(row, column, cell)
            text = formatted(value, look.get("numberFormat"), step.book.locale)
            points = look.get("textFormat", {}).get("fontSize", 10)
            widest = max(widest, max(map(len, text.split("\n"))) * points * _PIXELS_PER_POINT)
    return max(_SMALLEST_WIDTH, round(widest) + _PADDING) if widest else None


def update_borders(step: Step, body: Json) -> Json:
    """Lines around a range and within it; a border that is not told stays."""
    sheet, box = step.open_place(body.get("range"))
    closed = sheet.clip(box)
    for name, (edge, side) in _edges(closed).items():
        if name in body and edge is not None:
            border = _checked_border(name, body[name])
            add_format(sheet, edge, {"borders": {side: border} if border else {}}, {"borders": {side: {}}})
    return {}


def _edges(box: ClosedBox) -> dict[str, tuple[Box | None, str]]:
    """For each border of a range: the cells that show it, and on which side."""
    top, bottom, left, right = box.top, box.bottom, box.left, box.right
    return {
        "top": (Box(top, top + 1, left, right), "top"),
        "bottom": (Box(bottom - 1, bottom, left, right), "bottom"),
        "left": (Box(top, bottom, left, left + 1), "left"),
        "right": (Box(top, bottom, right - 1, right), "right"),
        "innerHorizontal": (Box(top, bottom - 1, left, right) if bottom - top > 1 else None, "bottom"),
        "innerVertical": (Box(top, bottom, left, right - 1) if right - left > 1 else None, "right"),
    }


def _checked_border(name: str, told: object) -> Json:
    """The border as it is kept; none for the style NONE."""
    border = as_object(name, told)
    if border.get("style") not in _STYLES:
        raise InvalidRequestError(f"Invalid value at '{name}.style': {border.get('style')!r}")
    return {} if border["style"] == "NONE" else border


HANDLERS: dict[str, Handler] = {
    "mergeCells": merge_cells,
    "unmergeCells": unmerge_cells,
    "addDimensionGroup": add_dimension_group,
    "deleteDimensionGroup": delete_dimension_group,
    "updateDimensionGroup": update_dimension_group,
    "autoResizeDimensions": auto_resize_dimensions,
    "updateBorders": update_borders,
}
