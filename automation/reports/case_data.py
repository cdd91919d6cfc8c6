"""
What the Excel file of a report counts from: a row for each complaint, and a row for each of its rounds with its clocks.

Numbers, dates and codes only; nothing that anybody wrote. Restricted complaints, and those that nobody has looked at
yet and so might be, stand at the end without number and ticket, so that a file passed around does not point at them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from automation.calendars.office_calendar import Calendar
from automation.reports import formulas
from automation.reports.counting import emergency_of, kept, marks_of, outcome_of
from automation.reports.document import DataColumn, DataSheet
from automation.reports.served import Served
from register.cases import Case
from register.complaint import WITA, Clock, Complaint
from register.figures import DIMENSION_LABELS, Dimension, Figures, Timing

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
_SEEN = {"in_time": formulas.SEEN, "late": formulas.SEEN_LATE, "unseen": formulas.UNSEEN}
_MINUTE = timedelta(minutes=1)


def case_data(cases: Iterable[Case], figures: Figures, calendar: Calendar, now: datetime) -> Sequence[DataSheet]:
    """
    The sheets of data for a report.

    Args:
        cases: Whatever may count in the period, in the order of recording.
        figures: What was counted of it: up to when, and which clocks there are.
        now: When it was counted.
    """
    rows = _Rows(figures, Served(calendar), now)
    complaints, rounds = _Hiding(), _Hiding()
    for case in cases:
        complaints.add(case, rows.complaint(case))
        for row in rows.rounds(case):
            rounds.add(case, row)
    heads = [
        DataColumn(key, head)
        for timing in figures.timings
        for key, head in zip(formulas.clock_columns(timing), _clock_heads(timing), strict=True)
    ]
    return (
        DataSheet("Data", _COMPLAINT_COLUMNS, complaints.rows),
        DataSheet("Waktu", [*_ROUND_COLUMNS, *heads], rounds.rows),
    )


def _clock_heads(timing: Timing) -> tuple[str, str]:
    return f"{timing.procedure}.{timing.key}", f"{timing.procedure}.{timing.key} (menit)"


class _Hiding:
    """Rows, those of hidden complaints at the end."""

    def __init__(self) -> None:
        self._open: list[Sequence[object]] = []
        self._hidden: list[Sequence[object]] = []

    def add(self, case: Case, row: Sequence[object]) -> None:
        if row:
            (self._hidden if _may_be_restricted(case.complaint) else self._open).append(row)

    @property
    def rows(self) -> Sequence[Sequence[object]]:
        return [*self._open, *sorted(self._hidden, key=repr)]


@dataclass(frozen=True)
class _Rows:
    """Of one period."""

    figures: Figures
    served: Served
    now: datetime

    @property
    def since(self) -> datetime:
        return min(self.figures.period.since, self.figures.until).astimezone(UTC)

    def complaint(self, case: Case) -> Sequence[object]:
        """Its row, by the marks that figures are counted from; empty if it bears none."""
        complaint, until = case.complaint, self.figures.until
        marks = Counter(marks_of(case, self.since, until, self.now))
        if not marks:
            return ()
        closing = case.closing_before(until) if marks["closed"] else None
        return (
            *_named(case),
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
            self._looked(case) if marks["emergencies"] else None,
        )

    def _looked(self, case: Case) -> int | None:
        """Minutes by the clock on the wall until somebody looked at an emergency."""
        clock = emergency_of(case.clocks)
        if clock is None or clock.done_at is None or clock.done_at >= self.figures.until:
            return None
        return max(clock.done_at - clock.begun_at, timedelta()) // _MINUTE

    def rounds(self, case: Case) -> Iterable[Sequence[object]]:
        """A row for each round of which a clock counts."""
        by_round: dict[int, dict[str, Clock]] = {}
        for clock in case.clocks:
            by_round.setdefault(clock.round, {})[clock.key] = clock
        for number, clocks in by_round.items():
            cells = [cell for timing in self.figures.timings for cell in self._timed(timing, clocks, case)]
            if any(cell is not None for cell in cells):
                yield (_named(case)[0], number, *cells)

    def _timed(self, timing: Timing, clocks: Mapping[str, Clock], case: Case) -> tuple[str | None, int | None]:
        clock = clocks.get(timing.key)
        if clock is None or case.complaint.procedure.value != timing.procedure:
            return None, None
        how = kept(clock, case, self.since, self.figures.until)
        if how in ("on_time", "late") and clock.done_at is not None:
            return _KEPT[how], self.served.minutes(clock.begun_at, clock.done_at, case.complaint.pauses)
        return _KEPT.get(how), None


def _coded(kind: str, codes: Mapping[str, str], marks: Counter[str]) -> str | None:
    return next((code for value, code in codes.items() if marks[f"{kind}:{value}"]), None)


def _named(case: Case) -> tuple[str, str]:
    complaint = case.complaint
    return (HIDDEN, HIDDEN) if _may_be_restricted(complaint) else (complaint.register_number, complaint.ticket)


def _may_be_restricted(complaint: Complaint) -> bool:
    """Whether it is, or nobody has looked yet: that will show in a moment. The desk hides the same."""
    return complaint.restricted or complaint.step_begun_at is None


def _day(at: datetime) -> date:
    return at.astimezone(WITA).date()
