"""What the grid reads, as JSON: the shape of a sheet, windows of rows, what changed, and which rows to show."""

from typing import Any

from flask import Blueprint, Response, request

from localsheets.book import ROLES_THAT_WRITE, Book
from localsheets.box import Box
from localsheets.cells import formatted, value_of
from localsheets.choices import choices_of, source_sheets
from localsheets.conditions import wanted_values
from localsheets.errors import InvalidRequestError
from localsheets.grid.guard import require_login, staff, strict_headers
from localsheets.grid.looks import Looks
from localsheets.http_edge import answer, shelf
from localsheets.identity import Identity
from localsheets.layers import NumberFormats
from localsheets.protection import may_pass
from localsheets.requests.lines import sorted_by
from localsheets.sheet import Row, Sheet

MOST_ROWS = 500
"""Rows in one answer; more changed rows than that, and the browser loads its window again."""

Json = dict[str, Any]
blueprint = Blueprint("grid_data", __name__, url_prefix="/register/data/<book_id>")
blueprint.before_request(require_login)
blueprint.after_request(strict_headers)


def tabs_json(book: Book) -> list[Json]:
    """The tabs that are not hidden."""
    return [
        {"id": sheet.sheet_id, "title": sheet.title}
        for sheet in book.sheets
        if not sheet.properties.get("hidden", False)
    ]


def rows_json(book: Book, sheet: Sheet, positions: list[int]) -> Json:
    """Rows as the grid draws them, with the looks they refer to."""
    looks = Looks(book, sheet)
    rows = [{"r": r, "id": sheet.rows[r].row_id if r < len(sheet.rows) else None, "c": looks.row(r)} for r in positions]
    return {"rows": rows, "looks": looks.table}


@blueprint.get("/sheets")
def sheets(book_id: str) -> Response:
    """The spreadsheet's title and tabs."""
    book = shelf().read(book_id, staff())
    return answer({"title": book.title, "revision": book.revision, "tabs": tabs_json(book)})


@blueprint.get("/<int:sheet_id>/layout")
def layout(book_id: str, sheet_id: int) -> Response:
    """Everything about a sheet except what is in its cells."""
    book = shelf().read(book_id, staff())
    return answer(layout_json(book, book.sheet(sheet_id), staff()))


def layout_json(book: Book, sheet: Sheet, who: Identity) -> Json:
    """Size, frozen lines, widths, choices, and what is closed to this person."""
    grid = sheet.properties["gridProperties"]
    return {
        "revision": book.revision,
        "structure": sheet.structure,
        "rowCount": sheet.row_count,
        "columnCount": sheet.column_count,
        "frozenRows": grid.get("frozenRowCount", 0),
        "frozenColumns": grid.get("frozenColumnCount", 0),
        "columns": {
            column: {"width": told.get("pixelSize", 100), "hidden": bool(told.get("hiddenByUser"))}
            for column, told in sheet.columns.items()
        },
        "hiddenRows": [line for line, told in sheet.lines.items() if told.get("hiddenByUser")],
        "choices": [_choice_json(book, layer["box"], layer["rule"]) for layer in sheet.validations],
        "closed": [
            {
                "box": _corners(protection["box"]),
                "why": protection.get("description", ""),
                "open": protection.get("unprotectedBoxes", []),
            }
            for protection in sheet.protections
            if not may_pass(book, protection, who)
        ],
        "mayWrite": shelf().role(book, who) in ROLES_THAT_WRITE,
    }


def _choice_json(book: Book, box: Box, rule: Json | None) -> Json:
    condition = (rule or {}).get("condition", {})
    told: Json = {"box": _corners(box), "kind": condition.get("type")}
    listed = choices_of(book, rule)
    if listed is not None:
        told |= {"kind": "ONE_OF_LIST", "values": listed}
    elif condition.get("type") == "BOOLEAN":
        told["values"] = wanted_values(condition)
    if rule and rule.get("inputMessage"):
        told["message"] = rule["inputMessage"]
    if rule and rule.get("strict"):
        told["strict"] = True
    return told


