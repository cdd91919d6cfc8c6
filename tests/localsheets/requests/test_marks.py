"""Developer metadata, and cells found through it."""

import pytest

from .conftest import a_range, lines

SPREADSHEET = {"spreadsheet": True}


def location(axis, line):
    return {"dimensionRange": lines(axis, line, line + 1)}


def mark(api, key, where, value="", **more):
    told = {"metadataKey": key, "location": where, "visibility": "DOCUMENT", **more}
    told |= {"metadataValue": value} if value else {}
    return api.reply("createDeveloperMetadata", {"developerMetadata": told})["developerMetadata"]


def places(api, key):
    found = api.call("POST", "/developerMetadata:search", json={"dataFilters": [lookup(metadataKey=key)]}).json()
    spans = [m["developerMetadata"]["location"]["dimensionRange"] for m in found.get("matchedDeveloperMetadata", [])]
    return [span["startIndex"] for span in spans]


def lookup(**told):
    return {"developerMetadataLookup": told}


@pytest.mark.parametrize(
    ("where", "kind"),
    [
        (SPREADSHEET, "SPREADSHEET"),
        ({"sheetId": 0}, "SHEET"),
        (location("ROWS", 4), "ROW"),
        (location("COLUMNS", 2), "COLUMN"),
    ],
)
def test_metadata_hangs_where_it_is_hung(api, where, kind):
    told = mark(api, "tiket", where, "T-1", metadataId=5)
    assert told == {
        "metadataId": 5,
        "metadataKey": "tiket",
        "metadataValue": "T-1",
        "location": {"locationType": kind, **where},
        "visibility": "DOCUMENT",
    }
    assert api.call("GET", "/developerMetadata/5").json() == told
    book = api.get()
    sheet, data = book["sheets"][0], book["sheets"][0]["data"][0]
    shown = {
        "SPREADSHEET": book.get("developerMetadata"),
        "SHEET": sheet.get("developerMetadata"),
        "ROW": data["rowMetadata"][4].get("developerMetadata"),
        "COLUMN": data["columnMetadata"][2].get("developerMetadata"),
    }
    assert {name: what for name, what in shown.items() if what} == {kind: [told]}
    found = api.call("POST", "/developerMetadata:search", json={"dataFilters": [lookup(locationType=kind)]}).json()
    assert found == {
        "matchedDeveloperMetadata": [{"developerMetadata": told, "dataFilters": [lookup(locationType=kind)]}]
    }
    gone = api.reply("deleteDeveloperMetadata", {"dataFilter": lookup(metadataId=5)})
    assert gone == {"deletedDeveloperMetadata": [told]}
    assert api.call("GET", "/developerMetadata/5").status_code == 404
    assert api.reply("deleteDeveloperMetadata", {"dataFilter": lookup(metadataId=5)}) == {}


def test_a_rows_metadata_follows_the_row(api):
    api.write([["c"], ["a"], ["b"], ["d"]])
    for row in range(4):
        mark(api, f"row {row}", location("ROWS", row))
    mark(api, "column", location("COLUMNS", 1))

    def where():
        return [places(api, f"row {row}") for row in range(4)]

    api.reply("sortRange", {"range": a_range("A1:C4"), "sortSpecs": [{}]})
    assert where() == [[2], [0], [1], [3]]
    api.reply("insertDimension", {"range": lines("ROWS", 1, 2)})
    assert where() == [[3], [0], [2], [4]]
    api.reply("moveDimension", {"source": lines("ROWS", 4, 5), "destinationIndex": 0})
    assert where() == [[4], [1], [3], [0]]
    api.reply("deleteDimension", {"range": lines("ROWS", 1, 2)})
    assert where() == [[3], [], [2], [0]]
    api.reply("insertDimension", {"range": lines("COLUMNS", 0, 2)})
    assert places(api, "column") == [3]
    api.reply("deleteDimension", {"range": lines("COLUMNS", 3, 4)})
    assert places(api, "column") == []


def test_metadata_is_changed_and_hung_elsewhere(api):
    for row in (1, 2):
        mark(api, "k", location("ROWS", row))
    body = {
        "dataFilters": [lookup(metadataKey="k")],
        "developerMetadata": {"metadataValue": "v"},
        "fields": "metadataValue",
    }
    told = api.reply("updateDeveloperMetadata", body)["developerMetadata"]
    assert [entry["metadataValue"] for entry in told] == ["v", "v"]
    body = {
        "dataFilters": [{"gridRange": a_range("A2:Z2")}],
        "developerMetadata": {"location": {"sheetId": 0}},
        "fields": "location",
    }
    (moved,) = api.reply("updateDeveloperMetadata", body)["developerMetadata"]
    assert moved["location"] == {"locationType": "SHEET", "sheetId": 0}


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"location": SPREADSHEET, "visibility": "DOCUMENT"}, "metadataKey"),
        ({"metadataKey": "k", "location": SPREADSHEET}, "visibility"),
        ({"metadataKey": "k", "visibility": "DOCUMENT"}, "location"),
        (
            {"metadataKey": "k", "visibility": "DOCUMENT", "location": {"dimensionRange": lines("ROWS", 1, 3)}},
            "one row",
        ),
        ({"metadataKey": "k", "visibility": "DOCUMENT", "location": {"sheetId": 9}}, "No grid with id: 9"),
        ({"metadataKey": "k" * 30_001, "visibility": "DOCUMENT", "location": SPREADSHEET}, "30000"),
        ({"metadataKey": "k", "visibility": "DOCUMENT", "location": SPREADSHEET, "metadataId": 0}, "positive"),
    ],
)
def test_creating_refuses_nonsense(api, told, why):
    assert why in api.refused("createDeveloperMetadata", {"developerMetadata": told})


