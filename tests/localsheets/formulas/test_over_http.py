"""Formulas through the API, as gspread and Google's own client see them."""

from typing import Any

import gspread
import pytest
from gspread.utils import ValueInputOption, ValueRenderOption

from tests.localsheets.conftest import Running

Json = dict[str, Any]
ENTERED = ValueInputOption.user_entered
FORMULA = ValueRenderOption.formula
UNFORMATTED = ValueRenderOption.unformatted


def cell_data(server: Running, book: gspread.Spreadsheet, cell: str) -> Json:
    path = f"/v4/spreadsheets/{book.id}?includeGridData=true&ranges={cell}"
    (data,) = server.call("GET", path).json()["sheets"][0]["data"]
    told: Json = data["rowData"][0]["values"][0]
    return told


def test_a_formula_goes_round(sheet: gspread.Worksheet) -> None:
    sheet.update([[1, 2, "=SUM(A1:B1)"], ["=A1=1", '="Rp "&A1', "=1/0"]], "A1", value_input_option=ENTERED)
    assert sheet.get("A1:C2") == [["1", "2", "3"], ["TRUE", "Rp 1", "#DIV/0!"]]
    assert sheet.get("A1:C2", value_render_option=UNFORMATTED) == [[1, 2, 3], [True, "Rp 1", "#DIV/0!"]]
    formulas = [[1, 2, "=SUM(A1:B1)"], ["=A1=1", '="Rp "&A1', "=1/0"]]
    assert sheet.get("A1:C2", value_render_option=FORMULA) == formulas
    assert sheet.cell(1, 3, value_render_option=FORMULA).value == "=SUM(A1:B1)"
    assert sheet.acell("C1").value == "3"


def test_raw_text_stays_text(sheet: gspread.Worksheet) -> None:
    sheet.update([["=1+1", "+1+1"]], "A1", raw=True)
    assert sheet.get("A1:B1", value_render_option=FORMULA) == [["=1+1", "+1+1"]]
    assert sheet.get("A1:B1") == [["=1+1", "+1+1"]]


def test_a_write_can_answer_the_result(server: Running, book: gspread.Spreadsheet) -> None:
    path = f"/v4/spreadsheets/{book.id}/values/A1?valueInputOption=USER_ENTERED&includeValuesInResponse=true"
    answer = server.call("PUT", path, json={"values": [["=6*7"]]}).json()
    assert answer["updatedData"]["values"] == [["42"]]


def test_update_cells_takes_formulas_and_get_tells_them_apart(server: Running, book: gspread.Spreadsheet) -> None:
    rows = [
        {"values": [{"userEnteredValue": {"formulaValue": text}} for text in ("=1+1", "=TRUE", "=NA()", "=SALAH()")]}
    ]
    start = {"sheetId": 0, "rowIndex": 0, "columnIndex": 0}
    book.batch_update({"requests": [{"updateCells": {"rows": rows, "start": start, "fields": "userEnteredValue"}}]})
    told = [cell_data(server, book, cell) for cell in ("A1", "B1", "C1", "D1")]
    assert [cell["userEnteredValue"] for cell in told] == [row["userEnteredValue"] for row in rows[0]["values"]]
    assert [cell["effectiveValue"] for cell in told] == [
        {"numberValue": 2},
        {"boolValue": True},
        {"errorValue": {"type": "N_A", "message": "The formula did not find what it looked for."}},
        {"errorValue": {"type": "NAME", "message": "Unknown function: 'SALAH'."}},
    ]
    assert [cell["formattedValue"] for cell in told] == ["2", "TRUE", "#N/A", "#NAME?"]
    assert "note" not in told[3], "it exists nowhere"


def test_what_an_array_fills_was_entered_by_nobody(server: Running, book: gspread.Spreadsheet) -> None:
    book.sheet1.update([["=SEQUENCE(2)"]], "A1", value_input_option=ENTERED)
    told = cell_data(server, book, "A2")
    assert told["effectiveValue"] == {"numberValue": 2}
    assert "userEnteredValue" not in told


