"""Requests about the spreadsheet itself and its tabs."""

import re
import secrets
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from localsheets.api.field_masks import Mask, merged
from localsheets.errors import InvalidRequestError
from localsheets.formats.locales import is_locale
from localsheets.formulas.references import sheet_deleted, sheet_renamed
from localsheets.model.anchors import forget_sheet, formulas_follow
from localsheets.model.book import DEFAULT_COLUMNS, DEFAULT_ROWS, Book, new_sheet
from localsheets.model.box import Box
from localsheets.model.colours import with_colours
from localsheets.model.sheet import Sheet
from localsheets.operations.dimensions import delete_lines
from localsheets.operations.duplicating import copy_of, title_of_copy
from localsheets.requests.step import Handler, Json, Step, as_object, needed_mask, whole_number

LARGEST_SHEET_ID = 2**31 - 1
LONGEST_TITLE = 100
_FIXED_OFFSET = re.compile("(GMT|UTC)([+-][0-9]{1,2}(:?[0-9]{2})?)?")
_RECALCULATIONS = {"ON_CHANGE", "MINUTE", "HOUR"}
_SHEET_FIELDS = frozenset(
    {"title", "index", "gridProperties", "hidden", "tabColor", "tabColorStyle", "rightToLeft", "*"}
)
BOOK_FIELDS = frozenset(
    {"title", "locale", "timeZone", "autoRecalc", "defaultFormat", "spreadsheetTheme", "iterativeCalculationSettings"}
)


def update_spreadsheet_properties(step: Step, body: Json) -> Json:
    """Title, locale, time zone and the like."""
    mask, changes = needed_mask(body), as_object("properties", body.get("properties"))
    if "*" in mask:
        mask = {name: {} for name in BOOK_FIELDS if name in changes}
    _check_fields(mask, BOOK_FIELDS)
    properties = merged(step.book.properties, changes, mask)
    for name in ("title", "locale", "timeZone"):
        if not isinstance(properties.get(name), str) or not properties[name]:
            raise InvalidRequestError(f"{name} must be a text.")
    check_book_properties(properties)
    step.book.properties = properties
    step.book.touched = True
    return {}


def check_book_properties(properties: Json) -> None:
    """
    Raises: InvalidRequestError for a locale, a time zone or a calculation setting that Google would not take.
    """
    if not is_locale(properties.get("locale", "en_US")):
        raise InvalidRequestError(f"Unsupported locale: {properties['locale']}")
    if not _is_time_zone(properties.get("timeZone", "Etc/GMT")):
        raise InvalidRequestError(f"Invalid time zone: {properties['timeZone']}")
    if properties.get("autoRecalc", "ON_CHANGE") not in _RECALCULATIONS:
        raise InvalidRequestError(f"Invalid value at 'autoRecalc': {properties['autoRecalc']!r}")
    iterative = as_object("iterativeCalculationSettings", properties.get("iterativeCalculationSettings"))
    if iterative:
        whole_number("maxIterations", iterative.get("maxIterations", 50), least=1)
        threshold = iterative.get("convergenceThreshold", 0.05)
        if not isinstance(threshold, int | float) or isinstance(threshold, bool) or threshold <= 0:
            raise InvalidRequestError("convergenceThreshold must be a number above 0.")


def _is_time_zone(name: str) -> bool:
    try:
        return bool(_FIXED_OFFSET.fullmatch(name) or ZoneInfo(name))
    except (OSError, ValueError, ZoneInfoNotFoundError):
        return False


def add_sheet(step: Step, body: Json) -> Json:
    """A new tab; Google chooses the id if the request gives none."""
    wanted = as_object("properties", body.get("properties"))
    if wanted.get("sheetType", "GRID") != "GRID":
        raise InvalidRequestError("Only sheets of the type GRID can be added.")
    sheet_id = wanted.get("sheetId")
    if sheet_id is None:
        sheet_id = free_sheet_id(step.book)
    elif any(sheet.sheet_id == whole_number("sheetId", sheet_id) for sheet in step.book.sheets):
        raise InvalidRequestError(f"A sheet with the ID {sheet_id} already exists. Please enter another ID.")
    title = wanted.get("title") or _free_title(step.book)
    check_title(step.book, title, None)
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
    return {"addSheet": {"properties": with_colours(sheet.properties)}}


def _leaves(tree: Json) -> Mask:
    return {name: _leaves(value) if isinstance(value, dict) else {} for name, value in tree.items()}


