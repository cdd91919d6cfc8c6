"""Random calls of four clients at once over real HTTP, against a simple model: same values, revisions in order."""

import itertools
import os
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import pytest
import requests
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from localsheets.storage.shelf import Shelf
from tests.localsheets.conftest import CLERK, OWNER, STRANGER, Running

EXAMPLES = 400 if os.environ.get("ADUAN_TEST_SCALE") == "full" else 15
ROUNDS = 6
ROOT = "/v4/spreadsheets"
OWN, LOG, PAIR, OTHER, LINES = 1, 2, 3, 4, 5
TITLES = {OWN: "Milik", LOG: "Catatan", PAIR: "Pasangan", OTHER: "Lain", LINES: "Baris"}
TOKENS = ["owner-token", "clerk-token", "stranger-token", "owner-token"]
ON_LINES = ["set line", "insert line", "delete line", "move line", "sort lines"]
CALLS = ["write", "clear", "several", "cells", "append", "append below", "pair", "refused", "read", *ON_LINES]
SMALL = st.integers(0, 7)
CALL = st.tuples(st.sampled_from(CALLS), SMALL, SMALL)
fresh = itertools.count(1)
Json = dict[str, Any]


def _cell(text: str) -> Json:
    return {"values": [{"userEnteredValue": {"stringValue": text}}]}


