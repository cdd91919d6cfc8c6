"""
From a spreadsheet as it is to one with the tab `Dasbor`: a plan of Sheets v4 requests, computed without I/O.

The tab is laid out as a whole where it is not there; afterwards it is staff's to move about and to add to. Its blocks
are ranges with names, which Sheets moves along, so that they are found again wherever they are: a block whose formulas
lost their column is written anew once the column is back, and the months of `Riwayat` are written where that block is
now. Whatever staff took away stays away until they delete the tab.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sheets_schema import dashboard_charts as charts
from sheets_schema.columns import Tab
from sheets_schema.configuration_tabs import BIDANG
from sheets_schema.dashboard_tab import (
    BLOCKS,
    DAY_RANGE,
    HEADING,
    HISTORY_HEAD,
    HISTORY_MONTHS,
    HISTORY_RANGE,
    LACKING,
    NOTE,
    TITLE,
    TODAY,
    Block,
    named_in,
)
from sheets_schema.existing import Request
from sheets_schema.layout import locate
from sheets_schema.protection import DESCRIPTION
from sheets_schema.register_tab import REGISTER

SOURCES: Mapping[str, Tab] = {REGISTER.title: REGISTER, BIDANG.title: BIDANG}
"""The tabs whose columns the formulas count."""
FIRST_BLOCK_ROW = 4
LEAST_ROOM_ROWS = 14
"""A block keeps at least so many rows for itself, which a chart beside it needs."""
LABEL_PIXELS, COUNT_PIXELS = 240, 90
_FIRST_SHEET_ID = 1991
_COLUMNS = 16
_BROKEN = "#REF!"
_OWN_RANGE = re.compile(r"Dasbor_[A-Za-z]+")


@dataclass(frozen=True)
class Corner:
    """Where a block begins, 0-based."""

    row: int
    column: int


@dataclass(frozen=True)
class Found:
    """
    What of all this a spreadsheet has.

    Args:
        sheet_ids: Of every tab, by title.
        headers: Row 1 of the tabs in `SOURCES` that there are.
        named: Our named ranges as the API tells them, by name.
        entered: The cells of `Dasbor` as they were entered, a formula as its text.
    """

    sheet_ids: Mapping[str, int]
    headers: Mapping[str, Sequence[str]]
    named: Mapping[str, Mapping[str, Any]]
    entered: Sequence[Sequence[str | float | bool]]

    @property
    def sheet_id(self) -> int | None:
        """The id of `Dasbor`; None where there is no such tab."""
        return self.sheet_ids.get(TITLE)

    def place(self, name: str) -> tuple[int, int, int, int] | None:
        """Top, bottom, left and right of one of our ranges on `Dasbor`; None if it is not there, or is open."""
        found = self.named.get(name, {}).get("range", {})
        ends = [found.get(end) for end in ("endRowIndex", "endColumnIndex")]
        if self.sheet_id is None or int(found.get("sheetId", 0)) != self.sheet_id or None in ends:
            return None
        return int(found.get("startRowIndex", 0)), int(ends[0]), int(found.get("startColumnIndex", 0)), int(ends[1])

    def cell(self, row: int, column: int) -> str | float | bool:
        """What was entered in a cell of `Dasbor`, empty where nothing was."""
        line = self.entered[row] if row < len(self.entered) else ()
        return line[column] if column < len(line) else ""


def plan_dashboard(found: Found) -> list[Request]:
    """The requests that lay the tab out, or mend blocks that lost their columns; none if all is as it should be."""
    if not locate(REGISTER, found.headers.get(REGISTER.title, ())).positions:
        return []  # the register is not laid out yet
    if found.sheet_id is None:
        return _laid_out(found)
    return [
        request
        for block in BLOCKS
        if (place := found.place(block.range_name)) and _is_unsound(found, block, place)
        for request in [_written(found, found.sheet_id, block, Corner(place[0], place[2]))]
    ]


def plan_history(found: Found, months: Sequence[tuple[str, int, int, int, int]]) -> list[Request]:
    """
    The request that writes the block `Riwayat`; none where it says the same already, or is not there.

    Args:
        months: Oldest first, each as `2026-11`, received, closed, late, pending. If staff made the block shorter, the
            latest count.
    """
    place = found.place(HISTORY_RANGE)
    if place is None:
        return []
    top, bottom, left, right = place
    width, height = min(right - left, len(HISTORY_HEAD)), bottom - top
    shown: list[tuple[str | int, ...]] = [month[:width] for month in months[-height:]]
    shown += [("",) * width] * (height - len(shown))
    standing = [tuple(found.cell(row, left + step) for step in range(width)) for row in range(top, bottom)]
    if standing == shown:
        return []
    rows = [{"values": [_cell(value) for value in month]} for month in shown]
    start = {"sheetId": found.sheet_id, "rowIndex": top, "columnIndex": left}
    return [{"updateCells": {"rows": rows, "fields": "userEnteredValue", "start": start}}]


# -- laying out --------------------------------------------------------------------------------------------------------


def _tops() -> tuple[dict[str, int], int]:
    """The first row of each block by key, and that of `Riwayat`."""
    tops, row = {}, FIRST_BLOCK_ROW
    for block in BLOCKS:
        tops[block.key] = row
        row += max(len(block.lines) + 1, LEAST_ROOM_ROWS) + 1
    return tops, row


def _laid_out(found: Found) -> list[Request]:
    taken = set(found.sheet_ids.values())
    sheet_id = next(number for number in range(_FIRST_SHEET_ID, 10**6, 100) if number not in taken)
    tops, history = _tops()
    end = history + 2 + HISTORY_MONTHS
    grid = {"rowCount": end + 20, "columnCount": _COLUMNS, "hideGridlines": True}
    ranges = {DAY_RANGE: _box(sheet_id, 1, 2, 1, 2), HISTORY_RANGE: _box(sheet_id, history + 2, end, 0, 5)}
    for block in BLOCKS:
        top = tops[block.key]
        ranges[block.range_name] = _box(sheet_id, top, top + 1 + len(block.lines), 0, 2)
    requests: list[Request] = [
        {"deleteNamedRange": {"namedRangeId": old["namedRangeId"]}}
        for name, old in found.named.items()
        if name in ranges  # of a tab that is gone
    ]
    properties = {"sheetId": sheet_id, "title": TITLE, "index": 1, "gridProperties": grid}
    requests.append({"addSheet": {"properties": properties}})
    requests += [_width(sheet_id, 0, LABEL_PIXELS), _width(sheet_id, 1, COUNT_PIXELS)]
    requests.append(_update(sheet_id, Corner(0, 0), _head_rows()))
    requests += [_written(found, sheet_id, block, Corner(tops[block.key], 0)) for block in BLOCKS]
    requests.append(_update(sheet_id, Corner(history, 0), _history_head()))
    requests += [{"addNamedRange": {"namedRange": {"name": name, "range": box}}} for name, box in ranges.items()]
    protected = {"range": _box(sheet_id, 0, end, 0, 5), "description": DESCRIPTION, "warningOnly": True}
    requests.append({"addProtectedRange": {"protectedRange": protected}})
    head = _box(sheet_id, history + 1, end, 0, 5)
    return requests + [
        charts.added(block.chart, block, sheet_id=sheet_id, top=tops[block.key], history=head)
        for block in BLOCKS
        if block.chart
    ]


def _head_rows() -> list[list[dict[str, Any]]]:
    return [
        [_cell(HEADING, {"bold": True, "fontSize": 14})],
        [_cell("Keadaan pada"), _cell(TODAY)],
        [_cell(NOTE, {"italic": True})],
    ]


def _history_head() -> list[list[dict[str, Any]]]:
    return [[_heading("Riwayat")], [_cell(title, {"bold": True}) for title in HISTORY_HEAD]]


def _written(found: Found, sheet_id: int, block: Block, corner: Corner) -> Request:
    """A block, each formula as it must be where the block stands."""
    rows = [[_heading(block.heading), _heading("Jumlah")]]
    for step, line in enumerate(block.lines, start=1):
        at = Corner(corner.row + step, corner.column)
        rows.append([_cell(_formula(found, line.label, at, corner)), _cell(_formula(found, line.count, at, corner))])
    return _update(sheet_id, corner, rows)


def _formula(found: Found, text: str, at: Corner, top: Corner) -> str:
    """What stands in a line at that place: a text as it is, a formula with its cells; a mark if a column is lacking."""
    cells: dict[str, str] = {}
    for name in named_in(text):
        cell = _reference(found, name, at, top)
        if not cell:
            return LACKING
        cells[name] = cell
    for name, cell in cells.items():
        text = text.replace(f"{{{name}}}", cell)
    return text


def _reference(found: Found, name: str, at: Corner, top: Corner) -> str:
    beside = letters(at.column)
    counts = letters(at.column + 1)
    near = {
        "label": f"{beside}{at.row + 1}",
        "above": f"{counts}{top.row + 2}:{counts}{at.row}",
        "day": _absolute(found.place(DAY_RANGE) or (1, 2, 1, 2)),
        "history": _absolute(found.place(HISTORY_RANGE) or (_tops()[1] + 2, _tops()[1] + 2 + HISTORY_MONTHS, 0, 5)),
    }
    return near.get(name) or _column(found, name)


def _column(found: Found, name: str) -> str:
    """A whole column of another tab, such as `Register!$E:$E`; empty if there is none of that header."""
    title, _, key = name.rpartition(".")
    tab = SOURCES[title or REGISTER.title]
    place = locate(tab, found.headers.get(tab.title, ())).positions.get(key)
    return "" if place is None else f"'{tab.title}'!${letters(place)}:${letters(place)}"


def _is_unsound(found: Found, block: Block, place: tuple[int, int, int, int]) -> bool:
    """Whether a block lacks a number that could be there: its column was deleted, or was not there, and is now."""
    top, left = place[0], place[2]
    corner = Corner(top, left)
    for step, line in enumerate(block.lines, start=1):
        for aside, text in enumerate((line.label, line.count)):
            standing = str(found.cell(top + step, left + aside))
            broken = standing == LACKING or (standing.startswith("=") and _BROKEN in standing)
            if broken and _formula(found, text, Corner(top + step, left), corner) != LACKING:
                return True
    return False


# -- parts of requests -------------------------------------------------------------------------------------------------


def is_ours(name: str) -> bool:
    """Whether a named range is one of ours by its name."""
    return _OWN_RANGE.fullmatch(name) is not None


def letters(column: int) -> str:
    """A column's letters: 0 is A."""
    text, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def _absolute(place: tuple[int, int, int, int]) -> str:
    top, bottom, left, right = place
    first, last = f"${letters(left)}${top + 1}", f"${letters(right - 1)}${bottom}"
    return first if first == last else f"{first}:{last}"


