"""Rows and columns that people insert, delete and move. Rows are named by their ids, columns by their place."""

from itertools import groupby
from typing import Any

from flask import Blueprint, Response

from localsheets.api.field_masks import parse_mask
from localsheets.api.http_edge import answer, json_body, shelf
from localsheets.errors import ConflictError, InvalidRequestError, PermissionDeniedError
from localsheets.grid.entering import check_writer, found_row, found_rows
from localsheets.grid.guard import require_login, staff, strict_headers
from localsheets.grid.sessions import words
from localsheets.model.book import Book
from localsheets.model.box import Axis, Box
from localsheets.model.layers import add_format, add_validation
from localsheets.model.protection import check_may_insert
from localsheets.model.sheet import Sheet
from localsheets.operations.dimensions import length
from localsheets.requests.batch import apply_requests
from localsheets.requests.step import as_list, as_object, whole_number

Json = dict[str, Any]
MOST_LINES = 1000
"""Lines inserted, deleted or moved at once."""
blueprint = Blueprint("grid_lines", __name__, url_prefix="/register/data/<book_id>")
blueprint.before_request(require_login)
blueprint.after_request(strict_headers)


@blueprint.post("/<int:sheet_id>/rows/insert")
def insert_rows(book_id: str, sheet_id: int) -> Response:
    """`count` empty rows above (or, with `after`, below) the one named by `rowId` or, where nobody wrote yet, `row`."""
    return _insert(book_id, sheet_id, "ROWS")


@blueprint.post("/<int:sheet_id>/columns/insert")
def insert_columns(book_id: str, sheet_id: int) -> Response:
    """`count` empty columns before (or, with `after`, behind) `column`."""
    return _insert(book_id, sheet_id, "COLUMNS")


def _insert(book_id: str, sheet_id: int, axis: Axis) -> Response:
    body = json_body()
    count, after = whole_number("count", body.get("count", 1), least=1), bool(body.get("after"))
    if count > MOST_LINES:
        raise InvalidRequestError(words()["too_many_lines"].format(most=MOST_LINES))
    check_writer(book_id)
    with shelf().writing(book_id, staff(), f"grid insert {axis.lower()}", origin="grid") as draft:
        sheet = draft.sheet(sheet_id)
        _check_shape(sheet, body)
        line = found_row(sheet, body) if axis == "ROWS" else whole_number("column", body.get("column"))
        if line >= length(sheet, axis):
            raise InvalidRequestError("This line lies beyond the sheet.")
        start = line + after
        try:
            check_may_insert(draft, sheet, axis, start, staff())
        except PermissionDeniedError as error:
            raise PermissionDeniedError(words()["protected_first_row"]) from error
        # A new column is a plain one: rules and formats (such as "plain text") beside it are not meant for it.
        more = {"inheritFromBefore": after and (axis == "ROWS" or start == length(sheet, axis))}
        _apply(draft, "insertDimension", sheet, axis, start, start + count, more, "protected_part")
        if axis == "COLUMNS":
            _as_plain(sheet, Box(0, None, start, start + count))
    return answer({"row": start, "revision": draft.revision})


def _as_plain(sheet: Sheet, box: Box) -> None:
    """Without rules, and without the number format that was laid over the columns around it."""
    add_validation(sheet, box, None)
    if any(layer["box"].meets(box) and "numberFormat" in (layer["mask"] or {}) for layer in sheet.formats):
        add_format(sheet, box, {}, parse_mask("numberFormat"))


@blueprint.post("/<int:sheet_id>/rows/delete")
def delete_rows(book_id: str, sheet_id: int) -> Response:
    """Take out the row named by `rowId`, or all of `rows` (each `[row, rowId]`)."""
    body = json_body()
    check_writer(book_id)
    with shelf().writing(book_id, staff(), "grid delete rows", origin="grid") as draft:
        sheet = draft.sheet(sheet_id)
        if "rows" not in body:
            whole_number("rowId", body.get("rowId"))
        runs = _runs(_rows(sheet, body))
        for start, end in reversed(runs):
            _apply(draft, "deleteDimension", sheet, "ROWS", start, end, {}, "protected_rows")
    return answer({"row": runs[0][0], "revision": draft.revision})