class Client:
    """
    One of the four, and what it knows: its own column, its own log entries.

    The first one also owns the sheet of lines, whose rows it inserts, deletes, moves and sorts.
    """

    def __init__(self, number: int, server: Running, book_id: str) -> None:
        self.number = number
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {TOKENS[number]}"
        self.url = f"{server.url}{ROOT}/{book_id}"
        self.own: dict[int, str] = {}
        self.logged: list[list[str]] = []
        self.paired: str | None = None
        self.lines = [f"baris {n}" for n in range(8)]
        self.certain = self.possible = 0

    def call(self, method: str, path: str, expect: int = 200, **more: Any) -> Json:
        answer = self.session.request(method, self.url + path, timeout=30, **more)
        assert answer.status_code == expect, answer.text
        told: Json = answer.json()
        return told

    def batch(self, *asked: Json, expect: int = 200) -> Json:
        return self.call("POST", ":batchUpdate", expect, json={"requests": list(asked)})

    def put(self, where: str, text: str) -> None:
        self.call("PUT", f"/values/{quote(where)}?valueInputOption=RAW", json={"values": [[text]]})

    def get(self, *ranges: str) -> list[list[list[str]]]:
        told = self.call("GET", "/values:batchGet", params={"ranges": list(ranges)})
        return [found.get("values", []) for found in told["valueRanges"]]

    def text(self) -> str:
        return f"k{self.number}-{next(fresh):06d}"

    def place(self, row: int) -> str:
        return f"Milik!{'ABCD'[self.number]}{row + 1}"

    def run(self, calls: list[tuple[str, int, int]]) -> None:
        for name, a, b in calls:
            if name in ON_LINES:
                if self.number == 0:
                    self.act_on_lines(name, a % len(self.lines), b % len(self.lines))
            else:
                getattr(self, "do_" + name.replace(" ", "_"))(a, b)

    def changed(self, *, surely: bool = True) -> None:
        self.certain += surely
        self.possible += 1

    def do_write(self, a: int, b: int) -> None:
        text = self.text()
        self.put(self.place(a), text)
        self.own[a] = text
        self.changed()

    def do_clear(self, a: int, b: int) -> None:
        self.call("POST", f"/values/{quote(self.place(a))}:clear", json={})
        self.changed(surely=self.own.pop(a, None) is not None)

    def do_several(self, a: int, b: int) -> None:
        new = {row: self.text() for row in (a, b)}
        data = [{"range": self.place(row), "values": [[text]]} for row, text in new.items()]
        self.call("POST", "/values:batchUpdate", json={"valueInputOption": "RAW", "data": data})
        self.own |= new
        self.changed()

    def _own_cell(self, row: int, text: str) -> Json:
        start = {"sheetId": OWN, "rowIndex": row, "columnIndex": self.number}
        return {"updateCells": {"start": start, "rows": [_cell(text)], "fields": "userEnteredValue"}}

    def do_cells(self, a: int, b: int) -> None:
        text = self.text()
        self.batch(self._own_cell(a, text))
        self.own[a] = text
        self.changed()

    def do_refused(self, a: int, b: int) -> None:
        """The first request of the two is right; it must not be seen."""
        self.batch(self._own_cell(a, "never"), {"deleteSheet": {"sheetId": 999}}, expect=400)

    def do_append(self, a: int, b: int) -> None:
        texts = [self.text() for _ in range(a % 3 + 1)]
        rows = [_cell(text) for text in texts]
        self.batch({"appendCells": {"sheetId": LOG, "rows": rows, "fields": "userEnteredValue"}})
        self.logged.append(texts)
        self.changed()

    def do_append_below(self, a: int, b: int) -> None:
        texts = [self.text() for _ in range(a % 3 + 1)]
        path = "/values/Catatan!A1:append?valueInputOption=RAW"
        self.call("POST", path, json={"values": [[text] for text in texts]})
        self.logged.append(texts)
        self.changed()

    def do_pair(self, a: int, b: int) -> None:
        text = self.text()
        data = [{"range": f"{title}!A1", "values": [[text]]} for title in ("Pasangan", "Lain")]
        self.call("POST", "/values:batchUpdate", json={"valueInputOption": "RAW", "data": data})
        self.paired = text
        self.changed()

    def do_read(self, a: int, b: int) -> None:
        """Nobody else writes in this column, so it must be as this client left it; a pair is never torn."""
        one, other, own = self.get("Pasangan!A1", "Lain!A1", f"Milik!{'ABCD'[self.number]}1:{'ABCD'[self.number]}8")
        assert one == other
        assert {row: cells[0] for row, cells in enumerate(own) if cells} == self.own

    def act_on_lines(self, name: str, a: int, b: int) -> None:
        lines = {"sheetId": LINES, "dimension": "ROWS", "startIndex": a, "endIndex": a + 1}
        if name == "set line":
            self.lines[a] = self.text()
            self.put(f"Baris!A{a + 1}", self.lines[a])
        elif name == "insert line":
            self.batch({"insertDimension": {"range": lines}})
            self.lines.insert(a, "")
        elif name == "delete line" and len(self.lines) > 1:
            self.batch({"deleteDimension": {"range": lines}})
            del self.lines[a]
        elif name == "move line":
            self.batch({"moveDimension": {"source": lines, "destinationIndex": b}})
            self.lines.insert(b if b <= a else b - 1, self.lines.pop(a))
        elif name == "sort lines":
            spec = {"dimensionIndex": 0, "sortOrder": "ASCENDING" if b % 2 else "DESCENDING"}
            self.batch({"sortRange": {"range": {"sheetId": LINES}, "sortSpecs": [spec]}})
            filled = sorted((line for line in self.lines if line), reverse=b % 2 == 0)
            self.lines = filled + [""] * (len(self.lines) - len(filled))
        self.changed(surely=name in {"set line", "insert line"})


