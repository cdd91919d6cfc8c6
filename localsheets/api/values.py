"""
`spreadsheets.values` over HTTP.

Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets.values
"""

import json
from dataclasses import dataclass
from typing import Any

from flask import Response, request

from localsheets.api.http_edge import answer, caller, flag, json_body, long_answer, shelf
from localsheets.api.value_texts import whole_rows_text
from localsheets.errors import InvalidRequestError, LocalSheetsError
from localsheets.model.a1 import format_range
from localsheets.model.book import Book
from localsheets.operations.dimensions import insert_lines
from localsheets.operations.tables import table_in
from localsheets.operations.values import (
    Rendering,
    Rows,
    Written,
    check_choice,
    checked_rows,
    clear_range,
    on_grid,
    read_box,
    read_range,
    resolve,
    write_range,
    write_rows,
)
from localsheets.requests.step import as_list, as_object

Json = dict[str, Any]


def _rendering(prefix: str = "") -> Rendering:
    """What the query asks for; writes name it `responseValueRenderOption`."""
    defaults = Rendering()

    def told(name: str, default: str) -> str:
        full = name if not prefix else prefix + name[0].upper() + name[1:]
        return request.args.get(full, default)

    return Rendering(
        told("valueRenderOption", defaults.value),
        told("dateTimeRenderOption", defaults.moment),
        request.args.get("majorDimension", defaults.major),
    )


@dataclass(frozen=True)
class Writing:
    """How values are to be taken, and whether and how to be told back; the names are Google's."""

    entered: bool
    told_back: Rendering | None

    def told(self, draft: Book, written: Written) -> Json:
        """An `UpdateValuesResponse`, once all is stored: what it tells back is calculated."""
        answer = written.as_json(draft)
        if self.told_back is not None:
            book = shelf().read(draft.book_id, caller())
            answer["updatedData"] = read_box(book, book.sheet(written.sheet.sheet_id), written.box, self.told_back)
        return answer


def _writing(option: Any, told_back: Rendering | None) -> Writing:
    if option in (None, "", "INPUT_VALUE_OPTION_UNSPECIFIED"):
        raise InvalidRequestError("'valueInputOption' is required but not specified")
    check_choice("valueInputOption", str(option), {"RAW", "USER_ENTERED"})
    return Writing(option == "USER_ENTERED", told_back)


def _writing_by_query() -> Writing:
    told_back = _rendering("response") if flag("includeValuesInResponse") else None
    return _writing(request.args.get("valueInputOption"), told_back)


def writing_by_body(body: Json) -> Writing:
    """As the batch forms ask for it."""
    defaults = Rendering()
    told_back = None
    if body.get("includeValuesInResponse") is True:
        value = str(body.get("responseValueRenderOption", defaults.value))
        told_back = Rendering(value, str(body.get("responseDateTimeRenderOption", defaults.moment)))
    return _writing(body.get("valueInputOption"), told_back)


def read_one(book_id: str, text: str) -> Json:
    """values.get"""
    return read_range(shelf().read(book_id, caller()), text, _rendering())


def read_batch(book_id: str) -> Json:
    """values.batchGet"""
    book, rendering = shelf().read(book_id, caller()), _rendering()
    found = [read_range(book, text, rendering) for text in request.args.getlist("ranges")]
    return {"spreadsheetId": book_id, "valueRanges": found}


def told_batch(book_id: str) -> Response:
    """values.batchGet as an answer; a long one of whole rows is put together from what is kept of each row."""
    wanted = _rendering() == Rendering("UNFORMATTED_VALUE") and not request.args.get("fields")
    text = _whole_rows(shelf().read(book_id, caller()), request.args.getlist("ranges")) if wanted else None
    return (text and long_answer(text)) or answer(read_batch(book_id))


def _whole_rows(book: Book, ranges: list[str]) -> str | None:
    told: list[str] = []
    for place in (resolve(book, text) for text in ranges):
        if (text := whole_rows_text(place.sheet, on_grid(place))) is None:
            return None
        told.append(text)
    return f'{{"spreadsheetId":{json.dumps(book.book_id)},"valueRanges":[{",".join(told)}]}}'


