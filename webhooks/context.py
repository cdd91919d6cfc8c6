"""What a view reaches for: the store, the settings and the clock of the running application."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app, request, url_for

from forms.attachments.scanning import Scanner
from register.attachments import Attachments
from register.figures import Statistics
from register.report_files import Reports
from register.store import Store
from webhooks.counted import Counted
from webhooks.settings import WebSettings
from webhooks.staff_door import StaffDoor

_EXTENSION = "aduan"


@dataclass(frozen=True)
class Context:
    """
    Handed in by `create_app`; one per application, so that every test builds its own.

    Args:
        paper: Makes a paper of the decree as PDF, by its key (as in forms/papers), a ticket, and `public_base()`; None
            where none can be.
        staff: The staff's accounts; without them nobody can sign in.
        office_file: Makes what is not of one complaint as PDF, and what offices edit: takes a key (`buku-registrasi` is
            one as well), what it is of (a ticket, a period such as `2026-11` or `2026`, empty for a blank one), and the
            file's type (`pdf`, `docx`, `xlsx`). None where none can be.
        attachments: Where reporters' files are kept; without it none are taken.
        scanner: Looks at each of them for viruses.
        statistics: Counts the figures of the staff's dashboard; without it there is none.
        reports: The periodic reports that are finished; without it none are offered.
        counted: Figures that were counted a little while ago.
    """

    store: Store
    settings: WebSettings
    clock: Callable[[], datetime]
    attachments: Attachments | None = None
    scanner: Scanner | None = None
    staff: StaffDoor | None = None
    paper: Callable[[str, str, str], bytes] | None = None
    office_file: Callable[[str, str, str], bytes] | None = None
    statistics: Statistics | None = None
    reports: Reports | None = None
    counted: Counted = field(default_factory=Counted)


def here() -> Context:
    """The running application's context."""
    found: Context = current_app.extensions[_EXTENSION]
    return found


def public_base() -> str:
    """Where the site is seen from outside, without a final slash: as the office says, or else as it was asked for."""
    return (here().settings.public_url or request.root_url).rstrip("/")


def public_link(endpoint: str, *, ticket: str) -> str:
    """An absolute link that works from outside, as on a printed receipt."""
    path = url_for(endpoint, ticket=ticket)
    return public_base() + path.removeprefix(request.script_root)
