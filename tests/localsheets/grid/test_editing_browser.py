"""Editing in the grid as people who know Google Sheets do it, in headless Chromium."""

import re
import time

import pytest
from gspread.utils import ValidationConditionType
from playwright.sync_api import Page, expect

from tests.localsheets.conftest import CHOICES, PASSWORD

pytestmark = pytest.mark.browser
REPLIES = 6  # column G: open to everybody, without a rule
PASTE = """([text, html]) => { const data = new DataTransfer(); data.setData("text/plain", text);
    if (html) data.setData("text/html", html);
    document.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, cancelable: true})); }"""
FROM_SHEETS = """<meta charset='utf-8'><google-sheets-html-origin><style type="text/css"><!--
td {border: 1px solid #cccccc;}br {mso-data-placement:same-cell;}--></style>
<table xmlns="http://www.w3.org/1999/xhtml" cellspacing="0" dir="ltr" border="1" data-sheets-root="1">
<colgroup><col width="100"/><col width="100"/></colgroup><tbody><tr style="height:21px;">
<td style="overflow:hidden;" data-sheets-value="{&quot;1&quot;:2,&quot;2&quot;:&quot;0812000&quot;}">0812000</td>
<td data-sheets-value="{&quot;1&quot;:3,&quot;3&quot;:1234.5}"
data-sheets-numberformat="{&quot;1&quot;:2,&quot;2&quot;:&quot;#,##0.00&quot;}">1,234.50</td></tr>
<tr><td colspan="2" rowspan="1"
data-sheets-value="{&quot;1&quot;:2,&quot;2&quot;:&quot;dua\\nbaris&quot;}">dua<br/>baris</td></tr>
<tr><td data-sheets-value="{&quot;1&quot;:4,&quot;4&quot;:1}">TRUE</td>
<td data-sheets-value="{&quot;1&quot;:3,&quot;3&quot;:46053}"
data-sheets-numberformat="{&quot;1&quot;:5}">2026-01-31</td></tr></tbody></table>"""
FROM_EXCEL = """<html xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta name=Generator content="Microsoft Excel 15">
<style><!--table {mso-displayed-decimal-separator:"\\.";} .xl65 {mso-number-format:"\\@";}
.xl66 {mso-style-parent:style0; white-space:normal;} --></style></head><body>
<table border=0 cellpadding=0 cellspacing=0 width=192 style='border-collapse:collapse'>
<!--StartFragment--> <col width=64>
 <tr height=20> <td rowspan=2 height=40 class=xl65 width=64>0045</td>
  <td class=xl66 width=64>Surat yang
  panjang</td></tr> <tr height=20><td align=right>42</td> </tr><!--EndFragment--></table></body></html>"""


