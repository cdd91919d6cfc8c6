"""The Laporan Berkala as a document: what it says of an empty office, a small one, and a year of a thousand."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from automation.reports.csv_text import render_csv
from automation.reports.document import (
    Chart,
    ChartKind,
    Document,
    Duration,
    Section,
    Series,
    Share,
    Table,
    percent,
    shown,
    whole,
)
from automation.reports.pdf import render_pdf
from automation.reports.periodic import Labels, earlier_periods, periodic_report
from forms.papers import Office, Official
from register.figures import Figures
from register.periods import Period
from tests.automation.reports.made_up import BIDANG, STEPS, figures

OFFICE = Office(
    name="Dinas Sosial",
    government="Pemerintah Kabupaten Kutai Kartanegara",
    place="Tenggarong",
    head=Official("Nama Kepala Dinas", "196901011990011001"),
)
ROOT = "Akar jejak audit 2026-11-27: 3f2a 91bc"


def report(of: Figures, earlier: Sequence[Figures] = ()) -> Document:
    return periodic_report(of, earlier, Labels(BIDANG), found=["Temuan yang dihitung."], root_line=ROOT)


EMPTY = report(figures("2026-Q3"))
SMALL = report(figures("2026-Q3", 7), [figures("2026-Q2", 3)])
YEAR = report(figures("2026", 1000, 45), [figures(str(year), 700, 30) for year in range(2022, 2026)])


def text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize(
    ("minutes", "day", "said"),
    [
        (0, 450, "0 menit"),
        (35, 450, "35 menit"),
        (60, 450, "1 jam"),
        (65, 450, "1 jam 5 menit"),
        (449, 450, "7 jam 29 menit"),
        (450, 450, "1 hari kerja"),
        (451, 450, "1 hari kerja"),
        (570, 450, "1 hari kerja 2 jam"),
        (570, 300, "1 hari kerja 4 jam"),
        (4500, 450, "10 hari kerja"),
        (1439, 0, "23 jam 59 menit"),
        (3 * 1440 + 59, 0, "3 hari"),
    ],
)
def test_a_duration_is_read_in_its_two_largest_units(minutes: int, day: int, said: str) -> None:
    assert str(Duration(minutes, day)) == said


def test_figures_are_written_as_indonesians_do() -> None:
    assert (whole(1234567), percent(0.725), percent(1), percent(0.0004)) == ("1.234.567", "72,5%", "100%", "0%")
    assert [shown(cell) for cell in (None, 1000, 3.75, Share(1 / 3), "=1", Duration(5))] == [
        "–", "1.000", "3,8", "33,3%", "=1", "5 menit",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("period", "keys"),
    [
        ("2026-11", ["2025-11", "2026-07", "2026-08", "2026-09", "2026-10"]),
        ("2026-Q3", ["2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2"]),
        ("2026-S1", ["2024-S1", "2024-S2", "2025-S1", "2025-S2"]),
        ("2026", ["2022", "2023", "2024", "2025"]),
    ],
)
def test_a_period_is_compared_with_four_before_it_and_with_last_year(period: str, keys: list[str]) -> None:
    assert [each.key for each in earlier_periods(Period.parse(period))] == keys


@pytest.mark.parametrize("document", [EMPTY, SMALL, YEAR], ids=["empty", "small", "year"])
def test_the_pdf_is_tagged_and_has_what_the_document_has(document: Document) -> None:
    pdf = render_pdf(document, OFFICE)
    reader = PdfReader(io.BytesIO(pdf))
    catalog = reader.root_object
    assert (catalog["/MarkInfo"]["/Marked"], catalog["/Lang"]) == (True, "id-ID")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in catalog["/Metadata"].get_data()
    said = " ".join(text(pdf).split())
    for words in (ROOT, f"Halaman 1 dari {len(reader.pages)}", "Kepala Dinas", "Nama Kepala Dinas", "Temuan yang"):
        assert words in said
    for section in document.sections:
        assert section.heading in said
    for table in document.tables:
        for row in table.rows:
            assert shown(row[-1]) in said
    assert pdf == render_pdf(document, OFFICE)


def test_of_an_empty_office_nothing_is_drawn_and_little_is_said() -> None:
    assert len(PdfReader(io.BytesIO(render_pdf(EMPTY, OFFICE))).pages) <= 2
    assert "Tidak ada pengaduan yang diterima dalam masa ini." in text(render_pdf(EMPTY, OFFICE))
    assert {cell for table in EMPTY.tables for row in table.rows for cell in row[1:]} <= {0, None}


def test_every_step_of_both_procedures_has_its_line() -> None:
    labels = [row[0] for table in YEAR.tables if table.key.startswith("waktu_") for row in table.rows]
    assert labels == [label for _, _, label, _ in STEPS]


def test_charts_are_told_in_words_too() -> None:
    chart = Chart(ChartKind.STACKED, "Judul", ["A", "B"], [Series("satu", [1, None]), Series("dua", [2, 0.5])])
    assert chart.described == "Judul. A: satu 1, dua 2; B: satu –, dua 0,5."


def test_formulas_have_the_shape_of_their_rows() -> None:
    for table in [*EMPTY.tables, *SMALL.tables, *YEAR.tables]:
        assert all(len(row) == len(table.head) for row in table.rows), table.key
        if table.formulas:
            assert [len(row) for row in table.formulas] == [len(row) for row in table.rows], table.key


def test_a_period_that_has_not_ended_says_so() -> None:
    period = Period.parse("2026-Q4")
    running = figures("2026-Q4", 5)
    cut = Figures(**{**vars(running), "until": datetime(2026, 11, 28, 4, tzinfo=UTC)})
    assert period.label in report(cut).subtitle
    assert report(cut).subtitle.endswith("belum berakhir: sampai dengan 28 November 2026")


def test_csv_has_every_figure_once_and_comes_back() -> None:
    content = render_csv(YEAR)
    assert content.startswith(b"\xef\xbb\xbfmasa;kunci_tabel;tabel;baris;kolom;nilai;satuan\r\n")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    cells = [
        (table.key, row[0], column, cell)
        for table in YEAR.tables
        for row in table.rows
        for column, cell in zip(table.head[1:], row[1:], strict=True)
    ]
    assert [(row["kunci_tabel"], row["baris"], row["kolom"]) for row in rows] == [cell[:3] for cell in cells]
    for row, (*_, cell) in zip(rows, cells, strict=True):
        number = row["nilai"].replace(",", ".")
        match cell:
            case None:
                assert (row["nilai"], row["satuan"]) == ("", "")
            case Duration():
                assert (int(number), row["satuan"]) == (cell.minutes, "menit")
            case Share():
                assert abs(float(number) - 100 * cell) <= 0.00501
                assert row["satuan"] == "persen"
            case str():
                assert row["nilai"] == cell
            case _:
                assert abs(float(number) - cell) <= 0.00501


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_in_csv_no_text_begins_like_a_formula(start: str) -> None:
    table = Table("k", f"{start}judul", ["a", f"{start}b"], [[f"{start}1", f"{start}2"], ["x", -5]])
    document = Document("t", "s", [Section("h", tables=[table])], YEAR.made_at, YEAR.period)
    rows = list(csv.reader(io.StringIO(render_csv(document).decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[1][2:6] == [f"'{start}judul", f"'{start}1", f"'{start}b", f"'{start}2"]
    assert rows[2][5] == "-5"  # a number is one
