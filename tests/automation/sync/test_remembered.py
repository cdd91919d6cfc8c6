"""A tick that remembers does what a tick that remembers nothing would do; it only looks at less."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from automation.disposition.rule_counts import COUNTED_EVERY
from automation.sync.remembered import SettledRows, holds_until
from automation.sync.rows import Row
from register.changes import Change
from register.complaint import WITA, Event, EventKind, Status
from sheets_schema.layout import locate
from sheets_schema.register_tab import REGISTER
from tests.builders import MOMENT, a_complaint
from tests.office import TICK, Office, close_office, open_office

EXAMPLES = 150 if os.environ.get("ADUAN_TEST_SCALE") == "full" else 6
HEADER = [column.header for column in REGISTER.columns]
LAYOUT = locate(REGISTER, HEADER)


def cells(ticket: str, *others: Any) -> tuple[Any, ...]:
    return (ticket, *others)


def row(index: int, *texts: Any) -> Row:
    return Row(index, texts, LAYOUT)


# -- settled rows -------------------------------------------------------------------------------------------------


def settled(*rows: Row, until: datetime | None = None) -> SettledRows:
    found = SettledRows()
    found.look("rules", MOMENT)
    for each in rows:
        found.add(each.text("ticket"), each, until)
    return found


@pytest.mark.parametrize(
    ("now", "same"),
    [
        (cells("A", "1", "x"), True),
        (cells("A", "1", "y"), False),
        (cells("A", "1"), False),
        (cells("A", "1", "x", "more"), False),
        (cells("B", "1", "x"), False),
        ((), False),
    ],
    ids=["as it was", "a cell", "shorter", "longer", "another ticket", "gone"],
)
def test_a_settled_row_is_known_by_all_its_cells(now: tuple[Any, ...], same: bool) -> None:
    others, kept = settled(row(1, "A", "1", "x")).part([now], LAYOUT)
    assert (kept, [each.index for each in others]) == ({"A"} if same else set(), [1] if now and not same else [])


@pytest.mark.parametrize(("before", "after"), [(True, 1), (1, True), (False, 0), (1, 1.0)], ids=repr)
def test_a_number_is_not_a_check_box_though_python_thinks_so(before: Any, after: Any) -> None:
    assert not settled(row(1, "A", before)).part([cells("A", after)], LAYOUT)[1]


@pytest.mark.parametrize("twin", [cells("A", "1"), cells("A", "2"), cells("a", "1")], ids=["copy", "changed", "case"])
@pytest.mark.parametrize("first", [True, False])
def test_a_doubled_ticket_needs_a_look_at_both_rows(twin: tuple[Any, ...], first: bool) -> None:
    twin = tuple("7K3M-Q9TX-2" if cell == "A" else "7k3m-q9tx-2" if cell == "a" else cell for cell in twin)
    known = ("7K3M-Q9TX-2", "1")
    sheet = [known, twin] if first else [twin, known]
    others, kept = settled(row(1, *known)).part(sheet, LAYOUT)
    assert (kept, [each.index for each in others]) == (set(), [1, 2])


def test_rows_are_known_wherever_staff_moved_them() -> None:
    others, kept = settled(row(1, "A", "1"), row(2, "B", "2")).part([(), cells("B", "2"), cells("A", "1")], LAYOUT)
    assert (kept, others) == ({"A", "B"}, [])


def test_a_row_needs_another_look_from_its_instant_on() -> None:
    found = settled(row(1, "A"), until=MOMENT + timedelta(minutes=5))
    found.look("rules", MOMENT + timedelta(minutes=4))
    assert len(found) == 1
    found.look("rules", MOMENT + timedelta(minutes=5))
    assert len(found) == 0


@pytest.mark.parametrize(("through", "now"), [("other rules", MOMENT), ("rules", MOMENT - timedelta(seconds=1))])
def test_other_rules_and_a_clock_set_back_settle_nothing(through: str, now: datetime) -> None:
    found = settled(row(1, "A"))
    found.look("rules", MOMENT)
    assert len(found) == 1
    found.look(through, now)
    assert len(found) == 0


MIDNIGHT = datetime(2026, 11, 24, tzinfo=WITA)


@pytest.mark.parametrize(
    ("complaint", "until"),
    [
        (a_complaint(), MOMENT),
        (a_complaint(received_at=MOMENT - timedelta(1), recorded_at=MOMENT - timedelta(1)), MOMENT),
        (a_complaint(updated_at=MOMENT - timedelta(1), step_due_at=MOMENT + timedelta(1)), MOMENT),
        (a_complaint(status=Status.ARCHIVED), MOMENT),
    ],
)
def test_an_instant_of_just_now_is_looked_at_once_more(complaint: Any, until: datetime) -> None:
    assert holds_until(complaint, MOMENT) == until


@pytest.mark.parametrize(
    ("changes", "until"),
    [
        ({}, MIDNIGHT),
        ({"step_due_at": MOMENT + timedelta(hours=1)}, MOMENT + timedelta(hours=1)),
        (
            {"step_due_at": MOMENT + timedelta(days=3), "due_at": MOMENT + timedelta(minutes=1)},
            MOMENT + timedelta(0, 60),
        ),
        ({"step_due_at": MOMENT - timedelta(days=3)}, MIDNIGHT),
        ({"emergency_due_at": MOMENT + timedelta(minutes=9)}, MOMENT + timedelta(minutes=9)),
        ({"status": Status.ARCHIVED}, None),
    ],
    ids=["midnight", "the step", "the answer", "long past", "an emergency", "closed"],
)
def test_words_hold_until_a_deadline_or_midnight(changes: dict[str, Any], until: datetime | None) -> None:
    past = dict.fromkeys(("received_at", "recorded_at", "updated_at"), MOMENT - timedelta(hours=2))
    assert holds_until(a_complaint(**(past | changes)), MOMENT) == until


# -- the tick -----------------------------------------------------------------------------------------------------


def looked_at(office: Office, act: Callable[[], object]) -> int:
    """How many rows were compared cell by cell with what they should show."""
    book = office.reconciler._shared
    before = book._system_cells
    seen: list[str] = []

    def counting(complaint: Any, *rest: Any) -> Any:
        seen.append(complaint.ticket)
        return before(complaint, *rest)

    book._system_cells = counting  # type: ignore[method-assign]
    act()
    del book._system_cells  # type: ignore[attr-defined]
    return len(seen)


def test_a_tick_looks_at_what_changed_only(office: Office) -> None:
    tickets = [office.file().ticket for _ in range(12)]
    office.tick(3)
    assert looked_at(office, office.tick) == 0
    office.type(tickets[3], follow_up="sudah ditelepon")
    office.type(tickets[7], act="Proses")
    assert looked_at(office, office.tick) == 2
    office.tick(2)
    assert looked_at(office, office.tick) == 0
    office.now += timedelta(days=1)
    assert looked_at(office, office.tick) == 12


def test_a_change_by_another_process_reaches_the_sheet(office: Office) -> None:
    ticket = office.file().ticket
    office.tick(4)
    event = Event(EventKind.ACT, office.now, "pelapor", {"status": Status.WITHDRAWN.value})
    office.store.commit([Change(ticket, {"status": Status.WITHDRAWN}, (event,))])
    office.tick()
    assert office.row(ticket)["Status"] == "Dicabut"


def test_what_another_worker_read_is_not_read_again(office: Office) -> None:
    """Whoever has the register again after another worker forgets, and so acts on nothing twice."""
    ticket = office.file().ticket
    office.tick(4)
    first = office.reconciler
    office.restart()
    office.type(ticket, act="Proses")
    office.tick(3)
    first.forget()
    office.reconciler = first
    assert office.tick().changed == 0
    kinds = [event.kind for event in office.store.events(ticket)]
    assert kinds.count(EventKind.ACT) == 1


def test_after_a_write_that_the_lease_forbade_nothing_is_remembered(office: Office) -> None:
    ticket = office.file().ticket
    office.tick(3)
    office.type(ticket, act="Proses")
    office.may_write = False
    office.tick()
    office.may_write = True
    office.tick()
    assert office.row(ticket)["Status"] == "Dalam Proses"


def test_new_rules_are_applied_to_rows_that_did_not_change(office: Office) -> None:
    office.now = datetime(2026, 11, 23, 16, 0, tzinfo=WITA) - timedelta(minutes=5)
    ticket = office.file().ticket
    office.tick(4)
    assert office.row(ticket)["Sisa Waktu"] == "1 hari kerja lagi"
    office.now = datetime(2026, 11, 26, 9, 0, tzinfo=WITA)
    office.tick(2)
    assert office.row(ticket)["Sisa Waktu"] == "terlambat 2 hari kerja"
    office.type_at(1, "Hari Libur", on="2026-11-25", name="HUT Tenggarong", change="Tambah libur")
    office.tick(2)
    assert office.row(ticket)["Sisa Waktu"] == "terlambat 1 hari kerja"


EDITS = st.one_of(
    st.tuples(st.just("file"), st.sampled_from(["Bantuan sembako belum cair.", "Anak dipukuli bapaknya tiap hari."])),
    st.tuples(st.just("act"), st.sampled_from(["Proses", "Arsipkan", "Selesai", "Tunda", ""])),
    st.tuples(st.just("reply"), st.sampled_from(["Segera cair.", "Sudah cair.", ""])),
    st.tuples(st.just("send_reply"), st.sampled_from([True, False, 1.0, ""])),
    st.tuples(st.just("identity"), st.sampled_from(["Rahasia", "Terbuka", "Anonim"])),
    st.tuples(st.just("description"), st.sampled_from(["Bansos dipotong, ada pungli terus.", ""])),
    st.tuples(st.just("typed"), st.sampled_from(["Nenek telantar di pasar", "Minta kursi roda"])),
    st.tuples(st.just("delete"), st.none()),
    st.tuples(st.just("move"), st.none()),
    st.tuples(st.just("double"), st.none()),
    st.tuples(st.just("untick"), st.none()),
    st.tuples(st.just("later"), st.sampled_from([timedelta(minutes=31), timedelta(hours=5), timedelta(days=2)])),
    st.tuples(st.just("lost answer"), st.none()),
)


@pytest.mark.office
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
@given(script=st.lists(st.tuples(EDITS, st.integers(0, 9), st.booleans()), min_size=3, max_size=14))
def test_a_fresh_tick_finds_nothing_that_the_remembering_one_left(
    tmp_path_factory: pytest.TempPathFactory, script: list[tuple[tuple[str, Any], int, bool]]
) -> None:
    office = open_office(Path(tmp_path_factory.mktemp("office")), judged=False)
    try:
        office.file(3)
        office.tick(3)
        for (kind, value), place, then_tick in script:
            edit(office, kind, value, place)
            if then_tick:
                office.failing_tick()
        office.interference.lose_answers = 0
        office.tick(5)
        office.now += COUNTED_EVERY  # until then the counts of the rules may lag behind
        office.tick(3)
        assert office.tick().requests == 0, "it settles"
        before = office.rows(), office.store.complaints(), office.store.mirror(), trail(office)
        office.restart()
        office.now -= TICK
        assert office.tick().requests == 0
        assert before == (office.rows(), office.store.complaints(), office.store.mirror(), trail(office))
    finally:
        close_office(office)


def trail(office: Office) -> int:
    return sum(len(office.store.events(ticket)) for ticket in office.store.complaints())


def edit(office: Office, kind: str, value: Any, place: int) -> None:
    """What staff, citizens and misfortune do."""
    index = place % max(1, len(office.rows())) + 1
    if kind == "file":
        office.file(description=value)
    elif kind == "typed":
        office.type_row(description=value, name="Bu Loket", contact="081200000000")
    elif kind == "delete":
        office.delete_rows(index)
    elif kind == "move":
        office.move_row(index, 1)
    elif kind == "double":
        office.type_at(
            len(office.rows()) + 1, by=office.owner, ticket=office.rows()[index - 1]["Tiket"], name="Salinan"
        )
    elif kind == "untick":
        office.type_at(index, by=office.owner, ticket="")
    elif kind == "later":
        office.now += value
    elif kind == "lost answer":
        office.interference.lose_answers = 1
    else:
        office.type_at(index, **{kind: value})
