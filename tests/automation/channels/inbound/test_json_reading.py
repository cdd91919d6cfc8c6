"""Answers of the right type, whatever stands in a body."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.channels.inbound.contents import place_text
from automation.channels.inbound.json_reading import EARLIEST, Json, written_at
from tests.automation.channels.inbound.bodies import RECEIVED, SENT, SENT_AT


@pytest.mark.parametrize(
    ("value", "at"),
    [
        (SENT, SENT_AT),
        (str(SENT), SENT_AT),
        (SENT * 1000 + 123, SENT_AT.replace(microsecond=123000)),
        (f"{SENT}000", SENT_AT),
        (float(SENT), SENT_AT),
        ("2026-11-23T02:00:00+0000", SENT_AT),
        ("2026-11-23T10:00:00+08:00", SENT_AT),
        ("2026-11-23T02:00:00Z", SENT_AT),
        ("2026-11-23T02:00:00", None),
        ("kemarin", None),
        ("0001-01-01T00:00:00+14:00", None),
        (10**300, None),
        (-(10**300), None),
        (True, None),
        ([SENT], None),
        (None, None),
    ],
)
def test_an_instant_is_told_in_many_ways(value: Any, at: datetime | None) -> None:
    assert Json({"timestamp": value}).instant("timestamp") == at


def test_an_instant_that_cannot_be_true_gives_way_to_the_delivery() -> None:
    soon = RECEIVED + timedelta(seconds=1)
    assert written_at(RECEIVED, SENT_AT) == SENT_AT
    assert written_at(RECEIVED, RECEIVED) == RECEIVED
    assert written_at(RECEIVED, soon) == RECEIVED
    assert written_at(RECEIVED, None, SENT_AT) == SENT_AT
    assert written_at(RECEIVED, soon, SENT_AT) == SENT_AT
    assert written_at(RECEIVED, datetime(1970, 1, 1, tzinfo=UTC)) == RECEIVED
    assert written_at(RECEIVED, EARLIEST) == EARLIEST
    assert written_at(RECEIVED, EARLIEST - timedelta(seconds=1)) == RECEIVED
    assert written_at(RECEIVED) == RECEIVED


@pytest.mark.parametrize(
    ("value", "text", "id_"),
    [
        (" Halo\r\nPak\x00 ", "Halo\nPak", "Halo\nPak"),
        ("a\ud800b", "a\ufffdb", "a\ufffdb"),
        (7, "", "7"),
        (-7, "", "-7"),
        (10**511, "", str(10**511)),
        (10**512, "", ""),
        (10**5000, "", ""),
        ("x" * 513, "x" * 513, ""),
        (7.0, "", ""),
        (True, "", ""),
        (None, "", ""),
        ({}, "", ""),
    ],
    ids=range(12),
)
def test_a_text_can_be_stored_and_an_id_may_be_a_number(value: Any, text: str, id_: str) -> None:
    assert (Json(value).text(), Json(value).id()) == (text, id_)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (7, 7),
        ("7.5", 7.5),
        ("-0.42", -0.42),
        ("nan", None),
        ("1e999", None),
        (10**400, None),
        (False, None),
        ([], None),
    ],
)
def test_a_number_is_finite(value: Any, number: float | None) -> None:
    assert Json(value).number() == number


def test_a_way_that_leads_nowhere_ends_in_nothing() -> None:
    body = Json({"a": {"b": [1, {"c": False}]}})
    assert [member.id() for member in body.each("a", "b")] == ["1", ""]
    assert (body.has("a", "b"), body.has("a", "x"), body.has("a", "b", "c")) == (True, False, False)
    assert body.each("a") == ()
    assert (Json({"x": 1}).says("x"), Json({"x": True}).says("x")) == (False, True)


@given(latitude=st.floats(), longitude=st.floats())
def test_a_place_is_on_earth_or_nowhere(latitude: float, longitude: float) -> None:
    text = place_text(latitude, longitude)
    if text:
        assert abs(float(text.removeprefix("Lokasi: ").split(", ")[0]) - latitude) < 1e-6
    else:
        assert not (abs(latitude) <= 90 and abs(longitude) <= 180)


def test_degrees_are_written_plainly() -> None:
    assert place_text(-0.000001, 116.9800004) == "Lokasi: -0.000001, 116.98"
    assert place_text(-1e-9, 100.0) == "Lokasi: 0, 100"
    assert place_text(None, 100.0) == ""
