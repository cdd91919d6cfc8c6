"""How cells look in the grid: their text, and one of a small table of looks (colours, weight, alignment)."""

from typing import Any

from localsheets.book import Book
from localsheets.cells import Cell, formatted, note_of, value_of
from localsheets.coercion import decimal_mark
from localsheets.conditions import conditional_format
from localsheets.layers import CellFormats, Json
from localsheets.sheet import Sheet


class Looks:
    """
    Cells of one sheet for the browser.

    Attributes:
        table: Looks that cells refer to by index, such as `{"bg": "#ffeecc", "bold": true}`.
    """

    def __init__(self, book: Book, sheet: Sheet) -> None:
        self._book = book
        self._sheet = sheet
        self._formats = CellFormats(sheet)
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
        base = self._formats.at(row, column, cell)
        number_format = base.get("numberFormat")
        locale = self._book.locale
        added = conditional_format(self._sheet, row, column, cell, number_format, locale)
        text = formatted(value, number_format, locale)
        told: Json = {"t": text} if text else {}
        if isinstance(value, bool):
            told["b"] = value
        elif isinstance(value, int | float):
            told["num"] = True
            typed = str(value).replace(".", decimal_mark(locale))
            if typed != text and not number_format:
                told["e"] = typed
        look = _look(base, added)
        if look:
            told["s"] = self._place(look)
        if note_of(cell):
            told["n"] = note_of(cell)
        if not told:
            return None
        return text if list(told) == ["t"] else told

    def _place(self, look: Json) -> int:
        key = repr(look)
        if key not in self._places:
            self._places[key] = len(self.table)
            self.table.append(look)
        return self._places[key]


def _look(base: Json, added: Json) -> Json:
    text = {**(base.get("textFormat") or {}), **(added.get("textFormat") or {})}
    look = {
        "bg": _colour(added, "backgroundColor") or _colour(base, "backgroundColor"),
        "fg": _colour(text, "foregroundColor"),
        "bold": bool(text.get("bold")),
        "italic": bool(text.get("italic")),
        "strike": bool(text.get("strikethrough")),
        "align": str(base.get("horizontalAlignment", "")).lower(),
        "wrap": base.get("wrapStrategy") == "WRAP",
    }
    return {name: value for name, value in look.items() if value}


def _colour(holder: Json, name: str) -> str:
    style = (holder.get(f"{name}Style") or {}).get("rgbColor")
    colour = style if style is not None else holder.get(name)
    if not isinstance(colour, dict):
        return ""
    parts = [colour.get(part, 0) for part in ("red", "green", "blue")]
    if not all(isinstance(part, int | float) for part in parts):
        return ""
    return "#" + "".join(f"{round(max(0, min(1, part)) * 255):02x}" for part in parts)
