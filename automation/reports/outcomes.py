"""Of the Laporan Berkala: how complaints ended, what their reporters say of that, and what was Darurat. Pure."""

from automation.reports import formulas
from automation.reports.document import Chart, ChartKind, Duration, Section, Series, Share, Table, whole
from register.figures import EMERGENCY_LABELS, OUTCOME_LABELS, VERDICT_LABELS, Figures, Verdicts

RATINGS = (5, 4, 3, 2, 1)
_WORDS = {5: "sangat puas", 4: "puas", 3: "cukup", 2: "tidak puas", 1: "sangat tidak puas"}


def part_of(part: int, count: int) -> Share | None:
    """A share; None of nothing."""
    return Share(part / count) if count else None


def mean_rating(figures: Figures) -> float | None:
    """Of all ratings of the period; None if there was none."""
    count = sum(figures.ratings.values())
    return sum(number * times for number, times in figures.ratings.items()) / count if count else None


def outcomes(figures: Figures) -> Section:
    """What was closed, by how, beside what the reporters say."""
    heading = "Hasil penanganan"
    if not figures.closed and not sum(figures.ratings.values()):
        return Section(heading, ["Tidak ada pengaduan yang ditutup atau dinilai dalam masa ini."])
    verdicts = figures.verdicts
    said = (
        f"Menurut petugas {whole(verdicts.by_office)} pengaduan selesai. Menurut warga {whole(verdicts.by_reporter)} "
        f"di antaranya selesai dan {whole(verdicts.disputed)} belum; mengenai {whole(verdicts.silent)} pengaduan warga "
        "tidak menyatakan apa pun."
    )
    tables = [_closed(figures), _verdicts(verdicts), _ratings(figures)]
    return Section(
        heading, [said] if verdicts.by_office else [], [table for table in tables if table], _charts(verdicts)
    )


def _closed(figures: Figures) -> Table | None:
    if not figures.closed:
        return None
    rows = [(outcome, figures.outcomes.get(outcome, 0)) for outcome in OUTCOME_LABELS]
    part = formulas.share("{1}", formulas.CLOSED)
    return Table(
        "hasil",
        "Pengaduan yang ditutup menurut cara berakhirnya",
        ("Cara berakhir", "Jumlah", "Bagian"),
        [
            *((OUTCOME_LABELS[outcome], count, part_of(count, figures.closed)) for outcome, count in rows),
            ("Jumlah", figures.closed, Share(1)),
        ],
        total=True,
        formulas=[*(("", formulas.closed_by(outcome), part) for outcome, _ in rows), ("", formulas.TOTAL, part)],
    )


def _verdicts(verdicts: Verdicts) -> Table | None:
    if not verdicts.by_office:
        return None
    said = "+".join(formulas.verdict(code) for code in (formulas.AGREED, formulas.DISPUTED, formulas.SILENT))
    rows = (
        (VERDICT_LABELS["by_office"], verdicts.by_office, said),
        (VERDICT_LABELS["by_reporter"], verdicts.by_reporter, formulas.verdict(formulas.AGREED)),
        (VERDICT_LABELS["disputed"], verdicts.disputed, formulas.verdict(formulas.DISPUTED)),
        (VERDICT_LABELS["silent"], verdicts.silent, formulas.verdict(formulas.SILENT)),
    )
    return Table(
        "pernyataan",
        "Selesai menurut petugas dan menurut warga",
        ("Pernyataan", "Jumlah", "Bagian"),
        [(label, count, part_of(count, verdicts.by_office)) for label, count, _ in rows],
        formulas=[("", formula, formulas.share("{1}", f"({said})")) for _, _, formula in rows],
    )


def _ratings(figures: Figures) -> Table | None:
    count = sum(figures.ratings.values())
    if not count:
        return None
    every = "(" + "+".join(map(formulas.rated, RATINGS)) + ")"
    return Table(
        "penilaian",
        "Penilaian pelapor",
        ("Nilai", "Jumlah", "Bagian"),
        [
            *(
                (f"{number} ({_WORDS[number]})", given, part_of(given, count))
                for number in RATINGS
                for given in [figures.ratings.get(number, 0)]
            ),
            ("Rata-rata", mean_rating(figures), None),
        ],
        formulas=[
            *(("", formulas.rated(number), formulas.share("{1}", every)) for number in RATINGS),
            ("", formulas.mean_rating(RATINGS), ""),
        ],
    )


def _charts(verdicts: Verdicts) -> list[Chart]:
    if not verdicts.by_office:
        return []
    return [
        Chart(
            ChartKind.BARS,
            "Selesai menurut petugas dan menurut warga",
            ["Menurut petugas", "Menurut warga", "Belum menurut warga", "Tidak menyatakan"],
            [Series("Pengaduan", [verdicts.by_office, verdicts.by_reporter, verdicts.disputed, verdicts.silent])],
        )
    ]


def emergencies(figures: Figures) -> Section:
    """How soon somebody looked at what was Darurat."""
    heading, found = "Penanganan Darurat", figures.emergencies
    if not found.count:
        return Section(heading, ["Tidak ada pengaduan Darurat yang penanganannya dihitung dalam masa ini."])
    codes = (formulas.SEEN, formulas.SEEN_LATE, formulas.UNSEEN, formulas.NOT_DUE)
    rows = (
        ("Diterima", found.count, "+".join(map(formulas.emergencies, codes))),
        *(
            (EMERGENCY_LABELS[name], getattr(found, name), formulas.emergencies(code))
            for name, code in zip(EMERGENCY_LABELS, codes, strict=True)
        ),
    )
    median = None if found.median is None else Duration(found.median, 0)
    return Section(
        heading,
        tables=[
            Table(
                "darurat",
                "Pengaduan Darurat",
                ("Keadaan", "Jumlah"),
                [*((label, count) for label, count, _ in rows), ("Median sampai ada yang menangani", median)],
                "Waktu dihitung menurut jam dinding, siang dan malam.",
                formulas=[
                    *(("", formula) for _, _, formula in rows),
                    ("", formulas.nearest_rank("emergency_minutes", 5)),
                ],
            )
        ],
    )
