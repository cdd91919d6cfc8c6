"""
Settings: one table of name, default, help and check; the environment over `aduan.toml`; all that is wrong at once.

`aduan doctor` prints the same check that starting makes.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from register.accounts import SHORTEST_PASSWORD
from register.errors import AduanError

TEST_PREFIX = "ADUAN_TEST_"
"""Variables of the test suite, which a server started by it inherits."""
RESTRICTED_ROLES = "Ketua Tim, Kepala Dinas"
"""Who may know of restricted complaints where nothing else is set: roles of the tab `Petugas`, parted by commas."""
_YES, _NO = ("ya", "yes", "true", "1"), ("tidak", "no", "false", "0")
LONGEST_HOST = 253
LARGEST_PORT = 65535
_HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?")


class SettingsError(AduanError):
    """Some settings are wrong; the message names each and says how to mend it."""

    code = "settings"


@dataclass(frozen=True)
class Setting:
    """One setting: its environment variable, its default as text, what it does, and what is wrong with a value."""

    name: str
    default: str
    help: str
    problem: Callable[[str], str]
    secret: bool = False

    @property
    def key(self) -> str:
        """Its name in `aduan.toml`: `ADUAN_PUBLIC_URL` is `public_url` there."""
        return self.name.removeprefix("ADUAN_").lower()


def _anything(text: str) -> str:
    return ""


def _host(text: str) -> str:
    try:
        ip_address(text)
    except ValueError:
        numeric = text.replace(".", "").isdecimal()
        good = not numeric and len(text) <= LONGEST_HOST and _HOST_NAME.fullmatch(text)
        return "" if good else "isi dengan alamat mesin ini, misalnya 127.0.0.1, 0.0.0.0, atau ::1"
    return ""


def _port(text: str) -> str:
    return "" if text.isdecimal() and 0 < int(text) <= LARGEST_PORT else "isi dengan angka 1 sampai 65535"


def _optional_port(text: str) -> str:
    return _port(text) if text else ""


def _count(text: str) -> str:
    return "" if text.isdecimal() and int(text) <= 100 else "isi dengan angka 0 sampai 100"


def _threads(text: str) -> str:
    return "" if text.isdecimal() and 1 <= int(text) <= 100 else "isi dengan angka 1 sampai 100"


def _seconds(text: str) -> str:
    return "" if text.isdecimal() and 1 <= int(text) <= 3600 else "isi dengan angka 1 sampai 3600"


def _hourly(text: str) -> str:
    return "" if text.isdecimal() and int(text) <= 100_000 else "isi dengan angka 0 sampai 100000"


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
    except ValueError:  # such as http://[
        parts = urlsplit("")
    good = not text or (parts.scheme in ("http", "https") and parts.hostname)
    return "" if good else "isi dengan alamat lengkap, misalnya https://aduan.example.go.id"


def _database(text: str) -> str:
    good = not text or (text.startswith(("sqlite:///", "postgresql+psycopg://")) and _is_database_url(text))
    return "" if good else "isi dengan sqlite:///… atau postgresql+psycopg://…"


def _is_database_url(text: str) -> bool:
    try:
        make_url(text)
    except (ArgumentError, ValueError):  # ValueError: its port is no number
        return False
    return True


def _mailbox(text: str) -> str:
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    good = not text or (parts.scheme in ("mailto", "mailtos") and parts.hostname)
    return "" if good else "isi dengan mailtos://pengguna:sandi@server?from=alamat"


def _file(text: str) -> str:
    return "" if not text or Path(text).is_file() else "berkas itu tidak ada"


def _roles(text: str) -> str:
    named = any(role.strip() for role in text.split(","))
    return "" if named else "isi dengan peran pada tab Petugas, dipisah koma, misalnya Ketua Tim, Kepala Dinas"


def _yes_no(text: str) -> str:
    return "" if text.casefold() in (*_YES, *_NO) else "isi dengan ya atau tidak"


def _scanner(text: str) -> str:
    host, _, port = text.rpartition(":")
    good = not text or text.startswith("/") or (not _host(host.strip("[]")) and not _port(port))
    return "" if good else "isi dengan alamat clamd, misalnya 127.0.0.1:3310 atau /run/clamav/clamd.ctl"


def _password(text: str) -> str:
    return "" if not text or len(text) >= SHORTEST_PASSWORD else f"paling sedikit {SHORTEST_PASSWORD} huruf"


SETTINGS: tuple[Setting, ...] = (
    Setting("ADUAN_DATA", "data", "Folder for everything durable.", _anything),
    Setting("ADUAN_HOST", "127.0.0.1", "Address to listen on; 0.0.0.0 for the whole office network.", _host),
    Setting("PORT", "8000", "Port of the public pages.", _port),
    Setting("ADUAN_REGISTER_PORT", "", "Port of the embedded register; the next one if empty.", _optional_port),
    Setting("ADUAN_PUBLIC_URL", "", "Public address, for links in receipts; taken from the request if empty.", _url),
    Setting("ADUAN_REGISTER_PUBLIC_URL", "", "Address of the staff grid, if a proxy stands in front.", _url),
    Setting("ADUAN_TRUSTED_PROXIES", "0", "How many reverse proxies in front set X-Forwarded headers.", _count),
    Setting("ADUAN_ADMIN_PASSWORD", "", "Password of `admin`; made and shown once if empty.", _password, secret=True),
    Setting("ADUAN_DATABASE_URL", "", "The store; an SQLite file in the data folder if empty.", _database, secret=True),
    Setting("ADUAN_SHEETS_URL", "", "An outside Sheets-compatible server instead of the embedded one.", _url),
    Setting("ADUAN_SHEETS_TOKEN", "", "Its bearer token.", _anything, secret=True),
    Setting("ADUAN_GOOGLE_SHEET_ID", "", "Id of a Google spreadsheet; its presence selects Google.", _anything),
    Setting("ADUAN_GOOGLE_RESTRICTED_SHEET_ID", "", "Id of a second one, for restricted complaints only.", _anything),
    Setting("ADUAN_GOOGLE_CREDENTIALS", "", "The service account's JSON file, for Google.", _file),
    Setting("ADUAN_RESTRICTED_ROLES", RESTRICTED_ROLES, "Roles in `Petugas` that may see restricted cases.", _roles),
    Setting("ADUAN_ALLOW_LOCAL_CHANNELS", "tidak", "Whether staff channels may use servers of this network.", _yes_no),
    Setting(
        "ADUAN_MAILBOX",
        "",
        "The office's mailbox for writing to reporters: an Apprise `mailto://` or `mailtos://` URL.",
        _mailbox,
        secret=True,
    ),
    Setting("ADUAN_TICK_SECONDS", "2", "Seconds between two looks at the register; 5 or more with Google.", _seconds),
    Setting(
        "ADUAN_CLAMAV", "", "ClamAV's daemon that scans attachments: host:port or its socket; none if empty.", _scanner
    ),
    Setting("ADUAN_THREADS", "8", "Requests that the public pages answer at once.", _threads),
    Setting("ADUAN_FILINGS_PER_HOUR", "60", "Complaints an address may send by the form in an hour; 0: any.", _hourly),
    Setting("ADUAN_API_PER_HOUR", "600", "Complaints an address may send by the API in an hour; 0: any.", _hourly),
)


@dataclass(frozen=True)
class Settings:
    """The settings in force, checked."""

    data: Path
    host: str
    port: int
    register_port: int
    public_url: str
    register_public_url: str
    trusted_proxies: int
    admin_password: str
    database_url: str
    sheets_url: str
    sheets_token: str
    google_sheet_id: str
    google_restricted_sheet_id: str
    google_credentials: Path | None
    restricted_roles: str
    allow_local_channels: bool
    mailbox: str
    tick_seconds: int
    clamav: str
    threads: int
    filings_per_hour: int
    api_per_hour: int

    def __repr__(self) -> str:
        """Without secrets."""
        return f"Settings(data={str(self.data)!r}, port={self.port})"

    @property
    def embedded(self) -> bool:
        """Whether the register is our own server."""
        return not self.google_sheet_id and not self.sheets_url

    @property
    def access_file(self) -> Path:
        """`register.json`."""
        return self.data / "register.json"


def load_settings(environment: Mapping[str, str], file: Path) -> Settings:
    """
    Settings from the environment over an `aduan.toml`, where there is one.

    Raises: SettingsError naming everything that is wrong at once.
    """
    values, problems = _values(environment, file)
    for setting in SETTINGS:
        value = values[setting.key]
        if problem := setting.problem(value):
            problems.append(f"{setting.name}: {problem}" + ("" if setting.secret else f" (sekarang '{value}')"))
    if values["google_sheet_id"] and not values["google_credentials"]:
        problems.append("ADUAN_GOOGLE_CREDENTIALS: wajib diisi bila ADUAN_GOOGLE_SHEET_ID diisi")
    if values["google_restricted_sheet_id"] and values["google_restricted_sheet_id"] == values["google_sheet_id"]:
        problems.append("ADUAN_GOOGLE_RESTRICTED_SHEET_ID: harus spreadsheet lain dari ADUAN_GOOGLE_SHEET_ID")
    if not problems:
        problems += _register_port_problems(values)
    if problems:
        raise SettingsError("Pengaturan perlu diperbaiki:\n  " + "\n  ".join(problems), problems=tuple(problems))
    return _settings(values)


def _register_port_problems(values: Mapping[str, str]) -> list[str]:
    """What only shows once both ports are known to be numbers; an outside register needs no port here."""
    if values["google_sheet_id"] or values["sheets_url"]:
        return []
    if not values["register_port"] and int(values["port"]) == LARGEST_PORT:
        return [f"PORT: register memakai port sesudahnya; isi dengan angka sampai {LARGEST_PORT - 1}"]
    if values["register_port"] and int(values["register_port"]) == int(values["port"]):
        return ["ADUAN_REGISTER_PORT: harus lain dari PORT"]
    return []


def shown_settings(environment: Mapping[str, str], file: Path) -> dict[str, str]:
    """Every setting in force as text, by name, for people to look at; a secret only tells whether it is set."""
    values, _ = _values(environment, file)
    return {
        setting.name: "(disetel)" if setting.secret and values[setting.key] else values[setting.key]
        for setting in SETTINGS
    }


def _values(environment: Mapping[str, str], file: Path) -> tuple[dict[str, str], list[str]]:
    """Texts by key, and what is wrong with the names."""
    given, problems = _read_file(file)
    values = {
        setting.key: environment.get(setting.name, given.pop(setting.key, setting.default)).strip() or setting.default
        for setting in SETTINGS
    }
    known = {setting.name for setting in SETTINGS}
    strange = [name for name in environment if name.startswith("ADUAN_") and name not in known]
    unknown = [*given, *(name for name in strange if not name.startswith(TEST_PREFIX))]
    return values, problems + [f"{name}: pengaturan ini tidak dikenal" for name in unknown]


def _read_file(file: Path) -> tuple[dict[str, str], list[str]]:
    try:
        loaded = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}, []
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return {}, [f"{file.name}: bukan TOML yang benar ({error})"]
    except OSError as error:
        return {}, [f"{file.name}: tidak dapat dibaca ({error.strerror})"]
    return {key: str(value) for key, value in loaded.items()}, []


def _settings(values: Mapping[str, str]) -> Settings:
    port = int(values["port"])
    credentials = values["google_credentials"]
    return Settings(
        data=Path(values["data"]),
        host=values["host"],
        port=port,
        register_port=int(values["register_port"] or port + 1),
        public_url=values["public_url"].rstrip("/"),
        register_public_url=values["register_public_url"].rstrip("/"),
        trusted_proxies=int(values["trusted_proxies"]),
        admin_password=values["admin_password"],
        database_url=values["database_url"],
        sheets_url=values["sheets_url"],
        sheets_token=values["sheets_token"],
        google_sheet_id=values["google_sheet_id"],
        google_restricted_sheet_id=values["google_restricted_sheet_id"],
        google_credentials=Path(credentials) if credentials else None,
        restricted_roles=values["restricted_roles"],
        allow_local_channels=values["allow_local_channels"].casefold() in _YES,
        mailbox=values["mailbox"],
        tick_seconds=int(values["tick_seconds"]),
        clamav=values["clamav"],
        threads=int(values["threads"]),
        filings_per_hour=int(values["filings_per_hour"]),
        api_per_hour=int(values["api_per_hour"]),
    )
