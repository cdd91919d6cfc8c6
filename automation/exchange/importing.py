"""
Old rows into the store, some at a time, each once.

What was closed there is filed at once: without clocks, alarms or messages. What was open enters the SOP from now on:
the office cannot have been late by a clock that nobody had started.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from automation.configuration.in_force import Configuration
from automation.exchange.checking import Entry, Trouble, check_row, for_mending
from automation.exchange.csv_text import CsvFile
from automation.exchange.errors import MappingError
from automation.exchange.heading import Head, find_head, is_counting
from automation.exchange.mapping import LABELS, ColumnMapping
from automation.exchange.table import RawRow, Tables
from automation.sop import decision
from automation.sop.corrections import proposed
from automation.sync.rows import cell_digests, fingerprint, people_digest
from automation.sync.stubs import first_people_cells
from forms.regions import district_name
from register.accepting import RECEIVED_LABEL
from register.changes import Book, MirrorRow
from register.complaint import Complaint, Event, EventKind, Status, procedure_for
from register.old_rows import Fate, Imported, OldRows
from register.tickets import new_ticket
from sheets_schema.register_tab import REGISTER

BATCH = 250
"""Rows in one transaction: the worker and the forms wait for it, so it takes well below a second."""
ACTOR = "impor"
FILED = "arsipkan"
_ENDED: Mapping[str, Status] = {
    "selesai": Status.RESOLVED,
    "cabut": Status.WITHDRAWN,
    "alihkan": Status.TRANSFERRED,
    "bukan_kewenangan": Status.OUT_OF_AUTHORITY,
}
CHANGED = "Nomor ini sudah pernah diimpor dengan isi yang berbeda; baris ini tidak diimpor lagi."
TWICE = "Baris ini mengulang baris {row} (nomor atau isinya sama); hanya yang pertama diimpor."


@dataclass
class Outcome:
    """What came of an import, or would come of it."""

    new: int = 0
    repeated: int = 0
    opened: int = 0
    """Of the new ones, those that are still open."""
    passed_over: int = 0
    """Headers said again, and rows that count the columns."""
    hidden: int = 0
    troubles: list[Trouble] = field(default_factory=list)
    bad_rows: list[RawRow] = field(default_factory=list)
    """Those with troubles, for mending."""


@dataclass(frozen=True)
class Source:
    """A table to import: which sheet of which file, by which mapping, and where it begins."""

    tables: Tables
    sheet: str
    mapping: ColumnMapping
    head: Head

    def rows(self) -> Iterator[RawRow]:
        """What stands below the header, without empty rows."""
        return (row for row in self.tables.rows(self.sheet) if row.number > self.head.row and not row.empty)


def source_of(tables: Tables, mappings: Sequence[ColumnMapping], sheet: str = "") -> Source:
    """
    The one sheet that a mapping fits, by the mapping that knows most of its columns.

    Raises: MappingError if none does, or several; TableError.
    """
    found = [made for name in ([sheet] if sheet else tables.names) if (made := _best(tables, mappings, name))]
    if not found:
        raise MappingError(
            "Judul kolom tidak ditemukan pada 40 baris pertama. Buat pemetaan dengan: "
            "aduan import --make-mapping BERKAS"
        )
    fitting = [each for each in found if not each.mapping.missing(each.head.places)]
    if not fitting:
        best = max(found, key=lambda each: len(each.head.places))
        names = ", ".join(LABELS[column] for column in best.mapping.missing(best.head.places))
        raise MappingError(
            f"Kolom yang wajib ada belum dipetakan: {names}. Buat pemetaan dengan: aduan import --make-mapping BERKAS, "
            "lalu isi [columns] atau [fixed]."
        )
    if len(fitting) > 1:
        names = ", ".join(each.sheet for each in fitting)
        raise MappingError(f"Lebih dari satu lembar dapat diimpor: {names}. Sebutkan salah satu dengan --sheet.")
    return fitting[0]


def _best(tables: Tables, mappings: Sequence[ColumnMapping], sheet: str) -> Source | None:
    made = [
        Source(tables, sheet, each, head) for each in mappings if (head := find_head(iter(tables.rows(sheet)), each))
    ]
    made.sort(key=lambda each: (not each.mapping.missing(each.head.places), len(each.head.places)))
    return made[-1] if made else None


def run(
    source: Source,
    store: OldRows,
    rules: Configuration,
    now: datetime,
    *,
    dry: bool = False,
    step: Callable[[int], object] = lambda _rows: None,
) -> Outcome:
    """
    Import what can be imported, and tell what cannot.

    Args:
        dry: Whether to look only: nothing is written.
        step: Told after each portion how many more rows were looked at.
    """
    outcome = Outcome()
    seen: dict[str, int] = {}
    rows = source.rows()
    while portion := list(islice(rows, BATCH)):
        entries = list(_good(portion, source, now, seen, outcome))
        fates = store.fates([(entry.key, entry.intake) for entry in entries])
        new = [entry for entry, fate in zip(entries, fates, strict=True) if fate is Fate.NEW]
        if not dry and new:  # what is known already is not decided on again
            added = iter(store.add([old_case(entry, source.mapping, store, rules, now) for entry in new]))
            fates = [next(added) if fate is Fate.NEW else fate for fate in fates]
        _count(entries, fates, portion, outcome)
        step(len(portion))
    return outcome


def _good(
    portion: Iterable[RawRow], source: Source, now: datetime, seen: dict[str, int], outcome: Outcome
) -> Iterator[Entry]:
    wide = isinstance(source.tables, CsvFile)
    for row in portion:
        outcome.hidden += row.hidden
        if source.head.repeated_by(row) or is_counting(row):
            outcome.passed_over += 1
            continue
        found = check_row(row, source.head, source.mapping, now, all_cells=wide)
        if isinstance(found, Entry) and found.key in seen:
            found = [Trouble(row.number, "", TWICE.format(row=seen[found.key]))]
        if isinstance(found, Entry):
            seen[found.key] = row.number
            yield found
        else:
            outcome.troubles += found
            outcome.bad_rows.append(for_mending(row, source.head))


def _count(entries: Sequence[Entry], fates: Sequence[Fate], portion: Sequence[RawRow], outcome: Outcome) -> None:
    by_number = {row.number: row for row in portion}
    for entry, fate in zip(entries, fates, strict=True):
        outcome.new += fate is Fate.NEW
        outcome.opened += fate is Fate.NEW and not entry.closed
        outcome.repeated += fate is Fate.REPEATED
        if fate is Fate.CONFLICT:
            outcome.troubles.append(Trouble(entry.row, "", CHANGED))
            outcome.bad_rows.append(by_number[entry.row])


# -- one row ----------------------------------------------------------------------------------------------------------


def old_case(entry: Entry, mapping: ColumnMapping, store: OldRows, rules: Configuration, now: datetime) -> Imported:
    """What goes into the store for a row. Nobody is told of it: what a change would tell the reporter is left out."""
    base = Complaint(
        ticket=new_ticket(),
        number=0,
        channel=entry.channel,
        procedure=procedure_for(entry.channel),
        identity=entry.intake.identity,
        received_at=entry.received_at,
        recorded_at=now,
        updated_at=now,
        district=district_name(entry.intake.district),
    )
    made = _filed(base, entry, rules, now) if entry.closed else _opened(base, entry, rules, now)
    numbered = f"; nomor lama {entry.number}" if entry.number else ""
    note = f"Diimpor dari {mapping.name}, baris {entry.row}{numbered}."
    complaint = replace(made.complaint, note=" ".join(filter(None, (note, made.complaint.note))))
    receipt = Event(
        EventKind.RECEIVED,
        now,
        ACTOR,
        {"channel": entry.channel.value, "received_at": entry.received_at.isoformat()},
        public_label=RECEIVED_LABEL,
    )
    came = Event(
        EventKind.IMPORTED,
        now,
        ACTOR,
        {"source": mapping.source, "row": str(entry.row)},
        {"number": entry.number} if entry.number else {},
    )
    imported = replace(made, complaint=complaint, events=(receipt, came, *made.events))
    return _with_reply(imported, entry.reply, store, now) if entry.reply else imported


def _opened(base: Complaint, entry: Entry, rules: Configuration, now: datetime) -> Imported:
    """Its clocks begin now; when it came in stays what it was."""
    change = decision.decide_new(replace(base, received_at=now), entry.intake, rules, now)
    complaint = replace(change.applied_to(base), received_at=entry.received_at)
    return Imported(complaint, entry.intake, entry.key, tuple(change.events), change.clocks)


def _filed(base: Complaint, entry: Entry, rules: Configuration, now: datetime) -> Imported:
    """
    Recorded, answered and closed when the old register says so, and numbered in the year of that.

    It last changed when it was closed: so it leaves the working register with the next portion, if that was long ago.
    """
    outcome, closed_at = proposed(entry.intake, rules), entry.closed_at or entry.received_at
    complaint = replace(
        base,
        recorded_at=entry.received_at,
        updated_at=closed_at,
        status=Status.ARCHIVED,
        category=outcome.category,
        bidang=outcome.bidang,
        urgency=outcome.urgency,
        restricted=outcome.restricted,
        step=len(rules.procedures[base.procedure.value].steps) + 1,
        step_begun_at=now,
        answered_at=closed_at,
        closed_by=FILED,
    )
    disposed = {"category": outcome.category, "bidang": outcome.bidang, "urgency": outcome.urgency}
    told: tuple[tuple[EventKind, Mapping[str, str], Status, datetime], ...] = (
        (EventKind.DISPOSED, disposed, Status.DISPOSED, entry.received_at),
        (EventKind.ACT, {"act": entry.outcome}, _ENDED[entry.outcome], closed_at),
        (EventKind.ACT, {"act": FILED}, Status.ARCHIVED, closed_at),
    )
    events = tuple(
        Event(kind, now, ACTOR, {**data, "status": status.value, "happened_at": at.isoformat()})
        for kind, data, status, at in told
    )
    return Imported(complaint, entry.intake, entry.key, events)


def _with_reply(imported: Imported, reply: str, store: OldRows, now: datetime) -> Imported:
    """What the reporter was answered then stands in the column Balasan, as if it had been read there."""
    data = {"column": REGISTER.column("reply").header}
    read = Event(EventKind.CELL_READ, now, ACTOR, data, {"value": reply})
    complaint = imported.complaint
    book = Book.RESTRICTED if complaint.restricted else Book.SHARED
    texts = {**first_people_cells(complaint, book, imported.intake), "reply": reply}
    if complaint.closed:
        imported = replace(imported, complaint=replace(complaint, replied_at=complaint.answered_at), reply=reply)
    return replace(imported, events=(*imported.events, read), book=book, mirror=mirror_of(texts, store))


def mirror_of(texts: Mapping[str, str], store: OldRows) -> MirrorRow:
    """What a tick will find in a row that it writes with these cells, so that it is not taken for staff's doing."""
    digest = store.digest
    return MirrorRow(fingerprint(texts, digest), people_digest(texts, digest), cell_digests(texts, digest))
