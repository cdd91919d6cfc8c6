"""The desk in a real browser: by keyboard alone, in less than a minute, with nothing lost when the server is gone."""

import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import BaseWSGIServer, make_server

from register.changes import Change
from register.complaint import Channel, Event, EventKind
from register.store import Store
from tests.builders import MOMENT, an_intake

from .conftest import PASSWORD

pytestmark = pytest.mark.browser
CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]
OFFICE, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 640}
CLERK_SECONDS_A_KEY = 0.24
"""A clerk who types 50 words a minute, 250 keys; measured with each key where ADUAN_TEST_SCALE=full."""
FULL = os.environ.get("ADUAN_TEST_SCALE") == "full"

WALK_IN = (
    "6402990000000000", "Ibu Contoh", "081200000000", "", "Jalan Contoh 1", "01/02", "Loa K", "Rempanga",
    "Sembako tiga bulan belum kami terima, saldo kartu nol.", "Bantuan s", "Agen di Rempanga", "11202026",
    "Bantuan dicairkan.",
)  # fmt: skip
"""What is typed between two Tabs, in the order of the form; choices by their first letters, the date by its digits."""


@dataclass
class Desk:
    """A running server, and the keys pressed on its pages."""

    url: str
    server: BaseWSGIServer
    keys: int = 0

    def type(self, page: Page, text: str) -> None:
        for sign in text:
            page.keyboard.type(sign)
            self.pressed()

    def press(self, page: Page, key: str) -> None:
        page.keyboard.press(key)
        self.pressed()

    def pressed(self) -> None:
        self.keys += 1
        if FULL:
            time.sleep(CLERK_SECONDS_A_KEY)

    def chord(self, page: Page, letter: str) -> None:
        """Alt and a letter as a keyboard sends it; Playwright's own keys lack what access keys are found by."""
        protocol = page.context.new_cdp_session(page)
        sent = {"modifiers": 1, "key": letter, "code": f"Key{letter.upper()}", "unmodifiedText": letter}
        for kind in ("keyDown", "keyUp"):
            protocol.send(
                "Input.dispatchKeyEvent", {"type": kind, "windowsVirtualKeyCode": ord(letter.upper()), **sent}
            )
        protocol.detach()
        self.keys += 2


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def desk(build: Callable[..., Flask]) -> Iterator[Desk]:
    app = build(paper=lambda *_: b"%PDF-1.7")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Desk(f"http://127.0.0.1:{server.port}", server)
    server.shutdown()
    thread.join()
    server.server_close()


def open_desk(browser: Browser, desk: Desk, *, script: bool = True, size: Any = OFFICE, username: str = "sari") -> Page:
    """A page of somebody who has signed in."""
    page = browser.new_context(viewport=size, java_script_enabled=script, locale="en-US").new_page()
    page.goto(f"{desk.url}/loket")
    page.get_by_label("Nama pengguna").fill(username)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/(loket|petugas)$"))
    return page


def fill(page: Page) -> None:
    for name, text in {
        "name": "Ibu Contoh", "phone": "0812-0000-0000", "address": "Jalan Contoh 1",
        "rt_rw": "01/02", "village": "Rempanga", "description": "Sembako belum kami terima.\nTiga bulan.",
        "incident_place": "Agen", "incident_date": "2026-11-20", "remedy": "Dicairkan.",
    }.items():  # fmt: skip
        page.locator(f"#{name}").fill(text)
    page.locator("#category").select_option("SEMBAKO")
    page.locator("#notice").check()


