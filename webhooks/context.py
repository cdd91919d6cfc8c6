"""What a view reaches for: the store, the settings and the clock of the running application."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, request, url_for

from register.store import Store
from webhooks.settings import WebSettings
from webhooks.staff_door import StaffDoor

_EXTENSION = "aduan"


def find_nobody(given: str, value: str) -> list[str]:
    """Nobody is known by NIK or telephone."""
    return []


@dataclass(frozen=True)
class Context:
    """Handed in by `create_app`; one per application, so that every test builds its own."""

    store: Store
    settings: WebSettings
    clock: Callable[[], datetime]
    staff: StaffDoor | None = None
    """The staff's accounts; without them nobody can sign in."""
    find_by_person: Callable[[str, str], list[str]] = find_nobody
    """Tickets of a person's complaints, by what is given (`nik` or `phone`, as a field is named) and its value."""
    paper: Callable[[str, str], bytes] | None = None
    """A paper of the decree as PDF, by its key (webhooks/desk_papers.py) and ticket; None where none can be made."""


def here() -> Context:
    """The running application's context."""
    found: Context = current_app.extensions[_EXTENSION]
    return found


def public_link(endpoint: str, *, ticket: str) -> str:
    """An absolute link that works from outside, as on a printed receipt."""
    base = here().settings.public_url or request.root_url
    path = url_for(endpoint, ticket=ticket)
    return base.rstrip("/") + path.removeprefix(request.script_root)
