"""
What papers say: gathered from the store once, and turned into texts, each masked as the paper demands.

What a paper may not show never reaches its template: it is replaced here (docs/decisions/0022).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from forms.categories import categories
from forms.field_kinds import Privacy
from forms.fields import FIELD
from forms.papers.kinds import Shown
from forms.papers.office import Office
from forms.plain_text import showable
from register.brought_over import day_only, happened_at
from register.chain import Root
from register.complaint import (
    CHANNEL_LABELS,
    CLOSED,
    DEEMED_WITHDRAWN,
    DEEMED_WITHDRAWN_LABEL,
    STATUS_LABELS,
    WITA,
    Complaint,
    Event,
    EventKind,
    Identity,
    Intake,
    Reply,
    Status,
)
from register.errors import ErasedError
from register.indonesian_dates import letter_date, long_date, long_instant, short_instant
from register.store import Store

MASK = "(dirahasiakan)"
NAMELESS = "(anonim)"
RESTRICTED_MASK = "(terbatas)"
ERASED = "(data sudah dihapus)"
NOTHING = "–"
"""Stands where a filled paper has nothing to say."""
FOLLOW_UP_COLUMN = "Tindak Lanjut"
"""The register's column of working notes, as the trail names it."""
SUMMARY_LETTERS = 900
_IDENTITY_LABELS = {
    Identity.OPEN: "Terbuka",
    Identity.CONFIDENTIAL: "Dirahasiakan",
    Identity.ANONYMOUS: "Anonim",
}
_SAID = tuple(name for name, field in FIELD.items() if field.privacy is not Privacy.PLAIN)
_MATTER = frozenset(
    {name for name in _SAID if FIELD[name].privacy is Privacy.STORY}
    | {
        "category",
        "category_said",
        "to_whom",
        "incident_date",
        "story",
        "summary",
        "documents",
        "follow_up",
        "reply",
    }
)
_HOME = frozenset({"district", "village"})
"""Where a reporter lives; of an anonymous one it is all that is told."""
Rows = tuple[tuple[str, ...], ...]
_CONTACT = _HOME | {name for name in _SAID if FIELD[name].privacy is Privacy.IDENTITY} - {"name"}


@dataclass(frozen=True)
class Facts:
    """
    All that a paper may say about one complaint; without a complaint, what blank papers need.

    Args:
        intake: None if it was erased.
        follow_up: What the office noted of its work, as last read in the register.
        timeline: The public events, oldest first.
        closing: The event that closed it, for the last time; filing it afterwards is no closing.
        documents: Names of what is kept with the complaint.
        root: The day's root that is printed (docs/decisions/0016).
        clerk: Who recorded it for the reporter; empty where nobody did, or who it was is not known.
        printed_at: The date of the paper; None leaves it to be written, so that the same facts give the same bytes.
        tables, texts: How it was handled, by the names in papers.toml; only the report needs them
            (`automation/case_facts.py`). Nothing in them is what the reporter wrote.
    """

    office: Office
    complaint: Complaint | None = None
    intake: Intake | None = None
    reply: Reply | None = None
    follow_up: str = ""
    timeline: tuple[Event, ...] = ()
    closing: Event | None = None
    documents: tuple[str, ...] = ()
    root: Root | None = None
    clerk: str = ""
    printed_at: datetime | None = None
    tables: Mapping[str, Rows] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


def facts_of(
    store: Store, ticket: str, office: Office, *, now: datetime | None = None, documents: Sequence[str] = ()
) -> Facts:
    """
    Everything about a ticket in its shown form.

    Args:
        now: The date of the paper (aware), if it is to carry one.
        documents: Names of the files kept with it.

    Raises: TicketNotFoundError; KeyFileError if what was said does not open. Of an erased complaint the rest is left.
    """
    complaint = store.complaint(ticket)
    try:
        intake, reply, events = store.intake(ticket), store.reply(ticket), store.events(ticket)
    except ErasedError:
        intake, reply, events = None, None, store.events(ticket, opened=False)
    return Facts(
        office,
        complaint,
        intake,
        reply,
        _follow_up(events),
        tuple(store.timeline(ticket)),
        _closing(complaint, events),
        tuple(documents),
        store.last_root(),
        _clerk(events, office),
        now,
    )


