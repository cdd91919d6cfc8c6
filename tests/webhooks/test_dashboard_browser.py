"""The figures and the wall board in a real browser: on a telephone, a desk and a wall, with and without JavaScript."""

import os
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import BaseWSGIServer, make_server

from automation.reports.counting import Counting
from register.changes import Change
from register.complaint import Event, EventKind
from register.periods import Period
from register.report_files import Reports
from register.store import Store
from tests.builders import MOMENT

from .busy import keep_busy
from .conftest import PASSWORD, Clock
from .handled import RULES, Handled

pytestmark = pytest.mark.browser
CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]
PHONE: Any
OFFICE: Any
WALL: Any
PHONE, OFFICE, WALL = (
    {"width": 360, "height": 640},
    {"width": 1280, "height": 800},
    {"width": 1920, "height": 1080},
)
PICTURES = os.environ.get("ADUAN_TEST_PICTURES")
"""A folder for pictures of the pages, for people to look at; none are made without it."""


@dataclass
class Site:
    """A running server."""

    url: str
    server: BaseWSGIServer


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def busy(store: Store, clock: Clock) -> None:
    keep_busy(store)
    clock.pass_by(minutes=5)


@pytest.fixture
def site(build: Callable[..., Flask], store: Store, tmp_path: Path, busy: None) -> Iterator[Site]:
    reports = Reports(tmp_path / "laporan")
    reports.keep(Period.parse("2026-10"), {"pdf": b"%PDF-1.7", "xlsx": b"PK", "csv": b"a"})
    app = build(
        statistics=Counting(store, lambda _: RULES),
        reports=reports,
        notices=lambda: {"register_age_seconds": 70, "problem": ""},
        bidang_name=lambda code: RULES.bidang.get(code, code),
        bidang_names=lambda: RULES.bidang,
    )
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.port}", server)
    server.shutdown()
    thread.join()
    server.server_close()


def signed_in(browser: Browser, site: Site, *, script: bool = True) -> Page:
    page = browser.new_context(viewport=OFFICE, java_script_enabled=script, locale="id-ID").new_page()
    page.goto(f"{site.url}/petugas/masuk")
    page.get_by_label("Nama pengguna").fill("ketua")
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/loket$"))
    return page


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_page_fits_and_has_no_barrier_that_axe_knows(browser: Browser, site: Site, lang: str) -> None:
    page = signed_in(browser, site)
    barriers: dict[str, str] = {}
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    pages = {
        "dasbor": "/petugas/dasbor?masa=2026-11",
        "tahun": "/petugas/dasbor?masa=2026&kategori=SEMBAKO",
        "daftar": "/petugas/dasbor/daftar?masa=2026-11",
        "papan": "/petugas/papan",
        "layar": "/petugas/papan/layar",
        "buka": "/petugas/papan/buka?kode=7K3M-Q9TX-2ABC",
        "beranda": "/petugas",
    }
    for name, path in pages.items():
        page.goto(f"{site.url}{path}{'&' if '?' in path else '?'}lang={lang}")
        for size in (PHONE, OFFICE, WALL):
            page.set_viewport_size(size)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], (name, size)
            picture(page, f"{name}-{lang}-{size['width']}")
        found = Axe().run(page)
        if found.violations_count:
            barriers[name] = found.generate_report()
    assert barriers == {}
    assert refused == []
    page.context.close()


@pytest.mark.parametrize("emergencies", [1, 9])
def test_nothing_of_the_board_is_below_the_edge_of_a_wall(
    browser: Browser, site: Site, store: Store, emergencies: int
) -> None:
    open_ones = [each.ticket for each in store.complaints().values() if not each.closed]
    for ticket in open_ones[: emergencies - 1]:
        urgent = {"urgency": "Darurat", "emergency_due_at": MOMENT + timedelta(minutes=30)}
        store.commit([Change(ticket, urgent, [Event(EventKind.DISPOSED, MOMENT, "sistem")])])
    page = signed_in(browser, site)
    page.goto(f"{site.url}/petugas/papan")
    page.set_viewport_size(WALL)
    expect(page.locator(".board-emergency .board-count")).to_have_text(str(emergencies))
    picture(page, f"papan-{emergencies}")
    assert page.evaluate("document.documentElement.scrollHeight") <= WALL["height"]
    sizes = page.evaluate("[...document.querySelectorAll('.board-lines li')].map(e => getComputedStyle(e).fontSize)")
    assert min(float(size.removesuffix("px")) for size in sizes) >= 22
    page.context.close()


def test_a_screen_is_let_in_and_stays(browser: Browser, site: Site) -> None:
    page = signed_in(browser, site)
    page.goto(f"{site.url}/petugas/papan/layar")
    page.get_by_label("Tempat layar").fill("Ruang pelayanan")
    page.keyboard.press("Enter")
    link = page.locator(".display-link").inner_text()
    picture(page, "layar-kode")
    page.get_by_role("button", name="Buat kode layar").wait_for()
    screen = browser.new_context(viewport=WALL).new_page()
    screen.goto(site.url + re.sub(r"https?://[^/]*", "", link))
    screen.get_by_role("button", name="Tampilkan papan").click()
    expect(screen).to_have_url(f"{site.url}/petugas/papan")
    expect(screen.get_by_role("heading", name="Pengaduan hari ini")).to_be_visible()
    page.goto(f"{site.url}/petugas/papan/layar")
    page.get_by_role("button", name="Lepas").click()
    expect(page.get_by_text("Belum ada.")).to_be_visible()
    screen.evaluate("refresh()")
    expect(screen).to_have_url(re.compile("/petugas/masuk"))
    screen.context.close()
    page.context.close()


def test_the_board_follows_the_day_and_says_when_it_cannot(
    browser: Browser, site: Site, store: Store, clock: Clock
) -> None:
    page = signed_in(browser, site)
    page.goto(f"{site.url}/petugas/papan")
    received = page.locator(".board-numbers div", has_text="Diterima hari ini").locator("dd")
    before = int(received.inner_text())
    Handled(store, now=clock()).file()
    page.evaluate("refresh()")
    expect(received).to_have_text(str(before + 1))
    page.route("**/petugas/papan", lambda route: route.abort())
    page.evaluate("refresh()")
    expect(page.get_by_role("alert")).to_contain_text("Sambungan ke server terputus")
    expect(received).to_have_text(str(before + 1))
    page.unroute("**/petugas/papan")
    page.evaluate("refresh()")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.context.close()


def test_it_all_works_by_keyboard_and_without_javascript(browser: Browser, site: Site) -> None:
    page = signed_in(browser, site, script=False)
    page.goto(f"{site.url}/petugas/dasbor?masa=2026-11")
    page.get_by_label("Kategori", exact=True).select_option("SEMBAKO")
    page.get_by_role("button", name="Tampilkan").press("Enter")
    expect(page).to_have_url(re.compile("kategori=SEMBAKO"))
    number = page.get_by_role("row", name=re.compile("^Diterima")).first.get_by_role("link").first
    count = number.inner_text()
    number.press("Enter")
    expect(page.get_by_text(f"{count} pengaduan").first).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(int(count) + 1)
    page.goto(f"{site.url}/petugas/papan")
    assert page.locator("noscript meta[http-equiv=refresh]").count() or page.locator("meta[http-equiv=refresh]").count()
    page.context.close()
