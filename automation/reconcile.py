"""
The tick: read once, compare, decide, commit, write once.

The store is committed before the sheet is written, so nothing that people see in the register can be lost; what the
sheet then lacks, the next tick writes. A tick may be killed at any instruction and run again (design, decision 4).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from automation import configuration, decision, timers
from automation.configuration import Checked, Configuration
from automation.flags import flags
from automation.handling import Find, passed_on
from automation.mass_loss import MassLoss, answer_row, is_answer, missing_answer_row
from automation.matching import Matching, match
from automation.outside import outside_values
from automation.rows import (
    MASK,
    MASKED_KEYS,
    PEOPLE_KEYS,
    STAFF_KEYS,
    SYSTEM_KEYS,
    Row,
    cell_digests,
    fingerprint,
    identity_masked,
    intake_cells,
    masks,
    people_digest,
    read_register,
    system_cells,
)
from automation.sheet_edits import attributed
from automation.tick_report import Kind, TickReport
from automation.typed_rows import TypedRows, just_adopted, left_empty
from automation.writing import Request, appended_rows, cell_updates, in_calls, write_cells
from register.changes import Change, MirrorRow
from register.complaint import WITA, Complaint, Event, EventKind
from register.errors import ErasedError, KeyFileError, SheetRefusedError
from register.sheet import Sheet, Values
from register.store import Store
from sheets_schema.configuration_tabs import CONFIGURATION, SETTINGS
from sheets_schema.layout import Layout, locate
from sheets_schema.register_tab import REGISTER

TITLES = (REGISTER.title, *(tab.title for tab in CONFIGURATION))
RESTORED_NOTE = "Baris ini hilang dari lembar dan dikembalikan oleh sistem."
_OUTSIDE = "outside_values"
UNREADABLE = "Data pengaduan {ticket} tidak dapat dibuka dengan berkas kunci ini; pulihkan berkas kunci dari cadangan."


class Reconciler:
    """
    Keeps one register and the store in agreement.

    Args:
        still_writing: Asked before each write: whether this worker still holds the register's lease.
        provision: Brings the spreadsheet to the schema; called when a tab or its spare rows are missing.
    """

    def __init__(
        self,
        store: Store,
        sheet: Sheet,
        *,
        still_writing: Callable[[], bool],
        provision: Callable[[Mapping[str, int]], None],
    ) -> None:
        self._store = store
        self._sheet = sheet
        self._still_writing = still_writing
        self._provision = provision
        self._sheet_ids: dict[str, int] = {}
        self._typed_rows = TypedRows(store)
        self._mass_loss = MassLoss(store)
        self._provisioned_rows = 0
        self._looked_again = False

    def tick(self, now: datetime) -> TickReport:
        """
        One round. Raises: SheetUnavailableError, SheetRefusedError; what was committed by then stays right.
        """
        values = self._read()
        report = TickReport()
        rules = self._configuration(values, now, report)
        layout, rows = read_register(values[REGISTER.title])
        self._look_again_if_unsound(layout, report)
        self._time_passes(rules.configuration, now, report)
        self._dispose_new(rules.configuration, now, report)
        requests: list[Request] = []
        if layout.sound:
            requests = self._register(layout, rows, values, rules.configuration, now, report)
        self._write(requests, report)
        self._write(self._notes(values, rules, report), report)  # apart, so that neither can hold up the other
        return report

    # -- reading --------------------------------------------------------------------------------------------------

    def _read(self) -> dict[str, Values]:
        if not self._sheet_ids:
            self._provision({})
            self._sheet_ids = self._sheet.sheet_ids()
        try:
            values = self._sheet.read(TITLES)
        except SheetRefusedError:
            self._sheet_ids = {}  # a tab was removed or renamed: provision again at the next tick
            raise
        used = len(values[REGISTER.title].rows) + 1
        if used > self._provisioned_rows:
            self._provision({title: len(read.rows) + 1 for title, read in values.items()})
            self._provisioned_rows = used + 400
        return values

    def _look_again_if_unsound(self, layout: Layout, report: TickReport) -> None:
        """Say which headers are wrong; once, look whether the tab is another one that has to be laid out."""
        if layout.sound:
            self._looked_again = False
            return
        names = ", ".join(layout.missing + layout.doubled)
        report.tell(
            Kind.HEADERS,
            f"Tab {REGISTER.title}: judul kolom hilang atau ganda ({names}); tidak ditulis. Pulihkan judulnya; nama "
            f"lain boleh dipakai bila judul aslinya tetap disebut dalam kurung.",
        )
        if not self._looked_again:
            self._looked_again, self._sheet_ids = True, {}

    def _configuration(self, values: Mapping[str, Values], now: datetime, report: TickReport) -> Checked:
        remembered = self._store.setting("configuration") or {}
        last_good = {title: configuration.from_json(rows) for title, rows in remembered.items()}
        checked = configuration.check(values, last_good=last_good, year=now.astimezone(WITA).year)
        if checked.good != last_good:
            self._store.put_setting("configuration", checked.good)
        report.tell(Kind.CONFIGURATION, *checked.problems)
        return checked

    # -- deciding -------------------------------------------------------------------------------------------------

    def _time_passes(self, rules: Configuration, now: datetime, report: TickReport) -> None:
        """What is over by now, and what a changed norm, office hour or holiday moved."""
        moved = timers.rules_changed(self._store, rules, now)
        self._commit(moved, report)
        timers.remember(self._store, rules, moved, now)
        over = timers.times_over(self._store, rules, now)
        self._commit(over, report)
        report.changed += len(moved) + len(over)

    def _dispose_new(self, rules: Configuration, now: datetime, report: TickReport) -> None:
        """Disposition needs no sheet, so it comes first and goes on while the sheet's headers are unsound."""
        waiting = self._store.undisposed()
        if not waiting:
            return
        intakes = self._store.intakes(waiting)
        changes = [decision.decide_new(waiting[ticket], said, rules, now) for ticket, said in intakes.items()]
        report.tell(Kind.UNREADABLE, *(UNREADABLE.format(ticket=ticket) for ticket in waiting if ticket not in intakes))
        self._store.commit(changes)
        report.changed += len(changes)

    def _register(
        self,
        layout: Layout,
        rows: Sequence[Row],
        values: Mapping[str, Values],
        rules: Configuration,
        now: datetime,
        report: TickReport,
    ) -> list[Request]:
        digest = self._store.digest
        complaints, mirror = self._store.complaints(), self._store.mirror()
        found = match(rows, complaints, mirror, digest)
        self._act(found, complaints, mirror, rules, now, report)
        self._record_outside(found, mirror, now, report)
        if not found.mass_loss:
            self._mass_loss.forget()
        elif not self._mass_loss.confirmed(values):
            report.tell(Kind.MASS_LOSS, self._mass_loss.ask(len(found.vanished)))
            return []
        report.accepted = self._typed_rows.accept(found, complaints, rules, now)
        adopted = {ticket for ticket in found.rows if just_adopted(mirror.get(ticket))} - found.found_again.keys()
        requests = self._row_requests(found, complaints, adopted, rules, now, report)
        restored = {ticket for ticket in found.missing if ticket in mirror and mirror[ticket].digest}
        return requests + self._append(layout, found, complaints, restored, rules, now, report)

    def _act(
        self,
        found: Matching,
        complaints: dict[str, Complaint],
        mirror: Mapping[str, MirrorRow],
        rules: Configuration,
        now: datetime,
        report: TickReport,
    ) -> None:
        """Take over what people changed since the last tick; each change once, together with having read it."""
        changes: list[Change] = []
        for ticket, row in found.rows.items():
            try:
                change = self._read_row(complaints[ticket], row, mirror.get(ticket), rules, now, complaints.get)
            except (ErasedError, KeyFileError):
                report.tell(Kind.UNREADABLE, UNREADABLE.format(ticket=ticket))
                continue  # what cannot be opened cannot be corrected; the other rows go on
            if change is not None:
                changes.append(change)
                complaints[ticket] = replace(complaints[ticket], **change.fields)  # type: ignore[arg-type]
                report.changed += bool(change.events)
        for change in self._passed_on(changes):
            changes.append(change)
            complaints[change.ticket] = replace(complaints[change.ticket], **change.fields)  # type: ignore[arg-type]
        if not found.mass_loss:
            changes += [Change(ticket, mirror=replace(mirror[ticket], seen=False)) for ticket in found.vanished]
        self._commit(self._attributed(changes, now), report)

    def _attributed(self, changes: Sequence[Change], now: datetime) -> list[Change]:
        """With the authors of what the spreadsheet has delivered as edits."""
        edits = self._store.unread_edits([change.ticket for change in changes if change.events], now)
        return [attributed(change, edits.get(change.ticket, ())) for change in changes]

    def _record_outside(
        self, found: Matching, mirror: Mapping[str, MirrorRow], now: datetime, report: TickReport
    ) -> None:
        """Values that were read in rows which are not, or not surely, a complaint's."""
        before = self._store.setting(_OUTSIDE) or {}
        changes, standing = outside_values(found, mirror, before, self._store.digest, now)
        self._commit(changes, report)
        if standing != before:
            self._store.put_setting(_OUTSIDE, standing)

    def _passed_on(self, changes: Sequence[Change]) -> list[Change]:
        """What the reporters of joined complaints must learn: each has a ticket, and gets the answer of the case."""
        told = {change.ticket: change for change in changes if change.events}
        joined = self._store.joined_to(told) if told else {}
        pairs = ((told[ticket], each) for ticket, some in joined.items() for each in some)
        return [passed for change, each in pairs if (passed := passed_on(change, each)) is not None]

    def _commit(self, changes: Sequence[Change], report: TickReport) -> None:
        """All together; if one complaint's key is lost, the others one by one."""
        try:
            if changes:
                self._store.commit(changes)
        except (ErasedError, KeyFileError):
            for change in changes:
                try:
                    self._store.commit([change])
                except (ErasedError, KeyFileError):
                    report.tell(Kind.UNREADABLE, UNREADABLE.format(ticket=change.ticket))

    def _read_row(
        self,
        complaint: Complaint,
        row: Row,
        last: MirrorRow | None,
        rules: Configuration,
        now: datetime,
        find: Find,
    ) -> Change | None:
        digest = self._store.digest
        texts = row.people_texts()
        whole = people_digest(texts, digest)
        if last is not None and last.seen and last.digest == whole:
            return None
        cells = cell_digests(texts, digest)
        before = last.cells if last is not None else self._first_cells(complaint)
        changed = [key for key in PEOPLE_KEYS if cells.get(key) != before.get(key)]
        if identity_masked(complaint):
            changed = [key for key in changed if key not in MASKED_KEYS or texts.get(key, MASK) != MASK]
        change = decision.decide_row(
            complaint,
            texts=texts,
            changed=changed,
            intake=lambda: self._store.intake(complaint.ticket),
            rules=rules,
            now=now,
            clocks=lambda: self._store.clocks([complaint.ticket])[complaint.ticket],
            find=find,
        )
        if just_adopted(last):
            texts = texts | left_empty(complaint, row)
            whole, cells = people_digest(texts, digest), cell_digests(texts, digest)
        seen = MirrorRow(fingerprint(texts, digest), whole, cells, seen=True)
        return replace(change or Change(complaint.ticket), mirror=seen)

    def _first_cells(self, complaint: Complaint) -> dict[str, str]:
        """What the system itself wrote into the people's cells when it appended the row."""
        written = intake_cells(complaint, self._store.intake(complaint.ticket))
        return cell_digests({key: text for key, text in written.items() if text}, self._store.digest)

    # -- writing --------------------------------------------------------------------------------------------------

    def _row_requests(
        self,
        found: Matching,
        complaints: Mapping[str, Complaint],
        adopted: set[str],
        rules: Configuration,
        now: datetime,
        report: TickReport,
    ) -> list[Request]:
        sheet_id = self._sheet_ids[REGISTER.title]
        requests: list[Request] = []
        for ticket, row in found.rows.items():
            wanted = self._wanted(complaints[ticket], row, rules, now)
            if ticket in adopted:
                wanted |= left_empty(complaints[ticket], row)
            requests += cell_updates(sheet_id, row, wanted)
        for row, note in flags(found, now):
            requests += cell_updates(sheet_id, row, {"note": note})
        for row in found.stray:
            requests += cell_updates(sheet_id, row, dict.fromkeys(SYSTEM_KEYS, ""))
        report.again = report.again or bool(found.found_again)
        return requests

    def _wanted(self, complaint: Complaint, row: Row, rules: Configuration, now: datetime) -> dict[str, str]:
        cells = system_cells(
            complaint,
            stage=decision.stage(complaint),
            remaining=decision.remaining_time(complaint, rules, now),
        )
        return cells | masks(complaint, row)

    def _append(
        self,
        layout: Layout,
        found: Matching,
        complaints: Mapping[str, Complaint],
        restored: set[str],
        rules: Configuration,
        now: datetime,
        report: TickReport,
    ) -> list[Request]:
        # One that arrived after this tick's dispositions waits: whether it is restricted is not known yet.
        missing = [t for t in found.missing if t not in found.rows and complaints[t].step_begun_at]
        if not missing:
            return []
        intakes = self._store.intakes(missing)
        rows = []
        for ticket in missing:
            complaint = complaints[ticket]
            cells = system_cells(
                complaint,
                stage=decision.stage(complaint),
                remaining=decision.remaining_time(complaint, rules, now),
            )
            if ticket in intakes:
                cells |= {key: text for key, text in intake_cells(complaint, intakes[ticket]).items() if text}
            if ticket in restored:
                cells |= self._last_staff_cells(ticket)
            rows.append(cells)
        self._note_restored(found.vanished, now)
        report.appended, report.again = len(rows), True
        return appended_rows(self._sheet_ids[REGISTER.title], layout, rows)

    def _last_staff_cells(self, ticket: str) -> dict[str, str]:
        """What staff had last written in a row that vanished, from the audit trail."""
        headers = {column.header: column.key for column in REGISTER.columns}
        try:
            events = self._store.events(ticket)
        except (ErasedError, KeyFileError):
            return {}
        read = {
            headers[event.data["column"]]: event.secret.get("value", "")
            for event in events
            if event.kind is EventKind.CELL_READ and event.data.get("column") in headers
        }
        return {key: text for key, text in read.items() if key in STAFF_KEYS and text}

    def _note_restored(self, vanished: Sequence[str], now: datetime) -> None:
        event = Event(EventKind.RESTORED, now, "sistem")
        if vanished:
            fields = {"note": RESTORED_NOTE, "updated_at": now}
            self._store.commit(Change(ticket, fields, (event,)) for ticket in vanished)

    def _write(self, requests: Sequence[Request], report: TickReport) -> None:
        for portion in in_calls(requests):
            if not self._still_writing():
                report.tell(Kind.OTHER_WORKER, "Pekerja lain sedang menulis ke register ini.")
                return
            try:
                self._sheet.batch(portion)
            except SheetRefusedError:
                self._sheet_ids = {}  # perhaps a tab was replaced by another of its name: look again
                raise
            report.requests += len(portion)

    # -- notes -----------------------------------------------------------------------------------

    def _notes(self, values: Mapping[str, Values], checked: Checked, report: TickReport) -> list[Request]:
        """`Catatan Sistem` of the configuration tabs; and the row to answer in, if somebody removed it."""
        requests: list[Request] = []
        if missing_answer_row(values[SETTINGS.title]):
            layout = locate(SETTINGS, values[SETTINGS.title].header)
            requests += appended_rows(self._sheet_ids[SETTINGS.title], layout, [answer_row()])
            report.again = True
        for tab in CONFIGURATION:
            layout = locate(tab, values[tab.title].header)
            if not layout.sound:
                continue
            for index, cells in enumerate(values[tab.title].rows, start=1):
                row = Row(index, cells, layout)
                if tab is SETTINGS and is_answer(row):
                    wanted = self._mass_loss.question()
                else:
                    wanted = checked.notes.get(tab.title, {}).get(index, "")
                if row.text("note") != wanted:
                    sheet_id = self._sheet_ids[tab.title]
                    requests.append(write_cells(sheet_id, index, layout.positions["note"], [wanted]))
        return requests
