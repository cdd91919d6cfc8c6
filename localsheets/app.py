"""The application: the APIs, the grid, and a health page."""

from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

from flask import Flask, Response, redirect, request
from werkzeug.middleware.proxy_fix import ProxyFix

from localsheets.api import spreadsheets as sheets_api
from localsheets.api.http_edge import BODY_LIMIT_BYTES, register_errors
from localsheets.api.quotas import QuotaMeter, Quotas
from localsheets.drive import routes as drive_api
from localsheets.grid import add_grid
from localsheets.grid.sessions import Sessions
from localsheets.identity import Authenticator, Identity, SharedLogin, StillValid
from localsheets.storage.secret_files import kept_secret
from localsheets.storage.shelf import Clock, Shelf, utc_now


def create_app(
    data_dir: Path,
    *,
    tokens: Mapping[str, Identity],
    authenticate: Authenticator | None = None,
    still_valid: StillValid | None = None,
    shared_login: SharedLogin | None = None,
    default_spreadsheet: Callable[[], str | None] | str | None = None,
    trusted_proxies: int = 0,
    quotas: Quotas | None = None,
    clock: Clock = utc_now,
) -> Flask:
    """
    A server for the spreadsheets under a folder.

    Args:
        data_dir: Made if missing; holds the database and the session secret.
        tokens: Bearer tokens of API clients, and who they are.
        authenticate: Asked at every grid login; without it nobody can log in to the grid.
        still_valid: Asked at every request of the grid with who logged in; a session ends when it says no. Without
            it a session lasts its twelve hours.
        shared_login: Whoever is logged in at another application of this host need not log in again; the grid's own
            login page stays for those whom its cookies do not reach.
        default_spreadsheet: What the grid opens by itself. Everybody who may log in may write in it, unless the
            spreadsheet has a permission of its own for that person. Any other spreadsheet must be shared.
        trusted_proxies: How many reverse proxies in front set `X-Forwarded-For`, `-Proto` and `-Host`.
        quotas: Answer 429 as Google does to whoever asks too often; without it nobody is slowed down.
        clock: Answers the present moment, aware.

    Raises: StorageError if the database cannot be opened.
    """
    app = Flask("localsheets", static_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=BODY_LIMIT_BYTES,
        SECRET_KEY=kept_secret(data_dir / "session.secret"),
        SESSION_COOKIE_NAME="localsheets_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        LOCALSHEETS_TOKENS=dict(tokens),
    )
    app.session_interface = Sessions()
    if trusted_proxies:
        proxied = ProxyFix(app.wsgi_app, x_for=trusted_proxies, x_proto=trusted_proxies, x_host=trusted_proxies)
        app.wsgi_app = proxied  # type: ignore[method-assign]
    app.url_map.merge_slashes = False
    default_book = default_spreadsheet if callable(default_spreadsheet) else lambda: default_spreadsheet
    app.extensions["localsheets"] = Shelf(data_dir, clock=clock, default_book=default_book)
    if quotas is not None:
        app.extensions["localsheets_quotas"] = QuotaMeter(quotas, clock)
    app.register_blueprint(sheets_api.blueprint)
    app.register_blueprint(drive_api.blueprint)
    app.add_url_rule(
        "/spreadsheets/d/<book_id>/edit", "open", lambda book_id: redirect(f"/register?id={quote(book_id)}")
    )
    app.add_url_rule("/healthz", "healthz", lambda: Response("ok\n", content_type="text/plain"))
    add_grid(app, authenticate=authenticate, still_valid=still_valid, shared_login=shared_login, clock=clock)
    register_errors(app)
    app.after_request(_discreet)
    return app


def _discreet(response: Response) -> Response:
    """What people write to the office is kept in nobody's cache, and is never taken for another type than told."""
    response.headers["X-Content-Type-Options"] = "nosniff"
    if request.endpoint != "grid.static":
        response.headers["Cache-Control"] = "private, no-store"
    return response
