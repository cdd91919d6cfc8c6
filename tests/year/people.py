"""
Who comes to the office in a year, and who works there: complaints, officers of set speeds, and reporters' habits.

Chance comes from one seeded generator, so that a year can be played again.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from register.complaint import Channel, Complaint, Identity, Intake, Procedure, Status
from tests.year.timetable import DAY, FIRST, Timetable, instant, minute

TEXTS = Path(__file__).parents[1] / "automation" / "complaints_more.txt"
DESK_SHARE = 0.3
BY_HOUR = (1, 1, 1, 1, 1, 2, 4, 9, 14, 15, 13, 9, 6, 9, 11, 9, 6, 5, 5, 6, 6, 5, 3, 2)
BY_WEEKDAY = (1.25, 1.1, 1.0, 1.0, 0.8, 0.35, 0.3)
FLOODS = {"2026-01-19": 14, "2026-01-20": 9, "2026-01-21": 4, "2026-05-03": 11, "2026-05-04": 13, "2026-12-12": 16}
"""Days on which many times as many complain."""
ONLINE = (Channel.WEB, Channel.WEB, Channel.API, Channel.WHATSAPP, Channel.GOOGLE_FORMS)
DESK_LABELS = ("Loket", "Loket", "Loket", "Telepon", "Surat")
BIDANG = ("Dayasos", "Rehsos", "Linjamsos", "Sekretariat")


# -- complaints -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Arrival:
    """Somebody complains: when, how, and what is said; `paper` is when it reached the desk, if that was earlier."""

    at: int
    desk: bool
    intake: Intake
    channel: str
    paper: int | None = None


def texts() -> list[str]:
    """What people complain about: invented, of all categories."""
    lines = TEXTS.read_text("utf-8").splitlines()
    return [line.split("|", 2)[2].strip() for line in lines if line and not line.startswith("#")]


def arrivals(count: int, rng: random.Random, timetable: Timetable, grid: int) -> list[Arrival]:
    """So many complaints over 2026, in order; what is typed at the desk comes while the office serves."""
    said, places, weights = texts(), list[int](), list[float]()
    for day in range(4, 365):
        on = (FIRST + timedelta(days=day)).date()
        level = BY_WEEKDAY[on.weekday()] * FLOODS.get(on.isoformat(), 1)
        for hour, weight in enumerate(BY_HOUR):
            places.append(day * DAY + hour * 60)
            weights.append(level * weight)
    moments = sorted(hour + rng.randrange(60) for hour in rng.choices(places, weights, k=count))
    found = [_arrival(number, at, rng, timetable, grid, rng.choice(said)) for number, at in enumerate(moments)]
    return sorted((arrival for arrival in found if arrival.at < 365 * DAY), key=lambda arrival: arrival.at)


def _arrival(number: int, at: int, rng: random.Random, timetable: Timetable, grid: int, text: str) -> Arrival:
    identity = rng.choices(list(Identity), (90, 6, 4))[0]
    known = identity is not Identity.ANONYMOUS
    intake = Intake(
        description=f"{text} (berkas {number})",
        name=f"Warga Contoh {number}" if known else "",
        phone="+6281200000000" if known else "",
        identity=identity,
    )
    if rng.random() >= DESK_SHARE:
        return Arrival(_on_grid(at, grid), False, intake, rng.choice(ONLINE).value)
    typed = timetable.at_work(_on_grid(timetable.at_work(at), grid))
    earlier = rng.choices((None, typed - rng.randrange(1, 90), typed - rng.randrange(DAY, 4 * DAY)), (5, 3, 2))[0]
    paper = None if earlier is None else _on_grid(earlier, grid) - grid
    return Arrival(typed, True, intake, rng.choice(DESK_LABELS), paper)


def _on_grid(at: int, grid: int) -> int:
    return -(-at // grid) * grid


# -- officers ---------------------------------------------------------------------------------------------------------


@dataclass
class Officer:
    """
    Somebody who works in the sheet: one thing after another, in office hours, never on leave.

    `pace` is service minutes for one thing on average; `queues` is whether work waits until the one before is done.
    """

    name: str
    pace: int
    leave: tuple[tuple[str, str], ...] = ()
    queues: bool = False
    busy_until: int = 0

    def ready(self, at: int, rng: random.Random, timetable: Timetable, grid: int) -> int:
        """The minute in which they will have done the next thing."""
        begins = max(at, self.busy_until) if self.queues else at
        done = timetable.worked(begins, 1 + round(rng.expovariate(1 / self.pace)))
        self.busy_until = done
        while self._away(done):
            done = timetable.at_work((done // DAY + 1) * DAY)
        return timetable.at_work(_on_grid(max(done, at + 1), grid))

    def _away(self, at: int) -> bool:
        on = instant(at).date()
        return any(date.fromisoformat(first) <= on <= date.fromisoformat(last) for first, last in self.leave)


def officers(per_day: float) -> dict[str, Officer]:
    """
    The office's people: fast, slow, on leave, overloaded.

    Args:
        per_day: Complaints of a working day; the overloaded one keeps pace with a little less than their share.
    """
    overloaded = max(1, round(450 / max(per_day, 1) / 1.2))
    return {
        "loket": Officer("Petugas Loket", 8),
        "admin": Officer("Admin Media Sosial", 12, (("2026-06-15", "2026-06-19"),)),
        "ketua": Officer("Ketua Tim Pengaduan", 15, (("2026-08-03", "2026-08-07"),)),
        "Dayasos": Officer("Kepala Bidang Dayasos", 20),
        "Rehsos": Officer("Kepala Bidang Rehsos", 300, (("2026-07-06", "2026-07-17"), ("2026-11-02", "2026-11-06"))),
        "Linjamsos": Officer("Kepala Bidang Linjamsos", overloaded, queues=True),
        "Sekretariat": Officer("Admin Media Sosial", 60),
    }


# -- what happens to a complaint --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Types:
    """An officer fills cells of the complaint's row, when they come to it."""

    officer: str
    cells: Mapping[str, str | bool]


