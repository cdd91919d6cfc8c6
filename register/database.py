"""Opening the database, SQLite or PostgreSQL; migrations, and a backup before each."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from register.errors import AduanError, StoreVersionError
from register.sealing import Keyring

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_SECONDS = 30
_MIGRATION_LOCK = 0x61647561
"""Any number, the same in every process: the name of PostgreSQL's advisory lock."""


class DatabaseError(AduanError):
    """The database cannot be opened: it does not answer, or the file is none."""

    code = "database"


def open_engine(url: str) -> sa.Engine:
    """
    An engine for `sqlite:///…` or `postgresql+psycopg://…`; it connects when first used.

    SQLite runs in WAL with `synchronous=FULL`, so that an accepted complaint survives a power cut, and a writing
    transaction takes its lock at once (`BEGIN IMMEDIATE`): two writers wait for each other instead of failing midway.

    Raises: DatabaseError if PostgreSQL is asked for and its driver is not installed.
    """
    if not url.startswith("sqlite"):
        try:
            return sa.create_engine(url, pool_pre_ping=True, hide_parameters=True)
        except ModuleNotFoundError as error:
            raise DatabaseError("Penggerak PostgreSQL belum terpasang. Ketik: pip install 'aduan[postgres]'") from error
    engine = sa.create_engine(url, connect_args={"timeout": _BUSY_SECONDS}, hide_parameters=True)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def sqlite_url(path: Path) -> str:
    """The URL of a database file."""
    return f"sqlite:///{path.as_posix()}"


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA busy_timeout={_BUSY_SECONDS * 1000}")


def _begin_sqlite(connection: sa.Connection) -> None:
    begun = connection.connection.driver_connection
    if connection.get_execution_options().get("aduan_writes", False) or begun is None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        begun.execute("BEGIN")  # straight to the driver: it waits for nothing, and comes before every query


def writing(engine: sa.Engine) -> sa.Engine:
    """The engine, for transactions that write."""
    return engine.execution_options(aduan_writes=True)


def migrate(
    engine: sa.Engine,
    *,
    backup_folder: Path,
    now: datetime,
    keyring: Callable[[], Keyring] | None = None,
    migrations: Path = MIGRATIONS,
) -> Path | None:
    """
    Bring the database to this program's version; an SQLite file that holds data is copied first.

    Two processes may do so at once: one waits for the other and then finds nothing to do.

    Args:
        keyring: Gives the database's key file; called only if a migration has something to seal with it.

    Returns: the backup's path, or None where nothing had to be saved.
    Raises: StoreVersionError if the database is from a newer version; DatabaseError if it cannot be opened; whatever
        `keyring` raises, and KeyFileError if it is needed and not given. The database is then left as it was.
    """
    from alembic import command  # only where something is migrated: it takes a while to load
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(_config(migrations))
    with _opening(engine), writing(engine).begin() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
        if found is not None and found not in {script.revision for script in scripts.walk_revisions()}:
            raise StoreVersionError(
                f"Basis data ini dibuat oleh versi aduan yang lebih baru (skema {found}). "
                "Pasang versi terbaru, atau pulihkan cadangan yang sesuai.",
                found=found,
            )
        if found == scripts.get_current_head():
            return None
    saved = _back_up(engine, backup_folder, f"{found}-{now:%Y%m%dT%H%M%SZ}") if found else None
    with writing(engine).begin() as connection:
        if connection.dialect.name == "postgresql":  # SQLite has taken its write lock by now
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
        config = _config(migrations)
        config.attributes.update(connection=connection, keyring=keyring)
        command.upgrade(config, "head")
    return saved


@contextmanager
def _opening(engine: sa.Engine) -> Iterator[None]:
    try:
        yield
    except sa.exc.DBAPIError as error:
        if engine.dialect.name == "sqlite":
            shown = engine.url.database
            mend = "Pulihkan berkas itu dari cadangan, atau pindahkan bila memang bukan basis data aduan."
        else:
            shown = engine.url.render_as_string(hide_password=True)
            mend = "Periksa ADUAN_DATABASE_URL, dan apakah server basis data itu berjalan."
        raise DatabaseError(f"Basis data {shown} tidak dapat dibuka ({error.orig}). {mend}") from error


def _config(migrations: Path) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.set_main_option("path_separator", "os")
    return config


def _back_up(engine: sa.Engine, folder: Path, label: str) -> Path | None:
    if engine.dialect.name != "sqlite":
        return None  # PostgreSQL is backed up by its own tools
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"aduan-{label}.sqlite3"
    with engine.connect() as connection:
        source = connection.connection.driver_connection
        if not isinstance(source, sqlite3.Connection):
            raise TypeError("an SQLite engine gives SQLite connections")
        with sqlite3.connect(path) as target:
            source.backup(target)
        target.close()
    return path
