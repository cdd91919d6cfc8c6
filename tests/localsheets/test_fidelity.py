"""What clients of Google's take for granted: words of errors, forms of answers, formats and colours of cells."""

import gzip
import json

import pytest

ROOT = "/v4/spreadsheets"


@pytest.fixture
def ask(server, book):
    """Ask for something below the spreadsheet; the answer's JSON."""

    def call(method, path, body=None, **params):
        return server.call(method, f"{ROOT}/{book.id}{path}", json=body, params=params).json()

    return call


def cells(told):
    return told["sheets"][0]["data"][0]["rowData"][0]["values"]


# -- words of errors --------------------------------------------------------------------------------------------------

V4 = "type.googleapis.com/google.apps.sheets.v4"


@pytest.mark.parametrize(
    ("method", "path", "params", "message"),
    [
        (
            "GET",
            "/values/A1",
            {"majorDimension": "rows"},
            f"Invalid value at 'major_dimension' ({V4}.Dimension), \"rows\"",
        ),
        (
            "GET",
            "/values/A1",
            {"valueRenderOption": "RAW"},
            f"Invalid value at 'value_render_option' ({V4}.ValueRenderOption), \"RAW\"",
        ),
        (
            "PUT",
            "/values/A1",
            {"valueInputOption": "raw"},
            f"Invalid value at 'value_input_option' ({V4}.ValueInputOption), \"raw\"",
        ),
        ("PUT", "/values/A1", {}, "'valueInputOption' is required but not specified"),
        ("POST", "/values/A1:append", {}, "'valueInputOption' is required but not specified"),
        ("POST", "/values:batchUpdate", {}, "'valueInputOption' is required but not specified"),
        (
            "POST",
            "/values/A1:append",
            {"valueInputOption": "RAW", "insertDataOption": "ROWS"},
            f"Invalid value at 'insert_data_option' ({V4}.InsertDataOption), \"ROWS\"",
        ),
        ("GET", "/values/Nirgends!A1", {}, "Unable to parse range: Nirgends!A1"),
        ("GET", "", {"ranges": "A1:", "fields": "sheets"}, "Unable to parse range: A1:"),
        (
            "GET",
            "/values/Sheet1!ZZ1",
            {},
            "Range (Sheet1!ZZ1) exceeds grid limits. Max rows: 1000, max columns: 26",
        ),
    ],
)
def test_errors_read_like_googles(ask, method, path, params, message):
    told = ask(method, path, {} if method != "GET" else None, **params)
    assert told == {"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}}


@pytest.mark.parametrize(
    ("book_id", "token", "expected"),
    [
        ("tidak-ada", "owner-token", (404, "Requested entity was not found.", "NOT_FOUND")),
        (None, "stranger-token", (403, "The caller does not have permission", "PERMISSION_DENIED")),
    ],
)
def test_strangers_and_unknown_spreadsheets(server, book, book_id, token, expected):
    error = server.call("GET", f"{ROOT}/{book_id or book.id}", token=token).json()["error"]
    assert (error["code"], error["message"], error["status"]) == expected


# -- forms of answers -------------------------------------------------------------------------------------------------


def test_unquoted_words_are_cells_then_names_then_titles(book, ask, sheet):
    """Source: https://developers.google.com/workspace/sheets/api/guides/concepts#a1_notation"""
    other = book.add_worksheet("Nama", 10, 5)
    other.update([["di lembar"]], "A1")
    third = book.add_worksheet("B2", 10, 5)
    sheet.update([["satu", "dua"]], "A1")
    assert ask("GET", "/values/Nama")["range"] == "Nama!A1:E10"
    sheet.define_named_range("B1", "Nama")
    assert ask("GET", "/values/Nama")["range"] == "Sheet1!B1"
    assert ask("GET", "/values/'Nama'")["range"] == "Nama!A1:E10"
    assert ask("GET", "/values/B2")["range"] == "Sheet1!B2"
    assert ask("GET", "/values/'B2'")["range"] == f"'{third.title}'!A1:E10"


def test_a_batch_tells_values_back_if_asked(ask):
    body = {
        "valueInputOption": "USER_ENTERED",
        "data": [{"range": "A1", "values": [["2026-02-03"]]}, {"range": "B1", "values": [["50%"]]}],
        "includeValuesInResponse": True,
        "responseValueRenderOption": "UNFORMATTED_VALUE",
        "responseDateTimeRenderOption": "FORMATTED_STRING",
    }
    told = ask("POST", "/values:batchUpdate", body)
    assert [each["updatedData"]["values"] for each in told["responses"]] == [[["2026-02-03"]], [[0.5]]]


def test_writing_nothing_touches_nothing(book, ask):
    told = ask("PUT", "/values/B2", {"values": [[]]}, valueInputOption="RAW")
    assert told == {"spreadsheetId": book.id, "updatedRange": "Sheet1!B2"}
    assert ask("POST", "/values:batchUpdate", {"valueInputOption": "RAW"}) == {"spreadsheetId": book.id}


def test_masked_rows_end_with_the_last_that_was_asked_for(ask, sheet):
    sheet.update([["x"] * 3] * 3, "A1")
    sheet.insert_note("B2", "catatan")
    told = ask("GET", "", ranges="Sheet1", fields="sheets.data.rowData.values.note")
    assert told == {"sheets": [{"data": [{"rowData": [{}, {"values": [{}, {"note": "catatan"}]}]}]}]}
    assert ask("GET", "", ranges="C3", fields="sheets/data/rowData/values/note") == {"sheets": [{"data": [{}]}]}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("properties.title", {"properties": {"title": "Register"}}),
        ("sheets/properties/title", {"sheets": [{"properties": {"title": "Sheet1"}}]}),
        ("sheets(properties(title,sheetId))", {"sheets": [{"properties": {"title": "Sheet1", "sheetId": 0}}]}),
        (
            "sheets.properties.gridProperties(rowCount)",
            {"sheets": [{"properties": {"gridProperties": {"rowCount": 1000}}}]},
        ),
        ("namedRanges", {}),
    ],
)
def test_field_masks_come_in_several_forms(ask, fields, expected):
    assert ask("GET", "", fields=fields) == expected
    assert "sheets" in ask("GET", "", fields="*")


