"""Requests that put something into cells: appendCells, updateCells, repeatCell, setDataValidation."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from localsheets.api.field_masks import Mask, merged
from localsheets.errors import InvalidRequestError, UnimplementedError
from localsheets.formulas.entering import canonical, is_formula
from localsheets.formulas.following import copied
from localsheets.model.box import Box, ClosedBox
from localsheets.model.cell_parts import parts_of, put_together
from localsheets.model.cells import Cell, cell_at, checked_scalar, trimmed, value_from_extended
from localsheets.model.layers import CellFormats, add_format, add_validation, add_validations, laid_over, own_over
from localsheets.model.sheet import Sheet, each_cell
from localsheets.requests.conditions import checked_rule
from localsheets.requests.step import Handler, Json, Step, as_list, as_object, needed_mask, whole_number

_IGNORED = frozenset({"effectiveValue", "effectiveFormat", "formattedValue", "hyperlink"})
_FIELDS = frozenset({"userEnteredValue", "userEnteredFormat", "note", "textFormatRuns", "dataValidation"})
_NOT_KEPT = frozenset({"pivotTable", "dataSourceTable", "dataSourceFormula", "chipRuns"})


def cell_mask(body: Json) -> Mask:
    """
    The fields of `CellData` a request sets.

    Raises: InvalidRequestError for one that nobody knows.
    """
    mask = needed_mask(body)
    if "*" in mask:
        return {name: {} for name in (*_FIELDS, *_NOT_KEPT)}
    unknown = sorted(set(mask) - _FIELDS - _IGNORED - _NOT_KEPT)
    if unknown:
        raise InvalidRequestError(f"Invalid field: {unknown[0]}")
    return mask


def append_cells(step: Step, body: Json) -> Json:
    """Rows below the last row with values; the sheet grows if it must."""
    if "tableId" in body:
        raise UnimplementedError("This server does not support tables.")
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
        _check_fits("row", closed.top + len(rows), closed.bottom)
        _check_fits("column", closed.left + width, closed.right)
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


def _check_fits(word: str, end: int, limit: int) -> None:
    if end > limit:
        raise InvalidRequestError(
            f"Attempting to write {word}: {limit}, beyond the last requested {word} of: {limit - 1}"
        )


def _values(row: Any) -> list[Any]:
    return as_list("values", as_object("rows", row).get("values"))


def _padded(row: Any, width: int) -> Json:
    values = _values(row)
    return {"values": [*values, *[{}] * (width - len(values))]}


def _write_rows(step: Step, sheet: Sheet, box: Box, rows: list[Any], mask: Mask) -> None:
    told_rules: list[list[Json | None]] = []
    formats = CellFormats(sheet)
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
            below = formats.below(number, column)
            cells[column] = merged_cell(cells[column], told, mask, step.book.locale, below)
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


def merged_cell(cell: Cell, told: Json, mask: Mask, locale: str, below: Json) -> Cell:
    """
    The cell with the masked fields of a `CellData` taken over.

    Args:
        below: The format that the layers give it, over which its own one is kept.
    """
    parts = parts_of(cell)
    _check_kept(told, mask)
    if "userEnteredValue" in mask:
        parts = {name: part for name, part in parts.items() if name in {"f", "n"}}
        parts |= entered_parts(told.get("userEnteredValue"), locale)
    if "userEnteredFormat" in mask:
        told_format = as_object("userEnteredFormat", told.get("userEnteredFormat"))
        present = laid_over(below, parts.get("f") or {})
        parts["f"] = own_over(below, merged(present, told_format, mask["userEnteredFormat"]))
    if "textFormatRuns" in mask:
        parts["r"] = _runs_of(told.get("textFormatRuns"), parts)
    if "note" in mask:
        parts["n"] = told.get("note") or ""
        if not isinstance(parts["n"], str):
            raise InvalidRequestError("note must be a text.")
    return put_together(parts)


def _check_kept(told: Json, mask: Mask) -> None:
    for name in sorted(_NOT_KEPT & mask.keys() & told.keys()):
        raise UnimplementedError(f"This server does not keep the cell field {name!r}.")


def entered_parts(extended: Any, locale: str) -> Json:
    """The value or the formula in an `ExtendedValue`, as parts of a cell."""
    if isinstance(extended, dict) and list(extended) == ["formulaValue"]:
        formula = extended["formulaValue"]
        if not isinstance(formula, str):
            raise InvalidRequestError("Invalid value at userEnteredValue.formulaValue.")
        checked_scalar(formula)
        return {"x": canonical(formula, locale)} if is_formula(formula) else {"v": formula}
    return {"v": value_from_extended(extended)}


def _runs_of(told: Any, parts: Json) -> list[Json] | None:
    runs = [as_object("textFormatRuns", run) for run in as_list("textFormatRuns", told)]
    starts = [whole_number("startIndex", run.get("startIndex", 0)) for run in runs]
    if not runs:
        return None
    if "x" in parts or not isinstance(parts.get("v"), str):
        raise InvalidRequestError("Text format runs can only be set on text.")
    if starts != sorted(set(starts)) or starts[-1] >= len(parts["v"]):
        raise InvalidRequestError("textFormatRuns must be in order, and begin within the text.")
    return runs


def repeat_cell(step: Step, body: Json) -> Json:
    """The same into every cell of a range; formats and validation are kept as one rule for the whole range."""
    sheet, box = step.open_place(body.get("range"))
    told, mask = as_object("cell", body.get("cell")), cell_mask(body)
    _check_kept(told, mask)
    if "userEnteredFormat" in mask:
        told_format = as_object("userEnteredFormat", told.get("userEnteredFormat"))
        add_format(sheet, box, told_format, mask["userEnteredFormat"])
    if "dataValidation" in mask:
        add_validation(sheet, box, checked_rule(told.get("dataValidation")))
    single = {name: below for name, below in mask.items() if name in {"userEnteredValue", "note"}}
    if single:
        _repeat(sheet, sheet.clip(box), told, single, step.book.locale)
    return {}


def _repeat(sheet: Sheet, box: ClosedBox, told: Json, mask: Mask, locale: str) -> None:
    """A formula is written for the first cell; in the others it reads as if copied there."""
    clearing = not told.get("userEnteredValue") and not told.get("note")
    bottom = min(box.bottom, len(sheet.rows)) if clearing else box.bottom
    formats = CellFormats(sheet)
    for number in range(box.top, bottom):
        cells = list(sheet.cells(number))
        cells.extend([None] * (box.right - len(cells)))
        for _, column in each_cell(ClosedBox(number, number + 1, box.left, box.right)):
            cell = merged_cell(cell_at(cells, column), told, mask, locale, formats.below(number, column))
            cells[column] = copied(cell, number - box.top, column - box.left) if "userEnteredValue" in mask else cell
        sheet.set_cells(number, trimmed(cells))


def set_data_validation(step: Step, body: Json) -> Json:
    """A rule for every cell of a range; no rule clears."""
    sheet, box = step.open_place(body.get("range"))
    add_validation(sheet, box, checked_rule(body.get("rule")))
    return {}


HANDLERS: dict[str, Handler] = {
    "appendCells": append_cells,
    "updateCells": update_cells,
    "repeatCell": repeat_cell,
    "setDataValidation": set_data_validation,
}
