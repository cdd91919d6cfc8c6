"""What has to be done by when, as the store keeps it: steps of the SOP, limits of the laws, times of the reporter."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa

from register import tables
from register.complaint import Clock
from register.trail import PORTION, Trail, among

_CHANGING = ("begun_at", "due_at", "norm", "basis", "done_at", "done_by")
"""What may change of a clock."""
_CLOCKS = tables.clocks
_RUNNING = _CLOCKS.c.done_at.is_(None)
# Asked by every tick, so put together once: that takes longer than executing them.
_OVERDUE = sa.select(_CLOCKS).where(
    _RUNNING, _CLOCKS.c.due_at <= sa.bindparam("now"), _CLOCKS.c.key.in_(sa.bindparam("keys", expanding=True))
)
_CLOCKS_OF = (
    sa.select(_CLOCKS).where(among(_CLOCKS.c.ticket)).order_by(_CLOCKS.c.round, _CLOCKS.c.begun_at, _CLOCKS.c.key)
)
_NEXT_DUE = (
    sa.select(_CLOCKS.c.due_at)
    .where(_RUNNING, _CLOCKS.c.due_at >= sa.bindparam("now"))
    .order_by(_CLOCKS.c.due_at)
    .limit(1)
)


class Clocks(Trail):
    """Clocks by ticket. They are written with the change that began, moved or ended them."""

    def clocks(self, tickets: Iterable[str]) -> dict[str, list[Clock]]:
        """Every clock of some complaints, in the order in which they began; an empty list where there is none."""
        wanted = list(tickets)
        found: dict[str, list[Clock]] = {ticket: [] for ticket in wanted}
        with self._read() as connection:
            for start in range(0, len(wanted), PORTION):
                for row in connection.execute(_CLOCKS_OF, {"tickets": wanted[start : start + PORTION]}):
                    found[row.ticket].append(clock_of(row))
        return found

    def running_clocks(self) -> dict[str, list[Clock]]:
        """Clocks that are not done yet, by ticket."""
        table = tables.clocks
        query = (
            sa.select(table).where(table.c.done_at.is_(None)).order_by(table.c.ticket, table.c.begun_at, table.c.key)
        )
        found: dict[str, list[Clock]] = {}
        with self._read() as connection:
            for row in connection.execute(query):
                found.setdefault(row.ticket, []).append(clock_of(row))
        return found

    def overdue(self, keys: Sequence[str], now: datetime) -> dict[str, list[Clock]]:
        """Clocks of some keys that are past their time and not done, by ticket."""
        found: dict[str, list[Clock]] = {}
        with self._read() as connection:
            for row in connection.execute(_OVERDUE, {"now": now, "keys": keys}):
                found.setdefault(row.ticket, []).append(clock_of(row))
        return found

    def oldest_running(self) -> datetime | None:
        """When the clock began that runs longest; None if none runs."""
        with self._read() as connection:
            query = sa.select(sa.func.min(_CLOCKS.c.begun_at, type_=_CLOCKS.c.begun_at.type)).where(_RUNNING)
            return connection.execute(query).scalar_one_or_none()

    def next_due(self, now: datetime) -> datetime | None:
        """The first deadline from now on of a clock that is not done; None if there is none."""
        with self._read() as connection:
            return connection.execute(_NEXT_DUE, {"now": now}).scalar_one_or_none()

    def _put_clocks(self, connection: sa.Connection, clocks: Sequence[tuple[str, Clock]]) -> None:
        """Clocks, each with its ticket."""
        if not clocks:
            return
        names = ("round", "key", *_CHANGING)
        connection.execute(
            self._upsert(tables.clocks, ("ticket", "round", "key"), _CHANGING),
            [{"ticket": ticket} | {name: getattr(clock, name) for name in names} for ticket, clock in clocks],
        )


def clock_of(row: sa.Row[tuple[object, ...]]) -> Clock:
    """A row of the table."""
    return Clock(
        key=row.key,
        round=row.round,
        begun_at=row.begun_at,
        due_at=row.due_at,
        norm=row.norm,
        basis=row.basis,
        done_at=row.done_at,
        done_by=row.done_by,
    )
