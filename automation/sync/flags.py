"""Rows that need a person's eye, and the sentence for their `Catatan Sistem`. Pure."""

import re
from collections.abc import Sequence
from datetime import datetime

from automation.sync.matching import Matching
from automation.sync.rows import Row
from automation.sync.typed_rows import lacking

DOUBTFUL_NOTE = "Tiket baris ini hilang dan ada lebih dari satu yang cocok. Isi kembali tiketnya."
EXCHANGED_NOTE = (
    "Isi baris ini milik tiket lain; mungkin hanya sebagian kolom yang diurutkan. Urungkan pengurutan itu; "
    "sampai saat itu baris ini tidak dibaca."
)
ARCHIVED_NOTE = "Pengaduan ini sudah di arsip. Bila perlu diubah, kembalikan dengan: aduan restore TIKET"
FOREIGN_NOTE = "Tiket ini tidak dikenal. Kosongkan agar sistem memberi tiket baru."

_FLAG = re.compile(r"Tiket \S+ ada pada baris [\d a-z]+\. Hapus salinannya\.|Belum lengkap: isi .+\.")


def is_flag(text: str) -> bool:
    """Whether it is one of the sentences below."""
    return text in (DOUBTFUL_NOTE, EXCHANGED_NOTE, FOREIGN_NOTE, ARCHIVED_NOTE) or bool(_FLAG.fullmatch(text))


def flags(found: Matching, now: datetime) -> list[tuple[Row, str]]:
    """Each such row with its sentence; an empty one for a hand-typed row that lacks nothing."""
    flagged: list[tuple[Row, str]] = []
    flagged += [(row, _doubled_note(ticket, rows)) for ticket, rows in found.doubled.items() for row in rows]
    flagged += [(row, DOUBTFUL_NOTE) for row in found.doubtful]
    flagged += [(row, FOREIGN_NOTE) for row in found.foreign]
    flagged += [(row, ARCHIVED_NOTE) for row in found.archived]
    flagged += [(row, EXCHANGED_NOTE) for row in found.exchanged.values()]
    flagged += [(row, _lacking_note(row, now)) for row in found.at_rest]
    return flagged


def _doubled_note(ticket: str, rows: Sequence[Row]) -> str:
    places = " dan ".join(str(row.index + 1) for row in rows)
    return f"Tiket {ticket} ada pada baris {places}. Hapus salinannya."


def _lacking_note(row: Row, now: datetime) -> str:
    missing = lacking(row, now)
    return f"Belum lengkap: isi {', '.join(missing)}." if missing else ""
