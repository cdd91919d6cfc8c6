"""
What the system itself wrote and what landed in people's cells, because rows or columns moved between read and write.

The Sheets API writes by position and has no condition for it, so it cannot be prevented; but the next tick knows what
had been sent, and whether it arrived. A text of the system's own in a people's cell that did not hold it before is
nobody's edit: it is not read, and what was last read there is put back. Pure.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from automation.sync.flags import is_flag
from automation.sync.rows import MASK, MASKED_KEYS, PEOPLE_KEYS, SYSTEM_KEYS, Digest, Row, people_digest
from register.changes import MirrorRow
from register.errors import InvalidTicketError
from register.tickets import parse_ticket
from sheets_schema.register_tab import REGISTER

Texts = Callable[[str], Mapping[str, str]]
"""By ticket, what the system writes into each of a row's cells, by column key."""
LastText = Callable[[str, str], str | None]
"""By ticket and column key, the text whose digest the mirror holds; None if it is not known any more."""
Sent = Mapping[str, Mapping[str, Sequence[str]]]
"""Marks (`mark_of`) of the texts sent into cells, by ticket and column key."""
_ALSO_TYPED = {"corrected_bidang": "bidang"}
"""Columns whose choices staff set themselves, and the system's column that shows the same words."""


@dataclass(frozen=True)
class InFlight:
    """
    What the last ticks may have written into wrong cells; kept in the store until a tick finds nothing of it.

    Args:
        positions: Where the columns stood at the last read, by key.
        moved: Pairs of a column and of the one that stood in its place at the write, empty for none of ours.
        sent: What was to arrive.
    """

    positions: Mapping[str, int] = field(default_factory=dict)
    moved: frozenset[tuple[str, str]] = frozenset()
    sent: Sent = field(default_factory=dict)

    def now_at(self, positions: Mapping[str, int]) -> "InFlight":
        """The same, after a read that found the columns there."""
        if not self.positions or positions == self.positions:
            return replace(self, positions=dict(positions))
        stood = {place: key for key, place in self.positions.items()}
        pairs = {(key, stood.get(place, "")) for key, place in positions.items()}
        return replace(self, positions=dict(positions), moved=self.moved | {(a, b) for a, b in pairs if a != b})

    def sending(self, sent: Sent, *, astray: bool) -> "InFlight":
        """The same, before these are sent; `astray` if some of what was sent before was found in wrong cells."""
        if not astray:
            return InFlight(self.positions, sent=sent)
        both = {
            ticket: {
                key: sorted({*self.sent.get(ticket, {}).get(key, ()), *sent.get(ticket, {}).get(key, ())})
                for key in self.sent.get(ticket, {}).keys() | sent.get(ticket, {}).keys()
            }
            for ticket in self.sent.keys() | sent.keys()
        }
        return replace(self, sent=both)

    def to_json(self) -> dict[str, Any]:
        """As the store remembers it."""
        return {**vars(self), "moved": sorted(list(pair) for pair in self.moved)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any] | None) -> "InFlight":
        """What the store remembers; nothing where an older version remembered otherwise."""
        if not value or "sent" not in value:
            return cls()
        return cls(value["positions"], frozenset((key, other) for key, other in value["moved"]), value["sent"])


def mark_of(text: str, digest: Digest) -> str:
    """By what a text that was sent is known again, wherever it landed; short, as many may be in flight."""
    return digest("sent", text)[:16]


def as_people_left_them(
    rows: Sequence[Row],
    flight: InFlight,
    mirror: Mapping[str, MirrorRow],
    digest: Digest,
    texts: Texts,
    last_text: LastText,
    settled: Container[str] = frozenset(),
) -> list[Row]:
    """
    The rows, with what the system wrote into wrong cells taken back (`Row.restored`).

    Args:
        settled: Tickets of rows that are as they were, in none of `rows`.
    """
    search = _Search(rows, flight, digest, settled)
    if not flight.moved and not search.adrift:
        return list(rows)
    return [_as_left(row, search, mirror, texts, last_text) for row in rows]


