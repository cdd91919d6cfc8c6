"""Bodies, queries and masks that do not fit Google's messages: refused in Google's words, before anything is done."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docs.messages import APIS, FOLDER, condensed
from localsheets.api.messages import parsed, tables

ROOT = "/v4/spreadsheets"
V4 = "type.googleapis.com/google.apps.sheets.v4"
LIST = "type.googleapis.com/google.protobuf.ListValue"
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"
NO_LIST = "Invalid JSON payload received. Unknown name \"{}\" at '{}': Proto field is not repeating, cannot start list."
UNBOUND = (
    'Invalid JSON payload received. Unknown name "{0}": Cannot bind query parameter.'
    " Field '{0}' could not be found in request message."
)
STRUCT = (
    'struct_value {\n  fields {\n    key: "a"\n    value {\n      number_value: 1\n    }\n  }\n'
    '  fields {\n    key: "b"\n    value {\n      null_value: NULL_VALUE\n    }\n  }\n}\n'
)
MESSAGES = tables("sheets")["messages"]


@pytest.mark.parametrize("api", sorted(APIS))
def test_tables_are_current(api):
    """Mend with: make docs"""
    assert (FOLDER / APIS[api]).read_text("utf-8") == condensed(api), f"{APIS[api]} is stale. Type: make docs"


@pytest.fixture
def ask(server, book):
    def call(method, path, body=None, **params):
        return server.call(method, f"{ROOT}/{book.id}{path}", json=body, params=params)

    return call


def unknown(name, place=""):
    within = f" at '{place}'" if place else ""
    return place, f'Invalid JSON payload received. Unknown name "{name}"{within}: Cannot find field.'


def invalid(place, kind, shown):
    return place, f"Invalid value at '{place}' ({kind}), {shown}"


# -- bodies -----------------------------------------------------------------------------------------------------------

UPDATE = ("PUT", "/values/A1?valueInputOption=RAW")
BAD_REQUESTS = [
    ({"foo": {}}, [unknown("foo", "requests[0]")]),
    ({"repeatCell": {"foo": 1}}, [unknown("foo", "requests[0].repeat_cell")]),
    ({"repeat_cell": {"cell": {"fooBar": 1}}}, [unknown("fooBar", "requests[0].repeat_cell.cell")]),
    (
        {"mergeCells": {"mergeType": "FOO"}},
        [invalid("requests[0].merge_cells.merge_type", f"{V4}.MergeCellsRequest.MergeType", '"FOO"')],
    ),
    ({"mergeCells": {"mergeType": 3}},
     [invalid("requests[0].merge_cells.merge_type", f"{V4}.MergeCellsRequest.MergeType", "3")]),
    ({"deleteSheet": {"sheetId": "abc"}}, [invalid("requests[0].delete_sheet.sheet_id", "TYPE_INT32", '"abc"')]),
    ({"deleteSheet": {"sheetId": 1.5}}, [invalid("requests[0].delete_sheet.sheet_id", "TYPE_INT32", "1.5")]),
    ({"deleteSheet": {"sheetId": 2**31}}, [invalid("requests[0].delete_sheet.sheet_id", "TYPE_INT32", "2147483648")]),
    ({"deleteSheet": {"sheetId": True}}, [invalid("requests[0].delete_sheet.sheet_id", "TYPE_INT32", "true")]),
    ({"deleteSheet": "x"}, [invalid("requests[0].delete_sheet", f"{V4}.DeleteSheetRequest", '"x"')]),
    (
        {"addSheet": {"properties": {"title": 5, "hidden": "maybe"}}},
        [
            invalid("requests[0].add_sheet.properties.title", "TYPE_STRING", "5"),
            invalid("requests[0].add_sheet.properties.hidden", "TYPE_BOOL", '"maybe"'),
        ],
    ),
    (
        {"addSheet": {"properties": ["x"]}},
        [
            (
                "requests[0].add_sheet",
                NO_LIST.format("properties", "requests[0].add_sheet"),
            )
        ],
    ),
    (
        {"addConditionalFormatRule": {"rule": {"ranges": [{}, {"sheetId": "?"}]}}},
        [invalid("requests[0].add_conditional_format_rule.rule.ranges[1].sheet_id", "TYPE_INT32", '"?"')],
    ),
    (
        {"repeatCell": {"cell": {"userEnteredValue": {"numberValue": "viel"}}}},
        [invalid("requests[0].repeat_cell.cell.user_entered_value.number_value", "TYPE_DOUBLE", '"viel"')],
    ),
    (
        {"repeatCell": {"fields": 5}},
        [invalid("requests[0].repeat_cell.fields", "type.googleapis.com/google.protobuf.FieldMask", "5")],
    ),
    (
        {"addSheet": {}, "deleteSheet": {}},
        [invalid("requests[0]", "oneof", "oneof field 'kind' is already set. Cannot set 'deleteSheet'")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "found"), BAD_REQUESTS)
def test_a_request_that_is_none(ask, request_, found):
    answer = ask("POST", ":batchUpdate", {"requests": [request_]})
    check(answer, found)


@pytest.mark.parametrize(
    ("verb", "path", "body", "found"),
    [
        ("POST", ":batchUpdate", {"foo": 1, "requests": []}, [unknown("foo")]),
        (*UPDATE, {"values": ["x", [1]]}, [invalid("data.values[0]", LIST, '"x"')]),
        (*UPDATE, {"values": "x", "rangee": "A1"}, [invalid("data.values", LIST, '"x"'), unknown("rangee", "data")]),
        (*UPDATE, {"majorDimension": "rows"}, [invalid("data.major_dimension", f"{V4}.Dimension", '"rows"')]),
        ("POST", "/values:batchUpdate", {"data": [{"values": [5]}]}, [invalid("data[0].values[0]", LIST, "5")]),
        ("POST", "/values:batchClear", {"ranges": [5]}, [invalid("ranges[0]", "TYPE_STRING", "5")]),
        ("POST", "/values/A1:clear", {"range": "A1"}, [unknown("range")]),
        ("POST", ":getByDataFilter", {"dataFilters": [{"a1Range": 1}]},
         [invalid("data_filters[0].a1_range", "TYPE_STRING", "1")]),
        ("POST", "/developerMetadata:search", {"filters": []}, [unknown("filters")]),
        ("POST", "/sheets/0:copyTo", {"destination": "x"}, [unknown("destination")]),
    ],
)  # fmt: skip
def test_a_body_that_is_none(ask, verb, path, body, found):
    check(ask(verb, path, body), found)


def test_a_spreadsheet_that_is_none(server):
    check(server.call("POST", ROOT, json={"title": "x"}), [unknown("title", "spreadsheet")])


def check(answer, found):
    error = answer.json()["error"]
    assert answer.status_code == 400
    assert error["message"] == "\n".join(text for _, text in found)
    violations = [{"field": field, "description": text} if field else {"description": text} for field, text in found]
    assert error["details"] == [{"@type": BAD_REQUEST, "fieldViolations": violations}]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (["x"], 'list_value {\n  values {\n    string_value: "x"\n  }\n}\n'),
        ({"a": 1, "b": None}, STRUCT),
    ],
)
def test_a_cell_holds_no_list_and_no_object(ask, value, shown):
    answer = ask(*UPDATE, {"values": [["a"], [True, value]]})
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, f"Invalid values[1][1]: {shown}")


@pytest.mark.parametrize(
    ("requests", "status", "message"),
    [
        ([], 400, "Must specify at least one request."),
        ([{}], 400, "Invalid requests[0]: No request set."),
        ([{"addTable": {}}], 501, "Invalid requests[0].addTable: This server does not support addTable."),
        ([{"repeatCell": {"fields": "foo", "range": {}}}], 400, "Invalid requests[0].repeatCell: Invalid field: foo"),
        (
            [{"updateSheetProperties": {"properties": {}, "fields": "title,gridProperties(rows)"}}],
            400,
            "Invalid requests[0].updateSheetProperties: Invalid field: gridProperties.rows",
        ),
    ],
)
def test_requests_that_say_too_little_or_too_much(ask, requests, status, message):
    answer = ask("POST", ":batchUpdate", {"requests": requests})
    assert (answer.status_code, answer.json()["error"]["message"]) == (status, message)


def test_the_same_in_other_words():
    """Snake case, numbers in quotes, whole floats, numbers of enums, nulls, one for a list of one."""
    told = {
        "requests": {
            "merge_cells": {
                "merge_type": 1,
                "range": {"sheet_id": "7", "startRowIndex": 2.0, "end_row_index": None, "endColumnIndex": "3.0"},
            }
        },
        "include_spreadsheet_in_response": "true",
        "comments_view_mode": "COMMENTS_VIEW_MODE_UNSPECIFIED",
    }
    assert parsed("BatchUpdateSpreadsheetRequest", told) == {
        "requests": [
            {
                "mergeCells": {
                    "mergeType": "MERGE_COLUMNS",
                    "range": {"sheetId": 7, "startRowIndex": 2, "endColumnIndex": 3},
                }
            }
        ],
        "includeSpreadsheetInResponse": True,
    }


# -- queries and masks ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "params", "message"),
    [
        ("", {"foo": "1"},
         UNBOUND.format("foo")),
        ("", {"includeGridData": "maybe"}, "Invalid value at 'include_grid_data' (TYPE_BOOL), \"maybe\""),
        ("/values/A1", {"value_render_option": "FOO"},
         f"Invalid value at 'value_render_option' ({V4}.ValueRenderOption), \"FOO\""),
        ("/values:batchGet", {"dateTimeRenderOption": "x"},
         f"Invalid value at 'date_time_render_option' ({V4}.DateTimeRenderOption), \"x\""),
    ],
)  # fmt: skip
def test_queries_are_checked(ask, path, params, message):
    answer = ask("GET", path, **params)
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, message)


def test_queries_that_google_takes(ask, sheet):
    sheet.update([["a", 1]], "A1")
    standard = {
        "alt": "json",
        "prettyPrint": "false",
        "quotaUser": "u",
        "$.xgafv": "2",
        "key": "k",
        "upload_protocol": "",
    }
    told = ask("GET", "/values/A1:B1", majorDimension="DIMENSION_UNSPECIFIED", **standard).json()
    assert told == {"range": "Sheet1!A1:B1", "majorDimension": "ROWS", "values": [["a", "1"]]}
    assert ask("GET", "/values/A1:B1", value_render_option="UNFORMATTED_VALUE").json()["values"] == [["a", 1]]
    assert ask("GET", "", fields="spreadsheet_id").json().keys() == {"spreadsheetId"}


@pytest.mark.parametrize(
    ("fields", "lacking"),
    [
        ("foo", ["foo"]),
        ("sheets(properties(titel),foo)", ["sheets.properties.titel", "sheets.foo"]),
        ("values", ["values"]),
    ],
)
def test_masks_of_answers_are_checked(ask, fields, lacking):
    error = ask("GET", "", fields=fields).json()["error"]
    assert error["message"] == "Request contains an invalid argument."
    said = "Error expanding 'fields' parameter. Cannot find matching fields for path '{}'."
    violations = [{"field": path, "description": said.format(path)} for path in lacking]
    assert error["details"] == [{"@type": BAD_REQUEST, "fieldViolations": violations}]


def test_nothing_is_written_when_the_mask_of_the_answer_is_wrong(ask):
    requests = [{"addSheet": {"properties": {"title": "Baru"}}}]
    assert ask("POST", ":batchUpdate?fields=foo", {"requests": requests}).status_code == 400
    assert len(ask("GET", "").json()["sheets"]) == 1


@pytest.mark.parametrize("path", ["", "/{id}", "/{id}/permissions"])
def test_drive_checks_masks_in_its_own_words(server, book, path):
    answer = server.call("GET", f"/drive/v3/files{path.format(id=book.id)}?fields=kind,foo")
    error = answer.json()["error"]
    assert (answer.status_code, error["message"]) == (400, "Invalid field selection foo")
    told = error["errors"][0]
    assert (told["reason"], told["locationType"], told["location"]) == ("invalidParameter", "parameter", "fields")


# -- the form of answers ----------------------------------------------------------------------------------------------


def test_empty_lists_are_not_told(ask, book):
    assert ask("GET", "/values:batchGet").json() == {"spreadsheetId": book.id}
    assert ask("POST", "/values:batchClear", {}).json() == {"spreadsheetId": book.id}


def test_answers_are_indented_and_whole_numbers_have_no_point(ask, book, sheet):
    sheet.format("A1", {"backgroundColor": {"red": 1.0}})
    sheet.update([[1e15, 0.5]], "A1")
    text = ask("GET", "/values/A1:B1", valueRenderOption="UNFORMATTED_VALUE").text
    assert text.startswith('{\n  "range": ')
    assert "1000000000000000,\n" in text
    told = ask("GET", "", includeGridData="true", ranges="A1").text
    assert '"red": 1\n' in told
    assert "\n" not in ask("GET", "/values/A1", prettyPrint="false").text


# -- junk -------------------------------------------------------------------------------------------------------------

JUNK = st.sampled_from(
    [None, True, 0, -1, 1.5, 2**40, 1e300, "", "x", "2", "NaN", "=1", "😀", [], [[]], ["x"], [{}], {}, {"x": 1}, [None]]
)


def junk_for(kind, depth):
    """Values of a field: mostly of its type, so that the junk lies deep."""
    inner = kind.strip("[]{}")
    if inner in MESSAGES and depth:
        message = st.sampled_from(sorted(MESSAGES[inner])).flatmap(
            lambda field: st.fixed_dictionaries({field: junk_for(MESSAGES[inner][field], depth - 1)})
        )
        some = st.lists(message, max_size=2) if kind.startswith("[") else message
        return some | JUNK
    return JUNK


@pytest.mark.fault
@pytest.mark.parametrize("kind", sorted(MESSAGES["Request"]))
@settings(max_examples=max(settings().max_examples // 20, 2), suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_junk_poisons_no_spreadsheet(server, kind, data):
    request = {kind: data.draw(junk_for(MESSAGES["Request"][kind], 5))}
    book_id = server.call("POST", ROOT, json={}).json()["spreadsheetId"]
    answer = server.call("POST", f"{ROOT}/{book_id}:batchUpdate", json={"requests": [request]})
    assert answer.status_code in {200, 400, 403, 501}, (answer.text, json.dumps(request))
    if answer.ok:
        readable(server, book_id, request)
    server.call("DELETE", f"/drive/v3/files/{book_id}")


@pytest.mark.fault
@settings(max_examples=max(settings().max_examples // 2, 10), suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_junk_makes_no_poisoned_spreadsheet(server, data):
    told = data.draw(junk_for("Spreadsheet", 6))
    answer = server.call("POST", ROOT, json=told)
    assert answer.status_code in {200, 400, 501}, (answer.text, json.dumps(told))
    if answer.ok:
        readable(server, answer.json()["spreadsheetId"], told)
        server.call("DELETE", f"/drive/v3/files/{answer.json()['spreadsheetId']}")


def readable(server, book_id, told):
    """It still can be read whole, by values, and as a workbook."""
    whole = server.call("GET", f"{ROOT}/{book_id}?includeGridData=true&ranges=A1:C3")
    assert whole.status_code == 200, (whole.text, json.dumps(told))
    assert server.call("GET", f"{ROOT}/{book_id}/values/A1:C3").status_code == 200, json.dumps(told)
    xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    exported = server.call("GET", f"/drive/v3/files/{book_id}/export", params={"mimeType": xlsx})
    assert exported.status_code == 200, (exported.text, json.dumps(told))
