"""
What a complaint's row shows in each of the two registers. Pure.

A restricted complaint is a stub in the shared one: that there is such a case and how it stands, but not what it is
about. Its own register shows it whole.
"""

from collections.abc import Mapping

from automation.sync.rows import RESTRICTED_MASK, STAFF_KEYS, Row, intake_cells, masks, system_cells
from register.changes import Book
from register.complaint import Complaint, Intake

STUB_KEYS = ("category", "description", "name", "contact", "district", "village")
"""Intake cells that show the mask in a restricted complaint's stub."""
STUB_STAFF_KEYS = ("reason", "referral", "corrected_bidang", "corrected_category", "officer", "follow_up", "reply")
"""Staff cells that show it there once something stands in them; the others stay as typed."""
_STAY_AS_TYPED = tuple(key for key in STAFF_KEYS if key not in STUB_STAFF_KEYS)
STUB_BIDANG = "Terbatas"
STUB_NOTE = "Rincian pengaduan ini hanya ada di Register Terbatas."
STUB_ACT_NOTE = "Tindakan untuk pengaduan ini dilakukan di Register Terbatas."


def is_stub(complaint: Complaint, book: Book) -> bool:
    """Whether that book shows only that there is such a complaint."""
    return complaint.restricted and book is Book.SHARED


def shown_system_cells(
    complaint: Complaint, book: Book, row: Row | None, *, stage: str, remaining: str, heard: str = ""
) -> dict[str, str]:
    """What the system cells of a complaint's row must show in that book; `row` as read, if there is one."""
    if is_stub(complaint, book):
        return _stub_system_cells(complaint, row, stage=stage, remaining=remaining)
    return system_cells(complaint, stage=stage, remaining=remaining, heard=heard)


def first_people_cells(complaint: Complaint, book: Book, intake: Intake | None) -> dict[str, str]:
    """What the system writes once into the cells that people own; nothing where what was said does not open."""
    if is_stub(complaint, book):
        cells: Mapping[str, str] = _stub_intake_cells(complaint)
    else:
        cells = intake_cells(complaint, intake) if intake is not None else {}
    return {key: text for key, text in cells.items() if text}


def wanted_masks(complaint: Complaint, book: Book, row: Row) -> dict[str, str]:
    """What must stand in place of what is to be kept from the readers of that book."""
    return _stub_masks(row) if is_stub(complaint, book) else masks(complaint, row)


def _stub_intake_cells(complaint: Complaint) -> dict[str, str]:
    """What the system writes into the intake cells of a restricted complaint's stub: the same masks for each."""
    return intake_cells(complaint, Intake("")) | dict.fromkeys(STUB_KEYS, RESTRICTED_MASK)


def _stub_masks(row: Row) -> dict[str, str]:
    """What must stand in the cells of a stub that would tell what it is about; empty ones tell nothing."""
    filled = (key for key in (*STUB_KEYS, *STUB_STAFF_KEYS) if row.text(key).strip())
    return dict.fromkeys(filled, RESTRICTED_MASK)


def _stub_system_cells(complaint: Complaint, row: Row | None, *, stage: str, remaining: str) -> dict[str, str]:
    """What the system cells of a restricted complaint show in the shared register, where it is only a stub."""
    acted = row is not None and any(
        row.text(key).strip() not in ("", "FALSE", RESTRICTED_MASK) for key in _STAY_AS_TYPED
    )
    heard = RESTRICTED_MASK if complaint.heard_at else ""
    return system_cells(complaint, stage=stage, remaining=remaining, heard=heard) | {
        "bidang": STUB_BIDANG,
        "classified": RESTRICTED_MASK,
        "note": STUB_ACT_NOTE if acted else STUB_NOTE,
    }
