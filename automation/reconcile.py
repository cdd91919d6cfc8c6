"""
The tick: read once, compare, decide, commit, write once.

The store is committed before the sheet is written, so nothing that people see in the register can be lost; what the
sheet then lacks, the next tick writes. A tick may be killed at any instruction and run again (design, decision 4).
"""

import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog

from automation import configuration, decision
from automation.configuration import CONFIRM_LOSS, Checked, Configuration
from automation.matching import Matching, match, steady
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
    missing_fields,
    parse_instant,
    people_digest,
    read_register,
    system_cells,
    typed_channel,
    typed_intake,
    utc,
)
from automation.writing import Request, appended_rows, cell_updates, in_calls, write_cells
from register.complaint import WITA, Complaint, Event, EventKind, Intake
from register.errors import ErasedError, KeyFileError, SheetRefusedError
from register.sheet import Sheet, Values
from register.store import Change, MirrorRow, Store
from sheets_schema.configuration_tabs import CONFIGURATION, SETTINGS
from sheets_schema.layout import Layout, locate
from sheets_schema.register_tab import REGISTER

TITLES = (REGISTER.title, *(tab.title for tab in CONFIGURATION))
RESTORED_NOTE = "Baris ini hilang dari lembar dan dikembalikan oleh sistem."
UNREADABLE = "Data pengaduan {ticket} tidak dapat dibuka dengan berkas kunci ini; pulihkan berkas kunci dari cadangan."
DOUBTFUL_NOTE = "Tiket baris ini hilang dan ada lebih dari satu yang cocok. Isi kembali tiketnya."
FOREIGN_NOTE = "Tiket ini tidak dikenal. Kosongkan agar sistem memberi tiket baru."

log = structlog.get_logger()


