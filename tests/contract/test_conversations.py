"""Conversations on both databases: each message once, sealed, and planned before anything is done about it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from register import tables
from register.complaint import Channel
from register.database import migrate, open_engine
from register.errors import ErasedError, KeyFileError
from register.inbound import CUT, Address, Fate, Means, Media, Message, Report, Skipped, Update
from register.message_groups import Group
from register.messages import LONGEST_TEXT
from register.notices import State
from register.reporter_messages import MessageKind, ReporterMessage
from register.sealed_messages import ConversationNotFoundError, FileState, GroupState
from register.sealing import Keyring
from register.store import Store
from tests.builders import MOMENT, an_intake
from tests.contract.conftest import KEYRING

PERSON = Address(Channel.FACEBOOK, "halaman-1", "orang-rahasia", name="Ibu Tersembunyi", phone="6281200000000")
NEW_TABLES = (
    *(tables.conversations, tables.conversation_people, tables.conversation_tickets),
    *(tables.message_groups, tables.messages, tables.message_files),
)


def a_message(number: int = 1, text: str = "uraian-tersembunyi", **changes: Any) -> Message:
    return replace(Message(f"m{number}", PERSON, MOMENT, text), **changes)


def a_comment(number: int = 1, **changes: Any) -> Message:
    address = replace(PERSON, person="penulis-komentar", comment=f"komentar-{number}", thread="kiriman")
    return a_message(number, address=address, public=True, **changes)


def take(store: Store, *updates: Update, now: datetime = MOMENT) -> int:
    with store._write() as connection:
        return store._take_messages(connection, updates, 7, now)


def the_conversation(store: Store) -> int:
    (waiting,) = store.conversations_to_decide(MOMENT + timedelta(days=1), 10)
    return waiting.conversation


def texts(store: Store, conversation: int | None = None) -> list[str]:
    found = store.undecided_messages(conversation or the_conversation(store))
    return [message.text for message in found.messages]


def went(store: Store, conversation: int, *messages: ReporterMessage, **how: str) -> None:
    """Something was sent there, and reached whom the channel says."""
    store.note_sent(messages, conversation, MOMENT, channel=Channel.FACEBOOK, **how)


def plan(store: Store, conversation: int, deed: str = "complaint", **how: Any) -> Group:
    made = store.plan_messages(conversation, store.undecided_messages(conversation).messages, deed, MOMENT, **how)
    assert made
    return made


def file(store: Store, conversation: int = 0) -> str:
    accepted = store.accept(an_intake(), channel=Channel.FACEBOOK, now=MOMENT, conversation=conversation)
    return accepted.complaint.ticket


def a_mail(number: int, *thread: str, person: str = "siti@contoh.id") -> Message:
    address = Address(Channel.EMAIL, "aduan@contoh.id", person, thread=" ".join((*thread, f"m{number}@contoh.id")))
    return Message(f"m{number}@contoh.id", address, MOMENT + timedelta(seconds=number), "selesai")


def told(store: Store, proof: str, **to: Any) -> None:
    """A mail of ours went out."""
    store.queue_message(ReporterMessage(MessageKind.ANSWER, channel=Channel.EMAIL, mark=proof, **to), MOMENT)
    message = store.claim_message(MOMENT)
    assert message
    store.settle_message(message, State.SENT, MOMENT, proof=proof)


def test_a_mail_proves_who_wrote_it_by_the_one_it_answers(store: Store) -> None:
    take(store, a_mail(1))
    siti = the_conversation(store)
    take(store, a_mail(2, person="budi@contoh.id"))
    (budi,) = {each.conversation for each in store.conversations_to_decide(MOMENT, 10)} - {siti}
    own, joined = file(store, siti), file(store, budi)
    store.link_conversation(siti, joined, MOMENT)
    told(store, "balasan-siti@kantor", ticket=own)
    told(store, "status-siti@kantor", conversation=siti)
    told(store, "balasan-budi@kantor", ticket=joined)
    told(store, "status-budi@kantor", ticket=own, conversation=budi)
    sent = [f"{name}@kantor" for name in ("balasan-siti", "status-siti", "balasan-budi", "status-budi", "tebakan")]
    take(store, *(a_mail(number, "m1@contoh.id", thread, "lain@contoh.id") for number, thread in enumerate(sent, 3)))
    proven = [message.proven for message in store.undecided_messages(siti).messages]
    assert proven == [False, True, True, False, False, False]


def test_of_other_channels_it_is_certain_who_wrote(store: Store) -> None:
    take(store, a_message())
    assert all(message.proven for message in store.undecided_messages(the_conversation(store)).messages)


def test_a_message_that_is_too_long_to_be_kept_says_so(store: Store) -> None:
    take(store, a_message(1, "a" * LONGEST_TEXT), a_message(2, "a" * (LONGEST_TEXT + 1)))
    whole, shortened = texts(store)
    assert CUT not in whole
    assert (len(shortened), shortened[-len(CUT) :]) == (LONGEST_TEXT, CUT)


# -- each message once ------------------------------------------------------------------------------------------------


def test_a_message_that_is_delivered_again_is_the_same(store: Store) -> None:
    assert take(store, a_message(), a_message(), Skipped("echo")) == 1
    assert take(store, a_message(text="lain")) == 0
    assert texts(store) == ["uraian-tersembunyi"]
    other = replace(PERSON, account="halaman-2")
    assert take(store, a_message(address=other)) == 1


def test_an_edit_replaces_what_nobody_decided_on(store: Store) -> None:
    take(store, a_message(1, "satu"))
    late = MOMENT + timedelta(seconds=9)
    assert take(store, a_message(1, "dua", means=Means.EDITED, at=late)) == 0
    take(store, a_message(1, "lama", means=Means.EDITED, at=MOMENT + timedelta(seconds=1)))
    assert texts(store) == ["dua"]


def test_an_edit_of_what_was_decided_on_is_an_addition_once(store: Store) -> None:
    take(store, a_message(1, "satu"))
    conversation = the_conversation(store)
    store.settle_group(plan(store, conversation), MOMENT)
    edited = a_message(1, "dua", means=Means.EDITED, media=(Media("x"),))
    assert [take(store, edited), take(store, edited), take(store, a_message(1, "satu", means=Means.EDITED))] == [
        1,
        0,
        0,
    ]
    (message,) = store.undecided_messages(conversation).messages
    assert (message.text, message.files) == ("dua", 0)


def test_an_edit_that_comes_first_is_the_message(store: Store) -> None:
    assert take(store, a_message(1, "dua", means=Means.EDITED)) == 1
    assert take(store, a_message(1, "satu")) == 0
    assert texts(store) == ["dua"]


def test_what_was_taken_back_leaves_no_word(store: Store, engine: sa.Engine) -> None:
    take(store, a_message(1, media=(Media("x"),)), a_message(2, "bleibt"))
    conversation = the_conversation(store)
    take(store, a_message(1, "", means=Means.REMOVED))
    assert texts(store, conversation) == ["bleibt"]
    take(store, a_message(1), a_message(1, "nochmal", means=Means.EDITED))
    assert texts(store, conversation) == ["bleibt"]
    assert store.files_to_fetch(MOMENT, 10) == []
    with engine.connect() as connection:
        sealed = sa.select(tables.messages.c.sealed).order_by(tables.messages.c.id)
        assert connection.execute(sealed).scalars().first() is None


def test_what_was_taken_back_before_it_came_never_comes(store: Store) -> None:
    assert take(store, a_message(1, "", means=Means.REMOVED)) == 0
    assert take(store, a_message(1)) == 0
    assert store.conversations_to_decide(MOMENT, 10) == []


def test_what_is_being_done_cannot_be_taken_back(store: Store) -> None:
    take(store, a_message(1, "satu"))
    conversation = the_conversation(store)
    plan(store, conversation)
    take(store, a_message(1, "", means=Means.REMOVED))
    (group,) = store.planned_groups(conversation)
    assert [message.text for message in group.messages] == ["satu"]


@pytest.mark.parametrize("means", [Means.EDITED, Means.REMOVED])
def test_what_waits_for_staff_is_decided_on_anew_once_it_changes(store: Store, means: Means) -> None:
    take(store, a_message(1, "satu"), a_message(2, "dua"))
    conversation = the_conversation(store)
    boxed = plan(store, conversation, "box", state=GroupState.BOXED, hint="?")
    take(store, a_message(1, "anders", means=means))
    assert texts(store, conversation) == (["anders", "dua"] if means is Means.EDITED else ["dua"])
    assert store.boxed_groups() == []
    (gone,) = store.groups_once_boxed(MOMENT)
    assert (gone.id, gone.messages, gone.state) == (boxed.id, (), GroupState.DONE)
    assert "pengirim" in gone.note


def test_what_waits_beside_a_secret_complaint_is_known(store: Store, engine: sa.Engine) -> None:
    take(store, a_message(1, "satu"))
    conversation = the_conversation(store)
    boxed = plan(store, conversation, "box", state=GroupState.BOXED)
    ticket, joined = file(store, conversation), file(store)
    store.link_conversation(conversation, joined, MOMENT)

    def restrict(which: str) -> None:
        with engine.begin() as connection:
            table = tables.complaints
            connection.execute(table.update().values(restricted=table.c.ticket == which))

    assert store.boxed_beside_secrets() == {}
    restrict(joined)
    assert store.boxed_beside_secrets() == {}
    restrict(ticket)
    assert store.boxed_beside_secrets() == {boxed.id: ticket}
    store.settle_group(boxed, MOMENT)
    assert store.boxed_beside_secrets() == {}


def test_text_that_no_database_holds_is_kept_as_well_as_can_be(store: Store) -> None:
    broken = replace(PERSON, person="\ud800", name="a\ud800", account="\x00")
    assert take(
        store, a_message(text="a\ud800b\x00", address=broken, media=(Media("\ud800"),)), a_message(2, "x" * 99_999)
    )
    lengths = {len(message.text) for each in (1, 2) for message in store.undecided_messages(each).messages}
    assert lengths == {4, 50_000}


def test_a_message_says_no_other_time_than_it_can_have(store: Store) -> None:
    for number, days in enumerate((-900, -2, 3), start=1):
        take(store, a_message(number, at=MOMENT + timedelta(days=days)))
    found = [message.at for message in store.undecided_messages(the_conversation(store)).messages]
    assert found == [MOMENT - timedelta(days=30), MOMENT - timedelta(days=2), MOMENT + timedelta(minutes=5)]


def test_reports_are_for_whoever_sent(store: Store) -> None:
    heard = []

    class Reported(Store):
        def _message_reported(self, connection: sa.Connection, report: Report, now: datetime) -> None:
            heard.append((report, now, connection.closed))

    report = Report(Channel.FACEBOOK, "halaman-1", "wamid", Fate.READ, MOMENT)
    assert take(store, report) == 0
    assert take(Reported(store._engine, KEYRING), report) == 0
    assert heard == [(report, MOMENT, False)]


# -- sealed -----------------------------------------------------------------------------------------------------------


def test_no_word_name_or_address_stands_in_the_database(store: Store, engine: sa.Engine) -> None:
    media = (Media(id="berkas-rahasia", url="https://contoh.invalid/berkas", name="foto-rahasia.jpg"),)
    take(store, a_message(subject="perihal-rahasia", media=media), a_comment(2))
    for waiting in store.conversations_to_decide(MOMENT, 10):
        plan(store, waiting.conversation, "box", state=GroupState.BOXED)
    kept = ""
    with engine.connect() as connection:
        for table in NEW_TABLES:
            for row in connection.execute(sa.select(table)):
                values = (
                    bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode() for value in row
                )
                kept += b" ".join(values).decode("latin-1")
    for secret in ("uraian", "rahasia", "Tersembunyi", "628120", "halaman-1", "komentar-2", "contoh.invalid", "m1 "):
        assert secret not in kept


def test_with_another_key_file_nothing_opens(store: Store, engine: sa.Engine) -> None:
    take(store, a_message(media=(Media("x"),)))
    conversation = the_conversation(store)
    other = Store(engine, Keyring(bytes(32)))
    with pytest.raises(KeyFileError):
        other.undecided_messages(conversation)
    with pytest.raises(KeyFileError):
        other.contact(conversation)
    assert other.files_to_fetch(MOMENT, 10) == []
    plan(store, conversation, "box", state=GroupState.BOXED)
    assert [group.messages for group in other.boxed_groups()] == [()]


def test_erasing_a_conversation_leaves_nobody(store: Store, engine: sa.Engine) -> None:
    take(store, a_message(media=(Media("x"),)))
    conversation = the_conversation(store)
    ticket = file(store, conversation)
    plan(store, conversation, "box", state=GroupState.BOXED)
    store.erase_conversation(conversation, MOMENT)
    assert store.boxed_groups() == []
    with pytest.raises(ErasedError):
        store.contact(conversation)
    assert store.contact_of(ticket) is None
    assert store.undecided_messages(conversation).messages == ()
    assert store.files_to_fetch(MOMENT, 10) == []
    with engine.connect() as connection:
        (row,) = connection.execute(sa.select(tables.conversations))
        assert (row.wrapped_key, row.sealed) == (None, None)
        assert connection.execute(sa.select(tables.conversation_people)).all() == []
    assert take(store, a_message()) == 0
    assert take(store, a_message(2)) == 1
    assert the_conversation(store) != conversation


# -- how they are answered --------------------------------------------------------------------------------------------


def test_a_person_is_answered_where_they_wrote_last(store: Store) -> None:
    take(store, a_message())
    first = store.contact(the_conversation(store))
    assert (first.address, first.last_in_at, first.commented_at) == (PERSON, MOMENT, None)
    late = MOMENT + timedelta(hours=1)
    renamed = replace(PERSON, name="Nama Baru", phone="")
    take(store, a_message(2, address=renamed, at=late), a_message(3, at=MOMENT), now=late)
    again = store.contact(first.conversation)
    assert (again.address, again.last_in_at) == (renamed, late)


def test_each_comment_has_a_private_reply_of_its_own(store: Store) -> None:
    take(store, a_comment(1))
    conversation = the_conversation(store)
    found = store.contact(conversation)
    assert (found.commented_at, found.last_in_at, found.privately_replied) == (MOMENT, None, False)
    assert (found.address.comment, found.address.thread) == ("komentar-1", "kiriman")
    went(store, conversation, comment="komentar-1")
    take(store, a_comment(1))
    assert store.contact(conversation).privately_replied
    late = MOMENT + timedelta(hours=1)
    take(store, a_comment(2, at=late), now=late)
    found = store.contact(conversation)
    assert (found.address.comment, found.privately_replied) == ("komentar-2", False)


def test_a_private_reply_uses_up_that_of_its_own_comment_alone(store: Store) -> None:
    take(store, a_comment(1))
    conversation = the_conversation(store)
    take(store, a_comment(2, at=MOMENT + timedelta(seconds=9)), now=MOMENT + timedelta(seconds=9))
    went(store, conversation, comment="komentar-1")
    assert not store.contact(conversation).privately_replied
    went(store, conversation, comment="komentar-2")
    assert store.contact(conversation).privately_replied


def test_that_it_was_sent_and_whom_it_reached_is_noted_as_one(store: Store) -> None:
    """Whoever is killed in between finds neither: the message may have arrived then, and is not sent again."""
    take(store, a_comment(1))
    conversation = the_conversation(store)
    ticket = file(store, conversation)
    store.queue_message(ReporterMessage(MessageKind.RECEIPT, ticket, channel=Channel.FACEBOOK), MOMENT)
    message = store.claim_message(MOMENT)
    assert message

    class Killed(Store):
        def _settle_message(self, *_: Any, **__: Any) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        went(Killed(store._engine, KEYRING), conversation, message, comment="komentar-1", person=PERSON.person)
    assert store.contact(conversation).address.person == "penulis-komentar"
    assert not store.contact(conversation).privately_replied
    went(store, conversation, message, comment="komentar-1", person=PERSON.person, proof="m_1")
    assert store.contact(conversation).address.person == PERSON.person
    assert store.settle_interrupted_messages(MOMENT) == 0
    assert store.events(ticket)[-1].secret == {"proof": "m_1"}


def test_what_is_told_below_a_comment_follows_the_private_message(store: Store) -> None:
    take(store, a_comment(1))
    conversation = the_conversation(store)
    ticket = file(store, conversation)
    store.queue_message(ReporterMessage(MessageKind.COMMENT, ticket, conversation=conversation), MOMENT)
    below = store.claim_message(MOMENT)
    assert below
    assert not store.receipt_went(ticket)
    store.message_later(below, MOMENT, MOMENT + timedelta(hours=1), "")
    store.queue_message(ReporterMessage(MessageKind.RECEIPT, ticket, channel=Channel.FACEBOOK), MOMENT)
    receipt = store.claim_message(MOMENT)
    assert receipt
    went(store, conversation, receipt, comment="komentar-1")
    assert store.receipt_went(ticket)
    again = store.claim_message(MOMENT)
    assert again
    assert again.id == below.id


def test_what_went_before_its_conversation_was_erased_is_noted(store: Store) -> None:
    take(store, a_comment(1))
    conversation = the_conversation(store)
    store.queue_message(ReporterMessage(MessageKind.THANKS, conversation=conversation), MOMENT)
    message = store.claim_message(MOMENT)
    assert message
    store.erase_conversation(conversation, MOMENT)
    went(store, conversation, message, comment="komentar-1", person=PERSON.person)
    assert store.settle_interrupted_messages(MOMENT) == 0


def test_whoever_blocked_us_is_unreachable_until_they_write(store: Store) -> None:
    take(store, a_message())
    conversation = the_conversation(store)
    store.note_unreachable(conversation, MOMENT)
    assert store.contact(conversation).unreachable
    take(store, a_message(2, automatic=True))
    assert store.contact(conversation).unreachable
    take(store, a_message(3))
    assert not store.contact(conversation).unreachable


def test_a_comments_author_and_whom_the_private_reply_reached_are_one(store: Store) -> None:
    take(store, a_comment())
    conversation = the_conversation(store)
    went(store, conversation, comment="komentar-1", person=PERSON.person)
    take(store, a_message(2, "dua"))
    assert sorted(texts(store, conversation)) == ["dua", "uraian-tersembunyi"]
    found = store.contact(conversation)
    assert (found.address.person, found.address.comment) == (PERSON.person, "komentar-1")
    take(store, a_comment(3))
    assert store.contact(conversation).address.person == PERSON.person


def test_two_conversations_of_one_person_become_one(store: Store) -> None:
    take(store, a_message(1, "lama", media=(Media("x"),)), a_message(9, "ditunda"))
    old = the_conversation(store)
    ticket = file(store, old)
    messages = store.undecided_messages(old).messages
    assert store.plan_messages(old, messages[1:], "act", MOMENT, ticket=ticket)
    take(store, a_comment(2, text="komentar"))
    (new,) = {each.conversation for each in store.conversations_to_decide(MOMENT, 10)} - {old}
    store.same_person(new, PERSON.person, MOMENT)
    store.same_person(new, PERSON.person, MOMENT)
    for number in (old, new):
        assert sorted(texts(store, number)) == ["komentar", "lama"]
        assert [link.ticket for link in store.links_of_conversation(number)] == [ticket]
        assert store.contact(number).conversation == new
        (group,) = store.planned_groups(number)
        assert [message.text for message in group.messages] == ["ditunda"]
    assert store.contact_of(ticket) == store.contact(new)
    assert store.contact(new).last_in_at == MOMENT
    (wanted,) = store.files_to_fetch(MOMENT, 10)
    assert wanted.media == Media("x")
    take(store, a_message(3, "lagi"))
    assert sorted(texts(store, new)) == ["komentar", "lagi", "lama"]


def test_a_comment_whose_author_is_not_told_is_a_conversation_of_its_own(store: Store) -> None:
    nobody = replace(PERSON, person="", name="")
    take(store, a_message(1, address=replace(nobody, comment="k1"), public=True))
    take(store, a_message(2, address=replace(nobody, comment="k2"), public=True))
    assert len(store.conversations_to_decide(MOMENT, 10)) == 2


def test_a_complaint_belongs_to_the_conversation_that_it_came_from(store: Store) -> None:
    take(store, a_message(), a_comment(2))
    mine, other = (each.conversation for each in store.conversations_to_decide(MOMENT, 10))
    ticket, elsewhere = file(store, mine), file(store)
    store.link_conversation(other, ticket, MOMENT)
    store.link_conversation(other, elsewhere, MOMENT)
    store.link_conversation(mine, ticket, MOMENT)
    assert store.contact_of(ticket) == store.contact(mine)
    assert store.contact_of(elsewhere) is None, "a joined conversation may be somebody else's"
    assert [(link.ticket, link.own) for link in store.links_of_conversation(mine)] == [(ticket, True)]
    assert {(link.ticket, link.own) for link in store.links_of_conversation(other)} == {
        (ticket, False),
        (elsewhere, False),
    }


def test_a_repeated_complaint_keeps_its_conversation(store: Store) -> None:
    take(store, a_message())
    conversation = the_conversation(store)
    tickets = set()
    for _ in range(2):
        accepted = store.accept(
            an_intake(), channel=Channel.FACEBOOK, now=MOMENT, submission_key="message:d", conversation=conversation
        )
        tickets.add(accepted.complaint.ticket)
    assert {store.filed_under("message:d")} == tickets
    assert store.filed_under("message:other") is None
    assert len(store.links_of_conversation(conversation)) == 1


def test_a_conversation_that_is_none_is_not_found(store: Store) -> None:
    with pytest.raises(ConversationNotFoundError):
        store.contact(99)


# -- deciding ---------------------------------------------------------------------------------------------------------


def test_a_plan_takes_all_messages_as_they_were_or_none(store: Store) -> None:
    take(store, a_message(1, "satu"), a_message(2, "dua"))
    conversation = the_conversation(store)
    read = store.undecided_messages(conversation).messages
    take(store, a_message(2, "anders", means=Means.EDITED))
    assert store.plan_messages(conversation, read, "complaint", MOMENT) is None
    assert store.planned_groups(conversation) == []
    made = plan(store, conversation, ticket="", hint="")
    assert store.planned_groups(conversation) == [made]
    assert texts(store, conversation) == []
    assert store.plan_messages(conversation, made.messages, "complaint", MOMENT) is None
    store.drop_plan(made)
    assert texts(store, conversation) == ["satu", "anders"]


def test_words_are_dropped_once_it_is_done(store: Store) -> None:
    take(store, a_message(media=(Media("x"),)), a_message(2, media=(Media("y"),)))
    conversation = the_conversation(store)
    first, second = store.undecided_messages(conversation).messages
    ticket = file(store, conversation)
    filed = store.plan_messages(conversation, [first], "complaint", MOMENT)
    assert filed
    store.settle_group(filed, MOMENT, ticket=ticket)
    assert store.plan_messages(conversation, [second], "drop", MOMENT, state=GroupState.DONE)
    assert store.message_group(filed.id) == replace(filed, state=GroupState.DONE, ticket=ticket, messages=())
    (wanted,) = store.files_to_fetch(MOMENT, 10)
    assert (wanted.ticket, wanted.media.id, wanted.account, wanted.delivery) == (ticket, "x", "halaman-1", 7)


def test_staff_decide_once(store: Store) -> None:
    take(store, a_message())
    conversation = the_conversation(store)
    mark = store.groups_mark()
    boxed = plan(store, conversation, "box", state=GroupState.BOXED, hint="?")
    assert store.groups_mark() != mark
    mark = store.groups_mark()
    assert store.replan_group(boxed, "complaint", MOMENT)
    assert not store.replan_group(boxed, "complaint", MOMENT)
    assert store.groups_mark() != mark
    (planned,) = store.planned_groups(conversation)
    assert (planned.deed, planned.hint, len(planned.messages)) == ("complaint", "?", 1)
    assert [each.conversation for each in store.conversations_to_decide(MOMENT, 10)] == [conversation]
    store.box_group(planned, MOMENT, note="Perbaiki: tiket")
    assert [group.note for group in store.boxed_groups()] == ["Perbaiki: tiket"]


def test_what_comes_while_it_is_decided_is_not_overlooked(store: Store) -> None:
    take(store, a_message())
    (deciding,) = store.conversations_to_decide(MOMENT, 10)
    take(store, a_message(2))
    store.conversation_later(deciding, None)
    (again,) = store.conversations_to_decide(MOMENT, 10)
    store.conversation_later(again, MOMENT + timedelta(minutes=2), failed=True)
    assert store.conversations_to_decide(MOMENT, 10) == []
    (later,) = store.conversations_to_decide(MOMENT + timedelta(minutes=2), 10)
    assert later.attempts == 1
    store.conversation_later(later, None)
    assert store.conversations_to_decide(MOMENT + timedelta(days=9), 10) == []


def test_files_are_tried_again_until_they_are_settled(store: Store) -> None:
    take(store, a_message(media=(Media("x"), Media("y"))))
    one, other = store.files_to_fetch(MOMENT, 10)
    store.file_later(one, MOMENT + timedelta(minutes=1), "timeout")
    store.settle_file(other, FileState.REFUSED, MOMENT, code="damaged")
    assert store.files_to_fetch(MOMENT, 10) == []
    (again,) = store.files_to_fetch(MOMENT + timedelta(minutes=1), 10)
    assert (again.media, again.attempts) == (Media("x"), 1)
    store.settle_file(again, FileState.KEPT, MOMENT)
    conversation = the_conversation(store)
    assert store.files_waiting_with_messages() == [again.message]
    assert store.refused_files(plan(store, conversation)) == ["damaged"]


# -- in whatever order ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def one_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One for all examples: each is about an account of its own."""
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('percakapan') / 'aduan.sqlite3'}")
    migrate(engine, backup_folder=tmp_path_factory.mktemp("cadangan"), now=MOMENT)
    yield Store(engine, KEYRING)
    engine.dispose()


_ACCOUNTS = iter(range(10**9))


@given(st.permutations([*range(5), *range(5)]), st.integers(0, 10))
def test_it_does_not_matter_how_often_and_in_which_order_they_come(
    one_store: Store, order: list[int], part: int
) -> None:
    address = replace(PERSON, account=f"akun-{next(_ACCOUNTS)}")
    seconds = [timedelta(seconds=number) for number in order]
    came = [
        a_message(number, f"pesan {number}", address=address, at=MOMENT + after)
        for number, after in zip(order, seconds, strict=True)
    ]
    late = MOMENT + timedelta(hours=1)
    assert take(one_store, *came[:part], now=late) + take(one_store, *came[part:], now=late) == 5
    newest = max(each.conversation for each in one_store.conversations_to_decide(late, 10_000))
    assert texts(one_store, newest) == [f"pesan {number}" for number in range(5)]
    assert one_store.contact(newest).last_in_at == MOMENT + timedelta(seconds=4)
