"""The staff's way in to the grid's process: by the session that the public pages began, or by its own login page."""

from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import urlsplit

import localsheets
from automation.staff_duties import Duty, standing_of
from commands.doctor import STAFF_DOMAIN
from register.accounts import Account
from register.opening import Opened, in_url, reachable
from register.settings import Settings
from register.staff_sessions import COOKIE, number_of

SIGN_IN_PATH = "/petugas/masuk?next=/register"
_DESK = localsheets.Home("Loket", "/loket")
_STAFF = localsheets.Home("Halaman petugas", "/petugas")


class GridDoor:
    """What `localsheets.create_app` asks about whoever wants in."""

    def __init__(self, opened: Opened, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._opened, self._settings, self._clock = opened, settings, clock
        self.shared = localsheets.SharedLogin(self._who, self._end, self._url, self._home)

    def authenticate(self, username: str, password: str) -> localsheets.Identity | None:
        """Who that is, at the grid's own login page."""
        account = self._opened.accounts.authenticate(username, password)
        return _identity(account, account.state) if account else None

    def still_valid(self, identity: localsheets.Identity) -> bool:
        """Whether the account is as it was, and the shared session by which it came in is not over."""
        state, _, number = identity.state.partition(".")
        if self._opened.accounts.state(identity.email.removesuffix(STAFF_DOMAIN)) != state:
            return False
        return not number or self._opened.sessions.holder(number, now=self._clock()) is not None

    def _who(self, cookies: Mapping[str, str]) -> localsheets.Identity | None:
        token = cookies.get(COOKIE, "")
        account = self._opened.sessions.account(token, now=self._clock())
        return _identity(account, f"{account.state}.{number_of(token)}") if account else None

    def _end(self, cookies: Mapping[str, str]) -> None:
        self._opened.sessions.end(cookies.get(COOKIE, ""))

    def _url(self) -> str | None:
        from flask import request

        return sign_in_url(self._settings, request.scheme, request.host)

    def _home(self, identity: localsheets.Identity) -> localsheets.Home | None:
        """The desk for whoever records there, else the staff's page."""
        from flask import request

        pages = pages_url(self._settings, request.scheme, request.host) or self._settings.public_url
        username, remembered = identity.email.removesuffix(STAFF_DOMAIN), self._opened.store.setting("configuration")
        duties = standing_of(username, remembered, self._settings.restricted_roles).duties
        page = _DESK if Duty.RECORD in duties else _STAFF
        return localsheets.Home(page.name, pages + page.url) if pages else None


def sign_in_url(settings: Settings, scheme: str, host: str) -> str | None:
    """Where to sign in for the grid; None as for `pages_url`, since the pages' cookie would not come along."""
    pages = pages_url(settings, scheme, host)
    return None if pages is None else pages + SIGN_IN_PATH


def pages_url(settings: Settings, scheme: str, host: str) -> str | None:
    """
    Where the public pages are; None if they are not on the host by which the grid was reached.

    Args:
        scheme, host: Of the request to the grid; the port does not matter.
    """
    hostname = urlsplit(f"//{host}").hostname or reachable(settings.host)
    public = urlsplit(settings.public_url)
    if (public.scheme, public.hostname) == (scheme, hostname):
        return settings.public_url
    if settings.register_public_url:  # behind a proxy, only which knows where the pages are
        return None
    return f"{scheme}://{in_url(hostname)}:{settings.port}"


def _identity(account: Account, state: str) -> localsheets.Identity:
    return localsheets.Identity(account.username + STAFF_DOMAIN, account.name, state)
