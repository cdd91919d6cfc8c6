"""Of the Laporan Berkala: the figures that matter most, now and in earlier periods. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from automation.reports import formulas
from automation.reports.document import Cell, Chart, ChartKind, Duration, Section, Series, Share, Table
from automation.reports.outcomes import RATINGS, mean_rating, part_of
from automation.reports.timeliness import duration
from register.figures import EMERGENCY_LABELS, PENDING_LABEL, VERDICT_LABELS, Figures, Outcome

ANSWER = "jawaban"
"""The clock of the answer, which the reporter has been promised."""


@dataclass(frozen=True)
class Measure:
    """One line: what it is called, its value, and the formula of the period itself."""

    label: str
    of: Callable[[Figures], Cell]
    formula: str = ""


def _measures(day: int) -> Sequence[Measure]:
    return (
        Measure("Diterima", lambda figures: figures.received, formulas.RECEIVED),
        Measure("Ditutup", lambda figures: figures.closed, formulas.CLOSED),
        Measure(PENDING_LABEL, lambda figures: figures.pending_after, formulas.PENDING_AFTER),
        Measure("Jawaban tepat waktu", answered_in_time),
        Measure("Median sampai jawaban", lambda figures: _slowest_median(figures, day)),
        Measure(VERDICT_LABELS["by_office"], lambda figures: figures.verdicts.by_office),
        Measure(VERDICT_LABELS["by_reporter"], lambda figures: figures.verdicts.by_reporter),
        Measure("Rata-rata penilaian (1 sampai 5)", mean_rating, formulas.mean_rating(RATINGS)),
        Measure("Dibuka kembali", lambda figures: figures.reopened, formulas.REOPENED),
        _closed_as(Outcome.OUT_OF_AUTHORITY, "Bukan kewenangan"),
        _closed_as(Outcome.TRANSFERRED, "Dialihkan"),
        _closed_as(Outcome.WITHDRAWN, "Dicabut pelapor"),
        _closed_as(Outcome.DEEMED_WITHDRAWN, "Dianggap dicabut"),
        Measure("Darurat", lambda figures: figures.emergencies.count),
        Measure(
            EMERGENCY_LABELS["in_time"],
            lambda figures: part_of(figures.emergencies.in_time, figures.emergencies.told),
        ),
    )


def _closed_as(outcome: Outcome, label: str) -> Measure:
    return Measure(label, lambda figures: figures.outcomes.get(outcome, 0), formulas.closed_by(outcome))


def answered_in_time(figures: Figures) -> Share | None:
    """How many answers, given or due, were on time, over both SOPs."""
    answers = [timing for timing in figures.timings if timing.key == ANSWER]
    due = sum(timing.done + timing.overdue for timing in answers)
    return part_of(sum(timing.on_time for timing in answers), due)


def _slowest_median(figures: Figures, day: int) -> Duration | None:
    """Medians of two SOPs cannot be put together from themselves: the longer one is shown."""
    known = [timing.median for timing in figures.timings if timing.key == ANSWER and timing.median is not None]
    return duration(max(known, default=None), day)


def summary(figures: Figures, earlier: Sequence[Figures], found: Sequence[str], day: int) -> Section:
    """The first page: the period beside the one before it, and what the figures say."""
    before = next((each for each in earlier if each.period == figures.period.moved(-1)), None)
    measures = _measures(day)
    head = ["Ukuran", figures.period.label, *([before.period.label] if before else [])]
    rows = [[each.label, each.of(figures), *([each.of(before)] if before else [])] for each in measures]
    empty = [""] if before else []
    table = Table(
        "ringkasan",
        "Angka pokok",
        head,
        rows,
        "Median sampai jawaban adalah yang lebih lama dari kedua SOP.",
        formulas=[["", each.formula, *empty] for each in measures],
    )
    return Section("Ringkasan", tables=[table], points=list(found))


def trend(figures: Figures, earlier: Sequence[Figures], day: int) -> Section:
    """The period after earlier ones of its length, oldest first."""
    heading = "Kecenderungan"
    if not earlier:
        return Section(heading, ["Belum ada masa sebelumnya untuk dibandingkan."])
    every = [*earlier, figures]
    labels = [each.period.label for each in every]
    table = Table(
        "kecenderungan",
        "Angka pokok dari masa ke masa",
        ["Ukuran", *labels],
        [[measure.label, *(measure.of(each) for each in every)] for measure in _measures(day)],
        formulas=[["", *[""] * len(earlier), measure.formula] for measure in _measures(day)],
    )
    chart = Chart(
        ChartKind.COLUMNS,
        "Diterima, ditutup, dan belum selesai",
        labels,
        [
            Series("Diterima", [each.received for each in every]),
            Series("Ditutup", [each.closed for each in every]),
            Series("Belum selesai", [each.pending_after for each in every]),
        ],
    )
    return Section(heading, tables=[table], charts=[chart])
