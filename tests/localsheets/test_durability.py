"""What was answered is kept; what was killed half-way never happened."""

import itertools
import sqlite3
import subprocess
import sys
import threading
import time

import pytest

from localsheets import StorageError, create_app
from localsheets.model.book import Book, new_sheet
from localsheets.model.sheet import Row
from localsheets.storage import database
from localsheets.storage.snapshots import Snapshots
from tests.localsheets.conftest import OWNER, STRANGER

ROOT = "/v4/spreadsheets"


def test_everything_survives_a_restart(serve, tmp_path):
    first = serve()
    book = first.gspread().create("Register")
    book.sheet1.update([["a", "b"], ["c"]], "A1")
    book.sheet1.format("A:A", {"textFormat": {"bold": True}})
    book.sheet1.insert_note("A1", "catatan")
    book.sheet1.freeze(rows=1)
    path = f"{ROOT}/{book.id}?includeGridData=true&fields=properties,sheets"
    told = first.call("GET", path).json()
    second = serve()
    assert second.call("GET", path).json() == told


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


def test_a_full_disk_is_said_so_and_loses_nothing(serve, tmp_path):
    server = serve()
    book = server.gspread().create("Register")
    book.sheet1.update([["before"]], "A1")
    shelf = server.app.extensions["localsheets"]
    pages = shelf._writer.execute("PRAGMA page_count").fetchone()[0]
    shelf._writer.execute(f"PRAGMA max_page_count = {pages + 2}")  # SQLite itself finds the disk full
    large = {"values": [["x" * 40_000] for _ in range(20)]}
    path = f"{ROOT}/{book.id}/values/A1?valueInputOption=RAW"
    answer = server.call("PUT", path, json=large)
    assert answer.status_code == 503
    assert answer.json()["error"]["status"] == "UNAVAILABLE"
    assert "the disk is full. Nothing was written." in answer.json()["error"]["message"]
    assert book.sheet1.get_all_values() == [["before"]]
    shelf._writer.execute("PRAGMA max_page_count = 1000000")
    assert server.call("PUT", path, json=large).ok
    assert serve().gspread().open_by_key(book.id).sheet1.acell("A20").value == "x" * 40_000


def test_a_busy_file_is_said_so(serve, tmp_path):
    server = serve()
    book = server.gspread().create("Register")
    server.app.extensions["localsheets"]._writer.execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(tmp_path / "data" / "sheets.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    path = f"{ROOT}/{book.id}/values/A1?valueInputOption=RAW"
    answer = server.call("PUT", path, json={"values": [["x"]]})
    assert (answer.status_code, answer.json()["error"]["status"]) == (503, "UNAVAILABLE")
    assert server.call("GET", f"{ROOT}/{book.id}").ok, "reading goes on"
    other.execute("ROLLBACK")
    other.close()
    assert server.call("PUT", path, json={"values": [["x"]]}).ok


def test_the_write_ahead_log_stays_small(serve, tmp_path):
    """Also after one large write, and while somebody reads all the time."""
    server = serve()
    book = server.gspread().create("Register")
    for turn in range(6):
        book.sheet1.update([[f"{turn} {row} " + "x" * 20_000] for row in range(300)], "A1")
        book.sheet1.acell("A1")
    book.sheet1.update([["small"]], "A1")
    assert (tmp_path / "data" / "sheets.sqlite3-wal").stat().st_size <= database.MOST_LOG_BYTES + 2**20


def test_memory_holds_the_spreadsheets_that_are_used(tmp_path):
    kept = Snapshots(most_cells=1_000)
    books = [_book_of(f"b{n}", rows=10, columns=40) for n in range(5)]  # 400 cells each
    for book in books[:2]:
        kept.put(book)
    assert kept.get("b0", 1) is books[0]
    kept.put(books[2])
    assert [kept.get(f"b{n}", 1) is not None for n in range(3)] == [True, False, True]
    kept.put(_book_of("large", rows=1_000, columns=40))
    assert kept.get("large", 1) is not None, "the one in use stays, however large"
    assert kept.get("b0", 1) is None
    assert kept.get("large", 2) is None, "another revision is another thing"
    kept.forget("large")
    assert kept.get("large", 1) is None


def _book_of(book_id: str, *, rows: int, columns: int) -> Book:
    sheet = new_sheet(0, "Sheet1", rows=rows, columns=columns)
    sheet.rows = [Row(n, n, 1, ["x"]) for n in range(rows)]
    return Book(1, book_id, OWNER, "", "", {"title": book_id}, revision=1, sheets=[sheet])


def test_an_evicted_spreadsheet_is_read_again(serve, monkeypatch):
    server = serve()
    client = server.gspread()
    first, second = client.create("Satu"), client.create("Dua")
    monkeypatch.setattr(server.app.extensions["localsheets"]._snapshots, "_most_cells", 1)
    for turn in range(3):
        for book in (first, second):
            book.sheet1.append_row([f"{book.title} {turn}"])
    assert [book.sheet1.col_values(1) for book in (first, second)] == [
        ["Satu 0", "Satu 1", "Satu 2"],
        ["Dua 0", "Dua 1", "Dua 2"],
    ]


def test_listing_files_reads_no_rows(serve):
    server = serve()
    client = server.gspread()
    made = {client.create(f"Buku {n}").id for n in range(3)}
    shelf = server.app.extensions["localsheets"]
    told = shelf.books_for(OWNER)
    assert {book.book_id for book in told} == made
    assert all(book.sheets == [] for book in told)
    assert shelf.books_for(STRANGER) == []


@pytest.mark.program
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
