"""
Cells with everything that is known of them: `CellData`.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/cells#CellData
"""

import re
from collections.abc import Callable, Collection
from typing import Any

from localsheets.api.house_style import laid_over, told_properties
from localsheets.formats.number_formats import default_pattern
from localsheets.model.banding import Bands
from localsheets.model.book import Book
from localsheets.model.cells import Cell, extended_from_value, formatted, formula_of, note_of, own_format, value_of
from localsheets.model.colours import Json, with_colours
from localsheets.model.conditions import conditional_format
from localsheets.model.layers import CellFormats, computed_format
from localsheets.model.sheet import Sheet

_WEB = re.compile(r"https?://[^\s]+")
_HYPERLINK = re.compile(r'=HYPERLINK\(\s*"((?:[^"]|"")+)"', re.IGNORECASE)
_BORDER_WIDTHS = {"DOTTED": 1, "DASHED": 1, "SOLID": 1, "SOLID_MEDIUM": 2, "SOLID_THICK": 3, "DOUBLE": 3}
_OF_FORMATS = frozenset({"formattedValue", "userEnteredFormat", "effectiveFormat", "hyperlink"})
EVERYTHING = _OF_FORMATS | {"dataValidation"}
"""Of a `CellData`, what an empty cell may have and what takes time to work out."""
_BLACK: Json = {"color": {}, "colorStyle": {"rgbColor": {}}}


class CellTeller:
    """
    Tells the cells of one sheet; formats that many cells share are worked out once, and told as the very same object.

    Attributes:
        bottom: From this row on there is nothing to tell.
    """

    def __init__(
        self,
        book: Book,
        sheet: Sheet,
        shown_formula: Callable[[str], str] = str,
        by_formula: frozenset[tuple[int, int, int]] = frozenset(),
        wanted: Collection[str] = EVERYTHING,
    ) -> None:
        """
        Args:
            by_formula: Colour rule, row and column where a rule's own formula is true.
            wanted: Fields of a `CellData` that somebody will look at; others may be missing.
        """
        self._sheet = sheet
        self._locale = book.locale
        self._formats = CellFormats(sheet)
        self._bands = Bands(sheet)
        self._by_formula = by_formula
        self._default = told_properties(book.properties)["defaultFormat"]
        self._bases: dict[tuple[int, str], Json] = {}
        self._effective: dict[tuple[Any, ...], tuple[Json, Json, Json, Json]] = {}
        self._rules: tuple[int, list[Json]] = (-1, [])
        self._shown_formula = shown_formula
        self._with_formats = not _OF_FORMATS.isdisjoint(wanted)
        self._with_effective = "effectiveFormat" in wanted
        self._with_rules = "dataValidation" in wanted
        boxes = [layer["box"] for layer in sheet.formats] if self._with_formats else []
        boxes += [layer["box"] for layer in sheet.validations] if self._with_rules else []
        if self._with_effective:
            boxes += [*(box for rule in sheet.conditions for box in rule["boxes"]), *self._bands.boxes]
        self.bottom = max([len(sheet.rows), *(sheet.clip(box).bottom for box in boxes)])

    def tell(self, row: int, column: int, cell: Cell) -> Json:
        """A `CellData`; empty if there is nothing to tell. Formats and rules in it are shared with other cells."""
        value, formula = value_of(cell), formula_of(cell)
        base = self._base(row, column, cell) if self._with_formats else {}
        number_format = base.get("numberFormat") or computed_format(cell)
        told: Json = {}
        if value is not None or formula is not None:
            told = self._contents(cell, number_format)
        link = _link(value, formula, base)
        added = self._added(row, column, cell, number_format) if self._with_effective else {}
        band = self._bands.at(row, column) if self._with_effective else {}
        if self._with_formats and (base or told or added or band):
            look = (_natural_alignment(cell), bool(link), (number_format or {}).get("type"))
            entered, effective = self._both_formats(base, number_format, look, band, added)
            if base:
                told["userEnteredFormat"] = entered
            told["effectiveFormat"] = effective
        if link:
            told["hyperlink"] = link
        if note := note_of(cell):
            told["note"] = note
        if isinstance(cell, dict) and cell.get("r"):
            told["textFormatRuns"] = with_colours(cell["r"])
        rule = self._rule(row, column) if self._with_rules else None
        if rule is not None:
            told["dataValidation"] = rule
        return told

    def _base(self, row: int, column: int, cell: Cell) -> Json:
        """What users set, as one object for all cells alike."""
        own = own_format(cell)
        below = self._formats.below(row, column)
        if not own:
            return below
        key = (id(below), repr(own))
        if key not in self._bases:
            self._bases[key] = self._formats.at(row, column, cell)
        return self._bases[key]

    def _added(self, row: int, column: int, cell: Cell, number_format: Json | None) -> Json:
        if not self._sheet.conditions:
            return {}
        return conditional_format(self._sheet, row, column, cell, number_format, self._locale, self._by_formula)

    def _rule(self, row: int, column: int) -> Json | None:
        """The validation rule in force; the rules of a row are looked up once."""
        if self._rules[0] != row:
            layers = self._sheet.validations
            self._rules = row, [layer for layer in reversed(layers) if layer["box"].holds_row(row)]
        return next((layer["rule"] for layer in self._rules[1] if layer["box"].holds_column(column)), None)

    def _contents(self, cell: Cell, number_format: Json | None) -> Json:
        value, formula = value_of(cell), formula_of(cell)
        told: Json = {}
        extended = extended_from_value("" if value is None else value)
        if formula is not None:
            told["userEnteredValue"] = {"formulaValue": self._shown_formula(formula)}
        elif not (isinstance(cell, dict) and cell.get("s")):  # spilled from a formula elsewhere: nobody entered it
            told["userEnteredValue"] = extended
        if value is not None:
            error = cell.get("e") if isinstance(cell, dict) else None
            told["effectiveValue"] = {"errorValue": error} if error else extended
            told["formattedValue"] = formatted(value, number_format, self._locale)
        return told

    def _both_formats(
        self, base: Json, number_format: Json | None, look: tuple[Any, ...], band: Json, added: Json
    ) -> tuple[Json, Json]:
        """What users set, and what holds in the end."""
        key = (id(base), *look, repr(band) if band else "", repr(added) if added else "")
        if key not in self._effective:
            entered = _entered(base)
            effective = self._worked_out(entered, number_format, look, with_colours(band), with_colours(added))
            self._effective[key] = (base, number_format or {}, entered, effective)  # kept, so its id stays its own
        return self._effective[key][2:]

    def _worked_out(
        self, entered: Json, number_format: Json | None, look: tuple[Any, ...], band: Json, added: Json
    ) -> Json:
        """The spreadsheet's own format, bands over it, what users set over these, and colour rules over all."""
        alignment, linked, _ = look
        effective = laid_over(laid_over(laid_over(self._default, band), entered), added)
        if alignment:
            effective.setdefault("horizontalAlignment", alignment)
        effective.setdefault("hyperlinkDisplayType", "LINKED" if linked else "PLAIN_TEXT")
        if number_format:
            pattern = number_format.get("pattern") or default_pattern(str(number_format.get("type", "")), self._locale)
            effective["numberFormat"] = number_format | ({"pattern": pattern} if pattern else {})
        return effective


