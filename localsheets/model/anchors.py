"""
Everything that points at cells follows when cells move.

A `Move` says where a box of one sheet lies afterwards; None if nothing of it is left. What has no box of its own among
a sheet's attributes (merges, charts, filter views, groups, …) is kept in Google's JSON, and the ranges are found in it
by their form, wherever they are.
"""

from collections.abc import Callable
from typing import Any

from localsheets.formulas.following import follow
from localsheets.formulas.references import Change
from localsheets.model.book import Book
from localsheets.model.box import Axis, Box, box_from_json, box_to_json
from localsheets.model.sheet import Sheet

Json = dict[str, Any]
Move = Callable[[Box], Box | None]
THINGS = (
    "merges",
    "charts",
    "bandedRanges",
    "filterViews",
    "rowGroups",
    "columnGroups",
    "slicers",
    "developerMetadata",
)
"""The names in Google's `Sheet` under which a sheet keeps things; the metadata of its rows and columns among them."""
AXES: dict[str, Axis] = {"rowGroups": "ROWS", "columnGroups": "COLUMNS"}
_RANGE = {"sheetId", "startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"}
_SPAN = {"sheetId", "dimension", "startIndex", "endIndex"}
_VITAL = {"range", "dataRange", "dimensionRange"}
"""A thing that loses one of these has lost its place; other ranges (a chart's series) only go themselves."""


class _GoneError(Exception):
    """What a thing stands on is gone."""


def move_things(book: Book, sheet: Sheet, move: Move, *, layers: bool = True, guards: Move | None = None) -> None:
    """
    Let everything that points at cells of a sheet, from there or from other sheets, follow a move.

    Args:
        layers: Whether formats, validation and colours follow too; a carried block takes its part of them along itself.
        guards: How protected ranges move, if not as all else.
    """
    if layers:
        _move_layers(sheet, move)
    guarding = guards or move
    sheet.protections = [_with_open_boxes(entry, guarding) for entry in _all_moved(sheet.protections, guarding)]
    _move_boxes(book, sheet, move)
    for other in book.sheets:
        if not other.things:
            continue
        moved = {kind: _moved_all(things, sheet, move) for kind, things in other.things.items()}
        if other is sheet:
            moved["developerMetadata"] = [
                entry for entry in moved.get("developerMetadata", []) if entry.get("rowId") not in sheet.removed
            ]
        if moved != other.things:
            other.things = moved
            other.reshaped = True


def _move_layers(sheet: Sheet, move: Move) -> None:
    sheet.validations = _all_moved(sheet.validations, move)
    sheet.formats = _all_moved(sheet.formats, move)
    rules = [
        {**rule, "boxes": [box for box in map(move, rule["boxes"]) if box is not None]} for rule in sheet.conditions
    ]
    sheet.conditions = [rule for rule in rules if rule["boxes"]]


def _move_boxes(book: Book, sheet: Sheet, move: Move) -> None:
    if sheet.filter:
        sheet.filter = next(iter(_all_moved([_with_columns(sheet.filter, move)], move)), None)
    others = [entry for entry in book.named_ranges if entry["sheetId"] != sheet.sheet_id]
    own = [entry for entry in book.named_ranges if entry["sheetId"] == sheet.sheet_id]
    moved = {entry["namedRangeId"]: entry for entry in [*others, *_all_moved(own, move)]}
    book.named_ranges = [moved[old["namedRangeId"]] for old in book.named_ranges if old["namedRangeId"] in moved]
    sheet.reshaped = True


def _all_moved(entries: list[Json], move: Move) -> list[Json]:
    moved = ((entry, move(entry["box"])) for entry in entries)
    return [{**entry, "box": box} for entry, box in moved if box is not None]


def _with_open_boxes(protection: Json, move: Move) -> Json:
    if not protection.get("unprotectedBoxes"):
        return protection
    boxes = [box for corners in protection["unprotectedBoxes"] if (box := move(Box(*corners))) is not None]
    return {**protection, "unprotectedBoxes": [[box.top, box.bottom, box.left, box.right] for box in boxes]}


def _moved_all(things: list[Json], sheet: Sheet, move: Move) -> list[Json]:
    kept = []
    for thing in things:
        try:
            kept.append(_moved(thing, sheet, move))
        except _GoneError:
            continue
    return kept


def _moved(thing: Json, sheet: Sheet, move: Move) -> Json:
    """A thing, or a part of it, once the sheet's cells have moved."""
    if _is_range(thing):
        return _moved_range(thing, sheet, move)
    if _looks_like(thing, _SPAN, "dimension"):
        return _moved_dimension(thing, sheet, move)
    if "filterViewId" in thing and thing.get("range", {}).get("sheetId", 0) == sheet.sheet_id:
        thing = _with_columns(thing, move)
    return {name: part for name, value in thing.items() if (part := _moved_part(name, value, sheet, move)) is not None}


def _is_range(thing: Json) -> bool:
    return _looks_like(thing, _RANGE, "startRowIndex", "startColumnIndex", "endRowIndex", "endColumnIndex")


def _looks_like(thing: Json, names: set[str], *telling: str) -> bool:
    return thing.keys() <= names and any(name in thing for name in telling)


