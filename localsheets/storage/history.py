"""
What a change took away, so that it can be taken back: the difference between a spreadsheet before and after it.

An image holds only what differs, cell by cell. Taking it back asks first that everything it would change still is as
the change left it, so what others did to other cells of the same rows stays.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from itertools import zip_longest
from typing import Any, NamedTuple

from localsheets.errors import ConflictError, LocalSheetsError
from localsheets.identity import Identity
from localsheets.model.a1 import column_letters
from localsheets.model.book import Book
from localsheets.model.box import Box
from localsheets.model.cells import Cell, Cells, cell_at, trimmed
from localsheets.model.protection import check_may_change
from localsheets.model.row_places import RowPlaces
from localsheets.model.sheet import Row, Sheet
from localsheets.storage.packing import book_about, fill_book, packed, sheet_about, sheet_from

Json = dict[str, Any]
WHOLE_FROM = 4
"""Changed cells in a row from which on it may be kept whole."""
ROW_COUNT = "properties.gridProperties.rowCount"
_LEFT_ALONE = ("properties.title", "properties.tabColor", "properties.hidden", ROW_COUNT)
"""Parts of a sheet that may change without moving what a structural change would put back."""
_OF_A_DRAFT = frozenset({"rows", "structure", "draft_revision", "new_row_id", "touched", "removed", "reshaped"})
"""Fields of a sheet that its description does not hold."""


class NothingToUndoError(LocalSheetsError):
    """There is no change of this person that could be taken back, or done again."""

    status = "FAILED_PRECONDITION"


class ChangedSinceError(ConflictError):
    """
    Somebody changed the same thing in the meantime, so it is not taken back.

    Attributes:
        sheet_title: Where.
        cell: Which cell, such as `B7`; "" if it is about rows, columns or the look of the sheet.
    """

    def __init__(self, sheet_title: str, cell: str = "") -> None:
        where = f"Cell {cell} of" if cell else "The layout of"
        super().__init__(f"{where} '{sheet_title}' was changed by somebody else since, so it was left as it is.")
        self.sheet_title = sheet_title
        self.cell = cell


@dataclass(frozen=True)
class Undone:
    """
    What was taken back or done again.

    Attributes:
        kind: What had been done, as the change record calls it.
        revision: The spreadsheet's new revision.
        sheet_id: Where to look; None if the spreadsheet as a whole changed.
        row: A place to show, like `column`; 0 if the sheet as a whole changed.
    """

    kind: str
    revision: int
    sheet_id: int | None = None
    row: int = 0
    column: int = 0


class Spot(NamedTuple):
    """A place to show to whoever took something back."""

    sheet_id: int
    row: int
    column: int


def difference(before: Book, after: Book) -> Json:
    """
    The image of a change.

    Args:
        after: The draft that was made from `before`, not sealed yet.
    """
    old = {sheet.sheet_id: sheet for sheet in before.sheets}
    new = {sheet.sheet_id: sheet for sheet in after.sheets}
    named = _named(after)
    image: Json = {
        "book": _changed_parts(_book_parts(before), _book_parts(after)) if after.touched or _reshaped(after) else {},
        "sheets": {
            str(key): told
            for key, sheet in new.items()
            if key in old and sheet.changed and (told := _sheet_difference(old[key], sheet, before.next_row_id, named))
        },
        "came": {str(key): _fingerprint(sheet) for key, sheet in new.items() if key not in old},
        "went": [whole(sheet) for key, sheet in old.items() if key not in new],
    }
    if list(old) != list(new):
        image["order"] = list(old)
    return {name: part for name, part in image.items() if part}


def _reshaped(book: Book) -> bool:
    return any(sheet.reshaped for sheet in book.sheets)


def _book_parts(book: Book) -> Json:
    """A spreadsheet's own description, part by part. Whom it is shared with is not taken back."""
    about: Json = json.loads(book_about(book))
    properties = about.pop("properties")
    about.pop("permissions", None)
    about.pop("file", None)
    return about | {f"properties.{name}": value for name, value in properties.items()}


def _sheet_parts(sheet: Sheet) -> Json:
    about: Json = json.loads(sheet_about(sheet))
    about.pop("structure", None)
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
    parts = _changed_parts(_sheet_parts(before), _sheet_parts(after)) if after.reshaped else {}
    image: Json = {"parts": parts, "cells": cells, "keys": keys, "came": came, "went": went}
    image = {name: part for name, part in image.items() if part}
    if keys or came or went or any(name.endswith("Count") for name in parts):
        image["shape"] = _shape(_sheet_parts(after), named)
    return image


def changed_cells(before: Cells, after: Cells) -> list[list[Any]]:
    """Column, cell before and cell after, for each cell in which two rows differ but for what was calculated."""
    pairs = enumerate(zip_longest(before, after))
    if dict in map(type, before) or dict in map(type, after):
        return [[column, _own(old), _own(new)] for column, (old, new) in pairs if not _same(old, new)]
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


