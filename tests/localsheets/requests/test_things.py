"""Charts, slicers, banded ranges and filter views: kept, given back, and changed."""

import pytest

from .conftest import a_range

SPEC = {
    "title": "Pengaduan",
    "basicChart": {"chartType": "COLUMN", "series": [{"series": {"sourceRange": {"sources": [a_range("B1:B9")]}}}]},
}
COLOURS = {"firstBandColor": {"red": 1.0}, "secondBandColor": {"green": 1.0}}


def overlay(row=0, column=0, **more):
    cell = {name: number for name, number in (("rowIndex", row), ("columnIndex", column)) if number}
    return {"overlayPosition": {"anchorCell": cell, **more}}


def a_chart(api, **more):
    return api.reply("addChart", {"chart": {"spec": SPEC, "position": overlay(2, 3), **more}})["chart"]


def test_a_chart_is_kept_and_given_back(api):
    chart = a_chart(api, chartId=7)
    assert chart["chartId"] == 7
    assert chart["spec"] == SPEC
    assert chart["position"] == overlay(2, 3, widthPixels=600, heightPixels=371)
    assert api.sheet()["charts"] == [chart]
    assert api.reply("updateChartSpec", {"chartId": 7, "spec": {**SPEC, "title": "Baru"}}) == {}
    assert api.sheet()["charts"][0]["spec"]["title"] == "Baru"
    assert api.reply("deleteEmbeddedObject", {"objectId": 7}) == {}
    assert "charts" not in api.sheet()


@pytest.mark.parametrize(
    ("kind", "body", "why"),
    [
        ("addChart", {"chart": {}}, "No chart specified."),
        ("addChart", {"chart": {"spec": SPEC, "position": {"newSheet": True}}}, "sheets of their own"),
        ("addChart", {"chart": {"spec": SPEC, "position": overlay(9999)}}, "beyond the sheet"),
        ("addChart", {"chart": {"spec": SPEC, "chartId": -1}}, "chartId"),
        ("updateChartSpec", {"chartId": 5, "spec": SPEC}, "No embedded object with id: 5"),
        ("deleteEmbeddedObject", {"objectId": 5}, "No embedded object with id: 5"),
        ("updateEmbeddedObjectPosition", {"objectId": 5, "newPosition": {}}, "No embedded object with id: 5"),
        ("updateEmbeddedObjectBorder", {"objectId": 5, "border": {}, "fields": "*"}, "No embedded object with id: 5"),
        ("addSlicer", {"slicer": {"spec": {"dataRange": {"endRowIndex": 9999}}}}, "out of bounds"),
        ("updateSlicerSpec", {"slicerId": 5, "spec": {}, "fields": "*"}, "No slicer with id: 5"),
        ("addBanding", {"bandedRange": {"range": a_range("A1:B9")}}, "rowProperties or columnProperties"),
        ("updateBanding", {"bandedRange": {"bandedRangeId": 5}, "fields": "*"}, "No banded range with id: 5"),
        ("deleteBanding", {"bandedRangeId": 5}, "No banded range with id: 5"),
        ("addFilterView", {"filter": {"criteria": {"x": {}}}}, "criteria"),
        ("addFilterView", {"filter": {"filterSpecs": [{"columnIndex": 99}]}}, "beyond the sheet"),
        ("addFilterView", {"filter": {"criteria": {"0": {"condition": {"type": "MOON"}}}}}, "type"),
        ("addFilterView", {"filter": {"namedRangeId": "x"}}, "No named range with id: x"),
        ("updateFilterView", {"filter": {"filterViewId": 5}, "fields": "*"}, "No filter view with id: 5"),
        ("duplicateFilterView", {"filterId": 5}, "No filter view with id: 5"),
        ("deleteFilterView", {"filterId": 5}, "No filter view with id: 5"),
        ("setBasicFilter", {"filter": {"sortSpecs": [{"sortOrder": "UP"}]}}, "sort_order"),
    ],
)
def test_refusals_say_why(api, kind, body, why):
    assert why in api.refused(kind, body)


SOURCE = {"sourceRange": {"sources": [a_range("B1:B9")]}}


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        ({}, "No chart specified."),
        ({"basicChart": None, "pieChart": None}, "No chart specified."),
        ({"basicChart": {"headerCount": -5}}, "headerCount"),
        ({"pieChart": {"series": SOURCE}, "basicChart": {}}, "oneof field 'chart' is already set"),
        ({"basicChart": {}, "histogramChart": {}}, "Cannot set 'histogramChart'"),
    ],
    ids=str,
)
def test_a_chart_that_google_would_not_take_is_refused(api, spec, why):
    assert why in api.refused("addChart", {"chart": {"spec": spec, "position": overlay()}})
    a_chart(api, chartId=7)
    assert why in api.refused("updateChartSpec", {"chartId": 7, "spec": spec})
    assert api.sheet()["charts"][0]["spec"] == SPEC


