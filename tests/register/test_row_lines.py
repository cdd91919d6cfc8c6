"""Rows that stand on lines of their own are parsed once; whatever else is JSON is parsed as JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.row_lines import RowLines

CELL = st.text(max_size=6) | st.integers(-9, 9) | st.floats(0.5, 1.5) | st.booleans()
ROWS = st.lists(st.lists(CELL, max_size=3), min_size=1, max_size=4)


def lined(tabs: list[list[list[object]]]) -> bytes:
    told = ",".join(map(tab, range(len(tabs)), tabs))
    return f'{{"spreadsheetId":"x","valueRanges":[{told}]}}'.encode()


def tab(no: int, rows: list[list[object]]) -> str:
    values = ',"values":[\n' + ",\n".join(map(json.dumps, rows)) + "\n]" if rows else ""
    return f'{{"range":"T{no}"{values}}}'


def plain(answer: dict[str, list[dict[str, object]]]) -> str:
    return json.dumps(answer)  # in which a row is a list again


@given(st.lists(st.lists(ROWS | st.just([]), min_size=1, max_size=3), min_size=1, max_size=3))
def test_every_answer_is_what_a_json_parser_makes_of_it(answers: list[list[list[list[object]]]]) -> None:
    lines = RowLines()
    for tabs in answers:
        content = lined(tabs)
        assert plain(lines.load(content)) == plain(json.loads(content))


def test_a_row_that_stands_there_as_before_is_the_same_object() -> None:
    lines = RowLines()
    before = lines.load(lined([[["a", 1], ["b"]], [["c"]]]))["valueRanges"]
    after = lines.load(lined([[["new"], ["a", True], ["b"]], [["c"], ["a", 1]]]))["valueRanges"]
    assert after[0]["values"][2] is before[0]["values"][1]
    assert after[1]["values"][1] is before[0]["values"][0]
    assert after[0]["values"][1] == ("a", True)
    assert after[0]["values"][1][1] is True


@pytest.mark.parametrize(
    "content", [b'{"valueRanges":[{"values":[\n["a"]', b"[1]\n[2]", b"<html>", b'[{"values":[\n["a"]\n]}]']
)
def test_what_is_no_answer_is_refused(content: bytes) -> None:
    with pytest.raises((ValueError, LookupError, TypeError)):
        RowLines().load(content)


def test_an_indented_answer_is_read_as_it_is() -> None:
    answer = {"spreadsheetId": "x", "valueRanges": [{"range": "T", "values": [["a", 1], []]}]}
    assert RowLines().load(json.dumps(answer, indent=2).encode()) == answer
