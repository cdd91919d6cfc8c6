"""XLSX out and in: what goes along, what is written so that Excel reads it, and what is refused."""

import io
import os
import re
import time
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula

from localsheets.errors import InvalidRequestError
from localsheets.exchange.contents import Contents, Tab, add_tabs, replace_tabs
from localsheets.exchange.xlsx import archive, read_workbook, tab_reader, workbook_bytes
from localsheets.exchange.xlsx.formulas import excel_formula, own_formula
from localsheets.model.book import Book
from localsheets.model.box import Box
from localsheets.model.cells import value_of
from localsheets.model.layers import CellFormats, validation_at
from tests.localsheets.exchange.tables import OWNER, a_book, an_empty_book, dress, rule, with_tab

DATE = {"type": "DATE", "pattern": "dd/mm/yyyy"}
RGB = ("red", "green", "blue")
FULL = os.environ.get("ADUAN_TEST_SCALE") == "full"
GREEN = {"red": 0.2, "green": 0.8}


def opened(book, **kwargs):
    """The workbook as another program reads it."""
    return openpyxl.load_workbook(io.BytesIO(workbook_bytes(book)), **kwargs)


def and_back(book):
    """What comes back into an empty spreadsheet."""
    draft = an_empty_book(book.locale)
    add_tabs(draft, OWNER, read_workbook(workbook_bytes(book), book.locale))
    return draft


