"""
The charts of the tab `Dasbor` as the Sheets API takes them.

They read in black and white: one dark grey with its number on each bar, lines told apart by dashes and by the shape of
their points, slices by their labels.
Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/charts
"""

from typing import Any

from sheets_schema.dashboard_tab import HISTORY_HEAD, Block, Chart, ChartKind
from sheets_schema.existing import Request

COLUMN = 3
"""The charts stand from here on, right of the blocks; `Riwayat`, which is wider, stands below them all."""
WIDTH_PIXELS, LEAST_HEIGHT_PIXELS, ROW_PIXELS = 640, 290, 21
_GREY = 0.25
_STROKES = (
    ("SOLID", "CIRCLE", 0.1),
    ("MEDIUM_DASHED", "SQUARE", 0.3),
    ("DOTTED", "DIAMOND", 0.1),
    ("LONG_DASHED_DOTTED", "TRIANGLE", 0.45),
)


def added(chart: Chart, block: Block, *, sheet_id: int, top: int, history: dict[str, int]) -> Request:
    """
    The request for one chart.

    Args:
        top: The row of the block's heading.
        history: The rows of `Riwayat` with their head.
    """
    first, end = top + 1, top + 1 + len(block.lines)
    labels, counts = (_source(sheet_id, first, end, column) for column in (0, 1))
    if chart.of_history:
        kind = {"basicChart": _lines(history)}
    elif chart.kind is ChartKind.PIE:
        kind = {"pieChart": {"legendPosition": "LABELED_LEGEND", "domain": labels, "series": counts}}
    else:
        kind = {"basicChart": _bars(chart.kind, labels, counts)}
    spec = {"title": chart.title, "altText": f"Diagram: {chart.title}", "hiddenDimensionStrategy": "SHOW_ALL", **kind}
    overlay = {
        "anchorCell": {"sheetId": sheet_id, "rowIndex": top, "columnIndex": COLUMN},
        "widthPixels": WIDTH_PIXELS,
        "heightPixels": max(LEAST_HEIGHT_PIXELS, (end - top) * ROW_PIXELS),
    }
    return {"addChart": {"chart": {"spec": spec, "position": {"overlayPosition": overlay}}}}


def _bars(kind: ChartKind, labels: dict[str, Any], counts: dict[str, Any]) -> dict[str, Any]:
    upright = kind is ChartKind.COLUMN
    series = {
        "series": counts,
        "targetAxis": "LEFT_AXIS" if upright else "BOTTOM_AXIS",
        "dataLabel": {"type": "DATA"},
        "colorStyle": _grey(_GREY),
    }
    return {
        "chartType": kind.value,
        "legendPosition": "NO_LEGEND",
        "axis": [{"position": "LEFT_AXIS" if upright else "BOTTOM_AXIS", "title": "Jumlah pengaduan"}],
        "domains": [{"domain": labels}],
        "series": [series],
    }


def _lines(history: dict[str, int]) -> dict[str, Any]:
    series = [
        {
            "series": _source_of(history, column),
            "targetAxis": "LEFT_AXIS",
            "lineStyle": {"type": dash, "width": 2},
            "pointStyle": {"shape": shape, "size": 6},
            "colorStyle": _grey(grey),
        }
        for column, (dash, shape, grey) in enumerate(_STROKES, start=1)
    ]
    return {
        "chartType": ChartKind.LINE.value,
        "legendPosition": "BOTTOM_LEGEND",
        "axis": [
            {"position": "BOTTOM_AXIS", "title": HISTORY_HEAD[0]},
            {"position": "LEFT_AXIS", "title": "Jumlah pengaduan"},
        ],
        "domains": [{"domain": _source_of(history, 0)}],
        "series": series,
        "headerCount": 1,
    }


def _source(sheet_id: int, top: int, bottom: int, column: int) -> dict[str, Any]:
    rows = {"sheetId": sheet_id, "startRowIndex": top, "endRowIndex": bottom}
    return {"sourceRange": {"sources": [{**rows, "startColumnIndex": column, "endColumnIndex": column + 1}]}}


def _source_of(history: dict[str, int], column: int) -> dict[str, Any]:
    return _source(history["sheetId"], history["startRowIndex"], history["endRowIndex"], column)


def _grey(level: float) -> dict[str, Any]:
    return {"rgbColor": {"red": level, "green": level, "blue": level}}
