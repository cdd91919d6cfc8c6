"""The wall board: what it shows of a day, what it never shows, and the screens that are let in without signing in."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from register.changes import Change
from register.complaint import Channel, Clock, Complaint, Event, EventKind, Status
from register.displays import LINK_GOOD_FOR, MOST, SEEN_EVERY
from register.store import Store
from register.today import Day
from tests.builders import MOMENT, a_complaint, an_intake
from webhooks.board_view import Holder, Waiting, board_of, room, stands_still, waits_for

from .conftest import Clerk

CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
READ = {"register_age_seconds": 20, "problem": ""}


def an_open(**changes: Any) -> Complaint:
    """Somebody's who handles it, looked at, with time left."""
    given = {"step_begun_at": MOMENT, "bidang": "DAYASOS", "status": Status.DISPOSED, "due_at": MOMENT + 30 * DAY}
    return a_complaint(ticket=f"7K3M-Q9TX-{changes.get('number', 0)}", **given | changes)


WAITS = [
    ({}, Waiting(Holder.BIDANG, "DAYASOS")),
    ({"officer": "Budi Contoh"}, Waiting(Holder.OFFICER, "Budi Contoh")),
    ({"undecided": True, "officer": "Budi Contoh"}, Waiting(Holder.KETUA_TIM)),
    ({"bidang": ""}, Waiting(Holder.KETUA_TIM)),
    ({"restricted": True, "officer": "Budi Contoh"}, Waiting(Holder.RESTRICTED)),
    ({"pauses": ((MOMENT - DAY, None),)}, Waiting(Holder.REPORTER)),
    ({"pauses": ((MOMENT - DAY, MOMENT),)}, Waiting(Holder.BIDANG, "DAYASOS")),
]


@pytest.mark.parametrize(("changes", "waiting"), WAITS)
def test_somebody_has_to_do_something_next(changes: Mapping[str, Any], waiting: Waiting) -> None:
    assert waits_for(an_open(**changes)) == waiting


PLACES = [
    ("late", {"due_at": MOMENT - HOUR}),
    ("late", {"step_due_at": MOMENT - 3 * DAY}),
    ("late", {"emergency_due_at": MOMENT - HOUR}),
    ("today", {"emergency_due_at": MOMENT + HOUR}),
    ("today", {"due_at": MOMENT}),
    ("today", {"step_due_at": MOMENT + 13 * HOUR}),  # 23.30 WITA
    ("", {"step_due_at": MOMENT + 14 * HOUR}),
    ("", {"due_at": MOMENT - HOUR, "answered_at": MOMENT - 2 * HOUR}),
    ("", {"due_at": MOMENT - HOUR, "pauses": ((MOMENT - DAY, None),)}),
    ("today", {"emergency_due_at": MOMENT + HOUR, "pauses": ((MOMENT - DAY, None),)}),
    ("", {}),
]


@pytest.mark.parametrize(("place", "changes"), PLACES)
def test_a_complaint_is_where_its_earlier_limit_puts_it(place: str, changes: Mapping[str, Any]) -> None:
    board = board_of(Day((an_open(**changes),), (), 0), MOMENT)
    assert (board.late.count, board.today.count) == (place == "late", place == "today")


def test_the_oldest_come_first_with_the_days_since() -> None:
    day = Day(tuple(an_open(number=n, due_at=MOMENT - n * DAY) for n in (1, 9, 4)), (), 0)
    assert [(line.number, line.days) for line in board_of(day, MOMENT).late.lines] == [
        ("0009", 9),
        ("0004", 4),
        ("0001", 1),
    ]


def test_emergencies_come_before_what_is_older() -> None:
    late = [an_open(number=n, due_at=MOMENT - n * DAY) for n in range(2, 12)]
    board = board_of(Day((*late, an_open(number=1, due_at=MOMENT - HOUR, urgency="Darurat")), (), 0), MOMENT)
    assert board.late.lines[0].number == "0001"


@pytest.mark.parametrize(
    ("emergencies", "shown"), [(0, (0, 7)), (4, (4, 7)), (5, (5, 6)), (9, (9, 2)), (10, (9, 2)), (40, (9, 2))]
)
def test_emergencies_take_their_room_from_the_columns(emergencies: int, shown: tuple[int, int]) -> None:
    assert room(emergencies, 7) == shown


def test_restricted_complaints_are_counted_and_in_no_line() -> None:
    day = Day((an_open(restricted=True, due_at=MOMENT - DAY), an_open(number=7, due_at=MOMENT - DAY)), (), 0)
    board = board_of(day, MOMENT)
    assert (board.late.count, [line.number for line in board.late.lines], board.restricted) == (2, ["0007"], 1)
    assert sum(count for _, count, _ in board.waiting) == board.open == 2


