"""What the grid writes: cells, and rows that come and go. A row is named by its lasting id, never by its place."""

from typing import Any

from flask import Blueprint, Response

from localsheets.book import ROLES_THAT_WRITE, Book
from localsheets.box import Box
from localsheets.cells import checked_scalar, formatted, value_of
from localsheets.choices import choices_of
from localsheets.coercion import parse_entered
from localsheets.conditions import fulfils
from localsheets.dimensions import delete_lines, insert_lines
from localsheets.errors import ConflictError, InvalidRequestError, PermissionDeniedError, UnimplementedError
from localsheets.grid.data import place_of, rows_json
from localsheets.grid.guard import require_login, staff, strict_headers
from localsheets.grid.sessions import words
from localsheets.http_edge import answer, json_body, shelf
from localsheets.layers import NumberFormats, validation_at
from localsheets.protection import check_may_change, check_may_insert
from localsheets.requests.step import as_list, as_object, whole_number
from localsheets.sheet import Sheet
from localsheets.values import write_rows

Json = dict[str, Any]
MOST_EDITS = 5000
blueprint = Blueprint("grid_edits", __name__, url_prefix="/register/data/<book_id>")
blueprint.before_request(require_login)
blueprint.after_request(strict_headers)


@blueprint.post("/<int:sheet_id>/edit")
def edit(book_id: str, sheet_id: int) -> Response:
    """
    Write cells as if typed: `{"edits": [{"rowId", "row", "column", "value"}]}`, all or nothing.

    `rowId` is null for a row that nobody has written in yet; `row` then says which.
    """
    edits = as_list("edits", json_body().get("edits"))
    if not edits or len(edits) > MOST_EDITS:
        raise InvalidRequestError(f"1 to {MOST_EDITS} edits are needed.")
    _check_writer(book_id)
    with shelf().writing(book_id, staff(), "grid edit") as draft:
        sheet = draft.sheet(sheet_id)
        places = [_write(draft, sheet, as_object("edits", told)) for told in edits]
        changed = sorted(set(places))
        told = {"revision": draft.revision, **rows_json(draft, sheet, changed)}
    return answer(told)


def _check_writer(book_id: str) -> None:
    if shelf().role(shelf().read(book_id, staff()), staff()) not in ROLES_THAT_WRITE:
        raise PermissionDeniedError(words()["read_only"])


def _write(book: Book, sheet: Sheet, told: Json) -> int:
    column = whole_number("column", told.get("column"))
    value = told.get("value", "")
    if not isinstance(value, str):
        raise InvalidRequestError("value must be a text, as typed.")
    checked_scalar(value)
    row = _place(sheet, told, column, value)
    spot = Box(row, row + 1, column, column + 1)
    try:
        check_may_change(book, sheet, spot, staff())
    except PermissionDeniedError as error:
        raise PermissionDeniedError(words()["protected"]) from error
    try:
        _check_valid(book, sheet, row, column, value)
        write_rows(book, sheet, row, column, [[value]], entered=True, who=staff())
    except UnimplementedError as error:
        raise UnimplementedError(words()["no_formulas"]) from error
    return row


def _place(sheet: Sheet, told: Json, column: int, value: str) -> int:
    row_id = told.get("rowId")
    if row_id is not None:
        place = place_of(sheet, whole_number("rowId", row_id))
        if place is None:
            raise ConflictError(words()["row_gone"].format(value=value))
        return place
    row = whole_number("row", told.get("row"))
    if row < len(sheet.rows):
        held = sheet.cell(row, column)
        empty = all(value_of(cell) is None for cell in sheet.cells(row))
        if not empty and str(value_of(held)) != value:
            raise ConflictError(words()["row_taken"].format(value=value))
    return row


def _check_valid(book: Book, sheet: Sheet, row: int, column: int, value: str) -> None:
    """Strict validation binds people in the grid; API clients may write anything, as at Google."""
    rule = validation_at(sheet, row, column)
    if rule is None or not rule.get("strict") or value == "":
        return
    formats = NumberFormats(sheet)
    cell = sheet.cell(row, column)
    plain = formats.is_text(row, column, cell)
    entered = parse_entered(value, locale=book.locale, plain_text=plain)
    text = value if isinstance(entered.value, str) else formatted(entered.value, entered.number_format, book.locale)
    listed = choices_of(book, rule)
    if listed is not None:
        if value not in listed and text not in listed:
            raise InvalidRequestError(words()["not_in_list"].format(value=value, choices=", ".join(listed)))
    elif fulfils(entered.value, text, rule["condition"], book.locale) is False:
        raise InvalidRequestError(words()["not_valid"].format(value=value))


@blueprint.post("/<int:sheet_id>/rows/insert")
def insert_row(book_id: str, sheet_id: int) -> Response:
    """An empty row above the one named by `rowId` or, where nobody wrote yet, by `row`."""
    body = json_body()
    _check_writer(book_id)
    with shelf().writing(book_id, staff(), "grid insert row") as draft:
        sheet = draft.sheet(sheet_id)
        row = _place_for_insert(sheet, body)
        try:
            check_may_insert(draft, sheet, "ROWS", row, staff())
        except PermissionDeniedError as error:
            raise PermissionDeniedError(words()["protected_first_row"]) from error
        insert_lines(draft, sheet, "ROWS", row, 1, inherit_before=False)
    return answer({"row": row, "revision": draft.revision})


def _place_for_insert(sheet: Sheet, body: Json) -> int:
    if body.get("rowId") is None:
        row = whole_number("row", body.get("row"))
        if row >= sheet.row_count:
            raise InvalidRequestError("row lies beyond the sheet.")
        return row
    return _place(sheet, body, 0, "")


@blueprint.post("/<int:sheet_id>/rows/delete")
def delete_row(book_id: str, sheet_id: int) -> Response:
    """Take the row named by `rowId` out."""
    body = json_body()
    _check_writer(book_id)
    with shelf().writing(book_id, staff(), "grid delete row") as draft:
        sheet = draft.sheet(sheet_id)
        whole_number("rowId", body.get("rowId"))
        row = _place(sheet, body, 0, "")
        try:
            check_may_change(draft, sheet, Box(row, row + 1), staff())
        except PermissionDeniedError as error:
            raise PermissionDeniedError(words()["protected_rows"]) from error
        delete_lines(draft, sheet, "ROWS", row, row + 1)
    return answer({"row": row, "revision": draft.revision})
