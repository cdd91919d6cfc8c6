"""Messages to reporters: to the recorded address, once, in their language, and never a word of what it is about."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from automation.channels.outbound.post import Post, Send
from automation.channels.outcome import Outcome, Result
from automation.channels.rules import Way, rules_of
from automation.checkup import findings
from automation.reminders.channels.mail import addressed, sender_of
from automation.reminders.delivery import remembered_rules
from automation.reminders.reporter_delivery import ReporterDelivery, shortened
from automation.reminders.reporter_wording import Letter
from automation.reminders.working_off import JITTER, PAUSES
from automation.sop.handling import referral_to
from register import tables
from register.changes import Change
from register.complaint import Channel, Clock, Event, EventKind, Status
from register.inbound import Address, Contact
from register.notices import State
from register.proof_links import is_proof
from register.reporter_messages import CONVERSED, MessageKind, ReporterMessage
from register.store import Store
from register.tables import instant_text
from tests.automation.reminders.desk import Desk
from tests.automation.reminders.staff_rules import rules
from tests.automation.reminders.staff_servers import Mailbox
from tests.builders import MOMENT, an_intake

SITE = "https://aduan.contoh.id"
REFUSED = Outcome(Result.REFUSED, "kanal ke-1: ditolak server (kode 500)")
UNSURE = Outcome(Result.UNSURE, "kanal ke-1: server tidak menjawab")
SECRETS = ("6402990000000000", "PKH", "Linjamsos", "sembako", "0812", "81200000000")
LONGEST = [pause * (1 + JITTER) for pause in PAUSES]
ASKED_FOR = (MessageKind.RECEIPT, MessageKind.FORGOTTEN, MessageKind.PROOF)
"""What the pages queue, for the recorded address."""


@dataclass
class Server:
    """Somewhere messages go: answers as told, accepted once nothing is left to answer."""

    answers: list[Outcome | Exception] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)

    def __call__(self, post: Post) -> Outcome:
        self.posts.append(post)
        answer = self.answers.pop(0) if self.answers else Outcome(Result.SENT, proof=f"bukti-{len(self.posts)}")
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def got(self) -> list[tuple[str, str, str]]:
        """Person, subject and text of each."""
        return [(post.to.person, post.subject, post.text) for post in self.posts]


@dataclass
class Conversations:
    """Who wrote on channels, as the store will know it."""

    by_ticket: dict[str, Contact] = field(default_factory=dict)
    answered: list[tuple[int, bool, str]] = field(default_factory=list)
    unreachable: list[int] = field(default_factory=list)

    def contact_of(self, ticket: str) -> Contact | None:
        return self.by_ticket.get(ticket)

    def contact(self, conversation: int) -> Contact:
        return next(each for each in self.by_ticket.values() if each.conversation == conversation)

    def note_answered(self, conversation: int, now: datetime, *, privately: bool, person: str = "") -> None:
        self.answered.append((conversation, privately, person))

    def note_unreachable(self, conversation: int, now: datetime) -> None:
        self.unreachable.append(conversation)


class Sending:
    """A store, a server of each channel, and a clock in hand."""

    def __init__(self, store: Store, send: Send | None = None, public_url: str = SITE) -> None:
        self.store, self.post, self.now = store, Server(), MOMENT
        self.people = Conversations()
        self.servers: dict[Channel, Send] = dict.fromkeys(CONVERSED, send or self.post)
        self.rules = remembered_rules(store)
        self.deliver = ReporterDelivery(
            store,
            self.servers,
            self.people,
            public_url=public_url,
            holder="uji",
            clock=lambda: self.now,
            rules=lambda now: self.rules(now),
        )

    def file(self, **said: Any) -> str:
        said = {"email": "ibu@contoh.id", "nik": "6402990000000000"} | said
        return self.store.accept(an_intake(**said), channel=Channel.WEB, now=MOMENT).complaint.ticket

    def came_by(self, channel: Channel, number: int = 1, *, contact: dict[str, Any] | None = None, **said: Any) -> str:
        """A complaint that came by a channel."""
        told = an_intake(nik="6402990000000000", **said)
        ticket = self.store.accept(told, channel=channel, now=MOMENT).complaint.ticket
        to = Address(channel, "kantor", f"orang-{number}")
        self.people.by_ticket[ticket] = Contact(number, to, **({"last_in_at": MOMENT} | (contact or {})))
        return ticket

    def tell(self, ticket: str, *events: Event, messages: Sequence[ReporterMessage] = (), **fields: Any) -> None:
        """A change of a complaint, as a tick commits it."""
        self.store.commit([Change(ticket, fields, events or [an_act("uji")], messages=messages)])

    def queue(self, kind: MessageKind, ticket: str = "", **more: Any) -> None:
        self.store.queue_message(ReporterMessage(kind, ticket, **more), self.now)

    def run(self, at: datetime | None = None) -> int:
        self.now = at or self.now
        return self.deliver(self.now)

    def states(self) -> list[str]:
        with self.store._read() as connection:
            return list(connection.execute(sa.select(tables.outbox.c.state).order_by(tables.outbox.c.id)).scalars())


def an_act(act: str, public: str = "") -> Event:
    return Event(EventKind.ACT, MOMENT, "staf", {"act": act}, {"public": public} if public else {}, "…")


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
    sending = Sending(desk.store, sender_of(url))
    ticket = sending.file(email="ibu+aduan@contoh.id")
    sending.queue(MessageKind.RECEIPT, ticket)
    assert sending.run() == 1
    assert sending.states() == ["sent"]
    (letter,) = box.letters
    assert "ibu+aduan@contoh.id" in letter["To"]
    assert "kabid" not in letter["To"]
    assert letter["Subject"] == "Tanda terima pengaduan"
    assert ticket in letter.get_body(("plain",)).get_content()


def test_an_address_that_the_mail_server_does_not_know_is_tried_again(desk: Desk, mail: tuple[Mailbox, str]) -> None:
    box, url = mail
    box.unknown = {"ibu@contoh.id"}
    sending = Sending(desk.store, sender_of(url))
    sending.queue(MessageKind.RECEIPT, sending.file())
    sending.run()
    assert sending.states() == ["queued"]
    assert box.letters == []


def test_the_mailbox_url_gets_one_recipient() -> None:
    made = addressed("mailtos://u:p@mail.contoh.id?from=a@b.id&to=x@y.id&cc=z@y.id&mode=ssl", "ibu+1@contoh.id")
    assert made == "mailtos://u:p@mail.contoh.id?from=a%40b.id&mode=ssl&to=ibu%2B1%40contoh.id"


# -- by channels ------------------------------------------------------------------------------------------------------

LINK = f"{SITE}/status/"
HOUR = timedelta(hours=1)


def told(ticket: str, kind: MessageKind, mark: str = "", channel: Channel = Channel.WHATSAPP) -> ReporterMessage:
    return ReporterMessage(kind, ticket, channel=channel, mark=mark)


def trail(sending: Sending, ticket: str) -> list[dict[str, str]]:
    found = [event for event in sending.store.events(ticket) if event.kind is EventKind.NOTIFIED]
    return [{**event.data, **event.secret} for event in found]


def test_a_change_and_its_message_are_committed_together_and_sent_where_they_wrote(sending: Sending) -> None:
    ticket = sending.came_by(Channel.WHATSAPP, email="ibu@contoh.id")
    sending.tell(ticket, messages=[told(ticket, MessageKind.RECEIPT)], due_at=MOMENT + HOUR)
    sending.tell(ticket, messages=[told(ticket, MessageKind.RECEIPT)])
    assert sending.run() == 1
    (post,) = sending.post.posts
    assert (post.to.channel, post.to.person, post.way) == (Channel.WHATSAPP, "orang-1", Way.FREE)
    assert post.text.endswith(f"{LINK}{ticket}")
    assert "Senin, 23 November 2026 pukul 11.30 WITA" in post.text
    assert trail(sending, ticket) == [
        {"rung": "tanda_terima", "person": "pelapor", "state": "sent", "channel": "whatsapp", "proof": "bukti-1"}
    ]
    assert sending.people.answered == [(1, False, "")]


@pytest.mark.parametrize(
    ("channel", "said", "queued"),
    [
        (Channel.WEB, {"email": "ibu@contoh.id"}, True),
        (Channel.WEB, {"email": ""}, False),
        (Channel.DESK, {"email": ""}, False),
        (Channel.TELEGRAM, {"email": ""}, True),
    ],
)
def test_who_cannot_be_told_has_nothing_queued(
    sending: Sending, channel: Channel, said: dict[str, str], queued: bool
) -> None:
    ticket = sending.store.accept(an_intake(**said), channel=channel, now=MOMENT).complaint.ticket
    sending.tell(ticket, messages=[told(ticket, MessageKind.CLOSED, "cabut 0", Channel.EMAIL)])
    assert sending.states() == (["queued"] if queued else [])


def test_who_was_erased_is_told_nothing(sending: Sending) -> None:
    ticket = sending.came_by(Channel.WHATSAPP)
    with sending.store._writer.begin() as connection:
        connection.execute(sa.delete(tables.complaint_keys))
    sending.tell(ticket, messages=[told(ticket, MessageKind.RECEIPT)])
    assert sending.states() == []


def test_a_web_complaint_is_told_by_e_mail(sending: Sending) -> None:
    ticket = sending.file()
    mark = instant_text(MOMENT)
    replied = Event(EventKind.REPLIED, MOMENT, "staf", {}, {}, "Balasan disampaikan")
    change = Change(ticket, {"replied_at": MOMENT}, [replied], reply="Bantuan sudah cair.")
    sending.store.commit([replace(change, messages=[told(ticket, MessageKind.ANSWER, mark, Channel.EMAIL)])])
    sending.run()
    ((address, title, text),) = sending.post.got
    assert (address, title) == ("ibu@contoh.id", "Tanggapan atas pengaduan Anda")
    assert f"{ticket} telah ditindaklanjuti: Bantuan sudah cair. Anda dapat menanggapi" in text


def test_without_a_mailbox_nobody_expects_an_e_mail_but_on_a_channel_somebody_waits(sending: Sending) -> None:
    web, phone = sending.file(), sending.came_by(Channel.WHATSAPP)
    sending.servers.clear()
    sending.tell(web, messages=[told(web, MessageKind.CLOSED, "cabut 0", Channel.EMAIL)])
    sending.tell(phone, messages=[told(phone, MessageKind.CLOSED, "cabut 0")])
    while sending.run():
        pass
    assert sending.states() == ["nobody", "task"]
    assert trail(sending, web) == []
    assert "belum disambungkan" in sending.store.undelivered_messages(MOMENT)[0][3]


def test_a_request_says_what_is_missing_and_until_when(sending: Sending) -> None:
    ticket = sending.came_by(Channel.TELEGRAM)
    act = an_act("minta_kelengkapan", "Foto kartu KKS.")
    clock = Clock("kelengkapan", 0, MOMENT, MOMENT + timedelta(days=30), "30 hari")
    change = Change(ticket, {"status": Status.NEEDS_INFO}, [act], clocks=[clock])
    message = told(ticket, MessageKind.NEEDS_INFO, instant_text(MOMENT), Channel.TELEGRAM)
    sending.store.commit([replace(change, messages=[message])])
    sending.run()
    (post,) = sending.post.posts
    assert "Mohon melengkapi Foto kartu KKS paling lambat Rabu, 23 Desember 2026" in post.text


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("cabut", "dicabut pada Senin, 23 November 2026"),
        ("dianggap_dicabut", "dianggap dicabut pada Senin, 23 November 2026"),
        ("selesai", "dinyatakan selesai pada Senin, 23 November 2026"),
    ],
)
def test_the_end_is_told_as_what_it_was(sending: Sending, act: str, words: str) -> None:
    ticket = sending.came_by(Channel.TELEGRAM)
    clock = Clock("buka_kembali", 0, MOMENT, None, "")
    message = told(ticket, MessageKind.CLOSED, f"{act} 0", Channel.TELEGRAM)
    later = replace(an_act(act), at=MOMENT)
    sending.store.commit([Change(ticket, {"status": Status.ARCHIVED}, [later], clocks=[clock], messages=[message])])
    sending.run(MOMENT + timedelta(days=3))
    assert words in sending.post.posts[0].text


@pytest.mark.parametrize(("act", "words"), [("alihkan", "dialihkan"), ("bukan_kewenangan", "bukan kewenangan")])
def test_a_referral_tells_where_to_go_and_why(sending: Sending, act: str, words: str) -> None:
    ticket = sending.came_by(Channel.TELEGRAM)
    agency = next(iter(sending.rules(MOMENT).agencies.values()))
    public = f"{referral_to(agency)} Jalan itu jalan kabupaten."
    message = told(ticket, MessageKind.REFERRED, f"{act} {instant_text(MOMENT)}", Channel.TELEGRAM)
    fields = {"status": Status.TRANSFERRED, "referral": agency.name}
    sending.tell(ticket, an_act(act, public), messages=[message], **fields)
    sending.run()
    text = sending.post.posts[0].text
    assert words in text
    assert text.count(agency.name) == 1
    assert "\n\nJalan itu jalan kabupaten.\n\n" in text


def test_what_was_overtaken_is_not_sent(sending: Sending) -> None:
    ticket = sending.came_by(Channel.WHATSAPP)
    message = told(ticket, MessageKind.ANSWER, instant_text(MOMENT))
    sending.tell(ticket, messages=[message], replied_at=MOMENT + HOUR)
    sending.run()
    assert (sending.states(), sending.post.posts, trail(sending, ticket)) == (["cancelled"], [], [])


@pytest.mark.parametrize("kind", [kind for kind in MessageKind if kind not in ASKED_FOR])
@pytest.mark.parametrize("language", ["id", "en"])
def test_no_message_by_a_channel_tells_what_it_is_about(sending: Sending, kind: MessageKind, language: str) -> None:
    """A telephone lies open on the table; what is in a reply or a reason, the office wrote itself."""
    ticket = sending.came_by(Channel.FACEBOOK, contact={"language": language, "commented_at": MOMENT})
    commented = replace(sending.people.by_ticket[ticket].address, comment="komentar-1")
    sending.people.by_ticket[ticket] = replace(sending.people.by_ticket[ticket], address=commented)
    disposed = {"category": "PKH", "bidang": "Linjamsos", "replied_at": MOMENT, "status": Status.NEEDS_INFO}
    if kind in (MessageKind.REFERRED, MessageKind.CLOSED):
        disposed["status"] = Status.OUT_OF_AUTHORITY
    sending.tell(ticket, **disposed)
    marks = {MessageKind.CLOSED: "cabut 0", MessageKind.DISPOSED: "0"}
    conversation = 0 if kind in (MessageKind.NEEDS_INFO, MessageKind.ANSWER, MessageKind.CLOSED) else 1
    message = ReporterMessage(
        kind, ticket, channel=Channel.FACEBOOK, conversation=conversation, mark=marks.get(kind, instant_text(MOMENT))
    )
    sending.store.queue_message(message, MOMENT)
    sending.run()
    assert sending.states() == ["sent"]
    (post,) = sending.post.posts
    assert not [secret for secret in SECRETS if secret in post.text]
    assert "{" not in post.text
    assert post.way is (Way.PUBLIC if kind is MessageKind.COMMENT else Way.FREE)
    if kind is MessageKind.COMMENT:
        assert ticket not in post.text
        assert "http" not in post.text


def test_a_comment_is_answered_below_it_and_privately_once(sending: Sending) -> None:
    ticket = sending.came_by(Channel.INSTAGRAM, contact={"last_in_at": None, "commented_at": MOMENT})
    contact = sending.people.by_ticket[ticket]
    sending.people.by_ticket[ticket] = replace(contact, address=replace(contact.address, comment="komentar-1"))
    sending.queue(MessageKind.COMMENT, ticket, conversation=1, channel=Channel.INSTAGRAM)
    sending.tell(ticket, messages=[told(ticket, MessageKind.RECEIPT, "", Channel.INSTAGRAM)])
    sending.post.answers = [Outcome(Result.SENT, proof="p"), Outcome(Result.SENT, proof="q", person="igsid-7")]
    assert sending.run() == 2
    public, private = sending.post.posts
    assert (public.way, private.way) == (Way.PUBLIC, Way.PRIVATE)
    assert ticket not in public.text
    assert ticket in private.text
    assert sending.people.answered == [(1, False, ""), (1, True, "igsid-7")]


def test_what_a_channel_takes_in_one_is_cut_before_its_link(sending: Sending) -> None:
    long = Letter("Judul", "Bantuan sedang kami periksa. " * 100, links=(f"{LINK}7K3M-Q9TX-2",))
    for way in (Way.PRIVATE, Way.PUBLIC):
        text = shortened(long, Channel.INSTAGRAM, way)
        assert len(text.encode()) <= rules_of(Channel.INSTAGRAM).limit_of(way)
        assert text.endswith(f" …\n\n{LINK}7K3M-Q9TX-2")
    assert shortened(long, Channel.INSTAGRAM, Way.FREE) == long.whole, "the sender makes parts of it"


def test_outside_the_window_an_approved_template_is_filled_in_order(sending: Sending) -> None:
    ticket = sending.came_by(Channel.WHATSAPP, contact={"last_in_at": MOMENT - timedelta(days=2)})
    sending.rules = lambda _: rules_with_template
    rules_with_template = replace(rules(), whatsapp_templates={"tanda_terima": "tanda_terima_v2"})
    sending.tell(ticket, messages=[told(ticket, MessageKind.RECEIPT)], due_at=MOMENT + HOUR)
    sending.run()
    (post,) = sending.post.posts
    assert (post.way, post.template) == (Way.TEMPLATE, "tanda_terima_v2")
    assert post.values == (
        "Ibu Contoh",
        "Senin, 23 November 2026",
        "10.30",
        ticket,
        "Senin, 23 November 2026 pukul 11.30 WITA",
    )


def test_outside_the_window_without_a_template_it_is_a_task(sending: Sending) -> None:
    ticket = sending.came_by(Channel.WHATSAPP, contact={"last_in_at": MOMENT - timedelta(days=2)})
    sending.tell(ticket, messages=[told(ticket, MessageKind.RECEIPT)])
    sending.run()
    assert sending.post.posts == []
    assert sending.states() == ["task"]
    assert "24 jam" in sending.store.undelivered_messages(MOMENT)[0][3]
    assert trail(sending, ticket)[0]["state"] == "task"


@pytest.mark.parametrize(
    ("outcome", "state", "unreachable"),
    [
        (Outcome(Result.REFUSED, "token tidak berlaku", hopeless=True), "failed", []),
        (Outcome(Result.REFUSED, "memblokir", hopeless=True, unreachable=True), "failed", [1]),
        (Outcome(Result.REFUSED, "tunggu", wait_seconds=3600), "queued", []),
        (Outcome(Result.UNSURE, "tidak menjawab"), "maybe", []),
    ],
)
def test_what_a_channel_refuses_for_good_fails_at_once(
    sending: Sending, outcome: Outcome, state: str, unreachable: list[int]
) -> None:
    ticket = sending.came_by(Channel.WHATSAPP)
    sending.tell(ticket, messages=[told(ticket, MessageKind.RECEIPT)])
    sending.post.answers = [outcome]
    sending.run()
    assert sending.states() == [state]
    assert sending.people.unreachable == unreachable
    assert sending.people.answered == []
    sending.run(MOMENT + timedelta(seconds=3599))
    assert len(sending.post.posts) == 1


def test_one_person_is_written_to_with_pauses_that_count_as_no_attempt(sending: Sending) -> None:
    for number in (1, 1, 2):
        ticket = sending.came_by(Channel.WHATSAPP, number)
        sending.tell(ticket, messages=[told(ticket, MessageKind.CLOSED, "cabut 0")])
    sending.run()
    assert [post.to.person for post in sending.post.posts] == ["orang-1", "orang-2"]
    sending.run(MOMENT + timedelta(seconds=5))
    assert len(sending.post.posts) == 2
    sending.run(MOMENT + timedelta(seconds=6))
    assert [post.to.person for post in sending.post.posts] == ["orang-1", "orang-2", "orang-1"]
    assert sending.states() == ["sent"] * 3


def test_two_programs_that_answer_each_other_by_e_mail_do_not_go_on(sending: Sending) -> None:
    """A receipt an hour, as its ticket must reach them; of the others none that is one too many."""
    tickets = [sending.came_by(Channel.EMAIL) for _ in range(3)]
    for ticket in tickets:
        sending.tell(ticket, messages=[told(ticket, MessageKind.RECEIPT, "", Channel.EMAIL)])
    for number in range(3):
        sending.queue(MessageKind.NEEDS_TEXT, conversation=1, channel=Channel.EMAIL, mark=str(number))
    sending.run()
    assert [post.subject for post in sending.post.posts] == [
        f"Tanda terima pengaduan [{tickets[0]}]",
        "Mohon uraikan pengaduan Anda",
    ]
    for minute in range(0, 180, 10):
        sending.run(MOMENT + timedelta(minutes=minute))
    assert [ticket for post in sending.post.posts for ticket in tickets if ticket in post.subject] == tickets
    assert sending.states() == ["sent"] * 4 + ["cancelled"] * 2


def test_a_joined_complaint_is_sent_where_its_case_was(sending: Sending) -> None:
    case, joined = sending.file(), sending.came_by(Channel.TELEGRAM)
    agency = next(iter(sending.rules(MOMENT).agencies.values()))
    sending.tell(case, status=Status.OUT_OF_AUTHORITY, referral=agency.name)
    message = told(joined, MessageKind.REFERRED, f"bukan_kewenangan {instant_text(MOMENT)}", Channel.TELEGRAM)
    sending.tell(joined, messages=[message], status=Status.MERGED, merged_into=case)
    sending.run()
    assert agency.contact.rstrip(".") in sending.post.posts[0].text
