"""The real application over a real store, with a clock that stands still until a test moves it."""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.security import generate_password_hash
from werkzeug.test import TestResponse

from localsheets import LoginThrottle
from register import tables
from register.accounts import Account, Accounts
from register.attachments import Attachments
from register.complaint import Channel, Intake
from register.database import migrate, open_engine, sqlite_url
from register.sealing import load_keyring
from register.staff_sessions import COOKIE, StaffSessions
from register.store import Store
from tests.builders import MOMENT, an_intake
from tests.webhooks.walker import Walker
from webhooks import WebSettings, create_app
from webhooks.staff_door import StaffDoor, StaffMember

ENGLISH = Path(__file__).parents[2] / "webhooks" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
TOKEN = re.compile(r'name="token" value="([^"]+)"')
SETTINGS = WebSettings(secret_key="only for tests")
PASSWORD = "hanya untuk uji"
STAFF: Mapping[str, dict[str, Any]] = {
    "sari": {"records": True, "finds": True},
    "rudi": {"records": True, "finds": True},
    "kabid": {"finds": True},
    "ketua": {"records": True, "finds": True, "opens": True, "displays": True},
    "baru": {},
}
WALK_IN = {
    "nik": "6402990000000000",
    "name": "Ibu Contoh",
    "phone": "0812-0000-0000",
    "address": "Jalan Contoh 1",
    "rt_rw": "01/02",
    "village": "Rempanga",
    "description": "Bantuan sembako belum kami terima selama tiga bulan.",
    "category": "SEMBAKO",
    "incident_place": "Agen di Rempanga",
    "incident_date": "2026-11-20",
    "remedy": "Bantuan dicairkan.",
    "channel": "desk",
    "notice": "1",
    "nik_ditanyakan": "6402990000000000",  # nobody's, and so an odd one, that the clerk has looked at
}


@dataclass
class Clock:
    """Tells the instant that the test has set."""

    now: datetime = MOMENT

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: int) -> None:
        self.now += timedelta(**time)


@dataclass
class Citizen:
    """Somebody with a browser: opens the form, fills it in and sends it."""

    client: FlaskClient
    filled: dict[str, str] = field(
        default_factory=lambda: {
            "description": "Bantuan sembako belum kami terima selama tiga bulan.",
            "name": "Ibu Contoh",
            "phone": "0812-0000-0000",
        }
    )

    def open_form(self) -> str:
        """The token in a fresh form."""
        return token_in(self.client.get("/"))

    def send(self, token: str | None = None, **changes: str) -> TestResponse:
        token = self.open_form() if token is None else token
        return self.client.post("/pengaduan", data={"token": token} | self.filled | changes)

    def file(self, **changes: str) -> str:
        """The ticket of a complaint that went in."""
        response = self.send(**changes)
        assert response.status_code == 303, response.text
        return response.headers["Location"].split("/")[2]