def _corners(box: Box) -> list[int | None]:
    return [box.top, box.bottom, box.left, box.right]


@blueprint.get("/<int:sheet_id>/rows")
def rows(book_id: str, sheet_id: int) -> Response:
    """A window of rows: `start`, `count`, or the rows listed in `at`."""
    book = shelf().read(book_id, staff())
    sheet = book.sheet(sheet_id)
    start, count = _number("start"), min(_number("count", 100), MOST_ROWS)
    positions = list(range(start, min(start + count, sheet.row_count)))
    if "at" in request.args:
        listed = request.args["at"].split(",")[:MOST_ROWS]
        positions = [int(p) for p in listed if p.isdecimal() and len(p) < 9 and int(p) < sheet.row_count]
    told = rows_json(book, sheet, positions)
    return answer({"revision": book.revision, "structure": sheet.structure, **told})


@blueprint.get("/<int:sheet_id>/changes")
def changes(book_id: str, sheet_id: int) -> Response:
    """
    What changed since a revision; 204 if nothing did.

    `track` names a row by its id, and the answer tells where it is now (null: it was deleted).
    """
    book = shelf().read(book_id, staff())
    since = _number("since")
    if book.revision == since:
        return Response(status=204)
    sheet = next((sheet for sheet in book.sheets if sheet.sheet_id == sheet_id), None)
    told: Json = {"revision": book.revision, "tabs": tabs_json(book), "gone": sheet is None}
    if sheet is None:
        return answer(told)
    told["structure"] = sheet.structure
    tracked = _number("track", 0)
    if tracked:
        told["tracked"] = place_of(sheet, tracked)
    changed = [place for place, row in enumerate(sheet.rows) if row.revision > since]
    chosen_from = any(row.revision > since for source in source_sheets(book, sheet) for row in source.rows)
    told["reload"] = sheet.structure > since or since > book.revision or len(changed) > MOST_ROWS or chosen_from
    return answer(told if told["reload"] else told | rows_json(book, sheet, changed))


def place_of(sheet: Sheet, row_id: int) -> int | None:
    """Where the row with that id is now; None if it was deleted."""
    return next((place for place, row in enumerate(sheet.rows) if row.row_id == row_id), None)


@blueprint.get("/<int:sheet_id>/view")
def view(book_id: str, sheet_id: int) -> Response:
    """
    The positions of the rows to show: those that contain `text`, in the order of column `sort`.

    Nobody else's view changes. Frozen rows are always shown by the browser and left out here.
    """
    book = shelf().read(book_id, staff())
    sheet = book.sheet(sheet_id)
    top = int(sheet.properties["gridProperties"].get("frozenRowCount", 0))
    places = {row.row_id: place for place, row in enumerate(sheet.rows)}
    kept = [row for row in sheet.rows[top : sheet.used_rows()] if any(value_of(cell) is not None for cell in row.cells)]
    text = request.args.get("text", "").strip().casefold()
    if text:
        formats = NumberFormats(sheet)
        kept = [row for row in kept if _contains(book, formats, places[row.row_id], row, text)]
    if "sort" in request.args:
        kept = sorted_by(kept, _number("sort"), descending=request.args.get("order") == "down")
    return answer({"positions": [places[row.row_id] for row in kept]})


def _contains(book: Book, formats: NumberFormats, place: int, row: Row, text: str) -> bool:
    for column, cell in enumerate(row.cells):
        value = value_of(cell)
        if value is not None and text in formatted(value, formats.at(place, column, cell), book.locale).casefold():
            return True
    return False


def _number(name: str, default: int = 0) -> int:
    text = request.args.get(name, str(default))
    if not text.isdecimal() or len(text) > 15:
        raise InvalidRequestError(f"{name} must be a whole number.")
    return int(text)
