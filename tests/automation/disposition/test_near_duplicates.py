"""Near-duplicates are pointed out with precision: the same person with the same matter, or the same event."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.disposition.near_duplicates import (
    EVENT_LASTS,
    MOST_SHOWN,
    REMEMBERED,
    Filed,
    Likeness,
    RecentComplaints,
)

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
OLD = Filed(
    "AAAA-AAAA-A",
    "Bantuan PKH saya tahap tiga belum masuk rekening sejak bulan Juli",
    "PKH",
    NOW - timedelta(days=2),
    frozenset({"phone-1", "name-1"}),
    "Sebulu",
    "Selerong",
)
AGAIN = replace(OLD, ticket="BBBB-BBBB-B", text="min PKH tahap tiga saya belum masuk juga ke rekening", received_at=NOW)
FLOOD = Filed(
    "CCCC-CCCC-C",
    "Banjir merendam puluhan rumah di tepi sungai Mahakam, warga mengungsi ke masjid",
    "BENCANA",
    NOW - timedelta(hours=5),
    frozenset({"phone-2"}),
    "Muara Kaman",
    "Muara Kaman Ilir",
)
FLOOD_AGAIN = replace(
    FLOOD,
    ticket="DDDD-DDDD-D",
    text="Tolong, rumah kami terendam banjir sungai Mahakam, sudah mengungsi di masjid bersama warga",
    received_at=NOW,
    reporters=frozenset({"phone-3"}),
)


@pytest.mark.parametrize(
    ("earlier", "new", "likeness"),
    [
        pytest.param(OLD, AGAIN, Likeness.REPORTER, id="reporter and topic"),
        pytest.param(OLD, replace(AGAIN, reporters=frozenset({"name-1"})), Likeness.REPORTER, id="one key suffices"),
        pytest.param(OLD, replace(AGAIN, reporters=frozenset({"x"})), None, id="two people's PKH are two matters"),
        pytest.param(OLD, replace(AGAIN, reporters=frozenset()), None, id="nobody is not the same person"),
        pytest.param(OLD, replace(AGAIN, text="Kartu berobat ibu mati", category="PBI"), None, id="other matter"),
        pytest.param(
            OLD, replace(OLD, ticket="E", category="DATA", received_at=NOW), Likeness.REPORTER, id="same text"
        ),
        pytest.param(OLD, replace(AGAIN, received_at=OLD.received_at + REMEMBERED * 2), None, id="too long ago"),
        pytest.param(FLOOD, FLOOD_AGAIN, Likeness.EVENT, id="event"),
        pytest.param(FLOOD, replace(FLOOD_AGAIN, village=""), Likeness.EVENT, id="event, village not told"),
        pytest.param(FLOOD, replace(FLOOD_AGAIN, village="Sabintulung"), None, id="other village"),
        pytest.param(FLOOD, replace(FLOOD_AGAIN, district="Kenohan"), None, id="other kecamatan"),
        pytest.param(FLOOD, replace(FLOOD_AGAIN, district="", village=""), None, id="no place"),
        pytest.param(FLOOD, replace(FLOOD_AGAIN, category="ODGJ"), None, id="other category"),
        pytest.param(
            FLOOD, replace(FLOOD_AGAIN, received_at=FLOOD.received_at + EVENT_LASTS * 2), None, id="another flood"
        ),
        pytest.param(FLOOD, replace(FLOOD_AGAIN, text="Angin kencang merobohkan pohon"), None, id="other event"),
        pytest.param(replace(OLD, masked=True), AGAIN, None, id="would name a masked reporter"),
        pytest.param(OLD, replace(AGAIN, masked=True), None, id="would name its own masked reporter"),
        pytest.param(replace(OLD, restricted=True), AGAIN, None, id="would name a stub's reporter"),
        pytest.param(OLD, replace(AGAIN, restricted=True), Likeness.REPORTER, id="only read in Register Terbatas"),
        pytest.param(replace(FLOOD, masked=True), FLOOD_AGAIN, Likeness.EVENT, id="event, names nobody"),
        pytest.param(replace(FLOOD, restricted=True), FLOOD_AGAIN, None, id="would tell what a stub is about"),
        pytest.param(FLOOD, FLOOD, None, id="not itself"),
        pytest.param(replace(FLOOD, received_at=NOW + timedelta(hours=1)), FLOOD_AGAIN, None, id="not a later one"),
    ],
)
def test_what_is_pointed_out(earlier: Filed, new: Filed, likeness: Likeness | None) -> None:
    found = RecentComplaints([earlier]).like(new)
    assert [(each.ticket, each.likeness) for each in found] == ([(earlier.ticket, likeness)] if likeness else [])


def test_what_was_restricted_meanwhile_is_not_pointed_out() -> None:
    recent = RecentComplaints([OLD])
    assert recent.like(AGAIN)
    assert not recent.like(AGAIN, lambda filed: replace(filed, restricted=True))


def test_note() -> None:
    assert RecentComplaints([OLD]).like(AGAIN)[0].note == "Mirip dengan AAAA-AAAA-A (pelapor dan topik sama)."


def test_words_that_everybody_uses_tell_nothing() -> None:
    """Many complaints of one village in the same words are told apart by what differs."""
    many = [replace(FLOOD, ticket=str(n), reporters=frozenset({str(n)})) for n in range(40)]
    recent = RecentComplaints(many)
    assert recent.like(FLOOD_AGAIN) == ()


WORDS = st.lists(
    st.sampled_from(["banjir", "rumah", "warga", "bantuan", "beras", "sungai", "masjid", "kakek", "sakit"]), max_size=8
)
COMPLAINTS = st.builds(
    Filed,
    ticket=st.uuids().map(str),
    text=WORDS.map(" ".join),
    category=st.sampled_from(["BENCANA", "PKH", ""]),
    received_at=st.integers(0, 90).map(lambda days: NOW + timedelta(days=days)),
    reporters=st.frozensets(st.sampled_from("abc"), max_size=2),
    district=st.sampled_from(["", "Sebulu", "Kenohan"]),
    village=st.sampled_from(["", "Selerong"]),
)


@given(st.lists(COMPLAINTS, max_size=25), COMPLAINTS)
def test_whatever_is_pointed_out_shares_a_reporter_or_a_place(filed: list[Filed], new: Filed) -> None:
    by_ticket = {each.ticket: each for each in filed}
    found = RecentComplaints(filed).like(new)
    assert len(found) <= MOST_SHOWN
    for each in found:
        earlier = by_ticket[each.ticket]
        assert earlier.received_at <= new.received_at
        shared = bool(earlier.reporters & new.reporters)
        assert shared is (each.likeness is Likeness.REPORTER)
        assert shared or (earlier.district == new.district != "" and earlier.category == new.category)


@given(st.lists(COMPLAINTS, max_size=25))
def test_nothing_old_is_kept(filed: list[Filed]) -> None:
    recent = RecentComplaints(filed)
    latest = max((each.received_at for each in filed), default=NOW)
    assert len(recent) == sum(each.received_at >= latest - REMEMBERED for each in filed)
    recent.add(replace(FLOOD, received_at=latest + 2 * REMEMBERED, ticket="last"))
    assert len(recent) == 1


def test_a_new_complaint_costs_little_among_many() -> None:
    recent = RecentComplaints(
        replace(FLOOD, ticket=str(n), text=f"{FLOOD.text} {n}", district=str(n % 20), received_at=NOW)
        for n in range(5_000)
    )
    began = time.process_time()
    for _ in range(20):
        recent.like(replace(FLOOD_AGAIN, district="3"))
    assert time.process_time() - began < 20 * 0.02