def receipt_facts(store: Store, ticket: str, office: Office, *, now: datetime | None = None) -> Facts:
    """
    What a receipt needs, for pages that the public asks for: nothing that is sealed is opened.

    Raises: TicketNotFoundError.
    """
    clerk = _clerk(store.events(ticket, opened=False), office)
    return Facts(office, store.complaint(ticket), root=store.last_root(), clerk=clerk, printed_at=now)


def _clerk(events: Sequence[Event], office: Office) -> str:
    return office.name_of(events[0].actor) if events else ""


def _follow_up(events: Iterable[Event]) -> str:
    read = (
        event.secret.get("value", "")
        for event in events
        if event.kind is EventKind.CELL_READ
        and event.data.get("column") == FOLLOW_UP_COLUMN
        and "used" not in event.data  # typed into a stub, where nothing is acted upon
    )
    return next(reversed(list(read)), "")


def _closing(complaint: Complaint, events: Iterable[Event]) -> Event | None:
    found: Event | None = None
    for event in events:
        if status := event.data.get("status"):
            found = (found or event) if status in CLOSED else None
    return found if complaint.closed else None


def texts_of(facts: Facts, shows: frozenset[Shown]) -> dict[str, str]:
    """Every fact as a text, by name; empty where there is nothing to say. Empty altogether without a complaint."""
    complaint = facts.complaint
    if complaint is None:
        return {}
    texts = {**facts.texts, **_said(facts), **_known(complaint, facts)}
    hidden = dict.fromkeys(_hidden_matter(complaint, shows), RESTRICTED_MASK)
    texts |= {name: mask for name, mask in hidden.items() if texts.get(name)}
    texts |= _masked_person(complaint, facts.intake, shows)
    return {name: showable(text) for name, text in texts.items()}


def _said(facts: Facts) -> dict[str, str]:
    """What the reporter said."""
    intake = facts.intake
    if intake is None:
        return dict.fromkeys([*_SAID, "story", "summary"], ERASED)
    texts = {name: str(getattr(intake, name)) for name in _SAID}
    texts["phone"] = spoken_number(intake.phone)
    story = "\n".join(part for part in (intake.subject, intake.description) if part)
    return texts | {
        "category_said": category_label(intake.category),
        "district": intake.district,
        "village": intake.village,
        "incident_date": letter_date(intake.incident_date) if intake.incident_date else "",
        "story": story,
        "summary": summary(intake, SUMMARY_LETTERS),
    }


def _known(complaint: Complaint, facts: Facts) -> dict[str, str]:
    """What the office knows and did."""
    office, reply, closing = facts.office, facts.reply, facts.closing
    outcome = _outcome(complaint, closing)
    return {
        "number": complaint.register_number,
        "ticket": complaint.ticket,
        "received": received(complaint),
        "channel": CHANNEL_LABELS[complaint.channel],
        "by": CHANNEL_LABELS[complaint.channel].lower(),
        "category": decided_category(complaint),
        "identity": _IDENTITY_LABELS[complaint.identity],
        "reporter_elsewhere": "Lihat Formulir Pengaduan dan register",
        "from_whom": "Ketua Tim Pengaduan",
        "to_whom": "" if complaint.undecided else office.bidang.get(complaint.bidang, complaint.bidang),
        "officer": complaint.officer,
        "urgency": complaint.urgency,
        "step_due": instant(complaint.step_due_at),
        "due": instant(complaint.due_at),
        "answer_due": instant(complaint.due_at) or "Segera dimuat di halaman status",
        "link": status_link(office, complaint),
        "follow_up": facts.follow_up,
        "documents": "\n".join(facts.documents),
        "reply": reply.text if reply else "",
        "replied": when(reply.at if reply else None),
        "referral": complaint.referral,
        "outcome": outcome,
        "outcome_said": f"{outcome}. {closing.public_label}." if closing and closing.public_label else outcome,
        "closed_day": long_date(happened_at(closing).astimezone(WITA)) if closing else "",
        "place": office.place,
    }


