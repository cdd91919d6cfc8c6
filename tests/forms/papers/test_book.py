"""The Buku Registrasi: each complaint of its time, none saying more than it may, and Excel that calculates nothing."""

import io
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from forms.papers import Book, book_of, book_xlsx, render_book
from forms.papers.book import COLUMNS, Entry, rows_of
from forms.papers.facts import ERASED, MASK, NAMELESS, NOTHING, RESTRICTED_MASK
from register.changes import Change
from register.complaint import Channel, Identity
from register.database import migrate, open_engine, sqlite_url
from register.sealing import load_keyring
from register.store import Store
from tests.builders import MOMENT
from tests.forms.papers.paper_facts import OFFICE, PERSONAL, ROOT, STORY, pages, text, the_complaint, the_intake

pytestmark = pytest.mark.long

COUNT = 40
LONGEST_CELL = 32_767


def a_book(*entries: Entry) -> Book:
    return Book(OFFICE, 2026, 11, entries, ROOT, MOMENT)


def an_entry(number: int = 42, said: str = "Bantuan belum cair.", **changes: object) -> Entry:
    complaint = the_complaint(number=number, **changes)
    return Entry(complaint, the_intake(description=said, identity=complaint.identity))


def test_each_page_repeats_the_heads_and_counts() -> None:
    book = a_book(*(an_entry(number, "Bantuan belum cair. " * (number % 9)) for number in range(1, COUNT + 1)))
    found = pages(render_book(book))
    assert len(found) > 2
    for number, page in enumerate(found, start=1):
        assert f"Halaman {number} dari {len(found)}" in page
        assert ROOT.printed in page
    for page in found:
        assert all(column.head in page for column in COLUMNS)
    whole = " ".join(found).replace(" ", "")
    assert all(f"{number:04d}/ADUAN/DINSOS/11/2026" in whole for number in range(1, COUNT + 1))
    assert "Bulan November 2026 · 40 pengaduan" in found[0]
    assert "nomor terakhir 0040/ADUAN/DINSOS/11/2026" in found[-1]


@pytest.mark.parametrize("count", [1, 2, 3, *range(9, 36)])
def test_signatures_stand_with_the_last_rows(count: int) -> None:
    last = pages(render_book(a_book(*(an_entry(number) for number in range(1, count + 1)))))[-1].replace(" ", "")
    assert "Petugasregistrasi" in last
    assert all(f"{number:04d}/ADUAN" in last for number in range(max(1, count - 1), count + 1))


@pytest.mark.parametrize(
    ("printed", "month", "said"),
    [
        (MOMENT, 11, "Bulan November 2026: sampai dengan 23 November 2026 tercatat 1 pengaduan, nomor terakhir 0042/"),
        (MOMENT, None, "Tahun 2026: sampai dengan 23 November 2026 tercatat 1 pengaduan"),
        (MOMENT + timedelta(days=8), 11, "Bulan November 2026 ditutup dengan 1 pengaduan, nomor terakhir 0042/"),
        (MOMENT + timedelta(days=8), None, "Tahun 2026: sampai dengan 1 Desember 2026 tercatat"),
        (MOMENT + timedelta(days=60), None, "Tahun 2026 ditutup dengan 1 pengaduan"),
    ],
)
def test_a_book_is_closed_only_after_its_time(printed: datetime, month: int | None, said: str) -> None:
    book = Book(OFFICE, 2026, month, (an_entry(),), ROOT, printed)
    assert said in text(render_book(book))
    empty = text(render_book(replace(book, entries=())))
    assert ("belum ada pengaduan" in empty, "ditutup tanpa pengaduan" in empty) == (book.running, not book.running)


def test_it_lies_on_its_side() -> None:
    box = PdfReader(io.BytesIO(render_book(a_book(an_entry())))).pages[0].mediabox
    assert (round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)) == (297, 210)


