"""
Downloading from a channel's servers, within bounds: of hosts, of bytes, and of time.

Whoever could make us ask other hosts would reach what lies within the office's network. Tokens stand in headers (Meta)
and addresses (Telegram), so neither an address nor the text of an error of HTTP leaves this module.
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError, ReadTimeoutError

from automation.channels.inbound.json_reading import Json, read_json
from automation.channels.log_redaction import redact_addresses
from automation.reminders.channels.local_hosts import leads_inside

MOST_REDIRECTS = 3
LARGEST_ANSWER_BYTES = 100_000
"""Of an answer that only tells where a file is."""
_CHUNK_BYTES = 65_536
_HEADERS = {"Accept-Encoding": "identity", "Connection": "close"}
"""A connection that is used again may just have been closed by the server, which looks as if nobody were there."""
_PLAIN_HOST = re.compile(r"[a-z0-9.-]+")

redact_addresses()


class Reason(StrEnum):
    """Why a file was not fetched; a code for the log."""

    NOT_SET_UP = "not_set_up"
    NO_ADDRESS = "no_address"
    FOREIGN_HOST = "foreign_host"
    TOO_LARGE = "too_large"
    GONE = "gone"
    NOT_ALLOWED = "not_allowed"
    BUSY = "busy"
    UNREACHABLE = "unreachable"
    SLOW = "slow"
    CUT = "cut"
    BAD_ANSWER = "bad_answer"


_BY_STATUS = {
    401: Reason.NOT_ALLOWED,
    403: Reason.NOT_ALLOWED,
    408: Reason.SLOW,
    413: Reason.TOO_LARGE,
    429: Reason.BUSY,
}
_BY_GRAPH_CODE = {4: Reason.BUSY, 10: Reason.NOT_ALLOWED, 190: Reason.NOT_ALLOWED, 200: Reason.NOT_ALLOWED}
"""Codes of the Graph API that count more than its status, which is often 400."""


class DownloadError(Exception):
    """Why there is no file; it says nothing of an address."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Home:
    """The server that an administrator set for a channel, and the ends of names of others that keep its files."""

    url: str
    others: tuple[str, ...] = ()

    def checked(self, url: str, base: str = "") -> str:
        """
        The address, made whole by that of what led to it, if its server may be asked. May wait for name servers.

        Raises: DownloadError if it may not.
        """
        try:
            asked = urlsplit(urljoin(base, url))
            allowed = _origin(asked) == _origin(urlsplit(self.url)) or self._keeps_files(asked)
        except ValueError:
            allowed = False
        if not allowed:
            raise DownloadError(Reason.FOREIGN_HOST)
        return asked.geturl()

    def _keeps_files(self, asked: SplitResult) -> bool:
        host = asked.netloc.lower().removesuffix(":443")
        named = any(host == name or host.endswith(f".{name}") for name in self.others)
        # Other libraries end a host at other signs than urlsplit does, so there must be none.
        plain = asked.scheme == "https" and _PLAIN_HOST.fullmatch(host)
        return bool(named and plain) and not leads_inside(host, allowed=False)


def _origin(url: SplitResult) -> tuple[str, str]:
    return url.scheme, url.netloc.lower()


class DirectSession(requests.Session):
    """
    Follows no redirection by itself, and leaves its body unread.

    Even where it must not follow, requests would read that body to its end and fail on an address that is broken.
    """

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


@dataclass(frozen=True)
class Download:
    """
    What is asked for one file.

    Args:
        timeout_seconds: How long a server may keep silent.
        until: When to give up, on the clock of `time.monotonic`.
    """

    session: DirectSession
    timeout_seconds: float
    until: float

    def answer(self, home: Home, url: str, params: Mapping[str, str], token: str = "") -> Json:
        """
        What a server says about a file.

        Raises: DownloadError.
        """
        content, _ = self.get(home, url, LARGEST_ANSWER_BYTES, token=token, params=params)
        found = read_json(content)
        if found is None:
            raise DownloadError(Reason.BAD_ANSWER)
        return found

    def get(
        self,
        home: Home,
        url: str,
        limit_bytes: int,
        *,
        token: str = "",
        params: Mapping[str, str] | None = None,
    ) -> tuple[bytes, str]:
        """
        The content at an address, and its kind as the server says; a redirection is followed where we may ask.

        Raises: DownloadError.
        """
        asked = home.checked(url)
        for _ in range(MOST_REDIRECTS + 1):
            with self._response(asked, token, params) as response:
                if not response.is_redirect:
                    return self._content(response, limit_bytes)
                target = home.checked(response.headers["Location"], asked)
            token = token if _origin(urlsplit(target)) == _origin(urlsplit(asked)) else ""
            asked, params = target, None
        raise DownloadError(Reason.BAD_ANSWER)

    def _response(self, url: str, token: str, params: Mapping[str, str] | None) -> requests.Response:
        try:
            return self.session.get(
                url,
                params=params,
                auth=_Bearer(token),
                headers=_HEADERS,
                timeout=self.timeout_seconds,
                allow_redirects=False,
                stream=True,
            )
        except requests.Timeout:
            reason = Reason.SLOW
        except requests.RequestException:
            reason = Reason.UNREACHABLE
        raise DownloadError(reason)

    def _content(self, response: requests.Response, limit_bytes: int) -> tuple[bytes, str]:
        if response.status_code != requests.codes.ok:
            raise DownloadError(_refusal(response.status_code, self._excuse(response)))
        return self._read(response, limit_bytes), response.headers.get("Content-Type", "")

    def _excuse(self, response: requests.Response) -> bytes:
        """What a server says with its refusal; empty if that is too much, or breaks off."""
        try:
            return self._read(response, LARGEST_ANSWER_BYTES)
        except DownloadError:
            return b""

    def _read(self, response: requests.Response, limit_bytes: int) -> bytes:
        """Piece by piece as they come, so that neither too much nor too slow a stream is waited for to its end."""
        length = response.headers.get("Content-Length", "")
        if length.isdecimal() and float(length) > limit_bytes:
            raise DownloadError(Reason.TOO_LARGE)
        content = bytearray()
        try:
            while piece := response.raw.read1(_CHUNK_BYTES, decode_content=True):
                content += piece
                if len(content) > limit_bytes:
                    raise DownloadError(Reason.TOO_LARGE)
                if time.monotonic() > self.until:
                    raise DownloadError(Reason.SLOW)
        except ReadTimeoutError:
            reason = Reason.SLOW
        except (HTTPError, OSError):
            reason = Reason.CUT
        else:
            return bytes(content)
        raise DownloadError(reason)


def _refusal(status: int, body: bytes) -> Reason:
    """What a server's refusal means; a client's error that nobody knows better is for good."""
    told = read_json(body) or Json()
    if told.says("error", "is_transient"):
        return Reason.BUSY
    code = told.number("error", "code")
    if code in _BY_GRAPH_CODE:
        return _BY_GRAPH_CODE[int(code)]
    if "too big" in told.text("description"):  # Telegram, of what is larger than a bot may fetch
        return Reason.TOO_LARGE
    return _BY_STATUS.get(status, Reason.BUSY if status >= 500 else Reason.GONE)


class _Bearer(AuthBase):
    """Puts the token into the header; as an `auth` it also keeps requests from looking for a password in `.netrc`."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request
