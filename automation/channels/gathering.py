"""Which messages belong together: what one person writes in one go, in as many pieces as they like. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from automation.channels.filing import subject_of
from register.complaint import Channel
from register.sealed_messages import KeptMessage

QUIET = timedelta(minutes=2)
"""So long after the last message we take it that no more belongs to it."""
LONGEST = timedelta(minutes=10)
"""And so long we wait at most, however much somebody writes."""


def lanes(channel: Channel, messages: Sequence[KeptMessage]) -> list[list[KeptMessage]]:
    """What can belong together at all: what was written to us alone, each thread of comments, each matter of mails."""

    def lane(message: KeptMessage) -> tuple[bool, str]:
        mailed = channel in (Channel.EMAIL, Channel.GOOGLE_FORMS)
        matter = subject_of([message]).casefold() if mailed else ""
        return message.public, message.address.thread if message.public else matter

    lanes: dict[tuple[bool, str], list[KeptMessage]] = {}
    for message in messages:
        lanes.setdefault(lane(message), []).append(message)
    return list(lanes.values())


def windows(lane: Sequence[KeptMessage]) -> Iterator[tuple[KeptMessage, ...]]:
    """Messages one soon after the other, by when they were written, so that it does not matter how they came."""
    window: list[KeptMessage] = []
    for message in lane:
        if window and (message.at - window[-1].at > QUIET or message.at - window[0].at > LONGEST):
            yield tuple(window)
            window = []
        window.append(message)
    if window:
        yield tuple(window)


def rightly_timed(messages: Sequence[KeptMessage], now: datetime, long_ago: timedelta) -> list[KeptMessage]:
    """Those that came while the clock was ahead, as if they had come long ago: nothing of them is to be waited for."""
    return [
        replace(message, received_at=now - long_ago) if message.received_at > now + LONGEST else message
        for message in messages
    ]


def ready_at(window: Sequence[KeptMessage]) -> datetime:
    """From when on we take it that no more belongs to a window."""
    came = [message.received_at for message in window]
    return min(max(came) + QUIET, min(came) + LONGEST)
