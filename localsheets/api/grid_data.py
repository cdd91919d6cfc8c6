"""
A spreadsheet as `spreadsheets.get` tells it, with its cells if they are asked for.

Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets
"""

from collections.abc import Sequence
from typing import Any

from localsheets.api.cell_data import EVERYTHING, CellTeller
from localsheets.api.field_masks import Mask
from localsheets.api.house_style import told_properties
from localsheets.api.row_texts import RowTexts
from localsheets.api.sheet_parts import lines_json, parts_json
from localsheets.api.streaming import Late
from localsheets.formulas.calculators import Calculators
from localsheets.formulas.entering import in_locale
from localsheets.formulas.ruling import coloured_by_formula
from localsheets.identity import Identity
from localsheets.model.book import Book
from localsheets.model.box import Box, ClosedBox, box_to_json
from localsheets.model.colours import with_colours
from localsheets.model.metadata import entries
from localsheets.model.protection import may_pass
from localsheets.model.sheet import Sheet
from localsheets.operations.values import Place, on_grid, resolve

Json = dict[str, Any]


_TOLD_OTHERWISE = frozenset({"box", "unprotectedBoxes", "editors"})


def book_json(
    book: Book,
    who: Identity,
    *,
    ranges: Sequence[str] = (),
    calculators: Calculators | None = None,
    fields: Mask | None = None,
) -> Json:
    """
    A `Spreadsheet`. With ranges, only their sheets are told.

    Args:
        calculators: For the colours of cells; given if the cells are to be told, too. Their rows are told late.
        fields: What will be left of it, if not everything; nothing else is worked out for the cells.
    """
    places = [resolve(book, text) for text in ranges]
    answer: Json = {"spreadsheetId": book.book_id, "properties": told_properties(book.properties), "sheets": []}
    for sheet in book.sheets:
        boxes = [on_grid(place) for place in places if place.sheet.sheet_id == sheet.sheet_id]
        if places and not boxes:
            continue
        told = sheet_json(book, sheet, who)
        if calculators:
            mask = _below(fields or {}, "sheets", "data")
            whole = [on_grid(Place(sheet, Box()))]
            told["data"] = [_grid_data(book, sheet, box, calculators, mask) for box in boxes or whole]
        answer["sheets"].append(told)
    if book.metadata:
        answer["developerMetadata"] = [entry.as_json() for entry in entries(book) if entry.location.sheet is None]
    if book.named_ranges:
        answer["namedRanges"] = [named_range_json(entry) for entry in book.named_ranges]
    answer["spreadsheetUrl"] = f"/spreadsheets/d/{book.book_id}/edit"
    return answer


def sheet_json(book: Book, sheet: Sheet, who: Identity) -> Json:
    """A `Sheet` without its cells; what does not exist is left out."""
    answer: Json = {"properties": with_colours(sheet.properties)}
    if sheet.conditions:
        answer["conditionalFormats"] = [condition_json(sheet, rule) for rule in sheet.conditions]
    if sheet.protections:
        answer["protectedRanges"] = [protection_json(book, sheet, entry, who) for entry in sheet.protections]
    if sheet.filter:
        rest = {name: value for name, value in sheet.filter.items() if name != "box"}
        answer["basicFilter"] = {"range": box_to_json(sheet.filter["box"], sheet.sheet_id), **rest}
    return answer | parts_json(sheet)


def condition_json(sheet: Sheet, rule: Json) -> Json:
    """A `ConditionalFormatRule`."""
    rest = {name: value for name, value in rule.items() if name != "boxes"}
    return {"ranges": [box_to_json(box, sheet.sheet_id) for box in rule["boxes"]], **with_colours(rest)}


def protection_json(book: Book, sheet: Sheet, protection: Json, who: Identity) -> Json:
    """A `ProtectedRange` as this caller sees it."""
    answer: Json = {
        "protectedRangeId": protection["protectedRangeId"],
        "range": box_to_json(protection["box"], sheet.sheet_id),
    }
    told = {name: value for name, value in protection.items() if name not in _TOLD_OTHERWISE}
    if may_pass(book, protection, who):
        answer["requestingUserCanEdit"] = True
        if not protection.get("warningOnly"):
            told["editors"] = _editors(book, protection.get("editors") or {})
    if protection.get("unprotectedBoxes"):
        answer["unprotectedRanges"] = [box_to_json(Box(*c), sheet.sheet_id) for c in protection["unprotectedBoxes"]]
    return answer | told


def _editors(book: Book, kept: Json) -> Json:
    """`Editors`; the spreadsheet's owner always is one."""
    owner = book.owner.email
    others = [user for user in kept.get("users") or [] if user.casefold() != owner.casefold()]
    return {name: value for name, value in kept.items() if value and name != "users"} | {"users": [owner, *others]}


def named_range_json(entry: Json) -> Json:
    """A `NamedRange`."""
    return {
        "namedRangeId": entry["namedRangeId"],
        "name": entry["name"],
        "range": box_to_json(entry["box"], entry["sheetId"]),
    }


def _below(mask: Mask, *names: str) -> Mask:
    """The part of a mask that is for a field further down; empty if it wants all of it."""
    for name in names:
        if not mask or "*" in mask:
            return {}
        mask = mask.get(name, {})
    return mask


def _grid_data(book: Book, sheet: Sheet, box: ClosedBox, calculators: Calculators, mask: Mask) -> Json:
    data: Json = {}
    if box.top:
        data["startRow"] = box.top
    if box.left:
        data["startColumn"] = box.left
    if not mask or "*" in mask or "rowData" in mask:
        of_cells = _below(mask, "rowData", "values")
        wanted = of_cells.keys() if of_cells and "*" not in of_cells else EVERYTHING
        coloured = "effectiveFormat" in wanted
        by_formula = (
            coloured_by_formula(calculators, book, sheet, range(box.top, box.bottom)) if coloured else frozenset()
        )
        teller = CellTeller(book, sheet, lambda formula: in_locale(formula, book.locale), by_formula, wanted)
        rows = Late(RowTexts(sheet, teller, _below(mask, "rowData")).rows(box))
        if rows:
            data["rowData"] = rows
    return data | lines_json(sheet, box)
