"""
Rows that staff type straight into the register: accepted once they are complete and at rest.

At rest means that what was typed is the same in two ticks. The store journals the row's fingerprint together with the
new ticket before the ticket is written, so that a kill in between gives the row that ticket, not another. Intake cells
that the clerk left empty are filled only after the ticket was read back: a ticket that landed in a wrong row heals, but
an intake cell overwritten there would look like a correction.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from automation.configuration.in_force import Configuration
from automation.sop import decision
from automation.sync.matching import Matching, steady
from automation.sync.rows import (
    MASKED_KEYS,
    STAFF_KEYS,
    Row,
    cell_digests,
    fingerprint,
    intake_cells,
    missing_fields,
    parse_instant,
    typed_channel,
    typed_intake,
    utc,
    who_acted,
)
from register.changes import Book, MirrorRow
from register.complaint import Channel, Complaint, Event, EventKind, Identity, Intake
from register.store import Store
from sheets_schema.register_tab import REGISTER


class TypedRows:
    """Watches rows without a ticket from tick to tick."""

    def __init__(self, store: Store, book: Book = Book.SHARED) -> None:
        self._store = store
        self._book = book
        self._before: Counter[str] = Counter()
        self._looked_at: datetime | None = None

    @property
    def watching(self) -> bool:
        """Whether there are rows that may be accepted at a later tick."""
        return bool(self._before)

    def accept(self, found: Matching, complaints: dict[str, Complaint], rules: Configuration, now: datetime) -> int:
        """
        Accept what is complete and at rest, and add it to `found` and `complaints`; how many there were.

        The first disposition is committed right after; killed in between, the next tick makes it.
        """
        if self._looked_at is not None and now <= self._looked_at:
            return 0  # a tick that only reads back what the last one wrote gives nobody time to type
        self._looked_at = now
        found.at_rest, self._before = steady(found.loose, self._before, self._store.digest)
        accepted = [row for row in found.at_rest if not lacking(row, now)]
        for row in accepted:
            complaint = self._accept(row, rules, now)
            complaints[complaint.ticket] = complaint
            found.rows[complaint.ticket] = found.found_again[complaint.ticket] = row
            found.at_rest.remove(row)
        return len(accepted)

    def _accept(self, row: Row, rules: Configuration, now: datetime) -> Complaint:
        texts = row.people_texts()
        mark = fingerprint(texts, self._store.digest)
        intake = typed_intake(texts)
        complaint = self._store.accept(
            intake,
            channel=typed_channel(texts.get("channel", "")) or Channel.DESK,
            now=now,
            received_at=_received_at(row, now),
            row_fingerprint=mark,
            row_book=self._book,
            actor=who_acted(texts, rules.officers),
        ).complaint
        disposed = decision.decide_new(complaint, intake, rules, now)
        if self._book is Book.RESTRICTED:  # whoever typed it there wants it there
            disposed = replace(disposed, fields={**disposed.fields, "restricted": True})
        # What staff typed with it is read next; of a restricted one now, as its row here is no longer worked in then.
        moves = self._book is Book.SHARED and disposed.fields.get("restricted")
        said = {key: text for key, text in texts.items() if moves or key not in STAFF_KEYS}
        read = MirrorRow(mark, "", cell_digests(said, self._store.digest))
        events = (*_read_events(said, intake, now), *disposed.events)
        self._store.commit([replace(disposed, events=events, mirror=read, book=self._book)])
        return disposed.applied_to(complaint)


def _read_events(said: Mapping[str, str], intake: Intake, now: datetime) -> list[Event]:
    """What stood in the row when it was accepted; a reporter without a name stays without one here too."""
    kept = [key for key in said if key not in MASKED_KEYS or intake.identity is not Identity.ANONYMOUS]
    headers = {key: REGISTER.column(key).header for key in kept}
    return [Event(EventKind.CELL_READ, now, "staf", {"column": headers[key]}, {"value": said[key]}) for key in kept]


def just_adopted(last: MirrorRow | None) -> bool:
    """Whether a hand-typed row was given its ticket and has not been read since."""
    return last is not None and not last.digest


def left_empty(complaint: Complaint, row: Row) -> dict[str, str]:
    """Of a hand-typed row, the intake cells that the clerk left empty and the system knows."""
    return {key: text for key, text in _known(complaint).items() if not row.text(key)}


def filled(complaint: Complaint, row: Row, last: MirrorRow | None) -> set[str]:
    """Of a row just adopted, the cells that were empty and that now show what the system has filled in."""
    if last is None or not just_adopted(last):
        return set()
    return {key for key, text in _known(complaint).items() if key not in last.cells and row.text(key) == text}


def _known(complaint: Complaint) -> dict[str, str]:
    cells: Mapping[str, str] = intake_cells(complaint, Intake(""))
    return {key: cells[key] for key in ("received_at", "channel", "identity")}


def lacking(row: Row, now: datetime) -> list[str]:
    """What a hand-typed row still needs before it can be accepted; a time that cannot be read is not passed over."""
    missing = missing_fields(row.people_texts())
    if row.text("received_at").strip() and _received_at(row, now) is None:
        missing.append("Waktu Masuk yang sudah lewat, misalnya 2026-11-23 09:15")
    return missing


def _received_at(row: Row, now: datetime) -> datetime | None:
    """The typed `Waktu Masuk`, if it can be read and is not to come: paper from an outage keeps its time."""
    place = row.layout.positions["received_at"]
    cell = row.cells[place] if place < len(row.cells) else ""
    at = parse_instant(row.text("received_at"), cell)
    return utc(at) if at is not None and at <= now else None
