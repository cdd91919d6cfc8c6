"""What people type into single cells. A row is named by its lasting id, never by its place."""

from typing import Any

from flask import Blueprint, Response

from localsheets.api.http_edge import answer, json_body, shelf
from localsheets.errors import ConflictError, InvalidRequestError, PermissionDeniedError
from localsheets.formulas.entering import in_locale
from localsheets.grid.data import rows_json
from localsheets.grid.entering import Gate, check_writer, found_row
from localsheets.grid.guard import require_login, staff, strict_headers
from localsheets.grid.sessions import words
from localsheets.model.book import Book
from localsheets.model.cells import checked_scalar, formatted, formula_of, value_of
from localsheets.model.sheet import Sheet
from localsheets.operations.values import write_rows
from localsheets.requests.step import as_list, as_object, whole_number

Json = dict[str, Any]
MOST_EDITS = 5000
blueprint = Blueprint("grid_edits", __name__, url_prefix="/register/data/<book_id>")
blueprint.before_request(require_login)
blueprint.after_request(strict_headers)


class CellChangedError(ConflictError):
    """
    Somebody else changed a cell between looking and writing.

    Attributes:
        theirs: What the cell shows now.
    """

    def __init__(self, row: int, row_id: int | None, column: int, theirs: str) -> None:
        super().__init__(words()["cell_changed"])
        self.cell = {"row": row, "rowId": row_id, "column": column, "theirs": theirs}


@blueprint.post("/<int:sheet_id>/edit")
def edit(book_id: str, sheet_id: int) -> Response:
    """
    Write cells as if typed: `{"edits": [{"rowId", "row", "column", "value", "was"}]}`, all or nothing.

    `rowId` is null for a row that nobody has written in yet; `row` then says which. `was` is what the person saw in
    the cell, its formula or its shown text; if the cell holds something else by now, nothing is written and the answer
    (409) tells what it holds, under `conflict`. Without `was` the last one wins.
    """
    edits = as_list("edits", json_body().get("edits"))
    if not edits or len(edits) > MOST_EDITS:
        raise InvalidRequestError(f"1 to {MOST_EDITS} edits are needed.")
    check_writer(book_id)
    try:
        with shelf().writing(book_id, staff(), "grid edit", origin="grid") as draft:
            sheet = draft.sheet(sheet_id)
            gate = Gate(draft, sheet)
            places = [_write(draft, sheet, gate, as_object("edits", told)) for told in edits]
            revision, changed = draft.revision, sorted(set(places))
    except CellChangedError as error:
        return answer({**error.as_json(), "conflict": error.cell}, error.http_code)
    book = shelf().read(book_id, staff())
    return answer({"revision": revision, **rows_json(book, book.sheet(sheet_id), changed)})


def _write(book: Book, sheet: Sheet, gate: Gate, told: Json) -> int:
    column = whole_number("column", told.get("column"))
    value = told.get("value", "")
    if not isinstance(value, str):
        raise InvalidRequestError("value must be a text, as typed.")
    checked_scalar(value)
    row = _place(sheet, told, column, value)
    if gate.closed(row, column):
        raise PermissionDeniedError(words()["protected"])
    _check_seen(book, sheet, gate, row, column, told)
    refusal = gate.refuses_text(row, column, value)
    if refusal is not None:
        raise refusal
    write_rows(book, sheet, row, column, [[value]], entered=True, who=staff())
    return row


def _place(sheet: Sheet, told: Json, column: int, value: str) -> int:
    row = found_row(sheet, told, value=value)
    if told.get("rowId") is None and row < len(sheet.rows):
        held = sheet.cell(row, column)
        empty = all(value_of(cell) is None for cell in sheet.cells(row))
        if not empty and str(value_of(held)) != value:
            raise ConflictError(words()["row_taken"].format(value=value))
    return row


def _check_seen(book: Book, sheet: Sheet, gate: Gate, row: int, column: int, told: Json) -> None:
    was = told.get("was")
    if was is None or told.get("rowId") is None:
        return
    cell = sheet.cell(row, column)
    shown = formatted(value_of(cell), gate.formats.shown(row, column, cell), book.locale)
    formula = in_locale(formula_of(cell) or "", book.locale)
    if was not in {shown, formula or shown} and told.get("value", "") not in {shown, formula or shown}:
        row_id = sheet.rows[row].row_id if row < len(sheet.rows) else None
        if not shown and _filled_by_array(book, sheet, row, column):
            return
        raise CellChangedError(row, row_id, column, formula or shown)


def _filled_by_array(book: Book, sheet: Sheet, row: int, column: int) -> bool:
    """Whether an array formula reaches into this empty cell: what people see there is nobody's edit."""
    seen = shelf().glance(book.book_id, staff()).sheet(sheet.sheet_id)
    cell = seen.cell(row, column)
    return isinstance(cell, dict) and "s" in cell
