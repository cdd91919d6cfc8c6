"""Who may write where: the header row and the system columns belong to one identity."""

from collections.abc import Mapping, Sequence
from typing import Any

from sheets_schema.columns import Owner, Tab
from sheets_schema.existing import Existing, Request, column_range
from sheets_schema.layout import locate

DESCRIPTION = "diisi oleh sistem aduan"
"""Marks our protected ranges; staff read it as the reason."""


def protection(tab: Tab, found: Existing, titles: Sequence[str], editor: str) -> list[Request]:
    """The header row and each run of system columns may be edited by one identity only."""
    sheet_id = found.sheet_id
    wanted = [{"sheetId": sheet_id, "startRowIndex": 0, "endRowIndex": 1}]
    wanted += [column_range(sheet_id, *run) for run in _system_runs(tab, titles)]
    ours = [item for item in found.protected if item.get("description") == DESCRIPTION]
    kept = [
        item
        for item in ours
        if _range_key(item["range"]) in {_range_key(wish) for wish in wanted}
        and editor in item.get("editors", {}).get("users", [])
    ]
    standing = {_range_key(item["range"]) for item in kept}
    requests: list[Request] = [
        {"deleteProtectedRange": {"protectedRangeId": item["protectedRangeId"]}} for item in ours if item not in kept
    ]
    requests += [
        {
            "addProtectedRange": {
                "protectedRange": {"range": wish, "description": DESCRIPTION, "editors": {"users": [editor]}}
            }
        }
        for wish in wanted
        if _range_key(wish) not in standing
    ]
    return requests


def _system_runs(tab: Tab, titles: Sequence[str]) -> list[tuple[int, int]]:
    """Neighbouring system columns as (first, end) pairs."""
    positions = locate(tab, titles).positions
    places = sorted(positions[c.key] for c in tab.columns if c.owner is Owner.SYSTEM and c.key in positions)
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
