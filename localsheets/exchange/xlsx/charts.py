"""
Charts as Excel's own: columns, bars, lines and pies, over the same cells. Others are left out.

They read in black and white there too: numbers at bars and slices, lines told apart by dashes and points.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from openpyxl.chart import BarChart, LineChart, PieChart, Reference, Series
from openpyxl.chart.data_source import StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.reference import DummyWorksheet
from openpyxl.chart.series import SeriesLabel
from openpyxl.utils import get_column_letter
from openpyxl.xml.functions import tostring

from localsheets.errors import LocalSheetsError
from localsheets.model.book import Book
from localsheets.model.box import box_from_json

log = logging.getLogger(__name__)
Json = dict[str, Any]
_UNDRAWABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, LocalSheetsError)
"""What openpyxl, and our own reading, raise of a spec that is none."""
_DASHES = ("solid", "dash", "sysDot", "lgDashDot", "sysDash", "lgDash")
_MARKS = ("circle", "square", "diamond", "triangle")
_INK, _GREY = "1F2933", "52606D"
_PIXELS_PER_CM = 37.8


def excel_chart(book: Book, chart: Json, titles: Mapping[str, str]) -> Any:
    """
    A chart for openpyxl, anchored; None where Excel's file cannot have it from us.

    Whatever an earlier version of this server kept as a chart, the rest of the workbook does not depend on it.

    Args:
        titles: Of each sheet, the title that it has in the workbook.
    """
    try:
        made = _drawn(book, chart, titles)
        if made is not None:
            tostring(made._write())  # noqa: SLF001  # openpyxl refuses some of it only when the workbook is saved
    except _UNDRAWABLE:
        log.warning("A chart cannot be drawn for Excel and is left out: %s", chart.get("chartId"), exc_info=True)
        return None
    return made


def _drawn(book: Book, chart: Json, titles: Mapping[str, str]) -> Any:
    spec = chart["spec"]
    basic, pie = spec.get("basicChart", {}), spec.get("pieChart")
    kinds: Mapping[str, Callable[[], Any]] = {"COLUMN": BarChart, "BAR": BarChart, "LINE": LineChart}
    kind = "" if pie else basic.get("chartType", "")
    if not pie and kind not in kinds:
        return None
    made = PieChart() if pie else kinds[kind]()
    made.title = spec.get("title") or None
    domains = [pie] if pie else basic.get("domains", [])
    domain = domains[0].get("domain") if domains else None
    sources = [pie.get("series")] if pie else [series.get("series") for series in basic.get("series", [])]
    heads = 0 if pie else int(basic.get("headerCount", 0))
    for place, source in enumerate(sources):
        if (values := _reference(book, source, titles, heads)) is not None:
            series = Series(values)
            _named(series, _reference(book, source, titles, 0) if heads else None)
            _dressed(series, kind, place)
            made.series.append(series)
    if not made.series:
        return None
    if (labels := _reference(book, domain, titles, heads)) is not None:
        made.set_categories(labels)
    _furnished(made, kind, basic)
    _placed(made, chart["position"]["overlayPosition"])
    return made


def _reference(book: Book, data: Json | None, titles: Mapping[str, str], heads: int) -> Any:
    """The first range of a `ChartData`, without the cells that name it; None if it has none any more."""
    source = next(iter((data or {}).get("sourceRange", {}).get("sources", [])), None)
    sheet = next((s for s in book.sheets if source and s.sheet_id == source.get("sheetId", 0)), None)
    if source is None or sheet is None:
        return None
    box = sheet.clip(box_from_json(source))
    across = box.bottom - box.top == 1 and box.right - box.left > 1
    top, left = (box.top, box.left + heads) if across else (box.top + heads, box.left)
    if top >= box.bottom or left >= box.right:
        return None
    right = box.right if across else left + 1
    of_cells: Any = Reference  # its stubs know no stand-in for a worksheet
    return of_cells(
        DummyWorksheet(titles[sheet.title]), min_col=left + 1, min_row=top + 1, max_col=right, max_row=box.bottom
    )


def _named(series: Any, whole: Any) -> None:
    if whole is not None:
        cell = f"{whole.sheetname}!${get_column_letter(whole.min_col)}${whole.min_row}"
        series.tx = SeriesLabel(strRef=StrRef(cell))


def _dressed(series: Any, kind: str, place: int) -> None:
    if kind == "LINE":
        series.graphicalProperties.line.solidFill = _INK
        series.graphicalProperties.line.dashStyle = _DASHES[place % len(_DASHES)]
        series.marker.symbol = _MARKS[place % len(_MARKS)]
        series.marker.graphicalProperties.solidFill = "FFFFFF"
        series.marker.graphicalProperties.line.solidFill = _INK
        series.smooth = False
    elif kind:
        series.graphicalProperties.solidFill = _GREY if place % 2 == 0 else "D5DBE1"
        series.graphicalProperties.line.solidFill = _INK


def _furnished(made: Any, kind: str, basic: Json) -> None:
    if kind in ("BAR", "COLUMN"):
        made.type = "bar" if kind == "BAR" else "col"
        made.gapWidth = 60
    if kind != "LINE":
        made.dataLabels = DataLabelList(showVal=True, showPercent=not kind, showCatName=not kind, showSerName=False)
        made.dataLabels.showLegendKey = False
    if len(made.series) == 1:
        made.legend = None
    elif kind:
        made.legend.position = "b"
    if kind:
        titles = {axis.get("position"): axis.get("title") for axis in basic.get("axis", [])}
        beside, below = titles.get("LEFT_AXIS") or None, titles.get("BOTTOM_AXIS") or None
        made.x_axis.title, made.y_axis.title = (beside, below) if kind == "BAR" else (below, beside)
        made.x_axis.delete = made.y_axis.delete = False
        if kind == "BAR":
            made.x_axis.scaling.orientation = "maxMin"  # the first on top, as in Sheets


def _placed(made: Any, overlay: Json) -> None:
    """Over its cell; Excel's offsets within a cell are left out."""
    anchor = overlay.get("anchorCell", {})
    made.anchor = f"{get_column_letter(anchor.get('columnIndex', 0) + 1)}{anchor.get('rowIndex', 0) + 1}"
    made.width = overlay.get("widthPixels", 600) / _PIXELS_PER_CM
    made.height = overlay.get("heightPixels", 371) / _PIXELS_PER_CM
