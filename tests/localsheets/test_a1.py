"""A1 notation, both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localsheets.errors import InvalidRequestError
from localsheets.model.a1 import Reference, column_index, column_letters, format_range, parse_cells, split_reference
from localsheets.model.box import Box, span_after_delete, span_after_insert, span_after_move


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("A1", Box(0, 1, 0, 1)),
        ("b2", Box(1, 2, 1, 2)),
        ("$C$3", Box(2, 3, 2, 3)),
        ("A1:B2", Box(0, 2, 0, 2)),
        ("B2:A1", Box(0, 2, 0, 2)),
        ("A:Z", Box(0, None, 0, 26)),
        ("A2:D", Box(1, None, 0, 4)),
        ("3:7", Box(2, 7, 0, None)),
        ("AA10:AB11", Box(9, 11, 26, 28)),
        ("R2C3", Box(1, 2, 2, 3)),
        ("R5C3:r1c1", Box(0, 5, 0, 3)),
        ("R0C1", None),
        ("RC", None),
        ("A", None),
        ("7", None),
        ("A0", None),
        ("A1:", None),
        (":B2", None),
        ("Register", None),
        ("A1:B2:C3", None),
        ("", None),
    ],
)
def test_cells_are_read(text, box):
    assert parse_cells(text) == box


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("A1", Reference(None, "A1")),
        ("Sheet1!A1", Reference("Sheet1", "A1")),
        ("'It''s'!A1:B", Reference("It's", "A1:B")),
        ("'a!b'!C3", Reference("a!b", "C3")),
        ("'Aturan Disposisi'", Reference("Aturan Disposisi", "")),
        ("''''!A1", Reference("'", "A1")),
        ("a/b:append!A1", Reference("a/b:append", "A1")),
    ],
)
def test_sheet_and_cells_are_parted(text, reference):
    assert split_reference(text) == reference


@pytest.mark.parametrize("text", ["'offen", "'a'b'!A1", "'a'x"])
def test_open_quotes_are_refused(text):
    with pytest.raises(InvalidRequestError, match="Unable to parse range"):
        split_reference(text)


@pytest.mark.parametrize(
    ("title", "box", "text"),
    [
        ("Sheet1", Box(0, 1000, 0, 26), "Sheet1!A1:Z1000"),
        ("Sheet1", Box(4, 5, 2, 3), "Sheet1!C5"),
        ("Aturan Disposisi", Box(0, 1, 0, 2), "'Aturan Disposisi'!A1:B1"),
        ("It's", Box(0, 1, 0, 1), "'It''s'!A1"),
        ("A1", Box(0, 1, 0, 1), "'A1'!A1"),
    ],
)
def test_ranges_are_written_as_google_does(title, box, text):
    assert format_range(title, box) == text


@given(st.integers(0, 18_277))
def test_column_letters_and_index_are_inverse(index):
    assert column_index(column_letters(index)) == index


@given(st.text(min_size=1, max_size=30), st.integers(0, 999), st.integers(0, 700))
def test_a_written_range_is_read_back(title, row, column):
    box = Box(row, row + 2, column, column + 3)
    reference = split_reference(format_range(title, box))
    assert reference.title == title
    assert parse_cells(reference.cells) == box


@pytest.mark.parametrize(
    ("span", "at", "after"),
    [
        ((1, 5), 0, (2, 6)),
        ((1, 5), 1, (2, 6)),
        ((1, 5), 3, (1, 6)),
        ((1, 5), 5, (1, 5)),
        ((1, None), 1, (1, None)),
        ((2, None), 1, (3, None)),
    ],
)
def test_spans_follow_an_insert(span, at, after):
    assert span_after_insert(span, at, 1) == after


@given(st.integers(0, 20), st.integers(1, 10), st.integers(0, 20), st.integers(1, 10))
def test_deleting_what_was_inserted_restores_every_span(start, length, at, count):
    span = (start, start + length)
    assert span_after_delete(span_after_insert(span, at, count), at, at + count) == span


def test_a_span_within_moved_lines_moves_along():
    assert span_after_move((2, 3), 2, 4, 8) == (6, 7)
    assert span_after_move((5, 6), 2, 4, 8) == (3, 4)
    assert span_after_move((0, 26), 2, 4, 8) == (0, 26)
