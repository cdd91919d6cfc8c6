"""What the grid reads, as JSON: the shape of a sheet, windows of rows, what changed, and which rows to show."""

from typing import Any

from flask import Blueprint, Response, current_app, request

from localsheets.api.http_edge import answer, json_body, shelf
from localsheets.errors import ConflictError, InvalidRequestError
from localsheets.formats.coercion import decimal_mark
from localsheets.formulas.ruling import coloured_by_formula
from localsheets.grid.crowd import Crowd
from localsheets.grid.guard import require_login, staff, strict_headers
from localsheets.grid.looks import Looks, colour_of
from localsheets.grid.sessions import words
from localsheets.grid.views import MOST_VALUES, Viewer, view_from_json
from localsheets.identity import Identity
from localsheets.model.book import ROLES_THAT_WRITE, Book
from localsheets.model.box import Box
from localsheets.model.choices import choices_of, source_sheets
from localsheets.model.conditions import wanted_values
from localsheets.model.merging import merges_of
from localsheets.model.protection import may_pass
from localsheets.model.sheet import Sheet
from localsheets.requests.step import as_list, as_object, whole_number

MOST_ROWS = 500
"""Rows in one answer; more changed rows than that, and the browser loads its window again."""

Json = dict[str, Any]
blueprint = Blueprint("grid_data", __name__, url_prefix="/register/data/<book_id>")
blueprint.before_request(require_login)
blueprint.after_request(strict_headers)


def tabs_json(book: Book) -> Json:
    """The tabs, and those that are hidden."""
    told: dict[str, list[Json]] = {"tabs": [], "hiddenTabs": []}
    for index, sheet in enumerate(book.sheets):
        tab = {"id": sheet.sheet_id, "title": sheet.title, "index": index}
        colour = colour_of(sheet.properties, "tabColor")
        told["hiddenTabs" if sheet.properties.get("hidden") else "tabs"].append(
            tab | ({"colour": colour} if colour else {})
        )
    return told


def rows_json(book: Book, sheet: Sheet, positions: list[int]) -> Json:
    """Rows as the grid draws them, with the looks they refer to."""
    looks = Looks(book, sheet, coloured_by_formula(shelf().calculators, book, sheet, positions))
    rows = [{"r": r, "id": _lasting_id(sheet, r), "c": looks.row(r)} for r in positions]
    return {"rows": rows, "looks": looks.table}


def _lasting_id(sheet: Sheet, place: int) -> int | None:
    """The row's id; None where nobody has written yet, even if a formula's array reaches there."""
    row_id = sheet.rows[place].row_id if place < len(sheet.rows) else -1
    return row_id if row_id >= 0 else None


@blueprint.get("/sheets")
def sheets(book_id: str) -> Response:
    """The spreadsheet's title and tabs."""
    book = shelf().glance(book_id, staff())
    return answer({"title": book.title, "revision": book.followed, **tabs_json(book)})


@blueprint.get("/<int:sheet_id>/layout")
def layout(book_id: str, sheet_id: int) -> Response:
    """Everything about a sheet except what is in its cells."""
    book = shelf().glance(book_id, staff())
    return answer(layout_json(book, book.sheet(sheet_id), staff()))


