"""
What outside channels delivered, kept raw and sealed before anybody reads it, until it is read, once.

A delivery is committed before its sender gets an answer; the same one twice is one. Each is sealed with a key of its
own, which is destroyed `KEPT` after it was read (UU 27/2022): what remains is that it was here.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from register import tables
from register.due import is_due
from register.errors import KeyFileError
from register.inbound import Delivery, Source, Update
from register.memory import check_aware
from register.message_files import MessageFiles
from register.sealing import Keyring
from register.together import Together

KEPT = timedelta(days=30)
"""From when it was read until it is erased. What could not be read stays, to be looked into."""
LONGEST_PAUSE = timedelta(hours=1)
"""No reader puts a delivery off for longer."""
CLAIMED = timedelta(minutes=1)
"""How long a claim holds: a delivery whose reader was killed is handed out again after it."""
TAKEN_AT_ONCE = 100
"""Updates of a delivery that are taken in one transaction."""
UNOPENABLE = "unopenable"
"""The problem of a delivery that was sealed with another key file, or was changed."""
_PURPOSE = "delivery"
_TABLE = tables.deliveries


class DeliveryState(StrEnum):
    """How far a delivery is."""

    WAITING = "waiting"
    DONE = "done"
    IGNORED = "ignored"
    """Kept raw, with nothing in it for us; its problem says why."""
    FAILED = "failed"
    """Given up; its problem says why."""
    ERASED = "erased"


@dataclass(frozen=True)
class FailedDelivery:
    """A delivery that was given up: when it came, and the code of what was wrong with it."""

    id: int
    source: Source
    received_at: datetime
    problem: str


class Deliveries(MessageFiles):
    """
    Deliveries in the order in which they came. A claim counts as a try, and whoever has it settles the delivery; if the
    claim lapsed and somebody else has it by now, settling does nothing.
    """

    def __init__(self, engine: sa.Engine, keyring: Keyring) -> None:
        super().__init__(engine, keyring)
        self._keep = Together(self._keep_all)
        insert = self._insert(_TABLE).on_conflict_do_nothing()
        self._kept_once = insert.returning(_TABLE.c.source, _TABLE.c.digest)

    def keep_delivery(self, source: Source, key: str, body: bytes, now: datetime) -> bool:
        """
        Commit a delivery, durably, before this returns; several threads' go into one transaction.

        Args:
            key: What tells it from every other of its source, such as the SHA-256 of its bytes.

        Returns: whether it is new; False if it was kept before, even if it is erased by now.
        Raises: ValueError for a naive instant.
        """
        check_aware(now)
        digest = self._keyring.digest("delivery", source.value, key)
        holder = _holder(digest)
        wrapped = self._keyring.new_wrapped_key(holder)
        return self._keep(
            {
                "source": source.value,
                "digest": digest,
                "state": DeliveryState.WAITING.value,
                "received_at": now,
                "due_at": now,
                "changed_at": now,
                "attempts": 0,
                "problem": "",
                "wrapped_key": wrapped,
                "sealed": self._keyring.seal_bytes(wrapped, holder, _PURPOSE, body),
            }
        )

    def _keep_all(self, rows: Sequence[dict[str, Any]]) -> list[bool]:
        """In the order of their digests: two processes that insert the same ones never wait for each other in turn."""
        with self._write() as connection:
            new = {tuple(row) for row in connection.execute(self._kept_once, sorted(rows, key=_told_apart))}
        kept = []
        for row in rows:  # of two that are the same, the first is the new one
            kept.append(_told_apart(row) in new)
            new.discard(_told_apart(row))
        return kept

    def next_delivery(self, now: datetime, sources: Collection[Source] = tuple(Source)) -> Delivery | None:
        """
        The oldest delivery from these sources whose time has come; it is claimed for `CLAIMED`.

        One that does not open is given up on the way. Raises: ValueError for a naive instant.
        """
        check_aware(now)
        query = _next(now, sources)
        with self._read() as connection:  # asked often and mostly in vain, so without the lock of a writer
            if connection.execute(query).first() is None:
                return None
        with self._write() as connection:
            while row := connection.execute(query.with_for_update(skip_locked=True)).one_or_none():
                claim, attempts = _claim(row.id, row.attempts), row.attempts + 1
                try:
                    body = self._keyring.open_bytes(row.wrapped_key, _holder(row.digest), _PURPOSE, row.sealed)
                except KeyFileError:
                    _set(connection, claim, state=DeliveryState.FAILED.value, changed_at=now, problem=UNOPENABLE)
                    continue
                _set(connection, claim, attempts=attempts, due_at=now + CLAIMED)
                return Delivery(row.id, Source(row.source), body, row.received_at, attempts)
        return None

    def delivered(self, number: int) -> bytes | None:
        """The bytes of a delivery, read or not; None if it was erased or does not open."""
        query = sa.select(_TABLE.c.digest, _TABLE.c.wrapped_key, _TABLE.c.sealed).where(_TABLE.c.id == number)
        with self._read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None or row.sealed is None or row.wrapped_key is None:
            return None
        try:
            return self._keyring.open_bytes(row.wrapped_key, _holder(row.digest), _PURPOSE, row.sealed)
        except KeyFileError:
            return None

    def delivery_later(self, delivery: Delivery, at: datetime, problem_code: str) -> None:
        """It could not be read now and is handed out again at that instant, or later."""
        with self._write() as connection:
            _set(connection, _claim(delivery.id, delivery.attempts), due_at=at, problem=problem_code)

    def read_delivery(self, delivery: Delivery, updates: Sequence[Update], now: datetime) -> int:
        """
        Take what was read from a delivery, and be done with it in the transaction that takes the last of it.

        A long one is taken in portions, so that nobody else waits long to write. Whoever is interrupted between two
        takes the first ones again, which changes nothing: a message is known by its digest.

        Returns: how many messages are new; nothing more is taken once the claim was lost.
        """
        claim, count = _claim(delivery.id, delivery.attempts), 0
        done = {"state": DeliveryState.DONE.value, "changed_at": now, "problem": ""}
        for start in range(0, max(len(updates), 1), TAKEN_AT_ONCE):
            end = start + TAKEN_AT_ONCE
            with self._write() as connection:
                if not _set(connection, claim, **(done if end >= len(updates) else {"due_at": now + CLAIMED})):
                    return count
                count += self._take_messages(connection, updates[start:end], delivery.id, now)
        return count

    def finish_delivery(self, delivery: Delivery, outcome: str, now: datetime) -> None:
        """It was handled, and `outcome` is the code of what came of it."""
        self._conclude(delivery, DeliveryState.DONE, outcome, now)

    def ignore_delivery(self, delivery: Delivery, why: str, now: datetime) -> None:
        """There is nothing in it for us; `why` is a code."""
        self._conclude(delivery, DeliveryState.IGNORED, why, now)

    def fail_delivery(self, delivery: Delivery, problem_code: str, now: datetime) -> None:
        """It is given up, and kept to be looked into."""
        self._conclude(delivery, DeliveryState.FAILED, problem_code, now)

    def _conclude(self, delivery: Delivery, state: DeliveryState, problem: str, now: datetime) -> None:
        with self._write() as connection:
            claim = _claim(delivery.id, delivery.attempts)
            _set(connection, claim, state=state.value, changed_at=now, problem=problem)

    def failed_deliveries(self) -> list[FailedDelivery]:
        """What was given up, the oldest first."""
        query = sa.select(_TABLE).where(_TABLE.c.state == DeliveryState.FAILED.value).order_by(_TABLE.c.id)
        with self._read() as connection:
            rows = connection.execute(query).all()
        return [FailedDelivery(row.id, Source(row.source), row.received_at, row.problem) for row in rows]

    def erase_deliveries(self, now: datetime) -> int:
        """Destroy keys and bodies of what was read or ignored `KEPT` ago; how many there were."""
        check_aware(now)
        over = [DeliveryState.DONE.value, DeliveryState.IGNORED.value]
        old = sa.and_(_TABLE.c.state.in_(over), _TABLE.c.changed_at <= now - KEPT)
        values = {"state": DeliveryState.ERASED.value, "wrapped_key": None, "sealed": None}
        with self._write() as connection:
            return connection.execute(_TABLE.update().where(old).values(**values)).rowcount


def _told_apart(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["source"], row["digest"]


def _holder(digest: str) -> str:
    return f"delivery:{digest}"


def _next(now: datetime, sources: Collection[Source]) -> sa.Select[Any]:
    due = sa.and_(
        _TABLE.c.state == DeliveryState.WAITING.value,
        is_due(_TABLE.c.due_at, now, LONGEST_PAUSE),
        _TABLE.c.source.in_([source.value for source in sources]),
    )
    return sa.select(_TABLE).where(due).order_by(_TABLE.c.id).limit(1)


def _claim(number: int, attempts: int) -> sa.ColumnElement[bool]:
    """Whether a delivery still waits, and nobody has claimed it since it was tried so many times."""
    waits = _TABLE.c.state == DeliveryState.WAITING.value
    return sa.and_(_TABLE.c.id == number, waits, _TABLE.c.attempts == attempts)


def _set(connection: sa.Connection, claim: sa.ColumnElement[bool], **values: Any) -> bool:
    """Change a delivery; false if the claim was lost."""
    return bool(connection.execute(_TABLE.update().where(claim).values(**values)).rowcount)
