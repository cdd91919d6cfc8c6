"""How cells and rows go back to what they were, each only if it still is as the change left it."""

import sys
from collections.abc import Iterable
from typing import Any

from localsheets.identity import Identity
from localsheets.model.a1 import column_letters
from localsheets.model.book import Book
from localsheets.model.box import Box
from localsheets.model.cells import Cells, cell_at, trimmed
from localsheets.model.protection import check_may_change
from localsheets.model.row_places import RowPlaces
from localsheets.model.sheet import KEY_GAP, Row, Sheet
from localsheets.storage.images import changed_cells, same
from localsheets.storage.outcomes import ChangedSinceError, Spot

Json = dict[str, Any]


def take_back_cells(draft: Book, sheet: Sheet, told: list[Any], who: Identity) -> list[Spot]:
    """
    Give cells what was in them; answers the places.

    Raises: ChangedSinceError, ProtectedCellError.
    """
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
        differing = [column for column, _, after in changes if not same(cell_at(cells, column), after)]
        first, columns = changes[0][0], [column for column, *_ in changes]
        result = [*cells, *[None] * (columns[-1] + 1 - len(cells))]
        for column, before, _ in changes:
            result[column] = before
    if differing:
        raise ChangedSinceError(sheet.title, f"{column_letters(differing[0])}{place + 1}")
    return first, trimmed(result), columns


def take_back_rows(draft: Book, sheet: Sheet, told: Json, who: Identity) -> list[Spot]:
    """
    Take rows out that came, bring back those that went and those that moved; answers the places.

    Raises: ChangedSinceError, ProtectedCellError.
    """
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
    present = sorted(rows.values(), key=lambda row: row.key)
    sheet.set_rows(_with_returned(present, told, draft.revision, sheet.title))
    return [*spots, *_checked_places(sheet, told)]


def _with_returned(present: list[Row], told: Json, revision: int, title: str) -> list[Row]:
    """All rows, those that went behind the ones that they stood behind."""
    runs: dict[int | None, list[Row]] = {}
    behind: dict[int, int | None] = {}
    for row_id, key, cells, previous in told.get("went", []):
        behind[row_id] = behind.get(previous, previous)
        runs.setdefault(behind[row_id], []).append(Row(row_id, key, revision, cells))
    new_from = told.get("newFrom", sys.maxsize)
    result = _fitted(runs.pop(None, []), present, 0, new_from, title)
    for place, row in enumerate(present, 1):
        result.append(row)
        if row.row_id in runs:
            result += _fitted(runs.pop(row.row_id), present, place, new_from, title)
    if runs:
        raise ChangedSinceError(title)
    return result


def _fitted(run: list[Row], present: list[Row], place: int, new_from: int, title: str) -> list[Row]:
    """
    Rows that return before row `place`, with other keys if new rows took theirs.

    Raises: ChangedSinceError if any other row came between, or the one before them went elsewhere.
    """
    if not run:
        return []
    end = place
    while end < len(present) and present[end].key <= run[-1].key and present[end].row_id >= new_from:
        end += 1
    low = present[place - 1].key if place else min(run[0].key, present[place].key if present else 0) - KEY_GAP
    if run[0].key <= low or (end < len(present) and present[end].key <= run[-1].key):
        raise ChangedSinceError(title)
    if end == place:
        return run
    step = (present[place].key - low) // (len(run) + 1)
    if not step:
        raise ChangedSinceError(title)
    return [row._replace(key=low + step * number) for number, row in enumerate(run, 1)]


def _checked_places(sheet: Sheet, told: Json) -> Iterable[Spot]:
    """Where rows came back or went to; no two rows have one place."""
    if len({row.key for row in sheet.rows}) < len(sheet.rows):
        raise ChangedSinceError(sheet.title)
    places = RowPlaces(sheet.rows)
    for row_id, key, *_ in [*told.get("went", []), *told.get("keys", [])]:
        yield Spot(sheet.sheet_id, places.find(row_id, key) or 0, 0)