class _Search:
    """What is looked for in one read: what had been sent, and what of it did not arrive."""

    def __init__(self, rows: Sequence[Row], flight: InFlight, digest: Digest, settled: Container[str]) -> None:
        self.flight, self.digest, self._settled = flight, digest, settled
        self._present = {row.ticket for row in rows}
        arrived: set[tuple[str, str]] = set()
        for row in rows:
            for key, marks in flight.sent.get(row.ticket, {}).items():
                if mark_of(row.shown(key), digest) in marks:
                    arrived.add((row.ticket, key))
        self.adrift: dict[str, dict[str, Sequence[str]]] = defaultdict(dict)
        self.adrift_marks: defaultdict[str, set[str]] = defaultdict(set)
        self.sent_marks: defaultdict[str, set[str]] = defaultdict(set)
        for ticket, cells in flight.sent.items():
            for key, marks in cells.items():
                self.sent_marks[key].update(marks)
                if (ticket, key) not in arrived:
                    self.adrift[ticket][key] = marks
                    self.adrift_marks[key].update(marks)

    def absent(self, ticket: str) -> bool:
        """Whether no row shows that ticket."""
        return ticket not in self._present and ticket not in self._settled

    def strewn(self, ticket: str) -> bool:
        """Whether columns moved and cells that only the system fills do not show what was sent to them."""
        return bool(self.flight.moved) and not self.adrift.get(ticket, {}).keys().isdisjoint(SYSTEM_KEYS)

    def landed(self, row: Row) -> set[str]:
        """The people's cells that show what was sent into another."""
        shown = {key: row.shown(key) for key in PEOPLE_KEYS}
        masked = {key for key in MASKED_KEYS if shown[key] == MASK}
        return {key for key, text in shown.items() if key not in masked and self._is_ours(key, text)} | self._fills(row)

    def _is_ours(self, key: str, text: str) -> bool:
        if self.flight.moved and is_flag(text):
            return True
        mark = mark_of(text, self.digest)
        if any((key, other) in self.flight.moved and mark in marks for other, marks in self.sent_marks.items()):
            return True
        column = REGISTER.column(key)
        return bool(text) and any(
            mark in marks
            for other, marks in self.adrift_marks.items()
            if other != key and text not in column.choices and other != _ALSO_TYPED.get(key)
        )

    def _fills(self, row: Row) -> set[str]:
        """Cells that show all that was meant for people's cells of another row, not a part that a clerk may type."""
        found: set[str] = set()
        for ticket, cells in self.adrift.items():
            fill = {key: marks for key, marks in self.flight.sent[ticket].items() if key in PEOPLE_KEYS}
            if ticket == row.ticket or not fill.keys() <= cells.keys():
                continue
            if all(mark_of(row.shown(key), self.digest) in marks for key, marks in fill.items()):
                found |= fill.keys()
        return found


def _as_left(row: Row, search: _Search, mirror: Mapping[str, MirrorRow], texts: Texts, last_text: LastText) -> Row:
    ticket = _ticket_of(row, search, mirror)
    read, digest = mirror.get(ticket), search.digest
    if ticket == row.ticket and read is not None and read.digest == people_digest(row.people_texts(), digest):
        return row  # nothing but what was read before
    restored = {"ticket": ticket} if ticket != row.ticket else {}
    if read is None and search.strewn(ticket) and (own := texts(ticket)):
        restored |= _new_row(row, own, search.flight.sent.get(ticket, {}), digest)
    for key in search.landed(row) - restored.keys():
        if read is None:
            restored[key] = texts(ticket).get(key, "")
        elif read.cells.get(key, digest("cell", key, "")) != digest("cell", key, row.shown(key)):
            text = last_text(ticket, key)
            restored |= {key: text} if text is not None else {}
    return replace(row, restored=restored) if restored else row


def _new_row(
    row: Row, own: Mapping[str, str], sent: Mapping[str, Sequence[str]], digest: Digest
) -> Iterator[tuple[str, str]]:
    """Of a row just appended while columns moved, the people's cells in which other words of its own stand, or none."""
    marks = {mark for each in sent.values() for mark in each}
    for key in PEOPLE_KEYS:
        shown = row.shown(key)
        if shown != own.get(key, "") and (shown in ("", *own.values()) or mark_of(shown, digest) in marks):
            yield key, own.get(key, "")


def _ticket_of(row: Row, search: _Search, mirror: Mapping[str, MirrorRow]) -> str:
    """The row's ticket; where its cell shows none since columns moved, the one that was sent into this row, if any."""
    if not search.flight.moved or _as_ticket(row.ticket):
        return row.ticket
    strewn = {ticket for cell in row.cells if (ticket := _as_ticket(str(cell)))}
    story = search.digest("cell", "description", row.shown("description"))
    told = {t for t in search.flight.sent if t in mirror and mirror[t].cells.get("description") == story}
    for tickets in (strewn & search.flight.sent.keys(), told):
        if len(tickets) == 1 and search.absent(ticket := tickets.pop()):
            return ticket
    return row.ticket


def _as_ticket(text: str) -> str:
    try:
        return parse_ticket(text)
    except InvalidTicketError:
        return ""
