"""What a complaint is: the domain types that every other room speaks in. No storage, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

WITA = ZoneInfo("Asia/Makassar")
"""The office's time zone, UTC+8 without daylight saving. Instants are stored in UTC and shown in WITA."""


class Status(StrEnum):
    """Where a complaint stands, as the public API names it (design: status codes)."""

    RECEIVED = "received"
    NEEDS_INFO = "needs_info"
    DISPOSED = "disposed"
    IN_PROGRESS = "in_progress"
    AWAITING_REPORTER = "awaiting_reporter"
    RESOLVED = "resolved"
    ON_HOLD = "on_hold"
    TRANSFERRED = "transferred"
    OUT_OF_AUTHORITY = "out_of_authority"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    ARCHIVED = "archived"


STATUS_LABELS: Mapping[Status, str] = {
    Status.RECEIVED: "Diterima",
    Status.NEEDS_INFO: "Menunggu Kelengkapan",
    Status.DISPOSED: "Didisposisi",
    Status.IN_PROGRESS: "Dalam Proses",
    Status.AWAITING_REPORTER: "Menunggu Tanggapan Pelapor",
    Status.RESOLVED: "Selesai",
    Status.ON_HOLD: "Ditunda",
    Status.TRANSFERRED: "Dialihkan",
    Status.OUT_OF_AUTHORITY: "Bukan Kewenangan",
    Status.WITHDRAWN: "Dicabut",
    Status.MERGED: "Digabung",
    Status.ARCHIVED: "Diarsipkan",
}

DEEMED_WITHDRAWN = "dianggap_dicabut"
"""Key of the act by which an incomplete complaint ends by itself."""

DEEMED_WITHDRAWN_LABEL = "Dianggap Dicabut"
"""The label of a withdrawal that nobody asked for: it was not completed in time (UU 25/2009 Ps 44)."""

CLOSED = frozenset(
    {
        Status.RESOLVED,
        Status.TRANSFERRED,
        Status.OUT_OF_AUTHORITY,
        Status.WITHDRAWN,
        Status.MERGED,
        Status.ARCHIVED,
    }
)
"""Statuses in which no clock of the SOP runs any more."""


class Channel(StrEnum):
    """How a complaint reached the office."""

    WEB = "web"
    API = "api"
    DESK = "desk"
    PHONE = "phone"
    LETTER = "letter"
    WHATSAPP = "whatsapp"
    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"
    TELEGRAM = "telegram"
    EMAIL = "email"
    GOOGLE_FORMS = "google_forms"
    OPEN311 = "open311"


CHANNEL_LABELS: Mapping[Channel, str] = {
    Channel.WEB: "Web",
    Channel.API: "API",
    Channel.DESK: "Loket",
    Channel.PHONE: "Telepon",
    Channel.LETTER: "Surat",
    Channel.WHATSAPP: "WhatsApp",
    Channel.FACEBOOK: "Facebook",
    Channel.INSTAGRAM: "Instagram",
    Channel.TELEGRAM: "Telegram",
    Channel.EMAIL: "E-mail",
    Channel.GOOGLE_FORMS: "Google Form",
    Channel.OPEN311: "Open311",
}


class Procedure(StrEnum):
    """The decree's two SOPs (Keputusan 1167/DINSOS/SET.1/337/12/2022, annexes 1 and 2)."""

    LANGSUNG = "langsung"
    ONLINE = "online"


_IN_PERSON = frozenset({Channel.DESK, Channel.PHONE, Channel.LETTER})


def procedure_for(channel: Channel) -> Procedure:
    """SOP A for what reaches the desk, SOP B for what arrives online."""
    return Procedure.LANGSUNG if channel in _IN_PERSON else Procedure.ONLINE


class Identity(StrEnum):
    """How openly the reporter's identity is handled: never given, or kept from the sheet."""

    OPEN = "open"
    CONFIDENTIAL = "confidential"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True)
