"""
`aduan explain`: a complaint's whole story in lines for people: what it is, its clocks, its events, its messages. Pure.

What people wrote is left out unless it is asked for: most questions are about time.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from automation.calendars.indonesian_dates import duration
from automation.calendars.working_time import measure
from automation.configuration.in_force import Configuration
from automation.reminders.escalation import Rung
from automation.sop.acts import load_acts
from automation.sop.clock_keys import ANSWER, EMERGENCY, step_of
from automation.sop.decision import stage
from automation.sop.laws import laws_for, load_laws
from automation.sop.reporting import named
from automation.step_proofs import proofs_of
from automation.sync.rows import shown_instant
from register.complaint import CHANNEL_LABELS, STATUS_LABELS, Clock, Complaint, Event, EventKind, Procedure
from register.notices import STATE_LABELS
from register.reporter_messages import MESSAGE_LABELS

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
    EventKind.CELL_READ: "isian baru dibaca dari register",
    EventKind.CELL_EDITED: "isian diubah di register",
    EventKind.CELL_FLAGGED: "isian dibaca, tetapi tidak dipakai",
    EventKind.REPLIED: "balasan",
    EventKind.RESTORED: "baris dikembalikan",
    EventKind.STOPPED: "waktu berhenti (menunggu pelapor)",
    EventKind.RESUMED: "waktu berjalan lagi",
    EventKind.EXTENDED: "waktu diperpanjang",
    EventKind.MOVED: "batas bergeser",
    EventKind.REFERRED: "rujukan",
    EventKind.MERGED: "digabung",
    EventKind.NOTIFIED: "pemberitahuan kepada petugas",
    EventKind.EVIDENCE_ADDED: "lampiran bukti diterima",
    EventKind.EVIDENCE_REMOVED: "lampiran bukti dihapus",
    EventKind.EVIDENCE_MISSED: "lampiran pesan tidak dapat diterima",
    EventKind.IMPORTED: "diimpor dari register lain",
    EventKind.DISTRICT_KEPT: "kecamatan dilengkapi",
    EventKind.REPORT_HELD: "laporan pengaduan ditahan",
    EventKind.REPORTED: "laporan pengaduan ditulis",
    EventKind.MOVED_OUT: "dipindahkan ke arsip",
    EventKind.MOVED_BACK: "dikembalikan ke register",
    EventKind.HELD: "ditahan, tidak boleh dipindahkan atau dihapus",
    EventKind.RELEASED: "penahanan dilepaskan",
    EventKind.ERASED: "identitas dan tulisan dihapus",
}
RUNG_LABELS: Mapping[str, str] = {
    Rung.BEFORE: "pengingat sebelum batas",
    Rung.DUE: "jatuh tempo",
    Rung.KABID: "eskalasi kepada Kepala Bidang",
    Rung.KETUA_TIM: "eskalasi kepada Ketua Tim",
    Rung.KADIS: "eskalasi kepada Kepala Dinas",
    Rung.DISPOSED: "disposisi baru",
    Rung.MOVED: "batas bergeser",
    Rung.HEARD: "tanggapan pelapor",
    Rung.ALERT_1: "Darurat, peringatan pertama",
    Rung.ALERT_2: "Darurat, peringatan kedua",
    Rung.ALERT_3: "Darurat, peringatan ketiga",
    **{kind.value: label for kind, label in MESSAGE_LABELS.items()},
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
    "message": "pesan",
    "joined": "digabung petugas dari pesan",
    "rating": "nilai 1-5",
    "missing": "belum diisi",
    "sha256": "SHA-256",
}
_VALUE_LABELS: Mapping[str, Callable[[], Mapping[Any, str]]] = {
    "act": lambda: {key: act.label for key, act in load_acts().items()},
    "status": lambda: STATUS_LABELS,
    "channel": lambda: CHANNEL_LABELS,
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
    texts: bool = False,
) -> list[str]:
    """The lines; `texts` tells whether to show what people wrote."""
    lines = [*_heading(complaint), "", "Waktu"]
    lines += [line for clock in sorted(clocks, key=_place) for line in _clock(clock, complaint, rules)]
    happened = [event for event in events if event.kind is not EventKind.NOTIFIED]
    lines += ["", "Peristiwa", *(_event(event, texts=texts) for event in happened)]
    told = [_message(event) for event in events if event.kind is EventKind.NOTIFIED]
    lines += ["", "Pesan kepada petugas dan pelapor", *(told or ["  (tidak ada)"])]
    return lines + _proofs(complaint, events, rules)


def _proofs(complaint: Complaint, events: Sequence[Event], rules: Configuration) -> list[str]:
    """What proves that each step of SOP B was taken; SOP A has its papers instead."""
    if complaint.procedure is not Procedure.ONLINE:
        return []
    lines = ["", "Bukti elektronik tiap langkah (SOP B)"]
    steps = rules.procedures[complaint.procedure.value]
    for no, found in proofs_of(events).items():
        shown = [_message(event) if event.kind is EventKind.NOTIFIED else _event(event, texts=False) for event in found]
        lines += [f"  {no}. {steps.step(no).short}", *(f"    {line}" for line in shown or ["  belum ada"])]
    return lines


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


def _place(clock: Clock) -> tuple[int, int, int]:
    """In each round the steps as the procedure runs, then its answer, times of the reporter, and the laws."""
    if no := step_of(clock.key):
        return (clock.round, 0, no)
    others = (ANSWER, EMERGENCY, *WINDOW_LABELS, *(law.key for law in load_laws()))
    return (clock.round, 1, others.index(clock.key) if clock.key in others else len(others))


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


def _message(event: Event) -> str:
    said = event.data
    state, rung = _label(STATE_LABELS, said.get("state", "")), _label(RUNG_LABELS, said.get("rung", ""))
    channel = f" lewat {_label(CHANNEL_LABELS, said['channel'])}" if "channel" in said else ""
    proof = f" (bukti {event.secret['proof']})" if "proof" in event.secret else ""
    return f"  {shown_instant(event.at)}  {rung} kepada {said.get('person', '-')}{channel}: {state}{proof}"


def _label(labels: Mapping[Any, str], code: str) -> str:
    """What people call a code; the code itself where a later version wrote it."""
    return next((label for known, label in labels.items() if known == code), code)


def _value(name: str, value: str) -> str:
    if name == "missing":
        return named(value.split())
    return _label(_VALUE_LABELS[name](), value) if name in _VALUE_LABELS else value


def _event(event: Event, *, texts: bool) -> str:
    data = [
        f"{_DATA_LABELS[name]} {_value(name, value)}"
        for name, value in event.data.items()
        if name in _DATA_LABELS and value
    ]
    shown = [name for name in _SECRET_LABELS if name in event.secret and (texts or name in _ALWAYS_SHOWN)]
    data += [f"{_SECRET_LABELS[name]}: {' '.join(event.secret[name].split())}" for name in shown]
    what = KIND_LABELS.get(event.kind, event.kind.value)
    told = f" ({', '.join(data)})" if data else ""
    return f"  {shown_instant(event.at)}  {event.actor}: {what}{told}"
