"""Opening an office's data folder: database, key file, register access; all that a process needs before it works."""

import secrets
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from register import tables
from register.accounts import ADMIN, Accounts, new_password
from register.attachments import Attachments
from register.case_reports import CaseReports
from register.database import migrate, open_engine, sqlite_url
from register.errors import KeyFileError, NoDataError, SheetRefusedError, SheetUnavailableError
from register.sealing import Keyring, load_keyring, write_new
from register.settings import Settings
from register.sheet import LocalServer, Sheet
from register.sheet_access import SheetAccess, load_access, save_access
from register.staff_sessions import StaffSessions
from register.store import Store

TITLE = "Register Pengaduan"
RESTRICTED_TITLE = "Register Terbatas"
_NOT_FOUND = 404
_MAKING = threading.Lock()
"""Of an office that begins, several jobs ask for the registers at once: the second finds what the first one made."""


@dataclass(frozen=True)
class Opened:
    """The store, the accounts, who of them is signed in, reporters' files and case reports, over one engine."""

    store: Store
    accounts: Accounts
    sessions: StaffSessions
    attachments: Attachments
    reports: CaseReports


def prepare(settings: Settings, now: datetime) -> Path | None:
    """
    Make or migrate what the data folder holds; once, before any process works with it.

    Returns: the backup made before a migration, if one was needed.
    Raises: StoreVersionError, DatabaseError; KeyFileError, also if the key file belongs to another database.
    """
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not settings.database_url:
        _database_file(settings).touch(mode=0o600)
    engine = _engine(settings)
    try:
        backups = settings.data / "cadangan"
        saved = migrate(engine, backup_folder=backups, now=now, keyring=lambda: _fitting_keyring(engine, settings))
        _fitting_keyring(engine, settings)
    finally:
        engine.dispose()
    return saved


def _fitting_keyring(engine: sa.Engine, settings: Settings) -> Keyring:
    sealed = _oldest_and_newest_key(engine)
    keyring = load_keyring(_key_file(settings), create=not sealed)
    _check_fits(keyring, sealed)
    return keyring


def _oldest_and_newest_key(engine: sa.Engine) -> list[tuple[bytes, str]]:
    """Wrapped keys with their tickets; none if nothing is sealed."""
    keys, complaints = tables.complaint_keys, tables.complaints
    both = keys.outerjoin(complaints, complaints.c.ticket == keys.c.ticket)
    found = []
    with engine.connect() as connection:
        for order in (complaints.c.received_at.asc(), complaints.c.received_at.desc()):
            chosen = sa.select(keys.c.wrapped_key, keys.c.ticket).select_from(both).order_by(order).limit(1)
            found += [(row.wrapped_key, row.ticket) for row in connection.execute(chosen)]
    return found


def _check_fits(keyring: Keyring, sealed: list[tuple[bytes, str]]) -> None:
    """One key that opens suffices: a single damaged row must not keep the office from working."""
    if sealed and not any(keyring.fits(*key) for key in sealed):
        raise KeyFileError(
            "Berkas kunci kunci.secret bukan pasangan basis data ini: pengaduan yang tersimpan tidak dapat dibuka "
            "dengannya. Pulihkan kunci.secret yang benar dari cadangan, lalu jalankan kembali.",
            file="kunci.secret",
        )


def has_data(settings: Settings) -> bool:
    """Whether there is a database to open; looking makes nothing."""
    return bool(settings.database_url) or _database_file(settings).exists()


def check_data(settings: Settings) -> None:
    """See to it that a command which only looks at an office's data makes none. Raises: NoDataError."""
    if not (settings.data.is_dir() and has_data(settings)):
        raise NoDataError(
            f"Folder '{settings.data}' tidak berisi data aduan. Periksa --data atau ADUAN_DATA; "
            "data baru dibuat oleh: aduan serve",
            folder=str(settings.data),
        )


def open_data(settings: Settings) -> Opened:
    """The prepared data folder, ready for use. Raises: KeyFileError."""
    engine = _engine(settings)
    keyring = load_keyring(_key_file(settings), create=False)
    attachments = Attachments(engine, keyring, settings.data / "lampiran")
    reports = CaseReports(engine, keyring, settings.data / "laporan-pengaduan")
    return Opened(Store(engine, keyring), Accounts(engine), StaffSessions(engine), attachments, reports)


def remembered(settings: Settings, name: str) -> Any:
    """
    A JSON value that the store remembers; None also where there is no store yet, and none is made.

    Raises: KeyFileError, as `open_data`.
    """
    if not settings.database_url and not _database_file(settings).exists():
        return None
    store = open_data(settings).store
    try:
        return store.setting(name)
    finally:
        store.close()


