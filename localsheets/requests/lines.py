"""Requests about rows and columns: their properties, their coming and going, their order."""

from typing import Any

from localsheets.api.field_masks import merged
from localsheets.errors import InvalidRequestError, UnimplementedError
from localsheets.model.box import Axis, Box
from localsheets.model.protection import check_may_insert
from localsheets.model.sheet import Sheet
from localsheets.operations.dimensions import append_lines, check_left, delete_lines, insert_lines, length, move_lines
from localsheets.operations.sorting import rearrange, sorted_by
from localsheets.requests.step import Handler, Json, Step, as_list, as_object, lines_of, needed_mask, whole_number


def _box(axis: Axis, start: int, end: int) -> Box:
    return Box().with_span(axis, (start, end))


def update_dimension_properties(step: Step, body: Json) -> Json:
    """Width or height in pixels, and whether the lines are hidden."""
    sheet, axis, start, end = lines_of(step, body)
    changes, mask = as_object("properties", body.get("properties")), needed_mask(body)
    default = 21 if axis == "ROWS" else 100
    lines = dict(sheet.lines if axis == "ROWS" else sheet.columns)
    for line in range(start, end):
        new = merged(lines.get(line, {"pixelSize": default}), changes, mask)
        new["pixelSize"] = whole_number("pixelSize", new.get("pixelSize", default))
        lines[line] = {name: value for name, value in new.items() if value is not False}
    if axis == "ROWS":
        sheet.lines = lines
    else:
        sheet.columns = lines
    sheet.reshaped = True
    return {}


def insert_dimension(step: Step, body: Json) -> Json:
    """Empty lines; with `inheritFromBefore` they take after the line before them."""
    lines = as_object("range", body.get("range"))
    sheet = step.book.sheet(lines.get("sheetId"))
    axis = lines.get("dimension")
    if axis not in {"ROWS", "COLUMNS"}:
        raise InvalidRequestError("dimension must be ROWS or COLUMNS.")
    start = whole_number("startIndex", lines.get("startIndex", 0))
    end = whole_number("endIndex", lines.get("endIndex"), least=start + 1)
    inherit, size = bool(body.get("inheritFromBefore")), length(sheet, axis)
    if start > size or (start == size and not inherit):
        bound = f"less than or equal to the grid size[{size}] if inheritFromBefore is true."
        bound = bound if inherit else f"less than the grid size[{size}] if inheritFromBefore is false."
        raise InvalidRequestError(f"range.startIndex[{start}] must be {bound}")
    if inherit and start == 0:
        raise InvalidRequestError("inheritFromBefore cannot be true if startIndex is 0.")
    check_may_insert(step.book, sheet, axis, start, step.who)
    insert_lines(step.book, sheet, axis, start, end - start, inherit_before=inherit)
    return {}


def delete_dimension(step: Step, body: Json) -> Json:
    """Take lines out with what is in them."""
    lines = as_object("range", body.get("range"))
    _check_exist(step.book.sheet(lines.get("sheetId")), lines)
    sheet, axis, start, end = lines_of(step, body)
    step.check_open(sheet, _box(axis, start, end))
    check_left(sheet, axis, start, end)
    delete_lines(step.book, sheet, axis, start, end)
    return {}


def _check_exist(sheet: Sheet, lines: Json) -> None:
    """
    Raises: InvalidRequestError in Google's words if lines beyond the sheet are to be deleted.
    """
    axis, start, end = lines.get("dimension"), lines.get("startIndex", 0), lines.get("endIndex")
    if axis in {"ROWS", "COLUMNS"} and isinstance(start, int) and isinstance(end, int) and 0 <= start < end:
        size, word = length(sheet, axis), "row" if axis == "ROWS" else "column"
        if end > size:
            raise InvalidRequestError(
                f"Cannot delete a {word} that doesn't exist. Tried to delete {word} index {max(start, size)} but there"
                f" are only {size} {word}s."
            )


def append_dimension(step: Step, body: Json) -> Json:
    """Empty lines at the end."""
    sheet = step.book.sheet(body.get("sheetId"))
    axis = body.get("dimension")
    if axis not in {"ROWS", "COLUMNS"}:
        raise InvalidRequestError("dimension must be ROWS or COLUMNS.")
    append_lines(sheet, axis, whole_number("length", body.get("length"), least=1))
    return {}


def move_dimension(step: Step, body: Json) -> Json:
    """Carry lines to another place."""
    sheet, axis, start, end = lines_of(step, body, "source")
    target = whole_number("destinationIndex", body.get("destinationIndex", 0))
    if target > length(sheet, axis):
        raise InvalidRequestError(f"destinationIndex ({target}) lies beyond the sheet.")
    step.check_open(sheet, _box(axis, min(start, target), max(end, target)))
    move_lines(step.book, sheet, axis, start, end, target)
    return {}


def sort_range(step: Step, body: Json) -> Json:
    """Rows of a range in the order of some of its columns; if nothing is left beside the range, whole rows move."""
    sheet, box = step.open_place(body.get("range"))
    closed = sheet.clip(box)
    specs = [_sort_spec(spec) for spec in as_list("sortSpecs", body.get("sortSpecs"))]
    if not specs:
        raise InvalidRequestError("At least one sortSpec is needed.")
    ordered = list(sheet.rows[closed.top : min(closed.bottom, len(sheet.rows))])
    for column, descending in reversed(specs):
        ordered = sorted_by(ordered, column, descending=descending)
    rearrange(sheet, closed, ordered)
    return {}


def _sort_spec(spec: Any) -> tuple[int, bool]:
    told = as_object("sortSpecs", spec)
    coloured = sorted(name for name in told if "olor" in name)
    if coloured:
        raise UnimplementedError(f"This server does not sort by colour (sortSpecs.{coloured[0]}).")
    order = told.get("sortOrder", "ASCENDING")
    if order not in {"ASCENDING", "DESCENDING"}:
        raise InvalidRequestError("sortOrder must be ASCENDING or DESCENDING.")
    return whole_number("dimensionIndex", told.get("dimensionIndex", 0)), order == "DESCENDING"


HANDLERS: dict[str, Handler] = {
    "updateDimensionProperties": update_dimension_properties,
    "insertDimension": insert_dimension,
    "deleteDimension": delete_dimension,
    "appendDimension": append_dimension,
    "moveDimension": move_dimension,
    "sortRange": sort_range,
}
