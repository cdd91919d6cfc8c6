"""
Rows of an Excel sheet as the text that the file has of them, written one by one: very many take openpyxl minutes.

A row is written before it is known where it will stand, and in which styles: marks stand in its text for these until
it is put into its place (`excel_parts.py`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from xml.sax.saxutils import escape

from forms.plain_text import showable

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
NUMBER, DATED, QUOTED = "\0", "\1", "\2"
"""Marks for a row's number, and for the styles of dates and of texts that begin like a formula; in no text of ours."""
_DAY_ZERO = date(1899, 12, 30)


@dataclass(frozen=True)
class DataColumn:
    """A column of data: `key` in formulas, `head` in the file; `width` in letters, or more for its head."""

    key: str
    head: str
    width: int = 16


@dataclass(frozen=True)
class DataSheet:
    """
    What the figures of an Excel file are counted from; the keys of all its sheets' columns differ.

    Args:
        rows: As `RowWriter` writes them: texts, whole numbers, and dates; nothing that anybody wrote.
    """

    title: str
    columns: Sequence[DataColumn]
    rows: Sequence[str]


class RowWriter:
    """Writes rows of a sheet with so many columns."""

    def __init__(self, width: int) -> None:
        from openpyxl.utils import get_column_letter

        self._starts = [f'<c r="{get_column_letter(place)}{NUMBER}' for place in range(1, width + 1)]

    def row(self, cells: Iterable[tuple[int, object]]) -> str:
        """A row of texts, whole numbers and dates, by the columns in which they stand, from 0 and in this order."""
        starts = self._starts
        return f'<row r="{NUMBER}">{"".join([starts[place] + _end(value) for place, value in cells])}</row>'


@lru_cache(maxsize=20_000)
def _end(value: object) -> str:
    """What stands of a cell behind its place: few values are in very many cells."""
    if isinstance(value, str):
        text = showable(value)
        # "str" is a text's shortest form; it is also that of what a formula comes to
        style = f' s="{QUOTED}"' if text.startswith(FORMULA_STARTS) else ""
        return f'"{style} t="str"><v>{escape(text)}</v></c>'
    if isinstance(value, date):
        return f'" s="{DATED}"><v>{(value - _DAY_ZERO).days}</v></c>'
    return f'"><v>{value}</v></c>'