@pytest.fixture
def visit(browser, office):
    """Open a sheet as somebody; every page must stay free of script errors."""
    contexts, problems = [], []

    def open_page(username="clerk", *, sheet="Register", width=1280, height=800) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, has_touch=width < 600)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(f"{office[0].url}/register?sheet={sheet}")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("button[type=submit]")
        expect(cell(page, 0, 0)).to_be_visible()
        saved(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def blank(office):
    """A sheet without any rule."""
    return office[1].add_worksheet("Coba", 100, 26)


def cell(page, row, column):
    return page.locator(f'[data-row="{row}"][data-col="{column}"]')


def saved(page):
    expect(page.locator("#status")).to_have_text("Semua tersimpan")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def place(page, text):
    expect(page.locator("#place")).to_have_value(text)


def paste(page, text, html=""):
    page.evaluate(PASTE, [text, html])


def clipboard(page, kind="copy"):
    """What the page puts on the clipboard, as text and as HTML."""
    script = """(kind) => { const data = new DataTransfer();
        document.dispatchEvent(new ClipboardEvent(kind, {clipboardData: data, cancelable: true}));
        return [data.getData("text/plain"), data.getData("text/html")]; }"""
    return page.evaluate(script, kind)


def test_the_keyboard_goes_everywhere(blank, visit):
    blank.update([["a", "b", "", "c"], ["d"], ["e"], [], ["f", "", "", "", "g"]], "A1")
    page = visit(sheet="Coba")
    cell(page, 0, 0).click()
    for keys, where in [
        ("ArrowDown ArrowRight", "B2"),
        ("Control+ArrowUp", "B1"),
        ("Control+ArrowLeft", "A1"),
        ("Control+ArrowDown", "A3"),
        ("Control+ArrowDown", "A5"),
        ("Control+ArrowRight", "E5"),
        ("Home", "A5"),
        ("End", "Z5"),
        ("Control+Home", "A1"),
        ("Control+End", "E5"),
        ("Control+Home Shift+ArrowDown Shift+ArrowRight", "A1:B2"),
        ("Control+Shift+ArrowDown", "A1:B3"),
        ("Escape Control+Shift+ArrowDown", "A1:A3"),
        ("Control+Shift+ArrowRight", "A1:B3"),
        ("Escape Shift+Space", "A1:Z1"),
        ("Escape Control+Space", "A1:A100"),
        ("Escape Control+a", "A1:Z100"),
        ("Escape Control+Shift+End", "A1:E5"),
    ]:
        press(page, *keys.split())
        place(page, where)
    press(page, "Escape", "PageDown")
    expect(page.locator("#place")).not_to_have_text("A1")
    press(page, "PageUp")
    place(page, "A1")


def test_nothing_is_typed_into_the_wrong_cell_after_a_jump(office, visit):
    big = office[1].add_worksheet("Besar", 3000, 5)
    big.update([[f"N{n}"] for n in range(1, 2501)], "A1")
    page = visit(sheet="Besar")
    cell(page, 0, 0).click()
    press(page, "Control+ArrowDown", "ArrowDown", "x", "y", "Enter")
    expect(cell(page, 2500, 0)).to_have_text("xy")
    saved(page)
    assert big.get("A2500:A2501") == [["N2500"], ["xy"]]


def test_picking_with_the_mouse(blank, visit):
    blank.update([["a"]], "A1")
    page = visit(sheet="Coba")
    cell(page, 1, 1).hover()
    page.mouse.down()
    cell(page, 3, 2).hover()
    page.mouse.up()
    place(page, "B2:C4")
    cell(page, 5, 4).click(modifiers=["Shift"])
    place(page, "B2:E6")
    page.locator("[data-letter='2']").click(position={"x": 10, "y": 8})
    place(page, "C1:C100")
    page.locator("[data-letter='4']").click(position={"x": 10, "y": 8}, modifiers=["Shift"])
    place(page, "C1:E100")
    page.locator("[data-number='3']").click()
    page.locator("[data-number='5']").click(modifiers=["Shift"])
    place(page, "A4:Z6")


def test_typing_as_in_sheets(blank, visit):
    page = visit(sheet="Coba")
    cell(page, 0, 1).click()
    page.keyboard.type("satu")
    press(page, "Tab")
    page.keyboard.type("dua")
    press(page, "Tab")
    page.keyboard.type("tiga")
    press(page, "Enter")
    place(page, "B2")
    page.keyboard.type("panah")
    press(page, "ArrowRight")
    place(page, "C2")
    page.keyboard.type("baris satu")
    press(page, "Alt+Enter")
    page.keyboard.type("baris dua")
    press(page, "Enter", "F2")
    page.keyboard.type("sunting")
    press(page, "ArrowLeft", "Enter", "ArrowUp", "F2")
    page.keyboard.type("!")
    press(page, "Enter")
    page.keyboard.type("batal")
    press(page, "Escape", "Control+Shift+:", "ArrowRight", "Control+;")
    saved(page)
    values = blank.get("B1:D4")
    assert values[0] == ["satu", "dua", "tiga"]
    assert values[1] == ["panah", "baris satu\nbaris dua"]
    assert values[2] == ["", "sunting!"]
    assert re.fullmatch(r"\d{1,2}:\d{2}", values[3][1])
    assert values[3][2] == time.strftime("%Y-%m-%d")


def test_a_picked_rectangle_is_walked_filled_and_cleared(blank, visit):
    page = visit(sheet="Coba")
    cell(page, 0, 0).click()
    press(page, "Shift+ArrowRight", "Shift+ArrowDown")
    for text in ("a", "b", "c", "d"):
        page.keyboard.type(text)
        press(page, "Tab")
    place(page, "A1:B2")
    saved(page)
    assert blank.get("A1:B2") == [["a", "b"], ["c", "d"]]
    page.keyboard.type("semua")
    press(page, "Control+Enter")
    saved(page)
    assert blank.get("A1:B2") == [["semua"] * 2] * 2
    cell(page, 0, 0).click()
    page.keyboard.type("=ROW()+COLUMN()")
    press(page, "Enter")
    cell(page, 0, 0).click()
    press(page, "Shift+ArrowDown", "Shift+ArrowDown", "Control+d")
    expect(cell(page, 2, 0)).to_have_text("4")
    press(page, "Escape")
    cell(page, 0, 0).click()
    press(page, "Shift+ArrowRight", "Control+r")
    expect(cell(page, 0, 1)).to_have_text("3")
    press(page, "Control+a", "Delete")
    expect(cell(page, 1, 1)).to_have_text("")
    saved(page)
    assert blank.get_all_values() in ([[]], [])


def test_paste_of_ten_thousand_cells(blank, visit):
    page = visit(sheet="Coba")
    cell(page, 0, 0).click()
    text = "\n".join("\t".join(f"r{row}k{column}" for column in range(20)) for row in range(500))
    requests = []
    page.on("request", lambda request: requests.append(request.url) if request.method == "POST" else None)
    began = time.perf_counter()
    paste(page, text)
    expect(cell(page, 0, 0)).to_have_text("r0k0")
    saved(page)
    print(f"500 x 20 cells pasted in the browser: {time.perf_counter() - began:.2f} s until saved")
    assert len([url for url in requests if url.endswith("/block")]) == 1
    assert blank.get("T500") == [["r499k19"]]
    press(page, "Control+z")
    expect(page.locator("#toast")).to_contain_text("Diurungkan")
    expect(cell(page, 0, 0)).to_have_text("")


def test_paste_from_google_sheets_and_excel(blank, visit):
    page = visit(sheet="Coba")
    cell(page, 0, 0).click()
    paste(page, "x", FROM_SHEETS)
    saved(page)
    assert blank.get("A1:B3", value_render_option="UNFORMATTED_VALUE") == [
        ["0812000", 1234.5],
        ["dua\nbaris"],
        [True, 46053],
    ]
    cell(page, 4, 0).click()
    paste(page, "x", FROM_EXCEL)
    saved(page)
    assert blank.get("A5:B6", value_render_option="UNFORMATTED_VALUE") == [["0045", "Surat yang panjang"], ["", 42]]
    cell(page, 8, 0).click()
    paste(page, '"kutip ""dalam"""\tdua\r\n"satu\r\ndua"\t3\r\n')
    saved(page)
    assert blank.get("A9:B10") == [['kutip "dalam"', "dua"], ["satu\ndua", "3"]]


def test_copies_made_here_keep_formulas_and_cut_moves(blank, visit):
    blank.update([[2, "=A1*10", "0812"]], "A1", raw=False)
    page = visit(sheet="Coba")
    for start, key, target, expected in [
        ((0, 1), "Control+v", (1, 1), "0"),
        ((0, 1), "Control+Shift+v", (2, 1), "20"),
    ]:
        cell(page, *start).click()
        press(page, "Control+c")
        expect(page.locator(".clip-box")).to_be_visible()
        cell(page, *target).click()
        press(page, key)
        expect(cell(page, *target)).to_have_text(expected)
        press(page, "Escape")
        expect(page.locator(".clip-box")).to_be_hidden()
    saved(page)
    assert blank.get("B1:B3", value_render_option="FORMULA") == [["=A1*10"], ["=A2*10"], [20]]
    cell(page, 0, 0).click()
    press(page, "Control+x")
    cell(page, 4, 0).click()
    press(page, "Control+v")
    expect(cell(page, 4, 0)).to_have_text("2")
    expect(cell(page, 0, 0)).to_have_text("")
    expect(cell(page, 0, 1)).to_have_text("20")
    assert blank.acell("B1", value_render_option="FORMULA").value == "=A5*10"
    cell(page, 0, 0).click()
    press(page, "Shift+ArrowRight", "Shift+ArrowRight")
    text, html = clipboard(page)
    assert text == "\t20\t812"
    assert html.count("<td") == 3


def test_what_cannot_be_pasted_is_explained(office, visit):
    page = visit()
    cell(page, 1, 3).click()
    paste(page, "a\tb\tc")
    expect(page.locator("#toast")).to_contain_text("D2 (Sel ini dilindungi: Kolom sistem)")
    expect(page.locator("#toast")).to_contain_text("E2")
    saved(page)
    assert office[1].worksheet("Register").get("D2:G2") == [["Diterima"]]


def test_the_fill_handle(blank, visit):
    blank.update([["Item 1", 1], ["Item 2", 3], ["", 5], ["", 7]], "A1")
    page = visit(sheet="Coba")
    cell(page, 0, 0).click()
    cell(page, 1, 0).click(modifiers=["Shift"])
    page.locator(".fill-handle").hover()
    page.mouse.down()
    cell(page, 3, 0).hover()
    page.mouse.up()
    expect(cell(page, 3, 0)).to_have_text("Item 4")
    place(page, "A1:A4")
    cell(page, 0, 2).click()
    page.keyboard.type("=B1*2")
    press(page, "Enter")
    cell(page, 0, 2).click()
    page.locator(".fill-handle").dblclick()
    expect(cell(page, 3, 2)).to_have_text("14")
    saved(page)
    assert blank.get("A3:C4", value_render_option="FORMULA") == [["Item 3", 5, "=B3*2"], ["Item 4", 7, "=B4*2"]]


def test_undo_and_redo_show_what_and_where(office, visit):
    page = visit()
    cell(page, 2, REPLIES).click()
    page.keyboard.type("pertama")
    press(page, "Enter")
    cell(page, 20, 1).click()
    press(page, "Control+z")
    expect(page.locator("#toast")).to_have_text("Diurungkan: isi sel (Register G3)")
    expect(cell(page, 2, REPLIES)).to_have_text("")
    place(page, "G3")
    press(page, "Control+y")
    expect(cell(page, 2, REPLIES)).to_have_text("pertama")
    press(page, "Control+z", "Control+Shift+Z")
    expect(cell(page, 2, REPLIES)).to_have_text("pertama")
    press(page, "Control+Shift+Z")
    expect(page.locator("#toast")).to_have_text("Tidak ada yang dapat diulangi.")


def test_find_and_replace(office, visit):
    page = visit()
    cell(page, 1, 1).click()
    press(page, "Control+f")
    page.locator("#find-text").fill("pelapor 2")
    press(page, "Enter")
    place(page, "B3")
    expect(page.locator("#finder .told")).to_have_text("1 dari 11")
    press(page, "Enter")
    place(page, "B21")
    press(page, "Shift+Enter")
    place(page, "B3")
    press(page, "Control+h")
    page.locator("#find-by").fill("Warga 2")
    page.get_by_label("Seluruh isi sel").check()
    page.get_by_role("button", name="Ganti", exact=True).click()
    expect(cell(page, 2, 1)).to_have_text("Warga 2")
    page.get_by_label("Seluruh isi sel").uncheck()
    page.locator("#find-text").fill("Diterima")
    page.locator("#find-by").fill("x")
    page.get_by_role("button", name="Ganti semua").click()
    expect(page.locator("#toast")).to_contain_text("0 diganti. 20 tidak dapat diganti: D2: Sel ini dilindungi")
    press(page, "Escape")
    expect(page.locator("#finder")).to_be_hidden()
    expect(page.locator("#grid")).to_be_focused()


def test_lists_narrow_while_typing(office, visit):
    sheet = office[1].worksheet("Register")
    sheet.add_validation("H2:H", ValidationConditionType.one_of_list, ["Rendah", "Tinggi"], strict=False)
    page = visit()
    cell(page, 1, 4).click()
    page.keyboard.type("sel")
    expect(page.locator(".editor option")).to_have_text(["Selesaikan"])
    press(page, "Enter")
    page.keyboard.type("ter")
    expect(page.locator(".editor option")).to_have_text(["Terima", "Teruskan"])
    press(page, "ArrowDown", "Enter")
    page.keyboard.type("terus")
    press(page, "Escape")
    expect(cell(page, 3, 4)).to_have_text("")
    press(page, "Enter")
    expect(page.locator(".editor option")).to_have_text(["(kosong)", *CHOICES])
    page.locator(".editor option").nth(1).click()
    expect(cell(page, 3, 4)).to_have_text("Terima")
    expect(page.locator(".editor")).to_have_count(0)
    cell(page, 1, 7).click()
    page.keyboard.type("Sedang")
    press(page, "Enter")
    saved(page)
    assert sheet.get("E2:H4") == [["Selesaikan", "", "", "Sedang"], ["Teruskan"], ["Terima"]]


def test_a_refused_text_stays_until_it_is_mended(office, visit):
    page = visit()
    cell(page, 1, 4).click()
    page.keyboard.type("Salah")
    press(page, "Enter")
    held = page.locator("#held")
    expect(held).to_contain_text("E2 tidak tersimpan")
    expect(held).to_contain_text("“Salah” tidak ada dalam pilihan")
    expect(page.locator("#status")).to_have_text("1 isian menunggu keputusan Anda")
    held.get_by_role("button", name="Perbaiki").click()
    expect(page.locator(".choose-text")).to_have_value("Salah")
    page.locator(".choose-text").fill("terima")
    press(page, "Enter")
    expect(cell(page, 1, 4)).to_have_text("Terima")
    saved(page)


def test_two_people_and_one_cell(office, visit):
    mine, theirs = visit("clerk"), visit("owner")
    cell(mine, 2, REPLIES).click()
    mine.keyboard.type("dari saya")
    cell(theirs, 2, REPLIES).click()
    theirs.keyboard.type("dari mereka")
    press(theirs, "Enter")
    saved(theirs)
    press(mine, "Enter")
    held = mine.locator("#held")
    expect(held).to_contain_text("G3: Sel ini baru saja diubah orang lain.")
    expect(held.locator(".version")).to_have_text(["Isi mereka: dari mereka", "Isi Anda: dari saya"])
    expect(cell(mine, 2, REPLIES)).to_have_text("dari mereka")
    mine.on("dialog", lambda dialog: dialog.accept())
    mine.reload()
    expect(held).to_contain_text("dari saya")
    mine.locator("#grid").focus()
    press(mine, "F6", "Enter")
    saved(mine)
    expect(cell(theirs, 2, REPLIES)).to_have_text("dari saya")
    cell(mine, 3, 1).click()
    mine.keyboard.type("tenang")
    press(mine, "Enter")
    expect(cell(theirs, 3, 1)).to_have_text("tenang")


def test_edits_wait_over_a_reload_until_the_server_is_back(office, visit):
    page = visit()
    sheet = office[1].worksheet("Register")
    page.route("**/edit", lambda route: route.abort())
    page.route("**/block", lambda route: route.abort())
    cell(page, 2, REPLIES).click()
    page.keyboard.type("luring")
    press(page, "Enter")
    page.evaluate("document.querySelector('#grid').scrollTop = 600")
    cell(page, 33, 1).click()
    page.keyboard.type("baris baru")
    press(page, "Tab")
    page.keyboard.type("uraian")
    press(page, "Enter")
    cell(page, 35, REPLIES).click()
    paste(page, "tempel\tdua")
    expect(page.locator("#status")).to_contain_text("5 isian belum tersimpan")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("#status")).to_contain_text("belum tersimpan")
    page.unroute("**/edit")
    page.unroute("**/block")
    saved(page)
    assert sheet.acell("G3").value == "luring"
    assert sheet.get("B34:C34") == [["baris baru", "uraian"]]
    assert sheet.get("G36:H36") == [["tempel", "dua"]]
    expect(cell(page, 2, REPLIES)).to_have_text("luring")


