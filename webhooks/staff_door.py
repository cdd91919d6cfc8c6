"""What the HTTP edge is handed to know the office's staff: their accounts, their sessions, and what they may do."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from register.accounts import Account, Accounts
from register.staff_sessions import StaffSessions


@dataclass(frozen=True)
class StaffMember:
    """
    Somebody of the staff who is signed in.

    Args:
        account: The username.
        name: To be shown; `role` and `bidang` are as the tab `Petugas` has them, empty where it does not name them.
        actor: How the audit trail names them.
        records: Whether they may record complaints at the desk.
        finds: Whether they may find complaints and print their papers.
        opens: Whether they may know of restricted complaints, and who a confidential reporter is.
        displays: Whether they may put the wall board on a screen that nobody signs in at.
    """

    account: str
    name: str
    role: str = ""
    bidang: str = ""
    actor: str = "staf"
    records: bool = False
    finds: bool = False
    opens: bool = False
    displays: bool = False


class Turn(Protocol):
    """One try to sign in: whether the password may be looked at, and, to be set then, whether it was right."""

    allowed: bool
    right: bool


class Throttle(Protocol):
    """How often somebody may try to sign in."""

    def trying(self, username: str, address: str) -> AbstractContextManager[Turn]:
        """Look at a password inside, if the turn is allowed."""


@dataclass(frozen=True)
class StaffDoor:
    """
    The way in for the staff.

    Args:
        member: Who an account is, asked at every request, so that a changed role counts at once.
    """

    accounts: Accounts
    sessions: StaffSessions
    throttle: Throttle
    member: Callable[[Account], StaffMember]
