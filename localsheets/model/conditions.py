"""
Does a value fulfil a condition: for colours by rule, and for strict validation in the grid.

Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/other#ConditionType
"""

import re
from collections.abc import Callable
from datetime import date
from math import floor
from typing import Any

from localsheets.formats.coercion import Scalar, parse_entered
from localsheets.formats.serials import serial_of
from localsheets.model.box import Box
from localsheets.model.cells import Cell, formatted, value_of
from localsheets.model.layers import Json
from localsheets.model.sheet import Sheet

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
_DATES: dict[str, Callable[..., bool]] = {
    "DATE_EQ": lambda day, wanted: day == wanted,
    "DATE_NOT_EQ": lambda day, wanted: day != wanted,
    "DATE_BEFORE": lambda day, wanted: day < wanted,
    "DATE_AFTER": lambda day, wanted: day > wanted,
    "DATE_ON_OR_BEFORE": lambda day, wanted: day <= wanted,
    "DATE_ON_OR_AFTER": lambda day, wanted: day >= wanted,
    "DATE_BETWEEN": lambda day, first, last: first <= day <= last,
    "DATE_NOT_BETWEEN": lambda day, first, last: not first <= day <= last,
}
_RELATIVE = {"TODAY": 0, "TOMORROW": 1, "YESTERDAY": -1}
_PAST_DAYS = {"PAST_WEEK": 7, "PAST_MONTH": 30, "PAST_YEAR": 365}
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]{1,63}(\.[^@\s.]{1,63}){1,8}")
_URL = re.compile(r"((https?|ftp)://)?[^\s/@.]{1,63}(\.[^\s/@.]{1,63}){1,8}(/\S{0,2000})?", re.IGNORECASE)


def wanted_values(condition: Json) -> list[str]:
    """The texts a condition compares with."""
    return [str(value.get("userEnteredValue", "")) for value in condition.get("values", [])]


def fulfils(value: Scalar | None, text: str, condition: Json, locale: str, *, today: date | None = None) -> bool | None:
    """
    Whether a value fulfils a condition.

    Args:
        text: The value as the cell shows it.
        today: What relative dates (`TODAY`, `PAST_WEEK`) count from; without it they are only kept.

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
    if kind in {"TEXT_IS_EMAIL", "TEXT_IS_URL"}:
        return bool((_EMAIL if kind == "TEXT_IS_EMAIL" else _URL).fullmatch(text))
    if kind == "DATE_IS_VALID":
        return _is_number(value)
    if kind in _DATES:
        return _compare_dates(value, kind, condition.get("values", []), locale, today)
    if kind in _NUMBERS:
        return _compare(value, kind, wanted, locale)
    return None


def _compare_dates(value: Any, kind: str, told: list[Json], locale: str, today: date | None) -> bool | None:
    """By whole days, as at Google."""
    if kind == "DATE_EQ" and told and told[0].get("relativeDate") in _PAST_DAYS:
        days = _PAST_DAYS[told[0]["relativeDate"]]
        now = None if today is None else int(serial_of(today))
        return None if now is None else _is_number(value) and now - days <= floor(value) <= now
    bounds = [_day(entry, locale, today) for entry in told]
    if len(bounds) != (2 if "BETWEEN" in kind else 1) or None in bounds:
        return None
    return _is_number(value) and _DATES[kind](floor(value), *bounds)


def _day(entry: Json, locale: str, today: date | None) -> int | None:
    """The serial number of the day that a value of a condition names; None if it names none, or today is not known."""
    relative = entry.get("relativeDate")
    if relative in _RELATIVE:
        return None if today is None else int(serial_of(today)) + _RELATIVE[relative]
    if relative in _PAST_DAYS:
        return None if today is None else int(serial_of(today)) - _PAST_DAYS[relative]
    value = parse_entered(str(entry.get("userEnteredValue", "")), locale=locale).value
    return floor(value) if _is_number(value) else None  # type: ignore[arg-type]


def _compare(value: Scalar | None, kind: str, wanted: list[str], locale: str) -> bool | None:
    bounds = [parse_entered(text, locale=locale).value for text in wanted]
    count = 2 if "BETWEEN" in kind else 1
    if len(bounds) != count or not all(_is_number(bound) for bound in bounds):
        return None
    return _is_number(value) and _NUMBERS[kind](value, *bounds)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def conditional_format(
    sheet: Sheet,
    row: int,
    column: int,
    cell: Cell,
    number_format: Json | None,
    locale: str,
    by_formula: frozenset[tuple[int, int, int]] = frozenset(),
) -> Json:
    """
    What the rules add to a cell's format; an earlier rule wins over a later one.

    Args:
        by_formula: Rule, row and column where a rule's own formula is true.
    """
    result: Json = {}
    value = value_of(cell)
    text = None
    for place, rule in enumerate(sheet.conditions):
        boolean = rule.get("booleanRule")
        if not boolean or not _in_any(rule["boxes"], row, column):
            continue
        text = formatted(value, number_format, locale) if text is None else text
        if (place, row, column) in by_formula or fulfils(value, text, boolean.get("condition") or {}, locale):
            result = {**(boolean.get("format") or {}), **result}
    return result


def _in_any(boxes: list[Box], row: int, column: int) -> bool:
    return any(box.holds(row, column) for box in boxes)
