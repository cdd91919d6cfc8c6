"""`make bench`: what ticks, the spreadsheet, trays, papers, pages and webhooks cost, and how good dispositions are."""

import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench import archive, disposition, pages, papers, reports, spreadsheet, tick, trail, trays, webhooks
from tests.office import Office, close_office, open_office

ROWS = 5_000
NEW = 1_000
PORTION = 500
REPEATS = 5


def main() -> None:
    """Measure, and print a line each; times of different sizes are taken in one run, so that their ratio counts."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        office = open_office(Path(folder), judged=False)
        try:
            _measure(office)
        finally:
            close_office(office)
    for each in (archive, tick, spreadsheet, trail, papers, trays, webhooks, reports):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            each.measure(Path(folder))
    pages.measure()
    disposition.main()


def _measure(office: Office) -> None:
    office.tick()
    small_rows = ROWS // 10
    _fill(office, small_rows)
    small = _idle(office)
    print(f"idle tick, {small_rows:>6,} rows: {small.calls} API call, {small.seconds * 1000:7.1f} ms")
    _fill(office, ROWS)
    large = _idle(office)
    print(f"idle tick, {ROWS:>6,} rows: {large.calls} API call, {large.seconds * 1000:7.1f} ms")
    print(f"ratio of the two: {large.seconds / small.seconds:.1f} for {ROWS // small_rows} times the rows")

    began = time.perf_counter()
    office.file(NEW)
    filing = time.perf_counter() - began
    print(f"filing {NEW:,} complaints: {filing:.2f} s ({filing / NEW * 1000:.2f} ms each, each durable)")
    new = _timed(office, lambda: _until_settled(office))
    print(f"registering {NEW:,} new complaints: {new.calls} API calls, {new.seconds:.2f} s, read-back included")
    rows = office.sheet.read(["Register"])["Register"].rows
    print(f"rows in the register: {len(rows):,}, tickets: {len({row[0] for row in rows}):,}")
    after = _idle(office)
    print(f"idle tick, {ROWS + NEW:>6,} rows: {after.calls} API call, {after.seconds * 1000:7.1f} ms")


class _Cost:
    def __init__(self, calls: int, seconds: float) -> None:
        self.calls = calls
        self.seconds = seconds


def _timed(office: Office, act: Callable[[], object]) -> _Cost:
    calls, began = office.sheet.calls, time.perf_counter()
    act()
    return _Cost(office.sheet.calls - calls, time.perf_counter() - began)


def _idle(office: Office) -> _Cost:
    """The median of several ticks in which nothing happened; every one of them must cost the same calls."""
    costs = [_timed(office, office.tick) for _ in range(REPEATS)]
    calls = {cost.calls for cost in costs}
    if len(calls) != 1:
        sys.exit(f"idle ticks differ in API calls: {sorted(calls)}")
    return _Cost(calls.pop(), statistics.median(cost.seconds for cost in costs))


def _fill(office: Office, rows: int) -> None:
    while (have := len(office.store.complaints())) < rows:
        office.file(min(PORTION, rows - have), description="Bantuan sembako belum cair, mohon penjelasan. " * 4)
        _until_settled(office)


def _until_settled(office: Office) -> None:
    while office.tick().again:
        pass


if __name__ == "__main__":
    main()