def test_rows_and_columns_move_with_the_selection(blank, visit):
    blank.update([["a", "b"], ["c", "d"], ["e", "f"]], "A1")
    page = visit(sheet="Coba")
    cell(page, 2, 0).click(button="right")
    page.locator("[data-number='2']").click(button="right")
    page.get_by_role("menuitem", name="Pindahkan baris ke atas").click()
    expect(cell(page, 1, 0)).to_have_text("e")
    place(page, "A2:Z2")
    page.locator("[data-letter='0']").click(button="right", position={"x": 10, "y": 8})
    page.get_by_role("menuitem", name="Pindahkan kolom ke kanan").click()
    expect(cell(page, 0, 1)).to_have_text("a")
    place(page, "B1:B100")
    assert blank.get("A1:B3") == [["b", "a"], ["f", "e"], ["d", "c"]]
    press(page, "Control+z", "Control+z")
    expect(cell(page, 2, 0)).to_have_text("e")


def test_the_formula_bar_edits_too(blank, visit):
    blank.update([[2, "=A1*10"]], "A1", raw=False)
    page = visit(sheet="Coba")
    cell(page, 0, 1).click()
    expect(page.locator("#content")).to_have_text("=A1*10")
    page.locator("#content").click()
    expect(page.locator(".editor.bar")).to_have_value("=A1*10")
    page.keyboard.type("0")
    press(page, "Enter")
    expect(cell(page, 0, 1)).to_have_text("200")
    place(page, "B2")


