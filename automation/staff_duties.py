"""
What an account may do besides working in the grid, by the row of the tab `Petugas` that names it in `Akun`.

Pure: the remembered configuration is handed in, so that a changed role counts from the next tick on. `admin` may do
everything, as an office begins with an empty column `Akun`.

Source: domain section 1 (who records in SOP A and B); design, decision 9.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from automation.configuration.in_force import Officer, Remembered, officers_in, restricted_accounts
from automation.reminders.people import Role, roles_in
from register.accounts import ADMIN


class Duty(StrEnum):
    """Something that not everybody of the staff may do."""

    RECORD = "record"
    """Record complaints at the desk, and key in papers."""
    FIND = "find"
    """Find complaints by ticket, number, NIK, telephone or e-mail, and print their papers."""
    OPEN = "open"
    """Know of restricted complaints, and who a confidential reporter is."""
    DISPLAY = "display"
    """Put the wall board on a screen that nobody signs in at, and take it off again."""


DUTIES: Mapping[Role, frozenset[Duty]] = {
    Role.LOKET: frozenset({Duty.RECORD, Duty.FIND}),
    Role.ADMIN: frozenset({Duty.RECORD, Duty.FIND}),
    Role.KETUA_TIM: frozenset({Duty.RECORD, Duty.FIND, Duty.DISPLAY}),
    Role.KABID: frozenset({Duty.FIND}),
    Role.KADIS: frozenset({Duty.FIND, Duty.DISPLAY}),
}
"""`OPEN` goes with the accounts that may open Register Terbatas instead (ADUAN_RESTRICTED_ROLES)."""


@dataclass(frozen=True)
class Standing:
    """Who an account is in the office; all is empty for one that `Petugas` does not name."""

    name: str = ""
    role: str = ""
    bidang: str = ""
    duties: frozenset[Duty] = frozenset()


def standing_of(account: str, remembered: Remembered | None, restricted_roles: str) -> Standing:
    """
    What `Petugas` says of an account. One that several rows name has the duties of them all.

    Args:
        account: Its username; capital letters do not matter, nor what follows an @ in `Akun`.
        remembered: The store's setting "configuration"; None before the first tick.
        restricted_roles: `ADUAN_RESTRICTED_ROLES`.
    """
    officers = officers_in(remembered)
    own = [officer for officer in officers if account and officer.username == account.casefold()]
    duties = {duty for officer in own for role in roles_in(officer.role) for duty in DUTIES[role]}
    if account.casefold() in restricted_accounts(officers, restricted_roles):
        duties.add(Duty.OPEN)
    if account == ADMIN:
        duties = set(Duty)
    first = own[0] if own else Officer("")
    return Standing(first.name, first.role, first.bidang, frozenset(duties))
