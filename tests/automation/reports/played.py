"""Complaints as the store gives them to who counts, of every kind and in every state: always the same ones."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

from forms.categories import categories
from register.cases import Case, CaseAct
from register.complaint import Channel, Clock, Complaint, Status, procedure_for
from tests.builders import a_complaint

BEGAN = datetime(2026, 1, 3, 1, tzinfo=UTC)
ENDS = (
    ("selesai", Status.RESOLVED),
    ("nyatakan_puas", Status.RESOLVED),
    ("tutup_otomatis", Status.RESOLVED),
    ("bukan_kewenangan", Status.OUT_OF_AUTHORITY),
    ("alihkan", Status.TRANSFERRED),
    ("cabut", Status.WITHDRAWN),
    ("dianggap_dicabut", Status.WITHDRAWN),
    ("gabungkan", Status.MERGED),
)
URGENCIES = ("Rendah", "Sedang", "Tinggi", "Darurat", "")
KEYS = ("langkah.1", "langkah.2", "langkah.5", "jawaban", "uu25.tanggapan", "sp4n.penyelesaian", "darurat")
DISTRICTS = ("Tenggarong", "Loa Kulu", "Muara Kaman", "")


class Dice:
    """Numbers that look thrown."""

    def __init__(self, seed: int) -> None:
        self._throws = count(seed * 7919 + 1)

    def __call__(self, sides: int) -> int:
        return pow(next(self._throws) * 48271 % 2147483647, 3, 2147483647) % sides


def played(many: int, *, days: int = 330) -> Sequence[Case]:
    """So many, spread over these days of 2026."""
    return [_case(number, many, days) for number in range(1, many + 1)]


def _case(number: int, many: int, days: int) -> Case:
    dice = Dice(number)
    recorded = BEGAN + timedelta(minutes=number * days * 1440 // many + dice(500))
    channel = list(Channel)[dice(len(Channel))]
    acts = tuple(_acts(dice, recorded))
    category = categories()[dice(len(categories()))].code
    pauses = ((recorded + timedelta(days=2), recorded + timedelta(days=4)),) if dice(4) == 0 else ()
    complaint = a_complaint(
        ticket=f"T{number:010d}",
        number=number,
        channel=channel,
        procedure=procedure_for(channel),
        received_at=recorded,
        recorded_at=recorded,
        updated_at=acts[-1].at if acts else recorded,
        status=acts[-1].status if acts else Status.RECEIVED,
        category=category,
        bidang=("Linjamsos", "Rehsos", "Dayasos", "")[dice(4)],
        urgency=URGENCIES[dice(5)],
        district=DISTRICTS[dice(4)],
        restricted=category in ("PUNGLI", "KEKERASAN"),
        pauses=pauses,
    )
    return Case(complaint, tuple(_clocks(dice, complaint)), acts)


def _acts(dice: Dice, recorded: datetime) -> Iterator[CaseAct]:
    at = recorded
    for turn in range(dice(3)):
        if turn:
            at += timedelta(days=dice(20), minutes=dice(999))
            yield CaseAct(at, "buka_kembali", "pelapor", Status.IN_PROGRESS)
        at += timedelta(days=dice(30), minutes=1 + dice(999))
        key, status = ENDS[dice(len(ENDS))]
        yield CaseAct(at, key, "staf", status)
        if dice(2):
            at += timedelta(days=dice(5), minutes=1 + dice(999))
            yield CaseAct(at, "beri_nilai", "pelapor", status, 1 + dice(5))
        if dice(3) == 0:
            at += timedelta(days=1)
            yield CaseAct(at, "arsipkan", "sistem", Status.ARCHIVED)


def _clocks(dice: Dice, complaint: Complaint) -> Iterator[Clock]:
    for turn in range(1 + dice(2)):
        for key in KEYS:
            if key == "darurat" and (turn or complaint.urgency != "Darurat"):
                continue
            begun = complaint.recorded_at + timedelta(days=20 * turn, minutes=dice(900))
            due = begun + timedelta(minutes=1 + dice(20_000))
            done = begun + timedelta(minutes=dice(30_000)) if dice(5) else None
            yield Clock(key, turn, begun, due if dice(30) else None, "2 hari kerja", "", done, "staf" if done else "")
