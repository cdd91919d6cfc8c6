"""gspread.Spreadsheet: sheets, properties, sharing, and values by range."""

import gspread
import pytest

from tests.localsheets.gspread_methods.coverage import covers

MEMBER = "clerk@kantor.test"


def titles(book):
    return [sheet.title for sheet in book.worksheets()]


@covers("Spreadsheet.add_worksheet", "Spreadsheet.worksheets")
def test_add_worksheet(book):
    added = book.add_worksheet("Dua", rows=20, cols=7)
    assert (added.title, added.row_count, added.col_count, added.index) == ("Dua", 20, 7, 1)
    first = book.add_worksheet("Nol", rows=1, cols=1, index=0)
    assert (first.index, titles(book)) == (0, ["Nol", "Sheet1", "Dua"])
    with pytest.raises(gspread.exceptions.APIError, match='A sheet with the name "Dua" already exists'):
        book.add_worksheet("Dua", 1, 1)


@covers("Spreadsheet.worksheets")
def test_hidden_worksheets_may_be_left_out(book):
    book.add_worksheet("Dua", 5, 5).hide()
    assert titles(book) == ["Sheet1", "Dua"]
    assert [sheet.title for sheet in book.worksheets(exclude_hidden=True)] == ["Sheet1"]


@covers("Spreadsheet.worksheet", "Spreadsheet.get_worksheet", "Spreadsheet.get_worksheet_by_id", "Spreadsheet.sheet1")
def test_worksheets_are_found(book):
    added = book.add_worksheet("Dua", 5, 5)
    assert book.worksheet("Dua").id == added.id
    assert book.get_worksheet(1).id == added.id
    assert book.get_worksheet_by_id(str(added.id)).title == "Dua"
    assert book.sheet1.id == 0
    for miss in (lambda: book.worksheet("dua"), lambda: book.get_worksheet(9), lambda: book.get_worksheet_by_id(5)):
        with pytest.raises(gspread.WorksheetNotFound):
            miss()


@covers("Spreadsheet.del_worksheet", "Spreadsheet.del_worksheet_by_id")
def test_worksheets_are_deleted(book, sheet):
    book.del_worksheet(book.add_worksheet("Dua", 5, 5))
    book.del_worksheet_by_id(book.add_worksheet("Tiga", 5, 5).id)
    assert titles(book) == ["Sheet1"]
    with pytest.raises(gspread.exceptions.APIError, match="You can't remove all the sheets in a document"):
        book.del_worksheet(sheet)
    with pytest.raises(gspread.exceptions.APIError, match=r"No \w+ with id: 99"):
        book.del_worksheet_by_id(99)


@covers("Spreadsheet.duplicate_sheet", "Worksheet.duplicate")
def test_worksheets_are_duplicated(book, sheet):
    sheet.update([["a", 1]], "A1")
    sheet.format("A1", {"textFormat": {"bold": True}})
    sheet.insert_note("A1", "catatan")
    copy = book.duplicate_sheet(0, insert_sheet_index=0, new_sheet_id=123, new_sheet_name="Salinan")
    assert (copy.id, copy.title, titles(book)) == (123, "Salinan", ["Salinan", "Sheet1"])
    assert (copy.get_all_values(), copy.get_note("A1")) == ([["a", "1"]], "catatan")
    assert (copy.row_count, copy.col_count) == (1000, 26)
    again = sheet.duplicate()
    assert again.title == "Copy of Sheet1"
    assert again.id not in {0, 123}
    with pytest.raises(gspread.exceptions.APIError, match="already exists"):
        sheet.duplicate(new_sheet_name="Salinan")


@covers("Spreadsheet.reorder_worksheets", "Worksheet.update_index", "Worksheet.index")
def test_worksheets_are_reordered(book, sheet):
    two, three = book.add_worksheet("Dua", 5, 5), book.add_worksheet("Tiga", 5, 5)
    book.reorder_worksheets([three, two])
    assert titles(book) == ["Tiga", "Dua", "Sheet1"]
    book.worksheet("Sheet1").update_index(0)
    assert titles(book) == ["Sheet1", "Tiga", "Dua"]
    assert [found.index for found in book.worksheets()] == [0, 1, 2]


@covers("Spreadsheet.batch_update")
def test_batch_update_is_all_or_nothing(book, sheet):
    good = {"updateSheetProperties": {"properties": {"sheetId": 0, "title": "Baru"}, "fields": "title"}}
    bad = {"deleteSheet": {"sheetId": 99}}
    with pytest.raises(gspread.exceptions.APIError, match=r"Invalid requests\[1\].deleteSheet: No .* with id: 99"):
        book.batch_update({"requests": [good, bad]})
    assert titles(book) == ["Sheet1"]
    assert book.batch_update({"requests": [good]}) == {"spreadsheetId": book.id, "replies": [{}]}
    assert titles(book) == ["Baru"]


