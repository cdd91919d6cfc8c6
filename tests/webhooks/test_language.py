import pytest

from register.complaint import WITA
from webhooks.language import date_words, spoken


def test_pages_are_indonesian_whatever_the_browser_prefers(client) -> None:
    assert '<html lang="id">' in client.get("/", headers={"Accept-Language": "en"}).text


def test_a_chosen_language_is_remembered(client) -> None:
    assert '<html lang="en">' in client.get("/?lang=en").text
    assert "Track a complaint" in client.get("/status").text
    client.get("/?lang=id")
    assert "Lacak status pengaduan" in client.get("/status").text


@pytest.mark.parametrize("lang", ["fr", "", "en_GB", "../en", "💥"])
def test_other_languages_are_not_offered(client, lang) -> None:
    response = client.get("/", query_string={"lang": lang})
    assert '<html lang="id">' in response.text
    assert not any(cookie.startswith("lang=") for cookie in response.headers.getlist("Set-Cookie"))


def test_the_offices_language_can_be_set(build) -> None:
    assert '<html lang="en">' in build(locale="en").test_client().get("/").text


@pytest.mark.parametrize(
    ("lang", "words", "read_out"),
    [
        ("id", "Senin, 23 November 2026 pukul 00.05 WITA", "tujuh K tiga M, Q sembilan T X, dua"),
        ("en", "Monday, 23 November 2026 at 00:05 WITA", "seven K three M, Q nine T X, two"),
    ],
)
def test_dates_and_tickets_are_put_in_words(build, clock, lang, words, read_out) -> None:
    at = clock.now.astimezone(WITA).replace(hour=0, minute=5)
    with build().test_request_context(f"/?lang={lang}"):
        assert date_words(at) == words
        assert spoken("7K3M-Q9TX-2") == read_out
