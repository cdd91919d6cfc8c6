"""
What staff read: the wording of each notice from the tab `Template Pesan`, and the morning's digest. Pure.

Nothing of what a reporter said is handed to a template; of a restricted complaint neither category nor bidang is.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

from automation.configuration.in_force import Configuration
from automation.disposition.categories import Urgency, categories
from automation.reminders.escalation import ALERTS, CLIMB, Rung
from register.complaint import WITA, Complaint
from register.indonesian_dates import long_date, long_instant
from register.notices import Notice
from sheets_schema.configuration_tabs import TEMPLATES
from sheets_schema.seeding import seed_rows

MOST_LINES = 30
"""Complaints that one message names; the others are counted, and stand in the register."""
HIDDEN = "(terbatas)"

_CODES: Mapping[Rung, str] = {
    Rung.BEFORE: "pengingat",
    Rung.DUE: "jatuh_tempo",
    Rung.KABID: "eskalasi_kabid",
    Rung.KETUA_TIM: "eskalasi_1",
    Rung.KADIS: "eskalasi_2",
    Rung.DISPOSED: "disposisi",
    Rung.HEARD: "tanggapan_pelapor",
    Rung.MOVED: "batas_bergeser",
    **dict.fromkeys(ALERTS, "darurat"),
}
_WITHOUT_SUBJECT = ("disposisi", "darurat")
"""Codes with a wording of its own, `…_terbatas`, for what is restricted: it tells neither category nor bidang."""
_FIELD = re.compile(r"\{(\w+)\}")


class Section(StrEnum):
    """Parts of a digest, in their order; a complaint stands in the first that fits."""

    LATE = "Terlambat"
    TODAY = "Jatuh tempo hari ini"
    WAITING = "Menunggu disposisi Ketua Tim"
    NEW = "Baru didisposisi"
    HEARD = "Tanggapan pelapor"
    REMINDED = "Akan jatuh tempo"
    MOVED = "Batas bergeser"


@dataclass(frozen=True)
class Entry:
    """A complaint in somebody's digest, with the deadline that matters there."""

    section: Section
    complaint: Complaint
    due: datetime | None
    before: datetime | None = None


def notice_text(notice: Notice, complaint: Complaint, due: datetime | None, rules: Configuration, now: datetime) -> str:
    """One notice in the office's wording."""
    days = rules.calendar.working_days_between(due.astimezone(WITA).date(), now.astimezone(WITA).date()) if due else 0
    fields = _fields(complaint, due) | {"n": str(days)}
    return filled(wording(_code(Rung(notice.rung), complaint), rules), fields)


def digest_text(name: str, entries: Iterable[Entry], rules: Configuration, on: date) -> str:
    """One person's morning: every section that is not empty, the most urgent complaints first."""
    parts = [filled(wording("ringkasan", rules), {"nama": name, "tanggal": long_date(on)})]
    sorted_entries = sorted(entries, key=_by_urgency)
    for section in Section:
        found = [entry for entry in sorted_entries if entry.section is section]
        if found:
            parts.append(f"{section} ({len(found)}):\n" + listed([_line(entry, rules) for entry in found]))
    return "\n\n".join(parts)


def listed(lines: Sequence[str]) -> str:
    """Lines below one another; past `MOST_LINES` only how many more there are."""
    shown = list(lines[:MOST_LINES])
    if len(lines) > MOST_LINES:
        shown.append(f"… dan {len(lines) - MOST_LINES} pengaduan lainnya; lihat Register.")
    return "\n".join(shown)


def _by_urgency(entry: Entry) -> tuple[int, str, str]:
    rank = Urgency(entry.complaint.urgency).rank if entry.complaint.urgency in set(Urgency) else 0
    return (-rank, entry.due.isoformat() if entry.due else "", entry.complaint.ticket)


def _line(entry: Entry, rules: Configuration) -> str:
    complaint = entry.complaint
    if entry.section is Section.MOVED:
        moved = _fields(complaint, entry.due) | {"sebelum": _instant(entry.before)}
        return "- " + filled(wording("batas_bergeser", rules), moved)
    facts = [f"{complaint.register_number} (tiket {complaint.ticket})", _bidang(complaint), complaint.urgency]
    if entry.due:
        facts.append(f"batas {_instant(entry.due)}")
    return "- " + ", ".join(fact for fact in facts if fact and fact != HIDDEN)


def _code(rung: Rung, complaint: Complaint) -> str:
    if rung in CLIMB[:2] and complaint.closed:
        return "pengingat_laporan"
    if rung in CLIMB[:2] and complaint.undecided:
        return "menunggu_disposisi"
    code = _CODES[rung]
    return f"{code}_terbatas" if complaint.restricted and code in _WITHOUT_SUBJECT else code


def _fields(complaint: Complaint, due: datetime | None) -> dict[str, str]:
    category = categories().get(complaint.category)
    return {
        "register": complaint.register_number,
        "tiket": complaint.ticket,
        "batas": _instant(due),
        "bidang": _bidang(complaint),
        "kategori": HIDDEN if complaint.restricted else category.label_id if category else "-",
        "urgensi": complaint.urgency or "-",
    }


def _bidang(complaint: Complaint) -> str:
    return HIDDEN if complaint.restricted else complaint.bidang or "-"


def _instant(at: datetime | None) -> str:
    return long_instant(at.astimezone(WITA)) if at else "-"


def wording(code: str, rules: Configuration) -> str:
    """The template of a code, as staff wrote it or as it was shipped."""
    return rules.templates.get(code, "").strip() or _shipped()[code]


@lru_cache(maxsize=1)
def _shipped() -> Mapping[str, str]:
    """The wording of new registers; older ones lack the newer codes."""
    return {str(row["code"]): str(row["text"]) for row in seed_rows(TEMPLATES)}


def filled(template: str, fields: Mapping[str, str]) -> str:
    """A field that is not known stays as it stands: a template is staff's, and never stops a notice."""
    return _FIELD.sub(lambda match: fields.get(match[1], match[0]), template)
