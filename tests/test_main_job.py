"""The main job as people do it: a citizen and a clerk, each in a real browser, against `aduan serve`."""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from sheets_schema.layout import locate
from sheets_schema.provisioning import TABS
from tests.running import PASSWORD, Running, running, wait_until

pytestmark = pytest.mark.browser

PROMISED_SECONDS = 10
"""From an act in the grid to the public page, and from filing to the row."""
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
TICKET = re.compile(r"^\w{4}-\w{4}-\w$")
PICTURES = os.environ.get("ADUAN_TEST_PICTURES")
"""A folder for screenshots to look at, if somebody wants them."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("main-job")) as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", *QUIET]
        )
        yield started
        started.close()


def open_page(browser: Browser, url: str, *, phone: bool = False) -> Page:
    size = {"width": 360, "height": 640} if phone else {"width": 1366, "height": 768}
    context = browser.new_context(viewport=size, has_touch=phone)
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto(url)
    return page


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def open_register(browser: Browser, server: Running, *, phone: bool = False) -> Page:
    page = open_page(browser, f"{server.url}/register", phone=phone)
    page.fill("[name=pengguna]", "admin")
    page.fill("[name=sandi]", PASSWORD)
    picture(page, f"masuk-{'hp' if phone else 'meja'}")
    page.click("main button[type=submit]")
    return page


def go_on(page: Page) -> None:
    """Press the main button and wait for the next page: it comes after a question to the server."""
    with page.expect_navigation():
        page.click("main button.main-button")


def column(server: Running, key: str) -> int:
    header = server.sheet().read(["Register"])["Register"].header
    return locate(TABS[0], header).positions[key]


def row_of(server: Running, ticket: str) -> int:
    """The ticket's row, counted from 0; waits until it is in the register."""

    def found() -> int:
        rows = server.sheet().read(["Register"])["Register"].rows
        return next((index for index, row in enumerate(rows, start=1) if row and row[0] == ticket), 0)

    row: int = wait_until(found, PROMISED_SECONDS, f"the row of {ticket}")
    return row


def fill_by_keyboard(page: Page, row: int, col: int, text: str) -> None:
    cell = page.locator(f"[data-row='{row}'][data-col='{col}']")
    cell.scroll_into_view_if_needed()
    cell.click()
    page.keyboard.press("Enter")
    page.locator(".editor").fill(text)
    page.keyboard.press("Enter")


def test_a_complaint_goes_in_and_the_public_sees_what_staff_did(browser: Browser, server: Running) -> None:
    citizen = open_page(browser, server.url, phone=True)
    picture(citizen, "formulir-hp")
    citizen.fill("[name=description]", "Mohon bantuan kursi roda untuk anak saya di Loa Kulu.")
    for _step in ("apa yang terjadi", "di mana dan kapan"):
        go_on(citizen)
    citizen.fill("[name=name]", "Ibu Contoh")
    citizen.fill("[name=phone]", "0812-0000-0000")
    for _step in ("siapa", "bukti", "periksa"):
        go_on(citizen)
    citizen.wait_for_url("**/tanda-terima")
    picture(citizen, "tanda-terima-hp")
    ticket = citizen.url.split("/pengaduan/")[1].split("/")[0]

    row = row_of(server, ticket)
    assert server.status(ticket)["bidang"] == "Rehsos"
    assert server.status(ticket)["due_at"]

    clerk = open_register(browser, server)
    act = clerk.locator(f"[data-row='{row}'][data-col='{column(server, 'act')}']")
    expect(clerk.locator(f"[data-row='{row}'][data-col='0']")).to_have_text(ticket)
    picture(clerk, "register-meja")
    act.scroll_into_view_if_needed()
    act.dblclick()
    clerk.locator("select.editor").select_option("Proses")
    began = time.monotonic()
    wait_until(lambda: server.status(ticket)["status"] == "in_progress", PROMISED_SECONDS, "the act is public")
    print(f"an act in the grid was public after {time.monotonic() - began:.1f} s")
    citizen.goto(f"{server.url}/status/{ticket}")
    expect(citizen.locator("body")).to_contain_text("Dalam Proses")
    picture(citizen, "status-hp")


