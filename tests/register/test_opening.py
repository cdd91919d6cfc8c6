"""Opening a data folder: the first start makes what is missing, later ones find it, and damage is named."""

import json
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from register.complaint import Channel
from register.database import open_engine, sqlite_url
from register.errors import KeyFileError, SheetRefusedError, SheetUnavailableError
from register.opening import Opened, open_data, prepare, prepare_admin, register_file, secret_of, sheet_access
from register.sealing import Keyring
from register.settings import Settings, load_settings
from register.sheet import LocalServer, Sheet
from register.sheet_access import SheetAccess, load_access, save_access
from tests.builders import MOMENT, an_intake
from tests.first_version import make_first_version
from tests.register.running_register import running_register

NO_FILE = Path("there-is-none.toml")
LATER = MOMENT + timedelta(days=1)


def settings_for(folder: Path, **environment: str) -> Settings:
    return load_settings({"ADUAN_DATA": str(folder), **environment}, NO_FILE)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folder = tmp_path / "data"
    folder.mkdir()
    return settings_for(folder)


@pytest.fixture
def opened(settings: Settings) -> Iterator[Opened]:
    prepare(settings, MOMENT)
    opened = open_data(settings)
    yield opened
    opened.store.close()


def test_first_start_makes_the_folder_the_database_and_a_private_key_file(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "kantor" / "data")
    assert prepare(settings, MOMENT) is None
    assert {path.name for path in settings.data.iterdir()} >= {"aduan.sqlite3", "kunci.secret"}
    assert mode(settings.data / "kunci.secret") == 0o600


def test_second_start_finds_everything_as_it_was(opened: Opened, settings: Settings) -> None:
    ticket = opened.store.accept(an_intake(), channel=Channel.WEB, now=MOMENT).complaint.ticket
    key = (settings.data / "kunci.secret").read_bytes()
    assert prepare(settings, LATER) is None
    again = open_data(settings)
    assert again.store.intake(ticket) == an_intake()
    again.store.close()
    assert (settings.data / "kunci.secret").read_bytes() == key


def test_lost_key_file_is_made_anew_only_while_nothing_is_sealed(opened: Opened, settings: Settings) -> None:
    (settings.data / "kunci.secret").unlink()
    with pytest.raises(KeyFileError):
        open_data(settings)
    prepare(settings, LATER)
    reopened = open_data(settings)
    reopened.store.accept(an_intake(), channel=Channel.WEB, now=MOMENT)
    reopened.store.close()
    (settings.data / "kunci.secret").unlink()
    with pytest.raises(KeyFileError, match="Pulihkan"):
        prepare(settings, LATER)
    assert not (settings.data / "kunci.secret").exists()


def test_key_file_of_another_database_is_refused(opened: Opened, settings: Settings) -> None:
    prepare(settings, MOMENT)
    (settings.data / "kunci.secret").write_text("ab" * 32)
    prepare(settings, MOMENT)  # nothing is sealed yet, so any key will do
    (settings.data / "kunci.secret").unlink()
    prepare(settings, MOMENT)
    sealed = open_data(settings)
    for at in (MOMENT, LATER):
        sealed.store.accept(an_intake(), channel=Channel.WEB, now=at)
    sealed.store.close()
    key = (settings.data / "kunci.secret").read_text()
    (settings.data / "kunci.secret").write_text("ab" * 32)
    with pytest.raises(KeyFileError, match=r"Pulihkan kunci\.secret yang benar"):
        prepare(settings, LATER)
    (settings.data / "kunci.secret").write_text(key)
    prepare(settings, LATER)


