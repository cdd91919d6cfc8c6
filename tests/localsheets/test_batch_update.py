"""spreadsheets.batchUpdate over real HTTP: each kind, all or nothing, and errors for people."""

import time

import pytest
from gspread.utils import ValidationConditionType

import localsheets.requests.batch as batch
from localsheets.api.messages import snake
from localsheets.model.box import Box

from .conftest import OWNER


def post(server, book, *requests, token="owner-token", **more):
    path = f"/v4/spreadsheets/{book.id}:batchUpdate"
    return server.call("POST", path, token=token, json={"requests": list(requests), **more})


def values(server, book, text="Sheet1"):
    return server.call("GET", f"/v4/spreadsheets/{book.id}/values/{text}").json().get("values")


def rows(*texts):
    return [{"values": [{"userEnteredValue": {"stringValue": text}} for text in row]} for row in texts]


def test_an_unknown_kind_is_named_and_nothing_is_done(server, book, sheet):
    answer = post(
        server,
        book,
        {"appendCells": {"rows": rows(["a"]), "fields": "userEnteredValue"}},
        {"addTable": {"table": {}}},
    )
    assert answer.status_code == 501
    assert answer.json()["error"]["status"] == "UNIMPLEMENTED"
    assert "addTable" in answer.json()["error"]["message"]
    assert values(server, book) is None


@pytest.mark.parametrize("kind", sorted(batch.HANDLERS))
def test_nonsense_is_an_error_never_a_crash(server, book, kind):
    for body in ({}, {"range": 5}, {"sheetId": "x"}, {"fields": "*"}, {"rule": [], "index": -1}, [], 5):
        answer = post(server, book, {kind: body})
        assert answer.status_code in {200, 400}, answer.text
        if answer.status_code == 400:
            said = answer.json()["error"]["message"]
            assert kind in said or snake(kind) in said


def test_append_cells_goes_below_the_last_value_and_grows(server, book, sheet):
    sheet.resize(2, 3)
    for text in ("a", "b", "c"):
        answer = post(server, book, {"appendCells": {"sheetId": 0, "rows": rows([text]), "fields": "userEnteredValue"}})
        assert answer.json() == {"spreadsheetId": book.id, "replies": [{}]}
    assert values(server, book) == [["a"], ["b"], ["c"]]


def test_update_cells_clears_what_gets_nothing(server, book, sheet):
    sheet.update([["a", "b"], ["c", "d"]], "A1")
    box = {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
    post(server, book, {"updateCells": {"range": box, "rows": rows(["x"]), "fields": "userEnteredValue"}})
    assert values(server, book) == [["x"]]
    start = {"rowIndex": 2, "columnIndex": 1}
    post(server, book, {"updateCells": {"start": start, "rows": rows(["y"]), "fields": "userEnteredValue"}})
    assert values(server, book) == [["x"], [], ["", "y"]]


def test_fields_that_are_not_kept_are_named(server, book):
    cell = {"values": [{"pivotTable": {"rows": []}}]}
    answer = post(server, book, {"appendCells": {"rows": [cell], "fields": "*"}})
    assert answer.status_code == 501
    assert "pivotTable" in answer.json()["error"]["message"]


def test_repeat_cell_formats_a_column_as_one_rule(server, book, sheet):
    sheet.update([[1.5], [2]], "A1")
    box = {"startColumnIndex": 0, "endColumnIndex": 1}
    for pattern in ("0.00", "0.000"):
        cell = {"userEnteredFormat": {"numberFormat": {"type": "NUMBER", "pattern": pattern}}}
        post(server, book, {"repeatCell": {"range": box, "cell": cell, "fields": "userEnteredFormat.numberFormat"}})
    assert values(server, book) == [["1.500"], ["2.000"]]
    snapshot = server.app.extensions["localsheets"].read(book.id, OWNER)
    assert len(snapshot.sheets[0].formats) == 1


def test_set_up_twice_does_not_grow(server, book):
    rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "Ya"}]}}
    for _ in range(3):
        post(server, book, {"setDataValidation": {"range": {"startRowIndex": 1, "startColumnIndex": 2}, "rule": rule}})
    snapshot = server.app.extensions["localsheets"].read(book.id, OWNER)
    assert len(snapshot.sheets[0].validations) == 1
    post(server, book, {"setDataValidation": {"range": {}}})
    assert server.app.extensions["localsheets"].read(book.id, OWNER).sheets[0].validations == []


