"""
Between a row of the register and typed values: the one place where cells are turned into text and back.

A row is found by its ticket and its cells by header; positions are only good until the tick ends.
"""

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from automation.calendars.indonesian_dates import month_number
from register.complaint import CHANNEL_LABELS, WITA, Channel, Complaint, Identity, Intake
from register.errors import InvalidTicketError
from register.sheet import Cell, Values
from register.tickets import parse_ticket
from sheets_schema.columns import Kind, Owner
from sheets_schema.layout import Layout, locate
from sheets_schema.register_tab import IDENTITY_CHOICES, REGISTER

MASK = "(dirahasiakan)"
"""Stands for name and contact in the shared sheet when they are to be kept from it; never read back as a value."""
RESTRICTED_MASK = "(terbatas)"
"""Stands in the shared register for what tells what a restricted complaint is about; never read back as a value."""
INTAKE_KEYS = tuple(column.key for column in REGISTER.columns if column.owner is Owner.INTAKE)
STAFF_KEYS = tuple(column.key for column in REGISTER.columns if column.owner is Owner.STAFF)
SYSTEM_KEYS = tuple(column.key for column in REGISTER.columns if column.owner is Owner.SYSTEM)
PEOPLE_KEYS = INTAKE_KEYS + STAFF_KEYS
CHECKBOX_KEYS = frozenset(column.key for column in REGISTER.columns if column.kind is Kind.CHECKBOX)
MASKED_KEYS = ("name", "contact")
LONGEST_CELL = 49_000
"""Letters that we write into one cell; Google refuses more than 50,000."""

IDENTITY_LABELS: Mapping[Identity, str] = dict(zip(Identity, IDENTITY_CHOICES, strict=True))
_CHANNELS = {label.casefold(): channel for channel, label in CHANNEL_LABELS.items()}
_ANONYMOUS_WORDS = ("anonim", "anonymous", "tanpa nama")
_IDENTITIES = {
    **{label.casefold(): identity for identity, label in IDENTITY_LABELS.items()},
    **dict.fromkeys(_ANONYMOUS_WORDS, Identity.ANONYMOUS),
    "dirahasiakan": Identity.CONFIDENTIAL,
}
PLAUSIBLE_YEARS = range(2000, 2101)
_SERIAL_EPOCH = datetime(1899, 12, 30, tzinfo=WITA)
_LAST_SERIAL = 80_000
_TIME = r"(?:[ T,]+(?:pukul\s+|jam\s+)?(?P<hour>\d{1,2})[.:](?P<minute>\d{2})(?:[.:]\d{2})?(?:\s*WITA)?)?"
_INSTANTS = tuple(
    re.compile(date + _TIME, re.IGNORECASE)
    for date in (
        r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})",
        r"(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})[-/.](?P<y>\d{4})",
        r"(?:[a-z']+,?\s+)?(?P<d>\d{1,2})[ -](?P<name>[a-z]{3,})\.?[ -](?P<y>\d{4})",
    )
)

Digest = Callable[..., str]
"""`Store.digest`: keyed, so that a fingerprint tells nothing to whoever lacks the key file."""


@dataclass(frozen=True, slots=True)
class Row:
    """
    One row as read: `index` counts sheet rows from 0, the header being 0.

    `restored` holds what people had written where the system's own text has landed instead (`strays`).
    """

    index: int
    cells: tuple[Cell, ...]
    layout: Layout
    restored: Mapping[str, str] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """A cell's text by column key, as people left it; empty where the row ends before it."""
        return self.restored[key] if key in self.restored else self.shown(key)

    def shown(self, key: str) -> str:
        """A cell's text as it stands in the sheet."""
        place = self.layout.positions[key]
        return text_of(self.cells[place]) if place < len(self.cells) else ""

    @property
    def ticket(self) -> str:
        """The ticket in its shown form, or whatever stands in its cell if that is no ticket."""
        typed = self.text("ticket").strip()
        if not typed:
            return ""
        try:
            return parse_ticket(typed)
        except InvalidTicketError:
            return typed

    def people_texts(self) -> dict[str, str]:
        """Every cell that people own, by key; left out are empty ones, boxes without a tick and restricted masks."""
        texts = ((key, self.text(key)) for key in PEOPLE_KEYS)
        return {
            key: text
            for key, text in texts
            if text.strip() not in ("", RESTRICTED_MASK) and not (key in CHECKBOX_KEYS and text == "FALSE")
        }

    def is_masked(self, key: str) -> bool:
        """Whether a cell shows the mask of restricted complaints."""
        return self.text(key).strip() == RESTRICTED_MASK


def read_register(values: Values) -> tuple[Layout, list[Row]]:
    """The layout and rows of the tab `Register`; no rows while its headers are unsound."""
    layout = locate(REGISTER, values.header)
    if not layout.sound:
        return layout, []
    return layout, [Row(index, cells, layout) for index, cells in enumerate(values.rows, start=1) if cells]