def test_formulas_are_given_and_taken_in_the_spreadsheets_locale(book: gspread.Spreadsheet) -> None:
    book.update_locale("id_ID")
    book.sheet1.update([['=IF(1,5>1;"ya";"tidak")', "=SUM(1,5;2)"]], "A1", value_input_option=ENTERED)
    assert book.sheet1.get("A1:B1") == [["ya", "3,5"]]
    assert book.sheet1.get("A1:B1", value_render_option=FORMULA) == [['=IF(1,5>1;"ya";"tidak")', "=SUM(1,5;2)"]]
    book.update_locale("en_US")
    assert book.sheet1.get("A1:B1", value_render_option=FORMULA) == [['=IF(1.5>1,"ya","tidak")', "=SUM(1.5,2)"]]


def test_sorting_moves_formulas_with_their_rows(sheet: gspread.Worksheet) -> None:
    sheet.update([[3, "=A1*10"], [1, "=A2*10"], [2, "=A3*$A$1"]], "A1", value_input_option=ENTERED)
    sheet.sort((1, "asc"), range="A1:B3")
    assert sheet.get("A1:B3", value_render_option=FORMULA) == [[1, "=A1*10"], [2, "=A2*$A$1"], [3, "=A3*10"]]
    assert sheet.get("A1:B3") == [["1", "10"], ["2", "2"], ["3", "30"]]


def test_rows_and_columns_come_and_go(sheet: gspread.Worksheet) -> None:
    sheet.update([[1, 2, "=A1+B1"], [3, 4, "=SUM(A1:B2)"]], "A1", value_input_option=ENTERED)
    sheet.insert_row(["baru"], 1)
    assert sheet.get("C2:C3", value_render_option=FORMULA) == [["=A2+B2"], ["=SUM(A2:B3)"]]
    sheet.delete_columns(1)
    assert sheet.get("B2:B3", value_render_option=FORMULA) == [["=#REF!+A2"], ["=SUM(A2:A3)"]]
    assert sheet.get("B2:B3") == [["#REF!"], ["6"]]


def test_copies_and_fills_point_along(book: gspread.Spreadsheet) -> None:
    sheet = book.sheet1
    sheet.update([[1, "=A1*2"], [2], [3]], "A1", value_input_option=ENTERED)
    sheet.copy_range("B1:B1", "B2:B3")
    assert sheet.get("B1:B3") == [["2"], ["4"], ["6"]]
    copy = book.duplicate_sheet(sheet.id, new_sheet_name="Salinan")
    assert copy.get("B3", value_render_option=FORMULA) == [["=A3*2"]]


def test_sheets_are_renamed_and_deleted(book: gspread.Spreadsheet) -> None:
    other = book.add_worksheet("Lain", 5, 5)
    other.update([[7]], "A1")
    book.sheet1.update([["=Lain!A1"]], "A1", value_input_option=ENTERED)
    other.update_title("Bulan ini")
    assert book.sheet1.get("A1", value_render_option=FORMULA) == [["='Bulan ini'!A1"]]
    assert book.sheet1.acell("A1").value == "7"
    book.del_worksheet(other)
    assert book.sheet1.acell("A1").value == "#REF!"


def test_a_named_range_in_a_formula(sheet: gspread.Worksheet) -> None:
    sheet.update([[1], [2]], "B1")
    sheet.define_named_range("B1:B2", "jumlah")
    sheet.update([["=SUM(Jumlah)"]], "A1", value_input_option=ENTERED)
    assert sheet.acell("A1").value == "3"


def test_a_table_reaches_to_its_last_formula(sheet: gspread.Worksheet) -> None:
    sheet.update([["Nama", "Sisa"], ["a", '=""'], ["", '=""']], "A1", value_input_option=ENTERED)
    sheet.append_row(["b", 1], table_range="A1")
    assert sheet.get("A4:B4") == [["b", "1"]]


