"""
Does a value fulfil a condition: for colours by rule, and for strict validation in the grid.

Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/other#ConditionType
"""

from collections.abc import Callable
from typing import Any

from localsheets.box import Box
from localsheets.cells import Cell, formatted, value_of
from localsheets.coercion import Scalar, parse_entered
from localsheets.errors import UnimplementedError
from localsheets.layers import Json
from localsheets.sheet import Sheet

_TEXTS: dict[str, Callable[[str, str], bool]] = {
    "TEXT_EQ": lambda text, wanted: text == wanted,
    "TEXT_NOT_EQ": lambda text, wanted: text != wanted,
    "TEXT_CONTAINS": lambda text, wanted: wanted in text,
    "TEXT_NOT_CONTAINS": lambda text, wanted: wanted not in text,
    "TEXT_STARTS_WITH": lambda text, wanted: text.startswith(wanted),
    "TEXT_ENDS_WITH": lambda text, wanted: text.endswith(wanted),
}
_NUMBERS: dict[str, Callable[..., bool]] = {
    "NUMBER_GREATER": lambda number, low: number > low,
    "NUMBER_GREATER_THAN_EQ": lambda number, low: number >= low,
    "NUMBER_LESS": lambda number, low: number < low,
    "NUMBER_LESS_THAN_EQ": lambda number, low: number <= low,
    "NUMBER_EQ": lambda number, wanted: number == wanted,
    "NUMBER_NOT_EQ": lambda number, wanted: number != wanted,
    "NUMBER_BETWEEN": lambda number, low, high: low <= number <= high,
    "NUMBER_NOT_BETWEEN": lambda number, low, high: not low <= number <= high,
}


def wanted_values(condition: Json) -> list[str]:
    """The texts a condition compares with."""
    return [str(value.get("userEnteredValue", "")) for value in condition.get("values", [])]


def fulfils(value: Scalar | None, text: str, condition: Json, locale: str) -> bool | None:
    """
    Whether a value fulfils a condition.

    Args:
        text: The value as the cell shows it.

    Returns: None for a kind of condition that this server only keeps, such as CUSTOM_FORMULA.
    """
    kind, wanted = str(condition.get("type")), wanted_values(condition)
    if kind in {"BLANK", "NOT_BLANK"}:
        return (value is None) == (kind == "BLANK")
    if kind == "ONE_OF_LIST":
        return text in wanted
    if kind == "BOOLEAN":
        return text in wanted if wanted else isinstance(value, bool)
    if kind in _TEXTS and wanted:
        return _TEXTS[kind](text.casefold(), wanted[0].casefold())
    if kind in _NUMBERS:
        return _compare(value, kind, wanted, locale)
    return None


def _compare(value: Scalar | None, kind: str, wanted: list[str], locale: str) -> bool | None:
    try:
        bounds = [parse_entered(text, locale=locale).value for text in wanted]
    except UnimplementedError:
        return None
    count = 2 if "BETWEEN" in kind else 1
    if len(bounds) != count or not all(_is_number(bound) for bound in bounds):
        return None
    return _is_number(value) and _NUMBERS[kind](value, *bounds)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def conditional_format(
    sheet: Sheet, row: int, column: int, cell: Cell, number_format: Json | None, locale: str
) -> Json:
    """What the rules add to a cell's format; an earlier rule wins over a later one."""
    result: Json = {}
    value = value_of(cell)
    text = None
    for rule in sheet.conditions:
        boolean = rule.get("booleanRule")
        if not boolean or not _in_any(rule["boxes"], row, column):
            continue
        text = formatted(value, number_format, locale) if text is None else text
        if fulfils(value, text, boolean.get("condition") or {}, locale):
            result = {**(boolean.get("format") or {}), **result}
    return result


def _in_any(boxes: list[Box], row: int, column: int) -> bool:
    return any(box.holds(row, column) for box in boxes)
