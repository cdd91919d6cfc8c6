"""
Working off a queue of messages: claim one, send it outside any transaction, note what became of it.

It runs beside the tick, so that a server which does not answer holds up nothing but other messages. One sender at a
time, by a lease in the store: whoever holds it knows that nobody else sends, so whatever is being sent when it begins
was interrupted.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import structlog
from tenacity import RetryCallState, Retrying, wait_chain, wait_fixed, wait_random

from register.store import Store

LEASE_SECONDS = 120
MOST_AT_ONCE = 20
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))
"""Before each further attempt at what nobody accepted, at the least; after the last the message has failed."""
JITTER = 0.2
"""By how much of itself a pause may be longer, so that messages which failed together do not come back together."""
LONGEST_WAIT = timedelta(hours=6)
"""A server that asks for a longer pause is asked again by then."""

_BACK_OFF = wait_chain(*(wait_fixed(pause) + wait_random(0, pause * JITTER) for pause in PAUSES))
_Message = TypeVar("_Message")

log = structlog.get_logger()


def worn_out(attempts: int) -> bool:
    """Whether a message was tried as often as it is to be."""
    return attempts > len(PAUSES)


def pause_after(attempts: int, asked_seconds: int = 0) -> timedelta:
    """
    How long to wait after so many attempts: exponential back-off with jitter, or what a server asked for.

    Args:
        asked_seconds: How long the server wants to be left alone; 0 if it did not say.
    """
    state = RetryCallState(Retrying(), None, (), {})
    state.attempt_number = attempts
    return min(max(timedelta(seconds=_BACK_OFF(state)), timedelta(seconds=asked_seconds)), LONGEST_WAIT)


class WorkingOff(ABC, Generic[_Message]):
    """
    A job that works off one queue of the store.

    Args:
        holder: Names this program to the lease; the same after a restart with the same data folder.
        clock: Gives the present after each message, which may have taken a while.
    """

    lease: str
    """Name of the lease in the store."""

    def __init__(self, store: Store, *, holder: str, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._holder = holder
        self._clock = clock
        self._settled = False

    def __call__(self, now: datetime) -> int:
        """Send what waits. Returns: how many messages were sent or tried."""
        self.begin(now)
        for count in range(MOST_AT_ONCE):
            if self._settled and not self.waits(now):
                return count
            if not self._store.hold_lease(self.lease, self._holder, now=now, seconds=LEASE_SECONDS):
                self._settled = False
                return count
            if not self._settled:
                self._settle(now)
            message = self.claim(now)
            if message is None:
                return count
            self._settled = False  # should anything fail from here on, the next run settles it
            self.work_off(message, now)
            now = self._clock()
            self._settled = True
        return MOST_AT_ONCE

    def _settle(self, now: datetime) -> None:
        """What an earlier run left half done: nobody else sends now, so whatever is being sent is not."""
        if count := self.settle_interrupted(now):
            log.warning("messages_interrupted", queue=self.lease, count=count)
        self._settled = True

    def begin(self, now: datetime) -> None:
        """What a run needs to know."""

    @abstractmethod
    def waits(self, now: datetime) -> bool:
        """Whether `claim` would find a message. Only reads."""

    @abstractmethod
    def claim(self, now: datetime) -> _Message | None:
        """The next message whose time has come, which is being sent from here on."""

    @abstractmethod
    def settle_interrupted(self, now: datetime) -> int:
        """Settle what was being sent when a program ended. Returns: how many messages there were."""

    @abstractmethod
    def work_off(self, message: _Message, now: datetime) -> None:
        """Send one message and note what became of it."""
