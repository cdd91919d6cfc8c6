"""Who is logged in to the grid, and proof that a write comes from our own page."""

import hmac
import secrets

from flask import Flask, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface

from localsheets.errors import LocalSheetsError
from localsheets.grid.words import LANGUAGES, in_language
from localsheets.identity import Identity, SharedLogin, StillValid
from localsheets.storage.shelf import Clock

SESSION_HOURS = 12
LANGUAGE_COOKIE = "localsheets_language"
WANTED = "wanted"
"""Where somebody was going who had to log in first, in the session."""


class NotLoggedInError(LocalSheetsError):
    """Nobody is logged in, or the session has ended."""

    http_code = 401
    status = "UNAUTHENTICATED"


class ForgedRequestError(LocalSheetsError):
    """A write without this session's CSRF token."""

    http_code = 403
    status = "PERMISSION_DENIED"


class Sessions(SecureCookieSessionInterface):
    """Sessions in a signed cookie that, once given over https, does not travel without it."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def begin_session(identity: Identity, clock: Clock) -> None:
    """Log somebody in, under a fresh CSRF token; what was wanted before is not forgotten."""
    wanted = session.get(WANTED)
    end_session(clock)
    if wanted:
        session[WANTED] = wanted
    session["number"] = secrets.token_urlsafe(16)
    session["email"] = identity.email
    session["name"] = identity.name
    session["state"] = identity.state
    session["since"] = clock().timestamp()
    csrf_token()


def end_session(clock: Clock) -> None:
    """Log out: a copy of the cookie is worth nothing any more either."""
    if "number" in session:
        _ended_sessions().add(session["number"], clock().timestamp())
    session.clear()


class EndedSessions:
    """The numbers of sessions that were logged out, for as long as their cookies would still be valid."""

    def __init__(self) -> None:
        self._ended: dict[str, float] = {}

    def __contains__(self, number: str) -> bool:
        return number in self._ended

    def add(self, number: str, now: float) -> None:
        """Remember one; those that are over in any case are forgotten."""
        longest = now - SESSION_HOURS * 3600
        self._ended = {known: ended for known, ended in self._ended.items() if ended > longest} | {number: now}


def _ended_sessions() -> EndedSessions:
    ended: EndedSessions = current_app.extensions["localsheets_ended_sessions"]
    return ended


def shared_login() -> SharedLogin | None:
    """The login that is shared with another application, if there is one."""
    found: SharedLogin | None = current_app.config["LOCALSHEETS_SHARED_LOGIN"]
    return found


def logged_in(clock: Clock) -> Identity | None:
    """
    Who is logged in; None after 12 hours, after the logout, or once the authenticator says that it is over.

    Whoever is logged in at the shared login is so here too. Each login there gets a session of its own, so that a page
    which somebody else left open writes nothing in the name of who came after.
    """
    shared = shared_login()
    identity = shared.who(request.cookies) if shared else None
    if identity is None:
        return _of_own_session(clock)
    if (session.get("email"), session.get("state")) != (identity.email, identity.state):
        begin_session(identity, clock)
    return identity


def _of_own_session(clock: Clock) -> Identity | None:
    email, since = session.get("email"), session.get("since", 0)
    if not email or clock().timestamp() - since > SESSION_HOURS * 3600:
        return None
    if session.get("number", "") in _ended_sessions():
        return None
    identity = Identity(email, session.get("name", email), session.get("state", ""))
    still_valid: StillValid | None = current_app.config["LOCALSHEETS_STILL_VALID"]
    return identity if still_valid is None or still_valid(identity) else None


def csrf_token() -> str:
    """This session's token; made when first needed."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def check_csrf(offered: str) -> None:
    """
    Raises: ForgedRequestError unless that is the session's token.
    """
    if not hmac.compare_digest(offered.encode(), str(session.get("csrf", "")).encode()) or not offered:
        raise ForgedRequestError(words()["form_expired"])


def language() -> str:
    """The language chosen by cookie; Indonesian by default."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def words() -> dict[str, str]:
    """The grid's texts for this request."""
    if "words" not in g:
        g.words = in_language(language())
    found: dict[str, str] = g.words
    return found
