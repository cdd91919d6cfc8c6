"""What clients of Google's take for granted: words of errors, forms of answers, formats and colours of cells."""

import gzip
import json
from itertools import combinations

import pytest

from localsheets.api.field_masks import parse_mask, select

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
    told["error"].pop("details", None)
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


# -- what is told of cells and sheets ----------------------------------------------------------------------------------


def does(ask, kind, body):
    return ask("POST", ":batchUpdate", {"requests": [{kind: body}]})


def first_cell(ask, cell="A1"):
    return cells(ask("GET", "", includeGridData="true", ranges=cell))[0]


def test_replies_tell_colours_as_get_does(book, ask):
    green = {"red": 0.0, "green": 0.5, "blue": 0.1}
    added = does(ask, "addSheet", {"properties": {"sheetId": 7, "title": "Hijau", "tabColor": green}})
    copied = does(ask, "duplicateSheet", {"sourceSheetId": 7, "newSheetId": 8})
    moved = ask("POST", "/sheets/7:copyTo", {"destinationSpreadsheetId": book.id})
    told = [added["replies"][0]["addSheet"]["properties"], copied["replies"][0]["duplicateSheet"]["properties"], moved]
    shade = {"green": 0.5019608, "blue": 0.101960786}
    for properties in told:
        assert (properties["tabColor"], properties["tabColorStyle"]) == (shade, {"rgbColor": shade})
    banding = {"range": {"sheetId": 7}, "rowProperties": {"firstBandColor": green, "secondBandColor": {"red": 0}}}
    (reply,) = does(ask, "addBanding", {"bandedRange": banding})["replies"]
    kept = ask("GET", "", fields="sheets(properties,bandedRanges)")["sheets"]
    assert reply["addBanding"]["bandedRange"] in [band for sheet in kept for band in sheet.get("bandedRanges", [])]
    by_id = {sheet["properties"]["sheetId"]: sheet["properties"] for sheet in kept}
    for properties in told:
        assert properties | {"index": 0} == by_id[properties["sheetId"]] | {"index": 0}


@pytest.mark.parametrize(
    ("kind", "body", "message"),
    [
        (
            "updateSpreadsheetProperties",
            {"properties": {"locale": "xx_YY"}, "fields": "locale"},
            "Unsupported locale: xx_YY",
        ),
        (
            "deleteDimension",
            {"range": {"dimension": "ROWS", "startIndex": 2000, "endIndex": 2001}},
            "Cannot delete a row that doesn't exist. Tried to delete row index 2000 but there are only 1000 rows.",
        ),
        (
            "deleteDimension",
            {"range": {"dimension": "COLUMNS", "startIndex": 20, "endIndex": 40}},
            "Cannot delete a column that doesn't exist. Tried to delete column index 26 but there are only 26 columns.",
        ),
        (
            "insertDimension",
            {"range": {"dimension": "ROWS", "startIndex": 5000, "endIndex": 5001}},
            "range.startIndex[5000] must be less than the grid size[1000] if inheritFromBefore is false.",
        ),
        (
            "updateCells",
            {"range": {"endRowIndex": 1, "endColumnIndex": 1}, "rows": [{"values": [{}, {}]}], "fields": "note"},
            "Attempting to write column: 1, beyond the last requested column of: 0",
        ),
        (
            "updateCells",
            {"range": {"endRowIndex": 1, "endColumnIndex": 1}, "rows": [{}, {}], "fields": "note"},
            "Attempting to write row: 1, beyond the last requested row of: 0",
        ),
        (
            "deleteDimension",
            {"range": {"dimension": "ROWS", "startIndex": 1, "endIndex": 1000}},
            "Sorry, it is not possible to delete all non-frozen rows.",
        ),
        ("deleteSheet", {"sheetId": 0}, "You can't remove all the visible sheets in a document."),
        (
            "appendDimension",
            {"dimension": "COLUMNS", "length": 18_253},
            "This action would increase the number of columns in the sheet above the limit of 18278 columns.",
        ),
        (
            "sortRange",
            {"range": {"endRowIndex": 2}, "sortSpecs": [{"backgroundColor": {"red": 1}}]},
            "This server does not sort by colour (sortSpecs.backgroundColor).",
        ),
    ],
)
def test_refusals_read_like_googles(book, ask, sheet, kind, body, message):
    sheet.freeze(rows=1)
    book.add_worksheet("Tersembunyi", 5, 5).hide()
    error = does(ask, kind, body)["error"]
    assert error["message"] == f"Invalid requests[0].{kind}: {message}"
    assert error["code"] == (501 if kind == "sortRange" else 400)


def test_a_bad_entry_of_a_batch_is_named(ask):
    data = [{"range": "A1", "values": [[1]]}, {"range": "Nirgends!A1", "values": [[1]]}]
    error = ask("POST", "/values:batchUpdate", {"valueInputOption": "RAW", "data": data})["error"]
    assert error["message"] == "Invalid data[1]: Unable to parse range: Nirgends!A1"


