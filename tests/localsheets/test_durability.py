"""What was answered is kept; what was killed half-way never happened."""

import itertools
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import requests

from localsheets import StorageError, create_app

ROOT = "/v4/spreadsheets"


def test_everything_survives_a_restart(serve, tmp_path):
    first = serve()
    book = first.gspread().create("Register")
    book.sheet1.update([["a", "b"], ["c"]], "A1")
    book.sheet1.format("A:A", {"textFormat": {"bold": True}})
    book.sheet1.insert_note("A1", "catatan")
    book.sheet1.freeze(rows=1)
    told = first.call("GET", f"{ROOT}/{book.id}?includeGridData=true").json()
    second = serve()
    assert second.call("GET", f"{ROOT}/{book.id}?includeGridData=true").json() == told


def test_two_servers_on_one_folder_see_each_others_writes(serve):
    first, second = serve(), serve()
    book = first.gspread().create("Register")
    other = second.gspread().open_by_key(book.id)
    book.sheet1.update([["eins"]], "A1")
    assert other.sheet1.acell("A1").value == "eins"
    other.sheet1.update([["zwei"]], "A2")
    assert book.sheet1.col_values(1) == ["eins", "zwei"]


def test_writes_raise_the_revision_and_are_on_record(serve, tmp_path):
    server = serve()
    book = server.gspread().create("Register")
    book.sheet1.update([["a"]], "A1")
    book.sheet1.update([["a"]], "A1")
    with sqlite3.connect(tmp_path / "data" / "sheets.sqlite3") as connection:
        rows = connection.execute("SELECT revision, who, kind, row_count FROM changes ORDER BY revision").fetchall()
    connection.close()
    assert rows == [(1, "owner@kantor.test", "files.create", 0), (2, "owner@kantor.test", "values.update", 1)]


def test_an_edit_on_a_long_sheet_writes_one_row(serve, tmp_path):
    server = serve()
    book = server.gspread().create("Register")
    book.sheet1.resize(20_010, 5)
    book.sheet1.update([[f"r{n}", "x"] for n in range(20_000)], "A1")
    start = time.perf_counter()
    book.sheet1.update([["neu"]], "B15000")
    book.sheet1.insert_row(["vorn"], 1)
    assert time.perf_counter() - start < 2
    with sqlite3.connect(tmp_path / "data" / "sheets.sqlite3") as connection:
        counts = connection.execute("SELECT row_count FROM changes ORDER BY revision DESC LIMIT 3").fetchall()
    connection.close()
    assert max(count for (count,) in counts) == 1
    assert book.sheet1.acell("B15001").value == "neu"


def test_parallel_writers_lose_nothing(serve):
    server = serve()
    book = server.gspread().create("Register")

    def write(number: int) -> None:
        for turn in range(5):
            cell = {"values": [{"userEnteredValue": {"stringValue": f"{number}-{turn}"}}]}
            body = {"requests": [{"appendCells": {"rows": [cell], "fields": "userEnteredValue"}}]}
            assert server.call("POST", f"{ROOT}/{book.id}:batchUpdate", json=body).ok

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = {f"{number}-{turn}" for number, turn in itertools.product(range(6), range(5))}
    assert set(book.sheet1.col_values(1)) == expected


def test_secrets_are_kept_for_their_owner_only(serve, tmp_path):
    serve()
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "data").iterdir()}
    assert set(modes.values()) == {0o600}, modes


def _start(data: Path) -> tuple["subprocess.Popen[str]", str]:
    command = [sys.executable, "-m", "localsheets", "--port", "0", "--data", str(data), "--token", "t"]
    root = Path(__file__).parents[2]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=root)
    assert process.stdout is not None
    line = process.stdout.readline()
    return process, line.split()[1].removesuffix(ROOT)


def _kill(process: "subprocess.Popen[str]") -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    assert process.stdout is not None
    process.stdout.close()


@pytest.mark.fault
def test_kill_leaves_whole_requests_or_nothing(tmp_path):
    """Each write puts the same number into 200 cells of two sheets; after `kill -9` all cells hold one number."""
    process, url = _start(tmp_path)
    headers = {"Authorization": "Bearer t"}
    book_id = requests.post(url + ROOT, json={}, headers=headers, timeout=10).json()["spreadsheetId"]
    add = {"requests": [{"addSheet": {"properties": {"title": "Dua"}}}]}
    requests.post(f"{url}{ROOT}/{book_id}:batchUpdate", json=add, headers=headers, timeout=10)
    acknowledged = 0
    for round_number in range(4):
        answered: list[int] = []

        def write(start: int = acknowledged + 1, url: str = url, answered: list[int] = answered) -> None:
            for number in itertools.count(start):
                data = [{"range": f"{sheet}!A1:A100", "values": [[number]] * 100} for sheet in ("Sheet1", "Dua")]
                body = json.dumps({"valueInputOption": "RAW", "data": data})
                try:
                    path = f"{url}{ROOT}/{book_id}/values:batchUpdate"
                    requests.post(path, data=body, headers=headers, timeout=10).raise_for_status()
                except requests.RequestException:
                    return
                answered.append(number)

        writer = threading.Thread(target=write)
        writer.start()
        time.sleep(0.2 + 0.13 * round_number)
        _kill(process)
        writer.join(15)
        process, url = _start(tmp_path)
        query = {"ranges": ["Sheet1!A1:A100", "Dua!A1:A100"], "valueRenderOption": "UNFORMATTED_VALUE"}
        path = f"{url}{ROOT}/{book_id}/values:batchGet"
        told = requests.get(path, params=query, headers=headers, timeout=10).json()
        held = {row[0] for found in told["valueRanges"] for row in found["values"]}
        assert len(held) == 1
        acknowledged = answered[-1] if answered else acknowledged
        assert held.pop() in {acknowledged, acknowledged + 1}
    _kill(process)


@pytest.mark.parametrize("content", [b"no database, " * 300, None], ids=["no database", "a folder"])
def test_a_file_that_is_no_database_is_one_sentence(tmp_path, content):
    path = tmp_path / "sheets.sqlite3"
    path.write_bytes(content) if content else path.mkdir()
    with pytest.raises(StorageError, match=r"sheets\.sqlite3 cannot be opened"):
        create_app(tmp_path, tokens={})
    command = [sys.executable, "-m", "localsheets", "--port", "0", "--data", tmp_path]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith(str(path))
    assert len(ended.stderr.splitlines()) == 1