@pytest.mark.parametrize(("age", "still"), [(None, True), (0, False), (300, False), (301, True)])
def test_a_worker_that_stands_still_is_noticed(age: int | None, still: bool) -> None:
    assert stands_still({"register_age_seconds": age}) is still


# -- from the store ---------------------------------------------------------------------------------------------------


def put(store: Store, *, now: datetime = MOMENT, due: datetime, **changes: Any) -> Complaint:
    """A complaint with clocks that run."""
    ticket = store.accept(an_intake(), channel=Channel.WEB, now=now).complaint.ticket
    values = {"step_begun_at": now, "bidang": "DAYASOS", "category": "SEMBAKO", "due_at": due, "step_due_at": due}
    done = changes.get("answered_at")
    clocks = [Clock("jawaban", 0, now, due, "5 hari kerja", done_at=done), Clock("langkah.5", 0, now, due, "2 hari")]
    store.commit([Change(ticket, values | changes, [Event(EventKind.DISPOSED, now, "sistem")], clocks=clocks)])
    return store.complaint(ticket)


def test_the_store_tells_the_running_day(store: Store) -> None:
    yesterday = put(store, now=MOMENT - DAY, due=MOMENT + HOUR)
    put(store, now=MOMENT - DAY, due=MOMENT, status=Status.RESOLVED, answered_at=MOMENT - HOUR)
    today = put(store, due=MOMENT + DAY)
    put(store, now=MOMENT - DAY, due=MOMENT, status=Status.RESOLVED, answered_at=MOMENT - 20 * HOUR)
    day = store.today.day(MOMENT)
    assert {each.ticket for each in day.open} == {yesterday.ticket, today.ticket}
    assert [each.ticket for each in day.received] == [today.ticket]
    assert day.answered == 1


def test_newest_event_moves_with_the_trail(store: Store) -> None:
    assert store.today.newest_event() == 0
    put(store, due=MOMENT)
    assert store.today.newest_event() == store.changed_since(0)[0] > 0


# -- the page ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def board(build: Callable[..., Flask]) -> Clerk:
    clerk = Clerk(build(notices=lambda: READ, bidang_name=lambda code: f"Bidang {code}").test_client())
    assert clerk.sign_in("ketua").status_code == 303
    return clerk


def test_it_shows_numbers_and_no_ticket_name_or_text(board: Clerk, store: Store) -> None:
    late = put(store, now=MOMENT - 9 * DAY, due=MOMENT - 3 * DAY)
    secret = put(store, now=MOMENT - 9 * DAY, due=MOMENT - 3 * DAY, restricted=True, category="PUNGLI")
    page = board.client.get("/petugas/papan").text
    assert late.register_number[:4] in page
    assert "3 hari" in page
    assert "Bidang DAYASOS" in page
    assert "1 pengaduan terbatas tidak ditampilkan" in page
    for kept in (late.ticket, secret.ticket, secret.register_number[:4], "Ibu Contoh", "sembako belum", "PUNGLI"):
        assert kept not in page
    assert 'http-equiv="refresh"' in page


def test_an_emergency_is_on_top(board: Clerk, store: Store) -> None:
    put(store, due=MOMENT + DAY, urgency="Darurat", emergency_due_at=MOMENT + HOUR)
    page = board.client.get("/petugas/papan").text
    assert 0 < page.index("DARURAT belum ditangani") < page.index("Jatuh tempo hari ini")


@pytest.mark.parametrize(
    ("notices", "told"),
    [
        (READ, "Register baru saja dibaca."),
        ({"register_age_seconds": 1800}, "Pekerja sistem berhenti: register terakhir terbaca 30 menit yang lalu"),
        ({"register_age_seconds": None}, "Register belum pernah terbaca"),
        ({"register_age_seconds": 20, "problem": "unreachable"}, "Register sedang bermasalah"),
    ],
)
def test_it_says_how_old_the_register_is(build: Any, notices: Mapping[str, object], told: str) -> None:
    clerk = Clerk(build(notices=lambda: notices).test_client())
    clerk.sign_in()
    assert told in clerk.client.get("/petugas/papan").text


# -- screens ----------------------------------------------------------------------------------------------------------


def make(clerk: Clerk, place: str = "Ruang pelayanan") -> Any:
    return clerk.client.post(
        "/petugas/papan/layar", data={"token": clerk.open_form("/petugas/papan/layar"), "tempat": place}
    )


@pytest.fixture
def code(board: Clerk) -> str:
    found = CODE.search(make(board).text)
    assert found
    return found[0]


@pytest.fixture
def screen(board: Clerk) -> FlaskClient:
    """A browser that nobody ever signed in at."""
    found: FlaskClient = board.client.application.test_client()
    return found


def let_in(screen: FlaskClient, code: str) -> int:
    return screen.post("/petugas/papan/buka", data={"kode": code}).status_code


