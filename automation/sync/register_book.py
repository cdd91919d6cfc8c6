"""
One spreadsheet's tab `Register`: its rows are matched with complaints, read, and brought to what they should show.

There are two: the register shared with everybody, where a restricted complaint is only a stub, and the register of the
restricted complaints, where they are handled. What the shared one shows of a complaint that turned out restricted is
masked once its row in the other was read back.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime

from automation.configuration.in_force import Configuration
from automation.disposition.alike import pointers_taken_back
from automation.sop import decision
from automation.sop.joined import once_committed, passed_on_to_all
from automation.sync.flags import flags
from automation.sync.healing import Healing
from automation.sync.mass_loss import MassLoss
from automation.sync.matching import Matching, match
from automation.sync.outside import Remembered as StandingOutside
from automation.sync.outside import outside_values
from automation.sync.remembered import Remembered, holds_until
from automation.sync.row_reading import Known, RowReader
from automation.sync.rows import PEOPLE_KEYS, SYSTEM_KEYS, Row, intake_cells
from automation.sync.sheet_edits import attributed
from automation.sync.stubs import first_people_cells, is_stub, shown_system_cells, wanted_masks
from automation.sync.tick_report import Kind, TickReport
from automation.sync.typed_rows import TypedRows, just_adopted, left_empty
from automation.sync.writing import Request, appended_rows, cell_updates, differing, in_calls, masking
from register.changes import Book, Change
from register.complaint import Complaint, Event, EventKind
from register.errors import ErasedError, KeyFileError, SheetRefusedError
from register.sheet import Sheet, Values
from register.store import Store
from sheets_schema.layout import Layout, locate
from sheets_schema.register_tab import REGISTER

RESTORED_NOTE = "Baris ini hilang dari lembar dan dikembalikan oleh sistem."
UNREADABLE = "Data pengaduan {ticket} tidak dapat dibuka dengan berkas kunci ini; pulihkan berkas kunci dari cadangan."
NEW_AT_ONCE = 2_000
"""Rows that one tick adds: after an import the others come with the next ticks; what people do is read in between."""
TITLES = {Book.SHARED: REGISTER.title, Book.RESTRICTED: "Register Terbatas"}
"""As staff read them in notes."""


@dataclass(frozen=True)
class Place:
    """
    A spreadsheet and how it is brought to the schema.

    Args:
        provision: Called with the rows in use by tab when a tab or its spare rows are missing.
    """

    sheet: Sheet
    provision: Callable[[Mapping[str, int]], object]


@dataclass(frozen=True)
class Look:
    """What a tick found in a book: to be followed by writing."""

    layout: Layout
    rows: Sequence[Row]
    """Those that needed a look."""
    found: Matching
    adopted: Set[str]
    """Tickets of hand-typed rows that were just read back for the first time."""
    quiet: Set[str]
    """Tickets of rows in which nothing changed."""


class RegisterBook:
    """Reads and writes one of the two; `handled_apart` tells whether there is one for restricted complaints."""

    def __init__(
        self,
        book: Book,
        place: Place,
        store: Store,
        memory: Remembered,
        *,
        still_writing: Callable[[], bool],
        tabs: Sequence[str] = (REGISTER.title,),
        handled_apart: bool = True,
    ) -> None:
        self._book = book
        self._place = place
        self._store = store
        self._memory = memory
        self._still_writing = still_writing
        self._tabs = tabs
        self._handled_apart = handled_apart
        self._reader = RowReader(store, book)
        self._healing = Healing(store, memory, book)
        self._typed_rows = TypedRows(store, book)
        self.mass_loss = MassLoss(store, book, TITLES[book])
        self.sheet_ids: dict[str, int] = {}
        self._outside = "outside_values" if book is Book.SHARED else f"outside_values.{book}"
        self._standing: StandingOutside | None = None
        self._masked: set[tuple[str, int]] = set()
        self._masked_before: set[tuple[str, int]] = set()
        self._provisioned_rows = 0
        self._looked_again = False

    @property
    def waiting(self) -> bool:
        """Whether some row is to be looked at again though it does not change."""
        return self._typed_rows.watching

    # -- reading --------------------------------------------------------------------------------------------------

    def read(self) -> dict[str, Values]:
        """Every tab's cells. Raises: as `Sheet.read`."""
        if not self.sheet_ids:
            self._place.provision({})
            self.sheet_ids = self._place.sheet.sheet_ids()
        try:
            values = self._place.sheet.read(self._tabs)
        except SheetRefusedError:
            self.sheet_ids = {}  # a tab was removed or renamed: provision again at the next tick
            raise
        used = max(len(read.rows) for read in values.values()) + 1
        if used > self._provisioned_rows:
            self._place.provision({title: len(read.rows) + 1 for title, read in values.items()})
            self._provisioned_rows = used + 400
        return values

    def look(
        self,
        values: Mapping[str, Values],
        answers: Mapping[str, Values],
        rules: Configuration,
        now: datetime,
        report: TickReport,
    ) -> Look | None:
        """
        Take over what people did; None if nothing may be written.

        Args:
            values: The book's tabs as read.
            answers: The shared book's tabs, where staff answer what they are asked.
        """
        layout = locate(REGISTER, values[REGISTER.title].header)
        self._look_again_if_unsound(layout, report)
        self._healing.look(layout)
        if not layout.sound:
            return None
        mirror, settled = self._memory.mirror[self._book], self._memory.settled[self._book]
        settled.look((layout.positions, rules), now)
        rows, same = settled.part(values[REGISTER.title].rows, layout)
        rows = self._healing.rows(rows, same, lambda complaint: self._system_cells(complaint, None, rules, now))
        rows, archived = self._without_archived(rows)
        found = match(rows, self._shown(), mirror, self._store.digest, same)
        found.archived = archived
        adopted = {ticket for ticket in found.rows if just_adopted(mirror.get(ticket))} - found.found_again.keys()
        quiet = self._act(found, rules, now, report)
        self._record_outside(found, report, now)
        if not found.mass_loss:
            self.mass_loss.forget()
        elif not self.mass_loss.confirmed(answers):
            report.tell(Kind.MASS_LOSS, self.mass_loss.ask(len(found.vanished)))
            return None
        report.accepted += self._typed_rows.accept(found, self._memory.complaints, rules, now)
        return Look(layout, rows, found, adopted, quiet)

    def forget(self) -> None:
        """Remember nothing of earlier ticks but what is in the store."""
        self._healing.forget()
        self.mass_loss.read_again()
        self._standing = None

    def _shown(self) -> Mapping[str, Complaint]:
        """The complaints that have a row in this book."""
        complaints = self._memory.complaints
        if self._book is Book.SHARED:
            return complaints
        return {ticket: complaint for ticket, complaint in complaints.items() if complaint.restricted}

    def _without_archived(self, rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
        """The rows, and apart from them those of complaints that the store says are in the archive."""
        strange = {row.ticket for row in rows} - self._memory.complaints.keys()
        archived = self._store.archived_among(strange) if strange - {""} else frozenset()
        return [r for r in rows if r.ticket not in archived], [r for r in rows if r.ticket in archived]

    def _look_again_if_unsound(self, layout: Layout, report: TickReport) -> None:
        """Say which headers are wrong; once, look whether the tab is another one that has to be laid out."""
        if layout.sound:
            self._looked_again = False
            return
        names = ", ".join(layout.missing + layout.doubled)
        title = TITLES[self._book]
        report.tell(
            Kind.HEADERS,
            f"Tab {title}: judul kolom hilang atau ganda ({names}); tidak ditulis. Pulihkan judulnya; nama "
            f"lain boleh dipakai bila judul aslinya tetap disebut dalam kurung.",
        )
        if not self._looked_again:
            self._looked_again, self.sheet_ids = True, {}

    def _act(self, found: Matching, rules: Configuration, now: datetime, report: TickReport) -> set[str]:
        """
        Take over what people changed since the last tick; each change once, together with having read it.

        Returns: the tickets whose rows have nothing new in them.
        """
        complaints, mirror = self._memory.complaints, self._memory.mirror[self._book]
        changes: list[Change] = []
        looked = {ticket: self._reader.news(row, mirror.get(ticket)) for ticket, row in found.rows.items()}
        fresh = {ticket: news for ticket, news in looked.items() if news is not None}
        known = Known(self._store, fresh)
        after: dict[str, Complaint] = {}  # what the rows above have changed is heeded by those below
        for ticket, news in fresh.items():
            try:
                change = self._reader.read(
                    complaints[ticket],
                    news,
                    mirror.get(ticket),
                    known,
                    rules,
                    now,
                    lambda other: after.get(other) or complaints.get(other),
                )
            except (ErasedError, KeyFileError):
                report.tell(Kind.UNREADABLE, UNREADABLE.format(ticket=ticket))
                continue  # what cannot be opened cannot be corrected; the other rows go on
            changes.append(change)
            after[ticket] = change.applied_to(complaints[ticket])
            report.changed += bool(change.events)
        changes += passed_on_to_all(changes, once_committed(self._store.joined_to, complaints, after))
        changes += pointers_taken_back(changes, complaints)
        if not found.mass_loss:
            changes += [
                Change(ticket, mirror=replace(mirror[ticket], seen=False), book=self._book) for ticket in found.vanished
            ]
        commit_each(self._memory, self._attributed(changes, now), report)
        return looked.keys() - fresh.keys()

    def _attributed(self, changes: Sequence[Change], now: datetime) -> list[Change]:
        """With the authors of what the spreadsheet has delivered as edits."""
        edits = self._store.unread_edits([change.ticket for change in changes if change.events], now)
        return [attributed(change, edits.get(change.ticket, ())) for change in changes]

    def _record_outside(self, found: Matching, report: TickReport, now: datetime) -> None:
        """Values that were read in rows which are not, or not surely, a complaint's."""
        before = self._standing if self._standing is not None else self._store.setting(self._outside) or {}
        mirror = self._memory.mirror[self._book]
        changes, standing = outside_values(found, mirror, before, self._store.digest, now)
        commit_each(self._memory, changes, report)
        if standing != before:
            self._store.put_setting(self._outside, standing)
        self._standing = standing

    # -- writing --------------------------------------------------------------------------------------------------

    def requests(self, look: Look, rules: Configuration, now: datetime, report: TickReport) -> list[Request]:
        """What must be written for the rows to show what they should, new rows last."""
        sheet_id, found = self.sheet_ids[REGISTER.title], look.found
        requests: list[Request] = []
        sent: dict[str, dict[str, str]] = {}
        self._masked_before, self._masked = self._masked, set()
        for ticket, row in found.rows.items():
            complaint = self._memory.complaints[ticket]
            wanted = self._system_cells(complaint, row, rules, now) | self._unhidden(complaint, row)
            wanted.update(row.restored)
            if ticket in look.adopted:
                wanted |= left_empty(complaint, row)
            sent[ticket] = differing(row, wanted)
            updates = cell_updates(sheet_id, row, wanted)
            waits = is_stub(complaint, self._book) and not self._may_mask(ticket, found)
            if not waits:
                updates += self._masks(complaint, row)
            requests += updates
            if ticket in look.quiet and not updates and not waits and not row.restored:
                self._memory.settled[self._book].add(ticket, row, holds_until(complaint, now))
        for row, note in flags(found, now):
            requests += cell_updates(sheet_id, row, {"note": note})
        for row in found.stray:
            requests += cell_updates(sheet_id, row, dict.fromkeys(SYSTEM_KEYS, ""))
        mended = {row.index for row in found.rows.values()}
        for row in look.rows:
            if row.index not in mended:
                requests += cell_updates(sheet_id, row, row.restored)
        report.again = report.again or bool(found.found_again)
        new = self._new_rows(look, rules, now, report)
        self._healing.sending(look.rows, sent | new)
        return requests + appended_rows(sheet_id, look.layout, new.values())

    def _system_cells(
        self, complaint: Complaint, row: Row | None, rules: Configuration, now: datetime
    ) -> dict[str, str]:
        return shown_system_cells(
            complaint,
            self._book,
            row,
            stage=decision.stage(complaint),
            remaining=decision.remaining_time(complaint, rules, now),
            heard=self._memory.heard(complaint),
        )

    def _may_mask(self, ticket: str, found: Matching) -> bool:
        """Whether both rows of a restricted complaint were read back: a mask must not hide another's only words."""
        apart = self._memory.mirror[Book.RESTRICTED].get(ticket)
        return ticket not in found.found_again and (not self._handled_apart or (apart is not None and apart.seen))

    def _masks(self, complaint: Complaint, row: Row) -> list[Request]:
        """Masks go where the text was read; a cell that then shows it still (a number, a formula) is written over."""
        sheet_id = self.sheet_ids[REGISTER.title]
        masked = wanted_masks(complaint, self._book, row)
        wanted = {key: mask for key, mask in masked.items() if row.text(key) != mask}
        if not wanted:
            return []
        tried = (complaint.ticket, row.index)
        self._masked.add(tried)
        if tried in self._masked_before:
            return cell_updates(sheet_id, row, wanted)
        return [masking(sheet_id, row, key, mask) for key, mask in wanted.items()]

    def _unhidden(self, complaint: Complaint, row: Row) -> dict[str, str]:
        """What belongs into cells in which a mask stands that is not meant for them."""
        hidden = [] if is_stub(complaint, self._book) else [key for key in PEOPLE_KEYS if row.is_masked(key)]
        if not hidden:
            return {}
        known = self._reader.last_staff_cells(complaint.ticket)
        for intake in self._store.intakes([complaint.ticket]).values():
            known |= intake_cells(complaint, intake)
        return {key: known.get(key, "") for key in hidden}

    def _new_rows(
        self, look: Look, rules: Configuration, now: datetime, report: TickReport
    ) -> dict[str, dict[str, str]]:
        """The cells of the complaints that have no row, by ticket and column key."""
        complaints, mirror, found = self._memory.complaints, self._memory.mirror[self._book], look.found
        # One that arrived after this tick's dispositions waits: whether it is restricted is not known yet.
        missing = [t for t in found.missing if t not in found.rows and complaints[t].step_begun_at][:NEW_AT_ONCE]
        if not missing:
            return {}
        intakes = self._store.intakes(missing)
        rows: dict[str, dict[str, str]] = {}
        journal: list[Change] = []
        for ticket in missing:
            complaint = complaints[ticket]
            said = first_people_cells(complaint, self._book, intakes.get(ticket))
            if ticket in mirror:
                said |= self._reader.last_staff_cells(ticket) if not is_stub(complaint, self._book) else {}
            elif self._book is Book.RESTRICTED and (done := self._reader.last_staff_cells(ticket)):
                said |= done  # it stood in the shared register until now
                if self._was_read_in_the_shared_one(ticket):
                    journal.append(self._reader.about_to_write(ticket, said))
            rows[ticket] = self._system_cells(complaint, None, rules, now) | said
        if journal := journal + self._restored(found.vanished, now):
            self._memory.commit(journal)
        report.appended, report.again = report.appended + len(rows), True
        return rows

    def _was_read_in_the_shared_one(self, ticket: str) -> bool:
        """Whether what staff wrote there was acted upon; what came with a row just typed is done where it moves to."""
        read = self._memory.mirror[Book.SHARED].get(ticket)
        return read is not None and bool(read.digest)

    def _restored(self, vanished: Sequence[str], now: datetime) -> list[Change]:
        event = Event(EventKind.RESTORED, now, "sistem")
        fields = {"note": RESTORED_NOTE, "updated_at": now}
        stubs = {ticket for ticket in vanished if is_stub(self._memory.complaints[ticket], self._book)}
        return [Change(ticket, {} if ticket in stubs else fields, (event,)) for ticket in vanished]

    def write(self, requests: Sequence[Request], report: TickReport) -> None:
        """Write in as few calls as will do, while this worker may. Raises: as `Sheet.batch`."""
        for portion in in_calls(requests):
            if not self._still_writing():
                report.tell(Kind.OTHER_WORKER, "Pekerja lain sedang menulis ke register ini.")
                self._memory.forget()
                return
            try:
                self._place.sheet.batch(portion)
            except SheetRefusedError:
                self.sheet_ids = {}  # perhaps a tab was replaced by another of its name: look again
                raise
            report.requests += len(portion)


def commit_each(memory: Remembered, changes: Sequence[Change], report: TickReport) -> None:
    """All together; if one complaint's key is lost, the others one by one."""
    try:
        if changes:
            memory.commit(changes)
    except (ErasedError, KeyFileError):
        for change in changes:
            try:
                memory.commit([change])
            except (ErasedError, KeyFileError):
                report.tell(Kind.UNREADABLE, UNREADABLE.format(ticket=change.ticket))
