"""
A copy of a sheet, in the same spreadsheet or in another one.

The copy takes everything along that lies on the sheet; its rows and things get ids of their own.
"""

from typing import Any

from localsheets.model.anchors import on_other_sheet
from localsheets.model.book import Book
from localsheets.model.ids import ID_NAMES, claimed_id
from localsheets.model.sheet import KEY_GAP, Row, Sheet

Json = dict[str, Any]


def copy_of(sheet: Sheet, book: Book, sheet_id: int, title: str) -> Sheet:
    """The copy, as a draft that is not yet among the spreadsheet's sheets."""
    fresh = Sheet({**sheet.properties, "sheetId": sheet_id, "title": title})
    copy = fresh.draft(book.revision, book.new_row_id)
    for place, row in enumerate(sheet.rows):
        new = Row(book.new_row_id(), KEY_GAP * (place + 1), book.revision, row.cells)
        copy.rows.append(new)
        copy.touched[new.row_id] = new
    for name in ("validations", "formats", "conditions", "columns", "lines", "filter"):
        setattr(copy, name, getattr(sheet, name))
    copy.protections = [
        {**entry, "protectedRangeId": claimed_id(book, "protections", None)} for entry in sheet.protections
    ]
    row_ids = {old.row_id: new.row_id for old, new in zip(sheet.rows, copy.rows, strict=True)}
    for kind, things in sheet.things.items():
        told = (on_other_sheet(thing, sheet.sheet_id, sheet_id) for thing in things)
        copy.keep(kind, [_with_own_ids(book, kind, thing, row_ids) for thing in told])
    copy.reshaped = True
    return copy


def _with_own_ids(book: Book, kind: str, thing: Json, row_ids: dict[int, int]) -> Json:
    own = {ID_NAMES[kind]: claimed_id(book, kind, None)} if kind in ID_NAMES else {}
    row = {"rowId": row_ids[thing["rowId"]]} if thing.get("rowId") in row_ids else {}
    return {**thing, **own, **row}


def title_of_copy(book: Book, title: str) -> str:
    """`Copy of …`, with a number behind it if there is one already."""
    wanted = f"Copy of {title}"[:100]
    number = 2
    while book.sheet_titled(wanted) is not None:
        wanted = f"{f'Copy of {title}'[:90]} {number}"
        number += 1
    return wanted
