"""The staff's way in to the public pages' process."""

from collections.abc import Callable
from datetime import datetime

import localsheets
from automation.staff_duties import Duty, standing_of
from commands.doctor import STAFF_DOMAIN
from register.accounts import Account
from register.opening import Opened
from register.settings import Settings
from webhooks.staff_door import StaffDoor, StaffMember


def staff_door(opened: Opened, settings: Settings, clock: Callable[[], datetime]) -> StaffDoor:
    """Accounts and sessions of the store, duties by the tab `Petugas`, and the throttle that the grid has too."""

    def member(account: Account) -> StaffMember:
        remembered = opened.store.setting("configuration")
        standing = standing_of(account.username, remembered, settings.restricted_roles)
        return StaffMember(
            account.username,
            standing.name or account.name,
            standing.role,
            standing.bidang,
            account.username + STAFF_DOMAIN,
            records=Duty.RECORD in standing.duties,
            finds=Duty.FIND in standing.duties,
            opens=Duty.OPEN in standing.duties,
            displays=Duty.DISPLAY in standing.duties,
        )

    return StaffDoor(opened.accounts, opened.sessions, localsheets.LoginThrottle(clock), member)
