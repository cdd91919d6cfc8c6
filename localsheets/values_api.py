"""
`spreadsheets.values` over HTTP.

Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets.values
"""

from typing import Any

from flask import request

from localsheets.a1 import format_range
from localsheets.book import Book
from localsheets.dimensions import insert_lines
from localsheets.errors import InvalidRequestError
from localsheets.http_edge import caller, json_body, shelf
from localsheets.requests.step import as_list, as_object
from localsheets.tables import table_in
from localsheets.values import (
    Rendering,
    Rows,
    Written,
    checked_rows,
    clear_range,
    on_grid,
    read_box,
    read_range,
    resolve,
    write_range,
    write_rows,
)

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


def _entered(option: Any) -> bool:
    if option == "USER_ENTERED":
        return True
    if option == "RAW":
        return False
    raise InvalidRequestError("'valueInputOption' is required but not specified: RAW or USER_ENTERED.")


def read_one(book_id: str, text: str) -> Json:
    """values.get"""
    return read_range(shelf().read(book_id, caller()), text, _rendering())


def read_batch(book_id: str) -> Json:
    """values.batchGet"""
    book, rendering = shelf().read(book_id, caller()), _rendering()
    found = [read_range(book, text, rendering) for text in request.args.getlist("ranges")]
    return {"spreadsheetId": book_id, "valueRanges": found}


def change_range(book_id: str, text: str) -> Json:
    """values.update"""
    body = json_body()
    entered = _entered(request.args.get("valueInputOption"))
    _check_same_range(book_id, text, body)
    rows = checked_rows(body.get("values", []), body.get("majorDimension", "ROWS"))
    with shelf().writing(book_id, caller(), "values.update") as draft:
        written = write_range(draft, text, rows, entered=entered, who=caller())
        told = written.as_json(draft)
        if request.args.get("includeValuesInResponse", "").lower() == "true":
            told["updatedData"] = read_box(draft, written.sheet, written.box, _rendering("response"))
    return told


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
    entered = _entered(request.args.get("valueInputOption"))
    insert = request.args.get("insertDataOption", "OVERWRITE") == "INSERT_ROWS"
    rows = checked_rows(body.get("values", []), body.get("majorDimension", "ROWS"))
    with shelf().writing(book_id, caller(), "values.append") as draft:
        return _append(draft, text, rows, entered=entered, insert=insert)


def _append(draft: Book, text: str, rows: Rows, *, entered: bool, insert: bool) -> Json:
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
    written = write_rows(draft, sheet, top, left, rows, entered=entered, who=caller())
    told["updates"] = written.as_json(draft)
    return told


def act_on_batch(book_id: str, verb: str) -> Json:
    """values.batchUpdate and values.batchClear"""
    body = json_body()
    if verb == "batchClear":
        with shelf().writing(book_id, caller(), "values.batchClear") as draft:
            ranges = [_text(text) for text in as_list("ranges", body.get("ranges"))]
            cleared = [clear_range(draft, text, caller()) for text in ranges]
        return {"spreadsheetId": book_id, "clearedRanges": cleared}
    entered = _entered(body.get("valueInputOption"))
    with shelf().writing(book_id, caller(), "values.batchUpdate") as draft:
        written = [_write_data(draft, data, entered=entered) for data in as_list("data", body.get("data"))]
        return _totals(draft, written)


def _write_data(draft: Book, data: Any, *, entered: bool) -> Written:
    told = as_object("data", data)
    rows = checked_rows(told.get("values", []), told.get("majorDimension", "ROWS"))
    return write_range(draft, _text(told.get("range")), rows, entered=entered, who=caller())


def _totals(draft: Book, written: list[Written]) -> Json:
    totals = {
        "totalUpdatedRows": sum(w.rows for w in written),
        "totalUpdatedColumns": sum(w.columns for w in written),
        "totalUpdatedCells": sum(w.cells for w in written),
        "totalUpdatedSheets": len({w.sheet.sheet_id for w in written if w.cells}),
    }
    told: Json = {"spreadsheetId": draft.book_id}
    told |= {name: count for name, count in totals.items() if count}
    told["responses"] = [w.as_json(draft) for w in written]
    return told


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidRequestError("A range must be a text in A1 notation.")
    return value
