"""
A year in the office: every deadline in the store is the one that a count minute by minute gives, and the register is
whole at the end. The counting itself is tried on examples first.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from register.complaint import Event, EventKind
from tests.year.brute_force import Comparison, Told, compare, told
from tests.year.embedded import working_office
from tests.year.figures import figure_faults
from tests.year.report import examine, printed
from tests.year.simulation import RULE_CHANGES, Year
from tests.year.timetable import NORMS, WITA, Rules, Timetable, instant, minute

FULL = os.environ.get("ADUAN_TEST_SCALE") == "full"
COMPLAINTS = 20_000 if FULL else 50
SEED = 2026


def at(text: str) -> int:
    return minute(datetime.fromisoformat(text).replace(tzinfo=WITA))


@pytest.mark.parametrize(
    ("start", "norms", "due"),
    [
        ("2026-02-13T10:00", ["2 hari kerja"], "2026-02-19T15:00"),
        ("2026-03-17T10:00", ["2 hari kerja"], "2026-03-26T16:00"),
        ("2026-12-23T10:00", ["10 hari kerja"], "2027-01-12T16:00"),
        ("2026-11-20T15:50", ["30 menit", "10 menit"], "2026-11-20T16:30"),
        ("2026-11-20T16:15", ["30 menit"], "2026-11-23T07:45"),
        ("2026-03-17T14:45", ["30 menit"], "2026-03-25T07:45"),
        ("2026-11-23T10:00", ["14 hari"], "2026-12-07T16:00"),
        ("2026-11-23T10:00", ["5 hari"], "2026-11-27T16:30"),
        ("2026-11-30T10:00", ["3 bulan"], "2027-02-26T15:30"),
    ],
)
def test_the_brute_force_counts_as_people_do(start: str, norms: list[str], due: str) -> None:
    assert instant(Timetable().due(at(start), norms)) == instant(at(due))


def test_the_brute_force_stands_still_while_the_office_waits() -> None:
    pause = [(at("2026-11-23T11:00"), at("2026-11-25T09:00"))]
    year = Timetable()
    assert year.due(at("2026-11-23T10:30"), ["60 menit"], pause) == at("2026-11-25T09:30")
    assert year.due(at("2026-11-23T10:30"), ["2 hari kerja"], pause) == at("2026-11-27T16:30")
    assert year.due(at("2026-11-23T10:30"), ["14 hari"], pause) == at("2026-12-09T16:00")


def test_a_deadline_that_is_a_minute_off_is_found() -> None:
    """A checker that agrees with everything would be worth nothing."""
    rules = [Rules(0, Timetable(), NORMS)]
    received = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
    steps = [Event(EventKind.STEP_DONE, received, "sistem", {"step": str(no)}) for no in range(1, 6)]
    disposed = {"category": "PKH", "bidang": "Linjamsos", "urgency": "Sedang"}
    events = [
        Event(EventKind.RECEIVED, received, "pelapor", {"channel": "web"}),
        *steps,
        Event(EventKind.DISPOSED, received, "sistem", disposed),
    ]
    case = told(events, rules, received + timedelta(days=1))
    right = dict(case.clocks)
    step_due = right[0, "langkah.6"].due
    assert step_due == at("2026-11-23T11:00")
    found = Comparison()
    compare(found, "right", right, case, at("2026-11-23T13:20"), step_due)
    assert found.differences == []
    wrong = right | {(0, "langkah.6"): Told(minute(received), step_due + 1)}
    compare(found, "wrong", wrong, case, at("2026-11-23T13:21"), step_due)
    assert len(found.differences) == 2


@pytest.mark.year
def test_a_year_in_the_office_agrees_with_the_brute_force(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with working_office(tmp_path) as office:
        year = Year(
            office,
            COMPLAINTS,
            seed=SEED,
            grid=60,
            tell=lambda _: None,
        )
        year.run()
        outcome = examine(year)
        figures = list(figure_faults(year, tmp_path))
    with capsys.disabled():
        print("\n" + printed(year, outcome, SEED))
    assert outcome.comparison.differences == []
    assert outcome.faults == []
    assert figures == []
    assert year.counts["ticks with problems"] == 0
    assert year.counts["changes of rules"] == len(RULE_CHANGES)
    assert len(year.lives) >= 0.98 * COMPLAINTS
