"""Deliveries at full speed while whoever reads them is killed: each is kept once and read once, and none is lost."""

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from register.database import open_engine, sqlite_url
from tests.running import ROOT, wait_until
from tests.webhooks.flood import Answer, flood, web, whatsapp_messages

pytestmark = pytest.mark.fault

FULL = os.environ.get("ADUAN_TEST_SCALE") == "full"
EVENTS, DOUBLED = (10_000, 3_000) if FULL else (500, 150)
KILLS = 5
PATIENCE_SECONDS = 600.0 if FULL else 90.0


class Readers:
    """One reading process at a time; each lives two minutes after the last, so that its claims have lapsed."""

    def __init__(self, database: str, key: Path, log: Path) -> None:
        self._command = [sys.executable, "-m", "tests.webhooks.reading_worker", database, str(key)]
        self._log = log
        self._lives = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen([*self._command, str(2 * self._lives)], cwd=ROOT, stdout=log, stderr=log)
        self._lives += 1

    def kill(self) -> None:
        """`kill -9`. It must have been alive."""
        assert self._process
        assert self._process.poll() is None, self._log.read_text("utf-8")[-2000:]
        self._process.kill()
        self._process.wait()


def test_kills_of_the_reader_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    seed = int(os.environ.get("ADUAN_TEST_SEED", time.time_ns() % 10**9))
    print(f"seed {seed}")
    chance = random.Random(seed)
    events = whatsapp_messages(EVENTS, doubled=DOUBLED, chance=chance)
    distinct = EVENTS - DOUBLED
    answers: list[Answer] = []
    with web(tmp_path) as port:
        data = tmp_path / "data"
        database = sqlite_url(data / "aduan.sqlite3")
        engine = open_engine(database)

        def count(query: str) -> int:
            with engine.connect() as connection:
                return int(connection.execute(sa.text(query)).scalar_one())

        def taken(at_least: int) -> bool:
            return count("SELECT count(*) FROM messages") >= at_least

        sending = threading.Thread(target=lambda: answers.extend(flood(port, events)))
        readers = Readers(database, data / "kunci.secret", tmp_path / "readers.log")
        readers.start()
        sending.start()
        for kill in range(1, KILLS + 1):
            wait_until(partial(taken, distinct * kill // (KILLS + 1)), PATIENCE_SECONDS, f"messages before kill {kill}")
            time.sleep(chance.uniform(0, 0.05))
            readers.kill()
            readers.start()
        sending.join(PATIENCE_SECONDS)
        waiting = "SELECT count(*) FROM deliveries WHERE state = 'waiting'"
        wait_until(lambda: not sending.is_alive() and not count(waiting), PATIENCE_SECONDS, "everything is read")
        readers.kill()
        with engine.connect() as connection:
            messages = connection.execute(sa.text("SELECT count(*), count(DISTINCT digest) FROM messages")).one()
            states = Counter(connection.execute(sa.text("SELECT state FROM deliveries")).scalars())
        engine.dispose()
    assert Counter(answer.status for answer in answers) == {200: EVENTS}
    assert states == {"done": distinct}
    assert tuple(messages) == (distinct, distinct)
    print(f"{EVENTS:,} events, {DOUBLED:,} doubled, {KILLS} kills: {distinct:,} kept, each read once")
