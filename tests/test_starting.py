"""The program as a whole: what keeps it from starting is one sentence, and what its parts are told reaches them."""

import json
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import flask
import pytest
import requests
import structlog

import aduan
from commands import listening, processes
from register.attachment import Checked, Kind
from register.complaint import Channel
from register.opening import Opened, open_data, prepare
from register.settings import SETTINGS
from register.sheet_access import load_access
from tests.builders import MOMENT, an_intake
from tests.clamd import Clamd
from tests.register.test_opening import settings_for
from tests.running import ROOT, free_port, running, wait_until

pytestmark = pytest.mark.program
PASSWORD = "kata-sandi-kantor"
ADMIN = {"ADUAN_ADMIN_PASSWORD": PASSWORD}


@dataclass
class Program:
    """`aduan` in this process. Its children are not started, and nothing listens: what would be is kept here."""

    data: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    started: list[Any] = field(default_factory=list)
    served: list[flask.Flask] = field(default_factory=list)
    opened: list[Opened] = field(default_factory=list)

    def run(self, *arguments: str, **environment: str) -> tuple[int, str, str]:
        """Exit code, output and errors."""
        with self.monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["aduan", *arguments])
            for name, value in {"ADUAN_DATA": str(self.data), **environment}.items():
                patch.setenv(name, value)
            code = 0
            try:
                aduan.main()
            except SystemExit as end:
                code = int(end.code or 0)
        said = self.capsys.readouterr()
        return code, said.out, said.err

    def refusal(self, *arguments: str, **environment: str) -> str:
        """The one sentence (or list of settings) with which it refuses to start."""
        code, out, err = self.run(*arguments, **environment)
        assert (code, out, self.started) == (1, "", [])
        assert "Traceback" not in err
        assert len(err.strip().splitlines()) == 1 or err.startswith("Pengaturan perlu diperbaiki:")
        return err


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Program]:
    for setting in SETTINGS:
        monkeypatch.delenv(setting.name, raising=False)
    monkeypatch.chdir(tmp_path)
    program = Program(tmp_path / "data", monkeypatch, capsys)
    port = free_port()
    monkeypatch.setenv("PORT", str(port))

    def opening(settings: Any) -> Opened:
        program.opened.append(open_data(settings))
        return program.opened[-1]

    for module in (aduan, processes):
        monkeypatch.setattr(module, "open_data", opening)
    monkeypatch.setattr(processes, "supervise", lambda children, _stop: program.started.extend(children))
    monkeypatch.setattr(processes, "listen", lambda app, *_, **__: program.served.append(app))
    monkeypatch.setattr(listening, "PORT_PATIENCE_SECONDS", 0.2)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield program
    for number, handler in handlers.items():
        signal.signal(number, handler)
    structlog.reset_defaults()
    for app in program.served:
        if "localsheets" in app.extensions:
            app.extensions["localsheets"].close()
    for opened in program.opened:
        opened.store.close()


def test_serve_starts_all_its_parts(program: Program) -> None:
    code, out, _ = program.run("serve", **ADMIN)
    assert code == 0
    assert "Formulir dan status" in out
    assert [child.name for child in program.started] == ["register", "web", "worker"]


NOT_FOR_EVERYBODY = ("alembic", "apprise", "flask", "gspread", "lokal", "openpyxl", "reportlab", "requests", "sklearn")


def test_what_only_some_commands_need_is_loaded_by_those() -> None:
    """Each of these takes a while to load, and people wait for it."""
    shown = f"import sys, aduan; print([name for name in {NOT_FOR_EVERYBODY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", shown], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def data_is_a_file(data: Path) -> None:
    data.write_text("x")


def lock_cannot_be_written(data: Path) -> None:
    (data / "serve.lock").mkdir(parents=True)


def no_database(data: Path) -> None:
    data.mkdir()
    (data / "aduan.sqlite3").write_bytes(b"bukan basis data, " * 300)


def database_is_a_folder(data: Path) -> None:
    (data / "aduan.sqlite3").mkdir(parents=True)


