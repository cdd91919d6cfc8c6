"""
The one gateway to the spreadsheet; nothing else imports gspread.

Google and the embedded register speak the same API, so both go through here. Reading retries by itself. Writing is
tried again only where the answer proves that nothing was done (429): a write whose answer was lost is left to the next
tick, which reads before it writes. Text is written as `stringValue` and so never parsed as a formula.
API: https://developers.google.com/workspace/sheets/api/reference/rest
"""

import json
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import google.auth.exceptions
import gspread
import requests
from google.oauth2.service_account import Credentials
from gspread.exceptions import APIError
from gspread.http_client import HTTPClient
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from register.errors import SheetRefusedError, SheetUnavailableError
from register.row_lines import RowLines
from register.sheet_access import SheetAccess
from register.store import Store
from sheets_schema.columns import Tab
from sheets_schema.existing import DESCRIBED_ROWS, FIELDS, described
from sheets_schema.layout import locate
from sheets_schema.provisioning import TABS, plan
from sheets_schema.register_tab import RESTRICTED_REGISTER

READ_TIMEOUT_SECONDS = (5.0, 30.0)
"""To connect, and between two bytes."""
LOCAL_IDENTITY = "sistem@aduan.invalid"
"""Who the worker is in the embedded register."""

_GOOGLE_HOSTS = ("https://sheets.googleapis.com", "https://www.googleapis.com")
_SCOPES = ("https://www.googleapis.com/auth/spreadsheets",)
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

_LAID_OUT = "tabs_laid_out"
_OWN = " and 'me' in owners"

Cell = str | float | bool
"""A cell as the API gives it unformatted; an empty one is an empty string."""


@dataclass(frozen=True)
class Patience:
    """How long the gateway waits and how often it asks; waits between attempts are random and double each time."""

    timeout_seconds: tuple[float, float] = READ_TIMEOUT_SECONDS
    attempts: int = 3
    first_wait_seconds: float = 0.5
    longest_wait_seconds: float = 8.0


PATIENCE = Patience()


@dataclass(frozen=True)
class Values:
    """A tab's cells: header row, and the rows below in sheet order, trailing empty cells trimmed."""

    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def same_as(self, other: "Values") -> bool:
        """Whether every cell is the same, in kind too: to Python, 1 equals TRUE, to whoever typed it not."""
        return self == other and all(map(_same_kinds, (self.header, *self.rows), (other.header, *other.rows)))


@dataclass(frozen=True)
class _LastRead:
    """What was answered last, and the name of that state from a server that names its states, else ""."""

    tabs: tuple[str, ...]
    tag: str
    values: dict[str, Values]


