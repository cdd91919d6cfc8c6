"""Which complaints leave the working register now, and why the others do not. Pure."""

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime, timedelta
from enum import StrEnum

from automation.configuration.in_force import Configuration
from automation.configuration.office_settings import RETENTION_SETTING, years_of
from automation.disposition.disposing import category_codes
from automation.errors import NormError
from register.archive import ARCHIVABLE
from register.complaint import WITA, Complaint


class Verdict(StrEnum):
    """What becomes of a complaint of the working register; the words of `aduan archive`, which itself moves nothing."""

    MOVES = "akan dipindahkan ke arsip"
    OPEN = "belum diarsipkan (masih ada yang dikerjakan)"
    RUNNING = "menunggu laporan pengaduannya"
    YOUNG = "belum cukup lama diarsipkan"
    HELD = "ditahan"
    FAMILY = "menunggu pengaduan lain dalam perkara yang sama"


def archived_before(rules: Configuration, now: datetime) -> datetime:
    """What last changed before this instant has been archived long enough (setting `arsip_setelah`)."""
    return now - timedelta(days=rules.norm("arsip_setelah").amount)


def verdicts(
    complaints: Iterable[Complaint],
    joined_to: Mapping[str, Sequence[Complaint]],
    case_of: Mapping[str, Complaint],
    before: datetime,
    running: Set[str] = frozenset(),
) -> dict[str, Verdict]:
    """
    By ticket.

    Args:
        complaints: Of the working register.
        joined_to: What was joined to each of them that is a case.
        case_of: The cases of those that were joined, by their tickets, in the archive or not.
        before: See `archived_before`.
        running: Tickets of which something is still due: what staff filed by hand has the SOP's last step before it
            until its report is written.
    """
    found: dict[str, Verdict] = {}
    for complaint in complaints:
        case = case_of.get(complaint.merged_into, complaint)
        kin = [case, *joined_to.get(case.ticket, ())]
        found[complaint.ticket] = _of_family(complaint, kin, before, running)
    return found


def _of_family(complaint: Complaint, kin: Sequence[Complaint], before: datetime, running: Set[str]) -> Verdict:
    own = _of_one(complaint, before, running)
    if own is Verdict.MOVES and any(_of_one(each, before, running) is not Verdict.MOVES for each in kin):
        return Verdict.FAMILY
    return own


def _of_one(complaint: Complaint, before: datetime, running: Set[str]) -> Verdict:
    if complaint.inactive_since is not None:
        return Verdict.MOVES  # it went already
    if complaint.held_since is not None:
        return Verdict.HELD
    if complaint.status.value not in ARCHIVABLE:
        return Verdict.OPEN
    if complaint.ticket in running:
        return Verdict.RUNNING
    return Verdict.MOVES if complaint.updated_at < before else Verdict.YOUNG


def quiet(rules: Configuration, now: datetime) -> bool:
    """Whether the office is closed, so that nobody is working in the register's rows."""
    today = rules.calendar.service_intervals(now.astimezone(WITA).date())
    return not today or not today[0][0] <= now < today[-1][1]


def kept_months(rules: Configuration) -> dict[str, int]:
    """By category ("" where none is known) for how many months its data are kept; those kept for ever are left out."""
    general = _months(rules.setting("retensi"))
    kept: dict[str, int | None] = dict.fromkeys((*category_codes(), ""), general)
    for name, text in rules.settings.items():
        if (match := RETENTION_SETTING.fullmatch(name)) and text.strip():
            kept[match["category"]] = _months(text)
    return {code: months for code, months in kept.items() if months is not None}


def kept_from(months: int, now: datetime) -> datetime:
    """What last changed before this instant has been kept for so many months: the same day of that month, in WITA."""
    at = now.astimezone(WITA)
    years, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    first = at.replace(year=years, month=month + 1, day=1)
    last_day = ((first + timedelta(days=31)).replace(day=1) - timedelta(days=1)).day
    return first.replace(day=min(at.day, last_day))


def _months(text: str) -> int | None:
    try:
        return years_of(text)
    except NormError:
        return None  # explained beside the setting; nothing is erased for a slip of the keyboard
