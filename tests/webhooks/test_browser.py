"""The citizen's journey in a real browser, on a small telephone and at a desk, with and without JavaScript."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

from register.changes import Change
from register.complaint import Identity, Status
from register.store import Store
from tests.builders import MOMENT
from webhooks import doubt

pytestmark = pytest.mark.browser
CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PHONE = {"width": 360, "height": 640}
DESKTOP = {"width": 1280, "height": 800}
ZOOMED = (320, 256)
"""A screen of 1280 by 1024 at 400 %."""
SMALLEST_TARGET = 44
ARROW = 20
"""Width of what Chromium draws into a select besides its text."""


@dataclass(frozen=True)
class Site:
    """A running server."""

    url: str


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The application behind a real server; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def site(build: Callable[..., Flask]) -> Iterator[Site]:
    with serving(build()) as url:
        yield Site(url)


@pytest.fixture(params=[False, True], ids=["without JavaScript", "with JavaScript"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, java_script_enabled=request.param, has_touch=True)
    page = context.new_page()
    yield page
    context.close()


@pytest.fixture
def desk(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=DESKTOP)
    page = context.new_page()
    yield page
    context.close()


def go_on(page: Page) -> None:
    """Press the main button and wait for the next page: with JavaScript it comes after a question to the server."""
    with page.expect_navigation():
        page.locator("main .main-button").click()


def test_over_mistakes_and_back_to_receipt_and_status(page: Page, site: Site, store: Store) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site.url)
    page.get_by_label("Ceritakan masalahnya").fill("Bantuan sembako\nbelum kami terima.")
    go_on(page)
    expect(page).to_have_url(f"{site.url}/pengaduan/isi/tempat")
    page.go_back()
    page.goto(f"{site.url}/pengaduan/isi/kejadian")
    expect(page.get_by_label("Ceritakan masalahnya")).to_have_value("Bantuan sembako\nbelum kami terima.")
    go_on(page)
    page.get_by_label("Kecamatan").select_option("Loa Kulu")
    page.get_by_label("Desa atau kelurahan").fill("rempanga")
    go_on(page)
    page.get_by_label("Nomor HP atau telepon").fill("0812-0000-0000")
    go_on(page)

    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Isi nama Anda")
    expect(page).to_have_title(re.compile("^Kesalahan: "))
    summary.get_by_role("link", name="Isi nama Anda").click()
    expect(page.get_by_label("Nama", exact=True)).to_be_focused()
    page.get_by_label("Nama", exact=True).fill("Ibu Contoh")
    go_on(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Periksa jawaban Anda")
    page.get_by_role("button", name="Ubah Di mana dan kapan").click()
    page.get_by_label("Tempat kejadian").fill("Agen Contoh")
    go_on(page)
    expect(page.get_by_text("Agen Contoh")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    page.get_by_role("button", name="Bahasa Indonesia").click()
    page.locator("#complaint .main-button").click()

    expect(page).to_have_url(re.compile("/tanda-terima$"))
    (ticket,) = store.complaints()
    assert store.intake(ticket).incident_place == "Agen Contoh"
    expect(page.get_by_text(ticket, exact=True)).to_be_visible()
    store.commit(
        [Change(ticket, {"status": Status.RESOLVED, "replied_at": MOMENT}, reply="Sudah cair.\nTerima kasih.")]
    )

    page.get_by_role("link", name="Lacak status").click()
    page.get_by_label("Nomor tiket").fill(ticket.lower().replace("-", " "))
    page.get_by_role("button", name="Lihat status").click()
    expect(page).to_have_url(f"{site.url}/status/{ticket}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Selesai")
    expect(page.get_by_text("Sudah cair.")).to_be_visible()
    assert [url for url in asked if not url.startswith(site.url)] == []


def test_back_leads_over_mistakes_and_languages(page: Page, site: Site) -> None:
    page.goto(site.url)
    go_on(page)
    expect(page.get_by_role("alert")).to_contain_text("Ceritakan masalahnya")
    page.locator("#description").fill("Bantuan sembako belum kami terima.")
    page.get_by_role("button", name="English").click()
    page.locator("#description").fill("Bantuan sembako belum juga kami terima.")
    go_on(page)
    page.locator("#village").fill("Rempangga")
    go_on(page)
    expect(page.get_by_role("alert")).to_contain_text("Rempanga?")
    page.locator("#village").fill("Rempanga")
    go_on(page)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Who you are")
    page.go_back()
    expect(page.locator("#village")).to_have_value("Rempanga")
    page.go_back()
    page.go_back()
    expect(page.locator("#description")).to_have_value("Bantuan sembako belum juga kami terima.")


@dataclass
class Looker:
    """Looks at whatever page is shown: as wide as the screen, big enough to touch, nothing that axe objects to."""

    page: Page
    seen: list[str]

    def look(self, what: str) -> None:
        for width, height in (ZOOMED, PHONE.values()):
            self.page.set_viewport_size({"width": width, "height": height})
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width, (what, width)
        too_small = self.page.evaluate(
            """smallest => [...document.querySelectorAll("button, select, summary, input:not([type=hidden])")]
                .filter(item => !item.closest(".trap, .flag, .unseen, details:not([open]), .of-identity"))
                .filter(item => item.getBoundingClientRect().height < smallest).map(item => item.outerHTML)""",
            SMALLEST_TARGET,
        )
        assert too_small == [], what
        cut = self.page.evaluate(
            """arrow => [...document.querySelectorAll("select")].filter(item => {
                const style = getComputedStyle(item), pen = document.createElement("canvas").getContext("2d");
                pen.font = style.font;
                const room = item.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - arrow;
                return pen.measureText(item.options[0].text).width > room;
            }).map(item => item.options[0].text)""",
            ARROW,
        )
        assert cut == [], what
        violations = Axe().run(self.page).response["violations"]
        assert [(item["id"], item["nodes"][0]["html"]) for item in violations] == [], what
        self.seen.append(what)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_page_fits_and_is_accessible(browser: Browser, site: Site, filed: Callable[..., str], lang: str) -> None:
    """At 360 pixels, and at 400 % of 1280: every step, what is wrong with it, and the pages around it."""
    context = browser.new_context(viewport=PHONE, has_touch=True)
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    looker = Looker(page, [])
    page.goto(f"{site.url}/?lang={lang}")
    looker.look("first page")
    go_on(page)
    looker.look("first step with an error")
    page.locator("#description").fill("Bantuan sembako belum kami terima.")
    go_on(page)
    looker.look("second step")
    page.locator("#village").fill("Rempangga")
    go_on(page)
    looker.look("second step with an error")
    page.locator("#village").fill("Rempanga")
    go_on(page)
    looker.look("third step")
    page.locator("details").first.locator("summary").click()
    go_on(page)
    looker.look("third step with errors")
    page.locator("#identity-anonymous").check()
    expect(page.locator("#name")).to_be_hidden()
    expect(page.locator("details .of-nameless")).to_be_visible()
    looker.look("third step without a name")
    go_on(page)
    page.locator(".discard summary").click()
    looker.look("check")
    ticket = filed()
    others = ("/", "/privasi", f"/pengaduan/{ticket}/tanda-terima", f"/status/{ticket}", "/status", "/status/x", "/nix")
    for path in others:
        page.goto(site.url + path)
        looker.look(path)
    assert len(looker.seen) == 8 + len(others)
    assert refused == []
    context.close()


def test_everything_can_be_done_by_keyboard(desk: Page, site: Site, store: Store) -> None:
    desk.goto(site.url)
    heading = desk.get_by_role("heading", level=1)

    def tab_to(wanted: str) -> None:
        for _ in range(40):
            desk.keyboard.press("Tab")
            if desk.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
                return
        pytest.fail(f"Tab does not lead to {wanted}")

    tab_to(".skip")
    desk.keyboard.press("Enter")
    tab_to("#description")
    desk.keyboard.type("Bantuan sembako belum kami terima.")
    tab_to("main .main-button")
    desk.keyboard.press("Enter")
    expect(heading).to_have_text("Di mana dan kapan")
    tab_to("#district")
    desk.keyboard.type("Loa Kulu")
    tab_to("#village")
    desk.keyboard.type("Rempanga")
    desk.keyboard.press("Enter")
    expect(heading).to_have_text("Siapa Anda")
    tab_to("#identity-open")
    desk.keyboard.press("ArrowDown")
    tab_to("#name")
    desk.keyboard.type("Ibu Contoh")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("alert")).to_be_focused()
    tab_to("a[href='#phone']")
    desk.keyboard.press("Enter")
    expect(desk.locator("#phone")).to_be_focused()
    desk.keyboard.type("0812-0000-0000")
    desk.keyboard.press("Enter")
    expect(heading).to_have_text("Periksa jawaban Anda")
    tab_to("#complaint .main-button")
    desk.keyboard.press("Enter")
    expect(desk).to_have_url(re.compile("/tanda-terima$"))
    (ticket,) = store.complaints()
    intake = store.intake(ticket)
    assert (intake.district, intake.name, intake.identity) == ("Loa Kulu", "Ibu Contoh", Identity.CONFIDENTIAL)


def test_with_javascript_the_work_is_done_while_the_page_is_read(
    desk: Page, site: Site, build: Callable[..., Flask], store: Store
) -> None:
    desk.goto(site.url)
    desk.locator("#description").fill("Bantuan sembako belum kami terima.")
    go_on(desk)
    go_on(desk)
    desk.locator("#identity-anonymous").check()
    go_on(desk)
    proof = desk.locator("input[name=altcha]")
    proof.wait_for(state="attached")
    key = json.loads(desk.locator("form[data-work]").get_attribute("data-work") or "")["parameters"]["data"]["form"]
    with build().test_request_context():
        assert doubt.proven(key, {"altcha": proof.input_value()})
        assert not doubt.proven("another", {"altcha": proof.input_value()})
    desk.locator("#complaint .main-button").dblclick()
    expect(desk).to_have_url(re.compile("/tanda-terima$"))
    assert len(store.complaints()) == 1


def test_a_dropped_connection_loses_nothing(desk: Page, site: Site) -> None:
    desk.goto(site.url)
    desk.locator("#description").fill("Bantuan sembako belum kami terima.")
    go_on(desk)
    desk.locator("#incident_place").fill("Agen Contoh")
    desk.context.set_offline(True)
    desk.locator("main .main-button").click()
    expect(desk.get_by_role("alert")).to_contain_text("Isian Anda tetap di halaman ini")
    expect(desk.locator("#incident_place")).to_have_value("Agen Contoh")
    desk.context.set_offline(False)
    go_on(desk)
    expect(desk.get_by_role("heading", level=1)).to_have_text("Siapa Anda")
    desk.goto(site.url)
    desk.get_by_role("link", name="Lanjutkan isian").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Siapa Anda")
    desk.locator("#identity-anonymous").check()
    go_on(desk)
    expect(desk.get_by_text("Bantuan sembako belum kami terima.")).to_be_visible()
    expect(desk.get_by_text("Agen Contoh")).to_be_visible()


def test_with_javascript_only_the_villages_of_the_kecamatan_are_offered(desk: Page, site: Site) -> None:
    desk.goto(site.url)
    desk.locator("#description").fill("Bantuan sembako belum kami terima.")
    go_on(desk)
    assert desk.locator("#villages option").count() == 237
    desk.select_option("#district", "Loa Kulu")
    assert desk.locator("#villages option").count() == 15
    desk.select_option("#district", "")
    assert desk.locator("#villages option").count() == 237


def test_return_in_a_field_goes_on_and_does_not_switch_the_language(desk: Page, site: Site) -> None:
    desk.goto(site.url)
    desk.locator("details summary").first.click()
    desk.locator("#subject").press("Enter")
    expect(desk.get_by_role("alert")).to_contain_text("Ceritakan masalahnya")
    desk.locator("#description").fill("Bantuan sembako belum kami terima.")
    go_on(desk)
    desk.locator("#incident_place").press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Siapa Anda")
