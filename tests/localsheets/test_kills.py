"""`kill -9` at any moment leaves whole requests or nothing, and nothing that was answered is lost."""

import itertools
import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from localsheets.model.cells import value_of
from localsheets.operations.values import write_range
from localsheets.storage.ledger import MOST_REVISIONS
from localsheets.storage.shelf import Shelf
from tests.localsheets.conftest import OWNER
from tests.localsheets.stand_alone import ROOT, StandAlone

pytestmark = pytest.mark.fault

KILLS = 200 if os.environ.get("ADUAN_TEST_SCALE") == "full" else 4
TURN_KILLS = 50 if os.environ.get("ADUAN_TEST_SCALE") == "full" else 2
TURNING = """
import sys
from pathlib import Path
from localsheets.storage.shelf import Shelf
from tests.localsheets.conftest import OWNER

folder, book_id, version = sys.argv[1:]
shelf = Shelf(Path(folder))
print("ready", flush=True)
while True:
    shelf.restore_version(book_id, OWNER, int(version) - 1)
    print("restored", flush=True)
    shelf.undo(book_id, OWNER)
    print("undone", flush=True)
    shelf.restore_version(book_id, OWNER, int(version))
    print("restored", flush=True)
"""
WRITERS = 3
ROWS = 100


class Writer(threading.Thread):
    """
    Writes one number after another until the server is gone.

    Each number goes into a column of 100 cells of two sheets in one request, then as a row at the end of a third.
    """

    def __init__(self, number: int, url: str, start_at: int) -> None:
        super().__init__(daemon=True)
        self.number, self.url, self.start_at = number, url, start_at
        self.acknowledged = start_at
        self.appended: list[str] = []
        self.tried: list[str] = []

    def run(self) -> None:
        with requests.Session() as session:
            session.headers["Authorization"] = "Bearer t"
            try:
                for turn in itertools.count(self.start_at + 1):
                    self._write(session, turn)
            except requests.RequestException:
                return

    def _write(self, session: requests.Session, turn: int) -> None:
        column = "ABC"[self.number]
        data = [{"range": f"{sheet}!{column}1", "values": [[turn]] * ROWS} for sheet in ("Satu", "Dua")]
        self._post(session, "/values:batchUpdate", {"valueInputOption": "RAW", "data": data})
        self.acknowledged = turn
        text = f"{self.number}-{turn}"
        self.tried.append(text)
        row = {"values": [{"userEnteredValue": {"stringValue": text}}]}
        append = {"appendCells": {"sheetId": 3, "rows": [row], "fields": "userEnteredValue"}}
        self._post(session, ":batchUpdate", {"requests": [append]})
        self.appended.append(text)

    def _post(self, session: requests.Session, path: str, body: dict[str, Any]) -> None:
        session.post(self.url + path, json=body, timeout=10).raise_for_status()


def check_file(folder: Path) -> int:
    """SQLite finds nothing wrong, and the change records that are kept have no gap; answers the revision."""
    connection = sqlite3.connect(folder / "sheets.sqlite3")
    try:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        ((revision,),) = connection.execute("SELECT revision FROM books").fetchall()
        recorded = connection.execute(
            "SELECT count(DISTINCT revision), min(revision), max(revision) FROM changes"
        ).fetchone()
        kept = min(revision, MOST_REVISIONS)
        assert recorded == (kept, revision - kept + 1, revision)
        return int(revision)
    finally:
        connection.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StandAlone]:
    with StandAlone(tmp_path) as started:
        yield started


