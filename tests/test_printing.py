"""The commands that print: what they write, where, and what they say when they cannot."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from automation.configuration.in_force import as_rows
from commands.papers import BOOK, office_file_maker, paper_maker
from forms.papers import EDITABLE, Paper
from register.complaint import Channel
from register.opening import open_data, prepare
from register.settings import Settings
from register.store import Store
from sheets_schema.configuration_tabs import OFFICERS, SETTINGS
from tests.builders import MOMENT, an_intake
from tests.forms.papers.paper_facts import text
from tests.register.test_opening import settings_for
from tests.test_asking import Ask, ask

__all__ = ["ask"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = settings_for(tmp_path / "data")
    prepare(settings, MOMENT)
    return settings


def filed(store: Store) -> str:
    return store.accept(an_intake(), channel=Channel.DESK, now=MOMENT).complaint.ticket


@pytest.fixture
def ticket(settings: Settings) -> str:
    store = open_data(settings).store
    ticket = filed(store)
    store.close()
    return ticket


def test_a_paper_is_written_and_its_place_told(ask: Ask, tmp_path: Path, ticket: str) -> None:
    code, out, err = ask("--data", "data", "papers", ticket.lower().replace("-", " "), "--paper", "tanda-terima")
    assert (code, out, err) == (0, f"tanda-terima-{ticket}.pdf\n", "")
    written = tmp_path / f"tanda-terima-{ticket}.pdf"
    assert ticket in text(written.read_bytes())
    assert written.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("known", ["", "https://aduan.contoh.go.id"])
def test_a_paper_of_the_web_names_where_it_was_asked_for(settings: Settings, ticket: str, known: str) -> None:
    opened = open_data(settings)
    make = paper_maker(replace(settings, public_url=known), opened)
    found = text(make("tanda-terima", ticket, "http://192.0.2.7:8080"))
    opened.store.close()
    assert f"{known or 'http://192.0.2.7:8080'}/status/{ticket}" in found


def test_the_ending_chooses_word(ask: Ask, tmp_path: Path, ticket: str) -> None:
    assert ask("--data", "data", "papers", ticket, "--paper", "formulir-penyelesaian", "--out", "a.docx")[0] == 0
    assert Document(io.BytesIO((tmp_path / "a.docx").read_bytes())).core_properties.language == "id-ID"


def test_a_word_file_that_somebody_may_be_writing_in_is_not_replaced(ask: Ask, tmp_path: Path, ticket: str) -> None:
    (tmp_path / "a.docx").write_bytes(b"sudah diisi")
    code, out, err = ask("--data", "data", "papers", ticket, "--paper", "formulir-penyelesaian", "--out", "a.docx")
    assert (code, out, "'a.docx' sudah ada" in err, "a-2.docx" in err) == (1, "", True, True)
    assert (tmp_path / "a.docx").read_bytes() == b"sudah diisi"


@pytest.mark.parametrize("paper", [Paper.COMPLAINT, Paper.RECEIPT_SLIP])
def test_a_blank_paper_needs_no_data_folder(ask: Ask, tmp_path: Path, paper: Paper) -> None:
    assert ask("papers", "--blank", "--paper", paper.value)[:2] == (0, f"{paper}-kosong.pdf\n")
    assert [path.name for path in tmp_path.iterdir()] == [f"{paper}-kosong.pdf"]
    assert "DINAS SOSIAL" in text((tmp_path / f"{paper}-kosong.pdf").read_bytes())


def test_the_letterhead_is_the_offices_own(ask: Ask, tmp_path: Path, settings: Settings) -> None:
    store = open_data(settings).store
    typed = {"kop_nama": "Dinas Percobaan", "nama_kepala_dinas": "Dr. Contoh", "nip_kepala_dinas": "197001012000011001"}
    officers = [
        {"name": "Wati Contoh", "role": "Ketua Tim (Sekretaris)"},
        {"name": "Kepala Dinas", "role": "Kepala Dinas"},
    ]
    store.put_setting(
        "configuration",
        {
            SETTINGS.title: as_rows([{"name": name, "value": value} for name, value in typed.items()]),
            OFFICERS.title: as_rows(officers),
        },
    )
    store.close()
    assert ask("--data", "data", "papers", "--blank", "--paper", "berita-acara", "--out", "a.pdf")[0] == 0
    found = text((tmp_path / "a.pdf").read_bytes())
    for words in ("DINAS PERCOBAAN", "Dr. Contoh", "NIP. 19700101 200001 1 001", "Wati Contoh"):
        assert words in found


def test_the_book_of_a_month_and_of_a_year(ask: Ask, tmp_path: Path, ticket: str) -> None:
    data = ("--data", "data", "book")
    assert ask(*data, "--year", "2026", "--month", "11")[:2] == (0, "buku-registrasi-2026-11.pdf\n")
    assert "1 pengaduan" in text((tmp_path / "buku-registrasi-2026-11.pdf").read_bytes())
    assert ask(*data, "--year", "2026", "--xlsx")[:2] == (0, "buku-registrasi-2026.xlsx\n")
    sheet = load_workbook(tmp_path / "buku-registrasi-2026.xlsx").active
    assert sheet is not None
    assert sheet["A5"].value == "0001/ADUAN/DINSOS/11/2026"
    assert ask(*data, "--blank")[:2] == (0, "buku-registrasi-kosong.pdf\n")
    assert ticket not in text((tmp_path / "buku-registrasi-2026-11.pdf").read_bytes())


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        (("papers", "--paper", "tanda-terima"), 1, "Sebutkan nomor tiket, atau --blank"),
        (("papers", "7K3M-Q9TX-2", "--blank", "--paper", "tanda-terima"), 1, "Sebutkan nomor tiket, atau --blank"),
        (("papers", "--blank", "--paper", "surat"), 2, "'surat' tidak dikenal. Yang dapat dipilih: formulir-"),
        (("papers", "--blank"), 2, "'--paper' belum diisi."),
        (("papers", "7K3M-Q9TX-2", "--paper", "tanda-terima"), 1, "Tidak ada pengaduan dengan tiket 7K3M-Q9TX-2"),
        (("papers", "../../etc", "--paper", "tanda-terima"), 1, "'../../etc' bukan nomor tiket."),
        (("papers", "--blank", "--paper", "tanda-terima", "--out", "a.txt"), 1, "Nama berkas 'a.txt' harus berakhir"),
        (
            ("papers", "--blank", "--paper", "berita-acara", "--out", "a.docx"),
            1,
            "Berita Acara Penutupan Pengaduan tidak",
        ),
        (("papers", "--blank", "--paper", "tanda-terima", "--out", "x/a.pdf"), 1, "Berkas atau folder x/a.pdf tidak"),
        (("book", "--month", "13"), 2, "'13' bukan angka dari 1 sampai 12. Tulis misalnya --month"),
        (("book", "--blank", "--xlsx"), 1, "Buku kosong hanya tersedia sebagai .pdf"),
        (("book", "--out", "a.doc"), 1, "Buku kosong hanya tersedia sebagai .pdf"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    ask: Ask, tmp_path: Path, settings: Settings, typed: tuple[str, ...], code: int, said: str
) -> None:
    ended, out, err = ask("--data", "data", *typed)
    assert (ended, out, err.startswith(said)) == (code, "", True), err
    assert len(err.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_an_open_complaint_has_no_minutes_of_its_closing(ask: Ask, ticket: str) -> None:
    code, _, err = ask("--data", "data", "papers", ticket, "--paper", "berita-acara")
    assert (code, err.startswith("Berita Acara Penutupan Pengaduan baru dapat dibuat")) == (1, True)


def test_a_logo_of_the_data_folder_is_used_and_a_huge_one_refused(ask: Ask, settings: Settings) -> None:
    logo = settings.data / "logo.svg"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>')
    blank = ("--data", "data", "papers", "--blank", "--paper", "tanda-terima")
    assert ask(*blank)[0] == 0
    logo.write_bytes(b" " * 1_000_001)
    assert "lebih besar dari 1 MB" in ask(*blank)[2]


def test_what_the_web_prints_besides_the_papers_of_a_complaint(settings: Settings, ticket: str) -> None:
    opened = open_data(settings)
    make = office_file_maker(settings, opened)
    assert "Formulir Pengaduan" in text(make("formulir-pengaduan", "", "pdf"))
    assert make("berita-acara", "", "pdf").startswith(b"%PDF"), "blank, nothing has to have ended"
    assert "dicatat sebagai data manual dan elektronik" in text(make(BOOK, "", "pdf"))
    for key in EDITABLE:
        assert Document(io.BytesIO(make(key, ticket, "docx"))).paragraphs
    for period in ("2026", "2026-11"):
        assert make(BOOK, period, "pdf").startswith(b"%PDF")
        cells = [cell.value for row in load_workbook(io.BytesIO(make(BOOK, period, "xlsx"))).active for cell in row]
        assert any("0001/ADUAN" in str(cell) for cell in cells)
    opened.store.close()
