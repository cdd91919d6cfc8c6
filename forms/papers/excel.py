"""The Buku Registrasi as an Excel file: every cell is text, also one that looks like a formula."""

import io
from datetime import UTC, datetime

from forms.papers.book import COLUMNS, TITLE, Book, rows_of

_LONGEST_CELL = 32_767
"""Letters that Excel takes."""
_HEAD_ROW = 4
_FORMULA_STARTS = ("=", "+", "-", "@")
_UNDATED = datetime(2023, 1, 2, tzinfo=UTC)
"""When the decree came into force: Excel wants a date, and the same book is to give the same file."""


def book_xlsx(book: Book) -> bytes:
    """
    The book as an Excel file (.xlsx) with a filter on its heads, which are printed on every page.

    What begins with = + - or @ stays the text that somebody wrote: it is stored as text and marked as such, so that it
    is none either once the cell was edited.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
    from openpyxl.worksheet.properties import PageSetupProperties

    workbook = Workbook()
    sheet = workbook.active
    if sheet is None:
        raise RuntimeError("a new workbook has no sheet")
    sheet.title = "Buku Registrasi"
    plain, wrapped, bold = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True), Font(bold=True)
    rows = [[book.office.name], [f"{TITLE}, {book.period}"], [], [column.head for column in COLUMNS], *rows_of(book)]
    for number, row in enumerate(rows, start=1):
        for place, text in enumerate(row, start=1):
            cell = sheet.cell(number, place)
            cell.value = text[:_LONGEST_CELL]
            cell.data_type = "s"
            cell.quotePrefix = text.startswith(_FORMULA_STARTS)
            cell.alignment = wrapped if number >= _HEAD_ROW else plain
            if number <= _HEAD_ROW:
                cell.font = bold
    for place, column in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.letters
    last = get_column_letter(len(COLUMNS))
    sheet.auto_filter.ref = f"A{_HEAD_ROW}:{last}{max(len(rows), _HEAD_ROW)}"
    sheet.freeze_panes = f"A{_HEAD_ROW + 1}"
    sheet.print_title_rows = f"{_HEAD_ROW}:{_HEAD_ROW}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.oddFooter = HeaderFooterItem(right=_HeaderFooterPart("Halaman &P dari &N"))
    properties = workbook.properties
    properties.title, properties.creator, properties.language = f"{TITLE} {book.period}", book.office.name, "id-ID"
    properties.created = properties.modified = (book.printed_at or _UNDATED).replace(tzinfo=None)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()
