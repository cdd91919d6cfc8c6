"""
Values read in rows that are no complaint's one row: recorded like all others, though nothing is done about them. Pure.

What stands in a doubled or exchanged row is recorded with the ticket that the row shows; what stands in a row without a
known ticket, a hand-typed one above all, is recorded apart (`register.edits.unplaced`). Only what no complaint's row is
known to hold is new, and that once, for as long as it stands.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from automation.sync.matching import Matching
from automation.sync.rows import MASK, MASKED_KEYS, Digest, Row, cell_digests, fingerprint, typed_identity
from register.changes import Change, MirrorRow
from register.complaint import Event, EventKind, Identity
from register.edits import unplaced
from sheets_schema.register_tab import REGISTER

Remembered = Mapping[str, Sequence[str]]
"""Digests of the cells that the last tick read in such rows, by ticket; under an empty text, of rows without one."""


def outside_values(
    found: Matching, mirror: Mapping[str, MirrorRow], before: Remembered, digest: Digest, now: datetime
) -> tuple[list[Change], Remembered]:
    """The events of values that were not there at the last tick, and what to remember for the next."""
    events: defaultdict[str, dict[str, Event]] = defaultdict(dict)
    standing: defaultdict[str, set[str]] = defaultdict(set)
    for ticket, why, row, known in _rows(found, mirror, digest):
        texts = _told(row)
        for key, mark in cell_digests(texts, digest).items():
            if any(cells.get(key) == mark for cells in known):
                continue
            standing[ticket].add(mark)
            if mark not in before.get(ticket, ()):
                data = {"column": REGISTER.column(key).header, "row": why}
                events[ticket][mark] = Event(EventKind.CELL_FLAGGED, now, "staf", data, {"value": texts[key]})
    changes = [Change(ticket or unplaced(now), events=tuple(new.values())) for ticket, new in events.items()]
    return changes, {ticket: sorted(marks) for ticket, marks in standing.items()}


def _rows(
    found: Matching, mirror: Mapping[str, MirrorRow], digest: Digest
) -> Iterator[tuple[str, str, Row, list[Mapping[str, str]]]]:
    """Each such row: its ticket, why it is one, and the cells of the complaints that it may be a copy of."""
    for ticket, rows in found.doubled.items():
        yield from ((ticket, "doubled", row, _cells(mirror, [ticket])) for row in rows)
    for ticket, row in found.exchanged.items():
        yield ticket, "exchanged", row, _cells(mirror, [ticket, *found.owners.get(ticket, ())])
    for row in found.doubtful:
        mark = fingerprint(row.people_texts(), digest)
        yield "", "doubtful", row, [read.cells for read in mirror.values() if read.fingerprint == mark]
    yield from (("", "foreign", row, []) for row in found.foreign)
    yield from (("", "typed", row, []) for row in found.loose)
    yield from (("", "typed", row, []) for row in found.stray if row.people_texts())  # with another row's ticket


def _cells(mirror: Mapping[str, MirrorRow], tickets: Sequence[str]) -> list[Mapping[str, str]]:
    return [mirror[ticket].cells for ticket in tickets if ticket in mirror]


def _told(row: Row) -> dict[str, str]:
    """The row's texts without masks, and without the name and contact of somebody who is to stay unknown."""
    texts = row.people_texts()
    anonymous = typed_identity(texts) is Identity.ANONYMOUS
    return {k: text for k, text in texts.items() if k not in MASKED_KEYS or not (anonymous or text == MASK)}
