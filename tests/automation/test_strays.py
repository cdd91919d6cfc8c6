"""The system's own words in people's cells are told from what people write by where the columns stood."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.rows import PEOPLE_KEYS, Row, cell_digests, people_digest
from automation.strays import InFlight, as_people_left_them
from register.changes import MirrorRow
from register.sealing import Keyring
from sheets_schema.layout import locate
from sheets_schema.register_tab import REGISTER

DIGEST = Keyring(b"0" * 32).digest
HEADERS = [column.header for column in REGISTER.columns]
STOOD = locate(REGISTER, HEADERS).positions
MOVED = locate(REGISTER, ["Sisipan", *HEADERS])
A, B = "7K3M-Q9TX-2", "0WNK-2N77-K"
OWN = {"status": "Dalam Proses", "note": "Proses: diterapkan.", "identity": "Terbuka", "updated_at": "2026-11-23 10:30"}


def row(ticket: str, **cells: str) -> Row:
    shown = [""] * MOVED.width
    for key, text in {"ticket": ticket, **cells}.items():
        shown[MOVED.positions[key]] = text
    return Row(1, tuple(shown), MOVED)


def read(**cells: str) -> MirrorRow:
    return MirrorRow("", people_digest(cells, DIGEST), cell_digests(cells, DIGEST), seen=True)


def left(rows: list[Row], flight: InFlight, mirror: dict[str, MirrorRow]) -> list[dict[str, str]]:
    told = as_people_left_them(rows, flight, mirror, DIGEST, lambda _: OWN, lambda _, key: f"semula {key}")
    return [dict(one.restored) for one in told]


FLIGHT = InFlight(STOOD).now_at(MOVED.positions)
CASES = {
    "the note landed where the box is now": ({"send_reply": OWN["note"]}, {"send_reply": "semula send_reply"}),
    "people wrote something else there": ({"send_reply": "TRUE"}, {}),
    "people wrote the same elsewhere": ({"follow_up": OWN["note"]}, {}),
    "a warning landed there": (
        {"send_reply": "Tiket X ada pada baris 2 dan 3. Hapus salinannya."},
        {"send_reply": "semula send_reply"},
    ),
}


@pytest.mark.parametrize(("cells", "restored"), CASES.values(), ids=CASES)
def test_only_our_own_words_at_the_old_place_are_taken_back(cells: dict[str, str], restored: dict[str, str]) -> None:
    assert MOVED.positions["send_reply"] == STOOD["note"], "put in at the left, each column stands one further right"
    assert left([row(A, **cells)], FLIGHT, {A: read()}) == [restored]


def test_what_was_read_before_is_never_touched() -> None:
    assert left([row(A, send_reply=OWN["note"])], FLIGHT, {A: read(send_reply=OWN["note"])}) == [{}]


def test_a_fill_is_taken_back_where_it_was_not_meant() -> None:
    fill = {"received_at": "2026-11-23 10:30", "channel": "Loket"}
    flight = InFlight(MOVED.positions, fills={A: fill})
    mirror = {A: read(), B: read(received_at="20/11/2026 9.15", channel="Telepon")}
    assert left([row(A), row(B, **fill)], flight, mirror)[1] == {key: f"semula {key}" for key in fill}
    assert left([row(A, **fill), row(B, **fill)], flight, mirror) == [{}, {}], "it arrived; the other is a clerk's"
    assert left([row(A), row(B, channel="Loket")], flight, mirror)[1] == {}, "a part of it is a clerk's"


def test_columns_that_did_not_move_leave_nothing_in_flight() -> None:
    assert InFlight().now_at(STOOD).moved == frozenset()
    assert InFlight(STOOD).now_at(STOOD).moved == frozenset()
    assert FLIGHT.settled() == InFlight(MOVED.positions)


@given(
    order=st.permutations(HEADERS),
    fills=st.dictionaries(st.just(A), st.dictionaries(st.sampled_from(PEOPLE_KEYS), st.text())),
)
def test_what_is_in_flight_survives_a_restart(order: list[str], fills: dict[str, dict[str, str]]) -> None:
    flight = replace(InFlight(STOOD).now_at(locate(REGISTER, order).positions), fills=fills)
    assert InFlight.from_json(flight.to_json()) == flight
    assert InFlight.from_json(None) == InFlight()