def key_is_a_folder(data: Path) -> None:
    (data / "kunci.secret").mkdir(parents=True)


def register_file_is_a_folder(data: Path) -> None:
    (data / "register.json").mkdir(parents=True)


def register_file_has_numbers(data: Path) -> None:
    data.mkdir()
    (data / "register.json").write_text('{"url": 1, "spreadsheet_id": 2, "token": 3}')


def other_key(data: Path) -> None:
    settings = settings_for(data)
    prepare(settings, MOMENT)
    opened = open_data(settings)
    opened.store.accept(an_intake(), channel=Channel.WEB, now=MOMENT)
    opened.store.close()
    (data / "kunci.secret").write_text("ab" * 32)


SPOILT = {
    data_is_a_file: "data",
    lock_cannot_be_written: "serve.lock",
    no_database: "Pulihkan berkas itu dari cadangan",
    database_is_a_folder: "Pulihkan berkas itu dari cadangan",
    key_is_a_folder: "kunci.secret",
    register_file_is_a_folder: "register.json",
    register_file_has_numbers: "register.json rusak",
    other_key: "bukan pasangan basis data ini",
}


@pytest.mark.parametrize(("spoil", "expected"), SPOILT.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_spoilt_data_folder_is_one_sentence(program: Program, spoil: Callable[[Path], None], expected: str) -> None:
    spoil(program.data)
    assert expected in program.refusal("serve", **ADMIN)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"ADUAN_HOST": "999.1.1.1"}, "ADUAN_HOST: "),
        ({"PORT": "65535"}, "PORT: "),
        ({"ADUAN_HOST": "192.0.2.1"}, "periksa juga ADUAN_HOST"),
        ({"ADUAN_HOST": "tidak-ada.invalid"}, "periksa juga ADUAN_HOST"),
    ],
)
def test_address_that_cannot_be_is_named(program: Program, environment: dict[str, str], expected: str) -> None:
    assert expected in program.refusal("serve", **ADMIN, **environment)


@pytest.mark.parametrize(("offset", "expected"), [(0, "pilih PORT lain"), (1, "pilih ADUAN_REGISTER_PORT lain")])
def test_port_that_is_taken_is_named_before_anything_starts(program: Program, offset: int, expected: str) -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port + offset)):
        said = program.refusal("serve", PORT=str(port))
    assert expected in said
    assert not (program.data / "aduan.sqlite3").exists(), "the password shown once is not made in vain"


def test_port_of_the_register_may_be_taken_where_it_is_elsewhere(program: Program) -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port + 1)):
        code, _, _ = program.run("serve", PORT=str(port), ADUAN_SHEETS_URL="http://lembar.example", **ADMIN)
    assert code == 0


def test_sheets_that_are_no_database_are_one_sentence(program: Program) -> None:
    (program.data / "register").mkdir(parents=True)
    (program.data / "register" / "sheets.sqlite3").write_bytes(b"bukan basis data, " * 300)
    assert "sheets.sqlite3" in program.refusal("register-server", **ADMIN)


# -- passwords ----------------------------------------------------------------------------------------------------


@pytest.fixture
def prepared(program: Program) -> Program:
    """With data in its folder, where `admin` has an account."""
    settings = settings_for(program.data)
    prepare(settings, MOMENT)
    program.opened.append(open_data(settings))
    program.opened[-1].accounts.set_password("admin", PASSWORD, now=MOMENT)
    return program


def test_password_tells_a_new_account_from_a_known_one(prepared: Program) -> None:
    assert prepared.run("password", "sari", "--password", "sandi-yang-baru")[1] == "Akun baru sari dibuat.\n"
    assert prepared.run("password", "sari", "--password", "sandi-lain-lagi")[1] == "Kata sandi sari sudah diganti.\n"


