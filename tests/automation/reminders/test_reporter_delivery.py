"""Messages to reporters: to the recorded address, once, in their language, and never a word of what it is about."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from automation.channels.outbound.mail import mail_sender
from automation.channels.outcome import Outcome, Result
from automation.checkup import findings
from automation.reminders.working_off import JITTER, PAUSES
from register import tables
from register.complaint import EventKind
from register.notices import State
from register.proof_links import is_proof
from register.reporter_messages import MessageKind
from tests.automation.reminders.desk import Desk
from tests.automation.reminders.reporter_office import ASKED_FOR, SECRETS, SITE, Sending
from tests.automation.reminders.staff_rules import rules
from tests.automation.reminders.staff_servers import Mailbox
from tests.builders import MOMENT

REFUSED = Outcome(Result.REFUSED, "kanal ke-1: ditolak server (kode 500)")
UNSURE = Outcome(Result.UNSURE, "kanal ke-1: server tidak menjawab")
LONGEST = [pause * (1 + JITTER) for pause in PAUSES]


@pytest.fixture
def sending(desk: Desk) -> Sending:
    return Sending(desk.store)


@pytest.mark.parametrize("kind", ASKED_FOR)
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_message_holds_ticket_and_link_and_nothing_of_the_matter(
    sending: Sending, kind: MessageKind, language: str
) -> None:
    ticket = sending.file()
    contact = sending.store.contact_digest(email="ibu@contoh.id")
    sending.queue(kind, ticket, contact=contact, language=language)
    assert sending.run() == 1
    ((address, title, text),) = sending.post.got
    assert address == "ibu@contoh.id"
    assert ticket in text
    assert SITE in text
    assert not [secret for secret in SECRETS if secret in title + text]
    assert "{" not in text
    assert ("Yth." in text) is (language == "id")
    assert sending.states() == ["sent"]
    (told,) = [event for event in sending.store.events(ticket) if event.kind is EventKind.NOTIFIED]
    assert told.data == {"rung": kind.value, "person": "pelapor", "state": "sent", "channel": "email"}
    assert told.secret == {"proof": "bukti-1"}


def test_a_proof_link_is_good_from_when_it_is_sent(sending: Sending) -> None:
    ticket = sending.file()
    sending.queue(MessageKind.PROOF, ticket)
    sending.post.answers = [REFUSED]
    sending.run()
    sending.run(MOMENT + LONGEST[0])
    link = sending.post.got[-1][2].splitlines()[-1]
    assert link.startswith(f"{SITE}/pengaduan/{ticket}/bukti/")
    token = link.rpartition("/")[2]
    assert is_proof(sending.store.digest, ticket, token, sending.now + timedelta(minutes=29))


def test_without_a_public_address_there_is_no_link(desk: Desk) -> None:
    sending = Sending(desk.store, public_url="")
    sending.queue(MessageKind.RECEIPT, sending.file())
    sending.run()
    assert "http" not in sending.post.got[0][2]


def test_whoever_forgot_gets_all_their_tickets_at_their_own_address(sending: Sending) -> None:
    mine = [sending.file(), sending.file(email="IBU@contoh.id")]
    neighbour = sending.file(email="tetangga@contoh.id")
    only_phone = sending.file(email="")
    stranger = sending.file(phone="+6281200000009", email="lain@contoh.id")
    sending.queue(MessageKind.FORGOTTEN, contact=sending.store.contact_digest(phone="0812-0000-0000"))
    while sending.run():
        pass
    got = {address.casefold(): text for address, _, text in sending.post.got}
    assert set(got) == {"ibu@contoh.id", "tetangga@contoh.id"}
    assert all(ticket in got["ibu@contoh.id"] for ticket in mine)
    assert neighbour in got["tetangga@contoh.id"]
    everything = " ".join(got.values())
    assert neighbour not in got["ibu@contoh.id"]
    assert only_phone not in everything
    assert stranger not in everything


def test_a_contact_that_nobody_has_leaves_nothing(sending: Sending) -> None:
    sending.queue(MessageKind.FORGOTTEN, contact=sending.store.contact_digest(email="tidak@contoh.id"))
    sending.run()
    assert sending.post.got == []
    assert sending.states() == []


@pytest.mark.parametrize("erased", [False, True], ids=["no address", "erased"])
def test_who_has_no_address_is_not_written_to(sending: Sending, erased: bool) -> None:
    ticket = sending.file(email="ibu@contoh.id" if erased else "")
    sending.queue(MessageKind.RECEIPT, ticket)
    if erased:
        with sending.store._writer.begin() as connection:
            connection.execute(sa.delete(tables.complaint_keys))
    sending.run()
    assert sending.post.got == []
    assert sending.states() == ["nobody"]


@pytest.mark.parametrize(
    ("answers", "states", "tries"),
    [
        ([UNSURE], ["maybe"], 1),
        ([REFUSED] * 2, ["sent"], 3),
        ([REFUSED] * 5, ["failed"], 5),
    ],
)
def test_what_may_have_arrived_is_not_sent_again(
    sending: Sending, answers: list[Outcome | Exception], states: list[str], tries: int
) -> None:
    sending.queue(MessageKind.RECEIPT, sending.file())
    sending.post.answers = answers
    for pause in (timedelta(0), *LONGEST, timedelta(days=1)):
        sending.run(sending.now + pause)
    assert sending.states() == states
    assert len(sending.post.got) == tries
    told = [line for line in findings(sending.store, rules(), sending.now) if line.startswith("Pesan kepada pelapor")]
    assert len(told) == (states != [State.SENT])
    assert "contoh.id" not in "".join(told)


def test_a_sender_that_breaks_midway_does_not_send_twice(sending: Sending) -> None:
    sending.queue(MessageKind.RECEIPT, sending.file())
    sending.post.answers = [RuntimeError("putus")]
    with pytest.raises(RuntimeError):
        sending.run()
    sending.run()
    assert len(sending.post.got) == 1
    assert sending.states() == ["maybe"]


def test_it_goes_out_over_a_real_mail_server(desk: Desk, mail: tuple[Mailbox, str]) -> None:
    box, url = mail
    sending = Sending(desk.store, mail_sender(url))
    ticket = sending.file(email="ibu+aduan@contoh.id")
    sending.queue(MessageKind.RECEIPT, ticket)
    assert sending.run() == 1
    assert sending.states() == ["sent"]
    (letter,) = box.letters
    assert "ibu+aduan@contoh.id" in letter["To"]
    assert "kabid" not in letter["To"]
    assert letter["Subject"] == "Tanda terima pengaduan"
    assert ticket in letter.get_body(("plain",)).get_content()


def test_an_address_that_the_mail_server_does_not_know_is_not_tried_again(
    desk: Desk, mail: tuple[Mailbox, str]
) -> None:
    box, url = mail
    box.unknown = {"ibu@contoh.id"}
    sending = Sending(desk.store, mail_sender(url))
    sending.queue(MessageKind.RECEIPT, sending.file())
    sending.run()
    assert sending.states() == ["failed"]
    assert box.letters == []
