"""Facts for papers, all of it invented, and what can be read back from a PDF."""

import io
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from pypdf import PdfReader

from forms.papers import Facts, Office, Official
from register.chain import Root
from register.complaint import Channel, Complaint, Event, EventKind, Intake, Procedure, Reply, Status
from tests.builders import MOMENT, a_complaint, an_intake

LATER = MOMENT + timedelta(days=1)
ROOT = Root(date(2026, 11, 22), 9, bytes(range(32)), 9)
OFFICE = Office(
    "Dinas Sosial",
    "Pemerintah Kabupaten Kutai Kartanegara",
    "Jl. Cut Nyak Dhien No. 01, Tenggarong",
    "Telepon 0541-661049",
    "Tenggarong",
    Official("Dr. Contoh Kepala", "197001012000011001"),
    Official("Contoh Ketua, S.Sos."),
    {"Linjamsos": "Bidang Perlindungan dan Jaminan Sosial"},
    {"Linjamsos": Official("Contoh Kabid")},
    "https://aduan.contoh.go.id",
)
PERSONAL = {
    "name": "Ibu Contoh Rahayu",
    "nik": "6402990000000000",
    "kk": "6402990000000001",
    "phone": "+6281200000000",
    "email": "rahayu@contoh.id",
    "address": "Jalan Kenanga Nomor 99",
    "rt_rw": "017/008",
}
PRINTED = PERSONAL | {"phone": "0812-0000-0000"}
"""As it stands on paper."""
TOLD = {
    "sop": "SOP contoh",
    "answered": "Tepat waktu",
    "closed_by": "Selesai oleh Petugas",
    "rating": "4 dari 5",
    "reopened": "Tidak pernah",
    "joined": "",
    "missing": "Petugas belum diisi.",
    "evidence_count": "1 berkas",
    "trail": "Jejak audit contoh.",
}
"""How it was handled (`automation/case_facts.py` words it)."""
STORY = {
    "description": "Bantuan kami belum cair selama tiga bulan.",
    "subject": "Saldo kosong",
    "incident_place": "Agen Pojok",
    "respondent": "Agen Melati",
    "loss": "Enam ratus ribu",
    "remedy": "Mohon dicairkan",
    "affected_person": "Nenek Contoh",
    "relationship": "Cucu",
}


def the_intake(**changes: Any) -> Intake:
    """Everything that can be said."""
    place = {"category": "SEMBAKO", "district": "Tenggarong", "village": "Timbau", "incident_date": date(2026, 11, 20)}
    return replace(an_intake(**PERSONAL, **STORY, **place), **changes)


def the_complaint(**changes: Any) -> Complaint:
    """A complaint at the desk that was disposed, answered and closed."""
    known: dict[str, Any] = {
        "channel": Channel.DESK,
        "procedure": Procedure.LANGSUNG,
        "status": Status.RESOLVED,
        "category": "SEMBAKO",
        "bidang": "Linjamsos",
        "urgency": "Sedang",
        "step_begun_at": MOMENT,
        "step_due_at": LATER,
        "due_at": LATER + timedelta(days=1),
        "replied_at": LATER,
        "officer": "Sari Contoh",
    }
    return replace(a_complaint(), **(known | changes))


def the_facts(intake: dict[str, Any] | None = None, **changes: Any) -> Facts:
    """All of it; `intake` changes what was said, and `changes` the complaint."""
    complaint = the_complaint(**changes)
    said = the_intake(**(intake or {}), identity=complaint.identity)
    closed = Event(EventKind.ACT, LATER, "staf", {"status": "resolved"}, public_label="Pengaduan dinyatakan selesai")
    received = Event(EventKind.RECEIVED, MOMENT, "petugas", {}, public_label="Pengaduan diterima")
    reply = Reply(LATER, "Bantuan sudah disalurkan ke rekening.")
    return Facts(
        OFFICE,
        complaint,
        said,
        reply,
        "Bank dihubungi.",
        (received, closed),
        closed,
        ("foto.jpg",),
        ROOT,
        "Rini Contoh",
        LATER,
        {"steps": (("9. Langkah contoh", "Petugas", "2 hari kerja", "23-11", "25-11", "24-11", "Tepat waktu"),)},
        TOLD,
    )


def pages(pdf: bytes) -> list[str]:
    """The text of each page in one line, without the places at which a long word may end."""
    texts = (page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return [" ".join(text.replace("\u200b", "").split()) for text in texts]


def text(pdf: bytes) -> str:
    """The text of the whole PDF in one line."""
    return " ".join(pages(pdf))


def squeezed(words: str) -> str:
    """Without blanks: where a line ends in a PDF is not what matters."""
    return "".join(words.split())
