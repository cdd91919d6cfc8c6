"""The public edition on paper: what was published, and nothing else."""

from dataclasses import replace
from datetime import UTC, date, datetime

from automation.reports.document import shown
from automation.reports.pdf import render_pdf
from automation.reports.public_document import FEW, public_document
from automation.reports.xlsx import render_xlsx
from forms.papers import Office, Official
from register.editions import PublicEdition, PublicRow, PublicShare, PublicSpan, PublicTable
from register.periods import YEAR, Period
from tests.automation.reports.test_periodic import text

EDITION = PublicEdition(
    Period.parse("2026"),
    datetime(2027, 1, 8, tzinfo=UTC),
    YEAR,
    (PublicSpan(date(2026, 1, 1), date(2026, 3, 1), 17), PublicSpan(date(2026, 4, 1), date(2026, 4, 1), 23)),
    40,
    (PublicTable("channel", "Kanal", (PublicRow("web", "Web", 29), PublicRow("lainnya", "Lainnya", 11))),),
    (PublicShare("langsung.5", "Jawaban di loket", "2 hari kerja", 9), PublicShare("puas", "Pelapor puas", "", None)),
    waiting=(date(2026, 5, 1),),
)
OFFICE = Office(head=Official("Nama Kepala Dinas"))


def test_it_says_what_was_published() -> None:
    said = " ".join(text(render_pdf(public_document(EDITION), OFFICE)).split())
    for words in (
        "Tahun 2026, terbit 8 Januari 2027",
        "Diterima 40 pengaduan.",
        "Januari 2026 sampai Maret 2026 17",
        "Web 29",
        "Lainnya 11",
        "2 hari kerja 9 dari 10",
        f"Pelapor puas – {FEW}",
        "Dihitung bersama bulan-bulan berikutnya: Mei 2026.",
    ):
        assert words in said
    assert "Nama Kepala Dinas" not in said


def test_its_figures_are_those_of_the_edition() -> None:
    rows = [[shown(cell) for cell in row] for table in public_document(EDITION).tables for row in table.rows]
    assert rows[:4] == [
        ["Januari 2026 sampai Maret 2026", "17"],
        ["April 2026", "23"],
        ["Web", "29"],
        ["Lainnya", "11"],
    ]
    assert not any(table.formulas for table in public_document(EDITION).tables)
    assert b"Nama" not in render_xlsx(public_document(EDITION))


def test_what_is_too_little_has_no_number() -> None:
    nothing = replace(EDITION, spans=(), received=None, tables=(), shares=())
    document = public_document(nothing)
    assert document.tables == []
    assert "Jumlahnya terlalu sedikit" in text(render_pdf(document, OFFICE))
