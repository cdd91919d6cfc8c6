"""Staff sign in once: the public pages and the grid, two processes of an office, over one store."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask
import pytest
from flask.testing import FlaskClient

import localsheets
from commands.grid_door import GridDoor, sign_in_url
from commands.staff_door import staff_door
from register.opening import Opened, open_data, prepare
from register.settings import Settings, load_settings
from register.staff_sessions import COOKIE
from tests.builders import MOMENT
from webhooks import WebSettings, create_app

PASSWORD = "hanya untuk uji"
OFFICERS = [
    [["account", "sari"], ["name", "Sari Contoh"], ["role", "Petugas Loket"]],
    [["account", "budi"], ["name", "Budi Contoh"], ["role", "Kepala Bidang"], ["bidang", "Rehsos"]],
]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"ADUAN_DATA": str(tmp_path / "data")}, tmp_path / "aduan.toml")


@pytest.fixture
def opened(settings: Settings) -> Iterator[Opened]:
    prepare(settings, MOMENT)
    opened = open_data(settings)
    opened.store.put_setting("configuration", {"Petugas": OFFICERS})
    for username in ("sari", "budi", "admin"):
        opened.accounts.set_password(username, PASSWORD, now=MOMENT)
    yield opened
    opened.store.close()


def now() -> Any:
    return MOMENT


@pytest.fixture
def pages(opened: Opened, settings: Settings) -> FlaskClient:
    app = create_app(
        opened.store,
        WebSettings("only for tests", register_url=lambda: "http://localhost:8001/register"),
        clock=now,
        staff_door=staff_door(opened, settings, now),
    )
    return app.test_client()


@pytest.fixture
def grid(opened: Opened, settings: Settings) -> Iterator[FlaskClient]:
    door = GridDoor(opened, settings, now)
    app: flask.Flask = localsheets.create_app(
        settings.data / "register",
        tokens={},
        authenticate=door.authenticate,
        still_valid=door.still_valid,
        shared_login=door.shared,
        clock=now,
    )
    yield app.test_client()
    app.extensions["localsheets"].close()


def token_on(client: FlaskClient, path: str, name: str = "token") -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', client.get(path).text)
    assert found
    return found[1]


def sign_in(pages: FlaskClient, username: str = "sari") -> str:
    form = {"token": token_on(pages, "/petugas/masuk"), "pengguna": username, "sandi": PASSWORD}
    assert pages.post("/petugas/masuk", data=form).status_code == 303
    cookie = pages.get_cookie(COOKIE)
    assert cookie
    return str(cookie.value)


def test_once_is_enough_for_both(pages: FlaskClient, grid: FlaskClient) -> None:
    assert grid.get("/register").headers["Location"] == "http://localhost:8000/petugas/masuk?next=/register"
    grid.set_cookie(COOKIE, sign_in(pages))
    page = grid.get("/register")
    assert page.status_code == 200
    assert "sari@aduan.invalid" in page.text


@pytest.mark.parametrize(
    ("username", "link"),
    [
        ("sari", '"http://localhost:8000/loket">Loket<'),
        ("admin", '"http://localhost:8000/loket">Loket<'),
        ("budi", '"http://localhost:8000/petugas">Halaman petugas<'),
    ],
)
def test_the_grid_leads_back_to_the_desk(pages: FlaskClient, grid: FlaskClient, username: str, link: str) -> None:
    grid.set_cookie(COOKIE, sign_in(pages, username))
    assert link in grid.get("/register").text


def test_logging_out_of_the_grid_ends_the_desk_too(pages: FlaskClient, grid: FlaskClient) -> None:
    grid.set_cookie(COOKIE, sign_in(pages))
    grid.post("/register/logout", data={"csrf_token": token_on(grid, "/register", "csrf_token")})
    assert pages.get("/loket").status_code == 303


def test_logging_out_of_the_desk_ends_the_grid_too(pages: FlaskClient, grid: FlaskClient) -> None:
    grid.set_cookie(COOKIE, sign_in(pages))
    assert grid.get("/register").status_code == 200
    pages.post("/petugas/keluar", data={"token": token_on(pages, "/petugas")})
    assert grid.get("/register").status_code == 302


def test_another_password_ends_both_at_once(pages: FlaskClient, grid: FlaskClient, opened: Opened) -> None:
    grid.set_cookie(COOKIE, sign_in(pages))
    assert grid.get("/register").status_code == 200
    opened.accounts.set_password("sari", "kata sandi baru", now=MOMENT)
    assert pages.get("/loket").status_code == 303
    assert grid.get("/register").status_code == 302


@pytest.mark.parametrize(("username", "statuses"), [("sari", (200, 200)), ("budi", (403, 200)), ("admin", (200, 200))])
def test_the_tab_petugas_says_who_may_do_what(pages: FlaskClient, username: str, statuses: tuple[int, int]) -> None:
    sign_in(pages, username)
    assert (pages.get("/loket").status_code, pages.get("/loket/cari").status_code) == statuses


def test_a_changed_role_counts_at_once(pages: FlaskClient, opened: Opened) -> None:
    sign_in(pages)
    opened.store.put_setting("configuration", {"Petugas": []})
    assert pages.get("/loket").status_code == 403
    assert "Sari Contoh" not in pages.get("/petugas").text


ADDRESSES = [
    ({}, "http", "127.0.0.1:8001", "http://127.0.0.1:8000"),
    ({}, "http", "192.168.1.5:8001", "http://192.168.1.5:8000"),
    ({"PORT": "9000"}, "http", "[::1]:9001", "http://[::1]:9000"),
    ({}, "http", "", "http://127.0.0.1:8000"),
    ({"ADUAN_PUBLIC_URL": "https://aduan.test"}, "http", "192.168.1.5:8001", "http://192.168.1.5:8000"),
    ({"ADUAN_PUBLIC_URL": "https://aduan.test"}, "https", "aduan.test:8443", "https://aduan.test"),
    (
        {"ADUAN_PUBLIC_URL": "https://aduan.test", "ADUAN_REGISTER_PUBLIC_URL": "https://register.test"},
        "https",
        "register.test",
        None,
    ),
    (
        {"ADUAN_PUBLIC_URL": "https://aduan.test", "ADUAN_REGISTER_PUBLIC_URL": "https://aduan.test:8443"},
        "https",
        "aduan.test:8443",
        "https://aduan.test",
    ),
    (
        {"ADUAN_PUBLIC_URL": "https://aduan.test", "ADUAN_REGISTER_PUBLIC_URL": "http://aduan.test:8001"},
        "http",
        "aduan.test:8001",
        None,
    ),
    ({"ADUAN_REGISTER_PUBLIC_URL": "https://register.test"}, "https", "register.test", None),
]


@pytest.mark.parametrize(("environment", "scheme", "host", "expected"), ADDRESSES)
def test_where_the_grid_sends_people_to_sign_in(
    tmp_path: Path, environment: dict[str, str], scheme: str, host: str, expected: str | None
) -> None:
    """To where the cookie that they get will come back from; elsewhere it asks them itself."""
    found = sign_in_url(load_settings(environment, tmp_path / "aduan.toml"), scheme, host)
    assert found == (f"{expected}/petugas/masuk?next=/register" if expected else None)
