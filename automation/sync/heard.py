"""What the column `Tanggapan Pelapor` shows: everything that the reporter did and wrote after filing. Pure."""

from collections.abc import Iterable

from automation.sop.acts import load_acts
from automation.sync.rows import LONGEST_CELL, shown_instant
from register.complaint import Event

RATING = "rating"
"""Under this name an event's `data` keep how satisfied the reporter is, from 1 to 5."""


def heard_cell(events: Iterable[Event]) -> str:
    """One paragraph for each of the reporter's events, the newest first; the oldest are left out if it gets long."""
    return "\n".join(map(_line, reversed(list(events))))[:LONGEST_CELL]


def _line(event: Event) -> str:
    act = load_acts().get(event.data.get("act", ""))
    rating = event.data.get(RATING, "")
    facts = [act.label if act else "Tanggapan", *([f"nilai {rating} dari 5"] if rating else [])]
    said = event.secret.get("value", "")
    return f"{shown_instant(event.at)} {', '.join(facts)}{f': {said}' if said else ''}"
