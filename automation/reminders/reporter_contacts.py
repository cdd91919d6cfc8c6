"""How those who wrote on channels are answered there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from register.complaint import Channel
from register.inbound import Contact
from register.reporter_messages import ReporterMessage


class Contacts(Protocol):
    """Who wrote on a channel, and how they can be answered there (`register/conversations.py`)."""

    def contact_of(self, ticket: str) -> Contact | None:
        """Of the complaint's reporter; None if it did not come by a channel, or was erased."""

    def contact(self, conversation: int) -> Contact:
        """Of a conversation. Raises: AduanError if it was erased or cannot be opened."""

    def note_sent(
        self,
        messages: Sequence[ReporterMessage],
        conversation: int,
        now: datetime,
        *,
        channel: Channel,
        proof: str = "",
        comment: str = "",
        person: str = "",
    ) -> None:
        """These went there as one; `comment` if that was the one private reply to it."""

    def note_unreachable(self, conversation: int, now: datetime) -> None:
        """Nothing reaches them any more, until they write again."""
