"""Files from and for the grid: the whole spreadsheet as XLSX, a sheet as CSV, sheets out of an XLSX, and to print."""

import json
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request

from localsheets.api.http_edge import answer, shelf
from localsheets.errors import InvalidRequestError
from localsheets.exchange.contents import add_tabs
from localsheets.exchange.delimited import csv_text
from localsheets.exchange.xlsx import read_workbook, workbook_bytes
from localsheets.grid.entering import check_writer
from localsheets.grid.guard import require_login, staff, strict_headers
from localsheets.grid.looks import Looks
from localsheets.grid.sessions import language, words
from localsheets.grid.views import Viewer, view_from_json
from localsheets.model.sheet import Sheet
from localsheets.requests.step import as_object

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_PRINTED_ROWS = 20_000
Json = dict[str, Any]
blueprint = Blueprint("grid_files", __name__, template_folder="templates", url_prefix="/register")
blueprint.before_request(require_login)
blueprint.after_request(strict_headers)


@blueprint.get("/data/<book_id>/export.xlsx")
def export_xlsx(book_id: str) -> Response:
    """The whole spreadsheet."""
    book = shelf().read(book_id, staff())
    return _download(workbook_bytes(book), XLSX, f"{book.title}.xlsx")


@blueprint.get("/data/<book_id>/<int:sheet_id>/export.csv")
def export_csv(book_id: str, sheet_id: int) -> Response:
    """One sheet, as it is shown, whatever the person's view; with a mark by which Excel knows UTF-8."""
    book = shelf().read(book_id, staff())
    sheet = book.sheet(sheet_id)
    text = "\ufeff" + csv_text(book, sheet, for_excel=True).lstrip("\ufeff")
    return _download(text.encode(), "text/csv; charset=utf-8", f"{book.title} - {sheet.title}.csv")


def _download(content: bytes, kind: str, name: str) -> Response:
    safe = "".join("_" if c in '\\/:*?"<>|' or ord(c) < 32 else c for c in name)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(safe, safe='')}"}
    return Response(content, content_type=kind, headers=headers)


@blueprint.post("/data/<book_id>/import")
def bring_in(book_id: str) -> Response:
    """The sheets of an XLSX file, the request's body, as new tabs behind the others."""
    check_writer(book_id)
    data = request.get_data()
    if not data.startswith(b"PK"):
        raise InvalidRequestError(words()["no_workbook"])
    contents = read_workbook(data, shelf().read(book_id, staff()).locale)
    with shelf().writing(book_id, staff(), "grid import", origin="grid") as draft:
        sheets = add_tabs(draft, staff(), contents)
        told = {
            "revision": draft.revision,
            "sheets": [{"id": sheet.sheet_id, "title": sheet.title} for sheet in sheets],
        }
    return answer(told)


@blueprint.get("/print")
def printed() -> str:
    """A sheet as a table to print, as the person's view shows it; hidden rows and columns are left out."""
    book = shelf().read(request.args.get("id", ""), staff())
    sheet_id = request.args.get("sheet", "0")
    sheet = book.sheet(int(sheet_id) if sheet_id.isdecimal() and len(sheet_id) < 16 else -1)
    try:
        told = json.loads(request.args.get("view", "{}"))
    except ValueError as error:
        raise InvalidRequestError("view must be JSON.") from error
    view = view_from_json({name: value for name, value in as_object("view", told).items() if value is not None})
    viewer = Viewer(book, sheet)
    hidden = {line for line, line_told in sheet.lines.items() if line_told.get("hiddenByUser")}
    positions = [place for place in viewer.shown(view)[0] if place not in hidden]
    looks = Looks(book, sheet)
    head = [looks.row(place) for place in range(viewer.top) if place not in hidden]
    body = [looks.row(place) for place in positions[:MOST_PRINTED_ROWS]]
    columns = _columns(sheet, [*head, *body])
    chosen = set(request.args.get("columns", "").split(","))
    columns = [column for column in columns if str(column) in chosen] or columns
    widths = [sheet.columns.get(column, {}).get("pixelSize", 100) for column in columns]
    return render_template(
        "localsheets/print.html",
        w=words(),
        language=language(),
        title=book.title,
        sheet=sheet.title,
        narrowed=words()["printed_rows"].format(count=len(body)) if view.narrows else "",
        left_out=len(positions) - len(body),
        widths=[f"{100 * width / max(1, sum(widths)):.2f}%" for width in widths],
        head=[_line(row, columns, looks.table) for row in head],
        body=[_line(row, columns, looks.table) for row in body],
    )


def _columns(sheet: Sheet, rows: list[list[Any]]) -> list[int]:
    """The columns up to the last one with anything to print."""
    last = max((len(row) for row in rows), default=0)
    return [c for c in range(last) if not sheet.columns.get(c, {}).get("hiddenByUser")]


def _line(row: list[Any], columns: list[int], table: list[Json]) -> list[Json]:
    return [_printed_cell(row[column] if column < len(row) else None, table) for column in columns]


def _printed_cell(cell: Any, table: list[Json]) -> Json:
    """Text and look; a check box as a box."""
    if not isinstance(cell, dict):
        return {"text": cell or "", "look": {}, "right": False}
    look = table[cell["s"]] if "s" in cell else {}
    text = {True: "☑", False: "☐"}[cell["b"]] if "b" in cell else cell.get("t", "")
    return {"text": text, "look": look, "align": look.get("align") or ("right" if cell.get("num") else "left")}
