"""The public's statistics in a real browser: on a small telephone, at a desk, on paper; with nothing that axe minds."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect, sync_playwright

from register.store import Store
from tests.webhooks.shelf import fill
from tests.webhooks.test_browser import CHROMIUM, DESKTOP, PHONE, QUIET, Looker, serving

pytestmark = pytest.mark.browser
PAGES = ("/statistik", "/statistik/2026-03", "/statistik/2025-07", "/data/", "/data/kamus")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_page_fits_and_is_accessible(
    browser: Browser, build: Callable[..., Flask], store: Store, lang: str
) -> None:
    fill(store)
    context = browser.new_context(viewport=PHONE, has_touch=True)
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    looker = Looker(page, [])
    with serving(build()) as url:
        page.goto(f"{url}/?lang={lang}")
        page.get_by_role("link", name="Statistik pengaduan" if lang == "id" else "Complaint statistics").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("2025")
        for path in PAGES:
            page.goto(url + path)
            looker.look(path)
            page.set_viewport_size({**DESKTOP})
            assert page.evaluate("document.documentElement.scrollWidth") <= DESKTOP["width"], path
    assert refused == []
    context.close()


def test_bars_are_seen_on_paper_and_as_long_as_what_they_count(
    browser: Browser, build: Callable[..., Flask], store: Store
) -> None:
    """Browsers leave out backgrounds when they print; these are drawn."""
    fill(store)
    context = browser.new_context(viewport=DESKTOP, java_script_enabled=False)
    page = context.new_page()
    with serving(build()) as url:
        page.goto(url + "/statistik")
        page.emulate_media(media="print")
        rows = page.locator("#district tbody tr")
        counts = [int(text) for text in rows.locator(".number").all_inner_texts()]
        widths = [box["width"] for each in rows.locator("rect").all() if (box := each.bounding_box())]
        assert len(counts) == len(widths) > 5
        for count, width in zip(counts, widths, strict=True):
            assert abs(width - max(widths) * count / max(counts)) < 1.5
        assert page.locator("#district rect").first.evaluate("bar => getComputedStyle(bar).fill") == "rgb(0, 0, 0)"
    context.close()
