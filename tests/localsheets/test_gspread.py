"""gspread as it is, against the real server."""

import time

import gspread
import pytest
from gspread.utils import DateTimeOption, ValidationConditionType, ValueInputOption, ValueRenderOption


def test_open_by_title_key_and_list(client, book):
    assert client.open("Register").id == book.id
    assert client.open_by_key(book.id).title == "Register"
    assert [b.id for b in client.openall()] == [book.id]
    with pytest.raises(gspread.SpreadsheetNotFound):
        client.open("Tidak Ada")
    with pytest.raises(gspread.SpreadsheetNotFound):
        client.open_by_key("tidak-ada")


def test_new_sheet_is_empty_and_of_googles_size(sheet):
    assert (sheet.title, sheet.id, sheet.row_count, sheet.col_count) == ("Sheet1", 0, 1000, 26)
    assert sheet.get_all_values() == [[]]


def test_update_and_read_back(sheet):
    sheet.update([["Tiket", "Status"], ["A", 1], ["", 2.5], [True, None]], "A1")
    assert sheet.get_all_values() == [["Tiket", "Status"], ["A", "1"], ["", "2.5"], ["TRUE", ""]]
    assert sheet.get_values("A1:B4", value_render_option=ValueRenderOption.unformatted) == [
        ["Tiket", "Status"],
        ["A", 1],
        ["", 2.5],
        [True, ""],
    ]
    assert sheet.acell("B3").value == "2.5"
    assert sheet.find("A").address == "A2"


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


def test_columns_come_and_go_as_columns(sheet):
    sheet.update([["a", "b"], ["c"]], "A1", major_dimension="COLUMNS")
    assert sheet.get_all_values() == [["a", "c"], ["b", ""]]
    assert sheet.get("A1:B2", major_dimension="COLUMNS") == [["a", "b"], ["c"]]


def test_user_entered_is_read_and_shown_as_typed(sheet):
    sheet.update(
        [["2026-02-03", "3/2/2026", "10:30", "12%", "0042", "'0042", "true"]],
        "A1",
        value_input_option=ValueInputOption.user_entered,
    )
    assert sheet.row_values(1) == ["2026-02-03", "3/2/2026", "10:30", "12%", "42", "0042", "TRUE"]
    unformatted = sheet.get_values("A1:G1", value_render_option=ValueRenderOption.unformatted)
    assert unformatted == [[46056, 46056, 0.4375, 0.12, 42, "0042", True]]
    mixed = sheet.get_values(
        "A1:E1",
        value_render_option=ValueRenderOption.unformatted,
        date_time_render_option=DateTimeOption.formatted_string,
    )
    assert mixed == [["2026-02-03", "3/2/2026", "10:30", 0.12, 42]]
    assert sheet.get_values("A1", value_render_option=ValueRenderOption.formula) == [[46056]]


def test_text_column_keeps_what_is_typed(sheet):
    sheet.format("A:A", {"numberFormat": {"type": "TEXT", "pattern": "@"}})
    sheet.update([["0042", "0042"]], "A2", value_input_option=ValueInputOption.user_entered)
    assert sheet.row_values(2) == ["0042", "42"]


def test_formula_is_refused_and_nothing_is_written(sheet):
    with pytest.raises(gspread.exceptions.APIError) as caught:
        sheet.update([["aman", "=1+1"]], "A1", value_input_option=ValueInputOption.user_entered)
    assert (caught.value.code, caught.value.error["status"]) == (501, "UNIMPLEMENTED")
    assert sheet.get_all_values() == [[]]
    sheet.update([["=1+1"]], "A1")
    assert sheet.acell("A1").value == "=1+1"


def test_append_shifts_right_without_a_table_range_and_not_with_one(sheet):
    sheet.append_row(["x", "", "y"])
    second = sheet.append_row(["x", "", "y"])
    assert second["tableRange"] == "Sheet1!C1"
    assert second["updates"]["updatedRange"] == "Sheet1!C2:E2"
    sheet.clear()
    sheet.append_row(["x", "", "y"], table_range="A1")
    sheet.append_row(["x", "", "y"], table_range="A1")
    assert sheet.get_all_values() == [["x", "", "y"], ["x", "", "y"]]


def test_append_grows_the_sheet(sheet):
    sheet.resize(2, 2)
    sheet.append_rows([["1", "2", "3"]] * 3, table_range="A1")
    assert len(sheet.get_all_values()) == 3


def test_append_with_insert_rows_pushes_what_is_below(sheet):
    sheet.update([["a"], [""], ["below"]], "A1")
    sheet.append_row(["b"], table_range="A1", insert_data_option="INSERT_ROWS")
    assert sheet.col_values(1) == ["a", "b", "", "below"]


@pytest.mark.parametrize("title", ["Isi / Ulang", "a:append", "It's", "100%", "Ä ö", "A1", "x!y"])
def test_titles_may_hold_anything(book, title):
    sheet = book.add_worksheet(title, 10, 5)
    sheet.update([["hier"]], "B2")
    sheet.append_row(["c"], table_range="B2")
    assert sheet.get_values("B2:B3") == [["hier"], ["c"]]
    assert book.worksheet(title).id == sheet.id
    sheet.batch_clear(["B2"])
    assert sheet.get_values("B2:B3") == [[""], ["c"]]


