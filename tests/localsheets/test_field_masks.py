"""Field masks: reading, choosing, taking over."""

import pytest

from localsheets.api.field_masks import merged, parse_mask, select
from localsheets.errors import InvalidRequestError


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ("a", {"a": {}}),
        ("a.b,c/d", {"a": {"b": {}}, "c": {"d": {}}}),
        ("sheets(properties(title,index),data)", {"sheets": {"properties": {"title": {}, "index": {}}, "data": {}}}),
        ("*", {"*": {}}),
        ("a.b, a.c", {"a": {"b": {}, "c": {}}}),
    ],
)
def test_masks_are_read(text, mask):
    assert parse_mask(text) == mask


@pytest.mark.parametrize("text", ["", ",", "a,", "a(", "a()", "a)", "a..b", "a b", "ä", "(a)", "a(" * 99])
def test_broken_masks_are_refused(text):
    with pytest.raises(InvalidRequestError):
        parse_mask(text)


def test_select_goes_through_lists():
    told = {"sheets": [{"properties": {"title": "A", "index": 0}, "data": 1}], "id": "x"}
    assert select(told, parse_mask("sheets.properties.title")) == {"sheets": [{"properties": {"title": "A"}}]}


def test_merged_takes_named_fields_and_clears_missing_ones():
    old = {"a": {"x": 1, "y": 2}, "b": 3}
    assert merged(old, {"a": {"x": 9}}, parse_mask("a(x,y)")) == {"a": {"x": 9}, "b": 3}
    assert merged(old, {}, parse_mask("b")) == {"a": {"x": 1, "y": 2}}
    assert old == {"a": {"x": 1, "y": 2}, "b": 3}
