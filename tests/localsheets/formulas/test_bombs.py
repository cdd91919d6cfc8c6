"""Formulas that would burden or kill a calculator harm only their own cell; processes come and go as they should."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from localsheets.formulas.culprits import search
from localsheets.storage.shelf import Shelf
from tests.localsheets.formulas.conftest import ME, Clock, Desk

BOMBS = [
    "=COMBIN(1E15,5E14)",
    "=LET(f,LAMBDA(f,n,f(f,n)+f(f,n)),f(f,1))",
    "=SUMPRODUCT(SEQUENCE(1E5)*TRANSPOSE(SEQUENCE(1E5)))",
    '=REDUCE("",SEQUENCE(1E5),LAMBDA(a,b,a&a&b))',
]
QUIET = [
    "=FACT(1E9)",
    "=SEQUENCE(1E6,1E3)",
    '=LEN(REPT("x",1E9))',
    "=SUM(A1:XFD1048576)",
    "=A1:A",
]


def test_the_search_finds_what_is_too_much_and_nothing_else() -> None:
    bad = {(0, 5, 0), (0, 40, 0), (0, 41, 0)}
    tried = []

    def trial(included: set[tuple[int, int, int]]) -> str | None:
        tried.append(included)
        return "took too long" if included & bad else None

    places = [(0, row, 0) for row in range(100)]
    found = search([places[:50], places[50:]], "took too long", trial, lambda: False)
    assert set(found.guilty) == bad
    assert found.sound == set(places) - bad
    assert not found.late
    assert len(tried) < 40


def test_a_search_without_time_leaves_the_rest_for_later() -> None:
    places = [(0, row, 0) for row in range(4)]
    found = search([places], "late", lambda included: "late" if included else None, lambda: True)
    assert (found.late, found.guilty, found.sound) == (set(places), {}, set())


def test_a_calculator_that_cannot_run_accuses_no_formula() -> None:
    found = search([[(0, 0, 0)]], "died", lambda _: "died", lambda: False)
    assert (found.late, found.guilty) == ({(0, 0, 0)}, {})


@pytest.mark.parametrize("formula", ["=A1", "=A2+1", "=SUM(A:A)", "=IF(FALSE,1,A1)"])
def test_a_circle_is_an_error(desk: Desk, formula: str) -> None:
    desk.write("A1", [formula, "=1+1"], ["=A1"])
    assert desk.value("B1") == 2
    if formula != "=IF(FALSE,1,A1)":
        assert desk.value("A1") == "#REF!"
        assert "Circular" in (desk.error("A1") or {})["message"]


@pytest.mark.fault
@pytest.mark.alone
def test_every_other_formula_has_its_value_beside_doubling_texts(desk: Desk) -> None:
    desk.write("A1", ["xy", "=1+1"], *([f"=A{row}&A{row}"] for row in range(1, 60)))
    lengths = [len(row[0]) for row in desk.read("A2:A13")]
    assert lengths == [2 ** (row + 1) for row in range(1, 13)]
    assert all(str(row[0]).startswith("#") for row in desk.read("A30:A60"))
    assert desk.value("B1") == 2


@pytest.mark.fault
@pytest.mark.alone
def test_each_bomb_harms_only_its_own_cell(desk: Desk) -> None:
    desk.write("A1", [1, "=A1+1"])
    for row, formula in enumerate(BOMBS, 2):
        started = time.monotonic()
        desk.write(f"B{row}", [formula])
        assert desk.read(f"B1:B{row}") == [[2], *[["#ERROR!"]] * (row - 1)], formula
        took = time.monotonic() - started
        assert took < 12, (formula, took)
        print(f"{formula}: {took:.1f} s, {(desk.error(f'B{row}') or {})['message']}")
    started = time.monotonic()
    desk.write("A1", [5])
    assert desk.value("B1") == 6
    assert time.monotonic() - started < 1, "known bombs cost nothing"
    desk.write("B2", ["=A1*2"])
    assert desk.value("B2") == 10


@pytest.mark.fault
@pytest.mark.alone
def test_large_but_bearable_formulas(desk: Desk) -> None:
    desk.write("D1", *([formula] for formula in QUIET), ["=1+1"])
    shown = desk.read("D1:D6")
    assert shown[5] == [2]
    assert all(row and str(row[0]) for row in shown[:4])


@pytest.mark.fault
@pytest.mark.alone
def test_a_bomb_that_cells_made_is_one_no_more_when_they_change(desk: Desk) -> None:
    desk.write("A1", [1e15, 5e14], ["=A1"], ["=COMBIN(A2,B1)", "=A3+1", "=7"])
    assert desk.read("A3:C3") == [["#ERROR!", "#ERROR!", 7]]
    desk.write("A1", [5, 2])
    assert desk.read("A3:C3") == [[10, 11, 7]]


@pytest.mark.fault
@pytest.mark.alone
def test_many_bombs_at_once_take_bounded_time(desk: Desk) -> None:
    desk.write("A1", *([f"=COMBIN(1E15+{row},5E14)", f"={row}+1"] for row in range(20)))
    started = time.monotonic()
    shown = desk.read("A1:B20")
    assert time.monotonic() - started < 16
    assert all(row[0] == "#ERROR!" for row in shown)


def test_a_killed_child_is_replaced(desk: Desk) -> None:
    desk.write("A1", [1, "=A1+1"])
    assert desk.value("B1") == 2
    psutil.Process(desk.child()).kill()
    desk.write("A1", [2])
    assert desk.value("B1") == 3


@pytest.mark.fault
@pytest.mark.alone
def test_a_child_killed_at_work_is_replaced(desk: Desk) -> None:
    desk.write("A1", ["=FACT(1E9)", "=1+1"])
    reader = threading.Thread(target=desk.book)
    reader.start()
    until(lambda: bool(desk.shelf.calculators.pids()))
    time.sleep(0.2)
    psutil.Process(desk.child()).kill()
    reader.join(20)
    assert desk.value("B1") == 2


def test_a_child_that_nobody_needs_ends(tmp_path: Path, clock: Clock) -> None:
    shelf = Shelf(tmp_path, clock=clock, calculator_idle_seconds=0.3)
    desk = Desk(shelf, shelf.create(ME, {}, "test").book_id)
    desk.write("A1", ["=1+1"])
    assert desk.value("A1") == 2
    child = psutil.Process(desk.child())
    until(lambda: desk.value("A1") == 2 and not shelf.calculators.pids())
    assert not child.is_running()
    desk.write("A1", ["=2+2"])
    assert desk.value("A1") == 4
    shelf.close()


@pytest.mark.fault
@pytest.mark.alone
@pytest.mark.parametrize("formula", ["=1+1", "=COMBIN(1E15,5E14)"])
def test_a_child_ends_with_a_parent_that_is_killed(tmp_path: Path, formula: str) -> None:
    program = f"""
import threading, time
from pathlib import Path
from localsheets.identity import Identity
from localsheets.storage.shelf import Shelf
from localsheets.operations.values import write_range
me = Identity("a@kantor.test", "A")
shelf = Shelf(Path({str(tmp_path)!r}))
book = shelf.create(me, {{}}, "test")
with shelf.writing(book.book_id, me, "test") as draft:
    write_range(draft, "A1", [[{formula!r}]], entered=True, who=me)
threading.Thread(target=lambda: shelf.read(book.book_id, me), daemon=True).start()
while not shelf.calculators.pids():
    time.sleep(0.01)
print(shelf.calculators.pids()[0], flush=True)
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=os.environ.copy())
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, seconds=12)
    parent.stdout.close()


def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
