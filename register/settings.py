"""
Settings: one table of name, default, help and check; the environment over `aduan.toml`; all that is wrong at once.

`aduan doctor` prints the same check that starting makes.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from register import setting_checks as checks
from register.errors import AduanError

TEST_PREFIX = "ADUAN_TEST_"
"""Variables of the test suite, which a server started by it inherits."""
RESTRICTED_ROLES = "Ketua Tim, Kepala Dinas"
"""Who may know of restricted complaints where nothing else is set: roles of the tab `Petugas`, parted by commas."""


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


SETTINGS: tuple[Setting, ...] = (
    Setting("ADUAN_DATA", "data", "Folder for everything durable.", checks.anything),
    Setting("ADUAN_HOST", "127.0.0.1", "Address to listen on; 0.0.0.0 for the whole office network.", checks.host),
    Setting("PORT", "8000", "Port of the public pages.", checks.port),
    Setting("ADUAN_REGISTER_PORT", "", "Port of the embedded register; the next one if empty.", checks.optional_port),
    Setting(
        "ADUAN_PUBLIC_URL", "", "Public address, for links in receipts; taken from the request if empty.", checks.url
    ),
    Setting("ADUAN_REGISTER_PUBLIC_URL", "", "Address of the staff grid, if a proxy stands in front.", checks.url),
    Setting(
        "ADUAN_TRUSTED_PROXIES", "0", "How many reverse proxies in front set X-Forwarded headers.", checks.small_count
    ),
    Setting(
        "ADUAN_ADMIN_PASSWORD", "", "Password of `admin`; made and shown once if empty.", checks.password, secret=True
    ),
    Setting(
        "ADUAN_DATABASE_URL", "", "The store; an SQLite file in the data folder if empty.", checks.database, secret=True
    ),
    Setting("ADUAN_SHEETS_URL", "", "An outside Sheets-compatible server instead of the embedded one.", checks.url),
    Setting("ADUAN_SHEETS_TOKEN", "", "Its bearer token.", checks.anything, secret=True),
    Setting("ADUAN_GOOGLE_SHEET_ID", "", "Id of a Google spreadsheet; its presence selects Google.", checks.anything),
    Setting(
        "ADUAN_GOOGLE_RESTRICTED_SHEET_ID", "", "Id of a second one, for restricted complaints only.", checks.anything
    ),
    Setting("ADUAN_GOOGLE_CREDENTIALS", "", "The service account's JSON file, for Google.", checks.existing_file),
    Setting(
        "ADUAN_RESTRICTED_ROLES", RESTRICTED_ROLES, "Roles in `Petugas` that may see restricted cases.", checks.roles
    ),
    Setting(
        "ADUAN_ALLOW_LOCAL_CHANNELS", "tidak", "Whether staff channels may use servers of this network.", checks.yes_no
    ),
    Setting(
        "ADUAN_MAILBOX",
        "",
        "The office's mailbox for writing to reporters: an Apprise `mailto://` or `mailtos://` URL.",
        checks.mailbox,
        secret=True,
    ),
    Setting(
        "ADUAN_TICK_SECONDS", "2", "Seconds between two looks at the register; 5 or more with Google.", checks.seconds
    ),
    Setting(
        "ADUAN_CLAMAV",
        "",
        "ClamAV's daemon that scans attachments: host:port or its socket; none if empty.",
        checks.scanner,
    ),
    Setting("ADUAN_THREADS", "8", "Requests that the public pages answer at once.", checks.threads),
    Setting(
        "ADUAN_FILINGS_PER_HOUR", "60", "Complaints an address may send by the form in an hour; 0: any.", checks.hourly
    ),
    Setting(
        "ADUAN_API_PER_HOUR", "600", "Complaints an address may send by the API in an hour; 0: any.", checks.hourly
    ),
    Setting(
        "ADUAN_META_APP_SECRETS",
        "",
        "The Meta app's secret: signs what WhatsApp, Facebook and Instagram deliver; several, parted by spaces.",
        checks.anything,
        secret=True,
    ),
    Setting(
        "ADUAN_META_VERIFY_TOKEN",
        "",
        "The word agreed with Meta for setting up webhooks.",
        checks.anything,
        secret=True,
    ),
    Setting("ADUAN_GRAPH_URL", "https://graph.facebook.com/v25.0", "Meta's Graph API, with its version.", checks.url),
    Setting("ADUAN_WHATSAPP_TOKEN", "", "Access token for sending by WhatsApp.", checks.anything, secret=True),
    Setting("ADUAN_FACEBOOK_TOKEN", "", "Access token of the office's Facebook Page.", checks.anything, secret=True),
    Setting(
        "ADUAN_INSTAGRAM_TOKEN",
        "",
        "Page token (Facebook Login) that may act for its Instagram account.",
        checks.anything,
        secret=True,
    ),
    Setting("ADUAN_TELEGRAM_TOKEN", "", "Token of the office's Telegram bot.", checks.anything, secret=True),
    Setting(
        "ADUAN_TELEGRAM_SECRETS",
        "",
        "The bot's `secret_token`; several, parted by spaces.",
        checks.telegram_secret,
        secret=True,
    ),
    Setting("ADUAN_TELEGRAM_URL", "https://api.telegram.org", "Telegram's Bot API.", checks.url),
    Setting(
        "ADUAN_SCRIPT_SECRETS",
        "",
        "Signs what the Apps Script of a Google Form or Sheet delivers; several, parted by spaces.",
        checks.script_secret,
        secret=True,
    ),
    Setting("ADUAN_DRIVE_TOKEN", "", "The token of a Drive push channel.", checks.anything, secret=True),
    Setting(
        "ADUAN_IMAP",
        "",
        "The office's mailbox for reading complaints: `imaps://user:password@server/INBOX`.",
        checks.imap,
        secret=True,
    ),
    Setting(
        "ADUAN_OPEN311_KEYS",
        "",
        "API keys with which Open311 clients may file; any may if empty.",
        checks.anything,
        secret=True,
    ),
    Setting("ADUAN_WEBHOOK_URLS", "", "Whom complaints' news are sent to: addresses, parted by spaces.", checks.urls),
    Setting(
        "ADUAN_WEBHOOK_SECRETS",
        "",
        "Signs these news by the Standard Webhooks rules: `whsec_…`; several, parted by spaces.",
        checks.webhook_secrets,
        secret=True,
    ),
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
    meta_app_secrets: tuple[str, ...]
    meta_verify_token: str
    graph_url: str
    whatsapp_token: str
    facebook_token: str
    instagram_token: str
    telegram_token: str
    telegram_secrets: tuple[str, ...]
    telegram_url: str
    script_secrets: tuple[str, ...]
    drive_token: str
    imap: str
    open311_keys: tuple[str, ...]
    webhook_urls: tuple[str, ...]
    webhook_secrets: tuple[str, ...]

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
    if not problems and values["webhook_urls"] and not values["webhook_secrets"]:
        problems.append("ADUAN_WEBHOOK_SECRETS: wajib diisi bila ADUAN_WEBHOOK_URLS diisi")
    if problems:
        raise SettingsError("Pengaturan perlu diperbaiki:\n  " + "\n  ".join(problems), problems=tuple(problems))
    return _settings(values)


def _register_port_problems(values: Mapping[str, str]) -> list[str]:
    """What only shows once both ports are known to be numbers; an outside register needs no port here."""
    if values["google_sheet_id"] or values["sheets_url"]:
        return []
    if not values["register_port"] and int(values["port"]) == checks.LARGEST_PORT:
        return [f"PORT: register memakai port sesudahnya; isi dengan angka sampai {checks.LARGEST_PORT - 1}"]
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
        allow_local_channels=values["allow_local_channels"].casefold() in checks.YES,
        mailbox=values["mailbox"],
        tick_seconds=int(values["tick_seconds"]),
        clamav=values["clamav"],
        threads=int(values["threads"]),
        filings_per_hour=int(values["filings_per_hour"]),
        api_per_hour=int(values["api_per_hour"]),
        meta_app_secrets=tuple(values["meta_app_secrets"].split()),
        meta_verify_token=values["meta_verify_token"],
        graph_url=values["graph_url"].rstrip("/"),
        whatsapp_token=values["whatsapp_token"],
        facebook_token=values["facebook_token"],
        instagram_token=values["instagram_token"],
        telegram_token=values["telegram_token"],
        telegram_secrets=tuple(values["telegram_secrets"].split()),
        telegram_url=values["telegram_url"].rstrip("/"),
        script_secrets=tuple(values["script_secrets"].split()),
        drive_token=values["drive_token"],
        imap=values["imap"],
        open311_keys=tuple(values["open311_keys"].split()),
        webhook_urls=tuple(values["webhook_urls"].split()),
        webhook_secrets=tuple(values["webhook_secrets"].split()),
    )
