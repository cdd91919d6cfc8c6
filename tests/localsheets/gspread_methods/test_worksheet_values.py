"""gspread.Worksheet: reading, writing, appending, clearing and finding values."""

import re

import gspread
import pytest
from gspread.utils import (
    DateTimeOption,
    Dimension,
    GridRangeType,
    InsertDataOption,
    MergeType,
    TableDirection,
    ValueInputOption,
    ValueRenderOption,
)
from gspread.worksheet import ValueRange

from tests.localsheets.gspread_methods.coverage import covers

UNFORMATTED, FORMULA = ValueRenderOption.unformatted, ValueRenderOption.formula


@covers("Worksheet.update")
def test_update(sheet):
    answer = sheet.update([["a", 1], [None, ""]], "B2")
    assert answer["updatedRange"] == "Sheet1!B2:C3"
    assert (answer["updatedRows"], answer["updatedColumns"], answer["updatedCells"]) == (2, 2, 3)
    assert sheet.get_all_values() == [["", "", ""], ["", "a", "1"]]
    sheet.update([["x"]])
    assert sheet.acell("A1").value == "x"


@covers("Worksheet.update")
def test_update_by_columns_and_as_typed(sheet):
    sheet.update([["1", "2"], ["3"]], "A1:B2", major_dimension=Dimension.cols, raw=False)
    assert sheet.get(value_render_option=UNFORMATTED) == [[1, 3], [2]]
    sheet.update([["=A1+B1"]], "C1", value_input_option=ValueInputOption.user_entered)
    assert sheet.acell("C1").value == "4"
    assert sheet.acell("C1", value_render_option=FORMULA).value == "=A1+B1"
    sheet.update([["=A1+B1"]], "C2", value_input_option=ValueInputOption.raw)
    assert sheet.acell("C2").value == "=A1+B1"


@covers("Worksheet.update")
@pytest.mark.parametrize(
    ("how", "date", "expected"),
    [
        (None, None, [["12%", "2026-02-03", "TRUE", "text"]]),
        (UNFORMATTED, None, [[0.12, 46056, True, "text"]]),
        (UNFORMATTED, DateTimeOption.formatted_string, [[0.12, "2026-02-03", True, "text"]]),
        (FORMULA, None, [[0.12, 46056, True, "text"]]),
        (ValueRenderOption.formatted, DateTimeOption.serial_number, [["12%", "2026-02-03", "TRUE", "text"]]),
    ],
)
def test_update_tells_the_values_back(sheet, how, date, expected):
    answer = sheet.update(
        [["12%", "2026-02-03", "true", "text"]],
        "A1",
        value_input_option=ValueInputOption.user_entered,
        include_values_in_response=True,
        response_value_render_option=how,
        response_date_time_render_option=date,
    )
    assert answer["updatedData"] == {"range": "Sheet1!A1:D1", "majorDimension": "ROWS", "values": expected}


@covers("Worksheet.update")
@pytest.mark.parametrize(
    ("place", "values", "said"),
    [
        ("AA1", [["x"]], r"Range \(Sheet1!AA1\) exceeds grid limits. Max rows: 1000, max columns: 26"),
        ("Z1", [["x", "y"]], r"exceeds grid limits"),
        ("A1001", [["x"]], r"exceeds grid limits"),
        ("A1:A2", [["x", "y"]], r"Requested writing within range \[Sheet1!A1:A2\], but tried writing to column \[B\]"),
        ("A1:B1", [["x"], ["y"]], r"but tried writing to row \[2\]"),
        ("tidak ada", [["x"]], "Unable to parse range: "),
    ],
)
def test_update_outside_of_the_range_or_grid(sheet, place, values, said):
    with pytest.raises(gspread.exceptions.APIError, match=said):
        sheet.update(values, place)
    assert sheet.get_all_values() == [[]]