@covers("Spreadsheet.fetch_sheet_metadata")
def test_metadata_is_as_googles(book):
    told = book.fetch_sheet_metadata()
    assert list(told) == ["spreadsheetId", "properties", "sheets", "spreadsheetUrl"]
    assert told["spreadsheetUrl"].endswith(f"/spreadsheets/d/{book.id}/edit")
    white = {"red": 1, "green": 1, "blue": 1}
    assert told["properties"] | {"spreadsheetTheme": None} == {
        "title": "Register",
        "locale": "en_US",
        "autoRecalc": "ON_CHANGE",
        "timeZone": "Etc/GMT",
        "defaultFormat": {
            "backgroundColor": white,
            "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
            "verticalAlignment": "BOTTOM",
            "wrapStrategy": "OVERFLOW_CELL",
            "textFormat": {
                "foregroundColor": {},
                "fontFamily": "arial,sans,sans-serif",
                "fontSize": 10,
                "bold": False,
                "italic": False,
                "strikethrough": False,
                "underline": False,
                "foregroundColorStyle": {"rgbColor": {}},
            },
            "backgroundColorStyle": {"rgbColor": white},
        },
        "spreadsheetTheme": None,
    }
    theme = told["properties"]["spreadsheetTheme"]
    assert theme["primaryFontFamily"] == "Arial"
    assert theme["themeColors"][2] == {
        "colorType": "ACCENT1",
        "color": {"rgbColor": {"red": 0.25882354, "green": 0.52156866, "blue": 0.95686275}},
    }
    assert told["sheets"] == [
        {
            "properties": {
                "sheetId": 0,
                "title": "Sheet1",
                "index": 0,
                "sheetType": "GRID",
                "gridProperties": {"rowCount": 1000, "columnCount": 26},
            }
        }
    ]


@covers("Spreadsheet.update_title")
def test_update_title(client, book):
    book.update_title("Baru")
    assert (book.title, client.open_by_key(book.id).title) == ("Baru", "Baru")
    assert client.open("Baru").id == book.id


@covers("Spreadsheet.locale", "Spreadsheet.update_locale", "Spreadsheet.timezone", "Spreadsheet.update_timezone")
def test_locale_and_timezone(client, book, sheet):
    assert (book.locale, book.timezone) == ("en_US", "Etc/GMT")
    sheet.update([["3/2/2026", "1234.5"]], "A1", raw=False)
    book.update_locale("id_ID")
    book.update_timezone("Asia/Makassar")
    found = client.open_by_key(book.id)
    assert (found.locale, found.timezone) == ("id_ID", "Asia/Makassar")
    sheet.update([["3/2/2026", "1.234,5"]], "A2", raw=False)
    dates = sheet.get("A1:B2", value_render_option="UNFORMATTED_VALUE")
    assert dates == [[46083, 1234.5], [46056, 1234.5]]


@covers("Spreadsheet.creationTime", "Spreadsheet.lastUpdateTime", "Spreadsheet.get_lastUpdateTime")
def test_times_of_a_file(book, sheet):
    with pytest.warns(DeprecationWarning, match="get_lastUpdateTime"):
        assert book.creationTime <= book.lastUpdateTime
    before = book.get_lastUpdateTime()
    sheet.update([["x"]], "A1")
    assert book.get_lastUpdateTime() >= before
    assert before.endswith("Z")


@covers("Spreadsheet.share", "Spreadsheet.list_permissions", "Spreadsheet.remove_permissions")
def test_sharing(server, book, sheet):
    book.share(MEMBER, perm_type="user", role="reader", notify=False)
    seen = server.gspread("clerk-token").open_by_key(book.id)
    with pytest.raises(gspread.exceptions.APIError, match="The caller does not have permission"):
        seen.sheet1.update([["x"]], "A1")
    book.share(MEMBER, perm_type="user", role="writer", notify=False)
    seen.sheet1.update([["x"]], "A1")
    assert [p["role"] for p in book.list_permissions()] == ["owner", "writer"]
    assert len(book.remove_permissions(MEMBER, "reader")) == 0
    assert len(book.remove_permissions(MEMBER)) == 1
    assert [p["role"] for p in book.list_permissions()] == ["owner"]


@covers("Spreadsheet.transfer_ownership", "Spreadsheet.accept_ownership")
def test_ownership_is_offered_and_accepted(server, client, book):
    book.share(MEMBER, perm_type="user", role="writer", notify=False)
    offered = next(p["id"] for p in book.list_permissions() if p["role"] == "writer")
    book.transfer_ownership(offered)
    theirs = server.gspread("clerk-token").open_by_key(book.id)
    theirs.accept_ownership(offered)
    roles = {p["emailAddress"]: p["role"] for p in theirs.list_permissions()}
    assert roles == {MEMBER: "owner", "owner@kantor.test": "writer"}
    server.gspread("clerk-token").del_spreadsheet(book.id)


