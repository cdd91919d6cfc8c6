"""
What the Excel file of a report counts from: a row for each complaint, and a row for each of its rounds with its clocks.

Numbers, dates and codes only; nothing that anybody wrote. Restricted complaints, and those that nobody has looked at
yet and so might be, stand at the end without number and ticket, so that a file passed around does not point at them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from automation.reports import formulas
from automation.reports.counting import bounds, values_of
from automation.reports.document import DataColumn, DataSheet
from automation.reports.marks import Counted, looked_after, outcome_of
from register.cases import Case
from register.complaint import WITA, Complaint
from register.figures import DIMENSION_LABELS, HIDDEN, Figures, Timing
from register.periods import Period

_COMPLAINT_COLUMNS = (
    DataColumn("number", "Nomor registrasi"),
    DataColumn("ticket", "Tiket"),
    DataColumn("procedure", "SOP"),
    DataColumn("recorded", "Dicatat"),
    *(DataColumn(dimension.value, label) for dimension, label in DIMENSION_LABELS.items()),
    DataColumn("closed", "Ditutup"),
    DataColumn("outcome", "Cara berakhir"),
    DataColumn("open_before", "Belum selesai pada awal"),
    DataColumn("open_after", "Belum selesai pada akhir"),
    DataColumn("reopened", "Dibuka kembali (kali)"),
    DataColumn("verdict", "Menurut warga"),
    *(DataColumn(f"rating_{number}", f"Nilai {number} (kali)") for number in range(1, 6)),
    DataColumn("emergency", "Darurat"),
    DataColumn("emergency_minutes", "Darurat (menit)"),
)
_ROUND_COLUMNS = (DataColumn("round_number", "Nomor registrasi"), DataColumn("round", "Putaran"))
_RATINGS = [f"rating:{number}" for number in range(1, 6)]
_VERDICTS = {
    "verdict:by_reporter": formulas.AGREED,
    "verdict:disputed": formulas.DISPUTED,
    "verdict:silent": formulas.SILENT,
}
_KEPT = {"on_time": formulas.ON_TIME, "late": formulas.LATE, "overdue": formulas.OVERDUE}
_SEEN = {
    "emergencies:in_time": formulas.SEEN,
    "emergencies:late": formulas.SEEN_LATE,
    "emergencies:unseen": formulas.UNSEEN,
    "emergencies:waiting": formulas.NOT_DUE,
}


class CaseData:
    """
    The sheets of data for a report, gathered while its figures are counted.

    Args:
        now: When it is counted.
    """

    def __init__(self, period: Period, now: datetime) -> None:
        self._period = period
        _, self._until = bounds(period, now)
        self._complaints, self._rounds = _Hiding(), _Hiding()

    def add(self, period: Period, counted: Counted) -> None:
        """What a complaint adds to a period; of other periods than its own nothing is kept."""
        if period != self._period or not (counted.marks or counted.clocks):
            return
        case = counted.case
        named = _named(case.complaint)
        self._complaints.add(case, _complaint_row(counted, self._until, named))
        by_round: dict[int, list[tuple[str, str, int | None]]] = defaultdict(list)
        for clock, how, minutes in counted.clocks:
            by_round[clock.round].append((clock.key, _KEPT[how], minutes))
        procedure = case.complaint.procedure.value
        for number, cells in by_round.items():
            self._rounds.add(case, (named[0], number, procedure, tuple(cells)))

    def sheets(self, figures: Figures) -> Sequence[DataSheet]:
        """With a pair of columns for each clock of the figures."""
        heads = [
            DataColumn(key, head)
            for timing in figures.timings
            for key, head in zip(formulas.clock_columns(timing), _clock_heads(timing), strict=True)
        ]
        columns = [*_ROUND_COLUMNS, *heads]
        places = {
            (timing.procedure, timing.key): place
            for place, timing in zip(range(len(_ROUND_COLUMNS), len(columns), 2), figures.timings, strict=True)
        }
        return (
            DataSheet("Data", _COMPLAINT_COLUMNS, self._complaints.rows),
            DataSheet("Waktu", columns, [_laid_out(row, places, len(columns)) for row in self._rounds.rows]),
        )


def _laid_out(row: tuple[Any, ...], places: Mapping[tuple[str, str], int], width: int) -> Sequence[object]:
    """What is kept of a round, each clock's result and minutes where its columns stand."""
    number, round_number, procedure, timed = row
    cells: list[object] = [None] * width
    cells[: len(_ROUND_COLUMNS)] = number, round_number
    for key, how, minutes in timed:
        place = places[procedure, key]
        cells[place], cells[place + 1] = how, minutes
    return cells


def _clock_heads(timing: Timing) -> tuple[str, str]:
    return f"{timing.procedure}.{timing.key}", f"{timing.procedure}.{timing.key} (menit)"


class _Hiding:
    """Rows, those of hidden complaints at the end."""

    def __init__(self) -> None:
        self._open: list[tuple[Any, ...]] = []
        self._hidden: list[tuple[Any, ...]] = []

    def add(self, case: Case, row: tuple[Any, ...]) -> None:
        (self._hidden if case.complaint.maybe_restricted else self._open).append(row)

    @property
    def rows(self) -> Sequence[tuple[Any, ...]]:
        return [*self._open, *sorted(self._hidden, key=repr)]


def _complaint_row(counted: Counted, until: datetime, named: tuple[str, str]) -> tuple[object, ...]:
    case, marks = counted.case, counted.marks
    complaint = case.complaint
    closing = case.closing_before(until) if "closed" in marks else None
    return (
        *named,
        complaint.procedure.value,
        _day(complaint.recorded_at),
        *(value or formulas.UNKNOWN for value in values_of(complaint)),
        _day(closing.at) if closing else None,
        outcome_of(closing).value if closing else None,
        marks.count("pending_before") or None,
        marks.count("pending") or None,
        marks.count("reopened") or None,
        _coded(_VERDICTS, marks),
        *(marks.count(rating) or None for rating in _RATINGS),
        _coded(_SEEN, marks),
        looked_after(case, until) if "emergencies" in marks else None,
    )


def _coded(codes: Mapping[str, str], marks: Sequence[str]) -> str | None:
    return next((codes[mark] for mark in marks if mark in codes), None)


def _named(complaint: Complaint) -> tuple[str, str]:
    return (HIDDEN, HIDDEN) if complaint.maybe_restricted else (complaint.register_number, complaint.ticket)


def _day(at: datetime) -> date:
    return at.astimezone(WITA).date()