def test_conditional_rules_are_kept_in_order(server, book):
    def rule(text):
        condition = {"type": "TEXT_EQ", "values": [{"userEnteredValue": text}]}
        return {"ranges": [{"startRowIndex": 1}], "booleanRule": {"condition": condition, "format": {}}}

    for text in ("a", "b"):
        post(server, book, {"addConditionalFormatRule": {"rule": rule(text), "index": 0}})
    post(server, book, {"updateConditionalFormatRule": {"index": 0, "newIndex": 1, "sheetId": 0}})
    answer = post(server, book, {"deleteConditionalFormatRule": {"index": 0, "sheetId": 0}}).json()
    gone = answer["replies"][0]["deleteConditionalFormatRule"]["rule"]
    assert gone["booleanRule"]["condition"]["values"] == [{"userEnteredValue": "a"}]
    assert post(server, book, {"deleteConditionalFormatRule": {"index": 5}}).status_code == 400


def test_filter_is_kept(server, book):
    post(server, book, {"setBasicFilter": {"filter": {"range": {"startRowIndex": 0, "endRowIndex": 9}}}})
    told = server.call("GET", f"/v4/spreadsheets/{book.id}?fields=sheets.basicFilter").json()
    whole = {"startRowIndex": 0, "endRowIndex": 9, "startColumnIndex": 0, "endColumnIndex": 26}
    assert told == {"sheets": [{"basicFilter": {"range": whole}}]}
    post(server, book, {"clearBasicFilter": {"sheetId": 0}})
    assert server.call("GET", f"/v4/spreadsheets/{book.id}?fields=sheets.basicFilter").json() == {"sheets": [{}]}