def text_of(cell: Cell) -> str:
    """A cell as people see it: whole numbers without a point, check boxes as TRUE and FALSE."""
    if isinstance(cell, str):  # nearly all of them
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def fingerprint(texts: Mapping[str, str], digest: Digest) -> str:
    """
    Whose row it is, by its intake cells.

    Name and contact count as masked in a row whose reporter is to be kept from the sheet, so that masking a hand-typed
    row does not change it.
    """
    masked = typed_identity(texts) in (Identity.CONFIDENTIAL, Identity.ANONYMOUS)
    parts = (MASK if masked and key in MASKED_KEYS else texts.get(key, "").strip() for key in INTAKE_KEYS)
    return digest("row", *parts)


def cell_digests(texts: Mapping[str, str], digest: Digest) -> dict[str, str]:
    """Keyed digest of each cell that people own and that is not empty."""
    return {key: digest("cell", key, text) for key, text in texts.items()}


def people_digest(texts: Mapping[str, str], digest: Digest) -> str:
    """One keyed digest over all cells that people own."""
    return digest("people", *(part for key in PEOPLE_KEYS if key in texts for part in (key, texts[key])))


def identity_masked(complaint: Complaint) -> bool:
    """Whether name and contact are kept from the sheets: the reporter asked for it, or is anonymous."""
    return complaint.identity is not Identity.OPEN


def masks(complaint: Complaint, row: Row) -> dict[str, str]:
    """What must stand in place of name and contact in a sheet; empty cells and `anonim` say nothing."""
    if not identity_masked(complaint):
        return {}
    return {key: MASK for key in MASKED_KEYS if row.text(key).strip().casefold() not in ("", *_ANONYMOUS_WORDS)}


def intake_cells(complaint: Complaint, intake: Intake) -> dict[str, str]:
    """What the system writes once into the intake cells of a new row."""
    hidden = identity_masked(complaint)
    cells = {
        "received_at": shown_instant(complaint.received_at),
        "channel": CHANNEL_LABELS[complaint.channel],
        "category": intake.category,
        "description": _description(intake),
        "name": MASK if hidden and intake.name else intake.name,
        "contact": MASK if hidden and intake.contact else intake.contact,
        "identity": IDENTITY_LABELS[complaint.identity],
        "district": intake.district,
        "village": intake.village,
    }
    return {key: text[:LONGEST_CELL] for key, text in cells.items()}


def _description(intake: Intake) -> str:
    """Subject, story and whatever else was said, in one cell that a clerk can read."""
    more = (
        ("Tanggal kejadian", intake.incident_date.isoformat() if intake.incident_date else ""),
        ("Tempat kejadian", intake.incident_place),
        ("Terlapor", intake.respondent),
        ("Kerugian", intake.loss),
        ("Permintaan", intake.remedy),
    )
    lines = [intake.subject, intake.description, *(f"{label}: {text}" for label, text in more if text)]
    return "\n".join(line for line in lines if line)


def typed_intake(texts: Mapping[str, str]) -> Intake:
    """The intake that a hand-typed row's cells say. One marked anonymous keeps no name and contact; a mask is none."""
    identity = typed_identity(texts) or Identity.OPEN
    said = {key: text.strip() for key, text in texts.items() if key not in MASKED_KEYS or text.strip() != MASK}
    phone, email = _contact(said.get("contact", ""))
    known = identity is not Identity.ANONYMOUS
    return Intake(
        description=said.get("description", ""),
        category=said.get("category", ""),
        name=said.get("name", "") if known else "",
        phone=phone if known else "",
        email=email if known else "",
        district=said.get("district", ""),
        village=said.get("village", ""),
        identity=identity,
    )


def corrected_intake(known: Intake, texts: Mapping[str, str], changed: Sequence[str]) -> Intake:
    """
    What is known, with the cells that staff changed, and only these, taken over.

    An emptied Uraian, Pelapor or Kontak and a masked cell are no values: they keep what is known. A corrected Uraian
    holds the whole story, so what was folded into it (subject, place, loss and so on) lives on in its text alone.
    """
    said = {key: texts.get(key, "").strip() for key in changed}
    values: dict[str, object] = {key: said[key] for key in ("category", "district", "village") if key in said}
    if said.get("description") and said["description"] != _description(known):
        folded = dict.fromkeys(("subject", "incident_place", "respondent", "loss", "remedy"), "")
        values |= {**folded, "incident_date": None, "description": said["description"]}
    if said.get("name", MASK) not in ("", MASK):
        values["name"] = said["name"]
    if said.get("contact", MASK) not in ("", MASK, known.contact):
        values["phone"], values["email"] = _contact(said["contact"])
    if "identity" in said or "name" in said:
        values["identity"] = typed_identity({key: said[key] for key in ("identity", "name") if key in said}) or (
            known.identity
        )
    return replace(known, **values)  # type: ignore[arg-type]


def known_cells(complaint: Complaint, known: Intake) -> dict[str, str]:
    """What stood in the intake cells, unmasked: for the audit trail, next to what staff put there instead."""
    return intake_cells(replace(complaint, identity=Identity.OPEN), known)