def test_a_screen_is_let_in_once_by_its_link_and_for_good_by_its_key(
    board: Clerk, screen: FlaskClient, code: str, clock: Any, store: Store
) -> None:
    assert screen.get("/petugas/papan").status_code == 303
    assert screen.get(f"/petugas/papan/buka?kode={code}").status_code == 200, "looking at the link spends nothing"
    answer = screen.post("/petugas/papan/buka", data={"kode": code.lower().replace("-", " ")})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/petugas/papan")
    cookie = answer.headers["Set-Cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Lax", "Path=/petugas/papan", "Max-Age=34560000"))
    assert let_in(board.client.application.test_client(), code) == 403, "it is spent"
    clock.pass_by(days=200)
    assert screen.get("/petugas/papan").status_code == 200
    kept = str(store.settings("display."))
    assert code not in kept
    assert cookie.partition("=")[2].partition(";")[0] not in kept


@pytest.mark.parametrize("path", ["/petugas", "/petugas/dasbor", "/loket/cari", "/petugas/papan/layar"])
def test_a_screen_sees_nothing_else(screen: FlaskClient, code: str, path: str) -> None:
    assert let_in(screen, code) == 303
    assert screen.get(path).status_code == 303


def test_a_screen_that_is_taken_off_sees_nothing_any_more(
    board: Clerk, screen: FlaskClient, code: str, store: Store, clock: Any
) -> None:
    let_in(screen, code)
    (display,) = store.displays.all(now=clock())
    token = board.open_form("/petugas/papan/layar")
    assert "Ruang pelayanan" in board.client.get("/petugas/papan/layar").text
    assert board.client.post("/petugas/papan/layar/lepas", data={"layar": display.number}).status_code == 400
    assert screen.get("/petugas/papan").status_code == 200
    answer = board.client.post("/petugas/papan/layar/lepas", data={"token": token, "layar": display.number})
    assert answer.status_code == 303
    assert screen.get("/petugas/papan").status_code == 303
    assert store.displays.all(now=clock()) == []


def test_a_key_that_is_still_in_use_is_seen_where_screens_are_listed(
    board: Clerk, screen: FlaskClient, code: str, store: Store, clock: Any
) -> None:
    let_in(screen, code)
    assert "Terakhir terlihat" not in board.client.get("/petugas/papan/layar").text
    began, seen = clock(), []
    for _ in range(21):  # a look each minute
        assert screen.get("/petugas/papan").status_code == 200
        seen += [display.seen_at for display in store.displays.all(now=clock())]
        clock.pass_by(minutes=1)
    assert sorted(set(seen)) == [began, began + SEEN_EVERY, began + 2 * SEEN_EVERY], "it is not written at each look"
    clock.pass_by(minutes=30)
    assert board.client.get("/petugas/papan").status_code == 200, "of somebody who is signed in"
    assert "Terakhir terlihat Senin, 23 November 2026 pukul 10.50 WITA" in board.client.get("/petugas/papan/layar").text


def test_a_screen_that_is_taken_off_while_it_looks_stays_off(
    screen: FlaskClient, code: str, store: Store, clock: Any
) -> None:
    let_in(screen, code)
    (display,) = store.displays.all(now=clock())
    store.displays.remove(display.number)
    store.displays._see(f"display.{display.number}", clock())
    assert store.displays.all(now=clock()) == []


def test_a_link_that_nobody_opened_is_worth_nothing_a_day_later(screen: FlaskClient, code: str, clock: Any) -> None:
    clock.now += LINK_GOOD_FOR
    assert let_in(screen, code) == 403


@pytest.mark.parametrize("code", ["", "ABCD-EFGH-JKMN", "\x00", "é" * 12, "x" * 5000])
def test_no_other_code_lets_anybody_in(screen: FlaskClient, code: str) -> None:
    assert let_in(screen, code) == 403


def test_there_are_so_many_screens_at_most(board: Clerk, store: Store, clock: Any) -> None:
    for _ in range(MOST):
        assert store.displays.make("Ruang", "ketua", now=clock())
    assert make(board).status_code == 409
    clock.now += LINK_GOOD_FOR
    assert store.displays.make("Ruang", "ketua", now=clock()), "links that nobody opened make room"
    assert len(store.displays.all(now=clock())) == 1


@pytest.mark.parametrize("place", ["", "   "])
def test_a_screen_hangs_somewhere(board: Clerk, place: str) -> None:
    assert make(board, place).status_code == 422


RIGHTS = [
    ("baru", 403, 403),
    ("kabid", 200, 403),
    ("sari", 200, 403),
    ("ketua", 200, 200),
]


@pytest.mark.parametrize(("username", "board_status", "screens_status"), RIGHTS)
def test_who_may_see_it_and_who_may_put_it_on_a_screen(
    board: Clerk, username: str, board_status: int, screens_status: int
) -> None:
    board.sign_in_again(username)
    assert board.client.get("/petugas/papan").status_code == board_status
    assert board.client.get("/petugas/papan/layar").status_code == screens_status