@pytest.mark.parametrize("key", [None, "ab" * 32], ids=["lost", "of another database"])
def test_trail_of_the_first_version_is_chained_with_the_right_key_file_only(
    settings: Settings, tmp_path: Path, key: str | None
) -> None:
    right, file = bytes(range(32)), settings.data / "kunci.secret"
    engine = open_engine(sqlite_url(settings.data / "aduan.sqlite3"))
    ticket = make_first_version(engine, Keyring(right), tmp_path / "migrations", acts=3)
    if key:
        file.write_text(key)
    with pytest.raises(KeyFileError, match="Pulihkan"):
        prepare(settings, MOMENT)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one() == "0001"
    engine.dispose()
    assert file.exists() is bool(key)
    file.write_text(right.hex())
    saved = prepare(settings, MOMENT)
    assert saved is not None
    assert saved.name.startswith("aduan-0001-")
    opened = open_data(settings)
    found = opened.store.verify()
    assert (found.events, found.findings) == (5, [])
    assert opened.store.changed_since(0) == (5, {ticket})
    opened.store.close()


def test_one_damaged_key_keeps_nobody_from_working(opened: Opened, settings: Settings) -> None:
    tickets = [opened.store.accept(an_intake(), channel=Channel.WEB, now=at).complaint.ticket for at in (MOMENT, LATER)]
    engine = sa.create_engine(f"sqlite:///{settings.data / 'aduan.sqlite3'}")
    spoil = sa.text("UPDATE complaint_keys SET wrapped_key = x'00' WHERE ticket = :ticket")
    for ticket in tickets:
        prepare(settings, LATER)
        with engine.begin() as connection:
            connection.execute(spoil, {"ticket": ticket})
    engine.dispose()
    with pytest.raises(KeyFileError):
        prepare(settings, LATER)


def test_database_may_be_elsewhere(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "data", ADUAN_DATABASE_URL=f"sqlite:///{(tmp_path / 'lain.sqlite3').as_posix()}")
    prepare(settings, MOMENT)
    assert (tmp_path / "lain.sqlite3").exists()
    assert [path.name for path in settings.data.iterdir()] == ["kunci.secret"]


# -- the administrator --------------------------------------------------------------------------------------------


def test_admin_password_is_made_and_told_once(opened: Opened, settings: Settings) -> None:
    password = prepare_admin(opened.accounts, settings, MOMENT)
    account = opened.accounts.authenticate("admin", password)
    assert account is not None
    assert account.name == "Administrator"
    assert prepare_admin(opened.accounts, settings, LATER) == ""
    assert opened.accounts.authenticate("admin", password) == account


def test_no_admin_is_made_where_somebody_can_log_in(opened: Opened, settings: Settings) -> None:
    opened.accounts.set_password("siti", "kata-sandi-1", now=MOMENT)
    assert prepare_admin(opened.accounts, settings, MOMENT) == ""
    assert opened.accounts.authenticate("admin", "") is None


def test_admin_password_of_the_environment_holds_from_the_next_start(opened: Opened, settings: Settings) -> None:
    made = prepare_admin(opened.accounts, settings, MOMENT)
    given = settings_for(settings.data, ADUAN_ADMIN_PASSWORD="kata-sandi-kantor")
    for at in (MOMENT, LATER):
        assert prepare_admin(opened.accounts, given, at) == ""
        assert opened.accounts.authenticate("admin", "kata-sandi-kantor") is not None
    assert opened.accounts.authenticate("admin", made) is None


def test_admin_password_that_already_holds_is_not_set_again(opened: Opened, settings: Settings) -> None:
    given = settings_for(settings.data, ADUAN_ADMIN_PASSWORD="kata-sandi-kantor")
    engine = sa.create_engine(f"sqlite:///{settings.data / 'aduan.sqlite3'}")
    changed = set()
    for at in (MOMENT, LATER):
        prepare_admin(opened.accounts, given, at)
        with engine.connect() as connection:
            changed.add(connection.execute(sa.text("SELECT changed_at FROM staff_accounts")).scalar_one())
    engine.dispose()
    assert len(changed) == 1


# -- secrets ------------------------------------------------------------------------------------------------------


def test_secrets_are_private_lasting_and_different(settings: Settings) -> None:
    web, worker = secret_of(settings, "web"), secret_of(settings, "worker")
    assert web != worker
    assert len(web) >= 32
    assert (secret_of(settings, "web"), secret_of(settings, "worker")) == (web, worker)
    assert mode(settings.data / "web.secret") == 0o600


