"""
The Buku Registrasi Pengaduan of a month or a year, as the decree keeps it "manual dan elektronik".

It is read by more people than one case's papers, so it shows less: names of open reporters only, no contact, no
ticket, and of restricted complaints only that there is one (docs/decisions/0022).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from forms.papers.facts import (
    ERASED,
    MASK,
    NAMELESS,
    NOTHING,
    RESTRICTED_MASK,
    decided_category,
    root_line,
    summary,
    timeless,
)
from forms.papers.layout import DOTS, Signature
from forms.papers.office import Office, Official
from forms.papers.typesetting import set_pdf
from forms.plain_text import showable
from register.chain import Root
from register.complaint import CHANNEL_LABELS, WITA, Complaint, Identity, Intake
from register.indonesian_dates import MONTHS, letter_date, short_instant
from register.store import Store

TITLE = "Buku Registrasi Pengaduan"
STORY_LETTERS = 280
BLANK_ROWS = 13
"""As many as fill a page."""


@dataclass(frozen=True)
class Entry:
    """A complaint and what its reporter said; None if that was erased or does not open."""

    complaint: Complaint
    intake: Intake | None


@dataclass(frozen=True)
class Book:
    """
    The complaints that were recorded in a WITA year, or in one of its months (1 to 12), in their order.

    Args:
        printed_at: The date of the printout; None leaves it to be written.
    """

    office: Office
    year: int
    month: int | None = None
    entries: tuple[Entry, ...] = ()
    root: Root | None = None
    printed_at: datetime | None = None

    @property
    def running(self) -> bool:
        """Whether more can still come into it, as its time had not ended when it was printed."""
        if self.printed_at is None:
            return False
        now = self.printed_at.astimezone(WITA)
        return (now.year, now.month) <= (self.year, self.month or len(MONTHS))

    @property
    def period(self) -> str:
        """Such as "Bulan November 2026" or "Tahun 2026"."""
        return f"Bulan {MONTHS[self.month - 1]} {self.year}" if self.month else f"Tahun {self.year}"


def book_of(store: Store, office: Office, year: int, month: int | None = None, *, now: datetime | None = None) -> Book:
    """The book of that time, opened from the store. A number belongs to when it was recorded, not to when it came."""
    chosen = {
        ticket: complaint
        for ticket, complaint in store.complaints().items()
        if _is_in(complaint.recorded_at.astimezone(WITA), year, month)
    }
    said = store.intakes(ticket for ticket, complaint in chosen.items() if not _is_stub(complaint))
    entries = tuple(Entry(complaint, said.get(ticket)) for ticket, complaint in chosen.items())
    return Book(office, year, month, entries, store.last_root(), now)


def _is_in(recorded: datetime, year: int, month: int | None) -> bool:
    return recorded.year == year and month in (None, recorded.month)


def _is_stub(complaint: Complaint) -> bool:
    """Nobody looked at it yet, so that it may turn out to be restricted, or it is."""
    return complaint.restricted or complaint.step_begun_at is None


@dataclass(frozen=True)
class Column:
    """`share` of the paper's width; `letters` that fit into a line of the Excel file."""

    head: str
    share: float
    letters: int
    text: Callable[[Entry, Office], str]


def _number(entry: Entry, office: Office) -> str:
    return entry.complaint.register_number


def _received(entry: Entry, office: Office) -> str:
    complaint = entry.complaint
    at = short_instant(complaint.received_at)
    return f"{at.partition(' ')[0] if timeless(complaint) else at}\n{CHANNEL_LABELS[complaint.channel]}"


def _reporter(entry: Entry, office: Office) -> str:
    identity, intake = entry.complaint.identity, entry.intake
    if _is_stub(entry.complaint):
        return RESTRICTED_MASK
    if identity is Identity.ANONYMOUS:
        return NAMELESS
    if intake is None:
        return ERASED
    if identity is Identity.CONFIDENTIAL:
        return MASK
    place = ", ".join(part for part in (intake.village, intake.district) if part)
    return "\n".join(part for part in (intake.name, place) if part) or NOTHING


def _story(entry: Entry, office: Office) -> str:
    if _is_stub(entry.complaint):
        return RESTRICTED_MASK
    if entry.intake is None:
        return ERASED
    return summary(entry.intake, STORY_LETTERS)


