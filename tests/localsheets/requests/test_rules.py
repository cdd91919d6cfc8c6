"""Validation of every kind, colours by rule, protections, and formats over one another."""

import json
from datetime import date
from importlib.resources import files

import pytest

from localsheets.formats.serials import serial_of
from localsheets.model.conditions import fulfils
from localsheets.requests.batch import HANDLERS

from .conftest import a_range

TODAY = date(2024, 5, 17)
NOW = serial_of(TODAY)


def condition(kind, *values):
    return {"type": kind} | ({"values": [{"userEnteredValue": value} for value in values]} if values else {})


VALID = [
    condition("NUMBER_GREATER", "1"),
    condition("NUMBER_GREATER_THAN_EQ", "1"),
    condition("NUMBER_LESS", "1"),
    condition("NUMBER_LESS_THAN_EQ", "1"),
    condition("NUMBER_EQ", "1"),
    condition("NUMBER_NOT_EQ", "1"),
    condition("NUMBER_BETWEEN", "1", "2"),
    condition("NUMBER_NOT_BETWEEN", "1", "2"),
    condition("TEXT_CONTAINS", "a"),
    condition("TEXT_NOT_CONTAINS", "a"),
    condition("TEXT_STARTS_WITH", "a"),
    condition("TEXT_ENDS_WITH", "a"),
    condition("TEXT_EQ", "a"),
    condition("TEXT_IS_EMAIL"),
    condition("TEXT_IS_URL"),
    condition("DATE_EQ", "2024-05-17"),
    condition("DATE_BEFORE", "2024-05-17"),
    condition("DATE_AFTER", "2024-05-17"),
    condition("DATE_ON_OR_BEFORE", "2024-05-17"),
    condition("DATE_ON_OR_AFTER", "2024-05-17"),
    condition("DATE_BETWEEN", "2024-05-17", "2024-05-18"),
    condition("DATE_NOT_BETWEEN", "2024-05-17", "2024-05-18"),
    condition("DATE_IS_VALID"),
    condition("ONE_OF_RANGE", "=Sheet1!$A$1:$A$5"),
    condition("ONE_OF_LIST", "a", "b"),
    condition("BLANK"),
    condition("NOT_BLANK"),
    condition("CUSTOM_FORMULA", "=A1>1"),
    condition("BOOLEAN"),
    condition("BOOLEAN", "Ya", "Tidak"),
]


def test_every_kind_of_validation_is_kept(api):
    rules = [{"condition": told, "strict": True, "inputMessage": "Pilih", "showCustomUi": True} for told in VALID]
    requests = [{"setDataValidation": {"range": a_range(f"B{row}"), "rule": rule}} for row, rule in enumerate(rules, 1)]
    assert api.post(*requests).json()["replies"] == [{}] * len(rules)
    assert api.cells(f"B1:B{len(rules)}", "dataValidation") == [[rule] for rule in rules]


def test_a_rule_that_only_warns_says_no_strict(api):
    rule = {"condition": condition("BOOLEAN"), "strict": False}
    api.reply("setDataValidation", {"range": a_range("B2"), "rule": rule})
    assert api.cells("B2", "dataValidation") == [[{"condition": {"type": "BOOLEAN"}}]]


def test_every_kind_that_google_knows_is_done_or_named(api):
    """Authority: the discovery document."""
    text = (files("googleapiclient") / "discovery_cache/documents/sheets.v4.json").read_text()
    for kind in json.loads(text)["schemas"]["Request"]["properties"]:
        answer = api.post({kind: {}})
        assert kind in HANDLERS or (answer.status_code == 501 and kind in answer.json()["error"]["message"])
    unknown = api.post({"makeCoffee": {}})
    assert unknown.status_code == 400
    assert "makeCoffee" in unknown.json()["error"]["message"]


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"type": "MOON"},
        condition("NUMBER_BETWEEN", "1"),
        condition("ONE_OF_LIST"),
        condition("BLANK", "x"),
        condition("BOOLEAN", "a", "b", "c"),
        {"type": "TEXT_EQ", "values": ["a"]},
    ],
)
def test_validation_refuses_nonsense(api, told):
    assert api.refused("setDataValidation", {"range": a_range("B2"), "rule": {"condition": told}})


def test_rules_and_colours_follow_the_cells_that_their_formulas_name(api):
    rule = {"condition": condition("ONE_OF_RANGE", "=Sheet1!$A$3:$A$5")}
    api.reply("setDataValidation", {"range": a_range("B2"), "rule": rule})
    colour = {"condition": condition("CUSTOM_FORMULA", "=$A3>1"), "format": {"textFormat": {"bold": True}}}
    api.reply("addConditionalFormatRule", {"rule": {"ranges": [a_range("C3")], "booleanRule": colour}})
    api.reply("insertDimension", {"range": {"dimension": "ROWS", "startIndex": 2, "endIndex": 4}})
    assert api.cells("B2", "dataValidation") == [[{"condition": condition("ONE_OF_RANGE", "=Sheet1!$A$5:$A$7")}]]
    (told,) = api.sheet()["conditionalFormats"]
    assert told["ranges"] == [a_range("C5")]
    assert told["booleanRule"]["condition"] == condition("CUSTOM_FORMULA", "=$A5>1")


