"""
From the spreadsheet as it is to the spreadsheet as it should be: a plan of Sheets v4 requests, computed without I/O.

Run on a provisioned spreadsheet the plan is empty. Staff's own columns, widths, filters and order are left alone; a
column that is missing is put in right of the last header, one under an older header is renamed in place. Nothing that
hangs on a doubled header is planned: people must mend it first.
Requests: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from sheets_schema.columns import Column, Kind, Owner, Tab
from sheets_schema.configuration_tabs import CONFIGURATION
from sheets_schema.layout import locate, normal
from sheets_schema.register_tab import REGISTER
from sheets_schema.seeding import Cell, seed_rows

Request = dict[str, Any]

TABS: tuple[Tab, ...] = (REGISTER, *CONFIGURATION)
SPARE_ROWS = 500
"""Empty, formatted rows that always stand ready below the last used one."""
DESCRIBED_ROWS = 2
"""Rows of each tab that a description must hold: the header, and one row that shows formats and validation."""
FIELDS = (
    "sheets(properties,protectedRanges(protectedRangeId,range,description,editors),conditionalFormats,"
    "data(rowData(values(userEnteredValue,effectiveValue,note,dataValidation,userEnteredFormat(numberFormat,wrapStrategy)))))"
)
_PROTECTED = "diisi oleh sistem aduan"
_FIRST_SHEET_ID = 1001


@dataclass(frozen=True)
class Existing:
    """One tab as the API describes it (`spreadsheets.get` with grid data of its first two rows)."""

    properties: Mapping[str, Any]
    header: tuple[Mapping[str, Any], ...]
    sample: tuple[Mapping[str, Any], ...]
    protected: tuple[Mapping[str, Any], ...]
    conditional: tuple[Mapping[str, Any], ...]

    @property
    def titles(self) -> list[str]:
        """Texts of row 1."""
        return [_text(cell) for cell in self.header]


def plan(
    spreadsheet: Mapping[str, Any],
    *,
    editor: str,
    used_rows: Mapping[str, int],
    established: Mapping[str, Collection[str]] = MappingProxyType({}),
    tabs: Sequence[Tab] = TABS,
) -> list[Request]:
    """
    The requests that bring a spreadsheet to the schema; none if it is there already.

    Args:
        spreadsheet: Answer of `spreadsheets.get` with `FIELDS`, grid data of rows 1–2 of each tab that exists.
        editor: E-mail of the one identity that may write system columns.
        used_rows: Rows in use by tab title, so that spare rows always stay below them.
        established: Keys of columns by tab title that were there before. If one is missing now, somebody renamed or
            removed it: it is not added again behind their back, and the tick says so.
    """
    existing = {sheet["properties"]["title"]: _existing(sheet) for sheet in spreadsheet.get("sheets", [])}
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
        else:
            new = not any(found.titles)
        known = () if new else established.get(tab.title, ())
        header_requests, headers[tab.title] = _headers(tab, found, known, new=new)
        requests += header_requests
        if new:
            requests += _first_look(tab, _sheet_id(found), headers[tab.title])
            requests += _seeds(tab, _sheet_id(found), headers[tab.title])
        more_rows = _rows(found, max(used_rows.get(tab.title, 1), len(seed_rows(tab)) + 1))
        requests += more_rows
        # New rows get their format and choices with a whole column; where columns are put in, what row 2 shows moves.
        shown = 0 if more_rows else _last_title(found.titles)
        existing[tab.title] = replace(found, sample=found.sample[:shown])
    for tab in tabs:
        found = existing[tab.title]
        requests += _cells(tab, found, headers)
        requests += _protection(tab, found, headers[tab.title], editor)
        requests += _colours(tab, found, headers[tab.title])
    return requests


def _existing(sheet: Mapping[str, Any]) -> Existing:
    rows = [tuple(row.get("values", ())) for data in sheet.get("data", ())[:1] for row in data.get("rowData", ())]
    rows += [()] * (DESCRIBED_ROWS - len(rows))
    return Existing(
        sheet["properties"],
        rows[0],
        rows[1],
        tuple(sheet.get("protectedRanges", ())),
        tuple(sheet.get("conditionalFormats", ())),
    )


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
            if normal(column.header) not in known and normal(old) in known:
                place = known.index(normal(old))
                titles[place] = column.header
                requests.append(_header_cell(_sheet_id(found), place, column))
    lost = locate(tab, titles).missing
    missing = [column for column in tab.columns if column.header in lost and column.key not in established]
    width = int(found.properties["gridProperties"].get("columnCount", len(tab.columns)))
    requests += _room(_sheet_id(found), len(titles), len(missing), width, empty=new)
    for column in missing:
        requests.append(_header_cell(_sheet_id(found), len(titles), column))
        requests.append(_width(_sheet_id(found), len(titles), column))
        titles.append(column.header)
    if found.header and found.properties["gridProperties"].get("frozenRowCount", 0) < 1:
        requests.append(_frozen_header(_sheet_id(found)))
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
        {"appendDimension": {"sheetId": _sheet_id(found), "dimension": "ROWS", "length": lacking + SPARE_ROWS}},
    ]


def _cells(tab: Tab, found: Existing, headers: Mapping[str, Sequence[str]]) -> list[Request]:
    """Format and validation of whole columns, where the sample does not show them."""
    positions = locate(tab, headers[tab.title]).positions
    requests: list[Request] = []
    for column in tab.columns:
        place = positions.get(column.key)
        if place is None:
            continue
        cell = found.sample[place] if place < len(found.sample) else {}
        wanted_format = _format(column)
        if not _covers(cell.get("userEnteredFormat", {}), wanted_format):
            requests.append(
                {
                    "repeatCell": {
                        "range": _column_range(_sheet_id(found), place),
                        "cell": {"userEnteredFormat": wanted_format},
                        "fields": "userEnteredFormat(numberFormat,wrapStrategy)",
                    }
                }
            )
        rule = _validation(column, headers)
        if rule is not None and not _same_rule(cell.get("dataValidation"), rule):
            requests.append({"setDataValidation": {"range": _column_range(_sheet_id(found), place), "rule": rule}})
    return requests


def _format(column: Column) -> dict[str, Any]:
    if column.kind is Kind.CHECKBOX:
        return {"wrapStrategy": "CLIP"}
    return {"numberFormat": {"type": "TEXT", "pattern": "@"}, "wrapStrategy": "CLIP"}


def _covers(actual: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    kind = wanted.get("numberFormat", {}).get("type")
    has_kind = kind is None or actual.get("numberFormat", {}).get("type") == kind
    return bool(has_kind and actual.get("wrapStrategy") == wanted["wrapStrategy"])


def _validation(column: Column, headers: Mapping[str, Sequence[str]]) -> dict[str, Any] | None:
    if column.kind is Kind.CHECKBOX:
        return {"condition": {"type": "BOOLEAN"}, "strict": True, "showCustomUi": True}
    if column.kind is not Kind.CHOICE:
        return None
    if column.choices:
        values = [{"userEnteredValue": choice} for choice in column.choices]
        kind = "ONE_OF_LIST"
    else:
        title, key = column.choices_from.split("!")
        place = locate(_tab(title), headers[title]).positions.get(key)
        if place is None:
            return None
        letter = _letters(place)
        values = [{"userEnteredValue": f"='{title}'!${letter}$2:${letter}"}]
        kind = "ONE_OF_RANGE"
    return {"condition": {"type": kind, "values": values}, "strict": column.strict, "showCustomUi": True}


def _tab(title: str) -> Tab:
    return next(tab for tab in TABS if tab.title == title)


def _same_rule(actual: Mapping[str, Any] | None, wanted: Mapping[str, Any]) -> bool:
    if actual is None:
        return False
    return _condition(actual) == _condition(wanted) and actual.get("strict", False) == wanted["strict"]


def _condition(rule: Mapping[str, Any]) -> tuple[str, list[str]]:
    condition = rule.get("condition", {})
    values = [value.get("userEnteredValue", "") for value in condition.get("values", [])]
    return condition.get("type", ""), [value.replace("'", "").replace("$", "") for value in values]


def _protection(tab: Tab, found: Existing, titles: Sequence[str], editor: str) -> list[Request]:
    """The header row and each run of system columns may be edited by one identity only."""
    sheet_id = _sheet_id(found)
    wanted = [{"sheetId": sheet_id, "startRowIndex": 0, "endRowIndex": 1}]
    wanted += [_column_range(sheet_id, *run) for run in _system_runs(tab, titles)]
    ours = [item for item in found.protected if item.get("description") == _PROTECTED]
    kept = [
        item
        for item in ours
        if _range_key(item["range"]) in {_range_key(wish) for wish in wanted}
        and item.get("editors", {}).get("users", []) == [editor]
    ]
    standing = {_range_key(item["range"]) for item in kept}
    requests: list[Request] = [
        {"deleteProtectedRange": {"protectedRangeId": item["protectedRangeId"]}} for item in ours if item not in kept
    ]
    requests += [
        {
            "addProtectedRange": {
                "protectedRange": {"range": wish, "description": _PROTECTED, "editors": {"users": [editor]}}
            }
        }
        for wish in wanted
        if _range_key(wish) not in standing
    ]
    return requests


def _system_runs(tab: Tab, titles: Sequence[str]) -> list[tuple[int, int]]:
    """Neighbouring system columns as (first, end) pairs."""
    positions = locate(tab, titles).positions
    places = sorted(positions[c.key] for c in tab.columns if c.owner is Owner.SYSTEM and c.key in positions)
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place:
            runs[-1] = (runs[-1][0], place + 1)
        else:
            runs.append((place, place + 1))
    return runs


def _range_key(grid_range: Mapping[str, Any]) -> tuple[int, int, int, int]:
    """Rows and columns of a range; what an answer leaves out is the sheet's edge (its end counted as -1)."""
    return (
        int(grid_range.get("startRowIndex", 0)),
        int(grid_range.get("endRowIndex", -1)),
        int(grid_range.get("startColumnIndex", 0)),
        int(grid_range.get("endColumnIndex", -1)),
    )


