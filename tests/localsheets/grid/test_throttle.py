"""How often somebody may try to log in: guesses are slow, and nobody is kept out by somebody else's."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from localsheets.throttle import (
    CHECKED_AT_ONCE,
    FAILURES_PER_ADDRESS,
    FAILURES_PER_PAIR,
    FAILURES_PER_USERNAME,
    KNOWN_FOR,
    MOST_KEYS,
    WINDOW,
    LoginThrottle,
)

HOME = "203.0.113.7"


class Door:
    """A throttle with a clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 5, 8, tzinfo=UTC)
        self.throttle = LoginThrottle(lambda: self.now)

    def tries(self, name: str, address: str, *, right: bool = False) -> bool:
        """Whether the password was looked at."""
        with self.throttle.trying(name, address) as turn:
            turn.right = right and turn.allowed
        return turn.allowed

    def is_open(self, name: str, address: str) -> bool:
        """Whether a try would be allowed, without counting it."""
        with suppress(InterruptedError), self.throttle.trying(name, address) as turn:
            raise InterruptedError
        return turn.allowed

    def guess_from_everywhere(self, name: str) -> None:
        for number in range(FAILURES_PER_USERNAME):
            assert self.tries(name, f"198.51.100.{number}")


@pytest.fixture
def door() -> Door:
    return Door()


def test_a_pair_is_closed_and_opens_again_after_its_window(door: Door) -> None:
    assert [door.tries("Ani", HOME) for _ in range(FAILURES_PER_PAIR + 1)] == [True] * FAILURES_PER_PAIR + [False]
    assert not door.tries("ANI", HOME, right=True), "the right password does not tell itself by being let in"
    assert door.tries("ani", "203.0.113.8")
    door.now += WINDOW
    assert door.tries("ani", HOME)


def test_a_right_password_forgives_the_typing_errors_before_it(door: Door) -> None:
    for _ in range(3):
        for _ in range(FAILURES_PER_PAIR - 1):
            assert door.tries("ani", HOME)
        assert door.tries("ani", HOME, right=True)
    assert door.is_open("ani", HOME)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("203.0.113.7", "::ffff:203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("", "", True),
        ("unix:", "unix:", True),
    ],
)
def test_an_address_is_a_subscriber(door: Door, first: str, second: str, same: bool) -> None:
    for _ in range(FAILURES_PER_PAIR):
        assert door.tries("admin", first)
    assert door.is_open("admin", second) is not same


def test_nobody_is_locked_out_by_guesses_from_everywhere(door: Door) -> None:
    """A known address is as free as ever; a new one has one try, which is enough for the right password."""
    assert door.tries("admin", HOME, right=True)
    door.guess_from_everywhere("admin")
    for _ in range(FAILURES_PER_PAIR - 1):
        assert door.tries("admin", HOME)
    assert door.tries("admin", HOME, right=True)
    assert door.tries("admin", "203.0.113.8"), "one try"
    assert not door.tries("admin", "203.0.113.8"), "and no more"
    assert door.tries("admin", "203.0.113.9", right=True)
    assert door.tries("admin", "203.0.113.9"), "known by now"
    assert door.is_open("ani", "203.0.113.8"), "only this name is guessed at"


def test_a_known_address_is_forgotten_after_some_time(door: Door) -> None:
    assert door.tries("admin", HOME, right=True)
    door.now += KNOWN_FOR
    door.guess_from_everywhere("admin")
    assert door.tries("admin", HOME)
    assert not door.tries("admin", HOME)


def test_an_address_that_tries_many_names_has_to_wait(door: Door) -> None:
    assert door.tries("ani", HOME, right=True)
    for number in range(FAILURES_PER_ADDRESS):
        assert door.tries(f"name{number}", HOME)
    assert not door.tries("budi", HOME)
    assert door.tries("ani", HOME), "who logged in from there before"
    assert door.tries("budi", "203.0.113.8")


@pytest.mark.parametrize("own", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_behind_a_proxy_that_nobody_declared_only_the_name_is_closed(door: Door, own: str) -> None:
    for number in range(2 * FAILURES_PER_ADDRESS):
        assert door.tries(f"name{number}", own)
    for _ in range(FAILURES_PER_PAIR):
        assert door.tries("admin", own)
    assert not door.tries("admin", own)
    assert door.tries("ani", own, right=True)


def test_many_at_once_are_no_more_than_many_in_a_row(door: Door) -> None:
    everybody = threading.Barrier(24)

    def try_once(_number: int) -> bool:
        everybody.wait(10)
        return door.tries("admin", HOME)

    with ThreadPoolExecutor(24) as people:
        assert sum(people.map(try_once, range(24))) == FAILURES_PER_PAIR


def test_only_so_many_passwords_are_looked_at_at_once(door: Door) -> None:
    within, leave = threading.Semaphore(0), threading.Event()

    def stay(number: int) -> None:
        with door.throttle.trying("admin", f"198.51.100.{number}"):
            within.release()
            leave.wait(10)

    with ThreadPoolExecutor(CHECKED_AT_ONCE + 1) as people:
        done = [people.submit(stay, number) for number in range(CHECKED_AT_ONCE + 1)]
        entered = [within.acquire(timeout=5) for _ in range(CHECKED_AT_ONCE)]
        one_too_many = within.acquire(timeout=0.2)
        leave.set()
        for future in done:
            future.result(10)
    assert all(entered)
    assert not one_too_many


def test_an_error_is_nobodys_failure(door: Door) -> None:
    for _ in range(FAILURES_PER_PAIR + 1):
        assert door.is_open("admin", HOME)


def test_what_is_remembered_is_bounded(door: Door) -> None:
    for number in range(MOST_KEYS // 2):
        assert door.tries(f"name{number}", "127.0.0.1")
    door.now += timedelta(hours=1)
    for number in range(MOST_KEYS // 2):
        door.tries(f"other{number}", "127.0.0.1")
    assert len(door.throttle._failures) <= MOST_KEYS + 3
