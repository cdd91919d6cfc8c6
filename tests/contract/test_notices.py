"""What staff are told, once and for all, and messages on their way: on both databases."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from register.changes import Change
from register.complaint import Channel, Clock, EventKind, Status
from register.notices import Batch, Notice, StaffMessage, State
from register.store import Store
from tests.builders import MOMENT, an_intake
from tests.contract.test_store import at_once

LATER = MOMENT + timedelta(minutes=5)


def filed(store: Store, *clocks: tuple[str, timedelta], **fields: Any) -> str:
    """A complaint with clocks that are due so long after `MOMENT`."""
    ticket = store.accept(an_intake(), channel=Channel.WEB, now=MOMENT).complaint.ticket
    running = [Clock(key, 0, MOMENT, MOMENT + span, "1 jam") for key, span in clocks]
    store.commit([Change(ticket, fields, clocks=running)])
    return ticket


def notice(ticket: str, rung: str = "jatuh_tempo", mark: str = "") -> Notice:
    return Notice(ticket, 0, "langkah.5", rung, mark)


def message(*notices: Notice, **changes: Any) -> StaffMessage:
    return replace(StaffMessage("Kabid", "Judul", "Isi", notices), **changes)


def queued(store: Store, count: int = 1, **changes: Any) -> list[str]:
    tickets = [filed(store) for _ in range(count)]
    for ticket in tickets:
        told = notice(ticket)
        store.queue(Batch([told], messages=[message(told, **changes)]), MOMENT)
    return tickets


def trail(store: Store, ticket: str) -> list[tuple[str, str, str]]:
    """Rung, person and state of what the trail says was told."""
    told = [event.data for event in store.events(ticket) if event.kind is EventKind.NOTIFIED]
    return [(data["rung"], data["person"], data["state"]) for data in told]


@contextmanager
def breaking_after(engine: sa.Engine, statements: int) -> Iterator[list[str]]:
    """The database fails once so many statements were executed; those that were begun."""
    begun: list[str] = []

    def count(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        begun.append(statement)
        if len(begun) > statements:
            raise ConnectionAbortedError("cut")

    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        yield begun
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)


# -- what may have to be told ---------------------------------------------------------------------------------------


def test_clocks_due_soon_are_found_and_those_of_a_darurat_always(store: Store) -> None:
    hour = timedelta(hours=1)
    soon = filed(store, ("langkah.5", hour), ("jawaban", 9 * hour))
    late = filed(store, ("jawaban", -hour))
    urgent = filed(store, ("langkah.5", 9 * hour), ("darurat", 9 * hour))
    filed(store, ("langkah.5", 9 * hour))
    filed(store, ("uu25.tanggapan", hour), ("tanggapan", hour))
    done = filed(store, ("langkah.4", hour))
    store.commit([Change(done, clocks=[Clock("langkah.4", 0, MOMENT, MOMENT + hour, "1 jam", done_at=MOMENT)])])
    assert store.tickets_due(MOMENT + hour) == {soon, late, urgent}
    assert store.tickets_due(MOMENT - 9 * hour) == {urgent}
    found = store.running_clocks_of([soon, urgent, done])
    assert {ticket: {clock.key for clock in clocks} for ticket, clocks in found.items()} == {
        soon: {"langkah.5", "jawaban"},
        urgent: {"langkah.5", "darurat"},
    }


def test_a_disposition_is_new_until_its_bidang_was_told(store: Store) -> None:
    answer = ("jawaban", timedelta(hours=1))
    ticket = filed(store, answer, bidang="Rehsos", status=Status.DISPOSED)
    other = filed(store, answer)
    filed(store, answer, bidang="Rehsos", undecided=True)
    filed(store, answer, bidang="Rehsos", status=Status.MERGED)
    filed(store, bidang="Rehsos")
    assert store.newly_disposed() == {ticket}
    assert store.newly_disposed([ticket, "0000-0000-0"]) == {ticket}
    assert store.newly_disposed([other]) == set()
    store.queue(Batch([Notice(ticket, 0, "disposisi", "disposisi", "Rehsos")]), MOMENT)
    assert store.newly_disposed() == set()
    store.commit([Change(ticket, {"bidang": "Dayasos"})])
    assert store.newly_disposed() == {ticket}


def test_complaints_are_found_by_ticket(store: Store) -> None:
    tickets = [filed(store) for _ in range(3)]
    assert store.complaints_of([tickets[2], tickets[0], "0000-0000-0"]) == {
        ticket: store.complaint(ticket) for ticket in (tickets[0], tickets[2])
    }


# -- once and for all -----------------------------------------------------------------------------------------------


def test_a_notice_is_told_once(store: Store) -> None:
    ticket = filed(store)
    store.queue(Batch([notice(ticket)], messages=[message(notice(ticket))]), MOMENT)
    with pytest.raises(IntegrityError):
        store.queue(
            Batch(
                [notice(ticket, "eskalasi"), notice(ticket)],
                messages=[message(notice(ticket))],
                silent=[(notice(ticket), "")],
            ),
            LATER,
        )
    assert store.told([ticket]) == {ticket: [notice(ticket)]}
    assert store.claim(LATER, urgent_only=False) is not None
    assert store.claim(LATER, urgent_only=False) is None
    assert trail(store, ticket) == []


def test_of_two_who_tell_the_same_at_once_one_does(store: Store) -> None:
    ticket = filed(store)

    def tell(_: int) -> bool:
        try:
            store.queue(Batch([notice(ticket)], messages=[message(notice(ticket))]), MOMENT)
        except IntegrityError:
            return False
        return True

    assert sorted(at_once(4, tell)) == [False, False, False, True]


def test_a_cut_anywhere_leaves_all_or_nothing(store: Store, engine: sa.Engine) -> None:
    """Between every two statements of queueing."""
    tickets = [filed(store), filed(store)]
    first, second = notice(tickets[0]), notice(tickets[1])
    batch = Batch([first, second], [(second, "Loket")], [message(first), message(second)], date(2026, 11, 23))
    for statements in range(100):
        with breaking_after(engine, statements) as begun, suppress(ConnectionAbortedError):
            store.queue(batch, MOMENT)
        if len(begun) <= statements:
            break
        assert store_is_untouched(store, tickets)
    assert len(begun) == statements >= 5
    assert store.told(tickets) == {tickets[0]: [first], tickets[1]: [second]}
    assert store.digests_made() == [date(2026, 11, 23)]
    assert [bool(store.claim(MOMENT, urgent_only=False)) for _ in range(3)] == [True, True, False]


def store_is_untouched(store: Store, tickets: list[str]) -> bool:
    return (
        store.told(tickets) == {ticket: [] for ticket in tickets}
        and not store.messages_wait(MOMENT, urgent_only=False)
        and store.digests_made() == []
        and trail(store, tickets[1]) == []
    )


def test_a_person_has_one_digest_a_day(store: Store) -> None:
    digest = message(digest_on=date(2026, 11, 23))
    store.queue(Batch(messages=[digest, replace(digest, person="Loket")], digest_on=date(2026, 11, 23)), MOMENT)
    with pytest.raises(IntegrityError):
        store.queue(Batch(messages=[digest]), LATER)
    store.queue(Batch(messages=[replace(digest, digest_on=date(2026, 11, 24))]), LATER)
    assert store.digests_made() == [date(2026, 11, 23)]


def test_who_cannot_be_told_stands_in_the_trail(store: Store) -> None:
    ticket = filed(store)
    told = notice(ticket)
    store.queue(Batch([told], silent=[(told, "Kabid"), (told, "")]), MOMENT)
    assert trail(store, ticket) == [("jatuh_tempo", "Kabid", "no_channel"), ("jatuh_tempo", "", "nobody")]
    assert not store.messages_wait(LATER, urgent_only=False)


def test_a_move_waits_for_the_digest_and_is_kept_once(store: Store) -> None:
    ticket = filed(store)
    moves = [notice(ticket, "batas_bergeser", "a>b"), notice(ticket, "batas_bergeser", "b>c")]
    store.note_moves(moves[:1], MOMENT)
    store.note_moves(moves, LATER)
    store.note_moves([], LATER)
    assert store.waiting_moves() == moves
    assert store.told([ticket]) == {ticket: []}
    store.queue(Batch(moves), LATER)
    assert store.waiting_moves() == []
    assert len(store.told([ticket])[ticket]) == 2
    store.note_moves(moves, LATER)
    assert store.waiting_moves() == []


def test_the_trails_end_moves_with_every_event(store: Store) -> None:
    assert store.trail_end() == 0
    ticket = filed(store)
    before = store.trail_end()
    store.queue(Batch([notice(ticket)], silent=[(notice(ticket), "")]), MOMENT)
    assert store.trail_end() == before + 1
    assert store.changed_since(before) == (before + 1, {ticket})
    assert store.changed_since(before + 1) == (before + 1, set())


# -- on the way -----------------------------------------------------------------------------------------------------


def test_urgent_messages_go_first_and_outside_service_time_alone(store: Store) -> None:
    queued(store, 2)
    queued(store, 1, urgent=True, person="Siaga")
    assert store.messages_wait(MOMENT, urgent_only=True)
    people = [claimed.person for _ in range(3) if (claimed := store.claim(LATER, urgent_only=False))]
    assert people == ["Siaga", "Kabid", "Kabid"]
    queued(store)
    assert store.claim(LATER, urgent_only=True) is None
    assert not store.messages_wait(LATER, urgent_only=True)
    assert store.messages_wait(LATER, urgent_only=False)


def test_nobody_else_gets_a_claimed_message(store: Store) -> None:
    queued(store, 3)
    claimed = at_once(6, lambda _: store.claim(LATER, urgent_only=False))
    assert len({one.id for one in claimed if one}) == 3
    assert claimed.count(None) == 3


@pytest.mark.parametrize("state", [State.SENT, State.FAILED, State.MAYBE])
def test_what_became_of_a_message_stands_in_the_trail(store: Store, state: State) -> None:
    (ticket,) = queued(store)
    claimed = store.claim(LATER, urgent_only=False)
    assert claimed == message(notice(ticket), id=claimed.id if claimed else 0, attempts=1)
    store.settle(claimed, state, LATER, "kanal ke-1: ditolak")
    assert trail(store, ticket) == [("jatuh_tempo", "Kabid", state.value)]
    assert store.claim(LATER + timedelta(days=9), urgent_only=False) is None
    assert store.settle_interrupted(LATER) == 0


def test_what_is_tried_again_waits_for_its_time(store: Store) -> None:
    (ticket,) = queued(store)
    for attempt in (1, 2):
        claimed = store.claim(MOMENT + attempt * timedelta(minutes=1), urgent_only=False)
        assert claimed is not None
        assert claimed.attempts == attempt
        store.try_again(claimed, MOMENT, MOMENT + (attempt + 1) * timedelta(minutes=1), "kanal ke-1: ditolak")
        assert store.claim(MOMENT + attempt * timedelta(minutes=1), urgent_only=False) is None
    assert trail(store, ticket) == []


def test_what_was_being_sent_when_the_program_ended_may_have_arrived(store: Store) -> None:
    (ticket,) = queued(store)
    (urgent,) = queued(store, urgent=True)
    assert [bool(store.claim(LATER, urgent_only=False)) for _ in range(2)] == [True, True]
    assert store.settle_interrupted(LATER) == 2
    assert trail(store, ticket) == [("jatuh_tempo", "Kabid", "maybe")]
    again = store.claim(LATER, urgent_only=False)
    assert again is not None
    assert again.notices == (notice(urgent),), "a Darurat is sent again"
    assert again.attempts == 2
    assert store.claim(LATER, urgent_only=False) is None


def test_trouble_is_shown_until_it_is_old(store: Store) -> None:
    def claimed() -> StaffMessage:
        found = store.claim(LATER, urgent_only=False)
        assert found is not None
        return found

    tickets = queued(store, 4)
    acts: list[Callable[[StaffMessage], None]] = [
        lambda one: store.settle(one, State.FAILED, LATER, "ditolak"),
        lambda one: store.settle(one, State.MAYBE, LATER, "tidak menjawab"),
        lambda one: store.settle(one, State.SENT, LATER, "kanal ke-2: ditolak"),
        lambda one: store.try_again(one, LATER, LATER, "ditolak"),
    ]
    for act in acts:
        act(claimed())
    found = store.troubles(LATER)
    assert [(trouble.state, trouble.tickets) for trouble in found] == [
        (State.FAILED, (tickets[0],)),
        (State.MAYBE, (tickets[1],)),
        (State.QUEUED, (tickets[3],)),
    ]
    assert {trouble.person for trouble in found} == {"Kabid"}
    assert store.troubles(LATER + timedelta(seconds=1)) == []


def test_what_is_long_done_with_is_forgotten_but_for_the_trail(store: Store) -> None:
    tickets = queued(store, 2)
    for state in (State.SENT, State.QUEUED):
        claimed = store.claim(LATER, urgent_only=False)
        assert claimed is not None
        if state is State.SENT:
            store.settle(claimed, state, MOMENT, "kanal ke-2: ditolak")
    filed_later = queued(store, 1)
    store.queue(Batch(digest_on=date(2026, 12, 23)), MOMENT + timedelta(days=30))
    assert counted(store) == 3
    store.queue(Batch(digest_on=date(2026, 12, 24)), MOMENT + timedelta(days=31))
    assert counted(store) == 2
    assert trail(store, tickets[0]) == [("jatuh_tempo", "Kabid", "sent")]
    assert store.told(filed_later)[filed_later[0]]


def counted(store: Store) -> int:
    with store._read() as connection:
        return int(connection.execute(sa.text("SELECT count(*) FROM staff_messages")).scalar_one())


def test_dates_of_digests_are_remembered_around_the_last_one(store: Store) -> None:
    store.put_setting("ringkasan", "2026-11-20")
    assert store.digest_made(date(2026, 11, 20)), "as an earlier version remembered it"
    for on in (date(2026, 11, 23), date(2027, 11, 23), date(2026, 11, 24), date(2026, 11, 23)):
        store.queue(Batch(digest_on=on), MOMENT)
    assert store.digests_made() == [date(2026, 11, 24), date(2026, 11, 23)]
    assert not store.digest_made(date(2027, 11, 23))
