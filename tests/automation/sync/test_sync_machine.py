"""
Two-way sync under random interleavings: filings, staff edits, rows and columns that move at any moment, also between
the tick's read and its write, crashes, lost answers and refusals; and what must hold all the same.
"""

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from register.complaint import Identity
from tests.automation.sync.sync_world import Place, Told, World
from tests.office import close_office, open_office

pytestmark = pytest.mark.fault

BOUNDED = os.environ.get("ADUAN_TEST_SCALE") != "full" and "ADUAN_SYNC_RUNS" not in os.environ
"""The bounded count plays the same stories each time, so that a change is to blame for what it breaks; `make soak` and
`ADUAN_SYNC_RUNS` search for new ones."""
SEED = int(os.environ.get("ADUAN_SYNC_SEED", "1"))
RUNS = int(os.environ.get("ADUAN_SYNC_RUNS", 600 if os.environ.get("ADUAN_TEST_SCALE") == "full" else 8))
"""Of nearly `STEPS` steps each, so that the full count makes more than 10,000 steps."""
STEPS = 20
SHRINK = bool(os.environ.get("ADUAN_SYNC_SHRINK"))
"""Making a failure small takes minutes; without it the failing run is printed as it was."""
SMALL = st.integers(0, 40)
ROWS = ["sort", "move", "insert", "delete", "duplicate", "cut", "blank ticket", "clear"]
COLUMNS = ["own column", "move column", "rename", "break", "double"]
TEXTS = st.sampled_from(
    [
        "Bantuan sembako belum cair",
        "Mohon bantuan kursi roda untuk anak saya",
        "Ketua kelompok minta uang 50 ribu tiap pencairan, pungli terus",
        "Banjir di desa kami, rumah terendam",
    ]
)
CELLS = st.one_of(
    st.tuples(st.just("act"), st.sampled_from(["Proses", "Selesai", "Arsipkan", "Tunda", "entah", ""])),
    st.tuples(st.just("corrected_bidang"), st.sampled_from(["Dayasos", "Rehsos", "Bidang Khayalan", ""])),
    st.tuples(st.just("officer"), st.sampled_from(["Kepala Bidang Linjamsos", "Bu Siapa", ""])),
    st.tuples(st.just("follow_up"), st.sampled_from(["sudah ditelepon", "hubungi desa", "=1+1", ""])),
    st.tuples(st.just("reply"), st.sampled_from(["Bantuan cair tanggal 1.", "Mohon menunggu.", ""])),
    st.tuples(st.just("send_reply"), st.booleans()),
    st.tuples(st.just("received_at"), st.sampled_from(["2026-11-20 09:15", "20/11/2026 9.15", "kemarin", ""])),
    st.tuples(st.just("channel"), st.sampled_from(["Telepon", "Merpati", ""])),
    st.tuples(st.just("description"), st.sampled_from(["ralat ceritanya", ""])),
    st.tuples(st.just("name"), st.sampled_from(["Nama Ralat", "Nama Lain", ""])),
    st.tuples(st.just("contact"), st.sampled_from(["0812-0000-0001", "contoh@warga.invalid", ""])),
    st.tuples(st.just("identity"), st.sampled_from(["Terbuka", "Rahasia", "Anonim", "apa", ""])),
    st.tuples(st.just("district"), st.sampled_from(["Tenggarong", ""])),
)
TYPED = st.fixed_dictionaries(
    {"description": TEXTS, "name": st.just("Bu Loket"), "contact": st.just("081200000000")},
    optional={"identity": st.sampled_from(["Rahasia", "Anonim", "Terbuka"]), "act": st.just("Proses")},
)


class SyncMachine(RuleBasedStateMachine):
    """See `World`; here are only the moves."""

    place: Place
    told: Told

    @initialize(filed=st.integers(0, 3), text=TEXTS)
    def open(self, filed: int, text: str) -> None:
        self.told.runs += 1
        self.world = World(self.place, self.told)
        for _ in range(filed):
            self.world.file(text, Identity.OPEN)
        self.world.tick()

    def _step(self) -> World:
        self.told.steps += 1
        return self.world

    @rule(text=TEXTS, identity=st.sampled_from(Identity))
    def file(self, text: str, identity: Identity) -> None:
        self._step().file(text, identity)

    @rule(cells=TYPED)
    def type_row(self, cells: dict[str, Any]) -> None:
        self._step().type_row(**cells)

    @rule(cells=TYPED, lacking=st.sampled_from(["description", "name", "contact"]))
    def begin_a_row(self, cells: dict[str, Any], lacking: str) -> None:
        self._step().type_row(**{key: text for key, text in cells.items() if key != lacking})

    @rule(a=SMALL, cell=CELLS)
    def edit(self, a: int, cell: tuple[str, Any]) -> None:
        self._step().edit(a, *cell)

    @rule(a=SMALL, cell=CELLS)
    def edit_between_read_and_write(self, a: int, cell: tuple[str, Any]) -> None:
        world = self._step()
        world.between(lambda: world.edit(a, *cell))

    @rule(name=st.sampled_from(ROWS + COLUMNS), a=SMALL, b=SMALL)
    def structural(self, name: str, a: int, b: int) -> None:
        self._step().structural(name, a, b)

    @rule(name=st.sampled_from(ROWS + COLUMNS), a=SMALL, b=SMALL)
    def structural_between_read_and_write(self, name: str, a: int, b: int) -> None:
        world = self._step()
        world.between(lambda: world.structural(name, a, b))

    @rule(count=st.integers(1, 3))
    def tick(self, count: int) -> None:
        for _ in range(count):
            self._step().tick()

    @rule(a=SMALL)
    def deliver_an_edit(self, a: int) -> None:
        self._step().deliver(a)

    @rule(
        kind=st.sampled_from(["restart", "answer lost", "killed before writing", "cut", "refused", "refused for long"])
    )
    def trouble(self, kind: str) -> None:
        self._step().trouble(kind)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            try:
                self.world.settle()
            finally:
                self.world.close()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    office = open_office(tmp_path, judged=False)
    yield Place(office, tmp_path)
    close_office(office)


def test_any_interleaving_keeps_every_promise(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    told = Told()
    machine: Callable[[], SyncMachine] = type("Machine", (SyncMachine,), {"place": place, "told": told})
    if BOUNDED:
        seed(SEED)(machine)
    scale = settings(
        max_examples=RUNS,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate, *([Phase.shrink] if SHRINK else [])],
    )
    run_state_machine_as_test(machine, settings=scale)
    with capsys.disabled():
        print(f"\n{told.line()}: every promise kept")
    assert told.runs >= RUNS
