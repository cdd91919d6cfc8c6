"""
Complaints as reports count them: what happened to each and when, without a word that anybody wrote.

Everything here comes from columns, clocks and the codes of the trail, so that it is the same before and after an
identity is erased, and can be counted again by others from the trail (`tests/automation/reports`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from register import tables
from register.clocks import clock_of
from register.complaint import CLOSED, Clock, Complaint, EventKind, Status
from register.complaints import COLUMNS, Complaints, complaint_of
from register.trail import PORTION, among

_EVENTS = tables.events
_STATUS, _ACT, _RATING = (_EVENTS.c.data[name].as_string() for name in ("status", "act", "rating"))
_MOVING = (EventKind.ACT, EventKind.DISPOSED, EventKind.REPLIED)
"""Events that may bring a complaint to another status. Others that name one (a refusal, an extension) leave it."""
_TOLD = (
    sa.select(
        _EVENTS.c.ticket,
        _EVENTS.c.at,
        _EVENTS.c.kind,
        _EVENTS.c.actor,
        _STATUS.label("status"),
        _ACT.label("act"),
        _RATING.label("rating"),
    )
    .where(among(_EVENTS.c.ticket), _EVENTS.c.kind.in_([kind.value for kind in _MOVING]))
    .order_by(_EVENTS.c.seq)
)
"""Only what is counted of an event's `data`, which may be long."""
_CLOCKS = (
    sa.select(tables.clocks)
    .where(among(tables.clocks.c.ticket))
    .order_by(tables.clocks.c.round, tables.clocks.c.begun_at, tables.clocks.c.key)
)
_CASES = sa.select(*COLUMNS).where(among(tables.complaints.c.ticket))
_KEY_OF: Mapping[str, str] = {EventKind.REPLIED.value: "kirim_balasan"}
REPORTER, SYSTEM = "pelapor", "sistem"
"""Actors of the trail; anybody else is of the office."""


@dataclass(frozen=True)
class CaseAct:
    """
    Something that was done: an act of automation/sop/acts.toml, by its key; `disposed` for a disposition.

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
class Closing:
    """That a complaint was closed: by which act, and when it was opened again; None if it was not."""

    act: CaseAct
    ended_at: datetime | None = None

    def holds_before(self, at: datetime) -> bool:
        """Whether it was closed by this just before an instant."""
        return self.act.at < at and (self.ended_at is None or at <= self.ended_at)


@dataclass(frozen=True)
class Case:
    """One complaint, its clocks and what was done, each oldest first."""

    complaint: Complaint
    clocks: tuple[Clock, ...]
    acts: tuple[CaseAct, ...]

    def status_at(self, at: datetime) -> Status:
        """Where it stood at an instant, by what was done before it; received if nothing was."""
        return next((act.status for act in reversed(self.acts) if act.at < at), Status.RECEIVED)

    @cached_property
    def closings(self) -> tuple[Closing, ...]:
        """How often it was closed. What is done to a closed one, such as filing, closes nothing anew."""
        found: list[Closing] = []
        closed_by: CaseAct | None = None
        for act in self.acts:
            if act.status in CLOSED:
                closed_by = closed_by or act
            elif closed_by is not None:
                found.append(Closing(closed_by, act.at))
                closed_by = None
        return (*found, Closing(closed_by)) if closed_by else tuple(found)

    def closing_before(self, at: datetime) -> CaseAct | None:
        """The act that closed it and still did at an instant; None if it was open then."""
        return next((closing.act for closing in self.closings if closing.holds_before(at)), None)


class Cases(Complaints):
    """Reads that grow with the period asked about, in portions, so that memory does not."""

    def cases(self, since: datetime, until: datetime) -> Iterator[Case]:
        """
        Every complaint that was recorded before `until` and to which something happened from `since` on, that was open
        then, or of which something was due since and never done; in the order of recording. Instants are aware.

        The complaints of each portion are of one moment; what is recorded meanwhile may be missing.
        """
        table, clocks = tables.complaints, tables.clocks
        waiting = sa.select(clocks.c.ticket).where(clocks.c.done_at.is_(None), clocks.c.due_at >= since)
        touched = sa.or_(
            table.c.updated_at >= since,
            table.c.status.not_in([status.value for status in CLOSED]),
            table.c.ticket.in_(waiting),
        )
        query = sa.select(table.c.ticket).where(table.c.recorded_at < until, touched)
        with self._read() as connection:
            tickets = list(connection.execute(query.order_by(table.c.year, table.c.number)).scalars())
        return self.cases_of(tickets)

    def without_district(self) -> list[str]:
        """Tickets of all complaints of which no kecamatan is known, in the order of recording."""
        table = tables.complaints
        query = sa.select(table.c.ticket).where(table.c.district == "").order_by(table.c.year, table.c.number)
        with self._read() as connection:
            return list(connection.execute(query).scalars())

    def cases_of(self, tickets: Sequence[str]) -> Iterator[Case]:
        """Those of some tickets, in the same order as these; a ticket that no complaint carries is left out."""
        for start in range(0, len(tickets), PORTION):
            some = tickets[start : start + PORTION]
            asked = {"tickets": some}
            with self._read() as connection:
                found = {row.ticket: complaint_of(row) for row in connection.execute(_CASES, asked)}
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
    """None for an event that says nothing of where the complaint stands, such as an answer passed on by its case."""
    if not row.status and row.kind != EventKind.DISPOSED.value:
        return None
    key, rating = row.act or _KEY_OF.get(row.kind, row.kind), row.rating or ""
    status = Status(row.status or Status.DISPOSED)
    return CaseAct(row.at, key, row.actor, status, int(rating) if rating.isdecimal() else 0)