@covers("Worksheet.get", "ValueRange.range", "ValueRange.major_dimension", "ValueRange.first", "ValueRange.from_json")
def test_get_gives_a_value_range(sheet):
    sheet.update([["a", "b", ""], ["", "", ""], ["c", "", ""]], "A1")
    got = sheet.get("A1:C5")
    assert isinstance(got, ValueRange)
    assert got == [["a", "b"], [], ["c"]]
    assert (got.range, got.major_dimension, got.first()) == ("Sheet1!A1:C5", "ROWS", "a")
    assert sheet.get("E1:F2").first("nihil") == "nihil"
    assert sheet.get("A1:B1", major_dimension=Dimension.cols) == [["a"], ["b"]]
    again = ValueRange.from_json({"range": "Sheet1!A1", "majorDimension": "ROWS", "values": [["a"]]})
    assert (again, again.range) == ([["a"]], "Sheet1!A1")


@covers("Worksheet.get")
@pytest.mark.parametrize(
    ("asked", "told", "values"),
    [
        (None, "Sheet1!A1:Z1000", [["a", "b"], ["c", "d"]]),
        ("A2:B", "Sheet1!A2:B1000", [["c", "d"]]),
        ("B:B", "Sheet1!B1:B1000", [["b"], ["d"]]),
        ("2:2", "Sheet1!A2:Z2", [["c", "d"]]),
        ("B2:A1", "Sheet1!A1:B2", [["a", "b"], ["c", "d"]]),
        ("R1C2:R2C2", "Sheet1!B1:B2", [["b"], ["d"]]),
        ("$B$1", "Sheet1!B1", [["b"]]),
        ("Y1:ZZ2000", "Sheet1!Y1:Z1000", [[]]),
        ("nama", "Sheet1!A2:B2", [["c", "d"]]),
    ],
)
def test_ranges_are_understood_and_told_as_google_does(sheet, asked, told, values):
    sheet.update([["a", "b"], ["c", "d"]], "A1")
    sheet.define_named_range("A2:B2", "nama")
    got = sheet.get(asked)
    assert (got.range, list(got)) == (told, values)


@covers("Worksheet.get")
def test_get_may_keep_its_size_and_fill_merged_cells(sheet):
    sheet.update([["a", "b"], ["c"]], "A1")
    assert sheet.get("A1:C3", maintain_size=True) == [["a", "b", ""], ["c", "", ""], ["", "", ""]]
    assert sheet.get("A1:B2", pad_values=True, return_type=GridRangeType.ListOfLists) == [["a", "b"], ["c", ""]]
    sheet.merge_cells("A2:B2", MergeType.merge_all)
    assert sheet.get("A1:B2", combine_merged_cells=True, pad_values=True) == [["a", "b"], ["c", "c"]]


@covers("Worksheet.get_values", "Worksheet.get_all_values", "Worksheet.get_all_cells")
def test_all_values_are_padded(sheet):
    sheet.update([["a", "", ""], ["", "b", ""]], "A1")
    assert sheet.get_all_values() == [["a", ""], ["", "b"]]
    assert sheet.get_values("A1:C2") == [["a", ""], ["", "b"]]
    cells = sheet.get_all_cells()
    assert len(cells) == sheet.row_count * sheet.col_count
    assert {cell.address: cell.value for cell in cells if cell.value} == {"A1": "a", "B2": "b"}


@covers("Worksheet.get_all_records")
def test_get_all_records(sheet):
    sheet.update([["Nama", "HP", "Jumlah"], ["Contoh", "0812", 3], ["", "", "1.5"]], "A1")
    assert sheet.get_all_records() == [
        {"Nama": "Contoh", "HP": 812, "Jumlah": 3},
        {"Nama": "", "HP": "", "Jumlah": 1.5},
    ]
    assert sheet.get_all_records(numericise_ignore=["all"])[0]["HP"] == "0812"
    sheet.update([["Nama"]], "B1")
    with pytest.raises(gspread.exceptions.GSpreadException, match="duplicates"):
        sheet.get_all_records()


@covers("Worksheet.cell", "Worksheet.acell")
def test_single_cells(sheet):
    sheet.update([["12%", "=1+1"]], "B2", raw=False)
    assert (sheet.acell("B2").value, sheet.cell(2, 2).value) == ("12%", "12%")
    assert sheet.acell("b2", UNFORMATTED).value == 0.12
    assert sheet.cell(2, 3, FORMULA).value == "=1+1"
    assert sheet.acell("Z9").value is None
    with pytest.raises(gspread.exceptions.IncorrectCellLabel):
        sheet.acell("9Z")


