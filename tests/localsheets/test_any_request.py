"""
Requests made up from Google's own schemas: right in form, nonsense in meaning.

Whatever is asked, the server answers as Google could have (tests/discovery.py looks at every answer), never with 500,
and the spreadsheet can still be read whole.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.recording import RECORD

Json = dict[str, Any]
SCHEMAS: Json = json.loads(
    (files("googleapiclient") / "discovery_cache" / "documents" / "sheets.v4.json").read_text("utf-8")
)["schemas"]
KINDS = sorted(SCHEMAS["Request"]["properties"])
ROOT = "/v4/spreadsheets"
DEEPEST = 5
"""Levels below a request that are filled; further down objects stay empty."""
TEXTS = [
    "",
    "x",
    "Sheet1",
    "A1:B2",
    "'Sheet1'!C3",
    "12",
    "2026-02-03",
    "=A1+1",
    "=SUM(A1:A)",
    "id_ID",
    "0.00",
    "@",
    "😀",
]
MASKS = [
    "*",
    "title",
    "note",
    "userEnteredValue",
    "userEnteredFormat",
    "userEnteredFormat.textFormat.bold",
    "pixelSize",
    "?",
]


def value_of(schema: Json, depth: int) -> st.SearchStrategy[Any]:
    """Values that fit a schema."""
    if "$ref" in schema:
        return message(schema["$ref"], depth)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kind = schema["type"]
    if kind == "object":
        return st.just({})
    if kind == "array":
        return st.lists(value_of(schema["items"], depth + 1), max_size=2) if depth < DEEPEST else st.just([])
    return {
        "string": st.sampled_from(MASKS if schema.get("format") == "google-fieldmask" else TEXTS),
        "integer": st.sampled_from([0, 0, 1, 2, 5, 29, 30, -1, 2**31 - 1]),
        "number": st.sampled_from([0, 1, 0.5, -1, 1e9]),
        "boolean": st.booleans(),
    }.get(kind, st.none())


SPANS = [(0, 1), (0, 2), (1, 4), (2, 2), (5, 3), (0, 30), (28, 2000)]
PLACES: dict[str, st.SearchStrategy[Json]] = {
    "GridRange": st.builds(
        lambda rows, columns: {
            "startRowIndex": rows[0],
            "endRowIndex": rows[1],
            "startColumnIndex": columns[0],
            "endColumnIndex": columns[1],
        },
        st.sampled_from(SPANS),
        st.sampled_from(SPANS[:5]),
    )
    | st.sampled_from([{}, {"sheetId": 0}, {"sheetId": 77}, {"startColumnIndex": 1}]),
    "DimensionRange": st.builds(
        lambda dimension, span: {"dimension": dimension, "startIndex": span[0], "endIndex": span[1]},
        st.sampled_from(["ROWS", "COLUMNS"]),
        st.sampled_from(SPANS[:6]),
    ),
    "GridCoordinate": st.sampled_from([{}, {"rowIndex": 3}, {"rowIndex": 1, "columnIndex": 2}, {"rowIndex": 5000}]),
}
"""Ranges that mostly lie on the sheet: made up field by field they hardly ever would."""


@cache
def message(name: str, depth: int) -> st.SearchStrategy[Json]:
    """Objects of a schema, each with some of its fields."""
    if name in PLACES:
        return PLACES[name]
    if depth >= DEEPEST:
        return st.just({})
    fields = {
        field: st.just(0) if field == "sheetId" else st.deferred(lambda inner=inner: value_of(inner, depth + 1))
        for field, inner in SCHEMAS[name].get("properties", {}).items()
        if not inner.get("readOnly")
    }
    needed = {field: fields.pop(field) for field in ("range", "fields", "dimension") if field in fields}
    return st.fixed_dictionaries(needed, optional=fields)


@pytest.fixture
def book_id(server):
    """A small sheet of its own for each kind: whole-sheet requests on one that had grown would take their time."""
    grid = {"rowCount": 30, "columnCount": 8}
    body = {"properties": {"title": "Uji"}, "sheets": [{"properties": {"sheetId": 0, "gridProperties": grid}}]}
    made = server.call("POST", ROOT, json=body).json()["spreadsheetId"]
    path = f"{ROOT}/{made}/values/A1?valueInputOption=USER_ENTERED"
    assert server.call("PUT", path, json={"values": [["a", 1], ["b", "=B1*2"]]}).ok
    yield made
    server.call("DELETE", f"/drive/v3/files/{made}")


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=max(settings().max_examples // 20, 2), suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_request_is_answered_as_google_could(server, book_id, kind, data):
    told = data.draw(message(SCHEMAS["Request"]["properties"][kind]["$ref"], 1))
    answer = server.call("POST", f"{ROOT}/{book_id}:batchUpdate", json={"requests": [{kind: told}]})
    assert answer.status_code in {200, 400, 403, 501}, answer.text
    if answer.ok:
        assert len(answer.json()["replies"]) == 1
        some = {"includeGridData": "true", "ranges": f"'{title(server, book_id)}'!A1:F9"}
        whole = server.call("GET", f"{ROOT}/{book_id}", params=some)
        assert whole.status_code == 200, whole.text
    assert not RECORD.found, RECORD.found


def title(server, book_id):
    """The first sheet, whatever it is called by now."""
    sheets = server.call("GET", f"{ROOT}/{book_id}?fields=sheets.properties.title").json()["sheets"]
    return sheets[0]["properties"]["title"].replace("'", "''")


@given(
    place=st.text("A1:!'$Z9RrCc Sheet", max_size=12) | st.sampled_from(TEXTS),
    values=st.lists(
        st.lists(st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(TEXTS))
    ),
    option=st.sampled_from(["RAW", "USER_ENTERED"]),
)
@settings(suppress_health_check=list(HealthCheck))
def test_any_values_are_written_or_refused(server, book_id, place, values, option):
    body = {"valueInputOption": option, "includeValuesInResponse": True, "data": [{"range": place, "values": values}]}
    answer = server.call("POST", f"{ROOT}/{book_id}/values:batchUpdate", json=body)
    assert answer.status_code in {200, 400}, answer.text
    assert not RECORD.found, RECORD.found
