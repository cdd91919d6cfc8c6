"""Puts the archive's job together: which spreadsheets, who may open them, what the worker forgets."""

from collections.abc import Callable, Set

from automation.archive.erasing import Eraser
from automation.archive.job import ArchiveJob, Archivists
from automation.archive.moving import Books, Mover
from automation.archive.shelves import Shelves
from automation.reminders.delivery import remembered_rules
from automation.worker import Lease
from commands.doctor import STAFF_DOMAIN
from commands.present import clock
from register.accounts import ADMIN
from register.opening import Opened, sheet_access
from register.settings import Settings
from register.sheet import Sheet


def archive_job(settings: Settings, opened: Opened, lease: Lease, forget: Callable[[], None]) -> ArchiveJob:
    """The job; spreadsheets are asked for only once there is something to do. `forget`: see `Eraser`."""
    rules = remembered_rules(opened.store, settings.restricted_roles)

    def people(restricted: bool) -> Set[str]:
        """At Google the addresses that tab `Petugas` names; in the embedded register everybody who can sign in."""
        configuration = rules(clock())
        if settings.google_sheet_id:
            officers = [each for each in configuration.officers.values() if "@" in each.account]
            return {
                each.account
                for each in officers
                if not restricted or each.username in configuration.restricted_accounts
            }
        names = configuration.restricted_accounts if restricted else opened.accounts.usernames()
        return {name + STAFF_DOMAIN for name in {*names, ADMIN}}

    def make() -> Archivists:
        access = sheet_access(settings)
        shelves = Shelves(opened.store, access, people)
        apart = Sheet(access.restricted) if access.restricted else None
        mover = Mover(opened.store, Books(Sheet(access), apart), shelves, lease.held)
        return Archivists(mover, Eraser(opened.store, opened, mover, shelves, forget), shelves)

    return ArchiveJob(opened.store, lease.held, make, rules, settings.data)
