"""What surprises at Google: skipped and shifted cells, trimming, titles that look like addresses."""

import time

import pytest
from gspread.utils import ValueInputOption


def test_null_skips_and_empty_text_clears(sheet):
    sheet.update([["a", "b", "c"]], "A1")
    answer = sheet.update([[None, "", "d"]], "A1:C1")
    assert answer["updatedCells"] == 2
    assert answer["updatedColumns"] == 2
    assert sheet.get_all_values() == [["a", "", "d"]]


def test_trailing_empties_are_trimmed_and_inner_rows_kept(server, book, sheet):
    sheet.update([["a", "", ""], ["", "", ""], ["", "b", ""]], "A1")
    got = server.call("GET", f"/v4/spreadsheets/{book.id}/values/Sheet1").json()
    assert got == {"range": "Sheet1!A1:Z1000", "majorDimension": "ROWS", "values": [["a"], [], ["", "b"]]}
    got = server.call("GET", f"/v4/spreadsheets/{book.id}/values/Sheet1!D1:E9").json()
    assert got == {"range": "Sheet1!D1:E9", "majorDimension": "ROWS"}


def test_text_column_keeps_what_is_typed(sheet):
    sheet.format("A:A", {"numberFormat": {"type": "TEXT", "pattern": "@"}})
    sheet.update([["0042", "0042"]], "A2", value_input_option=ValueInputOption.user_entered)
    assert sheet.row_values(2) == ["0042", "42"]


def test_append_shifts_right_without_a_table_range_and_not_with_one(sheet):
    sheet.append_row(["x", "", "y"])
    second = sheet.append_row(["x", "", "y"])
    assert second["tableRange"] == "Sheet1!C1"
    assert second["updates"]["updatedRange"] == "Sheet1!C2:E2"
    sheet.clear()
    sheet.append_row(["x", "", "y"], table_range="A1")
    sheet.append_row(["x", "", "y"], table_range="A1")
    assert sheet.get_all_values() == [["x", "", "y"], ["x", "", "y"]]


@pytest.mark.parametrize("title", ["Isi / Ulang", "a:append", "It's", "100%", "Ä ö", "A1", "x!y"])
def test_titles_may_hold_anything(book, title):
    sheet = book.add_worksheet(title, 10, 5)
    sheet.update([["hier"]], "B2")
    sheet.append_row(["c"], table_range="B2")
    assert sheet.get_values("B2:B3") == [["hier"], ["c"]]
    assert book.worksheet(title).id == sheet.id
    sheet.batch_clear(["B2"])
    assert sheet.get_values("B2:B3") == [[""], ["c"]]


def test_reading_5000_rows_is_fast(sheet):
    sheet.resize(5001, 26)
    sheet.update([[f"r{r}c{c}" for c in range(26)] for r in range(5000)], "A1")
    sheet.spreadsheet.values_batch_get(["Sheet1"])
    start = time.perf_counter()
    got = sheet.spreadsheet.values_batch_get(["Sheet1"])
    assert time.perf_counter() - start < 0.5
    assert len(got["valueRanges"][0]["values"]) == 5000
