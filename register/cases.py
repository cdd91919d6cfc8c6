"""
Complaints as reports count them: what happened to each and when, without a word that anybody wrote.

Everything here comes from columns, clocks and the codes of the trail, so that it is the same before and after an
identity is erased, and can be counted again by others from the trail (`tests/automation/reports`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from register import tables
from register.complaint import CLOSED, Clock, Complaint, EventKind, Status
from register.complaints import COLUMNS, Complaints, complaint_of
from register.trail import PORTION, among

_EVENTS = tables.events
_STATUS, _ACT, _RATING, _HAPPENED = (
    _EVENTS.c.data[name].as_string() for name in ("status", "act", "rating", "happened_at")
)
_SILENT = (EventKind.STEP_DONE, EventKind.CELL_READ, EventKind.CELL_EDITED, EventKind.STOPPED, EventKind.RESUMED)
"""The most frequent kinds, of which none says where a complaint stands: their `data` need not be looked into."""
_TOLD = (
    sa.select(
        _EVENTS.c.ticket,
        _EVENTS.c.at,
        _EVENTS.c.kind,
        _EVENTS.c.actor,
        _STATUS.label("status"),
        _ACT.label("act"),
        _RATING.label("rating"),
        _HAPPENED.label("happened_at"),
    )
    .where(
        among(_EVENTS.c.ticket),
        _EVENTS.c.kind.not_in([kind.value for kind in _SILENT]),
        sa.or_(_STATUS.is_not(None), _EVENTS.c.kind == EventKind.DISPOSED.value),
    )
    .order_by(_EVENTS.c.seq)
)
"""Whatever says where a complaint stands after it; of `data`, which may be long, only what is counted."""
_CLOCK = ("key", "round", "begun_at", "due_at", "norm", "done_at", "done_by")
"""All of a clock but how it was counted, which is long."""
_CLOCKS = (
    sa.select(*(tables.clocks.c[name] for name in ("ticket", *_CLOCK)))
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
        at: Aware, in UTC: when it happened, which of what was taken over from elsewhere is before it was recorded.
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
    """One complaint, its clocks (without their `basis`) and what was done, each oldest first."""

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
                clocks = _by_ticket(connection.execute(_CLOCKS, asked), _clock_of)
                acts = _by_ticket(connection.execute(_TOLD, asked), _act_of)
            for ticket in some:
                if ticket in found:
                    yield Case(found[ticket], tuple(clocks.get(ticket, ())), tuple(acts.get(ticket, ())))


def _by_ticket(rows: Iterable[sa.Row[Any]], make: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(make(row))
    return found


def _clock_of(row: sa.Row[Any]) -> Clock:
    _, key, number, begun_at, due_at, norm, done_at, done_by = tuple(row)
    return Clock(key, number, begun_at, due_at, norm, done_at=done_at, done_by=done_by)


def _act_of(row: sa.Row[Any]) -> CaseAct:
    """A disposition of an earlier version does not say that it brought the complaint to its bidang."""
    key, rating = row.act or _KEY_OF.get(row.kind, row.kind), row.rating or ""
    status = Status(row.status or Status.DISPOSED)
    at = datetime.fromisoformat(row.happened_at).astimezone(UTC) if row.happened_at else row.at
    return CaseAct(at, key, row.actor, status, int(rating) if rating.isdecimal() else 0)
