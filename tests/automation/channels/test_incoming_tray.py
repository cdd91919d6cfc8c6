"""`Kotak Masuk`: what stands there, what staff make of it, and what is gone once they have."""

from pathlib import Path

import pytest

from automation.channels import incoming_tray
from automation.sync.trays import Tray
from register.complaint import Channel, Identity, Status
from register.inbound import Means
from sheets_schema.tray_tabs import IGNORE, INCOMING, JOIN_TICKET, MAKE_COMPLAINT
from tests.automation.channels.chats import TICKET, a_message, an_address, media
from tests.automation.channels.counter import Counter
from tests.builders import an_intake

PRAISE = "terima kasih banyak dinsos, pelayanannya bagus sekali"
SECRET = "Ketua kelompok minta 50rb tiap pencairan, klo ga ngasih diancam dicoret"
STORY = "bantuan sembako kami belum cair 3 bulan di Loa Kulu"


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    """Somebody praised, with a photo."""
    opened = Counter(tmp_path)
    opened.deliver(a_message(1, PRAISE, media=media()))
    opened.run(3)
    return opened


def the_row(counter: Counter) -> dict[str, str]:
    ((_, row),) = counter.tray.rows(counter.now).items()
    return dict(row.cells)


def test_a_row_shows_all_that_staff_need(counter: Counter) -> None:
    tray: Tray = counter.tray
    assert tray.tab is INCOMING
    row = the_row(counter)
    assert row == {
        "at": "2026-11-23 10:30",
        "channel": "WhatsApp",
        "kind": "Pesan",
        "sender": "Ibu Contoh",
        "text": PRAISE,
        "files": "1",
        "hint": "Tampaknya ucapan terima kasih atau dukungan.",
        "note": "",
    }
    assert set(row) <= {column.key for column in INCOMING.columns}


@pytest.mark.parametrize(
    ("channel", "changes", "kind"),
    [
        (Channel.FACEBOOK, {"public": True}, "Komentar"),
        (Channel.EMAIL, {"subject": "Re: Ucapan"}, "E-mail"),
        (Channel.GOOGLE_FORMS, {}, "Formulir"),
        (Channel.TELEGRAM, {}, "Pesan"),
    ],
)
def test_kinds_of_messages(tmp_path: Path, channel: Channel, changes: dict[str, object], kind: str) -> None:
    counter = Counter(tmp_path)
    counter.deliver(a_message(1, PRAISE, channel=channel, **changes))
    counter.run(3)
    row = the_row(counter)
    assert row["kind"] == kind
    assert row["text"].startswith("Ucapan\n") is (channel is Channel.EMAIL)


def test_staff_make_a_complaint_of_it_whatever_its_words(counter: Counter) -> None:
    counter.decide(decision=MAKE_COMPLAINT)
    ticket = counter.complaint.ticket
    assert counter.store.intake(ticket).description == PRAISE
    assert counter.file_names(ticket) == ["foto 1.jpg"]
    assert counter.store.contact_of(ticket)
    assert the_row(counter) == {
        "sender": "",
        "text": "",
        "hint": "",
        "note": f"Menjadi pengaduan {ticket}, 2026-11-23 10:33 WITA.",
    }


def test_a_message_without_words_can_be_a_complaint(tmp_path: Path) -> None:
    counter = Counter(tmp_path)
    counter.deliver(a_message(1, "", unsupported="131051"))
    counter.run(3)
    counter.decide(decision=MAKE_COMPLAINT)
    assert counter.store.intake(counter.complaint.ticket).description == "(Tanpa uraian; lihat lampiran.)"


