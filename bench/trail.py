"""What the chained audit trail costs: appending, verifying, and asking what changed."""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from register.changes import Change
from register.complaint import Channel, Event, EventKind
from register.database import migrate, open_engine, sqlite_url
from register.sealing import load_keyring
from register.store import Store
from tests.builders import MOMENT, an_intake

EVENTS = 1_000
COMMITS = 100


def measure(folder: Path) -> None:
    """Print a line for each."""
    engine = open_engine(sqlite_url(folder / "aduan.sqlite3"))
    migrate(engine, backup_folder=folder, now=MOMENT)
    store = Store(engine, load_keyring(folder / "kunci", create=True))
    ticket = store.accept(an_intake(), channel=Channel.API, now=MOMENT).complaint.ticket
    events = [Event(EventKind.CELL_READ, MOMENT, "staf", {"column": "Tindakan"})] * EVENTS
    one = statistics.median(_seconds(lambda: store.commit([Change(ticket, events=events)])) for _ in range(COMMITS))
    print(f"audit trail, {EVENTS:,} events in one commit: {one * 1000:.1f} ms")
    count = store.verify().events
    whole = _seconds(store.verify)
    print(f"verifying {count:,} events: {whole:.2f} s ({whole / count * 1e6:.1f} µs each)")
    feed = _seconds(lambda: store.changed_since(count - 50))
    print(f"what changed in the last 50 events: {feed * 1000:.2f} ms")
    sealing = _seconds(lambda: store.seal_day(MOMENT + timedelta(days=2)))
    print(f"sealing a day of {count:,} events: {sealing:.2f} s")
    store.close()


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
