"""
A whole office for tests: a real store, the real embedded register over real HTTP, the real tick, and a clock in hand.

Staff act through the same HTTP API with a token of their own, and `between` plays what they do at the worst moment.
"""

import atexit
import io
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from werkzeug.serving import BaseWSGIServer, make_server

import localsheets
from automation.sync.reconcile import Reconciler, RestrictedPlace, TickReport
from automation.sync.trays import Tray
from register.complaint import Channel, Complaint, Intake
from register.database import migrate, open_engine, sqlite_url
from register.errors import AduanError
from register.laying_out import provision, provision_restricted
from register.sealing import load_keyring
from register.settings import RESTRICTED_ROLES
from register.sheet import LocalServer, Sheet
from register.sheet_access import LOCAL_IDENTITY, SheetAccess
from register.store import Store
from sheets_schema.layout import Layout, locate
from sheets_schema.provisioning import TABS
from tests.builders import MOMENT, an_intake
from tests.recording import recording

SYSTEM_TOKEN, STAFF_TOKEN, OWNER_TOKEN, ADMIN_TOKEN = "system-token", "staff-token", "owner-token", "admin-token"
BUDI_TOKEN = "budi-token"
"""Of an account `budi`, which is given nothing to open."""
DOMAIN = "@aduan.invalid"
PASSWORD = "kata-sandi-uji"
"""Of everybody's login to the grid."""
REGISTER = TABS[0]
TICK = timedelta(seconds=2)


class Interference:
    """
    WSGI middleware: does something just before a request is served, or loses the answer just after.

    `heard`, once it is a list, gets path and body of every POST.
    """

    def __init__(self, app: Any) -> None:
        self._app = app
        self.before_write: list[Callable[[], None]] = []
        self.lose_answers = 0
        self.cut = False
        self.heard: list[tuple[str, bytes]] | None = None

    def __call__(self, environ: Mapping[str, Any], start_response: Any) -> Any:
        writes = environ["PATH_INFO"].endswith(":batchUpdate") and SYSTEM_TOKEN in environ["HTTP_AUTHORIZATION"]
        if self.heard is not None and environ["REQUEST_METHOD"] == "POST":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"] or 0))
            self.heard.append((environ["PATH_INFO"], body))
            environ = {**environ, "wsgi.input": io.BytesIO(body)}
        if writes and self.before_write:
            self.before_write.pop(0)()
        if self.cut:
            return self._fail(start_response)
        if not (writes and self.lose_answers):
            return self._app(environ, start_response)
        self.lose_answers -= 1
        for _ in self._app(environ, lambda *_: None):
            pass
        return self._fail(start_response)

    def _fail(self, start_response: Any) -> list[bytes]:
        start_response("503 Service Unavailable", [("Content-Type", "text/html")])
        return [b"<h1>503</h1>"]


@dataclass
class Desk:
    """A spreadsheet as `staff` work in it; `owner` may also move and delete protected cells."""

    staff: Sheet
    owner: Sheet

    def layout(self, title: str = "Register") -> Layout:
        tab = next(tab for tab in TABS if tab.title == title)
        return locate(tab, self.staff.read([title])[title].header)

    def rows(self, title: str = "Register") -> list[dict[str, Any]]:
        """Every row by header."""
        values = self.staff.read([title])[title]
        padded = [(*row, *[""] * (len(values.header) - len(row))) for row in values.rows]
        return [dict(zip((str(name) for name in values.header), row, strict=True)) for row in padded]

    def row(self, ticket: str) -> dict[str, Any]:
        """The one row of a ticket, by header."""
        (found,) = (row for row in self.rows() if row["Tiket"] == ticket)
        return found

    def index(self, ticket: str) -> int:
        """Its place, the header being 0."""
        return next(i for i, row in enumerate(self.rows(), start=1) if row["Tiket"] == ticket)

    def type(self, ticket: str, **cells: Any) -> None:
        """Staff fill cells (by column key) of a complaint's row."""
        self.type_at(self.index(ticket), **cells)

    def type_at(self, index: int, title: str = "Register", by: Sheet | None = None, **cells: Any) -> None:
        layout, sheet_id = self.layout(title), self.sheet_id(title)
        sheet = by or self.staff
        sheet.batch([write(sheet_id, index, layout.positions[key], [value]) for key, value in cells.items()])

    def type_row(self, **cells: Any) -> int:
        """Staff type a new row below the last; its place."""
        index = len(self.rows()) + 1
        self.type_at(index, **cells)
        return index

    def delete_rows(self, first: int, count: int = 1) -> None:
        self.owner.batch([_dimension("deleteDimension", self.sheet_id(), first, count)])

    def insert_rows(self, first: int, count: int = 1) -> None:
        self.owner.batch([_dimension("insertDimension", self.sheet_id(), first, count)])

    def move_row(self, index: int, to: int) -> None:
        source = {"sheetId": self.sheet_id(), "dimension": "ROWS", "startIndex": index, "endIndex": index + 1}
        self.owner.batch([{"moveDimension": {"source": source, "destinationIndex": to}}])

    def sheet_id(self, title: str = "Register") -> int:
        return self.staff.sheet_ids()[title]


