"""
What was counted a little while ago, so that a page of figures is quick however many complaints there are.

Figures hold as long as nothing new stands in the trail, and for ten minutes at most, as time alone makes things late.
What takes long to count is counted in the background, one after another, and less often: the page shows the last
figures meanwhile and says as of when they are.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as StillCountingError
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

LONGEST = timedelta(minutes=10)
PATIENCE_SECONDS = 4.0
"""How long a page waits for figures."""
_KEPT = 40
_HEAVY_SECONDS = 1.0
_REST = 20
"""What is heavy to count is left alone for so many times as long as it took: a twentieth of a processor at most."""


@dataclass(frozen=True)
class Count:
    """Something that was counted, `at` when, while `newest` was the trail's newest event; it took so many seconds."""

    value: Any
    at: datetime
    newest: int
    seconds: float

    def holds(self, now: datetime, newest: int) -> bool:
        """Whether nobody needs to count again."""
        age = now - self.at
        if timedelta() <= age < LONGEST and newest == self.newest:
            return True
        return self.seconds > _HEAVY_SECONDS and timedelta() <= age < timedelta(seconds=_REST * self.seconds)


class Counted:
    """The last counts of one process, by what was counted."""

    def __init__(self, patience: float = PATIENCE_SECONDS) -> None:
        self._patience = patience
        self._found: OrderedDict[Hashable, Count] = OrderedDict()
        self._running: dict[Hashable, Future[Count]] = {}
        self._lock = threading.Lock()
        self._turn = threading.Lock()

    def get(self, key: Hashable, count: Callable[[], Any], *, now: datetime, newest: int) -> Count | None:
        """
        What `count` gives, or gave a little while ago; None while it is still being counted for the first time.

        Raises: whatever `count` raised.
        """
        with self._lock:
            known = self._found.get(key)
            if known is not None:
                self._found.move_to_end(key)
                if known.holds(now, newest):
                    return known
            running = self._running.get(key)
            if running is None:
                running = self._running[key] = Future()
                work = threading.Thread(target=self._count, args=(key, count, now, newest, running), daemon=True)
                work.start()
        with suppress(StillCountingError):
            return running.result(timeout=self._patience)
        return known

    def _count(
        self, key: Hashable, count: Callable[[], Any], now: datetime, newest: int, running: Future[Count]
    ) -> None:
        try:
            with self._turn:
                began = monotonic()
                found = Count(count(), now, newest, monotonic() - began)
        except Exception as error:  # noqa: BLE001 - whoever waits is told, and the next one tries again
            with self._lock:
                del self._running[key]
            running.set_exception(error)
            return
        with self._lock:
            self._found[key] = found
            if len(self._found) > _KEPT:
                self._found.popitem(last=False)
            del self._running[key]
        running.set_result(found)