@pytest.mark.parametrize(
    ("changes", "shown", "hidden"),
    [
        ({}, (PERSONAL["name"], "Timbau, Tenggarong", "Saldo kosong. Bantuan"), (PERSONAL["phone"], PERSONAL["nik"])),
        ({"identity": Identity.CONFIDENTIAL}, (MASK, "Saldo kosong"), (PERSONAL["name"], "Timbau", "Tenggarong")),
        ({"identity": Identity.ANONYMOUS}, (NAMELESS, "Saldo kosong"), (PERSONAL["name"],)),
        ({"restricted": True}, (RESTRICTED_MASK,), (PERSONAL["name"], "Saldo", "Timbau", "sembako", "Perlindungan")),
        ({"step_begun_at": None}, (RESTRICTED_MASK,), (PERSONAL["name"], "Saldo", "Timbau", "sembako", "Perlindungan")),
    ],
    ids=["open", "confidential", "anonymous", "restricted", "not looked at"],
)
def test_a_line_says_no_more_than_it_may(
    changes: dict[str, object], shown: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    (row,) = rows_of(a_book(an_entry(**changes)))
    line = " ".join(row)
    assert all(words in line for words in shown)
    assert not any(words in line for words in (*hidden, "7K3M"))


def test_a_category_that_is_not_decided_is_left_out() -> None:
    place = next(place for place, column in enumerate(COLUMNS) if column.head == "Kategori")
    decided, open_ = rows_of(a_book(an_entry(), an_entry(43, undecided=True)))
    assert (decided[place], open_[place]) == ("Bantuan sembako (BPNT, kartu KKS)", NOTHING)


def test_an_erased_complaint_keeps_its_line() -> None:
    (row,) = rows_of(a_book(Entry(the_complaint(), None)))
    assert row[0] == "0042/ADUAN/DINSOS/11/2026"
    assert row.count(ERASED) == 2


def test_an_empty_time_says_so() -> None:
    assert "Tidak ada pengaduan" in text(render_book(Book(OFFICE, 2027)))


def test_a_blank_page_has_room_and_nobody_on_it() -> None:
    found = render_book(a_book(an_entry()), blank=True)
    assert len(pages(found)) == 1
    assert "Ibu" not in text(found)
    assert "2026" not in text(found).replace("/2022", "")


def test_what_looks_like_a_formula_stays_text() -> None:
    typed = ('=HYPERLINK("http://contoh.id","klik")', "+62", "-1+1", "@SUM(A1)", "=1+1")
    entries = [an_entry(number, said) for number, said in enumerate(typed, start=1)]
    for entry in entries:
        assert entry.intake is not None
    said = [replace(entry, intake=replace(entry.intake, subject="")) for entry in entries if entry.intake]
    sheet = load_workbook(io.BytesIO(book_xlsx(a_book(*said)))).active
    assert sheet is not None
    cells = [row[3] for row in sheet.iter_rows(min_row=5)]
    assert [cell.value for cell in cells] == list(typed)
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)


def test_excel_takes_any_text_and_repeats_the_heads() -> None:
    sheet = load_workbook(io.BytesIO(book_xlsx(a_book(an_entry(said="\x00\x0b\ud800" + "😡" * 40_000))))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[4]] == [column.head for column in COLUMNS]
    assert sheet.print_title_rows == "$4:$4"
    assert len(str(sheet["D5"].value)) <= LONGEST_CELL


def test_the_same_book_gives_the_same_pdf() -> None:
    assert render_book(a_book(an_entry())) == render_book(a_book(an_entry()))


def test_the_book_is_that_of_its_year_and_month(tmp_path: Path) -> None:
    engine = open_engine(sqlite_url(tmp_path / "aduan.sqlite3"))
    migrate(engine, backup_folder=tmp_path, now=MOMENT)
    store = Store(engine, load_keyring(tmp_path / "kunci", create=True))
    days = (MOMENT - timedelta(days=40), MOMENT, MOMENT + timedelta(days=60))
    tickets = [store.accept(the_intake(), channel=Channel.DESK, now=at).complaint.ticket for at in days]
    store.commit([Change(tickets[1], {"step_begun_at": MOMENT, "category": "SEMBAKO"})])
    year, month = book_of(store, OFFICE, 2026), book_of(store, OFFICE, 2026, 11, now=MOMENT)
    assert [entry.complaint.ticket for entry in year.entries] == tickets[:2]
    assert [entry.complaint.ticket for entry in month.entries] == tickets[1:2]
    assert [entry.intake is None for entry in year.entries] == [True, False]  # nobody looked at the first one yet
    assert STORY["description"] in next(iter(rows_of(month)))[3]
    store.close()
