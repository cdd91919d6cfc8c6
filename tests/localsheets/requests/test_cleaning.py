"""Find and replace, white space, duplicates, and rows in a random order."""

import time

import pytest

from localsheets.operations.finding import MOST_SECONDS, LongResultError, Search

from .conftest import a_range

WORDS = [["Jalan Bangau", "bangau"], [12, "=A1"]]


@pytest.mark.parametrize(
    ("body", "reply", "values"),
    [
        (
            {"find": "bangau", "replacement": "Camar"},
            {"valuesChanged": 2, "rowsChanged": 1, "sheetsChanged": 1, "occurrencesChanged": 2},
            [["Jalan Camar", "Camar"], [12, "Jalan Camar"]],
        ),
        (
            {"find": "bangau", "replacement": "x", "matchCase": True},
            {"valuesChanged": 1, "rowsChanged": 1, "sheetsChanged": 1, "occurrencesChanged": 1},
            [["Jalan Bangau", "x"], [12, "Jalan Bangau"]],
        ),
        (
            {"find": "bangau", "replacement": "", "matchEntireCell": True},
            {"valuesChanged": 1, "rowsChanged": 1, "sheetsChanged": 1, "occurrencesChanged": 1},
            [["Jalan Bangau"], [12, "Jalan Bangau"]],
        ),
        (
            {"find": "a(n)g", "replacement": "$1\\$", "searchByRegex": True, "matchCase": True},
            {"valuesChanged": 2, "rowsChanged": 1, "sheetsChanged": 1, "occurrencesChanged": 2},
            [["Jalan Bn$au", "bn$au"], [12, "Jalan Bn$au"]],
        ),
        (
            {"find": "2", "replacement": "3"},
            {"valuesChanged": 1, "rowsChanged": 1, "sheetsChanged": 1, "occurrencesChanged": 1},
            [["Jalan Bangau", "bangau"], [13, "Jalan Bangau"]],
        ),
        (
            {"find": "A1", "replacement": "B1", "includeFormulas": True},
            {"formulasChanged": 1, "rowsChanged": 1, "sheetsChanged": 1, "occurrencesChanged": 1},
            [["Jalan Bangau", "bangau"], [12, "bangau"]],
        ),
        ({"find": "tidak ada", "replacement": "x"}, {}, [["Jalan Bangau", "bangau"], [12, "Jalan Bangau"]]),
    ],
    ids=["any case", "case", "whole cells", "regex", "numbers", "formulas", "nothing"],
)
def test_texts_are_found_and_replaced(api, body, reply, values):
    api.write(WORDS)
    assert api.reply("findReplace", {**body, "allSheets": True}) == reply
    assert api.values() == values


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"find": "a", "replacement": "b"}, "Exactly one of"),
        ({"find": "a", "replacement": "b", "sheetId": 0, "allSheets": True}, "Exactly one of"),
        ({"replacement": "b", "allSheets": True}, "find must be"),
        ({"find": "(", "replacement": "b", "allSheets": True, "searchByRegex": True}, "Invalid regular expression"),
        ({"find": "(J)", "replacement": "$2", "allSheets": True, "searchByRegex": True}, "Invalid regular expression"),
    ],
)
def test_find_and_replace_refuses_nonsense(api, body, why):
    api.write(WORDS)
    assert why in api.refused("findReplace", body)


def test_texts_stay_texts(api):
    api.write([["x=1+1", "x12"], ["xTRUE", "biasa"]], option="RAW")
    assert api.reply("findReplace", {"find": "x", "replacement": "", "allSheets": True})["valuesChanged"] == 3
    assert api.values() == [["=1+1", "12"], ["TRUE", "biasa"]]
    api.write([[512]])
    api.reply("findReplace", {"find": "5", "replacement": "=7+", "allSheets": True})
    assert api.values("A1") == [["=7+12"]], "a number becomes no formula"


@pytest.mark.parametrize("by_regex", [False, True])
def test_what_comes_out_is_limited(api, by_regex):
    api.write([["a" * 1000]])
    body = {"find": "a", "replacement": "b" * 1000, "allSheets": True, "searchByRegex": by_regex}
    assert "50000 characters" in api.refused("findReplace", body)
    assert api.values() == [["a" * 1000]]