def free_sheet_id(book: Book) -> int:
    """An id that no sheet has, chosen by chance as at Google."""
    taken = {sheet.sheet_id for sheet in book.sheets}
    while (sheet_id := secrets.randbelow(LARGEST_SHEET_ID)) in taken:
        pass
    return sheet_id


def _free_title(book: Book) -> str:
    number = len(book.sheets) + 1
    while book.sheet_titled(f"Sheet{number}") is not None:
        number += 1
    return f"Sheet{number}"


def check_title(book: Book, title: object, own: Sheet | None) -> None:
    """
    Raises: InvalidRequestError if a sheet cannot have that title, or another one has it.
    """
    if not isinstance(title, str) or not title.strip():
        raise InvalidRequestError("The sheet name cannot be empty.")
    if len(title) > LONGEST_TITLE or not title.isprintable():
        raise InvalidRequestError(f"The sheet name may have {LONGEST_TITLE} characters, and none for control.")
    other = book.sheet_titled(title)
    if other is not None and other is not own:
        raise InvalidRequestError(f'A sheet with the name "{title}" already exists. Please enter another name.')


def delete_sheet(step: Step, body: Json) -> Json:
    """Take a tab away with everything on it; the last one stays."""
    sheet = step.book.sheet(body.get("sheetId"))
    step.check_open(sheet, Box())
    if len(step.book.sheets) == 1:
        raise InvalidRequestError("You can't remove all the sheets in a document.")
    if all(other is sheet or other.properties.get("hidden") for other in step.book.sheets):
        raise InvalidRequestError("You can't remove all the visible sheets in a document.")
    step.book.sheets = [other for other in step.book.sheets if other is not sheet]
    forget_sheet(step.book, sheet)
    step.book.renumber()
    formulas_follow(step.book, sheet_deleted(sheet.title))
    return {}


def update_sheet_properties(step: Step, body: Json) -> Json:
    """Title, place, size, frozen rows and the like."""
    changes, mask = as_object("properties", body.get("properties")), needed_mask(body)
    sheet = step.book.sheet(changes.get("sheetId"))
    if "*" in mask:
        mask = _leaves({name: value for name, value in changes.items() if name not in {"sheetId", "sheetType"}})
    _check_fields(mask, _SHEET_FIELDS)
    new = _checked(sheet.properties, merged(sheet.properties, changes, mask))
    if any(new.get(name) != sheet.properties.get(name) for name in ("title", "hidden")):
        _check_whole_open(step, sheet)
    if new["title"] != sheet.title:
        check_title(step.book, new["title"], sheet)
        formulas_follow(step.book, sheet_renamed(sheet.title, new["title"]))
    if new.get("hidden") and all(other is sheet or other.properties.get("hidden") for other in step.book.sheets):
        raise InvalidRequestError("You can't hide all the sheets in a document.")
    _check_size(step, sheet, new["gridProperties"])
    index = new.get("index", 0)
    sheet.properties = {**new, "index": sheet.properties["index"]}
    sheet.reshaped = True
    if index != sheet.properties["index"]:
        _move_tab(step.book, sheet, whole_number("index", index))
    return {}


def _check_whole_open(step: Step, sheet: Sheet) -> None:
    """
    A tab that is protected as a whole keeps its name, and stays shown or hidden; one with protected ranges need not.

    Raises: PermissionDeniedError.
    """
    if any(protection["box"].covers(sheet.clip(Box())) for protection in sheet.protections):
        step.check_open(sheet, Box())


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


def duplicate_sheet(step: Step, body: Json) -> Json:
    """A copy of a tab with everything on it."""
    source = step.book.sheet(body.get("sourceSheetId"))
    sheet_id = body.get("newSheetId")
    if sheet_id is None:
        sheet_id = free_sheet_id(step.book)
    elif any(sheet.sheet_id == whole_number("newSheetId", sheet_id) for sheet in step.book.sheets):
        raise InvalidRequestError(f"A sheet with the ID {sheet_id} already exists. Please enter another ID.")
    title = body.get("newSheetName") or title_of_copy(step.book, source.title)
    check_title(step.book, title, None)
    copy = copy_of(source, step.book, sheet_id, title)
    step.book.add_sheet(copy, whole_number("insertSheetIndex", body.get("insertSheetIndex", 0)))
    return {"duplicateSheet": {"properties": with_colours(copy.properties)}}


HANDLERS: dict[str, Handler] = {
    "updateSpreadsheetProperties": update_spreadsheet_properties,
    "addSheet": add_sheet,
    "deleteSheet": delete_sheet,
    "updateSheetProperties": update_sheet_properties,
    "duplicateSheet": duplicate_sheet,
}