class Intake:
    """
    What the reporter said, checked and in normal form. All of it is sealed at rest.

    Empty text means not given. `category` is a code of domain section 3, as the reporter chose it; `district` and
    `village` are names of a kecamatan and a desa or kelurahan; `phone` is E.164; `representative` says by which letter
    of authority (surat kuasa) somebody complains for another (UU 25/2009 Ps 42).
    """

    description: str
    subject: str = ""
    category: str = ""
    name: str = ""
    nik: str = ""
    kk: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    rt_rw: str = ""
    district: str = ""
    village: str = ""
    incident_date: date | None = None
    incident_place: str = ""
    respondent: str = ""
    loss: str = ""
    remedy: str = ""
    affected_person: str = ""
    relationship: str = ""
    representative: str = ""
    identity: Identity = Identity.OPEN

    @property
    def contact(self) -> str:
        """The phone number, or the e-mail address where no phone was given."""
        return self.phone or self.email


Pause = tuple[datetime, datetime | None]
"""From when to when the office waited for the reporter and its clocks stood still; None while it still waits."""


@dataclass(frozen=True)
class Complaint:
    """
    A complaint as the store keeps it, without what is sealed. Instants are aware, in UTC.

    Args:
        step: The running step of its SOP, counted from 1; one more than there are once all are done.
        step_due_at: End of the running step (`Batas Langkah`).
        due_at: When the reporter must have an answer (`Batas Waktu`), the strictest of SOP and laws.
        answered_at: When the reporter had the answer that `due_at` is about, or the matter was settled otherwise.
        basis: How `due_at` was counted, in one Indonesian line; `step_basis` likewise for `step_due_at`.
        round: How often it was reopened; its clocks are kept by round.
        pauses: When the clocks stood still.
        extended_at: When its time was extended, which may be done once; None if it was not.
        extension: By how much, such as "5 hari kerja".
        closed_by: Key of the act that closed it, empty while it is open.
        referral: The instansi that the reporter was sent to, as the tab `Instansi` names it.
        merged_into: Ticket of the case that it was joined to.
        pending_act: Key of an act that waits for a cell which it needs.
        officer: Who handles it, as the tab `Petugas` names them.
        emergency_due_at: Until when somebody must look at a Darurat that nobody has handled; None otherwise.
        undecided: Whether the disposition waits for the Ketua Tim, as the words left doubt.
        evidence_count: How many files the reporter sent that are kept.
        heard_at: When the reporter last did or wrote something after filing it; None if never.
        district: The kecamatan in its official spelling; empty if none is known. Kept beside what is sealed, so that
            figures by kecamatan remain once the identity is erased (docs/decisions/0028).
        inactive_since: When it left the working register for the archive; None while it stands there.
        held_since: Since when it must not be moved or erased (legal hold); None if it may.
        erased_at: When its identity and every text of it were destroyed; None if they were not.
    """

    ticket: str
    number: int
    channel: Channel
    procedure: Procedure
    identity: Identity
    received_at: datetime
    recorded_at: datetime
    updated_at: datetime
    status: Status = Status.RECEIVED
    category: str = ""
    bidang: str = ""
    urgency: str = ""
    restricted: bool = False
    step: int = 1
    step_begun_at: datetime | None = None
    step_due_at: datetime | None = None
    due_at: datetime | None = None
    replied_at: datetime | None = None
    note: str = ""
    answered_at: datetime | None = None
    basis: str = ""
    step_basis: str = ""
    round: int = 0
    pauses: tuple[Pause, ...] = ()
    extended_at: datetime | None = None
    extension: str = ""
    closed_by: str = ""
    referral: str = ""
    merged_into: str = ""
    pending_act: str = ""
    officer: str = ""
    undecided: bool = False
    emergency_due_at: datetime | None = None
    evidence_count: int = 0
    heard_at: datetime | None = None
    district: str = ""
    inactive_since: datetime | None = None
    held_since: datetime | None = None
    erased_at: datetime | None = None

    @property
    def status_label(self) -> str:
        """The status in formal Indonesian."""
        deemed = self.status is Status.WITHDRAWN and self.closed_by == DEEMED_WITHDRAWN
        return DEEMED_WITHDRAWN_LABEL if deemed else STATUS_LABELS[self.status]

    @property
    def waiting(self) -> bool:
        """Whether the clocks stand still now, as the office waits for the reporter."""
        return bool(self.pauses) and self.pauses[-1][1] is None

    @property
    def maybe_restricted(self) -> bool:
        """Whether it is restricted, or nobody has looked at it yet: that will show in a moment."""
        return self.restricted or self.step_begun_at is None

    @property
    def closed(self) -> bool:
        """Whether no clock runs any more."""
        return self.status in CLOSED

    @property
    def unanswered(self) -> bool:
        """Whether the reporter still has the answer to come that `due_at` is about."""
        return self.answered_at is None and not self.closed

    @property
    def register_number(self) -> str:
        """
        The number in the Buku Registrasi, such as `0042/ADUAN/DINSOS/11/2026`.

        Gapless within a WITA year and never reused; month and year are those of recording. Source: domain section 5.
        """
        on = self.recorded_at.astimezone(WITA)
        return f"{self.number:04d}/ADUAN/DINSOS/{on.month:02d}/{on.year}"


