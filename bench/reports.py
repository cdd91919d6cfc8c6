"""What the office's figures cost: a year of many complaints, and a ticket among few and among many."""

import resource
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from automation.reports.counting import Counting
from register import tables
from register.database import migrate, open_engine, sqlite_url
from register.periods import LENGTHS, Period
from register.sealing import load_keyring
from register.store import Store
from register.tickets import new_ticket
from tests.automation.reminders.staff_rules import seeds
from tests.automation.reports.office_year import OfficeYear
from tests.builders import MOMENT

FEW, MANY = 1_000, 100_000
PLAYED = 40
"""Complaints that are really handled; the others are copies of theirs."""
LOOKUPS = 200


def measure(folder: Path) -> None:
    """Print a line for each."""
    engine = open_engine(sqlite_url(folder / "aduan.sqlite3"))
    migrate(engine, backup_folder=folder, now=MOMENT)
    store = Store(engine, load_keyring(folder / "kunci", create=True))
    OfficeYear(store, seeds()).run(PLAYED)
    _copy(engine, PLAYED, FEW)
    few = _lookup(store)
    _copy(engine, FEW, MANY)
    many = _lookup(store)
    print(f"a ticket among {FEW:,}: {few * 1000:.2f} ms, among {MANY:,}: {many * 1000:.2f} ms, ratio {many / few:.2f}")
    counting, now, year = Counting(store, lambda _: seeds()), datetime(2027, 1, 20, tzinfo=UTC), Period.parse("2026")
    parts = [part for length in LENGTHS for part in year.parts(length)]
    for periods in ([year], parts):
        began, before = time.perf_counter(), _peak()
        found = counting.figures(periods, now)[-1]
        print(
            f"figures of {len(periods)} periods over {found.received:,} complaints: "
            f"{time.perf_counter() - began:.1f} s, peak memory {_peak():.0f} MB ({before:.0f} MB before)"
        )
    store.close()


def _peak() -> float:
    """The process's largest memory so far, in MB."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (2**20 if sys.platform == "darwin" else 2**10)


def _lookup(store: Store) -> float:
    """Seconds, the median of many."""
    taken = []
    for ticket in store.latest_unrestricted(LOOKUPS):
        began = time.perf_counter()
        store.complaint(ticket)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def _copy(engine: sa.Engine, start: int, end: int) -> None:
    """Copies of the first complaints with all that hangs on them, until there are so many: made by the database."""
    with engine.begin() as connection:
        first = connection.execute(sa.select(tables.complaints.c.ticket).limit(PLAYED)).scalars().all()
        copies = [{"ticket": new_ticket(), "like_ticket": first[n % PLAYED], "n": n} for n in range(start, end)]
        connection.execute(sa.text("CREATE TEMP TABLE copies (ticket TEXT, like_ticket TEXT, n INTEGER)"))
        connection.execute(sa.text("INSERT INTO copies VALUES (:ticket, :like_ticket, :n)"), copies)
        last: int = connection.execute(sa.select(sa.func.max(tables.events.c.seq))).scalar_one()
        made = {"ticket": "copies.ticket", "number": "1000000 + n", "seq": f"{last} + row_number() OVER ()"}
        for table in (tables.complaint_keys, tables.complaints, tables.clocks, tables.events):
            chosen = ", ".join(made.get(name, name) for name in table.c.keys())
            source = f"FROM copies CROSS JOIN {table.name} AS made ON made.ticket = like_ticket"
            names = ", ".join(table.c.keys())
            connection.execute(sa.text(f"INSERT INTO {table.name} ({names}) SELECT {chosen} {source}"))
        connection.execute(sa.text("DROP TABLE copies"))
        connection.execute(sa.text("ANALYZE"))
