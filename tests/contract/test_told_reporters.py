"""Messages to reporters on both databases: committed with their change, told once, reported on, decided on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from register import tables
from register.changes import Change
from register.complaint import Channel, Event, EventKind, Status
from register.database import migrate, open_engine
from register.errors import TicketNotFoundError
from register.inbound import Fate, Report
from register.message_fates import MessageFates, Outstanding
from register.notices import State
from register.reporter_messages import MessageKind, ReporterMessage
from register.store import Store
from tests.builders import MOMENT, an_intake
from tests.contract.conftest import KEYRING, Database
from tests.contract.test_migration import BACK_TO_0010 as SINCE_0010
from tests.contract.test_migration import differences

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AN_ACT = Event(EventKind.ACT, MOMENT, "staf", {"act": "uji"})


def filed(store: Store, channel: Channel = Channel.WHATSAPP, **said: Any) -> str:
    return store.accept(an_intake(**said), channel=channel, now=MOMENT).complaint.ticket


def told(ticket: str, mark: str = "", kind: MessageKind = MessageKind.ANSWER) -> ReporterMessage:
    return ReporterMessage(kind, ticket, channel=Channel.WHATSAPP, mark=mark)


def tell(store: Store, ticket: str, *messages: ReporterMessage, at: datetime = MOMENT) -> None:
    store.commit([Change(ticket, {}, [replace(AN_ACT, at=at)], messages=messages)])


def sent(store: Store, ticket: str, proof: str = "wamid.1", mark: str = "") -> ReporterMessage:
    """A message that went."""
    tell(store, ticket, told(ticket, mark))
    message = store.claim_message(MOMENT)
    assert message
    store.settle_message(message, State.SENT, MOMENT, proof=proof)
    return message


def states(engine: sa.Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(sa.select(tables.outbox.c.state).order_by(tables.outbox.c.id)).scalars())


def trail(store: Store, ticket: str) -> list[str]:
    return [event.data["state"] for event in store.events(ticket) if event.kind is EventKind.NOTIFIED]


def report(fate: Fate, message: str = "wamid.1", code: int = 0, channel: Channel = Channel.WHATSAPP) -> Report:
    return Report(channel, "kantor", message, fate, MOMENT, code)


# -- committed with the change ----------------------------------------------------------------------------------------


def test_the_same_is_told_once_and_from_the_instant_of_the_act_on(store: Store, engine: sa.Engine) -> None:
    ticket = filed(store)
    tell(store, ticket, told(ticket, "a"), told(ticket, "b"), at=MOMENT + HOUR)
    tell(store, ticket, told(ticket, "a"), at=MOMENT + 2 * HOUR)
    assert states(engine) == ["queued", "queued"]
    assert store.claim_message(MOMENT) is None
    first = store.claim_message(MOMENT + HOUR)
    assert first
    assert (first.mark, first.ticket, first.channel) == ("a", ticket, Channel.WHATSAPP)


def test_a_change_that_fails_tells_nothing(store: Store, engine: sa.Engine) -> None:
    ticket = filed(store)
    good = Change(ticket, {}, [AN_ACT], messages=[told(ticket)])
    with pytest.raises(TicketNotFoundError):
        store.commit([good, Change("AAAA-AAAA-A", {"note": "x"}, [AN_ACT])])
    assert states(engine) == []
    assert store.commit([good], heard={ticket: MOMENT}) == {ticket}
    assert states(engine) == []


def test_what_the_reporter_does_tells_as_well(store: Store, engine: sa.Engine) -> None:
    ticket = filed(store)
    change = Change(ticket, {"heard_at": MOMENT}, [AN_ACT], messages=[told(ticket)])
    store.do_once(change, store.complaint(ticket), key="k")
    assert states(engine) == ["queued"]


def test_an_intake_that_does_not_open_holds_up_no_change(store: Store, engine: sa.Engine) -> None:
    ticket = filed(store, Channel.WEB, email="ibu@contoh.id")
    with engine.begin() as connection:
        connection.execute(sa.update(tables.complaints).values(sealed_intake=b"lain"))
    tell(store, ticket, told(ticket))
    assert states(engine) == []


def test_what_pages_ask_for_is_told_however_often(store: Store, engine: sa.Engine) -> None:
    for _ in range(3):
        store.queue_message(ReporterMessage(MessageKind.UNKNOWN_TICKET, conversation=4), MOMENT)
    for _ in range(2):
        store.queue_message(ReporterMessage(MessageKind.STATUS, conversation=4, mark="pesan 9"), MOMENT)
    assert states(engine) == ["queued"] * 4


# -- what channels report ---------------------------------------------------------------------------------------------


def test_reports_take_a_message_on_and_never_back(store: Store, engine: sa.Engine) -> None:
    ticket = filed(store)
    sent(store, ticket)
    for fate in (Fate.SENT, Fate.DELIVERED, Fate.DELIVERED, Fate.READ, Fate.DELIVERED, Fate.SENT, Fate.FAILED):
        store.message_reported(report(fate, code=131047 if fate is Fate.FAILED else 0), MOMENT)
    assert states(engine) == ["read"]
    assert trail(store, ticket) == ["sent", "delivered", "read"]


@pytest.mark.parametrize(("code", "words"), [(131047, "24 jam"), (131026, "tidak dapat menerima"), (99, "kode 99")])
def test_a_message_that_a_channel_gives_up_later_has_failed_with_what_to_do(
    store: Store, code: int, words: str
) -> None:
    ticket = filed(store)
    sent(store, ticket)
    store.message_reported(report(Fate.FAILED, code=code), MOMENT + HOUR)
    ((message, state, at, problem),) = store.undelivered_messages(MOMENT)
    assert (message.ticket, state, at) == (ticket, State.FAILED, MOMENT + HOUR)
    assert words in problem
    store.message_reported(report(Fate.DELIVERED), MOMENT + 2 * HOUR)
    assert trail(store, ticket) == ["sent", "failed"]


@pytest.mark.parametrize(
    "strange", [report(Fate.FAILED, "wamid.2"), report(Fate.FAILED, channel=Channel.FACEBOOK), report(Fate.FAILED, "")]
)
def test_a_report_of_something_else_is_ignored(store: Store, engine: sa.Engine, strange: Report) -> None:
    sent(store, filed(store))
    store.message_reported(strange, MOMENT)
    assert states(engine) == ["sent"]


def test_the_proof_stands_sealed_in_the_trail_and_only_digested_elsewhere(store: Store, engine: sa.Engine) -> None:
    ticket = filed(store)
    sent(store, ticket, "wamid.rahasia")
    assert store.events(ticket)[-1].secret == {"proof": "wamid.rahasia"}
    with engine.connect() as connection:
        rows = [*connection.execute(sa.select(tables.outbox)), *connection.execute(sa.select(tables.events))]
    assert "rahasia" not in repr(rows)
    assert store.verify().findings == []


@settings(max_examples=30)
@given(st.lists(st.sampled_from(list(Fate)), max_size=8))
def test_in_whatever_order_reports_come_the_furthest_counts(fates: Sequence[Fate]) -> None:
    engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
    tables.metadata.create_all(engine)
    store = Store(engine, KEYRING)
    sent(store, filed(store))
    for fate in fates:
        store.message_reported(report(fate), MOMENT)
    known = [fate for fate in fates if fate is not Fate.SENT]
    failed = bool(known) and known[0] is Fate.FAILED
    furthest = max(
        (["sent", "delivered", "read"].index(fate.value) for fate in known if fate is not Fate.FAILED), default=0
    )
    assert states(engine) == ["failed" if failed else ["sent", "delivered", "read"][furthest]]
    engine.dispose()


# -- what people decide -----------------------------------------------------------------------------------------------


def in_trouble(store: Store, state: State = State.FAILED, at: datetime = MOMENT, **said: Any) -> str:
    ticket = filed(store, **said)
    tell(store, ticket, told(ticket))
    message = store.claim_message(MOMENT)
    assert message
    store.settle_message(message, state, at, "ditolak")
    return ticket


def test_what_needs_people_is_shown_with_its_outcome(store: MessageFates) -> None:
    assert isinstance(store, Store)
    marks = {store.shown_mark()}
    ticket = in_trouble(store)
    sent(store, ticket, mark="lain")
    (shown,) = store.shown_messages(MOMENT)
    assert (shown.message.ticket, shown.state, shown.problem, shown.restricted) == (
        ticket,
        State.FAILED,
        "ditolak",
        False,
    )
    marks.add(store.shown_mark())
    assert store.decide_message(shown, "Sudah terkirim", "catatan", MOMENT + HOUR, state=State.SENT)
    marks.add(store.shown_mark())
    (after,) = store.shown_messages(MOMENT)
    assert (after.state, after.decision, after.note, after.problem) == (State.SENT, "Sudah terkirim", "catatan", "")
    assert not store.decide_message(shown, "Batalkan", "lain", MOMENT, state=State.CANCELLED), (
        "it is not failed any more"
    )
    assert store.shown_message(shown.message.id) == after
    assert [(e.actor, e.data["state"]) for e in store.events(ticket) if e.kind is EventKind.NOTIFIED][-1] == (
        "staf",
        "sent",
    )
    store.commit([Change(ticket, {"restricted": True}, [AN_ACT])])
    marks.add(store.shown_mark())
    assert len(marks) == 4
    assert store.shown_messages(MOMENT)[0].restricted
    assert store.shown_messages(MOMENT + DAY) == []


def test_what_is_sent_again_begins_anew_and_is_found_by_its_new_proof(store: Store) -> None:
    in_trouble(store)
    (shown,) = store.shown_messages(MOMENT)
    assert store.decide_message(shown, "Kirim ulang", "…", MOMENT + HOUR, state=State.QUEUED)
    assert store.claim_message(MOMENT) is None
    again = store.claim_message(MOMENT + HOUR)
    assert again
    assert (again.id, again.attempts) == (shown.message.id, 1)
    store.settle_message(again, State.SENT, MOMENT + HOUR, proof="wamid.2")
    store.message_reported(report(Fate.DELIVERED, "wamid.2"), MOMENT + HOUR)
    assert [each.state for each in store.shown_messages(MOMENT)] == [State.DELIVERED]


# -- migration --------------------------------------------------------------------------------------------------------

BACK_TO_0010 = (
    *SINCE_0010,
    "DROP TABLE outbox",
    (
        "CREATE TABLE outbox (id INTEGER PRIMARY KEY, kind VARCHAR(30), ticket VARCHAR(11), contact VARCHAR(24), "
        "language VARCHAR(2), channel VARCHAR(20), state VARCHAR(20), created_at VARCHAR(27), due_at VARCHAR(27), "
        "changed_at VARCHAR(27), attempts INTEGER, problem TEXT)"
    ),
    "UPDATE alembic_version SET version_num = '0010'",
)


def test_messages_of_the_version_before_are_still_to_be_sent(empty_database: Database, tmp_path: Path) -> None:
    engine = open_engine(empty_database.url)
    migrate(engine, backup_folder=tmp_path, now=MOMENT)
    store = Store(engine, KEYRING)
    ticket = filed(store, Channel.WEB)
    at = tables.instant_text(MOMENT)
    rows = [
        (3, "tanda_terima", ticket, "", "queued", 0, ""),
        (5, "tanda_terima", ticket, "", "queued", 2, "ditolak"),
        (7, "tiket_terlupa", None, "d" * 24, "queued", 0, ""),
        (9, "tautan_bukti", ticket, "", "maybe", 1, "server tidak menjawab"),
    ]
    insert = sa.text(
        "INSERT INTO outbox VALUES (:id, :kind, :ticket, :contact, 'en', 'email', :state, :at, :at, :at, :n, :problem)"
    )
    with engine.begin() as connection:
        for statement in BACK_TO_0010:
            connection.execute(sa.text(statement))
        for number, kind, of, contact, state, attempts, problem in rows:
            values = {"id": number, "kind": kind, "ticket": of, "contact": contact, "state": state}
            connection.execute(insert, values | {"at": at, "n": attempts, "problem": problem})
    migrate(engine, backup_folder=tmp_path, now=MOMENT, keyring=lambda: KEYRING)
    assert differences(empty_database.url) == []
    found = []
    while message := store.claim_message(MOMENT):
        found.append((message.kind, message.ticket, message.contact, message.language, message.attempts))
    assert found == [
        (MessageKind.RECEIPT, ticket, "", "en", 1),
        (MessageKind.RECEIPT, ticket, "", "en", 3),
        (MessageKind.FORGOTTEN, "", "d" * 24, "en", 1),
    ]
    assert [(each.message.kind, each.state) for each in store.shown_messages(MOMENT)] == [
        (MessageKind.PROOF, State.MAYBE)
    ]
    store.queue_message(ReporterMessage(MessageKind.RECEIPT, ticket), MOMENT)
    assert states(engine)[-1] == "queued"
    engine.dispose()


def test_what_gives_a_time_and_did_not_arrive_is_outstanding(store: Store) -> None:
    ticket, other = filed(store), filed(store)
    tell(store, ticket, told(ticket, "a"))
    assert store.outstanding([ticket, other]) == {ticket: [Outstanding(MessageKind.ANSWER, MOMENT, None)]}
    message = store.claim_message(MOMENT)
    assert message
    store.settle_message(message, State.TASK, MOMENT)
    (shown,) = store.shown_messages(MOMENT)
    assert store.decide_message(shown, "Sudah terkirim", "", MOMENT + DAY, state=State.SENT)
    assert store.outstanding([ticket]) == {ticket: [Outstanding(MessageKind.ANSWER, MOMENT, MOMENT + DAY)]}
    sent(store, ticket, mark="b")
    assert store.outstanding([ticket]) == {}, "the newest counts"


def test_what_a_reporters_time_waits_for_is_kept_and_shown(store: Store) -> None:
    ticket = filed(store)
    store.commit([Change(ticket, {"status": Status.AWAITING_REPORTER}, [AN_ACT], messages=[told(ticket)])])
    tell(store, ticket, told(ticket, "cabut 0", MessageKind.CLOSED))
    for _ in range(2):
        message = store.claim_message(MOMENT)
        assert message
        store.settle_message(message, State.TASK, MOMENT)
    late = MOMENT + 60 * DAY
    store.settle_message(message, State.TASK, late)
    tell(store, ticket, told(ticket, "selesai 0", MessageKind.CLOSED), at=late)
    again = store.claim_message(late)
    assert again
    store.settle_message(again, State.SENT, late + 31 * DAY)
    assert [each.message.kind for each in store.shown_messages(late + 31 * DAY)] == [MessageKind.ANSWER]
    tell(store, ticket, told(ticket, "selesai 1", MessageKind.CLOSED), at=late)
    more = store.claim_message(late)
    assert more
    store.settle_message(more, State.SENT, late + 366 * DAY)
    assert store.shown_messages(MOMENT) == []