@dataclass
class Office(Desk):
    """See the module. The desk is the shared register's; `restricted` is the desk of those who may see the other."""

    store: Store
    server: BaseWSGIServer
    interference: Interference
    sheet: Sheet
    restricted: Desk
    restricted_sheet: Sheet
    now: datetime = MOMENT
    may_write: bool = True
    apart: bool = True
    restricted_roles: str = RESTRICTED_ROLES
    accounts: frozenset[str] | None = None
    trays: Sequence[Tray] = ()
    reconciler: Reconciler = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """A new worker, remembering nothing but what is in the store."""
        restricted = RestrictedPlace(
            self.restricted_sheet,
            lambda used: provision_restricted(self.restricted_sheet, self.store, used),
            lambda accounts: self.restricted_sheet.share({f"{name}{DOMAIN}" for name in {*accounts, "admin"}}),
        )
        self.reconciler = Reconciler(
            self.store,
            self.sheet,
            still_writing=lambda: self.may_write,
            provision=lambda used: provision(self.sheet, self.store, used, admins=[f"admin{DOMAIN}"]),
            restricted_roles=self.restricted_roles,
            restricted=restricted if self.apart else None,
            accounts=lambda: self.accounts,
            trays=self.trays,
        )

    def tick(self, count: int = 1) -> TickReport:
        """Let time pass and tick, `count` times; the last report."""
        for _ in range(count):
            self.now += TICK
            report = self.reconciler.tick(self.now)
        return report

    def failing_tick(self) -> None:
        """A tick that may end in an error that the worker would only log."""
        with suppress(AduanError):
            self.tick()

    def file(self, count: int = 1, **changes: Any) -> Complaint:
        """Complaints arrive through the API; the last one."""
        for _ in range(count):
            complaint = self.store.accept(an_intake(**changes), channel=Channel.API, now=self.now).complaint
        return complaint

    def accept(self, intake: Intake) -> Complaint:
        return self.store.accept(intake, channel=Channel.API, now=self.now).complaint


def write(sheet_id: int, row: int, column: int, values: Iterable[Any]) -> dict[str, Any]:
    """A request that writes cells from a place on."""
    kinds = {bool: "boolValue", float: "numberValue"}
    cells = [{"userEnteredValue": {kinds.get(type(v), "stringValue"): v}} if v != "" else {} for v in values]
    start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
    return {"updateCells": {"rows": [{"values": cells}], "fields": "userEnteredValue", "start": start}}


def _dimension(kind: str, sheet_id: int, first: int, count: int) -> dict[str, Any]:
    span = {"sheetId": sheet_id, "dimension": "ROWS", "startIndex": first, "endIndex": first + count}
    return {kind: {"range": span}}


def open_office(folder: Path, *, judged: bool = True) -> Office:
    """
    An office in an empty folder, its registers laid out; `close_office` ends it.

    Judging exchanges costs time; measuring goes without.
    """
    shutil.copytree(laid_out(), folder, dirs_exist_ok=True)
    return _serve(folder, judged=judged)


@cache
def laid_out() -> Path:
    """A folder with an office that has ticked once, made once in each process: laying out takes longer than a test."""
    folder = Path(tempfile.mkdtemp(prefix="office-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    engine = open_engine(sqlite_url(folder / "aduan.sqlite3"))
    migrate(engine, backup_folder=folder / "cadangan", now=MOMENT)
    engine.dispose()
    load_keyring(folder / "kunci", create=True)
    office = _serve(folder, judged=False)
    office.now -= 2 * TICK
    office.tick()
    close_office(office)
    return folder


def _serve(folder: Path, *, judged: bool) -> Office:
    store = Store(open_engine(sqlite_url(folder / "aduan.sqlite3")), load_keyring(folder / "kunci", create=False))
    tokens = {
        SYSTEM_TOKEN: localsheets.Identity(LOCAL_IDENTITY, "Sistem"),
        OWNER_TOKEN: localsheets.Identity(LOCAL_IDENTITY, "Pemilik"),
        STAFF_TOKEN: localsheets.Identity("petugas@kantor.invalid", "Petugas"),
        ADMIN_TOKEN: localsheets.Identity(f"admin{DOMAIN}", "Administrator"),
        BUDI_TOKEN: localsheets.Identity(f"budi{DOMAIN}", "Budi"),
    }
    books: list[str] = []
    app = localsheets.create_app(
        folder / "register",
        tokens=tokens,
        authenticate=lambda name, word: localsheets.Identity(name + DOMAIN, name) if word == PASSWORD else None,
        default_spreadsheet=lambda: books[0] if books else None,
    )
    interference = Interference(recording(app, requests_too=True) if judged else app)
    server = make_server("127.0.0.1", 0, interference, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    url = f"http://127.0.0.1:{server.port}"
    found = LocalServer(url, SYSTEM_TOKEN)
    books += [found.find(title) or found.create(title) for title in ("Register Pengaduan", "Register Terbatas")]

    def opened(book: str, *tokens: str) -> list[Sheet]:
        return [Sheet(SheetAccess(book, url, token)) for token in tokens]

    sheet, staff, owner = opened(books[0], SYSTEM_TOKEN, STAFF_TOKEN, OWNER_TOKEN)
    restricted_sheet, *desk = opened(books[1], SYSTEM_TOKEN, ADMIN_TOKEN, OWNER_TOKEN)
    return Office(staff, owner, store, server, interference, sheet, Desk(*desk), restricted_sheet)


def close_office(office: Office) -> None:
    office.server.shutdown()
    office.server.server_close()
    for desk in (office, office.restricted):
        desk.staff.close()
        desk.owner.close()
    office.sheet.close()
    office.restricted_sheet.close()
    office.store.close()
