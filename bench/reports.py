"""
What the office's figures cost: a year of many complaints, and a ticket among few and among many.

`python -m bench.reports` measures this alone.
"""

import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import sqlalchemy as sa

from automation.reports.counting import Counting
from automation.reports.findings import findings
from automation.reports.making import Maker
from automation.reports.several_processes import MOST
from forms.papers import Office
from register import tables
from register.database import migrate, open_engine, sqlite_url
from register.periods import Period
from register.report_files import FORMATS
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
NOW, YEAR = datetime(2027, 1, 20, tzinfo=UTC), Period.parse("2026")


def measure(folder: Path) -> None:
    """Print a line for each."""
    engine = open_engine(sqlite_url(folder / "aduan.sqlite3"))
    migrate(engine, backup_folder=folder, now=MOMENT)
    store = _open(folder)
    OfficeYear(store, seeds()).run(PLAYED)
    _copy(engine, PLAYED, FEW)
    few = _lookup(store)
    _copy(engine, FEW, MANY)
    many = _lookup(store)
    print(f"a ticket among {FEW:,}: {few * 1000:.2f} ms, among {MANY:,}: {many * 1000:.2f} ms, ratio {many / few:.2f}")
    store.close()
    for name, made in (("yearly figures", _figures), ("yearly report as PDF, XLSX and CSV", _report)):
        with ProcessPoolExecutor(1, get_context("spawn")) as alone:  # whose memory is its own
            seconds, used = alone.submit(_measured, made, folder).result()
        print(f"{name}, {MANY:,} complaints: {seconds:.1f} s, peak memory of all processes at most {used:.0f} MB")


def _measured(made: Callable[[Store], object], folder: Path) -> tuple[float, float]:
    """Seconds that it takes, and the most memory that this process ever had, with that of those it started."""
    store = _open(folder)
    began = time.perf_counter()
    made(store)
    seconds = time.perf_counter() - began
    store.close()
    return seconds, _peak() + MOST * _in_mb(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)


def _figures(store: Store) -> object:
    return _counting(store).figures([YEAR], NOW)


def _report(store: Store) -> object:
    office = Office(bidang=seeds().bidang)
    maker = Maker(_counting(store), lambda _: seeds(), lambda: office, store.first_recorded, lambda: "", findings)
    return maker.make(YEAR, NOW, FORMATS)


def _counting(store: Store) -> Counting:
    return Counting(store, lambda _: seeds())


def _open(folder: Path) -> Store:
    return Store(open_engine(sqlite_url(folder / "aduan.sqlite3")), load_keyring(folder / "kunci", create=True))


def _peak() -> float:
    """The process's largest memory so far, in MB; `getrusage` counts what its parent had when it was started."""
    told = Path("/proc/self/status")
    if told.exists():
        return next(int(line.split()[1]) / 2**10 for line in told.read_text().splitlines() if "VmHWM" in line)
    return _in_mb(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _in_mb(used: int) -> float:
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
    with engine.connect() as plain:  # neither safe nor small, as it is only a bench
        plain.exec_driver_sql("COMMIT")
        plain.exec_driver_sql("PRAGMA synchronous=OFF")
        plain.exec_driver_sql("PRAGMA cache_size=-200000")
    with engine.begin() as connection:
        first = connection.execute(sa.select(tables.complaints.c.ticket).limit(PLAYED)).scalars().all()
        copies = [{"ticket": new_ticket(), "like_ticket": first[n % PLAYED], "n": n} for n in range(start, end)]
        connection.execute(sa.text("CREATE TEMP TABLE copies (ticket TEXT, like_ticket TEXT, n INTEGER)"))
        connection.execute(sa.text("INSERT INTO copies VALUES (:ticket, :like_ticket, :n)"), copies)
        last: int = connection.execute(sa.select(sa.func.max(tables.events.c.seq))).scalar_one()
        made = {"ticket": "copies.ticket", "number": "1000000 + n", "seq": f"{last} + row_number() OVER ()"}
        for table in (tables.complaint_keys, tables.complaints, tables.clocks, tables.events):
            names = [column.name for column in table.c]
            chosen = ", ".join(made.get(name, name) for name in names)
            source = f"FROM copies CROSS JOIN {table.name} AS made ON made.ticket = like_ticket"
            into = f"INSERT INTO {table.name} ({', '.join(names)})"
            connection.execute(sa.text(f"{into} SELECT {chosen} {source}"))
        connection.execute(sa.text("DROP TABLE copies"))
        connection.execute(sa.text("ANALYZE"))


def main() -> None:
    """This bench alone."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        measure(Path(folder))


if __name__ == "__main__":
    main()
