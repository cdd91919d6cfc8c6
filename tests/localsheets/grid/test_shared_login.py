"""A grid that shares the login of another application on its host: in, out, and no pages left open for others."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from localsheets import Home, Identity, SharedLogin, create_app

ELSEWHERE = "http://localhost:8000/masuk"


@dataclass
class Portal:
    """The other application: its cookie `portal` names a session."""

    sessions: dict[str, str] = field(default_factory=dict)
    url: str | None = ELSEWHERE

    def who(self, cookies: Any) -> Identity | None:
        name = self.sessions.get(cookies.get("portal", ""))
        return Identity(f"{name}@kantor.test", name.capitalize(), f"x.{cookies['portal']}") if name else None

    def home(self, identity: Identity) -> Home | None:
        return Home(f"Meja {identity.name}", "http://localhost:8000/meja") if self.url else None

    def end(self, cookies: Any) -> None:
        self.sessions.pop(cookies.get("portal", ""), None)

    def still_valid(self, identity: Identity) -> bool:
        _, _, session = identity.state.partition(".")
        return not session or session in self.sessions


@pytest.fixture
def portal() -> Portal:
    return Portal()


@pytest.fixture
def app(tmp_path: Path, portal: Portal) -> Iterator[Flask]:
    app = create_app(
        tmp_path,
        tokens={},
        authenticate=lambda name, _: Identity(f"{name}@kantor.test", name),
        still_valid=portal.still_valid,
        shared_login=SharedLogin(portal.who, portal.end, lambda: portal.url, portal.home),
    )
    yield app
    app.extensions["localsheets"].close()


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    return app.test_client()


def signed_in(visitor: FlaskClient, portal: Portal, name: str) -> None:
    portal.sessions[f"of-{name}"] = name
    visitor.set_cookie("portal", f"of-{name}")


def csrf(visitor: FlaskClient, path: str = "/register") -> str:
    found = re.search(r'csrf_token" value="([^"]+)"', visitor.get(path).text)
    assert found
    return found[1]


def test_whoever_is_logged_in_there_is_so_here(visitor: FlaskClient, portal: Portal) -> None:
    signed_in(visitor, portal, "sari")
    page = visitor.get("/register")
    assert page.status_code == 200
    assert "sari@kantor.test" in page.text


def test_whoever_is_not_is_led_there_and_comes_back_to_the_same_place(visitor: FlaskClient, portal: Portal) -> None:
    answer = visitor.get("/register?id=abc")
    assert (answer.status_code, answer.headers["Location"]) == (302, ELSEWHERE)
    signed_in(visitor, portal, "sari")
    assert visitor.get("/register").headers["Location"] == "/register?id=abc"
    assert visitor.get("/register?id=abc").status_code == 200
    assert visitor.get("/register").status_code == 200, "once"


def test_where_its_cookies_do_not_reach_the_grid_asks_itself(visitor: FlaskClient, portal: Portal) -> None:
    portal.url = None
    assert visitor.get("/register").headers["Location"].startswith("/register/login?")
    form = {"csrf_token": csrf(visitor, "/register/login"), "username": "sari", "password": "x"}
    assert visitor.post("/register/login", data=form).status_code == 303
    assert "sari@kantor.test" in visitor.get("/register").text


def test_its_own_login_page_stays_for_whom_the_cookie_did_not_reach(visitor: FlaskClient) -> None:
    assert visitor.get("/register/login").status_code == 200, "not a way round in circles"


def test_the_way_back_is_on_the_page(visitor: FlaskClient, portal: Portal) -> None:
    signed_in(visitor, portal, "sari")
    assert re.search(r'<a [^>]*href="http://localhost:8000/meja">Meja Sari</a>', visitor.get("/register").text)
    portal.url = None
    assert "meja" not in visitor.get("/register").text


def test_logging_out_here_is_logging_out_there(visitor: FlaskClient, portal: Portal) -> None:
    signed_in(visitor, portal, "sari")
    answer = visitor.post("/register/logout", data={"csrf_token": csrf(visitor)})
    assert answer.headers["Location"] == ELSEWHERE
    assert portal.sessions == {}
    policy = answer.headers["Content-Security-Policy"]
    assert "form-action 'self' http://localhost:8000;" in policy, "or the browser stops on the way there"


def test_logging_out_there_is_logging_out_here(visitor: FlaskClient, portal: Portal) -> None:
    signed_in(visitor, portal, "sari")
    assert visitor.get("/register").status_code == 200
    portal.sessions.clear()
    assert visitor.get("/register").headers["Location"] == ELSEWHERE
    visitor.delete_cookie("portal")
    assert visitor.get("/register").headers["Location"] == ELSEWHERE, "what the grid remembers is no way in"
    assert visitor.get("/register/data/x/sheets").status_code == 401


def test_a_page_that_somebody_left_open_writes_nothing_for_who_came_after(visitor: FlaskClient, portal: Portal) -> None:
    signed_in(visitor, portal, "sari")
    of_sari = csrf(visitor)
    signed_in(visitor, portal, "rudi")
    headers = {"X-CSRF-Token": of_sari}
    assert visitor.post("/register/data/x/0/edit", json={"edits": []}, headers=headers).status_code == 401
    headers = {"X-CSRF-Token": csrf(visitor)}
    assert visitor.post("/register/data/x/0/edit", json={"edits": []}, headers=headers).status_code != 401
