"""One message to a reporter, as it is handed to a channel's sender."""

from collections.abc import Callable
from dataclasses import dataclass, field

from automation.channels.outcome import Outcome
from automation.channels.rules import Way
from register.inbound import Address


@dataclass(frozen=True)
class Post:
    """
    One message to one person, or below one comment.

    Args:
        to: Where it goes; personal data, and so left out of `repr`, as the text is.
        text: What it says; of a template, only for those who read about it.
        way: How it goes, as `choose_way` said.
        template: Name of the channel's approved template, for `Way.TEMPLATE`.
        values: The template's body parameters, in order.
        subject: Of an e-mail.
    """

    to: Address = field(repr=False)
    text: str = field(repr=False)
    way: Way
    template: str = ""
    values: tuple[str, ...] = field(default=(), repr=False)
    subject: str = field(default="", repr=False)


Send = Callable[[Post], Outcome]
"""Sends one post; takes half a minute for each of its parts at the most, and raises nothing."""
