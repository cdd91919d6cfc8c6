import pytest

from register.drafts import KEPT_DAYS


def test_staff_are_led_to_the_register(build) -> None:
    response = build(register_url=lambda: "http://127.0.0.1:8001/grid").test_client().get("/register")
    assert response.status_code == 302
    assert response.headers["Location"] == "http://127.0.0.1:8001/grid"


def test_without_a_register_there_is_a_page_that_says_so(client) -> None:
    response = client.get("/register")
    assert response.status_code == 404
    assert "Register belum tersambung" in response.text


def test_search_engines_keep_off_tickets(client) -> None:
    assert "Disallow: /status/" in client.get("/robots.txt").text


@pytest.mark.parametrize("path", ["/favicon.ico", "/static/icon.svg"])
def test_the_icon_is_our_own(client, path) -> None:
    response = client.get(path, buffered=True)
    assert response.mimetype == "image/svg+xml"
    assert len(response.data) < 1000


@pytest.mark.parametrize(("at_google", "lang"), [(True, "id"), (False, "id"), (True, "en"), (False, "en")])
def test_the_privacy_notice_tells_where_data_are_and_what_one_may_ask(build, at_google, lang) -> None:
    page = build(register_at_google=at_google).test_client().get(f"/privasi?lang={lang}").text
    assert ("Google" in page) is at_google
    for told in ("3 x 24", "27/2022", "25/2009", "0541-661049", f"{KEPT_DAYS} "):
        assert told in page


@pytest.mark.parametrize("at_google", [False, True])
@pytest.mark.parametrize(("lang", "words"), [("id", "tidak tersandi"), ("en", "is not encrypted")])
def test_the_privacy_notice_does_not_hide_that_the_register_is_open(build, at_google, lang, words) -> None:
    page = build(register_at_google=at_google).test_client().get(f"/privasi?lang={lang}").text
    assert words in page


def test_the_first_page_says_from_when_on_answers_are_kept(client) -> None:
    assert "Sebelum itu isian hanya ada di halaman ini" in client.get("/").text
