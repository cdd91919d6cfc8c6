"""A real server on 127.0.0.1 and a real gspread client, with nothing but the host names rewritten."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gspread
import pytest
import requests
from flask import Flask
from gspread.http_client import HTTPClient
from playwright.sync_api import Browser, sync_playwright
from waitress import wasyncore
from waitress.server import create_server

from localsheets import Identity, create_app
from tests.recording import recording

OWNER = Identity("owner@kantor.test", "Pemilik")
CLERK = Identity("clerk@kantor.test", "Petugas")
STRANGER = Identity("stranger@luar.test", "Orang Luar")
TOKENS = {"owner-token": OWNER, "clerk-token": CLERK, "stranger-token": STRANGER}
PEOPLE = {"owner": OWNER, "clerk": CLERK, "stranger": STRANGER}
PASSWORD = "rahasia-kantor"
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


def authenticate(username: str, password: str) -> Identity | None:
    return PEOPLE.get(username) if password == PASSWORD else None


@dataclass(frozen=True)
class Running:
    """A running server."""

    url: str
    app: Flask

    def call(self, method: str, path: str, *, token: str | None = "owner-token", **kwargs: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= kwargs.pop("headers", {})
        return requests.request(method, self.url + path, headers=headers, timeout=30, **kwargs)

    def gspread(self, token: str = "owner-token") -> gspread.Client:
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {token}"
        url = self.url

        class Local(HTTPClient):
            def request(self, method: str, endpoint: str, *args: Any, **kwargs: Any) -> Any:
                for host in ("https://sheets.googleapis.com", "https://www.googleapis.com"):
                    endpoint = endpoint.replace(host, url)
                return super().request(method, endpoint, *args, **kwargs)

        return gspread.Client(None, session=session, http_client=Local)


Serve = Callable[..., Running]


@contextmanager
def served(data: Path, default: Callable[[], str | None] | None = None, **settings: Any) -> Iterator[Running]:
    """A server on a free port of this machine, while the block runs."""
    app = create_app(data, tokens=TOKENS, authenticate=authenticate, default_spreadsheet=default, **settings)
    size = 1 << 26
    server = create_server(
        recording(app), host="127.0.0.1", port=0, threads=4, inbuf_overflow=size, outbuf_overflow=size
    )
    stopping = threading.Event()

    def run() -> None:
        while not stopping.is_set():
            wasyncore.loop(timeout=1, map=server._map, count=1)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield Running(f"http://127.0.0.1:{server.effective_port}", app)
    finally:
        stopping.set()
        server.pull_trigger()
        thread.join(5)
        server.task_dispatcher.shutdown()
        wasyncore.close_all(server._map)
        app.extensions["localsheets"].close()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start a server of one's own; `default` names the spreadsheet the grid opens, `data` another folder."""
    with ExitStack() as stack:

        def start(*, data: Path = tmp_path / "data", default: Callable[[], str | None] | None = None) -> Running:
            return stack.enter_context(served(data, default))

        yield start


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One server for all tests that only need a spreadsheet of their own."""
    with served(tmp_path_factory.mktemp("localsheets")) as running:
        yield running


@pytest.fixture
def client(server: Running) -> gspread.Client:
    return server.gspread()


@pytest.fixture
def book(server: Running, client: gspread.Client) -> Iterator[gspread.Spreadsheet]:
    """A new spreadsheet, and no other one on the server, whatever tests before left there."""
    for left in server.call("GET", "/drive/v3/files").json()["files"]:
        server.call("DELETE", f"/drive/v3/files/{left['id']}")
    made = client.create("Register")
    yield made
    server.call("DELETE", f"/drive/v3/files/{made.id}")


@pytest.fixture
def sheet(book: gspread.Spreadsheet) -> gspread.Worksheet:
    return book.sheet1


HEADERS = ["Tiket", "Pelapor", "Uraian", "Status", "Tindakan", "Kirim Balasan", "Balasan", "Batas Waktu"]
CHOICES = ["Terima", "Teruskan", "Selesaikan"]
GREEN = {"red": 0.85, "green": 0.95, "blue": 0.87}


def _box(rows: tuple[int, int | None], columns: tuple[int, int | None]) -> dict[str, Any]:
    names = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
    return {"sheetId": 0} | {n: v for n, v in zip(names, (*rows, *columns), strict=True) if v is not None}


def dress(book: gspread.Spreadsheet, rows: int = 30) -> None:
    """Make the first sheet a small register: headers, choices, check boxes, protections, colours, widths."""
    sheet = book.sheet1
    long = "Antrean di loket dua sudah tiga jam tidak bergerak. " * 4
    values = [
        [f"T-{n:05d}", f"Pelapor {n}", long if n % 7 == 0 else f"Keluhan nomor {n}", "Diterima" if n % 3 else "Selesai"]
        for n in range(1, rows + 1)
    ]
    if rows + 20 > sheet.row_count:
        sheet.resize(rows + 20, 26)
    sheet.update([HEADERS, *values], "A1")
    choices = {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": choice} for choice in CHOICES]}
    done = {"type": "TEXT_EQ", "values": [{"userEnteredValue": "Selesai"}]}
    closed = {"editors": {"users": [OWNER.email]}, "description": "Kolom sistem"}
    rule = {"condition": done, "format": {"backgroundColor": GREEN}}
    size = {"frozenRowCount": 1, "frozenColumnCount": 1}
    widths = [90, 130, 260, 90, 120, 110, 240, 110]
    book.batch_update(
        {
            "requests": [
                {
                    "updateSheetProperties": {
                        "properties": {"title": "Register", "gridProperties": size},
                        "fields": "title,gridProperties(frozenRowCount,frozenColumnCount)",
                    }
                },
                *(
                    {
                        "updateDimensionProperties": {
                            "range": {"dimension": "COLUMNS", "startIndex": i, "endIndex": i + 1},
                            "properties": {"pixelSize": width},
                            "fields": "pixelSize",
                        }
                    }
                    for i, width in enumerate(widths)
                ),
                {
                    "updateDimensionProperties": {
                        "range": {"dimension": "COLUMNS", "startIndex": 8, "endIndex": 26},
                        "properties": {"hiddenByUser": True},
                        "fields": "hiddenByUser",
                    }
                },
                {
                    "setDataValidation": {
                        "range": _box((1, None), (4, 5)),
                        "rule": {"condition": choices, "strict": True, "inputMessage": "Pilih tindakan"},
                    }
                },
                {
                    "setDataValidation": {
                        "range": _box((1, None), (5, 6)),
                        "rule": {"condition": {"type": "BOOLEAN"}, "strict": True},
                    }
                },
                {"addProtectedRange": {"protectedRange": {"range": _box((0, 1), (0, None)), **closed}}},
                {"addProtectedRange": {"protectedRange": {"range": _box((0, None), (0, 1)), **closed}}},
                {"addProtectedRange": {"protectedRange": {"range": _box((0, None), (3, 4)), **closed}}},
                {"addConditionalFormatRule": {"rule": {"ranges": [_box((1, None), (3, 4))], "booleanRule": rule}}},
            ]
        }
    )
    sheet.insert_note("B3", "Sudah ditelepon")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium, without talk of its own on the network."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", *QUIET]
        )
        yield started
        started.close()


@pytest.fixture
def office(serve: Serve) -> tuple[Running, gspread.Spreadsheet]:
    """A server whose grid opens a small register, and that register."""
    chosen: list[str] = []
    server = serve(default=lambda: chosen[0] if chosen else None)
    book = server.gspread().create("Register Pengaduan")
    chosen.append(book.id)
    dress(book)
    return server, book