def workbook(fill):
    """A workbook made by somebody else."""
    made = openpyxl.Workbook()
    fill(made)
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def patched(data, change, only=None):
    """The same workbook with the parts (or only one of them) changed."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(written, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, change(body) if only in {None, name} else body)
    return written.getvalue()


# \r is left out: XML makes every line end a \n, in Excel as anywhere.
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t=+-@'\"<>&_ "), max_size=30)
numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
tricky = st.sampled_from(["_x0041_", "=1+1", "#N/A", " a ", "_x005F_", "1e5", "TRUE"])
scalars = st.none() | st.booleans() | numbers | texts.filter(bool) | tricky


@pytest.mark.search
@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(scalars, max_size=6), max_size=6))
def test_values_come_back_as_they_were(rows):
    """Also texts that look like formulas, escapes or numbers; characters that XML cannot hold are replaced."""
    sheet = and_back(a_book(rows)).sheets[0]
    for place, cells in enumerate(rows):
        for column, value in enumerate(cells):
            back = value_of(sheet.cell(place, column))
            if isinstance(value, str):
                assert back == re.sub("[\ufffe\uffff]", "\N{REPLACEMENT CHARACTER}", value)
            else:
                assert back == value
                assert isinstance(back, bool) == isinstance(value, bool)


def test_a_text_is_never_written_as_a_formula():
    sheet = opened(a_book([["=1+1", "+62", "-", "@x", '=HYPERLINK("http://luar.test")']]))["Sheet1"]
    assert [(cell.data_type, cell.value[0]) for cell in sheet[1]] == [
        ("s", "="),
        ("s", "+"),
        ("s", "-"),
        ("s", "@"),
        ("s", "="),
    ]


def test_what_excel_cannot_hold_is_cut_or_replaced():
    sheet = opened(a_book([["x" * 50_000, "a\x00\x1fb"]]))["Sheet1"]
    assert len(sheet["A1"].value) == 32_767
    assert sheet["A1"].value.endswith("x…")
    assert sheet["B1"].value == "a��b"
    with pytest.raises(InvalidRequestError, match="16,384 columns"):
        workbook_bytes(a_book([[None] * 16_384 + [1]], size=(10, 17_000)))


def test_looks_come_back():
    book = a_book([["Judul", "Tanggal"], *[[f"n{n}", 45000 + n] for n in range(30)]])
    sheet = book.sheets[0]
    bold = {
        "bold": True,
        "italic": True,
        "strikethrough": True,
        "underline": True,
        "fontSize": 14,
        "fontFamily": "Roboto",
    }
    line = {"style": "SOLID_MEDIUM", "color": {"red": 1.0}}
    dress(sheet, Box(0, 1, 0, 2), textFormat={**bold, "foregroundColor": GREEN}, backgroundColor={"blue": 1.0})
    dress(sheet, Box(0, 1, 0, 1), borders={"bottom": line}, horizontalAlignment="CENTER", verticalAlignment="MIDDLE")
    dress(sheet, Box(0, 1, 1, 2), wrapStrategy="WRAP", textRotation={"angle": -45})
    dress(sheet, Box(1, None, 1, 2), numberFormat=DATE)
    cell = opened(book)["Sheet1"]["B5"]
    assert (cell.number_format, cell.value.isoformat()) == ("dd/mm/yyyy", "2023-03-18T00:00:00")
    again = and_back(book).sheets[0]
    old, new = CellFormats(sheet), CellFormats(again)
    for row, column in ((0, 0), (0, 1), (5, 0), (5, 1), (30, 1)):
        assert new.at(row, column, again.cell(row, column)) == old.at(row, column, sheet.cell(row, column)), (
            row,
            column,
        )
    assert len(again.formats) == 1, "a column of dates is one layer"
    assert again.cell(4, 1) == 45003


def test_black_white_and_theme_colours():
    book = a_book([["a", "b", "c"]])
    dress(book.sheets[0], Box(0, 1, 0, 1), backgroundColor={}, textFormat={"foregroundColor": dict.fromkeys(RGB, 1.0)})
    dress(book.sheets[0], Box(0, 1, 1, 2), backgroundColorStyle={"themeColor": "ACCENT1"})
    cells = opened(book)["Sheet1"][1]
    assert [cell.fill.fgColor.rgb for cell in cells] == ["00000000", "004285F4", "00000000"]
    assert [cell.fill.fill_type for cell in cells] == ["solid", "solid", None]
    back = and_back(book).sheets[0]
    told = CellFormats(back).at(0, 0, back.cell(0, 0))
    assert told == {"backgroundColor": {}, "textFormat": {"foregroundColor": dict.fromkeys(RGB, 1.0)}}


def test_frames_come_back():
    book = a_book(
        [["a", "b", "c"], [1, 2, 3], [4, 5, 6]],
        gridProperties={"frozenRowCount": 1, "frozenColumnCount": 2, "hideGridlines": True},
        tabColorStyle={"rgbColor": {"red": 1.0}},
    )
    sheet = book.sheets[0]
    dress(sheet, Box(0, None, 1, 2), backgroundColor=GREEN)
    hidden = with_tab(book, "Tersembunyi", [["x"]], hidden=True)
    sheet.columns = {0: {"pixelSize": 250}, 2: {"pixelSize": 100, "hiddenByUser": True}}
    sheet.lines = {1: {"pixelSize": 60}, 2: {"pixelSize": 21, "hiddenByUser": True}}
    sheet.set_cells(1, [{"v": 1, "n": "Catatan\nbaris dua"}, {"n": "di sel kosong"}, 3])
    sheet.filter = {"box": Box(0, 3, 0, 3)}
    sheet.keep(
        "merges", [{"sheetId": 0, "startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 1, "endColumnIndex": 3}]
    )
    book.named_ranges = [{"namedRangeId": "1", "name": "isi", "sheetId": 0, "box": Box(1, 3, 0, 2)}]
    again = and_back(book)
    back = again.sheets[0]
    assert back.properties["gridProperties"] == sheet.properties["gridProperties"]
    assert back.properties["tabColorStyle"] == {"rgbColor": {"red": 1.0}}
    assert (again.sheets[1].title, again.sheets[1].properties["hidden"]) == (hidden.title, True)
    assert (back.columns, back.lines) == (sheet.columns, sheet.lines)
    assert back.cell(1, 0) == {"v": 1, "n": "Catatan\nbaris dua"}
    assert back.cell(1, 1)["n"] == "di sel kosong"
    assert back.filter == sheet.filter
    merge = {name: value for name, value in back.kept("merges")[0].items() if name != "sheetId"}
    assert merge == {"startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 1, "endColumnIndex": 3}
    assert [(e["name"], e["box"]) for e in again.named_ranges] == [("isi", Box(1, 3, 0, 2))]


LONG = [f"Pilihan yang cukup panjang nomor {n}" for n in range(30)]


@pytest.mark.parametrize(
    ("kind", "texts", "more"),
    [
        ("ONE_OF_LIST", ["Terima", "Tolak"], {"strict": True, "showCustomUi": True, "inputMessage": "Pilih satu"}),
        ("ONE_OF_LIST", ["a, b", 'kata "x"'], {"showCustomUi": True}),
        ("ONE_OF_LIST", LONG, {"strict": True, "showCustomUi": False}),
        ("ONE_OF_RANGE", ["='Bidang & Unit'!A1:A9"], {"strict": True, "showCustomUi": True}),
        ("BOOLEAN", [], {"strict": True, "showCustomUi": True}),
        ("NUMBER_BETWEEN", ["1.5", "9"], {"strict": True}),
        ("NUMBER_GREATER", ["0"], {}),
        ("DATE_BEFORE", ["46000"], {"strict": True}),
        ("CUSTOM_FORMULA", ["=LEN(B2)>3"], {}),
    ],
)
def test_validation_comes_back(kind, texts, more):
    book = a_book([["x"]])
    rule(book.sheets[0], Box(1, None, 1, 2), kind, *texts, **more)
    with_tab(book, "Bidang & Unit", [["Umum"]])
    again = and_back(book)
    assert [sheet.title for sheet in again.sheets] == ["Sheet1", "Bidang & Unit"]
    back = validation_at(again.sheets[0], 700, 1)
    wanted = {"type": kind} | ({"values": [{"userEnteredValue": text} for text in texts]} if texts else {})
    assert back["condition"] == wanted
    assert {name: value for name, value in back.items() if name != "condition"} == more
    assert validation_at(again.sheets[0], 0, 1) is None
    assert validation_at(again.sheets[0], 1, 2) is None


def test_a_later_rule_cuts_a_hole_into_an_earlier_one():
    book = a_book([["x"]], size=(20, 5))
    sheet = book.sheets[0]
    rule(sheet, Box(0, None, 0, 3), "BOOLEAN")
    rule(sheet, Box(5, 8, 1, 2), "ONE_OF_LIST", "a")
    sheet.validations.append({"box": Box(10, 12, 0, 3), "rule": None})
    back = and_back(book).sheets[0]
    for row in range(20):
        for column in range(5):
            one, two = (validation_at(s, row, column) for s in (sheet, back))
            assert (one and one["condition"]["type"]) == (two and two["condition"]["type"]), (row, column)


@pytest.mark.parametrize(
    ("condition", "kind"),
    [
        ({"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "5"}]}, None),
        ({"type": "NUMBER_BETWEEN", "values": [{"userEnteredValue": "5"}, {"userEnteredValue": "7"}]}, None),
        ({"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=$A2>TODAY()"}]}, None),
        ({"type": "TEXT_EQ", "values": [{"userEnteredValue": 'Selesai "x"'}]}, "CUSTOM_FORMULA"),
        ({"type": "NOT_BLANK"}, "CUSTOM_FORMULA"),
    ],
)
def test_colours_by_rule_come_back(condition, kind):
    """What Excel has as a formula only comes back as one."""
    look = {"backgroundColor": GREEN, "textFormat": {"bold": True, "foregroundColor": {"red": 1.0}}}
    book = a_book([["x"]])
    book.sheets[0].conditions = [{"boxes": [Box(1, 50, 0, 3)], "booleanRule": {"condition": condition, "format": look}}]
    back = and_back(book).sheets[0].conditions
    assert [rule["boxes"] for rule in back] == [[Box(1, 50, 0, 3)]]
    told = back[0]["booleanRule"]
    assert told["format"] == look
    assert told["condition"]["type"] == (kind or condition["type"])
    if kind is None:
        assert told["condition"] == condition


def test_formulas_go_out_for_excel_and_come_back():
    cells = [
        {"x": "=SUM(B2:B9,1.5)", "v": 3},
        {"x": '=IFS(A2="x;y",1)', "v": 1},
        {"x": '=COUNTIF(A2:A,"x")', "v": 0},
        {"x": '=QUERY(A1:B2,"select A")', "v": "hasil"},
        {"x": "='Nama: panjang'!A1", "v": 5},
        {"x": "=#REF!+1", "v": "#REF!", "e": {"type": "REF"}},
    ]
    book = a_book([cells])
    with_tab(book, "Nama: panjang", [[5]])
    sheet = opened(book)["Sheet1"]
    assert [cell.value for cell in sheet[1]] == [
        "=SUM(B2:B9,1.5)",
        '=_xlfn.IFS(A2="x;y",1)',
        '=COUNTIF(A2:A1048576,"x")',
        "hasil",
        "='Nama_ panjang'!A1",
        "=#REF!+1",
    ]
    back = and_back(book).sheets[0]
    assert [back.cell(0, column).get("x") for column in (0, 1)] == [cells[0]["x"], cells[1]["x"]]


def test_arrays_are_calculated_again_where_they_arrive():
    book = a_book([[{"x": "=UNIQUE(D1:D9)", "v": "a"}], [{"v": "b", "s": 1}], [{"v": "c", "s": 1}], ["sisa"]])
    sheet = opened(book)["Sheet1"]
    assert isinstance(sheet["A1"].value, ArrayFormula)
    assert (sheet["A1"].value.ref, sheet["A1"].value.text) == ("A1:A3", "=_xlfn.UNIQUE(D1:D9)")
    back = and_back(book).sheets[0]
    assert [back.cell(row, 0) for row in range(4)] == [{"x": "=UNIQUE(D1:D9)"}, None, None, "sisa"]


@pytest.mark.parametrize(
    ("ours", "excels"),
    [
        ("=FILTER(A1:A9,B1:B9)", "=_xlfn._xlws.FILTER(A1:A9,B1:B9)"),
        ('="FILTER("&LET(x,1,x)', '="FILTER("&_xlfn.LET(x,1,x)'),
        ("=SUM(A:A,3:7)", "=SUM(A:A,3:7)"),
        ('=REGEXMATCH(A1,"x")', None),
        ("={A1:A2,B1:B2}", None),
        ("={SUM(1),2}", None),
        ('=SUM({1,2;3,TRUE},"{A1}",A1)', '=SUM({1,2;3,TRUE},"{A1}",A1)'),
    ],
)
def test_function_names(ours, excels):
    assert excel_formula(ours) == excels
    if excels:
        assert own_formula(excels) == ours


def test_a_formula_that_asks_another_file_becomes_its_last_result():
    def fill(made):
        made.active["A1"] = "=[1]Lain!A1+1"
        made.active["B1"] = "=A2+1"

    data = workbook(fill)
    # openpyxl writes no results; Excel does
    data = patched(data, lambda body: re.sub(rb"(A1\+1</f>)<v(?: ?/>|></v>)", rb"\1<v>42</v>", body))
    tab = read_workbook(data).tabs[0]
    assert tab.rows == [[42, {"x": "=A2+1"}]]


def test_workbooks_of_others():
    def fill(made):
        sheet = made.active
        sheet.title = "Data"
        sheet.append(["Nama", 1.0, True, None, "2026"])
        sheet["A3"] = "=B1*2"
        sheet["A3"].number_format = "mm-dd-yy"
        sheet.merge_cells("A5:C6")
        sheet["A5"] = "gabung"
        check = DataValidation(type="list", formula1='"ya,tidak"', showErrorMessage=True)
        check.add("E2:E9")
        sheet.add_data_validation(check)
        made.create_sheet("Kosong")
        made.defined_names["nama_tua"] = DefinedName("nama_tua", attr_text="Data!$A$1:$B$2")
        made.defined_names["rusak"] = DefinedName("rusak", attr_text="#REF!")

    contents = read_workbook(workbook(fill))
    tab, empty = contents.tabs
    assert (tab.title, empty.title, empty.rows) == ("Data", "Kosong", [])
    assert tab.rows[0] == ["Nama", 1, True, None, "2026"]
    assert tab.rows[2] == [{"x": "=B1*2", "f": {"numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"}}}]
    assert tab.merges == [Box(4, 6, 0, 3)]
    assert tab.parts["validations"][0]["rule"]["strict"] is True
    assert contents.names == [("nama_tua", "Data", Box(0, 2, 0, 2))]


def zipped(**members):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in members.items():
            made.writestr(name, body)
    return written.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not an Excel workbook"),
        (b"nama,nilai\n1,2\n", "not an Excel workbook"),
        (b"\xd0\xcf\x11\xe0" * 200, "not an Excel workbook"),
        (zipped(a="b"), "not an Excel workbook"),
        (zipped(**{"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<x/>"}), "not an Excel workbook"),
        (zipped(x='<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), "not an Excel workbook"),
        (workbook(lambda made: made.active)[:-30], "not an Excel workbook"),
    ],
)
def test_what_is_no_workbook_is_refused_in_one_sentence(data, said):
    with pytest.raises(InvalidRequestError, match=said):
        read_workbook(data)


def test_bombs_are_refused(monkeypatch):
    monkeypatch.setattr(archive, "MOST_UNPACKED_BYTES", 1_000_000)
    started = time.monotonic()
    with pytest.raises(InvalidRequestError, match="too large"):
        read_workbook(zipped(bomb="0" * 5_000_000))
    assert time.monotonic() - started < 2


def test_a_merge_over_everything_costs_nothing(monkeypatch):
    def fill(made):
        made.active["A1"] = "x"

    merge = b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    data = patched(workbook(fill), lambda body: body.replace(b"</sheetData>", merge))
    assert read_workbook(data).tabs[0].merges == [Box(0, 1_048_576, 0, 16_384)]
    with pytest.raises(InvalidRequestError, match="too many cells"):
        add_tabs(an_empty_book(), OWNER, read_workbook(data))
    monkeypatch.setattr(tab_reader, "MOST_MERGES", 0)
    with pytest.raises(InvalidRequestError, match="merged"):
        read_workbook(data)


@pytest.mark.search
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damage_never_does_worse_than_a_sentence(data):
    """A workbook with bytes changed anywhere in its parts is read, or refused with a sentence."""
    whole = workbook(lambda made: made.active.append(["a", 1, "=B1"]))
    names = [name for name in zipfile.ZipFile(io.BytesIO(whole)).namelist() if name.endswith(("xml", "rels"))]
    victim = data.draw(st.sampled_from(names))

    def damaged(body):
        body = bytearray(body)
        for _ in range(data.draw(st.integers(1, 4))):
            body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(32, 126))
        return bytes(body)

    try:
        read = read_workbook(patched(whole, damaged, only=victim))
    except InvalidRequestError as error:
        read = error.message
    assert isinstance(read, Contents) or read.endswith(".")


def test_titles_that_excel_refuses_get_others():
    book = a_book([[1]], "A" * 40)
    with_tab(book, "A" * 35, [[2]])
    with_tab(book, "x/y:z", [[3]])
    with_tab(book, "'kutip'", [[4]])
    assert opened(book).sheetnames == ["A" * 31, "A" * 27 + " (2)", "x_y_z", "kutip"]


def test_new_tabs_take_free_titles_and_formulas_follow():
    book = a_book([["lama"]], "Data")
    book.named_ranges = [{"namedRangeId": "1", "name": "ada", "sheetId": 0, "box": Box(0, 1, 0, 1)}]
    check = {"condition": {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": "=Data!A1:A3"}]}}
    data = Tab(
        "Data", [["baru", {"x": "=Hitung!A1"}]], parts={"validations": [{"box": Box(0, 9, 3, 4), "rule": check}]}
    )
    counted = Tab("Hitung", [[{"x": "=COUNTA(Data!A:A)"}]])
    names = [("ada", "Data", Box(0, 1, 0, 1)), ("baru", "Data", Box(0, 2, 0, 1)), ("A1", "Data", Box(0, 1, 0, 1))]
    added = add_tabs(book, OWNER, Contents([data, counted], names))
    assert [sheet.title for sheet in book.sheets] == ["Data", "Data (2)", "Hitung"]
    assert added[1].cell(0, 0)["x"] == "=COUNTA('Data (2)'!A:A)"
    assert added[0].cell(0, 1)["x"] == "=Hitung!A1"
    assert validation_at(added[0], 0, 3)["condition"]["values"] == [{"userEnteredValue": "='Data (2)'!A1:A3"}]
    assert [(e["name"], e["sheetId"]) for e in book.named_ranges] == [("ada", 0), ("baru", added[0].sheet_id)]
    assert book.sheets[0].cell(0, 0) == "lama"
    assert isinstance(replace_tabs(book, OWNER, Contents([data])), list)
    assert [sheet.title for sheet in book.sheets] == ["Data"]


def test_large_workbooks_take_seconds(capsys):
    rows, columns = (50_000 if FULL else 1_000), 20
    book: Book = a_book(
        [[f"sel {r} {c}" if c % 3 else r * c + 0.5 for c in range(columns)] for r in range(rows)], size=(rows, 26)
    )
    started = time.monotonic()
    data = workbook_bytes(book)
    written = time.monotonic()
    tabs = read_workbook(data).tabs
    done = time.monotonic()
    assert len(tabs[0].rows) == rows
    told = f"XLSX of {rows:,} x {columns}: written in {written - started:.1f} s, read in {done - written:.1f} s"
    with capsys.disabled():
        print(f"\n{told}")
    assert done - started < 120


SOURCE = {"sourceRange": {"sources": [{"sheetId": 0, "startRowIndex": 0, "endRowIndex": 3, "endColumnIndex": 1}]}}
BARS = {"basicChart": {"chartType": "BAR", "series": [{"series": SOURCE}]}}
OVERLAY = {"anchorCell": {"rowIndex": 5}}


@pytest.mark.parametrize(
    ("spec", "overlay", "drawn"),
    [
        (BARS, OVERLAY, 1),
        ({"pieChart": {"series": SOURCE}}, OVERLAY, 1),
        ({"pieChart": {"series": SOURCE}, **BARS}, OVERLAY, 1),
        ({"basicChart": {**BARS["basicChart"], "headerCount": -5}}, OVERLAY, 0),
        ({"basicChart": {**BARS["basicChart"], "headerCount": 99}}, OVERLAY, 0),
        ({"basicChart": {**BARS["basicChart"], "headerCount": None}}, OVERLAY, 0),
        ({"basicChart": {**BARS["basicChart"], "chartType": []}}, OVERLAY, 0),
        ({"basicChart": {**BARS["basicChart"], "axis": ["x"]}}, OVERLAY, 0),
        ({"basicChart": {"chartType": "BAR", "series": [{"series": {"sourceRange": []}}]}}, OVERLAY, 0),
        ({"basicChart": None}, OVERLAY, 0),
        ({**BARS, "title": {"x": 1}}, OVERLAY, 0),
        ({**BARS, "title": "\x01"}, OVERLAY, 0),
        (BARS, {"anchorCell": {"columnIndex": 99_999}}, 0),
        (BARS, {**OVERLAY, "widthPixels": 10**400}, 0),
    ],
    ids=str,
)
def test_a_chart_that_cannot_be_drawn_is_left_out(spec, overlay, drawn):
    """Also one that was kept before such specs were refused: the rest of the workbook goes out all the same."""
    book = a_book([["Sembako"], [3.0], [4.0]])
    chart = {"chartId": 1, "spec": spec, "position": {"overlayPosition": overlay}}
    book.sheets[0].keep(
        "charts", [chart, {**chart, "chartId": 2, "spec": BARS, "position": {"overlayPosition": OVERLAY}}]
    )
    sheet = opened(book).worksheets[0]
    assert len(sheet._charts) == drawn + 1
    assert sheet["A1"].value == "Sembako"
