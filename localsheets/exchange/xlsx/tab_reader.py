"""One sheet of an Excel workbook, row by row, as a tab of ours."""

import io
import posixpath
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.comments.comment_sheet import CommentSheet
from openpyxl.packaging.relationship import get_dependents, get_rels_path
from openpyxl.utils import column_index_from_string, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.utils.escape import unescape
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.xml.functions import fromstring

from localsheets.errors import InvalidRequestError
from localsheets.exchange.contents import LONGEST_TITLE, Tab
from localsheets.exchange.xlsx.formulas import own_formula
from localsheets.exchange.xlsx.layers import layers_and_rest
from localsheets.exchange.xlsx.looks import color_json, format_of
from localsheets.exchange.xlsx.rules import condition_in, validation_in
from localsheets.exchange.xlsx.writing import LISTS_TITLE
from localsheets.formats.coercion import Scalar, simplest
from localsheets.formats.serials import serial_of, serial_of_time
from localsheets.model.box import Box
from localsheets.model.cells import Cell, Cells, checked_scalar, make_cell, trimmed

MOST_MERGES = 10_000
_DAYS_1904 = 1462
"""From the day zero of old Macintosh workbooks to that of all others."""


class Budget:
    """How many more cells the file may bring."""

    def __init__(self, cells: int) -> None:
        self.most = self.cells = cells

    def take(self, count: int) -> None:
        self.cells -= count
        if self.cells < 0:
            raise InvalidRequestError(f"The workbook has too many cells: {self.most:,} are read at most.")


def box_of(text: str) -> Box | None:
    """The box of `A1:C5`, `A:C`, `2:3` or `B2`."""
    try:
        left, top, right, bottom = range_boundaries(text)
    except ValueError:
        return None
    return Box((top or 1) - 1, bottom, (left or 1) - 1, right)


