"""Who moves, who does not and why; retention; when the office is quiet."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from automation.archive.plan import Verdict, kept_from, kept_months, quiet, verdicts
from automation.calendars.explaining_due import rules_for
from automation.configuration.office_settings import problem_of
from register.complaint import Channel, Complaint, Identity, Procedure, Status
from tests.builders import MOMENT

NOW = MOMENT + timedelta(days=100)
BEFORE = NOW - timedelta(days=90)


def _complaint(ticket: str = "A", **changes: object) -> Complaint:
    made = Complaint(ticket, 1, Channel.WEB, Procedure.ONLINE, Identity.OPEN, MOMENT, MOMENT, MOMENT, Status.ARCHIVED)
    return replace(made, **changes)  # type: ignore[arg-type]  # names of its fields


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, Verdict.MOVES),
        ({"updated_at": BEFORE}, Verdict.YOUNG),
        ({"status": Status.RESOLVED}, Verdict.OPEN),
        ({"held_since": MOMENT}, Verdict.HELD),
        ({"held_since": MOMENT, "updated_at": NOW}, Verdict.HELD),
    ],
)
def test_one_alone(changes: dict[str, object], verdict: Verdict) -> None:
    assert verdicts([_complaint(**changes)], {}, {}, BEFORE) == {"A": verdict}


@pytest.mark.parametrize(
    ("kin", "verdict"),
    [
        ({"status": Status.IN_PROGRESS}, Verdict.FAMILY),
        ({"held_since": MOMENT}, Verdict.FAMILY),
        ({"status": Status.IN_PROGRESS, "inactive_since": MOMENT}, Verdict.MOVES),
        ({}, Verdict.MOVES),
    ],
)
def test_a_family_goes_together(kin: dict[str, object], verdict: Verdict) -> None:
    case, joined = _complaint("A"), _complaint("B", merged_into="A", status=Status.MERGED)
    other_case = replace(case, **kin)  # type: ignore[arg-type]
    assert verdicts([joined], {"A": [joined]}, {"A": other_case}, BEFORE)["B"] is verdict
    other = replace(_complaint("C", merged_into="A", status=Status.MERGED), **kin)  # type: ignore[arg-type]
    assert verdicts([case], {"A": [joined, other]}, {}, BEFORE)["A"] is verdict


def test_what_waits_for_its_report_stays_with_its_family() -> None:
    case, joined = _complaint("A"), _complaint("B", merged_into="A", status=Status.MERGED)
    assert verdicts([case], {}, {}, BEFORE, {"A"})["A"] is Verdict.RUNNING
    found = verdicts([case, joined], {"A": [joined]}, {"A": case}, BEFORE, {"A"})
    assert found == {"A": Verdict.RUNNING, "B": Verdict.FAMILY}


@pytest.mark.parametrize(
    ("months", "at", "expected"),
    [
        (12, datetime(2026, 11, 23, 2, tzinfo=UTC), datetime(2025, 11, 23, 2, tzinfo=UTC)),
        (1, datetime(2026, 3, 31, 2, tzinfo=UTC), datetime(2026, 2, 28, 2, tzinfo=UTC)),
        (24, datetime(2028, 2, 29, 2, tzinfo=UTC), datetime(2026, 2, 28, 2, tzinfo=UTC)),
        (11, datetime(2026, 11, 23, 2, tzinfo=UTC), datetime(2025, 12, 23, 2, tzinfo=UTC)),
    ],
)
def test_months_go_by_the_calendar(months: int, at: datetime, expected: datetime) -> None:
    assert kept_from(months, at) == expected


def test_nothing_is_erased_unless_a_setting_says_so() -> None:
    rules = rules_for(2026, None)
    assert kept_months(rules) == {}
    some = replace(rules, settings={**rules.settings, "retensi_PKH": "5 tahun"})
    assert kept_months(some) == {"PKH": 60}
    general = replace(rules, settings={**rules.settings, "retensi": "18 bulan", "retensi_PKH": "lima"})
    assert kept_months(general)["SEMBAKO"] == 18
    assert "PKH" not in kept_months(general), "a slip of the keyboard erases nothing"


@pytest.mark.parametrize(
    ("name", "text", "wrong"),
    [
        ("retensi", "", False),
        ("retensi_PKH", "5 tahun", False),
        ("retensi_PKH", "0 tahun", True),
        ("retensi_PKH", "5", True),
        ("arsip_lembar", "mungkin", True),
        ("arsip_lembar", "Tidak", False),
        ("arsip_setelah", "3 hari kerja", True),
    ],
)
def test_settings_are_explained(name: str, text: str, wrong: bool) -> None:
    problem = problem_of(name, text)
    assert problem is not None
    assert bool(problem) is wrong


@pytest.mark.parametrize(
    ("hour", "expected"),
    [(1, False), (3, False), (16, True), (23, True)],
    ids=["9 WITA", "11 WITA", "midnight", "7 WITA"],
)
def test_quiet_is_outside_office_hours(hour: int, expected: bool) -> None:
    assert quiet(rules_for(2026, None), datetime(2026, 11, 24, hour, tzinfo=UTC)) is expected