def prepare_admin(accounts: Accounts, settings: Settings, now: datetime) -> str:
    """
    See to it that somebody can log in.

    Returns: the password made just now, to be shown this once; empty if there was nothing to make.
    """
    if settings.admin_password:
        if accounts.authenticate(ADMIN, settings.admin_password) is None:
            accounts.set_password(ADMIN, settings.admin_password, now=now, name="Administrator")
        return ""
    if accounts.exist():
        return ""
    password = new_password()
    accounts.set_password(ADMIN, password, now=now, name="Administrator")
    return password


def sheet_access(settings: Settings) -> SheetAccess:
    """
    Where the registers are. On a Sheets-compatible server both are made if they are not there (any more).

    Raises: SheetUnavailableError while that server does not answer; SheetRefusedError.
    """
    if settings.google_sheet_id:
        return SheetAccess(
            settings.google_sheet_id,
            credentials=settings.google_credentials,
            restricted_id=settings.google_restricted_sheet_id,
        )
    with _MAKING:
        found = register_file(settings)
        access = replace(
            found,
            spreadsheet_id=_found_or_made(found, TITLE),
            restricted_id=_found_or_made(
                replace(found, spreadsheet_id=found.restricted_id), RESTRICTED_TITLE, own=True
            ),
        )
        if access != found:
            save_access(settings.access_file, access)
        return access


def _found_or_made(access: SheetAccess, title: str, *, own: bool = False) -> str:
    """The id of a spreadsheet: the remembered one, else one of that title, else a new one."""
    if access.spreadsheet_id and _exists(access):
        return access.spreadsheet_id
    server = LocalServer(access.url, access.token)
    return server.find(title, own=own) or server.create(title)


def _exists(access: SheetAccess) -> bool:
    sheet = Sheet(access)
    try:
        sheet.titles()
    except SheetRefusedError as error:
        if error.facts.get("status") != _NOT_FOUND:
            raise
        return False
    finally:
        sheet.close()
    return True


def register_file(settings: Settings, *, serving: bool = False) -> SheetAccess:
    """
    What `register.json` says, brought in line with the settings; its spreadsheet's id is empty until it is made.

    Args:
        serving: The caller is about to serve the embedded register where the settings say. Only then is that address
            written down: a command called with another port says nothing about where the register is.
    """
    url = settings.sheets_url or f"http://{in_url(reachable(settings.host))}:{settings.register_port}"
    found = load_access(settings.access_file)
    token = settings.sheets_token or (found.token if found else secrets.token_urlsafe(32))
    same_server = found is not None and (settings.embedded or found.url == url)
    known = found if found is not None and same_server else SheetAccess("")
    access = SheetAccess(known.spreadsheet_id, url, token, restricted_id=known.restricted_id)
    unmoved = found if serving or not same_server else replace(known, url=url)
    if access != unmoved:
        save_access(settings.access_file, access)
    return access


def await_register(settings: Settings, stop: threading.Event, seconds: float = 15.0) -> None:
    """Give the embedded register, which starts at the same time, a moment to answer; ends early when told to stop."""
    if not settings.embedded:
        return
    server = LocalServer(register_file(settings).url, register_file(settings).token)
    until = time.monotonic() + seconds
    while time.monotonic() < until and not stop.wait(0.1):
        with suppress(SheetUnavailableError, SheetRefusedError):
            server.find(TITLE)
            return


def secret_of(settings: Settings, name: str) -> str:
    """
    A random secret kept in the data folder with mode 0600, made when first asked for.

    Raises: KeyFileError if its file is empty.
    """
    path = settings.data / f"{name}.secret"
    if not path.exists():
        write_new(path, secrets.token_urlsafe(32))
    if text := path.read_text("ascii").strip():
        return text
    raise KeyFileError(f"Berkas {path.name} kosong. Hapus berkas itu lalu jalankan kembali.", file=path.name)


def reachable(host: str) -> str:
    """The address at which this machine reaches what listens on `host`."""
    return "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104 - compared, not bound


def in_url(host: str) -> str:
    """A host as it stands in a URL: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def _engine(settings: Settings) -> sa.Engine:
    return open_engine(settings.database_url or sqlite_url(_database_file(settings)))


def _database_file(settings: Settings) -> Path:
    return settings.data / "aduan.sqlite3"


def _key_file(settings: Settings) -> Path:
    return settings.data / "kunci.secret"
