"""
What follows once a complaint's key is destroyed, and destroying what was kept long enough, with a report.

The store forgets at once (`register/erasing.py`); files, conversations and spreadsheets are gone over here until
nothing is left, by whichever worker comes to it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from automation.archive.moving import Mover
from automation.archive.plan import kept_from, kept_months
from automation.archive.rows import Rows
from automation.archive.shelves import Shelves
from automation.configuration.in_force import Configuration
from register.archive import SYSTEM, HeldError, NotArchivedError, Task
from register.attachments import Attachments
from register.case_reports import CaseReports
from register.complaint import WITA, Complaint, Event
from register.erasing import REASONS, Doomed
from register.store import Store

GONE = "(data sudah dihapus)"
"""Stands for what was erased, in spreadsheets and on paper."""
BLANKED = ("description", "name", "contact", "village", "reason", "referral", "follow_up", "reply", "heard", "note")
"""Columns of the archive's rows in which people wrote freely, or that tell who it was."""
AT_ONCE = 200
"""Complaints that the schedule erases in one run; the rest follows the next day."""
REPORTS = "arsip"
"""Folder of the data in which reports of scheduled erasures lie."""
_TRAINED = "model_trained"
_REPORTED = "archive_reported"
"""Setting of the store: up to which event of the trail erasures were reported."""


class Files(Protocol):
    """The folders in which something of a complaint lies."""

    @property
    def attachments(self) -> Attachments:
        """What reporters sent."""
        ...

    @property
    def reports(self) -> CaseReports:
        """What was written of each complaint."""
        ...


class Eraser:
    """
    Goes over what a destroyed key leaves behind.

    Args:
        forget: Makes the worker forget texts that it remembers to compare new complaints with.
    """

    def __init__(self, store: Store, files: Files, mover: Mover, shelves: Shelves, forget: Callable[[], None]) -> None:
        self._store = store
        self._files = files
        self._mover = mover
        self._shelves = shelves
        self._forget = forget

    def follow(self, now: datetime) -> int:
        """Finish what was erased; how many are finished now. Raises: as `Sheet.read`."""
        waiting = self._store.archive_tasks(Task.BLANK)
        if not waiting:
            return 0
        forget_outside(self._store, self._files, waiting, now)
        self._forget()
        self._mover.clear(now)
        done = {each.ticket for each in waiting}
        for key, tickets in self._mover.by_shelf(waiting).items():
            sheet = self._shelves.sheet(key)
            if sheet is not None:
                rows = Rows(sheet)
                done -= tickets - rows.write_over({ticket: _blank(rows, ticket) for ticket in tickets})
        self._store.archive_task_done(Task.BLANK, done)
        return len(done)


def forget_outside(store: Store, files: Files, erased: Sequence[Complaint], now: datetime) -> None:
    """Files and conversations of erased complaints go; the model learns anew without them."""
    files.attachments.sweep(now)
    files.reports.drop_erased([complaint.ticket for complaint in erased])
    for complaint in erased:
        for conversation in store.last_of_conversations(complaint.ticket):
            store.erase_conversation(conversation, now)
    store.put_setting(_TRAINED, None)


def _blank(rows: Rows, ticket: str) -> dict[str, str]:
    """Over every cell of these columns in which something stands."""
    found = rows.by_ticket.get(ticket, ())
    return {key: GONE for key in BLANKED if any(row.text(key) for row in found)}


def outdated(store: Store, rules: Configuration, now: datetime) -> list[Complaint]:
    """What the schedule would erase now, at most `AT_ONCE`; nothing where no retention is set."""
    found: list[Complaint] = []
    for category, months in sorted(kept_months(rules).items()):
        found += store.erasable(category, kept_from(months, now), AT_ONCE - len(found))
        if len(found) >= AT_ONCE:
            break
    return found


def erase_outdated(store: Store, rules: Configuration, now: datetime, folder: Path) -> Path | None:
    """
    Erase what was kept long enough, each with its event, and report what was erased, by hand too, since the last time.

    Returns: where the report is; None if nothing was erased.
    """
    for each in outdated(store, rules, now):
        try:
            store.erase(each.ticket, "retensi", now, actor=SYSTEM)
        except (HeldError, NotArchivedError):
            continue  # held or taken up again meanwhile
    return report_erased(store, rules, folder)


def report_erased(store: Store, rules: Configuration, folder: Path) -> Path | None:
    """
    Write what the trail says was erased since the last report; None if nothing was.

    A kill before it is written loses nothing: the next one tells of it. One just after makes the same file anew.
    """
    told = store.setting(_REPORTED) or 0
    done, through = store.erasures(told)
    if not done:
        if through != told:
            store.put_setting(_REPORTED, through)
        return None
    begun = done[0][1].at.astimezone(WITA)
    kept = kept_months(rules)
    lines = [
        "LAPORAN PENGHAPUSAN DATA PENGADUAN",
        *(f"{code}: {words}." for code, words in REASONS.items()),
        f"Jumlah: {len(done)} pengaduan. Angka laporan tidak berubah.",
        "",
        *(_reported_line(complaint, event, kept) for complaint, event in done),
        "",
        "Periksa tiap tiket dengan: aduan erase --check TIKET",
    ]
    place = folder / REPORTS / f"penghapusan-{begun:%Y-%m-%d-%H%M%S}.txt"
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = place.with_suffix(".tmp")
    unfinished.touch(mode=0o600)
    unfinished.write_text("\n".join(lines) + "\n", encoding="utf-8")
    unfinished.replace(place)
    store.put_setting(_REPORTED, through)
    return place


def _reported_line(complaint: Complaint, event: Event, kept: Mapping[str, int]) -> str:
    reason = event.data["reason"]
    months = kept.get(complaint.category) if reason == "retensi" else None
    basis = f"{reason} {months} bulan" if months else reason
    return (
        f"{event.at.astimezone(WITA):%d-%m-%Y %H.%M}  {complaint.register_number}  {complaint.ticket}  "
        f"{complaint.category or '-'}  {basis}  bukti {event.data['intake']}"
    )


def doomed_lines(found: Doomed) -> list[str]:
    """What will be destroyed, or was, in formal Indonesian, without a word of what it is."""
    complaint, digests = found.complaint, found.digests
    lines = [
        f"Tiket {complaint.ticket}, nomor {complaint.register_number}, status {complaint.status_label}.",
        "Yang dimusnahkan dan tidak dapat dikembalikan:",
        f"- identitas dan uraian pelapor, tanggapan, dan {found.events} catatan tertutup dalam jejak audit",
        f"- {found.files} lampiran, {found.contacts} kunci pencarian (NIK, telepon, e-mail)",
        f"- {len(found.conversations)} percakapan; {found.shared} percakapan tetap ada karena memuat pengaduan lain",
        f"- isi sel pada Register dan spreadsheet arsip (diganti {GONE})",
        "Yang tetap: nomor, tanggal, kategori, status, waktu, dan kecamatan, sehingga angka laporan tidak berubah.",
        "Bukti (SHA-256 dari yang tersegel):",
    ]
    return lines + [f"  {name:8} {digest}" for name, digest in digests.items()]
