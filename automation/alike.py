"""Points out, when a complaint comes in, earlier ones that are probably the same; over one store."""

from dataclasses import replace
from datetime import datetime

from automation.near_duplicates import REMEMBERED, Filed, RecentComplaints
from register.changes import Change
from register.complaint import Complaint, Intake
from register.store import Store


class Alike:
    """The last days' complaints of a store, in memory only: opened texts never touch the disk."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._recent: RecentComplaints | None = None

    def pointed_out(self, change: Change, complaint: Complaint, intake: Intake, now: datetime) -> Change:
        """The first disposition of a complaint, with a note where it is probably an earlier one's twin."""
        recent = self._loaded(now)
        filed = self._filed(replace(complaint, **change.fields), intake)  # type: ignore[arg-type]
        found = recent.like(filed)
        recent.add(filed)
        if not found:
            return change
        note = " ".join([str(change.fields.get("note", "")), *(near.note for near in found)]).strip()
        return replace(change, fields={**change.fields, "note": note})

    def _loaded(self, now: datetime) -> RecentComplaints:
        if self._recent is None:
            known = self._store.received_since(now - REMEMBERED)
            looked_at = {ticket: each for ticket, each in known.items() if each.step_begun_at is not None}
            intakes = self._store.intakes(looked_at)
            self._recent = RecentComplaints(self._filed(looked_at[ticket], said) for ticket, said in intakes.items())
        return self._recent

    def _filed(self, complaint: Complaint, said: Intake) -> Filed:
        keys = (("phone", said.phone), ("email", said.email.casefold()), ("nik", said.nik))
        return Filed(
            ticket=complaint.ticket,
            text=f"{said.subject}\n{said.description}",
            category=complaint.category,
            received_at=complaint.received_at,
            reporters=frozenset(self._store.digest("reporter", kind, value) for kind, value in keys if value),
            district=said.district,
            village=said.village,
        )
