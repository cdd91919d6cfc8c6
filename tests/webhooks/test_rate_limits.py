"""How often one address may send something; over it, nothing is lost and the page says when to try again."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.builders import some_data
from webhooks.rate_limits import ALLOWANCES, PAGES_OF_A_FILING

ELSEWHERE, NEIGHBOUR = "203.0.113.7", "203.0.113.8"


@pytest.fixture
def office(build):
    """An office that takes two forms and two complaints by API an hour from one address."""
    return build(filings_per_hour=2, api_per_hour=2)


def api(app, address: str):
    return app.test_client().post("/api/v1/complaints", json=some_data(), environ_base={"REMOTE_ADDR": address})


def test_the_api_says_when_to_try_again(office, problem_of) -> None:
    assert [api(office, ELSEWHERE).status_code for _ in range(2)] == [201, 201]
    refused = api(office, ELSEWHERE)
    problem = problem_of(refused)
    assert (problem["status"], problem["code"]) == (429, "too_many_requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 3600
    assert "WITA" in problem["detail"]
    assert api(office, NEIGHBOUR).status_code == 201


def test_the_form_keeps_what_was_typed_and_says_when_to_try_again(office, citizen, store, token_in) -> None:
    client = office.test_client()
    client.environ_base["REMOTE_ADDR"] = ELSEWHERE
    somebody = type(citizen)(client)
    assert [somebody.send().status_code for _ in range(2)] == [303, 303]
    token = somebody.open_form()
    page = somebody.send(token)
    assert page.status_code == 429
    assert "Terlalu banyak kiriman" in page.text
    assert "WITA" in page.text
    assert "Ibu Contoh" in page.text
    assert 1 <= int(page.headers["Retry-After"]) <= 3600
    assert page.headers["Cache-Control"] == "no-store"
    client.environ_base["REMOTE_ADDR"] = NEIGHBOUR
    assert somebody.send(token_in(page)).status_code == 303
    assert len(store.complaints()) == 3


def test_steps_have_room_for_mending_and_changing(office) -> None:
    client = office.test_client()
    client.environ_base["REMOTE_ADDR"] = ELSEWHERE
    statuses = [client.post("/pengaduan/isi/kejadian").status_code for _ in range(2 * PAGES_OF_A_FILING + 1)]
    assert statuses == [400] * (2 * PAGES_OF_A_FILING) + [429]


@pytest.mark.parametrize(
    ("first", "then", "together"),
    [
        ("203.0.113.7", "203.0.113.8", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "::ffff:203.0.113.8", False),
    ],
)
def test_an_address_is_a_subscriber(office, first: str, then: str, together: bool) -> None:
    assert [api(office, first).status_code for _ in range(2)] == [201, 201]
    assert api(office, then).status_code == (429 if together else 201)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_this_machine_is_not_limited(office, address: str) -> None:
    assert [api(office, address).status_code for _ in range(4)] == [201] * 4


def test_behind_a_proxy_the_citizens_address_counts(build) -> None:
    app = build(api_per_hour=1, trusted_proxies=1)

    def through_proxy(address: str) -> int:
        headers = {"X-Forwarded-For": address}
        return app.test_client().post("/api/v1/complaints", json=some_data(), headers=headers).status_code

    assert [through_proxy(ELSEWHERE), through_proxy(ELSEWHERE), through_proxy(NEIGHBOUR)] == [201, 429, 201]


def test_nought_is_no_limit(build) -> None:
    app = build(filings_per_hour=0, api_per_hour=0)
    assert [api(app, ELSEWHERE).status_code for _ in range(3)] == [201] * 3


def test_one_applications_counts_are_not_anothers(build) -> None:
    for _ in range(2):
        app = build(api_per_hour=1)
        assert api(app, ELSEWHERE).status_code == 201


def test_threads_that_send_at_once_get_no_more_than_one_after_another(build, caplog) -> None:
    app = build(api_per_hour=20)
    with caplog.at_level(0), ThreadPoolExecutor(8) as threads:
        statuses = Counter(threads.map(lambda _: api(app, ELSEWHERE).status_code, range(40)))
    assert statuses == {201: 20, 429: 20}
    assert ELSEWHERE not in caplog.text


def test_every_allowance_is_around_a_view_that_takes_something(client) -> None:
    rules = {rule.endpoint: rule.methods for rule in client.application.url_map.iter_rules()}
    assert [each.endpoint for each in ALLOWANCES if "POST" not in (rules[each.endpoint] or ())] == []


def test_a_language_that_is_none_spares_nobody_the_doubt(build, citizen) -> None:
    client = build().test_client()
    client.environ_base["REMOTE_ADDR"] = ELSEWHERE
    somebody = type(citizen)(client)
    statuses = {somebody.send(lang="zz").status_code for _ in range(8)}
    assert statuses == {303, 400}
