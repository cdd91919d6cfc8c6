"""
From what the cells show to what they should show: Sheets v4 requests, computed without I/O.

Only system columns are written, and of these only cells that differ. Every value goes as `stringValue`, which is never
parsed: text that begins with `=` stays text. What people wrote is replaced in one case, to mask it, and only where the
cell still says what is to be masked: rows may have moved since they were read.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from automation.sync.rows import CHECKBOX_KEYS, Row, ticked
from sheets_schema.layout import Layout

Request = dict[str, Any]

ROWS_PER_CALL = 400
"""New rows in one request: with descriptions of 5,000 letters about 2 MB, Google's recommended most."""
ROWS_PER_UPDATE = 0.1
"""What an update of a run of cells weighs against a whole new row."""


def differing(row: Row, wanted: Mapping[str, str]) -> dict[str, str]:
    """Of the texts wanted in a row, by column key, those that do not stand there."""
    return {key: text for key, text in wanted.items() if row.shown(key) != text}


def cell_updates(sheet_id: int, row: Row, wanted: Mapping[str, str]) -> list[Request]:
    """Requests for those cells of a row that differ from `wanted` (by column key), neighbours together."""
    runs: list[tuple[int, list[dict[str, Any]]]] = []
    for place, key, text in sorted(
        (row.layout.positions[key], key, text) for key, text in differing(row, wanted).items()
    ):
        if not runs or runs[-1][0] + len(runs[-1][1]) != place:
            runs.append((place, []))
        runs[-1][1].append(_value(key, text))
    return [_write(sheet_id, row.index, place, values) for place, values in runs]


def masking(sheet_id: int, row: Row, key: str, mask: str) -> Request:
    """Mask a cell if its text is still the one that was read: the API has no other write with a condition."""
    place = row.layout.positions[key]
    box = {"sheetId": sheet_id, "startRowIndex": row.index, "endRowIndex": row.index + 1}
    box |= {"startColumnIndex": place, "endColumnIndex": place + 1}
    asked = {"find": row.text(key), "replacement": mask, "matchCase": True, "matchEntireCell": True, "range": box}
    return {"findReplace": asked}


def write_cells(sheet_id: int, row: int, column: int, texts: Sequence[str]) -> Request:
    """One run of neighbouring cells; an empty text clears its cell. Positions count from 0."""
    return _write(sheet_id, row, column, [_cell(text) for text in texts])


def _write(sheet_id: int, row: int, column: int, values: Sequence[dict[str, Any]]) -> Request:
    return {
        "updateCells": {
            "rows": [{"values": list(values)}],
            "fields": "userEnteredValue",
            "start": {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column},
        }
    }


def appended_rows(sheet_id: int, layout: Layout, rows: Iterable[Mapping[str, str]]) -> list[Request]:
    """Requests that add rows (cells by column key) below the last one, a limited number each."""
    waiting = iter(rows)
    requests: list[Request] = []
    while some := list(islice(waiting, ROWS_PER_CALL)):
        values = [{"values": _laid_out(layout, cells)} for cells in some]
        requests.append({"appendCells": {"sheetId": sheet_id, "rows": values, "fields": "userEnteredValue"}})
    return requests


def in_calls(requests: Sequence[Request]) -> Iterator[list[Request]]:
    """The requests in portions of one call each, all of them in one where they are few."""
    some: list[Request] = []
    weight = 0.0
    for request in requests:
        added = len(request["appendCells"]["rows"]) if "appendCells" in request else ROWS_PER_UPDATE
        if some and weight + added > ROWS_PER_CALL:
            yield some
            some, weight = [], 0.0
        some.append(request)
        weight += added
    if some:
        yield some


def _laid_out(layout: Layout, cells: Mapping[str, str]) -> list[dict[str, Any]]:
    values: list[dict[str, Any]] = [{} for _ in range(layout.width)]
    for key, text in cells.items():
        values[layout.positions[key]] = _value(key, text)
    return values


def _value(key: str, text: str) -> dict[str, Any]:
    return _box(text) if key in CHECKBOX_KEYS else _cell(text)


def _box(text: str) -> dict[str, Any]:
    return {"userEnteredValue": {"boolValue": ticked(text)}} if text else {}


def _cell(text: str) -> dict[str, Any]:
    return {"userEnteredValue": {"stringValue": text}} if text else {}