class TabReader:
    """One sheet of a workbook on its way to a tab."""

    def __init__(
        self, workbook: Any, sheet: Any, data: bytes, locale: str, lists: dict[str, list[str]], budget: Budget
    ) -> None:
        self.workbook, self.sheet, self.data, self.locale = workbook, sheet, data, locale
        self.lists, self.budget = lists, budget
        self.shift = _DAYS_1904 if workbook.epoch == CALENDAR_MAC_1904 else 0
        self.looks: dict[int, dict[str, Any]] = {}
        self.rows: dict[int, Cells] = {}
        self.styles: dict[int, dict[int, int]] = {}
        self.external: list[tuple[int, int]] = []
        self.spills: list[Box] = []

    def tab(self) -> Tab:
        """Everything that is kept of the sheet."""
        parser = self._parsed(data_only=False)
        for row, cells in parser.parse():
            self._take_row(row - 1, cells)
        self._clear_spills()
        self._take_results()
        tab = Tab(self.sheet.title[:LONGEST_TITLE], properties=self._properties(parser))
        formats = self._layers()
        self._take_notes()
        last = max((row for row, cells in self.rows.items() if cells), default=-1)
        tab.rows = [self.rows.get(row, []) for row in range(last + 1)]
        tab.merges = self._merges(parser)
        tab.parts = {
            "formats": formats,
            "columns": _columns(parser.column_dimensions),
            "lines": _lines(parser.row_dimensions, last + 1),
            "validations": self._validations(parser),
            "conditions": self._conditions(parser),
            "filter": self._filter(parser),
        }
        return tab

    def _parsed(self, *, data_only: bool) -> Any:
        # Without date formats the parser leaves dates as the numbers that they are.
        source = self.sheet._get_source()  # noqa: SLF001
        return WorkSheetParser(source, self.sheet._shared_strings, data_only=data_only)  # noqa: SLF001

    def _take_row(self, row: int, found: list[dict[str, Any]]) -> None:
        cells: Cells = []
        styles: dict[int, int] = {}
        for told in found:
            column = told["column"] - 1
            style = int(told["style_id"] or 0)
            if style and self._look(style):
                styles[column] = style
            cell = self._cell(row, column, told["value"], told["data_type"], style)
            if cell is not None:
                cells.extend([None] * (column + 1 - len(cells)))
                cells[column] = cell
        self.budget.take(len(cells) + len(styles))
        if cells:
            self.rows[row] = trimmed(cells)
        if styles:
            self.styles[row] = styles

    def _cell(self, row: int, column: int, value: Any, kind: str, style: int) -> Cell:
        if kind == "f":
            return self._formula(row, column, value)
        if value is None:
            return None
        if isinstance(value, str):
            return checked_scalar(unescape(value)) or None
        return checked_scalar(self._number(value, style))

    def _formula(self, row: int, column: int, value: Any) -> Cell:
        if isinstance(value, ArrayFormula):
            box = box_of(value.ref or "")
            self.spills += [box] if box is not None else []
            value = value.text
        formula = own_formula(value) if isinstance(value, str) else None
        if formula is None:
            self.external.append((row, column))
            return None
        return make_cell(None, None, "", formula if formula.startswith("=") else "=" + formula)

    def _number(self, value: Any, style: int) -> Scalar:
        if isinstance(value, datetime | date):
            return serial_of(value)
        if isinstance(value, time):
            return serial_of_time(value)
        if isinstance(value, timedelta):
            return value / timedelta(days=1)
        if isinstance(value, bool):
            return value
        moment = self._look(style).get("numberFormat", {}).get("type") in {"DATE", "DATE_TIME"}
        number = simplest(value) if isinstance(value, float) else int(value)
        return number + self.shift if moment else number

    def _look(self, style: int) -> dict[str, Any]:
        if style not in self.looks:
            self.looks[style] = format_of(ReadOnlyCell(self.sheet, 1, 1, None, style_id=style))
        return self.looks[style]

    def _clear_spills(self) -> None:
        """What an array formula fills is calculated here, too; the file's copies would stand in its way."""
        for box in self.spills:
            for row in range(box.top, min(box.bottom or 0, max(self.rows, default=-1) + 1)):
                cells = self.rows.get(row)
                if cells:
                    kept = (row == box.top, box.left)
                    self.rows[row] = trimmed(
                        [
                            None if box.holds_column(column) and (not kept[0] or column != kept[1]) else cell
                            for column, cell in enumerate(cells)
                        ]
                    )

    def _take_results(self) -> None:
        """Formulas that ask other files become what Excel last calculated."""
        if not self.external:
            return
        wanted = set(self.external)
        for number, found in self._parsed(data_only=True).parse():
            for told in found:
                place = (number - 1, told["column"] - 1)
                if place in wanted:
                    value = self._cell(*place, told["value"], told["data_type"], int(told["style_id"] or 0))
                    cells = self.rows.setdefault(place[0], [])
                    cells.extend([None] * (place[1] + 1 - len(cells)))
                    cells[place[1]] = value

    def _layers(self) -> list[dict[str, Any]]:
        """Looks over boxes; the rest goes to its cells."""
        layers, rest = layers_and_rest(self.styles)
        for style, row, column in rest:
            self._put(row, column, f=self.looks[style])
        return [{"box": box, "format": self.looks[style], "mask": {}} for style, box in layers]

    def _put(self, row: int, column: int, **parts: Any) -> None:
        """Give a cell a format or a note; its value stays."""
        cells = self.rows.setdefault(row, [])
        cells.extend([None] * (column + 1 - len(cells)))
        old = cells[column]
        cells[column] = {**(old if isinstance(old, dict) else {} if old is None else {"v": old}), **parts}

    def _take_notes(self) -> None:
        path = self.sheet._worksheet_path  # noqa: SLF001
        with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
            rels = get_rels_path(path)  # type: ignore[no-untyped-call]
            if rels not in archive.namelist():
                return
            dependents: Any = get_dependents(archive, rels)
            for told in dependents:
                if told.Type.endswith("/comments") and told.TargetMode != "External":
                    target = told.target.lstrip("/") if told.target.startswith("/") else told.target
                    tree: Any = fromstring(archive.read(posixpath.normpath(target)))
                    notes: Any = CommentSheet.from_tree(tree)
                    for ref, note in notes.comments:
                        self._put_note(ref, str(note.content or ""))

    def _put_note(self, ref: str, text: str) -> None:
        box = box_of(ref)
        if box is None or not text:
            return
        self.budget.take(box.left + 1)
        self._put(box.top, box.left, n=text)

    def _properties(self, parser: Any) -> dict[str, Any]:
        grid: dict[str, Any] = {}
        told: dict[str, Any] = {}
        views = getattr(parser, "views", None)
        view = views.sheetView[0] if views and views.sheetView else None
        if view is not None:
            pane = view.pane
            if pane is not None and pane.state in {"frozen", "frozenSplit"}:
                grid |= {"frozenRowCount": int(pane.ySplit or 0), "frozenColumnCount": int(pane.xSplit or 0)}
            grid |= {"hideGridlines": True} if view.showGridLines is False else {}
            told |= {"rightToLeft": True} if view.rightToLeft else {}
        sheet_properties = getattr(parser, "sheet_properties", None)
        color = color_json(sheet_properties.tabColor) if sheet_properties is not None else None
        told |= {"tabColorStyle": {"rgbColor": color}} if color else {}
        told |= {"hidden": True} if self.sheet.sheet_state != "visible" else {}
        return {**told, "gridProperties": {name: value for name, value in grid.items() if value}}

    def _merges(self, parser: Any) -> list[Box]:
        found = parser.merged_cells.mergeCell if parser.merged_cells else []
        if len(found) > MOST_MERGES:
            raise InvalidRequestError(f"The workbook has more than {MOST_MERGES:,} merged ranges on one sheet.")
        boxes = [box_of(merged.ref) for merged in found]
        return [box for box in boxes if box is not None]

    def _validations(self, parser: Any) -> list[dict[str, Any]]:
        layers = []
        for rule in getattr(getattr(parser, "data_validations", None), "dataValidation", ()):
            told = validation_in(rule, self.locale, self._listed)
            for ref in str(rule.sqref).split() if told else ():
                box = box_of(ref)
                layers += [{"box": box, "rule": told}] if box is not None else []
        return layers

    def _listed(self, formula: str) -> list[str] | None:
        title, _, cells = formula.replace("'", "").rpartition("!")
        return self.lists.get(cells.split("$")[1]) if title == LISTS_TITLE and "$" in cells else None

    def _conditions(self, parser: Any) -> list[dict[str, Any]]:
        rules = []
        for formatting in parser.formatting:
            boxes = [box for ref in str(formatting.sqref).split() if (box := box_of(ref)) is not None]
            for rule in formatting.rules:
                if rule.dxfId is not None and rule.dxf is None:
                    rule.dxf = self.workbook._differential_styles[rule.dxfId]  # noqa: SLF001
                told = condition_in(rule, self.locale)
                rules += [(rule.priority or 0, {"boxes": boxes, **told})] if told and boxes else []
        return [rule for _, rule in sorted(rules, key=lambda pair: pair[0])]

    def _filter(self, parser: Any) -> dict[str, Any] | None:
        ref = getattr(getattr(parser, "auto_filter", None), "ref", None)
        box = box_of(ref) if ref else None
        return {"box": box} if box is not None else None


def _columns(dimensions: dict[str, dict[str, str]]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for told in dimensions.values():
        properties: dict[str, Any] = {"pixelSize": 100}
        if told.get("width"):
            properties["pixelSize"] = max(round(float(told["width"]) * 7 + 5), 2)
        if told.get("hidden") in {"1", "true"}:
            properties["hiddenByUser"] = True
        last = min(int(told.get("max") or told["min"]), column_index_from_string("ZZ"))
        if properties != {"pixelSize": 100}:
            found |= {column: dict(properties) for column in range(int(told["min"]) - 1, last)}
    return found


def _lines(dimensions: dict[str, dict[str, str]], rows: int) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for number, told in dimensions.items():
        properties: dict[str, Any] = {"pixelSize": 21}
        if told.get("ht") and told.get("customHeight") in {"1", "true"}:
            properties["pixelSize"] = max(round(float(told["ht"]) / 0.75), 2)
        if told.get("hidden") in {"1", "true"}:
            properties["hiddenByUser"] = True
        if properties != {"pixelSize": 21} and int(number) <= rows:
            found[int(number) - 1] = properties
    return found
