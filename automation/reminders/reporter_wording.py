"""
What reporters read in a message, in their language. Pure.

Indonesian comes from the tab `Template Pesan`. A message holds tickets and links only: never a NIK, a category or where
the complaint went, as anybody may look over a shoulder (domain section 5).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from automation.calendars.indonesian_dates import duration
from automation.configuration.in_force import Configuration
from automation.reminders.staff_wording import filled, wording
from register.complaint import WITA, Complaint
from register.indonesian_dates import long_date, long_instant
from register.proof_links import GOOD_FOR
from register.reporter_messages import MessageKind

NOBODY_NAMED = {"id": "Bapak/Ibu", "en": "Sir or Madam"}
_TITLES: Mapping[str, Mapping[MessageKind, str]] = {
    "id": {
        MessageKind.RECEIPT: "Tanda terima pengaduan",
        MessageKind.FORGOTTEN: "Nomor tiket pengaduan Anda",
        MessageKind.PROOF: "Tautan untuk menanggapi pengaduan",
    },
    "en": {
        MessageKind.RECEIPT: "Receipt for your complaint",
        MessageKind.FORGOTTEN: "Your ticket number",
        MessageKind.PROOF: "Link for responding to your complaint",
    },
}
_ENGLISH: Mapping[MessageKind, str] = {
    MessageKind.RECEIPT: (
        "Dear {nama}, thank you. We received your complaint on {tanggal} at {jam} WITA; its ticket number is {tiket}. "
        "You will have an answer by {batas}. This service is free of charge."
    ),
    MessageKind.FORGOTTEN: (
        "Dear {nama}, the ticket number of your complaint: {tiket}. It shows where the complaint stands and the answer "
        "to it; do not give it to others. If you did not ask for this, ignore this message."
    ),
    MessageKind.PROOF: (
        "Dear {nama}, open this link to respond to the complaint {tiket}. It is good for {lama}. If you did not ask "
        "for it, ignore this message, and do not pass the link on."
    ),
}
_SOON = {"id": "waktu yang segera dimuat di halaman status", "en": "the time that will soon be on its status page"}


@dataclass(frozen=True)
class Letter:
    """Subject and text."""

    title: str
    text: str


def letter(
    kind: MessageKind,
    complaint: Complaint,
    rules: Configuration,
    *,
    language: str = "id",
    name: str = "",
    tickets: Sequence[str] = (),
    links: Sequence[str] = (),
) -> Letter:
    """
    A message about a complaint.

    Args:
        name: Of the reporter; empty if they gave none.
        tickets: What to name as its tickets; its own if empty.
        links: Put below the text, each on a line of its own.
    """
    language = language if language in _TITLES else "id"
    template = _ENGLISH[kind] if language == "en" else wording(kind.value, rules)
    text = filled(template, _fields(complaint, language, name, tickets or (complaint.ticket,)))
    return Letter(_TITLES[language][kind], "\n\n".join([text, *links]))


def _fields(complaint: Complaint, language: str, name: str, tickets: Sequence[str]) -> dict[str, str]:
    at = complaint.received_at.astimezone(WITA)
    english, minutes = language == "en", int(GOOD_FOR.total_seconds() // 60)
    return {
        "nama": name or NOBODY_NAMED[language],
        "tiket": ", ".join(tickets),
        "tanggal": f"{at.day} {at:%B %Y}" if english else long_date(at),
        "jam": f"{at:%H:%M}" if english else f"{at:%H.%M}",
        "batas": _until(complaint, language),
        "lama": f"{minutes} minutes" if english else duration(minutes),
    }


def _until(complaint: Complaint, language: str) -> str:
    if complaint.due_at is None:
        return _SOON[language]
    due = complaint.due_at.astimezone(WITA)
    return f"{due.day} {due:%B %Y, %H:%M} WITA" if language == "en" else long_instant(due)
