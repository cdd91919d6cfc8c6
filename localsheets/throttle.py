"""How often somebody may try to log in."""

import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
FAILURES_PER_PAIR = 5
"""Failed logins for one username from one address."""
FAILURES_PER_ADDRESS = 30
FAILURES_PER_USERNAME = 50
"""High, so that nobody can lock a colleague out easily."""
MOST_KEYS = 10_000


class LoginThrottle:
    """Counts failed logins of the last 15 minutes, in memory; a restart forgets them."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._failures: dict[tuple[str, str], deque[datetime]] = {}
        self._lock = threading.Lock()

    def is_closed(self, username: str, address: str) -> bool:
        """Whether this username from this address has to wait."""
        with self._lock:
            return any(len(self._recent(key)) >= limit for key, limit in _keys(username, address))

    def note_failure(self, username: str, address: str) -> None:
        """Count one failed login."""
        with self._lock:
            if len(self._failures) > MOST_KEYS:
                self._failures = {key: times for key in list(self._failures) if (times := self._recent(key))}
            for key, limit in _keys(username, address):
                times = self._failures.setdefault(key, deque(maxlen=limit))
                times.append(self._clock())

    def note_success(self, username: str, address: str) -> None:
        """A right password forgives the typing errors before it."""
        with self._lock:
            (pair, _), *_ = _keys(username, address)
            self._failures.pop(pair, None)

    def _recent(self, key: tuple[str, str]) -> deque[datetime]:
        times = self._failures.get(key, deque())
        while times and times[0] <= self._clock() - WINDOW:
            times.popleft()
        return times


def _keys(username: str, address: str) -> list[tuple[tuple[str, str], int]]:
    name = username.casefold()[:200]
    return [
        ((name, address), FAILURES_PER_PAIR),
        (("", address), FAILURES_PER_ADDRESS),
        ((name, ""), FAILURES_PER_USERNAME),
    ]
