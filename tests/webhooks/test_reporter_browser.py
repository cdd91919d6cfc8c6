"""A reporter's journey in a real browser on a small telephone; no page of theirs has an axe finding."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright

from register.complaint import Status
from register.proof_links import proof_token
from register.store import Store
from tests.webhooks.conftest import Clock
from tests.webhooks.handled import DESK, Handled
from tests.webhooks.test_browser import CHROMIUM, PHONE, QUIET, SMALLEST_TARGET, serving

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@dataclass(frozen=True)
class Site:
    """A running server, and the office behind it."""

    url: str
    handled: Handled


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def site(build: Callable[..., Flask], store: Store) -> Iterator[Site]:
    with serving(build(desk=DESK, writes_to_reporters=True, public_url="https://aduan.contoh.id")) as url:
        yield Site(url, Handled(store))


def look(page: Page) -> None:
    """Nothing that axe finds, nothing wider than the telephone, nothing too small for a thumb."""
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url
    too_small = page.evaluate(
        """smallest => [...document.querySelectorAll("main button, main textarea, main input:not([type=hidden])")]
            .filter(item => !item.closest(".choice") && item.getBoundingClientRect().height < smallest)
            .map(item => item.outerHTML)""",
        SMALLEST_TARGET,
    )
    assert too_small == [], page.url


@pytest.mark.parametrize("javascript", [False, True])
def test_from_an_answer_over_a_mistake_to_an_objection(browser: Browser, site: Site, javascript: bool) -> None:
    ticket = site.handled.bring_to(Status.AWAITING_REPORTER)
    context = browser.new_context(viewport=PHONE, java_script_enabled=javascript, has_touch=True)
    page = context.new_page()
    page.goto(f"{site.url}/status/{ticket}")
    page.get_by_role("link", name="Belum selesai, buka kembali").click()
    page.get_by_label("4 angka terakhir").fill("1234")
    page.get_by_role("button", name="Buka kembali pengaduan").click()
    page.get_by_role("alert").get_by_role("link", name="Tulis beberapa kata").click()
    expect(page.get_by_label("Apa yang belum selesai")).to_be_focused()
    page.keyboard.type("Bantuannya belum sampai.")
    page.get_by_label("2 – Kurang puas").check()
    page.get_by_role("button", name="Buka kembali pengaduan").click()
    expect(page.get_by_role("alert")).to_contain_text("Tidak cocok")
    expect(page.get_by_label("Apa yang belum selesai")).to_have_value("Bantuannya belum sampai.")
    page.get_by_label("4 angka terakhir").fill("0000")
    page.get_by_role("button", name="Buka kembali pengaduan").click()
    expect(page).to_have_url(re.compile(f"/status/{ticket}$"))
    expect(page.get_by_role("status")).to_contain_text("Pengaduan dibuka kembali")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Dalam Proses")
    page.get_by_role("link", name="Cabut pengaduan").click()
    expect(page.get_by_label("4 angka terakhir")).to_have_count(0)
    page.go_back()
    page.get_by_role("button", name="Akhiri").click()
    expect(page.get_by_role("button", name="Akhiri")).to_have_count(0)
    context.close()


@pytest.mark.parametrize("lang", ["id", "en"])
def test_no_page_of_a_reporters_has_a_finding(browser: Browser, site: Site, clock: Clock, lang: str) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True)
    page = context.new_page()
    tickets = {status: site.handled.bring_to(status) for status in (Status.NEEDS_INFO, Status.AWAITING_REPORTER)}
    answered, waiting = tickets[Status.AWAITING_REPORTER], tickets[Status.NEEDS_INFO]
    token = proof_token(site.handled.store.digest, answered, clock())
    page.goto(f"{site.url}/status?lang={lang}")
    for path in (
        *(f"/status/{ticket}" for ticket in tickets.values()),
        f"/pengaduan/{answered}/tanda-terima",
        f"/pengaduan/{answered}/bukti",
        f"/pengaduan/{answered}/bukti/x",
        f"/pengaduan/{answered}/bukti/{token}",
        f"/pengaduan/{answered}/tanggapi/lengkapi",
        "/lupa-tiket",
        "/lupa-tiket?terkirim=ya",
    ):
        page.goto(site.url + path)
        look(page)
    for path in (
        "/lupa-tiket",
        f"/pengaduan/{waiting}/tanggapi/lengkapi",
        f"/pengaduan/{answered}/tanggapi/nyatakan_puas",
        f"/pengaduan/{answered}/tanggapi/cabut",
    ):
        page.goto(site.url + path)
        look(page)
        page.locator("main form button[type=submit]").last.click()
        expect(page.get_by_role("alert")).to_be_visible()
        look(page)
    context.close()
