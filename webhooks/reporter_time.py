"""
What the reporter may do now, until when, and what happens otherwise.

The times are those of automation/sop/states.toml, whose clocks the store keeps; here they are put in words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from forms.wording import marked
from register.complaint import Clock, Complaint, Status


@dataclass(frozen=True)
class Window:
    """A time that the reporter has in some states. `clock` is its key; `said` has a place for the end of it."""

    clock: str
    title: str
    said: str
    acts: tuple[str, ...] = ()
    """Keys of the reporter's acts that this time is for."""
    passes: bool = False
    """Whether there is nothing left to do once it is over; otherwise it lasts until the system ends it."""


COMPLETING = Window(
    "kelengkapan",
    marked("Kami menunggu kelengkapan dari Anda"),
    marked("Mohon lengkapi pengaduan ini paling lambat %(until)s; bila tidak, pengaduan dianggap dicabut."),
    acts=("lengkapi",),
)
RESPONDING = Window(
    "tanggapan",
    marked("Kami menunggu tanggapan Anda"),
    marked(
        "Apakah jawaban kami sudah menyelesaikan masalah Anda? Mohon beri tahu kami paling lambat %(until)s; "
        "bila tidak, pengaduan dianggap selesai."
    ),
    acts=("nyatakan_puas", "buka_kembali"),
)
REOPENING = Window(
    "buka_kembali",
    marked("Pengaduan ini dapat dibuka kembali"),
    marked(
        "Bila masalahnya belum selesai, mohon beri tahu kami paling lambat %(until)s; bila tidak, pengaduan ini tetap "
        "ditutup, dan hal yang baru disampaikan sebagai pengaduan baru."
    ),
    acts=("buka_kembali",),
    passes=True,
)
WINDOWS: Mapping[Status, Window] = {
    Status.NEEDS_INFO: COMPLETING,
    Status.AWAITING_REPORTER: RESPONDING,
    Status.RESOLVED: REOPENING,
    Status.TRANSFERRED: REOPENING,
    Status.OUT_OF_AUTHORITY: REOPENING,
    Status.WITHDRAWN: REOPENING,
}


@dataclass(frozen=True)
class Turn:
    """It is the reporter's turn: what for, and until when (aware)."""

    window: Window
    until: datetime


def turn_of(complaint: Complaint, clocks: Iterable[Clock], now: datetime) -> Turn | None:
    """What the reporter may do now; None if nothing. `clocks` are all that the complaint has."""
    window = WINDOWS.get(complaint.status)
    if window is None:
        return None
    for clock in clocks:
        running = clock.key == window.clock and clock.round == complaint.round and clock.done_at is None
        if running and clock.due_at is not None and not (window.passes and clock.due_at < now):
            return Turn(window, clock.due_at)
    return None
