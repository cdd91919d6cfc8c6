"""
Filling in, once, the kecamatan of complaints from before it was kept beside what is sealed (docs/decisions/0028).

Whoever was erased, or never said where they live, stays without one.
"""

from datetime import datetime

from automation.sop.drafts import SYSTEM
from forms.regions import district_name
from register.changes import Change
from register.complaint import Event, EventKind
from register.store import Store
from register.trail import portions

FILLED = "districts_filled"
"""The setting that remembers when all were looked at. Killed before, the job begins anew and finds what is left."""


class Districts:
    """The job."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._done = False

    def __call__(self, now: datetime) -> int:
        """How many were filled in now; nothing is looked at once all were."""
        if self._done or self._store.setting(FILLED) is not None:
            self._done = True
            return 0
        filled = sum(self._fill(tickets, now) for tickets in portions(self._store.without_district()))
        self._store.put_setting(FILLED, now.isoformat())
        return filled

    def _fill(self, tickets: list[str], now: datetime) -> int:
        found = {ticket: district_name(said.district) for ticket, said in self._store.intakes(tickets).items()}
        event = Event(EventKind.DISTRICT_KEPT, now, SYSTEM)
        changes = [Change(ticket, {"district": name}, [event]) for ticket, name in found.items() if name]
        self._store.commit(changes)
        return len(changes)
