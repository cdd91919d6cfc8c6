"""
What the Excel file of a report counts from: a row for each complaint, and a row for each of its rounds with its clocks.

Numbers, dates and codes only; nothing that anybody wrote. Restricted complaints, and those that nobody has looked at
yet and so might be, stand at the end without number and ticket, so that a file passed around does not point at them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from automation.reports import formulas
from automation.reports.clock_labels import clock_labels
from automation.reports.excel_rows import DataColumn, DataSheet, RowWriter
from automation.reports.marks import Counted, looked_after, outcome_of
from automation.reports.tally import values_of
from register.cases import Case
from register.complaint import WITA, Complaint
from register.figures import DIMENSION_LABELS, HIDDEN

Cells = list[tuple[int, Any]]
"""Of a row: columns from 0, and what stands there."""
_COMPLAINT_COLUMNS = (
    DataColumn("number", "Nomor registrasi", 27),
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
_ROUND_COLUMNS = (DataColumn("round_number", "Nomor registrasi", 27), DataColumn("round", "Putaran"))
_COUNTS = {
    "pending_before": "open_before",
    "pending": "open_after",
    "reopened": "reopened",
    **{f"rating:{number}": f"rating_{number}" for number in range(1, 6)},
}
"""Columns that say how often a mark is there."""
_CODES = {
    "verdict:by_reporter": ("verdict", formulas.AGREED),
    "verdict:disputed": ("verdict", formulas.DISPUTED),
    "verdict:silent": ("verdict", formulas.SILENT),
    "emergencies:in_time": ("emergency", formulas.SEEN),
    "emergencies:late": ("emergency", formulas.SEEN_LATE),
    "emergencies:unseen": ("emergency", formulas.UNSEEN),
    "emergencies:waiting": ("emergency", formulas.NOT_DUE),
}
"""Columns that say which mark is there."""
_KEPT = {"on_time": formulas.ON_TIME, "late": formulas.LATE, "overdue": formulas.OVERDUE}
_PLACES = {column.key: place for place, column in enumerate(_COMPLAINT_COLUMNS)}


class CaseData:
    """The sheets of data for a report, gathered while its figures are counted."""

    def __init__(self) -> None:
        self.complaints, self.rounds = _Hiding(), _Hiding()

    def add(self, counted: Counted, until: datetime) -> None:
        """What a complaint adds to the period, which is counted up to an instant in UTC."""
        if not (counted.marks or counted.clocks):
            return
        case = counted.case
        named = _named(case.complaint)
        complaints, rounds = _writers()
        self.complaints.add(case, complaints.row(_complaint_cells(counted, until, named)))
        places, by_round = _places()[case.complaint.procedure], defaultdict[int, Cells](list)
        for clock, how, minutes in counted.clocks:
            cells, place = by_round[clock.round], places[clock.key]
            cells.append((place, _KEPT[how]))
            if minutes is not None:
                cells.append((place + 1, minutes))
        for number, cells in by_round.items():
            self.rounds.add(case, rounds.row([(0, named[0]), (1, number), *sorted(cells)]))

    def join(self, later: "CaseData") -> None:
        """That of complaints which were recorded later."""
        self.complaints.join(later.complaints)
        self.rounds.join(later.rounds)

    def sheets(self) -> Sequence[DataSheet]:
        """One of complaints, and one of their rounds."""
        return (
            DataSheet("Data", _COMPLAINT_COLUMNS, self.complaints.rows),
            DataSheet("Waktu", _round_columns(), self.rounds.rows),
        )


@cache
def _round_columns() -> Sequence[DataColumn]:
    """With a pair for each clock: the same in every report, so that those of several months can be put together."""
    heads = [
        DataColumn(key, f"{procedure}.{clock}{unit}")
        for procedure, clock in clock_labels()
        for key, unit in zip(formulas.clock_columns(procedure, clock), ("", " (menit)"), strict=True)
    ]
    return (*_ROUND_COLUMNS, *heads)


@cache
def _places() -> Mapping[str, Mapping[str, int]]:
    """Where the first of a clock's columns stands, by SOP and key."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for number, (procedure, key) in enumerate(clock_labels()):
        found[procedure][key] = len(_ROUND_COLUMNS) + 2 * number
    return found


@cache
def _writers() -> tuple[RowWriter, RowWriter]:
    return RowWriter(len(_COMPLAINT_COLUMNS)), RowWriter(len(_round_columns()))


class _Hiding:
    """Rows, those of hidden complaints at the end."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.hidden: list[str] = []

    def add(self, case: Case, row: str) -> None:
        (self.hidden if case.complaint.maybe_restricted else self.open).append(row)

    def join(self, later: "_Hiding") -> None:
        self.open += later.open
        self.hidden += later.hidden

    @property
    def rows(self) -> Sequence[str]:
        """Sorted where they are hidden, as their order would say which of them came first."""
        return [*self.open, *sorted(self.hidden)]


def _complaint_cells(counted: Counted, until: datetime, named: tuple[str, str]) -> Cells:
    case, complaint = counted.case, counted.case.complaint
    known = [value or formulas.UNKNOWN for value in values_of(complaint)]
    cells = dict[int, Any](enumerate((*named, complaint.procedure.value, _day(complaint.recorded_at), *known)))
    for mark in counted.marks:
        if mark in _COUNTS:
            place = _PLACES[_COUNTS[mark]]
            cells[place] = cells.get(place, 0) + 1
        elif mark in _CODES:
            key, code = _CODES[mark]
            cells[_PLACES[key]] = code
    if "closed" in counted.marks and (closing := case.closing_before(until)):
        cells[_PLACES["closed"]], cells[_PLACES["outcome"]] = _day(closing.at), outcome_of(closing).value
    if "emergencies" in counted.marks and (minutes := looked_after(case, until)) is not None:
        cells[_PLACES["emergency_minutes"]] = minutes
    return sorted(cells.items())


def _named(complaint: Complaint) -> tuple[str, str]:
    return (HIDDEN, HIDDEN) if complaint.maybe_restricted else (complaint.register_number, complaint.ticket)


def _day(at: datetime) -> date:
    return at.astimezone(WITA).date()