def test_secret_asked_for_at_once_is_one(settings: Settings) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: secret_of(settings, "web"), range(16)))) == 1


def test_empty_secret_is_named_and_not_used(settings: Settings) -> None:
    (settings.data / "web.secret").write_text("\n")
    with pytest.raises(KeyFileError, match=r"web\.secret"):
        secret_of(settings, "web")


# -- register.json ------------------------------------------------------------------------------------------------


def test_register_file_is_private_and_keeps_its_token(settings: Settings) -> None:
    first = register_file(settings)
    assert first == SheetAccess("", "http://127.0.0.1:8001", first.token)
    assert len(first.token) >= 32
    assert mode(settings.access_file) == 0o600
    assert register_file(settings) == first
    assert json.loads(settings.access_file.read_text("utf-8")) == {
        "url": first.url,
        "spreadsheet_id": "",
        "restricted_spreadsheet_id": "",
        "token": first.token,
    }


MOVED = {
    "other port, same embedded server": ({"ADUAN_REGISTER_PORT": "9001"}, "http://127.0.0.1:9001", "kept", "kept"),
    "all interfaces are reached from here": ({"ADUAN_HOST": "0.0.0.0"}, "http://127.0.0.1:8001", "kept", "kept"),
    "one interface": ({"ADUAN_HOST": "10.0.0.7"}, "http://10.0.0.7:8001", "kept", "kept"),
    "an IPv6 interface": ({"ADUAN_HOST": "::1"}, "http://[::1]:8001", "kept", "kept"),
    "another server": ({"ADUAN_SHEETS_URL": "http://lembar.example"}, "http://lembar.example", "", "kept"),
    "another token": ({"ADUAN_SHEETS_TOKEN": "token-baru"}, "http://127.0.0.1:8001", "kept", "token-baru"),
}


@pytest.mark.parametrize(("environment", "url", "sheet", "token"), MOVED.values(), ids=MOVED)
def test_register_file_follows_the_settings(
    settings: Settings, environment: dict[str, str], url: str, sheet: str, token: str
) -> None:
    kept = {"url": "http://127.0.0.1:8001", "token": "kept", "spreadsheet_id": "kept"}
    settings.access_file.write_text(json.dumps(kept | {"restricted_spreadsheet_id": "kept"}))
    wanted = SheetAccess(sheet, url, token, restricted_id=sheet)
    assert register_file(settings_for(settings.data, **environment)) == wanted
    assert register_file(settings_for(settings.data, **environment), serving=True) == wanted
    assert load_access(settings.access_file) == wanted


def test_a_command_with_another_port_leaves_the_address_alone(settings: Settings) -> None:
    told = register_file(settings, serving=True)
    assert register_file(settings_for(settings.data, PORT="9000")).url == "http://127.0.0.1:9001"
    assert load_access(settings.access_file) == told


DAMAGED = [
    *("", "{", "[]", "null", '"x"', "{}", '{"url": "x", "token": "y"}', "\x00", "7"),
    '{"url": 1, "spreadsheet_id": "x", "token": "y"}',
    '{"url": "x", "spreadsheet_id": null, "token": "y"}',
    '{"url": "x", "spreadsheet_id": "y", "token": ["z"]}',
    '{"url": "x", "spreadsheet_id": "y", "token": "z", "restricted_spreadsheet_id": 5}',
    "[" * 100_000,
]


@pytest.mark.parametrize("content", DAMAGED, ids=lambda content: content[:50])
def test_damaged_register_file_is_named_and_left_as_it_is(settings: Settings, content: str) -> None:
    settings.access_file.write_text(content)
    with pytest.raises(SheetRefusedError, match=r"register\.json rusak"):
        register_file(settings)
    assert settings.access_file.read_text() == content


def test_register_file_that_is_a_folder_is_named(settings: Settings) -> None:
    settings.access_file.mkdir()
    with pytest.raises(SheetRefusedError, match=r"register\.json tidak dapat dibaca"):
        register_file(settings)


