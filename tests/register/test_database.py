"""The database: how SQLite is opened, and what a migration does to a database that holds data."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from register import tables
from register.complaint import Channel
from register.database import MIGRATIONS, DatabaseError, migrate, open_engine, sqlite_url, writing
from register.errors import StoreVersionError
from register.sealing import Keyring
from register.store import Store
from tests.builders import MOMENT, an_intake

KEYRING = Keyring(bytes(range(32)))
PRESENT = ScriptDirectory(str(MIGRATIONS)).get_current_head()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    """An engine on an empty file."""
    engine = open_engine(sqlite_url(tmp_path / "aduan.sqlite3"))
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: sa.Engine, tmp_path: Path) -> Store:
    """A store on the migrated file."""
    migrate(engine, backup_folder=tmp_path / "cadangan", now=MOMENT)
    return Store(engine, KEYRING)


@pytest.fixture
def next_version(tmp_path: Path) -> Path:
    """The migrations of a version to come, which adds a column."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9000_next.py").write_text(
        "import sqlalchemy as sa\n"
        "from alembic import op\n"
        f"revision, down_revision = '9000', '{PRESENT}'\n"
        "def upgrade():\n"
        "    op.add_column('staff_accounts', sa.Column('shoe_size', sa.Integer()))\n",
        "utf-8",
    )
    return folder


@pytest.mark.parametrize("content", [b"bukan basis data, " * 300, None], ids=["no database", "a folder"])
def test_file_that_is_no_database_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "aduan.sqlite3"
    path.write_bytes(content) if content else path.mkdir()
    engine = open_engine(sqlite_url(path))
    with pytest.raises(DatabaseError, match="Pulihkan"):
        migrate(engine, backup_folder=tmp_path, now=MOMENT)
    engine.dispose()
    assert not content or path.read_bytes() == content, "left alone"


def test_database_server_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    engine = open_engine("postgresql+psycopg://aduan:sandi-rahasia@127.0.0.1:1/aduan")
    with pytest.raises(DatabaseError, match="ADUAN_DATABASE_URL") as refused:
        migrate(engine, backup_folder=tmp_path, now=MOMENT)
    assert "rahasia" not in refused.value.message
    engine.dispose()


def test_every_connection_is_durable_and_checked(engine: sa.Engine) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}
    held = [engine.connect(), writing(engine).connect(), engine.connect()]
    for connection in held:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in wanted}
        connection.rollback()
        assert found == wanted
    for connection in held:
        connection.close()


def test_writer_takes_its_lock_at_once_and_readers_go_on(store: Store, engine: sa.Engine, tmp_path: Path) -> None:
    impatient = sa.create_engine(sqlite_url(tmp_path / "aduan.sqlite3"), connect_args={"timeout": 0})
    with writing(engine).begin():
        with impatient.connect() as other, pytest.raises(sa.exc.OperationalError, match="locked"):
            other.exec_driver_sql("BEGIN IMMEDIATE")
        with engine.connect() as reader:
            assert reader.execute(sa.select(tables.complaints)).all() == []
    impatient.dispose()


def test_foreign_keys_are_kept(store: Store, engine: sa.Engine) -> None:
    with pytest.raises(sa.exc.IntegrityError), writing(engine).begin() as connection:
        connection.execute(tables.submissions.insert().values(key="k", ticket="0000-0000-0", content_digest="d"))


def test_errors_do_not_show_what_was_to_be_stored(store: Store, engine: sa.Engine) -> None:
    values = {"username": "siti", "name": "Ibu Contoh", "password_hash": "sandi", "changed_at": MOMENT}
    statement = tables.staff_accounts.insert().values(**values)
    with writing(engine).begin() as connection:
        connection.execute(statement)
    with writing(engine).connect() as connection, pytest.raises(sa.exc.IntegrityError) as failed:
        connection.execute(statement)
    assert "Ibu Contoh" not in str(failed.value)
    assert "sandi" not in str(failed.value)


def test_nothing_is_saved_before_the_first_migration_nor_where_there_is_none(store: Store, tmp_path: Path) -> None:
    assert not (tmp_path / "cadangan").exists()


def test_database_is_copied_before_it_is_migrated(
    store: Store, engine: sa.Engine, tmp_path: Path, next_version: Path
) -> None:
    ticket = store.accept(an_intake(), channel=Channel.WEB, now=MOMENT).complaint.ticket
    folder = tmp_path / "cadangan"
    saved = migrate(engine, backup_folder=folder, now=MOMENT, migrations=next_version)
    assert saved == folder / f"aduan-{PRESENT}-20261123T023000Z.sqlite3"
    assert "shoe_size" in {column["name"] for column in sa.inspect(engine).get_columns("staff_accounts")}
    assert store.intake(ticket) == an_intake()

    copy = open_engine(sqlite_url(saved))
    assert "shoe_size" not in {column["name"] for column in sa.inspect(copy).get_columns("staff_accounts")}
    assert Store(copy, KEYRING).intake(ticket) == an_intake()
    copy.dispose()
    assert migrate(engine, backup_folder=folder, now=MOMENT, migrations=next_version) is None
    assert [path.name for path in folder.glob("*.sqlite3")] == [saved.name]


def test_failed_migration_changes_nothing(store: Store, engine: sa.Engine, tmp_path: Path, next_version: Path) -> None:
    script = next_version / "versions" / "9000_next.py"
    script.write_text(script.read_text("utf-8") + "    raise RuntimeError('power cut')\n", "utf-8")
    ticket = store.accept(an_intake(), channel=Channel.WEB, now=MOMENT).complaint.ticket
    with pytest.raises(RuntimeError, match="power cut"):
        migrate(engine, backup_folder=tmp_path / "cadangan", now=MOMENT, migrations=next_version)
    assert "shoe_size" not in {column["name"] for column in sa.inspect(engine).get_columns("staff_accounts")}
    assert migrate(engine, backup_folder=tmp_path / "cadangan", now=MOMENT) is None
    assert store.intake(ticket) == an_intake()


def test_program_refuses_the_database_of_its_successor(
    store: Store, engine: sa.Engine, tmp_path: Path, next_version: Path
) -> None:
    migrate(engine, backup_folder=tmp_path / "cadangan", now=MOMENT, migrations=next_version)
    with pytest.raises(StoreVersionError, match="lebih baru"):
        migrate(engine, backup_folder=tmp_path / "cadangan", now=MOMENT)


def test_url_of_a_file_may_have_spaces_and_dots(tmp_path: Path) -> None:
    path = tmp_path / "Data Kantor v1.2" / "aduan.sqlite3"
    path.parent.mkdir()
    engine = open_engine(sqlite_url(path))
    migrate(engine, backup_folder=tmp_path, now=MOMENT)
    engine.dispose()
    assert path.stat().st_size > 0
