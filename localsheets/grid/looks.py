"""How cells look in the grid: their text, and one of a small table of looks (colours, weight, alignment)."""

import re
from functools import lru_cache
from math import isfinite
from typing import Any

from localsheets.formats.coercion import Entered, Scalar, decimal_mark, parse_entered
from localsheets.formats.serials import moment_of
from localsheets.formulas.entering import in_locale
from localsheets.model.book import Book
from localsheets.model.box import Box
from localsheets.model.cells import Cell, formatted, formula_of, note_of, value_of
from localsheets.model.choices import choices_of
from localsheets.model.colours import shade_of
from localsheets.model.conditions import conditional_format, fulfils
from localsheets.model.layers import CellFormats, Json
from localsheets.model.sheet import Sheet

_ALL_DIGITS = 1e21
"""Whole numbers below it are typed with all their digits."""
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s\"<>]{1,2000}", re.IGNORECASE)
_HYPERLINK = re.compile(r'=HYPERLINK\("([^"]{1,2000})"', re.IGNORECASE)


class Looks:
    """
    Cells of one sheet for the browser.

    Attributes:
        table: Looks that cells refer to by index, such as `{"bg": "#ffeecc", "bold": true}`.
    """

    def __init__(self, book: Book, sheet: Sheet, by_formula: frozenset[tuple[int, int, int]] = frozenset()) -> None:
        """
        Args:
            by_formula: Colour rule, row and column where a rule's own formula is true.
        """
        self._by_formula = by_formula
        self._book = book
        self._sheet = sheet
        self._formats = CellFormats(sheet)
        self._rules: dict[int, list[tuple[Box, Json | None, list[str] | None]]] = {}
        self._places: dict[str, int] = {}
        self.table: list[Json] = []

    def row(self, row: int) -> list[Any]:
        """The cells of a row: null (nothing to draw), a plain text, or an object with `t` text and more."""
        cells = self._sheet.cells(row)
        last = self._sheet.column_count
        shown = [self._cell(row, column, cells[column] if column < len(cells) else None) for column in range(last)]
        while shown and shown[-1] is None:
            shown.pop()
        return shown

    def _cell(self, row: int, column: int, cell: Cell) -> Any:
        value = value_of(cell)
        base = self._formats.shown(row, column, cell)
        number_format = base.get("numberFormat")
        locale = self._book.locale
        added = conditional_format(self._sheet, row, column, cell, number_format, locale, self._by_formula)
        text = formatted(value, number_format, locale)
        told: Json = {"t": text} if text else {}
        if isinstance(value, bool):
            told["b"] = value
        elif isinstance(value, int | float):
            told |= _number_told(value, text, number_format, locale)
        elif value is not None and formula_of(cell) is None:
            plain = (number_format or {}).get("type") == "TEXT"
            typed = value if _typed_alike(value, locale, plain=plain) else f"'{value}"
            told |= {"e": typed} if typed != text else {}
        look = _look(base, added)
        if look:
            told["s"] = self._place(look)
        told |= _marks(cell, base, text, self._book.locale)
        if value is not None and self._is_invalid(row, column, value, text):
            told["bad"] = True
        if not told:
            return None
        return text if list(told) == ["t"] else told

    def _is_invalid(self, row: int, column: int, value: Scalar, text: str) -> bool:
        """Whether a cell holds what its validation rule does not allow: written by a program, or before the rule."""
        if column not in self._rules:
            layers = [layer for layer in reversed(self._sheet.validations) if layer["box"].holds_column(column)]
            self._rules[column] = [(entry["box"], entry["rule"], self._choices(entry["rule"])) for entry in layers]
        for box, rule, listed in self._rules[column]:
            if box.holds_row(row):
                if rule is None:
                    return False
                if listed is not None:
                    return text not in listed
                return fulfils(value, text, rule.get("condition") or {}, self._book.locale) is False
        return False

    def _choices(self, rule: Json | None) -> list[str] | None:
        return choices_of(self._book, rule)

    def _place(self, look: Json) -> int:
        key = repr(look)
        if key not in self._places:
            self._places[key] = len(self.table)
            self.table.append(look)
        return self._places[key]


@lru_cache(maxsize=20_000)
def _typed_alike(text: str, locale: str, *, plain: bool) -> bool:
    """Whether typing a text gives the same text, and not a number, a date or a formula."""
    return parse_entered(text, locale=locale, plain_text=plain) == Entered(text)


def _number_told(number: float, text: str, number_format: Json | None, locale: str) -> Json:
    """That it is a number, how it is typed if that differs from how it is shown, and the day if it is a date."""
    told: Json = {"num": True}
    whole = number == int(number) and abs(number) < _ALL_DIGITS if isfinite(number) else False
    typed = str(int(number)) if whole else str(number).replace(".", decimal_mark(locale))
    if typed != text and not number_format:
        told["e"] = typed
    if (number_format or {}).get("type") == "DATE" and (moment := moment_of(number)) is not None:
        told["d"] = moment.date().isoformat()
    return told


def _marks(cell: Cell, base: Json, text: str, locale: str) -> Json:
    """Its note, its formula, why that failed, and where it leads."""
    formula = formula_of(cell)
    told: Json = {"n": note_of(cell), "x": formula and in_locale(formula, locale), "h": _link(cell, base, text)}
    error = cell.get("e") if isinstance(cell, dict) else None
    if isinstance(error, dict):
        told["m"] = str(error.get("message") or text)
    return {name: mark for name, mark in told.items() if mark}


def _link(cell: Cell, base: Json, text: str) -> str:
    """The address that a cell leads to: web and mail only, never a script."""
    told = ((base.get("textFormat") or {}).get("link") or {}).get("uri")
    formula = _HYPERLINK.match(formula_of(cell) or "")
    for address in (told, formula and formula[1], text):
        if isinstance(address, str) and _ADDRESS.fullmatch(address.strip()):
            return address.strip()
    return ""


def _look(base: Json, added: Json) -> Json:
    text = {**(base.get("textFormat") or {}), **(added.get("textFormat") or {})}
    look = {
        "bg": colour_of(added, "backgroundColor") or colour_of(base, "backgroundColor"),
        "fg": colour_of(text, "foregroundColor"),
        "bold": bool(text.get("bold")),
        "italic": bool(text.get("italic")),
        "strike": bool(text.get("strikethrough")),
        "under": bool(text.get("underline")),
        "align": str(base.get("horizontalAlignment", "")).lower(),
        "wrap": base.get("wrapStrategy") == "WRAP",
        "clip": base.get("wrapStrategy") == "CLIP",
    }
    return {name: value for name, value in look.items() if value}


def colour_of(holder: Json, name: str) -> str:
    style = (holder.get(f"{name}Style") or {}).get("rgbColor")
    colour = style if style is not None else holder.get(name)
    if not isinstance(colour, dict):
        return ""
    parts = [colour.get(part, 0) for part in ("red", "green", "blue")]
    if not all(isinstance(part, int | float) for part in parts):
        return ""
    return "#" + "".join(f"{shade_of(part):02x}" for part in parts)
