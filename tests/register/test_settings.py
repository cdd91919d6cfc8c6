"""Settings: one table, checked at once, with the environment over `aduan.toml`, and never showing a secret."""

from pathlib import Path

import pytest

from register.settings import SETTINGS, Setting, SettingsError, load_settings

NO_FILE = Path("there-is-none.toml")


def problems(environment: dict[str, str], file: Path = NO_FILE) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as refused:
        load_settings(environment, file)
    found = refused.value.facts["problems"]
    assert isinstance(found, tuple)
    assert all(problem in refused.value.message for problem in found)
    return found


def test_defaults_run_everything_without_credentials() -> None:
    found = load_settings({}, NO_FILE)
    assert (found.data, found.host, found.port, found.register_port) == (Path("data"), "127.0.0.1", 8000, 8001)
    assert found.embedded
    assert found.access_file == Path("data/register.json")
    assert (found.tick_seconds, found.threads, found.trusted_proxies) == (2, 8, 0)
    assert (found.admin_password, found.database_url, found.google_credentials) == ("", "", None)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_setting_is_explained_and_its_default_is_right(setting: Setting) -> None:
    assert setting.name == "PORT" or setting.name.startswith("ADUAN_")
    assert setting.help.endswith(".")
    assert setting.problem(setting.default) == ""


def test_every_setting_has_a_name_of_its_own_and_a_place() -> None:
    assert len({setting.key for setting in SETTINGS}) == len(SETTINGS)
    found = load_settings({}, NO_FILE)
    assert {setting.key for setting in SETTINGS} == set(vars(found))


def test_secrets_are_marked_as_such() -> None:
    marked = {setting.name for setting in SETTINGS if setting.secret}
    telling = ("PASSWORD", "TOKEN", "SECRET", "SECRETS", "KEYS")
    named = {setting.name for setting in SETTINGS if setting.name.rpartition("_")[2] in telling}
    assert marked == named | {"ADUAN_DATABASE_URL", "ADUAN_MAILBOX", "ADUAN_IMAP"}


WRONG = {
    "PORT": ["0", "65535", "65536", "delapan", "-1", "80.5", "8000x"],
    "ADUAN_HOST": ["999.1.1.1", "1.2.3", "127.0.0.1:8000", "http://kantor", "a b", "-x", "::1::", "[::1]", "x" * 254],
    "ADUAN_REGISTER_PORT": ["0", "65536", "x", "8000"],
    "ADUAN_PUBLIC_URL": ["aduan.example", "ftp://aduan.example", "https://", "http://[", "http://:80", "javascript:x"],
    "ADUAN_REGISTER_PUBLIC_URL": ["/register"],
    "ADUAN_TRUSTED_PROXIES": ["-1", "101", "ya"],
    "ADUAN_ADMIN_PASSWORD": ["1234567"],
    "ADUAN_DATABASE_URL": ["mysql://x", "postgresql://x", "aduan.sqlite3", "postgresql+psycopg://kantor:lima/aduan"],
    "ADUAN_GRAPH_URL": ["graph.facebook.com/v25.0"],
    "ADUAN_TELEGRAM_URL": ["api.telegram.org"],
    "ADUAN_TELEGRAM_SECRETS": ["ada!tanda", "x" * 257],
    "ADUAN_SCRIPT_SECRETS": ["pendek", f"{'x' * 32} pendek"],
    "ADUAN_IMAP": ["server.example", "imaps://server.example", "https://a@server.example"],
    "ADUAN_WEBHOOK_URLS": ["https://a.example b.example"],
    "ADUAN_WEBHOOK_SECRETS": ["rahasia", "whsec_", "whsec_cGVuZGVr", "whsec_!"],
    "ADUAN_SHEETS_URL": ["127.0.0.1:8001"],
    "ADUAN_GOOGLE_CREDENTIALS": ["there-is-none.json"],
    "ADUAN_TICK_SECONDS": ["0", "3601", "2,5"],
    "ADUAN_CLAMAV": ["clamd", "127.0.0.1", "127.0.0.1:0", "http://127.0.0.1:3310", "run/clamd.ctl"],
    "ADUAN_THREADS": ["0", "banyak"],
    "ADUAN_FILINGS_PER_HOUR": ["-1", "100001", "banyak"],
    "ADUAN_API_PER_HOUR": ["-1", "100001", "banyak"],
    "ADUAN_RESTRICTED_ROLES": [",", " , ,"],
    "ADUAN_ALLOW_LOCAL_CHANNELS": ["mungkin", "2"],
    "ADUAN_MAILBOX": ["kantor@contoh.id", "https://mail.contoh.id", "mailtos://", "mailto://["],
}
RIGHT = {
    "ADUAN_HOST": ["0.0.0.0", "::1", "::", "fe80::1%eth0", "localhost", "pc-loket_2.kantor.lan", "3com.example"],
    "PORT": ["1", "65534", " 8080 "],
    "ADUAN_REGISTER_PORT": ["9000", ""],
    "ADUAN_PUBLIC_URL": ["https://aduan.example.go.id", "http://127.0.0.1:8000/", "http://[::1]:8000"],
    "ADUAN_TRUSTED_PROXIES": ["0", "100"],
    "ADUAN_ADMIN_PASSWORD": ["12345678", ""],
    "ADUAN_DATABASE_URL": ["sqlite:///aduan.sqlite3", "postgresql+psycopg://aduan@localhost/aduan"],
    "ADUAN_TICK_SECONDS": ["1", "3600"],
    "ADUAN_RESTRICTED_ROLES": ["", "Kepala Dinas", "Ketua Tim, Kepala Dinas"],
    "ADUAN_ALLOW_LOCAL_CHANNELS": ["", "ya", "Tidak", "1", "no"],
    "ADUAN_MAILBOX": ["", "mailto://127.0.0.1:2525?from=aduan@contoh.id", "mailtos://u:p@mail.contoh.id?from=a@b.id"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_wrong_value_is_named(name: str, value: str) -> None:
    (problem,) = problems({name: value})
    assert problem.startswith(f"{name}: ")


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in RIGHT.items() for value in values])
def test_right_value_is_taken(name: str, value: str) -> None:
    load_settings({name: value}, NO_FILE)


