"""
XLSX files as offices have them. Values come from openpyxl, row by row; what it does not tell is asked of the XML: which
cells are joined, which formulas were never computed, and which rows are hidden.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, cast
from xml.parsers import expat

from automation.exchange.errors import TableError
from automation.exchange.harmless import from_xml
from automation.exchange.table import LONGEST_ROW, MOST_ROWS, Cell, RawRow

LARGEST, LARGEST_UNPACKED, MOST_PARTS = 128_000_000, 1_000_000_000, 5_000
"""Bytes, bytes, and files within the file."""
MOST_RATIO = 300
"""How much larger a part of more than 10 MB may become: more is no table but a bomb."""
LAST_ROW = 1_048_576
"""Of a sheet of Excel; a file may name any, and each row before it would be gone through."""
WIDEST = 16_384
"""Columns of a sheet of Excel, so that no more merged cells meet one row."""
_SMALL = 10_000_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PART = 1 << 16
_RANGE = re.compile(r"([A-Z]{1,3})(\d+)(?::([A-Z]{1,3})(\d+))?")
MERGED = "Sel ini bagian dari sel gabungan ({range}). Pisahkan (Unmerge) lalu isi setiap baris."
NOT_COMPUTED = "Hasil rumus di sel ini tidak tersimpan. Buka dan simpan kembali berkasnya, atau ganti dengan nilainya."
ERROR = "Rumus di sel ini salah ({value}). Ganti dengan nilainya."
TOO_WIDE = f"Baris ini lebih dari {LONGEST_ROW} sel."


@dataclass
class Facts:
    """What the XML of a sheet says beside its values. Rows and places are counted from 1 and 0."""

    merged: list[tuple[int, int, int, int, str]] = field(default_factory=list)
    """First and last row, first and last place, and how the range is written."""
    uncomputed: set[tuple[int, int]] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)


class XlsxFile:
    """An XLSX file. Raises: TableError if it is none, is locked, or would not fit."""

    def __init__(self, path: Path) -> None:
        check_size(path)
        self.notes: Sequence[str] = []
        self._path = path
        self._facts: dict[str, Facts] = {}
        import openpyxl

        self._file = path.open("rb")
        try:
            self._book = openpyxl.load_workbook(self._file, read_only=True, data_only=True)
        except Exception as error:  # the library raises whatever its parts raise on a broken file
            self._file.close()
            raise TableError(
                f"Berkas {path.name} rusak atau bukan XLSX. Buka lalu simpan kembali sebagai XLSX."
            ) from error
        self.names: Sequence[str] = [
            sheet.title for sheet in self._book.worksheets if getattr(sheet, "sheet_state", "visible") == "visible"
        ]

    def close(self) -> None:
        """Let go of the file."""
        self._book.close()
        self._file.close()

    def size(self, name: str) -> int:
        """See `Tables`."""
        return int(cast("Any", self._book[name]).max_row or 0) if name in self._book.sheetnames else 0

    def rows(self, name: str) -> Iterator[RawRow]:
        """See `Tables`."""
        if name not in self._book.sheetnames:
            names = ", ".join(self.names)
            raise TableError(f"Lembar «{name}» tidak ada. Lembar yang ada: {names}.")
        sheet = cast("Any", self._book[name])
        filled = 0
        sheet.reset_dimensions()  # what a file says of its own size need not be true
        try:
            facts = self._facts_of(name, sheet)
            merged = _Merged(facts.merged)
            for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
                row = _row(number, values, facts, merged.at(number))
                filled += not row.empty
                if filled > MOST_ROWS or number > LAST_ROW:
                    raise TableError(f"Lembar ini lebih dari {MOST_ROWS} baris terisi; bagi menjadi beberapa berkas.")
                yield row
        except (LookupError, ValueError, TypeError, SyntaxError, zipfile.BadZipFile) as error:
            raise TableError(f"Lembar «{name}» rusak. Simpan kembali sebagai XLSX, lalu impor kembali.") from error

    def _facts_of(self, name: str, sheet: Any) -> Facts:
        if name not in self._facts:
            with zipfile.ZipFile(self._path) as archive, archive.open(sheet._worksheet_path) as part:  # noqa: SLF001
                self._facts[name] = facts_of(part)
        return self._facts[name]


def check_size(path: Path) -> None:
    """Refuse what is no XLSX, before anything of it is unpacked. Raises: TableError."""
    if path.stat().st_size > LARGEST:
        raise TableError(f"Berkas {path.name} lebih besar dari {LARGEST // 1_000_000} MB; bagi menjadi beberapa.")
    with path.open("rb") as file:
        head = file.read(1 << 20)
    if head.startswith(_OLD_OFFICE):
        locked = "EncryptedPackage".encode("utf-16-le") in head
        raise TableError(
            f"Berkas {path.name} dikunci dengan kata sandi. Buka, hapus kata sandinya, lalu simpan kembali."
            if locked
            else f"Berkas {path.name} berbentuk Excel lama (.xls). Buka lalu simpan sebagai XLSX."
        )
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
    except zipfile.BadZipFile:
        raise TableError(f"Berkas {path.name} rusak atau bukan XLSX. Simpan kembali sebagai XLSX.") from None
    if "mimetype" in names and "content.xml" in names:
        raise TableError(f"Berkas {path.name} berbentuk OpenDocument (.ods). Simpan sebagai XLSX.")
    packed = any(part.file_size > _SMALL and part.file_size > MOST_RATIO * max(part.compress_size, 1) for part in parts)
    if packed or len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise TableError(f"Isi berkas {path.name} terlalu besar bila dibuka. Salin tabelnya saja ke berkas baru.")


def facts_of(part: Any) -> Facts:
    """Read once through the XML of a sheet, a piece in memory at a time. Raises: TableError."""
    scan = _Scan()
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = scan.begun, scan.ended
    parser.CharacterDataHandler = scan.told
    parser.StartDoctypeDeclHandler = scan.declared
    try:
        while piece := part.read(_PART):
            parser.Parse(piece)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise TableError("Lembar dalam berkas ini rusak. Simpan kembali sebagai XLSX.") from None
    return scan.found


class _Scan:
    """What the parser meets."""

    def __init__(self) -> None:
        self.found = Facts()
        self._cell, self._formula, self._value, self._within = "", False, False, False

    def begun(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            self._cell, self._formula, self._value = attributes.get("r", ""), False, False
        elif name == "v":
            self._within = True
        elif name == "f":
            self._formula = True
        elif name == "row" and attributes.get("hidden") in ("1", "true") and "r" in attributes:
            self.found.hidden.add(int(attributes["r"]))
        elif name == "mergeCell":
            _merge(self.found, attributes.get("ref", ""))

    def told(self, text: str) -> None:
        self._value = self._value or (self._within and bool(text.strip()))

    def ended(self, name: str) -> None:
        self._within = False
        if name == "c" and self._formula and not self._value and (place := _RANGE.fullmatch(self._cell)):
            self.found.uncomputed.add((int(place[2]), _place(place[1])))

    def declared(self, *_: Any) -> None:
        raise TableError("Berkas ini memuat deklarasi XML yang tidak dikenal. Simpan kembali sebagai XLSX.")


def _merge(found: Facts, written: str) -> None:
    place = _RANGE.fullmatch(written)
    if place and place[3]:
        found.merged.append((int(place[2]), int(place[4]), _place(place[1]), _place(place[3]), written))


def _place(letters: str) -> int:
    total = 0
    for letter in letters:
        total = total * 26 + ord(letter) - ord("A") + 1
    return total - 1


class _Merged:
    """Which merged cells reach into a row, asked row by row: they may be as high as the sheet."""

    def __init__(self, merged: Sequence[tuple[int, int, int, int, str]]) -> None:
        self._below = sorted(merged, reverse=True)
        self._here: list[tuple[int, int, int, int, str]] = []

    def at(self, number: int) -> Sequence[tuple[int, int, str]]:
        """First and last place, and how the range is written. Raises: TableError where they lie upon each other."""
        self._here = [each for each in self._here if each[1] >= number]
        while self._below and self._below[-1][0] <= number:
            self._here.append(self._below.pop())
            if len(self._here) > WIDEST:
                raise TableError("Sel gabungan dalam lembar ini rusak. Pisahkan semuanya (Unmerge), lalu simpan.")
        return [(left, right, written) for _, _, left, right, written in self._here]


def _row(number: int, values: Sequence[Any], facts: Facts, merged: Sequence[tuple[int, int, str]]) -> RawRow:
    if len(values) > LONGEST_ROW and any(value not in (None, "") for value in values[LONGEST_ROW:]):
        return RawRow(number, (), {-1: TOO_WIDE}, number in facts.hidden)
    broken: dict[int, str] = {}
    cells: list[Cell] = []
    for place, value in enumerate(values[:LONGEST_ROW]):
        cells.append(_cell(value))
        if (
            isinstance(value, str)
            and value.startswith("#")
            and value.endswith(("!", "?", "/A", "0"))
            and " " not in value
        ):
            broken[place] = ERROR.format(value=value[:12])
        elif value is None and (number, place) in facts.uncomputed:
            broken[place] = NOT_COMPUTED
    for left, right, written in merged:
        broken |= dict.fromkeys(range(left, min(right, LONGEST_ROW) + 1), MERGED.format(range=written))
    return RawRow(number, cells, broken, number in facts.hidden)


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, str):
        return from_xml(value)
    if isinstance(value, bool | int | float | datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value) if not isinstance(value, timedelta) else f"{int(value.total_seconds()) // 60} menit"
