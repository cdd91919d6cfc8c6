"""gspread.Worksheet: its properties, size, rows and columns, groups, sorting, filters and merged cells."""

import gspread
import pytest
from gspread.utils import Dimension, MergeType, ValueInputOption, ValueRenderOption

from tests.localsheets.gspread_methods.coverage import covers


def shape(book):
    """What the server says about the first sheet."""
    return book.fetch_sheet_metadata()["sheets"][0]


def metadata(book, what):
    """Google's `DimensionProperties` of the first lines."""
    told = book.fetch_sheet_metadata({"includeGridData": "true", "ranges": "Sheet1!A1:D5"})
    return told["sheets"][0]["data"][0][what]


@covers("Worksheet.id", "Worksheet.title", "Worksheet.spreadsheet", "Worksheet.url")
@covers("Worksheet.row_count", "Worksheet.col_count", "Worksheet.column_count")
def test_a_new_sheet_is_of_googles_size(book, sheet):
    assert (sheet.id, sheet.title, sheet.spreadsheet.id) == (0, "Sheet1", book.id)
    assert sheet.url == f"https://docs.google.com/spreadsheets/d/{book.id}#gid=0"
    assert (sheet.row_count, sheet.col_count, sheet.column_count) == (1000, 26, 26)


@covers("Worksheet.update_title")
def test_update_title(book, sheet):
    sheet.update_title("Baru")
    assert (sheet.title, book.worksheet("Baru").id) == ("Baru", 0)
    sheet.update([["x"]], "A1")
    assert sheet.get("A1").range == "Baru!A1"


@covers("Worksheet.tab_color", "Worksheet.get_tab_color", "Worksheet.update_tab_color", "Worksheet.clear_tab_color")
def test_tab_color(book, sheet):
    assert sheet.get_tab_color() is None
    sheet.update_tab_color("#FF7F00")
    told = shape(book)["properties"]
    assert told["tabColor"] == {"red": 1, "green": 0.49803922}
    assert told["tabColorStyle"] == {"rgbColor": told["tabColor"]}
    assert book.sheet1.get_tab_color() == "#FF7F00"
    assert book.sheet1.tab_color == "#FF7F00"
    sheet.clear_tab_color()
    assert book.sheet1.get_tab_color() is None
    assert "tabColor" not in shape(book)["properties"]


@covers("Worksheet.freeze", "Worksheet.frozen_row_count", "Worksheet.frozen_col_count")
def test_freezing(book, sheet):
    assert (sheet.frozen_row_count, sheet.frozen_col_count) == (0, 0)
    sheet.freeze(rows=2, cols=1)
    found = book.sheet1
    assert (found.frozen_row_count, found.frozen_col_count) == (2, 1)
    sheet.freeze(rows=0)
    assert "frozenRowCount" not in shape(book)["properties"]["gridProperties"]
    with pytest.raises(gspread.exceptions.APIError, match="freeze all"):
        sheet.freeze(rows=1000)


@covers("Worksheet.hide", "Worksheet.show", "Worksheet.isSheetHidden")
def test_hiding_a_sheet(book, sheet):
    other = book.add_worksheet("Dua", 5, 5)
    other.hide()
    assert book.worksheet("Dua").isSheetHidden
    other.show()
    assert not book.worksheet("Dua").isSheetHidden
    other.hide()
    with pytest.raises(gspread.exceptions.APIError, match="hide all"):
        sheet.hide()


@covers("Worksheet.hide_gridlines", "Worksheet.show_gridlines", "Worksheet.is_gridlines_hidden")
def test_gridlines(book, sheet):
    sheet.hide_gridlines()
    assert book.sheet1.is_gridlines_hidden
    sheet.show_gridlines()
    assert not book.sheet1.is_gridlines_hidden


@covers("Worksheet.resize", "Worksheet.add_rows", "Worksheet.add_cols")
def test_resizing(book, sheet):
    sheet.update([["a", "b", "c"], ["d"], ["e"]], "A1")
    sheet.resize(2, 2)
    assert sheet.get_all_values() == [["a", "b"], ["d", ""]]
    sheet.add_rows(3)
    sheet.add_cols(1)
    assert (book.sheet1.row_count, book.sheet1.col_count) == (5, 3)
    assert sheet.get_all_values() == [["a", "b"], ["d", ""]]