def test_settings_without_a_wrong_value_take_any_text() -> None:
    free = {setting.name for setting in SETTINGS} - set(WRONG)
    assert free == {
        "ADUAN_DATA",
        "ADUAN_SHEETS_TOKEN",
        "ADUAN_GOOGLE_SHEET_ID",
        "ADUAN_GOOGLE_RESTRICTED_SHEET_ID",
        "ADUAN_META_APP_SECRETS",
        "ADUAN_META_VERIFY_TOKEN",
        "ADUAN_WHATSAPP_TOKEN",
        "ADUAN_FACEBOOK_TOKEN",
        "ADUAN_INSTAGRAM_TOKEN",
        "ADUAN_TELEGRAM_TOKEN",
        "ADUAN_DRIVE_TOKEN",
        "ADUAN_OPEN311_KEYS",
    }


def test_everything_that_is_wrong_is_said_at_once() -> None:
    found = problems({name: values[0] for name, values in WRONG.items()} | {"ADUAN_PUBLIK_URL": "x"})
    assert {problem.partition(":")[0] for problem in found} == {*WRONG, "ADUAN_PUBLIK_URL"}


@pytest.mark.parametrize(
    "environment",
    [{"ADUAN_REGISTER_PORT": "9000"}, {"ADUAN_SHEETS_URL": "http://lembar.example"}],
    ids=["register elsewhere on this machine", "register on another machine"],
)
def test_last_port_is_taken_where_the_register_needs_not_the_next(environment: dict[str, str]) -> None:
    assert load_settings({"PORT": "65535", **environment}, NO_FILE).port == 65535


def test_environment_is_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    file = tmp_path / "aduan.toml"
    file.write_text('port = 9100\nhost = "0.0.0.0"\npublic_url = "https://berkas.example/"\n', "utf-8")
    found = load_settings({"PORT": "9200", "HOME": "x", "ADUAN_PUBLIC_URL": ""}, file)
    assert (found.port, found.register_port, found.host, found.tick_seconds) == (9200, 9201, "0.0.0.0", 2)
    assert load_settings({}, file).public_url == "https://berkas.example"


def test_every_setting_can_stand_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "aduan.toml"
    file.write_text("".join(f'{setting.key} = "{setting.default}"\n' for setting in SETTINGS), "utf-8")
    assert vars(load_settings({}, file)) == vars(load_settings({}, NO_FILE))


FILES = {
    "unknown key": (b"publik_url = 'x'", "publik_url: pengaturan ini tidak dikenal"),
    "name of the environment": (b"ADUAN_HOST = 'x'", "ADUAN_HOST: pengaturan ini tidak dikenal"),
    "wrong value": (b"port = 'x'", "PORT: isi dengan angka"),
    "no TOML": (b"port == 1", "aduan.toml: bukan TOML"),
    "other encoding": (b"host = '\xff'", "aduan.toml: bukan TOML"),
}