def test_all_that_comes_out_together_is_limited(monkeypatch):
    monkeypatch.setattr("localsheets.operations.finding.MOST_CHARACTERS", 100)
    for by_regex in (False, True):
        search = Search("a", "b" * 40, by_regex=by_regex)
        assert len(search.found(["a", "xa", "y"])) == 2
        with pytest.raises(LongResultError):
            search.found(["a", "xa", "ya"])


@pytest.mark.fault
@pytest.mark.alone
def test_the_pattern_process_has_little_memory(monkeypatch):
    monkeypatch.setattr("localsheets.operations.finding.MOST_CHARACTERS_IN_CELL", 10**10)
    monkeypatch.setattr("localsheets.operations.finding.MOST_CHARACTERS", 10**10)
    with pytest.raises(LongResultError):
        Search("(?=(a*))a", "$1$1", by_regex=True).found(["a" * 30_000])


@pytest.mark.fault
@pytest.mark.alone
def test_a_regular_expression_that_never_ends_is_ended(api):
    api.write([["a" * 40 + "!"]])
    began = time.monotonic()
    why = api.refused("findReplace", {"find": "(a+)+b", "replacement": "", "sheetId": 0, "searchByRegex": True})
    assert "too long" in why
    assert time.monotonic() - began < MOST_SECONDS + 3


def test_white_space_is_trimmed(api):
    api.write([["  a \n b  ", "c"], [" =1", 5]], option="RAW")
    assert api.reply("trimWhitespace", {"range": a_range("A1:B2")}) == {"cellsChangedCount": 2}
    assert api.values() == [["a b", "c"], ["=1", 5]]
    assert api.values("A2", "FORMULA") == [["=1"]]
    assert api.reply("trimWhitespace", {"range": a_range("A1:B2")}) == {}
    assert "out of bounds" in api.refused("trimWhitespace", {"range": {"endRowIndex": 9999}})


def test_duplicates_go_and_what_is_below_moves_up(api):
    api.write([["a", 1, "x"], ["A", 1, "y"], ["b", 1, "z"], ["a", 2, "w"], ["", "", ""], ["c", 1, "v"]])
    assert api.reply("deleteDuplicates", {"range": a_range("A1:B9")}) == {"duplicatesRemovedCount": 1}
    assert api.values("A1:B9") == [["a", 1], ["b", 1], ["a", 2], [], ["c", 1]]
    assert api.values("C1:C9") == [["x"], ["y"], ["z"], ["w"], [], ["v"]]
    by_second = {"comparisonColumns": [{"dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}]}
    assert api.reply("deleteDuplicates", {"range": a_range("A1:C9"), **by_second}) == {"duplicatesRemovedCount": 3}
    assert api.values() == [["a", 1, "x"], ["a", 2, "z"], ["", "", "w"]]
    beside = {"comparisonColumns": [{"dimension": "COLUMNS", "startIndex": 5, "endIndex": 6}]}
    assert "comparisonColumns" in api.refused("deleteDuplicates", {"range": a_range("A1:C9"), **beside})


def test_rows_come_in_another_order(api):
    before = [[number] for number in range(40)]
    api.write([*before, ["end"]])
    assert api.reply("randomizeRange", {"range": a_range("A1:A40")}) == {}
    after = api.values()
    assert after != [*before, ["end"]]
    assert sorted(after[:-1]) == before
    assert after[-1] == ["end"]
    api.reply("mergeCells", {"range": a_range("B1:B2"), "mergeType": "MERGE_ALL"})
    assert "vertical merges" in api.refused("randomizeRange", {"range": a_range("A1:B40")})


def test_formats_and_rules_are_sorted_along(api):
    api.write([["b"], ["a"], ["c"]])
    bold = {"cell": {"userEnteredFormat": {"textFormat": {"bold": True}}}, "fields": "userEnteredFormat.textFormat"}
    api.reply("repeatCell", {"range": a_range("A1:A2"), **bold})
    api.reply("setDataValidation", {"range": a_range("A3"), "rule": {"condition": {"type": "BOOLEAN"}}})
    api.reply("sortRange", {"range": a_range("A1:A3"), "sortSpecs": [{"sortOrder": "DESCENDING"}]})
    assert api.values() == [["c"], ["b"], ["a"]]
    assert [bool(look) for (look,) in api.cells("A1:A3", "userEnteredFormat")] == [False, True, True]
    assert api.cells("A1:A1", "dataValidation") == [[{"condition": {"type": "BOOLEAN"}}]]
    assert "sortSpec" in api.refused("sortRange", {"range": a_range("A1:A3")})
