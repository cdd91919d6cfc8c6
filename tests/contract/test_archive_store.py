"""Leaving the working register, holds and erasure in the store, alike on both databases."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from register import tables
from register.archive import HeldError, NotArchivedError, Task
from register.cases import Cases
from register.changes import Book, Change, MirrorRow
from register.complaint import Channel, Event, EventKind, Status
from register.database import open_engine
from register.errors import ErasedError
from register.store import Store
from tests.builders import MOMENT, an_intake

LATER = MOMENT + timedelta(days=100)


def _archived(store: Store, **fields: object) -> str:
    ticket = store.accept(
        an_intake(), channel=Channel.WEB, now=MOMENT, submission_key="k" + str(fields)
    ).complaint.ticket
    read = MirrorRow("f", "d", {"name": "x"}, seen=True)
    done = Event(
        EventKind.ACT,
        MOMENT,
        "sistem",
        {"act": "arsipkan", "status": str(fields.get("status", Status.ARCHIVED))},
        {"value": "rahasia"},
    )
    fields = {"status": Status.ARCHIVED, "updated_at": MOMENT, "step_begun_at": MOMENT, **fields}
    store.commit([Change(ticket, fields, (done,), reply="Sudah ditangani.", mirror=read)])
    return ticket


def test_another_process_reads_the_same_by_the_address(store: Store) -> None:
    ticket = _archived(store)
    other = Cases(open_engine(store.address))
    assert other.touched(MOMENT, LATER) == [ticket]
    assert list(other.cases_of([ticket])) == list(store.cases_of([ticket]))
    other.close()


def test_what_moved_out_is_known_but_no_longer_active(store: Store) -> None:
    gone, stays = _archived(store), store.accept(an_intake(), channel=Channel.WEB, now=MOMENT).complaint.ticket
    assert [each.ticket for each in store.archivable(LATER, 10)] == [gone]
    assert store.move_out([gone, stays], LATER) == {gone}
    assert list(store.active_complaints()) == [stays]
    assert list(store.mirror(Book.SHARED)) == []
    assert set(store.complaints()) == {gone, stays}
    assert store.intake(gone) == an_intake()
    assert store.archived_among([gone, stays, "", "x"]) == {gone}
    assert [each.ticket for each in store.archive_tasks(Task.CLEAR)] == [gone]
    assert store.move_out([gone], LATER) == frozenset()
    assert store.verify().findings == []


def test_moving_back_takes_the_family_along_and_undoes_the_task(store: Store) -> None:
    case = _archived(store)
    joined = _archived(store, status=Status.MERGED, merged_into=case)
    store.move_out([case, joined], LATER)
    assert store.move_back(joined, LATER, actor="admin") == {case, joined}
    assert set(store.active_complaints()) == {case, joined}
    assert store.archive_tasks(Task.CLEAR) == []
    assert len(store.archive_tasks(Task.WITHDRAW)) == 2
    assert store.move_back(case, LATER, actor="admin") == frozenset()
    assert store.verify().findings == []


@pytest.mark.parametrize("erased_alone", [True, False])
def test_what_is_erased_in_the_same_instant_does_not_come_back(
    store: Store, monkeypatch: pytest.MonkeyPatch, erased_alone: bool
) -> None:
    """The erasure is committed after the family was read and before its rows are locked."""
    case = _archived(store)
    joined = _archived(store, status=Status.MERGED, merged_into=case)
    store.move_out([case, joined], LATER)
    locked = store._locked_tickets

    def late(connection: sa.Connection, tickets: Iterable[str], condition: sa.ColumnElement[bool]) -> list[str]:
        monkeypatch.setattr(store, "_locked_tickets", locked)
        if connection.dialect.name == "sqlite":  # which lets nobody else write meanwhile
            values = {"erased_at": LATER, "sealed_intake": b""}
            connection.execute(tables.complaints.update().where(tables.complaints.c.ticket == joined).values(**values))
        else:
            store.erase(joined, "permintaan", LATER, actor="admin")
        return locked(connection, tickets, condition)

    monkeypatch.setattr(store, "_locked_tickets", late)
    if erased_alone:
        with pytest.raises(NotArchivedError):
            store.move_back(joined, LATER, actor="admin")
    else:
        assert store.move_back(case, LATER, actor="admin") == {case}
    assert joined not in store.active_complaints()


def test_what_goes_on_again_is_active_again(store: Store) -> None:
    ticket = _archived(store)
    store.move_out([ticket], LATER)
    store.commit(
        [
            Change(
                ticket,
                {"status": Status.IN_PROGRESS},
                (Event(EventKind.ACT, LATER, "pelapor", {"status": "in_progress"}),),
            )
        ]
    )
    assert list(store.active_complaints()) == [ticket]
    assert store.verify().findings == []


def test_held_is_neither_moved_nor_erased_until_released(store: Store) -> None:
    ticket = _archived(store)
    store.hold(ticket, "Perkara di pengadilan", LATER, actor="admin")
    assert store.move_out([ticket], LATER) == frozenset()
    with pytest.raises(HeldError):
        store.erase(ticket, "retensi", LATER, actor="admin")
    assert [each.ticket for each in store.held()] == [ticket]
    assert store.events(ticket)[-1].secret == {"reason": "Perkara di pengadilan"}
    assert store.release(ticket, LATER, actor="admin")
    assert not store.release(ticket, LATER, actor="admin")
    assert store.move_out([ticket], LATER) == {ticket}
    assert store.verify().findings == []


def test_erasing_leaves_nothing_that_opens_and_the_figures_as_they_were(store: Store) -> None:
    ticket, other = _archived(store), _archived(store, district="")
    before = store.doomed(ticket)
    assert (before.events, before.contacts > 0) == (1, True)
    assert ticket in store.tickets_by_contact(phone=an_intake().phone)
    assert store.erase(ticket, "permintaan", LATER, actor="admin").digests == before.digests
    with pytest.raises(ErasedError):
        store.intake(ticket)
    assert store.reply(ticket) is None
    assert store.tickets_by_contact(phone=an_intake().phone) == [other]
    assert ticket not in store.intakes([ticket, other])
    erased = store.complaint(ticket)
    assert (erased.erased_at, erased.inactive_since, erased.category) == (LATER, LATER, "")
    event = store.events(ticket, opened=False)[-1]
    assert (event.kind, event.data["reason"], event.data["intake"]) == (
        EventKind.ERASED,
        "permintaan",
        before.digests["intake"],
    )
    left = store.erasure_left(ticket)
    assert len(left) == 2, left
    for task in (Task.CLEAR, Task.BLANK):
        store.archive_task_done(task, [ticket])
    assert store.erasure_left(ticket) == []
    assert store.erasure_left(other) != []
    assert store.intake(other) == an_intake()
    assert store.erase(ticket, "permintaan", LATER, actor="admin").complaint == erased
    assert store.verify().findings == []
    with pytest.raises(ErasedError):
        store.hold(ticket, "terlambat", LATER, actor="admin")


def test_what_is_not_settled_is_not_erased(store: Store) -> None:
    ticket = store.accept(an_intake(), channel=Channel.WEB, now=MOMENT).complaint.ticket
    with pytest.raises(NotArchivedError):
        store.erase(ticket, "permintaan", LATER, actor="admin")
    assert store.intake(ticket) == an_intake()