def change_range(book_id: str, text: str) -> Json:
    """values.update"""
    body = json_body()
    writing = _writing_by_query()
    _check_same_range(book_id, text, body)
    rows = checked_rows(body.get("values", []), body.get("majorDimension", "ROWS"))
    with shelf().writing(book_id, caller(), "values.update") as draft:
        written = write_range(draft, text, rows, entered=writing.entered, who=caller())
    return writing.told(draft, written)


def _check_same_range(book_id: str, text: str, body: Json) -> None:
    told = body.get("range")
    if told is None or told == text:
        return
    book = shelf().read(book_id, caller())
    if not isinstance(told, str) or resolve(book, told) != resolve(book, text):
        raise InvalidRequestError(f"Requested range [{text}] differs from the range in the body [{told}].")


def act_on_range(book_id: str, text: str, verb: str) -> Json:
    """values.append and values.clear"""
    if verb == "clear":
        with shelf().writing(book_id, caller(), "values.clear") as draft:
            return {"spreadsheetId": book_id, "clearedRange": clear_range(draft, text, caller())}
    body = json_body()
    writing = _writing_by_query()
    insert = request.args.get("insertDataOption", "OVERWRITE")
    check_choice("insertDataOption", insert, {"OVERWRITE", "INSERT_ROWS"})
    rows = checked_rows(body.get("values", []), body.get("majorDimension", "ROWS"))
    with shelf().writing(book_id, caller(), "values.append") as draft:
        told, written = _append(draft, text, rows, entered=writing.entered, insert=insert == "INSERT_ROWS")
    return {**told, "updates": writing.told(draft, written)}


def _append(draft: Book, text: str, rows: Rows, *, entered: bool, insert: bool) -> tuple[Json, Written]:
    place = resolve(draft, text)
    box, sheet = on_grid(place), place.sheet
    table = table_in(sheet, box)
    top, left = (box.top, box.left) if table is None else (table.bottom, table.left)
    told: Json = {"spreadsheetId": draft.book_id}
    if table is not None:
        told["tableRange"] = format_range(sheet.title, table)
    if insert and table is not None and top < sheet.row_count:
        insert_lines(draft, sheet, "ROWS", top, len(rows), inherit_before=True)
    width = max((len(row) for row in rows), default=0)
    grow_rows, grow_columns = max(sheet.row_count, top + len(rows)), max(sheet.column_count, left + width)
    if (grow_rows, grow_columns) != (sheet.row_count, sheet.column_count):
        sheet.set_grid(rows=grow_rows, columns=grow_columns)
    return told, write_rows(draft, sheet, top, left, rows, entered=entered, who=caller())


def act_on_batch(book_id: str, verb: str) -> Json:
    """values.batchUpdate and values.batchClear"""
    body = json_body()
    if verb == "batchClear":
        with shelf().writing(book_id, caller(), "values.batchClear") as draft:
            ranges = [_text(text) for text in as_list("ranges", body.get("ranges"))]
            cleared = [clear_range(draft, text, caller()) for text in ranges]
        return {"spreadsheetId": book_id, "clearedRanges": cleared}
    writing = writing_by_body(body)
    with shelf().writing(book_id, caller(), "values.batchUpdate") as draft:
        written = [
            _write_data(draft, index, data, writing) for index, data in enumerate(as_list("data", body.get("data")))
        ]
    return totals_json(draft, written, writing)


def _write_data(draft: Book, index: int, data: Any, writing: Writing) -> Written:
    try:
        told = as_object("data", data)
        rows = checked_rows(told.get("values", []), told.get("majorDimension", "ROWS"))
        return write_range(draft, _text(told.get("range")), rows, entered=writing.entered, who=caller())
    except LocalSheetsError as error:
        raise type(error)(f"Invalid data[{index}]: {error.message}") from error


def totals_json(draft: Book, written: list[Written], writing: Writing) -> Json:
    """A `BatchUpdateValuesResponse`."""
    totals = {
        "totalUpdatedRows": sum(w.rows for w in written),
        "totalUpdatedColumns": sum(w.columns for w in written),
        "totalUpdatedCells": sum(w.cells for w in written),
        "totalUpdatedSheets": len({w.sheet.sheet_id for w in written if w.cells}),
    }
    told: Json = {"spreadsheetId": draft.book_id}
    told |= {name: count for name, count in totals.items() if count}
    if written:
        told["responses"] = [writing.told(draft, w) for w in written]
    return told


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidRequestError("A range must be a text in A1 notation.")
    return value
