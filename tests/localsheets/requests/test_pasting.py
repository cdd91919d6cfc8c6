"""Copying, carrying and filling cells."""

import pytest

from .conftest import a_range, lines

BOLD = {"textFormat": {"bold": True}}
YES_OR_NO = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "Ya"}]}}


def dressed(api):
    """A1:B2 with values, a formula, a bold cell, a rule, a note and a colour by rule."""
    api.write([["a", 2], ["b", "=B1*2"]])
    api.reply(
        "repeatCell", {"range": a_range("A1"), "cell": {"userEnteredFormat": BOLD}, "fields": "userEnteredFormat"}
    )
    api.reply("setDataValidation", {"range": a_range("A1:A2"), "rule": YES_OR_NO})
    api.reply("repeatCell", {"range": a_range("B1"), "cell": {"note": "n"}, "fields": "note"})
    rule = {"condition": {"type": "TEXT_EQ", "values": [{"userEnteredValue": "a"}]}, "format": BOLD}
    api.reply("addConditionalFormatRule", {"rule": {"ranges": [a_range("A1:B1")], "booleanRule": rule}})


def paste(api, source, target, kind="PASTE_NORMAL", **more):
    body = {"source": a_range(source), "destination": a_range(target), "pasteType": kind, **more}
    return api.reply("copyPaste", body)


def seen(api, text):
    """What arrived: values, formulas, bold, rules and notes of a range, each only if there is any."""
    found = {
        "values": api.values(text),
        "formulas": [cell for row in api.values(text, "FORMULA") for cell in row if str(cell).startswith("=")],
        "bold": any(look for row in api.cells(text, "userEnteredFormat") for look in row if look),
        "rules": sum(1 for row in api.cells(text, "dataValidation") for rule in row if rule),
        "notes": [note for row in api.cells(text, "note") for note in row if note],
    }
    return {name: what for name, what in found.items() if what}


@pytest.mark.parametrize(
    ("kind", "arrived", "coloured"),
    [
        (
            "PASTE_NORMAL",
            {"values": [["a", 2], ["b", 4]], "formulas": ["=E1*2"], "bold": True, "rules": 2, "notes": ["n"]},
            ["A1:B1", "D1:E1"],
        ),
        ("PASTE_VALUES", {"values": [["a", 2], ["b", 4]]}, ["A1:B1"]),
        ("PASTE_FORMAT", {"bold": True}, ["A1:B1"]),
        ("PASTE_FORMULA", {"values": [["a", 2], ["b", 4]], "formulas": ["=E1*2"]}, ["A1:B1"]),
        ("PASTE_DATA_VALIDATION", {"rules": 2}, ["A1:B1"]),
        ("PASTE_CONDITIONAL_FORMATTING", {}, ["A1:B1", "D1:E1"]),
    ],
)
def test_each_paste_type_takes_its_own_along(api, kind, arrived, coloured):
    dressed(api)
    assert paste(api, "A1:B2", "D1", kind) == {}
    assert seen(api, "D1:E2") == arrived
    assert api.sheet()["conditionalFormats"][0]["ranges"] == [a_range(text) for text in coloured]


def test_a_paste_without_borders(api):
    api.write([["a"]])
    api.reply("updateBorders", {"range": a_range("A1"), "top": {"style": "SOLID"}})
    api.reply(
        "repeatCell",
        {"range": a_range("A1"), "cell": {"userEnteredFormat": BOLD}, "fields": "userEnteredFormat.textFormat"},
    )
    paste(api, "A1", "B1", "PASTE_NO_BORDERS")
    assert api.cells("B1", "userEnteredFormat") == [[BOLD]]


