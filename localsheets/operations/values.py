"""
Reading and writing plain values: what `spreadsheets.values` does, on a snapshot or a draft.

Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets.values
"""

import re
from dataclasses import dataclass
from typing import Any

from localsheets.errors import InvalidRequestError
from localsheets.formats.coercion import parse_entered
from localsheets.formats.number_formats import is_moment
from localsheets.formulas.entering import in_locale, looks_like
from localsheets.identity import Identity
from localsheets.model.a1 import column_letters, format_range, parse_cells, split_reference
from localsheets.model.book import Book
from localsheets.model.box import Box, ClosedBox
from localsheets.model.cells import Cells, checked_scalar, formatted, is_filled, trimmed, with_value
from localsheets.model.layers import NumberFormats
from localsheets.model.protection import check_may_change
from localsheets.model.sheet import Sheet
from localsheets.operations.proto_text import proto_text

Rows = list[list[Any]]
_NO_CELLS = frozenset({list, dict})
_BARE_TEXTS = frozenset({str, type(None)})


@dataclass(frozen=True)
class Rendering:
    """How values are to be shown; the names and the defaults are Google's."""

    value: str = "FORMATTED_VALUE"
    moment: str = "SERIAL_NUMBER"
    major: str = "ROWS"

    def __post_init__(self) -> None:
        check_choice("valueRenderOption", self.value, {"FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA"})
        check_choice("dateTimeRenderOption", self.moment, {"SERIAL_NUMBER", "FORMATTED_STRING"})
        check_choice("majorDimension", self.major, {"ROWS", "COLUMNS"})


def check_choice(name: str, value: str, choices: set[str]) -> None:
    if value not in choices:
        snake = re.sub("[A-Z]", lambda capital: "_" + capital.group().lower(), name)
        kind = {"majorDimension": "Dimension"}.get(name, name[0].upper() + name[1:])
        raise InvalidRequestError(
            f"Invalid value at '{snake}' (type.googleapis.com/google.apps.sheets.v4.{kind}), \"{value}\""
        )


@dataclass(frozen=True)
class Place:
    """A resolved range: a sheet and the box meant on it, not yet clipped to its size."""

    sheet: Sheet
    box: Box

    @property
    def is_cell(self) -> bool:
        return self.box.bottom == self.box.top + 1 and self.box.right == self.box.left + 1


def resolve(book: Book, text: str) -> Place:
    """
    What a range text names in this spreadsheet: cells, a whole sheet, or a named range.

    Raises: InvalidRequestError if it names nothing here.
    """
    reference = split_reference(text)
    if reference.title is None:
        return _resolve_bare(book, reference.cells)
    sheet = book.sheet_titled(reference.title)
    if sheet is None:
        raise InvalidRequestError(f"Unable to parse range: {text}")
    if not reference.cells:
        return Place(sheet, Box())
    box = parse_cells(reference.cells)
    named = None if box is not None else _named(book, reference.cells)
    if named is not None:
        return named
    if box is None:
        raise InvalidRequestError(f"Unable to parse range: {text}")
    return Place(sheet, box)


def _resolve_bare(book: Book, text: str) -> Place:
    """A text without quotes and `!`: cells of the first sheet, else a named range, else a sheet's title."""
    box = parse_cells(text)
    if box is not None:
        return Place(book.sheets[0], box)
    named = _named(book, text)
    titled = book.sheet_titled(text)
    if named is None and titled is None:
        raise InvalidRequestError(f"Unable to parse range: {text}")
    return named or Place(titled or book.sheets[0], Box())


def _named(book: Book, name: str) -> Place | None:
    for entry in book.named_ranges:
        if entry["name"].casefold() == name.casefold():
            return Place(book.sheet(entry["sheetId"]), entry["box"])
    return None


def on_grid(place: Place) -> ClosedBox:
    """
    The box clipped to the sheet.

    Raises: InvalidRequestError if it begins beyond the sheet's end.
    """
    sheet = place.sheet
    if place.box.top >= sheet.row_count or place.box.left >= sheet.column_count:
        raise InvalidRequestError(
            f"Range ({format_range(sheet.title, place.box)}) exceeds grid limits."
            f" Max rows: {sheet.row_count}, max columns: {sheet.column_count}"
        )
    return sheet.clip(place.box)


def read_range(book: Book, text: str, rendering: Rendering) -> dict[str, Any]:
    """A `ValueRange`: trailing empty cells and rows trimmed, `values` absent when nothing is there."""
    place = resolve(book, text)
    return read_box(book, place.sheet, on_grid(place), rendering)


