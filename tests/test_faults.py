"""Kills, cuts and outages of the running server: an accepted complaint is never lost, nor a staff edit."""

import os
import random
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from register.errors import AduanError
from register.sheet import Sheet
from sheets_schema.layout import locate
from sheets_schema.provisioning import TABS
from tests.office import write
from tests.running import Running, free_port, running, wait_until

pytestmark = pytest.mark.fault

KILLS = 100 if os.environ.get("ADUAN_TEST_SCALE") == "full" else 10
KILLING_SECONDS = 150.0
"""The kills stop here even if fewer were made, so that the suite stays bounded; the count made is asserted."""
REGISTER = TABS[0]


def tickets_in(sheet: Sheet) -> list[str]:
    values = sheet.read(["Register"])["Register"]
    place = locate(REGISTER, values.header).positions["ticket"]
    return [str(row[place]) for row in values.rows if len(row) > place and row[place]]


class Citizens(threading.Thread):
    """File complaints one after another, each with its own key, and again with the same key when no answer came."""

    def __init__(self, server: Running, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.server, self.stop = server, stop
        self.accepted: list[str] = []

    def run(self) -> None:
        key = ""
        while not self.stop.is_set():
            key = key or uuid.uuid4().hex
            try:
                answer = self.server.file(key, description=f"Bantuan belum cair, pengaduan {key}")
            except requests.RequestException:
                self.stop.wait(0.1)
                continue
            if answer.status_code == 201:
                self.accepted.append(answer.json()["ticket"])
                key = ""
            self.stop.wait(0.05)


class Staff(threading.Thread):
    """Write into `Tindak Lanjut` of rows, and remember each edit that the register acknowledged."""

    def __init__(self, sheet: Sheet, stop: threading.Event, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self.sheet, self.stop, self.chance = sheet, stop, chance
        self.sheet_id = sheet.sheet_ids()["Register"]
        self.written: dict[str, str] = {}
        self.tried: dict[str, set[str]] = {}

    def run(self) -> None:
        number = 0
        while not self.stop.is_set():
            number += 1
            try:
                self._edit(f"catatan {number}")
            except (AduanError, requests.RequestException):
                self.stop.wait(0.1)
            self.stop.wait(0.1)

    def at_work(self, rows: int) -> bool:
        """Whether more than so many rows hold something of theirs."""
        return len(self.written) > rows

    def _edit(self, text: str) -> None:
        values = self.sheet.read(["Register"])["Register"]
        layout = locate(REGISTER, values.header)
        rows = [i for i, row in enumerate(values.rows, start=1) if row and row[layout.positions["ticket"]]]
        if not rows:
            return
        index = self.chance.choice(rows)
        ticket = str(values.rows[index - 1][layout.positions["ticket"]])
        self.tried.setdefault(ticket, set()).add(text)
        self.sheet.batch([write(self.sheet_id, index, layout.positions["follow_up"], [text])])
        self.written[ticket] = text


def kill_somebody(server: Running, chance: random.Random) -> None:
    """`kill -9` of the supervisor, or of one of its children, which the supervisor then restarts."""
    family = server.family()
    victim = chance.choice(family) if family else None
    if victim is None or victim.pid == family[0].pid:
        children = server.kill()
        _, left = psutil.wait_procs(children, timeout=12)
        assert not left, "a child outlived its killed parent"
        server.start(wait=False)
    else:
        victim.kill()


def test_kills_under_load_lose_no_complaint_and_no_staff_edit(tmp_path: Path) -> None:
    """Twenty kills at random moments; the seed is printed, so that a failure can be run again."""
    seed = int(os.environ.get("ADUAN_TEST_SEED", time.time_ns() % 10**9))
    print(f"seed {seed}")
    chance = random.Random(seed)
    with running(tmp_path) as server:
        stop = threading.Event()
        sheet = server.sheet()
        wait_until(lambda: "Register" in _titles(sheet), 30, "the register is provisioned")
        citizens, staff = Citizens(server, stop), Staff(server.sheet(), stop, chance)
        citizens.start()
        staff.start()
        kills, until = 0, time.monotonic() + KILLING_SECONDS * KILLS / 20
        while kills < KILLS and time.monotonic() < until:
            if kills % 5 == 0:  # a busy machine may take longer to start anew than the next kill takes to come
                began = time.monotonic()
                wait_until(partial(staff.at_work, kills // 5), 90, "staff are at work")
                until += time.monotonic() - began
            time.sleep(chance.uniform(0.3, 5.0))
            kill_somebody(server, chance)
            kills += 1
        wait_until(server.alive, 60, "the server answers after the last kill")
        time.sleep(1)
        stop.set()
        citizens.join(20)
        staff.join(60)
        assert kills == KILLS
        assert len(citizens.accepted) > KILLS, "there was load"
        assert len(staff.written) > 3, "staff were at work"
        wait_until(lambda: set(citizens.accepted) <= set(_tickets(sheet)), 90, "every accepted ticket has its row")
        counts = Counter(tickets_in(sheet))
        assert {ticket: counts[ticket] for ticket in counts if counts[ticket] != 1} == {}
        assert len(set(citizens.accepted)) == len(citizens.accepted)
        for ticket, text in staff.written.items():
            assert _follow_up(sheet, ticket) in {text} | _later(staff.tried[ticket], text)
        print(f"{kills} kills, {len(citizens.accepted)} complaints, {len(staff.written)} rows edited")


def _titles(sheet: Sheet) -> list[str]:
    try:
        return sheet.titles()
    except AduanError:
        return []


def _tickets(sheet: Sheet) -> list[str]:
    try:
        return tickets_in(sheet)
    except AduanError:
        return []


def _later(tried: set[str], text: str) -> set[str]:
    """Edits after the last acknowledged one: their answer was lost, so they may or may not have been made."""
    return {other for other in tried if int(other.split()[1]) > int(text.split()[1])}


def _follow_up(sheet: Sheet, ticket: str) -> Any:
    values = sheet.read(["Register"])["Register"]
    places = locate(REGISTER, values.header).positions
    (row,) = (row for row in values.rows if row and row[places["ticket"]] == ticket)
    return row[places["follow_up"]] if len(row) > places["follow_up"] else ""


def test_complaints_filed_while_the_register_is_down_arrive_once_it_is_back(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "localsheets", "--port", str(port), "--data", str(tmp_path / "sheets")]
    register = subprocess.Popen([*command, "--token", "uji"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        outside = {"ADUAN_SHEETS_URL": f"http://127.0.0.1:{port}", "ADUAN_SHEETS_TOKEN": "uji"}
        with running(tmp_path, **outside) as server:
            sheet = server.sheet()
            wait_until(lambda: len(_titles(sheet)) == len(TABS), 30, "the register is provisioned")
            register.kill()
            register.wait()
            tickets = [server.file().json()["ticket"] for _ in range(100)]
            assert server.status(tickets[-1])["status"] == "received"
            assert requests.get(f"{server.url}/readyz", timeout=10).ok, "intake goes on"
            register = subprocess.Popen(
                [*command, "--token", "uji"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            wait_until(lambda: len(_tickets(sheet)) >= 100, 30, "100 rows")
            time.sleep(3)
            assert Counter(tickets_in(sheet)) == Counter(tickets)
    finally:
        register.kill()
        register.wait()


def test_a_second_server_on_the_same_data_is_refused(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        second = subprocess.run(
            [sys.executable, "-m", "aduan", "--data", str(tmp_path / "data"), "serve"],
            cwd=Path(__file__).parents[1],
            env={**os.environ, "PORT": str(free_port())},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert second.returncode != 0
        assert "sudah berjalan" in second.stderr
        assert server.alive()
