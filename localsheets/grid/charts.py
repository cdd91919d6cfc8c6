"""
What the grid draws of charts: each with its place, its words and the values of the cells that it shows.

Basic charts of columns, bars and lines, and pies, are told whole; of any other kind only its title and place. A chart
is moved and taken away here too; how it is made is left to the API.
Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/charts
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response

from localsheets.api.http_edge import answer, json_body, shelf
from localsheets.errors import NotFoundError
from localsheets.grid.entering import check_writer
from localsheets.grid.guard import require_login, staff, strict_headers
from localsheets.grid.views import Viewer
from localsheets.model.book import Book
from localsheets.model.box import box_from_json
from localsheets.model.cells import value_of
from localsheets.model.sheet import Sheet
from localsheets.requests.batch import apply_requests
from localsheets.requests.step import whole_number

Json = dict[str, Any]
MOST_POINTS = 400
"""Points of a series that are told; nobody could tell more apart."""
DRAWN = frozenset({"BAR", "COLUMN", "LINE"})
blueprint = Blueprint("grid_charts", __name__, url_prefix="/register/data/<book_id>")
blueprint.before_request(require_login)
blueprint.after_request(strict_headers)


@dataclass(frozen=True)
class Point:
    """A cell as it is shown, and its number if it holds one."""

    text: str
    number: float | None


@blueprint.get("/<int:sheet_id>/charts")
def charts(book_id: str, sheet_id: int) -> Response:
    """The charts that lie on a sheet, in the order in which they were put there."""
    book = shelf().glance(book_id, staff())
    sheet = book.sheet(sheet_id)
    told = [chart_json(book, chart) for chart in sheet.kept("charts")]
    return answer({"revision": book.followed, "charts": told})


@blueprint.post("/<int:sheet_id>/charts/<int:chart_id>")
def change(book_id: str, sheet_id: int, chart_id: int) -> Response:
    """Move a chart to the cell `{"row", "column"}`, or, without them, take it away."""
    body = json_body()
    check_writer(book_id)
    with shelf().writing(book_id, staff(), "grid chart", origin="grid") as draft:
        sheet = draft.sheet(sheet_id)
        if all(chart["chartId"] != chart_id for chart in sheet.kept("charts")):
            raise NotFoundError("There is no such chart on this sheet.")
        request: Json = {"deleteEmbeddedObject": {"objectId": chart_id}}
        if "row" in body:
            row, column = (whole_number(name, body.get(name)) for name in ("row", "column"))
            overlay = {"anchorCell": {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}}
            moved = {"objectId": chart_id, "newPosition": {"overlayPosition": overlay}}
            fields = "anchorCell,offsetXPixels,offsetYPixels"
            request = {"updateEmbeddedObjectPosition": {**moved, "fields": fields}}
        apply_requests(draft, [request], staff())
        revision = draft.revision
    return answer({"revision": revision})


def chart_json(book: Book, chart: Json) -> Json:
    """One chart as the page draws it."""
    spec, place = chart["spec"], chart["position"]["overlayPosition"]
    anchor = place.get("anchorCell", {})
    told: Json = {
        "id": chart["chartId"],
        "row": anchor.get("rowIndex", 0),
        "column": anchor.get("columnIndex", 0),
        "x": place.get("offsetXPixels", 0),
        "y": place.get("offsetYPixels", 0),
        "width": place.get("widthPixels", 600),
        "height": place.get("heightPixels", 371),
        "title": spec.get("title", ""),
        "subtitle": spec.get("subtitle", ""),
        "alt": spec.get("altText", ""),
    }
    if "pieChart" in spec:
        return told | _pie(book, spec)
    kind = spec.get("basicChart", {}).get("chartType")
    return told | (_basic(book, spec) if kind in DRAWN else {"kind": "OTHER", "labels": [], "series": []})


def _pie(book: Book, spec: Json) -> Json:
    pie, skips = spec["pieChart"], _skips_hidden(spec)
    labels, values = _points(book, pie.get("domain"), skips), _points(book, pie.get("series"), skips)
    head = _head_count(None, [values])
    return {"kind": "PIE", **_told(labels[head:], [("", values[head:])])}


def _basic(book: Book, spec: Json) -> Json:
    basic, skips = spec["basicChart"], _skips_hidden(spec)
    domains = basic.get("domains", [])
    labels = _points(book, domains[0].get("domain") if domains else None, skips)
    read = [
        _points(book, series.get("series"), skips)
        for series in basic.get("series", [])
        if _has_cells(series.get("series"))
    ]
    head = _head_count(basic.get("headerCount"), read)
    named = [(" ".join(point.text for point in points[:head]), points[head:]) for points in read]
    axes = {axis.get("position"): axis.get("title", "") for axis in basic.get("axis", [])}
    return {
        "kind": basic["chartType"],
        "stacked": basic.get("stackedType", "NOT_STACKED")
        not in {"NOT_STACKED", "BASIC_CHART_STACKED_TYPE_UNSPECIFIED"},
        "below": axes.get("BOTTOM_AXIS", ""),
        "beside": axes.get("LEFT_AXIS", ""),
        **_told(labels[head:], named),
    }


def _told(labels: list[Point], named: list[tuple[str, list[Point]]]) -> Json:
    """Labels and series of one length, without points at which nothing stands anywhere."""
    count = min(MOST_POINTS, max((len(points) for points in (labels, *(points for _, points in named))), default=0))
    nothing = Point("", None)
    columns = [[*points, *[nothing] * (count - len(points))][:count] for points in (labels, *(p for _, p in named))]
    shown = [at for at in range(count) if any(column[at].text for column in columns)]
    return {
        "labels": [columns[0][at].text for at in shown],
        "series": [
            {"name": name, "values": [column[at].number for at in shown], "texts": [column[at].text for at in shown]}
            for (name, _), column in zip(named, columns[1:], strict=True)
        ],
    }


def _head_count(told: object, read: list[list[Point]]) -> int:
    """How many of the first cells name their series; guessed, as Google does, where the chart does not say."""
    if isinstance(told, int):
        return told
    firsts = [points[0] for points in read if points]
    return 1 if firsts and all(point.text and point.number is None for point in firsts) else 0


def _has_cells(data: Json | None) -> bool:
    """Whether any of its cells are still there."""
    return bool((data or {}).get("sourceRange", {}).get("sources"))


def _skips_hidden(spec: Json) -> bool:
    return bool(spec.get("hiddenDimensionStrategy") != "SHOW_ALL")


def _points(book: Book, data: Json | None, skips_hidden: bool) -> list[Point]:
    """The cells of a `ChartData`, one range after another: of a wide one its first row, else its first column."""
    points: list[Point] = []
    for source in (data or {}).get("sourceRange", {}).get("sources", []):
        sheet = next((sheet for sheet in book.sheets if sheet.sheet_id == source.get("sheetId", 0)), None)
        if sheet is not None:
            points += _cells(book, sheet, source, skips_hidden)
    return points[: MOST_POINTS * 2]


def _cells(book: Book, sheet: Sheet, source: Json, skips_hidden: bool) -> list[Point]:
    box = sheet.clip(box_from_json(source))
    viewer = Viewer(book, sheet)
    rows, columns = range(box.top, min(box.bottom, len(sheet.rows))), range(box.left, box.right)
    if skips_hidden:
        rows_shown = [row for row in rows if not sheet.lines.get(row, {}).get("hiddenByUser")]
        columns_shown = [column for column in columns if not sheet.columns.get(column, {}).get("hiddenByUser")]
    else:
        rows_shown, columns_shown = list(rows), list(columns)
    across = box.bottom - box.top == 1 and box.right - box.left > 1
    places = [(row, column) for row in rows_shown for column in (columns_shown if across else columns_shown[:1])]
    found = []
    for row, column in places:
        cell = sheet.cell(row, column)
        value = value_of(cell)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        found.append(Point(viewer.text(row, column, cell), float(value) if is_number else None))  # type: ignore[arg-type]
    return found
