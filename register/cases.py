"""
Complaints as reports count them: what happened to each and when, without a word that anybody wrote.

Everything here comes from columns, clocks and the codes of the trail, so that it is the same before and after an
identity is erased, and can be counted again by others from the trail (`tests/automation/reports`).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, NamedTuple

import sqlalchemy as sa

from register import tables
from register.complaint import CLOSED, Complaint, EventKind, Status
from register.complaints import COLUMNS, complaint_of
from register.memory import Memory
from register.trail import PORTION, among

_SAYING = (EventKind.DISPOSED, EventKind.ACT, EventKind.REPLIED, EventKind.EXTENDED)
"""Kinds of events that say where a complaint came to stand, or how it was rated: of others `data` is not read."""


def _as_kept(*columns: sa.ColumnElement[Any]) -> list[sa.ColumnElement[Any]]:
    """Columns whose texts come as they are kept; `_at` reads an instant faster than the column's own type would."""
    return [sa.type_coerce(column, sa.String).label(column.key) for column in columns]


_EVENTS, _CLOCK = tables.events.c, tables.clocks.c
_STATUS, _ACT, _RATING, _HAPPENED = (
    _EVENTS.data[name].as_string() for name in ("status", "act", "rating", "happened_at")
)
_TOLD = (
    sa.select(*_as_kept(_EVENTS.at, _EVENTS.kind, _EVENTS.actor), _STATUS, _ACT, _RATING, _HAPPENED, _EVENTS.ticket)
    .where(
        among(_EVENTS.ticket),
        _EVENTS.kind.in_([kind.value for kind in _SAYING]),
    )
    .order_by(_EVENTS.ticket, _EVENTS.seq)
)
"""Of `data`, which may be long, only what is counted."""
_CLOCKS = (
    sa.select(
        _CLOCK.round,
        *_as_kept(_CLOCK.key, _CLOCK.begun_at, _CLOCK.due_at, _CLOCK.norm, _CLOCK.done_at),
        _CLOCK.ticket,
    )
    .where(among(_CLOCK.ticket))
    .order_by(_CLOCK.ticket, _CLOCK.round, _CLOCK.key)
)
"""What is counted of a clock. By ticket, as the tables' indexes have it."""
_CASES = sa.select(*COLUMNS).where(among(tables.complaints.c.ticket))
_DISPOSED = EventKind.DISPOSED.value
_KEY_OF: Mapping[str, str] = {EventKind.REPLIED.value: "kirim_balasan"}
_STATUSES: Mapping[str, Status] = {status.value: status for status in Status}
_at = datetime.fromisoformat
REPORTER, SYSTEM = "pelapor", "sistem"
"""Actors of the trail; anybody else is of the office."""


class CaseClock(NamedTuple):
    """A clock of `register.complaint.Clock`, less how it was counted and who stopped it."""

    key: str
    round: int
    begun_at: datetime
    due_at: datetime | None
    norm: str
    done_at: datetime | None

    @property
    def late(self) -> bool:
        """Whether it was done after its time."""
        return self.done_at is not None and self.due_at is not None and self.done_at > self.due_at


class CaseAct(NamedTuple):
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


class Closing(NamedTuple):
    """That a complaint was closed: by which act, and when it was opened again; None if it was not."""

    act: CaseAct
    ended_at: datetime | None = None

    def holds_before(self, at: datetime) -> bool:
        """Whether it was closed by this just before an instant."""
        return self.act.at < at and (self.ended_at is None or at <= self.ended_at)


@dataclass(frozen=True)
class Case:
    """One complaint, its clocks by round, and what was done, oldest first."""

    complaint: Complaint
    clocks: tuple[CaseClock, ...]
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


class Cases(Memory):
    """Reads that grow with the period asked about, in portions, so that memory does not; they need no key."""

    @property
    def address(self) -> str:
        """The database's, with its password: another process reads the same by it. Not to be shown or logged."""
        return self._engine.url.render_as_string(hide_password=False)

    def cases(self, since: datetime, until: datetime) -> Iterator[Case]:
        """
        Every complaint that was recorded before `until` and to which something happened from `since` on, that was open
        then, or of which something was due since and never done; in the order of recording. Instants are aware.

        The complaints of each portion are of one moment; what is recorded meanwhile may be missing.
        """
        return self.cases_of(self.touched(since, until))

    def touched(self, since: datetime, until: datetime) -> list[str]:
        """The tickets of these."""
        table, clocks = tables.complaints, tables.clocks
        waiting = sa.select(clocks.c.ticket).where(clocks.c.done_at.is_(None), clocks.c.due_at >= since)
        touched = sa.or_(
            table.c.updated_at >= since,
            table.c.status.not_in([status.value for status in CLOSED]),
            table.c.ticket.in_(waiting),
        )
        query = sa.select(table.c.ticket).where(table.c.recorded_at < until, touched)
        with self._read() as connection:
            return list(connection.execute(query.order_by(table.c.year, table.c.number)).scalars().all())

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
                found = {row.ticket: row for row in connection.execute(_CASES, asked).all()}
                clocks = _by_ticket(connection.execute(_CLOCKS, asked))
                acts = _by_ticket(connection.execute(_TOLD, asked))
            for ticket in some:
                if row := found.get(ticket):
                    yield Case(
                        complaint_of(row),
                        _clocks_of(clocks.get(ticket, ())),
                        _acts_of(acts.get(ticket, ())),
                    )


def _by_ticket(rows: sa.CursorResult[Any]) -> Mapping[str, Sequence[Sequence[Any]]]:
    """The rows by their last value, as the driver gives them: millions of them, of columns that need nothing more."""
    found: dict[str, list[Sequence[Any]]] = defaultdict(list)
    with closing(rows):
        for row in rows.cursor.fetchall():
            found[row[-1]].append(row)
    return found


def _clocks_of(rows: Sequence[Sequence[Any]]) -> tuple[CaseClock, ...]:
    new, at = tuple.__new__, _at  # called by its name, a clock takes twice the time, and there are millions
    return tuple(
        [
            new(CaseClock, (key, number, at(begun), at(due) if due else None, norm, at(done) if done else None))
            for number, key, begun, due, norm, done, _ in rows
        ]
    )


def _acts_of(rows: Sequence[Sequence[Any]]) -> tuple[CaseAct, ...]:
    """Of what says where a complaint came to stand. A disposition of an earlier version does not: to its bidang."""
    new = tuple.__new__
    return tuple(
        [
            new(
                CaseAct,
                (
                    _at(happened).astimezone(UTC) if happened else _at(at),
                    act or _KEY_OF.get(kind, kind),
                    actor,
                    _STATUSES[status] if status else Status.DISPOSED,
                    int(rating) if rating and rating.isdecimal() else 0,
                ),
            )
            for at, kind, actor, status, act, rating, happened, _ in rows
            if status is not None or kind == _DISPOSED
        ]
    )