def test_an_account_is_taken_away(prepared: Program) -> None:
    prepared.run("password", "sari", "--password", "sandi-yang-baru")
    assert prepared.run("remove-account", "sari")[1] == "Akun sari sudah dicabut.\n"
    assert prepared.opened[-1].accounts.state("sari") is None
    assert "Tidak ada akun" in " ".join(map(str, prepared.run("remove-account", "sari")))
    assert "tidak dapat dicabut" in " ".join(map(str, prepared.run("remove-account", "admin")))


def test_password_tells_when_the_setting_will_undo_it(prepared: Program) -> None:
    program = prepared
    _, out, err = program.run("password", "--password", "sandi-yang-baru", **ADMIN)
    assert "sudah diganti" in out
    assert "ADUAN_ADMIN_PASSWORD" in err


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (("siti", "--password", "sandi-yang-baru"), ADMIN),
        (("--password", PASSWORD), ADMIN),
        (("--password", "sandi-yang-baru"), {}),
    ],
    ids=["somebody else", "the same", "no setting"],
)
def test_password_that_stays_is_not_warned_of(
    prepared: Program, arguments: tuple[str, ...], environment: dict[str, str]
) -> None:
    assert prepared.run("password", *arguments, **environment)[2] == ""


def log_in(app: flask.Flask) -> Any:
    visitor = app.test_client()
    visitor.get("/register/login")
    with visitor.session_transaction() as session:
        csrf = session["csrf"]
    form = {"csrf_token": csrf, "username": "admin", "password": PASSWORD}
    assert visitor.post("/register/login", data=form).status_code == 303
    assert visitor.get("/register").status_code == 200
    return visitor


def test_another_password_or_none_ends_the_sessions_of_the_grid(program: Program) -> None:
    program.run("register-server", **ADMIN)
    accounts = program.opened[-1].accounts
    visitor = log_in(program.served[0])
    accounts.set_password("siti", "sandi-siti", now=MOMENT)
    assert visitor.get("/register").status_code == 200, "of others it does not"
    accounts.set_password("admin", "sandi-yang-baru", now=MOMENT)
    assert visitor.get("/register").status_code == 302
    accounts.set_password("admin", PASSWORD, now=MOMENT)
    visitor = log_in(program.served[0])
    with accounts._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM staff_accounts WHERE username = 'admin'")
    assert visitor.get("/register").status_code == 302


# -- what is told -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("environment", "warned"), [({}, True), ({"ADUAN_PUBLIC_URL": "https://aduan.test"}, False)])
def test_doctor_warns_without_a_public_address(prepared: Program, environment: dict[str, str], warned: bool) -> None:
    out = prepared.run("doctor", **ADMIN, **environment)[1]
    assert ("ADUAN_PUBLIC_URL belum diisi" in out) is warned


def test_doctor_names_where_nobody_answers_and_promises_nothing(prepared: Program) -> None:
    port = free_port()
    told = {
        "read_at": None,
        "problem": "Register tidak dapat dihubungi. Pengaduan tetap diterima.",
        "kind": "unreachable",
    }
    prepared.opened[-1].store.put_setting("register", told)
    code, out, err = prepared.run("doctor", PORT=str(port))
    assert code == 1
    assert f"http://127.0.0.1:{port + 1} tidak menjawab" in err
    assert f"PORT {port}" in err
    assert "aduan serve" in err
    assert "tetap diterima" not in out + err
    assert "Basis data: baik, 0 pengaduan." in out


def test_doctor_tells_of_the_scanner_and_of_files_that_wait_or_are_lost(prepared: Program) -> None:
    assert "virus" not in "".join(prepared.run("doctor")[1:])
    attachments = prepared.opened[-1].attachments
    for number in range(3):
        checked = Checked(Kind.PDF, f"{number}.pdf", b"%d" % number)
        attachments.add("draft:x", checked, now=MOMENT, quarantined=number > 0)
    next((prepared.data / "lampiran").glob("*/*")).unlink()
    down = f"127.0.0.1:{free_port()}"
    out = prepared.run("doctor", ADUAN_CLAMAV=down)[1]
    assert f"ClamAV di {down} tidak menjawab" in out
    assert "2 lampiran menunggu pemindai virus" in out
    assert "1 lampiran tidak ada di folder lampiran" in out
    assert "ADUAN_CLAMAV kosong" not in out
    assert "ADUAN_CLAMAV kosong" in "".join(prepared.run("doctor")[1:])
    with Clamd() as clamd:
        assert "Pemindai virus: menjawab, ClamAV tiruan." in prepared.run("doctor", ADUAN_CLAMAV=clamd.address)[1]


