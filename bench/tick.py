"""
What a tick costs at 50,000 rows of which 2,000 are open, the server in a process of its own, over real HTTP.

Reading takes every row, every time. Deciding and writing must grow with what changed, so ticks after 0, 50 and 500
edits of staff are shown side by side. `python -m bench.tick` measures this alone.
"""

import logging
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from automation.sop import decision
from automation.sync.reconcile import Reconciler
from automation.sync.rows import cell_digests, fingerprint, intake_cells, people_digest, system_cells
from bench.spreadsheet import stand_alone
from register import sealed_json, tables
from register.changes import Book, MirrorRow
from register.complaint import Channel, Complaint, Intake, Procedure, Status
from register.database import migrate, open_engine, sqlite_url
from register.laying_out import provision
from register.sealing import Keyring, load_keyring
from register.sheet import PATIENCE, LocalServer, Sheet, Values
from register.sheet_access import SheetAccess
from register.store import Store
from register.tickets import new_ticket
from sheets_schema.layout import locate
from sheets_schema.register_tab import REGISTER
from tests.builders import MOMENT, an_intake
from tests.office import write

ROWS, OPEN = 50_000, 2_000
EDITS = (0, 50, 500)
REPEATS = 3
MOST_SECONDS, MOST_CALLS, PROMISED_FOR = 2.0, 3, 50
FILLED_AT_ONCE = 2_000
"""Rows in one call."""
_PROCESS_CLOCK = 2
"""With a process's number, which of its clocks Linux is asked for (CPUCLOCK_SCHED): processor time of all threads."""
LONG_AGO = timedelta(days=60)
HANDLED = {
    "status": Status.ARCHIVED,
    "category": "SEMBAKO",
    "bidang": "Linjamsos",
    "urgency": "Sedang",
    "step": 10,
    "step_begun_at": MOMENT - LONG_AGO,
}
"""What became of a complaint that was handled long ago."""
STORY = "Bantuan sembako di {place} belum cair selama tiga bulan, mohon penjelasan dari kantor dinas. " * 3


@dataclass
class Cost:
    """
    Seconds and API calls of one tick. `reading` and `writing` wait for the server; `deciding` is the rest. `busy` is
    this process's own processor time and `serving` the server's: a machine with other work to do lengthens neither.
    """

    seconds: float
    busy: float
    serving: float
    calls: int
    reading: float
    writing: float

    @property
    def deciding(self) -> float:
        return self.seconds - self.reading - self.writing


class TimedSheet(Sheet):
    """A sheet that knows how long it was waited for."""

    reading = writing = 0.0

    def read(self, tabs: Sequence[str]) -> dict[str, Values]:
        began = time.perf_counter()
        try:
            return super().read(tabs)
        finally:
            self.reading += time.perf_counter() - began

    def batch(self, changes: Sequence[Mapping[str, Any]]) -> None:
        began = time.perf_counter()
        super().batch(changes)
        self.writing += time.perf_counter() - began

    def append(self, rows: Sequence[Sequence[str | None]]) -> None:
        """Rows below the last, as plain values: it costs a tenth of what the worker's requests do."""
        path = f"/values/{REGISTER.title}!A1:append"
        self._call("post", path, params={"valueInputOption": "RAW"}, body={"values": list(rows)}, safe=False)


@dataclass(frozen=True)
class Recorded:
    """Rows of the store's tables, and the row that shows them: a complaint, and what a tick would have read of it."""

    key: dict[str, Any]
    complaint: dict[str, Any]
    mirror: dict[str, Any]
    row: dict[str, str]


