"""Tables as offices have them, as files: what each is, what is wrong in which row, and which rows are good."""

import csv
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook

HEADER = ("No. Agenda", "Tanggal Masuk", "Nama Pelapor", "No. HP", "Isi Pengaduan", "Status")
STORY = "Bantuan sembako belum kami terima selama tiga bulan."
GOOD = ("1/2024", "2024-03-05", "Ibu Contoh", "0812-0000-0000", STORY, "Selesai")
OTHER = ("2/2024", "2024-03-06", "Bapak Contoh", "0812-0000-0001", STORY + " Lagi.", "Selesai")


def row(number: str, **changes: Any) -> tuple[Any, ...]:
    """A good row with another number, and perhaps something else in it."""
    names = ("number", "date", "name", "phone", "story", "status")
    values = dict(zip(names, GOOD, strict=True)) | {"number": number, "story": f"{STORY} ({number})"} | changes
    return tuple(values[name] for name in names)


@dataclass(frozen=True)
class Kind:
    """
    One kind of broken file.

    Args:
        write: Writes it.
        troubles: By row as the person sees it, a word of each problem told; {} if none.
        good: How many rows are imported.
        refused: A word of the sentence by which the whole file is refused.
    """

    name: str
    write: Callable[[Path], object]
    troubles: Mapping[int, str] = field(default_factory=dict)
    good: int = 2
    refused: str = ""
    suffix: str = ".xlsx"


def xlsx(*rows: Sequence[Any], dress: Callable[[Any], object] = lambda _sheet: None) -> Callable[[Path], object]:
    """An XLSX file of these rows."""

    def write(path: Path) -> None:
        book = Workbook()
        sheet = book.active
        for each in rows:
            sheet.append(list(each))
        dress(sheet)
        book.save(path)

    return write


def text(
    *rows: Sequence[str], separator: str = ",", encoding: str = "utf-8", end: str = "\r\n"
) -> Callable[[Path], object]:
    """A CSV file of these rows."""
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator, lineterminator=end).writerows(rows)
    return raw(file.getvalue().encode(encoding))


def raw(data: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data)


def _lines(*lines: str) -> Callable[[Path], object]:
    return raw("\r\n".join((",".join(HEADER), *lines, "")).encode())


def _second_sheet(sheet: Any) -> None:
    other = sheet.parent.create_sheet("Lain")
    for each in (HEADER, GOOD):
        other.append(list(each))


def _notes_sheet(sheet: Any) -> None:
    sheet.parent.create_sheet("Catatan").append(["Jangan lupa menyalin"])


def _hide(sheet: Any) -> None:
    sheet.row_dimensions[3].hidden = True


