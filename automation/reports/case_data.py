"""
What the Excel file of a report counts from: a row for each complaint, and a row for each of its rounds with its clocks.

Numbers, dates and codes only; nothing that anybody wrote. Restricted complaints, and those that nobody has looked at
yet and so might be, stand at the end without number and ticket, so that a file passed around does not point at them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from automation.reports import formulas
from automation.reports.counting import bounds
from automation.reports.document import DataColumn, DataSheet
from automation.reports.marks import Counted, looked_after, outcome_of
from register.cases import Case
from register.complaint import WITA, Complaint
from register.figures import DIMENSION_LABELS, Dimension, Figures, Timing
from register.periods import Period

HIDDEN = "(terbatas)"
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
_VERDICTS = {"by_reporter": formulas.AGREED, "disputed": formulas.DISPUTED, "silent": formulas.SILENT}
_KEPT = {"on_time": formulas.ON_TIME, "late": formulas.LATE, "overdue": formulas.OVERDUE}
_SEEN = {
    "in_time": formulas.SEEN,
    "late": formulas.SEEN_LATE,
    "unseen": formulas.UNSEEN,
    "waiting": formulas.NOT_DUE,
}
_NOTHING = (None, None)


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
        by_round: dict[int, list[object]] = defaultdict(list)
        for timed in counted.clocks:
            by_round[timed.clock.round] += (timed.clock.key, _KEPT[timed.how], timed.minutes)
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
        names = [(timing.procedure, timing.key) for timing in figures.timings]
        rounds = [(number, place, *_laid_out(names, *cells)) for number, place, *cells in self._rounds.rows]
        return (
            DataSheet("Data", _COMPLAINT_COLUMNS, self._complaints.rows),
            DataSheet("Waktu", [*_ROUND_COLUMNS, *heads], rounds),
        )


def _laid_out(names: Sequence[tuple[str, str]], procedure: str, cells: Sequence[Any]) -> Iterator[object]:
    """What is kept of a round (key, result, minutes of each clock in a row), where its columns stand."""
    found = {(procedure, key): pair for key, *pair in zip(*[iter(cells)] * 3, strict=True)}
    return (cell for name in names for cell in found.get(name, _NOTHING))


def _clock_heads(timing: Timing) -> tuple[str, str]:
    return f"{timing.procedure}.{timing.key}", f"{timing.procedure}.{timing.key} (menit)"


class _Hiding:
    """Rows, those of hidden complaints at the end."""

    def __init__(self) -> None:
        self._open: list[tuple[Any, ...]] = []
        self._hidden: list[tuple[Any, ...]] = []

    def add(self, case: Case, row: tuple[Any, ...]) -> None:
        (self._hidden if _may_be_restricted(case.complaint) else self._open).append(row)

    @property
    def rows(self) -> Sequence[tuple[Any, ...]]:
        return [*self._open, *sorted(self._hidden, key=repr)]


def _complaint_row(counted: Counted, until: datetime, named: tuple[str, str]) -> tuple[object, ...]:
    case, marks = counted.case, Counter(counted.marks)
    complaint = case.complaint
    closing = case.closing_before(until) if marks["closed"] else None
    return (
        *named,
        complaint.procedure.value,
        _day(complaint.recorded_at),
        *(getattr(complaint, dimension.value) or formulas.UNKNOWN for dimension in Dimension),
        _day(closing.at) if closing else None,
        outcome_of(closing).value if closing else None,
        marks["pending_before"] or None,
        marks["pending"] or None,
        marks["reopened"] or None,
        _coded("verdict", _VERDICTS, marks),
        *(marks[f"rating:{number}"] or None for number in range(1, 6)),
        _coded("emergencies", _SEEN, marks),
        looked_after(case, until) if marks["emergencies"] else None,
    )


def _coded(kind: str, codes: Mapping[str, str], marks: Counter[str]) -> str | None:
    return next((code for value, code in codes.items() if marks[f"{kind}:{value}"]), None)


def _named(complaint: Complaint) -> tuple[str, str]:
    return (HIDDEN, HIDDEN) if _may_be_restricted(complaint) else (complaint.register_number, complaint.ticket)


def _day(at: datetime) -> date:
    return at.astimezone(WITA).date()


def _may_be_restricted(complaint: Complaint) -> bool:
    """Whether it is, or nobody has looked yet: that will show in a moment. The desk hides the same."""
    return complaint.restricted or complaint.step_begun_at is None