class Sheet:
    """One spreadsheet. `calls` counts the API requests made, for the benchmark and the quota."""

    def __init__(self, access: SheetAccess, patience: Patience = PATIENCE) -> None:
        self._access = access
        self._patience = patience
        self._client, self.identity = _client(access)
        self._client.set_timeout(patience.timeout_seconds)
        self.calls = 0
        self._last_read: _LastRead | None = None
        self._lines = RowLines()

    def close(self) -> None:
        """Close the connection."""
        self._client.session.close()

    def titles(self) -> list[str]:
        """The tabs, in order."""
        answer = self._get("", {"fields": "sheets.properties(title)"})
        return [sheet["properties"]["title"] for sheet in answer.get("sheets", [])]

    def sheet_ids(self) -> dict[str, int]:
        """Each tab's id, by title."""
        answer = self._get("", {"fields": "sheets.properties(title,sheetId)"})
        found = (sheet["properties"] for sheet in answer.get("sheets", []))
        return {properties["title"]: int(properties.get("sheetId", 0)) for properties in found}

    def describe(self, wanted: Sequence[str]) -> dict[str, Any]:
        """Properties, protection, colours and the first two rows of those of the wanted tabs that exist."""
        present = [title for title in self.titles() if title in wanted]
        if not present:
            return {}
        ranges = [f"{_quoted(title)}!1:{DESCRIBED_ROWS}" for title in present]
        return self._get("", {"ranges": ranges, "fields": FIELDS, "includeGridData": "true"})

    def read(self, tabs: Sequence[str]) -> dict[str, Values]:
        """
        All cells of several tabs, unformatted, in one call.

        Where the server says that nothing has changed since the last time, it is the same object again. The embedded
        register says so (`ETag`); Google never does. A tab that is as it was is the same object in any case.

        Raises: SheetUnavailableError; SheetRefusedError, also when a tab does not exist.
        """
        last = self._last_read if self._last_read and self._last_read.tabs == tuple(tabs) else None
        answer = self._call(
            "get",
            "/values:batchGet",
            params={
                "ranges": [_quoted(title) for title in tabs],
                "valueRenderOption": "UNFORMATTED_VALUE",
                "dateTimeRenderOption": "SERIAL_NUMBER",
            },
            headers={"If-None-Match": last.tag} if last and last.tag else None,
            load=self._lines.load,
            safe=True,
        )
        local = self._client if isinstance(self._client, _LocalClient) else None
        if last and local and local.unchanged:
            return last.values
        ranges = answer.get("valueRanges", [])
        if len(ranges) != len(tabs):
            raise SheetUnavailableError("Register menjawab tidak lengkap; dicoba lagi nanti.", found=len(ranges))
        found = {title: _values(item.get("values", [])) for title, item in zip(tabs, ranges, strict=True)}
        if last:
            found = {title: _kept(last.values[title], read) for title, read in found.items()}
        self._last_read = _LastRead(tuple(tabs), local.tag if local else "", found)
        return found

    def entered(self, tab: str) -> Values:
        """
        One tab's cells as people entered them: a formula is its own text, and what it fills beside it is empty.

        Raises: as `read`.
        """
        fields = "sheets(data(rowData(values(userEnteredValue))))"
        answer = self._get("", {"ranges": [_quoted(tab)], "fields": fields, "includeGridData": "true"})
        rows = (row for sheet in answer.get("sheets", []) for data in sheet["data"] for row in data.get("rowData", []))
        return _values([[_entered(cell) for cell in row.get("values", [])] for row in rows])

    def batch(self, changes: Sequence[Mapping[str, Any]]) -> None:
        """
        Apply requests together, all or none; no call is made for none.

        Raises: SheetUnavailableError, after which it is unknown whether they were applied; SheetRefusedError.
        """
        if changes:
            self._call("post", ":batchUpdate", body={"requests": list(changes)}, safe=False)

    def share(self, people: Set[str]) -> None:
        """
        Have exactly these addresses, besides the owner, write in this spreadsheet of a Sheets-compatible server.

        Google is not asked: there the office shares its spreadsheet itself. Raises: as `read`.
        """
        if not self._access.url:
            return
        given, wanted = self._permissions(), {email.casefold() for email in people}
        for item in given:
            if item["role"] != "owner" and (item["role"] != "writer" or _whose(item) not in wanted):
                self._request("delete", f"{self._sharing}/{item['id']}", safe=False)
        writers = {_whose(item) for item in given if item["role"] in ("owner", "writer")}
        for email in sorted(wanted - writers):
            body = {"type": "user", "role": "writer", "emailAddress": email}
            self._request("post", self._sharing, params={"sendNotificationEmail": "false"}, body=body, safe=False)

    def shared_with(self) -> list[str]:
        """Whom this spreadsheet of a Sheets-compatible server is shared with, the owner left out. Raises: as `read`."""
        return sorted(_whose(item) for item in self._permissions() if item["role"] != "owner")

    @property
    def _sharing(self) -> str:
        return f"{_GOOGLE_HOSTS[1]}/drive/v3/files/{quote(self._access.spreadsheet_id, safe='')}/permissions"

    def _permissions(self) -> list[dict[str, Any]]:
        query = {"fields": "permissions(id,type,role,emailAddress)", "pageSize": "100"}
        return list(self._request("get", self._sharing, params=query, safe=True).get("permissions", []))

    def _get(self, path: str, params: Mapping[str, Any]) -> dict[str, Any]:
        return self._call("get", path, params=params, safe=True)

    def _call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        load: Callable[[bytes], Any] = json.loads,
        safe: bool,
    ) -> dict[str, Any]:
        url = f"{_GOOGLE_HOSTS[0]}/v4/spreadsheets/{quote(self._access.spreadsheet_id, safe='')}{path}"
        return self._request(method, url, params=params, body=body, headers=headers, load=load, safe=safe)

    def _request(
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
            raise SheetUnavailableError(
                "Register tidak dapat dihubungi. Pengaduan tetap diterima; baris akan menyusul.",
                cause=type(error).__name__,
            ) from error
        except google.auth.exceptions.GoogleAuthError as error:
            raise SheetRefusedError(
                "Google menolak akun layanan. Periksa berkas kredensial dan jam komputer.", cause=type(error).__name__
            ) from error
        return answer


class LocalServer:
    """A Sheets-compatible server before there is a spreadsheet on it."""

    def __init__(self, url: str, token: str, patience: Patience = PATIENCE) -> None:
        self._client = _LocalClient(url, token)
        self._client.set_timeout(patience.timeout_seconds)

    def find(self, title: str, *, own: bool = False) -> str:
        """
        The id of the spreadsheet of that title, empty if there is none. Raises: as `Sheet.read`.

        Args:
            own: Not one that somebody else may have made and shared.
        """
        query = {"q": f"name = '{title}' and trashed = false{_OWN if own else ''}", "fields": "files(id,name)"}
        answer = self._ask("get", f"{_GOOGLE_HOSTS[1]}/drive/v3/files", params=query)
        return next((str(file["id"]) for file in answer.get("files", []) if file.get("name") == title), "")

    def create(self, title: str) -> str:
        """The id of a new, empty spreadsheet. Raises: as `Sheet.read`."""
        properties = {"title": title, "locale": "id_ID", "timeZone": "Asia/Makassar"}
        body = {"properties": properties, "sheets": [{"properties": {"title": TABS[0].title}}]}
        created = self._ask("post", f"{_GOOGLE_HOSTS[0]}/v4/spreadsheets", json=body)
        if "spreadsheetId" not in created:
            raise SheetUnavailableError("Register menjawab tidak lengkap; dicoba lagi nanti.")
        return str(created["spreadsheetId"])

    def _ask(self, method: str, url: str, **options: Any) -> dict[str, Any]:
        try:
            return _exchange(self._client, method, url, **options)
        except APIError as error:
            raise _translated(error) from error
        except requests.RequestException as error:
            raise SheetUnavailableError("Register belum menjawab.", cause=type(error).__name__) from error


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


def _kept(before: Values, read: Values) -> Values:
    return before if before.same_as(read) else read


def _same_kinds(cells: tuple[Cell, ...], others: tuple[Cell, ...]) -> bool:
    return cells is others or list(map(type, cells)) == list(map(type, others))


def _whose(permission: Mapping[str, Any]) -> str:
    return str(permission.get("emailAddress") or permission["type"]).casefold()


def _values(rows: Sequence[Sequence[Cell]]) -> Values:
    cells = [tuple(row) for row in rows]
    return Values(cells[0] if cells else (), tuple(cells[1:]))


def _entered(cell: Mapping[str, Any]) -> Cell:
    value: Cell = next(iter(cell.get("userEnteredValue", {}).values()), "")
    return value


def _quoted(title: str) -> str:
    return "'" + title.replace("'", "''") + "'"


def provision(
    sheet: Sheet,
    store: Store,
    used_rows: Mapping[str, int],
    *,
    tabs: Sequence[Tab] = TABS,
    remembered_as: str = _LAID_OUT,
    admins: Sequence[str] = (),
) -> int:
    """
    Bring the spreadsheet to the schema; running it twice changes nothing.

    The store remembers which columns were laid out: a column that staff renamed or removed since is not added again.

    Args:
        used_rows: Rows in use by tab title, as the last read found them; may be empty at the start.
        tabs: What the spreadsheet consists of.
        remembered_as: Under which name the store remembers what was laid out in this spreadsheet.
        admins: Addresses of those who may fill guarded columns, besides the owner.

    Returns: the number of requests that were needed. Raises: SheetUnavailableError, SheetRefusedError.
    """
    titles = [tab.title for tab in tabs]
    description = sheet.describe(titles)
    remembered = store.setting(remembered_as) or {}
    present = _laid_out(description, tabs)
    requests = plan(
        description,
        editor=sheet.identity,
        used_rows=used_rows,
        established={
            title: laid_out["columns"]
            for title, laid_out in remembered.items()
            if title in present and present[title]["sheet_id"] == laid_out["sheet_id"]  # else another tab of its name
        },
        tabs=tabs,
        admins=admins,
    )
    sheet.batch(requests)
    if any(present.get(title) != remembered.get(title) for title in titles):
        standing = _laid_out(sheet.describe(titles), tabs)
        store.put_setting(remembered_as, remembered | _complete(standing, tabs))
    return len(requests)


def provision_restricted(sheet: Sheet, store: Store, used_rows: Mapping[str, int]) -> int:
    """As `provision`, for the spreadsheet of the restricted complaints: it has the tab `Register` only."""
    return provision(sheet, store, used_rows, tabs=(RESTRICTED_REGISTER,), remembered_as=f"{_LAID_OUT}.restricted")


def _laid_out(description: Mapping[str, Any], tabs: Sequence[Tab]) -> dict[str, dict[str, Any]]:
    """Of each of our tabs its id, and the keys of the columns whose headers it shows."""
    shown = {sheet["properties"]["title"]: described(sheet) for sheet in description.get("sheets", [])}
    return {
        tab.title: {
            "sheet_id": shown[tab.title].sheet_id,
            "columns": [c.key for c in tab.columns if c.header not in locate(tab, shown[tab.title].titles).missing],
        }
        for tab in tabs
        if tab.title in shown
    }


def _complete(laid_out: Mapping[str, dict[str, Any]], tabs: Sequence[Tab]) -> dict[str, dict[str, Any]]:
    """Only tabs that show every header count as laid out; one that was left alone is looked at again."""
    return {tab.title: laid_out[tab.title] for tab in tabs if len(laid_out[tab.title]["columns"]) == len(tab.columns)}
