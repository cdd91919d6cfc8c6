"""
How a change is taken back: its image is laid over the present draft.

Asked first is that everything it would change still is as the change left it, so what others did to other cells of the
same rows stays.
"""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from localsheets.identity import Identity
from localsheets.model.book import Book
from localsheets.model.box import Box, box_from_json
from localsheets.model.protection import ProtectedCellError, check_may_change
from localsheets.model.sheet import Row, Sheet
from localsheets.storage.images import ROW_COUNT, book_parts, closed_parts, names_of, shape, sheet_parts, state_of
from localsheets.storage.outcomes import ChangedSinceError, ProtectedSinceError, Spot
from localsheets.storage.packing import fill_book, packed, sheet_from
from localsheets.storage.returning import take_back_cells, take_back_rows

Json = dict[str, Any]
_OF_A_DRAFT = frozenset(
    {"rows", "last_key", "structure", "draft_revision", "new_row_id", "touched", "removed", "reshaped"}
)
"""Fields of a sheet that its description does not hold, or that never go back."""


def take_back(draft: Book, image: Json, who: Identity) -> Spot | None:
    """
    Bring a draft to what was before a change; answers a place to show.

    Raises: ChangedSinceError if somebody changed the same thing since; ProtectedSinceError if it is closed to this
    person by now.
    """
    spots = [
        _take_back_if_open(draft, _present(draft, int(key)), told, who) for key, told in image.get("sheets", {}).items()
    ]
    _take_back_sheets(draft, image)
    parts = image.get("book", {})
    if parts:
        present = _merged_parts(book_parts(draft), parts, draft.title)
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
    for key, state in image.get("came", {}).items():
        sheet = _present(draft, int(key))
        if state_of(sheet) != state or len(draft.sheets) == 1:
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


def _take_back_if_open(draft: Book, sheet: Sheet, told: Json, who: Identity) -> Spot:
    try:
        return _take_back_in_sheet(draft, sheet, told, who)
    except ProtectedCellError as error:
        raise ProtectedSinceError(sheet.title) from error


def _take_back_in_sheet(draft: Book, sheet: Sheet, told: Json, who: Identity) -> Spot:
    parts = sheet_parts(sheet)
    if "shape" in told and told["shape"] != shape(parts, names_of(draft)):
        raise ChangedSinceError(sheet.title)
    changed = told.get("parts", {})
    merged = _merged_parts(parts, changed, sheet.title)
    if changed and told.get("closed") != closed_parts(sheet):
        for box in _boxes_of(changed):
            check_may_change(draft, sheet, box, who)
    spots = take_back_cells(draft, sheet, told.get("cells", []), who)
    if told.keys() & {"keys", "came", "went"}:
        spots = [*take_back_rows(draft, sheet, told, who), *spots]
    if "parts" in told:
        describe(sheet, {**_nested(merged), "structure": sheet.structure}, index=sheet.properties["index"])
    if told.keys() & {"parts", "went"}:
        _check_fits(sheet)
    return min(spots, default=Spot(sheet.sheet_id, 0, 0))


def _boxes_of(changed: Json) -> Iterator[Box]:
    """Where the entries lie that a change brought, changed or took away."""
    for name, (before, after) in changed.items():
        if name in {"columns", "lines"}:
            indexes = {*(before or {}), *(after or {})}
            different = [int(key) for key in indexes if (before or {}).get(key) != (after or {}).get(key)]
            yield from (Box(at, at + 1) if name == "lines" else Box(0, None, at, at + 1) for at in different)
        else:
            old, new = list(_entries(before)), list(_entries(after))
            for entry in [*(entry for entry in old if entry not in new), *(entry for entry in new if entry not in old)]:
                yield from _places_of(entry)


def _entries(part: Any) -> Iterator[Json]:
    """The entries of a list, of all lists of a table, or the one entry that there is."""
    if isinstance(part, list):
        yield from (entry for entry in part if isinstance(entry, dict))
    elif isinstance(part, dict) and "box" in part:
        yield part
    elif isinstance(part, dict):
        for entries in part.values():
            yield from _entries(entries if isinstance(entries, list) else None)


def _places_of(entry: Json) -> Iterator[Box]:
    corners = entry.get("boxes", [entry["box"]] if "box" in entry else [])
    yield from (Box(*four) for four in corners)
    grid_range = entry.get("range", entry)
    if isinstance(grid_range, dict) and any(name.endswith(("RowIndex", "ColumnIndex")) for name in grid_range):
        yield box_from_json(grid_range)


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


def _check_fits(sheet: Sheet) -> None:
    """A sheet that became smaller again holds nothing beyond its end."""
    beyond = sheet.rows[sheet.row_count :]
    if any(cell is not None for row in beyond for cell in row.cells):
        raise ChangedSinceError(sheet.title)
    if any(len(row.cells) > sheet.column_count for row in sheet.rows):
        raise ChangedSinceError(sheet.title)
    if beyond:
        sheet.delete_rows(sheet.row_count, len(sheet.rows))