@pytest.mark.parametrize(("locale", "accepted"), [("id_ID", True), ("zh_CN", True), ("fil", True), ("xx_YY", False)])
def test_locales_are_those_that_exist(server, locale, accepted):
    told = server.call("POST", ROOT, json={"properties": {"title": "B", "locale": locale}})
    assert told.status_code == (200 if accepted else 400)


@pytest.mark.parametrize(
    ("locale", "formula", "shown", "kind", "pattern"),
    [
        ("en_US", "=DATE(2020,1,2)", "1/2/2020", "DATE", "m/d/yyyy"),
        ("en_US", "=TIME(1,2,3)", "1:02:03 AM", "TIME", "h:mm:ss am/pm"),
        ("id_ID", "=DATE(2020;1;2)", "02/01/2020", "DATE", "dd/mm/yyyy"),
    ],
)
def test_moments_that_formulas_come_to_look_as_the_locale_says(book, ask, sheet, locale, formula, shown, kind, pattern):
    book.update_locale(locale)
    sheet.update([[formula]], "A1", raw=False)
    cell = first_cell(ask)
    assert (cell["formattedValue"], cell["effectiveFormat"]["numberFormat"]) == (
        shown,
        {"type": kind, "pattern": pattern},
    )
    assert "userEnteredFormat" not in cell
    sheet.update([["2026-02-03"]], "A1", raw=False)
    assert first_cell(ask)["formattedValue"] == "2026-02-03", "a date typed over it looks as it was typed"


def test_colour_rules_and_bands_show_in_the_effective_format(ask, sheet):
    sheet.update([["x", 1], ["y", 5]], "A1")
    red, blue = {"red": 1}, {"blue": 1}
    banding = {"range": {"endRowIndex": 3}, "rowProperties": {"firstBandColor": red, "secondBandColor": blue}}
    does(ask, "addBanding", {"bandedRange": banding})
    for kind, text in (("NUMBER_GREATER", "4"), ("CUSTOM_FORMULA", '=A1="x"')):
        condition = {"type": kind, "values": [{"userEnteredValue": text}]}
        boolean = {"condition": condition, "format": {"textFormat": {"bold": True}, "backgroundColor": {"green": 1}}}
        box = {"startColumnIndex": 1, "endColumnIndex": 2} if kind.startswith("N") else {"endColumnIndex": 1}
        does(ask, "addConditionalFormatRule", {"rule": {"ranges": [box], "booleanRule": boolean}})
    sheet.format("C1", {"backgroundColor": {"red": 0.2}})
    rows = ask("GET", "", includeGridData="true", ranges="A1:D3")["sheets"][0]["data"][0]["rowData"]
    shown = [[cell["effectiveFormat"]["backgroundColor"] for cell in row["values"]] for row in rows]
    green, own = {"green": 1}, {"red": 0.2}
    assert shown == [[green, red, own, red], [blue, green, blue, blue], [red, red, red, red]]
    assert [cell["effectiveFormat"]["textFormat"]["bold"] for cell in rows[0]["values"]] == [True, False, False, False]
    assert ["userEnteredFormat" in cell for cell in rows[0]["values"]] == [False, False, True, False]


@pytest.mark.parametrize(("style", "width"), [("SOLID", 1), ("SOLID_MEDIUM", 2), ("SOLID_THICK", 3), ("DOUBLE", 3)])
def test_borders_are_told_with_width_and_colour(ask, sheet, style, width):
    sheet.format("A1", {"borders": {"top": {"style": style}}})
    told = {"style": style, "width": width, "color": {}, "colorStyle": {"rgbColor": {}}}
    cell = first_cell(ask)
    assert cell["userEnteredFormat"]["borders"] == cell["effectiveFormat"]["borders"] == {"top": told}


@pytest.mark.parametrize(
    ("typed", "link"),
    [('=HYPERLINK("http://x.y","t")', "http://x.y"), ("http://x.y", "http://x.y"), ("bukan tautan", None)],
)
def test_links_are_told(ask, sheet, typed, link):
    sheet.update([[typed]], "A1", raw=False)
    cell = first_cell(ask)
    assert (cell.get("hyperlink"), cell["effectiveFormat"]["hyperlinkDisplayType"]) == (
        link,
        "LINKED" if link else "PLAIN_TEXT",
    )


