"""`python -m localsheets`: what it prints, whom it knows, and how it ends."""

import re
import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from localsheets import __main__ as program
from localsheets.accounts import Accounts
from tests.localsheets.stand_alone import ROOT, StandAlone


def grid_login(url: str, username: str, password: str) -> int:
    with requests.Session() as session:
        page = session.get(f"{url}/register/login", timeout=10).text
        found = re.search(r'csrf_token" value="([^"]+)"', page)
        assert found is not None
        form = {"csrf_token": found.group(1), "username": username, "password": password}
        answer = session.post(f"{url}/register/login", data=form, allow_redirects=False, timeout=10)
        return answer.status_code


@pytest.mark.fault
def test_tokens_users_quotas_and_a_good_end(tmp_path):
    """Two people with tokens of their own; the password is kept only as a hash."""
    options = ("--token", "budi@kantor.test=b=b", "--user", "admin", "--user", "siti@kantor.test", "--quotas")
    with StandAlone(tmp_path / "data", *options) as server:
        assert server.said[1:3] == ["Token: t", "Token: b=b (budi@kantor.test)"]
        book_id = server.call("POST", ROOT, json={}).json()["spreadsheetId"]
        assert server.call("GET", f"{ROOT}/{book_id}", token="b=b").status_code == 403
        share = {"type": "user", "role": "reader", "emailAddress": "budi@kantor.test"}
        assert server.call("POST", f"/drive/v3/files/{book_id}/permissions", json=share).ok
        codes = [server.call("GET", f"{ROOT}/{book_id}", token="b=b").status_code for _ in range(60)]
        assert 429 in codes or server.call("GET", f"{ROOT}/{book_id}", token="b=b").status_code == 429
        assert grid_login(server.url, "siti@kantor.test", server.password) == 303
        assert grid_login(server.url, "siti@kantor.test", "salah") != 303
        assert server.password not in "".join(server.said)
        for path in (tmp_path / "data").iterdir():
            assert server.password.encode() not in path.read_bytes()
            assert path.stat().st_mode & 0o777 == 0o600
        assert server.stop() == 0
    with StandAlone(tmp_path / "data") as again:
        assert again.said[-1] == "Login: admin, with the password of before (another one: --user admin)"
        assert grid_login(again.url, "ADMIN ", again.password) == 303
        assert again.stop(signal.SIGINT) == 0, "as by Ctrl+C"


@pytest.mark.program
def test_a_taken_port_is_one_sentence(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "localsheets", "--port", str(port), "--data", tmp_path]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 1
    assert re.fullmatch(rf"Cannot listen on 127\.0\.0\.1:{port}: .*\. Choose another with --port N\.\n", ended.stderr)


@pytest.fixture
def own_signals():
    """What the program sets for its own process is put back for this one."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def test_a_folder_that_is_a_file_is_one_sentence(tmp_path, own_signals):
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit, match=r"The folder .*file cannot be used: File exists\."):
        program.main(["--port", "0", "--data", str(tmp_path / "file")])


@pytest.mark.parametrize("port", ["-1", "65536", "http", ""])
def test_a_port_is_a_number(port, capsys):
    with pytest.raises(SystemExit):
        program.main([f"--port={port}"])
    assert "a port is a number from 0 to 65535" in capsys.readouterr().err


def test_a_short_password_is_refused(tmp_path, monkeypatch, own_signals):
    monkeypatch.setenv("LOCALSHEETS_PASSWORD", "pendek")
    with pytest.raises(SystemExit, match="at least 8 characters"):
        program.main(["--port", "0", "--data", str(tmp_path), "--user", "siti"])


def test_a_database_of_a_newer_version_is_one_sentence(tmp_path, own_signals):
    with sqlite3.connect(tmp_path / "sheets.sqlite3") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(SystemExit, match="written by a newer version"):
        program.main(["--port", "0", "--data", str(tmp_path)])


def test_a_new_password_ends_sessions(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path / "accounts.secret")
    accounts.set_password("Siti", "kata-sandi-lama")
    logged_in = accounts.authenticate("siti", "kata-sandi-lama")
    assert logged_in is not None
    assert (logged_in.email, logged_in.name) == ("siti@localhost", "Siti")
    assert accounts.still_valid(logged_in)
    assert Accounts(tmp_path / "accounts.secret").still_valid(logged_in)
    accounts.set_password("siti", "kata-sandi-baru")
    assert not accounts.still_valid(logged_in)
    assert accounts.authenticate("siti", "kata-sandi-lama") is None
    assert accounts.authenticate("orang lain", "kata-sandi-baru") is None


@pytest.mark.fault
def test_the_readmes_lines_of_gspread_work(tmp_path):
    """As they stand there, but for the port; the Indonesian page has the same ones."""
    root = Path(__file__).parents[2]
    (one,), (other,) = (
        re.findall(r"```python\n(.*?)```", (root / name).read_text("utf-8"), re.DOTALL)
        for name in ("README.md", "README.id.md")
    )
    assert one == other
    assert len([line for line in one.splitlines() if line]) == 5
    with StandAlone(tmp_path, "--token", "secret") as server:
        known: dict[str, Any] = {}
        exec(one.replace("http://127.0.0.1:8010", server.url), known)
        known["book"].sheet1.update([["halo"]], "A1")
        assert known["book"].sheet1.acell("A1").value == "halo"
        known["book"].client.session.close()