@covers("Worksheet.insert_row", "Worksheet.insert_rows")
def test_inserting_rows(sheet):
    sheet.update([["a", 1], ["b", 2], ["Jumlah", "=SUM(B1:B2)"]], "A1", raw=False)
    sheet.insert_row(["x", 5], 2)
    assert sheet.get_all_values() == [["a", "1"], ["x", "5"], ["b", "2"], ["Jumlah", "8"]]
    sheet.insert_rows([["y", "=1+1"], ["z"]], row=2, value_input_option=ValueInputOption.user_entered)
    assert sheet.col_values(1) == ["a", "y", "z", "x", "b", "Jumlah"]
    assert sheet.acell("B2").value == "2"
    assert sheet.acell("B6", value_render_option=ValueRenderOption.formula).value == "=SUM(B1:B5)"
    assert sheet.row_count == 1003


@covers("Worksheet.insert_cols")
def test_inserting_columns(book, sheet):
    sheet.update([["a", "b"], ["c", "d"]], "A1")
    sheet.insert_cols([["x", "y"], ["z"]], col=2)
    assert sheet.get_all_values() == [["a", "x", "z", "b"], ["c", "y", "", "d"]]
    assert book.sheet1.col_count == 28


@covers("Worksheet.insert_rows")
def test_inserted_rows_may_look_like_the_one_before(book, sheet):
    sheet.format("A1", {"textFormat": {"bold": True}})
    sheet.insert_rows([["neu"]], row=2, inherit_from_before=True)
    assert looks(book, "A2") == {"textFormat": {"bold": True}}
    sheet.insert_rows([["neu"]], row=3)
    assert looks(book, "A3") == {}
    with pytest.raises(gspread.exceptions.GSpreadException, match="inherit_from_before"):
        sheet.insert_rows([["neu"]], row=1, inherit_from_before=True)


def looks(book, cell):
    told = book.fetch_sheet_metadata(
        {"ranges": f"Sheet1!{cell}", "fields": "sheets.data.rowData.values.userEnteredFormat"}
    )
    rows = told["sheets"][0]["data"][0].get("rowData", [{}])
    return rows[0].get("values", [{}])[0].get("userEnteredFormat", {})


@covers("Worksheet.delete_rows", "Worksheet.delete_columns", "Worksheet.delete_dimension")
def test_deleting_rows_and_columns(book, sheet):
    sheet.update([[f"{c}{r}" for c in "ABCDE"] for r in range(1, 6)], "A1")
    sheet.delete_rows(2)
    sheet.delete_rows(3, 4)
    sheet.delete_columns(1, 2)
    sheet.delete_dimension(Dimension.cols, 3)
    assert sheet.get_all_values() == [["C1", "D1"], ["C3", "D3"]]
    assert (book.sheet1.row_count, book.sheet1.col_count) == (997, 23)
    with pytest.raises(gspread.exceptions.APIError):
        sheet.delete_rows(2000)


@covers("Worksheet.hide_rows", "Worksheet.unhide_rows", "Worksheet.hide_columns", "Worksheet.unhide_columns")
def test_hiding_rows_and_columns(book, sheet):
    sheet.hide_rows(1, 3)
    sheet.hide_columns(0, 1)
    assert [row.get("hiddenByUser", False) for row in metadata(book, "rowMetadata")] == [
        False,
        True,
        True,
        False,
        False,
    ]
    assert [c.get("hiddenByUser", False) for c in metadata(book, "columnMetadata")] == [True, False, False, False]
    sheet.unhide_rows(1, 2)
    sheet.unhide_columns(0, 1)
    assert [row.get("hiddenByUser", False) for row in metadata(book, "rowMetadata")] == [
        False,
        False,
        True,
        False,
        False,
    ]
    assert metadata(book, "columnMetadata") == [{"pixelSize": 100}] * 4


