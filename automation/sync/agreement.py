"""
Whether the register shows what the store says: for `aduan verify`, which only looks and changes nothing.

Only what the system writes is compared, and of that not `Sisa Waktu`, which changes with the hour. What people wrote is
theirs to change, and every change is in the audit trail.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from automation.sop import decision
from automation.sync.rows import SYSTEM_KEYS, Row, read_register
from automation.sync.stubs import shown_system_cells
from register.changes import Book
from register.complaint import Complaint
from register.sheet import Sheet
from register.store import Store
from sheets_schema.register_tab import REGISTER

COMPARED = tuple(key for key in SYSTEM_KEYS if key not in ("ticket", "remaining", "heard"))
"""System cells that depend on the complaint alone; the ticket is how the row is found, and words are not opened."""
_HEADERS = {column.key: column.header for column in REGISTER.columns}


def disagreements(store: Store, sheet: Sheet, book: Book = Book.SHARED) -> list[str]:
    """
    What a register shows otherwise than the store, while the worker may go on working.

    Raises: SheetUnavailableError, SheetRefusedError.
    """
    # In this order, so that what the worker changes in between counts as not written yet.
    read_at = (store.setting("register") or {}).get("read_at")
    layout, rows = read_register(sheet.read([REGISTER.title])[REGISTER.title])
    if not layout.sound:
        names = ", ".join(layout.missing + layout.doubled)
        return [f"Tab {REGISTER.title} tidak dapat dibandingkan: judul kolom hilang atau ganda ({names})."]
    written_before = datetime.fromisoformat(read_at) if read_at else None
    complaints = store.active_complaints()
    archived = store.archived_among({row.ticket for row in rows} - complaints.keys())
    rows = [row for row in rows if row.ticket not in archived]  # they are about to be removed, or were pasted in
    if book is Book.RESTRICTED:
        complaints = {ticket: each for ticket, each in complaints.items() if each.restricted}
    return differences(rows, complaints, written_before=written_before, book=book)


def differences(
    rows: Sequence[Row],
    complaints: Mapping[str, Complaint],
    *,
    written_before: datetime | None,
    book: Book = Book.SHARED,
) -> list[str]:
    """
    A formal Indonesian sentence for each row that is missing, doubled, unknown, or shows something else.

    Args:
        rows: The tab `Register` as read.
        complaints: Every complaint of the store, by ticket.
        written_before: When the worker last brought the register up to date. What changed since then is not expected
            there yet; None: nothing is.
    """
    by_ticket: dict[str, list[Row]] = {}
    for row in rows:
        if row.ticket:
            by_ticket.setdefault(row.ticket, []).append(row)
    return [*_of_rows(by_ticket, complaints, written_before, book), *_missing(by_ticket, complaints, written_before)]


def _of_rows(
    by_ticket: Mapping[str, Sequence[Row]],
    complaints: Mapping[str, Complaint],
    written_before: datetime | None,
    book: Book,
) -> Iterator[str]:
    for ticket, found in by_ticket.items():
        places = ", ".join(str(row.index + 1) for row in found)
        if ticket not in complaints:
            yield f"Baris {places}: tiket {ticket[:40]} tidak ada dalam basis data."
        elif len(found) > 1:
            yield f"Baris {places}: tiket {ticket} ganda."
        elif _settled(complaints[ticket], written_before):
            yield from _of_cells(found[0], complaints[ticket], book)


def _of_cells(row: Row, complaint: Complaint, book: Book) -> Iterator[str]:
    wanted = shown_system_cells(complaint, book, row, stage=decision.stage(complaint), remaining="")
    for key in COMPARED:
        if row.text(key) != wanted[key]:
            shown, meant = (text[:60] or "kosong" for text in (row.text(key), wanted[key]))
            yield (
                f"Baris {row.index + 1} (tiket {complaint.ticket}): {_HEADERS[key]} tertulis {shown}, "
                f"tetapi menurut basis data {meant}."
            )


def _missing(
    by_ticket: Mapping[str, Sequence[Row]], complaints: Mapping[str, Complaint], written_before: datetime | None
) -> Iterator[str]:
    for ticket, complaint in complaints.items():
        if ticket not in by_ticket and _settled(complaint, written_before):
            yield f"Tiket {ticket} ({complaint.register_number}): barisnya tidak ada dalam register."


def _settled(complaint: Complaint, written_before: datetime | None) -> bool:
    """An imported one was taken up just now, though it was closed long ago."""
    changed_at = max(complaint.updated_at, complaint.step_begun_at or complaint.updated_at)
    return written_before is not None and changed_at < written_before
