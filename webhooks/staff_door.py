"""What the HTTP edge is handed to know the office's staff: their accounts, their sessions, and what they may do."""

from collections.abc import Callable
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
    """

    account: str
    name: str
    role: str = ""
    bidang: str = ""
    actor: str = "staf"
    records: bool = False
    finds: bool = False
    opens: bool = False


class Throttle(Protocol):
    """How often somebody may try to sign in."""

    def is_closed(self, username: str, address: str) -> bool:
        """Whether this username from this address has to wait."""

    def note_failure(self, username: str, address: str) -> None:
        """Count one wrong password."""

    def note_success(self, username: str, address: str) -> None:
        """A right password forgives the typing errors before it."""


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
