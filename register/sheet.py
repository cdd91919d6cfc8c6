"""
The one gateway to the spreadsheet.

Google and the embedded register speak the same API, so both go through here, over `register/sheet_connection.py`. Text
is written as `stringValue` and so never parsed as a formula.
API: https://developers.google.com/workspace/sheets/api/reference/rest
"""

import json
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from register.errors import SheetUnavailableError
from register.row_lines import RowLines
from register.sheet_access import PATIENCE, Patience, SheetAccess
from register.sheet_sharing import Sharing
from sheets_schema.dashboard import SOURCES, Found, is_ours
from sheets_schema.dashboard_tab import TITLE as DASHBOARD
from sheets_schema.existing import DESCRIBED_ROWS, FIELDS
from sheets_schema.provisioning import TABS

if TYPE_CHECKING:
    from register.sheet_connection import Connection

_SHEETS = "https://sheets.googleapis.com/v4/spreadsheets"
_FILES = "https://www.googleapis.com/drive/v3/files"
_OWN = " and 'me' in owners"
_UNFORMATTED = {"valueRenderOption": "UNFORMATTED_VALUE", "dateTimeRenderOption": "SERIAL_NUMBER"}

Cell = str | float | bool
"""A cell as the API gives it unformatted; an empty one is an empty string."""


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
    """One spreadsheet."""

    def __init__(self, access: SheetAccess, patience: Patience = PATIENCE) -> None:
        self._access = access
        self._connection = _connect(access, patience)
        self._last_read: _LastRead | None = None
        self._lines = RowLines()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @property
    def identity(self) -> str:
        """The address that the server knows us by."""
        return self._connection.identity

    @property
    def calls(self) -> int:
        """How many API requests were made, tried again included."""
        return self._connection.calls

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
            params={"ranges": [_quoted(title) for title in tabs], **_UNFORMATTED},
            headers={"If-None-Match": last.tag} if last and last.tag else None,
            load=self._lines.load,
            safe=True,
        )
        if last and self._connection.unchanged:
            return last.values
        ranges = answer.get("valueRanges", [])
        if len(ranges) != len(tabs):
            raise SheetUnavailableError("Register menjawab tidak lengkap; dicoba lagi nanti.", found=len(ranges))
        found = {title: _values(item.get("values", [])) for title, item in zip(tabs, ranges, strict=True)}
        if last:
            found = {title: _kept(last.values[title], read) for title, read in found.items()}
        self._last_read = _LastRead(tuple(tabs), self._connection.tag, found)
        return found

    def read_rows(self, tab: str, places: Sequence[int]) -> Values:
        """
        A tab's header and those of its rows, by places that count the header as 0; answered sooner than the whole tab.

        Raises: as `read`.
        """
        ranges = [f"{_quoted(tab)}!{place + 1}:{place + 1}" for place in (0, *places)]
        found = self._get("/values:batchGet", {"ranges": ranges, **_UNFORMATTED}).get("valueRanges", [])
        if len(found) != len(ranges):
            raise SheetUnavailableError("Register menjawab tidak lengkap; dicoba lagi nanti.", found=len(found))
        return _values([next(iter(item.get("values", [])), ()) for item in found])

    def entered(self, tab: str) -> Values:
        """
        One tab's cells as people entered them: a formula is its own text, and what it fills beside it is empty.

        Raises: as `read`.
        """
        fields = "sheets(data(rowData(values(userEnteredValue))))"
        answer = self._get("", {"ranges": [_quoted(tab)], "fields": fields, "includeGridData": "true"})
        return _all_entered(next(iter(answer.get("sheets", [])), {}))

    def dashboard(self) -> Found:
        """What there is of the tab `Dasbor`, and of what it counts. Raises: as `read`."""
        answer = self._get("", {"fields": "sheets.properties(title,sheetId),namedRanges"})
        sheets = [sheet["properties"] for sheet in answer.get("sheets", [])]
        sheet_ids = {found["title"]: int(found.get("sheetId", 0)) for found in sheets}
        cells: dict[str, Values] = {}
        ranges = [f"{_quoted(title)}!1:1" for title in SOURCES if title in sheet_ids]
        ranges += [_quoted(DASHBOARD)] if DASHBOARD in sheet_ids else []
        if ranges:
            fields = "sheets(properties(title),data(rowData(values(userEnteredValue))))"
            told = self._get("", {"ranges": ranges, "fields": fields, "includeGridData": "true"})
            cells = {sheet["properties"]["title"]: _all_entered(sheet) for sheet in told.get("sheets", [])}
        shown = cells.pop(DASHBOARD, Values((), ()))
        named = {found["name"]: found for found in answer.get("namedRanges", []) if is_ours(found["name"])}
        headers = {title: [str(cell) for cell in read.header] for title, read in cells.items()}
        return Found(sheet_ids, headers, named, (shown.header, *shown.rows))

    def batch(self, changes: Sequence[Mapping[str, Any]]) -> None:
        """
        Apply requests together, all or none; no call is made for none.

        Raises: SheetUnavailableError, after which it is unknown whether they were applied; SheetRefusedError.
        """
        if changes:
            self._call("post", ":batchUpdate", body={"requests": list(changes)}, safe=False)

    def share(self, people: Set[str], *, made: bool = False) -> None:
        """
        Have exactly these addresses, besides the owner, write in this spreadsheet of a Sheets-compatible server.

        Google is not asked: there the office shares its spreadsheet itself, unless we `made` it. Raises: as `read`,
        SheetRefusedError once all were tried.
        """
        if self._access.url or made:
            self._sharing.set_writers(people)

    def shared_with(self) -> list[str]:
        """Whom this spreadsheet of a Sheets-compatible server is shared with, the owner left out. Raises: as `read`."""
        return self._sharing.people()

    @property
    def _sharing(self) -> Sharing:
        return Sharing(self._connection.ask, f"{_FILES}/{quote(self._access.spreadsheet_id, safe='')}/permissions")

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
        url = f"{_SHEETS}/{quote(self._access.spreadsheet_id, safe='')}{path}"
        return self._connection.ask(method, url, params=params, body=body, headers=headers, load=load, safe=safe)


