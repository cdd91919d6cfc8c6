"""The grid as staff use it, in headless Chromium."""

import pytest
from playwright.sync_api import Page, expect

from .conftest import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(browser, office):
    """Open the register as somebody; every page must stay free of script errors and foreign requests."""
    contexts, problems = [], []

    def open_page(username="clerk", *, width=1366, height=768, query="") -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, has_touch=width < 600)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda r: None if r.url.startswith(office[0].url) else problems.append(r.url))
        page.on("console", lambda m: problems.append(m.text) if "Content Security Policy" in m.text else None)
        page.goto(office[0].url + "/register" + query)
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("button[type=submit]")
        expect(cell(page, 0, 0)).to_have_text("Tiket")
        expect(cell(page, 1, 0)).to_have_text("T-00001")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


def cell(page, row, column):
    return page.locator(f'[data-row="{row}"][data-col="{column}"]')


def saved(page):
    expect(page.locator("#status")).to_have_text("Semua tersimpan")


def test_type_enter_and_move_by_keyboard(office, visit):
    page = visit()
    cell(page, 3, 6).click()
    page.keyboard.type("Sedang diperiksa")
    page.keyboard.press("Enter")
    page.keyboard.type("Baris berikut")
    page.keyboard.press("Tab")
    page.keyboard.type("besok")
    page.keyboard.press("Escape")
    saved(page)
    expect(cell(page, 3, 6)).to_have_text("Sedang diperiksa")
    expect(cell(page, 4, 7)).to_have_text("")
    sheet = office[1].worksheet("Register")
    assert sheet.acell("G4").value == "Sedang diperiksa"
    assert sheet.acell("G5").value == "Baris berikut"
    assert sheet.acell("H5").value is None
    page.keyboard.press("Control+Home")
    expect(page.locator("#place")).to_have_value("A1")
    page.keyboard.press("Control+ArrowDown")
    expect(page.locator("#place")).to_have_value("A31")
    page.keyboard.press("End")
    expect(page.locator("#place")).to_have_value("H31")
    page.keyboard.press("PageUp")
    page.keyboard.press("F2")
    expect(page.locator("textarea.editor")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#grid")).to_be_focused()


def test_choices_check_boxes_and_delete(office, visit):
    page = visit()
    cell(page, 4, 4).dblclick()
    page.locator("select.editor").select_option("Teruskan")
    cell(page, 5, 4).click()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    cell(page, 4, 5).click()
    page.keyboard.press("Space")
    saved(page)
    sheet = office[1].worksheet("Register")
    assert sheet.get_values("E5:F6") == [["Teruskan", "TRUE"], ["Terima", ""]]
    cell(page, 4, 4).click()
    page.keyboard.press("Delete")
    expect(cell(page, 4, 4)).to_have_text("")
    saved(page)
    assert sheet.acell("E5").value is None


def test_protected_cells_say_why(visit):
    page = visit()
    cell(page, 4, 0).click()
    expect(cell(page, 4, 0)).to_have_attribute("aria-readonly", "true")
    expect(page.locator("#hint")).to_have_text("Sel ini dilindungi: Kolom sistem")
    page.keyboard.type("x")
    expect(page.locator(".editor")).to_have_count(0)
    expect(page.locator("#toast")).to_have_text("Sel ini dilindungi: Kolom sistem")
    cell(page, 2, 1).click()
    expect(page.locator("#hint")).to_have_text("Catatan: Sudah ditelepon")


def test_other_peoples_edits_appear_and_never_take_my_text(office, visit):
    page = visit()
    cell(page, 2, 6).click()
    page.keyboard.type("sedang kuketik")
    sheet = office[1].worksheet("Register")
    sheet.update([["dari orang lain"]], "G4")
    expect(cell(page, 3, 6)).to_have_text("dari orang lain")
    sheet.insert_row(["T-00000"], 2)
    expect(cell(page, 1, 0)).to_have_text("T-00000")
    expect(page.locator("textarea.editor")).to_have_value("sedang kuketik")
    page.keyboard.press("Enter")
    saved(page)
    expect(cell(page, 3, 6)).to_have_text("sedang kuketik")
    assert sheet.get_values("A4:G4")[0][0::6] == ["T-00002", "sedang kuketik"]


def test_a_deleted_row_is_told_with_my_text(office, visit):
    page = visit()
    cell(page, 2, 6).click()
    page.keyboard.type("terlambat")
    office[1].worksheet("Register").delete_rows(3)
    expect(cell(page, 2, 0)).to_have_text("T-00003")
    page.keyboard.press("Enter")
    expect(page.locator("#toast")).to_contain_text("sudah dihapus")
    expect(page.locator("#toast")).to_contain_text("terlambat")
    assert office[1].worksheet("Register").findall("terlambat") == []


def test_a_new_row_taken_by_somebody_else_is_never_mixed_with_mine(office, visit):
    """I type into the first empty row; meanwhile a row is appended there."""
    page = visit()
    cell(page, 1, 0).click()
    page.keyboard.press("Control+ArrowDown")
    cell(page, 31, 2).click()
    page.keyboard.type("ketikan saya")
    sheet = office[1].worksheet("Register")
    sheet.append_row(["T-99999", "Orang lain", "Aduan lain"], table_range="A1")
    expect(cell(page, 31, 0)).to_have_text("T-99999")
    page.keyboard.press("Enter")
    expect(page.locator("#toast")).to_contain_text("ketikan saya")
    assert sheet.row_values(32)[:3] == ["T-99999", "Orang lain", "Aduan lain"]
    page.keyboard.type("Budi")
    page.keyboard.press("Tab")
    page.keyboard.type("Selesai")
    page.keyboard.press("Enter")
    saved(page)
    assert sheet.findall("ketikan saya") == []
    assert "Budi" in sheet.row_values(33)


def test_a_lost_connection_loses_no_edit(office, visit):
    page = visit()
    page.context.set_offline(True)
    cell(page, 2, 6).click()
    page.keyboard.type("ditulis luring")
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text("1 isian belum tersimpan")
    expect(cell(page, 2, 6)).to_have_class(r"cell unsaved")
    page.context.set_offline(False)
    saved(page)
    assert office[1].worksheet("Register").acell("G3").value == "ditulis luring"


def test_copy_and_paste_a_block(office, visit):
    page = visit()
    cell(page, 1, 6).click()
    paste = """(text) => { const data = new DataTransfer(); data.setData("text/plain", text);
        document.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, cancelable: true})); }"""
    page.evaluate(paste, 'satu\t"dua\nbaris"\ntiga')
    saved(page)
    assert office[1].worksheet("Register").get("G2:H3") == [["satu", "dua\nbaris"], ["tiga"]]


def test_filter_sort_and_find(visit):
    page = visit(query="?sheet=Register&find=T-00020")
    expect(page.locator("#place")).to_have_value("A21")
    page.fill("#filter", "nomor 12")
    expect(page.locator(".body .row")).to_have_count(1)
    expect(cell(page, 12, 2)).to_have_text("Keluhan nomor 12")
    page.click("#reset")
    cell(page, 1, 1).click()
    page.click("#sort-down")
    expect(page.locator(".body .row").first.locator("[data-col='1']")).to_have_text("Pelapor 9")


def test_rows_can_be_inserted_and_deleted(office, visit):
    page = visit("owner")
    cell(page, 2, 6).click()
    page.click("#insert-row")
    expect(cell(page, 3, 0)).to_have_text("T-00002")
    expect(page.locator("#place")).to_have_value("G4")
    page.click("#delete-row")
    page.get_by_role("dialog").get_by_role("button", name="Hapus baris").click()
    expect(cell(page, 3, 0)).to_have_text("T-00003")
    assert office[1].worksheet("Register").col_values(1)[:5] == ["Tiket", "T-00001", "", "T-00003", "T-00004"]


def test_on_a_phone_a_row_opens_as_a_card(office, visit):
    page = visit(width=360, height=640)
    cell(page, 7, 1).tap()
    expect(page.locator("#card-title")).to_have_text("T-00007 · Pelapor 7")
    page.locator("[data-card-col='4']").select_option("Selesaikan")
    page.locator("[data-card-col='5']").check()
    page.locator("[data-card-col='6']").fill("Dari telepon")
    page.get_by_role("button", name="Tutup").click()
    expect(page.locator("#card")).not_to_be_visible()
    expect(cell(page, 7, 6)).to_have_text("Dari telepon")
    expect(page.locator(".unsaved")).to_have_count(0)
    assert office[1].worksheet("Register").get_values("E8:G8") == [["Selesaikan", "TRUE", "Dari telepon"]]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.alone
def test_fifty_thousand_rows_open_and_scroll(office, visit):
    _, book = office
    big = book.add_worksheet("Besar", 50_001, 6)
    big.freeze(rows=1)
    big.update([["Nomor", "Isi"], *[[f"N{n}", "x"] for n in range(1, 50_001)]], "A1")
    page = visit()
    page.get_by_role("tab", name="Besar").click()
    expect(cell(page, 1, 0)).to_have_text("N1")
    page.locator("#grid").focus()
    page.keyboard.press("Control+End")
    expect(cell(page, 50_000, 0)).to_have_text("N50000")
    assert page.locator("[data-row]").count() < 600
    big.update([["neu"]], "B50001")
    expect(cell(page, 50_000, 1)).to_have_text("neu")


def test_the_session_ends_politely(office, visit):
    page = visit()
    page.context.clear_cookies()
    cell(page, 2, 6).click()
    page.keyboard.type("belum masuk")
    page.keyboard.press("Enter")
    page.locator("#status a").click()
    page.fill("[name=username]", "clerk")
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    saved(page)
    expect(cell(page, 2, 6)).to_have_text("belum masuk")
    assert office[1].worksheet("Register").acell("G3").value == "belum masuk"
