"""The events as raw as the database gives them: whatever somebody may have put there, it can be looked at."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from register.chain import Link, day_of

PORTION = 5_000
"""Events in memory at a time."""
_TEXTS = ("ticket", "at", "kind", "actor", "public_label")
_EVENTS = sa.table("events", *map(sa.column, ("seq", *_TEXTS, "data", "sealed", "prev_hash", "hash")))
"""Without types, so that nothing is converted on the way."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """
    An event as it stands there: the hashes beside it, and the one it really has.

    `link`, `at`, `day` and `computed` are empty where it cannot be read.
    """

    seq: int
    ticket: str
    previous: bytes
    hash: bytes
    link: Link | None = None
    at: datetime | None = None
    day: date | None = None
    computed: bytes = b""

    @property
    def hashes(self) -> tuple[bytes, bytes]:
        """What the next event may refer to: if only the hash beside it was changed, its own still counts."""
        return self.hash, self.computed

    def fits(self, seq: int) -> bool:
        """Whether it would be as it was recorded, had it that number."""
        return self.link is not None and replace(self.link, seq=seq).hash(self.previous) == self.hash


def stored_events(connection: sa.Connection) -> Iterator[StoredEvent]:
    """Every event by number, a portion in memory at a time."""
    columns = [sa.cast(column, sa.Text).label("data") if column.name == "data" else column for column in _EVENTS.c]
    query = sa.select(*columns).order_by(_EVENTS.c.seq).limit(PORTION)
    portion = connection.execute(query).all()
    while portion:
        yield from map(_stored, portion)
        portion = connection.execute(query.where(_EVENTS.c.seq > portion[-1].seq)).all()


def _stored(row: sa.Row[Any]) -> StoredEvent:
    seq, ticket, at, kind, actor, label, data, sealed, previous, own = tuple(row)
    bare = StoredEvent(seq, str(ticket), _bytes(previous), _bytes(own))
    try:
        instant = datetime.fromisoformat(at)
        link = Link(seq, ticket, at, kind, actor, label, json.loads(data), sealed)
        return StoredEvent(
            seq, ticket, bare.previous, bare.hash, link, instant, day_of(instant), link.hash(bare.previous)
        )
    except (AttributeError, TypeError, ValueError, RecursionError):
        return bare


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else b""


@contextmanager
def any_text(connection: sa.Connection) -> Iterator[None]:
    """SQLite refuses to hand out text that is no UTF-8; within this it comes with replacement characters."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    before, driver.text_factory = driver.text_factory, lambda raw: raw.decode("utf-8", "replace")
    try:
        yield
    finally:
        driver.text_factory = before
