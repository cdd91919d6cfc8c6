"""
Whether anything can have changed since a tick that found nothing to do, so that an idle tick need not look again.

It can not while both registers answer that they are as they were, no event was added to the trail, and no instant has
come at which words or states change by themselves.
"""

from datetime import datetime, time, timedelta

from automation.sync.remembered import Remembered
from register.complaint import WITA
from register.store import Store

Read = tuple[object, ...]
"""What a tick starts from: both registers as read, and what was learned. Unchanged is the same object, not an equal."""
_TWICE = 2
"""Ticks in a row that must have found nothing: what one takes note of, the next may act upon."""


class Quiet:
    """Remembers the last idle tick. Forgetting is always right and costs one full tick."""

    def __init__(self, store: Store, memory: Remembered) -> None:
        self._store = store
        self._memory = memory
        self._read: Read | None = None
        self._idle = 0
        self._from = self._until = datetime.min.replace(tzinfo=WITA)

    def forget(self) -> None:
        """The next tick looks at everything."""
        self._read, self._idle = None, 0

    def holds(self, read: Read, now: datetime) -> bool:
        """Whether a tick would find nothing to do."""
        if self._read is None or self._idle < _TWICE or not self._from <= now < self._until:
            return False
        return all(map(_is, read, self._read)) and not self._memory.has_news()

    def after(self, read: Read, now: datetime, *, idle: bool) -> None:
        """
        Take note of a tick that looked at everything.

        Args:
            idle: Whether it found nothing to do, and nothing that is to be looked at again though it does not change.
        """
        self._idle = self._idle + 1 if idle else 0
        self._read, self._from = read, now
        if self._idle >= _TWICE:
            tomorrow = now.astimezone(WITA).date() + timedelta(days=1)
            midnight = datetime.combine(tomorrow, time(), WITA)
            self._until = min(midnight, self._store.next_due(now) or midnight)


def _is(one: object, other: object) -> bool:
    return one is other