@covers("Worksheet.columns_auto_resize", "Worksheet.rows_auto_resize")
def test_lines_fit_their_contents(book, sheet):
    sheet.update([["kurz", "ein sehr langer Text, der mehr Platz braucht"]], "A1")
    sheet.columns_auto_resize(0, 2)
    sheet.rows_auto_resize(0, 1)
    first, second, *_ = metadata(book, "columnMetadata")
    assert first["pixelSize"] < 100 < second["pixelSize"]
    assert metadata(book, "rowMetadata")[0]["pixelSize"] == 21


@covers("Worksheet.add_dimension_group_rows", "Worksheet.delete_dimension_group_rows")
@covers("Worksheet.list_dimension_group_rows")
def test_groups_of_rows(sheet):
    assert sheet.list_dimension_group_rows() == []
    sheet.add_dimension_group_rows(1, 5)
    sheet.add_dimension_group_rows(2, 4)
    assert sheet.list_dimension_group_rows() == [
        {"range": {"dimension": "ROWS", "startIndex": 1, "endIndex": 5}, "depth": 1},
        {"range": {"dimension": "ROWS", "startIndex": 2, "endIndex": 4}, "depth": 2},
    ]
    sheet.delete_dimension_group_rows(2, 4)
    assert [group["depth"] for group in sheet.list_dimension_group_rows()] == [1]


@covers("Worksheet.add_dimension_group_columns", "Worksheet.delete_dimension_group_columns")
@covers("Worksheet.list_dimension_group_columns")
def test_groups_of_columns(sheet):
    sheet.add_dimension_group_columns(0, 2)
    (group,) = sheet.list_dimension_group_columns()
    assert group == {"range": {"dimension": "COLUMNS", "startIndex": 0, "endIndex": 2}, "depth": 1} or group[
        "range"
    ] == {"dimension": "COLUMNS", "endIndex": 2}
    sheet.delete_dimension_group_columns(0, 2)
    assert sheet.list_dimension_group_columns() == []


@covers("Worksheet.sort")
def test_sorting(sheet):
    sheet.update([["b", 2], ["A", 3], ["", 4], [10, 1], ["a", 1]], "A1")
    sheet.sort((1, "asc"), (2, "asc"))
    assert sheet.get_all_values() == [["10", "1"], ["a", "1"], ["A", "3"], ["b", "2"], ["", "4"]]
    sheet.sort((2, "des"), range="A2:B5")
    assert sheet.col_values(2) == ["1", "4", "3", "2", "1"]


@covers("Worksheet.set_basic_filter", "Worksheet.clear_basic_filter")
def test_basic_filter(book, sheet):
    sheet.set_basic_filter("A1:B5")
    box = {"startRowIndex": 0, "endRowIndex": 5, "startColumnIndex": 0, "endColumnIndex": 2}
    assert shape(book)["basicFilter"]["range"] == box
    sheet.set_basic_filter()
    sheet.clear_basic_filter()
    assert "basicFilter" not in shape(book)


@covers("Worksheet.merge_cells", "Worksheet.unmerge_cells", "Worksheet.batch_merge")
def test_merging(book, sheet):
    sheet.update([["a", "b"], ["c", "d"]], "A1")
    sheet.merge_cells("A1:B2")
    box = {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
    assert shape(book)["merges"] == [box]
    assert sheet.get_all_values() == [["a"]]
    sheet.unmerge_cells("A1:B2")
    assert "merges" not in shape(book)
    sheet.batch_merge([{"range": "D1:E2", "mergeType": MergeType.merge_rows}, {"range": "G1:H2"}])
    assert len(shape(book)["merges"]) == 3
    sheet.merge_cells("A5:B6", MergeType.merge_columns)
    assert len(shape(book)["merges"]) == 5


@covers("Worksheet.copy_to")
def test_copying_to_another_spreadsheet(client, sheet):
    sheet.update([["a", "=1+1"]], "A1", raw=False)
    other = client.create("Lain")
    try:
        told = sheet.copy_to(other.id)
        assert (told["title"], told["index"], told["sheetType"]) == ("Copy of Sheet1", 1, "GRID")
        copied = client.open_by_key(other.id).worksheet("Copy of Sheet1")
        assert copied.id == told["sheetId"]
        assert copied.get_all_values() == [["a", "2"]]
    finally:
        client.del_spreadsheet(other.id)