@pytest.mark.parametrize(
    ("value", "told", "right"),
    [
        (NOW, condition("DATE_EQ", "2024-05-17"), True),
        (NOW + 0.5, condition("DATE_EQ", "2024-05-17"), True),
        (NOW, condition("DATE_NOT_EQ", "2024-05-17"), False),
        (NOW, condition("DATE_BEFORE", "2024-05-17"), False),
        (NOW - 1, condition("DATE_BEFORE", "2024-05-17"), True),
        (NOW, condition("DATE_ON_OR_BEFORE", "2024-05-17"), True),
        (NOW, condition("DATE_AFTER", "2024-05-17"), False),
        (NOW, condition("DATE_ON_OR_AFTER", "2024-05-17"), True),
        (NOW, condition("DATE_BETWEEN", "2024-05-16", "2024-05-17"), True),
        (NOW + 1, condition("DATE_BETWEEN", "2024-05-16", "2024-05-17"), False),
        (NOW + 1, condition("DATE_NOT_BETWEEN", "2024-05-16", "2024-05-17"), True),
        ("besok", condition("DATE_EQ", "2024-05-17"), False),
        (NOW, condition("DATE_EQ", "entah"), None),
        (NOW, condition("DATE_IS_VALID"), True),
        ("besok", condition("DATE_IS_VALID"), False),
        (NOW, {"type": "DATE_EQ", "values": [{"relativeDate": "TODAY"}]}, True),
        (NOW, {"type": "DATE_BEFORE", "values": [{"relativeDate": "TOMORROW"}]}, True),
        (NOW, {"type": "DATE_AFTER", "values": [{"relativeDate": "YESTERDAY"}]}, True),
        (NOW - 7, {"type": "DATE_EQ", "values": [{"relativeDate": "PAST_WEEK"}]}, True),
        (NOW - 8, {"type": "DATE_EQ", "values": [{"relativeDate": "PAST_WEEK"}]}, False),
        (NOW - 31, {"type": "DATE_BEFORE", "values": [{"relativeDate": "PAST_MONTH"}]}, True),
        ("a@b.test", condition("TEXT_IS_EMAIL"), True),
        ("a@b", condition("TEXT_IS_EMAIL"), False),
        ("https://kantor.test/x?y=1", condition("TEXT_IS_URL"), True),
        ("bukan alamat", condition("TEXT_IS_URL"), False),
        (5, condition("CUSTOM_FORMULA", "=A1>1"), None),
    ],
)
def test_conditions_are_fulfilled(value, told, right):
    assert fulfils(value, str(value), told, "en_US", today=TODAY) is right


def test_relative_dates_need_to_know_today():
    assert fulfils(NOW, "", {"type": "DATE_EQ", "values": [{"relativeDate": "TODAY"}]}, "en_US") is None


@pytest.mark.parametrize(
    ("kind", "body", "why"),
    [
        ("addConditionalFormatRule", {"rule": {"ranges": [{}]}}, "booleanRule or gradientRule"),
        (
            "addConditionalFormatRule",
            {"rule": {"ranges": [{}], "booleanRule": {"condition": condition("ONE_OF_LIST", "a"), "format": {}}}},
            "not supported by conditional formatting",
        ),
        ("updateConditionalFormatRule", {"index": 3, "newIndex": 0}, "No conditional format on sheet: 0 at index: 3"),
        (
            "addProtectedRange",
            {"protectedRange": {"warningOnly": True, "editors": {"users": ["a@b.test"]}}},
            "warningOnly",
        ),
        (
            "addProtectedRange",
            {"protectedRange": {"range": a_range("A1:B2"), "unprotectedRanges": [a_range("A1")]}},
            "only supported on protected sheets",
        ),
        (
            "updateProtectedRange",
            {"protectedRange": {"protectedRangeId": 5}, "fields": "*"},
            "No protected range with id: 5",
        ),
        ("updateCells", {"fields": "userEnteredValue", "rows": [{"values": [{}] * 30}]}, "beyond the sheet"),
        ("updateCells", {"fields": "magic", "rows": []}, "Invalid field: magic"),
        ("updateCells", {"rows": []}, "At least one field must be listed in 'fields'."),
        (
            "updateCells",
            {"fields": "*", "rows": [{"values": [{"userEnteredValue": {"numberValue": "x"}}]}]},
            "number_value",
        ),
        (
            "updateCells",
            {"fields": "*", "rows": [{"values": [{"userEnteredValue": {"stringValue": "x" * 50_001}}]}]},
            "50000",
        ),
        (
            "updateCells",
            {"fields": "*", "rows": [{"values": [{"textFormatRuns": [{"startIndex": 1}]}]}]},
            "only be set on text",
        ),
        ("repeatCell", {"fields": "pivotTable", "cell": {"pivotTable": {}}, "range": a_range("A1")}, "pivotTable"),
        ("appendCells", {"fields": "*", "tableId": "t", "rows": []}, "tables"),
        ("addTable", {"table": {}}, "does not support addTable"),
        ("insertComment", {"content": "x"}, "does not support insertComment"),
        ("refreshDataSource", {}, "does not support refreshDataSource"),
    ],
)
def test_refusals_say_why(api, kind, body, why):
    assert why in api.refused(kind, body)


