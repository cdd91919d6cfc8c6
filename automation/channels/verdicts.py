"""What can be decided of messages, and what it is decided on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from register.complaint import Clock, Complaint
from register.sealed_messages import KeptMessage


class Deed(StrEnum):
    """What is done about messages."""

    COMPLAINT = "complaint"
    ACT = "act"
    STATUS = "status"
    BOX = "box"
    JOIN = "join"
    """Staff add them to a complaint."""
    NOTE = "note"
    """They are kept with a complaint, as nobody else may read them; also if nothing can be added to it any more."""
    DROP = "drop"
    """There is nothing in them for anybody."""


@dataclass(frozen=True)
class Plan:
    """
    What is done about some messages.

    Args:
        ticket: Of the complaint that an act or a question is about; a question with none was mistyped.
        rating: From 1 to 5 that goes with the act; 0 if none does.
        hint: For staff, why it is left to them.
    """

    deed: Deed
    messages: tuple[KeptMessage, ...]
    ticket: str = ""
    act: str = ""
    rating: int = 0
    hint: str = ""


@dataclass(frozen=True)
class Ask:
    """They are to be asked to tell more; their messages go on waiting."""


@dataclass(frozen=True)
class Wait:
    """Nothing is done before that instant, unless something comes."""

    until: datetime


@dataclass(frozen=True)
class Case:
    """
    A complaint that the conversation is about.

    Args:
        own: It came from this conversation.
        subject: As the reporter put it; empty if there is none.
        restricted: It is kept from the shared register, or will be once it is looked at; `emergency` likewise.
    """

    complaint: Complaint
    clocks: Sequence[Clock]
    own: bool = True
    restricted: bool = False
    emergency: bool = False
    subject: str = ""


Verdict = Plan | Ask | Wait | None
