"""Deliveries on both databases: kept once, sealed, handed out in their order, read once, and erased in time."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from register import tables
from register.complaint import Channel
from register.deliveries import CLAIMED, KEPT, TAKEN_AT_ONCE, UNOPENABLE
from register.inbound import Address, Delivery, Message, Skipped, Source
from register.sealing import Keyring
from register.store import Store
from tests.builders import MOMENT

BODY = b'{"text": "uraian-tersembunyi \\u00e9", "raw": "\xff\xfe"}'
SECOND = timedelta(seconds=1)


def keep(store: Store, *keys: str, source: Source = Source.WHATSAPP) -> list[bool]:
    return [store.keep_delivery(source, key, BODY, MOMENT) for key in keys]


def claimed(store: Store, **late: float) -> Delivery:
    found = store.next_delivery(MOMENT + timedelta(**late))
    assert found
    return found


def _said(number: int = 1) -> Message:
    return Message(
        f"wamid.{number}", Address(Channel.WHATSAPP, "200000000000002", "ID.1"), MOMENT, "Bantuan belum cair."
    )


def rows(engine: sa.Engine) -> list[sa.Row]:
    with engine.connect() as connection:
        return list(connection.execute(sa.select(tables.deliveries).order_by(tables.deliveries.c.id)))


def states(engine: sa.Engine) -> list[tuple[str, str]]:
    return [(row.state, row.problem) for row in rows(engine)]


def test_the_same_delivery_is_kept_once_and_another_sources_is_another(store: Store) -> None:
    assert keep(store, "a", "a", "b") == [True, False, True]
    assert keep(store, "a", source=Source.TELEGRAM) == [True]


def test_bytes_come_back_as_they_were_and_stand_nowhere_in_the_database(store: Store, engine: sa.Engine) -> None:
    keep(store, "a")
    assert claimed(store) == Delivery(1, Source.WHATSAPP, BODY, MOMENT, attempts=1)
    (row,) = rows(engine)
    kept = b" ".join(value if isinstance(value, bytes) else str(value).encode() for value in row)
    assert b"tersembunyi" not in kept


def test_a_delivery_may_be_empty_or_large(store: Store) -> None:
    for key, body in {"none": b"", "much": b"x" * 5_000_000}.items():
        store.keep_delivery(Source.META, key, body, MOMENT)
        delivery = claimed(store)
        assert delivery.body == body
        store.ignore_delivery(delivery, "empty", MOMENT)


def test_the_oldest_is_handed_out_first_and_none_twice(store: Store) -> None:
    keep(store, "a", "b", "c")
    assert [claimed(store).id for _ in range(3)] == [1, 2, 3]
    assert store.next_delivery(MOMENT) is None


def test_only_sources_that_somebody_reads_are_handed_out(store: Store) -> None:
    keep(store, "a", source=Source.DRIVE)
    assert store.next_delivery(MOMENT, [Source.META, Source.EMAIL]) is None
    assert store.next_delivery(MOMENT, []) is None
    assert store.next_delivery(MOMENT, [Source.DRIVE])


def test_a_claim_lapses_and_what_the_late_reader_brings_is_not_taken(store: Store, engine: sa.Engine) -> None:
    keep(store, "a")
    slow = claimed(store)
    assert store.next_delivery(MOMENT + CLAIMED - SECOND) is None
    quick = store.next_delivery(MOMENT + CLAIMED)
    assert quick
    assert quick.attempts == 2
    store.delivery_later(slow, MOMENT, "late")
    store.fail_delivery(slow, "late", MOMENT)
    assert store.read_delivery(slow, [_said()], MOMENT) == 0
    assert store.read_delivery(quick, [_said(), Skipped("echo")], MOMENT) == 1
    assert store.read_delivery(quick, [_said()], MOMENT) == 0
    assert states(engine) == [("done", "")]


class _CutOff(list[Message]):
    """The program ends while the third portion is taken."""

    def __getitem__(self, wanted: Any) -> Any:
        if isinstance(wanted, slice) and wanted.start == 2 * TAKEN_AT_ONCE:
            raise KeyboardInterrupt
        return super().__getitem__(wanted)


def test_a_long_delivery_is_taken_in_portions_and_settled_once(store: Store, engine: sa.Engine) -> None:
    said = [_said(number) for number in range(2 * TAKEN_AT_ONCE + 1)]
    keep(store, "a")
    with pytest.raises(KeyboardInterrupt):
        store.read_delivery(claimed(store), _CutOff(said), MOMENT)
    assert states(engine) == [("waiting", "")]
    with engine.connect() as connection:
        count = sa.select(sa.func.count()).select_from(tables.messages)
        assert connection.execute(count).scalar_one() == 2 * TAKEN_AT_ONCE

    again = store.next_delivery(MOMENT + CLAIMED)
    assert again
    assert store.read_delivery(again, said, MOMENT + CLAIMED) == 1, "the others are known"
    assert states(engine) == [("done", "")]
    assert store.next_delivery(MOMENT + KEPT) is None


@pytest.mark.parametrize("count", [0, TAKEN_AT_ONCE, TAKEN_AT_ONCE + 1])
def test_a_delivery_is_settled_whatever_its_length(store: Store, engine: sa.Engine, count: int) -> None:
    keep(store, "a")
    assert store.read_delivery(claimed(store), [_said(number) for number in range(count)], MOMENT) == count
    assert states(engine) == [("done", "")]


def test_what_is_put_off_comes_again_and_holds_up_nothing(store: Store) -> None:
    keep(store, "a", "b")
    store.delivery_later(claimed(store), MOMENT + timedelta(minutes=5), "broken")
    assert claimed(store).id == 2
    assert claimed(store, minutes=4).id == 2, "its claim has lapsed"
    assert claimed(store, minutes=5).id == 1


def test_what_is_ignored_or_failed_is_over_and_says_why(store: Store, engine: sa.Engine) -> None:
    keep(store, "a", "b", "c")
    store.ignore_delivery(claimed(store), "bad_json", MOMENT)
    store.fail_delivery(claimed(store), "gave_up", MOMENT)
    store.finish_delivery(claimed(store), "filed", MOMENT)
    assert states(engine) == [("ignored", "bad_json"), ("failed", "gave_up"), ("done", "filed")]
    assert store.next_delivery(MOMENT + KEPT) is None
    (failed,) = store.failed_deliveries()
    assert (failed.id, failed.source, failed.received_at, failed.problem) == (2, Source.WHATSAPP, MOMENT, "gave_up")


def test_what_does_not_open_is_given_up_and_holds_up_nothing(store: Store, engine: sa.Engine) -> None:
    Store(engine, Keyring(bytes(32))).keep_delivery(Source.META, "a", BODY, MOMENT)
    keep(store, "b")
    assert claimed(store).id == 2
    assert states(engine)[0] == ("failed", UNOPENABLE)


def test_what_was_read_is_erased_in_time_and_still_known(store: Store, engine: sa.Engine) -> None:
    keep(store, "done", "ignored", "failed", "waiting")
    store.read_delivery(claimed(store), [], MOMENT)
    store.ignore_delivery(claimed(store), "echo", MOMENT)
    store.fail_delivery(claimed(store), "gave_up", MOMENT)
    assert store.erase_deliveries(MOMENT + KEPT - SECOND) == 0
    assert store.erase_deliveries(MOMENT + KEPT) == 2
    assert store.erase_deliveries(MOMENT + KEPT) == 0
    assert [(row.state, row.sealed is None, row.wrapped_key is None) for row in rows(engine)] == [
        ("erased", True, True),
        ("erased", True, True),
        ("failed", False, False),
        ("waiting", False, False),
    ]
    assert keep(store, "done", "ignored") == [False, False]


def test_threads_that_keep_at_once_keep_each_delivery_once(store: Store, engine: sa.Engine) -> None:
    """Forty deliveries, each from three threads: each is new to one of them."""
    keys = [str(number) for number in range(40)] * 3
    start = threading.Barrier(8)

    def deliver(mine: list[str]) -> list[tuple[str, bool]]:
        start.wait(10)
        return [(key, keep(store, key)[0]) for key in mine]

    with ThreadPoolExecutor(8) as threads:
        told = [each for some in threads.map(deliver, [keys[place::8] for place in range(8)]) for each in some]
    assert Counter(key for key, new in told if new) == dict.fromkeys(keys, 1)
    assert len(rows(engine)) == 40


def test_readers_at_once_share_what_waits(store: Store) -> None:
    keep(store, *map(str, range(40)))

    def work(_: int) -> list[int]:
        found = []
        while delivery := store.next_delivery(MOMENT):
            found.append(delivery.id)
            store.read_delivery(delivery, [], MOMENT)
        return found

    with ThreadPoolExecutor(4) as threads:
        seen = [number for found in threads.map(work, range(4)) for number in found]
    assert sorted(seen) == list(range(1, 41))


def test_naive_instants_are_refused(store: Store) -> None:
    naive = MOMENT.replace(tzinfo=None)
    for act in (
        lambda: store.keep_delivery(Source.META, "a", b"", naive),
        lambda: store.next_delivery(naive),
        lambda: store.erase_deliveries(naive),
    ):
        with pytest.raises(ValueError, match="aware"):
            act()
