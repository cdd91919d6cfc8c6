"""The tables that a migration leaves behind, on both databases, and what happens when several processes want to."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from register.accounts import Account, Accounts
from register.changes import Book, Change, MirrorRow
from register.complaint import Channel, Clock, Event, EventKind
from register.database import migrate, open_engine
from register.errors import KeyFileError, StoreVersionError
from register.staff_sessions import StaffSessions
from register.store import Store
from register.tables import metadata
from tests.builders import MOMENT, an_intake
from tests.contract.conftest import KEYRING, Database
from tests.first_version import make_first_version

ROOT = Path(__file__).parents[2]
MIGRATE_WHEN_TOLD = """
import sys
from pathlib import Path
from register.database import migrate, open_engine
from tests.builders import MOMENT
print("ready", flush=True)
sys.stdin.readline()
print(migrate(open_engine(sys.argv[1]), backup_folder=Path("nowhere"), now=MOMENT))
"""

BACK_TO_0014 = (
    *(f"DROP TABLE {name}" for name in ("archive_tasks", "case_reports", "public_editions")),
    "DROP INDEX ix_complaints_active",
    "DROP INDEX ix_complaints_joined_active",
    "DROP INDEX ix_complaints_status_updated_at",
    *(f"ALTER TABLE complaints DROP COLUMN {name}" for name in ("inactive_since", "held_since", "erased_at")),
    "ALTER TABLE complaints DROP COLUMN district",
)
"""Makes a database of this version one of 0014."""
BACK_TO_0010 = (
    *BACK_TO_0014,
    *tuple(
        f"DROP TABLE {name}"
        for name in (
            *("news_told", "news"),
            *("message_files", "messages", "message_groups"),
            *("conversation_tickets", "conversation_people", "conversations"),
            "deliveries",
        )
    ),
)
"""Likewise one of 0010."""
BACK_TO_0008 = (
    *BACK_TO_0010,
    "DROP TABLE staff_sessions",
    "DROP TABLE contact_index",
    "DROP TABLE limits",
    "DROP TABLE outbox",
    "CREATE TABLE outbox (id INTEGER)",
    "ALTER TABLE complaints DROP COLUMN heard_at",
)
"""Likewise one of 0008; what a later migration did away with, it did not look at."""
BACK_TO_0006 = (
    "ALTER TABLE complaints DROP COLUMN evidence_count",
    "DROP TABLE attachments",
    "DROP TABLE attachment_holders",
    "DROP TABLE drafts",
    *BACK_TO_0008,
)
"""Likewise one of 0006."""


def differences(url: str) -> list[object]:
    engine = open_engine(url)
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)
    engine.dispose()
    return list(found)


def test_migrating_from_nothing_gives_the_tables_of_the_program(empty_database: Database, tmp_path: Path) -> None:
    assert len(differences(empty_database.url)) >= len(metadata.tables)
    engine = open_engine(empty_database.url)
    assert migrate(engine, backup_folder=tmp_path / "cadangan", now=MOMENT) is None
    assert migrate(engine, backup_folder=tmp_path / "cadangan", now=MOMENT) is None
    engine.dispose()
    assert differences(empty_database.url) == []
    assert not (tmp_path / "cadangan").exists()


@pytest.mark.program
def test_processes_that_migrate_at_once_wait_for_each_other(empty_database: Database) -> None:
    command = [sys.executable, "-c", MIGRATE_WHEN_TOLD, empty_database.url]
    pipe = subprocess.PIPE
    processes = [subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True) for _ in range(3)]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n", process.communicate()
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    ended = [(*process.communicate(timeout=60), process.returncode) for process in processes]
    assert ended == [("None\n", "", 0)] * 3
    assert differences(empty_database.url) == []


def test_trail_of_the_first_version_becomes_a_chain(empty_database: Database, tmp_path: Path) -> None:
    engine = open_engine(empty_database.url)
    folder = tmp_path / "cadangan"
    ticket = make_first_version(engine, KEYRING, tmp_path / "migrations", acts=2_500)

    with pytest.raises(KeyFileError, match="berkas kunci"):
        migrate(engine, backup_folder=folder, now=MOMENT)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one() == "0001"

    migrate(engine, backup_folder=folder, now=MOMENT, keyring=lambda: KEYRING)
    assert differences(empty_database.url) == []
    store = Store(engine, KEYRING)
    events = store.events(ticket)
    assert [event.kind for event in events[:2]] == [EventKind.RECEIVED, EventKind.DISPOSED]
    said = {"act": "proses", "status": "in_progress"}
    at = MOMENT + timedelta(days=1)
    assert events[2:] == [Event(EventKind.ACT, at, "Siti ü", said, {"value": "rahasia 👋"}, "Diproses")] * 2_500
    found = store.verify()
    assert (found.events, [str(finding) for finding in found.findings]) == (2_502, [])
    assert store.changed_since(0) == (2_502, {ticket})

    with pytest.raises(sa.exc.DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(sa.text("UPDATE events SET actor = 'x' WHERE seq = 1"))
    store.commit([Change(ticket, events=[Event(EventKind.CELL_READ, at, "staf")])])
    assert len(store.seal_day(MOMENT + timedelta(days=5))) == 3
    late = Event(EventKind.CELL_READ, MOMENT + timedelta(days=6), "staf")
    store.commit([Change(ticket, events=[late])])
    assert store.verify().findings == [], "what was recorded late before there were roots is not backdated"
    engine.dispose()


def test_database_of_a_newer_version_is_refused_and_left_alone(engine: sa.Engine, tmp_path: Path) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreVersionError, match="9999") as refused:
        migrate(engine, backup_folder=tmp_path / "cadangan", now=MOMENT)
    assert refused.value.facts == {"found": "9999"}
    assert not (tmp_path / "cadangan").exists()
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalars().all() == ["9999"]


def test_accounts_are_the_same_on_both_databases(engine: sa.Engine) -> None:
    accounts = Accounts(engine)
    assert not accounts.exist()
    accounts.set_password("siti", "kata-sandi-lama", now=MOMENT, name="Siti Contoh")
    accounts.set_password("siti", "kata-sandi-baru", now=MOMENT, name="Siti Contoh")
    assert accounts.exist()
    assert accounts.authenticate(" siti ", "kata-sandi-baru") == Account("siti", "Siti Contoh")
    assert accounts.authenticate("siti", "kata-sandi-lama") is None
    for stranger in ("", "Siti", "\x00", "siti\x00", "s" * 500, "👩🏽"):
        assert accounts.authenticate(stranger, "kata-sandi-baru") is None


def test_sessions_of_the_staff_are_the_same_on_both_databases(engine: sa.Engine) -> None:
    accounts, sessions = Accounts(engine), StaffSessions(engine)
    accounts.set_password("siti", "kata-sandi-lama", now=MOMENT)
    siti = accounts.authenticate("siti", "kata-sandi-lama")
    assert siti
    token = sessions.begin(siti, now=MOMENT)
    assert sessions.account(token, now=MOMENT) == siti
    for stranger in ("", "\x00", token + "\x00", "👩🏽"):
        assert sessions.account(stranger, now=MOMENT) is None
    accounts.set_password("siti", "kata-sandi-baru", now=MOMENT)
    assert sessions.account(token, now=MOMENT) is None
    sessions.end(token)
    sessions.end(token)


def test_what_was_read_before_there_were_two_books_was_read_in_the_shared_one(
    empty_database: Database, tmp_path: Path
) -> None:
    """An act that a tick did before the update is not done again after it."""
    engine = open_engine(empty_database.url)
    migrate(engine, backup_folder=tmp_path, now=MOMENT)
    store = Store(engine, KEYRING)
    ticket = store.accept(an_intake(), channel=Channel.WEB, now=MOMENT).complaint.ticket
    read = MirrorRow("sidik", "ringkas", {"act": "a1"}, seen=True)
    store.commit([Change(ticket, mirror=read)])
    with engine.begin() as connection:
        for statement in (
            "CREATE TABLE older AS SELECT ticket, fingerprint, digest, cells, seen FROM mirror",
            "DROP TABLE mirror",
            "ALTER TABLE older RENAME TO mirror",
            "ALTER TABLE complaints DROP COLUMN emergency_due_at",
            *BACK_TO_0006,
            "UPDATE alembic_version SET version_num = '0004'",
        ):
            connection.execute(sa.text(statement))
    migrate(engine, backup_folder=tmp_path, now=MOMENT, keyring=lambda: KEYRING)
    assert store.mirror() == {ticket: read}
    assert store.mirror(Book.RESTRICTED) == {}
    engine.dispose()
    assert differences(empty_database.url) == []


def test_emergencies_that_run_are_known_after_the_update(empty_database: Database, tmp_path: Path) -> None:
    engine = open_engine(empty_database.url)
    migrate(engine, backup_folder=tmp_path, now=MOMENT)
    store, due = Store(engine, KEYRING), MOMENT + timedelta(hours=1)
    expected = {}
    for done in (None, MOMENT):
        ticket = store.accept(an_intake(), channel=Channel.WEB, now=MOMENT).complaint.ticket
        clock = Clock("darurat", 0, MOMENT, due, "60 menit", done_at=done)
        store.commit([Change(ticket, events=[Event(EventKind.ACT, MOMENT, "staf")], clocks=[clock])])
        expected[ticket] = None if done else due
    with engine.begin() as connection:
        for statement in ("ALTER TABLE complaints DROP COLUMN emergency_due_at", *BACK_TO_0006):
            connection.execute(sa.text(statement))
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0005'"))
    migrate(engine, backup_folder=tmp_path, now=MOMENT, keyring=lambda: KEYRING)
    assert {ticket: complaint.emergency_due_at for ticket, complaint in store.complaints().items()} == expected
    engine.dispose()
