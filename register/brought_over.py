"""What the trail tells of a complaint that came from an earlier register (`automation/exchange`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from register.complaint import WITA, Event, EventKind


@dataclass(frozen=True)
class BroughtOver:
    """
    Of one complaint.

    Args:
        number: The one that it had there; empty if it had none, or if the events were not opened.
        closed_at: When it was closed there (aware, UTC); None if it came open.
    """

    number: str
    closed_at: datetime | None


def brought_over(events: Sequence[Event]) -> BroughtOver | None:
    """By all events of a complaint; None if it began here."""
    row = next((event for event in events if event.kind is EventKind.IMPORTED), None)
    if row is None:
        return None
    ended = [event for event in events if event.kind is EventKind.ACT and "happened_at" in event.data]
    return BroughtOver(row.secret.get("number", ""), happened_at(ended[-1]) if ended else None)


def happened_at(event: Event) -> datetime:
    """When it happened: of what was recorded later, `data` tells."""
    return datetime.fromisoformat(event.data["happened_at"]) if "happened_at" in event.data else event.at


def day_only(at: datetime) -> bool:
    """
    Whether only the day of what happened is known: papers and old registers give no time, which is kept as midnight in
    WITA. Programs note fractions of a second, so that hardly anything else is of midnight.
    """
    return at.astimezone(WITA).time() == time()


def folded(text: str) -> str:
    """Without what people vary when they type a header or a number: capitals, blanks, line breaks, marks around it."""
    return " ".join(text.casefold().replace("_", " ").strip(" *:?.\n\t\ufeff").split())


def number_key(source: str, number: str, year: int) -> str:
    """By what a row with a number is known again: register `source`, its number, and the WITA year of its receipt."""
    return "\n".join(("impor", source, "nomor", folded(number), str(year)))
