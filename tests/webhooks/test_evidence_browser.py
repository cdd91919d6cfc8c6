"""Evidence in a real browser: progress, a dropped connection, cancelling, and photos that are made smaller before."""

import threading
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, request
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright
from werkzeug.serving import make_server

from register.attachments import Attachments
from register.database import open_engine, sqlite_url
from register.sealing import load_keyring
from register.store import Store
from tests import evidence_files as files
from tests.webhooks.conftest import SETTINGS, Clock
from tests.webhooks.test_browser import CHROMIUM, PHONE, QUIET
from webhooks import create_app, evidence

pytestmark = pytest.mark.browser
HOLDER = "draft:kunci"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def attachments(tmp_path: Path, store: Store) -> Iterator[Attachments]:
    engine = open_engine(sqlite_url(tmp_path / "aduan.sqlite3"))
    yield Attachments(engine, load_keyring(tmp_path / "key", create=False), tmp_path / "lampiran")
    engine.dispose()


@pytest.fixture
def sent() -> list[int]:
    """Lengths of the requests' bodies, as the server sees them."""
    return []


@pytest.fixture
def url(store: Store, attachments: Attachments, clock: Clock, sent: list[int]) -> Iterator[str]:
    app: Flask = create_app(store, SETTINGS, clock=clock, attachments=attachments)
    app.before_request(lambda: sent.append(request.content_length or 0))
    app.add_url_rule("/langkah", view_func=lambda: evidence.page(HOLDER, back="/langkah"), endpoint="step")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/langkah"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def open_page(browser: Browser, url: str) -> Iterator[Callable[..., Page]]:
    contexts = []

    def open_page(*, script: bool = True) -> Page:
        contexts.append(browser.new_context(viewport=PHONE, java_script_enabled=script, has_touch=True))
        page = contexts[-1].new_page()
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()


def chosen(*names: str) -> list[dict[str, object]]:
    made = {"foto.jpg": files.jpeg(), "suara.ogg": files.ogg(), "jahat.png": files.PHP}
    return [{"name": name, "mimeType": "application/octet-stream", "buffer": made[name]} for name in names]


def test_without_a_script_files_go_and_come_back_in_the_list(
    open_page: Callable[..., Page], attachments: Attachments
) -> None:
    page = open_page(script=False)
    page.set_input_files("#evidence", chosen("foto.jpg", "jahat.png"))  # type: ignore[arg-type]
    page.get_by_role("button", name="Unggah berkas").click()
    expect(page.get_by_role("alert")).to_contain_text("jahat.png")
    expect(page.locator(".files li")).to_contain_text(["foto.jpg"])
    assert [each.name for each in attachments.of(HOLDER)] == ["foto.jpg"]
    page.get_by_role("button", name="Hapus foto.jpg").click()
    expect(page.get_by_text("Belum ada berkas.")).to_be_visible()


def test_each_file_shows_its_progress_and_what_is_wrong_with_it(open_page: Callable[..., Page]) -> None:
    page = open_page()
    held: list[Route] = []
    page.route("**/bukti", lambda route: route.continue_() if held else held.append(route))
    expect(page.get_by_role("button", name="Unggah berkas")).to_be_hidden()
    page.set_input_files("#evidence", chosen("foto.jpg", "jahat.png", "suara.ogg"))  # type: ignore[arg-type]
    bar = page.get_by_role("progressbar", name="Mengirim foto.jpg")
    expect(bar).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    held[0].continue_()
    expect(page.locator(".files li")).to_contain_text(["foto.jpg", "suara.ogg"], timeout=20_000)
    expect(page.locator(".uploads li")).to_have_count(1)
    expect(page.locator(".uploads .wrong")).to_contain_text("jahat.png bukan jenis")
    assert [found["id"] for found in Axe().run(page).response["violations"]] == []
    page.get_by_role("button", name="Tutup").click()
    page.get_by_role("button", name="Hapus foto.jpg").click()
    expect(page.locator(".files li")).to_have_count(1)


def test_a_dropped_connection_is_tried_again_and_sending_can_be_cancelled(
    open_page: Callable[..., Page], attachments: Attachments
) -> None:
    page = open_page()
    tries: list[Route] = []

    def drop_the_first(route: Route) -> None:
        tries.append(route)
        if len(tries) == 1:
            route.abort("connectionreset")
        elif len(tries) == 2:
            route.continue_()

    page.route("**/bukti", drop_the_first)
    page.set_input_files("#evidence", chosen("foto.jpg"))  # type: ignore[arg-type]
    expect(page.get_by_text("Sambungan terputus. Mencoba lagi")).to_be_visible()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator(".files li")).to_contain_text(["foto.jpg"], timeout=20_000)
    page.set_input_files("#evidence", chosen("suara.ogg"))  # type: ignore[arg-type]
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.get_by_role("button", name="Batalkan").click()
    expect(page.locator(".uploads")).to_be_hidden()
    page.unroute_all(behavior="ignoreErrors")
    assert [each.name for each in attachments.of(HOLDER)] == ["foto.jpg"]


def test_a_large_photo_is_made_smaller_before_it_is_sent(
    open_page: Callable[..., Page], attachments: Attachments, sent: list[int]
) -> None:
    target = BytesIO()
    Image.effect_noise((3000, 1500), 40).convert("RGB").save(target, "JPEG", quality=95)
    page = open_page()
    photo = {"name": "kamera.jpg", "mimeType": "image/jpeg", "buffer": target.getvalue()}
    page.set_input_files("#evidence", [photo])  # type: ignore[list-item]
    expect(page.locator(".files li")).to_contain_text(["kamera.jpg"], timeout=30_000)
    assert 0 < max(sent) < len(target.getvalue())
    (kept,) = attachments.of(HOLDER)
    assert Image.open(BytesIO(attachments.open(kept))).size == (2560, 1280)
