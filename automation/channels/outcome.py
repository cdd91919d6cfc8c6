"""What is known of a message after it was sent."""

from dataclasses import dataclass
from enum import StrEnum


class Result(StrEnum):
    """Whether it arrived."""

    SENT = "sent"
    REFUSED = "refused"
    """Nobody accepted it, for certain: it may be sent again."""
    UNSURE = "unsure"


@dataclass(frozen=True)
class Outcome:
    """
    What came of sending to one person.

    Args:
        problem: In Indonesian, what failed and what to do, without an address or a word of the message.
        wait_seconds: How long a server asked to be left alone.
        hopeless: Whether it is no use to send it again as it is, such as to somebody who blocked us.
        proof: The id that the channel gave the message, as the SOP's electronic proof.
        person: By what the channel knows whom it reached, if it told: the PSID behind a comment.
        unreachable: Whether the channel says that nothing reaches this person any more, until they write again.
    """

    result: Result
    problem: str = ""
    wait_seconds: int = 0
    hopeless: bool = False
    proof: str = ""
    person: str = ""
    unreachable: bool = False
