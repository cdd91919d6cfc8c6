"""Putting the web application together."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from forms.attachments.scanning import Scanner
from forms.pages import STATIC, TEMPLATES
from register.attachments import Attachments
from register.figures import Statistics
from register.report_files import Reports
from register.store import Store
from webhooks import (
    api,
    board,
    citizen,
    citizen_steps,
    dashboard,
    desk,
    desk_evidence,
    desk_finding,
    desk_papers,
    evidence,
    forgotten,
    handshakes,
    health,
    inbound,
    open311,
    open_data,
    public_statistics,
    receipt,
    reporter,
    reporter_door,
    site,
    staff,
    status,
)
from webhooks.context import Context
from webhooks.evidence_bodies import register_bodies
from webhooks.failures import register_failures
from webhooks.language import register_languages
from webhooks.rate_limits import register_limits
from webhooks.refusals import register_refusals
from webhooks.security import register_security
from webhooks.settings import WebSettings
from webhooks.staff_door import StaffDoor

_DAY_SECONDS = 24 * 3600
_ROOMS = (
    citizen,
    citizen_steps,
    evidence,
    receipt,
    status,
    reporter,
    reporter_door,
    forgotten,
    api,
    open311,
    public_statistics,
    open_data,
    health,
    inbound,
    handshakes,
    site,
    staff,
    board,
    dashboard,
    desk_finding,
    desk_evidence,
    desk_papers,
    desk,
)
"""One blueprint each; addresses with a fixed word come before those with a ticket in its place."""


def create_app(
    store: Store,
    settings: WebSettings,
    *,
    clock: Callable[[], datetime],
    attachments: Attachments | None = None,
    scanner: Scanner | None = None,
    staff_door: StaffDoor | None = None,
    paper: Callable[[str, str, str], bytes] | None = None,
    office_file: Callable[[str, str, str], bytes] | None = None,
    statistics: Statistics | None = None,
    reports: Reports | None = None,
) -> Flask:
    """
    The WSGI application.

    Args:
        store: Ready for use, migrated.
        clock: Gives the present as an aware instant.
        attachments: Where reporters' files are kept; without it none are taken.
        scanner: Looks at each of them for viruses.
        staff_door: The staff's accounts, sessions and duties; without them nobody can sign in.
        paper: Makes a paper of the decree as PDF, by its key, a ticket, and the address of the site.
        office_file: Makes blank papers, the book, and what offices edit, as in `Context`.
        statistics: Counts the figures of the staff's dashboard.
        reports: The periodic reports that are finished.
    """
    app = Flask("webhooks", template_folder=str(TEMPLATES), static_folder=str(STATIC), static_url_path="/static")
    app.config.update(
        MAX_CONTENT_LENGTH=settings.max_body_bytes,
        MAX_FORM_MEMORY_SIZE=settings.max_body_bytes,
        SEND_FILE_MAX_AGE_DEFAULT=_DAY_SECONDS,
    )
    app.extensions["aduan"] = Context(
        store, settings, clock, attachments, scanner, staff_door, paper, office_file, statistics, reports
    )
    if hops := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.jinja_env.globals.update(
        office=settings.office,
        ombudsman=settings.ombudsman,
        staff_member=staff.signed_in,
        office_papers=office_file is not None,
        anything_published=public_statistics.anything_published,
        office_figures=statistics is not None,
        static_version=_static_version(),
    )
    register_languages(app)
    register_failures(app)
    register_security(app)
    register_bodies(app)
    for room in _ROOMS:
        app.register_blueprint(room.blueprint)
    register_limits(app, settings)
    register_refusals(app)
    return app


def _static_version() -> str:
    """Changes with the style sheet, so that browsers may keep it."""
    return sha256(b"".join(path.read_bytes() for path in sorted(STATIC.iterdir()))).hexdigest()[:8]