@pytest.fixture
def earlier(store: Store) -> str:
    ticket = store.accept(an_intake(), channel=Channel.WEB, now=MOMENT).complaint.ticket
    store.commit([Change(ticket, {"step_begun_at": MOMENT}, [Event(EventKind.DISPOSED, MOMENT, "sistem")])])
    return ticket


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_walk_in_is_recorded_by_keyboard_in_less_than_a_minute(
    browser: Browser, desk: Desk, store: Store, script: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    page = open_desk(browser, desk, script=script)
    expect(page.locator("#nik")).to_be_focused()
    began, desk.keys = time.monotonic(), 0
    for text in WALK_IN:
        desk.type(page, text)
        if text == "11202026":
            desk.press(page, "Tab")  # over the button of its calendar
        desk.press(page, "Tab")
    expect(page.locator("#notice")).to_be_focused()
    desk.press(page, "Space")
    typed = time.monotonic() - began if FULL else desk.keys * CLERK_SECONDS_A_KEY
    saving = time.monotonic()
    desk.chord(page, "s")
    expect(page.get_by_role("alert").first).to_contain_text("mohon periksa NIK")  # it is nobody's
    desk.chord(page, "s")
    expect(page).to_have_url(re.compile(r"/loket/[0-9A-Z]{4}-"))
    seconds = typed + time.monotonic() - saving
    with capsys.disabled():
        print(f"\na walk-in: {desk.keys} keys, {seconds:.0f} s at {60 / CLERK_SECONDS_A_KEY:.0f} keys a minute")
    assert seconds < 60
    (ticket,) = store.complaints()
    said = store.intake(ticket)
    assert (said.district, said.village, said.category) == ("Loa Kulu", "Rempanga", "SEMBAKO")
    assert (str(said.incident_date), said.remedy) == ("2026-11-20", "Bantuan dicairkan.")
    expect(page.get_by_role("link", name="Pengaduan berikutnya")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{desk.url}/loket")
    expect(page.locator("#nik")).to_be_focused()
    page.context.close()


def test_who_complained_before_shows_while_the_number_is_typed(browser: Browser, desk: Desk, earlier: str) -> None:
    page = open_desk(browser, desk)
    page.locator("#phone").press_sequentially("0812-0000-0000")
    expect(page.get_by_role("status").get_by_role("link", name=earlier)).to_be_visible()
    page.locator("#phone").press("Backspace")
    page.locator("#phone").press_sequentially("9")
    expect(page.get_by_role("status")).to_contain_text("Belum ada")
    page.context.close()


def test_a_server_that_is_gone_takes_nothing_along(browser: Browser, desk: Desk, store: Store) -> None:
    page = open_desk(browser, desk)
    fill(page)
    page.route("**/healthz", lambda route: route.abort())
    page.get_by_role("button", name=re.compile("^Simpan")).last.click()
    expect(page.get_by_role("alert")).to_contain_text("BELUM tersimpan")
    expect(page.locator("#description")).to_have_value("Sembako belum kami terima.\nTiga bulan.")
    page.unroute("**/healthz")
    page.get_by_role("button", name=re.compile("^Simpan")).last.dblclick()
    expect(page).to_have_url(re.compile(r"/loket/[0-9A-Z]{4}-"))
    assert len(store.complaints()) == 1
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.context.close()


def test_a_page_with_something_typed_is_left_only_on_purpose(browser: Browser, desk: Desk, store: Store) -> None:
    page = open_desk(browser, desk)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="Formulir kertas").click()
    expect(page).to_have_url(f"{desk.url}/loket/kertas")
    assert asked == [], "nothing was typed yet"
    page.goto(f"{desk.url}/loket")
    page.locator("#name").press_sequentially("Ibu Contoh")
    page.get_by_role("link", name="Cari").click(no_wait_after=True)
    expect(page.locator("#name")).to_have_value("Ibu Contoh")
    page.wait_for_timeout(200)  # for the browser to ask
    assert asked == ["beforeunload"]
    expect(page).to_have_url(f"{desk.url}/loket")
    fill(page)
    page.get_by_role("button", name=re.compile("^Simpan")).last.click()
    expect(page).to_have_url(re.compile(r"/loket/[0-9A-Z]{4}-"))
    assert asked == ["beforeunload"], "saving is no loss"
    page.context.close()


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_session_that_ended_takes_nothing_along(browser: Browser, desk: Desk, store: Store, script: bool) -> None:
    page = open_desk(browser, desk, script=script)
    fill(page)
    page.context.clear_cookies(name="aduan_staff")
    page.get_by_role("button", name=re.compile("^Simpan")).last.click()
    expect(page.get_by_role("alert")).to_contain_text("Tulisan Anda tetap ada")
    for carried in page.locator("textarea").all():
        expect(carried).not_to_be_visible()
    page.get_by_label("Nama pengguna").fill("sari")
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/loket/[0-9A-Z]{4}-"))
    (ticket,) = store.complaints()
    assert store.intake(ticket).description == "Sembako belum kami terima.\nTiga bulan."
    page.context.close()


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_page_fits_and_has_no_barrier_that_axe_knows(
    browser: Browser, desk: Desk, earlier: str, lang: str
) -> None:
    page = open_desk(browser, desk, username="ketua")
    barriers: dict[str, str] = {}
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)

    def look(name: str) -> None:
        for size in (PHONE, OFFICE):
            page.set_viewport_size(size)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
        found = Axe().run(page)
        if found.violations_count:
            barriers[name] = found.generate_report()

    for path in ("/loket", "/loket/kertas", "/loket/cari", f"/loket/{earlier}", "/petugas"):
        page.goto(f"{desk.url}{path}?lang={lang}")
        look(path)
    page.goto(f"{desk.url}/loket/cari")
    page.locator("#cari").fill("0812-0000-0000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("table")).to_be_visible()
    look("found")
    page.goto(f"{desk.url}/loket")
    assert page.evaluate("document.querySelector('.main-button').getBoundingClientRect().bottom") <= OFFICE["height"]
    desk.chord(page, "s")
    expect(page.get_by_role("alert").locator("li").first).to_be_visible()
    look("mistakes")
    page.context.clear_cookies()
    page.goto(f"{desk.url}/loket?lang={lang}")
    look("sign-in")
    assert barriers == {}
    assert refused == []
    page.context.close()