def read_box(book: Book, sheet: Sheet, box: ClosedBox, rendering: Rendering) -> dict[str, Any]:
    """The `ValueRange` of a box that lies on the sheet."""
    rows = _rendered(sheet, box, rendering, book.locale)
    answer: dict[str, Any] = {"range": format_range(sheet.title, box), "majorDimension": rendering.major}
    if rendering.major == "COLUMNS":
        width = max((len(row) for row in rows), default=0)
        rows = [_trim_texts([row[c] if c < len(row) else "" for row in rows]) for c in range(width)]
    if rows:
        answer["values"] = rows
    return answer


def _rendered(sheet: Sheet, box: ClosedBox, rendering: Rendering, locale: str) -> Rows:
    formats, asks_formulas = NumberFormats(sheet), rendering.value == "FORMULA"
    rows: Rows = []
    for number in range(box.top, min(box.bottom, len(sheet.rows))):
        cells = sheet.rows[number].cells[box.left : box.right]
        if _BARE_TEXTS.issuperset(map(type, cells)):  # as in most rows; they need no look at each cell
            rows.append(_trim_texts([cell or "" for cell in cells]))
            continue
        shown: list[Any] = []
        for column, cell in enumerate(cells, box.left):
            value = cell if not isinstance(cell, dict) else cell.get("v")
            if asks_formulas and isinstance(cell, dict) and "x" in cell:
                value = in_locale(cell["x"], locale)
            if value is None:
                shown.append("")
            elif isinstance(value, str):
                shown.append(value)
            else:
                shown.append(_shown_number(value, formats.shown(number, column, cell), rendering, locale))
        rows.append(_trim_texts(shown))
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _shown_number(value: Any, number_format: dict[str, Any] | None, rendering: Rendering, locale: str) -> Any:
    as_text = rendering.value == "FORMATTED_VALUE" or (
        rendering.value == "UNFORMATTED_VALUE" and rendering.moment == "FORMATTED_STRING" and is_moment(number_format)
    )
    return formatted(value, number_format, locale) if as_text else value


def _trim_texts(values: list[Any]) -> list[Any]:
    end = len(values)
    while end and values[end - 1] == "":
        end -= 1
    return values[:end]


@dataclass(frozen=True)
class Written:
    """What a write touched, in the words of `UpdateValuesResponse`."""

    sheet: Sheet
    box: ClosedBox
    rows: int
    columns: int
    cells: int

    def as_json(self, book: Book) -> dict[str, Any]:
        box = self.box
        shown = ClosedBox(box.top, max(box.bottom, box.top + 1), box.left, max(box.right, box.left + 1))
        answer: dict[str, Any] = {
            "spreadsheetId": book.book_id,
            "updatedRange": format_range(self.sheet.title, shown),
        }
        counts = {"updatedRows": self.rows, "updatedColumns": self.columns, "updatedCells": self.cells}
        return answer | {name: count for name, count in counts.items() if count}


def checked_rows(values: Any, major: str) -> Rows:
    """
    The `values` of a `ValueRange`, row by row.

    Raises: InvalidRequestError if they are not lists of cell values.
    """
    check_choice("majorDimension", major, {"ROWS", "COLUMNS"})
    if not isinstance(values, list) or not all(isinstance(row, list) for row in values):
        raise InvalidRequestError("Invalid value at 'data.values': a list of lists is needed.")
    _check_cells(values)
    rows = [[checked_scalar(value) for value in row] for row in values]
    if major == "COLUMNS":
        height = max((len(column) for column in rows), default=0)
        return [[column[r] if r < len(column) else None for column in rows] for r in range(height)]
    return rows


def _check_cells(rows: Rows) -> None:
    """
    Raises: InvalidRequestError for a list or an object in a cell.
    """
    for r, row in enumerate(rows):
        if _NO_CELLS.isdisjoint(map(type, row)):
            continue
        c, value = next((c, value) for c, value in enumerate(row) if type(value) in _NO_CELLS)
        raise InvalidRequestError(f"Invalid values[{r}][{c}]: {proto_text(value)}")


