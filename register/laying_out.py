"""
Bringing a spreadsheet to the schema: what it has is described, what it lacks is planned, and the plan is carried out.

The store remembers which columns were laid out, so that one which staff renamed or removed is not added again.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from register.sheet import Sheet
from register.store import Store
from sheets_schema.columns import Tab
from sheets_schema.existing import described
from sheets_schema.layout import locate
from sheets_schema.provisioning import TABS, plan
from sheets_schema.register_tab import ARCHIVED_REGISTER, RESTRICTED_REGISTER

_LAID_OUT = "tabs_laid_out"


def provision(
    sheet: Sheet,
    store: Store,
    used_rows: Mapping[str, int],
    *,
    tabs: Sequence[Tab] = TABS,
    remembered_as: str = _LAID_OUT,
    admins: Sequence[str] = (),
) -> int:
    """
    Bring the spreadsheet to the schema; running it twice changes nothing.

    The store remembers which columns were laid out: a column that staff renamed or removed since is not added again.

    Args:
        used_rows: Rows in use by tab title, as the last read found them; may be empty at the start.
        tabs: What the spreadsheet consists of.
        remembered_as: Under which name the store remembers what was laid out in this spreadsheet.
        admins: Addresses of those who may fill guarded columns, besides the owner.

    Returns: the number of requests that were needed. Raises: SheetUnavailableError, SheetRefusedError.
    """
    titles = [tab.title for tab in tabs]
    description = sheet.describe(titles)
    remembered = store.setting(remembered_as) or {}
    present = _laid_out(description, tabs)
    requests = plan(
        description,
        editor=sheet.identity,
        used_rows=used_rows,
        established={
            title: laid_out["columns"]
            for title, laid_out in remembered.items()
            if title in present and present[title]["sheet_id"] == laid_out["sheet_id"]  # else another tab of its name
        },
        tabs=tabs,
        admins=admins,
    )
    sheet.batch(requests)
    if any(present.get(title) != remembered.get(title) for title in titles):
        standing = _laid_out(sheet.describe(titles), tabs)
        store.put_setting(remembered_as, remembered | _complete(standing, tabs))
    return len(requests)


def provision_restricted(sheet: Sheet, store: Store, used_rows: Mapping[str, int]) -> int:
    """As `provision`, for the spreadsheet of the restricted complaints: it has the tab `Register` only."""
    return provision(sheet, store, used_rows, tabs=(RESTRICTED_REGISTER,), remembered_as=f"{_LAID_OUT}.restricted")


def provision_archive(sheet: Sheet, store: Store, used_rows: Mapping[str, int], name: str) -> int:
    """As `provision`, for a spreadsheet of the archive, remembered under its own name."""
    return provision(sheet, store, used_rows, tabs=(ARCHIVED_REGISTER,), remembered_as=f"{_LAID_OUT}.arsip.{name}")


def _laid_out(description: Mapping[str, Any], tabs: Sequence[Tab]) -> dict[str, dict[str, Any]]:
    """Of each of our tabs its id, and the keys of the columns whose headers it shows."""
    shown = {sheet["properties"]["title"]: described(sheet) for sheet in description.get("sheets", [])}
    return {
        tab.title: {
            "sheet_id": shown[tab.title].sheet_id,
            "columns": [c.key for c in tab.columns if c.header not in locate(tab, shown[tab.title].titles).missing],
        }
        for tab in tabs
        if tab.title in shown
    }


def _complete(laid_out: Mapping[str, dict[str, Any]], tabs: Sequence[Tab]) -> dict[str, dict[str, Any]]:
    """Only tabs that show every header count as laid out; one that was left alone is looked at again."""
    return {tab.title: laid_out[tab.title] for tab in tabs if len(laid_out[tab.title]["columns"]) == len(tab.columns)}
