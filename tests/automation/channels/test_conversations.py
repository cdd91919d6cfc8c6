"""The job that decides on messages, with a real store and real files; and what is left wherever it is killed."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.channels import conversations
from automation.channels.message_files import Found, Missing
from automation.disposition.phrase_rules import Rule
from forms.attachments import checking
from register.attachments import MOST_FOR_TICKET
from register.complaint import Channel, EventKind, Status
from register.inbound import Means
from tests.automation.channels.chats import PHONE, a_message, an_address, media
from tests.automation.channels.counter import HARMFUL, Counter, Killed, killed_everywhere
from tests.builders import an_intake
from tests.evidence_files import jpeg

STORY = "bantuan sembako kami belum cair 3 bulan di Loa Kulu"
OTHER_STORY = "Jalan poros Sebulu rusak parah, kapan diperbaiki?"
SECRET = "Ketua kelompok minta 50rb tiap pencairan, klo ga ngasih diancam dicoret"
PRAISE = "terima kasih banyak dinsos, pelayanannya bagus sekali"


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    return Counter(tmp_path)


def filed(counter: Counter, **changes: object) -> str:
    """A complaint came of a message and was looked at; its ticket."""
    counter.deliver(a_message(1, STORY, **changes))
    counter.run(3)
    counter.look()
    return counter.complaint.ticket


def asked(counter: Counter) -> str:
    """Likewise, and staff asked for something."""
    ticket = filed(counter)
    counter.staff(ticket, act="Minta Kelengkapan", reason="Mohon kirim foto kartu keluarga.")
    assert counter.complaint.status is Status.NEEDS_INFO
    counter.hear()
    return ticket


def answered(counter: Counter) -> str:
    """Likewise, and it awaits the reporter."""
    ticket = filed(counter)
    counter.staff(ticket, act="Proses")
    counter.staff(ticket, reply="Bantuan sudah kami salurkan pada hari ini.", send_reply="TRUE")
    assert counter.complaint.status is Status.AWAITING_REPORTER
    counter.hear()
    return ticket


# -- complaints -------------------------------------------------------------------------------------------------------


def test_messages_become_one_complaint_that_holds_all_of_them(counter: Counter) -> None:
    address = an_address(phone=PHONE)
    counter.deliver(a_message(2, "di Loa Kulu", 40, address=address, media=media()))
    counter.deliver(a_message(1, "bantuan sembako kami belum cair 3 bulan", address=address))
    counter.run(1)
    assert counter.store.complaints() == {}
    counter.run(2)
    complaint, intake = counter.complaint, counter.store.intake(counter.complaint.ticket)
    assert intake.description == "bantuan sembako kami belum cair 3 bulan\ndi Loa Kulu"
    assert (intake.name, intake.phone) == ("Ibu Contoh", "+6281200000000")
    assert (complaint.channel, complaint.received_at) == (Channel.WHATSAPP, a_message().at)
    assert counter.file_names(complaint.ticket) == ["foto 1.jpg"]
    contact = counter.store.contact_of(complaint.ticket)
    assert contact
    assert contact.address == address
    assert counter.told == [], "the receipt is told at the first look"


def test_a_comment_is_answered_below_it_without_a_word(counter: Counter) -> None:
    address = an_address(Channel.FACEBOOK, comment="k1", thread="kiriman")
    ticket = filed(counter, address=address, public=True)
    (telling,) = counter.told
    assert (telling.kind, telling.ticket, telling.channel) == ("balasan_komentar", ticket, Channel.FACEBOOK.value)


def test_what_is_too_long_for_a_description_is_added(counter: Counter) -> None:
    text = f"{STORY} " + "kata " * 2_000
    counter.deliver(a_message(1, text))
    counter.run(3)
    ticket = counter.complaint.ticket
    whole = [counter.store.intake(ticket).description, *counter.said(ticket)]
    assert [len(part) <= 5_000 for part in whole] == [True] * 3
    assert " ".join(" ".join(whole).split()) == text.strip()


def test_an_emergency_does_not_wait_and_what_follows_is_added(counter: Counter) -> None:
    counter.deliver(a_message(1, "Org gila telanjang bawa parang dekat pasar, warga takut"))
    counter.run()
    ticket = counter.complaint.ticket
    counter.deliver(a_message(2, "orangnya masih bawa parang, cepat pak", 20))
    counter.run()
    counter.deliver(a_message(3, "di Jalan Contoh", 40))
    counter.run(3)
    assert counter.said(ticket) == ["orangnya masih bawa parang, cepat pak", "di Jalan Contoh"]


@pytest.mark.parametrize("alike", [{"unanswered": True}, {"automatic": True}], ids=str)
def test_who_is_never_answered_is_told_nothing(counter: Counter, alike: dict[str, bool]) -> None:
    comment = an_address(Channel.FACEBOOK, comment="k1", thread="a")
    counter.deliver(a_message(1, SECRET, public=True, address=comment, **alike))
    counter.run(3)
    ticket = counter.complaint.ticket
    assert (counter.told, counter.store.contact_of(ticket)) == ([], None)
    counter.deliver(a_message(2, "halo", 300, public=True, address=replace(comment, comment="k2"), **alike))
    counter.run(10)
    assert counter.told == []
    assert len(counter.waiting()) == 1


def test_secret_matters_never_stand_in_the_tray(counter: Counter) -> None:
    counter.deliver(a_message(1, SECRET))
    counter.run()
    counter.look()
    assert counter.complaint.restricted
    counter.deliver(a_message(2, PRAISE, 60), a_message(3, "batalkan saja", 300))
    counter.run(30)
    assert counter.waiting() == {}
    ticket = counter.complaint.ticket
    counter.staff(ticket, act="Cabut", reason="Diminta pelapor.")
    counter.now += timedelta(days=60)
    counter.look()
    counter.deliver(a_message(4, "hari minggu ada pertandingan bola di lapangan", 60 * 86_400))
    counter.run(30)
    assert counter.waiting() == {}
    assert counter.said(ticket)[-1] == "hari minggu ada pertandingan bola di lapangan"
    assert "Tanggapan Pelapor" in counter.complaint.note
    assert counter.complaint.status is Status.WITHDRAWN
    assert [str(finding) for finding in counter.store.verify().findings] == []


def test_with_new_rules_what_waits_may_turn_out_to_be_secret(counter: Counter) -> None:
    counter.deliver(a_message(1, PRAISE))
    counter.run(3)
    assert len(counter.waiting()) == 1
    rule = Rule("PUNGLI", ("bagus sekali",), 50.0)
    counter.rules = replace(counter.rules, rules=(*counter.rules.rules, rule))
    counter.run(1)
    assert counter.waiting() == {}
    assert counter.store.intake(counter.complaint.ticket).description == PRAISE


def test_a_mail_about_something_else_is_another_complaint(counter: Counter) -> None:
    home = an_address(Channel.EMAIL, person="ibu@contoh.invalid")
    ticket = filed(counter, address=home, subject="Bantuan sembako")
    counter.deliver(a_message(2, OTHER_STORY, 600, address=home, subject="Jalan rusak"))
    counter.run(15)
    assert len(counter.store.complaints()) == 2
    assert counter.said(ticket) == []
    about = a_message(3, "nomor rumah kami 12", 1200, address=home, subject="Jalan rusak")
    counter.deliver(about, replace(about, id="m4", subject="Re: Bantuan sembako", answers="kami@kantor.invalid"))
    counter.run(15)
    assert len(counter.store.complaints()) == 2


def test_much_that_waits_is_looked_at_again_a_part_at_a_time(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [PRAISE, PRAISE.upper(), "mantap dinsos, semangat terus", "pelayanannya Bagus Sekali, terima kasih dinsos"]
    for number, text in enumerate(texts):
        counter.deliver(a_message(number, text, address=an_address(person=f"ID.{number}")))
    counter.run(3)
    assert len(counter.waiting()) == len(texts)
    monkeypatch.setattr(conversations, "MOST_LOOKED_AT", 2)
    rule = Rule("PUNGLI", ("bagus sekali",), 50.0)
    counter.rules = replace(counter.rules, rules=(*counter.rules.rules, rule))
    counter.run(1)
    assert len(counter.waiting()) == 2
    counter.run(1)
    assert [row["text"] for row in counter.waiting().values()] == ["mantap dinsos, semangat terus"]


def test_a_late_edit_is_an_addition(counter: Counter) -> None:
    ticket = filed(counter)
    counter.deliver(a_message(1, f"{STORY} RT 3", 300, means=Means.EDITED))
    counter.run(5)
    assert counter.said(ticket) == [f"{STORY} RT 3"]


# -- what reporters do ------------------------------------------------------------------------------------------------


def test_an_answer_to_our_question_completes_the_complaint(counter: Counter) -> None:
    ticket = asked(counter)
    counter.deliver(a_message(2, "ini kartu keluarga saya", 600, media=media(2)))
    counter.run(15)
    assert counter.complaint.status is Status.IN_PROGRESS
    assert counter.said(ticket) == ["ini kartu keluarga saya"]
    assert counter.file_names(ticket) == ["foto 1.jpg", "foto 2.jpg"]
    assert counter.told_kinds() == ["keterangan_diterima"]


@pytest.mark.parametrize(
    ("text", "status", "told"),
    [
        ("5 terima kasih", Status.RESOLVED, []),
        ("selesai pak", Status.RESOLVED, []),
        ("belum, beras kami tidak ada", Status.IN_PROGRESS, ["keterangan_diterima"]),
        ("terima kasih", Status.AWAITING_REPORTER, []),
        ("rumah kami pindah ke Tenggarong", Status.AWAITING_REPORTER, ["keterangan_diterima"]),
    ],
)
def test_what_is_said_to_our_answer(counter: Counter, text: str, status: Status, told: list[str]) -> None:
    ticket = answered(counter)
    counter.deliver(a_message(2, text, 600))
    counter.run(15)
    assert counter.store.complaint(ticket).status is status
    assert counter.said(ticket) == [text]
    assert counter.told_kinds() == told


def test_a_rating_is_kept_and_thanked_for(counter: Counter) -> None:
    ticket = answered(counter)
    counter.deliver(a_message(2, "selesai", 600))
    counter.run(15)
    counter.deliver(a_message(3, "5", 1_200))
    counter.run(10)
    ratings = [event.data["rating"] for event in counter.store.events(ticket) if "rating" in event.data]
    assert (ratings, counter.told_kinds()) == (["5"], ["terima_kasih"])


def test_an_act_that_was_overtaken_is_decided_on_anew(counter: Counter) -> None:
    ticket = asked(counter)
    counter.deliver(a_message(2, "ini kartu keluarga saya", 600))
    conversation = counter.store.contact_of(ticket)
    assert conversation
    messages = counter.store.undecided_messages(conversation.conversation).messages
    assert counter.store.plan_messages(
        conversation.conversation, messages, "act", counter.now, act="lengkapi", ticket=ticket
    )
    counter.staff(ticket, act="Proses")
    counter.run(15)
    assert counter.said(ticket) == ["ini kartu keluarga saya"]
    acts = [event.data.get("act") for event in counter.store.events(ticket) if event.actor == "pelapor"]
    assert acts[-1] == "tambah_keterangan"


# -- questions --------------------------------------------------------------------------------------------------------


def test_whoever_has_a_ticket_is_told_how_it_stands(counter: Counter) -> None:
    elsewhere = counter.store.accept(an_intake(), channel=Channel.WEB, now=counter.now).complaint.ticket
    counter.deliver(a_message(1, f"status {elsewhere.lower()}"))
    counter.run()
    (telling,) = counter.told
    assert (telling.kind, telling.ticket) == ("status", elsewhere)


def test_tickets_cannot_be_guessed(counter: Counter) -> None:
    ticket = filed(counter)
    elsewhere = counter.store.accept(an_intake(), channel=Channel.WEB, now=counter.now).complaint.ticket
    for number, letter in enumerate("3456789A"):
        counter.deliver(a_message(10 + number, f"cek tiket 7K3M-Q9TX-{letter}", 600 + number))
        counter.run()
    assert counter.told_kinds() == ["tiket_tidak_ditemukan"] * 5
    assert all(not telling.ticket for telling in counter.told)
    counter.hear()
    counter.deliver(a_message(20, f"status {elsewhere}", 700))
    counter.run()
    assert counter.told == [], "not even a right one, as that would tell that the others are wrong"
    counter.deliver(a_message(21, f"status {ticket}", 710))
    counter.run()
    assert {telling.ticket for telling in counter.told} == {ticket}, "but for one's own"
    counter.hear()
    counter.now += timedelta(hours=1)
    counter.deliver(a_message(22, f"status {elsewhere}", 4_500))
    counter.run()
    assert {telling.ticket for telling in counter.told} == {elsewhere}


def test_somebody_who_says_too_little_is_asked_once_a_day(counter: Counter) -> None:
    counter.deliver(a_message(1, "tolong dong pak"))
    counter.run(3)
    counter.deliver(a_message(2, "halo", 300))
    counter.run(5)
    assert counter.told_kinds() == ["minta_uraian"]
    counter.deliver(a_message(3, STORY, 3_600))
    counter.run(60)
    assert counter.store.intake(counter.complaint.ticket).description == f"tolong dong pak\nhalo\n{STORY}"


def test_who_says_nothing_more_is_left_to_staff(counter: Counter) -> None:
    counter.deliver(a_message(1, "tolong dong pak"))
    counter.run(3)
    counter.run(24 * 60)
    assert [row["text"] for row in counter.waiting().values()] == ["tolong dong pak"]
    assert counter.told_kinds() == ["minta_uraian"]


# -- files ------------------------------------------------------------------------------------------------------------


def test_a_file_that_comes_late_follows_to_the_complaint(counter: Counter) -> None:
    counter.files["berkas-1"] = Missing("timeout", again=True)
    counter.deliver(a_message(1, STORY, media=media(2)))
    counter.run(3)
    ticket = counter.complaint.ticket
    assert counter.file_names(ticket) == ["foto 2.jpg"]
    del counter.files["berkas-1"]
    counter.run(10)
    assert counter.file_names(ticket) == ["foto 2.jpg", "foto 1.jpg"]


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (Found(HARMFUL), "hidden_content"),
        (Missing("gone", again=False), "gone"),
        (Missing("timeout", again=True), "timeout"),
    ],
)
def test_a_file_that_is_not_taken_is_told_to_the_office(counter: Counter, found: Found | Missing, code: str) -> None:
    counter.files["berkas-1"] = found
    counter.deliver(a_message(1, STORY, media=media(2)))
    counter.run(3)
    for _ in range(9):
        counter.run(3 * 24 * 60)
    ticket = counter.complaint.ticket
    assert counter.file_names(ticket) == ["foto 2.jpg"]
    told = [event.data for event in counter.store.events(ticket) if event.kind is EventKind.EVIDENCE_MISSED]
    assert told == [{"count": "1", "reason": code}]
    assert code in counter.complaint.note


def test_a_complaint_takes_no_more_files_than_it_may(counter: Counter) -> None:
    for number in range(6):
        counter.deliver(a_message(number, STORY, number, media=media(5)))
    for name in list(counter.files):
        del counter.files[name]
    for _ in range(4):
        counter.run(1)
    ticket = counter.complaint.ticket
    assert len(counter.file_names(ticket)) <= MOST_FOR_TICKET


def test_a_real_picture_is_looked_into_and_another_file_refused(tmp_path: Path) -> None:
    counter = Counter(tmp_path, check=checking.check)
    counter.files = {"berkas-1": Found(jpeg(), "foto.jpg"), "berkas-2": Found(b"MZ\x90\x00" * 50, "foto 2.jpg")}
    counter.deliver(a_message(1, STORY, media=media(2)))
    counter.run(3)
    assert counter.file_names(counter.complaint.ticket) == ["foto.jpg"]
    assert "unknown_kind" in counter.complaint.note


def test_files_of_what_waits_for_staff_are_held_on_to(counter: Counter) -> None:
    counter.deliver(a_message(1, PRAISE, media=media()))
    counter.run(3)
    for _ in range(12):
        counter.run(24 * 60)
        counter.attachments.sweep(counter.now)
    counter.decide(decision="Jadikan pengaduan")
    assert counter.file_names(counter.complaint.ticket) == ["foto 1.jpg"]


# -- whatever goes wrong ----------------------------------------------------------------------------------------------


def test_one_broken_conversation_stops_no_other(counter: Counter) -> None:
    counter.deliver(a_message(1, STORY))
    with counter.store._write() as connection:
        connection.exec_driver_sql("UPDATE messages SET sealed = X'00' WHERE id = 1")
    counter.deliver(a_message(2, OTHER_STORY, address=an_address(person="orang-2")))
    for minutes in (3, 1, 30, 60):
        counter.run(minutes)
    assert counter.store.intake(counter.complaint.ticket).description == OTHER_STORY


def test_only_who_holds_the_lease_decides(counter: Counter) -> None:
    assert counter.store.hold_lease("conversations", "lain", now=counter.now, seconds=600)
    counter.deliver(a_message(1, STORY))
    counter.run(3)
    assert counter.store.complaints() == {}


def test_an_erased_complaint_is_nobodys_case_any_more(counter: Counter) -> None:
    ticket = filed(counter)
    with counter.store._write() as connection:
        connection.exec_driver_sql("DELETE FROM complaint_keys")
    counter.deliver(a_message(2, OTHER_STORY, 600))
    counter.run(15)
    assert len(counter.store.complaints()) == 2
    assert counter.said(ticket) == []


PIECES = ("bantuan sembako kami belum cair", "sudah 3 bulan", "di Loa Kulu", "mohon dibantu")


@pytest.mark.search
@given(st.permutations([*range(4), 1, 3]), st.sets(st.integers(1, 5)), st.integers(0, 12))
@settings(max_examples=max(12, settings().max_examples // 5))
def test_however_they_arrive_the_same_messages_are_the_same_complaint(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], runs: set[int], kills_at: int
) -> None:
    counter = Counter(tmp_path_factory.mktemp("konter"))
    counter.restart(kills_at)
    for place, number in enumerate(order):
        counter.deliver(a_message(number, PIECES[number], 20 * number, media=media() if number == 2 else ()))
        if place in runs:
            with suppress(Killed):
                counter.run()
    with suppress(Killed):
        counter.run(3)
    counter.restart()
    counter.run(3)
    counter.run(3)
    ticket = counter.complaint.ticket
    assert counter.store.intake(ticket).description == "\n".join(PIECES)
    assert (counter.said(ticket), counter.file_names(ticket)) == ([], ["foto 1.jpg"])
    counter.store.close()


# -- killed anywhere --------------------------------------------------------------------------------------------------


def _new(counter: Counter) -> None:
    counter.files["berkas-2"] = Found(HARMFUL)
    counter.deliver(a_message(1, f"{STORY} " + "kata " * 1_100, media=media(2)))


def _comment(counter: Counter) -> None:
    address = an_address(Channel.FACEBOOK, comment="k1", thread="kiriman")
    counter.deliver(a_message(1, STORY, address=address, public=True, media=media()))


def _completion(counter: Counter) -> None:
    asked(counter)
    counter.deliver(a_message(2, "ini kartu keluarga saya", 600, media=media(2)))


def _thin(counter: Counter) -> None:
    counter.deliver(a_message(1, "tolong dong pak"))


def _wrong_ticket(counter: Counter) -> None:
    counter.deliver(a_message(1, "cek tiket 7K3M-Q9TX-3"))


def _praise(counter: Counter) -> None:
    counter.deliver(a_message(1, PRAISE, media=media()))


def _boxed(counter: Counter) -> None:
    filed(counter)
    counter.deliver(a_message(2, PRAISE, 60, address=an_address(person="orang-2"), media=media()))
    counter.run(10)


def _run(counter: Counter) -> None:
    counter.run(3)
    counter.run(1)


def _make_complaint(counter: Counter) -> None:
    if counter.waiting():
        counter.decide(decision="Jadikan pengaduan")


def _join(counter: Counter) -> None:
    ticket = next(iter(counter.store.complaints()))
    if counter.waiting():
        counter.decide(decision="Gabung ke tiket", ticket=ticket)


def outcome(counter: Counter) -> object:
    """Everything that came of it, but for random tickets and instants."""
    complaints = []
    for ticket, complaint in counter.store.complaints().items():
        events = [(event.kind, event.actor, event.data.get("act")) for event in counter.store.events(ticket)]
        said = counter.store.intake(ticket).description, counter.said(ticket)
        files = [(file.name, counter.attachments.open(file)) for file in counter.attachments.of(f"ticket:{ticket}")]
        complaints.append((complaint.status, said, sorted(files), sorted(map(str, events))))
    told = sorted((telling.kind, bool(telling.ticket), telling.mark) for telling in counter.told)
    rows = [(row["text"], row["note"][:9]) for row in counter.waiting().values()]
    assert [str(finding) for finding in counter.store.verify().findings] == []
    links = [len(counter.store.links_of_conversation(1)), counter.store.undecided_messages(1).messages]
    return complaints, told, rows, links


KILLS: list[tuple[Callable[[Counter], None], Callable[[Counter], None], int]] = [
    # what came before, what is killed, how many complaints there are in the end
    (_new, _run, 1),
    (_comment, _run, 1),
    (_completion, _run, 1),
    (_thin, _run, 0),
    (_wrong_ticket, _run, 0),
    (_praise, _run, 0),
    (_boxed, _make_complaint, 2),
    (_boxed, _join, 1),
]


@pytest.mark.fault
@pytest.mark.parametrize(
    ("before", "act", "complaints"), KILLS, ids=lambda each: getattr(each, "__name__", "").strip("_")
)
def test_killed_between_any_two_steps_it_comes_to_the_same(
    tmp_path: Path, before: Callable[[Counter], None], act: Callable[[Counter], None], complaints: int
) -> None:
    (tmp_path / "awal").mkdir()
    start = Counter(tmp_path / "awal")
    before(start)
    whole, *killed = killed_everywhere(start, act, tmp_path)
    wanted = outcome(whole)
    assert len(killed) > 3
    assert len(whole.store.complaints()) == complaints
    for number, counter in enumerate(killed, start=1):
        found = outcome(counter)
        if act in (_make_complaint, _join) and counter.waiting():
            continue  # killed before the decision was kept: the tick asks again
        assert found == wanted, f"killed at step {number}"
    for counter in (whole, *killed):
        counter.store.close()