def write_range(book: Book, text: str, rows: Rows, *, entered: bool, who: Identity) -> Written:
    """
    Write rows from a range's first cell on; None skips a cell, "" empties it.

    Raises: InvalidRequestError if the rows do not fit the range or the sheet; PermissionDeniedError.
    """
    place = resolve(book, text)
    box = on_grid(place)
    height, width = len(rows), max((len(row) for row in rows), default=0)
    if not place.is_cell:
        _check_fits(place.sheet, box, height, width)
    return write_rows(book, place.sheet, box.top, box.left, rows, entered=entered, who=who)


def _check_fits(sheet: Sheet, box: ClosedBox, height: int, width: int) -> None:
    within = f"Requested writing within range [{format_range(sheet.title, box)}], but tried writing to"
    if height > box.bottom - box.top:
        raise InvalidRequestError(f"{within} row [{box.bottom + 1}]")
    if width > box.right - box.left:
        raise InvalidRequestError(f"{within} column [{column_letters(box.right)}]")


def write_rows(book: Book, sheet: Sheet, top: int, left: int, rows: Rows, *, entered: bool, who: Identity) -> Written:
    """Write rows with their first cell at that place, if protections allow it and they lie on the sheet."""
    height, width = len(rows), max((len(row) for row in rows), default=0)
    box = ClosedBox(top, top + height, left, left + width)
    if box.bottom > sheet.row_count or box.right > sheet.column_count:
        raise InvalidRequestError(
            f"Range ({format_range(sheet.title, box)}) exceeds grid limits."
            f" Max rows: {sheet.row_count}, max columns: {sheet.column_count}"
        )
    written = [(r, c) for r, row in enumerate(rows, top) for c, value in enumerate(row, left) if value is not None]
    for row, column in _protected_candidates(sheet, written):
        check_may_change(book, sheet, ClosedBox(row, row + 1, column, column + 1), who)
    formats = NumberFormats(sheet)
    for number, row_values in enumerate(rows, top):
        cells = _row_with(book, sheet, formats, number, left, row_values, entered=entered)
        sheet.set_cells(number, cells)
    return Written(sheet, box, len({r for r, _ in written}), len({c for _, c in written}), len(written))


def _protected_candidates(sheet: Sheet, cells: list[tuple[int, int]]) -> list[tuple[int, int]]:
    boxes = [protection["box"] for protection in sheet.protections]
    return [cell for cell in cells if any(box.holds(*cell) for box in boxes)] if boxes else []


def _row_with(
    book: Book, sheet: Sheet, formats: NumberFormats, row: int, left: int, values: list[Any], *, entered: bool
) -> Cells:
    cells = list(sheet.cells(row))
    cells.extend([None] * (left + len(values) - len(cells)))
    for column, value in enumerate(values, left):
        if value is None:
            continue
        number_format = formula = None
        if entered and isinstance(value, str):
            cell = cells[column]
            plain, year = formats.is_text(row, column, cell), int(book.modified_at[:4])
            typed = parse_entered(value, locale=book.locale, plain_text=plain, year=year)
            value, formula = checked_scalar(typed.value), typed.formula
            number_format = typed.number_format or _taken_over(book, sheet, formula)
            if number_format and not _needs_format(formats.at(row, column, cell), number_format):
                number_format = None
        cells[column] = with_value(cells[column], value, number_format, formula)
    return trimmed(cells)


def _taken_over(book: Book, sheet: Sheet, formula: str | None) -> dict[str, Any] | None:
    """The number format that a formula's result takes over from a cell that it names."""
    ref = looks_like(formula) if formula is not None else None
    source = sheet if ref is None or ref.title is None else book.sheet_titled(ref.title)
    if ref is None or source is None:
        return None
    top, left = ref.box().top, ref.box().left
    return NumberFormats(source).shown(top, left, source.cell(top, left))


def _needs_format(present: dict[str, Any] | None, suggested: dict[str, Any]) -> bool:
    if present is None:
        return True
    return is_moment(suggested) and not is_moment(present)


def clear_range(book: Book, text: str, who: Identity) -> str:
    """Empty the values of a range, keep its formats and notes; answers the range that was cleared."""
    place = resolve(book, text)
    box = on_grid(place)
    check_may_change(book, place.sheet, box, who)
    for number in range(box.top, min(box.bottom, len(place.sheet.rows))):
        cells = list(place.sheet.rows[number].cells)
        for column in range(box.left, min(box.right, len(cells))):
            if is_filled(cells[column]):
                cells[column] = with_value(cells[column], None)
        place.sheet.set_cells(number, trimmed(cells))
    return format_range(place.sheet.title, box)
