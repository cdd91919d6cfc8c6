"""Requests about the spreadsheet itself and its tabs, and about names for ranges."""

import secrets
from typing import Any

from localsheets.a1 import parse_cells
from localsheets.book import DEFAULT_COLUMNS, DEFAULT_ROWS, Book, new_sheet
from localsheets.box import Box
from localsheets.dimensions import delete_lines
from localsheets.errors import InvalidRequestError
from localsheets.field_masks import Mask, merged
from localsheets.grid_data import named_range_json
from localsheets.requests.step import Handler, Json, Step, as_object, needed_mask, whole_number
from localsheets.sheet import Sheet

LARGEST_SHEET_ID = 2**31 - 1
_SHEET_FIELDS = frozenset(
    {"title", "index", "gridProperties", "hidden", "tabColor", "tabColorStyle", "rightToLeft", "*"}
)
_BOOK_FIELDS = frozenset(
    {"title", "locale", "timeZone", "autoRecalc", "defaultFormat", "spreadsheetTheme", "iterativeCalculationSettings"}
)


def update_spreadsheet_properties(step: Step, body: Json) -> Json:
    """Title, locale, time zone and the like."""
    mask, changes = needed_mask(body), as_object("properties", body.get("properties"))
    if "*" in mask:
        mask = {name: {} for name in _BOOK_FIELDS if name in changes}
    _check_fields(mask, _BOOK_FIELDS)
    properties = merged(step.book.properties, changes, mask)
    for name in ("title", "locale", "timeZone"):
        if not isinstance(properties.get(name), str) or not properties[name]:
            raise InvalidRequestError(f"{name} must be a text.")
    step.book.properties = properties
    step.book.touched = True
    return {}


def add_sheet(step: Step, body: Json) -> Json:
    """A new tab; Google chooses the id if the request gives none."""
    wanted = as_object("properties", body.get("properties"))
    if wanted.get("sheetType", "GRID") != "GRID":
        raise InvalidRequestError("Only sheets of the type GRID can be added.")
    sheet_id = wanted.get("sheetId")
    if sheet_id is None:
        sheet_id = _free_sheet_id(step.book)
    elif any(sheet.sheet_id == whole_number("sheetId", sheet_id) for sheet in step.book.sheets):
        raise InvalidRequestError(f"A sheet with the ID {sheet_id} already exists. Please enter another ID.")
    title = wanted.get("title") or _free_title(step.book)
    _check_title(step.book, title, None)
    grid = as_object("gridProperties", wanted.get("gridProperties"))
    sheet = new_sheet(
        sheet_id,
        title,
        rows=whole_number("rowCount", grid.get("rowCount", DEFAULT_ROWS), least=1),
        columns=whole_number("columnCount", grid.get("columnCount", DEFAULT_COLUMNS), least=1),
    ).draft(step.book.revision, step.book.new_row_id)
    rest = {name: value for name, value in wanted.items() if name in _SHEET_FIELDS - {"title", "index", "*"}}
    if rest:
        sheet.properties = _checked(sheet.properties, merged(sheet.properties, rest, _leaves(rest)))
    sheet.set_grid()
    index = wanted.get("index")
    step.book.add_sheet(sheet, None if index is None else whole_number("index", index))
    return {"addSheet": {"properties": sheet.properties}}


def _leaves(tree: Json) -> Mask:
    return {name: _leaves(value) if isinstance(value, dict) else {} for name, value in tree.items()}


def _free_sheet_id(book: Book) -> int:
    taken = {sheet.sheet_id for sheet in book.sheets}
    while (sheet_id := secrets.randbelow(LARGEST_SHEET_ID)) in taken:
        pass
    return sheet_id


def _free_title(book: Book) -> str:
    number = len(book.sheets) + 1
    while book.sheet_titled(f"Sheet{number}") is not None:
        number += 1
    return f"Sheet{number}"


def _check_title(book: Book, title: object, own: Sheet | None) -> None:
    if not isinstance(title, str) or not title.strip() or len(title) > 100:
        raise InvalidRequestError("A sheet's title must be a text of 1 to 100 characters.")
    other = book.sheet_titled(title)
    if other is not None and other is not own:
        raise InvalidRequestError(f'A sheet with the name "{title}" already exists. Please enter another name.')


def delete_sheet(step: Step, body: Json) -> Json:
    """Take a tab away with everything on it; the last one stays."""
    sheet = step.book.sheet(body.get("sheetId"))
    step.check_open(sheet, Box())
    if len(step.book.sheets) == 1:
        raise InvalidRequestError("You can't remove all the sheets in a document.")
    step.book.sheets = [other for other in step.book.sheets if other is not sheet]
    step.book.named_ranges = [e for e in step.book.named_ranges if e["sheetId"] != sheet.sheet_id]
    step.book.renumber()
    return {}


