"""
From the spreadsheet as it is to the spreadsheet as it should be: a plan of Sheets v4 requests, computed without I/O.

Run on a provisioned spreadsheet the plan is empty. Staff's own columns, widths, filters and order are left alone; a
column that is missing is put in right of the last header, one under an older header is renamed in place. Nothing that
hangs on a doubled header is planned, and nothing at all for a tab with rows but without headers: people must mend it
first.
Requests: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from sheets_schema.cell_rules import cell_rules, colours
from sheets_schema.columns import Column, Tab
from sheets_schema.configuration_tabs import CONFIGURATION
from sheets_schema.existing import Existing, Request, described
from sheets_schema.layout import locate, normal
from sheets_schema.protection import protection
from sheets_schema.register_tab import REGISTER
from sheets_schema.seeding import Cell, seed_rows
from sheets_schema.tray_tabs import TRAYS

TABS: tuple[Tab, ...] = (REGISTER, *TRAYS, *CONFIGURATION)
SPARE_ROWS = 500
"""Empty, formatted rows that always stand ready below the last used one."""
_FIRST_SHEET_ID = 1001


def plan(
    spreadsheet: Mapping[str, Any],
    *,
    editor: str,
    used_rows: Mapping[str, int],
    established: Mapping[str, Collection[str]] = MappingProxyType({}),
    tabs: Sequence[Tab] = TABS,
    admins: Sequence[str] = (),
) -> list[Request]:
    """
    The requests that bring a spreadsheet to the schema; none if it is there already.

    Args:
        spreadsheet: Answer of `spreadsheets.get` with `FIELDS`, grid data of rows 1–2 of each tab that exists.
        editor: E-mail of the one identity that may write system columns.
        used_rows: Rows in use by tab title, so that spare rows always stay below them.
        established: Keys of columns by tab title that were there before. If one is missing now, somebody renamed or
            removed it: it is not added again behind their back, and the tick says so.
        admins: E-mails of those who, besides, may fill guarded columns.

    A tab whose headers are all gone although it was established or has rows is left alone: most likely a row was
    inserted above them, and laying it out anew would take them and staff's rows for data, or write over these.
    """
    existing = {sheet["properties"]["title"]: described(sheet) for sheet in spreadsheet.get("sheets", [])}
    taken = {int(found.properties.get("sheetId", 0)) for found in existing.values()}
    requests: list[Request] = []
    headers: dict[str, list[str]] = {}
    for index, tab in enumerate(tabs):
        found = existing.get(tab.title)
        if found is None:
            sheet_id = next(number for number in range(_FIRST_SHEET_ID + index, 10**6, 100) if number not in taken)
            requests += _new_tab(tab, sheet_id, index)
            found = Existing({"sheetId": sheet_id, "gridProperties": {"rowCount": 1000}}, (), (), (), ())
            new = True
            known: Collection[str] = ()
        else:
            known = established.get(tab.title, ())
            if _beheaded(tab, found, known, used_rows.get(tab.title, 1)):
                headers[tab.title] = []
                continue
            new = not any(found.titles)
        header_requests, headers[tab.title] = _headers(tab, found, known, new=new)
        requests += header_requests
        if new:
            requests += _first_look(tab, found.sheet_id, headers[tab.title])
            requests += _seeds(tab, found.sheet_id, headers[tab.title])
        more_rows = _rows(found, max(used_rows.get(tab.title, 1), len(seed_rows(tab)) + 1))
        requests += more_rows
        # New rows get their format and choices with a whole column; where columns are put in, what row 2 shows moves.
        shown = 0 if more_rows else _last_title(found.titles)
        existing[tab.title] = replace(found, sample=found.sample[:shown])
    for tab in tabs:
        found = existing[tab.title]
        if not headers[tab.title]:
            continue
        requests += cell_rules(tab, found, headers, {each.title: each for each in TABS})
        requests += protection(tab, found, headers[tab.title], editor, admins)
        requests += colours(tab, found, headers[tab.title])
    return requests


def _beheaded(tab: Tab, found: Existing, known: Collection[str], used: int) -> bool:
    """Whether the tab was laid out or filled before, and row 1 shows no header any more."""
    if known:
        layout = locate(tab, found.titles)
        older = {normal(title) for column in tab.columns for title in column.formerly}
        return not layout.positions and not layout.doubled and older.isdisjoint(map(normal, found.titles))
    return not any(found.titles) and (used > 1 or found.filled)


def _new_tab(tab: Tab, sheet_id: int, index: int) -> list[Request]:
    grid = {
        "rowCount": 1000,
        "columnCount": len(tab.columns),
        "frozenRowCount": 1,
        "frozenColumnCount": tab.frozen_columns,
    }
    properties = {"sheetId": sheet_id, "title": tab.title, "index": index, "gridProperties": grid}
    return [{"addSheet": {"properties": properties}}]


def _headers(tab: Tab, found: Existing, established: Collection[str], *, new: bool) -> tuple[list[Request], list[str]]:
    """Requests for renamed and missing headers, and the header row as it will be."""
    titles = found.titles[: _last_title(found.titles)]
    requests: list[Request] = []
    for column in tab.columns:
        for old in column.formerly:
            known = [normal(title) for title in titles]
            if column.header in locate(tab, titles).missing and normal(old) in known:
                place = known.index(normal(old))
                titles[place] = column.header
                requests.append(_header_cell(found.sheet_id, place, column))
    lost = locate(tab, titles).missing
    missing = [column for column in tab.columns if column.header in lost and column.key not in established]
    width = int(found.properties["gridProperties"].get("columnCount", len(tab.columns)))
    requests += _room(found.sheet_id, len(titles), len(missing), width, empty=new)
    for column in missing:
        requests.append(_header_cell(found.sheet_id, len(titles), column))
        requests.append(_width(found.sheet_id, len(titles), column))
        titles.append(column.header)
    if found.header and found.properties["gridProperties"].get("frozenRowCount", 0) < 1:
        requests.append(_frozen_header(found.sheet_id))
    return requests, titles


def _last_title(titles: Sequence[str]) -> int:
    """How many columns there are up to the last header."""
    return max((place + 1 for place, title in enumerate(titles) if title), default=0)


def _room(sheet_id: int, place: int, count: int, width: int, *, empty: bool) -> list[Request]:
    """Columns for missing headers: put in, as staff may have notes without a header right of the last one."""
    if count and place < width and not empty:
        lines = {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": place, "endIndex": place + count}
        return [{"insertDimension": {"range": lines, "inheritFromBefore": False}}]
    lacking = place + count - width
    if lacking <= 0:
        return []
    return [{"appendDimension": {"sheetId": sheet_id, "dimension": "COLUMNS", "length": lacking}}]


def _header_cell(sheet_id: int, place: int, column: Column) -> Request:
    cell = {
        "userEnteredValue": {"stringValue": column.header},
        "note": column.help,
        "userEnteredFormat": {"textFormat": {"bold": True}, "wrapStrategy": "WRAP"},
    }
    return {
        "updateCells": {
            "rows": [{"values": [cell]}],
            "fields": "userEnteredValue,note,userEnteredFormat(textFormat.bold,wrapStrategy)",
            "start": {"sheetId": sheet_id, "rowIndex": 0, "columnIndex": place},
        }
    }


def _width(sheet_id: int, place: int, column: Column) -> Request:
    return {
        "updateDimensionProperties": {
            "range": {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": place, "endIndex": place + 1},
            "properties": {"pixelSize": column.width},
            "fields": "pixelSize",
        }
    }


def _frozen_header(sheet_id: int) -> Request:
    properties = {"sheetId": sheet_id, "gridProperties": {"frozenRowCount": 1}}
    return {"updateSheetProperties": {"properties": properties, "fields": "gridProperties.frozenRowCount"}}


def _first_look(tab: Tab, sheet_id: int, titles: Sequence[str]) -> list[Request]:
    """What is set once and then is staff's to change: frozen panes of a tab that was empty."""
    grid = {"frozenRowCount": 1, "frozenColumnCount": tab.frozen_columns}
    return [
        {
            "updateSheetProperties": {
                "properties": {"sheetId": sheet_id, "gridProperties": grid},
                "fields": "gridProperties(frozenRowCount,frozenColumnCount)",
            }
        }
    ]


def _seeds(tab: Tab, sheet_id: int, titles: Sequence[str]) -> list[Request]:
    rows = seed_rows(tab)
    if not rows:
        return []
    positions = locate(tab, titles).positions
    values = []
    for row in rows:
        cells: list[dict[str, Any]] = [{} for _ in titles]
        for key, value in row.items():
            cells[positions[key]] = {"userEnteredValue": _value(value)}
        values.append({"values": cells})
    start = {"sheetId": sheet_id, "rowIndex": 1, "columnIndex": 0}
    return [{"updateCells": {"rows": values, "fields": "userEnteredValue", "start": start}}]


def _rows(found: Existing, used: int) -> list[Request]:
    lacking = used + SPARE_ROWS - int(found.properties["gridProperties"].get("rowCount", 0))
    if lacking <= 0:
        return []
    return [
        {"appendDimension": {"sheetId": found.sheet_id, "dimension": "ROWS", "length": lacking + SPARE_ROWS}},
    ]


def _value(value: Cell) -> dict[str, Any]:
    return {"boolValue": value} if isinstance(value, bool) else {"stringValue": value}