def _outcome(complaint: Complaint, closing: Event | None) -> str:
    """How it ended, also once it was filed; empty while it is open."""
    if closing is None or not complaint.closed:
        return complaint.status_label if complaint.closed else ""
    deemed = closing.data.get("act") == DEEMED_WITHDRAWN
    return DEEMED_WITHDRAWN_LABEL if deemed else STATUS_LABELS[Status(closing.data["status"])]


def _hidden_matter(complaint: Complaint, shows: frozenset[Shown]) -> frozenset[str]:
    """Of a complaint that nobody looked at yet it is not known whether it is restricted: it counts as such."""
    if Shown.MATTER in shows:
        return frozenset()
    restricted = complaint.restricted or complaint.step_begun_at is None
    return _MATTER if restricted or Shown.OPEN_MATTER not in shows else frozenset()


def _masked_person(complaint: Complaint, intake: Intake | None, shows: frozenset[Shown]) -> dict[str, str]:
    """What stands in place of who the reporter is, where it may not be shown."""
    shown = ({"name"} if Shown.NAME in shows else frozenset()) | (_CONTACT if Shown.CONTACT in shows else frozenset())
    masks = dict.fromkeys((_CONTACT | {"name"}) - shown, "")
    if complaint.identity is Identity.ANONYMOUS:
        return masks | dict.fromkeys(shown - _HOME, "") | ({"name": NAMELESS} if "name" in shown else {})
    if intake is not None and complaint.identity is Identity.CONFIDENTIAL:
        masks |= {name: MASK for name in shown if getattr(intake, name)}
    return masks


def status_link(office: Office, complaint: Complaint) -> str:
    """Where the status can be read; empty if the office's public address is not known."""
    return f"{office.public_url}/status/{complaint.ticket}" if office.public_url else ""


def category_label(code: str) -> str:
    """A category's label by its code; the code itself if it is none of the list."""
    return next((item.label for item in categories() if item.code == code), code)


def spoken_number(phone: str) -> str:
    """As people here write it: "0812-0000-0000" for a mobile phone; a landline without groups, one abroad as it is."""
    national = "0" + phone.removeprefix("+62") if phone.startswith("+62") else phone
    if not national.startswith("08"):
        return national
    return "-".join(part for part in (national[:4], national[4:8], national[8:]) if part)


def decided_category(complaint: Complaint) -> str:
    """As what the office handles it, which the reporter may see otherwise; empty while that is not decided."""
    return "" if complaint.undecided else category_label(complaint.category)


def summary(intake: Intake, letters: int) -> str:
    """Subject and story in one paragraph of at most so many letters."""
    subject = intake.subject if intake.subject.endswith((".", "!", "?")) or not intake.subject else intake.subject + "."
    whole = " ".join(f"{subject} {intake.description}".split())
    return whole if len(whole) <= letters else whole[: letters - 1].rstrip() + "…"


def instant(at: datetime | None) -> str:
    """In full, WITA; empty for none."""
    return long_instant(at.astimezone(WITA)) if at else ""


def timeless(complaint: Complaint) -> bool:
    """Whether of its arrival only the day is known: a letter or a paper keyed in without a time, or an old row."""
    return day_only(complaint.received_at)


def received(complaint: Complaint) -> str:
    """When it came, in full."""
    return when(complaint.received_at)


def when(at: datetime | None) -> str:
    """When something happened, in full, WITA; the day alone where no more is known, and empty for none."""
    return long_date(at.astimezone(WITA)) if at and day_only(at) else instant(at)


def happened(event: Event) -> tuple[str, str]:
    """A public event as a row of a table."""
    at = short_instant(event.at)
    return at.partition(" ")[0] if day_only(event.at) else at, event.public_label


def root_line(root: Root | None) -> str:
    """The footer's line, by which the trail can later be checked with `aduan verify --root`."""
    return f"Akar jejak audit {root.day.isoformat()}: {root.printed}" if root else ""