def test_answers_are_packed_only_for_clients_that_say_so_twice(server, book, sheet):
    sheet.update([["isi yang cukup panjang " * 5] * 20] * 5, "A1")
    path = f"{ROOT}/{book.id}/values/Sheet1"
    plain = server.call("GET", path)
    assert "Content-Encoding" not in plain.headers
    packed = server.call("GET", path, headers={"User-Agent": "uji (gzip)", "Accept-Encoding": "gzip"}, stream=True)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.raw.read())) == plain.json()


def test_pretty_answers_hold_the_same(server, book):
    plain, pretty = (server.call("GET", f"{ROOT}/{book.id}?prettyPrint={yes}") for yes in ("false", "true"))
    assert "\n" not in plain.text
    assert '\n  "spreadsheetId": ' in pretty.text
    assert plain.json() == pretty.json()


def test_a_spreadsheets_own_address_leads_to_the_grid(server, book, ask):
    address = ask("GET", "", fields="spreadsheetUrl")["spreadsheetUrl"]
    assert address == f"{server.url}/spreadsheets/d/{book.id}/edit"
    answer = server.call("GET", address.removeprefix(server.url), token=None, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/register?id={book.id}")


# -- cells ------------------------------------------------------------------------------------------------------------


def test_cells_are_told_with_all_that_is_known(ask, sheet):
    sheet.update([["2026-02-03", "=1/0", "https://contoh.id/x", "=A1"]], "A1", raw=False)
    sheet.format("D1", {"numberFormat": {"type": "DATE"}})
    date, wrong, link, day = cells(ask("GET", "", includeGridData="true", ranges="A1:D1"))
    assert date["userEnteredValue"] == date["effectiveValue"] == {"numberValue": 46056}
    assert date["formattedValue"] == "2026-02-03"
    assert date["userEnteredFormat"] == {"numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"}}
    assert wrong["userEnteredValue"] == {"formulaValue": "=1/0"}
    assert wrong["effectiveValue"]["errorValue"]["type"] == "DIVIDE_BY_ZERO"
    assert wrong["formattedValue"] == "#DIV/0!"
    assert link["hyperlink"] == "https://contoh.id/x"
    assert "userEnteredFormat" not in link
    assert day["effectiveFormat"]["numberFormat"] == {"type": "DATE", "pattern": "m/d/yyyy"}
    assert day["formattedValue"] == "2/3/2026"


