"""
What follows once a complaint's key is destroyed, and destroying what was kept long enough, with a report.

The store forgets at once (`register/erasing.py`); files, conversations and spreadsheets are gone over here until
nothing is left, by whichever worker comes to it.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from automation.archive.moving import Mover
from automation.archive.plan import kept_from, kept_months
from automation.archive.rows import Rows
from automation.archive.shelves import Shelves
from automation.configuration.in_force import Configuration
from register.archive import SYSTEM, HeldError, NotArchivedError, Task
from register.attachments import Attachments
from register.complaint import WITA, Complaint
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


class Eraser:
    """
    Goes over what a destroyed key leaves behind.

    Args:
        forget: Makes the worker forget texts that it remembers to compare new complaints with.
    """

    def __init__(
        self, store: Store, attachments: Attachments, mover: Mover, shelves: Shelves, forget: Callable[[], None]
    ) -> None:
        self._store = store
        self._attachments = attachments
        self._mover = mover
        self._shelves = shelves
        self._forget = forget

    def follow(self, now: datetime) -> int:
        """Finish what was erased; how many are finished now. Raises: as `Sheet.read`."""
        waiting = self._store.archive_tasks(Task.BLANK)
        if not waiting:
            return 0
        forget_outside(self._store, self._attachments, waiting, now)
        self._forget()
        self._mover.clear(now)
        done: set[str] = set()
        for key, tickets in self._mover.by_shelf(waiting).items():
            sheet = self._shelves.sheet(key)
            if sheet is None:
                done |= tickets
                continue
            rows = Rows(sheet)
            done |= rows.write_over({ticket: _blank(rows, ticket) for ticket in tickets})
        self._store.archive_task_done(Task.BLANK, done)
        return len(done)


def forget_outside(store: Store, attachments: Attachments, erased: Sequence[Complaint], now: datetime) -> None:
    """Files and conversations of erased complaints go; the model learns anew without them."""
    attachments.sweep(now)
    for complaint in erased:
        for conversation in store.last_of_conversations(complaint.ticket):
            store.erase_conversation(conversation, now)
    store.put_setting(_TRAINED, None)


def _blank(rows: Rows, ticket: str) -> dict[str, str]:
    """Over every cell of these columns in which something stands."""
    found = rows.by_ticket.get(ticket, ())
    return {key: GONE for key in BLANKED if any(row.text(key) for row in found)}


@dataclass(frozen=True)
class Outdated:
    """A complaint that was kept as long as its category's setting says."""

    complaint: Complaint
    months: int


def outdated(store: Store, rules: Configuration, now: datetime) -> list[Outdated]:
    """What the schedule would erase now, at most `AT_ONCE`; nothing where no retention is set."""
    found: list[Outdated] = []
    for category, months in sorted(kept_months(rules).items()):
        some = store.erasable(category, kept_from(months, now), AT_ONCE - len(found))
        found += [Outdated(complaint, months) for complaint in some]
        if len(found) >= AT_ONCE:
            break
    return found


def erase_outdated(store: Store, rules: Configuration, now: datetime, folder: Path) -> Path | None:
    """
    Erase what was kept long enough, each with its event, and write a report. Returns: where it is; None if none was.

    A kill before it is written leaves the trail's own events as the only account of what was erased by then.
    """
    done = []
    for each in outdated(store, rules, now):
        with suppress(HeldError, NotArchivedError):  # since they were looked for
            done.append((each, store.erase(each.complaint.ticket, "retensi", now, actor=SYSTEM)))
    if not done:
        return None
    place = folder / REPORTS / f"penghapusan-{now.astimezone(WITA):%Y-%m-%d-%H%M%S}.txt"
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.touch(mode=0o600)
    lines = [
        "LAPORAN PENGHAPUSAN DATA PENGADUAN MENURUT MASA SIMPAN",
        f"Waktu: {now.astimezone(WITA):%d-%m-%Y %H.%M} WITA. Dasar: {REASONS['retensi']}; UU 27/2022.",
        f"Jumlah: {len(done)} pengaduan. Angka laporan tidak berubah.",
        "",
        *(
            f"{found.complaint.register_number}  {found.complaint.ticket}  {each.complaint.category or '-'}  "
            f"masa simpan {each.months} bulan  bukti {found.digests['intake']}"
            for each, found in done
        ),
        "",
        "Periksa tiap tiket dengan: aduan erase --check TIKET",
    ]
    place.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return place


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
