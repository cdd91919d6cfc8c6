"""Fifty open grids starve nobody."""

import re
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.localsheets.stand_alone import ROOT, StandAlone

pytestmark = [pytest.mark.fault, pytest.mark.alone]

GRIDS = 50
ROWS = 50_000
COLUMNS = 20
SECONDS = 6.0
SLOWEST = 1.0
"""Seconds within which a write is answered and others see it, while everybody is at work."""


class Grid(threading.Thread):
    """An open page: asks once a second what changed, and for the rows on the screen if it has to load them again."""

    def __init__(self, number: int, url: str, cookies: Any, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.number, self.url, self.stop = number, url, stop
        self.session = requests.Session()
        self.session.cookies.update(cookies)
        self.seen: dict[str, float] = {}
        self.times: list[float] = []
        self.revision = 0

    def run(self) -> None:
        with self.session:
            self.revision = self._get("/0/rows?start=0&count=60").json()["revision"]
            self.stop.wait(self.number / GRIDS)
            while not self.stop.wait(1 - (time.monotonic() - self.number / GRIDS) % 1):
                self._poll()

    def _poll(self) -> None:
        told = self._get(f"/0/changes?since={self.revision}&track={self.number + 1}")
        if told.status_code == 204:
            return
        body = told.json()
        self.revision = body["revision"]
        if body.get("reload"):
            self._get(f"/0/rows?start={self.number * 900}&count=60")
        for row in body.get("rows", []):
            for cell in row["c"]:
                if isinstance(cell, str) and cell.startswith("edit "):
                    self.seen.setdefault(cell, time.monotonic())

    def _get(self, path: str) -> requests.Response:
        began = time.monotonic()
        answer = self.session.get(self.url + path, timeout=30)
        self.times.append(time.monotonic() - began)
        answer.raise_for_status()
        return answer


def log_in(server: StandAlone) -> tuple[requests.Session, str]:
    """A session of the grid's admin, and its CSRF token."""
    session = requests.Session()
    page = session.get(f"{server.url}/register/login", timeout=10).text
    found = re.search(r'csrf_token" value="([^"]+)"', page)
    assert found is not None
    form = {"csrf_token": found.group(1), "username": "admin", "password": server.password}
    session.post(f"{server.url}/register/login", data=form, timeout=10).raise_for_status()
    found = re.search(r'data-csrf="([^"]+)"', session.get(f"{server.url}/register", timeout=10).text)
    assert found is not None
    return session, found.group(1)


def fill(server: StandAlone) -> str:
    """A spreadsheet of 50,000 rows; answers its id."""
    grid = {"rowCount": ROWS + 10_000, "columnCount": COLUMNS}
    body = {"sheets": [{"properties": {"sheetId": 0, "title": "Register", "gridProperties": grid}}]}
    book_id = server.call("POST", ROOT, json=body).json()["spreadsheetId"]
    for start in range(0, ROWS, 10_000):
        values = [[f"r{row} c{column}" for column in range(COLUMNS)] for row in range(start, start + 10_000)]
        path = f"{ROOT}/{book_id}/values/Register!A{start + 1}?valueInputOption=RAW"
        assert server.call("PUT", path, json={"values": values}).ok
    return str(book_id)


def percentile(times: list[float], part: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * part))]


def test_fifty_open_grids_starve_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """While they ask every second, an editor's writes and a program's appends stay quick, and everybody sees them."""
    with StandAlone(tmp_path) as server:
        book_id = fill(server)
        session, csrf = log_in(server)
        stop = threading.Event()
        url = f"{server.url}/register/data/{book_id}"
        grids = [Grid(number, url, session.cookies, stop) for number in range(GRIDS)]
        for grid in grids:
            grid.start()
        edits, appends, written = [], [], {}
        until = time.monotonic() + SECONDS
        row_id = session.get(f"{url}/0/rows?start=30000&count=1", timeout=10).json()["rows"][0]["id"]
        turn = 0
        while time.monotonic() < until:
            turn += 1
            text = f"edit {turn}"
            began = time.monotonic()
            edit = {"rowId": row_id, "row": 30_000, "column": 3, "value": text}
            answer = session.post(f"{url}/0/edit", json={"edits": [edit]}, headers={"X-CSRF-Token": csrf}, timeout=30)
            written[text] = time.monotonic()
            edits.append(written[text] - began)
            assert answer.ok, answer.text
            cells = [{"values": [{"userEnteredValue": {"stringValue": text}}]}]
            request = {"appendCells": {"rows": cells, "fields": "userEnteredValue"}}
            began = time.monotonic()
            assert server.call("POST", f"{ROOT}/{book_id}:batchUpdate", json={"requests": [request]}).ok
            appends.append(time.monotonic() - began)
            time.sleep(0.3)
        last = f"edit {turn}"
        time.sleep(1.5)
        stop.set()
        for grid in grids:
            grid.join(30)
        session.close()
        assert all(last in grid.seen for grid in grids), "everybody sees the last edit"
        polls = [seconds for grid in grids for seconds in grid.times]
        delay = max(grid.seen[last] - written[last] for grid in grids)
        with capsys.disabled():
            print(f"\n{GRIDS} grids on {ROWS:,} rows, {len(polls)} polls: p50 {percentile(polls, 0.5) * 1000:.0f} ms,")
            print(f"p99 {percentile(polls, 0.99) * 1000:.0f} ms; {len(edits)} edits: p99", end=" ")
            print(f"{percentile(edits, 0.99) * 1000:.0f} ms; appends: p99 {percentile(appends, 0.99) * 1000:.0f} ms;")
            print(f"the last edit was seen by all after {delay:.2f} s (they ask once a second)")
        assert percentile(edits, 0.99) < SLOWEST
        assert percentile(appends, 0.99) < SLOWEST
        assert delay < 1 + SLOWEST
        assert len(polls) > GRIDS * SECONDS * 0.8
