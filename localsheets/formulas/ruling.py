"""
Rules whose condition is a formula of one's own (`CUSTOM_FORMULA`), for the cells that are shown.

The formula is written for the first cell of the rule's first range; for every other cell it reads as if copied there.
Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/other#ConditionType
"""

from collections.abc import Iterator, Sequence
from typing import Any

from localsheets.formulas.calculators import Calculators
from localsheets.formulas.entering import canonical
from localsheets.formulas.references import relative
from localsheets.model.book import Book
from localsheets.model.box import Box
from localsheets.model.sheet import Sheet

MOST_QUESTIONS = 5000
"""Cells that are looked at for one answer; for further ones the rule does not hold."""
Spot = tuple[int, int, int]
"""Place of the rule among the sheet's colour rules, row, column."""


def coloured_by_formula(calculators: Calculators, book: Book, sheet: Sheet, rows: Sequence[int]) -> frozenset[Spot]:
    """Where, in these rows, the formulas of the sheet's colour rules are true."""
    index = book.sheets.index(sheet)
    asked: list[tuple[Spot, str]] = []
    for place, rule in enumerate(sheet.conditions):
        formula = _formula_of((rule.get("booleanRule") or {}).get("condition") or {}, book.locale)
        if formula and rule["boxes"]:
            copies = _copies(formula, rule["boxes"], sheet, rows)
            asked += [((place, row, column), text) for row, column, text in copies]
    asked = asked[:MOST_QUESTIONS]
    answers = calculators.answers(book, [(index, text) for _, text in asked])
    return frozenset(spot for (spot, _), answer in zip(asked, answers, strict=True) if _is_true(answer))


def _formula_of(condition: dict[str, Any], locale: str) -> str | None:
    values = condition.get("values") or [{}]
    text = str(values[0].get("userEnteredValue", ""))
    return canonical(text, locale) if condition.get("type") == "CUSTOM_FORMULA" and text.startswith("=") else None


def _copies(formula: str, boxes: Sequence[Box], sheet: Sheet, rows: Sequence[int]) -> Iterator[tuple[int, int, str]]:
    """Row, column and formula of every cell of the boxes that lies in one of the rows."""
    first = boxes[0]
    same_in_row = relative(formula, 0, 1) == formula
    for row in rows:
        for box in boxes:
            if box.holds_row(row):
                closed = sheet.clip(box)
                down = relative(formula, row - first.top, 0)
                for column in range(closed.left, closed.right):
                    yield row, column, down if same_in_row else relative(down, 0, column - first.left)


def _is_true(answer: Any) -> bool:
    return isinstance(answer, bool | int | float) and bool(answer)
