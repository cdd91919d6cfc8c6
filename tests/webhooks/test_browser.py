"""The citizen's journey in a real browser, on a small telephone, with and without JavaScript."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

from register.changes import Change
from register.complaint import Status
from register.store import Store
from tests.builders import MOMENT

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


def test_from_the_form_over_a_mistake_to_receipt_and_status(page: Page, site: Site, store: Store) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site.url)
    page.get_by_label("Ceritakan masalahnya").fill("Bantuan sembako\nbelum kami terima.")
    page.get_by_label("Kecamatan").select_option("Loa Kulu")
    page.get_by_label("Desa atau kelurahan").fill("rempanga")
    page.get_by_label("Nomor HP atau telepon").fill("0812-0000-0000")
    page.get_by_role("button", name="Kirim Pengaduan").click()

    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Isi nama Anda")
    expect(page.get_by_label("Ceritakan masalahnya")).to_have_value("Bantuan sembako\nbelum kami terima.")
    summary.get_by_role("link", name="Isi nama Anda").click()
    expect(page.get_by_label("Nama", exact=True)).to_be_focused()
    page.get_by_label("Nama", exact=True).fill("Ibu Contoh")
    page.get_by_role("button", name="Kirim Pengaduan").click()

    expect(page).to_have_url(re.compile("/tanda-terima$"))
    (ticket,) = store.complaints()
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


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_page_fits_a_small_telephone(browser: Browser, site: Site, filed: Callable[..., str], lang: str) -> None:
    ticket = filed()
    context = browser.new_context(viewport=PHONE, has_touch=True)
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    for path in ("/", f"/pengaduan/{ticket}/tanda-terima", f"/status/{ticket}", "/status", "/status/x", "/nix"):
        page.goto(f"{site.url}{path}?lang={lang}")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
        too_small = page.evaluate(
            """smallest => [...document.querySelectorAll("button, select, summary, input:not([type=hidden])")]
                .filter(item => !item.closest(".trap, .flag, .unseen, details:not([open])"))
                .filter(item => item.getBoundingClientRect().height < smallest).map(item => item.outerHTML)""",
            SMALLEST_TARGET,
        )
        assert too_small == [], path
    assert refused == []
    context.close()


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_first_choices_are_read_whole_on_a_small_telephone(browser: Browser, site: Site, lang: str) -> None:
    page = browser.new_page(viewport=PHONE)
    page.goto(f"{site.url}/?lang={lang}")
    cut = page.evaluate(
        """arrow => [...document.querySelectorAll("select")].filter(item => {
            const style = getComputedStyle(item), pen = document.createElement("canvas").getContext("2d");
            pen.font = style.font;
            const room = item.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - arrow;
            return pen.measureText(item.options[0].text).width > room;
        }).map(item => item.options[0].text)""",
        ARROW,
    )
    assert cut == []
    page.close()


def test_with_javascript_only_the_villages_of_the_kecamatan_are_offered(browser: Browser, site: Site) -> None:
    page = browser.new_page(viewport=PHONE)
    page.goto(site.url)
    assert page.locator("#villages option").count() == 237
    page.select_option("#district", "Loa Kulu")
    assert page.locator("#villages option").count() == 15
    page.select_option("#district", "")
    assert page.locator("#villages option").count() == 237
    page.close()


def test_return_in_a_field_sends_the_form_and_does_not_switch_the_language(browser: Browser, site: Site) -> None:
    page = browser.new_page(viewport=PHONE)
    page.goto(site.url)
    page.get_by_role("button", name="Kirim Pengaduan").click()
    page.get_by_label("Nama", exact=True).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Ceritakan masalahnya")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Make a complaint")
    page.close()
