"""The seeds' configuration with invented people, each of whom has a channel unless a test takes it away."""

from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

from automation.configuration.checked import check
from automation.configuration.in_force import Configuration, Officer
from register.complaint import WITA, Clock, Complaint, Procedure, Status
from tests.builders import a_complaint

ROLES = {
    "Loket": ("Petugas Loket", "Sekretariat"),
    "Admin": ("Admin Media Sosial", "Sekretariat"),
    "Ketua": ("Ketua Tim (Sekretaris)", "Sekretariat"),
    "Kabid Dayasos": ("Kepala Bidang", "Dayasos"),
    "Kabid Rehsos": ("Kepala Bidang", "Rehsos"),
    "Kabid Linjamsos": ("Kepala Bidang", "Linjamsos"),
    "Kadis": ("Kepala Dinas", ""),
}


@cache
def seeds() -> Configuration:
    """What a new register has in force."""
    return check({}, last_good={}, year=2026).configuration


def rules(*people: Officer, settings: dict[str, str] | None = None, without: tuple[str, ...] = ()) -> Configuration:
    """The seeds with `ROLES`; `people` replace those of their name, or come besides."""
    officers = {name: Officer(name, *role, channels=(f"ntfy://{name}",)) for name, role in ROLES.items()}
    officers |= {officer.name: officer for officer in people}
    kept = {name: officer for name, officer in officers.items() if name not in without}
    return replace(seeds(), officers=kept, settings=dict(seeds().settings) | (settings or {}))


def person(name: str, **changes: Any) -> Officer:
    """One of `ROLES`, or somebody new, with changes."""
    known = Officer(name, *ROLES.get(name, ("", "")), channels=(f"ntfy://{name}",))
    return replace(known, **changes)


def wita(text: str) -> datetime:
    """An instant as the office writes it: "2026-11-23 10.30"."""
    return datetime.strptime(text, "%Y-%m-%d %H.%M").replace(tzinfo=WITA)


def handled(**changes: Any) -> Complaint:
    """A complaint that Linjamsos is handling: SOP langsung, step 5."""
    handling = {
        "procedure": Procedure.LANGSUNG,
        "status": Status.IN_PROGRESS,
        "category": "PKH",
        "bidang": "Linjamsos",
        "urgency": "Sedang",
        "step": 5,
    }
    return a_complaint(**(handling | changes))


def a_clock(due: datetime, *, key: str = "langkah.5", begun: datetime | None = None, **changes: Any) -> Clock:
    """A running clock."""
    return replace(Clock(key, 0, begun or wita("2026-11-02 08.00"), due, "2 hari kerja"), **changes)


def on(text: str) -> date:
    """A date."""
    return date.fromisoformat(text)
