"""An office with work in every state, some of it late, an emergency and a restricted complaint among it."""

from datetime import timedelta

from register.changes import Change
from register.complaint import Event, EventKind, Status
from register.store import Store
from tests.builders import MOMENT
from tests.webhooks.handled import Handled

_CATEGORIES = ("SEMBAKO", "PKH", "BPNT", "ATENSI", "PBI")


def keep_busy(store: Store) -> None:
    """What happened in the forty days before `MOMENT`."""
    handled = Handled(store)
    for days, count in ((40, 6), (12, 14), (4, 6), (0, 4)):
        handled.now = MOMENT - timedelta(days=days)
        for place in range(count):
            handled.file(category=_CATEGORIES[place % 5], district=("Loa Kulu", "Tenggarong", "")[place % 3])
        for status in (Status.RESOLVED, Status.NEEDS_INFO, Status.TRANSFERRED) if days else ():
            handled.bring_to(status, category="SEMBAKO", district="Loa Kulu")
    found = [each for each in store.complaints().values() if not each.closed]
    marks: list[dict[str, object]] = [
        {"urgency": "Darurat", "emergency_due_at": MOMENT + timedelta(minutes=30)},
        {"restricted": True},
        {"officer": "Budi Contoh"},
        {"undecided": True, "bidang": ""},
        {"step_due_at": MOMENT + timedelta(hours=2), "due_at": MOMENT + timedelta(days=9)},
    ]
    for complaint, values in zip(found[-5:], marks, strict=True):
        store.commit([Change(complaint.ticket, values, [Event(EventKind.DISPOSED, MOMENT, "sistem")])])
