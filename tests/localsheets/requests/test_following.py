"""Whatever points at cells follows them, and never off the sheet."""

import os
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localsheets import Identity
from localsheets.errors import LocalSheetsError
from localsheets.model.book import Book, new_sheet
from localsheets.model.box import Box, box_from_json
from localsheets.requests.batch import apply_requests

from .conftest import a_range, lines

OWNER = Identity("owner@kantor.test", "Pemilik")
ROWS, COLUMNS = 12, 8
CHART = {"basicChart": {"chartType": "BAR", "series": [{"series": {"sourceRange": {"sources": [a_range("B2:B4")]}}}]}}
EVERYTHING = [
    ("mergeCells", {"range": a_range("B2:C3"), "mergeType": "MERGE_ALL"}),
    ("addDimensionGroup", {"range": lines("ROWS", 1, 4)}),
    ("addDimensionGroup", {"range": lines("COLUMNS", 1, 4)}),
    (
        "addChart",
        {"chart": {"spec": CHART, "position": {"overlayPosition": {"anchorCell": {"rowIndex": 1, "columnIndex": 1}}}}},
    ),
    ("addBanding", {"bandedRange": {"range": a_range("B2:D4"), "rowProperties": {"firstBandColor": {"red": 1}}}}),
    ("addFilterView", {"filter": {"range": a_range("B2:D4"), "criteria": {"2": {"hiddenValues": ["x"]}}}}),
    ("addSlicer", {"slicer": {"spec": {"dataRange": a_range("B2:D4")}}}),
    ("setBasicFilter", {"filter": {"range": a_range("B2:D4"), "sortSpecs": [{"dimensionIndex": 2}]}}),
    ("addNamedRange", {"namedRange": {"name": "data", "range": a_range("B2:D4")}}),
    ("addProtectedRange", {"protectedRange": {"range": a_range("B2:D4")}}),
    ("setDataValidation", {"range": a_range("B2:D4"), "rule": {"condition": {"type": "BOOLEAN"}}}),
    (
        "repeatCell",
        {
            "range": a_range("B2:D4"),
            "cell": {"userEnteredFormat": {"wrapStrategy": "WRAP"}},
            "fields": "userEnteredFormat",
        },
    ),
    ("addConditionalFormatRule", {"rule": {"ranges": [a_range("B2:D4")], "gradientRule": {}}}),
    (
        "createDeveloperMetadata",
        {
            "developerMetadata": {
                "metadataKey": "r",
                "visibility": "DOCUMENT",
                "location": {"dimensionRange": lines("ROWS", 2, 3)},
            }
        },
    ),
    (
        "createDeveloperMetadata",
        {
            "developerMetadata": {
                "metadataKey": "c",
                "visibility": "DOCUMENT",
                "location": {"dimensionRange": lines("COLUMNS", 2, 3)},
            }
        },
    ),
]


def boxes_in(value: Any) -> list[Any]:
    """Every range in a sheet's JSON, in the order of the names."""
    if isinstance(value, list):
        return [box for item in value for box in boxes_in(item)]
    if not isinstance(value, dict):
        return []
    if "startRowIndex" in value or "startColumnIndex" in value:
        return [value]
    if "dimension" in value:
        return [value]
    return [box for name in sorted(value) for box in boxes_in(value[name])]


@pytest.mark.parametrize(
    ("kind", "body", "moved", "cell"),
    [
        ("insertDimension", {"range": lines("ROWS", 0, 2)}, a_range("B4:D6"), (3, 1)),
        ("insertDimension", {"range": lines("COLUMNS", 0, 2)}, a_range("D2:F4"), (1, 3)),
        ("insertDimension", {"range": lines("ROWS", 2, 3)}, a_range("B2:D5"), (1, 1)),
        ("deleteDimension", {"range": lines("ROWS", 0, 1)}, a_range("B1:D3"), (0, 1)),
        ("deleteDimension", {"range": lines("COLUMNS", 0, 1)}, a_range("A2:C4"), (1, 0)),
        ("moveDimension", {"source": lines("ROWS", 1, 4), "destinationIndex": 9}, a_range("B7:D9"), (6, 1)),
        ("moveDimension", {"source": lines("ROWS", 8, 9), "destinationIndex": 0}, a_range("B3:D5"), (2, 1)),
        ("insertRange", {"range": a_range("A1:D1"), "shiftDimension": "ROWS"}, a_range("B3:D5"), (2, 1)),
        (
            "cutPaste",
            {"source": a_range("B2:D4"), "destination": {"rowIndex": 6, "columnIndex": 4}},
            a_range("E7:G9"),
            (6, 4),
        ),
    ],
)
def test_everything_follows(api, kind, body, moved, cell):
    requests = [{kind: told} for kind, told in EVERYTHING if "Dimension" not in kind and "Metadata" not in kind]
    assert api.post(*requests).status_code == 200
    before = api.sheet()
    api.reply(kind, body)
    after = api.sheet()
    for name in ("bandedRanges", "filterViews", "slicers", "basicFilter", "protectedRanges", "conditionalFormats"):
        assert boxes_in(after[name])[0] == moved, name
        assert len(boxes_in(before[name])) == len(boxes_in(after[name])) == 1, name
    assert api.get("namedRanges")["namedRanges"][0]["range"] == moved
    assert after["charts"][0]["position"]["overlayPosition"]["anchorCell"] == {
        name: number for name, number in zip(("rowIndex", "columnIndex"), cell, strict=True) if number
    }
    marked = api.cells("A1:H12", "dataValidation")
    spots = [(row, column) for row, rules in enumerate(marked) for column, rule in enumerate(rules) if rule]
    box = box_from_json(moved)
    inserted_between = kind == "insertDimension" and body["range"]["startIndex"] == 2
    assert spots == [(r, c) for r in range(box.top, box.bottom) for c in range(box.left, box.right)] or inserted_between
    assert len(boxes_in(after["charts"])) == 1
    assert len(after["merges"]) == 1