def typed_identity(texts: Mapping[str, str]) -> Identity | None:
    """How openly a row's cells ask to treat the reporter; None if they do not say, or not in a known word."""
    if texts.get("name", "").strip().casefold() in _ANONYMOUS_WORDS:
        return Identity.ANONYMOUS
    return _IDENTITIES.get(texts.get("identity", "").strip().casefold())


def _contact(text: str) -> tuple[str, str]:
    """Phone and e-mail, of which one is empty."""
    return ("", text) if "@" in text else (text, "")


def missing_fields(texts: Mapping[str, str]) -> list[str]:
    """Headers that a hand-typed row still needs before it can be accepted: Uraian, and Pelapor and Kontak or Anonim."""
    intake = typed_intake(texts)
    needed = [("Uraian", intake.description)]
    if intake.identity is not Identity.ANONYMOUS:
        needed += [("Pelapor", intake.name), ("Kontak", intake.contact)]
    if texts.get("identity", "").strip() and typed_identity(texts) is None:
        needed.append(("Identitas (Terbuka, Rahasia, atau Anonim)", ""))
    return [header for header, text in needed if not text]


def who_acted(texts: Mapping[str, str], officers: Container[str]) -> str:
    """For the audit trail: the row's `Petugas`, if the tab of that name knows them, else just staff."""
    officer = texts.get("officer", "").strip()
    return officer[:100] if officer in officers else "staf"


def typed_channel(text: str) -> Channel | None:
    """The channel a clerk chose, or None if the cell is empty or says none that we know."""
    return _CHANNELS.get(text.strip().casefold())


def ticked(text: str) -> bool:
    """Whether a check box is ticked, or says so in words where the sheet shows no box."""
    return text.strip().casefold() in ("true", "ya", "x", "1", "✓")


def parse_instant(text: str, cell: Cell = "") -> datetime | None:
    """
    The instant that a date cell means, in WITA, or None if it cannot be read.

    Understands `2026-11-23 09:15`, `23/11/2026 9.15`, `23-11-2026`, `23 November 2026 pukul 09.15`, and a spreadsheet's
    serial number of days; the day comes before the month. A year outside `PLAUSIBLE_YEARS` is a slip of the finger.
    """
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        at = _SERIAL_EPOCH + timedelta(minutes=round(cell * 24 * 60)) if 0 < cell < _LAST_SERIAL else None
        return at if at and at.year in PLAUSIBLE_YEARS else None
    part = next((found.groupdict() for shape in _INSTANTS if (found := shape.fullmatch(text.strip()))), None)
    if part is None or int(part["y"]) not in PLAUSIBLE_YEARS:
        return None
    month = month_number(part["name"]) if "name" in part else int(part["m"])
    try:
        time = int(part["hour"] or 0), int(part["minute"] or 0)
        return datetime(int(part["y"]), month, int(part["d"]), *time, tzinfo=WITA)
    except ValueError:
        return None


def shown_instant(at: datetime | None) -> str:
    """An instant as the register shows it, `2026-11-23 09:15` in WITA: as text it sorts as time does."""
    return at.astimezone(WITA).strftime("%Y-%m-%d %H:%M") if at else ""


def system_cells(complaint: Complaint, *, stage: str, remaining: str, heard: str = "") -> dict[str, str]:
    """What every system cell of a complaint's row must show; `heard` is what `heard_cell` makes."""
    return {
        "ticket": complaint.ticket,
        "number": complaint.register_number,
        "status": complaint.status_label,
        "stage": stage,
        "remaining": remaining,
        "step_due_at": shown_instant(complaint.step_due_at),
        "due_at": shown_instant(complaint.due_at),
        "basis": _basis(complaint),
        "bidang": complaint.bidang,
        "urgency": complaint.urgency,
        "classified": complaint.category,
        "heard": heard,
        "note": _note(complaint),
        "updated_at": shown_instant(complaint.updated_at),
    }


def _note(complaint: Complaint) -> str:
    """The note, below a line that says how many files there are to look at."""
    files = f"Lampiran bukti: {complaint.evidence_count} berkas." if complaint.evidence_count else ""
    return "\n".join(line for line in (files, complaint.note) if line)[:LONGEST_CELL]


def _basis(complaint: Complaint) -> str:
    """How both limits were counted; one line where they are the same."""
    parts = [f"Batas Waktu: {complaint.basis}"] if complaint.basis else []
    if complaint.step_basis and complaint.step_basis != complaint.basis:
        parts.append(f"Batas Langkah: {complaint.step_basis}")
    return "\n".join(parts)[:LONGEST_CELL]


def ordered(cells: Mapping[str, str], layout: Layout, keys: Sequence[str]) -> list[tuple[int, str]]:
    """(position, text) of some columns, left to right."""
    return sorted((layout.positions[key], cells.get(key, "")) for key in keys)


def utc(at: datetime) -> datetime:
    """The same instant in UTC."""
    return at.astimezone(UTC)
