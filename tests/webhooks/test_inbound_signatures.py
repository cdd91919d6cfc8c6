"""Who sent it: right, wrong, missing and stale signatures, on raw bytes."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MOMENT
from webhooks.signatures import FRESH, PREFIX, Verdict, by_hmac, by_script, by_token, signature

OLD, NEW = "rahasia lama", "rahasia baru"
BODY = b'{"text": "Bantuan \\u00e9 belum cair"}'
SECOND = timedelta(seconds=1)


def test_a_signature_is_the_one_that_the_standard_gives() -> None:
    """RFC 4231, test case 2."""
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert signature(b"what do ya want for nothing?", "Jefe") == PREFIX + expected


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        (signature(BODY, NEW), Verdict.RIGHT),
        (signature(BODY, OLD), Verdict.RIGHT),
        ("", Verdict.MISSING),
        (signature(BODY, "lain"), Verdict.WRONG),
        (signature(BODY + b" ", NEW), Verdict.WRONG),
        (signature(json.dumps(json.loads(BODY), ensure_ascii=False).encode(), NEW), Verdict.WRONG),
        (signature(BODY, NEW).removeprefix(PREFIX), Verdict.WRONG),
        (signature(BODY, NEW)[:-1], Verdict.WRONG),
        (signature(BODY, NEW) + "0", Verdict.WRONG),
        (signature(BODY, NEW).replace(PREFIX, "sha1="), Verdict.WRONG),
        (PREFIX, Verdict.WRONG),
        ("é\udcff\x00", Verdict.WRONG),
    ],
)
def test_of_an_hmac(given: str, verdict: Verdict) -> None:
    assert by_hmac(BODY, given, (OLD, NEW), MOMENT) is verdict


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        (NEW, Verdict.RIGHT),
        (OLD, Verdict.RIGHT),
        ("", Verdict.MISSING),
        (NEW + " ", Verdict.WRONG),
        (NEW[:-1], Verdict.WRONG),
        (f"{OLD} {NEW}", Verdict.WRONG),
        ("é\udcff\x00", Verdict.WRONG),
    ],
)
def test_of_a_token(given: str, verdict: Verdict) -> None:
    assert by_token(b"", given, (OLD, NEW), MOMENT) is verdict


@pytest.mark.parametrize("judge", [by_hmac, by_token, by_script])
def test_without_a_secret_nothing_is_right(judge) -> None:
    assert judge(BODY, signature(BODY, ""), (), MOMENT) is Verdict.WRONG
    assert judge(BODY, "", (), MOMENT) is Verdict.MISSING


@pytest.mark.parametrize(
    ("sent_at", "verdict"),
    [
        (MOMENT, Verdict.RIGHT),
        (MOMENT - FRESH, Verdict.RIGHT),
        (MOMENT + FRESH, Verdict.RIGHT),
        (MOMENT - FRESH - SECOND, Verdict.STALE),
        (MOMENT + FRESH + SECOND, Verdict.STALE),
    ],
)
def test_a_script_has_ten_minutes(sent_at, verdict: Verdict) -> None:
    for written in (sent_at.isoformat(), sent_at.isoformat().replace("+00:00", "Z")):
        body = json.dumps({"sent_at": written}).encode()
        assert by_script(body, signature(body, NEW), (NEW,), MOMENT) is verdict
        assert by_script(body, signature(body, "lain"), (NEW,), MOMENT) is Verdict.WRONG


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'"sent_at"',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"sent_at": null}',
        b'{"sent_at": 1795399200}',
        b'{"sent_at": "kemarin"}',
        b'{"sent_at": "2026-11-23T02:30:00"}',
        b'{"sent_at": "2026-11-23T02:30:00+99:99"}',
        b'{"sent_at": "0001-01-01T00:00:00+23:59"}',
        b'{"sent_at": "9999-12-31T23:59:59-23:59"}',
    ],
)
def test_a_script_that_does_not_say_when_is_stale(body: bytes) -> None:
    assert by_script(body, signature(body, NEW), (NEW,), MOMENT) is Verdict.STALE


@given(st.binary(max_size=200), st.text(max_size=100))
def test_whatever_is_sent_is_judged(body: bytes, given: str) -> None:
    for judge in (by_hmac, by_token, by_script):
        assert judge(body, given, (OLD, NEW), MOMENT) in {Verdict.MISSING, Verdict.WRONG}