def test_dates_are_typed_or_picked(office, visit):
    office[1].update_locale("in_ID")
    sheet = office[1].worksheet("Register")
    sheet.format("H2:H9", {"numberFormat": {"type": "DATE", "pattern": "dd/mm/yyyy"}})
    page = visit()
    cell(page, 1, 7).click()
    page.keyboard.type("5/3/2026")
    press(page, "Enter")
    expect(cell(page, 1, 7)).to_have_text("05/03/2026")
    cell(page, 1, 7).dblclick()
    calendar = page.locator(".dated .calendar")
    expect(calendar).to_have_value("2026-03-05")
    calendar.fill("2026-04-17")
    expect(cell(page, 1, 7)).to_have_text("17/04/2026")
    cell(page, 2, 7).click()
    press(page, "Control+;")
    expect(cell(page, 2, 7)).to_have_text(time.strftime("%d/%m/%Y"))
    cell(page, 1, 5).click()
    press(page, "Space")
    expect(cell(page, 1, 5).locator("i")).to_have_text("✓")
    press(page, "Shift+ArrowDown", "Shift+ArrowDown", "Space")
    saved(page)
    assert sheet.get("F2:H4", value_render_option="UNFORMATTED_VALUE")[0] == [False, "", 46129]
    assert sheet.col_values(6)[1:4] == ["FALSE"] * 3


