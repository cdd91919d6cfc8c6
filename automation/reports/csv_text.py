"""
A report as CSV: one line for each figure, so that tables of any shape fit into one file.

For Excel as Indonesian offices have it: semicolons between the cells and a comma in numbers, as it would take "12.5"
for a date; UTF-8 with a byte order mark, without which it takes "–" for three letters. What begins like a formula gets
an apostrophe, so that no program computes it.
"""

import csv
import io

from automation.exchange.harmless import harmless
from automation.reports.document import Cell, Document, Duration, Share

HEAD = ("masa", "kunci_tabel", "tabel", "baris", "kolom", "nilai", "satuan")
_MARK = "\ufeff"


def render_csv(document: Document) -> bytes:
    """All figures of all tables, in their order; an empty `nilai` is what is not known or not shown."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEAD)
    for table in document.tables:
        for row in table.rows:
            for column, cell in zip(table.head[1:], row[1:], strict=True):
                value, unit = figure(cell)
                texts = [document.period.key, table.key, table.title, str(row[0]), column]
                writer.writerow([*map(harmless, texts), value, unit])
    return (_MARK + file.getvalue()).encode("utf-8")


def figure(cell: Cell) -> tuple[str, str]:
    """A cell's number with a decimal comma, or its text, and its unit."""
    match cell:
        case None:
            return "", ""
        case Share():
            return _decimal(100 * cell), "persen"
        case Duration():
            return str(cell.minutes), "menit"
        case float():
            return _decimal(cell), ""
        case int():
            return str(cell), ""
        case _:
            return harmless(cell), ""


def _decimal(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".").replace(".", ",")
