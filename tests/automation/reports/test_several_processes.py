"""Counting in several processes comes to what one process counts, whatever becomes of them."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.reports import several_processes
from automation.reports.counting import Count, Counting, Question
from automation.reports.making import SHOWN
from automation.reports.several_processes import counted_apart
from register.cases import Case, Cases
from register.database import open_engine, sqlite_url
from register.periods import LENGTHS, Period
from register.sealing import Keyring
from register.store import Store
from tests.automation.reminders.desk import empty_database
from tests.automation.reminders.staff_rules import seeds, wita
from tests.automation.reports.office_year import OfficeYear
from tests.automation.reports.played import played

pytestmark = pytest.mark.program

RULES = seeds()
NOW = wita("2027-02-01 10.00")
YEAR = Period.parse("2026")
COMPLAINTS = 25


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    file = empty_database(tmp_path_factory.mktemp("counted") / "aduan.sqlite3")
    store = Store(open_engine(sqlite_url(file)), Keyring(bytes(range(32))))
    OfficeYear(store, seeds()).run(COMPLAINTS)
    yield store
    store.close()


@pytest.fixture
def _shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if there were very many complaints."""
    monkeypatch.setattr(several_processes, "FEW", 3)
    monkeypatch.setattr(several_processes, "_SLICE", 4)
    monkeypatch.setattr(several_processes, "_processors", lambda: 2)


def counted(store: Store) -> tuple[object, ...]:
    counting = Counting(store, lambda _: RULES)
    periods = [Period(YEAR.first, length).moved(by) for length in LENGTHS for by in range(12 // length)]
    figures, data = counting.figures_and_data(periods, NOW, SHOWN, YEAR)
    return figures, *[(sheet.columns, sheet.rows) for sheet in data.sheets()]


def test_it_comes_to_the_same(store: Store, request: pytest.FixtureRequest) -> None:
    alone = counted(store)
    request.getfixturevalue("_shared")
    assert counted(store) == alone


def process_and_tickets(cases: Iterable[Case]) -> tuple[int, list[str]]:
    return os.getpid(), [case.complaint.ticket for case in cases]


def dying(parent: int, at: str, cases: Iterable[Case]) -> list[str]:
    """Ends its process at a complaint, as one is ended that takes too much memory; not the one that asked."""
    seen = [case.complaint.ticket for case in cases]
    if at in seen and os.getpid() != parent:
        os._exit(9)
    return seen


def waiting(folder: Path, cases: Iterable[Case]) -> None:
    (folder / str(os.getpid())).touch()
    time.sleep(3)


@pytest.mark.usefixtures("_shared")
def test_slices_come_in_order_and_not_from_this_process(store: Store) -> None:
    tickets = store.touched(YEAR.since, NOW)
    found = list(counted_apart(store, tickets, process_and_tickets))
    assert [ticket for _, some in found for ticket in some] == tickets
    assert [len(some) for _, some in found] == [4] * 6 + [1]
    assert os.getpid() not in {process for process, _ in found}


@pytest.mark.usefixtures("_shared")
@pytest.mark.parametrize("place", [0, 9, COMPLAINTS - 1])
def test_what_a_process_leaves_undone_is_done_here(store: Store, place: int) -> None:
    tickets = store.touched(YEAR.since, NOW)
    found = counted_apart(store, tickets, partial(dying, os.getpid(), tickets[place]))
    assert [ticket for some in found for ticket in some] == tickets


def test_they_end_with_who_asked_them(store: Store, tmp_path: Path) -> None:
    asking = subprocess.Popen([sys.executable, "-m", __name__, store.address, str(tmp_path)])
    processes = _eventually(lambda: [int(each.name) for each in tmp_path.iterdir()], lambda found: len(found) == 2)
    asking.kill()
    asking.wait()
    assert _eventually(lambda: [each for each in processes if _runs(each)], lambda found: not found) == []


def _eventually(look: Callable[[], list[int]], is_so: Callable[[list[int]], bool]) -> list[int]:
    """What it is once it is so, or after half a minute."""
    for _ in range(300):
        if is_so(value := look()):
            break
        time.sleep(0.1)
    return value


def _runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@given(st.lists(st.integers(1, 30), max_size=6))
def test_counts_of_parts_are_the_count_of_all(sizes: Sequence[int]) -> None:
    every = played(120)
    asked = Question([YEAR, Period.parse("2026-Q1")], NOW, SHOWN, RULES.calendar, YEAR)
    joined, rest = Count(asked), iter(every)
    for size in (*sizes, len(every)):
        joined.join(asked.count(islice(rest, size)))
    whole = asked.count(every)
    figures = [[tally.figures(RULES.procedures) for tally in count.tallies] for count in (joined, whole)]
    assert figures[0] == figures[1]
    assert joined.data.sheets() == whole.data.sheets()


if __name__ == "__main__":
    address, folder = sys.argv[1:]
    several_processes.FEW, several_processes._SLICE, several_processes._processors = 3, 4, lambda: 2
    asked = Cases(open_engine(address))
    from tests.automation.reports.test_several_processes import waiting  # the other processes' main module is not this

    list(counted_apart(asked, asked.touched(YEAR.since, NOW), partial(waiting, Path(folder))))
