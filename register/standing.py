"""
Where each complaint stands according to its events, to be compared with where the store says it stands.

Compared is what events tell: the status, the last disposition, the last reply, and the facts that go with them
(`register/facts.py`). Of what older events do not tell nothing is said.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from register import facts
from register.chain import Link
from register.complaint import STATUS_LABELS, EventKind, Status
from register.stored_events import any_text, stored_events
from register.tables import instant_text
from register.tickets import UNPLACED

_DISPOSITION = {"category": "klasifikasi", "bidang": "disposisi", "urgency": "urgensi"}
"""What a disposition tells, and how people call it."""
_COMPLAINTS = sa.table(
    "complaints",
    *map(sa.column, ("ticket", "year", "number", "status", "replied_at", *_DISPOSITION)),
    *(sa.column(name) for name in facts.COLUMNS if name != "number"),
)
_CLOCKS = sa.table("clocks", *map(sa.column, ("ticket", "round", "key", *facts.CLOCK_COLUMNS)))
"""Without types, so that nothing is converted on the way."""


@dataclass(slots=True)
class _Standing:
    """`complete` tells that each fact since the reception is known; `older` are what events without facts tell."""

    received: bool = False
    status: str = ""
    told: dict[str, str] = field(default_factory=dict)
    replied_at: datetime | None = None
    complete: bool = False
    older: dict[str, object] = field(default_factory=dict)
    facts: dict[str, object] = field(default_factory=dict)
    clocks: dict[tuple[object, object], list[object]] = field(default_factory=dict)


def contradictions(connection: sa.Connection) -> Iterator[tuple[str, str]]:
    """
    Ticket and sentence of all in which complaints and the trail that stands beside them disagree, and of each complaint
    that was joined to none. Raises nothing: an event that cannot be read is left to the chain's own verification.
    """
    with any_text(connection):
        standings = Standings()
        for event in stored_events(connection):
            if event.link is not None:
                standings.take(event.link, event.at)
        yield from standings.disagreements(connection)
        table, case = _COMPLAINTS, _COMPLAINTS.alias("case")
        joined = sa.select(table.c.ticket).where(table.c.merged_into != "").order_by(table.c.ticket)
        lost = joined.where(~sa.exists().where(case.c.ticket == table.c.merged_into))
        yield from ((ticket, "tiket induknya tidak ada.") for ticket in connection.execute(lost).scalars())


class Standings:
    """By ticket; events are taken in their order."""

    def __init__(self) -> None:
        self._by_ticket: dict[str, _Standing] = {}

    def take(self, link: Link, at: datetime | None) -> None:
        """One more event. An event without a ticket concerns no complaint."""
        if not link.ticket or link.ticket.startswith(UNPLACED):
            return
        standing = self._by_ticket.setdefault(link.ticket, _Standing())
        data = link.data if isinstance(link.data, dict) else {}
        if link.kind == EventKind.RECEIVED:
            standing.received = True
            standing.status = standing.status or Status.RECEIVED
        elif link.kind == EventKind.DISPOSED:
            standing.told |= {name: data[name] for name in _DISPOSITION if name in data}
            if standing.status == Status.RECEIVED:
                standing.status = Status.DISPOSED
        elif link.kind == EventKind.REPLIED:
            standing.replied_at = at
        standing.status = data.get("status", standing.status)
        _take_older(standing, link.kind, data, at)
        _take_facts(standing, link.kind, data.get(facts.KEY))

    def disagreements(self, connection: sa.Connection) -> Iterator[tuple[str, str]]:
        """Ticket and sentence of each complaint that says something else than its events."""
        yield from self._of_clocks(connection)
        query = sa.select(*_COMPLAINTS.c).order_by(_COMPLAINTS.c.year, _COMPLAINTS.c.number)
        for row in connection.execute(query):
            standing = self._by_ticket.pop(row.ticket, None)
            if standing is None:
                yield row.ticket, "pengaduan ini tidak mempunyai satu peristiwa pun."
            else:
                yield from ((row.ticket, problem) for problem in _compared(row, standing))
        for ticket in self._by_ticket:
            yield ticket, "ada peristiwanya, tetapi pengaduannya tidak ada dalam basis data."

    def _of_clocks(self, connection: sa.Connection) -> Iterator[tuple[str, str]]:
        if not sa.inspect(connection).has_table(_CLOCKS.name):
            yield "", "Tabel waktu pengaduan (clocks) tidak ada dalam basis data."
            return
        for row in connection.execute(sa.select(*_CLOCKS.c).order_by(*list(_CLOCKS.c)[:3])):
            standing = self._by_ticket.get(row.ticket)
            if standing is not None:
                yield from ((row.ticket, problem) for problem in _compared_clock(row, standing))
        for ticket, standing in self._by_ticket.items():
            yield from ((ticket, f"waktu {key} hilang dari basis data.") for _, key in standing.clocks)


def _take_older(standing: _Standing, kind: str, data: Mapping[str, Any], at: datetime | None) -> None:
    """What an event of an earlier version tells of its own; what it may have changed untold is not known any more."""
    older = standing.older
    if kind == EventKind.RECEIVED and at is not None:
        older["received_at"] = _instant(data.get("received_at"), at)
    elif kind == EventKind.CELL_READ:
        older.pop("received_at", None)
    elif kind == EventKind.EXTENDED and at is not None:
        older["extended_at"] = instant_text(at)
    elif kind == EventKind.MERGED and "into" in data:
        older["merged_into"] = data["into"]
    elif kind == EventKind.ACT and standing.status != Status.MERGED:
        older.pop("merged_into", None)


def _take_facts(standing: _Standing, kind: str, told: object) -> None:
    if not isinstance(told, dict):
        return
    standing.complete = standing.complete or kind == EventKind.RECEIVED
    standing.facts |= {name: told[name] for name in facts.COLUMNS if name in told}
    with suppress(TypeError, ValueError):  # an event that somebody changed, which is told of by itself
        standing.clocks |= {(number, key): instants for number, key, *instants in told.get(facts.CLOCKS, ())}


def _compared(row: sa.Row[Any], standing: _Standing) -> Iterator[str]:
    if not standing.received:
        yield "peristiwa penerimaannya tidak ada."
    elif row.status != standing.status:
        yield f"statusnya {_label(row.status)}, tetapi menurut jejak {_label(standing.status)}."
    for name, told in standing.told.items():
        if getattr(row, name) != told:
            yield f"{_DISPOSITION[name]}nya {getattr(row, name) or 'kosong'}, tetapi menurut jejak {told or 'kosong'}."
    if standing.replied_at is not None and row.replied_at != instant_text(standing.replied_at):
        yield "waktu balasannya tidak sama dengan yang tercatat dalam jejak."
    known = standing.facts if standing.complete else standing.older | standing.facts
    for name, fact in known.items():
        if _stored(name, getattr(row, name)) != fact:
            yield f"{facts.COLUMNS[name]} tidak sama dengan yang tercatat dalam jejak."


def _compared_clock(row: sa.Row[Any], standing: _Standing) -> Iterator[str]:
    told = standing.clocks.pop((row.round, row.key), None)
    if told is None:
        if standing.complete:
            yield f"waktu {row.key} tidak tercatat dalam jejak."
        return
    for (name, label), fact in zip(facts.CLOCK_COLUMNS.items(), told, strict=False):
        if getattr(row, name) != fact:
            yield f"{label} {row.key} tidak sama dengan yang tercatat dalam jejak."


def _stored(name: str, value: Any) -> object:
    """What stands in the database, as facts have it: JSON comes as text from SQLite."""
    if name != "pauses" or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _instant(text: object, otherwise: datetime) -> str:
    try:
        return instant_text(datetime.fromisoformat(str(text)) if text else otherwise)
    except ValueError:
        return str(text)


def _label(status: str) -> str:
    return next((label for known, label in STATUS_LABELS.items() if known == status), status or "kosong")
