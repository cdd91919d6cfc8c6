"""`aduan verify` as people run it, on a real store and a real register."""

import socket
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog

import aduan
from register.database import open_engine, sqlite_url
from register.settings import SETTINGS
from register.sheet_access import SheetAccess, save_access
from tests.office import SYSTEM_TOKEN, Office, close_office, open_office

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office whose folder is as `aduan` makes it."""
    opened = open_office(tmp_path)
    (tmp_path / "kunci.secret").write_bytes((tmp_path / "kunci").read_bytes())
    yield opened
    close_office(opened)


@pytest.fixture
def verify(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Command]:
    """Exit code, output and errors of the command."""
    url = f"http://127.0.0.1:{office.server.port}"
    for setting in SETTINGS:
        monkeypatch.delenv(setting.name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ADUAN_SHEETS_URL", url)
    monkeypatch.setenv("ADUAN_SHEETS_TOKEN", SYSTEM_TOKEN)
    save_access(tmp_path / "register.json", SheetAccess(office.sheet._access.spreadsheet_id, url, SYSTEM_TOKEN))

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["aduan", "--data", str(tmp_path), "verify", *arguments])
        code = 0
        try:
            aduan.main()
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    yield run
    structlog.reset_defaults()


def worked(office: Office) -> str:
    """A day's work that is in store and register; the ticket of one complaint."""
    ticket = office.file(2).ticket
    office.tick(2)
    office.type(ticket, act="Proses")
    office.tick(2)
    office.now += timedelta(days=1)
    office.store.seal_day(office.now)
    office.store.put_setting("register", {"read_at": office.now.isoformat()})
    return ticket


def test_clean_trail_is_one_line(office: Office, verify: Command) -> None:
    worked(office)
    root = office.store.last_root()
    assert root is not None
    said = f"{office.store.verify().events} peristiwa, rantai utuh; akar hari ini {root.printed}.\n"
    assert verify() == (0, said, "")
    assert verify("--root", str(root.day), root.printed, "--root", "2026-12-01", root.printed.upper()) == (0, said, "")


def test_all_that_is_wrong_is_listed(office: Office, verify: Command, tmp_path: Path) -> None:
    ticket = worked(office)
    engine = open_engine(sqlite_url(tmp_path / "aduan.sqlite3"))
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TRIGGER events_update"))
        connection.execute(sa.text("UPDATE events SET actor = 'orang lain' WHERE seq = 3"))
    engine.dispose()
    office.delete_rows(office.index(ticket))
    code, out, err = verify("--root", "2026-11-23", "ab" * 16)
    assert code == 1
    assert len(out.splitlines()) == 3
    assert out.startswith("Peristiwa 3 (tiket ")
    assert "akar cetak abab abab" in out
    assert f"Tiket {ticket} (0002/ADUAN/DINSOS/11/2026): barisnya tidak ada dalam register." in out
    assert "3 masalah ditemukan" in err


def test_register_that_does_not_answer_is_told_and_the_trail_is_checked(
    office: Office, verify: Command, tmp_path: Path
) -> None:
    worked(office)
    office.interference.cut = True
    code, out, err = verify()
    assert (code, "rantai utuh" in out) == (1, True), "what was not looked at is not in order"
    assert err.startswith("Register tidak dibandingkan: tidak ada register yang menjawab di http://127.0.0.1:")
    assert err.splitlines()[-1].startswith("Pemeriksaan belum lengkap: Register belum dibandingkan")
    (tmp_path / "register.json").unlink()
    code, _, err = verify()
    assert (code, err) == (0, "Register belum ada, jadi tidak dibandingkan.\n"), "there is nothing to look at"


def test_register_that_is_served_on_another_port_is_told(
    office: Office, verify: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked(office)
    monkeypatch.delenv("ADUAN_SHEETS_URL")
    monkeypatch.delenv("ADUAN_SHEETS_TOKEN")
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        monkeypatch.setenv("ADUAN_REGISTER_PORT", str(port))
        code, out, err = verify()
    assert (code, "rantai utuh" in out) == (1, True)
    assert f"http://127.0.0.1:{port}. Jalankan program (aduan serve)" in err
    assert "ADUAN_REGISTER_PORT" in err


@pytest.mark.parametrize("arguments", [("2026-11-23", "bukan akar"), ("kemarin", "ab" * 16)])
def test_root_that_cannot_be_read_is_refused_in_a_sentence(verify: Command, arguments: tuple[str, str]) -> None:
    code, out, err = verify("--root", *arguments)
    assert (code in (1, 2), out) == (True, "")
    assert "Traceback" not in err