@dataclass(frozen=True)
class Says:
    """The reporter does an act, so many minutes later."""

    act: str
    after: int


@dataclass(frozen=True)
class Waits:
    """Nothing, for so many minutes."""

    after: int


Move = Types | Says | Waits


@dataclass
class Life:
    """A complaint in the register: how it stands, and what happens next."""

    ticket: str
    complaint: Complaint
    rng: random.Random
    parent: Callable[[str], str]
    """An earlier ticket to which this one may be joined; empty if there is none."""
    last_act: str = ""
    moves: Iterator[Move] = field(init=False)

    def __post_init__(self) -> None:
        self.moves = _life(self)

    @property
    def kabid(self) -> str:
        """Whose it is."""
        return self.complaint.bidang if self.complaint.bidang in BIDANG else "Sekretariat"

    def days(self, least: float, most: float) -> int:
        """Some minutes of so many days."""
        return round(self.rng.uniform(least, most) * DAY)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share


def _life(life: Life) -> Iterator[Move]:
    """From the first look to the archive."""
    if life.complaint.procedure is Procedure.LANGSUNG and life.chance(0.05):
        earlier = instant(minute(life.complaint.received_at) - life.rng.randrange(1, 600))
        yield Types("loket", {"received_at": earlier.strftime("%Y-%m-%d %H:%M")})
    if life.complaint.undecided:
        yield Types("ketua", {"corrected_bidang": life.rng.choice(BIDANG)})
    yield from _corrections(life)
    fates = (_handled, _asked, _refused, _passed_on, _joined, _taken_back, _forgotten)
    out = life.complaint.category == "LUAR"
    yield from life.rng.choices(fates, (20, 5, 60, 15, 0, 0, 0) if out else (70, 12, 3, 3, 5, 4, 3))[0](life)
    yield from _filed(life)


def _corrections(life: Life) -> Iterator[Move]:
    if life.chance(0.06):
        yield Types("ketua", {"corrected_category": life.rng.choice(("PKH", "DATA", "INFO", "PUNGLI", "LANSIA"))})
    if life.chance(0.05):
        yield Types("ketua", {"corrected_urgency": life.rng.choice(("Darurat", "Sedang", "Tinggi"))})
    if life.chance(0.02):
        yield Types("ketua", {"corrected_bidang": life.rng.choice(BIDANG)})


def _act(life: Life, who: str, act: str, **more: str) -> Iterator[Move]:
    """Choose an act; the same one again only after the cell was emptied."""
    if life.last_act == act:
        yield Types(who, {"act": ""})
    yield Types(who, {"act": act, **more})


def _handled(life: Life) -> Iterator[Move]:
    if life.chance(0.03):
        yield from _act(life, life.kabid, "Arsipkan")  # too early: explained, and nothing changes
    if life.complaint.status is Status.DISPOSED and life.chance(0.85):
        yield from _act(life, life.kabid, "Proses", officer=f"Petugas {life.kabid}")
    if life.chance(0.1):
        yield from _act(life, life.kabid, "Perpanjang", reason="Menunggu data dari pusat.")
    if life.chance(0.06):
        yield from _act(life, life.kabid, "Tunda", reason="Menunggu anggaran.")
        if life.chance(0.7):
            yield from _act(life, life.kabid, "Lanjutkan")
    if life.chance(0.06):
        yield from _asked(life)
        return
    yield from _answered(life, "Bantuan akan disalurkan bulan ini.")