def _colours(tab: Tab, found: Existing, titles: Sequence[str]) -> list[Request]:
    positions = locate(tab, titles).positions
    standing = {
        _condition(rule["booleanRule"])[1][0]
        for rule in found.conditional
        if "booleanRule" in rule and _condition(rule["booleanRule"])[1]
    }
    requests: list[Request] = []
    lacking = [colour for colour in tab.colours if colour.text not in standing and colour.column in positions]
    for index, colour in enumerate(lacking):
        red, green, blue = (part / 255 for part in colour.background)
        look: dict[str, Any] = {"backgroundColor": {"red": red, "green": green, "blue": blue}}
        if colour.bold:
            look["textFormat"] = {"bold": True}
        rule = {
            "ranges": [_column_range(_sheet_id(found), positions[colour.column])],
            "booleanRule": {
                "condition": {"type": "TEXT_STARTS_WITH", "values": [{"userEnteredValue": colour.text}]},
                "format": look,
            },
        }
        requests.append({"addConditionalFormatRule": {"rule": rule, "index": index}})
    return requests


def _column_range(sheet_id: int, first: int, end: int | None = None) -> dict[str, int]:
    """All rows below the header, those to come included."""
    return {
        "sheetId": sheet_id,
        "startRowIndex": 1,
        "startColumnIndex": first,
        "endColumnIndex": first + 1 if end is None else end,
    }


def _sheet_id(found: Existing) -> int:
    return int(found.properties.get("sheetId", 0))


def _text(cell: Mapping[str, Any]) -> str:
    value = cell.get("userEnteredValue", {})
    return str(next(iter(value.values()), "")).strip()


def _value(value: Cell) -> dict[str, Any]:
    return {"boolValue": value} if isinstance(value, bool) else {"stringValue": value}


def _letters(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
