"""Puts the archive's job together: which spreadsheets, who may open them, what the worker forgets."""

from collections.abc import Callable, Iterable, Set

from automation.archive.erasing import Eraser
from automation.archive.job import ArchiveJob, Archivists
from automation.archive.moving import Books, Mover
from automation.archive.shelves import Shelves
from automation.configuration.checked import entered_officers
from automation.configuration.in_force import Configuration, Officer, restricted_accounts
from automation.reminders.delivery import remembered_rules
from automation.worker import Lease
from commands.doctor import STAFF_DOMAIN
from commands.present import clock
from register.accounts import ADMIN
from register.opening import Opened, sheet_access
from register.settings import Settings
from register.sheet import Sheet
from sheets_schema.configuration_tabs import OFFICERS


class Audience:
    """
    The addresses that may open a spreadsheet of the archive; asked with whether it is of restricted complaints.

    At Google these are the ones that tab `Petugas` names; in the embedded register everybody who can sign in.

    Args:
        sheet: The register, where `Petugas` stands.
        roles: `ADUAN_RESTRICTED_ROLES`: who may open the restricted ones.
        accounts: Who can sign in; None at Google, where that is not ours to know.
    """

    def __init__(
        self,
        rules: Callable[[], Configuration],
        sheet: Sheet,
        roles: str,
        accounts: Callable[[], Set[str]] | None,
    ) -> None:
        self._rules = rules
        self._sheet = sheet
        self._roles = roles
        self._accounts = accounts
        self._entered: Set[str] | None = None
        """Those of the restricted roles, as they were last, all of them known to be entered by somebody."""

    def __call__(self, restricted: bool) -> Set[str]:
        """Raises: as `Sheet.read`; the register is read only once other accounts have the restricted roles."""
        officers = self._rules().officers.values()
        if self._accounts is None:
            return self._trusted(officers) if restricted else self._named(officers)
        names = self._trusted(officers) if restricted else self._accounts()
        return frozenset(name + STAFF_DOMAIN for name in {*names, ADMIN})

    def _trusted(self, officers: Iterable[Officer]) -> Set[str]:
        """Only what somebody entered, as for `Register Terbatas`: a formula may fill a cell that is closed to whoever
        wrote it."""
        wanted = self._with_role(officers)
        if wanted != self._entered:
            self._entered = wanted & self._with_role(entered_officers(self._sheet.entered(OFFICERS.title)))
        return self._entered

    def _with_role(self, officers: Iterable[Officer]) -> Set[str]:
        return self._named(each for each in officers if restricted_accounts([each], self._roles))

    def _named(self, officers: Iterable[Officer]) -> Set[str]:
        if self._accounts is None:
            return frozenset(each.account.strip() for each in officers if "@" in each.account)
        return frozenset(each.username for each in officers)


def archive_job(settings: Settings, opened: Opened, lease: Lease, forget: Callable[[], None]) -> ArchiveJob:
    """The job; spreadsheets are asked for only once there is something to do. `forget`: see `Eraser`."""
    rules = remembered_rules(opened.store, settings.restricted_roles)

    def make() -> Archivists:
        access = sheet_access(settings)
        sheet = Sheet(access)
        accounts = None if settings.google_sheet_id else opened.accounts.usernames
        people = Audience(lambda: rules(clock()), sheet, settings.restricted_roles, accounts)
        shelves = Shelves(opened.store, access, people, lambda: lease.term)
        apart = Sheet(access.restricted) if access.restricted else None
        mover = Mover(opened.store, Books(sheet, apart), shelves, lease.held)
        return Archivists(mover, Eraser(opened.store, opened, mover, shelves, forget), shelves)

    return ArchiveJob(opened.store, lease.held, make, rules, settings.data)