@blueprint.post("/<int:sheet_id>/columns/delete")
def delete_columns(book_id: str, sheet_id: int) -> Response:
    """Take `columns` out, if the sheet still has the shape that the page has `seen`."""
    body = json_body()
    check_writer(book_id)
    with shelf().writing(book_id, staff(), "grid delete columns", origin="grid") as draft:
        sheet = draft.sheet(sheet_id)
        _check_shape(sheet, body)
        for start, end in reversed(_runs(_columns(body))):
            _apply(draft, "deleteDimension", sheet, "COLUMNS", start, end, {}, "protected_columns")
    return answer({"revision": draft.revision})


@blueprint.post("/<int:sheet_id>/rows/move")
def move_rows(book_id: str, sheet_id: int) -> Response:
    """Carry neighbouring `rows` (each `[row, rowId]`) to before the row `to` (`rowId`, `row`)."""
    body = json_body()
    check_writer(book_id)
    with shelf().writing(book_id, staff(), "grid move rows", origin="grid") as draft:
        sheet = draft.sheet(sheet_id)
        start, end = _one_run(_rows(sheet, body))
        target = found_row(sheet, as_object("to", body.get("to")))
        more = {"destinationIndex": target}
        _apply(draft, "moveDimension", sheet, "ROWS", start, end, more, "protected_part")
    return answer({"row": target if target <= start else target - (end - start), "revision": draft.revision})


@blueprint.post("/<int:sheet_id>/columns/move")
def move_columns(book_id: str, sheet_id: int) -> Response:
    """Carry neighbouring `columns` to before column `to`."""
    body = json_body()
    check_writer(book_id)
    with shelf().writing(book_id, staff(), "grid move columns", origin="grid") as draft:
        sheet = draft.sheet(sheet_id)
        _check_shape(sheet, body)
        start, end = _one_run(_columns(body))
        target = whole_number("to", body.get("to"))
        more = {"destinationIndex": target}
        _apply(draft, "moveDimension", sheet, "COLUMNS", start, end, more, "protected_part")
    return answer({"column": target if target <= start else target - (end - start), "revision": draft.revision})


def _apply(draft: Book, kind: str, sheet: Sheet, axis: Axis, start: int, end: int, more: Json, protected: str) -> None:
    """One request of the API, so that formulas and rules follow as they do for API clients."""
    lines = {"sheetId": sheet.sheet_id, "dimension": axis, "startIndex": start, "endIndex": end}
    name = "source" if kind == "moveDimension" else "range"
    try:
        apply_requests(draft, [{kind: {name: lines, **more}}], staff())
    except PermissionDeniedError as error:
        raise PermissionDeniedError(words()[protected]) from error


def _rows(sheet: Sheet, body: Json) -> list[int]:
    if "rows" not in body:
        return [found_row(sheet, body)]
    found = found_rows(sheet, body["rows"])
    if len(found) > MOST_LINES:
        raise InvalidRequestError(words()["too_many_lines"].format(most=MOST_LINES))
    return found


def _columns(body: Json) -> list[int]:
    told = as_list("columns", body.get("columns"))
    if not 1 <= len(told) <= MOST_LINES:
        raise InvalidRequestError(words()["too_many_lines"].format(most=MOST_LINES))
    return [whole_number("columns", column) for column in told]


def _check_shape(sheet: Sheet, body: Json) -> None:
    seen = body.get("seen")
    if seen is not None and whole_number("seen", seen) != sheet.structure:
        raise ConflictError(words()["shape_changed"])


def _runs(lines: list[int]) -> list[tuple[int, int]]:
    """Neighbours together, as start and end, in order."""
    ordered = sorted(set(lines))
    runs = [[line for _, line in run] for _, run in groupby(enumerate(ordered), key=lambda pair: pair[1] - pair[0])]
    return [(run[0], run[-1] + 1) for run in runs]


def _one_run(lines: list[int]) -> tuple[int, int]:
    runs = _runs(lines)
    if len(runs) != 1:
        raise InvalidRequestError(words()["not_neighbours"])
    return runs[0]