@dataclass(frozen=True)
class Clock:
    """
    One thing that has to be done by a time: a step of the SOP, a law's limit, or a time that the reporter has.

    Args:
        key: `langkah.5`, `jawaban`, or a key of automation/sop/laws.toml and states.toml, such as `uu25.tanggapan`.
        round: 0, or the number of the reopening that began it.
        begun_at: Aware instant.
        due_at: The last instant that is on time; None if the calendar could not tell.
        norm: As the procedure or the settings had it when it was last counted, such as "2 hari kerja".
        basis: How `due_at` was counted, in one Indonesian line.
        done_at: When it was done; None while it runs.
        done_by: `sistem`, `staf`, or a name of the tab `Petugas`.
    """

    key: str
    round: int
    begun_at: datetime
    due_at: datetime | None
    norm: str
    basis: str = ""
    done_at: datetime | None = None
    done_by: str = ""

    @property
    def late(self) -> bool:
        """Whether it was done after its time."""
        return self.done_at is not None and self.due_at is not None and self.done_at > self.due_at


class EventKind(StrEnum):
    """What the audit trail records."""

    RECEIVED = "received"
    DISPOSED = "disposed"
    STEP_DONE = "step_done"
    ACT = "act"
    ACT_REFUSED = "act_refused"
    CELL_READ = "cell_read"
    """A tick read a new value in a complaint's row."""
    CELL_EDITED = "cell_edited"
    """The spreadsheet delivered an edit, with its author."""
    CELL_FLAGGED = "cell_flagged"
    """A tick read a value in a row that is no complaint's, or not surely: kept, not acted upon."""
    REPLIED = "replied"
    RESTORED = "restored"
    STOPPED = "clock_stopped"
    RESUMED = "clock_resumed"
    EXTENDED = "extended"
    MOVED = "deadline_moved"
    REFERRED = "referred"
    MERGED = "merged"
    NOTIFIED = "notified"
    EVIDENCE_ADDED = "evidence_added"
    EVIDENCE_REMOVED = "evidence_removed"
    EVIDENCE_MISSED = "evidence_missed"
    """A file that came with a message could not be fetched or kept."""
    IMPORTED = "imported"
    """It came from another register: one complaint's old row, or, without a ticket, a whole office's trail."""
    DISTRICT_KEPT = "district_kept"
    """The kecamatan of a complaint from before it was kept was filled in."""
    REPORT_HELD = "report_held"
    """The case report waits for what people still have to fill in; `missing` holds its codes."""
    REPORTED = "reported"
    """The case report was written; `sha256` is its file's, `missing` holds codes of what it lacks."""
    MOVED_OUT = "moved_out"
    """It left the working register for the archive."""
    MOVED_BACK = "moved_back"
    """It came back into the working register."""
    HELD = "held"
    """It must be neither moved nor erased until it is `RELEASED`; why is sealed."""
    RELEASED = "released"
    ERASED = "erased"
    """Identity and texts were destroyed: `data` has digests of what that was."""


@dataclass(frozen=True)
class Event:
    """
    One entry of the audit trail.

    `data` holds codes and column names only and may be shown; `secret` is whatever a person wrote, and is sealed.
    `public_label` is the timeline's wording in formal Indonesian (a msgid for translation), empty if not public.
    `at` is the instant of recording: an event of a day that is sealed already counts as backdated, so what happened
    earlier says when in `data`. A `status` in `data` is the complaint's own after the event; `aduan verify` compares.
    """

    kind: EventKind
    at: datetime
    actor: str
    data: Mapping[str, str] = field(default_factory=dict)
    secret: Mapping[str, str] = field(default_factory=dict)
    public_label: str = ""


@dataclass(frozen=True)
class Reply:
    """The office's published answer. `at` is aware, in UTC."""

    at: datetime
    text: str
