"""What the embedded spreadsheet costs at 1,000 and at 50,000 rows of 20 cells, over real HTTP, side by side."""

import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

SMALL, LARGE = 1_000, 50_000
COLUMNS = 20
PORTION = 500
FILL = 5_000
REPEATS = 9
MOST_RATIO = 2.0
"""An append or a one-cell update at 50,000 rows costs at most so many times that at 1,000."""


class Book:
    """One spreadsheet of that many rows; everything is asked over one connection, as gspread does."""

    def __init__(self, session: requests.Session, url: str, rows: int) -> None:
        self.session = session
        grid = {"rowCount": rows + 10 * PORTION * REPEATS, "columnCount": COLUMNS}
        made = session.post(
            url, json={"sheets": [{"properties": {"sheetId": 0, "title": "Data", "gridProperties": grid}}]}
        )
        made.raise_for_status()
        self.url, self.rows = f"{url}/{made.json()['spreadsheetId']}", rows
        for start in range(0, rows, FILL):
            self._write(f"Data!A{start + 1}", _rows(start, min(FILL, rows - start)))

    def _write(self, where: str, values: list[list[str]]) -> None:
        _done(self.session.put(f"{self.url}/values/{where}?valueInputOption=RAW", json={"values": values}))

    def update_one_cell(self, turn: int) -> None:
        self._write(f"Data!C{self.rows // 2}", [[f"turn {turn} {time.perf_counter()}"]])

    def append(self, turn: int) -> None:
        path = f"{self.url}/values/Data!A1:append?valueInputOption=RAW"
        _done(self.session.post(path, json={"values": _rows(10**6 + turn * PORTION, PORTION)}))

    def append_cells(self, turn: int) -> None:
        rows = [
            {"values": [{"userEnteredValue": {"stringValue": text}} for text in row]}
            for row in _rows(2 * 10**6 + turn * PORTION, PORTION)
        ]
        request = {"appendCells": {"sheetId": 0, "rows": rows, "fields": "userEnteredValue"}}
        _done(self.session.post(f"{self.url}:batchUpdate", json={"requests": [request]}))

    def read(self, rows: int) -> int:
        query = {"ranges": f"Data!A1:T{rows}"}
        told: Any = _done(self.session.get(f"{self.url}/values:batchGet", params=query)).json()
        return sum(map(len, told["valueRanges"][0]["values"]))


def _done(answer: requests.Response) -> requests.Response:
    answer.raise_for_status()
    return answer


def _rows(start: int, count: int) -> list[list[str]]:
    return [[f"r{row} c{column} keluhan" for column in range(COLUMNS)] for row in range(start, start + count)]


@contextmanager
def stand_alone(folder: Path) -> Iterator[tuple[requests.Session, str, subprocess.Popen[str]]]:
    """A client, the address, and the server as `python -m localsheets` starts it."""
    command = [sys.executable, "-m", "localsheets", "--port", "0", "--data", str(folder), "--token", "bench"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    assert process.stdout is not None
    try:
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found is not None, "the server did not start"
        with requests.Session() as session:
            session.headers["Authorization"] = "Bearer bench"
            yield session, found.group(), process
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


def measure(folder: Path) -> None:
    """Print a line for each kind of request; both sizes are asked in turn, so that the machine's moods hit both."""
    with stand_alone(folder) as (session, url, _):
        small, large = Book(session, url, SMALL), Book(session, url, LARGE)
        print(f"spreadsheet of {COLUMNS} columns, medians of {REPEATS}, each write durable")
        for name, act in (
            ("one-cell update", Book.update_one_cell),
            (f"values.append of {PORTION} rows", Book.append),
            (f"appendCells of {PORTION} rows", Book.append_cells),
        ):
            times: dict[int, list[float]] = {small.rows: [], large.rows: []}
            for turn in range(REPEATS):
                for book in (small, large):
                    times[book.rows].append(_seconds(act, book, turn))
            one, two = (statistics.median(times[book.rows]) * 1000 for book in (small, large))
            print(
                f"{name}: {one:.1f} ms at {SMALL:,} rows, {two:.1f} ms at {LARGE:,} rows,"
                f" ratio {two / one:.2f} (promised: at most {MOST_RATIO:g})"
            )
        for rows in (5_000, LARGE):
            seconds = statistics.median(_seconds(Book.read, large, rows) for _ in range(3))
            print(f"batchGet of {rows:,} x {COLUMNS} cells: {seconds * 1000:.0f} ms")


def _seconds(act: Any, book: Book, argument: int) -> float:
    began = time.perf_counter()
    act(book, argument)
    return time.perf_counter() - began