def test_a_protected_sheet_with_an_open_corner(api, book):
    book.share("clerk@kantor.test", perm_type="user", role="writer", notify=False)
    told = {"range": {}, "unprotectedRanges": [a_range("B2:C3")]}
    api.reply("addProtectedRange", {"protectedRange": told})
    write = {"rows": [{"values": [{"userEnteredValue": {"stringValue": "x"}}]}], "fields": "userEnteredValue"}
    inside, outside = {**write, "range": a_range("B2")}, {**write, "range": a_range("A1")}
    assert "protected cell" in api.refused("updateCells", outside, token="clerk-token")
    assert api.reply("updateCells", inside, token="clerk-token") == {}
    api.reply("insertDimension", {"range": {"dimension": "ROWS", "startIndex": 0, "endIndex": 1}})
    assert api.sheet()["protectedRanges"][0]["unprotectedRanges"] == [a_range("B3:C4")]


def test_everybody_of_the_owners_domain_may_edit_if_so_told(api, book):
    book.share("clerk@kantor.test", perm_type="user", role="writer", notify=False)
    editors = {"editors": {"domainUsersCanEdit": True}}
    api.reply("addProtectedRange", {"protectedRange": {"range": a_range("A1"), **editors}})
    body = {"range": a_range("A1"), "cell": {"note": "x"}, "fields": "note"}
    assert api.reply("repeatCell", body, token="clerk-token") == {}


def look(api, text):
    return api.cells(text, "userEnteredFormat")


def test_a_cells_own_format_lies_over_what_was_there(api):
    column = {"range": {"startColumnIndex": 0, "endColumnIndex": 1}}
    both = {"textFormat": {"bold": True}, "wrapStrategy": "WRAP"}
    api.reply("repeatCell", {**column, "cell": {"userEnteredFormat": both}, "fields": "userEnteredFormat"})
    body = {"range": a_range("A1"), "rows": [{"values": [{"userEnteredFormat": {"textFormat": {"italic": True}}}]}]}
    api.reply("updateCells", {**body, "fields": "userEnteredFormat.textFormat"})
    assert look(api, "A1:A2") == [[{"textFormat": {"italic": True}, "wrapStrategy": "WRAP"}], [both]]
    api.reply("updateCells", {"range": a_range("A1"), "rows": [], "fields": "userEnteredFormat"})
    assert look(api, "A1:A2") == [[], [both]]
    api.reply("repeatCell", {**column, "cell": {"userEnteredFormat": both}, "fields": "userEnteredFormat.wrapStrategy"})
    assert look(api, "A1") == [[{"wrapStrategy": "WRAP"}]]
    api.reply("repeatCell", {**column, "cell": {}, "fields": "userEnteredFormat"})
    assert look(api, "A1:A2") == []


def test_runs_of_a_text_have_formats_of_their_own(api):
    runs = [{"format": {"bold": True}}, {"startIndex": 2, "format": {}}]
    cell = {"userEnteredValue": {"stringValue": "tebal"}, "textFormatRuns": runs}
    api.reply("updateCells", {"rows": [{"values": [cell]}], "fields": "*"})
    assert api.cells("A1", "textFormatRuns") == [[runs]]
    api.write([["lain"]])
    assert api.cells("A1", "textFormatRuns") == [[None]]


def test_a_formula_is_repeated_as_if_copied(api):
    api.write([[1], [2], [3]])
    cell = {"userEnteredValue": {"formulaValue": "=A1*$A$3"}}
    api.reply("repeatCell", {"range": a_range("B1:B3"), "cell": cell, "fields": "userEnteredValue"})
    assert api.values("B1:B3", "FORMULA") == [["=A1*$A$3"], ["=A2*$A$3"], ["=A3*$A$3"]]
    assert api.values("B1:B3") == [[3], [6], [9]]
    api.reply("repeatCell", {"range": a_range("B2"), "cell": {"note": "n"}, "fields": "note"})
    assert api.values("B2", "FORMULA") == [["=A2*$A$3"]]
