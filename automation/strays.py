"""
What the system itself wrote and what landed in people's cells, because rows or columns moved between read and write.

The Sheets API writes by position and has no condition for it, so it cannot be prevented; but the next tick knows what
had been written, and where the columns stood then. A text of the system's own in a people's cell, at the very place
where its column stood, is nobody's edit: it is not read, and what was last read there is put back. Pure.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from automation.flags import is_flag
from automation.rows import MASK, PEOPLE_KEYS, SYSTEM_KEYS, Digest, Row
from register.changes import MirrorRow
from register.errors import InvalidTicketError
from register.tickets import parse_ticket

Texts = Callable[[str], Mapping[str, str]]
"""By ticket, what the system writes into each of a row's cells, by column key."""
LastText = Callable[[str, str], str | None]
"""By ticket and column key, the text whose digest the mirror holds; None if it is not known any more."""


@dataclass(frozen=True)
class InFlight:
    """
    What the last ticks may have written into wrong cells; kept in the store until a tick finds nothing of it.

    Args:
        positions: Where the columns stood at the last read, by key.
        moved: Pairs of a people's column and of the one that stood there at the write, empty for none of ours.
        ticket_stood: Where the ticket's column stood before columns moved.
        fills: Texts for cells that a clerk had left empty, by ticket and column key.
    """

    positions: Mapping[str, int] = field(default_factory=dict)
    moved: frozenset[tuple[str, str]] = frozenset()
    ticket_stood: int | None = None
    fills: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def now_at(self, positions: Mapping[str, int]) -> "InFlight":
        """The same, after a read that found the columns there."""
        if not self.positions or positions == self.positions:
            return replace(self, positions=dict(positions))
        stood = {place: key for key, place in self.positions.items()}
        pairs = {(key, stood.get(positions[key], "")) for key in PEOPLE_KEYS if key in positions}
        stood_at = self.ticket_stood if self.moved else self.positions.get("ticket")
        moved = self.moved | {pair for pair in pairs if pair[0] != pair[1]}
        return replace(self, positions=dict(positions), moved=moved, ticket_stood=stood_at)

    def settled(self) -> "InFlight":
        """The same, once nothing of it was found any more."""
        return InFlight(self.positions)

    def to_json(self) -> dict[str, Any]:
        """As the store remembers it."""
        pairs = sorted(list(pair) for pair in self.moved)
        return {**vars(self), "moved": pairs, "fills": {ticket: dict(texts) for ticket, texts in self.fills.items()}}

    @classmethod
    def from_json(cls, value: Mapping[str, Any] | None) -> "InFlight":
        """What the store remembers."""
        if not value:
            return cls()
        return cls(**{**value, "moved": frozenset((key, other) for key, other in value["moved"])})


def as_people_left_them(
    rows: Sequence[Row],
    flight: InFlight,
    mirror: Mapping[str, MirrorRow],
    digest: Digest,
    texts: Texts,
    last_text: LastText,
) -> list[Row]:
    """The rows, with what the system wrote into wrong cells taken back (`Row.restored`)."""
    if not flight.moved and not flight.fills:
        return list(rows)
    present = {row.ticket for row in rows}
    arrived = {row.ticket for row in rows if row.ticket in flight.fills and _shows(row, flight.fills[row.ticket])}
    adrift = [fill for ticket, fill in flight.fills.items() if ticket not in arrived]
    found = []
    for row in rows:
        ticket = row.ticket if row.ticket in mirror or not flight.moved else _stood(row, flight, present) or row.ticket
        restored = {"ticket": ticket} if ticket != row.ticket else {}
        for key in _suspects(row, ticket, flight, texts, ticket not in mirror) | _filled(row, adrift):
            if _new(row, key, mirror.get(ticket), digest):
                text = last_text(ticket, key) if ticket in mirror else texts(ticket).get(key, "")
                restored |= {key: text} if text is not None else {}
        found.append(replace(row, restored=restored) if restored else row)
    return found


def _suspects(row: Row, ticket: str, flight: InFlight, texts: Texts, unread: bool) -> set[str]:
    """People's cells that show what the system wrote for the column that stood there; in a new row, also if nothing."""
    known = texts(ticket) if flight.moved else {}
    shown = ((key, other, row.shown(key)) for key, other in flight.moved)
    return {
        key
        for key, other, text in shown
        if (unread or text not in ("", MASK)) and (text == known.get(other, "") or (other == "note" and is_flag(text)))
    }


def _filled(row: Row, adrift: Iterable[Mapping[str, str]]) -> set[str]:
    """Cells filled for a row that stood here; all that was meant for it, not a part that a clerk may have typed."""
    return {key for fill in adrift if _shows(row, fill) for key in fill}


def _shows(row: Row, fill: Mapping[str, str]) -> bool:
    return all(row.shown(key) == text for key, text in fill.items())


def _new(row: Row, key: str, read: MirrorRow | None, digest: Digest) -> bool:
    return read is None or read.cells.get(key) != digest("cell", key, row.shown(key))


def _stood(row: Row, flight: InFlight, present: Iterable[str]) -> str:
    """The ticket of a row that was appended while the ticket's column moved away."""
    place = flight.ticket_stood
    if place is None or place >= len(row.cells) or any(row.text(key) for key in SYSTEM_KEYS if key == "ticket"):
        return ""
    try:
        ticket = parse_ticket(str(row.cells[place]))
    except InvalidTicketError:
        return ""
    return "" if ticket in present else ticket