def test_moved_rows_and_columns_carry_everything(server, book, sheet):
    sheet.update([["a", "b", "c"], ["1", "2", "3"], ["x", "y", "z"]], "A1")
    source = {"dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
    post(server, book, {"moveDimension": {"source": source, "destinationIndex": 3}})
    assert values(server, book)[0] == ["b", "c", "a"]
    source = {"dimension": "ROWS", "startIndex": 2, "endIndex": 3}
    post(server, book, {"moveDimension": {"source": source, "destinationIndex": 0}})
    assert values(server, book) == [["y", "z", "x"], ["b", "c", "a"], ["2", "3", "1"]]


def test_a_rule_for_all_data_rows_holds_for_a_new_first_row(server, book, sheet):
    sheet.add_validation("B2:B", ValidationConditionType.boolean, [])
    post(server, book, {"insertDimension": {"range": {"dimension": "ROWS", "startIndex": 1, "endIndex": 2}}})
    told = server.call("GET", f"/v4/spreadsheets/{book.id}?ranges=B1:B3&fields=sheets.data.rowData").json()
    kinds = [bool(row.get("values")) for row in told["sheets"][0]["data"][0]["rowData"]]
    assert kinds == [False, True, True]


def test_part_of_the_columns_can_be_sorted(server, book, sheet):
    sheet.update([["b", "1"], ["a", "2"]], "A1")
    box = {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 1}
    post(server, book, {"sortRange": {"range": box, "sortSpecs": [{"dimensionIndex": 0}]}})
    assert values(server, book) == [["a", "1"], ["b", "2"]]


def test_the_answer_can_hold_the_spreadsheet(server, book):
    request = {"updateSpreadsheetProperties": {"properties": {"title": "Baru"}, "fields": "title"}}
    told = post(server, book, request, includeSpreadsheetInResponse=True).json()
    assert told["updatedSpreadsheet"]["properties"]["title"] == "Baru"


def test_spreadsheet_with_sheets_is_created_at_once(server):
    body = {
        "properties": {"title": "Baru", "locale": "id_ID"},
        "sheets": [{"properties": {"title": "Satu", "sheetId": 7}}, {"properties": {"title": "Dua"}}],
    }
    told = server.call("POST", "/v4/spreadsheets", json=body).json()
    assert [sheet["properties"]["title"] for sheet in told["sheets"]] == ["Satu", "Dua"]
    assert told["sheets"][0]["properties"]["sheetId"] == 7
    assert told["properties"]["locale"] == "id_ID"
    assert server.call("DELETE", f"/drive/v3/files/{told['spreadsheetId']}").status_code == 204


def test_protected_ranges_let_only_editors_through(server, book, sheet):
    book.share("clerk@kantor.test", perm_type="user", role="writer")
    sheet.update([["sys", "staff"], ["x", "y"]], "A1")
    box = {"startColumnIndex": 0, "endColumnIndex": 1}
    told = post(server, book, {"addProtectedRange": {"protectedRange": {"range": box, "description": "Sistem"}}})
    protection = told.json()["replies"][0]["addProtectedRange"]["protectedRange"]
    assert protection["editors"] == {"users": ["owner@kantor.test"]}
    path = f"/v4/spreadsheets/{book.id}/values/"

    def write(text, token):
        query = "?valueInputOption=RAW"
        return server.call("PUT", path + text + query, token=token, json={"values": [["neu"]]})

    refused = write("A2", "clerk-token")
    assert refused.status_code == 400
    assert refused.json()["error"]["status"] == "INVALID_ARGUMENT"
    assert "trying to edit a protected cell" in refused.json()["error"]["message"]
    assert write("B2", "clerk-token").status_code == 200
    assert write("A2", "owner-token").status_code == 200
    delete = {"deleteDimension": {"range": {"dimension": "ROWS", "startIndex": 1, "endIndex": 2}}}
    lift = {"deleteProtectedRange": {"protectedRangeId": protection["protectedRangeId"]}}
    assert post(server, book, delete, token="clerk-token").status_code == 400
    assert post(server, book, lift, token="clerk-token").status_code == 400
    editors = {"protectedRangeId": protection["protectedRangeId"], "editors": {"users": ["CLERK@kantor.test"]}}
    post(server, book, {"updateProtectedRange": {"protectedRange": editors, "fields": "editors"}})
    assert write("A2", "clerk-token").status_code == 200
    assert post(server, book, lift, token="clerk-token").status_code == 200


def protected(server, book, **box):
    post(server, book, {"addProtectedRange": {"protectedRange": {"range": box, "description": "Kepala"}}})
    book.share("clerk@kantor.test", perm_type="user", role="writer", notify=False)


def inserted(server, book, start, *, dimension="ROWS", token="clerk-token"):
    lines = {"dimension": dimension, "startIndex": start, "endIndex": start + 2}
    return post(server, book, {"insertDimension": {"range": lines}}, token=token).status_code


def test_only_editors_put_rows_above_a_protected_header(server, book, sheet):
    sheet.update([["Tiket"], ["T-1"]], "A1")
    protected(server, book, startRowIndex=0, endRowIndex=1)
    assert inserted(server, book, 0) == 400
    assert values(server, book) == [["Tiket"], ["T-1"]]
    assert inserted(server, book, 1) == 200
    assert inserted(server, book, 0, dimension="COLUMNS") == 200
    assert inserted(server, book, 0, token="owner-token") == 200


def test_rows_go_above_a_protected_row_that_is_not_the_first(server, book, sheet):
    protected(server, book, startRowIndex=1, endRowIndex=2)
    assert inserted(server, book, 0) == 200


def test_sorting_is_refused_where_the_range_meets_protected_cells_only(server, book, sheet):
    """As at Google: a protected column beside the range keeps nobody from sorting the range."""
    sheet.update([["b", "1", "x"], ["a", "2", "y"]], "A1")
    protected(server, book, startColumnIndex=2, endColumnIndex=3)

    def sort(right):
        box = {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": right}
        return post(server, book, {"sortRange": {"range": box, "sortSpecs": [{}]}}, token="clerk-token").status_code

    assert sort(3) == 400
    assert sort(2) == 200
    assert values(server, book) == [["a", "2", "x"], ["b", "1", "y"]]


def layers(server, book):
    shelf = server.app.extensions["localsheets"]
    return shelf.read(book.id, OWNER).sheets[0].validations


def rule(name):
    return {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": name}]}}


def test_rules_of_cells_are_kept_as_few_boxes(server, book, sheet):
    alike = {"values": [{"dataValidation": rule("a")}, {"dataValidation": rule("a")}, {"dataValidation": rule("b")}]}
    fields = "dataValidation"
    told = {"start": {"rowIndex": 1, "columnIndex": 1}, "rows": [alike, alike, {"values": [{}]}, {}, alike]}
    post(server, book, {"updateCells": {**told, "fields": fields}})
    post(server, book, {"updateCells": {**told, "fields": fields}})
    assert [(layer["box"], layer["rule"]) for layer in layers(server, book)] == [
        (Box(1, 3, 1, 3), rule("a")),
        (Box(1, 3, 3, 4), rule("b")),
        (Box(5, 6, 1, 3), rule("a")),
        (Box(5, 6, 3, 4), rule("b")),
    ]
    one = {"startRowIndex": 2, "endRowIndex": 3, "startColumnIndex": 2, "endColumnIndex": 3}
    post(server, book, {"updateCells": {"range": one, "fields": fields}})
    assert layers(server, book)[-1] == {"box": Box(2, 3, 2, 3), "rule": None}
    post(server, book, {"updateCells": {"range": {}, "fields": "*"}})
    assert layers(server, book) == []


@pytest.mark.alone
@pytest.mark.parametrize("cells", [[], [{"dataValidation": rule("a")}, {}] * 13], ids=["cleared", "every other cell"])
def test_rules_over_a_whole_sheet_take_no_time(server, book, sheet, cells):
    """What takes long is a table of 26,000 cells compared with itself, and nobody else can write meanwhile."""
    told = {"range": {}, "fields": "dataValidation", "rows": [{"values": cells[i % 2 :]} for i in range(1000)]}
    began = time.monotonic()
    for _ in range(2):
        assert post(server, book, {"updateCells": told}).status_code == 200
    assert time.monotonic() - began < 5
