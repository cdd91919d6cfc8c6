"""What is known of a message after it was sent."""

from dataclasses import dataclass
from enum import StrEnum


class Result(StrEnum):
    """Whether it arrived."""

    SENT = "sent"
    REFUSED = "refused"
    """Nobody accepted it, for certain."""
    UNSURE = "unsure"


@dataclass(frozen=True)
class Outcome:
    """
    What came of sending to one person.

    `problem` says in Indonesian which channels failed, without their addresses; `wait_seconds` is how long a server
    asked to be left alone.
    """

    result: Result
    problem: str = ""
    wait_seconds: int = 0
