"""The memory behind `strays`: what may have landed wrong, kept in the store, and what stood there before."""

from collections.abc import Callable, Container, Mapping, Sequence

from automation.sync.remembered import Remembered
from automation.sync.rows import MASK, MASKED_KEYS, RESTRICTED_MASK, Row, identity_masked, intake_cells
from automation.sync.strays import InFlight, as_people_left_them, mark_of
from automation.sync.stubs import STUB_KEYS, STUB_STAFF_KEYS, first_people_cells, is_stub
from register.changes import Book
from register.complaint import Complaint
from register.errors import ErasedError, KeyFileError
from register.store import Store
from sheets_schema.layout import Layout
from sheets_schema.register_tab import REGISTER

_REMEMBERED = "in_flight"


class Healing:
    """Follows where columns stand from read to read, and what is on its way into which cells."""

    def __init__(self, store: Store, memory: Remembered, book: Book = Book.SHARED) -> None:
        self._store = store
        self._memory = memory
        self._book = book
        self._name = _REMEMBERED if book is Book.SHARED else f"{_REMEMBERED}.{book}"
        self._flight: InFlight | None = None

    def forget(self) -> None:
        """Read from the store again what is in flight."""
        self._flight = None

    def look(self, layout: Layout) -> None:
        """Note where the columns stand now, sound or not, before anything is written."""
        self._put(self._known().now_at(layout.positions))

    def rows(
        self,
        rows: Sequence[Row],
        settled: Container[str],
        system_texts: Callable[[Complaint], Mapping[str, str]],
    ) -> list[Row]:
        """The rows as people left them; `settled` are the tickets of the others, which are as they were."""

        def own_texts(ticket: str) -> Mapping[str, str]:
            complaint = self._memory.complaints.get(ticket)
            if complaint is None:
                return {}
            said = self._store.intakes([ticket]).get(ticket)
            return {**system_texts(complaint), **first_people_cells(complaint, self._book, said)}

        mirror, digest = self._memory.mirror[self._book], self._store.digest
        return as_people_left_them(rows, self._known(), mirror, digest, own_texts, self._last_text, settled)

    def sending(self, rows: Sequence[Row], sent: Mapping[str, Mapping[str, str]]) -> None:
        """Before writing: these texts are on their way; if something was found astray, so is what was sent before."""
        marks = {
            ticket: {key: [mark_of(text, self._store.digest)] for key, text in texts.items()}
            for ticket, texts in sent.items()
            if texts
        }
        self._put(self._known().sending(marks, astray=any(row.restored for row in rows)))

    def _known(self) -> InFlight:
        if self._flight is None:
            self._flight = InFlight.from_json(self._store.setting(self._name))
        return self._flight

    def _put(self, flight: InFlight) -> None:
        if flight != self._known():
            self._store.put_setting(self._name, flight.to_json())
            self._flight = flight

    def _last_text(self, ticket: str, key: str) -> str | None:
        """What a tick last read in a people's cell, from the audit trail; None if it is not known any more."""
        complaint = self._memory.complaints[ticket]
        if is_stub(complaint, self._book) and key in (*STUB_KEYS, *STUB_STAFF_KEYS):
            return RESTRICTED_MASK  # whatever it was must not come back here
        mark = self._memory.mirror[self._book][ticket].cells.get(key)
        if mark is None:
            return ""
        if key in MASKED_KEYS and identity_masked(complaint):
            return MASK
        header = REGISTER.column(key).header
        try:
            texts = [e.secret.get("value", "") for e in self._store.events(ticket) if e.data.get("column") == header]
            texts.append(intake_cells(complaint, self._store.intake(ticket)).get(key, ""))
        except (ErasedError, KeyFileError):
            return None
        return next((text for text in reversed(texts) if self._store.digest("cell", key, text) == mark), None)
