"""Two that change the same conversations at once: nothing is lost, and none is turned away."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import pytest
import sqlalchemy as sa

from register import tables
from register.inbound import Means
from register.sealed_messages import GroupState
from register.store import Store
from tests.builders import MOMENT
from tests.contract.conftest import KEYRING
from tests.contract.test_conversations import PERSON, a_comment, a_message, take, texts, the_conversation, went

LONG = 20.0
"""Seconds that nobody waits for who is not stuck."""


class Halting(Store):
    """Stops once inside its transaction, after the named step, until it is told to go on."""

    def __init__(self, engine: sa.Engine, step: str) -> None:
        super().__init__(engine, KEYRING)
        self.there, self.go = threading.Event(), threading.Event()
        done = getattr(self, step)

        def halt(*args: Any, **named: Any) -> Any:
            found = done(*args, **named)
            if not self.there.is_set():
                self.there.set()
                assert self.go.wait(LONG)
            return found

        setattr(self, step, halt)


def at_once(halting: Halting, first: Callable[[], Any], then: Callable[[], Any]) -> list[Any]:
    """What both come to, where the second begins while the first is in the middle; it may have to wait for that."""
    with ThreadPoolExecutor(2) as threads:
        one = threads.submit(first)
        assert halting.there.wait(LONG)
        other = threads.submit(then)
        wait([other], timeout=0.3)  # it has finished, or it waits
        halting.go.set()
        return [one.result(LONG), other.result(LONG)]


@pytest.fixture
def two(store: Store) -> tuple[int, int]:
    """The conversations of a comment's author and of somebody who wrote privately."""
    take(store, a_comment(1, text="komentar"))
    public = the_conversation(store)
    take(store, a_message(2, "pesan"))
    (private,) = {each.conversation for each in store.conversations_to_decide(MOMENT, 10)} - {public}
    return public, private


@pytest.mark.parametrize("merging_first", [False, True])
def test_what_comes_while_two_become_one_is_kept(
    store: Store, engine: sa.Engine, two: tuple[int, int], merging_first: bool
) -> None:
    public, private = two
    halting = Halting(engine, "_take_in" if merging_first else "_insert_message")
    taker, merger = (store, halting) if merging_first else (halting, store)

    def taking() -> int:
        return take(taker, a_message(3, "tidak hilang"))

    def merging() -> None:
        went(merger, public, comment="komentar-1", person=PERSON.person)

    first, then = (merging, taking) if merging_first else (taking, merging)
    assert at_once(halting, first, then) == ([None, 1] if merging_first else [1, None])
    for number in (public, private):
        assert sorted(texts(store, number)) == ["komentar", "pesan", "tidak hilang"]
    with engine.connect() as connection:
        query = sa.select(tables.messages.c.conversation).distinct()
        assert connection.execute(query).scalars().all() == [public]


@pytest.mark.parametrize("reply_first", [False, True])
def test_a_reply_may_come_while_it_is_noted_whom_the_message_reached(
    store: Store, engine: sa.Engine, reply_first: bool
) -> None:
    take(store, a_comment(1, text="komentar"))
    public = the_conversation(store)
    halting = Halting(engine, "_name_person")
    taker, noter = (halting, store) if reply_first else (store, halting)

    def taking() -> int:
        return take(taker, a_message(2, "balasan"))

    def noting() -> None:
        went(noter, public, comment="komentar-1", person=PERSON.person)

    at_once(halting, taking, noting) if reply_first else at_once(halting, noting, taking)
    assert sorted(texts(store, public)) == ["balasan", "komentar"]
    assert [each.conversation for each in store.conversations_to_decide(MOMENT, 10)] == [public]


def test_what_is_decided_waits_for_a_delivery_that_brings_it_again(store: Store, engine: sa.Engine) -> None:
    take(store, a_message(1, "satu"))
    conversation = the_conversation(store)
    read = store.undecided_messages(conversation).messages
    halting = Halting(engine, "_keep_message")
    came, planned = at_once(
        halting,
        lambda: take(halting, a_message(2, "dua"), a_message(1, "satu")),
        lambda: store.plan_messages(conversation, read, "complaint", MOMENT),
    )
    assert came == 1
    assert planned.messages == read
    assert texts(store, conversation) == ["dua"]


def test_a_settled_group_waits_for_an_edit_of_its_message(store: Store, engine: sa.Engine) -> None:
    take(store, a_message(1, "satu"), a_message(2, "dua"))
    conversation = the_conversation(store)
    boxed = store.plan_messages(
        conversation, store.undecided_messages(conversation).messages, "box", MOMENT, state=GroupState.BOXED
    )
    assert boxed
    halting = Halting(engine, "_set_group")
    at_once(
        halting,
        lambda: halting.settle_group(boxed, MOMENT),
        lambda: take(store, a_message(2, "", means=Means.REMOVED)),
    )
    assert store.boxed_groups() == []
