"""
Points out, when a complaint comes in, earlier ones that are probably the same; over one store.

A note in an ordinary row must not tell who reported a masked complaint, nor what a restricted one is about; what was
pointed out before a complaint became either is taken back.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from automation.disposition.near_duplicates import REMEMBERED, Filed, Likeness, RecentComplaints
from automation.sync.rows import identity_masked
from register.changes import Change
from register.complaint import Complaint, Intake
from register.store import Store


class Alike:
    """The last days' complaints of a store, in memory only: opened texts never touch the disk."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._recent: RecentComplaints | None = None

    def forget(self) -> None:
        """Of what was opened remember nothing; the next complaint reads the last days anew."""
        self._recent = None

    def pointed_out(
        self, change: Change, complaint: Complaint, intake: Intake, known: Mapping[str, Complaint], now: datetime
    ) -> Change:
        """
        The first disposition of a complaint, with a note where it is probably an earlier one's twin.

        Args:
            known: Every complaint as it is by now, without the dispositions of this tick.
        """

        def current(filed: Filed) -> Filed:
            by_now = known.get(filed.ticket)
            if by_now is None:
                return filed
            masked, restricted = identity_masked(by_now), filed.restricted or by_now.restricted
            return replace(filed, masked=masked, restricted=restricted)

        recent = self._loaded(now)
        filed = self._filed(change.applied_to(complaint), intake)
        found = recent.like(filed, current)
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
            masked=identity_masked(complaint),
            restricted=complaint.restricted,
        )


def pointers_taken_back(changes: Sequence[Change], complaints: Mapping[str, Complaint]) -> list[Change]:
    """
    The notes without what they said of complaints that these changes mask or restrict.

    Args:
        complaints: Every complaint, before the changes.
    """
    noted = {change.ticket: str(change.fields["note"]) for change in changes if "note" in change.fields}
    unsaid = [
        pattern
        for change in changes
        if change.ticket in complaints
        for pattern in _unsaid(change, complaints[change.ticket])
    ]
    found: list[Change] = []
    for ticket, complaint in complaints.items() if unsaid else ():
        note = kept = noted.get(ticket, complaint.note)
        for where, pointer in unsaid:
            if where in ("", ticket):
                kept = pointer.sub("", kept).strip()
        if kept != note:
            found.append(Change(ticket, {"note": kept}))
    return found


def _unsaid(change: Change, before: Complaint) -> Iterator[tuple[str, re.Pattern[str]]]:
    """What must not stand any more: in the note of which complaint ("" for every one)."""
    after = change.applied_to(before)
    if after.restricted and not before.restricted:
        yield "", _pointer(re.escape(after.ticket), ".*?")
    if identity_masked(after) and not identity_masked(before):
        yield "", _pointer(re.escape(after.ticket), re.escape(Likeness.REPORTER))
        yield after.ticket, _pointer(".*?", re.escape(Likeness.REPORTER))


def _pointer(ticket: str, likeness: str) -> re.Pattern[str]:
    """Of `NearDuplicate.note`."""
    return re.compile(rf"Mirip dengan {ticket} \({likeness}\)\. ?")