def test_empty_cells_and_the_default_are_not_told(ask, sheet):
    sheet.update([["a", "", "c"]], "A1")
    sheet.format("B1", {"textFormat": {"bold": True}})
    told = cells(ask("GET", "", includeGridData="true"))
    assert len(told) == 3
    assert told[1].keys() == {"userEnteredFormat", "effectiveFormat"}
    assert "horizontalAlignment" not in told[1]["effectiveFormat"]
    data = ask("GET", "", includeGridData="true", ranges="B2:C3")["sheets"][0]["data"][0]
    assert data == {
        "startRow": 1,
        "startColumn": 1,
        "rowMetadata": [{"pixelSize": 21}] * 2,
        "columnMetadata": [{"pixelSize": 100}] * 2,
    }


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"backgroundColor": {"red": 1, "green": 0.5, "blue": 0}}, {"red": 1, "green": 0.5019608}),
        ({"backgroundColorStyle": {"rgbColor": {"red": 0.2}}}, {"red": 0.2}),
        ({"backgroundColor": {}}, {}),
        (
            {"backgroundColorStyle": {"themeColor": "ACCENT4"}},
            {"red": 0.20392157, "green": 0.65882355, "blue": 0.3254902},
        ),
    ],
)
def test_colours_are_told_twice_in_parts_of_255(book, ask, given, told):
    (name,) = given
    request = {"range": {"endRowIndex": 1, "endColumnIndex": 1}, "cell": {"userEnteredFormat": given}}
    book.batch_update({"requests": [{"repeatCell": request | {"fields": f"userEnteredFormat.{name}"}}]})
    (cell,) = cells(ask("GET", "", includeGridData="true", ranges="A1"))
    themed = given.get("backgroundColorStyle", {}).get("themeColor")
    style = {"themeColor": themed} if themed else {"rgbColor": told}
    expected = {"backgroundColor": told, "backgroundColorStyle": style}
    assert cell["userEnteredFormat"] == expected
    assert {name: cell["effectiveFormat"][name] for name in expected} == expected


def test_the_colour_set_last_counts_whichever_way_it_was_told(ask, sheet):
    for colour in (
        {"backgroundColorStyle": {"themeColor": "ACCENT1"}},
        {"backgroundColor": {"red": 1}},
    ):
        sheet.format("A1", colour)
    (cell,) = cells(ask("GET", "", includeGridData="true", ranges="A1"))
    assert cell["userEnteredFormat"]["backgroundColorStyle"] == {"rgbColor": {"red": 1}}


def test_all_ways_to_render_one_row(ask, sheet):
    sheet.update([["2026-02-03", "10:30", "50%", "$5", "1,234", "TRUE", "teks", "=1+1"]], "A1", raw=False)
    rendered = {
        (value, moment): ask("GET", "/values/A1:H1", valueRenderOption=value, dateTimeRenderOption=moment)["values"][0]
        for value in ("FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA")
        for moment in ("SERIAL_NUMBER", "FORMATTED_STRING")
    }
    shown = ["2026-02-03", "10:30", "50%", "$5", "1,234", "TRUE", "teks", "2"]
    plain = [0.5, 5, 1234, True, "teks"]
    assert rendered == {
        ("FORMATTED_VALUE", "SERIAL_NUMBER"): shown,
        ("FORMATTED_VALUE", "FORMATTED_STRING"): shown,
        ("UNFORMATTED_VALUE", "SERIAL_NUMBER"): [46056, 0.4375, *plain, 2],
        ("UNFORMATTED_VALUE", "FORMATTED_STRING"): ["2026-02-03", "10:30", *plain, 2],
        ("FORMULA", "SERIAL_NUMBER"): [46056, 0.4375, *plain, "=1+1"],
        ("FORMULA", "FORMATTED_STRING"): [46056, 0.4375, *plain, "=1+1"],
    }


def test_the_same_text_means_what_the_locale_says(book, ask, sheet):
    typed = [["3/2/2026", "1.234,5", "TRUE"]]
    sheet.update(typed, "A1", raw=False)
    for locale, row in (("id_ID", 2), ("de_DE", 3)):
        book.update_locale(locale)
        sheet.update(typed, f"A{row}", raw=False)
    plain = ask("GET", "/values/A1:C3", valueRenderOption="UNFORMATTED_VALUE")["values"]
    assert plain == [[46083, "1.234,5", True], [46056, 1234.5, True], [46056, 1234.5, True]]
    assert ask("GET", "/values/B3:C3")["values"] == [["1.234,50", "WAHR"]]