def _bomb(path: Path) -> None:
    xlsx(HEADER, GOOD)(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/kosong.bin", b"\0" * 40_000_000)


def _forged(before: str, after: str) -> Callable[[Path], object]:
    """An XLSX file whose sheet's XML says something that no spreadsheet program would write."""

    def write(path: Path) -> None:
        xlsx(HEADER, GOOD)(path)
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        name = "xl/worksheets/sheet1.xml"
        assert before.encode() in parts[name]
        parts[name] = parts[name].replace(before.encode(), after.encode(), 1)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in parts.items():
                archive.writestr(name, part)

    return write


def _locked(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"))


def _old(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "Workbook".encode("utf-16-le"))


def _quoted(number: str, story: str) -> str:
    return f"{number},2024-03-05,Ibu Contoh,0812-0000-0000,{story},Selesai"


KINDS: Sequence[Kind] = (
    Kind(
        "merged cells down a column",
        xlsx(HEADER, GOOD, row("3"), row("4"), OTHER, dress=lambda s: s.merge_cells("C3:C4")),
        {3: "gabungan", 4: "gabungan"},
    ),
    Kind(
        "merged cells along a row",
        xlsx(HEADER, GOOD, OTHER, row("3"), dress=lambda s: s.merge_cells("C4:D4")),
        {4: "gabungan"},
    ),
    Kind(
        "a merged title above the header",
        xlsx(
            ["BUKU REGISTRASI PENGADUAN"],
            ["Tahun 2024"],
            [],
            HEADER,
            GOOD,
            OTHER,
            dress=lambda s: s.merge_cells("A1:F1"),
        ),
    ),
    Kind(
        "dates as text, in the spellings of clerks",
        xlsx(
            HEADER,
            row("1", date="5 Maret 2024"),
            row("2", date="05/03/2024"),
            row("3", date="Selasa, 5 Maret 2024 pukul 09.15"),
        ),
        good=3,
    ),
    Kind("dates as dates", xlsx(HEADER, row("1", date=date(2024, 3, 5)), row("2", date=datetime(2024, 3, 5, 9, 15)))),
    Kind("a five-digit year", xlsx(HEADER, GOOD, OTHER, row("3", date="05/03/20244")), {4: "Tahun"}),
    Kind("a two-digit year", xlsx(HEADER, GOOD, OTHER, row("3", date="05/03/24")), {4: "dua angka"}),
    Kind("a day that does not exist", xlsx(HEADER, GOOD, OTHER, row("3", date="31/02/2024")), {4: "tidak terbaca"}),
    Kind("a date to come", xlsx(HEADER, GOOD, OTHER, row("3", date="2031-01-01")), {4: "belum tiba"}),
    Kind(
        "closed before it came in",
        xlsx((*HEADER, "Tanggal Selesai"), (*GOOD, "2024-03-07"), (*OTHER, "2024-03-01")),
        {3: "lebih awal"},
        good=1,
    ),
    Kind(
        "the same number twice", xlsx(HEADER, GOOD, OTHER, row("1/2024", name="Orang Lain")), {4: "mengulang baris 2"}
    ),
    Kind(
        "the same row twice, without a number",
        xlsx(HEADER[1:], GOOD[1:], GOOD[1:], OTHER[1:]),
        {3: "mengulang baris 2"},
    ),
    Kind(
        "the same number in another year is another",
        xlsx(HEADER, row("7", date="2023-03-05"), row("7", date="2024-03-05")),
    ),
    Kind(
        "two header rows",
        xlsx(
            ["No. Agenda", "Tanggal Masuk", "Pelapor", "", "Isi Pengaduan", "Status"],
            ["", "", "Nama", "Kontak", "", ""],
            GOOD,
            OTHER,
        ),
    ),
    Kind("a row that counts the columns", xlsx(HEADER, [1, 2, 3, 4, 5, 6], GOOD, OTHER)),
    Kind("the header again in the middle", xlsx(HEADER, GOOD, HEADER, OTHER)),
    Kind("blank rows", xlsx(HEADER, [], GOOD, [], ["", " ", None], OTHER)),
    Kind("a telephone that became a number", xlsx(HEADER, GOOD, OTHER, row("3", phone=541000000)), {4: "angka"}),
    Kind(
        "a NIK that became a number",
        xlsx((*HEADER, "NIK"), (*GOOD, "6402990000000000"), (*OTHER, 6402990000000000)),
        {3: "angka"},
        good=1,
    ),
    Kind(
        "a NIK as 6.40299E+15",
        text((*HEADER, "NIK"), (*GOOD, "6402990000000000"), (*OTHER, "6.40299E+15")),
        {3: "angka"},
        good=1,
        suffix=".csv",
    ),
    Kind(
        "a NIK that lost a digit",
        xlsx((*HEADER, "NIK"), (*GOOD, "6402990000000000"), (*OTHER, "640299000000000")),
        {3: "16 angka"},
        good=1,
    ),
    Kind("a formula that was never computed", xlsx(HEADER, GOOD, OTHER, row("3", story="=A2&B2")), {4: "rumus"}),
    Kind("a formula's error", xlsx(HEADER, GOOD, OTHER, row("3", story="#REF!")), {4: "Rumus"}),
    Kind("hidden rows are read", xlsx(HEADER, GOOD, OTHER, dress=_hide)),
    Kind("notes on another sheet", xlsx(HEADER, GOOD, OTHER, dress=_notes_sheet)),
    Kind("several sheets that fit", xlsx(HEADER, GOOD, dress=_second_sheet), good=0, refused="Lebih dari satu lembar"),
    Kind(
        "a status nobody knows, and none",
        xlsx(HEADER, GOOD, OTHER, row("3", status="Digantung"), row("4", status="")),
        {4: "Status ini", 5: "Status kosong"},
    ),
    Kind(
        "no story, and one too short",
        xlsx(HEADER, GOOD, OTHER, row("3", story=""), row("4", story="Tolong")),
        {4: "Ceritakan", 5: "Terlalu pendek"},
    ),
    Kind("no name", xlsx(HEADER, GOOD, OTHER, row("3", name="")), {4: "nama"}),
    Kind(
        "a village that lies elsewhere",
        xlsx((*HEADER, "Kecamatan", "Desa"), (*GOOD, "Tenggarong", "Maluhu"), (*OTHER, "Muara Badak", "Maluhu")),
        {3: "terletak"},
        good=1,
    ),
    Kind("a locked file", _locked, good=0, refused="kata sandi"),
    Kind("an old .xls", _old, good=0, refused="Excel lama", suffix=".xls"),
    Kind("a zip bomb", _bomb, good=0, refused="terlalu besar"),
    Kind("a row that is no number", _forged('<row r="2"', '<row hidden="1" r="x"'), good=0, refused="rusak"),
    Kind(
        "text that is nowhere",
        _forged("</sheetData>", '<row r="3"><c r="A3" t="s"><v>99999</v></c></row></sheetData>'),
        good=0,
        refused="rusak",
    ),
    Kind(
        "merged cells upon each other",
        _forged("</sheetData>", "</sheetData><mergeCells>" + '<mergeCell ref="A1:B9"/>' * 16_385 + "</mergeCells>"),
        good=0,
        refused="gabungan",
    ),
    Kind("a file cut off", raw(b"PK\x03\x04" + b"\0" * 100), good=0, refused="rusak"),
    Kind(
        "a mark of UTF-8, and semicolons", text(HEADER, GOOD, OTHER, separator=";", encoding="utf-8-sig"), suffix=".csv"
    ),
    Kind(
        "sep= in the first line",
        raw(("sep=;\r\n" + ";".join(HEADER) + "\r\n" + ";".join(GOOD) + "\r\n" + ";".join(OTHER)).encode()),
        suffix=".csv",
    ),
    Kind("tabs and UTF-16", text(HEADER, GOOD, OTHER, separator="\t", encoding="utf-16"), suffix=".csv"),
    Kind("Windows-1252", text(HEADER, row("1", name="Ibu André"), OTHER, encoding="cp1252"), suffix=".csv"),
    Kind("carriage returns only", text(HEADER, GOOD, OTHER, end="\r"), suffix=".csv"),
    Kind(
        "a quote that never ends",
        _lines(_quoted("1", STORY), _quoted("2", '"' + STORY), _quoted("3", STORY), _quoted("4", f'"{STORY} Ya."')),
        {3: "kutip"},
        good=3,
        suffix=".csv",
    ),
    Kind(
        "a line break within quotes",
        _lines(_quoted("1", f'"{STORY}\r\nTerima kasih."'), _quoted("2", "Tolong"), _quoted("3", STORY)),
        {3: "Terlalu pendek"},
        suffix=".csv",
    ),
    Kind(
        "NUL in a row",
        _lines(_quoted("1", STORY), _quoted("2", STORY + "\0"), _quoted("3", STORY)),
        {3: "NUL"},
        suffix=".csv",
    ),
    Kind(
        "commas that nobody quoted",
        _lines(
            _quoted("1", STORY), _quoted("2", "Beras, minyak, telur, dan gula belum kami terima"), _quoted("3", STORY)
        ),
        {3: "lebih panjang"},
        suffix=".csv",
    ),
    Kind("no header at all", text(GOOD, OTHER), good=0, refused="Judul kolom tidak ditemukan", suffix=".csv"),
    Kind("nothing", raw(b""), good=0, refused="kosong", suffix=".csv"),
    Kind("a PDF", raw(b"%PDF-1.7 ..."), good=0, refused="PDF", suffix=".csv"),
)
