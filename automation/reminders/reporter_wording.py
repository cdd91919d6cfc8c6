"""
What reporters read in a message, in their language. Pure.

Indonesian comes from the tab `Template Pesan`. A message holds tickets, dates and links, and what the office itself
wrote to its reporter: never a NIK, a category or where the complaint went, as anybody may look over a shoulder (domain
section 5).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from automation.calendars.indonesian_dates import duration
from automation.configuration.in_force import Agency, Configuration
from automation.reminders.staff_wording import filled, wording
from automation.sop.told import CLOSING, act_of
from register.complaint import WITA, Complaint
from register.indonesian_dates import long_date, long_instant
from register.proof_links import GOOD_FOR
from register.reporter_messages import MessageKind, ReporterMessage

NOBODY_NAMED = {"id": "Bapak/Ibu", "en": "Sir or Madam"}
UNNAMED = {"id": "tersebut", "en": "in question"}
"""In place of a ticket that is not to be named to whoever reads the message."""
TRANSFERRED = "pengalihan"
"""Code of the wording for a complaint that was passed on; `bukan_kewenangan` is for one that was not."""
LONGEST_VALUE = 600
"""Letters of one field of an approved template: Meta allows a body of 1,024 in all."""
_TITLES: Mapping[str, Mapping[MessageKind, str]] = {
    "id": {
        MessageKind.RECEIPT: "Tanda terima pengaduan",
        MessageKind.FORGOTTEN: "Nomor tiket pengaduan Anda",
        MessageKind.PROOF: "Tautan untuk menanggapi pengaduan",
        MessageKind.NEEDS_INFO: "Permintaan kelengkapan pengaduan",
        MessageKind.DISPOSED: "Perkembangan pengaduan Anda",
        MessageKind.ANSWER: "Tanggapan atas pengaduan Anda",
        MessageKind.CLOSED: "Penutupan pengaduan Anda",
        MessageKind.REFERRED: "Tanggapan atas pengaduan Anda",
        MessageKind.ADDED: "Keterangan Anda sudah diterima",
        MessageKind.STATUS: "Status pengaduan Anda",
        MessageKind.UNKNOWN_TICKET: "Nomor tiket tidak ditemukan",
        MessageKind.NEEDS_TEXT: "Mohon uraikan pengaduan Anda",
        MessageKind.COMMENT: "Terima kasih",
        MessageKind.THANKS: "Terima kasih",
    },
    "en": {
        MessageKind.RECEIPT: "Receipt for your complaint",
        MessageKind.FORGOTTEN: "Your ticket number",
        MessageKind.PROOF: "Link for responding to your complaint",
        MessageKind.NEEDS_INFO: "Your complaint needs more details",
        MessageKind.DISPOSED: "Progress of your complaint",
        MessageKind.ANSWER: "Answer to your complaint",
        MessageKind.CLOSED: "Your complaint was closed",
        MessageKind.REFERRED: "Answer to your complaint",
        MessageKind.ADDED: "We received what you added",
        MessageKind.STATUS: "Status of your complaint",
        MessageKind.UNKNOWN_TICKET: "Ticket number not found",
        MessageKind.NEEDS_TEXT: "Please describe your complaint",
        MessageKind.COMMENT: "Thank you",
        MessageKind.THANKS: "Thank you",
    },
}
_ENGLISH: Mapping[str, str] = {
    "tanda_terima": (
        "Dear {nama}, thank you. We received your complaint on {tanggal} at {jam} WITA; its ticket number is {tiket}. "
        "You will have an answer by {batas}. This service is free of charge."
    ),
    "tiket_terlupa": (
        "Dear {nama}, the ticket number of your complaint: {tiket}. It shows where the complaint stands and the answer "
        "to it; do not give it to others. If you did not ask for this, ignore this message."
    ),
    "tautan_bukti": (
        "Dear {nama}, open this link to respond to the complaint {tiket}. It is good for {lama}. If you did not ask "
        "for it, ignore this message, and do not pass the link on."
    ),
    "permintaan_kelengkapan": (
        "Dear {nama}, the complaint {tiket} is incomplete. Please send us by {batas}: {data}. Otherwise the complaint "
        "is deemed withdrawn."
    ),
    "pemberitahuan_disposisi": (
        "Dear {nama}, the complaint {tiket} is with those who handle it. You will have an answer by {batas}."
    ),
    "penyelesaian": (
        "Dear {nama}, the complaint {tiket} was handled: {hasil}. You may respond until {batas}; if you are not "
        "satisfied, you may turn to the Ombudsman of Indonesia."
    ),
    "penutupan": "The complaint {tiket} was resolved on {tanggal}. Thank you for your trust.",
    "pencabutan": (
        "The complaint {tiket} was withdrawn on {tanggal} and is not handled any more. If this is not what you meant, "
        "it can be reopened."
    ),
    "dianggap_dicabut": (
        "The complaint {tiket} is deemed withdrawn since {tanggal}, as we did not receive the missing details in time. "
        "It can be reopened or filed again."
    ),
    "bukan_kewenangan": (
        "Dear {nama}, the complaint {tiket} is outside the authority of the Social Service. Please turn to {instansi}, "
        "{kontak}, or www.lapor.go.id."
    ),
    TRANSFERRED: (
        "Dear {nama}, the complaint {tiket} was passed on to the agency in charge. Please turn to {instansi}, "
        "{kontak}, or www.lapor.go.id."
    ),
    "keterangan_diterima": "Thank you. We received what you added to the complaint {tiket} and passed it on.",
    "status": "The complaint {tiket} now has the status: {keadaan}.",
    "tiket_tidak_ditemukan": (
        "We are sorry, we did not find that ticket number. Please check how it is written, such as: status ABCD-EFGH-J."
    ),
    "minta_uraian": (
        "Thank you for writing to the Social Service. So that we can handle it as a complaint, please tell us what "
        "happened, where and when, and what you wish for. Do not send identity numbers. This service is free of charge."
    ),
    "balasan_komentar": (
        "Thank you for writing to us. We have written to you privately; please do not post personal data in comments."
    ),
    "terima_kasih": "Thank you for taking part.",
    "darurat_pelapor": (
        "If anybody is in danger now, do not wait for us: call 112, 110 (police) or 119 (ambulance); for women and "
        "children also 129 (SAPA)."
    ),
    "cara_menilai": (
        "Answer this message with a number from 1 (not satisfied) to 5 (very satisfied), or with 'belum' if the matter "
        "is not settled."
    ),
    "cara_melengkapi": "Just answer this message.",
}
_SOON = {"id": "waktu yang segera dimuat di halaman status", "en": "the time that will soon be on its status page"}
_NEXT_DAY = {"id": "hari kerja berikutnya", "en": "the next working day"}
"""What is promised where the time was over before it could be, as after an outage."""
ALL_AGENCIES = "lapor.go.id"
OR_ALL_AGENCIES = {"id": ", atau www.lapor.go.id", "en": ", or www.lapor.go.id"}
"""How wordings end that name it beside an agency; where that is the agency itself, once is enough."""
IN_DANGER, HOW_TO_RATE, HOW_TO_COMPLETE = "darurat_pelapor", "cara_menilai", "cara_melengkapi"
_ELSEWHERE = {
    "id": Agency("instansi yang berwenang", "yang alamatnya dapat ditanyakan kepada kami"),
    "en": Agency("the agency in charge", "whose address we can tell you"),
}
_FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Letter:
    """Subject and text; `values` are the fields in the order in which the text names them, for approved templates."""

    title: str
    text: str
    values: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        """The text with its links below, each on a line of its own."""
        return "\n\n".join([self.text, *self.links])


@dataclass(frozen=True)
class Matter:
    """
    What a message is about, beside what it is.

    Args:
        complaint: None for a message that is about none.
        name: Of the reporter; empty if they gave none, or are not sure to be the one who reads it.
        tickets: What to name as its tickets; its own if empty.
        said: What the office wrote to the reporter: the answer, or what is missing.
        closed_at: When the matter ended, if that is what the message tells.
        window_ends: Until when the reporter may respond or complete; None if that is not known.
        agency: Where the reporter is sent.
        why: What the office added to that.
        before: Codes of wordings that come first, such as whom to call when somebody is in danger.
        after: Likewise of those that follow, such as how to answer.
        links: Put below the text.
        now: The present; None if it does not matter.
    """

    complaint: Complaint | None = None
    name: str = ""
    tickets: Sequence[str] = ()
    said: str = ""
    closed_at: datetime | None = None
    window_ends: datetime | None = None
    agency: Agency | None = None
    why: str = ""
    before: Sequence[str] = ()
    after: Sequence[str] = ()
    links: Sequence[str] = ()
    now: datetime | None = None


def letter(message: ReporterMessage, matter: Matter, rules: Configuration, language: str = "id") -> Letter:
    """A message in full; `language` is `id` or `en`, whatever else is Indonesian."""
    language = language if language in _TITLES else "id"
    code = code_of(message)
    template = _template(code, rules, language)
    if matter.agency and ALL_AGENCIES in matter.agency.contact:
        template = template.replace(OR_ALL_AGENCIES[language], "")
    fields = _fields(message, matter, matter.complaint, language) if matter.complaint else {"tiket": UNNAMED[language]}
    named = dict.fromkeys(_FIELD.findall(template))
    return Letter(
        _TITLES[language][message.kind],
        "\n\n".join(
            part
            for part in (
                *(_template(each, rules, language) for each in matter.before),
                filled(template, fields),
                matter.why,
                *(_template(each, rules, language) for each in matter.after),
            )
            if part
        ),
        tuple(_one_line(fields.get(name, "")) for name in named),
        tuple(matter.links),
    )


def _template(code: str, rules: Configuration, language: str) -> str:
    return _ENGLISH[code] if language == "en" else wording(code, rules)


def code_of(message: ReporterMessage) -> str:
    """The code of its wording in the tab `Template Pesan`."""
    if message.kind is MessageKind.CLOSED:
        return CLOSING.get(act_of(message), message.kind.value)
    transferred = message.kind is MessageKind.REFERRED and act_of(message) == "alihkan"
    return TRANSFERRED if transferred else message.kind.value


def _one_line(text: str) -> str:
    """As Meta takes a parameter of a template: without line breaks, and never empty."""
    line = " ".join(text.split()) or "-"
    return line if len(line) <= LONGEST_VALUE else line[: LONGEST_VALUE - 1] + "…"


def _fields(message: ReporterMessage, matter: Matter, complaint: Complaint, language: str) -> dict[str, str]:
    at = (matter.closed_at or complaint.received_at).astimezone(WITA)
    english, minutes = language == "en", int(GOOD_FOR.total_seconds() // 60)
    due = matter.window_ends if message.kind in (MessageKind.NEEDS_INFO, MessageKind.ANSWER) else complaint.due_at
    agency = matter.agency or _ELSEWHERE[language]
    return {
        "nama": matter.name or NOBODY_NAMED[language],
        "tiket": ", ".join(matter.tickets or (complaint.ticket,)),
        "tanggal": f"{at.day} {at:%B %Y}" if english else long_date(at),
        "jam": f"{at:%H:%M}" if english else f"{at:%H.%M}",
        "batas": _until(due, language, matter.now),
        "lama": f"{minutes} minutes" if english else duration(minutes),
        "data": matter.said.rstrip(". "),
        "hasil": matter.said.rstrip(". "),
        "instansi": agency.name,
        "kontak": agency.contact.rstrip(". "),
        "keadaan": _standing(complaint, language),
    }


def _standing(complaint: Complaint, language: str) -> str:
    """Where it stands, and until when there is an answer if that is still to come."""
    label = complaint.status.value.replace("_", " ") if language == "en" else complaint.status_label
    if not complaint.unanswered or complaint.waiting:
        return label
    until = _until(complaint.due_at, language)
    return f"{label}; an answer comes by {until}" if language == "en" else f"{label}; tanggapan paling lambat {until}"


def _until(at: datetime | None, language: str, now: datetime | None = None) -> str:
    if at is None:
        return _SOON[language]
    if now is not None and at < now:
        return _NEXT_DAY[language]
    due = at.astimezone(WITA)
    return f"{due.day} {due:%B %Y, %H:%M} WITA" if language == "en" else long_instant(due)
