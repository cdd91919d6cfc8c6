"""What a view reaches for: the store, the settings and the clock of the running application."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, request, url_for
from werkzeug.datastructures import FileStorage, MultiDict

from forms.problems import Problem
from register.store import Store
from webhooks.settings import WebSettings

_EXTENSION = "aduan"


@dataclass(frozen=True)
class Context:
    """
    Handed in by `create_app`; one per application, so that every test builds its own.

    Args:
        receipt_pdf: Draws a ticket's receipt; None where nothing can.
        take_evidence: Keeps files that were sent for a holder (`ticket:<ticket>`), or says what is wrong with them;
            None where none are taken.
    """

    store: Store
    settings: WebSettings
    clock: Callable[[], datetime]
    receipt_pdf: Callable[[str], bytes] | None = None
    take_evidence: Callable[[str, MultiDict[str, FileStorage]], tuple[Problem, ...]] | None = None


def here() -> Context:
    """The running application's context."""
    found: Context = current_app.extensions[_EXTENSION]
    return found


def public_link(endpoint: str, *, ticket: str) -> str:
    """An absolute link that works from outside, as on a printed receipt."""
    base = here().settings.public_url or request.root_url
    path = url_for(endpoint, ticket=ticket)
    return base.rstrip("/") + path.removeprefix(request.script_root)
