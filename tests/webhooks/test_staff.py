"""The staff's sign-in: who gets in, for how long, where to, and that nothing typed is lost on the way."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from localsheets.throttle import FAILURES_PER_PAIR
from register.accounts import Accounts
from register.staff_sessions import COOKIE, LONGEST

from .conftest import PASSWORD, WALK_IN, Clerk

HIDDEN = re.compile(r'<textarea name="(\w+)" hidden>\n(.*?)</textarea>', re.DOTALL)


@pytest.fixture
def nobody(client: Any) -> Clerk:
    """A browser that has not signed in yet."""
    return Clerk(client)


def test_signing_in_leads_to_the_desk_and_is_remembered(nobody: Clerk) -> None:
    answer = nobody.sign_in()
    assert (answer.status_code, answer.headers["Location"]) == (303, "/loket")
    cookie = next(text for text in answer.headers.getlist("Set-Cookie") if text.startswith(COOKIE))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Expires" not in cookie, "it ends with the browser"
    assert nobody.client.get("/loket").status_code == 200
    assert "Sari" in nobody.client.get("/petugas").text


def test_the_cookie_stays_on_https(nobody: Clerk, token_in: Any) -> None:
    base = "https://aduan.contoh.id"
    token = token_in(nobody.client.get("/petugas/masuk", base_url=base))
    form = {"token": token, "pengguna": "sari", "sandi": PASSWORD}
    answer = nobody.client.post("/petugas/masuk", data=form, base_url=base)
    assert all("Secure" in text for text in answer.headers.getlist("Set-Cookie"))


def test_whoever_has_no_desk_is_led_to_the_overview(nobody: Clerk) -> None:
    assert nobody.sign_in("kabid").headers["Location"] == "/petugas"


TARGETS = {
    "/loket/cari": "/loket/cari",
    "/loket/7K3M-Q9TX-2": "/loket/7K3M-Q9TX-2",
    "/loket/7K3M-Q9TX-2/tanda-terima.pdf": "/loket/7K3M-Q9TX-2/tanda-terima.pdf",
    "/register": "/register",
    "https://contoh.test/": "/loket",
    "//contoh.test/loket": "/loket",
    "/\\contoh.test": "/loket",
    "/loket/../../contoh": "/loket",
    "/loket/\nSet-Cookie: a=b": "/loket",
    "/loketcontoh": "/loket",
    "/status": "/loket",
    "": "/loket",
}


@pytest.mark.parametrize(("wanted", "led_to"), TARGETS.items())
def test_after_signing_in_nobody_is_led_elsewhere(nobody: Clerk, wanted: str, led_to: str) -> None:
    assert nobody.sign_in(next=wanted).headers["Location"] == led_to


@pytest.mark.parametrize(
    ("username", "password"), [("sari", "salah salah"), ("siapa", PASSWORD), ("", ""), ("sari", ""), ("\x00", PASSWORD)]
)
def test_a_wrong_password_is_told_without_saying_what_is_wrong(nobody: Clerk, username: str, password: str) -> None:
    with capture_logs() as logged:
        answer = nobody.sign_in(username, password)
    assert answer.status_code == 403
    assert "Nama pengguna atau kata sandi salah" in answer.text
    assert not password or password not in answer.text
    assert nobody.client.get("/loket").status_code == 303
    assert [set(entry) for entry in logged] == [{"event", "log_level"}], "people type passwords into the wrong field"


def test_guesses_are_limited(nobody: Clerk, clock: Any) -> None:
    for _ in range(FAILURES_PER_PAIR):
        assert nobody.sign_in(password="salah salah").status_code == 403
    answer = nobody.sign_in()
    assert answer.status_code == 429
    assert "15 menit" in answer.text
    assert nobody.sign_in("rudi").status_code == 303, "a colleague at the same counter is not kept out"
    nobody.client.delete_cookie(COOKIE)
    clock.pass_by(minutes=15)
    assert nobody.sign_in().status_code == 303


def test_a_form_of_another_site_signs_nobody_in(nobody: Clerk) -> None:
    answer = nobody.client.post("/petugas/masuk", data={"pengguna": "sari", "sandi": PASSWORD})
    assert answer.status_code == 403
    assert nobody.client.get("/loket").status_code == 303


def sign_out(clerk: Clerk, store: Any, clock: Any) -> None:
    token = re.search(r'name="token" value="([^"]+)"', clerk.client.get("/petugas").text)
    assert token
    answer = clerk.client.post("/petugas/keluar", data={"token": token[1]})
    assert answer.headers["Location"] == "/petugas/masuk"


def wait_until_the_day_is_over(clerk: Clerk, store: Any, clock: Any) -> None:
    clock.now += LONGEST


def change_the_password(clerk: Clerk, store: Any, clock: Any) -> None:
    Accounts(store._engine).set_password("sari", "kata sandi baru", now=clock())


def remove_the_account(clerk: Clerk, store: Any, clock: Any) -> None:
    assert Accounts(store._engine).remove(" sari ")
    assert not Accounts(store._engine).remove("sari")


@pytest.mark.parametrize("happen", [sign_out, wait_until_the_day_is_over, change_the_password, remove_the_account])
def test_what_ends_a_session_ends_it_at_once(
    clerk: Clerk, store: Any, clock: Any, happen: Callable[[Clerk, Any, Any], None]
) -> None:
    copied = clerk.client.get_cookie(COOKIE).value
    happen(clerk, store, clock)
    clerk.client.set_cookie(COOKIE, copied)
    assert clerk.client.get("/loket").status_code == 303, "a copy of the cookie is worth nothing either"


def test_another_site_signs_nobody_out(clerk: Clerk) -> None:
    clerk.client.post("/petugas/keluar")
    assert clerk.client.get("/loket").status_code == 200


def test_signing_in_again_ends_the_session_before(clerk: Clerk) -> None:
    before = clerk.client.get_cookie(COOKIE).value
    clerk.client.delete_cookie(COOKIE)
    clerk.client.set_cookie(COOKIE, before)
    token = re.search(r'name="token" value="([^"]+)"', clerk.client.get("/petugas").text)
    assert token
    clerk.client.post("/petugas/masuk", data={"token": token[1], "pengguna": "rudi", "sandi": PASSWORD})
    assert "Rudi" in clerk.client.get("/petugas").text
    clerk.client.set_cookie(COOKIE, before)
    assert clerk.client.get("/petugas").status_code == 303


def test_whoever_is_signed_in_is_not_led_in_circles(clerk: Clerk, build: Any) -> None:
    answer = clerk.client.get("/petugas/masuk?next=/register")
    assert answer.headers["Location"] == "/petugas?next=/register"
    app = build(register_url=lambda: "http://localhost:8001/register")
    client = app.test_client()
    client.set_cookie(COOKIE, clerk.client.get_cookie(COOKIE).value)
    assert "http://localhost:8001/register/login" in client.get("/petugas?next=/register").text
    assert "http://localhost:8001/register/login" not in client.get("/petugas").text


@pytest.mark.parametrize(
    ("username", "path", "sentence"),
    [
        ("kabid", "/loket", "peran untuk mencatat pengaduan"),
        ("kabid", "/loket/kertas", "peran untuk mencatat pengaduan"),
        ("baru", "/loket", "peran untuk mencatat pengaduan"),
        ("baru", "/loket/cari", "peran yang dapat membuka halaman ini"),
    ],
)
def test_whoever_lacks_the_duty_reads_a_sentence(nobody: Clerk, username: str, path: str, sentence: str) -> None:
    nobody.sign_in(username)
    answer = nobody.client.get(path)
    assert answer.status_code == 403
    assert sentence in answer.text
    assert nobody.client.get("/petugas").status_code == 200


@pytest.mark.parametrize("username", ["baru", "sari"])
def test_the_staffs_page_says_that_every_account_edits_the_register(nobody: Clerk, username: str) -> None:
    nobody.sign_in(username)
    page = nobody.client.get("/petugas").text
    assert "Setiap akun dapat membaca dan mengubah seluruh register bersama" in page
    assert ("hanya dapat membuka dan mengisi register" in page) is (username == "baru")


def test_where_there_are_no_accounts_nobody_gets_in(store: Any, clock: Any) -> None:
    from webhooks import WebSettings, create_app

    nobody = Clerk(create_app(store, WebSettings(secret_key="only for tests"), clock=clock).test_client())
    assert nobody.sign_in().status_code == 403
    assert nobody.client.get("/loket").status_code == 303


def test_a_form_sent_after_the_session_ended_goes_on_once_signed_in(clerk: Clerk, store: Any, clock: Any) -> None:
    """Nothing is typed twice, what has line breaks keeps them, and there is one complaint whatever is pressed twice."""
    token = clerk.open_form()
    change_the_password(clerk, store, clock)
    written = 'Baris satu,\n<b>baris "dua"</b>\n\n& tiga.'
    login = clerk.send(token, description=written)
    assert login.status_code == 401
    assert "Tulisan Anda tetap ada" in login.text
    assert "Sesi berakhir" in login.text
    carried = {name: _unescaped(text) for name, text in HIDDEN.findall(login.text)}
    assert carried == WALK_IN | {"description": written}
    assert PASSWORD not in login.text
    again = re.search(r'name="token" value="([^"]+)"', login.text)
    assert again
    wrong = clerk.client.post("/loket", data=carried | {"token": again[1], "pengguna": "sari", "sandi": "salah salah"})
    assert wrong.status_code == 403
    assert "Sesi berakhir" not in wrong.text
    assert {name: _unescaped(text) for name, text in HIDDEN.findall(wrong.text)} == carried
    right = carried | {"token": again[1], "pengguna": "sari", "sandi": "kata sandi baru"}
    done = clerk.client.post("/loket", data=right)
    assert done.status_code == 303, done.text
    assert clerk.client.post("/loket", data=right).headers["Location"] == done.headers["Location"]
    (ticket,) = store.complaints()
    assert store.intake(ticket).description == written
    assert clerk.client.get("/loket").status_code == 200


def test_a_carried_form_is_only_for_those_who_may(nobody: Clerk, store: Any, token_in: Any) -> None:
    login = nobody.client.post("/loket", data=WALK_IN)
    form = WALK_IN | {"token": token_in(login), "pengguna": "kabid", "sandi": PASSWORD}
    assert nobody.client.post("/loket", data=form).status_code == 403
    assert store.complaints() == {}


def _unescaped(text: str) -> str:
    from html import unescape

    return unescape(text)


def test_the_way_to_the_register_is_not_stopped_by_the_browser(build: Any) -> None:
    """Browsers hold a redirect after a form to the policy's `form-action`, and another port is another origin."""
    client = build(register_url=lambda: "http://localhost:8001/register").test_client()
    policy = client.get("/petugas/masuk").headers["Content-Security-Policy"]
    assert "form-action 'self' http://localhost:8001;" in policy
    assert "form-action 'self';" in client.get("/loket").headers["Content-Security-Policy"]


def test_the_staffs_pages_are_kept_nowhere(clerk: Clerk) -> None:
    for path in ("/loket", "/loket/cari", "/petugas", "/petugas/masuk"):
        headers = clerk.client.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Robots-Tag"] == "noindex"
        assert headers["Referrer-Policy"] == "same-origin"