@pytest.mark.parametrize(("content", "expected"), FILES.values(), ids=FILES)
def test_mistake_in_the_file_is_named(tmp_path: Path, content: bytes, expected: str) -> None:
    file = tmp_path / "aduan.toml"
    file.write_bytes(content)
    (problem,) = problems({}, file)
    assert expected in problem


def test_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (problem,) = problems({}, tmp_path)
    assert problem.startswith(f"{tmp_path.name}: tidak dapat dibaca")


def test_google_needs_its_credentials(tmp_path: Path) -> None:
    (problem,) = problems({"ADUAN_GOOGLE_SHEET_ID": "x"})
    assert problem.startswith("ADUAN_GOOGLE_CREDENTIALS: wajib")
    (tmp_path / "akun.json").write_text("{}")
    credentials = {"ADUAN_GOOGLE_SHEET_ID": "x", "ADUAN_GOOGLE_CREDENTIALS": str(tmp_path / "akun.json")}
    found = load_settings(credentials, NO_FILE)
    assert not found.embedded
    assert found.google_credentials == tmp_path / "akun.json"


def test_outside_server_is_not_the_embedded_one() -> None:
    assert not load_settings({"ADUAN_SHEETS_URL": "http://lembar.example"}, NO_FILE).embedded


SECRETS = {
    "ADUAN_ADMIN_PASSWORD": "kata-sandi-rahasia",
    "ADUAN_DATABASE_URL": "postgresql+psycopg://aduan:sandi-rahasia@localhost/aduan",
    "ADUAN_SHEETS_TOKEN": "token-rahasia",
}


def test_secrets_are_never_shown() -> None:
    found = load_settings(SECRETS, NO_FILE)
    assert found.admin_password == SECRETS["ADUAN_ADMIN_PASSWORD"]
    assert "rahasia" not in f"{found} {found!r} {[found]}"


def test_wrong_secrets_are_named_without_their_value(tmp_path: Path) -> None:
    wrong = {"ADUAN_ADMIN_PASSWORD": "rahsia7", "ADUAN_DATABASE_URL": "mysql://aduan:rahsia7@localhost", "PORT": "x"}
    with pytest.raises(SettingsError) as refused:
        load_settings(wrong, NO_FILE)
    assert "rahsia7" not in f"{refused.value} {refused.value!r} {refused.value.facts}"
    assert "(sekarang 'x')" in refused.value.message


def test_restricted_complaints_need_a_spreadsheet_other_than_the_shared_one(tmp_path: Path) -> None:
    (tmp_path / "akun.json").write_text("{}")
    both = {"ADUAN_GOOGLE_SHEET_ID": "x", "ADUAN_GOOGLE_CREDENTIALS": str(tmp_path / "akun.json")}
    (problem,) = problems(both | {"ADUAN_GOOGLE_RESTRICTED_SHEET_ID": "x"})
    assert problem.startswith("ADUAN_GOOGLE_RESTRICTED_SHEET_ID: harus spreadsheet lain")
    assert load_settings(both | {"ADUAN_GOOGLE_RESTRICTED_SHEET_ID": "y"}, NO_FILE).google_restricted_sheet_id == "y"


GOOD_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_news_are_signed_with_several_secrets_and_never_sent_without() -> None:
    addresses = {"ADUAN_WEBHOOK_URLS": "http://127.0.0.1:9000/kabar https://dasbor.example"}
    assert problems(addresses) == ("ADUAN_WEBHOOK_SECRETS: wajib diisi bila ADUAN_WEBHOOK_URLS diisi",)
    found = load_settings(addresses | {"ADUAN_WEBHOOK_SECRETS": f"{GOOD_SECRET} {GOOD_SECRET}"}, NO_FILE)
    assert found.webhook_urls == ("http://127.0.0.1:9000/kabar", "https://dasbor.example")
    assert found.webhook_secrets == (GOOD_SECRET, GOOD_SECRET)
    for wrong in ("whsec_", "whsec_c2hvcnQ=", GOOD_SECRET.removeprefix("whsec_"), f"{GOOD_SECRET} x", "whsec_*"):
        assert len(problems({"ADUAN_WEBHOOK_SECRETS": wrong})) == 1