def test_kills_during_writes_tear_nothing_and_lose_nothing(server, tmp_path, capsys):
    """The seed is printed, so that a failure can be run again."""
    seed = int(os.environ.get("ADUAN_TEST_SEED", time.time_ns() % 10**9))
    chance = random.Random(seed)
    numbers = [0] * WRITERS
    appended: list[str] = []
    tried: set[str] = set()
    sheets = [
        {"properties": {"sheetId": i, "title": t, "gridProperties": {"rowCount": ROWS, "columnCount": WRITERS}}}
        for i, t in ((1, "Satu"), (2, "Dua"), (3, "Tiga"))
    ]
    book_id = server.call("POST", ROOT, json={"sheets": sheets}).json()["spreadsheetId"]
    revision = 1
    for _ in range(KILLS):
        writers = [Writer(n, f"{server.url}{ROOT}/{book_id}", numbers[n]) for n in range(WRITERS)]
        for writer in writers:
            writer.start()
        time.sleep(chance.uniform(0.05, 0.5))
        server.kill()
        for writer in writers:
            writer.join(15)
            assert not writer.is_alive()
            appended += writer.appended
            tried |= set(writer.tried)
        revision = check_file(tmp_path)
        server.start()
        query = {"ranges": ["Satu!A1:C100", "Dua!A1:C100", "Tiga!A:A"], "valueRenderOption": "UNFORMATTED_VALUE"}
        told = server.call("GET", f"{ROOT}/{book_id}/values:batchGet", params=query).json()["valueRanges"]
        one, two, three = (found.get("values", []) for found in told)
        assert one == two, f"a torn request (seed {seed})"
        for writer in writers:
            held = {row[writer.number] if len(row) > writer.number else "" for row in one} or {""}
            assert len(held) == 1, f"a torn request (seed {seed})"
            numbers[writer.number] = int(held.pop() or 0)
            assert numbers[writer.number] in {writer.acknowledged, writer.acknowledged + 1}, (
                f"a lost write (seed {seed})"
            )
        texts = [row[0] for row in three]
        assert len(texts) == len(set(texts)), f"a write was done twice (seed {seed})"
        assert set(appended) <= set(texts) <= tried, f"a lost append (seed {seed})"
    server.stop()
    assert len(appended) > KILLS, "there was load"
    with capsys.disabled():
        print(f"\n{KILLS} kills, {sum(numbers)} writes of {2 * ROWS} cells, {len(appended)} appends acknowledged,")
        print(f"revision {revision}: none torn, none lost, integrity ok (seed {seed})")


def test_kills_during_undo_and_restoring_a_version_leave_one_state_or_the_other(tmp_path, capsys):
    """A process of its own turns a large change back and forth; after each kill all cells are of one state."""
    folder = tmp_path / "data"
    shelf = Shelf(folder)
    book_id = shelf.create(OWNER, {}, "files.create").book_id
    for state in ("first", "second"):
        with shelf.writing(book_id, OWNER, "grid edit", origin="grid") as draft:
            write_range(draft, "A1", [[state] * 20] * 300, entered=False, who=OWNER)
        version = shelf.name_version(book_id, OWNER, state).version_id
    shelf.close()
    chance, seen, turned = random.Random(time.time_ns()), set(), 0
    for _ in range(TURN_KILLS):
        command = [sys.executable, "-c", TURNING, str(folder), book_id, str(version)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            first = [process.stdout.readline() for _ in range(2)]  # a busy machine may take long for them
            time.sleep(chance.uniform(0.02, 0.25))
            process.kill()
            turned += len(first) + len(process.stdout.read().splitlines())
        check_file(folder)
        shelf = Shelf(folder)
        held = {str(value_of(cell)) for row in shelf.read(book_id, OWNER).sheets[0].rows for cell in row.cells}
        shelf.close()
        assert len(held) == 1, "a torn undo or restore"
        seen |= held
    assert seen <= {"first", "second"}
    assert turned > TURN_KILLS, "there was load"
    with capsys.disabled():
        print(f"\n{TURN_KILLS} kills during {turned} undos and restores: none torn, integrity ok")


def test_an_end_in_good_order_leaves_one_file(server, tmp_path):
    """SIGTERM, as a service manager sends it: no error, and nothing left in the write-ahead log."""
    server.call("POST", ROOT, json={})
    assert server.stop() == 0
    assert not (tmp_path / "sheets.sqlite3-wal").exists()