def _entered(base: Json) -> Json:
    """A `userEnteredFormat` as Google tells it: every border has a width and a colour."""
    told: Json = with_colours(base)
    if isinstance(told.get("borders"), dict):
        told["borders"] = {side: _border(border) for side, border in told["borders"].items()}
    return told


def _border(border: Any) -> Any:
    width = _BORDER_WIDTHS.get(str(border.get("style"))) if isinstance(border, dict) else None
    return (
        border
        if width is None
        else {"style": border["style"], "width": width} | _BLACK | {n: v for n, v in border.items() if n != "width"}
    )


def _natural_alignment(cell: Cell) -> str:
    """Where a value stands if nobody said so; "" for an empty cell."""
    value = value_of(cell)
    if value is None:
        return ""
    if isinstance(value, bool) or (isinstance(cell, dict) and cell.get("e")):
        return "CENTER"
    return "LEFT" if isinstance(value, str) else "RIGHT"


def _link(value: Any, formula: str | None, base: Json) -> str:
    """The address that the whole cell leads to: set with its format, told by its formula, or its text."""
    own = (base.get("textFormat") or {}).get("link", {}).get("uri", "")
    told = _HYPERLINK.match(formula) if formula else None
    if own or told:
        return str(own or (told and told[1].replace('""', '"')))
    return value if isinstance(value, str) and value.startswith("http") and _WEB.fullmatch(value) else ""
