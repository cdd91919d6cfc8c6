"""
One cell: how it is stored, and how it is shown to API clients.

Stored, a cell is None (empty), a bare text, number or boolean, or a dict with `v` (value), `f` (its own
`userEnteredFormat`), `n` (note) and `x` (formula), each left out where there is none. A formula begins with `=` and is
kept in English (`=SUM(A1,B1)`); the `v` beside it is its result, or is missing while nobody has calculated it. If that
is an error, `e` is Google's `ErrorValue`. Only in snapshots for readers, `s` marks a cell that another cell's array
fills. A row is a list of cells without empty ones at its end.
"""

from typing import Any

from localsheets.errors import InvalidRequestError
from localsheets.formats.coercion import Scalar, simplest
from localsheets.formats.locales import customs_of
from localsheets.formats.number_formats import format_number, format_text

Cell = Any
Cells = list[Cell]
LONGEST_TEXT = 50_000
"""Characters in one cell, as at Google."""
LARGEST_WHOLE = 2**53
"""Whole numbers from here on are only approximate, as in every spreadsheet."""


def value_of(cell: Cell) -> Scalar | None:
    """The value in a cell; None if it is empty."""
    if isinstance(cell, dict):
        value: Scalar | None = cell.get("v")
        return value
    return cell  # type: ignore[no-any-return]


def cell_at(cells: Cells, column: int) -> Cell:
    """The cell in that column; None past the row's end."""
    return cells[column] if column < len(cells) else None


def own_format(cell: Cell) -> dict[str, Any] | None:
    """The format stored with this very cell."""
    return cell.get("f") if isinstance(cell, dict) else None


def note_of(cell: Cell) -> str:
    """The cell's note; "" if it has none."""
    return cell.get("n", "") if isinstance(cell, dict) else ""


def formula_of(cell: Cell) -> str | None:
    """The cell's formula; None if it holds a plain value or nothing."""
    return cell.get("x") if isinstance(cell, dict) else None


def error_of(cell: Cell) -> dict[str, str] | None:
    """Google's `ErrorValue` if the cell's formula came to an error."""
    return cell.get("e") if isinstance(cell, dict) else None


def is_filled(cell: Cell) -> bool:
    """Whether the cell holds a value or a formula, calculated or not."""
    return (cell.get("v") is not None or "x" in cell) if isinstance(cell, dict) else cell is not None


def make_cell(value: Scalar | None, cell_format: dict[str, Any] | None, note: str, formula: str | None = None) -> Cell:
    """The stored form of a cell; an empty text is an empty cell."""
    value = None if value == "" and formula is None else value
    if not cell_format and not note and formula is None:
        return value
    parts = {"v": value, "f": cell_format or None, "n": note or None, "x": formula}
    return {name: part for name, part in parts.items() if part is not None}


def with_value(
    cell: Cell, value: Scalar | None, number_format: dict[str, Any] | None = None, formula: str | None = None
) -> Cell:
    """The same cell holding another value or formula, and another number format if one is given."""
    cell_format = own_format(cell)
    if number_format is not None:
        cell_format = {**(cell_format or {}), "numberFormat": number_format}
    return make_cell(value if formula is None else None, cell_format, note_of(cell), formula)


def with_cell(cells: Cells, column: int, cell: Cell) -> Cells:
    """A copy of the row with one cell replaced."""
    result = list(cells)
    if column >= len(result):
        result.extend([None] * (column + 1 - len(result)))
    result[column] = cell
    return trimmed(result)


def trimmed(cells: Cells) -> Cells:
    """The row without empty cells at its end."""
    end = len(cells)
    while end and cells[end - 1] is None:
        end -= 1
    return cells[:end]


def checked_scalar(value: Any) -> Scalar | None:
    """
    A JSON value that a cell can hold.

    Raises: InvalidRequestError for lists and objects, numbers that are none, and texts over 50,000 characters.
    """
    if isinstance(value, int) and abs(value) >= LARGEST_WHOLE:
        value = float(value) if abs(value) < 10**308 else float("inf")
    if isinstance(value, float):
        if value != value or value in {float("inf"), float("-inf")}:
            raise InvalidRequestError("A cell cannot hold NaN or an infinite number.")
        return simplest(value)
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise InvalidRequestError(
            f"Your input contains more than the maximum of {LONGEST_TEXT} characters in a single cell."
        )
    if value is None or isinstance(value, str | int):
        return value
    raise InvalidRequestError(f"Invalid values: a cell cannot hold a {type(value).__name__}.")


def formatted(value: Scalar | None, number_format: dict[str, Any] | None, locale: str) -> str:
    """A value as people see it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return format_text(value, number_format) if number_format else value
    if isinstance(value, bool):
        return customs_of(locale).true[0 if value else 1]
    return format_number(value, number_format, locale)


def value_from_extended(extended: Any) -> Scalar | None:
    """
    The value in an `ExtendedValue` (`{"stringValue": …}`).

    Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/other#ExtendedValue
    A formula (`{"formulaValue": …}`) is none; see requests/contents.py. Raises: InvalidRequestError.
    """
    if not extended:
        return None
    if not isinstance(extended, dict) or len(extended) != 1:
        raise InvalidRequestError("userEnteredValue must hold exactly one value.")
    (kind, value), *_ = extended.items()
    expected: dict[str, type | tuple[type, ...]] = {
        "stringValue": str,
        "numberValue": (int, float),
        "boolValue": bool,
    }
    if kind not in expected:
        raise InvalidRequestError(f"Unknown name {kind!r} at userEnteredValue.")
    if not isinstance(value, expected[kind]) or (kind == "numberValue" and isinstance(value, bool)):
        raise InvalidRequestError(f"Invalid value at userEnteredValue.{kind}.")
    return checked_scalar(value)


def extended_from_value(value: Scalar) -> dict[str, Scalar]:
    """The `ExtendedValue` of a value."""
    if isinstance(value, bool):
        return {"boolValue": value}
    return {"stringValue": value} if isinstance(value, str) else {"numberValue": value}
