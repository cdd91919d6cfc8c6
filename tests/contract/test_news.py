"""The queue of news, and what Open311 clients filed, are the same on both databases."""

from datetime import timedelta

import pytest

from register.changes import Change
from register.complaint import Channel, Event, EventKind, Status
from register.news import Draft, NewsState, Told
from register.store import Store
from tests.builders import MOMENT, an_intake

HOUR = timedelta(hours=1)
TOLD = Told(Status.DISPOSED, 3)


def file(store: Store, *, looked_at: bool = True) -> str:
    ticket = store.accept(an_intake(), channel=Channel.WEB, now=MOMENT).complaint.ticket
    if looked_at:
        store.commit([Change(ticket, {"step_begun_at": MOMENT}, [Event(EventKind.DISPOSED, MOMENT, "sistem")])])
    return ticket


def test_the_first_look_takes_what_there_is_for_known(store: Store) -> None:
    known, unseen = file(store), file(store, looked_at=False)
    since = store.begin_news()
    assert store.news_told([known, unseen]) == {known: Told(Status.RECEIVED, 1)}
    file(store)
    assert store.begin_news() == since, "only once"
    assert len(store.changed_since(since)[1]) == 1


def test_news_are_queued_with_what_was_told_or_not_at_all(store: Store) -> None:
    ticket, since = file(store), store.begin_news()
    draft = Draft(ticket, {"msg_1": "{}", "msg_2": "{ }"}, TOLD)
    assert store.queue_news([draft], ["a", "b"], MOMENT, since=since, through=since + 1)
    assert not store.queue_news([draft], ["a"], MOMENT, since=since, through=since + 1)
    assert store.begin_news() == since + 1
    assert store.news_told([ticket]) == {ticket: TOLD}
    with pytest.raises(Exception, match="aware"):
        store.queue_news([draft], ["c"], MOMENT.replace(tzinfo=None), since=since + 1, through=since + 2)
    assert store.begin_news() == since + 1


def test_one_thing_after_another_for_each_complaint(store: Store) -> None:
    first, second, since = file(store), file(store), store.begin_news()
    drafts = [Draft(first, {"msg_1": "satu", "msg_2": "dua"}, TOLD), Draft(second, {"msg_3": "tiga"}, TOLD)]
    assert store.queue_news(drafts, ["a", "b"], MOMENT, since=since, through=since)
    assert store.next_news("a", MOMENT - HOUR) is None

    piece = store.next_news("a", MOMENT)
    assert piece
    assert (piece.message, piece.payload, piece.ticket, piece.attempts) == ("msg_1", "satu", first, 0)
    store.news_later(piece, MOMENT + HOUR, MOMENT, "menjawab 500")
    other = store.next_news("a", MOMENT)
    assert other
    assert other.message == "msg_3", "msg_2 waits for msg_1"
    store.settle_news(other, NewsState.SENT, MOMENT)
    assert store.next_news("a", MOMENT) is None
    again = store.next_news("a", MOMENT + HOUR)
    assert again
    assert (again.message, again.attempts) == ("msg_1", 1)
    store.settle_news(again, NewsState.FAILED, MOMENT + HOUR, "menjawab 500")
    assert store.next_news("a", MOMENT + HOUR) is not None
    assert store.news_failed(MOMENT) == {"a": 1}
    assert store.news_failed(MOMENT + 2 * HOUR) == {}
    at_b = store.next_news("b", MOMENT)
    assert at_b
    assert at_b.message == "msg_1", "the other address has its own pace"


def test_addresses_come_and_go(store: Store) -> None:
    ticket, since = file(store), store.begin_news()
    store.know_addresses({"a": "a.example", "b": "b.example"})
    store.queue_news([Draft(ticket, {"msg_1": "x"}, TOLD)], ["a", "b"], MOMENT, since=since, through=since)
    store.rewrite_news([ticket], str.upper)
    store.address_is_gone("a", MOMENT)
    assert store.next_news("a", MOMENT) is None
    assert {digest: bool(known["gone"]) for digest, known in store.news_addresses().items()} == {"a": True, "b": False}
    store.know_addresses({"a": "a.example", "b": "b.example"})
    assert store.news_addresses()["a"]["gone"], "starting again does not open it"
    piece = store.next_news("b", MOMENT)
    assert piece
    assert piece.payload == "X"
    store.know_addresses({"a": "a.example"})
    assert store.next_news("b", MOMENT) is None
    store.know_addresses({})
    store.know_addresses({"a": "a.example"})
    assert store.news_addresses() == {"a": {"host": "a.example", "gone": None}}


def test_what_was_filed_with_a_key_is_found_by_it(store: Store) -> None:
    def file_with(key: str, channel: Channel = Channel.OPEN311, days: int = 0) -> str:
        now = MOMENT + timedelta(days=days)
        return store.accept(an_intake(), channel=channel, now=now, noted={"open311": key}).complaint.ticket

    first, last = file_with("k"), file_with("k", days=2)
    file_with("lain")
    file_with("k", Channel.API)
    store.accept(an_intake(), channel=Channel.OPEN311, now=MOMENT)
    store.commit([Change(first, {}, [Event(EventKind.ACT, MOMENT, "staf", {"open311": "k"})])])
    span = (MOMENT, MOMENT + timedelta(days=2))
    assert [complaint.ticket for complaint in store.filed_with("k", *span)] == [last, first]
    assert [complaint.ticket for complaint in store.filed_with("k", MOMENT, MOMENT + HOUR)] == [first]
    assert store.filed_with("", *span) == []
