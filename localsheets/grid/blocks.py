"""
Many cells in one step: pasting, clearing, filling. All or nothing; a refusal names the cells and their reasons.

What is put into each cell is a typed text, or a copy of another cell with its formula and format.
"""

from typing import Any

from flask import Blueprint, Response

from localsheets.api.http_edge import answer, json_body, shelf
from localsheets.errors import InvalidRequestError
from localsheets.grid.copying import taken_from
from localsheets.grid.data import MOST_ROWS, id_runs, rows_json
from localsheets.grid.entering import check_writer, found_rows, told_columns
from localsheets.grid.guard import require_login, staff, strict_headers
from localsheets.grid.placing import Entry, put, tiled
from localsheets.grid.sessions import words
from localsheets.model.book import Book
from localsheets.model.cells import checked_scalar
from localsheets.model.sheet import Sheet
from localsheets.operations.dimensions import append_lines
from localsheets.requests.batch import check_size
from localsheets.requests.step import as_list, as_object

Json = dict[str, Any]
blueprint = Blueprint("grid_blocks", __name__, url_prefix="/register/data/<book_id>")
blueprint.before_request(require_login)
blueprint.after_request(strict_headers)


@blueprint.post("/<int:sheet_id>/block")
def block(book_id: str, sheet_id: int) -> Response:
    """
    Write `rows` × `columns`: `{"rows": [[row, rowId, count], …], "columns": […], …}`; see `found_rows`.

    With `texts`, rows of typed texts (null leaves a cell alone); with `source`, a copy of other cells:
    `{"sheet", "rows", "columns", "cut", "part": "all" | "values" | "formats"}`. What is smaller than the place is
    repeated over it. The sheet grows if the place reaches beyond it. `ids` in the answer are the rows' lasting ids, in
    runs: rows that nobody had written in before have theirs now.
    """
    body = json_body()
    check_writer(book_id)
    with shelf().writing(book_id, staff(), "grid block", origin="grid") as draft:
        sheet = draft.sheet(sheet_id)
        rows, columns = place_of_block(draft, sheet, body)
        if "source" in body:
            taken = taken_from(draft, as_object("source", body["source"]))
            landing = taken.landing(sheet, rows, columns)
            put(draft, taken.sheet, taken.emptied(sheet, rows, columns))
            put(draft, sheet, landing)
            taken.followed(draft, sheet, rows, columns)
        else:
            put(draft, sheet, tiled(rows, columns, _texts(body)))
        revision, ids = draft.revision, id_runs(sheet, sorted(set(rows)))
    return answer({"ids": ids, **changed_json(book_id, sheet_id, revision, rows)})


def changed_json(book_id: str, sheet_id: int, revision: int, rows: list[int]) -> Json:
    """The rows that a block changed, or, where they are too many or the sheet has another shape, `reload`."""
    book = shelf().read(book_id, staff())
    sheet = book.sheet(sheet_id)
    told: Json = {"revision": revision, "structure": sheet.structure}
    if len(rows) > MOST_ROWS or sheet.structure >= revision:
        return told | {"reload": True, "rows": [], "looks": []}
    return told | rows_json(book, sheet, sorted(set(rows)))


def place_of_block(book: Book, sheet: Sheet, body: Json) -> tuple[list[int], list[int]]:
    """
    The rows and columns to write; rows and columns that the sheet lacks are added.

    Raises: InvalidRequestError if they are too many, or too far beyond the sheet; ConflictError if a row was deleted.
    """
    told = as_list("rows", body.get("rows"))
    if told and body.get("texts") == [[""]]:  # where nobody wrote there is nothing to clear
        told = [run for run in told if not isinstance(run, list) or len(run) < 2 or run[1] is not None]
        if not told:
            return [], []
    rows = found_rows(sheet, told)
    columns = told_columns(body, len(rows))
    if max(rows) >= sheet.row_count + len(rows) or max(columns) >= sheet.column_count + len(columns):
        raise InvalidRequestError(words()["beyond_sheet"])
    if max(rows) >= sheet.row_count:
        append_lines(sheet, "ROWS", max(rows) + 1 - sheet.row_count)
    if max(columns) >= sheet.column_count:
        append_lines(sheet, "COLUMNS", max(columns) + 1 - sheet.column_count)
    check_size(book)
    return rows, columns


def _texts(body: Json) -> list[list[Entry]]:
    texts = as_list("texts", body.get("texts"))
    if not texts or not all(isinstance(row, list) and row for row in texts):
        raise InvalidRequestError("texts must be rows of texts.")
    for row in texts:
        for text in row:
            if text is not None and not isinstance(text, str):
                raise InvalidRequestError("Each of the texts must be a text, as typed.")
            checked_scalar(text)
    return texts
