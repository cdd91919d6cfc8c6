"""How those who wrote on channels are answered there."""

from datetime import datetime
from typing import Protocol

from register.inbound import Contact


class Contacts(Protocol):
    """Who wrote on a channel, and how they can be answered there (`register/conversations.py`)."""

    def contact_of(self, ticket: str) -> Contact | None:
        """Of the complaint's reporter; None if it did not come by a channel, or was erased."""

    def contact(self, conversation: int) -> Contact:
        """Of a conversation. Raises: AduanError if it was erased or cannot be opened."""

    def note_answered(self, conversation: int, now: datetime, *, privately: bool, person: str = "") -> None:
        """A message went there; `privately` if it was the one private reply to a comment."""

    def note_unreachable(self, conversation: int, now: datetime) -> None:
        """Nothing reaches them any more, until they write again."""
