"""
The store: every complaint, its audit trail and the worker's memory, in one database.

A method is one transaction, and none of them talks to anything but the database. What a person wrote is sealed on the
way in and opened only where it is asked for.
"""

from typing import TYPE_CHECKING

from register.cases import Cases
from register.deliveries import Deliveries
from register.displays import Displays
from register.drafts import Drafts
from register.editions import Editions
from register.erasing import Erasing
from register.news import NewsFeed
from register.reporter_acts import ReporterActs
from register.staff_messages import StaffMessages
from register.today import Today

if TYPE_CHECKING:
    from register.transfer import Transfer


class Store(ReporterActs, Erasing, Cases, StaffMessages, NewsFeed, Deliveries, Editions):
    """Complaints over SQLAlchemy Core; the same code on SQLite and PostgreSQL."""

    @property
    def drafts(self) -> Drafts:
        """What citizens are still writing, beside the complaints."""
        return Drafts(self._engine, self._keyring)

    @property
    def transfer(self) -> "Transfer":
        """What comes from other registers, and goes to them."""
        from register.transfer import Transfer  # it is built on this class

        return Transfer(self._engine, self._keyring)

    @property
    def displays(self) -> Displays:
        """The screens that show the wall board."""
        return Displays(self._engine, self._keyring.digest)

    @property
    def today(self) -> Today:
        """The running day."""
        return Today(self._engine)

    def digest(self, *parts: str) -> str:
        """A keyed fingerprint of what stands in cells (see `Keyring.digest`)."""
        return self._keyring.digest(*parts)
