"""
The Laporan Berkala of the office itself: the figures of a period as a document. Pure.

Source: SOP B step 9 ("laporan 3 bulan/6 bulan"). The figures are defined in `register/figures.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from automation.reports import formulas
from automation.reports.definitions import how_counted
from automation.reports.document import Chart, ChartKind, Document, Section, Series, Share, Table, whole
from automation.reports.outcomes import emergencies, outcomes
from automation.reports.timeliness import timeliness
from automation.reports.trend import summary, trend
from forms.categories import categories
from register.complaint import CHANNEL_LABELS
from register.durations import DAY_MINUTES
from register.figures import DIMENSION_LABELS, PENDING_LABEL, Dimension, Figures, missing_label
from register.indonesian_dates import letter_date
from register.periods import Period

TITLE = "Laporan Berkala Pengelolaan Pengaduan"
SOURCE = "Keputusan Nomor 1167/DINSOS/SET.1/337/12/2022, SOP Pengaduan Online langkah 9: laporan berkala"
MOST_DRAWN = 12
"""Bars of one chart; the table below it has all."""


DRAWN = (Dimension.CHANNEL, Dimension.CATEGORY, Dimension.DISTRICT)
"""What has too many values to be seen at a glance in a table."""


@dataclass(frozen=True)
class Labels:
    """
    What codes are called.

    Args:
        bidang: Full names by code.
        day: Minutes of service in one of the office's working days, by which durations are read.
    """

    bidang: Mapping[str, str] = field(default_factory=dict)
    day: int = DAY_MINUTES

    def of(self, dimension: Dimension, value: str) -> str:
        """A value's label; itself if it has none."""
        if not value:
            return missing_label(dimension)
        return self._known(dimension).get(value, value)

    def _known(self, dimension: Dimension) -> Mapping[str, str]:
        if dimension is Dimension.CHANNEL:
            return {channel.value: label for channel, label in CHANNEL_LABELS.items()}
        if dimension is Dimension.CATEGORY:
            return {each.code: each.label for each in categories()}
        return self.bidang if dimension is Dimension.BIDANG else {}


def earlier_periods(period: Period) -> Sequence[Period]:
    """With which a period is compared: the four before it, oldest first, and before these the same of last year."""
    before = [period.moved(by) for by in (-4, -3, -2, -1)]
    last_year = period.moved(-12 // period.months)
    return before if last_year in before or period.months == 12 else [last_year, *before]


def periodic_report(
    figures: Figures,
    earlier: Sequence[Figures],
    labels: Labels,
    *,
    found: Sequence[str] = (),
    root_line: str = "",
    made_at: datetime | None = None,
) -> Document:
    """
    The report of one period.

    Args:
        earlier: Those to compare with, oldest first.
        found: Sentences on what the figures say (`findings.py`).
        made_at: When it was counted, if that is not the end of the period.
    """
    sections = [
        summary(figures, earlier, found, labels.day),
        _received(figures, labels),
        timeliness(figures, labels.day),
        outcomes(figures),
        _pending(figures),
        emergencies(figures),
        trend(figures, earlier, labels.day),
        how_counted("office"),
    ]
    return Document(
        TITLE, _subtitle(figures), sections, made_at or figures.until, figures.period, False, root_line, SOURCE
    )


def _subtitle(figures: Figures) -> str:
    period, label = figures.period, figures.period.label
    if figures.until < period.until:
        return f"{label}, belum berakhir: sampai dengan {letter_date(figures.until.astimezone(period.until.tzinfo))}"
    return label


def _received(figures: Figures, labels: Labels) -> Section:
    heading = "Pengaduan yang diterima"
    if not figures.received:
        return Section(heading, ["Tidak ada pengaduan yang diterima dalam masa ini."])
    said = f"Dalam masa ini diterima {whole(figures.received)} pengaduan."
    tables = [_by(dimension, figures, labels) for dimension in Dimension]
    drawn = [_drawn(dimension, figures, labels) for dimension in DRAWN]
    return Section(heading, [said], tables, [chart for chart in drawn if len(chart.labels) > 1])


def _ordered(dimension: Dimension, figures: Figures, labels: Labels) -> list[tuple[str, str, int]]:
    """Code, label and count, most first, what is not known last."""
    found = [(code, labels.of(dimension, code), count) for code, count in figures.received_by[dimension].items()]
    return sorted(found, key=lambda each: (not each[0], -each[2], each[1]))


def _by(dimension: Dimension, figures: Figures, labels: Labels) -> Table:
    ordered = _ordered(dimension, figures, labels)
    rows = [(label, count, Share(count / figures.received)) for _, label, count in ordered]
    part = formulas.share("{1}", formulas.RECEIVED)
    label = DIMENSION_LABELS[dimension]
    return Table(
        dimension.value,
        f"Pengaduan yang diterima menurut {label.lower()}",
        (label, "Jumlah", "Bagian"),
        [*rows, ("Jumlah", figures.received, Share(1))],
        total=True,
        formulas=[
            *(("", formulas.received_by(dimension, code), part) for code, _, _ in ordered),
            ("", formulas.TOTAL, part),
        ],
    )


def _drawn(dimension: Dimension, figures: Figures, labels: Labels) -> Chart:
    ordered = _ordered(dimension, figures, labels)
    most = ordered[:MOST_DRAWN]
    limited = f", {MOST_DRAWN} terbanyak" if len(ordered) > MOST_DRAWN else ""
    return Chart(
        ChartKind.BARS,
        f"Menurut {DIMENSION_LABELS[dimension].lower()}{limited}",
        [label for _, label, _ in most],
        [Series("Pengaduan", [count for _, _, count in most])],
    )


def _pending(figures: Figures) -> Section:
    rows = (
        ("Belum selesai pada awal masa", figures.pending_before, formulas.PENDING_BEFORE),
        ("Diterima", figures.received, formulas.RECEIVED),
        ("Ditutup", figures.closed, formulas.CLOSED),
        ("Dibuka kembali", figures.reopened, formulas.REOPENED),
        (PENDING_LABEL, figures.pending_after, formulas.PENDING_AFTER),
    )
    flow = Table(
        "tunggakan",
        "Dari awal sampai akhir masa",
        ("Keadaan", "Jumlah"),
        [(label, count) for label, count, _ in rows],
        formulas=[("", formula) for _, _, formula in rows],
    )
    months = Table(
        "bulan",
        "Menurut bulan",
        ("Bulan", "Diterima", "Ditutup", "Belum selesai pada akhir bulan"),
        [(month.label, *counts) for month, *counts in figures.months],
    )
    if len(figures.months) < 2:
        return Section("Pengaduan yang belum selesai", tables=[flow])
    chart = Chart(
        ChartKind.COLUMNS,
        "Diterima dan ditutup menurut bulan",
        [month.label for month, *_ in figures.months],
        [
            Series("Diterima", [received for _, received, _, _ in figures.months]),
            Series("Ditutup", [closed for _, _, closed, _ in figures.months]),
            Series("Belum selesai", [pending for _, _, _, pending in figures.months]),
        ],
    )
    return Section("Pengaduan yang belum selesai", tables=[flow, months], charts=[chart])
