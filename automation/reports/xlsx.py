"""
A report as an Excel file, whose figures are formulas over the data that it brings along.

A figure and its formula are both in the file: programs that do not calculate (previews, pandas, phones) show the
figure, those that do come to it again (`tests/automation/reports/test_xlsx.py` compares the two), and Excel is asked to
when it opens the file. Texts are stored as texts, also those that look like a formula.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

from automation.reports.document import MISSING, Cell, Document, Duration, Share, Table
from automation.reports.excel_parts import SAMPLE, Figure, completed, sheet_part
from automation.reports.excel_rows import FORMULA_STARTS, DataSheet
from forms.plain_text import showable
from register.complaint import WITA

SHEET = "Laporan"
FIRST_CELL, UNTIL_CELL = "$B$3", "$C$3"
"""The period's first day, and the day after its last."""
_NAME = re.compile(r"\{([^{}]+)\}")
_WIDTHS = (58, 18)
_A4 = "9"
"""As Excel numbers sizes of paper."""
_FORMATS = ((Share, "0.0%"), (Duration, '#,##0" menit"'), (float, "0.0"), (int, "#,##0"), (date, "dd-mm-yyyy"))


def render_xlsx(document: Document, data: Sequence[DataSheet] = ()) -> bytes:
    """
    All tables on one sheet, the data on others. With data, figures are formulas that have been calculated.

    Args:
        data: None where only the figures may leave the office.
    """
    from openpyxl import Workbook
    from openpyxl.workbook.properties import CalcProperties

    workbook = Workbook(write_only=True)
    report = workbook.create_sheet(SHEET)
    columns: dict[str, str] = {}
    for sheet in data:
        columns |= _put_data(workbook.create_sheet(sheet.title), sheet)
    figures = _put_report(report, document, columns)
    workbook.calculation = CalcProperties(fullCalcOnLoad=True)
    properties = workbook.properties
    properties.title, properties.language = f"{document.title}, {document.subtitle}", "id-ID"
    properties.created = properties.modified = document.made_at.astimezone(UTC).replace(tzinfo=None)
    file = io.BytesIO()
    workbook.save(file)
    rows = {sheet_part(place): sheet.rows for place, sheet in enumerate(data, start=2)}
    return completed(file.getvalue(), figures, rows)


def _put_data(worksheet: Any, sheet: DataSheet) -> Mapping[str, str]:
    """Returns: where each of its columns stands, by key."""
    from openpyxl.utils import get_column_letter

    worksheet.freeze_panes = "A2"
    for place, column in enumerate(sheet.columns, start=1):
        worksheet.column_dimensions[get_column_letter(place)].width = max(column.width, len(column.head) + 2)
    worksheet.append([_cell(worksheet, column.head, bold=True) for column in sheet.columns])
    worksheet.append([_cell(worksheet, value) for value in SAMPLE])
    last = max(len(sheet.rows) + 1, 2)
    letters = [get_column_letter(place) for place in range(1, len(sheet.columns) + 1)]
    worksheet.auto_filter.ref = f"A1:{letters[-1]}{last}"
    quoted = f"'{sheet.title}'"
    return {
        column.key: f"{quoted}!${letter}$2:${letter}${last}"
        for column, letter in zip(sheet.columns, letters, strict=True)
    }


def _put_report(worksheet: Any, document: Document, columns: Mapping[str, str]) -> Mapping[str, Figure]:
    """Returns: what its formulas come to, by cell."""
    from openpyxl.worksheet.properties import PageSetupProperties

    worksheet.column_dimensions["A"].width = _WIDTHS[0]
    for letter in "BCDEFGHIJ":
        worksheet.column_dimensions[letter].width = _WIDTHS[1]
    worksheet.page_setup.orientation, worksheet.page_setup.paperSize = "landscape", _A4
    worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = 1, 0
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)  # without it the two say nothing
    period = document.period
    worksheet.append([_cell(worksheet, document.title, bold=True)])
    worksheet.append([_cell(worksheet, document.subtitle, bold=True)])
    days = ["Masa: hari pertama, dan hari sesudah yang terakhir", period.first, period.moved(1).first]
    worksheet.append([_cell(worksheet, value) for value in days])
    worksheet.append([_cell(worksheet, f"Disusun {document.made_at.astimezone(WITA):%d-%m-%Y %H.%M} WITA")])
    places = _Places(4, columns)
    figures: dict[str, Figure] = {}
    for section in document.sections:
        for table in section.tables:
            for row in places.rows_of(table, figures):
                worksheet.append([_cell(worksheet, *value) for value in row])
    return figures


@dataclass
class _Places:
    """Where the next row of the report stands, and where the data."""

    row: int
    columns: Mapping[str, str]

    def rows_of(self, table: Table, figures: dict[str, Figure]) -> Iterator[Sequence[tuple[Any, bool]]]:
        """Empty row, title, head, rows, note: each a value and whether it is bold. Fills in what formulas come to."""
        yield from ((), [(table.title, True)], [(text, True) for text in _head(table)])
        self.row += 3
        top = self.row + 1
        formulas = table.formulas if self.columns else ()
        for number, cells in enumerate(table.rows):
            self.row += 1
            bold = table.total and number == len(table.rows) - 1
            texts = formulas[number] if formulas else [""] * len(cells)
            yield [
                (self._formula(text, cell, place, top, figures) if text else MISSING if cell is None else cell, bold)
                for place, (cell, text) in enumerate(zip(cells, texts, strict=True))
            ]
        if table.note:
            yield [(table.note, False)]
            self.row += 1

    def _formula(self, text: str, cell: Cell, place: int, top: int, figures: dict[str, Figure]) -> "_Formula":
        from openpyxl.utils import get_column_letter

        letter = get_column_letter(place + 1)
        known = {
            **self.columns,
            "first": FIRST_CELL,
            "until": UNTIL_CELL,
            "above": f"{letter}{top}:{letter}{self.row - 1}",
            **{str(other): f"{get_column_letter(other + 1)}{self.row}" for other in range(10)},
        }
        figures[f"{letter}{self.row}"] = _plain(cell)
        return _Formula("=" + _NAME.sub(lambda name: known[name[1]], text), cell)


@dataclass(frozen=True)
class _Formula:
    """What is calculated, and what it comes to."""

    text: str
    cell: Cell


def _head(table: Table) -> Sequence[str]:
    """With the unit of durations, which are numbers here."""
    lasting = [any(isinstance(row[place], Duration) for row in table.rows) for place in range(len(table.head))]
    one = all(lasting[1:]) if lasting else False
    return [
        f"{text} (menit)" if is_lasting and one else text for text, is_lasting in zip(table.head, lasting, strict=True)
    ]


def _plain(cell: Cell) -> Figure:
    """As Excel holds it."""
    if cell is None:
        return MISSING
    return cell.minutes if isinstance(cell, Duration) else cell


def _cell(worksheet: Any, value: Any, bold: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    kind = value.cell if isinstance(value, _Formula) else value
    held = value.text if isinstance(value, _Formula) else value.minutes if isinstance(value, Duration) else value
    cell = WriteOnlyCell(worksheet, showable(held) if isinstance(held, str) else held)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = str(cell.value).startswith(FORMULA_STARTS)
    cell.number_format = next((form for type_, form in _FORMATS if isinstance(kind, type_)), cell.number_format)
    if bold:
        cell.font = Font(bold=True)
    return cell
