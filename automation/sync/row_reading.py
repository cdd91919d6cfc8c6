"""Taking over what people changed in one book's rows since the last tick: each change once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from automation.configuration.in_force import Configuration
from automation.sop import decision
from automation.sop.handling import Find
from automation.sync.rows import (
    MASK,
    MASKED_KEYS,
    PEOPLE_KEYS,
    STAFF_KEYS,
    Row,
    cell_digests,
    fingerprint,
    identity_masked,
    people_digest,
    who_acted,
)
from automation.sync.stubs import first_people_cells, is_stub
from automation.sync.typed_rows import filled, just_adopted, left_empty
from register.changes import Book, Change, MirrorRow
from register.complaint import Clock, Complaint, Event, EventKind, Intake
from register.errors import ErasedError, KeyFileError
from register.store import Store
from sheets_schema.register_tab import REGISTER

_HEADERS = {column.key: column.header for column in REGISTER.columns}
_KEYS = {column.header: column.key for column in REGISTER.columns}
_NOT_USED = {"used": "no"}
"""Marks in the audit trail what was typed into a stub: read and kept, but nothing was done."""


@dataclass(frozen=True)
class News:
    """A row that is not as it was last read: its people's cells, and one digest over them."""

    row: Row
    texts: dict[str, str]
    digest: str


class Known:
    """What the store has of some complaints: asked once for all of them, as soon as it is needed for one."""

    def __init__(self, store: Store, tickets: Iterable[str]) -> None:
        self._store = store
        self._tickets = list(tickets)

    def clocks(self, ticket: str) -> Sequence[Clock]:
        """As `Store.clocks` has them."""
        return self._clocks[ticket]

    def intake(self, ticket: str) -> Intake:
        """Raises: as `Store.intake`."""
        return self._intakes.get(ticket) or self._store.intake(ticket)

    @cached_property
    def _clocks(self) -> dict[str, list[Clock]]:
        return self._store.clocks(self._tickets)

    @cached_property
    def _intakes(self) -> dict[str, Intake]:
        return self._store.intakes(self._tickets)


class RowReader:
    """Compares rows of one book with what was last read in them."""

    def __init__(self, store: Store, book: Book) -> None:
        self._store = store
        self._book = book

    def news(self, row: Row, last: MirrorRow | None) -> News | None:
        """What there is to be read in a row; None if it is as last read."""
        texts = row.people_texts()
        whole = people_digest(texts, self._store.digest)
        return None if last is not None and last.seen and last.digest == whole else News(row, texts, whole)

    def read(
        self,
        complaint: Complaint,
        news: News,
        last: MirrorRow | None,
        known: Known,
        rules: Configuration,
        now: datetime,
        find: Find,
    ) -> Change:
        """
        What a row's cells change, together with having read them.

        Args:
            find: Another complaint by its ticket, for those that are joined.

        Raises: ErasedError, KeyFileError if what is known cannot be opened.
        """
        digest, stub = self._store.digest, is_stub(complaint, self._book)
        row, texts = news.row, news.texts
        cells = cell_digests(texts, digest)
        before = last.cells if last is not None else self._first_cells(complaint, known)
        own = filled(complaint, row, last)
        changed = [key for key in PEOPLE_KEYS if cells.get(key) != before.get(key) and key not in own]
        changed = [key for key in changed if not row.is_masked(key)]
        if identity_masked(complaint):
            changed = [key for key in changed if key not in MASKED_KEYS or texts.get(key, "") != MASK]
        if stub:
            change: Change | None = _only_kept(complaint, texts, changed, rules, now)
        else:
            change = decision.decide_row(
                complaint,
                texts=texts,
                changed=changed,
                intake=lambda: known.intake(complaint.ticket),
                rules=rules,
                now=now,
                clocks=lambda: known.clocks(complaint.ticket),
                find=find,
                first_look=last is None or (just_adopted(last) and not last.seen),
            )
        if not stub:  # a mask that landed here by mistake hides what was read before it
            cells = cells | {key: mark for key, mark in before.items() if row.is_masked(key)}
        # Until what the clerk left empty was read back, the row counts as just adopted: the filling may go astray.
        waiting = just_adopted(last) and bool(left_empty(complaint, row))
        seen = MirrorRow(fingerprint(texts, digest), "" if waiting else news.digest, cells, seen=True)
        return replace(change or Change(complaint.ticket), mirror=seen, book=self._book)

    def about_to_write(self, ticket: str, texts: dict[str, str]) -> Change:
        """Journals what is about to be written into a new row, so that it is not taken for staff's doing when read."""
        digest = self._store.digest
        written = MirrorRow(fingerprint(texts, digest), people_digest(texts, digest), cell_digests(texts, digest))
        return Change(ticket, mirror=written, book=self._book)

    def last_staff_cells(self, ticket: str) -> dict[str, str]:
        """What staff had last written about a complaint where it was handled, from the audit trail."""
        try:
            events = self._store.events(ticket)
        except (ErasedError, KeyFileError):
            return {}
        read = {
            _KEYS[event.data["column"]]: event.secret.get("value", "")
            for event in events
            if event.kind is EventKind.CELL_READ and event.data.get("column") in _KEYS and "used" not in event.data
        }
        return {key: text for key, text in read.items() if key in STAFF_KEYS and text}

    def _first_cells(self, complaint: Complaint, known: Known) -> dict[str, str]:
        """What the system itself wrote into the people's cells when it appended the row."""
        said = None if is_stub(complaint, self._book) else known.intake(complaint.ticket)
        return cell_digests(first_people_cells(complaint, self._book, said), self._store.digest)


def _only_kept(
    complaint: Complaint, texts: dict[str, str], changed: Sequence[str], rules: Configuration, now: datetime
) -> Change:
    """What somebody typed into a stub goes into the audit trail and does nothing."""
    actor = who_acted(texts, rules.officers)

    def kept(key: str) -> Event:
        data = {"column": _HEADERS[key], **_NOT_USED}
        return Event(EventKind.CELL_READ, now, actor, data, {"value": texts.get(key, "")})

    return Change(complaint.ticket, events=[kept(key) for key in changed])
