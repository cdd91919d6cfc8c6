"""What the store keeps for reporters, on both databases: tries, contacts, acts that happen once, and messages."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from register import tables
from register.changes import Change
from register.complaint import Channel, Event, EventKind, Status
from register.database import migrate, open_engine
from register.errors import KeyFileError
from register.limits import FORGOTTEN, Limit, Standing
from register.notices import State
from register.reporter_acts import Done
from register.reporter_messages import MessageKind, ReporterMessage
from register.store import Store
from tests.builders import MOMENT, an_intake
from tests.contract.conftest import KEYRING, Database
from tests.contract.test_migration import BACK_TO_0008

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LIMIT = Limit(3, (15 * MINUTE, HOUR), DAY)


def filed(store: Store, **said: Any) -> str:
    return store.accept(an_intake(**said), channel=Channel.WEB, now=MOMENT).complaint.ticket


# -- tries ------------------------------------------------------------------------------------------------------------


def test_after_a_few_tries_there_is_a_wait_that_grows(store: Store) -> None:
    now = MOMENT
    for wait in (15 * MINUTE, HOUR, HOUR):
        for _ in range(3):
            assert store.take("k", LIMIT, now) is None
        assert store.take("k", LIMIT, now) == now + wait
        assert store.take("k", LIMIT, now + wait - timedelta(seconds=1)) == now + wait, "trying on does not put it off"
        now += wait
    assert store.take("other", LIMIT, now) is None


def test_tries_are_forgotten_in_time_and_when_they_were_good(store: Store) -> None:
    for _ in range(3):
        store.take("k", LIMIT, MOMENT)
    assert store.take("k", LIMIT, MOMENT + DAY) is None
    store.forget("k")
    store.give_back("k")
    for _ in range(3):
        assert store.take("k", LIMIT, MOMENT) is None
    store.give_back("k")
    assert store.take("k", LIMIT, MOMENT) is None
    assert store.take("k", LIMIT, MOMENT)


def test_how_many_tries_are_left_is_told_without_counting_one(store: Store) -> None:
    for left in (3, 2, 1):
        for _ in range(2):
            assert store.standing("k", LIMIT, MOMENT) == Standing(left)
        store.take("k", LIMIT, MOMENT)
    end = MOMENT + 15 * MINUTE
    assert store.standing("k", LIMIT, end - timedelta(seconds=1)) == Standing(0, end)
    assert store.standing("k", LIMIT, end) == Standing(3)
    assert store.take("k", LIMIT, end) is None
    assert store.standing("k", LIMIT, end) == Standing(2)
    assert store.standing("k", LIMIT, end + DAY) == Standing(3)


def test_old_tries_are_removed(store: Store, engine: sa.Engine) -> None:
    store.take("old", LIMIT, MOMENT)
    store.take("new", LIMIT, MOMENT + FORGOTTEN + MINUTE)
    with engine.connect() as connection:
        assert connection.execute(sa.select(tables.limits.c.key)).scalars().all() == ["new"]


def test_a_hundred_tries_at_once_are_a_hundred_tries(store: Store) -> None:
    let_through: list[bool] = []

    def try_often() -> None:
        let_through.extend(store.take("k", LIMIT, MOMENT) is None for _ in range(5))

    threads = [threading.Thread(target=try_often) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(let_through) == 20
    assert sum(let_through) == LIMIT.most


# -- contacts ---------------------------------------------------------------------------------------------------------


def test_complaints_are_found_by_contact_and_nik_in_any_spelling(store: Store) -> None:
    first = filed(store, email="ibu@contoh.id", nik="6402990000000000")
    second = filed(store, phone="", email="IBU@contoh.id")
    filed(store, phone="+6281200000001")
    assert store.tickets_by_contact(phone="0812-0000-0000") == [first]
    assert store.tickets_by_contact(email="Ibu@Contoh.id") == [second, first]
    assert store.tickets_by_contact(phone="0812 0000 0000", email="ibu@contoh.id") == [second, first]
    assert store.tickets_by_nik("6402 9900 0000 0000") == [first]
    assert store.tickets_by_contact() == store.tickets_by_nik("") == store.tickets_by_contact(phone="x") == []
    assert store.tickets_of_digest(store.contact_digest(email="ibu@contoh.id")) == [second, first]


def test_what_was_corrected_is_found_by_its_new_contact_only(store: Store) -> None:
    ticket = filed(store)
    store.commit([Change(ticket, intake=an_intake(phone="0812-0000-0009"))])
    assert store.tickets_by_contact(phone="+6281200000009") == [ticket]
    assert store.tickets_by_contact(phone="+6281200000000") == []


def test_erasing_a_complaint_takes_its_contacts_along(store: Store, engine: sa.Engine) -> None:
    ticket = filed(store, email="ibu@contoh.id")
    with store._writer.begin() as connection:
        connection.execute(sa.delete(tables.complaint_keys).where(tables.complaint_keys.c.ticket == ticket))
    assert store.tickets_by_contact(phone="+6281200000000", email="ibu@contoh.id") == []
    with engine.connect() as connection:
        assert connection.execute(sa.select(tables.contact_index)).all() == []


def test_the_index_holds_no_number(store: Store, engine: sa.Engine) -> None:
    filed(store, email="ibu@contoh.id", nik="6402990000000000")
    with engine.connect() as connection:
        kept = str(connection.execute(sa.select(tables.contact_index)).all())
    for secret in ("81200000000", "contoh", "640299"):
        assert secret not in kept


def test_complaints_of_older_versions_are_found_after_the_update(empty_database: Database, tmp_path: Any) -> None:
    engine = open_engine(empty_database.url)
    migrate(engine, backup_folder=tmp_path, now=MOMENT)
    store = Store(engine, KEYRING)
    ticket = filed(store, email="Ibu@contoh.id", nik="6402990000000000")
    spoilt = filed(store, phone="+6281200000009")
    with engine.begin() as connection:
        connection.execute(
            sa.update(tables.complaints).where(tables.complaints.c.ticket == spoilt).values(sealed_intake=b"rusak")
        )
        for statement in (*BACK_TO_0008, "UPDATE alembic_version SET version_num = '0008'"):
            connection.execute(sa.text(statement))
    with pytest.raises(KeyFileError, match="berkas kunci"):
        migrate(engine, backup_folder=tmp_path, now=MOMENT)
    migrate(engine, backup_folder=tmp_path, now=MOMENT, keyring=lambda: KEYRING)
    assert store.tickets_by_contact(phone="0812-0000-0000") == [ticket]
    assert store.tickets_by_contact(email="ibu@contoh.id") == store.tickets_by_nik("6402990000000000") == [ticket]
    engine.dispose()


# -- acts that happen once --------------------------------------------------------------------------------------------


def act(ticket: str, at: datetime = MOMENT) -> Change:
    event = Event(EventKind.ACT, at, "pelapor", {"act": "cabut", "status": "withdrawn"}, {"value": "Sudah."})
    return Change(ticket, {"status": Status.WITHDRAWN, "updated_at": at, "heard_at": at}, [event])


def test_an_act_happens_once_for_a_form(store: Store) -> None:
    ticket = filed(store)
    known = store.complaint(ticket)
    assert store.done_before("k", "x") is None
    assert store.do_once(act(ticket), known, key="k", content="x") is Done.NOW
    assert store.do_once(act(ticket), known, key="k", content="x") is Done.REPEATED
    assert store.do_once(act(ticket), known, key="k", content="y") is Done.CONFLICT
    assert store.done_before("k", "x") is Done.REPEATED
    assert store.done_before("k", "y") is Done.CONFLICT
    assert [event.secret for event in store.reporter_events([ticket])[ticket]] == [{"value": "Sudah."}]


def test_an_act_that_was_decided_on_an_older_complaint_is_not_done(store: Store) -> None:
    ticket = filed(store)
    known = store.complaint(ticket)
    store.commit([Change(ticket, {"status": Status.IN_PROGRESS, "updated_at": MOMENT + MINUTE})])
    assert store.do_once(act(ticket), known, key="k") is Done.STALE
    assert store.reporter_events([ticket]) == {}
    assert store.do_once(act(ticket), store.complaint(ticket), key="k") is Done.NOW


def test_what_staff_did_is_left_for_the_next_tick_where_the_reporter_came_first(store: Store) -> None:
    """Decided without knowing of it, it would bring back what the reporter has withdrawn."""
    ticket, other = filed(store), filed(store, description="Hal yang lain, juga perlu dijawab.")
    heard = {each: store.complaint(each).heard_at for each in (ticket, other)}
    store.do_once(act(ticket), store.complaint(ticket), key="k")
    tick = [Change(each, {"status": Status.DISPOSED, "updated_at": MOMENT}) for each in (ticket, other)]
    assert store.commit(tick, heard=heard) == {ticket}
    assert store.complaint(ticket).status is Status.WITHDRAWN
    assert store.complaint(other).status is Status.DISPOSED
    assert store.commit(tick, heard={each: store.complaint(each).heard_at for each in (ticket, other)}) == frozenset()


def test_one_of_two_at_once_is_done(store: Store) -> None:
    ticket = filed(store)
    known, found = store.complaint(ticket), list[Done]()
    start = threading.Barrier(2)

    def press() -> None:
        start.wait()
        found.append(store.do_once(act(ticket), known, key="k"))

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [Done.NOW, Done.REPEATED]
    assert len(store.reporter_events([ticket])[ticket]) == 1


def test_what_an_erased_reporter_wrote_is_gone(store: Store) -> None:
    ticket = filed(store)
    store.do_once(act(ticket), store.complaint(ticket), key="k")
    with store._writer.begin() as connection:
        connection.execute(sa.delete(tables.complaint_keys))
    (event,) = store.reporter_events([ticket])[ticket]
    assert event.secret == {}
    assert event.data["act"] == "cabut"


# -- messages ---------------------------------------------------------------------------------------------------------


def test_a_message_is_claimed_once_and_settled(store: Store) -> None:
    ticket = filed(store)
    store.queue_message(ReporterMessage(MessageKind.RECEIPT, ticket, language="en"), MOMENT)
    assert store.reporter_messages_wait(MOMENT)
    message = store.claim_message(MOMENT)
    assert message
    assert (message.kind, message.ticket, message.language, message.attempts) == ("tanda_terima", ticket, "en", 1)
    assert store.claim_message(MOMENT) is None
    store.message_later(message, MOMENT, MOMENT + HOUR, "ditolak")
    assert store.claim_message(MOMENT) is None
    again = store.claim_message(MOMENT + HOUR)
    assert again
    assert again.attempts == 2
    store.settle_message(again, State.MAYBE, MOMENT + HOUR, "server tidak menjawab")
    assert [(state, problem) for _, state, _, problem in store.undelivered_messages(MOMENT)] == [
        (State.MAYBE, "server tidak menjawab")
    ]
    (told,) = [event for event in store.events(ticket) if event.kind is EventKind.NOTIFIED]
    assert told.data == {"rung": "tanda_terima", "person": "pelapor", "state": "maybe", "channel": "email"}


def test_a_message_that_was_being_sent_is_not_sent_again(store: Store) -> None:
    store.queue_message(ReporterMessage(MessageKind.PROOF, filed(store)), MOMENT)
    assert store.claim_message(MOMENT)
    assert store.settle_interrupted_messages(MOMENT) == 1
    assert not store.reporter_messages_wait(MOMENT + DAY)
    assert [state for _, state, _, _ in store.undelivered_messages(MOMENT)] == [State.MAYBE]


def test_a_message_to_a_contact_becomes_one_for_each_complaint(store: Store) -> None:
    tickets = [filed(store), filed(store)]
    for some in (tickets, []):
        store.queue_message(ReporterMessage(MessageKind.FORGOTTEN, contact="d" * 24), MOMENT)
        claimed = store.claim_message(MOMENT)
        assert claimed
        store.expand_message(claimed, some, MOMENT)
        found = []
        while message := store.claim_message(MOMENT):
            found.append(message.ticket)
        assert found == some


def test_settled_messages_are_removed_after_a_month(store: Store, engine: sa.Engine) -> None:
    for at in (MOMENT, MOMENT + timedelta(days=31)):
        store.queue_message(ReporterMessage(MessageKind.RECEIPT, filed(store)), at)
        message = store.claim_message(at)
        assert message
        store.settle_message(message, State.SENT, at)
    with engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(tables.outbox)).scalar_one() == 1


@settings(max_examples=20)
@given(st.lists(st.integers(min_value=0, max_value=7200), max_size=12))
def test_no_more_than_the_limit_passes_in_any_quarter_of_an_hour(seconds: list[int]) -> None:
    engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
    tables.limits.create(engine)
    store, now, passed = Store(engine, KEYRING), MOMENT, []
    for pause in seconds:
        now += timedelta(seconds=pause)
        if store.take("k", LIMIT, now) is None:
            passed.append(now)
    for first, fourth in zip(passed, passed[LIMIT.most :], strict=False):
        assert fourth - first >= 15 * MINUTE
    engine.dispose()