def test_a_chart_moves_also_to_another_sheet(api, book):
    chart = a_chart(api)
    body = {"objectId": chart["chartId"], "newPosition": overlay(9, widthPixels=300), "fields": "anchorCell(rowIndex)"}
    told = api.reply("updateEmbeddedObjectPosition", body)["position"]
    assert told == overlay(9, 3, widthPixels=600, heightPixels=371)
    other = book.add_worksheet("Lain", 9, 9)
    there = {"overlayPosition": {"anchorCell": {"sheetId": other.id}}}
    api.reply("updateEmbeddedObjectPosition", {"objectId": chart["chartId"], "newPosition": there, "fields": "*"})
    assert "charts" not in api.sheet()
    assert api.sheet(1)["charts"][0]["position"] == there
    border = {"colorStyle": {"rgbColor": {"red": 1}}}
    body = {"objectId": chart["chartId"], "border": border, "fields": "colorStyle"}
    assert api.reply("updateEmbeddedObjectBorder", body) == {}
    assert api.sheet(1)["charts"][0]["border"]["colorStyle"] == border["colorStyle"]


def test_charts_and_slicers_share_their_ids(api):
    spec = {"dataRange": a_range("A1:B9"), "title": "Bidang"}
    slicer = api.reply("addSlicer", {"slicer": {"slicerId": 7, "spec": spec, "position": overlay()}})["slicer"]
    assert slicer["spec"] == spec
    assert "already in use" in api.refused("addChart", {"chart": {"chartId": 7, "spec": SPEC}})
    assert api.reply("updateSlicerSpec", {"slicerId": 7, "spec": {"title": "Baru"}, "fields": "title"}) == {}
    assert api.sheet()["slicers"][0]["spec"] == {**spec, "title": "Baru"}
    api.reply("deleteEmbeddedObject", {"objectId": 7})
    assert "slicers" not in api.sheet()


def test_colours_alternate_once(api):
    told = {"bandedRange": {"range": a_range("A1:C9"), "rowProperties": COLOURS}}
    banding = api.reply("addBanding", told)["bandedRange"]
    assert banding["range"] == a_range("A1:C9")
    assert "already has alternating" in api.refused("addBanding", told)
    new = {"bandedRangeId": banding["bandedRangeId"], "range": a_range("A1:C12")}
    assert api.reply("updateBanding", {"bandedRange": new, "fields": "range"}) == {}
    (kept,) = api.sheet()["bandedRanges"]
    assert kept["range"] == a_range("A1:C12")
    assert kept["rowProperties"]["firstBandColor"] == {"red": 1}
    assert api.reply("deleteBanding", {"bandedRangeId": banding["bandedRangeId"]}) == {}
    assert "bandedRanges" not in api.sheet()


def test_filter_views_tell_their_rules_twice(api):
    criteria = {"1": {"hiddenValues": ["Selesai"]}}
    view = api.reply("addFilterView", {"filter": {"range": a_range("A1:C9"), "criteria": criteria}})["filter"]
    assert view["title"] == "Filter 1"
    assert view["criteria"] == criteria
    assert view["filterSpecs"] == [{"columnIndex": 1, "filterCriteria": criteria["1"]}]
    specs = [{"filterCriteria": {"condition": {"type": "NOT_BLANK"}}}]
    told = {"filterViewId": view["filterViewId"], "filterSpecs": specs, "title": "Terbuka"}
    assert api.reply("updateFilterView", {"filter": told, "fields": "filterSpecs,title"}) == {}
    copy = api.reply("duplicateFilterView", {"filterId": view["filterViewId"]})["filter"]
    kept = api.sheet()["filterViews"]
    assert [(v["title"], v["criteria"], v["filterSpecs"]) for v in kept] == [
        ("Terbuka", {"0": specs[0]["filterCriteria"]}, specs),
        ("Copy of Terbuka", {"0": specs[0]["filterCriteria"]}, specs),
    ]
    assert api.reply("deleteFilterView", {"filterId": copy["filterViewId"]}) == {}
    assert len(api.sheet()["filterViews"]) == 1


def test_a_filter_view_of_a_named_range(api):
    named = api.reply("addNamedRange", {"namedRange": {"name": "data", "range": a_range("B2:C9")}})["namedRange"]
    view = api.reply("addFilterView", {"filter": {"namedRangeId": named["namedRangeId"]}})["filter"]
    assert view["range"] == a_range("B2:C9")


def test_the_basic_filter_tells_its_rules_twice(api):
    rule = {"condition": {"type": "TEXT_CONTAINS", "values": [{"userEnteredValue": "a"}]}}
    told = {"range": a_range("A1:C9"), "filterSpecs": [{"columnIndex": 2, "filterCriteria": rule}]}
    assert api.reply("setBasicFilter", {"filter": told}) == {}
    assert api.sheet()["basicFilter"] == {**told, "criteria": {"2": rule}}