def layout_json(book: Book, sheet: Sheet, who: Identity) -> Json:
    """Size, frozen lines, widths, choices, and what is closed to this person."""
    grid = sheet.properties["gridProperties"]
    return {
        "revision": book.followed,
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
        "heights": {line: told["pixelSize"] for line, told in sheet.lines.items() if "pixelSize" in told},
        "merges": [_corners(sheet.clip(box)) for box in merges_of(sheet)],
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
        "charts": len(sheet.kept("charts")),
        "locale": book.locale,
        "decimalMark": decimal_mark(book.locale),
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
    book = shelf().glance(book_id, staff())
    sheet = book.sheet(sheet_id)
    start, count = _number("start"), min(_number("count", 100), MOST_ROWS)
    positions = list(range(start, min(start + count, sheet.row_count)))
    if "at" in request.args:
        listed = request.args["at"].split(",")[:MOST_ROWS]
        positions = [int(p) for p in listed if p.isdecimal() and len(p) < 9 and int(p) < sheet.row_count]
    told = rows_json(book, sheet, positions)
    return answer({"revision": book.followed, "structure": sheet.structure, **told})


def id_runs(sheet: Sheet, positions: list[int]) -> list[list[int | None]]:
    """The lasting ids of rows that go up, as runs `[row, id of the first, count]`; null where nobody wrote yet."""
    runs: list[list[Any]] = []
    for place in positions:
        row_id = _lasting_id(sheet, place)
        last = runs[-1] if runs else None
        follows = last is not None and place == last[0] + last[2]
        if last is not None and follows and row_id == (None if last[1] is None else last[1] + last[2]):
            last[2] += 1
        else:
            runs.append([place, row_id, 1])
    return runs


@blueprint.get("/<int:sheet_id>/ids")
def ids(book_id: str, sheet_id: int) -> Response:
    """
    The lasting ids of `count` rows from `start` on, in runs, for what is done to rows that the page has not loaded.

    `seen` is the structure that the page knew when somebody picked them; by another one (409) they are other rows.
    """
    sheet = shelf().glance(book_id, staff()).sheet(sheet_id)
    if _number("seen") != sheet.structure:
        raise ConflictError(words()["shape_changed"])
    start = _number("start")
    return answer({"ids": id_runs(sheet, list(range(start, min(start + _number("count"), sheet.row_count))))})


@blueprint.get("/<int:sheet_id>/changes")
def changes(book_id: str, sheet_id: int) -> Response:
    """
    What changed since a revision, and who is where; 204 if that is all as before.

    `track` names a row by its id, and the answer tells where it is now (null: it was deleted). `me` names the page that
    asks, `row` and `column` its active cell, `crowd` the number of the people it knows.
    """
    book = shelf().glance(book_id, staff())
    since = _number("since")
    told: Json = _people(book_id, sheet_id) | {"revision": book.followed}
    if since == book.followed == book.revision:
        return answer(told) if "people" in told else Response(status=204)
    sheet = next((sheet for sheet in book.sheets if sheet.sheet_id == sheet_id), None)
    told |= {**tabs_json(book), "gone": sheet is None}
    if sheet is None:
        return answer(told)
    told["structure"] = sheet.structure
    tracked = _number("track", 0)
    if tracked:
        told["tracked"] = shelf().feed.place_of(book, sheet, tracked)
    changed = shelf().feed.places(book, sheet, since)  # looked up once for all open pages
    chosen_from = any(shelf().feed.places(book, source, since) for source in source_sheets(book, sheet))
    told["reload"] = sheet.structure > since or since > book.followed or len(changed) > MOST_ROWS or chosen_from
    return answer(told if told["reload"] else told | rows_json(book, sheet, changed))


def _people(book_id: str, sheet_id: int) -> Json:
    """Who else is here, if that has changed since the page last heard of it."""
    page = request.args.get("me", "")[:64]
    if not page:
        return {}
    crowd: Crowd = current_app.extensions["localsheets_crowd"]
    version = crowd.note(book_id, page, staff(), (sheet_id, _number("row"), _number("column")))
    return {} if version == _number("crowd") else {"crowd": version, "people": crowd.others(book_id, page)}


def place_of(sheet: Sheet, row_id: int, hint: object = None) -> int | None:
    """
    Where the row with that id is now; None if it was deleted.

    Args:
        hint: Where it was, as far as the page knows: looking there first spares a look at every row.
    """
    if isinstance(hint, int) and 0 <= hint < len(sheet.rows) and sheet.rows[hint].row_id == row_id:
        return hint
    return next((place for place, row in enumerate(sheet.rows) if row.row_id == row_id), None)


@blueprint.post("/<int:sheet_id>/view")
def view(book_id: str, sheet_id: int) -> Response:
    """
    The positions of the rows that a view shows, in its order, and how many rows there are without it.

    Nobody else's view changes. Frozen rows are always shown by the browser and left out here. What people search for
    does not belong into an address, so it is told in the body.
    """
    positions, total = _viewer(book_id, sheet_id).shown(view_from_json(json_body()))
    return answer({"positions": positions, "total": total})


@blueprint.post("/<int:sheet_id>/values")
def values(book_id: str, sheet_id: int) -> Response:
    """The texts of a column with their number, for a list to choose from; `{"column", "view"}`."""
    body = json_body()
    column, told_view = whole_number("column", body.get("column")), as_object("view", body.get("view"))
    counted = _viewer(book_id, sheet_id).values(column, view_from_json({**told_view, "sort": None}))
    ordered = sorted(counted.items(), key=lambda entry: (entry[0] != "", entry[0].casefold()))
    return answer({"values": ordered[:MOST_VALUES], "more": max(0, len(ordered) - MOST_VALUES)})


@blueprint.post("/<int:sheet_id>/sums")
def sums(book_id: str, sheet_id: int) -> Response:
    """Sum, average and count of a box as people see it: `{"box": [top, bottom, left, right], "view"}`."""
    body = json_body()
    corners = [whole_number("box", corner) for corner in as_list("box", body.get("box"))]
    if len(corners) != 4:
        raise InvalidRequestError("box must be top, bottom, left and right.")
    view = view_from_json(as_object("view", body.get("view")))
    return answer(_viewer(book_id, sheet_id).sums(Box(*corners), view))


def _viewer(book_id: str, sheet_id: int) -> Viewer:
    book = shelf().glance(book_id, staff())
    return Viewer(book, book.sheet(sheet_id))


def _number(name: str, default: int = 0) -> int:
    text = request.args.get(name, str(default))
    if not text.isdecimal() or len(text) > 15:
        raise InvalidRequestError(f"{name} must be a whole number.")
    return int(text)
