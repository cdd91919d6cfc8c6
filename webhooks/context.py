"""What a view reaches for: the store, the settings and the clock of the running application."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask import current_app, request, url_for
from werkzeug.datastructures import FileStorage, MultiDict

from forms.problems import Problem
from register.store import Store
from webhooks.settings import WebSettings

_EXTENSION = "aduan"


class Evidence(Protocol):
    """What the evidence step needs of whoever keeps the files. A holder is `draft:…` or `ticket:…`."""

    def panel(self, holder: str, *, back: str, problems: tuple[Problem, ...] = ()) -> object:
        """What `evidence.html` shows; `back` is the page that shows it."""

    def take(self, holder: str, files: MultiDict[str, FileStorage]) -> tuple[Problem, ...]:
        """Keep the files that are good; what is wrong with the others."""

    def count(self, holder: str) -> int:
        """How many are kept."""

    def hand_over(self, from_holder: str, to_holder: str) -> None:
        """Make them another holder's; doing so twice changes nothing."""

    def discard(self, holder: str) -> None:
        """Give all of them up."""


@dataclass(frozen=True)
class Context:
    """Handed in by `create_app`; one per application, so that every test builds its own."""

    store: Store
    settings: WebSettings
    clock: Callable[[], datetime]
    evidence: Evidence | None = None


def here() -> Context:
    """The running application's context."""
    found: Context = current_app.extensions[_EXTENSION]
    return found


def public_link(endpoint: str, *, ticket: str) -> str:
    """An absolute link that works from outside, as on a printed receipt."""
    base = here().settings.public_url or request.root_url
    path = url_for(endpoint, ticket=ticket)
    return base.rstrip("/") + path.removeprefix(request.script_root)