def test_doctor_names_an_outside_register_that_does_not_answer(prepared: Program) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    _, _, err = prepared.run("doctor", ADUAN_SHEETS_URL=url)
    assert f"Register di {url} tidak menjawab. Periksa server itu dan ADUAN_SHEETS_URL." in err


def test_doctor_tells_each_fault_of_the_tabs_on_a_line(prepared: Program) -> None:
    faults = ["Petugas, baris 2: x", "Bidang, baris 3: y"]
    prepared.opened[-1].store.put_setting("register", {"problem": "\n".join(faults), "kind": "configuration"})
    assert prepared.run("doctor")[2].splitlines()[-2:] == faults


def test_public_is_told_the_kind_of_a_problem_and_not_what_staff_typed(program: Program) -> None:
    program.run("web", **ADMIN)
    told = {"read_at": aduan.clock().isoformat(), "problem": "Nama Ibu Contoh tidak dikenal.", "kind": "configuration"}
    program.opened[-1].store.put_setting("register", told)
    answer = program.served[0].test_client().get("/readyz")
    assert answer.json["problem"] == "configuration"
    assert "Contoh" not in answer.text
    program.opened[-1].store.put_setting("register", {"read_at": None, "problem": "Nama Ibu Contoh tidak dikenal."})
    assert program.served[0].test_client().get("/readyz").json["problem"] == ""


HOSTS = {
    "aduan.test": "http://aduan.test:9001/register",
    "aduan.test:8000": "http://aduan.test:9001/register",
    "[::1]": "http://[::1]:9001/register",
    "[::1]:8000": "http://[::1]:9001/register",
    "": "http://127.0.0.1:9001/register",
}


@pytest.mark.parametrize(("host", "expected"), HOSTS.items())
def test_way_to_the_grid_is_on_the_host_that_was_asked(program: Program, host: str, expected: str) -> None:
    program.run("web", ADUAN_REGISTER_PORT="9001", **ADMIN)
    answer = program.served[0].test_client().get("/register", headers={"Host": host})
    assert answer.headers["Location"] == expected


def test_a_lost_register_is_made_again_and_proxies_are_heeded(tmp_path: Path) -> None:
    with running(tmp_path, ADUAN_TRUSTED_PROXIES="1") as server:
        ticket = server.file().json()["ticket"]
        wait_until(lambda: ticket in first_column(server), 30, "the row is there")
        forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "aduan.test"}
        moved = requests.get(f"{server.url}/register", headers=forwarded, allow_redirects=False, timeout=10)
        assert moved.headers["Location"] == f"https://aduan.test:{server.port + 1}/register"
        for headers, secure in ((forwarded, True), ({}, False)):
            login = requests.get(f"http://127.0.0.1:{server.port + 1}/register/login", headers=headers, timeout=10)
            assert ("Secure" in login.headers["Set-Cookie"]) is secure
        server.stop()
        before = json.loads((tmp_path / "data" / "register.json").read_text())["spreadsheet_id"]
        shutil.rmtree(tmp_path / "data" / "register")
        server.start()
        made = tmp_path / "data" / "register.json"
        wait_until(lambda: json.loads(made.read_text())["spreadsheet_id"] != before, 30, "another spreadsheet")
        assert load_access(made) is not None
        wait_until(lambda: ticket in first_column(server), 30, "the row is there again")


def first_column(server: Any) -> list[object]:
    sheet = server.sheet()
    try:
        if "Register" not in sheet.titles():
            return []
        return [row[0] for row in sheet.read(["Register"])["Register"].rows if row]
    finally:
        sheet.close()
