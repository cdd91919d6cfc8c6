"""
What the system itself wrote and what landed in people's cells, because rows or columns moved between read and write.

The Sheets API writes by position and has no condition for it, so it cannot be prevented; but the next tick knows what
had been written, and where the columns stood then. A text of the system's own in a people's cell, at the very place
where its column stood, is nobody's edit: it is not read, and what was last read there is put back. Pure.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from automation.flags import is_flag
from automation.rows import MASK, PEOPLE_KEYS, Digest, Row, people_digest
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
    return [_as_left(row, flight, adrift, present, mirror, digest, texts, last_text) for row in rows]


def _as_left(
    row: Row,
    flight: InFlight,
    adrift: Sequence[Mapping[str, str]],
    present: Container[str],
    mirror: Mapping[str, MirrorRow],
    digest: Digest,
    texts: Texts,
    last_text: LastText,
) -> Row:
    ticket = row.ticket or _stood(row, flight, present)
    read = mirror.get(ticket)
    if read is not None and read.digest == people_digest(row.people_texts(), digest):
        return row  # nothing but what was read before
    restored = {"ticket": ticket} if ticket != row.ticket else {}
    for key in _suspects(row, ticket, flight, texts, unread=read is None) | _filled(row, adrift):
        if read is None or read.cells.get(key) != digest("cell", key, row.shown(key)):
            text = texts(ticket).get(key, "") if read is None else last_text(ticket, key)
            restored |= {key: text} if text is not None else {}
    return replace(row, restored=restored) if restored else row


def _suspects(row: Row, ticket: str, flight: InFlight, texts: Texts, *, unread: bool) -> set[str]:
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


def _stood(row: Row, flight: InFlight, present: Container[str]) -> str:
    """The ticket of a row that was appended while the ticket's column moved away; empty if there is none."""
    place = flight.ticket_stood
    if not flight.moved or place is None or place >= len(row.cells):
        return ""
    try:
        ticket = parse_ticket(str(row.cells[place]))
    except InvalidTicketError:
        return ""
    return "" if ticket in present else ticket
