"""For the status page: which steps are done, what comes next and by when, and when to tell of the Ombudsman."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from forms.wording import marked
from register.complaint import DEEMED_WITHDRAWN, Clock, Complaint, Event, EventKind, Status

STEP_WORDS: Mapping[str, str] = {
    "Penerimaan": marked("Pengaduan diterima"),
    "Pencatatan": marked("Dicatat dalam buku registrasi"),
    "Verifikasi": marked("Diperiksa petugas"),
    "Pemberitahuan": marked("Anda diberi tahu bahwa pengaduan diproses"),
    "Penerusan": marked("Diteruskan kepada Ketua Tim Pengaduan"),
    "Disposisi": marked("Ditentukan bidang yang menangani"),
    "Tindak lanjut": marked("Ditindaklanjuti oleh bidang"),
    "Balasan bidang": marked("Bidang menyusun jawaban"),
    "Balasan kepada pelapor": marked("Jawaban disampaikan kepada Anda"),
    "Pelaporan dan pengarsipan": marked("Dilaporkan dan diarsipkan"),
}
"""The steps of both SOPs (annexes 1 and 2 of the decree) as reporters read them."""

REOPEN = "buka_kembali"
"""Key of the act that begins handling anew."""
WITHDRAWING = frozenset({"cabut", DEEMED_WITHDRAWN})
"""Keys of the acts by which nothing more is done."""
SYSTEM = "sistem"
"""Who did a step, where nobody of the staff did."""

BY_ITSELF: Mapping[str, str] = {
    "Verifikasi": marked("Isi pengaduan diperiksa"),
    "Pemberitahuan": marked("Pemberitahuan bahwa pengaduan diproses dimuat di halaman ini"),
}
"""What a step comes to, where it is something else, when the system did it and no officer."""

NEXT: Mapping[Status, str] = {
    Status.RECEIVED: marked("Petugas membaca pengaduan Anda dan menentukan bidang yang menangani."),
    Status.DISPOSED: marked("Bidang yang menangani memeriksa pengaduan Anda dan menindaklanjutinya."),
    Status.IN_PROGRESS: marked("Bidang yang menangani menyelesaikannya, lalu jawaban kami dimuat di halaman ini."),
    Status.ON_HOLD: marked("Penanganan ditunda untuk sementara. Batas waktu kami tetap berjalan."),
    Status.NEEDS_INFO: marked("Sesudah kelengkapan diterima, pengaduan dilanjutkan."),
    Status.AWAITING_REPORTER: marked("Kami menunggu tanggapan Anda atas jawaban di atas."),
    Status.RESOLVED: marked("Pengaduan sudah selesai. Kami membuat laporan dan mengarsipkannya."),
    Status.TRANSFERRED: marked("Pengaduan ini ditangani instansi lain, seperti tertulis di bawah."),
    Status.OUT_OF_AUTHORITY: marked("Hal ini bukan kewenangan kami. Instansi yang dapat membantu tertulis di bawah."),
    Status.WITHDRAWN: marked("Pengaduan tidak ditangani lagi."),
    Status.MERGED: marked("Pengaduan ini ditangani bersama pengaduan lain tentang hal yang sama."),
    Status.ARCHIVED: marked("Pengaduan sudah selesai dan diarsipkan. Hal baru disampaikan sebagai pengaduan baru."),
}


SAID_TO_REPORTERS: Mapping[str, str] = {
    "Bukti dari pelapor diterima": marked("Bukti dari Anda diterima"),
    "Pelapor diminta melengkapi pengaduan": marked("Anda diminta melengkapi pengaduan"),
    "Pelapor melengkapi pengaduan": marked("Anda melengkapi pengaduan"),
    "Pelapor menyatakan pengaduan selesai": marked("Anda menyatakan pengaduan selesai"),
    "Pelapor menambahkan keterangan": marked("Anda menambahkan keterangan"),
    "Pelapor memberi penilaian": marked("Anda memberi penilaian"),
    "Balasan dikirim kepada pelapor": marked("Balasan dikirim kepada Anda"),
    "Balasan disampaikan kepada pelapor": marked("Balasan disampaikan kepada Anda"),
    "Pengaduan selesai: tidak ada tanggapan pelapor dalam waktu yang ditentukan": marked(
        "Pengaduan selesai: tidak ada tanggapan Anda dalam waktu yang ditentukan"
    ),
}
"""How their own page names what the audit trail tells of them to everybody."""


@dataclass(frozen=True)
class StepShown:
    """
    A step of the SOP.

    `state` is `done` at an instant, `now` running until one, `paused` while it waits for the reporter, `ahead` still to
    come, or `dropped` as the complaint was withdrawn before. `by_itself` tells that the system did it.
    """

    words: str
    state: str
    at: datetime | None = None
    by_itself: bool = False


def steps_of(
    complaint: Complaint, clocks: Iterable[Clock], names: Sequence[str], *, withdrawn_at: datetime | None = None
) -> tuple[StepShown, ...]:
    """
    The steps in their order.

    None while nobody has looked, for what was joined to another case, and for what was closed without an answer of
    ours: its steps were passed over.

    Args:
        names: Their short names, from the first on.
        withdrawn_at: When it was withdrawn, if it was: the steps that ended with that were never done.
    """
    passed_over = complaint.closed and complaint.replied_at is None
    if complaint.step_begun_at is None or complaint.status is Status.MERGED or passed_over:
        return ()
    done = {clock.key: clock for clock in sorted(clocks, key=lambda clock: clock.round) if clock.done_at is not None}
    return tuple(
        _past_step(name, done.get(f"langkah.{no}"), withdrawn_at)
        if no < complaint.step
        else _open_step(name, complaint, running=no == complaint.step)
        for no, name in enumerate(names, start=1)
    )


def _past_step(name: str, clock: Clock | None, withdrawn_at: datetime | None) -> StepShown:
    words = STEP_WORDS.get(name, name)
    if clock is None:
        return StepShown(words, "done")
    if withdrawn_at is not None and clock.done_at == withdrawn_at:
        return StepShown(words, "dropped")
    if clock.done_by == SYSTEM:
        return StepShown(BY_ITSELF.get(name, words), "done", clock.done_at, by_itself=True)
    return StepShown(words, "done", clock.done_at)


def _open_step(name: str, complaint: Complaint, *, running: bool) -> StepShown:
    words = STEP_WORDS.get(name, name)
    if running and complaint.status is Status.NEEDS_INFO:
        return StepShown(words, "paused")
    if running and not complaint.waiting:
        return StepShown(words, "now", complaint.step_due_at)
    return StepShown(words, "ahead")


def withdrawn_at(timeline: Sequence[Event]) -> datetime | None:
    """When it was withdrawn, and not reopened since; None otherwise."""
    for event in reversed(timeline):
        if event.data.get("act") in WITHDRAWING:
            return event.at
        if event.data.get("act") == REOPEN:
            return None
    return None


def was_reopened_after_reply(timeline: Sequence[Event]) -> bool:
    """Whether the answer that is there was given before the complaint was opened anew."""
    for event in reversed(timeline):
        if event.kind is EventKind.REPLIED:
            return False
        if event.data.get("act") == REOPEN:
            return True
    return False


def asked_for(complaint: Complaint, timeline: Sequence[Event]) -> str:
    """What the office asked the reporter to complete, in its own words; empty if it asks for nothing now."""
    if complaint.status is not Status.NEEDS_INFO:
        return ""
    return next((text for event in reversed(timeline) if (text := event.secret.get("public", ""))), "")


def is_rated(timeline: Sequence[Event]) -> bool:
    """Whether the reporter rated the handling, and it was not reopened since."""
    for event in reversed(timeline):
        if event.data.get("rating"):
            return True
        if event.data.get("act") == REOPEN:
            return False
    return False


def is_late(complaint: Complaint, now: datetime) -> bool:
    """Whether the reporter should have had an answer by now."""
    return complaint.unanswered and not complaint.waiting and complaint.due_at is not None and complaint.due_at < now


def may_turn_to_ombudsman(complaint: Complaint, now: datetime) -> bool:
    """Whether the Ombudsman is told of in full: after an answer, or when it is late. Source: UU 25/2009 Ps 46."""
    answered = complaint.answered_at is not None or complaint.replied_at is not None
    return answered or complaint.closed or is_late(complaint, now)