@covers("Spreadsheet.list_named_ranges", "Spreadsheet.named_range")
@covers("Worksheet.define_named_range", "Worksheet.delete_named_range")
def test_named_ranges(book, sheet):
    sheet.update([["a", "b"], ["c", "d"]], "A1")
    answer = sheet.define_named_range("A1:B2", "judul")
    (named,) = book.list_named_ranges()
    assert named["name"] == "judul"
    assert named["range"] == {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
    assert answer["replies"][0]["addNamedRange"]["namedRange"] == named
    assert [cell.value for cell in book.named_range("judul")] == ["a", "b", "c", "d"]
    sheet.insert_row(["x"], 1)
    assert book.list_named_ranges()[0]["range"]["startRowIndex"] == 1
    sheet.delete_named_range(named["namedRangeId"])
    assert book.list_named_ranges() == []


@covers("Spreadsheet.list_protected_ranges")
@covers("Worksheet.add_protected_range", "Worksheet.delete_protected_range")
def test_protected_ranges(server, book, sheet):
    book.share(MEMBER, perm_type="user", role="writer", notify=False)
    sheet.add_protected_range("A1:B1", editor_users_emails=["owner@kantor.test"], description="Kepala")
    (found,) = book.list_protected_ranges(0)
    assert found["description"] == "Kepala"
    assert found["range"] == {"startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 2}
    theirs = server.gspread("clerk-token").open_by_key(book.id).sheet1
    with pytest.raises(gspread.exceptions.APIError, match="protected"):
        theirs.update([["x"]], "B1")
    theirs.update([["x"]], "C1")
    sheet.delete_protected_range(found["protectedRangeId"])
    assert book.list_protected_ranges(0) == []
    theirs.update([["x"]], "B1")
    with pytest.raises(gspread.WorksheetNotFound):
        book.list_protected_ranges(99)


# -- values by range -------------------------------------------------------------------------------------------------


@covers("Spreadsheet.values_update", "Spreadsheet.values_get")
def test_values_update_and_get(book):
    answer = book.values_update(
        "Sheet1!A1:B2", params={"valueInputOption": "USER_ENTERED"}, body={"values": [[1, "12%"], ["x"]]}
    )
    assert answer == {
        "spreadsheetId": book.id,
        "updatedRange": "Sheet1!A1:B2",
        "updatedRows": 2,
        "updatedColumns": 2,
        "updatedCells": 3,
    }
    assert book.values_get("Sheet1!A1:B2") == {
        "range": "Sheet1!A1:B2",
        "majorDimension": "ROWS",
        "values": [["1", "12%"], ["x"]],
    }
    assert book.values_get("Sheet1!A1:B2", params={"majorDimension": "COLUMNS"})["values"] == [["1", "x"], ["12%"]]


@covers("Spreadsheet.values_append")
def test_values_append(book):
    params = {"valueInputOption": "RAW", "includeValuesInResponse": True}
    first = book.values_append("Sheet1", params, {"values": [["a", "b"]]})
    assert "tableRange" not in first
    second = book.values_append("Sheet1", params, {"values": [["c", "d"], ["e", "f"]]})
    assert second["tableRange"] == "Sheet1!A1:B1"
    assert second["updates"] == {
        "spreadsheetId": book.id,
        "updatedRange": "Sheet1!A2:B3",
        "updatedRows": 2,
        "updatedColumns": 2,
        "updatedCells": 4,
        "updatedData": {"range": "Sheet1!A2:B3", "majorDimension": "ROWS", "values": [["c", "d"], ["e", "f"]]},
    }


@covers("Spreadsheet.values_clear")
def test_values_clear(book):
    book.values_update("Sheet1!A1", {"valueInputOption": "RAW"}, {"values": [["a", "b"]]})
    assert book.values_clear("Sheet1!A:A") == {"spreadsheetId": book.id, "clearedRange": "Sheet1!A1:A1000"}
    assert book.values_get("Sheet1!A1:B1")["values"] == [["", "b"]]


@covers("Spreadsheet.values_batch_update", "Spreadsheet.values_batch_get", "Spreadsheet.values_batch_clear")
def test_values_in_batches(book):
    data = [{"range": "Sheet1!A1:B1", "values": [["a", "b"]]}, {"range": "Sheet1!A3", "values": [["c"]]}]
    answer = book.values_batch_update({"valueInputOption": "RAW", "data": data})
    totals = {name: count for name, count in answer.items() if name.startswith("total")}
    assert totals == {
        "totalUpdatedRows": 2,
        "totalUpdatedColumns": 3,
        "totalUpdatedCells": 3,
        "totalUpdatedSheets": 1,
    }
    assert [each["updatedRange"] for each in answer["responses"]] == ["Sheet1!A1:B1", "Sheet1!A3"]
    got = book.values_batch_get(["Sheet1!A1:B1", "Sheet1!A3:A9"])
    assert [each.get("values") for each in got["valueRanges"]] == [[["a", "b"]], [["c"]]]
    cleared = book.values_batch_clear(body={"ranges": ["Sheet1!A1", "Sheet1!A3:C9"]})
    assert cleared["clearedRanges"] == ["Sheet1!A1", "Sheet1!A3:C9"]
    assert book.values_get("Sheet1")["values"] == [["", "b"]]
