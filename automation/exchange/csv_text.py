"""CSV files as offices have them: any encoding that Excel writes, any separator, and quotes that never end."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from automation.exchange.errors import TableError
from automation.exchange.harmless import restored
from automation.exchange.table import LONGEST_ROW, MOST_ROWS, RawRow

LARGEST = 256_000_000
"""Bytes."""
LONGEST_RECORD = 200
"""Lines that one cell may span; more is a quote that never ends."""
SEPARATORS = ",;\t|"
_SAMPLE = 30
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
OPEN_QUOTE = "Tanda kutip pada baris ini tidak ditutup atau salah tempat. Perbaiki tanda kutipnya, lalu impor kembali."
NUL = "Baris ini memuat karakter nol (NUL), biasanya karena berkas rusak. Ketik ulang baris ini."
TOO_WIDE = f"Baris ini lebih dari {LONGEST_ROW} sel. Periksa pemisah kolomnya."


class CsvFile:
    """A CSV file; all of it is in memory while it is read. Raises: TableError."""

    names: Sequence[str] = ("",)

    def __init__(self, path: Path) -> None:
        size = path.stat().st_size
        if size > LARGEST:
            raise TableError(f"Berkas {path.name} lebih besar dari {LARGEST // 1_000_000} MB; bagi menjadi beberapa.")
        raw = path.read_bytes()
        text, self.encoding = decoded(raw)
        self.notes: Sequence[str] = (
            [f"Berkas dibaca sebagai {self.encoding}; periksa huruf beraksen dan tanda kutipnya."]
            if self.encoding == "Windows-1252"
            else []
        )
        self._lines = list(io.StringIO(text, newline=""))
        self.separator, told = _separator(self._lines)
        if told:
            self._lines = self._lines[1:]  # spreadsheet programs take `sep=;` and do not show it

    def size(self, name: str = "") -> int:
        """See `Tables`."""
        return len(self._lines)

    def rows(self, name: str = "") -> Iterator[RawRow]:
        """See `Tables`. Rows are counted as a spreadsheet program shows them: a cell with line breaks is one row."""
        at, number = 0, 0
        while at < len(self._lines):
            number += 1
            if number > MOST_ROWS:
                raise TableError(f"Berkas ini lebih dari {MOST_ROWS:,} baris; bagi menjadi beberapa.".replace(",", "."))
            cells, at, problem = self._record(at)
            if not problem and any("\0" in cell for cell in cells):
                problem = NUL
            if not problem and len(cells) > LONGEST_ROW:
                problem = TOO_WIDE
            yield RawRow(
                number, () if problem else [restored(cell) for cell in cells], {-1: problem} if problem else {}
            )

    def _record(self, at: int) -> tuple[list[str], int, str]:
        """The record that begins in that line, and where the next one does; a broken one ends with its first line."""
        taken = 0

        def lines() -> Iterator[str]:
            nonlocal taken
            for line in self._lines[at : at + LONGEST_RECORD]:
                taken += 1
                yield line

        if '"' not in self._lines[at] and not self._lines[at].strip():
            return [], at + 1, ""
        try:
            cells = next(csv.reader(lines(), delimiter=self.separator, strict=True), [])
        except csv.Error:
            return [], at + 1, OPEN_QUOTE
        return cells, at + max(taken, 1), ""


def decoded(raw: bytes) -> tuple[str, str]:
    """
    A file's text, and how it was written: by its mark, else UTF-8 if it can be, else UTF-16, else Windows-1252.

    Raises: TableError for what is no text.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _strictly(raw, encoding), encoding.removesuffix("-sig").upper()
    sample = raw[:4000]
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if len(sample) > 3 and zeros.count(0) > 0.6 * len(zeros):
            return _strictly(raw, encoding), encoding.upper()
    try:
        return raw.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        if raw.count(0) > len(raw) // 100:
            raise TableError("Berkas ini bukan teks. Simpan sebagai XLSX atau CSV, lalu impor kembali.") from None
        return _strictly(raw, "cp1252"), "Windows-1252"


def _strictly(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        raise TableError(
            "Huruf dalam berkas ini tidak dapat dibaca. Simpan kembali sebagai «CSV UTF-8», lalu impor kembali."
        ) from None


def _separator(lines: Sequence[str]) -> tuple[str, bool]:
    """What parts the cells, and whether the file itself says so in its first line (`sep=;`)."""
    if lines and (said := lines[0].strip()).casefold().startswith("sep=") and len(said) == 5:
        return said[-1], True
    sample = ["".join(lines[:_SAMPLE])]
    if sample[0].count('"') % 2:  # a quote that does not end: what is within quotes is known for each line at most
        sample = list(lines[:_SAMPLE])
    outside = re.split(r"[\r\n]+", "\n".join("".join(part.split('"')[::2]) for part in sample))
    best = max(SEPARATORS, key=lambda sign: _agreement(text.count(sign) for text in outside))
    return (best if _agreement(text.count(best) for text in outside)[0] else ","), False


def _agreement(counts: Iterable[int]) -> tuple[int, int]:
    """In how many lines a sign stands equally often, and how often that is: cells are as many in each."""
    lines = Counter(count for count in counts if count)
    return max(((lines[count], count) for count in lines), default=(0, 0))
