"""Tabs added, copied and filled at once; names for ranges; properties of the spreadsheet."""

import pytest

from .conftest import Api, a_range, lines

BOLD = {"textFormat": {"bold": True}}


@pytest.mark.parametrize(
    ("kind", "body", "why"),
    [
        (
            "addSheet",
            {"properties": {"title": "Sheet1"}},
            'A sheet with the name "Sheet1" already exists. Please enter another name.',
        ),
        ("addSheet", {"properties": {"title": "x" * 101}}, "100 characters"),
        ("addSheet", {"properties": {"title": "a\nb"}}, "control"),
        ("addSheet", {"properties": {"title": "  "}}, "cannot be empty"),
        ("addSheet", {"properties": {"sheetId": 0}}, "A sheet with the ID 0 already exists. Please enter another ID."),
        ("addSheet", {"properties": {"gridProperties": {"rowCount": 500_000}}}, "above the limit of 10000000 cells"),
        ("duplicateSheet", {"sourceSheetId": 9}, "No grid with id: 9"),
        ("duplicateSheet", {"newSheetName": "Sheet1"}, "already exists"),
        ("duplicateSheet", {"newSheetId": 0}, "A sheet with the ID 0 already exists."),
        ("deleteSheet", {"sheetId": 0}, "You can't remove all the sheets in a document."),
        ("appendDimension", {"dimension": "ROWS", "length": 500_000}, "above the limit of 10000000 cells"),
        (
            "updateSpreadsheetProperties",
            {"properties": {"timeZone": "Mars/Olympus"}, "fields": "timeZone"},
            "time zone",
        ),
        ("updateSpreadsheetProperties", {"properties": {"locale": "Bahasa"}, "fields": "locale"}, "Unsupported locale"),
        ("updateSpreadsheetProperties", {"properties": {"autoRecalc": "NEVER"}, "fields": "autoRecalc"}, "auto_recalc"),
        (
            "updateSpreadsheetProperties",
            {"properties": {"iterativeCalculationSettings": {"maxIterations": 0}}, "fields": "*"},
            "maxIterations",
        ),
        ("addNamedRange", {"namedRange": {"name": "A1", "range": {}}}, "no cell"),
        ("addNamedRange", {"namedRange": {"name": "R1C1", "range": {}}}, "no cell"),
        ("addNamedRange", {"namedRange": {"name": "n" * 251, "range": {}}}, "name of a named range"),
        ("updateNamedRange", {"namedRange": {"namedRangeId": "x"}, "fields": "name"}, "No named range with id: x"),
        ("deleteNamedRange", {"namedRangeId": "x"}, "No named range with id: x"),
    ],
)
def test_refusals_say_why(api, kind, body, why):
    assert why in api.refused(kind, body)


def test_properties_of_the_spreadsheet(api):
    told = {"locale": "id_ID", "timeZone": "Asia/Makassar", "iterativeCalculationSettings": {"maxIterations": 5}}
    assert api.reply("updateSpreadsheetProperties", {"properties": told, "fields": ",".join(told)}) == {}
    assert api.get("properties")["properties"].items() >= told.items()


def test_named_ranges_get_other_names_and_ranges(api):
    named = api.reply("addNamedRange", {"namedRange": {"name": "data", "range": a_range("A1:B2")}})["namedRange"]
    api.reply("addNamedRange", {"namedRange": {"name": "lain", "range": a_range("A1:B2")}})
    new = {"namedRangeId": named["namedRangeId"], "name": "Data", "range": a_range("C1")}
    assert api.reply("updateNamedRange", {"namedRange": new, "fields": "name,range"}) == {}
    assert api.get("namedRanges")["namedRanges"][0] == new
    assert "already exists" in api.refused(
        "updateNamedRange", {"namedRange": {**new, "name": "LAIN"}, "fields": "name"}
    )


def furnished(api):
    """A sheet with one of everything."""
    api.write([["a", "=A1"], ["b"]])
    api.reply(
        "repeatCell", {"range": a_range("A1"), "cell": {"userEnteredFormat": BOLD}, "fields": "userEnteredFormat"}
    )
    api.reply("mergeCells", {"range": a_range("C1:D1"), "mergeType": "MERGE_ALL"})
    api.reply("addDimensionGroup", {"range": lines("ROWS", 1, 3)})
    api.reply("addProtectedRange", {"protectedRange": {"range": a_range("A1:A2")}})
    api.reply("addFilterView", {"filter": {"range": a_range("A1:B9")}})
    api.reply(
        "addBanding", {"bandedRange": {"range": a_range("A1:B9"), "rowProperties": {"firstBandColor": {"red": 1}}}}
    )
    source = {"chartType": "BAR", "series": [{"series": {"sourceRange": {"sources": [a_range("A1:A9")]}}}]}
    api.reply("addChart", {"chart": {"spec": {"basicChart": source}}})
    for where in ({"sheetId": 0}, {"dimensionRange": lines("ROWS", 1, 2)}):
        told = {"metadataKey": "k", "visibility": "DOCUMENT", "location": where}
        api.reply("createDeveloperMetadata", {"developerMetadata": told})


def without_ids(sheet):
    """A sheet's parts with nothing in them that must differ between two sheets."""

    def cut(value):
        if isinstance(value, list):
            return [cut(item) for item in value]
        if not isinstance(value, dict):
            return value
        ids = {
            "sheetId",
            "chartId",
            "protectedRangeId",
            "filterViewId",
            "bandedRangeId",
            "bandedRangeReference",
            "metadataId",
        }
        return {name: cut(inner) for name, inner in value.items() if name not in ids}

    return {name: cut(value) for name, value in sheet.items() if name != "properties"}


