"""Rows keep their ids and their order, whatever is done to them."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from localsheets.model.book import new_sheet
from localsheets.model.cells import make_cell, note_of, own_format, trimmed, value_of, with_value
from localsheets.model.sheet import KEY_GAP

PLACES = st.integers(0, 12)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("set"), PLACES, st.text("abc", min_size=1, max_size=2)),
        st.tuples(st.just("insert"), PLACES, st.integers(1, 3)),
        st.tuples(st.just("delete"), PLACES, st.integers(1, 3)),
        st.tuples(st.just("turn"), PLACES, st.integers(2, 5)),
    ),
    max_size=25,
)


@given(STEPS)
def test_rows_behave_like_a_plain_list(steps):
    ids = itertools.count(1)
    sheet = new_sheet(0, "S").draft(1, lambda: next(ids))
    model: list[list[str]] = []
    for kind, place, told in steps:
        if kind == "set":
            sheet.set_cells(place, [told])
            model += [[] for _ in range(place + 1 - len(model))]
            model[place] = [told]
        elif kind == "insert":
            sheet.insert_rows(place, told)
            if place < len(model):
                model[place:place] = [[] for _ in range(told)]
        elif kind == "delete":
            sheet.delete_rows(place, place + told)
            del model[place : place + told]
        else:
            sheet.reorder(place, sheet.rows[place : place + told][::-1])
            model[place : place + told] = model[place : place + told][::-1]
        assert [row.cells for row in sheet.rows] == model
        keys = [row.key for row in sheet.rows]
        assert keys == sorted(set(keys))
        assert len({row.row_id for row in sheet.rows}) == len(model)
        assert {row.row_id for row in sheet.rows} <= set(sheet.touched)
        assert not sheet.removed & set(sheet.touched)
        assert all(sheet.touched[row.row_id] == row for row in sheet.rows)


def test_a_full_gap_is_spaced_out_again():
    ids = itertools.count(1)
    sheet = new_sheet(0, "S").draft(1, lambda: next(ids))
    sheet.set_cells(1, ["last"])
    for _ in range(60):
        sheet.insert_rows(1, 1)
    keys = [row.key for row in sheet.rows]
    assert keys == sorted(set(keys))
    assert len(keys) == 62
    sheet.insert_rows(1, KEY_GAP // 1000)
    assert sheet.rows[-1].cells == ["last"]


def test_an_unchanged_row_is_not_touched_but_true_is_not_one():
    sheet = new_sheet(0, "S").draft(1, itertools.count(1).__next__)
    sheet.set_cells(0, [1])
    before = sheet.sealed().draft(2, itertools.count(9).__next__)
    before.set_cells(0, [1])
    assert not before.changed
    before.set_cells(0, [True])
    assert before.changed


@given(st.none() | st.text() | st.integers() | st.booleans(), st.text(max_size=5), st.booleans())
def test_a_cells_parts_are_read_back(value, note, bold):
    cell = make_cell(value, {"textFormat": {"bold": True}} if bold else None, note)
    assert value_of(cell) == (None if value == "" else value)
    assert note_of(cell) == note
    assert bool(own_format(cell)) == bold
    assert note_of(with_value(cell, "neu")) == note
    assert trimmed([None, cell, None]) == ([] if cell is None else [None, cell])
