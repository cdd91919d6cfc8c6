"""
How often somebody may try to log in.

Guessing has to be slow, and nobody may be kept out by somebody else's guesses. So only one name at one address is
closed hard. A name that is guessed at from everywhere stays open to its owner, with fewer tries from where they never
were before.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import NamedTuple

WINDOW = timedelta(minutes=15)
FAILURES_PER_PAIR = 5
"""Failed logins for one username from one address."""
FAILURES_PER_ADDRESS = 30
"""For any usernames. This machine's own address is spared: behind a proxy that nobody declared, everybody has it."""
FAILURES_PER_USERNAME = 50
"""From everywhere. Above it an address that is new to this username has one try in place of five."""
KNOWN_FOR = timedelta(days=30)
"""How long an address is known from which somebody logged in."""
CHECKED_AT_ONCE = 2
"""Passwords; hashing one takes a tenth of a second of a processor and 32 MB."""
MOST_KEYS = 10_000
_IPV6_HOME = 64
"""Bits of an IPv6 address that name a subscriber; the rest they choose themselves."""


@dataclass
class Turn:
    """
    One try to log in.

    Args:
        allowed: Whether the password may be looked at.
        right: To be set by whoever looked at it.
    """

    allowed: bool
    right: bool = False


class _Key(NamedTuple):
    """What failures are counted for; an empty name or address stands for any."""

    name: str
    address: str


class _Who(NamedTuple):
    pair: _Key
    name: _Key
    address: _Key | None


class LoginThrottle:
    """Counts failed logins of the last 15 minutes, in memory; a restart forgets them."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._failures: dict[_Key, deque[datetime]] = {}
        self._known: dict[_Key, datetime] = {}
        self._lock = threading.Lock()
        self._checking = threading.Semaphore(CHECKED_AT_ONCE)

    @contextmanager
    def trying(self, username: str, address: str) -> Iterator[Turn]:
        """
        Look at a password inside, if the turn is allowed, and do nothing else there: others wait for it.

        The try counts as a failure from the beginning, so that many at once are no more than many in a row, and no
        longer once it was right. An error takes it back: nobody learned anything.
        """
        who = _who(username, address)
        moment = self._take(who)
        turn = Turn(allowed=moment is not None)
        if moment is None:
            yield turn
            return
        try:
            with self._checking:
                yield turn
        except BaseException:
            self._give_back(who, moment)
            raise
        if turn.right:
            self._give_back(who, moment)
            self._remember(who.pair)

    def _take(self, who: _Who) -> datetime | None:
        """When the try was counted; None if it has to wait."""
        now = self._clock()
        with self._lock:
            if self._is_closed(who, now):
                return None
            if len(self._failures) > MOST_KEYS:
                self._failures = {key: times for key in list(self._failures) if (times := self._recent(key, now))}
            for key in filter(None, who):
                self._failures.setdefault(key, deque(maxlen=FAILURES_PER_USERNAME)).append(now)
        return now

    def _is_closed(self, who: _Who, now: datetime) -> bool:
        tries = len(self._recent(who.pair, now))
        known = who.pair in self._known and now - self._known[who.pair] < KNOWN_FOR
        if known or tries >= FAILURES_PER_PAIR:
            return tries >= FAILURES_PER_PAIR
        if who.address and len(self._recent(who.address, now)) >= FAILURES_PER_ADDRESS:
            return True
        return tries > 0 and len(self._recent(who.name, now)) >= FAILURES_PER_USERNAME

    def _give_back(self, who: _Who, moment: datetime) -> None:
        with self._lock:
            for key in filter(None, who):
                times = self._failures.get(key, deque())
                if moment in times:
                    times.remove(moment)

    def _remember(self, pair: _Key) -> None:
        """A right password forgives the typing errors before it, and makes the address known."""
        with self._lock:
            self._failures.pop(pair, None)
            self._known.pop(pair, None)
            if len(self._known) >= MOST_KEYS:
                del self._known[next(iter(self._known))]
            self._known[pair] = self._clock()

    def _recent(self, key: _Key, now: datetime) -> deque[datetime]:
        times = self._failures.get(key, deque())
        while times and times[0] <= now - WINDOW:
            times.popleft()
        return times


def _who(username: str, address: str) -> _Who:
    name = username.casefold()[:200]
    found = _parsed(address)
    home = _home(found) if found else address or "unknown"
    return _Who(_Key(name, home), _Key(name, ""), None if found and found.is_loopback else _Key("", home))


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(address)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _home(address: IPv4Address | IPv6Address) -> str:
    """The subscriber: an IPv4 address, or the part of an IPv6 one that is not for them to choose."""
    bits = _IPV6_HOME if address.version == 6 else 32
    return str(ip_network((address, bits), strict=False))