def _answered(life: Life, reply: str) -> Iterator[Move]:
    if life.chance(0.6):
        yield Types(life.kabid, {"follow_up": "Sudah dihubungi dan dicek di data."})
    if life.chance(0.5):
        yield Types(life.kabid, {"reply": reply})
        yield Types("admin", {"send_reply": True})
    else:
        yield Types(life.kabid, {"reply": reply, "send_reply": True})
    yield from _heard(life)


def _heard(life: Life) -> Iterator[Move]:
    """What the reporter makes of the answer."""
    mood = life.rng.choices(("silent", "content", "reopens", "reopens late", "closed by staff"), (45, 25, 8, 4, 18))[0]
    if mood == "silent":
        yield Waits(life.days(17, 22))
    elif mood == "content":
        yield Says("nyatakan_puas", life.days(0.02, 9))
    elif mood == "closed by staff":
        yield from _act(life, "admin", "Selesai")
    else:
        yield Says("buka_kembali", life.days(0.1, 9) if mood == "reopens" else life.days(18, 30))
        if life.complaint.status is Status.IN_PROGRESS and life.chance(0.9):
            yield from _answered(life, f"Jawaban ke-{life.complaint.round + 1}: sudah diperiksa kembali.")


def _asked(life: Life) -> Iterator[Move]:
    yield from _act(life, "admin", "Minta Kelengkapan", reason="Mohon foto KKS.")
    if life.chance(0.6):
        yield Says("lengkapi", life.days(0.1, 26))
        yield from _answered(life, "Data lengkap; bantuan diproses.")
    elif life.chance(0.2):
        yield from _act(life, life.kabid, "Lanjutkan")
        yield from _answered(life, "Data ditemukan sendiri; bantuan diproses.")
    else:
        yield Waits(life.days(33, 45))
        if life.chance(0.15):
            yield Says("buka_kembali", life.days(0.1, 10))
            yield from _answered(life, "Pengaduan ditindaklanjuti kembali.")


def _refused(life: Life) -> Iterator[Move]:
    yield from _act(life, life.kabid, "Bukan Kewenangan", reason="Urusan instansi lain.")
    if life.chance(0.1):
        yield Says("buka_kembali", life.days(0.1, 20))
        yield from _answered(life, "Sudah kami koordinasikan.")


def _passed_on(life: Life) -> Iterator[Move]:
    if life.chance(0.3):
        yield from _act(life, life.kabid, "Alihkan")  # waits to be told where to, or why
        yield Types("admin", {"reason": "Ditangani oleh instansi yang disebut."})
    else:
        yield from _act(life, life.kabid, "Alihkan", referral="SP4N-LAPOR!")  # of a Darurat it waits for a reason


def _joined(life: Life) -> Iterator[Move]:
    parent = life.parent(life.ticket)
    if not parent:
        yield from _handled(life)
        return
    if life.chance(0.3):
        yield from _act(life, "admin", "Gabungkan")
        yield Types("admin", {"merge_into": parent})
    else:
        yield from _act(life, "admin", "Gabungkan", merge_into=parent)
    if life.complaint.status is not Status.MERGED:
        yield from _answered(life, "Ditangani tersendiri.")  # the other one has its answer already
        return
    if life.chance(0.15):
        yield Says("buka_kembali", life.days(0.5, 20))
        if life.complaint.status is Status.IN_PROGRESS:
            yield from _answered(life, "Ditangani terpisah.")


def _taken_back(life: Life) -> Iterator[Move]:
    if life.chance(0.3):
        yield from _act(life, life.kabid, "Proses")
    yield Says("cabut", life.days(0.05, 6))


def _forgotten(life: Life) -> Iterator[Move]:
    yield Waits(DAY)


def _filed(life: Life) -> Iterator[Move]:
    for _ in range(3):
        if life.chance(0.08):
            return
        yield Waits(life.days(0.5, 12))
        if life.complaint.status in (Status.RESOLVED, Status.WITHDRAWN, Status.TRANSFERRED, Status.MERGED,
                                     Status.OUT_OF_AUTHORITY):  # fmt: skip
            yield from _act(life, "loket", "Arsipkan")
            return