def test_register_that_is_gone_is_made_again(settings: Settings, tmp_path: Path) -> None:
    """Its folder was deleted: `register.json` still names the spreadsheet of before."""
    token = register_file(settings).token
    with running_register(tmp_path / "lembar", system_token=token) as running:
        here = settings_for(settings.data, ADUAN_REGISTER_PORT=str(running.port))
        lost = SheetAccess("yang-dahulu", running.url, token)
        save_access(settings.access_file, lost)
        made = sheet_access(here)
        assert len({"", "yang-dahulu", made.spreadsheet_id, made.restricted_id}) == 4
        assert load_access(settings.access_file) == made
        save_access(settings.access_file, lost)
        assert sheet_access(here) == made, "found by its title"
        wrong = replace(made, token="salah")
        save_access(settings.access_file, wrong)
        with pytest.raises(SheetRefusedError):
            sheet_access(here)
        assert load_access(settings.access_file) == wrong


def test_register_is_waited_for_and_made_once(settings: Settings, tmp_path: Path) -> None:
    token = register_file(settings).token
    with running_register(tmp_path / "lembar", system_token=token) as running:
        here = settings_for(settings.data, ADUAN_REGISTER_PORT=str(running.port))
        first = sheet_access(here)
        assert first.spreadsheet_id != first.restricted_id != ""
        assert sheet_access(here) == first
        settings.access_file.write_text(json.dumps({"url": first.url, "spreadsheet_id": "", "token": token}))
        assert sheet_access(here) == first, "found again by its title"
        assert first.restricted is not None
        for access in (first, first.restricted):
            sheet = Sheet(access)
            assert sheet.titles() == ["Register"]
            sheet.close()
    settings.access_file.unlink()
    with pytest.raises(SheetUnavailableError):
        sheet_access(here)


def test_jobs_that_ask_at_once_get_the_same_registers(settings: Settings, tmp_path: Path) -> None:
    """Of an office that begins: what one job writes must not stand where the others never look."""
    token = register_file(settings).token
    with running_register(tmp_path / "lembar", system_token=token) as running:
        here = settings_for(settings.data, ADUAN_REGISTER_PORT=str(running.port))
        with ThreadPoolExecutor(4) as jobs:
            found = set(jobs.map(lambda _: sheet_access(here), range(4)))
    assert found == {load_access(settings.access_file)}


def test_google_needs_no_register_file(tmp_path: Path) -> None:
    (tmp_path / "akun.json").write_text("{}")
    credentials = str(tmp_path / "akun.json")
    settings = settings_for(tmp_path, ADUAN_GOOGLE_SHEET_ID="abc", ADUAN_GOOGLE_CREDENTIALS=credentials)
    assert sheet_access(settings) == SheetAccess("abc", credentials=tmp_path / "akun.json")
    assert not settings.access_file.exists()


def test_google_has_a_second_spreadsheet_only_where_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "akun.json").write_text("{}")
    both = {"ADUAN_GOOGLE_SHEET_ID": "abc", "ADUAN_GOOGLE_CREDENTIALS": str(tmp_path / "akun.json")}
    assert sheet_access(settings_for(tmp_path, **both)).restricted is None
    named = sheet_access(settings_for(tmp_path, **both, ADUAN_GOOGLE_RESTRICTED_SHEET_ID="def"))
    assert named.restricted == SheetAccess("def", credentials=tmp_path / "akun.json")


def test_a_register_of_an_older_version_gets_its_second_spreadsheet(settings: Settings, tmp_path: Path) -> None:
    token = register_file(settings).token
    with running_register(tmp_path / "lembar", system_token=token) as running:
        here = settings_for(settings.data, ADUAN_REGISTER_PORT=str(running.port))
        shared = LocalServer(running.url, token).create("Register Pengaduan")
        older = {"url": running.url, "spreadsheet_id": shared, "token": token}
        settings.access_file.write_text(json.dumps(older))
        made = sheet_access(here)
        assert made.spreadsheet_id == shared
        assert made.restricted_id not in ("", shared)
        assert load_access(settings.access_file) == made
