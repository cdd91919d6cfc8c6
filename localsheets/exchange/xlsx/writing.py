"""
A spreadsheet as an Excel workbook.

Rows are streamed: 50,000 × 20 cells never stand in memory a second time. Excel calculates the formulas when it opens
the file; results are not written beside them, because openpyxl cannot.
"""

import io
import json
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula

from localsheets.errors import InvalidRequestError
from localsheets.exchange.extent import is_hidden
from localsheets.exchange.xlsx.charts import excel_chart
from localsheets.exchange.xlsx.formulas import LAST_COLUMN, LAST_ROW, excel_formula
from localsheets.exchange.xlsx.layers import in_force
from localsheets.exchange.xlsx.looks import dressed, rgb
from localsheets.exchange.xlsx.rules import condition_out, validation_out
from localsheets.formulas.references import sheet_renamed
from localsheets.model.a1 import format_range
from localsheets.model.book import Book
from localsheets.model.box import Box, box_from_json
from localsheets.model.cells import Cell, cell_at, formula_of, note_of, own_format, value_of
from localsheets.model.layers import CellFormats
from localsheets.model.sheet import Sheet

MIME_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LISTS_TITLE = "_localsheets_lists"
"""The hidden sheet with choices that are too long for a rule."""
LONGEST_TEXT = 32_767
LONGEST_TITLE = 31
DEFAULT_PIXELS = 100
_FORBIDDEN_IN_TITLES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_BLANK_ROWS_KEPT = 1000
"""How far below the last value formats are still written cell by cell."""


def workbook_bytes(book: Book) -> bytes:
    """
    The whole spreadsheet as XLSX.

    Raises: InvalidRequestError if a sheet is larger than Excel's can be.
    """
    workbook = Workbook(write_only=True)
    titles = _excel_titles(book)
    lists = _Lists()
    for sheet in book.sheets:
        _SheetWriter(workbook, book, sheet, titles, lists).write()
    _write_lists(workbook, lists)
    for entry in book.named_ranges:
        sheet = book.sheet(entry["sheetId"])
        text = _absolute(titles[sheet.title], sheet.clip(entry["box"]))
        workbook.defined_names[entry["name"]] = DefinedName(entry["name"], attr_text=text)
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def _excel_titles(book: Book) -> dict[str, str]:
    """Our titles → titles that Excel takes: 31 characters, some of them forbidden."""
    titles: dict[str, str] = {}
    taken = {LISTS_TITLE}
    for sheet in book.sheets:
        base = _FORBIDDEN_IN_TITLES.sub("_", sheet.title).strip("'")[:LONGEST_TITLE] or "Sheet"
        title, number = base, 2
        while title.casefold() in taken:
            end = f" ({number})"
            title, number = base[: LONGEST_TITLE - len(end)] + end, number + 1
        taken.add(title.casefold())
        titles[sheet.title] = title
    return titles


def _absolute(title: str, box: Box) -> str:
    left, right = get_column_letter(box.left + 1), get_column_letter(box.right or box.left + 1)
    return f"'{title.replace(chr(39), chr(39) * 2)}'!${left}${box.top + 1}:${right}${box.bottom}"


class _Lists:
    """Choices on the hidden sheet, one list a column; the same list stands there once."""

    def __init__(self) -> None:
        self.columns: list[list[str]] = []

    def place(self, texts: list[str]) -> str:
        """The reference to these choices."""
        if texts not in self.columns:
            self.columns.append(texts)
        letter = get_column_letter(self.columns.index(texts) + 1)
        return f"{LISTS_TITLE}!${letter}$1:${letter}${max(len(texts), 1)}"


def _write_lists(workbook: Workbook, lists: _Lists) -> None:
    if not lists.columns:
        return
    sheet = workbook.create_sheet(LISTS_TITLE)
    sheet.sheet_state = "veryHidden"
    for row in range(max(map(len, lists.columns))):
        sheet.append(
            [_text_cell(sheet, column[row]) if row < len(column) else None for column in lists.columns],
        )


def _text_cell(worksheet: Any, text: str) -> Any:
    """A cell that holds exactly this text, whatever it begins with: never a formula."""
    text = _ESCAPED.sub("_x005F_", _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text))
    cell: Any = WriteOnlyCell(worksheet)
    cell._value = text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"  # noqa: SLF001
    cell.data_type = "s"
    return cell