def test_updating_and_deleting_refuse_nonsense(api):
    body = {
        "dataFilters": [lookup(metadataKey="none")],
        "developerMetadata": {"metadataValue": "v"},
        "fields": "metadataValue",
    }
    assert "No developer metadata" in api.refused("updateDeveloperMetadata", body)
    assert "data filter" in api.refused("deleteDeveloperMetadata", {"dataFilter": {}})


@pytest.mark.parametrize(
    ("told", "keys"),
    [
        ({"metadataKey": "sheet"}, ["sheet"]),
        ({"metadataValue": "v"}, ["row", "column"]),
        ({"metadataKey": "row", "visibility": "PROJECT"}, []),
        ({"metadataLocation": location("ROWS", 2)}, ["sheet", "row", "column"]),
        ({"metadataLocation": location("ROWS", 2), "locationMatchingStrategy": "EXACT_LOCATION"}, ["row"]),
        ({"metadataLocation": location("ROWS", 3), "locationType": "COLUMN"}, ["column"]),
        ({"metadataLocation": SPREADSHEET}, ["book"]),
    ],
)
def test_lookups_select(api, told, keys):
    mark(api, "book", SPREADSHEET)
    mark(api, "sheet", {"sheetId": 0})
    mark(api, "row", location("ROWS", 2), "v")
    mark(api, "column", location("COLUMNS", 1), "v")
    found = api.call("POST", "/developerMetadata:search", json={"dataFilters": [lookup(**told)]}).json()
    assert [m["developerMetadata"]["metadataKey"] for m in found.get("matchedDeveloperMetadata", [])] == keys


@pytest.mark.parametrize(
    "told",
    [{}, {"locationType": "MOON"}, {"locationMatchingStrategy": "EXACT_LOCATION"}, {"metadataLocation": {}}],
)
def test_lookups_refuse_nonsense(api, told):
    answer = api.call("POST", "/developerMetadata:search", json={"dataFilters": [lookup(**told)]})
    assert answer.status_code == 400, answer.text


def test_values_are_found_by_filters(api):
    api.write([["a", "b"], ["c", "d"]])
    mark(api, "row", location("ROWS", 1))
    by_row, by_text, by_box = lookup(metadataKey="row"), {"a1Range": "Sheet1!A1:B1"}, {"gridRange": a_range("A1:A2")}
    body = {"dataFilters": [by_row, by_text, by_box]}
    told = api.call("POST", "/values:batchGetByDataFilter", json=body).json()["valueRanges"]
    assert [(m["valueRange"]["values"], m["dataFilters"]) for m in told] == [
        ([["c", "d"]], [by_row]),
        ([["a", "b"]], [by_text]),
        ([["a"], ["c"]], [by_box]),
    ]
    data = [
        {"dataFilter": by_row, "values": [["x"]]},
        {"dataFilter": by_box, "majorDimension": "COLUMNS", "values": [["y"]]},
    ]
    body = {"valueInputOption": "RAW", "data": data, "includeValuesInResponse": True}
    told = api.call("POST", "/values:batchUpdateByDataFilter", json=body).json()
    assert told["totalUpdatedCells"] == 2
    assert [(r["updatedRange"], r["dataFilter"]) for r in told["responses"]] == [
        ("Sheet1!A2", by_row),
        ("Sheet1!A1", by_box),
    ]
    assert api.values() == [["y", "b"], ["x", "d"]]
    told = api.call("POST", "/values:batchClearByDataFilter", json={"dataFilters": [by_row]}).json()
    assert told["clearedRanges"] == ["Sheet1!A2:Z2"]
    assert api.values() == [["y", "b"]]
    for verb in ("batchGet", "batchClear"):
        answer = api.call(
            "POST", f"/values:{verb}ByDataFilter", json={"dataFilters": [{"a1Range": "A1", "gridRange": {}}]}
        )
        assert answer.status_code == 400


def test_a_spreadsheet_is_told_by_filters(api, book):
    book.add_worksheet("Lain", 5, 5)
    api.write([["a", "b"], ["c", "d"]])
    body = {"dataFilters": [{"a1Range": "Sheet1!B1:B2"}], "includeGridData": True}
    (sheet,) = api.call("POST", ":getByDataFilter", json=body).json()["sheets"]
    (data,) = sheet["data"]
    assert data["startColumn"] == 1
    assert [row["values"][0]["formattedValue"] for row in data["rowData"]] == ["b", "d"]
    assert len(api.call("POST", ":getByDataFilter", json={}).json()["sheets"]) == 2
