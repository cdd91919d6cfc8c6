"""
Requests about what lies over cells: charts, slicers, filter views and banded ranges.

They are kept as they are told, and given back; of these the grid draws charts (`grid/charts.py`).
Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/sheets
"""

from typing import Any

from localsheets.api.field_masks import merged
from localsheets.errors import InvalidRequestError, UnimplementedError
from localsheets.model.anchors import coordinate_json
from localsheets.model.box import box_to_json
from localsheets.model.colours import with_colours
from localsheets.model.ids import ID_NAMES, claimed_id
from localsheets.model.sheet import Sheet
from localsheets.requests.filters import checked_filter
from localsheets.requests.step import Handler, Json, Step, as_object, needed_mask, whole_number

_CHART_SIZE = {"widthPixels": 600, "heightPixels": 371}
_WORDS = {
    "charts": "embedded object",
    "slicers": "slicer",
    "filterViews": "filter view",
    "bandedRanges": "banded range",
}


def _find(step: Step, wanted: Any, *kinds: str) -> tuple[Sheet, str, Json]:
    for sheet in step.book.sheets:
        for kind in kinds:
            for thing in sheet.kept(kind):
                if thing[ID_NAMES[kind]] == wanted and not isinstance(wanted, bool):
                    return sheet, kind, thing
    raise InvalidRequestError(f"No {_WORDS[kinds[0]]} with id: {wanted}")


def _add(step: Step, sheet: Sheet, kind: str, thing: Json) -> Json:
    name = ID_NAMES[kind]
    added = {name: claimed_id(step.book, kind, thing.get(name))} | {n: v for n, v in thing.items() if n != name}
    sheet.keep(kind, [*sheet.kept(kind), added])
    told: Json = with_colours(added)
    return told


def _replace(sheet: Sheet, kind: str, old: Json, new: Json | None) -> None:
    kept = ((new if thing is old else thing) for thing in sheet.kept(kind))
    sheet.keep(kind, [thing for thing in kept if thing is not None])