def ids_in(value):
    """Every sheet id that a part of a sheet names."""
    if isinstance(value, list):
        return {number for item in value for number in ids_in(item)}
    if not isinstance(value, dict):
        return set()
    inner = {number for part in value.values() for number in ids_in(part)}
    return inner | ({value["sheetId"]} if "sheetId" in value else set())


def test_a_duplicate_has_everything_with_ids_of_its_own(api):
    furnished(api)
    body = {"sourceSheetId": 0, "newSheetId": 5, "insertSheetIndex": 1}
    told = api.reply("duplicateSheet", body)["properties"]
    assert (told["sheetId"], told["title"], told["index"]) == (5, "Copy of Sheet1", 1)
    first, copy = api.get()["sheets"]
    assert without_ids(copy) == without_ids(first)
    assert ids_in({name: value for name, value in copy.items() if name != "properties"}) == {5}
    assert api.values("Copy of Sheet1") == [["a", "a"], ["b"]]
    assert {c["chartId"] for c in first["charts"]}.isdisjoint(c["chartId"] for c in copy["charts"])
    api.reply("duplicateSheet", {"sourceSheetId": 0})
    assert api.sheet(0)["properties"]["title"] == "Copy of Sheet1 2"
    api.reply("deleteSheet", {"sheetId": 5})
    assert without_ids(api.get()["sheets"][1]) == without_ids(first)


def test_a_sheet_is_copied_to_another_spreadsheet(api, client, server):
    furnished(api)
    other = client.create("Lain")
    told = api.call("POST", "/sheets/0:copyTo", json={"destinationSpreadsheetId": other.id}).json()
    assert (told["title"], told["index"]) == ("Copy of Sheet1", 1)
    there = Api(server, other.id)
    assert without_ids(there.get()["sheets"][1]) == without_ids(api.get()["sheets"][0])
    for path, body, status in (
        ("/sheets/0:copyTo", {}, 400),
        ("/sheets/9:copyTo", {"destinationSpreadsheetId": other.id}, 400),
        ("/sheets/0:copyTo", {"destinationSpreadsheetId": "x"}, 404),
    ):
        assert api.call("POST", path, json=body).status_code == status
    server.call("DELETE", f"/drive/v3/files/{other.id}")


def test_what_points_at_a_deleted_sheet_goes(api, book):
    other = book.add_worksheet("Lain", 9, 9)
    api.write([["=Lain!A1"]])
    there = {**a_range("A1:A9"), "sheetId": other.id}
    api.reply("addNamedRange", {"namedRange": {"name": "sana", "range": there}})
    spec = {"basicChart": {"chartType": "BAR", "series": [{"series": {"sourceRange": {"sources": [there]}}}]}}
    api.reply("addChart", {"chart": {"spec": spec}})
    api.reply("deleteSheet", {"sheetId": other.id})
    assert "namedRanges" not in api.get()
    assert ids_in(api.sheet()["charts"]) <= {0}
    assert api.values("A1", "FORMULA") == [["=#REF!"]]


def test_a_spreadsheet_is_created_with_everything_in_it(server, client):
    data = {
        "startRow": 1,
        "rowData": [{"values": [{"userEnteredValue": {"stringValue": "a"}, "userEnteredFormat": BOLD, "note": "n"}]}],
        "columnMetadata": [{"pixelSize": 250}],
    }
    on_seven = {"sheetId": 7, **a_range("C1:D2")}
    body = {
        "properties": {"title": "Lengkap", "autoRecalc": "HOUR"},
        "sheets": [
            {"properties": {"title": "Satu"}},
            {
                "properties": {"title": "Dua", "sheetId": 7},
                "data": [data],
                "merges": [on_seven],
                "rowGroups": [{"range": {"sheetId": 7, **lines("ROWS", 1, 3)}, "depth": 1}],
                "protectedRanges": [{"range": on_seven, "warningOnly": True}],
            },
        ],
        "namedRanges": [{"name": "data", "range": on_seven}],
        "developerMetadata": [{"metadataKey": "k", "visibility": "DOCUMENT", "location": {"spreadsheet": True}}],
    }
    answer = server.call("POST", "/v4/spreadsheets", json=body)
    assert answer.status_code == 200, answer.text
    made = Api(server, answer.json()["spreadsheetId"])
    told = made.get()
    assert told["properties"]["autoRecalc"] == "HOUR"
    assert told["namedRanges"][0]["range"] == on_seven
    assert told["developerMetadata"][0]["metadataKey"] == "k"
    sheet = told["sheets"][1]
    assert sheet["merges"] == [on_seven]
    assert sheet["rowGroups"][0]["depth"] == 1
    assert sheet["protectedRanges"][0]["warningOnly"] is True
    cell = sheet["data"][0]["rowData"][1]["values"][0]
    assert (cell["formattedValue"], cell["userEnteredFormat"], cell["note"]) == ("a", BOLD, "n")
    assert sheet["data"][0]["columnMetadata"][0]["pixelSize"] == 250
    server.call("DELETE", f"/drive/v3/files/{made.book_id}")
    wrong = server.call("POST", "/v4/spreadsheets", json={"namedRanges": [{"name": "A1", "range": {}}]})
    assert wrong.status_code == 400
