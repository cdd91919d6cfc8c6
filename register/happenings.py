"""What happened or is due, of which staff may have to be told."""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from register import tables
from register.clocks import Clocks, clock_of
from register.complaint import CLOSED, Clock
from register.trail import among, portions

HEARD = "tanggapan_pelapor"
"""The rung of what a reporter did or wrote after filing; its mark is when that was, as the store keeps it."""

# Asked by every tick, so put together once: that takes longer than executing them.
_RUNNING_OF = (
    sa.select(tables.clocks)
    .where(tables.clocks.c.done_at.is_(None), among(tables.clocks.c.ticket))
    .order_by(tables.clocks.c.begun_at, tables.clocks.c.key)
)
_HEARD_AT = sa.type_coerce(tables.complaints.c.heard_at, sa.String)
_NEWLY_HEARD = (
    sa.select(tables.complaints.c.ticket)
    .outerjoin(
        tables.notices,
        sa.and_(
            tables.notices.c.ticket == tables.complaints.c.ticket,
            tables.notices.c.rung == HEARD,
            tables.notices.c.mark == _HEARD_AT,
        ),
    )
    .where(tables.complaints.c.heard_at.is_not(None), tables.notices.c.ticket.is_(None))
)


class Happenings(Clocks):
    """Asked by ticket."""

    def tickets_due(self, until: datetime) -> set[str]:
        """Tickets whose step or answer is due by then, or that have a Darurat on which nobody has acted."""
        table = tables.clocks
        soon = sa.and_(table.c.due_at <= until, sa.or_(table.c.key == "jawaban", table.c.key.like("langkah.%")))
        query = sa.select(table.c.ticket).where(table.c.done_at.is_(None), sa.or_(soon, table.c.key == "darurat"))
        with self._read() as connection:
            return set(connection.execute(query).scalars())

    def running_clocks_of(self, tickets: Iterable[str]) -> dict[str, list[Clock]]:
        """The clocks of some complaints that are not done, in the order in which they began."""
        found: dict[str, list[Clock]] = {}
        with self._read() as connection:
            for some in portions(tickets):
                for row in connection.execute(_RUNNING_OF, {"tickets": some}):
                    found.setdefault(row.ticket, []).append(clock_of(row))
        return found

    def newly_disposed(self, tickets: Collection[str] | None = None) -> set[str]:
        """Tickets of open complaints, of all or among some, whose bidang has not been told of them."""
        with self._read() as connection:
            if tickets is None:
                return set(connection.execute(_newly_disposed()).scalars())
            query = _newly_disposed(some=True)
            found = (connection.execute(query, {"tickets": some}) for some in portions(tickets))
            return {ticket for each in found for ticket in each.scalars()}

    def newly_heard(self) -> set[str]:
        """Tickets of complaints whose reporter did or wrote something that nobody has been told of."""
        with self._read() as connection:
            return set(connection.execute(_NEWLY_HEARD).scalars())


@cache
def _newly_disposed(*, some: bool = False) -> sa.Select[Any]:
    """Of all tickets, or among `some`."""
    clocks, complaints, told = tables.clocks, tables.complaints, tables.notices
    same = sa.and_(
        told.c.ticket == complaints.c.ticket,
        told.c.round == complaints.c.round,
        told.c.rung == "disposisi",
        told.c.mark == complaints.c.bidang,
    )
    return (
        sa.select(clocks.c.ticket)
        .join(complaints, complaints.c.ticket == clocks.c.ticket)
        .outerjoin(told, same)
        .where(
            clocks.c.key == "jawaban",
            clocks.c.done_at.is_(None),
            clocks.c.round == complaints.c.round,
            complaints.c.bidang != "",
            complaints.c.undecided == sa.false(),
            complaints.c.status.not_in([status.value for status in CLOSED]),
            told.c.ticket.is_(None),
            among(complaints.c.ticket) if some else sa.true(),
        )
    )
