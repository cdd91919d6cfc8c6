"""
Complaints as reports count them: what happened to each and when, without a word that anybody wrote.

Everything here comes from columns, clocks and the codes of the trail, so that it is the same before and after an
identity is erased, and can be counted again by others from the trail (`tests/automation/reports`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from register import tables
from register.clocks import clock_of
from register.complaint import CLOSED, Clock, Complaint, EventKind, Status
from register.complaints import COLUMNS, Complaints, complaint_of
from register.trail import PORTION, among

_EVENTS = tables.events
_TOLD = (
    sa.select(_EVENTS.c.ticket, _EVENTS.c.at, _EVENTS.c.kind, _EVENTS.c.actor, _EVENTS.c.data)
    .where(
        among(_EVENTS.c.ticket),
        _EVENTS.c.kind.in_([kind.value for kind in (EventKind.ACT, EventKind.DISPOSED, EventKind.REPLIED)]),
    )
    .order_by(_EVENTS.c.seq)
)
_CLOCKS = (
    sa.select(tables.clocks)
    .where(among(tables.clocks.c.ticket))
    .order_by(tables.clocks.c.round, tables.clocks.c.begun_at, tables.clocks.c.key)
)
REPORTER, SYSTEM = "pelapor", "sistem"
"""Actors of the trail; anybody else is of the office."""


@dataclass(frozen=True)
class CaseAct:
    """
    Something that was done: an act of automation/sop/acts.toml, by its key.

    Args:
        at: Aware, in UTC.
        status: Where the complaint stood after it.
        rating: From 1 to 5, that the reporter gave with it; 0 for none.
    """

    at: datetime
    key: str
    actor: str
    status: Status
    rating: int = 0


@dataclass(frozen=True)
class Case:
    """One complaint, its clocks and what was done, each oldest first."""

    complaint: Complaint
    clocks: tuple[Clock, ...]
    acts: tuple[CaseAct, ...]

    def status_at(self, at: datetime) -> Status:
        """Where it stood at an instant, by what was done before it; received if nothing was."""
        return next((act.status for act in reversed(self.acts) if act.at < at), Status.RECEIVED)

    def closing_before(self, at: datetime) -> CaseAct | None:
        """The act that closed it and still did at an instant; None if it was open then. Filing closes nothing anew."""
        found: CaseAct | None = None
        for act in self.acts:
            if act.at >= at:
                break
            found = (found or act) if act.status in CLOSED else None
        return found


class Cases(Complaints):
    """Reads that grow with the period asked about, in portions, so that memory does not."""

    def cases(self, since: datetime, until: datetime) -> Iterator[Case]:
        """
        Every complaint that was recorded before `until` and to which something happened from `since` on, or that was
        open then; in the order of recording. Instants are aware.

        The complaints of each portion are of one moment; what is recorded meanwhile may be missing.
        """
        table = tables.complaints
        touched = sa.or_(table.c.updated_at >= since, table.c.status.not_in([status.value for status in CLOSED]))
        query = sa.select(table.c.ticket).where(table.c.recorded_at < until, touched)
        with self._read() as connection:
            tickets = list(connection.execute(query.order_by(table.c.year, table.c.number)).scalars())
        return self.cases_of(tickets)

    def cases_of(self, tickets: Sequence[str]) -> Iterator[Case]:
        """Those of some tickets, in the same order as these; a ticket that no complaint carries is left out."""
        for start in range(0, len(tickets), PORTION):
            some = tickets[start : start + PORTION]
            with self._read() as connection:
                asked = {"tickets": some}
                found = {
                    row.ticket: complaint_of(row)
                    for row in connection.execute(sa.select(*COLUMNS).where(among(tables.complaints.c.ticket)), asked)
                }
                clocks = _by_ticket(connection.execute(_CLOCKS, asked), clock_of)
                acts = _by_ticket(connection.execute(_TOLD, asked), _act_of)
            for ticket in some:
                if ticket in found:
                    told = (act for act in acts.get(ticket, ()) if act is not None)
                    yield Case(found[ticket], tuple(clocks.get(ticket, ())), tuple(told))


def _by_ticket(rows: Iterable[sa.Row[Any]], make: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.ticket, []).append(make(row))
    return found


def _act_of(row: sa.Row[Any]) -> CaseAct | None:
    """None for an event that says nothing of where the complaint stands."""
    data: Mapping[str, str] = row.data
    status = data.get("status") or (Status.DISPOSED.value if row.kind == EventKind.DISPOSED.value else "")
    key = data.get("act", row.kind)
    if not status:
        return None
    rating = data.get("rating", "")
    at = datetime.fromisoformat(data["happened_at"]) if "happened_at" in data else row.at  # of an imported old row
    return CaseAct(at, key, row.actor, Status(status), int(rating) if rating.isdecimal() else 0)