def _same(one: Cell, two: Cell) -> bool:
    """Equal but for what was calculated, where TRUE is not 1."""
    if one is two:
        return True
    one, two = _own(one), _own(two)
    if type(one) is not type(two) or one != two:
        return False
    return not isinstance(one, dict) or packed(one) == packed(two)


def whole(sheet: Sheet) -> Json:
    """A sheet with all that its people entered."""
    rows = [[row.row_id, row.key, entered(row.cells)] for row in sheet.rows]
    return {"about": json.loads(sheet_about(sheet)), "rows": rows}


def _named(book: Book) -> Json:
    return {"namedRanges": _book_parts(book).get("namedRanges")}


def _digest(value: Any) -> str:
    return hashlib.sha256(packed(value).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _shape(parts: Json, named: Json) -> str:
    kept = sorted((name, part) for name, part in parts.items() if not name.startswith(_LEFT_ALONE))
    return _digest([kept, named])


def _fingerprint(sheet: Sheet) -> str:
    """What tells whether a sheet is still as it was; empty rows at its end do not count."""
    rows = [trimmed(entered(row.cells)) for row in sheet.rows]
    while rows and not rows[-1]:
        rows.pop()
    return _digest([sorted(_sheet_parts(sheet).items()), rows])


def take_back(draft: Book, image: Json, who: Identity) -> Spot | None:
    """
    Bring a draft to what was before a change; answers a place to show.

    Raises: ChangedSinceError if somebody changed the same thing since, PermissionDeniedError if it is closed to this
    person by now.
    """
    spots = [
        _take_back_in_sheet(draft, _present(draft, int(key)), told, who)
        for key, told in image.get("sheets", {}).items()
    ]
    _take_back_sheets(draft, image)
    parts = image.get("book", {})
    if parts:
        present = _merged_parts(_book_parts(draft), parts, draft.title)
        fill_book(draft, {**_nested(present), "permissions": draft.permissions})
        draft.touched = True
    back = [Spot(int(told["about"]["properties"]["sheetId"]), 0, 0) for told in image.get("went", [])]
    return next(iter([*back, *spots]), None)


def _present(draft: Book, sheet_id: int) -> Sheet:
    for sheet in draft.sheets:
        if sheet.sheet_id == sheet_id:
            return sheet
    raise ChangedSinceError(draft.title)


def _take_back_sheets(draft: Book, image: Json) -> None:
    for key, fingerprint in image.get("came", {}).items():
        sheet = _present(draft, int(key))
        if _fingerprint(sheet) != fingerprint or len(draft.sheets) == 1:
            raise ChangedSinceError(sheet.title)
        draft.sheets = [other for other in draft.sheets if other is not sheet]
        draft.renumber()
    for told in image.get("went", []):
        add_whole(draft, told)
    order = image.get("order", [])
    if sorted(order) == sorted(sheet.sheet_id for sheet in draft.sheets):
        draft.sheets = sorted(draft.sheets, key=lambda sheet: order.index(sheet.sheet_id))
        draft.renumber()


def add_whole(draft: Book, told: Json) -> None:
    """
    Put a sheet back with all of its rows.

    Raises: ChangedSinceError if another one has its id or its title by now.
    """
    sheet = sheet_from(told["about"]).draft(draft.revision, draft.new_row_id)
    taken = draft.sheet_titled(sheet.title)
    if (taken and taken.title == sheet.title) or any(other.sheet_id == sheet.sheet_id for other in draft.sheets):
        raise ChangedSinceError(sheet.title)
    sheet.set_rows([Row(row_id, key, draft.revision, cells) for row_id, key, cells in told["rows"]])
    draft.add_sheet(sheet)


def _take_back_in_sheet(draft: Book, sheet: Sheet, told: Json, who: Identity) -> Spot:
    parts = _sheet_parts(sheet)
    if "shape" in told and told["shape"] != _shape(parts, _named(draft)):
        raise ChangedSinceError(sheet.title)
    merged = _merged_parts(parts, told.get("parts", {}), sheet.title)
    spots = _take_back_cells(draft, sheet, told.get("cells", []), who)
    if told.keys() & {"keys", "came", "went"}:
        spots = [*_take_back_rows(draft, sheet, told, who), *spots]
    if "parts" in told:
        describe(sheet, {**_nested(merged), "structure": sheet.structure}, index=sheet.properties["index"])
        _check_fits(sheet)
    return min(spots, default=Spot(sheet.sheet_id, 0, 0))


def _merged_parts(present: Json, changed: Json, title: str) -> Json:
    result = dict(present)
    for name, (before, after) in changed.items():
        held = present.get(name)
        if name == ROW_COUNT and held >= after:
            result[name] = before + held - after  # rows that were added at the end since stay
        elif packed(held) != packed(after):
            raise ChangedSinceError(title)
        elif before is None and name.startswith("properties."):
            del result[name]
        else:
            result[name] = before
    return result


def _nested(parts: Json) -> Json:
    about: Json = {"properties": {}}
    for name, value in parts.items():
        *path, last = name.split(".") if name.startswith("properties.") else [name]
        holder = about
        for step in path:
            holder = holder.setdefault(step, {})
        holder[last] = value
    return about


def describe(sheet: Sheet, about: Json, *, index: int) -> None:
    """Give a draft's sheet another description; its rows stay."""
    described = sheet_from({**about, "properties": {**about["properties"], "index": index}})
    for field in fields(Sheet):
        if field.init and field.name not in _OF_A_DRAFT:
            setattr(sheet, field.name, getattr(described, field.name))
    sheet.reshaped = True


def _take_back_cells(draft: Book, sheet: Sheet, told: list[Any], who: Identity) -> list[Spot]:
    places = RowPlaces(sheet.rows)
    spots: list[Spot] = []
    for row_id, key, *changed in told:
        place = places.find(row_id, key)
        if place is None:
            raise ChangedSinceError(sheet.title)
        first, cells, columns = _cells_before(sheet, place, changed)
        if sheet.protections:
            for column in columns:
                check_may_change(draft, sheet, Box(place, place + 1, column, column + 1), who)
        sheet.set_cells(place, cells)
        spots.append(Spot(sheet.sheet_id, place, first))
    return spots


def _cells_before(sheet: Sheet, place: int, changed: list[Any]) -> tuple[int, Cells, list[int]]:
    """First column to show, the row as it was before, and the columns in which it differs."""
    cells = sheet.rows[place].cells
    if len(changed) > 1:
        first, before, after = changed
        differing = [column for column, *_ in changed_cells(after, cells)]
        result, columns = before, list(range(first, max(len(before), len(after))))
    else:
        (changes,) = changed
        differing = [column for column, _, after in changes if not _same(cell_at(cells, column), after)]
        first, columns = changes[0][0], [column for column, *_ in changes]
        result = [*cells, *[None] * (columns[-1] + 1 - len(cells))]
        for column, before, _ in changes:
            result[column] = before
    if differing:
        raise ChangedSinceError(sheet.title, f"{column_letters(differing[0])}{place + 1}")
    return first, trimmed(result), columns


def _take_back_rows(draft: Book, sheet: Sheet, told: Json, who: Identity) -> list[Spot]:
    rows = {row.row_id: row for row in sheet.rows}
    for row_id, before, after in told.get("keys", []):
        if row_id not in rows or rows[row_id].key != after:
            raise ChangedSinceError(sheet.title)
        rows[row_id] = rows[row_id]._replace(key=before, revision=draft.revision)
    places = RowPlaces(sheet.rows)
    spots: list[Spot] = []
    for row_id, key, cells in told.get("came", []):
        place = places.find(row_id, key)
        if place is None or changed_cells(cells, sheet.rows[place].cells):
            raise ChangedSinceError(sheet.title)
        check_may_change(draft, sheet, Box(place, place + 1), who)
        spots.append(Spot(sheet.sheet_id, place, 0))
        del rows[row_id]
    for row_id, key, cells, _ in told.get("went", []):
        rows[row_id] = Row(row_id, key, draft.revision, cells)
    sheet.set_rows(sorted(rows.values(), key=lambda row: row.key))
    return [*spots, *_checked_places(sheet, told)]


def _checked_places(sheet: Sheet, told: Json) -> Iterable[Spot]:
    """Rows that came back stand behind the same rows as before; no two rows have one place."""
    if len({row.key for row in sheet.rows}) < len(sheet.rows):
        raise ChangedSinceError(sheet.title)
    places = RowPlaces(sheet.rows)
    for row_id, key, _, previous in told.get("went", []):
        place = places.find(row_id, key) or 0
        if (sheet.rows[place - 1].row_id if place else None) != previous:
            raise ChangedSinceError(sheet.title)
        yield Spot(sheet.sheet_id, place, 0)
    for row_id, key, _ in told.get("keys", []):
        yield Spot(sheet.sheet_id, places.find(row_id, key) or 0, 0)


def _check_fits(sheet: Sheet) -> None:
    """A sheet that became smaller again holds nothing beyond its end."""
    beyond = sheet.rows[sheet.row_count :]
    if any(cell is not None for row in beyond for cell in row.cells):
        raise ChangedSinceError(sheet.title)
    if any(len(row.cells) > sheet.column_count for row in sheet.rows):
        raise ChangedSinceError(sheet.title)
    if beyond:
        sheet.delete_rows(sheet.row_count, len(sheet.rows))