@pytest.mark.parametrize(
    ("source", "target", "values"),
    [
        ("A1:B1", "A3:B5", [["a", "b"]] * 3),
        ("A1:B1", "A3:D3", [["a", "b", "a", "b"]]),
        ("A1:B1", "A3:C3", [["a", "b"]]),
        ("A1:B2", "A3", [["a", "b"], ["c", "d"]]),
        ("A1", "A3:B4", [["a", "a"], ["a", "a"]]),
        ("A1:B1", "B1:C1", []),
    ],
    ids=["down", "right", "no multiple", "larger than the target", "one cell", "overlapping"],
)
def test_a_block_fills_what_holds_it_several_times(api, source, target, values):
    api.write([["a", "b"], ["c", "d"]])
    paste(api, source, target)
    assert api.values("A3:D9") == values
    if target == "B1:C1":
        assert api.values("A1:D1") == [["a", "a", "b"]]


def test_rows_are_pasted_as_columns(api):
    dressed(api)
    paste(api, "A1:B2", "D1", pasteOrientation="TRANSPOSE")
    assert api.values("D1:E2") == [["a", "b"], [2, "#REF!"]] or api.values("D1:D2") == [["a"], [2]]
    assert [bool(rule) for rule in api.cells("D1:E1", "dataValidation")[0]] == [True, True]


def test_merges_are_pasted_each_by_itself(api):
    api.reply("mergeCells", {"range": a_range("A1:B1"), "mergeType": "MERGE_ALL"})
    paste(api, "A1:B1", "A3:B4")
    assert api.sheet()["merges"] == [a_range(text) for text in ("A1:B1", "A3:B3", "A4:B4")]
    body = {"source": a_range("A1:B1"), "destination": a_range("B3")}
    assert "merged range" in api.refused("copyPaste", body)


def test_pasted_formats_hide_those_that_were_there(api):
    api.write([["x", "y"]])
    red = {"cell": {"userEnteredFormat": {"wrapStrategy": "WRAP"}}, "fields": "userEnteredFormat"}
    api.reply("repeatCell", {"range": {"startColumnIndex": 1, "endColumnIndex": 2}, **red})
    paste(api, "A1", "B1")
    assert api.cells("B1:B1", "userEnteredFormat") == [[None]]
    assert api.values("B1") == [["x"]]


@pytest.mark.parametrize(
    "body",
    [
        {"source": a_range("A1"), "destination": a_range("B1"), "pasteType": "PASTE_HOPE"},
        {"source": a_range("A1"), "destination": a_range("B1"), "pasteOrientation": "SIDEWAYS"},
        {"source": {"startRowIndex": 5000, "endRowIndex": 5001}, "destination": a_range("B1")},
        {"source": {"sheetId": 77}, "destination": a_range("B1")},
    ],
)
def test_copy_paste_refuses_nonsense(api, body):
    assert api.refused("copyPaste", body)


def test_cut_and_paste_carries_everything_and_is_followed(api):
    dressed(api)
    api.write([["=A1&B2"]], "H1")
    api.reply("addNamedRange", {"namedRange": {"name": "blok", "range": a_range("A1:B2")}})
    assert api.reply("cutPaste", {"source": a_range("A1:B2"), "destination": {"rowIndex": 4, "columnIndex": 3}}) == {}
    assert seen(api, "A1:B2") == {}
    assert seen(api, "D5:E6") == {
        "values": [["a", 2], ["b", 4]],
        "formulas": ["=E5*2"],
        "bold": True,
        "rules": 2,
        "notes": ["n"],
    }
    assert api.values("H1", "FORMULA") == [["=D5&E6"]]
    assert api.get("namedRanges")["namedRanges"][0]["range"] == a_range("D5:E6")
    assert api.sheet()["conditionalFormats"][0]["ranges"] == [a_range("D5:E5")]


def test_cut_values_leave_nothing_behind(api):
    dressed(api)
    body = {"source": a_range("A1:B2"), "destination": {"columnIndex": 1}, "pasteType": "PASTE_VALUES"}
    api.reply("cutPaste", body)
    assert api.values("A1:C2") == [["", "a", 2], ["", "b", 4]]
    assert api.cells("A1:A1", "dataValidation") in ([[None]], [])
    far = {"source": a_range("A1"), "destination": {"rowIndex": 5000}}
    assert "beyond" in api.refused("cutPaste", far)