def _category(entry: Entry, office: Office) -> str:
    complaint = entry.complaint
    if _is_stub(complaint):
        return RESTRICTED_MASK
    return decided_category(complaint) or NOTHING


def _disposition(entry: Entry, office: Office) -> str:
    complaint = entry.complaint
    if _is_stub(complaint):
        return RESTRICTED_MASK
    bidang = "Menunggu Ketua Tim" if complaint.undecided else office.bidang.get(complaint.bidang, complaint.bidang)
    return "\n".join(part for part in (bidang, complaint.urgency) if part) or NOTHING


def _due(entry: Entry, office: Office) -> str:
    return short_instant(entry.complaint.due_at) if entry.complaint.due_at else NOTHING


def _answered(entry: Entry, office: Office) -> str:
    return short_instant(entry.complaint.replied_at) if entry.complaint.replied_at else NOTHING


def _status(entry: Entry, office: Office) -> str:
    return entry.complaint.status_label


def _signed(entry: Entry, office: Office) -> str:
    return ""


COLUMNS = (
    Column("Nomor Registrasi", 1.45, 27, _number),
    Column("Diterima (WITA)", 1.0, 17, _received),
    Column("Pelapor", 1.45, 26, _reporter),
    Column("Uraian singkat", 3.4, 60, _story),
    Column("Kategori", 1.2, 22, _category),
    Column("Disposisi dan urgensi", 1.35, 24, _disposition),
    Column("Batas waktu", 0.95, 17, _due),
    Column("Dijawab", 0.95, 17, _answered),
    Column("Status", 1.05, 20, _status),
    Column("Paraf", 0.6, 10, _signed),
)


def rows_of(book: Book) -> Iterable[tuple[str, ...]]:
    """Each entry as texts, in the order of COLUMNS."""
    for entry in book.entries:
        yield tuple(showable(column.text(entry, book.office)) for column in COLUMNS)


def render_book(book: Book, *, blank: bool = False) -> bytes:
    """
    The book as a PDF, A4 landscape, its heads on every page; blank, it is a page to write on.

    Raises: TypesettingError.
    """
    return set_pdf("book.typ", book_data(book, blank=blank), book.office)


def book_data(book: Book, *, blank: bool = False) -> Mapping[str, object]:
    """What the template is given."""
    office = book.office
    on = letter_date(book.printed_at.astimezone(WITA)) if book.printed_at else DOTS
    rows = [[""] * len(COLUMNS)] * BLANK_ROWS if blank else [list(row) for row in rows_of(book)]
    return {
        "title": TITLE,
        "period": f"Bulan {DOTS} Tahun {DOTS}" if blank else book.period,
        "count": "" if blank else f"{len(book.entries)} pengaduan",
        "blank": blank,
        "head": [column.head for column in COLUMNS],
        "shares": [column.share for column in COLUMNS],
        "rows": rows,
        "root": "" if blank else root_line(book.root),
        "source": "Keputusan Nomor 1167/DINSOS/SET.1/337/12/2022: dicatat sebagai data manual dan elektronik",
        "dated": f"{office.place or DOTS}, {DOTS if blank else on}",
        "closing": _closing(book),
        "people": [] if blank else [_person("Petugas registrasi"), _person("Ketua Tim Pengaduan", office.lead)],
    }


def _closing(book: Book) -> str:
    """What the signatures are given for."""
    count = f"{len(book.entries)} pengaduan"
    if book.entries:
        count += f", nomor terakhir {book.entries[-1].complaint.register_number}"
    if book.running and book.printed_at:
        until = f"sampai dengan {letter_date(book.printed_at.astimezone(WITA))}"
        return f"{TITLE} {book.period}: {until} " + (f"tercatat {count}." if book.entries else "belum ada pengaduan.")
    return f"{TITLE} {book.period} ditutup " + (f"dengan {count}." if book.entries else "tanpa pengaduan.")


def _person(role: str, official: Official = Official()) -> Mapping[str, object]:  # noqa: B008 - frozen
    return asdict(Signature(role, name=official.name, nip=official.grouped_nip))
