"""
What the years cost: ticks and looking up a ticket with 1,000 and with 100,000 complaints in the archive.

The working register is the same both times. `python -m bench.archive` measures this alone.
"""

import logging
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from register import tables
from register.changes import Book
from register.complaint import Channel, Complaint, EventKind, Identity, Procedure, Status
from register.database import open_engine, sqlite_url
from register.tickets import new_ticket
from tests.builders import MOMENT
from tests.office import Office, close_office, open_office

SMALL, LARGE = 1_000, 100_000
STANDING = 200
"""Complaints in the working register."""
CLOCKS, EVENTS = 6, 8
"""Of each archived complaint."""
EACH = range(EVENTS)
REPEATS = 9
LOOKED_UP = 100
ALLOWED = 1.5
"""A ratio above this says that the years slow the office down."""


def measure(folder: Path) -> None:
    """Print a line for each thing measured, at both sizes, and the ratio."""
    office = open_office(folder, judged=False)
    try:
        office.file(STANDING, description="Bantuan sembako belum cair, mohon penjelasan.")
        while len(list(office.store.mirror(Book.SHARED))) < STANDING:
            office.tick()
        first = _fill(folder, SMALL)
        small = dict(_all(office, first[::10]))
        more = _fill(folder, LARGE - SMALL, first)
        for name, large in _all(office, more[::990]):
            ratio = large / small[name]
            told = (
                f"{name}: {small[name] * 1000:8.2f} ms with {SMALL:,} archived, {large * 1000:8.2f} ms with {LARGE:,}"
            )
            print(f"{told}; ratio {ratio:.2f}{'' if ratio <= ALLOWED else '  <-- slower with the years'}", flush=True)
    finally:
        close_office(office)


def _all(office: Office, tickets: Sequence[str]) -> Iterator[tuple[str, float]]:
    office.tick(3)
    yield "idle tick", _median(office.tick)
    yield "tick with a new complaint", _median(lambda: (office.file(), office.tick()))
    yield "first tick of a worker", _median(lambda: _started(office), 3)
    yield "looking up an archived ticket", _median(lambda: _look_up(office, tickets), 3) / LOOKED_UP
    yield "looking up its number", _median(lambda: office.store.numbered(7, 2020))
    yield "looking for what may move", _median(lambda: office.store.archivable(office.now, 50))


def _started(office: Office) -> None:
    office.restart()
    office.tick()


def _look_up(office: Office, tickets: Sequence[str]) -> None:
    for ticket in tickets:
        office.store.complaint(ticket)
        office.store.clocks([ticket])
        office.store.timeline(ticket)


def _median(act: Callable[[], object], repeats: int = REPEATS) -> float:
    """Of the processor's seconds: others may use the machine meanwhile."""
    taken = []
    for _ in range(repeats):
        began = time.process_time()
        act()
        taken.append(time.process_time() - began)
    return statistics.median(taken)


def _fill(folder: Path, count: int, like: Sequence[str] = ()) -> list[str]:
    """
    That many archived complaints with clocks and events, put into the tables at once; their tickets.

    What is sealed is as long as it would be. The trail is not chained on: nothing here verifies it.

    Args:
        like: Tickets of such ones, of which these are copies: the database makes them faster.
    """
    engine = open_engine(sqlite_url(folder / "aduan.sqlite3"))
    with engine.begin() as connection:
        known = tables.complaints.c
        last = connection.execute(sa.select(sa.func.max(known.number)).where(known.year == 2020)).scalar_one() or 0
        seq = connection.execute(sa.select(sa.func.max(tables.events.c.seq))).scalar_one()
        numbers = range(last + 1, last + count + 1)
        made = _copied(connection, numbers, seq, like) if like else _made(connection, numbers, seq)
        connection.execute(tables.trail_head.update().values(seq=seq + count * EVENTS))
    with engine.begin() as connection:
        connection.execute(sa.text("ANALYZE"))
    engine.dispose()
    return made


def _made(connection: sa.Connection, numbers: Sequence[int], seq: int) -> list[str]:
    rows = [_archived(number) for number in numbers]
    keys = [{"ticket": row["ticket"], "wrapped_key": bytes(60)} for row in rows]
    connection.execute(tables.complaint_keys.insert(), keys)
    connection.execute(tables.complaints.insert(), rows)
    connection.execute(tables.clocks.insert(), [_clock(row, n) for row in rows for n in range(CLOCKS)])
    connection.execute(tables.mirror.insert(), [_read(row) for row in rows])
    connection.execute(tables.events.insert(), [_event(seq := seq + 1, row["ticket"]) for row in rows for _ in EACH])
    return [row["ticket"] for row in rows]


def _copied(connection: sa.Connection, numbers: Sequence[int], seq: int, like: Sequence[str]) -> list[str]:
    first = min(numbers)
    tickets = sorted(new_ticket() for _ in numbers)  # indexes grow at their end, which is quick
    made = [(number, ticket, like[number % len(like)]) for number, ticket in zip(numbers, tickets, strict=True)]
    connection.exec_driver_sql("PRAGMA cache_size=-400000")
    connection.exec_driver_sql("CREATE TEMP TABLE made (number INTEGER PRIMARY KEY, ticket TEXT, origin TEXT)")
    connection.exec_driver_sql("INSERT INTO made VALUES (?, ?, ?)", made)
    new = {
        "ticket": "made.ticket",
        "number": "made.number",
        "seq": f"{seq + 1} + (made.number - {first}) * {EVENTS} + old.seq % {EVENTS}",
    }
    for table in (tables.complaint_keys, tables.complaints, tables.clocks, tables.mirror, tables.events):
        names = [column.name for column in table.columns]
        taken = ", ".join(new.get(name, f"old.{name}") for name in names)
        source = f"made CROSS JOIN {table.name} AS old ON old.ticket = made.origin"
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {taken} FROM {source}")
    return [ticket for _, ticket, _ in made]


def _archived(number: int) -> dict[str, Any]:
    at = MOMENT - timedelta(days=2000) + timedelta(minutes=5 * (number % 50_000))
    complaint = Complaint(
        new_ticket(), number, Channel.API, Procedure.ONLINE, Identity.OPEN, at, at, at, Status.ARCHIVED,
        category="SEMBAKO", step=10, step_begun_at=at, answered_at=at, inactive_since=at,
    )  # fmt: skip
    return {**vars(complaint), "year": 2020, "sealed_intake": bytes(600)}


def _clock(row: dict[str, Any], number: int) -> dict[str, Any]:
    at = row["recorded_at"]
    common = {"begun_at": at, "due_at": at, "done_at": at, "done_by": "staf", "norm": "2 hari kerja", "basis": ""}
    return {"ticket": row["ticket"], "round": 0, "key": f"langkah.{number + 1}", **common}


def _read(row: dict[str, Any]) -> dict[str, Any]:
    cells = {str(number): "d" * 24 for number in range(12)}
    book = Book.SHARED.value
    return {"book": book, "ticket": row["ticket"], "fingerprint": "f", "digest": "d", "cells": cells, "seen": False}


def _event(seq: int, ticket: str) -> dict[str, Any]:
    kind = EventKind.CELL_READ.value
    said = {"actor": "staf", "public_label": "", "data": {"column": "Petugas"}, "sealed": bytes(80)}
    return {"seq": seq, "ticket": ticket, "at": MOMENT, "kind": kind, **said, "prev_hash": b"", "hash": bytes(32)}


def main() -> None:
    """This bench alone."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        measure(Path(folder))


if __name__ == "__main__":
    main()
