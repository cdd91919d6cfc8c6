import pytest


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
