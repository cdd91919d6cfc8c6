"""
The inbox: what channels delivered is read, oldest first, and each delivery settled by itself.

Killed anywhere, nothing is lost or doubled: a delivery is claimed before it is read, and what was read from it is
committed together with its end. What raises is tried again after a pause; one bad delivery holds up no other.
"""

import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from register.deliveries import Deliveries
from register.errors import AduanError
from register.inbound import Delivery, Message, Skipped, Source, Update

MOST_AT_ONCE = 500
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
"""After the first try that failed, the second and the third; the fourth is the last."""
INTERRUPTED = "interrupted"
"""The problem of a delivery at which the program ended again and again."""
NOTHING = "nothing"
"""Why a delivery was ignored that held no update at all."""
LONGEST_CODE = 60

Reader = Callable[[Delivery], Sequence[Update]]
Handler = Callable[[Delivery, datetime], str | Message]
_log = structlog.get_logger(__name__)


class Inbox:
    """
    The job that works off what waits. What comes from a source that nobody reads here stays where it is.

    Args:
        readers: What a delivery tells, by its source; what they do not understand they skip.
        handlers: For what is no message. They return a code for the log, or a message after all, and may be called
            again with a delivery at which the program ended, so what they do twice must be as if done once.
    """

    def __init__(self, store: Deliveries, readers: Mapping[Source, Reader], handlers: Mapping[Source, Handler]) -> None:
        self._store = store
        self._readers = readers
        self._handlers = handlers
        self._sources = (*readers, *handlers)

    def __call__(self, now: datetime) -> int:
        """One run over `MOST_AT_ONCE` deliveries at the most. Returns: how many were taken up."""
        for count in range(MOST_AT_ONCE):
            delivery = self._store.next_delivery(now, self._sources)
            if delivery is None:
                return count
            self._take_up(delivery, now)
        return MOST_AT_ONCE

    def _take_up(self, delivery: Delivery, now: datetime) -> None:
        if delivery.attempts > len(PAUSES) + 1:
            self._give_up(delivery, INTERRUPTED, now)
            return
        try:
            if delivery.source in self._readers:
                self._read(delivery, now)
            else:
                self._handle(delivery, now)
        except Exception as error:  # noqa: BLE001 - whatever one delivery does, the others go on
            self._put_off(delivery, error, now)

    def _read(self, delivery: Delivery, now: datetime) -> None:
        updates = self._readers[delivery.source](delivery)
        skipped = Counter(update.why for update in updates if isinstance(update, Skipped))
        if skipped.total() < len(updates):
            taken = self._store.read_delivery(delivery, updates, now)
            _log.info("delivery_read", **_named(delivery), taken=taken, skipped=dict(skipped))
        else:
            why = next(iter(skipped), NOTHING)
            self._store.ignore_delivery(delivery, why[:LONGEST_CODE], now)
            _log.info("delivery_ignored", **_named(delivery), why=why)

    def _handle(self, delivery: Delivery, now: datetime) -> None:
        outcome = self._handlers[delivery.source](delivery, now)
        if isinstance(outcome, Message):
            taken = self._store.read_delivery(delivery, (outcome,), now)
            _log.info("delivery_read", **_named(delivery), taken=taken)
            return
        self._store.finish_delivery(delivery, outcome[:LONGEST_CODE], now)
        _log.info("delivery_handled", **_named(delivery), outcome=outcome)

    def _put_off(self, delivery: Delivery, error: Exception, now: datetime) -> None:
        """The error's own text may quote what people wrote, so only its kind and its place are told."""
        code = error.code if isinstance(error, AduanError) else type(error).__name__
        places = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-4:]]
        if delivery.attempts > len(PAUSES):
            self._give_up(delivery, code, now, at=" > ".join(places))
            return
        again = now + PAUSES[delivery.attempts - 1]
        self._store.delivery_later(delivery, again, code[:LONGEST_CODE])
        _log.warning("delivery_put_off", **_named(delivery), problem=code, at=" > ".join(places))

    def _give_up(self, delivery: Delivery, code: str, now: datetime, **facts: str) -> None:
        self._store.fail_delivery(delivery, code[:LONGEST_CODE], now)
        _log.error("delivery_failed", **_named(delivery), problem=code, **facts)


def _named(delivery: Delivery) -> dict[str, object]:
    return {"delivery": delivery.id, "source": delivery.source.value, "attempt": delivery.attempts}