@pytest.mark.parametrize("text", ["=1 1", "=SUM(", "=A1:", "=" + "(" * 500, '="', "=\u0000", "=" + "-" * 20_000 + "1"])
def test_what_cannot_be_read_is_kept_and_shown_as_an_error(sheet: gspread.Worksheet, text: str) -> None:
    sheet.update([[text, "=1+1"]], "A1", value_input_option=ENTERED)
    assert sheet.get("A1:B1")[0][1] == "2"
    assert sheet.acell("A1").value == "#ERROR!"
    assert sheet.acell("A1", value_render_option=FORMULA).value == text


def test_clearing_and_overwriting_ends_a_formula(sheet: gspread.Worksheet) -> None:
    sheet.update([['=""', "=1+1"]], "A1", value_input_option=ENTERED)
    sheet.batch_clear(["A1"])
    assert sheet.get("A1:B1", value_render_option=FORMULA) == [["", "=1+1"]]
    sheet.update([["x"]], "B1")
    assert sheet.get("A1:B1", value_render_option=FORMULA) == [["", "x"]]


def test_copies_hold_formulas_and_not_what_they_fill(client: gspread.Client, book: gspread.Spreadsheet) -> None:
    book.sheet1.update([["=SEQUENCE(2)", "=SALAH()"]], "A1", value_input_option=ENTERED)
    assert book.sheet1.get("A1:B2") == [["1", "#NAME?"], ["2"]]
    file = client.copy(book.id)
    sheet = book.sheet1.copy_to(file.id)
    for copy in (file.sheet1, file.worksheet(sheet["title"])):
        assert copy.get("A1:B2") == [["1", "#NAME?"], ["2"]]
        copy.update([["=SEQUENCE(1)", "x"]], "A1", value_input_option=ENTERED)
        assert copy.get("A1:B2") == [["1", "x"]]
        assert not copy.get_note("B1")
    client.del_spreadsheet(file.id)


def test_a_batch_can_answer_with_results(server: Running, book: gspread.Spreadsheet) -> None:
    cell = {"userEnteredValue": {"formulaValue": "=6*7"}}
    place = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}
    request = {"repeatCell": {"range": place, "cell": cell, "fields": "userEnteredValue"}}
    body = {"requests": [request], "includeSpreadsheetInResponse": True, "responseIncludeGridData": True}
    told = server.call("POST", f"/v4/spreadsheets/{book.id}:batchUpdate", json=body).json()
    row = told["updatedSpreadsheet"]["sheets"][0]["data"][0]["rowData"][0]
    assert row["values"][0]["effectiveValue"] == {"numberValue": 42}


def test_a_result_looks_like_the_cell_that_it_shows(sheet: gspread.Worksheet) -> None:
    sheet.update([["2026-03-05", "50%", 7], ["=A1", "=A1+7", "=MAX(A1:A1)"]], "A1", value_input_option=ENTERED)
    sheet.update([["=B1*2", "=C1", "=A1*B1", "=TODAY()-A1"]], "A3", value_input_option=ENTERED)
    assert sheet.get("A2:C2") == [["2026-03-05", "2026-03-12", "2026-03-05"]]
    assert sheet.get("A3:C3") == [["100%", "7", "23043"]]
    assert sheet.acell("D3").value.isdecimal()


def test_a_date_from_update_cells_looks_like_one(server: Running, book: gspread.Spreadsheet) -> None:
    cell = {"userEnteredValue": {"formulaValue": "=DATE(2026,3,5)"}}
    place = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 1}
    book.sheet1.format("A2", {"numberFormat": {"type": "DATE", "pattern": "dd/mm/yyyy"}})
    book.batch_update({"requests": [{"repeatCell": {"range": place, "cell": cell, "fields": "userEnteredValue"}}]})
    assert book.sheet1.get("A1:A2") == [["3/5/2026"], ["05/03/2026"]]
