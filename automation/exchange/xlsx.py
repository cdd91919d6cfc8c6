"""
XLSX files as offices have them. Values come from openpyxl, row by row, once `xlsx_inspection.py` has found that they
fit; what else stands in a sheet comes from there, too.
"""

import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, cast

from automation.exchange.errors import TableError
from automation.exchange.harmless import from_xml
from automation.exchange.table import LONGEST_ROW, MOST_ROWS, Cell, RawRow
from automation.exchange.xlsx_inspection import (
    LAST_ROW,
    LONGEST_CELL,
    TOO_LONG,
    WIDEST,
    Facts,
    check_parts,
    check_size,
    facts_of,
)

MERGED = "Sel ini bagian dari sel gabungan ({range}). Pisahkan (Unmerge) lalu isi setiap baris."
NOT_COMPUTED = "Hasil rumus di sel ini tidak tersimpan. Buka dan simpan kembali berkasnya, atau ganti dengan nilainya."
ERROR = "Rumus di sel ini salah ({value}). Ganti dengan nilainya."
TOO_WIDE = f"Baris ini lebih dari {LONGEST_ROW} sel."


class XlsxFile:
    """An XLSX file. Raises: TableError if it is none, is locked, or would not fit."""

    def __init__(self, path: Path) -> None:
        check_size(path)
        self.notes: Sequence[str] = []
        self._path = path
        self._facts = check_parts(path)  # openpyxl goes into the sheets, too, when it opens the file
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
            facts = self._facts_of(sheet._worksheet_path)  # noqa: SLF001
            merged = _Merged(facts.merged)
            for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
                row = _row(number, values, facts, merged.at(number))
                filled += not row.empty
                if filled > MOST_ROWS or number > LAST_ROW:
                    raise TableError(f"Lembar ini lebih dari {MOST_ROWS} baris terisi; bagi menjadi beberapa berkas.")
                yield row
        except (LookupError, ValueError, TypeError, SyntaxError, zipfile.BadZipFile) as error:
            raise TableError(f"Lembar «{name}» rusak. Simpan kembali sebagai XLSX, lalu impor kembali.") from error

    def _facts_of(self, part: str) -> Facts:
        if part not in self._facts:
            with zipfile.ZipFile(self._path) as archive, archive.open(part) as file:
                self._facts[part] = facts_of(file)
        return self._facts[part]


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
        if len(value) > LONGEST_CELL:  # one of the shared texts, which stand in no sheet
            raise TableError(TOO_LONG)
        return from_xml(value)
    if isinstance(value, bool | int | float | datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value) if not isinstance(value, timedelta) else f"{int(value.total_seconds()) // 60} menit"
