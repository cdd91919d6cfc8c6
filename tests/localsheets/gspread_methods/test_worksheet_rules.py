"""gspread.Worksheet: formats, notes and validation."""

import gspread
import pytest
from gspread.utils import ValidationConditionType

from tests.localsheets.gspread_methods.coverage import covers


def cell(book, place, field):
    """One field of one cell as the server tells it."""
    told = book.fetch_sheet_metadata(
        {"includeGridData": False, "ranges": f"Sheet1!{place}", "fields": f"sheets.data.rowData.values.{field}"}
    )
    rows = told["sheets"][0]["data"][0].get("rowData", [{}])
    return rows[0].get("values", [{}])[0].get(field)


FORMAT = {
    "backgroundColor": {"green": 1, "blue": 0.49803922},
    "horizontalAlignment": "CENTER",
    "textFormat": {"foregroundColor": {"red": 1}, "fontSize": 12, "bold": True},
}


@covers("Worksheet.format")
def test_formats_are_told_as_google_does(book, sheet):
    sheet.format("A2:B2", FORMAT)
    told = cell(book, "A2", "userEnteredFormat")
    assert told.pop("backgroundColorStyle") == {"rgbColor": FORMAT["backgroundColor"]}
    assert told["textFormat"].pop("foregroundColorStyle") == {"rgbColor": {"red": 1}}
    assert told == FORMAT
    assert cell(book, "C2", "userEnteredFormat") is None


@covers("Worksheet.format")
def test_a_format_changes_only_what_it_names(book, sheet):
    sheet.format(["A1", "C3"], {"textFormat": {"bold": True}})
    sheet.format("A1", {"numberFormat": {"type": "NUMBER", "pattern": "0.00"}})
    assert cell(book, "A1", "userEnteredFormat") == {
        "textFormat": {"bold": True},
        "numberFormat": {"type": "NUMBER", "pattern": "0.00"},
    }
    sheet.update([[1.5]], "A1")
    assert sheet.acell("A1").value == "1.50"
    sheet.format("A1", {"textFormat": {"italic": True}})
    assert cell(book, "A1", "userEnteredFormat")["textFormat"] == {"italic": True}


@covers("Worksheet.format")
def test_what_holds_in_the_end_is_the_default_and_the_cells_own(book, sheet):
    sheet.update([["text", 5, True]], "A1")
    sheet.format("A1", {"textFormat": {"bold": True}})
    effective = cell(book, "A1", "effectiveFormat")
    assert effective["textFormat"]["bold"] is True
    assert effective["textFormat"]["fontFamily"] == "arial,sans,sans-serif"
    assert effective["backgroundColorStyle"] == {"rgbColor": {"red": 1, "green": 1, "blue": 1}}
    assert (effective["verticalAlignment"], effective["hyperlinkDisplayType"]) == ("BOTTOM", "PLAIN_TEXT")
    sides = [cell(book, place, "effectiveFormat")["horizontalAlignment"] for place in ("A1", "B1", "C1")]
    assert sides == ["LEFT", "RIGHT", "CENTER"]


@covers("Worksheet.batch_format")
def test_formats_in_a_batch(book, sheet):
    sheet.batch_format(
        [
            {"range": "A1:B1", "format": {"textFormat": {"bold": True}}},
            {"range": "B1", "format": {"textFormat": {"italic": True}}},
        ]
    )
    assert cell(book, "A1", "userEnteredFormat") == {"textFormat": {"bold": True}}
    assert cell(book, "B1", "userEnteredFormat")["textFormat"]["italic"] is True


@covers("Worksheet.insert_note", "Worksheet.update_note", "Worksheet.clear_note", "Worksheet.get_note")
def test_a_note(sheet):
    assert sheet.get_note("B2") == ""
    sheet.insert_note("B2", "satu")
    sheet.update_note("B2", "dua")
    assert sheet.get_note("B2") == "dua"
    sheet.clear_note("B2")
    assert sheet.get_note("B2") == ""
    with pytest.raises(TypeError):
        sheet.insert_note("B2", 5)


@covers("Worksheet.insert_notes", "Worksheet.update_notes", "Worksheet.clear_notes", "Worksheet.get_notes")
def test_several_notes(sheet):
    sheet.update([["x"] * 4] * 6, "A1")
    sheet.insert_notes({"A1": "A1", "B2": "lama"})
    sheet.update_notes({"B2": "B2"})
    assert sheet.get_notes() == [["A1"], ["", "B2"]]
    assert sheet.get_notes(grid_range="A2:B2") == [["", "B2"]]
    assert sheet.get_notes(default_empty_value="-") == [["A1"], ["-", "B2"]]
    sheet.clear_notes(["A1", "B2"])
    assert sheet.get_notes() == [[]]


@covers("Worksheet.add_validation")
def test_validation_is_kept_and_heeded(book, sheet):
    sheet.add_validation(
        "A1:A5",
        ValidationConditionType.one_of_list,
        ["Ya", "Tidak"],
        inputMessage="Pilih",
        strict=True,
        showCustomUi=True,
    )
    assert cell(book, "A5", "dataValidation") == {
        "condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "Ya"}, {"userEnteredValue": "Tidak"}]},
        "inputMessage": "Pilih",
        "strict": True,
        "showCustomUi": True,
    }
    assert cell(book, "A6", "dataValidation") is None
    sheet.add_validation("B1", ValidationConditionType.number_between, [1, 10])
    assert cell(book, "B1", "dataValidation")["condition"]["values"] == [
        {"userEnteredValue": "1"},
        {"userEnteredValue": "10"},
    ]
    with pytest.raises(TypeError):
        sheet.add_validation("C1", "NUMBER_BETWEEN", [1, 10])
    with pytest.raises(gspread.exceptions.APIError):
        sheet.add_validation("C1", ValidationConditionType.number_between, [1])
