"""
What lies on a sheet besides its cells, as `spreadsheets.get` tells it; what does not exist is left out.

Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/sheets
"""

from typing import Any

from localsheets.model.anchors import THINGS
from localsheets.model.box import Axis, ClosedBox
from localsheets.model.colours import with_colours
from localsheets.model.metadata import entries_of, of_lines
from localsheets.model.sheet import Sheet

Json = dict[str, Any]


def parts_json(sheet: Sheet) -> Json:
    """Merges, charts, filter views, groups and the like, by their names in Google's `Sheet`."""
    told: Json = {
        kind: [with_colours(thing) for thing in sheet.kept(kind)]
        for kind in THINGS
        if kind != "developerMetadata" and sheet.kept(kind)
    }
    own = [entry.as_json() for entry in entries_of(sheet) if entry.location.axis is None]
    return told | ({"developerMetadata": own} if own else {})


def lines_json(sheet: Sheet, box: ClosedBox) -> Json:
    """The `rowMetadata` and `columnMetadata` of a `GridData`."""
    marks = of_lines(sheet)

    def told(axis: Axis, line: int) -> Json:
        kept = sheet.lines if axis == "ROWS" else sheet.columns
        properties = {"pixelSize": 21 if axis == "ROWS" else 100, **kept.get(line, {})}
        return properties | ({"developerMetadata": marks[axis][line]} if line in marks[axis] else {})

    return {
        "rowMetadata": [told("ROWS", row) for row in range(box.top, box.bottom)],
        "columnMetadata": [told("COLUMNS", column) for column in range(box.left, box.right)],
    }
