"""Everything out: one row for each complaint, as a spreadsheet or as CSV that no program computes."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from automation.calendars.indonesian_dates import short_date
from automation.exchange.harmless import harmless, is_dangerous, xml_safe
from automation.exchange.mapping import ColumnMapping
from automation.exchange.table import RawRow, text_of
from automation.sop.decision import stage
from automation.sync.row_reading import RowReader
from automation.sync.rows import IDENTITY_LABELS, STAFF_KEYS, shown_instant
from forms.categories import categories
from forms.fields import FIELDS
from register.changes import Book
from register.complaint import (
    CHANNEL_LABELS,
    DEEMED_WITHDRAWN,
    DEEMED_WITHDRAWN_LABEL,
    STATUS_LABELS,
    WITA,
    Complaint,
)
from register.transfer import Transfer
from register.wholes import Whole
from sheets_schema.register_tab import REGISTER

LONGEST_CELL = 32_767
"""Letters that Excel takes."""
PORTION = 200
"""Complaints in memory at a time."""
_SAID = tuple(each for each in FIELDS if each.name not in ("confidential", "anonymous"))
_STAFF = tuple(key for key in STAFF_KEYS if key not in ("act", "reply", "send_reply"))
_FIRST = {
    "ticket": "Tiket",
    "register_number": "Nomor Registrasi",
    "received_at": "Waktu Masuk",
    "recorded_at": "Waktu Tercatat",
    "channel_label": "Kanal",
    "status_label": "Status",
    "outcome_label": "Hasil",
    "stage": "Tahap SOP",
    "due_at": "Batas Waktu",
    "answered_at": "Waktu Jawaban",
    "closed_at": "Waktu Selesai",
    "bidang": "Disposisi",
    "urgency": "Urgensi",
    "classified": "Klasifikasi",
    "identity_label": "Identitas",
}
HEADERS: Mapping[str, str] = (
    _FIRST
    | {each.name: each.on_paper for each in _SAID}
    | {f"staff.{key}": REGISTER.column(key).header for key in _STAFF}
    | {"reply": "Balasan", "replied_at": "Waktu Balasan"}
)
"""Of our own table, by fact."""

Row = Sequence[str]


def rows_out(
    store: Transfer, chosen: Callable[[Complaint], bool], mapping: ColumnMapping | None = None
) -> Iterator[Row]:
    """
    The header, and a row for each complaint that is chosen; `store` is a snapshot.

    Args:
        mapping: Whose columns they are; ours if it says none.
    """
    columns = mapping.export if mapping else {header: fact for fact, header in HEADERS.items()}
    words = mapping.export_values if mapping else {}
    yield tuple(columns)
    reader, wholes = RowReader(store, Book.SHARED), store.wholes(chosen)
    while some := list(islice(wholes, PORTION)):
        outcomes = _outcomes(store, [whole.complaint for whole in some])
        for whole in some:
            ticket = whole.complaint.ticket
            found = facts(whole, reader.last_staff_cells(ticket)) | outcomes[ticket]
            yield tuple(_value(fact, found, words) for fact in columns.values())


def _outcomes(store: Transfer, complaints: Sequence[Complaint]) -> dict[str, dict[str, str]]:
    """How each ended, also once it was filed; of one that is open, where it stands."""
    closed = [complaint.ticket for complaint in complaints if complaint.closed]
    ended = {case.complaint.ticket: case.closings[-1].act for case in store.cases_of(closed) if case.closings}
    found = {}
    for complaint in complaints:
        act = ended.get(complaint.ticket)
        status = act.status if act else complaint.status
        deemed = act is not None and act.key == DEEMED_WITHDRAWN
        label = DEEMED_WITHDRAWN_LABEL if deemed else STATUS_LABELS[status]
        found[complaint.ticket] = {"outcome": status.value, "outcome_label": label}
    return found


def _value(fact: str, found: Mapping[str, str], words: Mapping[str, Mapping[str, str]]) -> str:
    if fact.startswith("="):
        return fact[1:]
    return words.get(fact, {}).get(found.get(fact, ""), found.get(fact, ""))


def facts(whole: Whole, cells: Mapping[str, str]) -> dict[str, str]:
    """All that can stand in a column, by name; instants in WITA. Nothing of what was said once it was erased."""
    complaint, intake = whole.complaint, whole.intake
    received = complaint.received_at.astimezone(WITA)
    said = {each.name: _text(getattr(intake, each.name)) if intake else "" for each in _SAID}
    labels = {each.code: each.label for each in categories()}
    return said | {
        "ticket": complaint.ticket,
        "register_number": complaint.register_number,
        "received_at": shown_instant(complaint.received_at),
        "received_on": f"{short_date(received)} {received.year}",
        "received_time": received.strftime("%H:%M"),
        "recorded_at": shown_instant(complaint.recorded_at),
        "channel": complaint.channel.value,
        "channel_label": CHANNEL_LABELS[complaint.channel],
        "status": complaint.status.value,
        "status_label": complaint.status_label,
        "stage": stage(complaint),
        "due_at": shown_instant(complaint.due_at),
        "answered_at": shown_instant(complaint.answered_at),
        "closed_at": shown_instant(complaint.answered_at) if complaint.closed else "",
        "bidang": complaint.bidang,
        "urgency": complaint.urgency,
        "classified": complaint.category,
        "category_label": labels.get(complaint.category, complaint.category),
        "identity": complaint.identity.value,
        "identity_label": IDENTITY_LABELS[complaint.identity],
        "reply": whole.reply,
        "replied_at": shown_instant(complaint.replied_at),
        **{f"staff.{key}": cells.get(key, "") for key in _STAFF},
    }


def _text(value: object) -> str:
    return "" if value is None else str(value)


def write_csv(rows: Iterable[Row], file: TextIO) -> int:
    """
    As CSV with a mark of UTF-8, which Excel needs, and with semicolons, which it parts columns by where people write
    decimals with a comma; how many rows there were below the header.
    """
    file.write("\ufeff")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    count = -1
    for row in rows:
        writer.writerow([harmless(text) for text in row])
        count += 1
    return max(count, 0)


def write_xlsx(rows: Iterable[Row], path: Path, title: str = "Pengaduan") -> int:
    """As XLSX: every cell is text, and marked as such where a program would compute it once it was edited."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(title)
    sheet.freeze_panes = "B2"
    count = -1
    for row in rows:
        cells = []
        for text in row:
            cell: Any = WriteOnlyCell(sheet, None)
            if text:
                cell.value = xml_safe(text)[:LONGEST_CELL]
                cell.data_type = "s"
                if is_dangerous(text):
                    cell.quotePrefix = True
            cells.append(cell)
        sheet.append(cells)
        count += 1
    book.save(path)
    return max(count, 0)


def broken_rows(header: Row, rows: Iterable[RawRow], troubles: Mapping[int, Sequence[str]]) -> Iterator[Row]:
    """A table of the rows that were refused, each with its number and what to mend, in their own columns."""
    yield ("Baris", "Yang perlu diperbaiki", *header)
    for row in rows:
        cells = [text_of(cell) for cell in row.cells][: len(header)]
        yield (str(row.number), " ".join(troubles.get(row.number, ())), *cells)


def stamp(now: datetime) -> str:
    """For the name of a file: the day in WITA."""
    return now.astimezone(WITA).strftime("%Y-%m-%d")
