"""
What the Excel file of a report counts from: a row for each complaint, and a row for each of its rounds with its clocks.

Numbers, dates and codes only; nothing that anybody wrote. Restricted complaints stand at the end without number and
ticket, so that a file passed around does not say which they are.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from automation.reports import formulas
from automation.reports.document import DataColumn, DataSheet
from register.cases import Case
from register.complaint import WITA, Clock
from register.figures import DIMENSION_LABELS, Dimension, Figures, Outcome, Timing

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
_EMERGENCY, _REOPEN = "darurat", "buka_kembali"
_SETTLED = (Outcome.SETTLED_BY_STAFF, Outcome.SETTLED_BY_REPORTER, Outcome.SETTLED_BY_TIME)
_RATED_SETTLED, _RATED_DISPUTED = 4, 2

Minutes = Callable[[datetime, datetime, Case], int]
"""Minutes of service from one instant to another, without the pauses of a case."""


def case_data(cases: Iterable[Case], figures: Figures, minutes: Minutes) -> Sequence[DataSheet]:
    """
    The sheets of data for a report.

    Args:
        cases: Whatever may count in the period, in the order of recording.
        figures: Which clocks there are, and up to when it was counted.
    """
    counting = _Counting(figures, minutes)
    shown = sorted(cases, key=lambda case: case.complaint.restricted)
    timings = figures.timings
    complaints = [row for case in shown if (row := counting.complaint(case))]
    rounds = [row for case in shown for row in counting.rounds(case)]
    heads = [
        DataColumn(key, head)
        for timing in timings
        for key, head in zip(formulas.clock_columns(timing), _clock_heads(timing), strict=True)
    ]
    return (
        DataSheet("Data", _COMPLAINT_COLUMNS, complaints),
        DataSheet("Waktu", [*_ROUND_COLUMNS, *heads], rounds),
    )


def _clock_heads(timing: Timing) -> tuple[str, str]:
    return f"{timing.procedure}.{timing.key}", f"{timing.procedure}.{timing.key} (menit)"


@dataclass(frozen=True)
class _Counting:
    """One period."""

    figures: Figures
    minutes: Minutes

    def within(self, at: datetime | None) -> bool:
        return at is not None and self.figures.period.since <= at < self.figures.until

    def complaint(self, case: Case) -> Sequence[object]:
        """Its row; empty if nothing of the period is counted from it."""
        complaint, since, until = case.complaint, self.figures.period.since, self.figures.until
        closing = case.closing_before(until)
        closed_within = closing is not None and closing.at >= since
        before = complaint.recorded_at < since and case.closing_before(since) is None
        reopened = sum(act.key == _REOPEN and self.within(act.at) for act in case.acts)
        rated = [act.rating for act in case.acts if act.rating and self.within(act.at)]
        if not (self.within(complaint.recorded_at) or closed_within or before or closing is None or reopened or rated):
            return ()
        return (
            *self._named(case),
            complaint.procedure.value,
            _day(complaint.recorded_at),
            *(str(getattr(complaint, dimension.value)) or formulas.UNKNOWN for dimension in Dimension),
            _day(closing.at) if closing and closed_within else None,
            closing.key if closing and closed_within else None,
            int(before) or None,
            int(closing is None) or None,
            reopened or None,
            self._verdict(case),
            *(rated.count(number) or None for number in range(1, 6)),
            *self._emergency(case),
        )

    def rounds(self, case: Case) -> Iterable[Sequence[object]]:
        """A row for each round of which a clock counts."""
        by_round: dict[int, dict[str, Clock]] = {}
        for clock in case.clocks:
            by_round.setdefault(clock.round, {})[clock.key] = clock
        for number, clocks in by_round.items():
            cells = [cell for timing in self.figures.timings for cell in self._timed(timing, clocks, case)]
            if any(cell is not None for cell in cells):
                yield (self._named(case)[0], number, *cells)

    def _timed(self, timing: Timing, clocks: Mapping[str, Clock], case: Case) -> tuple[str | None, int | None]:
        clock = clocks.get(timing.key)
        if clock is None or case.complaint.procedure.value != timing.procedure:
            return None, None
        if clock.done_at is not None and self.within(clock.done_at):
            result = formulas.LATE if clock.late else formulas.ON_TIME
            return result, self.minutes(clock.begun_at, clock.done_at, case)
        done = clock.done_at is not None and clock.done_at < self.figures.until
        return (formulas.OVERDUE if self.within(clock.due_at) and not done else None), None

    def _verdict(self, case: Case) -> str | None:
        return None

    def _emergency(self, case: Case) -> tuple[str | None, int | None]:
        return None, None

    def _named(self, case: Case) -> tuple[str, str]:
        complaint = case.complaint
        return (HIDDEN, HIDDEN) if complaint.restricted else (complaint.register_number, complaint.ticket)


def _day(at: datetime) -> date:
    return at.astimezone(WITA).date()
