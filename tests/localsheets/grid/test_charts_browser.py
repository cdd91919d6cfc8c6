"""Charts in headless Chromium: drawn over their cells, changed with them, told as tables, never in the way of keys."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.localsheets.conftest import PASSWORD
from tests.running import wait_until

pytestmark = pytest.mark.browser


def a_source(sheet_id, rows, column):
    rows = {"startRowIndex": rows[0], "endRowIndex": rows[1]}
    columns = {"startColumnIndex": column, "endColumnIndex": column + 1}
    return {"sourceRange": {"sources": [{"sheetId": sheet_id, **rows, **columns}]}}


def a_basic(sheet_id, kind):
    return {
        "basicChart": {
            "chartType": kind,
            "headerCount": 1,
            "domains": [{"domain": a_source(sheet_id, (0, 4), 0)}],
            "series": [{"series": a_source(sheet_id, (0, 4), column)} for column in (1, 2)],
        }
    }


@pytest.fixture
def charted(office):
    """A sheet `Angka` with a chart of each kind, beside the small register."""
    _, book = office
    sheet = book.add_worksheet("Angka", 90, 12)
    sheet.update([["Bulan", "Masuk", "Ditutup"], ["Jan", 3, 1], ["Feb", 6, 4], ["Mar", 2, 2]], "A1")
    pie = {"pieChart": {"domain": a_source(sheet.id, (1, 4), 0), "series": a_source(sheet.id, (1, 4), 1)}}
    specs = [*(a_basic(sheet.id, kind) for kind in ("COLUMN", "BAR", "LINE")), pie]
    requests = []
    for place, spec in enumerate(specs):
        anchor = {"sheetId": sheet.id, "rowIndex": 1 + place * 14, "columnIndex": 4}
        overlay = {"anchorCell": anchor, "widthPixels": 480, "heightPixels": 280}
        chart = {"spec": {"title": f"Diagram {place}", **spec}, "position": {"overlayPosition": overlay}}
        requests.append({"addChart": {"chart": chart}})
    book.batch_update({"requests": requests})
    return sheet


@pytest.fixture
def visit(browser, office, charted):
    """The sheet with charts as the clerk sees it; no page may have a script error or ask another host."""
    contexts, problems = [], []

    def open_page(*, width=1280, height=800, username="clerk") -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, has_touch=width < 600)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda r: None if r.url.startswith(office[0].url) else problems.append(r.url))
        page.on("console", lambda m: problems.append(m.text) if "Content Security Policy" in m.text else None)
        page.goto(office[0].url + "/register")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("button[type=submit]")
        expect(page.locator('[data-row="1"][data-col="0"]')).to_have_text("T-00001", timeout=20000)
        expect(page.locator("#chart-list")).to_be_hidden()
        page.get_by_role("tab", name="Angka").click()
        expect(figure(page, 0)).to_be_visible(timeout=20000)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


def figure(page, number):
    return page.locator("#charts figure").nth(number)


def cell(page, row, column):
    return page.locator(f'[data-row="{row}"][data-col="{column}"]')


def violations(page):
    found = Axe().run(page).response["violations"]
    return [(entry["id"], [node["html"][:120] for node in entry["nodes"][:2]]) for entry in found]


def test_charts_are_drawn_where_they_are_anchored_and_change_with_their_cells(visit, charted):
    page = visit()
    assert [page.locator("#charts figure").nth(n).locator(kind).count() for n, kind in enumerate((".bar", ".bar"))] == [
        6,
        6,
    ]
    assert figure(page, 2).locator("polyline").count() == 2
    assert figure(page, 3).locator(".slice").count() == 3
    here, there = figure(page, 0).bounding_box(), cell(page, 1, 4).bounding_box()
    assert abs(here["x"] - there["x"]) <= 1
    assert abs(here["y"] - there["y"]) <= 1
    expect(figure(page, 0)).to_contain_text("6")
    charted.update([[60]], "B3")
    expect(figure(page, 0)).to_contain_text("60")
    expect(figure(page, 3)).to_contain_text("Feb: 60 (92%)")
    page.evaluate("document.getElementById('grid').scrollTop = 200")
    expect(cell(page, 20, 0)).to_be_visible()
    top = "document.querySelector('#charts figure').getBoundingClientRect().y"
    wait_until(lambda: page.evaluate(top) < 100, 10, "the chart rolls along")
    charted.insert_rows([[]], 1)
    page.evaluate("document.getElementById('grid').scrollTop = 0")
    expect(cell(page, 1, 0)).to_have_text("Bulan")
    below = 'document.querySelector(\'[data-row="2"][data-col="4"]\').getBoundingClientRect().y'
    wait_until(lambda: abs(page.evaluate(top) - page.evaluate(below)) <= 1, 10, "the chart follows its row")


def test_keys_and_clicks_reach_the_cells_below(visit):
    page = visit()
    cell(page, 0, 4).click()
    expect(figure(page, 0)).not_to_have_class("pale")
    page.keyboard.press("ArrowDown")
    expect(figure(page, 0)).to_have_class("pale")
    page.keyboard.type("Di bawah")
    page.keyboard.press("Enter")
    expect(cell(page, 1, 4)).to_have_text("Di bawah")
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    expect(figure(page, 0)).not_to_have_class("pale")
    box = figure(page, 0).bounding_box()
    page.mouse.move(box["x"] + 50, box["y"] + 50)
    page.mouse.wheel(0, 150)
    wait_until(lambda: page.evaluate("document.getElementById('grid').scrollTop") > 100, 10, "the grid rolls")


def test_the_dialog_tells_numbers_and_moves_and_deletes(visit, charted, office):
    page = visit()
    expect(figure(page, 3)).to_have_attribute("aria-label", "Diagram lingkaran: Diagram 3. Jan 3, Feb 6, Mar 2.")
    assert violations(page) == []
    cell(page, 2, 1).click()
    page.get_by_role("button", name="Diagram (4)").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Angka dalam tabel").first.click()
    rows = dialog.get_by_role("table", name="Diagram 0").locator("tbody tr")
    assert rows.all_inner_texts() == ["Jan\t3\t1", "Feb\t6\t4", "Mar\t2\t2"]
    assert violations(page) == []
    dialog.get_by_role("button", name="Pindahkan ke sel aktif").first.click()
    expect(page.locator("#toast")).to_contain_text("tersimpan")
    dialog.get_by_role("button", name="Hapus diagram").nth(1).click()
    page.locator("dialog.confirm").get_by_role("button", name="Hapus diagram").click()
    expect(page.locator("#charts figure")).to_have_count(3)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Diagram (3)")).to_be_visible()
    here, there = figure(page, 0).bounding_box(), cell(page, 2, 1).bounding_box()
    assert abs(here["x"] - there["x"]) <= 1
    page.click("#undo")
    expect(page.locator("#charts figure")).to_have_count(4)


def test_on_a_phone_charts_fit_the_screen(visit):
    page = visit(width=360, height=740)
    assert figure(page, 0).bounding_box()["width"] <= 360 - 46
    page.get_by_role("button", name="Diagram (4)").click()
    dialog = page.get_by_role("dialog")
    for n in range(4):
        box = dialog.locator("figure").nth(n).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
    assert dialog.evaluate("d => d.scrollWidth <= d.clientWidth")
    assert violations(page) == []