def update_sheet_properties(step: Step, body: Json) -> Json:
    """Title, place, size, frozen rows and the like."""
    changes, mask = as_object("properties", body.get("properties")), needed_mask(body)
    sheet = step.book.sheet(changes.get("sheetId"))
    if "*" in mask:
        mask = _leaves({name: value for name, value in changes.items() if name not in {"sheetId", "sheetType"}})
    _check_fields(mask, _SHEET_FIELDS)
    new = _checked(sheet.properties, merged(sheet.properties, changes, mask))
    if new["title"] != sheet.title:
        _check_title(step.book, new["title"], sheet)
    _check_size(step, sheet, new["gridProperties"])
    index = new.get("index", 0)
    sheet.properties = {**new, "index": sheet.properties["index"]}
    sheet.reshaped = True
    if index != sheet.properties["index"]:
        _move_tab(step.book, sheet, whole_number("index", index))
    return {}


def _checked(old: Json, new: Json) -> Json:
    grid = as_object("gridProperties", new.get("gridProperties"))
    for name in ("rowCount", "columnCount"):
        grid[name] = whole_number(name, grid.get(name, old["gridProperties"][name]), least=1)
    for name, size in (("frozenRowCount", "rowCount"), ("frozenColumnCount", "columnCount")):
        frozen = whole_number(name, grid.get(name, 0))
        if frozen >= grid[size] and frozen:
            raise InvalidRequestError(f"You can't freeze all visible {size.removesuffix('Count')}s on the sheet.")
        if not frozen:
            grid.pop(name, None)
    kept = {name: value for name, value in new.items() if value is not False}
    return {**kept, "gridProperties": {n: v for n, v in grid.items() if v is not False}, "title": new.get("title")}


def _check_size(step: Step, sheet: Sheet, grid: Json) -> None:
    """Cut what lies beyond the new size; as with deleting rows, protections are asked first."""
    if grid["rowCount"] < sheet.row_count:
        step.check_open(sheet, Box(grid["rowCount"], sheet.row_count))
        delete_lines(step.book, sheet, "ROWS", grid["rowCount"], sheet.row_count)
    if grid["columnCount"] < sheet.column_count:
        step.check_open(sheet, Box(0, None, grid["columnCount"], sheet.column_count))
        delete_lines(step.book, sheet, "COLUMNS", grid["columnCount"], sheet.column_count)
    sheet.set_grid(rows=grid["rowCount"], columns=grid["columnCount"])


def _move_tab(book: Book, sheet: Sheet, index: int) -> None:
    """Google counts the new place before the tab is taken out of its old one."""
    before = book.sheets.index(sheet)
    others = [other for other in book.sheets if other is not sheet]
    others.insert(index - 1 if index > before + 1 else index, sheet)
    book.sheets = others
    book.renumber()


def _check_fields(mask: Mask, known: frozenset[str]) -> None:
    unknown = sorted(set(mask) - known)
    if unknown:
        raise InvalidRequestError(f"Invalid field in 'fields': {', '.join(unknown)}.")


def add_named_range(step: Step, body: Json) -> Json:
    """A name for a range."""
    wanted = as_object("namedRange", body.get("namedRange"))
    sheet, box = step.place(wanted.get("range"))
    name = wanted.get("name")
    if not isinstance(name, str) or not name.isidentifier() or parse_cells(name) is not None:
        raise InvalidRequestError("The name of a named range must be letters, digits and underscores, and no cell.")
    if any(entry["name"].casefold() == name.casefold() for entry in step.book.named_ranges):
        raise InvalidRequestError(f'A named range "{name}" already exists.')
    named_id = str(wanted.get("namedRangeId") or secrets.token_hex(6))
    if any(entry["namedRangeId"] == named_id for entry in step.book.named_ranges):
        raise InvalidRequestError(f"A named range with the id {named_id} already exists.")
    entry: dict[str, Any] = {"namedRangeId": named_id, "name": name, "sheetId": sheet.sheet_id, "box": box}
    step.book.named_ranges = [*step.book.named_ranges, entry]
    step.book.touched = True
    return {"addNamedRange": {"namedRange": named_range_json(entry)}}


def delete_named_range(step: Step, body: Json) -> Json:
    """Take a name away; the cells stay."""
    wanted = body.get("namedRangeId")
    kept = [entry for entry in step.book.named_ranges if entry["namedRangeId"] != wanted]
    if len(kept) == len(step.book.named_ranges):
        raise InvalidRequestError(f"No named range with id: {wanted}")
    step.book.named_ranges = kept
    step.book.touched = True
    return {}


HANDLERS: dict[str, Handler] = {
    "updateSpreadsheetProperties": update_spreadsheet_properties,
    "addSheet": add_sheet,
    "deleteSheet": delete_sheet,
    "updateSheetProperties": update_sheet_properties,
    "addNamedRange": add_named_range,
    "deleteNamedRange": delete_named_range,
}