@covers("Cell.row", "Cell.col", "Cell.address", "Cell.numeric_value", "Cell.from_address")
def test_cells_know_where_they_are_and_what_they_are_worth(sheet):
    sheet.update([["1,234.50", "abc", True]], "B2", raw=False)
    first, second, _ = sheet.range("B2:D2")
    assert (first.row, first.col, first.address, first.value) == (2, 2, "B2", "1,234.50")
    assert (first.numeric_value, second.numeric_value) == (1234.5, None)
    made = gspread.Cell.from_address("C4", "x")
    assert (made.row, made.col, made.value) == (4, 3, "x")


@covers("Worksheet.range", "Worksheet.update_cells")
def test_ranges_of_cells_are_changed_together(sheet):
    cells = sheet.range("A1:B2")
    assert [cell.address for cell in cells] == ["A1", "B1", "A2", "B2"]
    for number, cell in enumerate(cells):
        cell.value = number
    answer = sheet.update_cells(cells)
    assert (answer["updatedRange"], answer["updatedCells"]) == ("Sheet1!A1:B2", 4)
    assert sheet.get(value_render_option=UNFORMATTED) == [[0, 1], [2, 3]]
    assert len(sheet.range()) == sheet.row_count * sheet.col_count
    cells[0].value = "=1+1"
    sheet.update_cells(cells[:1], value_input_option=ValueInputOption.user_entered)
    assert sheet.acell("A1").value == "2"


@covers("Worksheet.update_cell", "Worksheet.update_acell")
def test_single_cells_are_typed_in(sheet):
    sheet.update_acell("A1", "0042")
    sheet.update_cell(1, 2, "=A1*2")
    sheet.update_cell(1, 3, 3.5)
    assert sheet.row_values(1) == ["42", "84", "3.5"]


@covers("Worksheet.row_values", "Worksheet.col_values")
def test_rows_and_columns(sheet):
    sheet.update([["a", "", "c"], ["d"], ["12%"]], "A1", raw=False)
    assert sheet.row_values(1) == ["a", "", "c"]
    assert sheet.col_values(1) == ["a", "d", "12%"]
    assert sheet.col_values(3) == ["c"]
    assert sheet.col_values(1, value_render_option=UNFORMATTED) == ["a", "d", 0.12]
    assert sheet.row_values(9) == []


@covers("Worksheet.batch_get")
def test_batch_get(sheet):
    sheet.update([["a", "b"], ["c", "d"]], "A1")
    first, second, empty = sheet.batch_get(["A1:B1", "B:B", "E1"])
    assert (first, second, empty) == ([["a", "b"]], [["b"], ["d"]], [])
    assert (first.range, second.range) == ("Sheet1!A1:B1", "Sheet1!B1:B1000")
    assert sheet.batch_get(["A1:B2"], major_dimension=Dimension.cols) == [[["a", "c"], ["b", "d"]]]


@covers("Worksheet.batch_update")
def test_batch_update(sheet):
    data = [{"range": "A1:B1", "values": [["1", "12%"]]}, {"range": "D4", "values": [["x"]]}]
    answer = sheet.batch_update(
        data,
        value_input_option=ValueInputOption.user_entered,
        include_values_in_response=True,
        response_value_render_option=UNFORMATTED,
    )
    assert (answer["totalUpdatedCells"], answer["totalUpdatedSheets"]) == (3, 1)
    assert [each["updatedData"]["values"] for each in answer["responses"]] == [[[1, 0.12]], [["x"]]]
    sheet.batch_update([{"range": "A1", "values": [["0042"]]}], raw=True)
    assert sheet.acell("A1").value == "0042"


@covers("Worksheet.batch_clear", "Worksheet.clear")
def test_clearing(sheet):
    sheet.update([["a", "b"], ["c", "d"]], "A1")
    sheet.format("A1", {"textFormat": {"bold": True}})
    sheet.insert_note("A1", "catatan")
    assert sheet.batch_clear(["A1", "B2:Z9"])["clearedRanges"] == ["Sheet1!A1", "Sheet1!B2:Z9"]
    assert sheet.get_all_values() == [["", "b"], ["c", ""]]
    assert sheet.clear()["clearedRange"] == "Sheet1!A1:Z1000"
    assert sheet.get_all_values() == [[]]
    assert sheet.get_note("A1") == "catatan"


