"""Messages to reporters where they wrote: by the way that the channel allows, once, with what became of them."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from automation.channels.outcome import Outcome, Result
from automation.channels.rules import Way, rules_of
from automation.reminders.reporter_delivery import shortened
from automation.reminders.reporter_wording import Letter
from automation.sop.handling import referral_to
from register import tables
from register.changes import Change
from register.complaint import Channel, Clock, Event, EventKind, Status
from register.notices import State
from register.reporter_messages import MessageKind, ReporterMessage
from register.tables import instant_text
from tests.automation.channels.outbound.posting import PERSON, to_graph, to_telegram
from tests.automation.channels.servers import GraphServer, Reply, TelegramServer, as_usual, bare, lost, refusal, slow
from tests.automation.reminders.desk import Desk
from tests.automation.reminders.reporter_office import ASKED_FOR, SECRETS, SITE, Sending, an_act
from tests.automation.reminders.staff_rules import rules
from tests.builders import MOMENT, an_intake


@pytest.fixture
def sending(desk: Desk) -> Sending:
    return Sending(desk.store)


ROOT = Path(__file__).parents[3]
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
    if kind is MessageKind.COMMENT:  # nothing is said in public before the private message went
        sending.store.queue_message(ReporterMessage(MessageKind.RECEIPT, ticket, channel=Channel.FACEBOOK), MOMENT)
        sending.run()
        sending.post.posts.clear()
    sending.store.queue_message(message, MOMENT)
    sending.run()
    assert set(sending.states()) == {"sent"}
    (post,) = sending.post.posts
    assert not [secret for secret in SECRETS if secret in post.text]
    assert "{" not in post.text
    assert post.way is (Way.PUBLIC if kind is MessageKind.COMMENT else Way.FREE)
    if kind is MessageKind.COMMENT:
        assert ticket not in post.text
        assert "http" not in post.text


@pytest.mark.parametrize(("language", "words"), [("id", "pengaduan tersebut"), ("en", "the complaint in question")])
def test_whoever_may_not_know_the_ticket_is_not_told_it(sending: Sending, language: str, words: str) -> None:
    sending.came_by(Channel.TELEGRAM, contact={"language": language})
    sending.queue(MessageKind.ADDED, conversation=1, channel=Channel.TELEGRAM)
    sending.run()
    assert words in sending.post.posts[0].text


def test_a_conversation_that_was_erased_is_told_nothing(sending: Sending) -> None:
    sending.queue(MessageKind.THANKS, conversation=7, channel=Channel.TELEGRAM)
    sending.run()
    assert (sending.states(), sending.post.posts) == (["nobody"], [])


def test_a_comment_is_answered_below_it_and_privately_once(sending: Sending) -> None:
    ticket = sending.came_by(Channel.INSTAGRAM, contact={"last_in_at": None, "commented_at": MOMENT})
    contact = sending.people.by_ticket[ticket]
    sending.people.by_ticket[ticket] = replace(contact, address=replace(contact.address, comment="komentar-1"))
    sending.queue(MessageKind.COMMENT, ticket, conversation=1, channel=Channel.INSTAGRAM)
    sending.tell(ticket, messages=[told(ticket, MessageKind.RECEIPT, "", Channel.INSTAGRAM)])
    sending.post.answers = [Outcome(Result.SENT, proof="q", person="igsid-7"), Outcome(Result.SENT, proof="p")]
    sending.run()
    assert sending.states() == ["queued", "sent"], "it tells of the private one"
    sending.run(MOMENT + timedelta(minutes=5))
    private, public = sending.post.posts
    assert (public.way, private.way) == (Way.PUBLIC, Way.PRIVATE)
    assert ticket not in public.text
    assert ticket in private.text
    assert sending.people.answered == [(1, True, "igsid-7"), (1, False, "")]


def test_nobody_reads_of_a_private_message_that_did_not_go(sending: Sending) -> None:
    ticket = sending.came_by(Channel.INSTAGRAM, contact={"last_in_at": None, "commented_at": MOMENT})
    contact = sending.people.by_ticket[ticket]
    to = replace(contact.address, comment="komentar-1")
    sending.people.by_ticket[ticket] = replace(contact, address=to, privately_replied=True)
    sending.queue(MessageKind.COMMENT, ticket, conversation=1, channel=Channel.INSTAGRAM)
    sending.tell(ticket, messages=[told(ticket, MessageKind.RECEIPT, "", Channel.INSTAGRAM)])
    for hours in range(8):
        sending.run(MOMENT + hours * HOUR)
    assert sending.post.posts == []
    assert sending.states() == ["cancelled", "task"]


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
    """A receipt an hour, which names every ticket that waited; of other messages none that is one too many."""
    tickets = [sending.came_by(Channel.EMAIL) for _ in range(4)]
    stranger = sending.came_by(Channel.EMAIL, 2)
    sending.tell(tickets[0], messages=[told(tickets[0], MessageKind.RECEIPT, "", Channel.EMAIL)])
    for number in range(3):
        sending.queue(MessageKind.NEEDS_TEXT, conversation=1, channel=Channel.EMAIL, mark=str(number))
    sending.run()
    assert [post.subject for post in sending.post.posts] == [
        f"Tanda terima pengaduan [{tickets[0]}]",
        "Mohon uraikan pengaduan Anda",
    ]
    for ticket in (*tickets[1:], stranger):
        sending.tell(ticket, messages=[told(ticket, MessageKind.RECEIPT, "", Channel.EMAIL)])
    sending.run()
    assert [post.to.person for post in sending.post.posts][2:] == ["orang-2"]
    sending.run(MOMENT + timedelta(minutes=59))
    assert len(sending.post.posts) == 3
    sending.run(MOMENT + HOUR)
    (joined,) = sending.post.posts[3:]
    assert f"nomor tiket {', '.join(tickets[1:])}." in joined.text
    assert all(f"{LINK}{ticket}" in joined.text for ticket in tickets[1:])
    assert stranger not in joined.text
    assert [trail(sending, ticket)[-1]["proof"] for ticket in tickets[1:]] == ["bukti-4"] * 3
    assert sorted(sending.states()) == ["cancelled"] * 2 + ["sent"] * 6


def test_receipts_that_go_together_are_tried_again_together(sending: Sending) -> None:
    tickets = [sending.came_by(Channel.EMAIL) for _ in range(2)]
    for ticket in tickets:
        sending.tell(ticket, messages=[told(ticket, MessageKind.RECEIPT, "", Channel.EMAIL)])
    sending.post.answers = [Outcome(Result.REFUSED, "ditolak"), RuntimeError("putus")]
    assert sending.run() == 1
    assert sending.states() == ["queued"] * 2
    with pytest.raises(RuntimeError):
        sending.run(MOMENT + timedelta(minutes=2))
    sending.run()
    assert sending.states() == ["maybe"] * 2
    assert len(sending.post.posts) == 2


def test_a_joined_complaint_is_sent_where_its_case_was(sending: Sending) -> None:
    case, joined = sending.file(), sending.came_by(Channel.TELEGRAM)
    agency = next(iter(sending.rules(MOMENT).agencies.values()))
    sending.tell(case, status=Status.OUT_OF_AUTHORITY, referral=agency.name)
    message = told(joined, MessageKind.REFERRED, f"bukan_kewenangan {instant_text(MOMENT)}", Channel.TELEGRAM)
    sending.tell(joined, messages=[message], status=Status.MERGED, merged_into=case)
    sending.run()
    assert agency.contact.rstrip(".") in sending.post.posts[0].text


# -- through real servers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "state", "accepted"),
    [
        (as_usual(), "sent", 1),
        (refusal(131047), "failed", 0),
        (refusal(190, 401), "failed", 0),
        (refusal(131056, 429, Retry_After="30"), "queued", 0),
        (bare(502), "maybe", 0),
        (lost(), "maybe", 1),
        (slow(1.0), "maybe", 1),
    ],
    ids=["accepted", "131047", "190", "429", "502", "cut", "slow"],
)
def test_only_what_surely_was_not_accepted_may_be_sent_again(
    sending: Sending, reply: Reply, state: str, accepted: int
) -> None:
    with GraphServer() as graph:
        sending.servers |= to_graph(graph)
        graph.answer_next(reply)
        ticket = sending.came_by(Channel.WHATSAPP, contact={"person": PERSON})
        sending.tell(ticket, messages=[told(ticket, MessageKind.RECEIPT)])
        sending.run()
        assert sending.states() == [state]
        sending.run(MOMENT + timedelta(minutes=2))
        assert len(graph.taken) == accepted + (state == "queued")
    proof = trail(sending, ticket)[-1].get("proof", "")
    assert proof.startswith("wamid.") == (state in ("sent", "queued"))


def test_a_blocked_bot_is_remembered_and_a_template_goes_in_indonesian(sending: Sending) -> None:
    with GraphServer() as graph, TelegramServer() as api:
        sending.servers |= {**to_graph(graph), Channel.TELEGRAM: to_telegram(api)}
        api.blocked.add(PERSON)
        graph.templates["ditutup"], graph.closed = 2, {PERSON}
        approved = replace(rules(), whatsapp_templates={"penutupan": "ditutup"})
        sending.rules = lambda _: approved
        blocked = sending.came_by(Channel.TELEGRAM, 3, contact={"person": PERSON})
        outside = sending.came_by(
            Channel.WHATSAPP, contact={"person": PERSON, "last_in_at": MOMENT - timedelta(days=2), "language": "en"}
        )
        sending.tell(blocked, messages=[told(blocked, MessageKind.CLOSED, "selesai 0", Channel.TELEGRAM)])
        sending.tell(outside, messages=[told(outside, MessageKind.CLOSED, "selesai 0")])
        assert sending.run() == 2
        assert sending.states() == ["failed", "sent"]
        assert sending.people.unreachable == [3]
        assert [taken.text for taken in graph.taken] == [f"ditutup {outside} Senin, 23 November 2026"]


SEND_WHILE_HANGING = """
import sys
from pathlib import Path
from automation.channels.outbound.answers import senders
from register.complaint import Channel
from register.inbound import Address, Contact
from tests.automation.reminders.desk import open_desk
from tests.automation.reminders.reporter_office import Sending
from tests.builders import MOMENT
path, url, token, ticket = sys.argv[1:]
sending = Sending(open_desk(Path(path)).store)
sending.servers |= senders(graph_url=url, telegram_url=url, telegram_token=token, timeout=(5.0, 60.0))
sending.people.by_ticket[ticket] = Contact(1, Address(Channel.TELEGRAM, "bot", "628"), last_in_at=MOMENT)
sending.run()
"""


@pytest.mark.fault
def test_a_kill_between_sending_and_noting_leaves_it_to_people(sending: Sending, tmp_path: Path) -> None:
    ticket = sending.came_by(Channel.TELEGRAM)
    sending.tell(ticket, messages=[told(ticket, MessageKind.RECEIPT, "", Channel.TELEGRAM)])
    with TelegramServer() as api:
        api.answer_next(slow(60.0))
        arguments = [str(tmp_path / "aduan.sqlite3"), api.url, api.token, ticket]
        with subprocess.Popen([sys.executable, "-c", SEND_WHILE_HANGING, *arguments], cwd=ROOT) as process:
            until = time.monotonic() + 60
            while not api.taken and process.poll() is None and time.monotonic() < until:
                time.sleep(0.02)
            os.kill(process.pid, signal.SIGKILL)
        assert len(api.taken) == 1
        sending.servers[Channel.TELEGRAM] = to_telegram(api)
        sending.run()
        sending.run(MOMENT + timedelta(days=1))
        assert len(api.taken) == 1
    assert sending.states() == ["maybe"]
    assert trail(sending, ticket)[-1]["state"] == "maybe"


def test_what_staff_send_again_is_not_one_too_many(sending: Sending) -> None:
    ticket = sending.came_by(Channel.TELEGRAM)
    for number in range(6):
        sending.queue(MessageKind.ADDED, ticket, conversation=1, channel=Channel.TELEGRAM, mark=str(number))
        sending.post.answers = [Outcome(Result.UNSURE, "tidak menjawab")] if number == 0 else []
        sending.run(sending.now + timedelta(minutes=1))
    assert sending.states() == ["maybe", *["sent"] * 4, "cancelled"]
    (shown,) = sending.store.shown_messages(MOMENT)
    assert sending.store.decide_message(shown, "Kirim ulang", "", sending.now, state=State.QUEUED)
    sending.run(sending.now + timedelta(minutes=1))
    assert sending.states()[0] == "sent"
