"""Forms that were not open in this browser, or for too long, are shown again with everything that was typed."""

import pytest

SHOWN_AGAIN = "Formulir ini sudah terlalu lama terbuka"


@pytest.mark.parametrize("token", ["", "x", "a.b", "💥", "W10.x" * 100], ids=["none", "x", "a.b", "emoji", "long"])
def test_a_form_without_our_token_is_shown_again(citizen, store, token_in, token) -> None:
    response = citizen.send(token)
    assert response.status_code == 400
    assert SHOWN_AGAIN in response.text
    assert "Ibu Contoh" in response.text
    assert store.complaints() == {}
    assert citizen.send(token_in(response)).status_code == 303


def test_a_form_that_was_open_too_long_is_shown_again(citizen, store, clock, token_in) -> None:
    token = citizen.open_form()
    clock.pass_by(hours=12, seconds=1)
    response = citizen.send(token)
    assert response.status_code == 400
    assert SHOWN_AGAIN in response.text
    assert citizen.send(token_in(response)).status_code == 303
    assert len(store.complaints()) == 1


def test_a_form_is_good_for_twelve_hours(citizen, clock) -> None:
    token = citizen.open_form()
    clock.pass_by(hours=12)
    assert citizen.send(token).status_code == 303


def test_an_expired_form_that_had_gone_in_is_not_filed_twice(citizen, store, clock, token_in) -> None:
    token = citizen.open_form()
    first = citizen.send(token)
    clock.pass_by(hours=13)
    again = citizen.send(token_in(citizen.send(token)))
    assert again.headers["Location"] == first.headers["Location"]
    assert len(store.complaints()) == 1


def test_another_sites_form_is_not_filed_and_its_key_is_dropped(citizen, build, store, token_in) -> None:
    """Else whoever made that form could send the same once more, and be led to the ticket."""
    stranger = type(citizen)(build().test_client())
    token = stranger.open_form()
    response = citizen.send(token)
    assert response.status_code == 400
    assert citizen.send(token_in(response)).status_code == 303
    stranger.send(token)
    assert len(store.complaints()) == 2


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://localhost"}, 303),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "http://penipu.contoh.id"}, 400),
        ({"Origin": "null"}, 400),
        ({"Sec-Fetch-Site": "cross-site"}, 400),
        ({}, 400),
    ],
)
def test_without_cookies_the_browsers_word_on_its_origin_counts(citizen, build, headers, status) -> None:
    token = citizen.open_form()
    other = build().test_client(use_cookies=False)
    response = other.post("/pengaduan", data={"token": token} | citizen.filled, headers=headers)
    assert response.status_code == status


def test_another_key_signs_other_tokens(citizen, build) -> None:
    token = citizen.open_form()
    other = build(secret_key="another")
    citizen.client.application.extensions["aduan"] = other.extensions["aduan"]
    assert citizen.send(token).status_code == 400


def test_an_origin_that_is_no_address_is_not_ours(citizen) -> None:
    token = citizen.open_form()
    citizen.client.delete_cookie("form")
    data = {"token": token} | citizen.filled
    assert citizen.client.post("/pengaduan", data=data, headers={"Origin": "http://["}).status_code == 400