def test_a_reply_is_nowhere_public_until_it_is_ticked(browser: Browser, server: Running) -> None:
    ticket = server.file().json()["ticket"]
    row = row_of(server, ticket)
    clerk = open_register(browser, server)
    fill_by_keyboard(clerk, row, column(server, "reply"), "Bantuan cair pekan depan.")
    wait_until(lambda: "Bantuan cair" in str(server.sheet().read(["Register"])), 10, "the reply is saved")
    time.sleep(4)
    page = open_page(browser, f"{server.url}/status/{ticket}")
    assert "pekan depan" not in page.content()
    assert server.status(ticket)["reply"] is None
    box = clerk.locator(f"[data-row='{row}'][data-col='{column(server, 'send_reply')}']")
    box.scroll_into_view_if_needed()
    box.click()
    clerk.keyboard.press("Space")
    wait_until(lambda: server.status(ticket)["reply"] == "Bantuan cair pekan depan.", PROMISED_SECONDS, "the reply")
    page.reload()
    expect(page.locator("body")).to_contain_text("Bantuan cair pekan depan.")
    picture(page, "status-meja")
    picture(clerk, "register-balasan-meja")


def test_a_clerk_types_a_row_into_the_grid_and_gets_a_ticket(browser: Browser, server: Running) -> None:
    clerk = open_register(browser, server)
    rows = server.sheet().read(["Register"])["Register"].rows
    row = len(rows) + 1
    for key, text in (
        ("description", "Nenek telantar di pasar Tangga Arung"),
        ("name", "Bu Contoh"),
        ("contact", "081200000000"),
    ):
        fill_by_keyboard(clerk, row, column(server, key), text)
    first = clerk.locator(f"[data-row='{row}'][data-col='0']")
    first.scroll_into_view_if_needed()
    expect(first).to_have_text(TICKET, timeout=15_000)
    picture(clerk, "register-ketik-meja")


def test_system_cells_cannot_be_edited_in_the_grid(browser: Browser, server: Running) -> None:
    ticket = server.file().json()["ticket"]
    row = row_of(server, ticket)
    clerk = open_register(browser, server)
    status = clerk.locator(f"[data-row='{row}'][data-col='{column(server, 'status')}']")
    status.scroll_into_view_if_needed()
    expect(status).to_have_attribute("aria-readonly", "true")
    status.dblclick()
    expect(clerk.locator(".editor")).to_have_count(0)


def test_the_register_shows_nothing_without_a_login(browser: Browser, server: Running) -> None:
    ticket = server.file(name="Nama Rahasia Contoh").json()["ticket"]
    row_of(server, ticket)
    page = open_page(browser, f"{server.url}/register")
    assert "Nama Rahasia Contoh" not in page.content()
    page.fill("[name=pengguna]", "admin")
    page.fill("[name=sandi]", "salah sama sekali")
    page.click("main button[type=submit]")
    assert "Nama Rahasia Contoh" not in page.content()
    assert page.locator("[name=sandi]").count() == 1


def test_on_a_phone_a_row_opens_as_a_card(browser: Browser, server: Running) -> None:
    ticket = server.file(description="Pengaduan untuk kartu di telepon").json()["ticket"]
    row = row_of(server, ticket)
    page = open_register(browser, server, phone=True)
    cell = page.locator(f"[data-row='{row}'][data-col='0']")
    expect(cell).to_have_text(ticket)
    cell.tap()
    act = page.locator(f"[data-card-col='{column(server, 'act')}']")
    act.select_option("Proses")
    wait_until(lambda: server.status(ticket)["status"] == "in_progress", PROMISED_SECONDS, "the act is public")
    picture(page, "register-kartu-hp")