@covers("Worksheet.append_row", "Worksheet.append_rows")
def test_appending(sheet):
    first = sheet.append_row(["a", "b"])
    assert "tableRange" not in first
    assert first["updates"]["updatedRange"] == "Sheet1!A1:B1"
    second = sheet.append_rows(
        [["1,5", "2026-02-03"]], value_input_option=ValueInputOption.user_entered, include_values_in_response=True
    )
    assert (second["tableRange"], second["updates"]["updatedRange"]) == ("Sheet1!A1:B1", "Sheet1!A2:B2")
    assert second["updates"]["updatedData"]["values"] == [["1,5", "2026-02-03"]]
    sheet.resize(2, 2)
    sheet.append_rows([["c"], ["d", "e"]])
    assert sheet.get_all_values()[2:] == [["c", ""], ["d", "e"]]


@covers("Worksheet.append_row")
def test_appending_to_a_table_of_several(sheet):
    sheet.update([["a", "b", "", "x"], ["c", "d", "", "y"], ["", "", "", "z"]], "A1")
    left = sheet.append_row(["e"], table_range="A1:B1")
    assert (left["tableRange"], left["updates"]["updatedRange"]) == ("Sheet1!A1:B2", "Sheet1!A3")
    right = sheet.append_row(["w"], table_range="D1", insert_data_option=InsertDataOption.overwrite)
    assert (right["tableRange"], right["updates"]["updatedRange"]) == ("Sheet1!D1:D3", "Sheet1!D4")


@covers("Worksheet.append_row")
def test_appending_with_inserted_rows(sheet):
    sheet.update([["a"], [""], ["unten"]], "A1")
    sheet.append_row(["b"], table_range="A1", insert_data_option=InsertDataOption.insert_rows)
    assert sheet.col_values(1) == ["a", "b", "", "unten"]


@covers("Worksheet.find", "Worksheet.findall")
def test_finding(sheet):
    sheet.update([["Apel", "apel"], ["Apel manis", "12"], ["", "Apel"]], "A1")
    assert sheet.find("Apel").address == "A1"
    assert [cell.address for cell in sheet.findall("Apel")] == ["A1", "B3"]
    assert [cell.address for cell in sheet.findall("apel", case_sensitive=False)] == ["A1", "B1", "B3"]
    assert [cell.address for cell in sheet.findall(re.compile("pel"), in_column=1)] == ["A1", "A2"]
    assert sheet.find("Apel", in_row=3).address == "B3"
    assert sheet.find("Jeruk") is None


@covers("Worksheet.expand")
def test_expanding_to_a_table(sheet):
    sheet.update([["", "", "", ""], ["", "B2", "C2", ""], ["", "B3", "C3", ""], ["", "", "", "D4"]], "A1")
    assert sheet.expand("B2", TableDirection.table) == [["B2", "C2"], ["B3", "C3"]]
    assert sheet.expand("B2", TableDirection.right) == [["B2", "C2"]]
    assert sheet.expand("B2", TableDirection.down) == [["B2"], ["B3"]]


@covers("Worksheet.copy_range")
def test_copying_a_range(sheet):
    sheet.update([["a", "=1+1"], ["b", "=A1"]], "A1", raw=False)
    sheet.format("A1", {"textFormat": {"bold": True}})
    sheet.copy_range("A1:B2", "D4")
    assert sheet.get("D4:E5") == [["a", "2"], ["b", "a"]]
    assert sheet.acell("E5", value_render_option=FORMULA).value == "=D4"
    sheet.copy_range("A1:B1", "G1:G2", gspread.utils.PasteType.values, gspread.utils.PasteOrientation.transpose)
    assert sheet.get("G1:G2", value_render_option=FORMULA) == [["a"], [2]]


@covers("Worksheet.cut_range")
def test_cutting_a_range(sheet):
    sheet.update([["a", "=A1"]], "A1", raw=False)
    sheet.update([["=A1"]], "A9", raw=False)
    sheet.cut_range("A1:B1", "C3")
    assert sheet.get("A1:B1") == [[]]
    assert sheet.get("C3:D3") == [["a", "a"]]
    assert sheet.acell("A9", value_render_option=FORMULA).value == "=C3"