class FourClients(RuleBasedStateMachine):
    """One spreadsheet; each step lets the four make their calls at the same time and then compares everything."""

    running: Running
    rounds = 0
    calls: Counter[str]

    @initialize()
    def begin(self) -> None:
        sheets = [
            {"properties": {"sheetId": i, "title": title, "gridProperties": {"rowCount": 8, "columnCount": 4}}}
            for i, title in TITLES.items()
        ]
        made = self.running.call("POST", ROOT, json={"sheets": sheets}).json()
        self.book_id = made["spreadsheetId"]
        for who in (CLERK, STRANGER):
            share = {"type": "user", "role": "writer", "emailAddress": who.email}
            assert self.running.call("POST", f"/drive/v3/files/{self.book_id}/permissions", json=share).ok
        self.clients = [Client(number, self.running, self.book_id) for number in range(4)]
        first = self.clients[0]
        first.call("PUT", "/values/Baris!A1?valueInputOption=RAW", json={"values": [[line] for line in first.lines]})
        self.revision = self._revision()

    def _shelf(self) -> Shelf:
        shelf: Shelf = self.running.app.extensions["localsheets"]
        return shelf

    def _revision(self) -> int:
        return self._shelf().read(self.book_id, OWNER).revision

    @rule(plans=st.lists(st.lists(CALL, min_size=1, max_size=4), min_size=4, max_size=4))
    def all_at_once(self, plans: list[list[tuple[str, int, int]]]) -> None:
        type(self).rounds += 1
        self.calls.update(name for plan in plans for name, _, _ in plan)
        start = threading.Barrier(4)

        def play(client: Client, plan: list[tuple[str, int, int]]) -> None:
            client.certain, client.possible, client.paired = 0, 0, None
            start.wait(10)
            client.run(plan)

        with ThreadPoolExecutor(4) as pool:
            for done in [pool.submit(play, *both) for both in zip(self.clients, plans, strict=True)]:
                done.result()
        self._compare()

    def _compare(self) -> None:
        first = self.clients[0]
        own, log, one, other, lines = first.get("Milik!A1:D8", "Catatan!A:A", "Pasangan!A1", "Lain!A1", "Baris!A:A")
        held = {(r, c): text for r, row in enumerate(own) for c, text in enumerate(row) if text}
        assert held == {(r, client.number): text for client in self.clients for r, text in client.own.items()}
        self._compare_log([row[0] if row else "" for row in log])
        assert one == other
        assert not (last := {c.paired for c in self.clients if c.paired}) or one[0][0] in last
        assert [row[0] if row else "" for row in lines] == _trimmed(first.lines)
        self._compare_revisions()

    def _compare_log(self, log: list[str]) -> None:
        """Each entry exactly once, each client's in its order, and the rows of one call next to each other."""
        assert sorted(log) == sorted(text for client in self.clients for texts in client.logged for text in texts)
        places = {text: place for place, text in enumerate(log)}
        for client in self.clients:
            found = [places[text] for texts in client.logged for text in texts]
            assert found == sorted(found)
            for texts in client.logged:
                assert places[texts[-1]] - places[texts[0]] == len(texts) - 1

    def _compare_revisions(self) -> None:
        """One revision for each call that changed something, without a gap, none for a refused call."""
        before, self.revision = self.revision, self._revision()
        changes = self._shelf().change_log(self.book_id, OWNER, since=before, limit=1000)
        assert sorted({change.revision for change in changes}) == list(range(before + 1, self.revision + 1))
        made = self.revision - before
        assert sum(c.certain for c in self.clients) <= made <= sum(c.possible for c in self.clients)
        told = {change.who for change in changes}
        assert told <= {OWNER.email, CLERK.email, STRANGER.email}
        assert [c.at for c in changes] == sorted((c.at for c in changes), reverse=True)

    def teardown(self) -> None:
        for client in getattr(self, "clients", []):
            client.session.close()


def _trimmed(texts: list[str]) -> list[str]:
    end = len(texts)
    while end and not texts[end - 1]:
        end -= 1
    return texts[:end]


@pytest.mark.fault
def test_four_clients_at_once_agree_with_the_model(server: Running, capsys: pytest.CaptureFixture[str]) -> None:
    """No answer, no value and no revision that a single queue of the same calls could not have given."""
    machine: Callable[[], FourClients] = type("Machine", (FourClients,), {"running": server, "calls": Counter()})
    phases = [Phase.explicit, Phase.reuse, Phase.generate]  # a race is rarely the same twice, so nothing is shrunk
    scale = settings(max_examples=EXAMPLES, stateful_step_count=ROUNDS, deadline=None, phases=phases)
    run_state_machine_as_test(machine, settings=scale)
    with capsys.disabled():
        print(f"\n{machine.rounds} rounds of four clients, {sum(machine.calls.values())} calls: no difference")
    assert machine.rounds >= EXAMPLES
