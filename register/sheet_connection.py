"""
How the gateway asks a spreadsheet's server; nothing else imports gspread.

Reading retries by itself. Writing is tried again only where the answer proves that nothing was done (429): a write
whose answer was lost is left to the next tick, which reads before it writes.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

import google.auth.exceptions
import gspread
import requests
from google.oauth2.service_account import Credentials
from gspread.exceptions import APIError
from gspread.http_client import HTTPClient
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from register.errors import SheetRefusedError, SheetUnavailableError
from register.sheet_access import LOCAL_IDENTITY, Patience, SheetAccess

_GOOGLE_HOSTS = ("https://sheets.googleapis.com", "https://www.googleapis.com")
_SCOPES = ("https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive.file")
"""The second lets it share the spreadsheets that it made itself, those of the archive, and see no other file."""
_UNREACHABLE = "Register tidak dapat dihubungi. Pengaduan tetap diterima; baris akan menyusul."
_TOO_MANY = 429
_NOT_MODIFIED = 304
_NOT_JSON = -1
"""The code that gspread gives to an answer that is no JSON, such as a proxy's page; its message is that page."""
_LOST = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.InvalidJSONError,
)
_LONGEST_QUOTE = 300


class Connection:
    """
    To Google, or to a Sheets-compatible server.

    `identity` is the address that it knows us by; `calls` counts the requests made, for the benchmark and the quota.

    Raises: SheetRefusedError if the way to Google is incomplete.
    """

    def __init__(self, access: SheetAccess, patience: Patience, unreachable: str = _UNREACHABLE) -> None:
        self._patience = patience
        self._unreachable = unreachable
        self._client, self.identity = _client(access)
        self._client.set_timeout(patience.timeout_seconds)
        self.calls = 0

    def close(self) -> None:
        """Give the connection back."""
        self._client.session.close()

    @property
    def tag(self) -> str:
        """Names the state that the last answer was about; empty if the server did not say so, as Google never does."""
        return self._client.tag if isinstance(self._client, _LocalClient) else ""

    @property
    def unchanged(self) -> bool:
        """Whether the last answer was that the state named in the question is still the present one."""
        return isinstance(self._client, _LocalClient) and self._client.unchanged

    def ask(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        load: Callable[[bytes], Any] = json.loads,
        safe: bool,
    ) -> dict[str, Any]:
        """
        The JSON object that the server answers to a request of Google's APIs.

        Args:
            load: Makes objects of the answer's JSON.
            safe: Asking again does no harm.

        Raises: SheetUnavailableError; SheetRefusedError.
        """
        retrying = Retrying(
            stop=stop_after_attempt(self._patience.attempts),
            wait=wait_random_exponential(
                multiplier=self._patience.first_wait_seconds, max=self._patience.longest_wait_seconds
            ),
            retry=retry_if_exception(lambda error: _may_repeat(error, safe=safe)),
            reraise=True,
        )
        try:
            for attempt in retrying:
                with attempt:
                    self.calls += 1
                    answer = _exchange(self._client, method, url, load, params=params, json=body, headers=headers)
        except APIError as error:
            raise _translated(error) from error
        except (requests.RequestException, google.auth.exceptions.TransportError) as error:
            raise SheetUnavailableError(self._unreachable, cause=type(error).__name__) from error
        except google.auth.exceptions.GoogleAuthError as error:
            raise SheetRefusedError(
                "Google menolak akun layanan. Periksa berkas kredensial dan jam komputer.", cause=type(error).__name__
            ) from error
        return answer


class _LocalClient(HTTPClient):
    """gspread's client, sent to a Sheets-compatible server instead of Google."""

    def __init__(self, url: str, token: str) -> None:
        session = requests.Session()
        session.trust_env = False  # a proxy meant for the internet must not see the register
        session.headers["Authorization"] = f"Bearer {token}"
        super().__init__(None, session)  # type: ignore[arg-type]
        self._url = url.rstrip("/")
        self.tag = ""
        """Names the state that the last answer was about, if the server said so."""
        self.unchanged = False
        """Whether the last answer was that this state is known already."""

    def request(self, method: str, endpoint: str, *args: Any, **options: Any) -> requests.Response:
        for host in _GOOGLE_HOSTS:
            endpoint = endpoint.replace(host, self._url, 1)
        response = super().request(method, endpoint, *args, **options)
        self.tag, self.unchanged = response.headers.get("ETag", ""), response.status_code == _NOT_MODIFIED
        return response


def _client(access: SheetAccess) -> tuple[HTTPClient, str]:
    if access.url:
        return _LocalClient(access.url, access.token), LOCAL_IDENTITY
    if access.credentials is None:
        raise SheetRefusedError("Berkas kredensial akun layanan Google belum disetel (ADUAN_GOOGLE_CREDENTIALS).")
    try:
        info = json.loads(access.credentials.read_text("utf-8"))
        credentials = Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
            info, scopes=_SCOPES
        )
    except (OSError, ValueError, AttributeError) as error:  # AttributeError: JSON, but no object
        raise SheetRefusedError(
            "Berkas kredensial Google tidak terbaca atau bukan kunci akun layanan.", file=access.credentials.name
        ) from error
    client = gspread.Client(credentials).http_client
    return client, str(info["client_email"])


def _exchange(
    client: HTTPClient, method: str, url: str, load: Callable[[bytes], Any] = json.loads, **options: Any
) -> dict[str, Any]:
    """
    The JSON object that a server answers.

    Raises: APIError; requests.RequestException, also if what answers is no Sheets server (a proxy's page, say).
    """
    try:
        answer = client.request(method, url, **options)
    except (KeyError, TypeError) as error:  # gspread itself stumbles over {"error": "text"}
        raise requests.exceptions.InvalidJSONError("an error that is not in the API's form") from error
    try:
        loaded = load(answer.content) if answer.content else {}
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise requests.exceptions.InvalidJSONError("not JSON, or not what was asked for") from error
    if not isinstance(loaded, dict):
        raise requests.exceptions.InvalidJSONError("not a JSON object")
    return loaded


def _may_repeat(error: BaseException, *, safe: bool) -> bool:
    """A read may always be repeated; a write only where it was certainly not done."""
    if isinstance(error, APIError):
        status = error.response.status_code
        return status == _TOO_MANY or (safe and status >= 500)
    return safe and isinstance(error, _LOST)


def _translated(error: APIError) -> Exception:
    status = error.response.status_code
    if status == _TOO_MANY or status >= 500:
        return SheetUnavailableError("Register sedang sibuk; dicoba lagi nanti.", status=status)
    said = str(error.error.get("message", "")) if error.code != _NOT_JSON else ""
    quoted = f": {' '.join(said.split())[:_LONGEST_QUOTE].rstrip('.')}" if said else ""
    return SheetRefusedError(
        f"Register menolak permintaan ({status}){quoted}. Periksa izin akun layanan dan nama tab.",
        status=status,
    )
