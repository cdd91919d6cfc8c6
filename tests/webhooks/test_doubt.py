"""Programs are kept off by work, haste and number; people are never locked out, and lose nothing."""

import base64
import json
import re
from html import unescape

import altcha
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webhooks import doubt
from webhooks.rate_limits import QUICK_COUNTS, UNPROVEN_PER_HOUR

ELSEWHERE = "203.0.113.7"
IN_A_ROW = UNPROVEN_PER_HOUR // QUICK_COUNTS
"""Forms that a program gets in at once before it is asked to press again."""


def challenge_in(page: str) -> altcha.Challenge:
    found = re.search(r'data-work="([^"]+)"', page)
    assert found, page
    return altcha.Challenge.from_dict(json.loads(unescape(found[1])))


def solved(challenge: altcha.Challenge) -> str:
    solution = altcha.solve_challenge(challenge)
    assert solution is not None
    return altcha.Payload(challenge, solution).to_base64()


@pytest.fixture
def stranger(build, citizen):
    """Somebody on the internet, from whose address much is sent."""
    client: FlaskClient = build().test_client()
    client.environ_base["REMOTE_ADDR"] = ELSEWHERE
    return type(citizen)(client)


@pytest.fixture
def doubted(stranger):
    """The same, once no more goes in without work."""
    for _ in range(IN_A_ROW):
        assert stranger.send().status_code == 303
    return stranger


def test_after_many_forms_in_haste_the_button_has_to_be_pressed_again(doubted, store, clock, token_in) -> None:
    before = len(store.complaints())
    page = doubted.send()
    assert page.status_code == 400
    assert "sekali lagi" in page.text
    sure = re.search(r'name="sure" value="([^"]+)"', page.text)
    assert sure
    token = token_in(page)
    too_soon = doubted.send(token, sure=sure[1])
    assert too_soon.status_code == 400
    assert f'value="{sure[1]}"' in too_soon.text, "waiting does not begin anew"
    clock.pass_by(seconds=doubt.REST_SECONDS)
    assert doubted.send(token_in(too_soon), sure=sure[1]).status_code == 303
    assert len(store.complaints()) == before + 1


def test_pressing_again_is_worth_one_form_only(doubted, clock, token_in) -> None:
    page = doubted.send()
    sure = re.search(r'name="sure" value="([^"]+)"', page.text)[1]
    clock.pass_by(seconds=doubt.REST_SECONDS)
    assert doubted.send(sure=sure).status_code == 400
    assert doubted.send(token_in(page), sure=sure).status_code == 303


def test_with_the_work_done_a_form_goes_in_at_once(doubted, token_in) -> None:
    page = doubted.send()
    assert doubted.send(token_in(page), altcha=solved(challenge_in(page.text))).status_code == 303


def test_work_is_worth_one_form_only(doubted) -> None:
    page = doubted.send()
    assert doubted.send(altcha=solved(challenge_in(page.text))).status_code == 400


def test_who_takes_time_to_read_is_asked_much_later(stranger, clock) -> None:
    for _ in range(IN_A_ROW + 1):
        token = stranger.open_form()
        clock.pass_by(seconds=doubt.QUICK_SECONDS)
        assert stranger.send(token).status_code == 303


def test_this_machines_own_forms_are_not_counted(citizen) -> None:
    for _ in range(IN_A_ROW + 2):
        assert citizen.send().status_code == 303


def test_the_work_of_a_challenge_is_bounded(build) -> None:
    with build().test_request_context():
        for _ in range(3):
            challenge = altcha.Challenge.from_dict(json.loads(doubt.challenge("k")))
            solution = altcha.solve_challenge(challenge)
            assert solution is not None
            assert 100 <= solution.counter < 500


def forged(**changes: object) -> str:
    whole = {
        "challenge": {
            "parameters": {
                "algorithm": "PBKDF2/SHA-256",
                "nonce": "00" * 16,
                "salt": "00" * 16,
                "cost": 1,
                "keyLength": 32,
                "keyPrefix": "",
                "data": {"form": "k"},
            },
            "signature": "0" * 64,
        },
        "solution": {"counter": 0, "derivedKey": "00"},
    }
    return base64.b64encode(json.dumps(whole | changes).encode()).decode()


@pytest.mark.parametrize(
    "proof",
    [
        "",
        "x",
        "💥",
        "bnVsbA==",
        forged(),
        forged(challenge=None),
        forged(solution=[]),
        forged(challenge={"parameters": {}, "signature": None}),
    ],
)
def test_nothing_but_work_is_taken_for_work(build, proof: str) -> None:
    with build().test_request_context():
        assert doubt.proven("k", {"altcha": proof}) is False


@pytest.mark.search
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner)))
def test_any_proof_is_judged(build, value: object) -> None:
    proof = base64.b64encode(json.dumps(value).encode()).decode()
    with build().test_request_context():
        assert doubt.proven("k", {"altcha": proof}) is False
        assert doubt.proven("k", {"altcha": forged(solution=value)}) is False
