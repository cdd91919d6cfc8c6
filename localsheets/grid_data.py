"""
A spreadsheet as `spreadsheets.get` tells it, with its cells if they are asked for.

Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets
"""

from collections.abc import Sequence
from typing import Any

from localsheets.book import Book
from localsheets.box import Box, ClosedBox, box_to_json
from localsheets.cells import Cell, cell_at, extended_from_value, formatted, note_of, value_of
from localsheets.identity import Identity
from localsheets.layers import CellFormats, validation_at
from localsheets.protection import may_pass
from localsheets.sheet import Sheet
from localsheets.values import Place, on_grid, resolve

Json = dict[str, Any]


def book_json(book: Book, who: Identity, *, ranges: Sequence[str] = (), with_cells: bool = False) -> Json:
    """A `Spreadsheet`. With ranges, only their sheets are told."""
    places = [resolve(book, text) for text in ranges]
    answer: Json = {"spreadsheetId": book.book_id, "properties": book.properties, "sheets": []}
    for sheet in book.sheets:
        boxes = [on_grid(place) for place in places if place.sheet.sheet_id == sheet.sheet_id]
        if places and not boxes:
            continue
        told = sheet_json(book, sheet, who)
        if with_cells:
            told["data"] = [_grid_data(book, sheet, box) for box in boxes or [on_grid(Place(sheet, Box()))]]
        answer["sheets"].append(told)
    if book.named_ranges:
        answer["namedRanges"] = [named_range_json(entry) for entry in book.named_ranges]
    answer["spreadsheetUrl"] = f"/register?id={book.book_id}"
    return answer


def sheet_json(book: Book, sheet: Sheet, who: Identity) -> Json:
    """A `Sheet` without its cells; what does not exist is left out."""
    answer: Json = {"properties": sheet.properties}
    if sheet.conditions:
        answer["conditionalFormats"] = [condition_json(sheet, rule) for rule in sheet.conditions]
    if sheet.protections:
        answer["protectedRanges"] = [protection_json(book, sheet, entry, who) for entry in sheet.protections]
    if sheet.filter:
        rest = {name: value for name, value in sheet.filter.items() if name != "box"}
        answer["basicFilter"] = {"range": box_to_json(sheet.filter["box"], sheet.sheet_id), **rest}
    return answer


def condition_json(sheet: Sheet, rule: Json) -> Json:
    """A `ConditionalFormatRule`."""
    rest = {name: value for name, value in rule.items() if name != "boxes"}
    return {"ranges": [box_to_json(box, sheet.sheet_id) for box in rule["boxes"]], **rest}


def protection_json(book: Book, sheet: Sheet, protection: Json, who: Identity) -> Json:
    """A `ProtectedRange` as this caller sees it."""
    hidden = {"box", "unprotectedBoxes"}
    answer: Json = {
        "protectedRangeId": protection["protectedRangeId"],
        "range": box_to_json(protection["box"], sheet.sheet_id),
    }
    if may_pass(book, protection, who):
        answer["requestingUserCanEdit"] = True
    if protection.get("unprotectedBoxes"):
        answer["unprotectedRanges"] = [box_to_json(Box(*c), sheet.sheet_id) for c in protection["unprotectedBoxes"]]
    return answer | {name: value for name, value in protection.items() if name not in hidden}


def named_range_json(entry: Json) -> Json:
    """A `NamedRange`."""
    return {
        "namedRangeId": entry["namedRangeId"],
        "name": entry["name"],
        "range": box_to_json(entry["box"], entry["sheetId"]),
    }


def _grid_data(book: Book, sheet: Sheet, box: ClosedBox) -> Json:
    formats = CellFormats(sheet)
    data: Json = {}
    if box.top:
        data["startRow"] = box.top
    if box.left:
        data["startColumn"] = box.left
    rows = [_row_data(book, sheet, formats, row, box) for row in range(box.top, box.bottom)]
    while rows and not rows[-1]:
        rows.pop()
    if rows:
        data["rowData"] = rows
    data["rowMetadata"] = [sheet.lines.get(row, {"pixelSize": 21}) for row in range(box.top, box.bottom)]
    data["columnMetadata"] = [sheet.columns.get(c, {"pixelSize": 100}) for c in range(box.left, box.right)]
    return data


def _row_data(book: Book, sheet: Sheet, formats: CellFormats, row: int, box: ClosedBox) -> Json:
    cells = sheet.cells(row)
    values = [
        _cell_json(book, sheet, formats, row, column, cell_at(cells, column)) for column in range(box.left, box.right)
    ]
    while values and not values[-1]:
        values.pop()
    return {"values": values} if values else {}


def _cell_json(book: Book, sheet: Sheet, formats: CellFormats, row: int, column: int, cell: Cell) -> Json:
    """A `CellData`; empty if there is nothing to tell."""
    answer: Json = {}
    value = value_of(cell)
    cell_format = formats.at(row, column, cell)
    if value is not None:
        extended = extended_from_value(value)
        answer = {
            "userEnteredValue": extended,
            "effectiveValue": extended,
            "formattedValue": formatted(value, cell_format.get("numberFormat"), book.locale),
        }
    if cell_format:
        answer["userEnteredFormat"] = cell_format
        answer["effectiveFormat"] = cell_format
    if note_of(cell):
        answer["note"] = note_of(cell)
    rule = validation_at(sheet, row, column)
    if rule is not None:
        answer["dataValidation"] = rule
    return answer