def _box(sheet_id: int, top: int, bottom: int, left: int, right: int) -> dict[str, int]:
    rows = {"startRowIndex": top, "endRowIndex": bottom}
    return {"sheetId": sheet_id, **rows, "startColumnIndex": left, "endColumnIndex": right}


def _cell(value: str | int, text_format: Mapping[str, Any] | None = None) -> dict[str, Any]:
    if isinstance(value, int):
        entered: dict[str, Any] = {"userEnteredValue": {"numberValue": value}}
    elif value.startswith("="):
        entered = {"userEnteredValue": {"formulaValue": value}}
    else:
        entered = {"userEnteredValue": {"stringValue": value}} if value else {}
    return entered | ({"userEnteredFormat": {"textFormat": dict(text_format)}} if text_format else {})


def _heading(text: str) -> dict[str, Any]:
    grey = {"rgbColor": {"red": 0.9, "green": 0.9, "blue": 0.9}}
    return _cell(text) | {"userEnteredFormat": {"textFormat": {"bold": True}, "backgroundColorStyle": grey}}


def _update(sheet_id: int, corner: Corner, rows: Sequence[Sequence[dict[str, Any]]]) -> Request:
    return {
        "updateCells": {
            "rows": [{"values": list(row)} for row in rows],
            "fields": "userEnteredValue,userEnteredFormat(textFormat,backgroundColorStyle)",
            "start": {"sheetId": sheet_id, "rowIndex": corner.row, "columnIndex": corner.column},
        }
    }


def _width(sheet_id: int, column: int, pixels: int) -> Request:
    span = {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": column, "endIndex": column + 1}
    return {"updateDimensionProperties": {"range": span, "properties": {"pixelSize": pixels}, "fields": "pixelSize"}}
