"""Everything below `/register` except the login page needs a login, and is told to browsers strictly."""

from urllib.parse import urlsplit

from flask import Response, current_app, g, request

from localsheets.grid.sessions import ForgedRequestError, NotLoggedInError, check_csrf, logged_in, shared_login, words
from localsheets.identity import Identity
from localsheets.storage.shelf import Clock

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self';"
    " form-action 'self'{targets}; base-uri 'none'; frame-ancestors 'none'"
)


def clock() -> Clock:
    """The application's clock."""
    found: Clock = current_app.config["LOCALSHEETS_CLOCK"]
    return found


def staff() -> Identity:
    """Who is logged in; only after `require_login`."""
    identity: Identity = g.identity
    return identity


def require_login() -> None:
    """
    For JSON addresses: know who asks, and that a write comes from our own page, before its body is read.

    A wrong CSRF token is told like an ended session: the page is from before the last login, and loading it again
    mends that without losing what is unsaved.
    Raises: NotLoggedInError.
    """
    identity = logged_in(clock())
    if identity is None:
        raise NotLoggedInError(words()["log_in_again"])
    if request.method not in {"GET", "HEAD"}:
        try:
            check_csrf(request.headers.get("X-CSRF-Token", ""))
        except ForgedRequestError as error:
            raise NotLoggedInError(words()["log_in_again"]) from error
    g.identity = identity


def strict_headers(response: Response) -> Response:
    """No foreign script, no frame."""
    shared = shared_login()
    elsewhere = urlsplit((shared.url() if shared else None) or "")  # where logging out leads to
    targets = f" {elsewhere.scheme}://{elsewhere.netloc}" if elsewhere.netloc else ""
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.format(targets=targets)
    response.headers["Referrer-Policy"] = "same-origin"
    return response
