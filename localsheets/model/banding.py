"""
Alternating colours: which one of a banded range a cell has.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/sheets#BandedRange
"""

from typing import Any

from localsheets.model.box import Axis, Box, box_from_json
from localsheets.model.sheet import Sheet

Json = dict[str, Any]
_NAMES = ("headerColor", "footerColor", "firstBandColor", "secondBandColor")
_AXES: tuple[tuple[str, Axis], ...] = (("rowProperties", "ROWS"), ("columnProperties", "COLUMNS"))


class Bands:
    """The banded ranges of a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self._things = [(box_from_json(thing["range"]), thing) for thing in sheet.kept("bandedRanges")]
        self._ends = {"ROWS": sheet.row_count, "COLUMNS": sheet.column_count}
        self.boxes = [box for box, _ in self._things]

    def at(self, row: int, column: int) -> Json:
        """The background of a cell as a part of a format; empty outside of all bands."""
        for box, thing in self._things:
            if box.holds(row, column):
                return self._colour(box, thing, {"ROWS": row, "COLUMNS": column})
        return {}

    def _colour(self, box: Box, thing: Json, place: dict[str, int]) -> Json:
        """The header's and footer's colour before a first band's, that before a second one's; rows before columns."""
        found = []
        for name, axis in _AXES:
            properties = thing.get(name) or {}
            colour = _band(properties, place[axis], *box.span(axis), self._ends[axis])
            if colour and (_is_set(properties, colour)):
                found.append((_NAMES.index(colour), properties, colour))
        if not found:
            return {}
        _, properties, colour = min(found, key=lambda each: max(each[0], 1))
        parts = {"": "backgroundColor", "Style": "backgroundColorStyle"}
        return {told: properties[colour + end] for end, told in parts.items() if colour + end in properties}


def _is_set(properties: Json, colour: str) -> bool:
    return colour in properties or colour + "Style" in properties


def _band(properties: Json, line: int, first: int, last: int | None, size: int) -> str:
    """Which of its colours a line has; "" if there are none along this axis."""
    if not properties:
        return ""
    header = _is_set(properties, "headerColor")
    if header and line == first:
        return "headerColor"
    if _is_set(properties, "footerColor") and line == (size if last is None else last) - 1:
        return "footerColor"
    return "secondBandColor" if (line - first - header) % 2 else "firstBandColor"
