"""
What the office looks at all day: what is open, what came in today and what was answered.

Asked every minute by every screen on a wall, so each read goes by an index and none of them opens what is sealed.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from register import tables
from register.complaint import CLOSED, WITA, Complaint
from register.complaints import COLUMNS, complaint_of
from register.memory import Memory, check_aware
from register.trail import among, portions

_COMPLAINTS, _CLOCKS = tables.complaints, tables.clocks
_ANSWER = "jawaban"
_NEWEST = 500
"""Complaints read at a time, from the newest back."""
_OPEN = sa.select(*COLUMNS).where(
    among(_COMPLAINTS.c.ticket), _COMPLAINTS.c.status.not_in([status.value for status in CLOSED])
)
_HIDDEN = sa.select(_COMPLAINTS.c.ticket).where(
    among(_COMPLAINTS.c.ticket), sa.or_(_COMPLAINTS.c.restricted, _COMPLAINTS.c.step_begun_at.is_(None))
)

_RUNNING = sa.select(_CLOCKS.c.ticket).where(_CLOCKS.c.done_at.is_(None)).distinct()
_ANSWERED = sa.select(sa.func.count(_CLOCKS.c.ticket.distinct())).where(
    _CLOCKS.c.done_at >= sa.bindparam("midnight"), _CLOCKS.c.key == _ANSWER
)
_BELOW = (
    sa.select(*COLUMNS)
    .where(_COMPLAINTS.c.year == sa.bindparam("of"), _COMPLAINTS.c.number < sa.bindparam("below"))
    .order_by(_COMPLAINTS.c.number.desc())
    .limit(_NEWEST)
)
"""Put together once, as that takes longer than executing them."""
_LAST = 2**31 - 1
"""Above every number of a year."""


@dataclass(frozen=True)
class Day:
    """
    The office at an instant.

    Args:
        open: What is not closed, without what nobody has looked at yet.
        received: What was recorded since midnight (WITA), the newest first.
        answered: How many had their answer, or were settled otherwise, since midnight.
    """

    open: tuple[Complaint, ...]
    received: tuple[Complaint, ...]
    answered: int


class Today(Memory):
    """Reads of the running day, over the store's engine."""

    def day(self, now: datetime) -> Day:
        """How the office stands. Raises: ValueError for a naive instant."""
        check_aware(now)
        midnight = now.astimezone(WITA).replace(hour=0, minute=0, second=0, microsecond=0)
        with self._read() as connection:
            tickets = connection.execute(_RUNNING).scalars()
            found = [
                complaint_of(row) for some in portions(tickets) for row in connection.execute(_OPEN, {"tickets": some})
            ]
            count = connection.execute(_ANSWERED, {"midnight": midnight}).scalar_one()
            return Day(tuple(found), tuple(_received(connection, midnight)), count)

    def newest_event(self) -> int:
        """The number of the trail's newest event, 0 if there is none: as long as it stays, nothing has changed."""
        with self._read() as connection:
            return connection.execute(sa.select(tables.trail_head.c.seq)).scalar() or 0

    def hidden_among(self, tickets: list[str]) -> set[str]:
        """Those of some tickets that are restricted, or that nobody has looked at yet and so might be."""
        with self._read() as connection:
            return {
                ticket
                for some in portions(tickets)
                for ticket in connection.execute(_HIDDEN, {"tickets": some}).scalars()
            }


def _received(connection: sa.Connection, midnight: datetime) -> list[Complaint]:
    """Numbers are given in the order of recording, so the day's are the last ones of the year."""
    found, below = list[Complaint](), _LAST
    while rows := connection.execute(_BELOW, {"of": midnight.year, "below": below}).all():
        some = [complaint_of(row) for row in rows]
        found += [each for each in some if each.recorded_at >= midnight]
        below = some[-1].number
        if some[-1].recorded_at < midnight:
            break
    return found
