"""Of the Laporan Berkala: how long things took, by each step of the SOPs and by each limit of a law. Pure."""

from collections.abc import Sequence

from automation.reports import formulas
from automation.reports.document import Cell, Chart, ChartKind, Duration, Section, Series, Share, Table
from register.figures import NINTH_DECILE_LABEL, OVERDUE_LABEL, PROCEDURE_LABELS, Figures, Timing

HEADING = "Ketepatan waktu"
_READ = (
    "Lamanya dihitung dalam waktu layanan menurut kalender kantor, tanpa masa penundaan. Separuh dari yang selesai "
    "tidak lebih lama daripada median."
)
_HEAD = (
    "Tahap", "Norma", "Selesai", "Tepat waktu", "Terlambat", OVERDUE_LABEL, "Tepat waktu (%)", "Median",
    NINTH_DECILE_LABEL,
)  # fmt: skip


def timeliness(figures: Figures, day: int) -> Section:
    """The section; `day` is how many minutes of service a working day has."""
    used = [timing for timing in figures.timings if timing.done or timing.overdue]
    if not used:
        return Section(HEADING, ["Tidak ada tahap yang selesai atau jatuh tempo dalam masa ini."])
    by_procedure = {
        key: found
        for key in dict.fromkeys(timing.procedure for timing in used)
        if (found := [timing for timing in used if timing.procedure == key])
    }
    return Section(
        HEADING,
        [_READ],
        [_table(key, found, day) for key, found in by_procedure.items()],
        [_chart(key, found) for key, found in by_procedure.items()],
    )


def _called(procedure: str) -> str:
    return PROCEDURE_LABELS.get(procedure, procedure)


def _table(procedure: str, timings: Sequence[Timing], day: int) -> Table:
    return Table(
        f"waktu_{procedure}",
        f"Tahap dan batas waktu, {_called(procedure)}",
        _HEAD,
        [_row(timing, day) for timing in timings],
        formulas=[_formulas(timing) for timing in timings],
    )


def _row(timing: Timing, day: int) -> Sequence[Cell]:
    return (
        timing.label,
        timing.norm,
        timing.done,
        timing.on_time,
        timing.late,
        timing.overdue,
        kept_share(timing),
        duration(timing.median, day),
        duration(timing.ninth_decile, day),
    )


def _formulas(timing: Timing) -> Sequence[str]:
    minutes = formulas.clock_columns(timing.procedure, timing.key)[1]
    return (
        "",
        "",
        "{3}+{4}",
        formulas.timed(timing, formulas.ON_TIME),
        formulas.timed(timing, formulas.LATE),
        formulas.timed(timing, formulas.OVERDUE),
        formulas.share("{3}", "({2}+{5})"),
        formulas.nearest_rank(minutes, 5),
        formulas.nearest_rank(minutes, 9),
    )


def kept_share(timing: Timing) -> Share | None:
    """How much of what was done, or should have been, was on time."""
    every = timing.done + timing.overdue
    return Share(timing.on_time / every) if every else None


def duration(minutes: int | None, day: int) -> Duration | None:
    """Minutes of service, if there are any."""
    return None if minutes is None else Duration(minutes, day)


def _chart(procedure: str, timings: Sequence[Timing]) -> Chart:
    return Chart(
        ChartKind.STACKED,
        f"Tepat waktu, terlambat, dan lewat batas: {_called(procedure)}",
        [timing.label for timing in timings],
        [
            Series("Tepat waktu", [timing.on_time for timing in timings]),
            Series("Terlambat", [timing.late for timing in timings]),
            Series(OVERDUE_LABEL, [timing.overdue for timing in timings]),
        ],
    )
