"""
Who may write where: the system columns belong to one identity, guarded ones to administrators as well, and our headers
warn before they are changed.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sheets_schema.columns import Column, Owner, Tab
from sheets_schema.existing import Existing, Request, column_range
from sheets_schema.layout import locate

DESCRIPTION = "diisi oleh sistem aduan"
"""Marks our protected ranges; staff read it as the reason."""
GUARDED = "hanya diisi administrator"
"""The same, of guarded columns."""
CLOSED = "arsip, hanya untuk dibaca"
"""The same, of a whole tab that people only read."""


def protection(
    tab: Tab, found: Existing, titles: Sequence[str], editor: str, admins: Sequence[str] = ()
) -> list[Request]:
    """
    System columns may be edited by one identity only; whoever edits one of our headers is warned first.

    Staff may rename a column by an alias (`locate`), so its header is not closed to them. In a tab with guarded columns
    it is, and so are the tab's name and its columns' order: whoever may change these could have cells of his own read
    in place of the guarded ones. A closed tab belongs to that one identity as a whole.
    """
    wanted = _closed(found.sheet_id, editor) if tab.closed else _parts(tab, found.sheet_id, titles, editor, admins)
    ours = [item for item in found.protected if item.get("description") in (DESCRIPTION, GUARDED, CLOSED)]
    kept = [item for item in ours if any(_serves(item, wish) for wish in wanted)]
    requests: list[Request] = [
        {"deleteProtectedRange": {"protectedRangeId": item["protectedRangeId"]}} for item in ours if item not in kept
    ]
    requests += [
        {"addProtectedRange": {"protectedRange": wish}}
        for wish in wanted
        if not any(_serves(item, wish) for item in kept)
    ]
    return requests


def _closed(sheet_id: int, editor: str) -> list[dict[str, Any]]:
    return [{"range": {"sheetId": sheet_id}, "description": CLOSED, "editors": {"users": [editor]}}]


def _parts(tab: Tab, sheet_id: int, titles: Sequence[str], editor: str, admins: Sequence[str]) -> list[dict[str, Any]]:
    wanted: list[dict[str, Any]] = [
        {"range": _header_range(sheet_id, *run), "description": DESCRIPTION, "warningOnly": True}
        for run in _runs(tab, titles, lambda _: True)
    ]
    wanted += [
        {"range": column_range(sheet_id, *run), "description": DESCRIPTION, "editors": {"users": [editor]}}
        for run in _runs(tab, titles, _is_systems)
    ]
    if any(column.guarded for column in tab.columns):
        closed = {"description": GUARDED, "editors": {"users": [editor, *admins]}}
        wanted.append({"range": {"sheetId": sheet_id}, "unprotectedRanges": [_below_header(sheet_id)], **closed})
        wanted += [{"range": column_range(sheet_id, *run), **closed} for run in _runs(tab, titles, _is_guarded)]
    return wanted


def _serves(item: Mapping[str, Any], wish: Mapping[str, Any]) -> bool:
    """Whether a standing protection closes what we want closed, to whom we want it closed."""
    editors = set(wish.get("editors", {}).get("users", []))
    return (
        _range_key(item.get("range", {})) == _range_key(wish["range"])
        and _open_in(item) == _open_in(wish)
        and item.get("warningOnly", False) == wish.get("warningOnly", False)
        and editors <= set(item.get("editors", {}).get("users", []))
    )


def _open_in(item: Mapping[str, Any]) -> list[tuple[int, int, int, int]]:
    return sorted(_range_key(grid_range) for grid_range in item.get("unprotectedRanges", []))


def _header_range(sheet_id: int, first: int, end: int) -> dict[str, int]:
    lines = {"startRowIndex": 0, "endRowIndex": 1}
    return {"sheetId": sheet_id, **lines, "startColumnIndex": first, "endColumnIndex": end}


def _below_header(sheet_id: int) -> dict[str, int]:
    return {"sheetId": sheet_id, "startRowIndex": 1}


def _is_systems(column: Column) -> bool:
    return column.owner is Owner.SYSTEM


def _is_guarded(column: Column) -> bool:
    return column.guarded


def _runs(tab: Tab, titles: Sequence[str], wanted: Callable[[Column], bool]) -> list[tuple[int, int]]:
    """Neighbouring columns among the wanted ones as (first, end) pairs."""
    positions = locate(tab, titles).positions
    places = sorted(positions[c.key] for c in tab.columns if wanted(c) and c.key in positions)
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place:
            runs[-1] = (runs[-1][0], place + 1)
        else:
            runs.append((place, place + 1))
    return runs


def _range_key(grid_range: Mapping[str, Any]) -> tuple[int, int, int, int]:
    """Rows and columns of a range; what an answer leaves out is the sheet's edge (its end counted as -1)."""
    return (
        int(grid_range.get("startRowIndex", 0)),
        int(grid_range.get("endRowIndex", -1)),
        int(grid_range.get("startColumnIndex", 0)),
        int(grid_range.get("endColumnIndex", -1)),
    )
