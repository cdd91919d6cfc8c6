"""References in formulas following rows, columns, sheets and copies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localsheets.formulas.references import (
    Change,
    box_deleted,
    box_moved,
    boxes,
    lines_deleted,
    lines_inserted,
    lines_moved,
    names,
    references,
    relative,
    sheet_deleted,
    sheet_renamed,
)
from localsheets.formulas.tokens import joined, tokens
from localsheets.model.box import Axis, Box


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (lines_inserted("S", "ROWS", 1, 2), "=A1+A2+$A$2+SUM(A1:A3)", "=A1+A4+$A$4+SUM(A1:A5)"),
        (lines_inserted("S", "ROWS", 3, 1), "=SUM(A1:A3)", "=SUM(A1:A3)"),
        (lines_inserted("S", "ROWS", 0, 1), "=SUM(A:A)+SUM(A2:A)+SUM(1:1)", "=SUM(A:A)+SUM(A3:A)+SUM(2:2)"),
        (lines_inserted("S", "COLUMNS", 1, 1), "=A1+B1+SUM(A:B)+SUM(1:2)", "=A1+C1+SUM(A:C)+SUM(1:2)"),
        (lines_inserted("S", "ROWS", 0, 1), "=Lain!A1+S!A1+'s'!A1", "=Lain!A1+'S'!A2+'s'!A2"),
        (lines_inserted("It's", "ROWS", 0, 1), "='It''s'!A1&\"'It''s'!A1\"", "='It''s'!A2&\"'It''s'!A1\""),
        (lines_deleted("S", "ROWS", 1, 2), "=A1+A2+A3", "=A1+#REF!+A2"),
        (lines_deleted("S", "ROWS", 1, 3), "=SUM(A1:A5)+SUM(A2:A3)+SUM(A3:A9)", "=SUM(A1:A3)+SUM(#REF!)+SUM(A2:A7)"),
        (lines_deleted("S", "ROWS", 0, 5), "=SUM(A2:A)", "=SUM(A1:A)"),
        (lines_deleted("S", "COLUMNS", 1, 2), "=B:B+A:C+LOG10(B1)", "=#REF!+A:B+LOG10(#REF!)"),
        (lines_moved("S", "ROWS", 0, 1, 3), "=A1+A2+A3+A4", "=A3+A1+A2+A4"),
        (lines_moved("S", "ROWS", 3, 5, 0), "=SUM(A4:A5)+A1", "=SUM(A1:A2)+A3"),
        (lines_moved("S", "ROWS", 1, 2, 9), "=SUM(A1:A3)", "=SUM(A1:A2)"),
        (sheet_renamed("S", "Baru 1"), "=S!A1+s!B2+A1", "='Baru 1'!A1+'Baru 1'!B2+A1"),
        (sheet_deleted("Lain"), "=Lain!A1+SUM(lain!A:A)+A1", "=#REF!+SUM(#REF!)+A1"),
        (box_moved("S", Box(0, 2, 0, 1), "S", 5, 1), "=A1+SUM(A1:A2)+SUM(A1:A3)", "=B6+SUM(B6:B7)+SUM(A1:A3)"),
        (box_moved("S", Box(0, 2, 0, 1), "Lain", 0, 0), "=A1+A3", "=Lain!A1+A3"),
        (box_deleted("S", Box(0, 2, 0, 1)), "=A1+SUM(A1:A3)", "=#REF!+SUM(A1:A3)"),
    ],
)
def test_a_reference_follows(change: Change, before: str, after: str) -> None:
    assert change(before, "S") == after


@pytest.mark.parametrize(
    ("formula", "rows", "columns", "after"),
    [
        ("=A1*$A1*A$1*$A$1", 2, 1, "=B3*$A3*B$1*$A$1"),
        ("=SUM(A:A)+SUM(2:2)+SUM(B2:B)", 1, 1, "=SUM(B:B)+SUM(3:3)+SUM(C3:C)"),
        ("=A1", -1, 0, "=#REF!"),
        ("=A1", 0, -1, "=#REF!"),
        ('=Lain!A1&"A1"', 1, 0, '=Lain!A2&"A1"'),
        ("=lowercase(a1)  + 1", 1, 0, "=lowercase(A2)  + 1"),
        ("=A1:B2 bukan rumus", 0, 0, "=A1:B2 bukan rumus"),
    ],
)
def test_a_copy_points_as_far_away_as_the_original(formula: str, rows: int, columns: int, after: str) -> None:
    assert relative(formula, rows, columns) == after


def test_what_a_formula_needs_is_told() -> None:
    assert boxes("=A1+Lain!B2:C3+SUM(D:D)+E2:E", "S") == [
        ("S", Box(0, 1, 0, 1)),
        ("Lain", Box(1, 3, 1, 3)),
        ("S", Box(0, None, 3, 4)),
        ("S", Box(1, None, 4, 5)),
    ]
    assert names("=SUM(Lamanya)+TRUE+LOG10(x)") == {"LAMANYA", "X"}


column = st.sampled_from(["A", "B", "C", "Z", "AB"])
row = st.integers(1, 40).map(str)
mark = st.sampled_from(["", "$"])
cell = st.tuples(mark, column, mark, row).map("".join)
area = st.one_of(
    cell,
    st.tuples(cell, cell).map(":".join),
    st.tuples(cell, column).map(":".join),
    st.tuples(column, column).map(":".join),
    st.tuples(row, row).map(":".join),
)
reference = st.tuples(st.sampled_from(["", "S!", "Lain!", "'It''s'!"]), area).map("".join)
formulas = st.lists(
    st.one_of(reference, reference, st.sampled_from(["SUM(A1,2)", '"A1"', "1.5", "TRUE", "#REF!"])),
    min_size=1,
    max_size=4,
).map(lambda parts: "=" + "+".join(parts))
axes: st.SearchStrategy[Axis] = st.sampled_from(["ROWS", "COLUMNS"])


def meant(formula: str) -> list[tuple[str, Box]]:
    return boxes(formula, "S")


@given(formulas, axes, st.integers(0, 45), st.integers(1, 5))
def test_inserting_and_deleting_again_changes_nothing(formula: str, axis: Axis, at: int, count: int) -> None:
    there = lines_inserted("S", axis, at, count)(formula, "S")
    assert meant(lines_deleted("S", axis, at, at + count)(there, "S")) == meant(formula)


@given(formulas, axes, st.integers(0, 40), st.integers(1, 5), st.integers(0, 45))
def test_single_cells_keep_pointing_at_the_same_contents_when_lines_move(
    formula: str, axis: Axis, start: int, count: int, target: int
) -> None:
    if start < target < start + count:
        return
    lines = [line for line in range(60) if not start <= line < start + count]
    landing = target if target <= start else target - count
    lines[landing:landing] = range(start, start + count)
    after = references(lines_moved("S", axis, start, start + count, target)(formula, "S"))
    for old, new in zip(references(formula), after, strict=True):
        if old.last is None and old.title in {None, "S"}:
            assert lines[new.lines(axis)[0] or 0] == old.lines(axis)[0]


@given(formulas, st.integers(0, 30), st.integers(0, 30))
def test_a_copy_of_a_copy_is_one_copy_farther(formula: str, rows: int, columns: int) -> None:
    assert relative(relative(formula, rows, 0), 0, columns) == relative(formula, rows, columns)
    assert meant(relative(relative(formula, rows, columns), -rows, -columns)) == meant(formula)


@given(st.text(alphabet=st.sampled_from("A1$:!'\"=+-(){},; .#REFNx\u00e9\U0001f600"), max_size=60))
def test_whatever_is_typed_is_kept_letter_by_letter(text: str) -> None:
    assert joined(tokens("=" + text)) == "=" + text
    assert relative("=" + text, 0, 0) == "=" + text
    lines_inserted("S", "ROWS", 0, 1)("=" + text, "S")