class LargeOffice:
    """A store of so many complaints and their register."""

    def __init__(self, engine: sa.Engine, keyring: Keyring, sheet: TimedSheet, server: subprocess.Popen[str]) -> None:
        self.engine, self.keyring, self.store = engine, keyring, Store(engine, keyring)
        self.sheet, self.server, self.now = sheet, server, MOMENT
        self.restart()

    def restart(self) -> None:
        self.worker = Reconciler(
            self.store,
            self.sheet,
            still_writing=lambda: True,
            provision=lambda used: provision(self.sheet, self.store, used) and None,
        )

    def fill(self, rows: int) -> None:
        """That many complaints, all but the last `OPEN` of them handled long ago, each with its row."""
        self.worker.tick(self.now)
        old, new = range(rows - OPEN), range(rows - OPEN, rows)
        handled = [self._recorded(number, self.now - LONG_AGO, **HANDLED) for number in old]
        arrived = [self._recorded(number, self.now) for number in new]
        with self.engine.begin() as connection:
            for table, made in (
                (tables.complaint_keys, [each.key for each in (*handled, *arrived)]),
                (tables.complaints, [each.complaint for each in (*handled, *arrived)]),
                (tables.mirror, [each.mirror for each in handled]),
            ):
                connection.execute(table.insert(), made)
            connection.execute(tables.register_numbers.insert().values(year=MOMENT.year, last=rows))
        layout = locate(REGISTER, self.sheet.read([REGISTER.title])[REGISTER.title].header)
        keys = {place: key for key, place in layout.positions.items()}
        for start in range(0, len(handled), FILLED_AT_ONCE):
            some = handled[start : start + FILLED_AT_ONCE]
            self.sheet.append([[each.row.get(keys.get(place, "")) for place in range(layout.width)] for each in some])
        self.open = [each.key["ticket"] for each in arrived]
        self.restart()
        self._settle()

    def _settle(self) -> None:
        for _ in range(3):
            self.now += timedelta(seconds=2)
            self.worker.tick(self.now)

    def _recorded(self, number: int, at: datetime, **fate: Any) -> Recorded:
        said, ticket = _said(number), new_ticket()
        key = self.keyring.new_wrapped_key(ticket)
        complaint = Complaint(ticket, number + 1, Channel.API, Procedure.ONLINE, said.identity, at, at, at, **fate)
        sealed = self.keyring.seal(key, ticket, "intake", sealed_json.dump_intake(said))
        texts = {name: text for name, text in intake_cells(complaint, said).items() if text}
        digest = self.store.digest
        read = MirrorRow(
            fingerprint(texts, digest), people_digest(texts, digest), cell_digests(texts, digest), seen=True
        )
        return Recorded(
            {"ticket": ticket, "wrapped_key": key},
            {**vars(complaint), "year": at.year, "sealed_intake": sealed},
            {"book": Book.SHARED.value, "ticket": ticket, **vars(read)},
            system_cells(complaint, stage=decision.stage(complaint), remaining="") | texts,
        )

    def edit(self, count: int, text: str) -> None:
        """Staff write into `Tindak Lanjut` of that many open complaints."""
        values = self.sheet.read([REGISTER.title])[REGISTER.title]
        places = locate(REGISTER, values.header).positions
        rows = {row[places["ticket"]]: index for index, row in enumerate(values.rows, start=1)}
        sheet_id = self.sheet.sheet_ids()[REGISTER.title]
        edits = [write(sheet_id, rows[ticket], places["follow_up"], [text]) for ticket in self.open[:count]]
        self.sheet.batch(edits)

    def tick(self) -> Cost:
        self.now += timedelta(seconds=2)
        self.sheet.reading = self.sheet.writing = 0.0
        calls, before = self.sheet.calls, self._clocks()
        self.worker.tick(self.now)
        seconds, busy, serving = (after - since for since, after in zip(before, self._clocks(), strict=True))
        return Cost(seconds, busy, serving, self.sheet.calls - calls, self.sheet.reading, self.sheet.writing)

    def _clocks(self) -> tuple[float, float, float]:
        """The wall's, and the processor times of this process and of the server."""
        return time.perf_counter(), time.process_time(), time.clock_gettime(~self.server.pid << 3 | _PROCESS_CLOCK)


@contextmanager
def large_office(folder: Path) -> Iterator[LargeOffice]:
    """In an empty folder."""
    engine = open_engine(sqlite_url(folder / "aduan.sqlite3"))
    migrate(engine, backup_folder=folder / "cadangan", now=MOMENT)
    keyring = load_keyring(folder / "kunci", create=True)
    with stand_alone(folder / "register") as (_, address, server):
        url = address.removesuffix("/v4/spreadsheets")
        access = SheetAccess(LocalServer(url, "bench").create("Register Pengaduan"), url, "bench")
        sheet = TimedSheet(access, replace(PATIENCE, timeout_seconds=(5.0, 300.0)))
        yield LargeOffice(engine, keyring, sheet, server)
        sheet.close()
    engine.dispose()


def _said(number: int) -> Intake:
    return an_intake(
        description=STORY.format(place=f"RT {number}"), name=f"Warga {number}", phone=f"0812-0000-0000-{number}"
    )


def measure(folder: Path, rows: int = ROWS) -> None:
    """Print a line for each kind of tick."""
    with large_office(folder) as office:
        began = time.perf_counter()
        office.fill(rows)
        print(f"tick at {rows:,} rows of which {OPEN:,} are open (filled in {time.perf_counter() - began:.0f} s)")
        costs: dict[int, Cost] = {}
        for edits in EDITS:
            found = []
            for turn in range(REPEATS):
                office.edit(edits, f"sudah ditelepon {turn}")
                found.append(office.tick())
                office.tick()
            costs[edits] = sorted(found, key=lambda cost: cost.seconds)[REPEATS // 2]
            _show(f"{edits} rows changed", costs[edits])
        office.now += timedelta(days=1)
        _show("first of a new day", office.tick())
        office.restart()
        _show("first after a restart", office.tick())
        promised = costs[PROMISED_FOR]
        kept = promised.seconds < MOST_SECONDS and promised.calls <= MOST_CALLS
        print(
            f"{PROMISED_FOR} rows changed: {promised.seconds:.2f} s and {promised.calls} calls"
            f" (promised: under {MOST_SECONDS:g} s and {MOST_CALLS} calls): {'kept' if kept else 'NOT KEPT'};"
            f" {promised.busy + promised.serving:.2f} s of processor time"
        )
        print(f"idle ticks: {statistics.median(office.tick().seconds for _ in range(REPEATS)):.2f} s")


def _show(what: str, cost: Cost) -> None:
    print(
        f"{what:>22}: {cost.seconds:.2f} s (busy {cost.busy:.2f} s, server {cost.serving:.2f} s), {cost.calls} calls;"
        f" reading {cost.reading:.2f} s ({cost.reading / cost.seconds:.0%}),"
        f" deciding {cost.deciding * 1000:.0f} ms, writing {cost.writing * 1000:.0f} ms",
        flush=True,
    )


if __name__ == "__main__":
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        measure(Path(name))