def test_staff_join_it_to_a_complaint_of_somebody_else(counter: Counter) -> None:
    ticket = counter.store.accept(an_intake(), channel=Channel.WEB, now=counter.now).complaint.ticket
    counter.look()
    counter.decide(decision=JOIN_TICKET, ticket=ticket.lower().replace("-", " "))
    assert counter.said(ticket) == [PRAISE]
    assert counter.file_names(ticket) == ["foto 1.jpg"]
    assert the_row(counter)["note"] == f"Digabung ke {ticket}, 2026-11-23 10:33 WITA."
    assert [event.data["joined"] for event in counter.store.events(ticket) if "joined" in event.data] == ["M-1"]
    assert counter.store.contact_of(ticket) is None
    assert {telling.ticket for telling in counter.told} == {""}
    counter.deliver(a_message(2, "rumahnya di dekat langgar", 600))
    counter.run(15)
    assert counter.said(ticket) == [PRAISE], "whoever is not its reporter adds nothing without staff"
    ((_, row),) = counter.waiting().items()
    assert (row["text"], ticket in row["hint"]) == ("rumahnya di dekat langgar", True)


def test_what_is_joined_answers_what_was_asked(counter: Counter) -> None:
    ticket = counter.store.accept(an_intake(), channel=Channel.WEB, now=counter.now).complaint.ticket
    counter.look()
    counter.staff(ticket, act="Minta Kelengkapan", reason="Mohon kirim foto kartu keluarga.")
    counter.decide(decision=JOIN_TICKET, ticket=ticket)
    assert counter.store.complaint(ticket).status is Status.IN_PROGRESS


@pytest.mark.parametrize(
    ("texts", "note"),
    [
        ({"decision": JOIN_TICKET}, "isi kolom Tiket"),
        ({"decision": JOIN_TICKET, "ticket": TICKET}, f"tiket {TICKET} tidak ada dalam register"),
        ({"decision": JOIN_TICKET, "ticket": "abc"}, "9 huruf dan angka"),
        ({"decision": "Entah"}, "pilih Jadikan pengaduan"),
    ],
)
def test_what_cannot_be_done_is_said(counter: Counter, texts: dict[str, str], note: str) -> None:
    mark = counter.tray.mark()
    counter.decide(**texts)
    assert counter.tray.mark() != mark
    mark = counter.tray.mark()
    counter.decide(**texts)
    assert counter.tray.mark() == mark, "saying it again changes nothing"
    row = the_row(counter)
    assert row["note"].startswith("Perbaiki: ")
    assert note in row["note"]
    assert row["text"] == PRAISE


def test_nothing_is_added_to_a_complaint_that_is_closed(counter: Counter) -> None:
    ticket = counter.store.accept(an_intake(), channel=Channel.WEB, now=counter.now).complaint.ticket
    counter.look()
    counter.staff(ticket, act="Cabut", reason="Diminta pelapor.")
    counter.decide(decision=JOIN_TICKET, ticket=ticket)
    assert "Perbaiki: Keterangan hanya dapat ditambahkan" in the_row(counter)["note"]
    counter.decide(decision=IGNORE)
    assert the_row(counter)["note"].startswith("Diabaikan")


def test_what_is_ignored_is_gone(counter: Counter) -> None:
    ((number, _),) = counter.waiting().items()
    counter.decide(decision=IGNORE.upper())
    assert counter.store.complaints() == {}
    assert the_row(counter)["text"] == ""
    counter.tray.decide(number, {"decision": MAKE_COMPLAINT}, counter.rules, counter.now)
    assert counter.store.complaints() == {}, "it was decided already"
    counter.run(60 * 24 * 31)
    assert counter.tray.rows(counter.now) == {}


@pytest.mark.parametrize("number", ["", "M-", "M-99", "K-1", "M-1x", "M-99999999999", "1"])
def test_a_number_that_is_none_is_nothing(counter: Counter, number: str) -> None:
    counter.tray.decide(number, {"decision": MAKE_COMPLAINT}, counter.rules, counter.now)
    assert counter.store.complaints() == {}


def test_what_its_writer_takes_back_is_gone(counter: Counter) -> None:
    counter.deliver(a_message(1, "", means=Means.REMOVED))
    counter.run(3)
    assert counter.waiting() == {}
    assert the_row(counter)["text"] == ""