@dataclass
class TickReport:
    """What a tick did; `again` asks for another tick at once, whose read is the read-back of what was just written."""

    appended: int = 0
    accepted: int = 0
    changed: int = 0
    requests: int = 0
    problems: list[str] = field(default_factory=list)
    again: bool = False


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
        self._steady: Counter[str] = Counter()
        self._provisioned_rows = 0

    def tick(self, now: datetime) -> TickReport:
        """
        One round. Raises: SheetUnavailableError, SheetRefusedError; what was committed by then stays right.
        """
        values = self._read()
        report = TickReport()
        rules = self._configuration(values, now, report)
        layout, rows = read_register(values[REGISTER.title])
        if not layout.sound:
            names = ", ".join(layout.missing + layout.doubled)
            report.problems.append(f"Tab {REGISTER.title}: judul kolom hilang atau ganda ({names}); tidak ditulis.")
        self._dispose_new(rules.configuration, now, report)
        requests = self._notes(values, rules)
        if layout.sound:
            requests = self._register(layout, rows, values, rules.configuration, now, report) + requests
        self._write(requests, report)
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

    def _configuration(self, values: Mapping[str, Values], now: datetime, report: TickReport) -> Checked:
        remembered = self._store.setting("configuration") or {}
        last_good = {title: configuration.from_json(rows) for title, rows in remembered.items()}
        checked = configuration.check(values, last_good=last_good, year=now.astimezone(WITA).year)
        if checked.good != last_good:
            self._store.put_setting("configuration", checked.good)
        report.problems += checked.problems
        return checked

    # -- deciding -------------------------------------------------------------------------------------------------

    def _dispose_new(self, rules: Configuration, now: datetime, report: TickReport) -> None:
        """Disposition needs no sheet, so it comes first and goes on while the sheet's headers are unsound."""
        waiting = self._store.undisposed()
        if not waiting:
            return
        intakes = self._store.intakes(waiting)
        changes = [decision.decide_new(waiting[ticket], said, rules, now) for ticket, said in intakes.items()]
        report.problems += [UNREADABLE.format(ticket=ticket) for ticket in waiting if ticket not in intakes]
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
        if not found.mass_loss:
            self._forget_loss()
        elif not self._confirmed(values):
            return self._ask_about_loss(found, report)
        self._accept_typed(found, complaints, rules, now, report)
        adopted = {ticket for ticket in found.rows if _just_adopted(mirror.get(ticket))} - found.found_again.keys()
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
                change = self._read_row(complaints[ticket], row, mirror.get(ticket), rules, now)
            except (ErasedError, KeyFileError):
                continue  # what cannot be opened cannot be corrected; the other rows go on
            if change is not None:
                changes.append(change)
                complaints[ticket] = replace(complaints[ticket], **change.fields)  # type: ignore[arg-type]
                report.changed += bool(change.events)
        if not found.mass_loss:
            changes += [Change(ticket, mirror=replace(mirror[ticket], seen=False)) for ticket in found.vanished]
        if changes:
            self._store.commit(changes)

    def _read_row(
        self, complaint: Complaint, row: Row, last: MirrorRow | None, rules: Configuration, now: datetime
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
        )
        if _just_adopted(last):
            texts = texts | _left_empty(complaint, row)
            whole, cells = people_digest(texts, digest), cell_digests(texts, digest)
        seen = MirrorRow(fingerprint(texts, digest), whole, cells, seen=True)
        return replace(change or Change(complaint.ticket), mirror=seen)

    def _first_cells(self, complaint: Complaint) -> dict[str, str]:
        """What the system itself wrote into the people's cells when it appended the row."""
        written = intake_cells(complaint, self._store.intake(complaint.ticket))
        return cell_digests({key: text for key, text in written.items() if text}, self._store.digest)

    def _accept_typed(
        self,
        found: Matching,
        complaints: dict[str, Complaint],
        rules: Configuration,
        now: datetime,
        report: TickReport,
    ) -> None:
        """
        Rows that people typed straight into the register become complaints once they are complete and at rest.

        The store journals the row's fingerprint together with the new ticket, before the ticket is written.
        """
        found.at_rest, self._steady = steady(found.loose, self._steady, self._store.digest)
        for row in list(found.at_rest):
            texts = row.people_texts()
            if missing_fields(texts):
                continue
            complaint = self._accept(row, texts, now)
            intake = self._store.intake(complaint.ticket)
            disposed = decision.decide_new(complaint, intake, rules, now)
            mark = fingerprint(texts, self._store.digest)
            intake_only = {key: text for key, text in texts.items() if key not in STAFF_KEYS}
            mirror = MirrorRow(mark, "", cell_digests(intake_only, self._store.digest))
            self._store.commit([replace(disposed, mirror=mirror)])
            complaints[complaint.ticket] = replace(complaint, **disposed.fields)  # type: ignore[arg-type]
            found.rows[complaint.ticket] = found.found_again[complaint.ticket] = row
            found.at_rest.remove(row)
            report.accepted += 1

    def _accept(self, row: Row, texts: Mapping[str, str], now: datetime) -> Complaint:
        place = row.layout.positions["received_at"]
        cell = row.cells[place] if place < len(row.cells) else ""
        received_at = parse_instant(texts.get("received_at", ""), cell)
        accepted = self._store.accept(
            typed_intake(texts),
            channel=typed_channel(texts.get("channel", "")),
            now=now,
            received_at=utc(received_at) if received_at and received_at <= now else None,
            row_fingerprint=fingerprint(texts, self._store.digest),
            actor=texts.get("officer", "") or "staf",
        )
        return accepted.complaint

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
                wanted |= _left_empty(complaints[ticket], row)
            requests += cell_updates(sheet_id, row, wanted)
        for row, note in self._flags(found):
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
        if identity_masked(complaint):
            cells |= {key: MASK for key in MASKED_KEYS if row.text(key)}
        return cells

    def _flags(self, found: Matching) -> list[tuple[Row, str]]:
        """Rows that need a person's eye, and the sentence for `Catatan Sistem`."""
        flagged: list[tuple[Row, str]] = []
        flagged += [(row, _doubled_note(ticket, rows)) for ticket, rows in found.doubled.items() for row in rows]
        flagged += [(row, DOUBTFUL_NOTE) for row in found.doubtful]
        flagged += [(row, FOREIGN_NOTE) for row in found.foreign]
        flagged += [(row, _lacking_note(row)) for row in found.at_rest]
        return flagged

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
        missing = [ticket for ticket in found.missing if ticket in complaints and ticket not in found.rows]
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
        read = {
            headers[event.data["column"]]: event.secret.get("value", "")
            for event in self._store.events(ticket)
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
                report.problems.append("Pekerja lain sedang menulis ke register ini.")
                return
            self._sheet.batch(portion)
            report.requests += len(portion)

    # -- notes and confirmation -----------------------------------------------------------------------------------

    def _notes(self, values: Mapping[str, Values], checked: Checked) -> list[Request]:
        """`Catatan Sistem` of the configuration tabs."""
        requests: list[Request] = []
        for tab in CONFIGURATION:
            layout = locate(tab, values[tab.title].header)
            if not layout.sound:
                continue
            for index, cells in enumerate(values[tab.title].rows, start=1):
                row = Row(index, cells, layout)
                if tab is SETTINGS and row.text("name").strip() == CONFIRM_LOSS:
                    wanted = self._loss_note()
                else:
                    wanted = checked.notes.get(tab.title, {}).get(index, "")
                if row.text("note") != wanted:
                    sheet_id = self._sheet_ids[tab.title]
                    requests.append(write_cells(sheet_id, index, layout.positions["note"], [wanted]))
        return requests

    def _confirmed(self, values: Mapping[str, Values]) -> bool:
        """Whether staff typed the code that the system asked for."""
        asked = self._store.setting("mass_loss")
        return bool(asked) and self._typed_confirmation(values) == asked["code"]

    def _typed_confirmation(self, values: Mapping[str, Values]) -> str:
        layout = locate(SETTINGS, values[SETTINGS.title].header)
        if not layout.sound:
            return ""
        rows = (Row(index, cells, layout) for index, cells in enumerate(values[SETTINGS.title].rows, start=1))
        return next((row.text("value").strip().upper() for row in rows if row.text("name") == CONFIRM_LOSS), "")

    def _ask_about_loss(self, found: Matching, report: TickReport) -> list[Request]:
        """Stop writing to the register, and ask in `Pengaturan`, next to where the answer goes."""
        asked = self._store.setting("mass_loss")
        if not asked or asked["rows"] != len(found.vanished):
            code = f"{len(found.vanished)}-{secrets.token_hex(2).upper()}"
            self._store.put_setting("mass_loss", {"rows": len(found.vanished), "code": code})
        report.problems.append(self._loss_note())
        return []

    def _loss_note(self) -> str:
        asked = self._store.setting("mass_loss")
        if not asked:
            return ""
        return (
            f"{asked['rows']} baris hilang dari Register sekaligus; penulisan dihentikan. Urungkan penghapusan itu, "
            f"atau isi Nilai dengan {asked['code']} agar semua baris dikembalikan."
        )

    def _forget_loss(self) -> None:
        if self._store.setting("mass_loss"):
            self._store.put_setting("mass_loss", None)


def _just_adopted(last: MirrorRow | None) -> bool:
    """Whether a hand-typed row was given its ticket and has not been read since."""
    return last is not None and not last.digest


def _left_empty(complaint: Complaint, row: Row) -> dict[str, str]:
    """
    Of a hand-typed row, the intake cells that the clerk left empty and the system knows.

    They are filled only once the ticket was read back in that row: a ticket that landed in a wrong row heals, but an
    intake cell overwritten there would look like a correction.
    """
    known = intake_cells(complaint, Intake(""))
    return {key: known[key] for key in ("received_at", "channel", "identity") if not row.text(key)}


def _doubled_note(ticket: str, rows: Sequence[Row]) -> str:
    places = " dan ".join(str(row.index + 1) for row in rows)
    return f"Tiket {ticket} ada pada baris {places}. Hapus salinannya."


def _lacking_note(row: Row) -> str:
    lacking = missing_fields(row.people_texts())
    return f"Belum lengkap: isi {', '.join(lacking)}." if lacking else ""
