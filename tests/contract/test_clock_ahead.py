"""What a clock put off that was once a year ahead comes at once, in each queue; what was rightly put off does not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from automation import news_sending
from automation.channels import conversations as conversing
from automation.channels import conversing as verdicts
from automation.channels import inbox
from automation.channels import message_files as fetching
from automation.reminders import working_off
from register import deliveries, message_files, news, reporter_messages, undecided
from register.complaint import Channel
from register.inbound import Address, Media, Message, Source
from register.limits import Limit
from register.news import Draft, Told
from register.reporter_messages import MessageKind, ReporterMessage
from register.store import Store
from tests.builders import MOMENT, an_intake

AHEAD = MOMENT + timedelta(days=365)


@dataclass(frozen=True)
class Queue:
    """
    A queue with one thing in it.

    Args:
        fill: Puts it in, the clock being right.
        next: What is due at an instant, nothing or one thing.
        put_off: Puts that off until an instant.
        longest: The longest that it may be put off.
        pauses: For how long it ever is.
    """

    fill: Callable[[Store], object]
    next: Callable[[Store, datetime], Any]
    put_off: Callable[[Store, Any, datetime], object]
    longest: timedelta
    pauses: tuple[timedelta, ...]


def hear(store: Store) -> None:
    address = Address(Channel.WHATSAPP, "kantor", "orang-1")
    with store._write() as connection:
        message = Message("m1", address, MOMENT, "halo", media=(Media("x"),))
        store._take_messages(connection, [message], 7, MOMENT)


def tell_others(store: Store) -> None:
    ticket = store.accept(an_intake(), channel=Channel.WEB, now=MOMENT).complaint.ticket
    since = store.begin_news()
    draft = Draft(ticket, {"msg_1": "{}"}, Told.of(store.complaint(ticket)))
    assert store.queue_news([draft], ["a"], MOMENT, since=since, through=since)


QUEUES = {
    "deliveries": Queue(
        lambda store: store.keep_delivery(Source.META, "a", b"{}", MOMENT),
        lambda store, now: store.next_delivery(now),
        lambda store, delivery, at: store.delivery_later(delivery, at, "broken"),
        deliveries.LONGEST_PAUSE,
        (*inbox.PAUSES, deliveries.CLAIMED),
    ),
    "conversations": Queue(
        hear,
        lambda store, now: next(iter(store.conversations_to_decide(now, 10)), None),
        lambda store, deciding, at: store.conversation_later(deciding, at),
        undecided.LONGEST_PAUSE,
        (*conversing.PAUSES, verdicts.MORE_AWAITED),
    ),
    "message_files": Queue(
        hear,
        lambda store, now: next(iter(store.files_to_fetch(now, 10)), None),
        lambda store, wanted, at: store.file_later(wanted, at, "timeout"),
        message_files.LONGEST_PAUSE,
        fetching.PAUSES,
    ),
    "outbox": Queue(
        lambda store: store.queue_message(ReporterMessage(MessageKind.STATUS, conversation=1), MOMENT),
        lambda store, now: store.claim_message(now),
        lambda store, message, at: store.message_later(message, MOMENT, at, "sibuk"),
        reporter_messages.LONGEST_PAUSE,
        (*working_off.PAUSES, working_off.LONGEST_WAIT),
    ),
    "news": Queue(
        tell_others,
        lambda store, now: store.next_news("a", now),
        lambda store, piece, at: store.news_later(piece, at, MOMENT, "menjawab 500"),
        news.LONGEST_PAUSE,
        tuple(pause * 1.1 for pause in (*news_sending.PAUSES, news_sending.LONGEST_WAIT)),
    ),
}


@pytest.mark.parametrize("queue", QUEUES.values(), ids=QUEUES)
def test_what_waits_for_a_year_that_a_wrong_clock_told_is_due_now(store: Store, queue: Queue) -> None:
    assert max(queue.pauses) <= queue.longest
    queue.fill(store)
    found = queue.next(store, MOMENT)
    queue.put_off(store, found, MOMENT + queue.longest)
    assert not queue.next(store, MOMENT)
    found = queue.next(store, MOMENT + queue.longest)
    assert found
    queue.put_off(store, found, AHEAD)
    found = queue.next(store, MOMENT)
    assert found
    queue.put_off(store, found, MOMENT + timedelta(seconds=30))
    assert not queue.next(store, MOMENT)


def test_a_try_that_a_wrong_clock_counted_locks_nobody_out(store: Store) -> None:
    limit = Limit(1, (timedelta(hours=1),), timedelta(hours=1))
    assert store.take("k", limit, AHEAD) is None
    assert store.standing("k", limit, MOMENT).left == 1
    assert store.take("k", limit, MOMENT) is None
    assert store.take("k", limit, MOMENT) == MOMENT + timedelta(hours=1)
