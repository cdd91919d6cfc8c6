"""The chain's form is fixed for good: what was printed on paper years ago must be found again."""

import hashlib
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.chain import GENESIS, Link, PrintedRootError, day_of, next_mac, printed_root, read_printed
from register.sealing import Keyring

FIRST = Link(
    seq=1,
    ticket="7K3M-Q9TX-2",
    at="2026-11-23T02:30:00.000000Z",
    kind="received",
    actor="pelapor",
    public_label="Pengaduan diterima ✓",
    data={"received_at": "2026-11-20", "channel": "desk"},
    sealed=b"\x00\xff",
)
AS_TEXT = (
    '["aduan trail 1","' + "00" * 32 + '",1,"7K3M-Q9TX-2","2026-11-23T02:30:00.000000Z","received","pelapor",'
    '"Pengaduan diterima \\u2713",{"channel":"desk","received_at":"2026-11-20"},"00ff"]'
)
TEXTS = st.text(max_size=8)
LINKS = st.builds(
    Link,
    seq=st.integers(1, 3),
    **dict.fromkeys(("ticket", "at", "kind", "actor", "public_label"), TEXTS),
    data=st.dictionaries(TEXTS, TEXTS, max_size=2),
    sealed=st.none() | st.binary(max_size=4),
)


def test_hash_is_that_of_the_written_form() -> None:
    assert FIRST.hash(GENESIS) == hashlib.sha256(AS_TEXT.encode("ascii")).digest()
    assert printed_root(FIRST.hash(GENESIS)) == "4424 8a8b 9598 8e66 78b9 9a5c a371 e679"


OTHERWISE: dict[str, Any] = {
    "seq": 2,
    "ticket": "0000-0000-0",
    "at": "2026-11-23T02:30:00.000001Z",
    "kind": "act",
    "actor": "staf",
    "public_label": "",
    "data": {},
    "sealed": None,
}


def test_every_part_counts() -> None:
    assert set(OTHERWISE) == {field.name for field in fields(Link)}
    hashes = {replace(FIRST, **{name: value}).hash(GENESIS) for name, value in OTHERWISE.items()}
    assert len(hashes | {FIRST.hash(GENESIS), FIRST.hash(b"x" * 32)}) == len(OTHERWISE) + 2
    assert replace(FIRST, sealed=None).hash(GENESIS) != replace(FIRST, sealed=b"").hash(GENESIS)


@given(one=LINKS, other=LINKS)
def test_hashes_are_equal_only_for_equal_events(one: Link, other: Link) -> None:
    assert (one.hash(GENESIS) == other.hash(GENESIS)) == (one == other)


@given(data=st.dictionaries(TEXTS, TEXTS))
def test_order_of_data_does_not_count(data: dict[str, str]) -> None:
    turned = dict(reversed(data.items()))
    assert replace(FIRST, data=data).hash(GENESIS) == replace(FIRST, data=turned).hash(GENESIS)


@given(own=st.binary(min_size=32, max_size=32))
def test_printed_root_is_read_back(own: bytes) -> None:
    shown = printed_root(own)
    assert len(shown.split(" ")) == 8
    for typed in (shown, shown.upper(), shown.replace(" ", ""), f" {shown.replace(' ', ' - ')}\n"):
        assert read_printed(typed) == own[:16]


@pytest.mark.parametrize("typed", ["", "ab" * 15, "ab" * 17, "g" * 32, "٣" * 32])
def test_what_is_no_root_is_refused(typed: str) -> None:
    with pytest.raises(PrintedRootError):
        read_printed(typed)


def test_running_mac_depends_on_all_before_and_on_the_key_file() -> None:
    digest, stranger = Keyring(bytes(range(32))).digest, Keyring(bytes(32)).digest
    a, b = b"a" * 32, b"b" * 32
    macs = [next_mac(d, next_mac(d, "", one), two) for d in (digest, stranger) for one, two in ((a, b), (b, a), (a, a))]
    assert len(set(macs)) == len(macs)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 11, 23, 15, 59, 59, 999_999, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), date(2026, 11, 24)),
    ],
)
def test_day_is_that_of_wita(at: datetime, day: date) -> None:
    assert day_of(at) == day
