"""A whole spreadsheet as a named version keeps it, and how a draft becomes that again."""

import json
from typing import Any

from localsheets.identity import Identity
from localsheets.model.book import Book
from localsheets.model.box import Box
from localsheets.model.protection import check_may_change
from localsheets.model.sheet import Row, Sheet
from localsheets.storage.history import add_whole, describe
from localsheets.storage.images import changed_cells, whole
from localsheets.storage.packing import book_about, fill_book

Json = dict[str, Any]


def content_of(book: Book) -> Json:
    """Everything but whom it is shared with."""
    about = json.loads(book_about(book))
    about.pop("permissions")
    return {"about": about, "sheets": [whole(sheet) for sheet in book.sheets]}


def restore(draft: Book, content: Json, who: Identity) -> None:
    """
    Bring a draft to what a version keeps; what is the same already stays untouched.

    Raises: PermissionDeniedError if something of it is protected from this person.
    """
    fill_book(draft, {**content["about"], "permissions": draft.permissions})
    draft.touched = True
    order = [told["about"]["properties"]["sheetId"] for told in content["sheets"]]
    present = {sheet.sheet_id: sheet for sheet in draft.sheets}
    for sheet in draft.sheets:
        check_may_change(draft, sheet, Box(), who)
    draft.sheets = [sheet for sheet in draft.sheets if sheet.sheet_id in order]
    for sheet_id, told in zip(order, content["sheets"], strict=True):
        if sheet_id in present:
            _restore_sheet(present[sheet_id], told)
    for sheet_id, told in zip(order, content["sheets"], strict=True):
        if sheet_id not in present:
            add_whole(draft, told)
    draft.sheets = sorted(draft.sheets, key=lambda sheet: order.index(sheet.sheet_id))
    draft.renumber()


def _restore_sheet(sheet: Sheet, told: Json) -> None:
    kept = {row.row_id: row for row in sheet.rows}
    rows = [_row(kept.get(row_id), row_id, key, cells, sheet) for row_id, key, cells in told["rows"]]
    sheet.set_rows(rows)
    describe(sheet, {**told["about"], "structure": sheet.structure}, index=sheet.properties["index"])


def _row(present: Row | None, row_id: int, key: int, cells: list[Any], sheet: Sheet) -> Row:
    if present is not None and present.key == key and not changed_cells(present.cells, cells):
        return present
    return Row(row_id, key, sheet.draft_revision, cells)
