"""
Comma- and tab-separated text.

Source: https://www.rfc-editor.org/rfc/rfc4180
"""

import csv
import io
import re
from typing import Any

from localsheets.errors import InvalidRequestError
from localsheets.exchange.contents import Contents, Tab
from localsheets.exchange.extent import shown_rows
from localsheets.formats.coercion import parse_entered
from localsheets.model.book import Book
from localsheets.model.cells import Cells, checked_scalar, make_cell
from localsheets.model.sheet import Sheet

MOST_COLUMNS = 18_278
"""Columns of a sheet, as at Google: up to ZZZ."""
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_DELIMITERS = ",;\t"
csv.field_size_limit(1 << 25)  # how long a cell may be is said by checked_scalar, in a sentence


def csv_text(book: Book, sheet: Sheet, *, for_excel: bool = False) -> str:
    """
    A sheet as displayed: lines end with CR LF, the last one without, as in Google's exports.

    Args:
        for_excel: Put an apostrophe before a text that Excel would run as a formula; CSV knows no types, and what a
            stranger wrote must not run on a clerk's computer.

    Source: https://owasp.org/www-community/attacks/CSV_Injection
    """
    written = io.StringIO()
    rows = shown_rows(book, sheet, _harmless if for_excel else str)
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return written.getvalue().removesuffix("\r\n")


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text


def tsv_text(book: Book, sheet: Sheet) -> str:
    """A sheet as displayed; tabs and line breaks in a cell become spaces, since the format cannot hold them."""
    rows = shown_rows(book, sheet)
    return "\r\n".join("\t".join(re.sub(r"\r\n|[\t\r\n]", " ", text) for text in row) for row in rows)


def read_csv(data: bytes, title: str, locale: str) -> Contents:
    """
    The one tab that a CSV file makes; each cell is read as if somebody had typed it.

    The delimiter is whichever of comma, semicolon and tab the first line holds most; a byte order mark is skipped.
    Args:
        data: UTF-8.

    Raises: InvalidRequestError if it is no such text.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidRequestError("The CSV file is not encoded in UTF-8.") from error
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error as error:
        raise InvalidRequestError(f"The CSV file cannot be read: {error}.") from error
    if max(map(len, rows), default=0) > MOST_COLUMNS:
        raise InvalidRequestError(f"The CSV file has more than {MOST_COLUMNS:,} columns.")
    return Contents([Tab(title, [_cells(row, locale) for row in rows])])


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(_DELIMITERS, key=first.count)


def _cells(row: list[str], locale: str) -> Cells:
    cells = [_cell(text, locale) for text in row]
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _cell(text: str, locale: str) -> Any:
    if not text:
        return None
    entered = parse_entered(text, locale=locale)
    number_format = {"numberFormat": entered.number_format} if entered.number_format else None
    value = None if entered.formula else checked_scalar(entered.value)
    return make_cell(value, number_format, "", entered.formula)