ROWS_THEN_COLUMNS = [("ROWS", [["", "b"], ["a", "d"], ["c"]]), ("COLUMNS", [["", "a", "b"], ["c", "d"]])]


@pytest.mark.parametrize(("axis", "values"), ROWS_THEN_COLUMNS)
def test_inserted_cells_push_others_away(api, axis, values):
    api.write([["a", "b"], ["c", "d"]])
    api.write([["=A1"]], "H9")
    assert api.reply("insertRange", {"range": a_range("A1"), "shiftDimension": axis}) == {}
    assert api.values("A1:C3") == values
    assert api.values("H9", "FORMULA") == [["=A2" if axis == "ROWS" else "=B1"]]
    assert "shiftDimension" in api.refused("insertRange", {"range": a_range("A1")})


def test_nothing_is_pushed_off_the_sheet(api):
    api.reply(
        "updateSheetProperties",
        {"properties": {"gridProperties": {"rowCount": 2, "columnCount": 2}}, "fields": "gridProperties"},
    )
    api.write([["a", "b"], ["c", "d"]])
    api.reply("insertRange", {"range": a_range("A1:A2"), "shiftDimension": "ROWS"})
    assert api.values("A1:B4") == [["", "b"], ["", "d"], ["a"], ["c"]]
    assert api.sheet()["properties"]["gridProperties"]["rowCount"] == 4


@pytest.mark.parametrize(
    ("axis", "values"), [("ROWS", [["c", "b"], ["e", "d"], ["", "f"]]), ("COLUMNS", [["b"], ["c", "d"], ["e", "f"]])]
)
def test_deleted_cells_are_closed_up(api, axis, values):
    api.write([["a", "b"], ["c", "d"], ["e", "f"]])
    api.write([["=A1", "=A3"]], "H9")
    assert api.reply("deleteRange", {"range": a_range("A1"), "shiftDimension": axis}) == {}
    assert api.values("A1:C3") == values
    formulas = api.values("H9:I9", "FORMULA")[0]
    assert formulas == (["=#REF!", "=A2"] if axis == "ROWS" else ["=#REF!", "=A3"]) or formulas[0] == "=A1"
    assert "out of bounds" in api.refused("deleteRange", {"range": {"endRowIndex": 9999}, "shiftDimension": "ROWS"})


def fill(api, source, count, axis="ROWS", **more):
    told = {"source": a_range(source), "dimension": axis, "fillLength": count}
    return api.reply("autoFill", {"sourceAndDestination": told, **more})


@pytest.mark.parametrize(
    ("given", "alternate", "after"),
    [
        ([1, 2], False, [3, 4, 5]),
        ([1, 2], True, [1, 2, 1]),
        ([5], False, [5, 5, 5]),
        ([5], True, [6, 7, 8]),
        ([1, 2, 4], False, [5.333333333, 6.833333333, 8.333333333]),
        (["Loket 1"], False, ["Loket 2", "Loket 3", "Loket 4"]),
        (["T-008", "T-009"], False, ["T-010", "T-011", "T-012"]),
        (["a", "b"], False, ["a", "b", "a"]),
        (["a", 1], False, ["a", 1, "a"]),
        ([True], False, [True, True, True]),
    ],
)
def test_series_go_on(api, given, alternate, after):
    api.write([[value] for value in given], option="RAW")
    assert fill(api, f"A1:A{len(given)}", 3, useAlternateSeries=alternate) == {}
    assert [row[0] for row in api.values("A1:A9")][len(given) :] == after


