"""Merged cells, groups of rows or columns, borders, and widths by contents."""

import pytest

from .conftest import a_range, lines


@pytest.mark.parametrize(
    ("kind", "merges", "values"),
    [
        ("MERGE_ALL", ["A1:B2"], [["a"]]),
        ("MERGE_ROWS", ["A1:B1", "A2:B2"], [["a"], ["c"]]),
        ("MERGE_COLUMNS", ["A1:A2", "B1:B2"], [["a", "b"]]),
    ],
)
def test_merging_keeps_the_first_value(api, kind, merges, values):
    api.write([["a", "b"], ["c", "d"]])
    assert api.reply("mergeCells", {"range": a_range("A1:B2"), "mergeType": kind}) == {}
    assert api.sheet()["merges"] == [a_range(merge) for merge in merges]
    assert api.values() == values
    assert api.reply("unmergeCells", {"range": a_range("A1:C3")}) == {}
    assert "merges" not in api.sheet()


def test_merging_takes_all_of_a_merged_range_or_nothing(api):
    api.reply("mergeCells", {"range": a_range("B2:C3"), "mergeType": "MERGE_ALL"})
    why = "You must select all cells in a merged range to merge or unmerge them."
    assert api.refused("mergeCells", {"range": a_range("A1:B2"), "mergeType": "MERGE_ALL"}) == why
    assert api.refused("unmergeCells", {"range": a_range("C3:D4")}) == why
    assert "merge_type" in api.refused("mergeCells", {"range": a_range("E1:F2"), "mergeType": "MERGE_DOWN"})
    api.reply("mergeCells", {"range": a_range("A1:D4"), "mergeType": "MERGE_ALL"})
    assert api.sheet()["merges"] == [a_range("A1:D4")]


def test_a_lone_cell_is_not_merged(api):
    api.reply("mergeCells", {"range": a_range("B2"), "mergeType": "MERGE_ALL"})
    assert "merges" not in api.sheet()


COLUMNS = "COLUMNS"


@pytest.mark.parametrize(
    ("first", "second", "groups"),
    [  # as in the reference of AddDimensionGroupRequest; B is column 1
        ((2, 4), (1, 5), [(1, 5, 1), (2, 4, 2)]),
        ((1, 5), (2, 4), [(1, 5, 1), (2, 4, 2)]),
        ((1, 4), (2, 5), [(1, 5, 1), (2, 4, 2)]),
        ((1, 3), (3, 5), [(1, 5, 1)]),
        ((1, 3), (4, 5), [(1, 3, 1), (4, 5, 1)]),
        ((1, 3), (1, 3), [(1, 3, 1), (1, 3, 2)]),
    ],
    ids=["around", "within", "across", "beside", "apart", "same"],
)
def test_groups_unite_as_at_google(api, first, second, groups):
    for span in (first, second):
        reply = api.reply("addDimensionGroup", {"range": lines(COLUMNS, *span)})
    told = [{"range": lines(COLUMNS, start, end), "depth": depth} for start, end, depth in groups]
    assert reply == {"dimensionGroups": told}
    assert api.sheet()["columnGroups"] == told


def test_deleting_a_group_lifts_its_lines(api):
    for span in ((1, 5), (2, 4)):
        api.reply("addDimensionGroup", {"range": lines("ROWS", *span)})
    left = api.reply("deleteDimensionGroup", {"range": lines("ROWS", 3, 5)})["dimensionGroups"]
    assert [(g["range"]["startIndex"], g["range"]["endIndex"], g["depth"]) for g in left] == [(1, 4, 1), (2, 3, 2)]
    assert "No dimension group" in api.refused("deleteDimensionGroup", {"range": lines("ROWS", 8, 9)})
    assert api.reply("deleteDimensionGroup", {"range": lines("ROWS", 1, 4)})
    assert api.reply("deleteDimensionGroup", {"range": lines("ROWS", 2, 3)}) == {}
    assert "rowGroups" not in api.sheet()


def test_a_folded_group_hides_its_lines(api):
    api.reply("addDimensionGroup", {"range": lines("ROWS", 1, 3)})
    group = {"range": lines("ROWS", 1, 3), "depth": 1, "collapsed": True}
    assert api.reply("updateDimensionGroup", {"dimensionGroup": group, "fields": "collapsed"}) == {}
    assert api.sheet()["rowGroups"] == [group]
    hidden = [row.get("hiddenByUser", False) for row in api.get()["sheets"][0]["data"][0]["rowMetadata"][:4]]
    assert hidden == [False, True, True, False]
    api.reply("updateDimensionGroup", {"dimensionGroup": {**group, "collapsed": False}, "fields": "*"})
    assert "collapsed" not in api.sheet()["rowGroups"][0]
    wrong = {**group, "depth": 2}
    assert "No dimension group" in api.refused("updateDimensionGroup", {"dimensionGroup": wrong, "fields": "*"})


def test_groups_are_at_most_eight_deep(api):
    for _ in range(8):
        api.reply("addDimensionGroup", {"range": lines("ROWS", 0, 2)})
    assert "nested" in api.refused("addDimensionGroup", {"range": lines("ROWS", 1, 2)})


def test_groups_grow_and_unite_with_their_lines(api):
    for span in ((1, 3), (4, 6)):
        api.reply("addDimensionGroup", {"range": lines("ROWS", *span)})
    api.reply("insertDimension", {"range": lines("ROWS", 2, 4)})
    spans = [group["range"] for group in api.sheet()["rowGroups"]]
    assert spans == [lines("ROWS", 1, 5), lines("ROWS", 6, 8)]
    api.reply("deleteDimension", {"range": lines("ROWS", 5, 6)})
    assert [group["range"] for group in api.sheet()["rowGroups"]] == [lines("ROWS", 1, 7)]


def test_columns_become_as_wide_as_their_texts(api):
    api.write([["x", "a much longer text than that", ""]])
    api.reply("autoResizeDimensions", {"dimensions": lines(COLUMNS, 0, 3)})
    widths = [c["pixelSize"] for c in api.get()["sheets"][0]["data"][0]["columnMetadata"][:3]]
    assert widths[0] < widths[2] == 100 < widths[1]
    assert "dimension" in api.refused("autoResizeDimensions", {"dimensions": {}})


def test_borders_surround_a_range(api):
    solid = {"style": "SOLID"}
    body = {"range": a_range("A1:B2"), "top": solid, "left": solid, "innerHorizontal": solid}
    assert api.reply("updateBorders", body) == {}
    looks = api.cells("A1:B2", "userEnteredFormat")
    assert [sorted(look["borders"]) for look in looks[0]] == [["bottom", "left", "top"], ["bottom", "top"]]
    assert sorted(looks[1][0]["borders"]) == ["left"]
    api.reply("updateBorders", {"range": a_range("A1:B1"), "top": {"style": "NONE"}})
    assert "top" not in api.cells("A1", "userEnteredFormat")[0][0]["borders"]
    assert "style" in api.refused("updateBorders", {"range": a_range("A1"), "top": {"style": "WAVY"}})
