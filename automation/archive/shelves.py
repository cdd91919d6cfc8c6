"""
The archive's spreadsheets: one for the complaints recorded in a year, and one for that year's restricted ones.

Which are there is remembered in the store; one is made when the first complaint goes into it.
"""

from collections.abc import Callable, Mapping, Set
from dataclasses import replace

from register.complaint import Complaint
from register.complaints import year_of
from register.laying_out import provision_archive
from register.sheet import Sheet, find_or_make
from register.sheet_access import SheetAccess
from register.store import Store
from sheets_schema.register_tab import REGISTER

REMEMBERED = "archive_shelves"
"""Setting of the store: spreadsheets' ids by key."""
RESTRICTED = ".terbatas"
_SPARE_ROWS = 50


def key_of(complaint: Complaint) -> str:
    """Which spreadsheet it goes into: "2026", or "2026.terbatas"."""
    return f"{year_of(complaint)}{RESTRICTED if complaint.restricted else ''}"


def keys_of(complaint: Complaint) -> tuple[str, str]:
    """Every spreadsheet in which a row of it may stand, as one may be restricted after it went into the other."""
    return str(year_of(complaint)), f"{year_of(complaint)}{RESTRICTED}"


def title_of(key: str) -> str:
    """What that spreadsheet is called."""
    return f"Arsip Pengaduan {'Terbatas ' if key.endswith(RESTRICTED) else ''}{key.removesuffix(RESTRICTED)}"


class Shelves:
    """
    Opens them through the gateway.

    Args:
        people: The addresses that may open a spreadsheet of the archive; asked with whether it is of restricted ones.
    """

    def __init__(self, store: Store, access: SheetAccess, people: Callable[[bool], Set[str]]) -> None:
        self._store = store
        self._access = access
        self._people = people
        self._open: dict[str, Sheet] = {}
        self._shared: dict[str, Set[str]] = {}

    def known(self) -> Mapping[str, str]:
        """Those that there are: their ids by key."""
        return dict(self._store.setting(REMEMBERED) or {})

    def sheet(self, key: str) -> Sheet | None:
        """One that was made before; None if it was not."""
        made = self.known().get(key)
        return self._opened(key, made) if made else None

    def made(self, key: str) -> Sheet:
        """That spreadsheet, made, laid out and shared if need be. Raises: as `Sheet.read`."""
        spreadsheet_id = self.known().get(key)
        if spreadsheet_id is None:
            spreadsheet_id = find_or_make(self._access, title_of(key))
            self._store.put_setting(REMEMBERED, {**self.known(), key: spreadsheet_id})
        sheet = self._opened(key, spreadsheet_id)
        if key not in self._shared:
            provision_archive(sheet, self._store, {}, key)
        people = self._people(key.endswith(RESTRICTED))
        if people != self._shared.get(key):
            sheet.share(people, made=True)
            self._shared[key] = people
        return sheet

    def room_for(self, key: str, rows: int) -> None:
        """See to it that so many rows have room and looks. Raises: as `Sheet.read`."""
        provision_archive(self.made(key), self._store, {REGISTER.title: rows + _SPARE_ROWS}, key)

    def _opened(self, key: str, spreadsheet_id: str) -> Sheet:
        if key not in self._open:
            self._open[key] = Sheet(replace(self._access, spreadsheet_id=spreadsheet_id, restricted_id=""))
        return self._open[key]
