"""Colour rules with formulas of one's own."""

import time
from typing import Any

import pytest

from localsheets.formulas.ruling import coloured_by_formula
from localsheets.grid.looks import Looks
from localsheets.model.box import Box
from tests.localsheets.formulas.conftest import ME, Desk


def rule(formula: str, *boxes: Box) -> dict[str, Any]:
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": formula}]}
    return {"boxes": list(boxes), "booleanRule": {"condition": condition, "format": {}}}


def coloured(desk: Desk, rows: range = range(5)) -> set[tuple[int, int]]:
    book = desk.book()
    found = coloured_by_formula(desk.shelf.calculators, book, book.sheets[0], rows)
    return {(row, column) for _, row, column in found}


def colour(desk: Desk, *rules: dict[str, Any]) -> None:
    with desk.shelf.writing(desk.book_id, ME, "test") as draft:
        draft.sheets[0].conditions = list(rules)
        draft.sheets[0].reshaped = True


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('=$B1="Selesai"', {(1, 0), (1, 1), (3, 0), (3, 1)}),
        ("=B1>A1", {(0, 1), (1, 0), (1, 1), (2, 0), (3, 0), (3, 1)}),
        ("=COUNTIF($A$1:$A,$A1)>1", {(0, 0), (0, 1), (2, 0), (2, 1)}),
        ("=Lain!$A$1=5", set()),
        ("=1/0", set()),
        ("=1 1", set()),
        ("=ISBLANK(A1)", {(2, 1)}),
    ],
)
def test_a_formula_colours_the_cells_for_which_it_is_true(
    desk: Desk, formula: str, expected: set[tuple[int, int]]
) -> None:
    desk.write("A1", [1, 0, 5], [2, "Selesai"], [1], [3, "Selesai"])
    colour(desk, rule(formula, Box(0, 4, 0, 2)))
    if formula == "=B1>A1":
        expected = {(0, 1), (1, 0), (3, 0)}  # an empty cell counts as 0, a text is more than any number
    assert coloured(desk) == expected
    assert coloured(desk, range(1)) == {spot for spot in expected if spot[0] == 0}


def test_it_follows_what_is_written(desk: Desk) -> None:
    desk.write("A1", [1, "=A1*2"])
    colour(desk, rule("=$B1>5", Box(0, 1, 0, 1)))
    assert coloured(desk) == set()
    desk.write("A1", [3])
    assert coloured(desk) == {(0, 0)}
    assert desk.value("B1") == 6


@pytest.mark.fault
@pytest.mark.alone
def test_a_rule_that_is_too_much_harms_no_cell_and_costs_its_time_once(desk: Desk) -> None:
    desk.write("A1", [1, "=A1*2"])
    colour(desk, rule("=COMBIN(1E15,5E14)>$A$1", Box(0, 2, 0, 1)))
    assert coloured(desk) == set()
    started = time.monotonic()
    desk.write("A1", [2])
    assert coloured(desk) == set()
    assert desk.value("B1") == 4
    assert time.monotonic() - started < 0.6


def test_the_grid_draws_it(desk: Desk) -> None:
    desk.write("A1", [1], [9])
    green = {"backgroundColor": {"green": 1.0}}
    told = rule("=A1>5", Box(0, 2, 0, 1))
    told["booleanRule"] = {"condition": told["booleanRule"]["condition"], "format": green}
    colour(desk, told)
    book = desk.book()
    looks = Looks(book, book.sheets[0], coloured_by_formula(desk.shelf.calculators, book, book.sheets[0], range(2)))
    drawn = [looks.row(row)[0] for row in range(2)]
    assert "s" not in drawn[0]
    assert looks.table[drawn[1]["s"]]["bg"]