def test_tabs_can_be_renamed_moved_frozen_hidden_and_deleted(book, sheet):
    other = book.add_worksheet("Dua", 5, 5, index=0)
    assert [s.title for s in book.worksheets()] == ["Dua", "Sheet1"]
    other.update_index(2)
    sheet.update_title("Satu")
    sheet.freeze(rows=1, cols=2)
    sheet.hide()
    assert [s.title for s in book.worksheets()] == ["Satu", "Dua"]
    found = book.worksheet("Satu")
    assert (found.frozen_row_count, found.frozen_col_count, found.isSheetHidden) == (1, 2, True)
    found.show()
    book.del_worksheet(other)
    assert [s.title for s in book.worksheets()] == ["Satu"]
    with pytest.raises(gspread.exceptions.APIError, match="remove all the sheets"):
        book.del_worksheet(found)


def test_rows_and_columns_come_and_go(sheet):
    sheet.update([["a", "b"], ["c", "d"], ["e", "f"]], "A1")
    sheet.insert_row(["new", "row"], 2)
    assert sheet.get_all_values() == [["a", "b"], ["new", "row"], ["c", "d"], ["e", "f"]]
    sheet.delete_rows(1)
    sheet.insert_cols([["x", "y"]], 2)
    assert sheet.get_all_values()[:2] == [["new", "x", "row"], ["c", "y", "d"]]
    sheet.delete_columns(1)
    assert sheet.get_all_values() == [["x", "row"], ["y", "d"], ["", "f"]]


def test_sort_keeps_empty_rows_last(sheet):
    sheet.update([["H"], ["b"], [3], ["a"], [1]], "A1")
    sheet.sort((1, "asc"), range="A2:Z1000")
    assert sheet.col_values(1) == ["H", "1", "3", "a", "b"]
    sheet.sort((1, "des"), range="A2:Z1000")
    assert sheet.col_values(1) == ["H", "b", "a", "3", "1"]


def test_notes_formats_and_validation_come_back(book, sheet):
    sheet.insert_note("B2", "catatan")
    assert sheet.get_note("B2") == "catatan"
    sheet.format("B2:B3", {"textFormat": {"bold": True}})
    sheet.add_validation("C2:C10", ValidationConditionType.one_of_list, ["Ya", "Tidak"], strict=True)
    data = book.fetch_sheet_metadata({"includeGridData": "true", "ranges": "Sheet1!B2:C3"})["sheets"][0]["data"][0]
    assert data["startRow"] == 1
    first, second = data["rowData"][0]["values"]
    assert first["note"] == "catatan"
    assert first["userEnteredFormat"] == {"textFormat": {"bold": True}}
    assert second["dataValidation"]["condition"]["type"] == "ONE_OF_LIST"


def test_named_ranges(book, sheet):
    sheet.update([["a", "b"]], "A1")
    answer = sheet.define_named_range("A1:B1", "judul")
    assert sheet.get("judul") == [["a", "b"]]
    named_id = answer["replies"][0]["addNamedRange"]["namedRange"]["namedRangeId"]
    sheet.delete_named_range(named_id)
    assert book.list_named_ranges() == []


def test_batch_get_update_and_clear(sheet):
    sheet.batch_update([{"range": "A1:B1", "values": [["a", "b"]]}, {"range": "A3", "values": [["c"]]}])
    assert sheet.batch_get(["A1:B1", "A3"]) == [[["a", "b"]], [["c"]]]
    sheet.batch_clear(["A1:B1"])
    assert sheet.get_all_values() == [["", ""], ["", ""], ["c", ""]] or sheet.get("A3") == [["c"]]


def test_sharing(server, client, book):
    stranger = server.gspread("clerk-token")
    with pytest.raises(PermissionError):
        stranger.open_by_key(book.id)
    book.share("clerk@kantor.test", perm_type="user", role="reader")
    seen = stranger.open_by_key(book.id)
    with pytest.raises(gspread.exceptions.APIError, match="permission"):
        seen.sheet1.update([["x"]], "A1")
    book.share("clerk@kantor.test", perm_type="user", role="writer")
    seen.sheet1.update([["x"]], "A1")
    assert [p["role"] for p in book.list_permissions()] == ["owner", "writer"]
    book.remove_permissions("clerk@kantor.test", "writer")
    with pytest.raises(PermissionError):
        stranger.open_by_key(book.id)
    client.del_spreadsheet(book.id)
    assert client.openall() == []


def test_protection_filter_and_records_by_gspread(book, sheet):
    sheet.update([["Tiket", "HP"], ["T-1", "0812"]], "A1")
    assert sheet.get_all_records(numericise_ignore=["all"]) == [{"Tiket": "T-1", "HP": "0812"}]
    sheet.add_protected_range("A1:B1", editor_users_emails=["clerk@kantor.test"], description="Kepala")
    (found,) = book.list_protected_ranges(0)
    assert found["range"] == {"startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 2}
    sheet.delete_protected_range(found["protectedRangeId"])
    assert book.list_protected_ranges(0) == []
    sheet.set_basic_filter("A1:B2")
    sheet.clear_basic_filter()
    sheet.hide_columns(1, 2)
    cells = sheet.range("A1:B2")
    cells[0].value = "Nomor"
    sheet.update_cells(cells)
    assert sheet.acell("A1").value == "Nomor"
    with pytest.raises(gspread.exceptions.APIError, match="mergeCells"):
        sheet.merge_cells("A1:B1")


def test_reading_5000_rows_is_fast(sheet):
    sheet.resize(5001, 26)
    sheet.update([[f"r{r}c{c}" for c in range(26)] for r in range(5000)], "A1")
    sheet.spreadsheet.values_batch_get(["Sheet1"])
    start = time.perf_counter()
    got = sheet.spreadsheet.values_batch_get(["Sheet1"])
    assert time.perf_counter() - start < 0.5
    assert len(got["valueRanges"][0]["values"]) == 5000