def token_in(response: TestResponse) -> str:
    """The one-use token of the form on a page."""
    found = TOKEN.search(response.text)
    assert found, response.text
    return found[1]


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database, to copy."""
    folder = tmp_path_factory.mktemp("empty")
    engine = open_engine(sqlite_url(folder / "aduan.sqlite3"))
    migrate(engine, backup_folder=folder, now=MOMENT)
    engine.dispose()
    return folder / "aduan.sqlite3"


@pytest.fixture
def store(tmp_path: Path, empty_database: Path) -> Iterator[Store]:
    path = shutil.copy(empty_database, tmp_path / "aduan.sqlite3")
    store = Store(open_engine(sqlite_url(Path(path))), load_keyring(tmp_path / "key", create=True))
    yield store
    store.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def staff_door(store: Store, clock: Clock) -> StaffDoor:
    """The staff of STAFF, each with PASSWORD, hashed the quick way: most tests sign somebody in."""
    engine, password_hash = store._engine, generate_password_hash(PASSWORD, method="pbkdf2:sha256:1")
    with engine.begin() as connection:
        for username in STAFF:
            row = {"username": username, "name": username.capitalize(), "password_hash": password_hash}
            connection.execute(tables.staff_accounts.insert().values(**row, changed_at=MOMENT))

    def member(account: Account) -> StaffMember:
        return StaffMember(
            account.username, account.name, actor=f"{account.username}@kantor", **STAFF[account.username]
        )

    return StaffDoor(Accounts(engine), StaffSessions(engine), LoginThrottle(clock), member)


@dataclass
class Clerk:
    """Somebody of the staff with a browser."""

    client: FlaskClient
    filled: dict[str, str] = field(default_factory=lambda: dict(WALK_IN))

    def sign_in(self, username: str = "sari", password: str = PASSWORD, **more: str) -> TestResponse:
        token = token_in(self.client.get("/petugas/masuk"))
        return self.client.post("/petugas/masuk", data={"token": token, "pengguna": username, "sandi": password} | more)

    def sign_in_again(self, username: str) -> None:
        self.client.delete_cookie(COOKIE)
        assert self.sign_in(username).status_code == 303

    def open_form(self, path: str = "/loket") -> str:
        return token_in(self.client.get(path))

    def send(self, token: str | None = None, path: str = "/loket", **changes: str) -> TestResponse:
        token = self.open_form(path) if token is None else token
        return self.client.post(path, data={"token": token} | self.filled | changes)

    def record(self, **changes: str) -> str:
        """The ticket of a complaint that went in."""
        response = self.send(**changes)
        assert response.status_code == 303, response.text
        return response.headers["Location"].split("/")[2]


@pytest.fixture
def clerk(client: FlaskClient) -> Clerk:
    """Sari of the desk, signed in."""
    found = Clerk(client)
    assert found.sign_in().status_code == 303
    return found


@pytest.fixture(scope="session")
def compiled_pages(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates are compiled once for all the applications that tests build."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("pages")))


@pytest.fixture
def build(
    store: Store, clock: Clock, staff_door: StaffDoor, compiled_pages: FileSystemBytecodeCache
) -> Callable[..., Flask]:
    """An application with some settings changed."""

    def build(
        *, paper: Any = None, office_file: Any = None, statistics: Any = None, reports: Any = None, **changes: Any
    ) -> Flask:
        makers = {"paper": paper, "office_file": office_file, "statistics": statistics, "reports": reports}
        app = create_app(store, replace(SETTINGS, **changes), clock=clock, staff_door=staff_door, **makers)
        app.jinja_env.bytecode_cache = compiled_pages
        return app

    return build


@pytest.fixture
def client(build: Callable[..., Flask]) -> FlaskClient:
    return build().test_client()


@pytest.fixture
def citizen(client: FlaskClient) -> Citizen:
    return Citizen(client)


@pytest.fixture
def filed(store: Store) -> Callable[..., str]:
    """Files a complaint straight into the store, and gives its ticket."""

    def file(**changes: object) -> str:
        intake: Intake = an_intake(**changes)
        return store.accept(intake, channel=Channel.WEB, now=MOMENT).complaint.ticket

    return file


def problem_of(response: TestResponse) -> Mapping[str, object]:
    """The answer as problem JSON, after checking that it is a well-formed one that gives nothing away."""
    assert response.content_type == "application/problem+json"
    assert "Traceback" not in response.text
    problem: Mapping[str, object] = response.get_json()
    assert {"type", "title", "status", "detail", "code"} <= problem.keys()
    assert problem["status"] == response.status_code
    return problem


@pytest.fixture(name="problem_of")
def _problem_of() -> Callable[[TestResponse], Mapping[str, object]]:
    return problem_of


@pytest.fixture(name="token_in")
def _token_in() -> Callable[[TestResponse], str]:
    return token_in


@pytest.fixture
def attachments(tmp_path: Path, store: Store) -> Iterator[Attachments]:
    engine = open_engine(sqlite_url(tmp_path / "aduan.sqlite3"))
    yield Attachments(engine, load_keyring(tmp_path / "key", create=False), tmp_path / "lampiran")
    engine.dispose()


@pytest.fixture
def walker(client: FlaskClient) -> Walker:
    return Walker(client)


@pytest.fixture(params=[True, False], ids=["with cookies", "without cookies"])
def anybody(build, request: pytest.FixtureRequest) -> Walker:
    """A browser without cookies names the origin of the form instead, as every one does today."""
    client = build().test_client(use_cookies=request.param)
    if not request.param:
        client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    return Walker(client)
