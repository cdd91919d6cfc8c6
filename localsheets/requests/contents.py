"""Requests that put something into cells: appendCells, updateCells, repeatCell, setDataValidation."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from localsheets.box import Box, ClosedBox
from localsheets.cells import Cell, cell_at, make_cell, note_of, own_format, trimmed, value_from_extended, value_of
from localsheets.errors import InvalidRequestError, UnimplementedError
from localsheets.field_masks import Mask, merged
from localsheets.layers import add_format, add_validation, add_validations
from localsheets.requests.step import Handler, Json, Step, as_list, as_object, needed_mask, whole_number
from localsheets.sheet import Sheet, each_cell

_IGNORED = frozenset({"effectiveValue", "effectiveFormat", "formattedValue"})
_FIELDS = frozenset({"userEnteredValue", "userEnteredFormat", "note", "dataValidation"})
_CONDITIONS = frozenset(
    [
        "NUMBER_GREATER",
        "NUMBER_GREATER_THAN_EQ",
        "NUMBER_LESS",
        "NUMBER_LESS_THAN_EQ",
        "NUMBER_EQ",
        "NUMBER_NOT_EQ",
        "NUMBER_BETWEEN",
        "NUMBER_NOT_BETWEEN",
        "TEXT_CONTAINS",
        "TEXT_NOT_CONTAINS",
        "TEXT_STARTS_WITH",
        "TEXT_ENDS_WITH",
        "TEXT_EQ",
        "TEXT_IS_EMAIL",
        "TEXT_IS_URL",
        "DATE_EQ",
        "DATE_BEFORE",
        "DATE_AFTER",
        "DATE_ON_OR_BEFORE",
        "DATE_ON_OR_AFTER",
        "DATE_BETWEEN",
        "DATE_NOT_BETWEEN",
        "DATE_IS_VALID",
        "ONE_OF_RANGE",
        "ONE_OF_LIST",
        "BLANK",
        "NOT_BLANK",
        "CUSTOM_FORMULA",
        "BOOLEAN",
        "TEXT_NOT_EQ",
    ]
)


def cell_mask(body: Json) -> Mask:
    """
    The fields of `CellData` a request sets.

    Raises: UnimplementedError for one that this server does not keep.
    """
    mask = needed_mask(body)
    if "*" in mask:
        return {name: {} for name in _FIELDS}
    unknown = sorted(set(mask) - _FIELDS - _IGNORED)
    if unknown:
        raise UnimplementedError(f"This server does not keep the cell field {unknown[0]!r}.")
    return mask


def append_cells(step: Step, body: Json) -> Json:
    """Rows below the last row with values; the sheet grows if it must."""
    sheet = step.book.sheet(body.get("sheetId"))
    mask, rows = cell_mask(body), as_list("rows", body.get("rows"))
    top = sheet.used_rows()
    missing = top + len(rows) - sheet.row_count
    if missing > 0:
        sheet.set_grid(rows=sheet.row_count + missing)
    _write_rows(step, sheet, Box(top, top + len(rows)), rows, mask)
    return {}


def update_cells(step: Step, body: Json) -> Json:
    """Rows of cells into a range, or from a start cell on; cells of the range that get nothing are cleared."""
    rows, mask = as_list("rows", body.get("rows")), cell_mask(body)
    if "range" in body:
        sheet, box = step.place(body["range"])
        closed = sheet.clip(box)
        width = max((len(_values(row)) for row in rows), default=0)
        if len(rows) > closed.bottom - closed.top or width > closed.right - closed.left:
            raise InvalidRequestError("Attempting to write more cells than the range holds.")
        blank: list[Json] = [{"values": [{}] * (closed.right - closed.left)}] * (closed.bottom - closed.top)
        rows = [_padded(row, closed.right - closed.left) for row in rows] + blank[len(rows) :]
        _write_rows(step, sheet, closed, rows, mask)
        return {}
    start = as_object("start", body.get("start"))
    sheet = step.book.sheet(start.get("sheetId"))
    top = whole_number("start.rowIndex", start.get("rowIndex", 0))
    left = whole_number("start.columnIndex", start.get("columnIndex", 0))
    _write_rows(step, sheet, Box(top, top + len(rows), left), rows, mask)
    return {}


def _values(row: Any) -> list[Any]:
    return as_list("values", as_object("rows", row).get("values"))


def _padded(row: Any, width: int) -> Json:
    values = _values(row)
    return {"values": [*values, *[{}] * (width - len(values))]}


def _write_rows(step: Step, sheet: Sheet, box: Box, rows: list[Any], mask: Mask) -> None:
    told_rules: list[list[Json | None]] = []
    for number, row in enumerate(rows, box.top):
        values = _values(row)
        right = box.left + len(values)
        if number >= sheet.row_count or right > sheet.column_count:
            raise InvalidRequestError(
                f"Attempting to write beyond the sheet ({sheet.row_count} rows, {sheet.column_count} columns)."
            )
        told_rules.append([])
        if not values:
            continue
        step.check_open(sheet, ClosedBox(number, number + 1, box.left, right))
        cells = list(sheet.cells(number))
        cells.extend([None] * (right - len(cells)))
        for column, data in enumerate(values, box.left):
            told = as_object("values", data)
            cells[column] = merged_cell(cells[column], told, mask)
            told_rules[-1].append(checked_rule(told.get("dataValidation")) if "dataValidation" in mask else None)
        sheet.set_cells(number, trimmed(cells))
    if "dataValidation" in mask:
        _write_rules(sheet, box, told_rules)


def _write_rules(sheet: Sheet, box: Box, told: list[list[Json | None]]) -> None:
    """A rule for each cell, kept as few boxes; rows of one width make up a rectangle and are written at once."""
    top = box.top
    for width, rows in groupby(told, key=len):
        boxes, start = [], top
        for rules, alike in groupby(rows):
            bottom = top + len(list(alike))
            boxes += [(Box(top, bottom, box.left + left, box.left + right), rule) for left, right, rule in _runs(rules)]
            top = bottom
        add_validations(sheet, Box(start, top, box.left, box.left + width), boxes)


def _runs(rules: list[Json | None]) -> Iterator[tuple[int, int, Json | None]]:
    """Neighbours that are the same, as first, end and rule."""
    left = 0
    for rule, run in groupby(rules):
        right = left + len(list(run))
        yield left, right, rule
        left = right


def merged_cell(cell: Cell, told: Json, mask: Mask) -> Cell:
    """The cell with the masked fields of a `CellData` taken over."""
    value, cell_format, note = value_of(cell), own_format(cell), note_of(cell)
    if "userEnteredValue" in mask:
        value = value_from_extended(told.get("userEnteredValue"))
    if "userEnteredFormat" in mask:
        told_format = as_object("userEnteredFormat", told.get("userEnteredFormat"))
        cell_format = merged(cell_format or {}, told_format, mask["userEnteredFormat"])
    if "note" in mask:
        note = told.get("note") or ""
        if not isinstance(note, str):
            raise InvalidRequestError("note must be a text.")
    return make_cell(value, cell_format, note)


def repeat_cell(step: Step, body: Json) -> Json:
    """The same into every cell of a range; formats and validation are kept as one rule for the whole range."""
    sheet, box = step.open_place(body.get("range"))
    told, mask = as_object("cell", body.get("cell")), cell_mask(body)
    if "userEnteredFormat" in mask:
        told_format = as_object("userEnteredFormat", told.get("userEnteredFormat"))
        add_format(sheet, box, told_format, mask["userEnteredFormat"])
    if "dataValidation" in mask:
        add_validation(sheet, box, checked_rule(told.get("dataValidation")))
    single = {name: below for name, below in mask.items() if name in {"userEnteredValue", "note"}}
    if single:
        _repeat(sheet, sheet.clip(box), told, single)
    return {}


def _repeat(sheet: Sheet, box: ClosedBox, told: Json, mask: Mask) -> None:
    clearing = not told.get("userEnteredValue") and not told.get("note")
    bottom = min(box.bottom, len(sheet.rows)) if clearing else box.bottom
    for number in range(box.top, bottom):
        cells = list(sheet.cells(number))
        cells.extend([None] * (box.right - len(cells)))
        for _, column in each_cell(ClosedBox(number, number + 1, box.left, box.right)):
            cells[column] = merged_cell(cell_at(cells, column), told, mask)
        sheet.set_cells(number, trimmed(cells))


def set_data_validation(step: Step, body: Json) -> Json:
    """A rule for every cell of a range; no rule clears."""
    sheet, box = step.open_place(body.get("range"))
    add_validation(sheet, box, checked_rule(body.get("rule")))
    return {}


def checked_rule(rule: Any) -> Json | None:
    """
    A `DataValidationRule` whose condition is one that Google knows; None clears.

    Raises: InvalidRequestError.
    """
    if not rule:
        return None
    condition = as_object("rule.condition", as_object("rule", rule).get("condition"))
    if condition.get("type") not in _CONDITIONS:
        raise InvalidRequestError(f"Invalid value at 'rule.condition.type': {condition.get('type')!r}")
    values = as_list("rule.condition.values", condition.get("values"))
    if not all(isinstance(value, dict) for value in values):
        raise InvalidRequestError("rule.condition.values must be objects.")
    if condition["type"] == "ONE_OF_LIST" and not values:
        raise InvalidRequestError("ONE_OF_LIST needs at least one value.")
    return dict(rule)


HANDLERS: dict[str, Handler] = {
    "appendCells": append_cells,
    "updateCells": update_cells,
    "repeatCell": repeat_cell,
    "setDataValidation": set_data_validation,
}