def _moved_part(name: str, value: Any, sheet: Sheet, move: Move) -> Any:
    if name == "anchorCell":
        return _moved_anchor(value, sheet, move)
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return _moved_all(value, sheet, move)
    if not isinstance(value, dict):
        return value
    try:
        return _moved(value, sheet, move)
    except _GoneError:
        if _is_range(value) and name not in _VITAL:
            return None
        raise


def _moved_range(grid_range: Json, sheet: Sheet, move: Move) -> Json:
    if grid_range.get("sheetId", 0) != sheet.sheet_id:
        return grid_range
    box = move(box_from_json(grid_range))
    if box is None:
        raise _GoneError
    return box_to_json(box, sheet.sheet_id)


def _moved_dimension(span: Json, sheet: Sheet, move: Move) -> Json:
    if span.get("sheetId", 0) != sheet.sheet_id:
        return span
    axis: Axis = span["dimension"]
    box = move(Box().with_span(axis, (span.get("startIndex", 0), span.get("endIndex"))))
    if box is None:
        raise _GoneError
    start, end = box.span(axis)
    return {**span, "startIndex": start} | ({} if end is None else {"endIndex": end})


def _moved_anchor(cell: Json, sheet: Sheet, move: Move) -> Json:
    """What floats over cells stays where it is when the cell below it goes."""
    if cell.get("sheetId", 0) != sheet.sheet_id:
        return cell
    row, column = cell.get("rowIndex", 0), cell.get("columnIndex", 0)
    box = move(Box(row, row + 1, column, column + 1)) or Box(row, None, column)
    return coordinate_json(sheet, min(box.top, sheet.row_count - 1), min(box.left, sheet.column_count - 1))


def coordinate_json(sheet: Sheet, row: int, column: int) -> Json:
    """A `GridCoordinate`; like Google it leaves zeros out."""
    cell = {"sheetId": sheet.sheet_id, "rowIndex": row, "columnIndex": column}
    return {name: number for name, number in cell.items() if number}


def _with_columns(told: Json, move: Move) -> Json:
    """A filter whose criteria and sort orders, which name columns by number, have followed."""

    def place(column: int) -> int | None:
        box = move(Box(0, None, column, column + 1))
        return None if box is None else box.left

    def renumbered(specs: list[Json], name: str) -> list[Json]:
        return [{**spec, name: after} for spec in specs if (after := place(spec.get(name, 0))) is not None]

    told = dict(told)
    if "criteria" in told:
        places = {column: place(int(column)) for column in told["criteria"]}
        told["criteria"] = {str(places[c]): rule for c, rule in told["criteria"].items() if places[c] is not None}
    for specs, name in (("filterSpecs", "columnIndex"), ("sortSpecs", "dimensionIndex")):
        if specs in told:
            told[specs] = renumbered(told[specs], name)
    return told


def forget_sheet(book: Book, sheet: Sheet) -> None:
    """Let what points at a sheet from other ones go with it."""
    book.named_ranges = [entry for entry in book.named_ranges if entry["sheetId"] != sheet.sheet_id]
    for other in book.sheets:
        if "charts" in other.things:
            other.keep("charts", [_without_sheet(chart, sheet.sheet_id) for chart in other.kept("charts")])


def _without_sheet(thing: Any, sheet_id: int) -> Any:
    if isinstance(thing, list):
        kept = [_without_sheet(item, sheet_id) for item in thing]
        return [item for item in kept if item is not None]
    if not isinstance(thing, dict):
        return thing
    if _looks_like(thing, _RANGE, *_RANGE) and thing.get("sheetId", 0) == sheet_id:
        return None
    parts = {name: _without_sheet(value, sheet_id) for name, value in thing.items()}
    return {name: part for name, part in parts.items() if part is not None}


def on_other_sheet(thing: Any, old: int, new: int) -> Any:
    """A copy of a thing that points at another sheet instead."""
    if isinstance(thing, list):
        return [on_other_sheet(item, old, new) for item in thing]
    if not isinstance(thing, dict):
        return thing
    copy = {name: on_other_sheet(value, old, new) for name, value in thing.items() if name != "sheetId"}
    points = thing.keys() <= _RANGE | {"rowIndex", "columnIndex"} or _looks_like(thing, _SPAN, "dimension")
    sheet_id = thing.get("sheetId", 0 if points else None)
    sheet_id = new if sheet_id == old else sheet_id
    return copy if not sheet_id else {"sheetId": sheet_id, **copy}


def formulas_follow(book: Book, change: Change) -> None:
    """Let the formulas in cells, and those in rules of validation and of colours, follow a change."""
    follow(book, change)
    for sheet in book.sheets:
        for name in ("validations", "conditions"):
            old = getattr(sheet, name)
            new = [_with_formulas(rule, sheet.title, change) for rule in old]
            if new != old:
                setattr(sheet, name, new)
                sheet.reshaped = True


def _with_formulas(rule: Any, title: str, change: Change) -> Any:
    if isinstance(rule, list):
        return [_with_formulas(item, title, change) for item in rule]
    if not isinstance(rule, dict):
        return rule
    told = {name: _with_formulas(value, title, change) for name, value in rule.items()}
    entered = told.get("userEnteredValue")
    if isinstance(entered, str) and entered.startswith("="):
        told["userEnteredValue"] = change(entered, title)
    return told
