"""
`aduan explain`: a complaint's whole story in lines for people: what it is, its clocks, its events, its messages. Pure.

What people wrote is left out unless it is asked for: most questions are about time.
"""

from collections.abc import Iterable, Mapping, Sequence

from automation.configuration import Configuration
from automation.deadlines import ANSWER, EMERGENCY, step_of
from automation.decision import stage
from automation.indonesian_dates import duration
from automation.laws import laws_for
from automation.rows import shown_instant
from automation.working_time import measure
from register.complaint import CHANNEL_LABELS, Clock, Complaint, Event, EventKind

WINDOW_LABELS: Mapping[str, str] = {
    "kelengkapan": "Waktu pelapor melengkapi",
    "tanggapan": "Waktu pelapor menanggapi",
    "buka_kembali": "Waktu pelapor membuka kembali",
}
KIND_LABELS: Mapping[EventKind, str] = {
    EventKind.RECEIVED: "diterima",
    EventKind.DISPOSED: "disposisi",
    EventKind.STEP_DONE: "langkah selesai",
    EventKind.ACT: "tindakan",
    EventKind.ACT_REFUSED: "tindakan tidak dapat dilakukan",
    EventKind.CELL_READ: "sel dibaca",
    EventKind.CELL_EDITED: "sel diubah",
    EventKind.CELL_FLAGGED: "sel dibaca, tidak dipakai",
    EventKind.REPLIED: "balasan",
    EventKind.RESTORED: "baris dikembalikan",
    EventKind.STOPPED: "waktu berhenti (menunggu pelapor)",
    EventKind.RESUMED: "waktu berjalan lagi",
    EventKind.EXTENDED: "waktu diperpanjang",
    EventKind.MOVED: "batas bergeser",
    EventKind.REFERRED: "rujukan",
    EventKind.MERGED: "digabung",
    EventKind.NOTIFIED: "pemberitahuan kepada petugas",
}
_DATA_LABELS: Mapping[str, str] = {
    "column": "kolom",
    "step": "langkah",
    "act": "tindakan",
    "status": "status",
    "category": "kategori",
    "bidang": "bidang",
    "urgency": "urgensi",
    "limit": "batas",
    "before": "dari",
    "after": "ke",
    "agency": "instansi",
    "into": "induk",
    "channel": "kanal",
}
_SECRET_LABELS: Mapping[str, str] = {"public": "kepada pelapor", "why": "sebab", "value": "isi", "before": "semula"}
_ALWAYS_SHOWN = ("why",)
"""Of what is sealed: sentences of the program, which quote words of the rules only."""


def story(
    complaint: Complaint,
    clocks: Sequence[Clock],
    events: Sequence[Event],
    rules: Configuration,
    *,
    messages: Iterable[str] = (),
    texts: bool = False,
) -> list[str]:
    """
    The lines.

    Args:
        messages: What was sent to staff and reporter, a line each.
        texts: Whether to show what people wrote.
    """
    lines = [*_heading(complaint), "", "Waktu"]
    lines += [line for clock in clocks for line in _clock(clock, complaint, rules)]
    lines += ["", "Peristiwa", *(_event(event, texts=texts) for event in events)]
    told = list(messages)
    return [*lines, "", "Pesan", *(told or ["  (tidak ada)"])]


def _heading(complaint: Complaint) -> list[str]:
    facts = (
        ("Tiket", complaint.ticket),
        ("Nomor registrasi", complaint.register_number),
        ("SOP", f"{complaint.procedure.value}, masuk lewat {CHANNEL_LABELS[complaint.channel]}"),
        ("Diterima", f"{shown_instant(complaint.received_at)} WITA"),
        ("Status", complaint.status_label),
        ("Tahap", stage(complaint)),
        ("Disposisi", "menunggu Ketua Tim" if complaint.undecided else complaint.bidang),
        ("Kategori", f"{complaint.category or 'belum diketahui'}, urgensi {complaint.urgency}"),
        ("Terbatas", "ya" if complaint.restricted else ""),
        ("Petugas", complaint.officer),
        ("Batas Waktu", _limit(complaint)),
        ("Perpanjangan", complaint.extension),
        ("Rujukan", complaint.referral),
        ("Digabung ke", complaint.merged_into),
        ("Dibuka kembali", f"{complaint.round} kali" if complaint.round else ""),
        ("Catatan Sistem", complaint.note),
    )
    return [f"{name + ':':18}{text}" for name, text in facts if text]


def _limit(complaint: Complaint) -> str:
    if complaint.due_at is None:
        return ""
    return f"{shown_instant(complaint.due_at)} WITA ({complaint.basis})"


def clock_label(clock: Clock, complaint: Complaint, rules: Configuration) -> str:
    """What a clock is about, in Indonesian: the step by its number and name, the law, or the reporter's time."""
    if no := step_of(clock.key):
        return f"Langkah {no}, {rules.procedures[complaint.procedure.value].step(no).short}"
    named = {ANSWER: "Jawaban kepada pelapor (SOP)", EMERGENCY: "Darurat: harus ada yang bertindak", **WINDOW_LABELS}
    if clock.key in named:
        return named[clock.key]
    law = laws_for(complaint.category).get(clock.key)
    return law.label if law else clock.key


def _clock(clock: Clock, complaint: Complaint, rules: Configuration) -> list[str]:
    rounds = f" (dibuka kembali ke-{clock.round})" if clock.round else ""
    head = f"  {clock_label(clock, complaint, rules)}{rounds}: norma {clock.norm or '-'}"
    span = f"mulai {shown_instant(clock.begun_at)}, batas {shown_instant(clock.due_at) or '-'}"
    return [f"{head}; {span}; {_outcome(clock, rules)}", *([f"      {clock.basis}"] if clock.basis else [])]


def _outcome(clock: Clock, rules: Configuration) -> str:
    if clock.done_at is None:
        return "berjalan"
    done = f"selesai {shown_instant(clock.done_at)} oleh {clock.done_by}"
    if not clock.late or clock.due_at is None:
        return done
    return f"{done}, terlambat {duration(measure(clock.due_at, clock.done_at, rules.calendar))} waktu layanan"


def _event(event: Event, *, texts: bool) -> str:
    data = [f"{_DATA_LABELS[name]} {value}" for name, value in event.data.items() if name in _DATA_LABELS and value]
    shown = [name for name in _SECRET_LABELS if name in event.secret and (texts or name in _ALWAYS_SHOWN)]
    data += [f"{_SECRET_LABELS[name]}: {' '.join(event.secret[name].split())}" for name in shown]
    what = KIND_LABELS.get(event.kind, event.kind.value)
    told = f" ({', '.join(data)})" if data else ""
    return f"  {shown_instant(event.at)}  {event.actor}: {what}{told}"
