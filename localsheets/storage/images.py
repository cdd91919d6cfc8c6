"""
What a change took away, so that it can be taken back: the difference between a spreadsheet before and after it.

An image holds only what differs, cell by cell, and part by part of a description; history.py takes it back.
"""

import hashlib
import json
from itertools import zip_longest
from typing import Any

from localsheets.model.book import Book
from localsheets.model.cells import Cell, Cells, trimmed
from localsheets.model.row_places import RowPlaces
from localsheets.model.sheet import Row, Sheet
from localsheets.storage.packing import book_about, closed, packed, sheet_about

Json = dict[str, Any]
WHOLE_FROM = 4
"""Changed cells in a row from which on it may be kept whole."""
ROW_COUNT = "properties.gridProperties.rowCount"
_LEFT_ALONE = ("properties.title", "properties.tabColor", "properties.hidden", ROW_COUNT)
"""Parts of a sheet that may change without moving what a structural change would put back."""


def difference(before: Book, after: Book) -> Json:
    """
    The image of a change.

    Args:
        after: The draft that was made from `before`, not sealed yet.
    """
    old = {sheet.sheet_id: sheet for sheet in before.sheets}
    new = {sheet.sheet_id: sheet for sheet in after.sheets}
    named = names_of(after)
    image: Json = {
        "book": _changed_parts(book_parts(before), book_parts(after)) if after.touched or _reshaped(after) else {},
        "sheets": {
            str(key): told
            for key, sheet in new.items()
            if key in old and sheet.changed and (told := _sheet_difference(old[key], sheet, before.next_row_id, named))
        },
        "came": {str(key): state_of(sheet) for key, sheet in new.items() if key not in old},
        "went": [whole(sheet) for key, sheet in old.items() if key not in new],
    }
    if list(old) != list(new):
        image["order"] = list(old)
    return {name: part for name, part in image.items() if part}


def _reshaped(book: Book) -> bool:
    return any(sheet.reshaped for sheet in book.sheets)


def book_parts(book: Book) -> Json:
    """A spreadsheet's own description, part by part. Whom it is shared with is not taken back."""
    about: Json = json.loads(book_about(book))
    properties = about.pop("properties")
    about.pop("permissions", None)
    about.pop("file", None)
    return about | {f"properties.{name}": value for name, value in properties.items()}


def sheet_parts(sheet: Sheet) -> Json:
    """A sheet's own description, part by part; without what every change moves on."""
    about: Json = json.loads(sheet_about(sheet))
    about.pop("structure", None)
    about.pop("lastKey", None)
    properties = about.pop("properties")
    properties.pop("index", None)
    grid = properties.pop("gridProperties", {})
    return (
        about
        | {f"properties.{name}": value for name, value in properties.items()}
        | {f"properties.gridProperties.{name}": value for name, value in grid.items()}
    )


def _changed_parts(before: Json, after: Json) -> Json:
    names = dict.fromkeys([*before, *after])
    return {
        name: [before.get(name), after.get(name)]
        for name in names
        if packed(before.get(name)) != packed(after.get(name))
    }


def _sheet_difference(before: Sheet, after: Sheet, first_new_id: int, named: Json) -> Json:
    places, end = RowPlaces(before.rows), before.rows[-1].key if before.rows else 0
    cells, keys, came = [], [], []
    for row in after.touched.values():
        place = None if row.row_id >= first_new_id else places.find(row.row_id, row.key)
        old = None if place is None else before.rows[place]
        if old is None and (row.row_id < first_new_id or row.key <= end):
            came.append([row.row_id, row.key, entered(row.cells)])
            continue
        if old is not None and old.key != row.key:
            keys.append([row.row_id, old.key, row.key])
        if told := _row_image(row, old.cells if old else []):
            cells.append(told)
    went = [
        [old.row_id, old.key, entered(old.cells), before.rows[place - 1].row_id if place else None]
        for place, old in enumerate(before.rows if after.removed else [])
        if old.row_id in after.removed
    ]
    parts = _changed_parts(sheet_parts(before), sheet_parts(after)) if after.reshaped else {}
    image: Json = {"parts": parts, "cells": cells, "keys": keys, "came": came, "went": went}
    image = {name: part for name, part in image.items() if part}
    if went:
        image["newFrom"] = first_new_id
    if parts:
        image["closed"] = closed_parts(after)
    if keys or came or went or any(name.endswith("Count") for name in parts):
        image["shape"] = shape(sheet_parts(after), named)
    return image


def closed_parts(sheet: Sheet) -> str:
    """What tells whether the protections are still those under which a change was made."""
    return _digest([closed(entry) for entry in sheet.protections])


def changed_cells(before: Cells, after: Cells) -> list[list[Any]]:
    """Column, cell before and cell after, for each cell in which two rows differ but for what was calculated."""
    pairs = enumerate(zip_longest(before, after))
    if dict in map(type, before) or dict in map(type, after):
        return [[column, _own(old), _own(new)] for column, (old, new) in pairs if not same(old, new)]
    return [[column, old, new] for column, (old, new) in pairs if old != new or type(old) is not type(new)]


def _row_image(row: Row, before: Cells) -> list[Any]:
    """What differs in a row; of a row that is quite another one (its columns moved) simply all of it, twice."""
    changes = changed_cells(before, row.cells)
    if len(changes) > WHOLE_FROM and 2 * len(changes) > len(row.cells):
        return [row.row_id, row.key, changes[0][0], entered(before), entered(row.cells)]
    return [row.row_id, row.key, changes] if changes else []


def _own(cell: Cell) -> Cell:
    """A cell without what was calculated: a result belongs to nobody's change."""
    if not isinstance(cell, dict):
        return cell
    if "s" in cell:
        return None
    return {name: part for name, part in cell.items() if name not in {"v", "e"}} if "x" in cell else cell


def entered(cells: Cells) -> Cells:
    """A row without what was calculated."""
    return [_own(cell) for cell in cells] if dict in map(type, cells) else cells


def same(one: Cell, two: Cell) -> bool:
    """Equal but for what was calculated, where TRUE is not 1."""
    if one is two:
        return True
    one, two = _own(one), _own(two)
    if type(one) is not type(two) or one != two:
        return False
    return not isinstance(one, dict) or packed(one) == packed(two)


def whole(sheet: Sheet) -> Json:
    """A sheet with all that its people entered."""
    about = json.loads(sheet_about(sheet))
    about.pop("lastKey")
    return {"about": about, "rows": [[row.row_id, row.key, entered(row.cells)] for row in sheet.rows]}


def names_of(book: Book) -> Json:
    """The named ranges; they follow rows and columns like what is on a sheet."""
    return {"namedRanges": book_parts(book).get("namedRanges")}


def _digest(value: Any) -> str:
    return hashlib.sha256(packed(value).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def shape(parts: Json, named: Json) -> str:
    """What tells whether anything but cells changed that a structural change would move."""
    kept = sorted((name, part) for name, part in parts.items() if not name.startswith(_LEFT_ALONE))
    return _digest([kept, named])


def state_of(sheet: Sheet) -> str:
    """What tells whether a sheet is still as it was; empty rows at its end do not count."""
    rows = [trimmed(entered(row.cells)) for row in sheet.rows]
    while rows and not rows[-1]:
        rows.pop()
    return _digest([sorted(sheet_parts(sheet).items()), rows])
