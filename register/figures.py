"""
What the office's figures are: how many, of what, and how long it took. Plain values, counted by `automation/reports/`.

Definitions, by which anybody can count again (docs/laporan.md has them for readers):

- *Received* in a period is what was recorded in it (`recorded_at`, WITA): the entries of the Buku Registrasi. By what
  they are told apart (channel, category, bidang, kecamatan, urgency) is as it stands when they are counted.
- *Closed* in a period is what was closed in it and still was at its end; by which act, says the outcome. What was filed
  (`arsipkan`) was closed before.
- *Pending* at an instant is what was recorded before it and not closed then.
- A *clock* counts in the period in which it was done: on time or late. One that was due in the period and not done by
  its end is overdue, unless it stands still now, waiting for the reporter since before it was due. One of which the
  calendar cannot tell when it is due counts nowhere, nor do the times that a reporter has.
- How long one took is in whole minutes of service by the office's calendar, without pauses; the median and the ninth
  decile are nearest-rank values (the ceil(p * n)-th smallest), so that they are whole numbers.
- What a reporter says of a settlement (*verdicts*) is the last that was said by now, as long as it stays closed: they
  may take their time, also beyond the period's end. A rating counts by itself in the period in which it was given.
- An *emergency* is a Darurat that has the clock for the first look at it, or is open still. One without a clock that is
  closed counts as received, but not here: it was closed when it was brought over, and nobody knows how soon it was
  looked at; or it was called Darurat only once it had been answered.
- A period that has not ended yet is counted up to now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from register.periods import Period


class Dimension(StrEnum):
    """By what complaints are told apart; the value names the column of a complaint."""

    CHANNEL = "channel"
    CATEGORY = "category"
    BIDANG = "bidang"
    DISTRICT = "district"
    URGENCY = "urgency"


DIMENSION_LABELS: Mapping[Dimension, str] = {
    Dimension.CHANNEL: "Kanal",
    Dimension.CATEGORY: "Kategori",
    Dimension.BIDANG: "Bidang",
    Dimension.DISTRICT: "Kecamatan",
    Dimension.URGENCY: "Urgensi",
}


class Outcome(StrEnum):
    """How a complaint ended, by the act that closed it."""

    SETTLED_BY_STAFF = "selesai"
    SETTLED_BY_REPORTER = "nyatakan_puas"
    SETTLED_BY_TIME = "tutup_otomatis"
    OUT_OF_AUTHORITY = "bukan_kewenangan"
    TRANSFERRED = "alihkan"
    WITHDRAWN = "cabut"
    DEEMED_WITHDRAWN = "dianggap_dicabut"
    MERGED = "gabungkan"


OUTCOME_LABELS: Mapping[Outcome, str] = {
    Outcome.SETTLED_BY_STAFF: "Selesai menurut petugas",
    Outcome.SETTLED_BY_REPORTER: "Dinyatakan selesai oleh pelapor",
    Outcome.SETTLED_BY_TIME: "Selesai karena waktu tanggapan berakhir",
    Outcome.OUT_OF_AUTHORITY: "Bukan kewenangan",
    Outcome.TRANSFERRED: "Dialihkan",
    Outcome.WITHDRAWN: "Dicabut pelapor",
    Outcome.DEEMED_WITHDRAWN: "Dianggap dicabut",
    Outcome.MERGED: "Digabung",
}


VERDICT_LABELS: Mapping[str, str] = {
    "by_office": "Selesai menurut petugas",
    "by_reporter": "Selesai menurut warga",
    "disputed": "Belum selesai menurut warga",
    "silent": "Warga tidak menyatakan apa pun",
}
"""By the fields of `Verdicts`."""

EMERGENCY_LABELS: Mapping[str, str] = {
    "in_time": "Darurat ditangani tepat waktu",
    "late": "Darurat ditangani terlambat",
    "unseen": "Darurat lewat batas, belum ditangani",
    "waiting": "Darurat belum ditangani, belum lewat batas",
}
"""By the fields of `Emergencies`, in the order of tables."""

NINTH_DECILE_LABEL = "9 dari 10 selesai dalam"
PENDING_LABEL = "Belum selesai pada akhir masa"
OVERDUE_LABEL = "Lewat batas, belum selesai"
UNDECIDED_LABEL, UNKNOWN_LABEL = "Belum ditentukan", "Tidak diketahui"
PROCEDURE_LABELS: Mapping[str, str] = {
    "langsung": "SOP Pengaduan Langsung",
    "online": "SOP Pengaduan Online",
}
"""As the decree calls them (Keputusan Nomor 1167/DINSOS/SET.1/337/12/2022)."""
CLOCK_LABELS: Mapping[str, str] = {
    "jawaban": "Jawaban kepada pelapor",
    "sp4n.verifikasi": "SP4N-LAPOR: verifikasi dan penerusan",
    "sp4n.tindak_lanjut": "SP4N-LAPOR: tindak lanjut pertama",
    "sp4n.penyelesaian": "SP4N-LAPOR: penyelesaian",
    "uu25.tanggapan": "UU 25/2009: tanggapan, lengkap atau belum",
    "uu25.keputusan": "UU 25/2009: keputusan",
    "darurat": "Pengaduan darurat dilihat petugas",
}
"""Of clocks that are of no step, by their key (as in `Clock`), in the order of tables."""


def missing_label(dimension: Dimension) -> str:
    """Of a complaint without a value: what the office decides is undecided, what the reporter tells is unknown."""
    own = (Dimension.BIDANG, Dimension.URGENCY, Dimension.CATEGORY)
    return UNDECIDED_LABEL if dimension in own else UNKNOWN_LABEL


HIDDEN = "(terbatas)"
"""Stands for what a restricted complaint is about, where not everybody may know it."""


@dataclass(frozen=True)
class Chosen:
    """
    Which complaints are counted: those with each of these values, where one is given.

    Args:
        hides: Whether restricted complaints count under `HIDDEN` in the dimensions that say what they are about: for
            people who see in the register that there are such ones, and no more.
    """

    values: Mapping[Dimension, str] = field(default_factory=dict)
    procedure: str = ""
    hides: bool = False


@dataclass(frozen=True)
class Timing:
    """
    One clock over a period: a step of an SOP, the answer, or a limit of a law.

    Args:
        procedure: `langsung` or `online`, as their steps of one number are different ones.
        key: As in `Clock.key`.
        label: In Indonesian, for a table.
        norm: As the office has it now, or as most of these were counted.
        overdue: Due in the period and not done by its end.
        median, ninth_decile: Minutes of service that those took which were done; None if none was.
    """

    procedure: str
    key: str
    label: str
    norm: str
    on_time: int
    late: int
    overdue: int
    median: int | None
    ninth_decile: int | None

    @property
    def done(self) -> int:
        """How many were done in the period."""
        return self.on_time + self.late


@dataclass(frozen=True)
class Verdicts:
    """
    What was settled, as the office says and as the reporters do. Of complaints closed in the period as settled.

    Args:
        by_office: All of them: settled according to the office.
        by_reporter: Of these, whose reporter agreed: said that it is settled, or rated it 4 or 5.
        disputed: Whose reporter rated it 1 or 2 since.
        silent: The rest.
    """

    by_office: int
    by_reporter: int
    disputed: int
    silent: int


@dataclass(frozen=True)
class Emergencies:
    """
    Darurat recorded in the period, without those that were brought over when they were closed already.

    Args:
        in_time: Somebody looked at them within the time set; `late` after it; `unseen` nobody did by the period's end.
        median: Minutes by the clock on the wall until somebody did; None if nobody did.
        waiting: Nobody looked at them yet, and the time set is not over at the period's end: neither good nor bad.
    """

    count: int
    in_time: int
    late: int
    unseen: int
    median: int | None
    waiting: int = 0

    @property
    def told(self) -> int:
        """Those of which it is known how they were looked at, the whole of every share."""
        return self.count - self.waiting


@dataclass(frozen=True)
class Figures:
    """
    Everything about one period.

    Args:
        until: The instant up to which it is counted: the period's end, or now.
        received_by: How many were received, by dimension and value; the empty value is "not known".
        outcomes: What was closed, by how.
        reopened: How often a complaint was reopened in the period.
        ratings: Given in the period, how many of each from 1 to 5.
        months: For each month of the period that has begun: received, closed, pending at its end.
    """

    period: Period
    until: datetime
    received: int
    received_by: Mapping[Dimension, Mapping[str, int]]
    closed: int
    outcomes: Mapping[Outcome, int]
    pending_before: int
    pending_after: int
    reopened: int
    timings: Sequence[Timing]
    verdicts: Verdicts
    ratings: Mapping[int, int]
    emergencies: Emergencies
    months: Sequence[tuple[Period, int, int, int]]


class Statistics(Protocol):
    """Who counts."""

    def figures(self, periods: Sequence[Period], now: datetime, chosen: Chosen = ...) -> Sequence[Figures]:
        """The figures of each period, in the same order, counted in one go."""

    def tickets(self, period: Period, now: datetime, chosen: Chosen, of: str) -> Sequence[str]:
        """
        The complaints behind a figure, in the order of recording.

        Args:
            of: `received`, `closed`, `pending`, `reopened`, `late:<procedure>:<clock key>`,
                `overdue:<procedure>:<clock key>`, `on_time:…`, `outcome:<outcome>`, `rating:<n>`, `emergencies`.
        """