def test_the_owner_edits_every_protected_range_and_only_editors_see_who_does(server, book, ask):
    book.share("clerk@kantor.test", perm_type="user", role="writer", notify=False)
    for users in (["clerk@kantor.test"], []):
        body = {"range": {"endRowIndex": 1}, "editors": {"users": users, "groups": []}}
        does(ask, "addProtectedRange", {"protectedRange": body})
    path = f"{ROOT}/{book.id}?fields=sheets.protectedRanges(editors,requestingUserCanEdit)"
    told = [
        server.call("GET", path, token=token).json()["sheets"][0]["protectedRanges"]
        for token in ("owner-token", "clerk-token")
    ]
    both = {"requestingUserCanEdit": True, "editors": {"users": ["owner@kantor.test", "clerk@kantor.test"]}}
    assert told[0][0] == told[1][0] == both
    assert told[0][1] == {"requestingUserCanEdit": True, "editors": {"users": ["owner@kantor.test"]}}
    assert told[1][1] == {}


def test_a_filter_without_a_range_covers_the_grid(ask, sheet):
    does(ask, "setBasicFilter", {"filter": {"range": {"sheetId": 0}}})
    told = ask("GET", "", fields="sheets.basicFilter.range")["sheets"][0]["basicFilter"]["range"]
    assert told == {"startRowIndex": 0, "endRowIndex": 1000, "startColumnIndex": 0, "endColumnIndex": 26}


def test_long_answers_are_the_same_sent_part_by_part(server, book, sheet):
    sheet.update([[f"isi {row}", row, "https://kantor.test"] for row in range(600)], "A1")
    sheet.format("A500", {"textFormat": {"bold": True}})
    path = f"{ROOT}/{book.id}?includeGridData=true"
    whole = server.call("GET", path)
    assert len(whole.content) > 1_000_000
    rows = whole.json()["sheets"][0]["data"][0]["rowData"]
    assert [row["values"][1]["formattedValue"] for row in rows] == [str(row) for row in range(600)]
    assert [n for n, row in enumerate(rows) if "userEnteredFormat" in row["values"][0]] == [499]
    zipped = server.call("GET", path, headers={"User-Agent": "uji (gzip)", "Accept-Encoding": "gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert zipped.json() == whole.json()
    masked = server.call("GET", f"{path}&fields=sheets.data.rowData.values(formattedValue,effectiveFormat.padding)")
    wanted = {"formattedValue": "isi 3", "effectiveFormat": {"padding": {"top": 2, "right": 3, "bottom": 2, "left": 3}}}
    assert masked.json()["sheets"][0]["data"][0]["rowData"][3]["values"][0] == wanted


CELL_FIELDS = (
    "userEnteredValue",
    "effectiveValue",
    "formattedValue",
    "userEnteredFormat",
    "effectiveFormat",
    "hyperlink",
    "note",
    "textFormatRuns",
    "dataValidation",
)


def test_whatever_a_mask_names_of_a_cell_is_told_as_without_it(ask, sheet):
    """What nobody asks for is not worked out, and what somebody asks for does not depend on the rest."""
    sheet.update(
        [["x", 45000.5, "https://kantor.test", "=B1*2", '=HYPERLINK("http://x.y";"t")', True]], "A1", raw=False
    )
    sheet.format("B1:B2", {"numberFormat": {"type": "DATE", "pattern": "yyyy"}})
    sheet.format("C4", {"borders": {"top": {"style": "SOLID"}}, "textFormat": {"link": {"uri": "http://z.y"}}})
    sheet.insert_note("A3", "catatan")
    box = {"startRowIndex": 4, "endRowIndex": 6, "startColumnIndex": 1, "endColumnIndex": 3}
    does(ask, "setDataValidation", {"range": box, "rule": {"condition": {"type": "BOOLEAN"}}})
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": '=A1="x"'}]}
    rule = {"condition": condition, "format": {"textFormat": {"bold": True}}}
    does(ask, "addConditionalFormatRule", {"rule": {"ranges": [{"endRowIndex": 8}], "booleanRule": rule}})
    bands = {"range": {"endRowIndex": 9}, "rowProperties": {"firstBandColor": {"red": 1}, "secondBandColor": {}}}
    does(ask, "addBanding", {"bandedRange": bands})
    runs = {"values": [{"userEnteredValue": {"stringValue": "dua"}, "textFormatRuns": [{"format": {"bold": True}}]}]}
    start = {"rowIndex": 6, "columnIndex": 0}
    does(ask, "updateCells", {"rows": [runs], "fields": "userEnteredValue,textFormatRuns", "start": start})
    whole = ask("GET", "", includeGridData="true")
    told_somewhere = {name for row in rows_in(whole) for cell in row.get("values", []) for name in cell}
    assert told_somewhere == set(CELL_FIELDS)
    for names in (*((name,) for name in CELL_FIELDS), *combinations(CELL_FIELDS, 2)):
        mask = f"sheets.data.rowData.values({','.join(names)})"
        expected = select(whole, parse_mask(mask))
        assert ask("GET", "", includeGridData="true", fields=mask) == expected, names


def rows_in(told):
    return told["sheets"][0]["data"][0]["rowData"]