def test_what_its_writer_edits_is_decided_on_anew(counter: Counter) -> None:
    counter.deliver(a_message(1, STORY, means=Means.EDITED))
    counter.run(3)
    assert counter.waiting() == {}
    assert counter.store.intake(counter.complaint.ticket).description == STORY


def test_whoever_does_not_want_to_be_named_is_not(tmp_path: Path) -> None:
    counter = Counter(tmp_path)
    counter.deliver(a_message(1, f"{STORY}, jgn sebut nama sy"))
    counter.run(3)
    first = counter.complaint
    assert first.identity is Identity.CONFIDENTIAL
    counter.look()
    counter.staff(first.ticket, act="Cabut", reason="Diminta pelapor.")
    counter.deliver(a_message(2, PRAISE, 300))
    counter.run(10)
    ((_, row),) = counter.waiting().items()
    assert row["text"] == PRAISE
    assert "Contoh" not in str(row)
    counter.decide(decision=MAKE_COMPLAINT)
    assert {each.identity for each in counter.store.complaints().values()} == {Identity.CONFIDENTIAL}


def test_whoever_reports_something_secret_afterwards_is_gone_from_the_tray(counter: Counter) -> None:
    counter.deliver(a_message(2, SECRET, 300))
    counter.run(6)
    counter.look()
    assert counter.complaint.restricted
    row = the_row(counter)
    assert not any(PRAISE in text or "Contoh" in text for text in row.values()), "at once, and before the job comes"
    mark = counter.tray.mark()
    counter.run()
    assert counter.tray.mark() != mark
    assert counter.waiting() == {}
    assert PRAISE not in str(the_row(counter))
    assert counter.said(counter.complaint.ticket) == [PRAISE]
    assert counter.file_names(counter.complaint.ticket) == ["foto 1.jpg"]
    assert "pesan lain" in counter.complaint.note


def test_so_is_whose_complaint_is_restricted_by_a_later_correction(tmp_path: Path) -> None:
    counter = Counter(tmp_path)
    counter.deliver(a_message(1, PRAISE), a_message(2, STORY, 600))
    counter.run(15)
    counter.look()
    assert len(counter.waiting()) == 1
    counter.staff(counter.complaint.ticket, category="PUNGLI")
    assert counter.complaint.restricted
    counter.run()
    assert counter.waiting() == {}
    assert counter.said(counter.complaint.ticket) == [PRAISE]


def test_what_was_joined_to_something_secret_is_shown_on(counter: Counter) -> None:
    ticket = counter.store.accept(an_intake(description=SECRET), channel=Channel.WEB, now=counter.now).complaint.ticket
    counter.look()
    counter.decide(decision=JOIN_TICKET, ticket=ticket)
    counter.deliver(a_message(2, "hari minggu ada pertandingan bola di lapangan", 600))
    counter.run(15)
    ((_, row),) = counter.waiting().items()
    assert "pertandingan" in row["text"]
    assert ticket not in str(row)


def test_of_very_many_the_oldest_stand_there_and_the_last_says_how_many_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming_tray, "SHOWN_AT_ONCE", 2)
    counter = Counter(tmp_path)
    for number in range(4):
        counter.deliver(a_message(number, PRAISE, address=an_address(person=f"ID.{number}")))
    counter.run(3)
    hints = []
    for _ in range(4):
        waiting = counter.waiting()
        hints.append(
            [row["hint"].removeprefix("Tampaknya ucapan terima kasih atau dukungan.") for row in waiting.values()]
        )
        counter.tray.decide(next(iter(waiting)), {"decision": IGNORE}, counter.rules, counter.now)
    more = " Masih ada {} lagi yang menunggu; baris berikutnya muncul setelah yang ada di sini diselesaikan."
    assert hints == [["", more.format(2)], ["", more.format(1)], ["", ""], [""]]
