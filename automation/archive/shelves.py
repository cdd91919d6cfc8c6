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
        term: Counts the times this worker began to write anew: before each, another may have shared them otherwise.
    """

    def __init__(
        self,
        store: Store,
        access: SheetAccess,
        people: Callable[[bool], Set[str]],
        term: Callable[[], int] = lambda: 0,
    ) -> None:
        self._store = store
        self._access = access
        self._people = people
        self._term = term
        self._open: dict[str, Sheet] = {}
        self._laid_out: set[str] = set()
        self._shared: dict[str, tuple[int, Set[str]]] = {}
        """In which term each was shared, and with whom."""

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
        self._lay_out(key, sheet)
        people = self._people(key.endswith(RESTRICTED))
        if self._shared.get(key) != (self._term(), people):
            self._share(key, sheet, people)
        return sheet

    def unshared(self) -> Mapping[str, Set[str]]:
        """Those that are not shared with who may open them now, and with whom to; the restricted ones come first."""
        found: dict[str, Set[str]] = {}
        for restricted in (True, False):
            keys = sorted(key for key in self.known() if key.endswith(RESTRICTED) is restricted)
            people = self._people(restricted) if keys else frozenset()
            found |= {key: people for key in keys if self._shared.get(key) != (self._term(), people)}
        return found

    def share(self, key: str, people: Set[str]) -> None:
        """
        Have exactly these open one that there is, and only read what they could write in before this version.

        Raises: as `Sheet.read`.
        """
        sheet = self.sheet(key)
        if sheet is not None:
            self._share(key, sheet, people)
            self._lay_out(key, sheet)

    def _lay_out(self, key: str, sheet: Sheet) -> None:
        if key not in self._laid_out:
            provision_archive(sheet, self._store, {}, key)
            self._laid_out.add(key)

    def _share(self, key: str, sheet: Sheet, people: Set[str]) -> None:
        self._shared.pop(key, None)  # if it fails half-way, it is shared neither as before nor as wanted
        sheet.share(people, made=True)
        self._shared[key] = self._term(), people

    def room_for(self, key: str, rows: int) -> None:
        """See to it that so many rows have room and looks. Raises: as `Sheet.read`."""
        provision_archive(self.made(key), self._store, {REGISTER.title: rows + _SPARE_ROWS}, key)

    def _opened(self, key: str, spreadsheet_id: str) -> Sheet:
        if key not in self._open:
            self._open[key] = Sheet(replace(self._access, spreadsheet_id=spreadsheet_id, restricted_id=""))
        return self._open[key]