def test_dates_and_formulas_go_on_in_both_directions(api):
    api.write([["2024-01-30", "=C5*2", 7]], "A5")
    fill(api, "A5:C5", 2)
    assert api.values("A6:C7", "FORMATTED_VALUE") == [["2024-01-31", "14", "7"], ["2024-02-01", "14", "7"]]
    assert api.values("B7", "FORMULA") == [["=C7*2"]]
    fill(api, "A5:C5", -2)
    assert [row[0] for row in api.values("A3:A4", "FORMATTED_VALUE")] == ["2024-01-28", "2024-01-29"]
    api.write([[1], [3]], "E1")
    fill(api, "E1:E2", 2, axis="COLUMNS")
    assert api.values("E1:G2") == [[1, 1, 1], [3, 3, 3]]
    assert "beyond" in api.refused(
        "autoFill", {"sourceAndDestination": {"source": a_range("A1"), "dimension": "ROWS", "fillLength": -1}}
    )


def test_a_range_is_filled_from_the_data_in_it(api):
    api.write([[2], [4]])
    api.reply("autoFill", {"range": a_range("A1:A4")})
    assert api.values("A1:A9") == [[2], [4], [6], [8]]
    assert "no data" in api.refused("autoFill", {"range": a_range("D1:D4")})


def test_text_is_pasted_as_if_by_hand(api):
    body = {"coordinate": {"rowIndex": 1}, "data": 'a,1\n"b, c",2024-02-03', "type": "PASTE_NORMAL", "delimiter": ","}
    assert api.reply("pasteData", body) == {}
    assert api.values("A2:B3") == [["a", 1], ["b, c", 45325]]
    table = "<table><tr><td>x<br>y</td><th>5</th></tr></table>"
    api.reply("pasteData", {"coordinate": {"columnIndex": 3}, "data": table, "html": True})
    assert api.values("D1:E1") == [["x\ny", 5]]
    assert "delimiter" in api.refused("pasteData", {"coordinate": {}, "data": "a"})


@pytest.mark.parametrize(
    ("kind", "text", "parts"),
    [
        ({"delimiterType": "COMMA"}, "a, b,3", ["a", "b", 3]),
        ({"delimiterType": "SEMICOLON"}, "a;b", ["a", "b"]),
        ({"delimiterType": "SPACE"}, "a b", ["a", "b"]),
        ({"delimiterType": "CUSTOM", "delimiter": "|"}, "a|b", ["a", "b"]),
        ({"delimiterType": "AUTODETECT"}, "a;b", ["a", "b"]),
    ],
)
def test_text_is_parted_into_columns(api, kind, text, parts):
    api.write([[text]])
    assert api.reply("textToColumns", {"source": a_range("A1:A5"), **kind}) == {}
    assert api.values("A1:E1") == [parts]


def test_only_one_column_is_parted(api):
    assert "one column" in api.refused("textToColumns", {"source": a_range("A1:B1"), "delimiterType": "COMMA"})
    assert "delimiter_type" in api.refused("textToColumns", {"source": a_range("A1"), "delimiterType": "MAGIC"})


def test_protected_cells_are_not_pasted_over(api, book):
    book.share("clerk@kantor.test", perm_type="user", role="writer", notify=False)
    api.reply("addProtectedRange", {"protectedRange": {"range": a_range("C1:C9")}})
    for kind, body in {
        "copyPaste": {"source": a_range("A1"), "destination": a_range("C1")},
        "cutPaste": {"source": a_range("C1"), "destination": {}},
        "insertRange": {"range": a_range("A1"), "shiftDimension": "COLUMNS"},
        "autoFill": {"sourceAndDestination": {"source": a_range("B1"), "dimension": "COLUMNS", "fillLength": 2}},
        "pasteData": {"coordinate": {"columnIndex": 2}, "data": "x", "delimiter": ","},
        "mergeCells": {"range": a_range("B1:C1"), "mergeType": "MERGE_ALL"},
        "moveDimension": {"source": lines("COLUMNS", 2, 3), "destinationIndex": 0},
    }.items():
        assert api.refused(kind, body, token="clerk-token").startswith("You are trying to edit a protected cell"), kind
