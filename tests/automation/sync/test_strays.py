"""The system's own words in people's cells are told from what people write by what was sent, and whether it arrived."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.sync.rows import MASK, PEOPLE_KEYS, Row, cell_digests, people_digest
from automation.sync.strays import InFlight, as_people_left_them, mark_of
from register.changes import MirrorRow
from register.sealing import Keyring
from sheets_schema.layout import Layout, locate
from sheets_schema.register_tab import REGISTER

DIGEST = Keyring(b"0" * 32).digest
HEADERS = [column.header for column in REGISTER.columns]
STOOD = locate(REGISTER, HEADERS)
MOVED = locate(REGISTER, ["Sisipan", *HEADERS])
A, B, C = "7K3M-Q9TX-2", "0WNK-2N77-K", "MNYK-AZ4T-N"
NOTE, STATUS = "Proses: diterapkan.", "Dalam Proses"


def row(ticket: str, layout: Layout = MOVED, **cells: str) -> Row:
    shown = [""] * layout.width
    for key, text in {"ticket": ticket, **cells}.items():
        shown[layout.positions[key]] = text
    return Row(1, tuple(shown), layout)


def read(**cells: str) -> MirrorRow:
    return MirrorRow("", people_digest(cells, DIGEST), cell_digests(cells, DIGEST), seen=True)


def in_flight(layout: Layout = MOVED, **sent: dict[str, str]) -> InFlight:
    """`sent` by letter of the ticket, before the columns came to stand as in `layout`."""
    tickets = {"a": A, "b": B, "c": C}
    marks = {tickets[t]: {key: [mark_of(text, DIGEST)] for key, text in cells.items()} for t, cells in sent.items()}
    return InFlight(STOOD.positions, sent=marks).now_at(layout.positions)


def left(
    rows: Sequence[Row],
    flight: InFlight,
    mirror: Mapping[str, MirrorRow],
    own: Mapping[str, str] | None = None,
    settled: Sequence[str] = (),
) -> list[dict[str, str]]:
    told = as_people_left_them(
        rows, flight, mirror, DIGEST, lambda _: own or {}, lambda _, key: f"semula {key}", settled
    )
    return [dict(one.restored) for one in told]


MOVED_CASES = {
    "the note landed where the box is now": ({"send_reply": NOTE}, {"send_reply": "semula send_reply"}),
    "people wrote something else there": ({"send_reply": "TRUE"}, {}),
    "people copied a word that they may choose": ({"corrected_urgency": "Darurat"}, {}),
    "a warning landed there": (
        {"send_reply": "Tiket X ada pada baris 2 dan 3. Hapus salinannya."},
        {"send_reply": "semula send_reply"},
    ),
    "a mask landed where nothing is masked": ({"description": MASK}, {"description": "semula description"}),
    "a mask stands where it may": ({"contact": MASK}, {}),
    "a word landed in a cell for other words": ({"channel": STATUS}, {"channel": "semula channel"}),
}


@pytest.mark.parametrize(("cells", "restored"), MOVED_CASES.values(), ids=MOVED_CASES)
def test_only_our_own_words_are_taken_back(cells: dict[str, str], restored: dict[str, str]) -> None:
    assert MOVED.positions["send_reply"] == STOOD.positions["note"], "one column was put in at the left"
    flight = in_flight(a={"note": NOTE, "status": STATUS, "urgency": "Darurat", "name": MASK})
    assert left([row(A, **cells)], flight, {A: read()}) == [restored]


def test_what_was_read_before_is_never_touched() -> None:
    assert left([row(A, send_reply=NOTE)], in_flight(a={"note": NOTE}), {A: read(send_reply=NOTE)}) == [{}]


def test_a_text_that_was_sent_some_ticks_ago_is_still_known_as_ours() -> None:
    flight = in_flight(a={"note": NOTE}).sending({A: {"note": [mark_of("Catatan baru.", DIGEST)]}}, astray=True)
    assert left([row(A, send_reply=NOTE)], flight, {A: read()}) == [{"send_reply": "semula send_reply"}]


def test_a_cell_that_was_cleared_in_passing_is_filled_again() -> None:
    flight = in_flight(a={"note": ""})
    assert left([row(A)], flight, {A: read(send_reply="TRUE")}) == [{"send_reply": "semula send_reply"}]
    assert left([row(A)], flight, {A: read(reply="Mohon menunggu.")}) == [{}], "no column stood there that was cleared"


def test_columns_that_were_put_back_before_the_next_read_hide_nothing() -> None:
    flight = in_flight(STOOD, a={"note": NOTE, "bidang": "Dayasos"})
    assert not flight.moved
    astray = row(A, STOOD, follow_up=NOTE)
    assert left([astray], flight, {A: read()}) == [{"follow_up": "semula follow_up"}]
    arrived = row(A, STOOD, note=NOTE, bidang="Dayasos", follow_up=NOTE)
    assert left([arrived], flight, {A: read()}) == [{}], "it arrived, so the other is a copy that a clerk made"
    chosen = row(A, STOOD, corrected_bidang="Dayasos")
    assert left([chosen], flight, {A: read()}) == [{}], "a clerk's choice, though our own word did not arrive"


def test_a_fill_is_taken_back_where_it_was_not_meant() -> None:
    fill = {"received_at": "2026-11-23 10:30", "channel": "Loket"}
    flight = in_flight(STOOD, a=fill)
    mirror = {A: read(), B: read(received_at="20/11/2026 9.15", channel="Telepon")}
    rows = [row(A, STOOD), row(B, STOOD, **fill)]
    assert left(rows, flight, mirror)[1] == {key: f"semula {key}" for key in fill}
    rows = [row(A, STOOD, **fill), row(B, STOOD, **fill)]
    assert left(rows, flight, mirror) == [{}, {}], "it arrived; the other is a clerk's"
    rows = [row(A, STOOD), row(B, STOOD, channel="Loket")]
    assert left(rows, flight, mirror)[1] == {}, "a part of it is a clerk's"


def test_a_row_appended_while_columns_moved_gets_what_was_meant_for_it() -> None:
    own = {"ticket": A, "description": "Beras", "name": MASK, "status": STATUS, "note": "Baru."}
    shown = {**own, "status": "Didisposisi"}
    cells = [""] * MOVED.width
    for key, text in shown.items():
        cells[STOOD.positions[key]] = text
    flight = in_flight(a=shown)
    astray = Row(1, tuple(cells), MOVED)
    [restored] = left([astray], flight, {}, own)
    assert restored["ticket"] == A
    mended = {key: restored.get(key, astray.shown(key)) for key in PEOPLE_KEYS}
    assert mended == {key: own.get(key, "") for key in PEOPLE_KEYS}


def test_a_new_row_that_arrived_whole_before_columns_moved_is_left_as_a_clerk_changed_it() -> None:
    own = {"ticket": A, "description": "Beras", "name": "Bu Tes", "status": STATUS}
    emptied = row(A, name="Bu Tes", status=STATUS)
    assert left([emptied], in_flight(a=own), {}, own) == [{}]


def test_a_row_whose_ticket_was_written_over_is_known_by_its_story() -> None:
    stood = read(description="Atap bocor")
    flight = in_flight(a={"status": STATUS})
    lost = row("", description="Atap bocor")
    assert left([lost], flight, {A: stood}) == [{"ticket": A}]
    assert left([lost, row(A)], flight, {A: stood})[0] == {}, "another row shows it"
    assert left([lost], flight, {A: stood}, settled=[A]) == [{}], "another row shows it, as before"
    assert left([lost], in_flight(STOOD, a={"status": STATUS}), {A: stood}) == [{}], "no column moved: staff did it"


def test_columns_that_did_not_move_leave_nothing_in_flight() -> None:
    assert InFlight().now_at(STOOD.positions).moved == frozenset()
    assert InFlight(STOOD.positions).now_at(STOOD.positions).moved == frozenset()
    assert in_flight(a={"note": NOTE}).sending({}, astray=False) == InFlight(MOVED.positions)


@given(
    order=st.permutations(HEADERS),
    sent=st.dictionaries(
        st.sampled_from([A, B]), st.dictionaries(st.sampled_from(PEOPLE_KEYS), st.lists(st.text(), min_size=1))
    ),
)
def test_what_is_in_flight_survives_a_restart(order: list[str], sent: dict[str, dict[str, list[str]]]) -> None:
    flight = InFlight(STOOD.positions, sent=sent).now_at(locate(REGISTER, order).positions)
    assert InFlight.from_json(flight.to_json()) == flight
    assert InFlight.from_json(None) == InFlight()
    assert InFlight.from_json({"positions": {"ticket": 0}, "moved": [], "fills": {}}) == InFlight()