def test_criteria_of_filters_follow_their_columns(api):
    view = {"range": a_range("A1:D9"), "criteria": {"1": {"hiddenValues": ["b"]}, "2": {"hiddenValues": ["c"]}}}
    api.reply("addFilterView", {"filter": view})
    api.reply("setBasicFilter", {"filter": view})
    api.reply("insertDimension", {"range": lines("COLUMNS", 0, 1)})
    api.reply("deleteDimension", {"range": lines("COLUMNS", 2, 3)})
    for told in (api.sheet()["filterViews"][0], api.sheet()["basicFilter"]):
        assert told["criteria"] == {"2": {"hiddenValues": ["c"]}}
        assert told["filterSpecs"] == [{"columnIndex": 2, "filterCriteria": {"hiddenValues": ["c"]}}]


def test_what_lies_on_deleted_lines_goes(api):
    assert api.post(*({kind: body} for kind, body in EVERYTHING)).status_code == 200
    api.reply("deleteDimension", {"range": lines("ROWS", 1, 4)})
    sheet = api.sheet()
    assert set(sheet) - {"properties"} == {"charts", "columnGroups"}
    assert boxes_in(sheet["charts"]) == []
    assert "namedRanges" not in api.get()


axes = st.sampled_from(["ROWS", "COLUMNS"])
small = st.integers(0, 9)


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    axis, start, size, target = draw(axes), draw(small), draw(st.integers(1, 4)), draw(small)
    span = lines(axis, start, start + size)
    box = {
        "startRowIndex": start,
        "endRowIndex": start + size,
        "startColumnIndex": target,
        "endColumnIndex": target + 2,
    }
    return draw(
        st.sampled_from(
            [
                ("insertDimension", {"range": span, "inheritFromBefore": start > 0}),
                ("deleteDimension", {"range": span}),
                ("moveDimension", {"source": span, "destinationIndex": target}),
                ("insertRange", {"range": box, "shiftDimension": axis}),
                ("deleteRange", {"range": box, "shiftDimension": axis}),
                ("cutPaste", {"source": box, "destination": {"rowIndex": target, "columnIndex": start}}),
                ("copyPaste", {"source": box, "destination": a_range("C3:F9")}),
                ("mergeCells", {"range": box, "mergeType": "MERGE_ALL"}),
                ("addDimensionGroup", {"range": span}),
                ("sortRange", {"range": box, "sortSpecs": [{"dimensionIndex": target}]}),
                (
                    "updateSheetProperties",
                    {"properties": {"gridProperties": {"rowCount": start + 1}}, "fields": "gridProperties.rowCount"},
                ),
            ]
        )
    )


def a_book() -> Book:
    book = Book(1, "b", OWNER, "", "", {"title": "t"}).draft()
    book.add_sheet(new_sheet(0, "Sheet1", rows=ROWS, columns=COLUMNS).draft(book.revision, book.new_row_id))
    rows = [{"values": [{"userEnteredValue": {"numberValue": (r * 7 + c) % 5}} for c in range(6)]} for r in range(9)]
    written = {"updateCells": {"rows": rows, "fields": "userEnteredValue"}}
    apply_requests(book, [written, *({kind: body} for kind, body in EVERYTHING)], OWNER)
    return book


def check_on_grid(book: Book) -> None:
    sheet = book.sheets[0]
    own = [entry["box"] for name in ("validations", "formats", "protections") for entry in getattr(sheet, name)]
    own += [box for rule in sheet.conditions for box in rule["boxes"]] + [entry["box"] for entry in book.named_ranges]
    own += [sheet.filter["box"]] if sheet.filter else []
    kept = boxes_in(sheet.things)
    own += [box_from_json(told) for told in kept if "dimension" not in told]
    own += [
        Box().with_span(told["dimension"], (told["startIndex"], told["endIndex"]))
        for told in kept
        if "dimension" in told
    ]
    for box in own:
        closed = sheet.clip(box)
        assert (box.bottom, box.right) in {
            (bottom, right) for bottom in (None, closed.bottom) for right in (None, closed.right)
        }
        assert closed.top < closed.bottom, box
        assert closed.left < closed.right, box
    merges = [box_from_json(told) for told in sheet.kept("merges")]
    assert not any(one.meets(two) for i, one in enumerate(merges) for two in merges[:i])
    for row in sheet.rows:
        assert len(row.cells) <= sheet.column_count
    assert len(sheet.rows) <= sheet.row_count
    assert len({row.row_id for row in sheet.rows}) == len(sheet.rows)
    assert [row.key for row in sheet.rows] == sorted({row.key for row in sheet.rows})


@settings(max_examples=3000 if os.environ.get("ADUAN_TEST_SCALE") == "full" else 150, deadline=None)
@given(st.lists(changes(), min_size=1, max_size=8))
def test_nothing_ever_points_off_the_sheet(told):
    book = a_book()
    for kind, body in told:
        draft = book.draft()
        try:
            apply_requests(draft, [{kind: body}], OWNER)
        except LocalSheetsError:
            continue
        book = draft.sealed()
        check_on_grid(book)
