"""The Excel file of a report, with complaints of every kind: its formulas come to the figures that were counted."""

import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from automation.reports.case_data import HIDDEN
from automation.reports.counting import Counting
from automation.reports.periodic import Labels, periodic_report
from automation.reports.xlsx import render_xlsx
from register.cases import Case
from register.periods import Period
from tests.automation.reminders.staff_rules import rules
from tests.automation.reports.played import played
from tests.automation.reports.recalculating import differing, recalculated

NEXT_YEAR = datetime(2027, 2, 1, tzinfo=UTC)
RULES = rules()


@dataclass(frozen=True)
class Shelf:
    """Gives who counts what a store would, and more: all that was recorded by then."""

    every: Sequence[Case]

    def touched(self, since: datetime, until: datetime) -> list[str]:
        return [case.complaint.ticket for case in self.every if case.complaint.recorded_at < until]

    def cases_of(self, tickets: Sequence[str]) -> Iterator[Case]:
        return (case for case in self.every if case.complaint.ticket in tickets)


def looked_at(every: Sequence[Case]) -> list[Case]:
    """The same, after the worker looked at each."""
    return [
        replace(case, complaint=replace(case.complaint, step_begun_at=case.complaint.recorded_at)) for case in every
    ]


def workbook(every: Sequence[Case], period: Period, now: datetime) -> bytes:
    shelf = Shelf(every)
    [figures], data = Counting(shelf, lambda _: RULES).figures_and_data([period], now, data_of=period)
    return render_xlsx(periodic_report(figures, [], Labels(RULES.bidang), made_at=now), data.sheets())


@pytest.mark.parametrize(
    ("many", "key", "now"),
    [
        (0, "2026-Q3", NEXT_YEAR),
        (1, "2026-01", NEXT_YEAR),
        (40, "2026-03", NEXT_YEAR),
        (300, "2026-Q3", NEXT_YEAR),
        (300, "2026-Q3", datetime(2026, 8, 14, 3, tzinfo=UTC)),
        (int(os.environ.get("ADUAN_TEST_SCALE") == "full") * 1000 or 150, "2026", NEXT_YEAR),
    ],
)
def test_every_formula_comes_to_its_figure(many: int, key: str, now: datetime, tmp_path: Path) -> None:
    content = workbook(played(many), Period.parse(key), now)
    found = recalculated(content, tmp_path)
    assert len(found) >= (120 if many >= 150 else 10)
    assert differing(content, tmp_path) == {}
    if many >= 150:
        assert sum(both[0] not in (0, "–") for both in found.values()) > 100


def test_what_nobody_has_looked_at_yet_may_be_restricted_and_is_not_pointed_at_either() -> None:
    seen, unseen = looked_at(played(200)[:40]), played(200)[40:44]
    sheets = load_workbook(io.BytesIO(workbook([*seen, *unseen], Period.parse("2026"), NEXT_YEAR)), read_only=True)
    rows = list(sheets["Data"].iter_rows(min_row=2, values_only=True))
    named = {row[1] for row in rows} - {HIDDEN}
    assert named == {case.complaint.ticket for case in seen if not case.complaint.restricted}
    assert len(rows) == 44


def test_restricted_complaints_are_not_pointed_at() -> None:
    every = looked_at(played(200))
    sheets = load_workbook(io.BytesIO(workbook(every, Period.parse("2026"), NEXT_YEAR)), read_only=True)
    rows = list(sheets["Data"].iter_rows(min_row=2, values_only=True))
    restricted = {case.complaint.ticket for case in every if case.complaint.restricted}
    assert restricted
    assert len(rows) == 200
    assert not restricted & {row[1] for row in rows}
    assert [row[1] for row in rows[-len(restricted) :]] == [HIDDEN] * len(restricted)
    numbers = {case.complaint.register_number for case in every if case.complaint.restricted}
    assert not numbers & {row[0] for row in sheets["Waktu"].iter_rows(min_row=2, values_only=True)}
