"""
`spreadsheets.create` with everything already in it: each part is the request that would add it.

Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/create
"""

from collections.abc import Callable
from typing import Any

from localsheets.model.sheet import Sheet
from localsheets.requests import contents, lines, marks, names, rules, shapes, tabs, things
from localsheets.requests.step import Handler, Json, Step, as_list, as_object, whole_number

_PARTS: dict[str, tuple[Handler, Callable[[Any], Json]]] = {
    "merges": (shapes.merge_cells, lambda part: {"range": part, "mergeType": "MERGE_ALL"}),
    "conditionalFormats": (rules.add_conditional_format_rule, lambda part: {"rule": part}),
    "basicFilter": (rules.set_basic_filter, lambda part: {"filter": part}),
    "filterViews": (things.add_filter_view, lambda part: {"filter": part}),
    "bandedRanges": (things.add_banding, lambda part: {"bandedRange": part}),
    "charts": (things.add_chart, lambda part: {"chart": part}),
    "slicers": (things.add_slicer, lambda part: {"slicer": part}),
    "rowGroups": (shapes.add_dimension_group, lambda part: {"range": as_object("rowGroups", part).get("range")}),
    "columnGroups": (shapes.add_dimension_group, lambda part: {"range": as_object("columnGroups", part).get("range")}),
    "developerMetadata": (marks.create_developer_metadata, lambda part: {"developerMetadata": part}),
    "protectedRanges": (rules.add_protected_range, lambda part: {"protectedRange": part}),
}


def furnish(step: Step, told: Json) -> None:
    """Add a `Sheet` with its cells, and with what lies on them. Ranges name the sheet by the id that it is given."""
    added = tabs.add_sheet(step, {"properties": told.get("properties")})["addSheet"]["properties"]
    sheet = step.book.sheet(added["sheetId"])
    for data in as_list("data", told.get("data")):
        _write(step, sheet, as_object("data", data))
    for name, (handler, body_of) in _PARTS.items():
        parts = told.get(name) or []
        for part in parts if isinstance(parts, list) else [parts]:
            handler(step, body_of(part))


def _write(step: Step, sheet: Sheet, data: Json) -> None:
    top, left = (whole_number(name, data.get(name, 0)) for name in ("startRow", "startColumn"))
    rows = as_list("rowData", data.get("rowData"))
    width = max((len(as_list("values", as_object("rowData", row).get("values"))) for row in rows), default=0)
    sheet.set_grid(rows=max(sheet.row_count, top + len(rows)), columns=max(sheet.column_count, left + width))
    start = {"sheetId": sheet.sheet_id, "rowIndex": top, "columnIndex": left}
    if rows:
        contents.update_cells(step, {"start": start, "rows": rows, "fields": "*"})
    for name, dimension, first in (("rowMetadata", "ROWS", top), ("columnMetadata", "COLUMNS", left)):
        for line, properties in enumerate(as_list(name, data.get(name)), first):
            span = {"sheetId": sheet.sheet_id, "dimension": dimension, "startIndex": line, "endIndex": line + 1}
            wanted = {n: v for n, v in as_object(name, properties).items() if n in {"pixelSize", "hiddenByUser"}}
            if wanted:
                body = {"range": span, "properties": wanted, "fields": ",".join(wanted)}
                lines.update_dimension_properties(step, body)


def furnish_book(step: Step, told: Json) -> None:
    """Add the names and the metadata of a whole `Spreadsheet`."""
    for entry in as_list("namedRanges", told.get("namedRanges")):
        names.add_named_range(step, {"namedRange": entry})
    for entry in as_list("developerMetadata", told.get("developerMetadata")):
        marks.create_developer_metadata(step, {"developerMetadata": entry})