def _exact_number(worksheet: Any, value: float) -> Any:
    """A cell with all digits of a number; openpyxl alone writes sixteen."""
    cell: Any = WriteOnlyCell(worksheet)
    cell._value = repr(value)  # noqa: SLF001
    cell.data_type = "n"
    return cell


class _SheetWriter:
    """One sheet on its way into a workbook."""

    def __init__(self, workbook: Workbook, book: Book, sheet: Sheet, titles: dict[str, str], lists: _Lists) -> None:
        self.book, self.sheet, self.lists = book, sheet, lists
        self.worksheet = workbook.create_sheet(titles[sheet.title])
        self.titles = titles
        self.renames = [sheet_renamed(old, new) for old, new in titles.items() if old != new]
        self.formats = CellFormats(sheet)
        self.styles: dict[str, Any] = {}
        self.row_looks: dict[tuple[int, ...], list[Any]] = {}

    def write(self) -> None:
        """Everything about the sheet; openpyxl wants what stands before the rows first."""
        rows, self.columns = self._size()
        if rows > LAST_ROW or self.columns > LAST_COLUMN:
            raise InvalidRequestError(f"Excel takes {LAST_ROW:,} rows and {LAST_COLUMN:,} columns at most.")
        self._write_frame()
        self._write_lines()
        for row in range(rows):
            self.worksheet.append(list(self._row(row)))
        self._write_rules()
        for chart in map(partial(excel_chart, self.book, titles=self.titles), self.sheet.kept("charts")):
            if chart is not None:
                self.worksheet.add_chart(chart)

    def _size(self) -> tuple[int, int]:
        """Rows and columns up to the last cell with anything in it, or with a look of its own."""
        rows = max((place + 1 for place, row in enumerate(self.sheet.rows) if row.cells), default=0)
        columns = max((len(row.cells) for row in self.sheet.rows), default=0)
        for layer in self.sheet.formats:
            box = layer["box"]
            if box.bottom is not None and box.bottom <= rows + _BLANK_ROWS_KEPT:
                rows = max(rows, min(box.bottom, self.sheet.row_count))
            columns = max(columns, min(box.right or 0, self.sheet.column_count))
        return rows, columns

    def _write_frame(self) -> None:
        properties, worksheet = self.sheet.properties, self.worksheet
        grid = properties["gridProperties"]
        frozen = (grid.get("frozenRowCount", 0), grid.get("frozenColumnCount", 0))
        if any(frozen):
            worksheet.freeze_panes = f"{get_column_letter(frozen[1] + 1)}{frozen[0] + 1}"
        if grid.get("hideGridlines"):
            worksheet.sheet_view.showGridLines = False
        if properties.get("rightToLeft"):
            worksheet.sheet_view.rightToLeft = True
        others_shown = any(not other.properties.get("hidden") for other in self.book.sheets)
        if properties.get("hidden") and others_shown:
            worksheet.sheet_state = "hidden"
        color = rgb(properties, "tabColor")
        if color:
            worksheet.sheet_properties.tabColor = color

    def _write_lines(self) -> None:
        self.worksheet.sheet_format.defaultColWidth = _width(DEFAULT_PIXELS)
        for column, told in self.sheet.columns.items():
            dimension = self.worksheet.column_dimensions[get_column_letter(column + 1)]
            dimension.width = _width(int(told.get("pixelSize", DEFAULT_PIXELS)))
            dimension.hidden = is_hidden(told)
        for row, told in self.sheet.lines.items():
            dimension = self.worksheet.row_dimensions[row + 1]
            if told.get("pixelSize", 21) != 21:
                dimension.height = int(told["pixelSize"]) * 0.75
            dimension.hidden = is_hidden(told)
        last = self.sheet.row_count - 1
        for column in range(min(self.columns, LAST_COLUMN)):
            look = self.formats.at(last, column, None)
            if look:
                dimension = self.worksheet.column_dimensions[get_column_letter(column + 1)]
                dressed(dimension, look)
                if column not in self.sheet.columns:
                    dimension.width = _width(DEFAULT_PIXELS)

    def _row(self, row: int) -> Iterator[Any]:
        cells, looks = self.sheet.cells(row), self._looks(row)
        for column in range(max(len(cells), len(looks))):
            cell = cell_at(cells, column)
            if own_format(cell):
                style = self._style(self.formats.shown(row, column, cell))
            else:
                style = looks[column] if column < len(looks) else None
            yield self._written(row, column, cell, style)

    def _looks(self, row: int) -> list[Any]:
        """The look that the layers give to each cell of a row; neighbouring rows mostly share one list."""
        holding = tuple(i for i, layer in enumerate(self.sheet.formats) if layer["box"].holds_row(row))
        looks = self.row_looks.get(holding)
        if looks is None:
            looks = [self._style(self.formats.at(row, column, None)) for column in range(self.columns)]
            while looks and looks[-1] is None:
                looks.pop()
            self.row_looks[holding] = looks
        return looks

    def _style(self, cell_format: dict[str, Any]) -> Any:
        """What openpyxl keeps for a look; made once for all cells that share it."""
        if not cell_format:
            return None
        key = json.dumps(cell_format, sort_keys=True)
        if key not in self.styles:
            model: Any = dressed(WriteOnlyCell(self.worksheet), cell_format)
            self.styles[key] = model._style  # noqa: SLF001
        return self.styles[key]

    def _written(self, row: int, column: int, cell: Cell, style: Any) -> Any:
        formula = formula_of(cell)
        value = value_of(cell)
        written: Any
        spilled = isinstance(cell, dict) and "s" in cell
        excel = None if formula is None else self._excel_formula(formula)
        if excel is not None:
            written = WriteOnlyCell(self.worksheet)
            ref = self._spill(row, column)
            written.value = ArrayFormula(ref, excel) if ":" in ref else excel
            written.data_type = "f"
        elif isinstance(value, str) and not spilled:
            written = _text_cell(self.worksheet, value)
        elif isinstance(value, float) and float(f"{value:.16g}") != value and not spilled:
            written = _exact_number(self.worksheet, value)
        elif style is None and not note_of(cell):
            return None if spilled else value
        else:
            written = WriteOnlyCell(self.worksheet, None if spilled else value)
        if style is not None:
            written._style = style  # noqa: SLF001
        if note_of(cell):
            written.comment = Comment(_NOT_IN_XML.sub("", note_of(cell)), "")
        return written

    def _excel_formula(self, formula: str) -> str | None:
        for rename in self.renames:
            formula = rename(formula, self.sheet.title)
        return excel_formula(formula)

    def _spill(self, row: int, column: int) -> str:
        """The cells that a formula's result fills, as `B2:B9`; just `B2` if it is one."""
        bottom, right = row + 1, column + 1
        while _is_spill(self.sheet.cell(row, right)):
            right += 1
        while _is_spill(self.sheet.cell(bottom, column)):
            bottom += 1
        return format_range("x", Box(row, bottom, column, right)).partition("!")[2]

    def _write_rules(self) -> None:
        worksheet, sheet = self.worksheet, self.sheet
        for box, rule in in_force(sheet):
            validation = validation_out(rule, _corner(box), self.book.locale, self.lists.place)
            if validation is not None:
                validation.add(_range(box))
                worksheet.data_validations.append(validation)
        for condition in sheet.conditions:
            boxes = [sheet.clip(box) for box in condition["boxes"]]
            coloured = condition_out(condition, _corner(boxes[0]), self.book.locale)
            if coloured is not None:
                worksheet.conditional_formatting.add(" ".join(map(_range, boxes)), coloured)
        for merge in sheet.kept("merges"):
            worksheet.merged_cells.add(_range(sheet.clip(box_from_json(merge))))
        if sheet.filter:
            worksheet.auto_filter.ref = _range(sheet.clip(sheet.filter["box"]))


def _width(pixels: int) -> float:
    """A column's width as Excel counts it: in digits of its standard font, seven pixels each, and five between."""
    return max((pixels - 5) / 7, 0)


def _is_spill(cell: Cell) -> bool:
    return isinstance(cell, dict) and "s" in cell


def _corner(box: Box) -> str:
    return f"{get_column_letter(box.left + 1)}{box.top + 1}"


def _range(box: Box) -> str:
    """`A2:C1000`, within what Excel can hold."""
    right = get_column_letter(min(box.right or box.left + 1, LAST_COLUMN))
    return f"{_corner(box)}:{right}{min(box.bottom or box.top + 1, LAST_ROW)}"
