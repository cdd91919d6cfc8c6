"""
How often something may be tried: kept in the store, so that a restart gives nobody a fresh start.

A try is counted before it is judged, so that a hundred at once are a hundred tries. After every few there is a wait;
tries during the wait are refused and not counted, so that nobody can keep another out for ever by trying on.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from register import tables
from register.memory import Memory, check_aware

FORGOTTEN = timedelta(days=30)
"""What was last tried longer ago than this is removed; no limit looks further back."""


@dataclass(frozen=True)
class Limit:
    """
    `most` tries in a row, then the first of `waits`, `most` more, then the next, the last one again and again.

    Counting begins anew once nothing was tried for `memory`, which is no shorter than any wait; also after a try that a
    wrong clock dated as far ahead.
    """

    most: int
    waits: tuple[timedelta, ...]
    memory: timedelta


@dataclass(frozen=True)
class Standing:
    """`left` tries before the next wait; `again` is the end of the present one, from when on there are more."""

    left: int
    again: datetime | None = None


def _end_of_wait(tried_at: datetime, count: int, limit: Limit) -> datetime:
    return tried_at + limit.waits[min(count // limit.most, len(limit.waits)) - 1]


class Limits(Memory):
    """Tries by key. A key holds nothing that a person wrote: digests (`Store.digest`) and tickets only."""

    def take(self, key: str, limit: Limit, now: datetime) -> datetime | None:
        """
        Count a try.

        Returns: None if it may be made, otherwise the instant from which on it may.
        Raises: ValueError for a naive instant.
        """
        check_aware(now)
        table = tables.limits
        with self._write() as connection:
            # A row that is not there cannot be locked: two first tries would both count as the first.
            connection.execute(self._insert(table).values(key=key, tried=0, at=now).on_conflict_do_nothing())
            row = connection.execute(sa.select(table).where(table.c.key == key).with_for_update()).one()
            count = row.tried if abs(now - row.at) < limit.memory else 0
            if count and count % limit.most == 0:
                again = _end_of_wait(row.at, count, limit)
                if now < again:
                    return again
            connection.execute(table.update().where(table.c.key == key).values(tried=count + 1, at=now))
            connection.execute(table.delete().where(table.c.at < now - FORGOTTEN))
        return None

    def standing(self, key: str, limit: Limit, now: datetime) -> Standing:
        """
        How many tries there are before the next wait, without counting one.

        Raises: ValueError for a naive instant.
        """
        check_aware(now)
        with self._read() as connection:
            row = connection.execute(sa.select(tables.limits).where(tables.limits.c.key == key)).one_or_none()
        count = row.tried if row is not None and abs(now - row.at) < limit.memory else 0
        over = count % limit.most
        if row is None or over or not count:
            return Standing(limit.most - over)
        again = _end_of_wait(row.at, count, limit)
        return Standing(0, again) if now < again else Standing(limit.most)

    def give_back(self, key: str) -> None:
        """One try less: it was good, and does not count."""
        table = tables.limits
        with self._write() as connection:
            fewer = table.update().where(table.c.key == key, table.c.tried > 0).values(tried=table.c.tried - 1)
            connection.execute(fewer)

    def forget(self, key: str) -> None:
        """Nothing was tried under this key."""
        with self._write() as connection:
            connection.execute(tables.limits.delete().where(tables.limits.c.key == key))
