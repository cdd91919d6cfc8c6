"""
The desk's form: in which order a clerk asks, what must be asked, and when a complaint reached the office.

The desk's list of mandatory fields is longer than the citizen's. What a letter or a form filled in by hand lacks cannot
be asked any more, so there only the category is added to what every complaint needs; the rest is asked for by
`Minta kelengkapan` (UU 25/2009 Ps 44). Source: domain section 3.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from forms.field_kinds import Need, Privacy
from forms.fields import FIELD, FIELDS
from forms.incident_dates import iso_from_typed
from forms.problems import Problem, RefusedError
from forms.validation import Checked, check
from forms.wording import marked
from register.complaint import WITA, Channel

CHANNELS: Mapping[Channel, str] = {
    Channel.DESK: marked("Loket"),
    Channel.PHONE: marked("Telepon"),
    Channel.LETTER: marked("Surat"),
}
"""How a complaint reaches a desk (SOP A), with a msgid for each."""

PERSON = ("nik", "name", "phone", "email", "address", "rt_rw", "district", "village")
MATTER = ("description", "category", "incident_place", "incident_date", "remedy")
MORE = ("respondent", "loss", "affected_person", "relationship", "representative", "kk", "subject")
FLAGS = ("confidential", "anonymous")

IDENTITY = frozenset(field.name for field in FIELDS if field.privacy is Privacy.IDENTITY)
"""What is not kept of an anonymous reporter; the page hides it once that is ticked."""

ASKED = tuple(field for field in FIELDS if field.desk in (Need.ALWAYS, Need.NAMED) and field.needed is not Need.ALWAYS)
"""What a clerk must ask whoever stands at the desk or telephones, besides what every complaint needs."""
NEEDED_IN_WRITING = (FIELD["category"],)
"""What a clerk must add to a paper: to choose it, nobody has to be asked."""

LABELS: Mapping[str, str] = {
    "name": marked("Nama pelapor"),
    "address": marked("Alamat (jalan, nomor)"),
    "description": marked("Uraian masalah"),
    "category": marked("Kategori"),
    "remedy": marked("Penyelesaian yang diminta"),
    "affected_person": marked("Orang yang terdampak, bila bukan pelapor"),
    "relationship": marked("Hubungan pelapor dengan orang itu"),
    "representative": marked("Surat kuasa, bila pelapor mengadu sebagai kuasa"),
    "confidential": marked("Rahasiakan identitas pelapor"),
    "anonymous": marked("Tanpa nama (anonim)"),
}
"""Where the citizen's label speaks to the citizen."""

_SAID_TO_CLERKS: dict[tuple[str, str], str] = {
    ("name", "required"): marked("Isi nama pelapor, atau pilih tanpa nama (anonim)."),
    ("phone", "contact_required"): marked(
        "Isi telepon, e-mail, atau alamat pelapor, salah satu cukup; atau pilih tanpa nama (anonim)."
    ),
    ("phone", "phone_tollfree"): marked("Nomor 0800 tidak dapat dihubungi kembali. Isi nomor HP atau telepon rumah."),
    ("nik", "nik_length"): marked("NIK terdiri atas 16 angka. Cocokkan dengan KTP atau kartu keluarga pelapor."),
    ("kk", "kk_length"): marked("Nomor KK terdiri atas 16 angka. Cocokkan dengan kartu keluarga pelapor."),
    ("description", "required"): marked("Tulis masalahnya, sedikitnya 10 karakter."),
}
_SAID_OF_CALLERS: dict[tuple[str, str], str] = {
    ("phone", "contact_required"): marked("Isi nomor telepon atau e-mail pelapor, atau pilih tanpa nama (anonim)."),
}
_EARLIEST_YEAR = 2000
"""A year before is a slip of the finger, as in rows typed into the register."""
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")


def label_of(name: str) -> str:
    """A field's name as a clerk reads it, a msgid."""
    return LABELS.get(name) or FIELD[name].label


def needed(channel: Channel, *, paper: bool, anonymous: bool) -> tuple[str, ...]:
    """Names of the fields that must be filled in at the desk; `paper` where a form is keyed in later."""
    wanted = NEEDED_IN_WRITING if paper or channel is Channel.LETTER else ASKED
    return tuple(field.name for field in wanted if not (anonymous and field.desk is Need.NAMED))


def check_desk(data: Mapping[str, object], channel: Channel, *, paper: bool, today: date) -> Checked:
    """
    A complaint in normal form, or all that has to be mended first, in the order in which the clerk asks.

    Args:
        data: As for `forms.validation.check`.
        paper: Whether a form that was filled in by hand is keyed in.
        today: The office's date (WITA).

    Whoever has neither telephone nor e-mail is answered by letter, or comes again: a name with an address is enough,
    save of somebody who telephones.
    """
    by_post = (paper or channel is not Channel.PHONE) and bool(str(data.get("address", "")).strip())
    checked = check(data, today=today, by_post=by_post)
    found = {problem.field: problem for problem in reversed(checked.problems)}
    for name in needed(channel, paper=paper, anonymous=data.get("anonymous") is True):
        if name not in found and not str(data.get(name, "")).strip() and not _brought_along(name, data, found):
            found[name] = Problem(name, "desk_needed", FIELD[name].missing)
    problems = [_said_to_clerks(problem, channel) for problem in found.values()]
    order = (*PERSON, *MATTER, *MORE, *FLAGS)
    problems.sort(key=lambda problem: order.index(problem.field) if problem.field in order else len(order))
    return Checked(None if problems else checked.intake, tuple(problems), checked.warnings)


def _brought_along(name: str, data: Mapping[str, object], found: Mapping[str, Problem]) -> bool:
    """Whether a village that was typed brings its kecamatan along, as most do by their name alone."""
    return name == "district" and bool(str(data.get("village", "")).strip()) and "village" not in found


def _said_to_clerks(problem: Problem, channel: Channel) -> Problem:
    of_callers = _SAID_OF_CALLERS if channel is Channel.PHONE else {}
    said = (_SAID_TO_CLERKS | of_callers).get((problem.field, problem.code))
    return Problem(problem.field, problem.code, said) if said else problem


def arrival_of(day: str, hour: str, now: datetime) -> datetime | None:
    """
    When a complaint reached the office, in UTC; None for now, which is what empty fields mean.

    A time without a date is today's, a date without a time its beginning: the working time begins with the office's
    hours anyway. As in rows typed into the register, what cannot be read or is to come is not passed over.

    Args:
        day: `2026-11-23`, or `23/11/2026` as typed where the browser offers no calendar.
        hour: `09:15` or `9.15`, WITA.

    Raises: RefusedError with code `arrival_invalid` or `arrival_future`.
    """
    day, hour = iso_from_typed(day.strip()), hour.strip()
    if not day and not hour:
        return None
    clock = _TIME.fullmatch(hour) if hour else None
    try:
        on = date.fromisoformat(day) if day else now.astimezone(WITA).date()
    except ValueError:
        on = date.min
    if on.year < _EARLIEST_YEAR or (hour and clock is None):
        raise RefusedError(
            "arrival_invalid", "Waktu masuk tidak terbaca. Tulis tanggal seperti 23/11/2026 dan jam seperti 09.15."
        )
    at = datetime.combine(on, time(int(clock[1]), int(clock[2])) if clock else time(), WITA).astimezone(UTC)
    if at > now:
        raise RefusedError("arrival_future", "Waktu masuk belum tiba. Isi waktu ketika pengaduan diterima.")
    return at
