"""What it costs to take a delivery: answer times and events a second, beside a bare Flask app that keeps nothing."""

import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa

from register.database import open_engine, sqlite_url
from tests.webhooks.flood import CONNECTIONS, Answer, flood, serving, web, whatsapp_messages
from tests.webhooks.payloads import Delivery

EVENTS = 10_000
DOUBLED = 3_000
PORTION = 500
BUDGET_SECONDS = 0.25
BARE = """
import os
from pathlib import Path
from flask import Flask, request
from commands.listening import listen
from register.settings import load_settings
app = Flask("bare")
@app.get("/healthz")
def live(): return "ok"
@app.post("/webhooks/<source>")
def take(source): request.get_data(); return "ok"
settings = load_settings(os.environ, Path("none.toml"))
listen(app, settings, settings.port, guarded=False, largest_request_bytes=10_000_000)
"""


def measure(folder: Path) -> None:
    """Both servers run, each in a process of its own, and are sent the same portions in turn; a line for each."""
    events = whatsapp_messages(EVENTS, doubled=DOUBLED, chance=random.Random(6))
    portions = [events[start : start + PORTION] for start in range(0, EVENTS, PORTION)]
    with web(folder) as ours, serving([sys.executable, "-c", BARE], folder) as bare:
        answers: dict[int, list[Answer]] = {ours: [], bare: []}
        spent = dict.fromkeys(answers, 0.0)
        for portion in portions:
            for port in answers:
                took, found = _sent(port, portion)
                spent[port] += took
                answers[port] += found
        per_second = {port: EVENTS / spent[port] for port in answers}
        _told("aduan web", answers[ours], per_second[ours])
        _told("bare Flask app", answers[bare], per_second[bare])
    print(f"webhooks, ratio to the bare app: {per_second[ours] / per_second[bare]:.2f} of its events a second")
    kept = _kept(folder)
    print(f"webhooks kept: {kept:,} of {EVENTS:,} events with {DOUBLED:,} doubled")
    if kept != EVENTS - DOUBLED or Counter(each.status for each in answers[ours]) != {200: EVENTS}:
        sys.exit("deliveries were lost, doubled or refused")


def _sent(port: int, portion: Sequence[Delivery]) -> tuple[float, list[Answer]]:
    began = time.perf_counter()
    found = flood(port, portion)
    return time.perf_counter() - began, found


def _told(name: str, answers: Sequence[Answer], per_second: float) -> None:
    cuts = statistics.quantiles([answer.seconds * 1000 for answer in answers], n=100)
    within = "within" if cuts[98] <= BUDGET_SECONDS * 1000 else "OVER"
    print(
        f"webhooks, {name:15} {CONNECTIONS} connections: p50 {cuts[49]:6.1f} ms, p99 {cuts[98]:6.1f} ms "
        f"({within} {BUDGET_SECONDS * 1000:.0f} ms), {per_second:,.0f} events/s"
    )


def _kept(folder: Path) -> int:
    engine = open_engine(sqlite_url(folder / "data" / "aduan.sqlite3"))
    with engine.connect() as connection:
        count = int(connection.execute(sa.text("SELECT count(*) FROM deliveries")).scalar_one())
    engine.dispose()
    return count


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:
        measure(Path(made))
