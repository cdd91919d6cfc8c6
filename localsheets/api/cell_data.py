"""
Cells with everything that is known of them: `CellData`.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/cells#CellData
"""

import re
from collections.abc import Callable
from typing import Any

from localsheets.api.house_style import laid_over, told_properties
from localsheets.formats.number_formats import default_pattern
from localsheets.model.book import Book
from localsheets.model.cells import Cell, extended_from_value, formatted, formula_of, note_of, own_format, value_of
from localsheets.model.colours import Json, with_colours
from localsheets.model.layers import CellFormats, validation_at
from localsheets.model.sheet import Sheet

_WEB = re.compile(r"https?://[^\s]+")


class CellTeller:
    """Tells the cells of one sheet; formats that many cells share are worked out once."""

    def __init__(self, book: Book, sheet: Sheet, shown_formula: Callable[[str], str] = str) -> None:
        self._sheet = sheet
        self._locale = book.locale
        self._formats = CellFormats(sheet)
        self._default = told_properties(book.properties)["defaultFormat"]
        self._effective: dict[tuple[int, str], tuple[Json, Json, Json]] = {}
        self._shown_formula = shown_formula

    def tell(self, row: int, column: int, cell: Cell) -> Json:
        """A `CellData`; empty if there is nothing to tell."""
        value, formula = value_of(cell), formula_of(cell)
        base = self._formats.at(row, column, cell)
        told: Json = {}
        if value is not None or formula is not None:
            told = self._contents(cell, base.get("numberFormat"))
        if base:
            told["userEnteredFormat"], told["effectiveFormat"] = self._both_formats(base, cell)
        elif told:
            told["effectiveFormat"] = self._both_formats(base, cell)[1]
        if link := _link(value, base):
            told["hyperlink"] = link
        if note := note_of(cell):
            told["note"] = note
        if isinstance(cell, dict) and cell.get("r"):
            told["textFormatRuns"] = with_colours(cell["r"])
        rule = validation_at(self._sheet, row, column)
        if rule is not None:
            told["dataValidation"] = rule
        return told

    def _contents(self, cell: Cell, number_format: Json | None) -> Json:
        value, formula = value_of(cell), formula_of(cell)
        told: Json = {}
        if formula is not None:
            told["userEnteredValue"] = {"formulaValue": self._shown_formula(formula)}
        elif not (isinstance(cell, dict) and cell.get("s")):  # spilled from a formula elsewhere: nobody entered it
            told["userEnteredValue"] = extended_from_value("" if value is None else value)
        if value is not None:
            error = cell.get("e") if isinstance(cell, dict) else None
            told["effectiveValue"] = {"errorValue": error} if error else extended_from_value(value)
            told["formattedValue"] = formatted(value, number_format, self._locale)
        return told

    def _both_formats(self, base: Json, cell: Cell) -> tuple[Json, Json]:
        """What users set, and what holds in the end."""
        alignment = _natural_alignment(cell)
        if own_format(cell):
            return self._worked_out(base, alignment)
        key = (id(base), alignment)
        if key not in self._effective:
            self._effective[key] = (base, *self._worked_out(base, alignment))  # kept alive, so its id stays its own
        return self._effective[key][1:]

    def _worked_out(self, base: Json, alignment: str) -> tuple[Json, Json]:
        entered = with_colours(base)
        effective = laid_over(self._default, entered)
        if alignment:
            effective.setdefault("horizontalAlignment", alignment)
        effective.setdefault("hyperlinkDisplayType", "PLAIN_TEXT")
        number_format = entered.get("numberFormat")
        if number_format and not number_format.get("pattern"):
            pattern = default_pattern(str(number_format.get("type", "")), self._locale)
            effective["numberFormat"] = number_format | ({"pattern": pattern} if pattern else {})
        return entered, effective


def _natural_alignment(cell: Cell) -> str:
    """Where a value stands if nobody said so; "" for an empty cell."""
    value = value_of(cell)
    if value is None:
        return ""
    if isinstance(value, bool) or (isinstance(cell, dict) and cell.get("e")):
        return "CENTER"
    return "LEFT" if isinstance(value, str) else "RIGHT"


def _link(value: Any, base: Json) -> str:
    own = base.get("textFormat", {}).get("link", {}).get("uri", "")
    if own or not isinstance(value, str):
        return str(own)
    return value if _WEB.fullmatch(value) else ""