def ranges_checked(step: Step, told: Any) -> Any:
    """
    A copy in which every range lies on its sheet, and is written as Google writes it.

    Raises: InvalidRequestError if one does not.
    """
    if isinstance(told, list):
        return [ranges_checked(step, item) for item in told]
    if not isinstance(told, dict):
        return told
    if any(name in told for name in ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")):
        sheet, box = step.place(told)
        return box_to_json(box, sheet.sheet_id)
    return {name: ranges_checked(step, value) for name, value in told.items()}


def _ranged(step: Step, name: str, told: Any) -> tuple[Sheet, Json]:
    """A thing that needs a `range`, with the sheet on which it lies."""
    wanted = as_object(name, told)
    sheet, box = step.place(wanted.get("range"))
    return sheet, {**ranges_checked(step, wanted), "range": box_to_json(box, sheet.sheet_id)}


def add_chart(step: Step, body: Json) -> Json:
    """A chart over the cells of a sheet."""
    wanted = as_object("chart", body.get("chart"))
    spec = _checked_spec(step, wanted.get("spec"))
    sheet, position = _position(step, wanted.get("position"), _CHART_SIZE)
    border = {"border": as_object("chart.border", wanted["border"])} if "border" in wanted else {}
    return {
        "addChart": {"chart": _add(step, sheet, "charts", {**wanted, "spec": spec, "position": position, **border})}
    }


def _checked_spec(step: Step, told: Any) -> Json:
    """What a chart shows; fewer cells that name a series than none cannot be drawn by anybody."""
    spec = as_object("spec", told)
    if not spec:
        raise InvalidRequestError("No chart specified.")
    basic = as_object("basicChart", spec.get("basicChart"))
    whole_number("basicChart.headerCount", basic.get("headerCount", 0))
    checked: Json = ranges_checked(step, spec)
    return checked


def _position(step: Step, told: Any, size: Json) -> tuple[Sheet, Json]:
    position = as_object("position", told)
    if position.get("newSheet") or "sheetId" in position:
        raise UnimplementedError("This server does not put objects on sheets of their own.")
    overlay = {**size, **as_object("overlayPosition", position.get("overlayPosition"))}
    anchor = as_object("anchorCell", overlay.get("anchorCell"))
    sheet = step.book.sheet(anchor.get("sheetId"))
    row = whole_number("rowIndex", anchor.get("rowIndex", 0))
    column = whole_number("columnIndex", anchor.get("columnIndex", 0))
    if row >= sheet.row_count or column >= sheet.column_count:
        raise InvalidRequestError("The anchor cell lies beyond the sheet.")
    for name in ("offsetXPixels", "offsetYPixels", "widthPixels", "heightPixels"):
        overlay[name] = whole_number(name, overlay.get(name, 0))
    told_overlay = {name: value for name, value in overlay.items() if value and name != "anchorCell"}
    return sheet, {"overlayPosition": {"anchorCell": coordinate_json(sheet, row, column), **told_overlay}}


def update_chart_spec(step: Step, body: Json) -> Json:
    """What a chart shows, as a whole."""
    sheet, kind, chart = _find(step, body.get("chartId"), "charts")
    spec = _checked_spec(step, body.get("spec"))
    _replace(sheet, kind, chart, {**chart, "spec": spec})
    return {}


def update_embedded_object_position(step: Step, body: Json) -> Json:
    """Where a chart or a slicer lies, and how large it is; also on another sheet."""
    sheet, kind, thing = _find(step, body.get("objectId"), "charts", "slicers")
    told = as_object("newPosition", body.get("newPosition"))
    old = thing["position"]["overlayPosition"]
    overlay = as_object("overlayPosition", told.get("overlayPosition"))
    changed = {**told, "overlayPosition": merged(old, overlay, needed_mask(body)) if overlay else old}
    to, position = _position(step, changed, {})
    moved = {**thing, "position": position}
    if to is sheet:
        _replace(sheet, kind, thing, moved)
    else:
        _replace(sheet, kind, thing, None)
        to.keep(kind, [*to.kept(kind), moved])
    return {"updateEmbeddedObjectPosition": {"position": position}}


def update_embedded_object_border(step: Step, body: Json) -> Json:
    """The border of a chart."""
    sheet, kind, thing = _find(step, body.get("objectId"), "charts")
    border = merged(thing.get("border", {}), as_object("border", body.get("border")), needed_mask(body))
    _replace(sheet, kind, thing, {**thing, "border": border})
    return {}


def delete_embedded_object(step: Step, body: Json) -> Json:
    """Take a chart or a slicer away."""
    sheet, kind, thing = _find(step, body.get("objectId"), "charts", "slicers")
    _replace(sheet, kind, thing, None)
    return {}


def add_slicer(step: Step, body: Json) -> Json:
    """A slicer over the cells of a sheet."""
    wanted = as_object("slicer", body.get("slicer"))
    spec = as_object("slicer.spec", wanted.get("spec"))
    source, _ = step.place(spec.get("dataRange"))
    sheet, position = _position(step, wanted.get("position"), {"widthPixels": 200, "heightPixels": 32})
    if source is not sheet:
        raise InvalidRequestError("A slicer must lie on the sheet whose data it filters.")
    slicer = {**wanted, "spec": ranges_checked(step, spec), "position": position}
    return {"addSlicer": {"slicer": _add(step, sheet, "slicers", slicer)}}


def update_slicer_spec(step: Step, body: Json) -> Json:
    """What a slicer filters, and how it looks."""
    sheet, kind, slicer = _find(step, body.get("slicerId"), "slicers")
    spec = merged(slicer["spec"], as_object("spec", body.get("spec")), needed_mask(body))
    step.place(spec.get("dataRange"))
    _replace(sheet, kind, slicer, {**slicer, "spec": ranges_checked(step, spec)})
    return {}


def add_banding(step: Step, body: Json) -> Json:
    """Alternating colours of rows or columns."""
    sheet, banding = _ranged(step, "bandedRange", body.get("bandedRange"))
    _check_banding(step, sheet, banding)
    return {"addBanding": {"bandedRange": _add(step, sheet, "bandedRanges", banding)}}


def _check_banding(step: Step, sheet: Sheet, banding: Json) -> None:
    if not any(as_object(name, banding.get(name)) for name in ("rowProperties", "columnProperties")):
        raise InvalidRequestError("A banded range needs rowProperties or columnProperties.")
    _, box = step.open_place(banding["range"])
    own_id = banding.get("bandedRangeId")
    for other in sheet.kept("bandedRanges"):
        if other["bandedRangeId"] != own_id and step.place(other["range"])[1].meets(box):
            raise InvalidRequestError(
                "You cannot add alternating background colors to a range that already has alternating background"
                " colors."
            )


def update_banding(step: Step, body: Json) -> Json:
    """Where colours alternate, and which."""
    told, mask = as_object("bandedRange", body.get("bandedRange")), needed_mask(body)
    sheet, kind, old = _find(step, told.get("bandedRangeId"), "bandedRanges")
    place, new = _ranged(step, "bandedRange", merged(old, told, mask) | {"bandedRangeId": old["bandedRangeId"]})
    if place is not sheet:
        raise InvalidRequestError("A banded range cannot move to another sheet.")
    _check_banding(step, sheet, new)
    _replace(sheet, kind, old, new)
    return {}


def delete_banding(step: Step, body: Json) -> Json:
    """Take alternating colours away."""
    sheet, kind, thing = _find(step, body.get("bandedRangeId"), "bandedRanges")
    step.open_place(thing["range"])
    _replace(sheet, kind, thing, None)
    return {}


def add_filter_view(step: Step, body: Json) -> Json:
    """A filter that people choose to look through; it changes nothing for others."""
    sheet, view = _ranged(step, "filter", _with_named_range(step, as_object("filter", body.get("filter"))))
    view = checked_filter({"title": _free_title(sheet), **view}, sheet)
    return {"addFilterView": {"filter": _add(step, sheet, "filterViews", view)}}


def _with_named_range(step: Step, told: Json) -> Json:
    if "namedRangeId" not in told:
        return told
    for entry in step.book.named_ranges:
        if entry["namedRangeId"] == told["namedRangeId"]:
            return {**told, "range": box_to_json(entry["box"], entry["sheetId"])}
    raise InvalidRequestError(f"No named range with id: {told['namedRangeId']}")


def _free_title(sheet: Sheet) -> str:
    titles = {view.get("title") for view in sheet.kept("filterViews")}
    number = 1
    while f"Filter {number}" in titles:
        number += 1
    return f"Filter {number}"


def update_filter_view(step: Step, body: Json) -> Json:
    """Where a filter view lies, its title, and what it shows in which order."""
    told, mask = as_object("filter", body.get("filter")), needed_mask(body)
    sheet, kind, old = _find(step, told.get("filterViewId"), "filterViews")
    if "*" not in mask and mask.keys() & {"criteria", "filterSpecs"}:
        # the two say the same: a change of one of them is a change of both
        mask = {**mask, "criteria": mask.get("criteria", {}), "filterSpecs": mask.get("filterSpecs", {})}
    new = merged(old, told, mask) | {"filterViewId": old["filterViewId"]}
    place, view = _ranged(step, "filter", _with_named_range(step, new))
    if place is not sheet:
        raise InvalidRequestError("A filter view cannot move to another sheet.")
    _replace(sheet, kind, old, checked_filter(view, sheet))
    return {}


def duplicate_filter_view(step: Step, body: Json) -> Json:
    """Another filter view like the one told."""
    sheet, kind, view = _find(step, body.get("filterId"), "filterViews")
    rest = {name: value for name, value in view.items() if name != "filterViewId"}
    copy = {**rest, "title": f"Copy of {view.get('title', '')}"}
    return {"duplicateFilterView": {"filter": _add(step, sheet, kind, copy)}}


def delete_filter_view(step: Step, body: Json) -> Json:
    """Take a filter view away."""
    sheet, kind, view = _find(step, body.get("filterId"), "filterViews")
    _replace(sheet, kind, view, None)
    return {}


HANDLERS: dict[str, Handler] = {
    "addChart": add_chart,
    "updateChartSpec": update_chart_spec,
    "updateEmbeddedObjectPosition": update_embedded_object_position,
    "updateEmbeddedObjectBorder": update_embedded_object_border,
    "deleteEmbeddedObject": delete_embedded_object,
    "addSlicer": add_slicer,
    "updateSlicerSpec": update_slicer_spec,
    "addBanding": add_banding,
    "updateBanding": update_banding,
    "deleteBanding": delete_banding,
    "addFilterView": add_filter_view,
    "updateFilterView": update_filter_view,
    "duplicateFilterView": duplicate_filter_view,
    "deleteFilterView": delete_filter_view,
}