class LocalServer:
    """A Sheets-compatible server before there is a spreadsheet on it."""

    def __init__(self, url: str, token: str, patience: Patience = PATIENCE) -> None:
        access = SheetAccess("", url, token)
        self._connection = _connect(access, replace(patience, attempts=1), unreachable="Register belum menjawab.")

    def find(self, title: str, *, own: bool = False) -> str:
        """
        The id of the spreadsheet of that title, empty if there is none. Raises: as `Sheet.read`.

        Args:
            own: Not one that somebody else may have made and shared.
        """
        query = {"q": f"name = '{title}' and trashed = false{_OWN if own else ''}", "fields": "files(id,name)"}
        answer = self._connection.ask("get", _FILES, params=query, safe=True)
        return next((str(file["id"]) for file in answer.get("files", []) if file.get("name") == title), "")

    def create(self, title: str) -> str:
        """The id of a new, empty spreadsheet. Raises: as `Sheet.read`."""
        return _created(self._connection, title)


def _created(connection: "Connection", title: str) -> str:
    properties = {"title": title, "locale": "id_ID", "timeZone": "Asia/Makassar"}
    body = {"properties": properties, "sheets": [{"properties": {"title": TABS[0].title}}]}
    created = connection.ask("post", _SHEETS, body=body, safe=False)
    if "spreadsheetId" not in created:
        raise SheetUnavailableError("Register menjawab tidak lengkap; dicoba lagi nanti.")
    return str(created["spreadsheetId"])


def find_or_make(access: SheetAccess, title: str) -> str:
    """
    The id of a spreadsheet of ours beside the register; a new, empty one if there is none.

    At Google it is always a new one: what we may do there does not let us search. Raises: as `Sheet.read`.
    """
    if access.url:
        server = LocalServer(access.url, access.token)
        return server.find(title, own=True) or server.create(title)
    connection = _connect(access, PATIENCE)
    try:
        return _created(connection, title)
    finally:
        connection.close()


def _connect(access: SheetAccess, patience: Patience, **said: str) -> "Connection":
    from register.sheet_connection import Connection  # brings Google's libraries, which most processes never need

    return Connection(access, patience, **said)


def _kept(before: Values, read: Values) -> Values:
    return before if before.same_as(read) else read


def _same_kinds(cells: tuple[Cell, ...], others: tuple[Cell, ...]) -> bool:
    return cells is others or list(map(type, cells)) == list(map(type, others))


def _values(rows: Sequence[Sequence[Cell]]) -> Values:
    cells = [tuple(row) for row in rows]
    return Values(cells[0] if cells else (), tuple(cells[1:]))


def _all_entered(sheet: Mapping[str, Any]) -> Values:
    """The cells of a sheet of an answer with grid data, as they were entered."""
    rows = (row for data in sheet.get("data", []) for row in data.get("rowData", []))
    return _values([[_entered(cell) for cell in row.get("values", [])] for row in rows])


def _entered(cell: Mapping[str, Any]) -> Cell:
    value: Cell = next(iter(cell.get("userEnteredValue", {}).values()), "")
    return value


def _quoted(title: str) -> str:
    return "'" + title.replace("'", "''") + "'"
