"""
Rows or columns grouped so that people can fold them away.

How deep each line lies says everything: a group of depth 2 is a run of lines that lie at least two deep. So adding a
group makes its lines one deeper, deleting one makes them one shallower, and overlapping groups unite as at Google.
Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/request#AddDimensionGroupRequest
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from localsheets.errors import InvalidRequestError
from localsheets.model.anchors import AXES
from localsheets.model.box import Axis
from localsheets.model.sheet import Sheet

Json = dict[str, Any]
DEEPEST = 8
_KINDS: dict[Axis, str] = {axis: kind for kind, axis in AXES.items()}


def groups_of(sheet: Sheet, axis: Axis) -> list[Json]:
    """Google's `DimensionGroup`s of the rows or columns, as they are told to clients."""
    return sheet.kept(_KINDS[axis])


def deepen(sheet: Sheet, axis: Axis, start: int, end: int, by: int) -> None:
    """
    Add (1) or delete (-1) a group over lines `start` to before `end`.

    Raises: InvalidRequestError if no group is there, or the groups would lie too deep.
    """
    depths = _depths(groups_of(sheet, axis))
    if by < 0 and not any(depths.get(line) for line in range(start, end)):
        raise InvalidRequestError("No dimension group is present over the specified range.")
    for line in range(start, end):
        depths[line] = max(0, depths.get(line, 0) + by)
        if depths[line] > DEEPEST:
            raise InvalidRequestError(f"Dimension groups cannot be nested more than {DEEPEST} deep.")
    _rebuild(sheet, axis, depths)


def fold(sheet: Sheet, axis: Axis, start: int, end: int, depth: int, *, collapsed: bool) -> None:
    """
    Fold a group away or show it again.

    Raises: InvalidRequestError if there is no such group.
    """
    groups = groups_of(sheet, axis)
    wanted = (start, end, depth)
    if not any(_key(group) == wanted for group in groups):
        raise InvalidRequestError("No dimension group with the specified range and depth exists.")
    sheet.keep(_KINDS[axis], [_folded(g, collapsed) if _key(g) == wanted else g for g in groups])
    lines = dict(sheet.lines if axis == "ROWS" else sheet.columns)
    for line in range(start, end):
        told = {name: value for name, value in lines.get(line, {}).items() if name != "hiddenByUser"}
        told = {"pixelSize": 21 if axis == "ROWS" else 100, **told}
        lines[line] = {**told, "hiddenByUser": True} if collapsed else told
    if axis == "ROWS":
        sheet.lines = lines
    else:
        sheet.columns = lines


def normalise(sheet: Sheet) -> None:
    """Unite groups that have come to touch because the lines between them are gone."""
    for kind, axis in AXES.items():
        if sheet.kept(kind):
            _rebuild(sheet, axis, _depths(sheet.kept(kind)))


def _key(group: Json) -> tuple[int, int, int]:
    return group["range"]["startIndex"], group["range"]["endIndex"], group["depth"]


def _folded(group: Json, collapsed: bool) -> Json:
    rest = {name: value for name, value in group.items() if name != "collapsed"}
    return {**rest, "collapsed": True} if collapsed else rest


def _depths(groups: list[Json]) -> dict[int, int]:
    depths: dict[int, int] = {}
    for group in groups:
        for line in range(group["range"]["startIndex"], group["range"]["endIndex"]):
            depths[line] = depths.get(line, 0) + 1
    return depths


def _rebuild(sheet: Sheet, axis: Axis, depths: dict[int, int]) -> None:
    folded = [_key(group) for group in groups_of(sheet, axis) if group.get("collapsed")]
    spans = sorted(
        ((start, end, depth) for depth in range(1, DEEPEST + 1) for start, end in _runs(depths, depth)),
        key=lambda span: (span[0], span[2]),
    )
    groups = []
    for start, end, depth in spans:
        span = {"dimension": axis, "startIndex": start, "endIndex": end}
        group = {"range": ({"sheetId": sheet.sheet_id} if sheet.sheet_id else {}) | span, "depth": depth}
        was_folded = any(depth == d and s < end and start < e for s, e, d in folded)
        groups.append(_folded(group, was_folded))
    if groups != groups_of(sheet, axis):
        sheet.keep(_KINDS[axis], groups)


def _runs(depths: dict[int, int], depth: int) -> Iterator[tuple[int, int]]:
    lines = sorted(line for line, deep in depths.items() if deep >= depth)
    for _, run in groupby(enumerate(lines), key=lambda pair: pair[1] - pair[0]):
        members = [line for _, line in run]
        yield members[0], members[-1] + 1
