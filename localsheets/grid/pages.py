"""The pages: login, logout, language, and the grid's frame that the browser fills."""

from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, session
from werkzeug.wrappers import Response as AnyResponse

from localsheets.api.http_edge import shelf
from localsheets.grid.guard import clock, strict_headers
from localsheets.grid.sessions import (
    LANGUAGE_COOKIE,
    WANTED,
    ForgedRequestError,
    begin_session,
    check_csrf,
    csrf_token,
    end_session,
    language,
    logged_in,
    shared_login,
    words,
)
from localsheets.grid.words import LANGUAGES
from localsheets.identity import Authenticator, Home, Identity
from localsheets.model.book import Book
from localsheets.throttle import LoginThrottle

ROOT = "/register"
blueprint = Blueprint(
    "grid", __name__, template_folder="templates", static_folder="static", static_url_path=f"{ROOT}/static"
)
blueprint.after_request(strict_headers)
LARGEST_FORM_BYTES = 64 * 1024


@blueprint.before_request
def _small_forms_only() -> None:
    """Before anybody looks into the form: parsing megabytes of it takes seconds, and no login is needed to send it."""
    request.max_content_length = LARGEST_FORM_BYTES


@blueprint.get("/")
def home() -> AnyResponse:
    """The register is all there is to see."""
    return redirect(ROOT)


@blueprint.get(ROOT)
def register() -> AnyResponse | str:
    """The grid; without a login, the way to it."""
    identity = logged_in(clock())
    if identity is None:
        return _way_to_log_in(request.full_path.removesuffix("?"))
    wanted = session.pop(WANTED, "")
    if wanted not in ("", ROOT) and not request.args:
        return redirect(wanted)
    books = shelf().books_for(identity)
    return render_template(
        "localsheets/grid.html",
        w=words(),
        language=language(),
        csrf=csrf_token(),
        identity=identity,
        home=_home(identity),
        books=books,
        book=_chosen(books),
        here=request.full_path.removesuffix("?"),
    )


def _home(identity: Identity) -> Home | None:
    shared = shared_login()
    return shared.home(identity) if shared else None


def _way_to_log_in(wanted: str) -> AnyResponse:
    """To the shared login where its cookies reach this host, else to the grid's own; the address is kept meanwhile."""
    shared = shared_login()
    elsewhere = shared.url() if shared else None
    if elsewhere is None:
        return redirect(f"{ROOT}/login?{urlencode({'next': wanted})}")
    session[WANTED] = wanted
    return redirect(elsewhere)


def _chosen(books: list[Book]) -> Book | None:
    wanted = [request.args.get("id"), shelf().default_book_id()]
    found = [book for book_id in wanted for book in books if book.book_id == book_id]
    return next(iter(found or books), None)


@blueprint.get(f"{ROOT}/login")
def login_page() -> AnyResponse | str:
    """The login form."""
    if logged_in(clock()) is not None:
        return redirect(_safe_target())
    return _login_form("")


@blueprint.post(f"{ROOT}/login")
def log_in() -> AnyResponse | str | tuple[str, int]:
    """Ask the authenticator, unless there were too many wrong passwords before."""
    try:
        check_csrf(request.form.get("csrf_token", ""))
    except ForgedRequestError:
        return _login_form("form_expired"), 403
    username, password = request.form.get("username", "").strip(), request.form.get("password", "")
    throttle: LoginThrottle = current_app.extensions["localsheets_throttle"]
    address = request.remote_addr or ""
    identity = None
    with throttle.trying(username, address) as turn:
        if turn.allowed:
            identity = _identity_of(username, password)
            turn.right = identity is not None
    if identity is None:
        return (_login_form("wrong_login"), 403) if turn.allowed else (_login_form("too_many_logins"), 429)
    begin_session(identity, clock())
    return redirect(_safe_target(), 303)


def _identity_of(username: str, password: str) -> Identity | None:
    authenticate: Authenticator | None = current_app.config["LOCALSHEETS_AUTHENTICATE"]
    return authenticate(username, password) if authenticate is not None else None


def _login_form(problem: str) -> str:
    known = current_app.config["LOCALSHEETS_AUTHENTICATE"] is not None
    return render_template(
        "localsheets/login.html",
        w=words(),
        language=language(),
        csrf=csrf_token(),
        problem=words().get(problem if known else "no_login", ""),
        target=_safe_target(),
        username=request.form.get("username", ""),
        here=f"{ROOT}/login",
    )


def _safe_target() -> str:
    """Where to go after the login: an address of the register, never of another site."""
    target = request.values.get("next", ROOT)
    inside = target == ROOT or target.startswith((f"{ROOT}?", f"{ROOT}/?"))
    return target if inside and not any(ord(c) < 32 for c in target) else ROOT


@blueprint.post(f"{ROOT}/logout")
def log_out() -> AnyResponse:
    """End the session; a form from before the last login only leads back."""
    try:
        check_csrf(request.form.get("csrf_token", ""))
    except ForgedRequestError:
        return redirect(ROOT, 303)
    end_session(clock())
    shared = shared_login()
    if shared is not None:
        shared.end(request.cookies)
    return redirect((shared.url() if shared else None) or f"{ROOT}/login", 303)


@blueprint.get(f"{ROOT}/language/<chosen>")
def choose_language(chosen: str) -> AnyResponse:
    """Keep the language in a cookie for a year."""
    response: Response = make_response(redirect(_safe_target()))
    if chosen in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE, chosen, max_age=31_536_000, httponly=True, samesite="Lax", secure=request.is_secure
        )
    return response
