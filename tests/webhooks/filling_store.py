"""Many complaints in a store at once, put straight into its tables: for measuring, not for what the trail tells."""

from datetime import datetime, timedelta
from typing import Any

from register import tables
from register.complaint import CHANNEL_LABELS, WITA, Status
from register.database import writing
from register.store import Store
from register.tickets import new_ticket

_OPEN_OF_HUNDRED = 1
_STEPS = 7
_INTAKE_BYTES = 1200


def fill(store: Store, count: int, now: datetime) -> None:
    """So many complaints over the last year, one in a hundred open, each with the clocks of its steps."""
    complaints, clocks = [], []
    numbers: dict[int, int] = {}
    for place in range(count):
        at = now - timedelta(days=365) * (count - place) / count
        year = at.astimezone(WITA).year
        numbers[year] = numbers.get(year, 0) + 1
        row = _complaint(place, at, year, numbers[year], count)
        complaints.append(row)
        for step in range(1, _STEPS + 1):
            key = "jawaban" if step == _STEPS else f"langkah.{step}"
            done = None if row["status"] == Status.DISPOSED.value and step > 3 else at + timedelta(hours=step)
            clocks.append(
                {"ticket": row["ticket"], "round": 0, "key": key, "begun_at": at, "due_at": at + timedelta(days=step)}
                | {"norm": "1 hari kerja", "basis": "", "done_at": done, "done_by": ""}
            )
    with writing(store._engine).begin() as connection:
        connection.execute(tables.complaints.insert(), complaints)
        connection.execute(tables.clocks.insert(), clocks)


def _complaint(place: int, at: datetime, year: int, number: int, count: int) -> dict[str, Any]:
    is_open = place % (100 // _OPEN_OF_HUNDRED) == 0 or place > count - 40
    status = Status.DISPOSED if is_open else Status.ARCHIVED
    texts = dict.fromkeys(("note", "basis", "step_basis", "extension", "closed_by", "referral", "merged_into"), "")
    return texts | {
        "ticket": new_ticket(),
        "year": year,
        "number": number,
        "channel": list(CHANNEL_LABELS)[place % 8].value,
        "procedure": "online",
        "identity": "open",
        "received_at": at,
        "recorded_at": at,
        "updated_at": at,
        "status": status.value,
        "category": ("SEMBAKO", "PKH", "BPNT")[place % 3],
        "bidang": ("DAYASOS", "LINJAMSOS")[place % 2],
        "urgency": "Sedang",
        "restricted": place % 97 == 0,
        "step": 5,
        "step_begun_at": at,
        "step_due_at": at + timedelta(days=5),
        "due_at": at + timedelta(days=14),
        "round": 0,
        "pauses": (),
        "pending_act": "",
        "officer": "Budi Contoh" if place % 5 == 0 else "",
        "undecided": place % 300 == 0,
        "evidence_count": 0,
        "district": "Loa Kulu",
        "sealed_intake": b"x" * _INTAKE_BYTES,
    }
