"""
What an XLSX file is, before anything is built of it: whether it would fit into memory, and what openpyxl does not tell
of its sheets, asked of the XML: which cells are joined, which formulas were never computed, and which rows are hidden.
"""

import re
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

from automation.exchange.errors import TableError

LARGEST, LARGEST_UNPACKED, MOST_PARTS = 128_000_000, 500_000_000, 5_000
"""Bytes, bytes, and files within the file."""
LARGEST_PART = 100_000_000
"""Bytes unpacked of a part that is no sheet: openpyxl loads some of them whole, among them all shared texts."""
MOST_RATIO = 300
"""How much larger a part of more than 10 MB may become: more is no table but a bomb."""
LAST_ROW = 1_048_576
"""Of a sheet of Excel; a file may name any, and each row before it would be gone through."""
WIDEST = 16_384
"""Columns of a sheet of Excel, so that no row has more cells, and no more merged cells meet one."""
LONGEST_CELL, LONGEST_TEXT = 1_000_000, 10_000_000
"""Characters of a cell, of which Excel itself holds 32,767; and of a row, or of all that stands outside the rows."""
MOST_ELEMENTS, MOST_IN_PART = 500_000, 5_000_000
"""XML elements of a row, of all outside the rows, or of the styles; and of any other part that is no sheet."""
MOST_UNCOMPUTED = 1_000_000
"""Formulas without a result that are remembered."""
_SMALL = 10_000_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PART = 1 << 16
_SHEETS, _STYLES = "xl/worksheets/", "xl/styles.xml"
_RANGE = re.compile(r"([A-Z]{1,3})(\d+)(?::([A-Z]{1,3})(\d+))?")
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What the archive raises of a part that is damaged, locked, or packed in a way that Python does not know."""
TOO_LARGE = "Isi berkas {name} terlalu besar bila dibuka. Salin tabelnya saja ke berkas baru."
TOO_MANY_CELLS = f"Sebuah baris dalam lembar ini lebih dari {WIDEST} sel. Salin tabelnya saja ke berkas baru."
TOO_LONG = (
    f"Sebuah sel dalam lembar ini lebih dari {LONGEST_CELL} huruf. Pendekkan isinya, atau salin tabelnya saja ke "
    "berkas baru."
)
TOO_MUCH = "Lembar ini memuat terlalu banyak di luar isi tabelnya. Salin tabelnya saja ke berkas baru."


@dataclass
class Facts:
    """What the XML of a sheet says beside its values. Rows and places are counted from 1 and 0."""

    merged: list[tuple[int, int, int, int, str]] = field(default_factory=list)
    """First and last row, first and last place, and how the range is written."""
    uncomputed: set[tuple[int, int]] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)


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
    large = any(part.file_size > LARGEST_PART and not part.filename.startswith(_SHEETS) for part in parts)
    if packed or large or len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise TableError(TOO_LARGE.format(name=path.name))


def check_parts(path: Path) -> dict[str, Facts]:
    """
    Go through all XML of the file, a piece in memory at a time, before anything is built of it.

    Returns: Of each sheet, by its part of the file, what `facts_of` says.
    Raises: TableError if openpyxl would have to hold too much at once.
    """
    facts: dict[str, Facts] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for part in archive.infolist():
                with archive.open(part) as file:
                    if part.filename.startswith(_SHEETS) and part.filename.endswith(".xml"):
                        facts[part.filename] = facts_of(file)
                    elif _elements(file, most := _most(part.filename)) > most:
                        raise TableError(TOO_LARGE.format(name=path.name))
    except _UNREADABLE:
        raise TableError(f"Berkas {path.name} rusak. Buka lalu simpan kembali sebagai XLSX.") from None
    return facts


def _most(part: str) -> int:
    return MOST_ELEMENTS if part == _STYLES else MOST_IN_PART


def _elements(part: Any, most: int) -> int:
    """How many XML elements a part has, counted no further than past `most`; of a picture, none."""
    found = 0

    def begun(*_: Any) -> None:
        nonlocal found
        found += 1

    parser = expat.ParserCreate()
    parser.StartElementHandler = begun
    with suppress(expat.ExpatError):
        while found <= most and (piece := part.read(_PART)):
            parser.Parse(piece)
    return found


def facts_of(part: Any) -> Facts:
    """Read once through the XML of a sheet, a piece in memory at a time. Raises: TableError."""
    scan = _Scan()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = scan.begun, scan.ended
    parser.CharacterDataHandler = scan.told
    parser.StartDoctypeDeclHandler = scan.declared
    read = 0
    try:
        while piece := part.read(_PART):
            parser.Parse(piece)
            read += len(piece)
            if read - parser.CurrentByteIndex > LONGEST_CELL:  # one tag or remark that has not ended yet
                raise TableError(TOO_MUCH)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError):  # ValueError: a place that is no number
        raise TableError("Lembar dalam berkas ini rusak. Simpan kembali sebagai XLSX.") from None
    return scan.found


class _Scan:
    """What the parser meets. Raises: TableError where openpyxl would have to hold too much at once (`_Extent`)."""

    def __init__(self) -> None:
        self.found = Facts()
        self._extent = _Extent()
        self._cell, self._formula, self._value, self._within = "", False, False, False

    def begun(self, name: str, attributes: Mapping[str, str]) -> None:
        name = name.rpartition(" ")[2]  # after its namespace, whichever prefix the file has for it
        self._extent.begun(name)
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
        self._extent.told(len(text))
        self._value = self._value or (self._within and bool(text.strip()))

    def ended(self, name: str) -> None:
        name = name.rpartition(" ")[2]
        self._extent.ended(name)
        self._within = False
        if name == "c" and self._formula and not self._value and (place := _RANGE.fullmatch(self._cell)):
            self.found.uncomputed.add((int(place[2]), _place(place[1])))
            if len(self.found.uncomputed) > MOST_UNCOMPUTED:
                raise TableError(f"Lebih dari {MOST_UNCOMPUTED} sel berisi rumus. Ganti semuanya dengan nilainya.")

    def declared(self, *_: Any) -> None:
        raise TableError("Berkas ini memuat deklarasi XML yang tidak dikenal. Simpan kembali sebagai XLSX.")


class _Extent:
    """
    How much of a sheet openpyxl would hold at once: a row with all that is in it, or all that stands outside the rows.

    It builds both whole before it hands anything over, so they are measured beforehand. One text comes in many pieces.
    """

    def __init__(self) -> None:
        self._depth = self._rows = self._cells = self._in_cell = 0
        self._elements = self._signs = 0
        self._outside = (0, 0)
        """Elements and characters outside the rows, kept while a row is measured."""

    def begun(self, name: str) -> None:
        """An element, by its name without a namespace."""
        if name == "row":
            self._row_begun()
        elif name == "c":
            self._cells, self._in_cell = self._cells + 1, 0
            if self._cells > WIDEST:
                raise TableError(TOO_MANY_CELLS)
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise TableError(TOO_MUCH)

    def told(self, signs: int) -> None:
        """A piece of text, so many characters long."""
        self._in_cell += signs
        self._signs += signs
        if self._depth and self._in_cell > LONGEST_CELL:
            raise TableError(TOO_LONG)
        if self._signs > LONGEST_TEXT:
            raise TableError(TOO_MUCH)

    def ended(self, name: str) -> None:
        """See `begun`."""
        if name == "row":
            self._depth -= 1
            if not self._depth:
                self._elements, self._signs = self._outside

    def _row_begun(self) -> None:
        self._depth += 1
        if self._depth > 1:  # a row within a row belongs to the outer one
            return
        self._outside = self._elements, self._signs
        self._elements = self._signs = self._cells = self._in_cell = 0
        self._rows += 1
        if self._rows > LAST_ROW:
            raise TableError(f"Lembar ini lebih dari {LAST_ROW} baris; bagi menjadi beberapa berkas.")


def _merge(found: Facts, written: str) -> None:
    place = _RANGE.fullmatch(written)
    if place and place[3]:
        found.merged.append((int(place[2]), int(place[4]), _place(place[1]), _place(place[3]), written))


def _place(letters: str) -> int:
    total = 0
    for letter in letters:
        total = total * 26 + ord(letter) - ord("A") + 1
    return total - 1
