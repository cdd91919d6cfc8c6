"""
Where each complaint stands according to its events, to be compared with where the store says it stands.

Only what events tell is compared: the status, the last disposition, the last reply.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from register import tables
from register.chain import Link
from register.complaint import STATUS_LABELS, EventKind, Status
from register.tables import instant_text

_DISPOSITION = {"category": "klasifikasi", "bidang": "disposisi", "urgency": "urgensi"}
"""What a disposition tells, and how people call it."""


@dataclass(slots=True)
class _Standing:
    received: bool = False
    status: str = ""
    told: dict[str, str] = field(default_factory=dict)
    replied_at: datetime | None = None


class Standings:
    """By ticket; events are taken in their order."""

    def __init__(self) -> None:
        self._by_ticket: dict[str, _Standing] = {}

    def take(self, link: Link, at: datetime | None) -> None:
        """One more event. An event without a ticket concerns no complaint."""
        if not link.ticket:
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

    def disagreements(self, connection: sa.Connection) -> Iterator[tuple[str, str]]:
        """Ticket and sentence of each complaint that says something else than its events."""
        table = tables.complaints
        replied = sa.type_coerce(table.c.replied_at, sa.String).label("replied_at")
        columns = (table.c.ticket, table.c.status, *(table.c[name] for name in _DISPOSITION), replied)
        for row in connection.execute(sa.select(*columns).order_by(table.c.year, table.c.number)):
            standing = self._by_ticket.pop(row.ticket, None)
            if standing is None:
                yield row.ticket, "pengaduan ini tidak mempunyai satu peristiwa pun."
            else:
                yield from ((row.ticket, problem) for problem in _compared(row, standing))
        for ticket in self._by_ticket:
            yield ticket, "ada peristiwanya, tetapi pengaduannya tidak ada dalam basis data."


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


def _label(status: str) -> str:
    return next((label for known, label in STATUS_LABELS.items() if known == status), status or "kosong")
