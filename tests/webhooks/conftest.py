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
from werkzeug.test import TestResponse

from register.attachments import Attachments
from register.complaint import Channel, Intake
from register.database import migrate, open_engine, sqlite_url
from register.sealing import load_keyring
from register.store import Store
from tests.builders import MOMENT, an_intake
from tests.webhooks.walker import Walker
from webhooks import WebSettings, create_app

ENGLISH = Path(__file__).parents[2] / "webhooks" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
TOKEN = re.compile(r'name="token" value="([^"]+)"')
SETTINGS = WebSettings(secret_key="only for tests")


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


@pytest.fixture(scope="session")
def compiled_pages(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates are compiled once for all the applications that tests build."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("pages")))


@pytest.fixture
def build(store: Store, clock: Clock, compiled_pages: FileSystemBytecodeCache) -> Callable[..., Flask]:
    """An application with some settings changed."""

    def build(**changes: Any) -> Flask:
        app = create_app(store, replace(SETTINGS, **changes), clock=clock)
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