def test_logging_out_leaves_nothing_behind(visit):
    page = visit()
    page.route("**/edit", lambda route: route.abort())
    cell(page, 2, REPLIES).click()
    page.keyboard.type("rahasia")
    press(page, "Enter")
    expect(page.locator("#status")).to_contain_text("1 isian belum tersimpan")
    assert "rahasia" in page.evaluate("JSON.stringify(sessionStorage) + JSON.stringify(localStorage)")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Keluar").click()
    expect(page.locator("[name=password]")).to_be_visible()
    assert "rahasia" not in page.evaluate("JSON.stringify(sessionStorage) + JSON.stringify(localStorage)")


def test_filters_are_forgotten_at_the_logout(visit):
    page = visit()
    cell(page, 2, 1).click()
    page.evaluate("""() => { localStorage.setItem("other", "stays");
        localStorage.setItem(`localsheets-view:${document.body.dataset.email}:x:0`, "rahasia"); }""")
    page.get_by_role("button", name="Keluar").click()
    expect(page.locator("[name=password]")).to_be_visible()
    assert page.evaluate("JSON.stringify(localStorage)") == '{"other":"stays"}'


def test_a_whole_column_is_one_small_request_about_the_rows_meant(blank, visit):
    blank.add_rows(1900)
    blank.update([[f"isi {row}", "tetap"] for row in range(1500)], "A1")
    page = visit(sheet="Coba")
    sizes = []
    page.on("request", lambda r: sizes.append(len(r.post_data or "")) if r.url.endswith("/block") else None)
    page.locator('[data-letter="0"]').click()
    press(page, "Delete")
    expect(cell(page, 3, 0)).to_have_text("")
    saved(page)
    assert set(blank.col_values(1)) in (set(), {""})
    assert blank.col_values(2) == ["tetap"] * 1500
    assert len(sizes) == 1
    assert sizes[0] < 300
    cell(page, 4, 1).click()
    press(page, "Shift+ArrowDown", "Shift+ArrowDown")
    page.route("**/changes?**", lambda route: route.abort())  # what is deleted meanwhile is not known here
    blank.delete_rows(6)
    blank.update([["jangan"]], "B7")
    press(page, "Delete")
    expect(page.get_by_text("Baris 6 sudah dihapus oleh orang lain").first).to_be_visible()
    assert blank.get("B5:B8") == [["tetap"], ["tetap"], ["jangan"], ["tetap"]]


def test_a_text_like_a_formula_stays_a_text_when_edited(blank, visit):
    blank.update([["+A2*2"], ["7"], ["0812"]], "A1", raw=True)
    page = visit(sheet="Coba")
    for row in (0, 2):
        cell(page, row, 0).click()
        press(page, "F2")
        page.keyboard.type("0")
        press(page, "Enter")
    saved(page)
    assert blank.get("A1:A3", value_render_option="UNFORMATTED_VALUE") == [["+A2*20"], ["7"], ["08120"]]


def test_on_a_phone_a_refusal_is_shown_in_the_card(office, visit):
    page = visit(width=360, height=640)
    cell(page, 3, 1).tap()
    field = page.locator(f"[data-card-col='{REPLIES}']")
    field.fill("dari telepon")
    office[1].worksheet("Register").update([["dari kantor"]], "G4")
    page.locator("#card-title").click()
    page.evaluate("document.activeElement.blur()")
    expect(page.locator("#card #held")).to_contain_text("dari kantor")
    page.get_by_role("button", name="Pertahankan isi mereka").click()
    expect(page.locator("#held")).to_be_hidden()
    expect(field).to_have_value("dari kantor")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
