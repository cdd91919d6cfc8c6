"""What happens by itself, in a whole office: times that are over, and rules that change under running clocks."""

from datetime import datetime, timedelta

import pytest

from automation.sop import timers
from automation.sync.rows import RESTRICTED_MASK
from register.changes import Book, Change
from register.complaint import WITA, Channel, Event, EventKind, Status
from register.notices import State
from register.reporter_messages import MessageKind
from tests.builders import an_intake
from tests.office import TICK, Office


def wita(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WITA)


def at_the_desk(office: Office) -> str:
    return office.store.accept(an_intake(), channel=Channel.DESK, now=office.now).complaint.ticket


def test_a_holiday_typed_by_staff_moves_open_deadlines_and_lists_them(office: Office) -> None:
    ticket = at_the_desk(office)
    office.tick(2)
    assert office.row(ticket)["Batas Waktu"] == "2026-11-25 16:00"
    office.type_at(1, "Hari Libur", on="2026-11-24", name="Pilkades", change="Tambah libur")
    office.tick(2)
    row = office.row(ticket)
    assert row["Batas Waktu"] == "2026-11-26 16:00"
    assert "Pilkades" in row["Perhitungan Batas"]
    assert "bergeser" in row["Catatan Sistem"]
    listed = office.store.setting(timers.MOVED)
    assert [(item["ticket"], item["after"]) for item in listed["moved"]] == [(ticket, "2026-11-26 16:00")]
    assert "Batas waktu dihitung ulang" in [event.public_label for event in office.store.timeline(ticket)]
    events = len(office.store.events(ticket))
    office.restart()
    office.tick(2)
    assert len(office.store.events(ticket)) == events, "told once"


def test_a_norm_typed_by_staff_moves_open_deadlines_and_goes_back(office: Office) -> None:
    ticket = at_the_desk(office)
    office.tick(2)
    place = next(n for n, row in enumerate(office.rows("Pengaturan"), start=1) if row["Nama"] == "norma_langsung_5")
    for value, due in (("5 hari kerja", "2026-11-30 16:00"), ("besok", "2026-11-30 16:00"), ("", "2026-11-25 16:00")):
        office.type_at(place, "Pengaturan", value=value)
        office.tick(2)
        assert office.row(ticket)["Batas Waktu"] == due, value


def test_who_does_not_complete_in_time_is_deemed_to_have_withdrawn(office: Office) -> None:
    complaint = office.file()
    office.tick(2)
    office.type(complaint.ticket, act="Minta Kelengkapan", reason="Foto KKS")
    office.tick(2)
    assert office.row(complaint.ticket)["Sisa Waktu"] == "menunggu pelapor"
    office.now += timedelta(days=31)
    office.tick(2)
    assert office.row(complaint.ticket)["Status"] == "Dianggap Dicabut"
    told = [event.secret.get("public", "") for event in office.store.timeline(complaint.ticket)]
    assert "Foto KKS" in told


HELD_ACTS = {
    MessageKind.NEEDS_INFO: ({"act": "Minta Kelengkapan", "reason": "Foto KKS"}, Status.NEEDS_INFO, Status.WITHDRAWN),
    MessageKind.ANSWER: ({"reply": "Sudah cair.", "send_reply": True}, Status.AWAITING_REPORTER, Status.RESOLVED),
}


def came_and_told(office: Office, kind: MessageKind, state: State | None) -> str:
    """A complaint whose message of that kind came to this; None leaves it in the queue."""
    ticket = office.store.accept(an_intake(), channel=Channel.WHATSAPP, now=office.now).complaint.ticket
    office.tick(2)
    office.type(ticket, **HELD_ACTS[kind][0])
    office.tick(2)
    while state and (message := office.store.claim_message(office.now)):
        office.store.settle_message(message, state if message.kind is kind else State.SENT, office.now)
    return ticket


@pytest.mark.parametrize("kind", HELD_ACTS)
@pytest.mark.parametrize("state", [None, State.TASK, State.FAILED, State.MAYBE])
def test_no_time_ends_before_its_reporter_was_told(office: Office, kind: MessageKind, state: State | None) -> None:
    ticket = came_and_told(office, kind, state)
    _, waiting, over = HELD_ACTS[kind]
    office.now += timedelta(days=40)
    office.tick(2)
    assert office.store.complaint(ticket).status is waiting
    assert office.row(ticket)["Catatan Sistem"].count("belum tersampaikan kepada pelapor") == 1
    events = len(office.store.events(ticket))
    assert office.tick(3).changed == 0, "it says so once"
    assert len(office.store.events(ticket)) == events
    if state is None:
        while message := office.store.claim_message(office.now):
            office.store.settle_message(message, State.TASK if message.kind is kind else State.SENT, office.now)
    (shown,) = (each for each in office.store.shown_messages(office.now) if each.message.ticket == ticket)
    assert office.store.decide_message(shown, "Sudah terkirim", "", office.now, state=State.SENT)
    office.tick(2)
    assert office.store.complaint(ticket).status is waiting, "the time counts from when they were told"
    assert "belum tersampaikan" not in office.row(ticket)["Catatan Sistem"]
    office.now += timedelta(days=31)
    office.tick(2)
    assert office.store.complaint(ticket).status is over


@pytest.mark.parametrize("kind", HELD_ACTS)
@pytest.mark.parametrize("state", [State.SENT, State.NOBODY])
def test_who_was_told_or_could_not_be_has_their_time(office: Office, kind: MessageKind, state: State) -> None:
    ticket = came_and_told(office, kind, state)
    office.now += timedelta(days=31)
    office.tick(2)
    assert office.store.complaint(ticket).status is HELD_ACTS[kind][2]
    assert "tersampaikan" not in office.row(ticket)["Catatan Sistem"]


def test_a_joined_reporter_gets_the_answer_of_the_case(office: Office) -> None:
    case, double = office.file(), office.file(name="Pak Contoh")
    office.tick(2)
    office.type(double.ticket, act="Gabungkan", merge_into=case.ticket.lower())
    office.tick(2)
    assert office.row(double.ticket)["Status"] == "Digabung"
    office.type(case.ticket, reply="Sudah disalurkan.", send_reply=True)
    office.tick(2)
    reply = office.store.reply(double.ticket)
    assert reply is not None
    assert reply.text == "Sudah disalurkan."
    assert office.store.complaint(double.ticket).status is Status.MERGED
    kinds = [event.kind for event in office.store.events(double.ticket)]
    assert kinds.count(EventKind.REPLIED) == 1


TOPICS = (
    "PKH saya belum cair sejak Maret, mohon penjelasan.",
    "KKS saldo kosong tiga bulan di agen.",
    "Mohon bantuan kursi roda bagi anak saya penyandang disabilitas.",
)


def three(office: Office) -> list[str]:
    tickets = [office.file(description=text, phone=f"+62812000000{n}").ticket for n, text in enumerate(TOPICS)]
    office.tick(2)
    return tickets


def join(office: Office, ticket: str, case: str) -> None:
    office.type(ticket, merge_into=case, act="Gabungkan")


def stands(office: Office, ticket: str) -> tuple[str, str, str]:
    """Its status, the case it was joined to, and its reply."""
    complaint, reply = office.store.complaint(ticket), office.store.reply(ticket)
    assert office.row(ticket)["Status"] == complaint.status_label
    return complaint.status.value, complaint.merged_into, reply.text if reply else ""


def test_two_that_are_joined_to_each_other_at_once_stay_one_open_case(office: Office) -> None:
    a, b, c = three(office)
    join(office, a, b)
    join(office, b, a)
    office.tick(2)
    assert (stands(office, a)[:2], stands(office, b)[:2]) == (("merged", b), ("disposed", ""))
    assert "dirinya sendiri" in office.row(b)["Catatan Sistem"]
    join(office, c, a)
    office.tick(2)
    assert stands(office, c)[:2] == ("merged", b)


def test_a_circle_of_an_older_version_is_opened(office: Office) -> None:
    a, b, _ = three(office)
    for ticket, case in ((a, b), (b, a)):
        told = Event(EventKind.ACT, office.now, "staf", {"act": "gabungkan", "status": "merged"})
        fields = {"status": Status.MERGED, "merged_into": case}
        office.store.commit([Change(ticket, fields, (told,))])
    office.tick(3)
    assert (stands(office, a)[:2], stands(office, b)[:2]) == (("in_progress", ""), ("merged", a))


def test_a_case_that_is_filed_away_at_the_same_moment_takes_nobody_in(office: Office) -> None:
    a, b, _ = three(office)
    office.type(a, act="Cabut")
    office.tick(2)
    office.type(a, act="Arsipkan")
    join(office, b, a)
    office.tick(2)
    assert stands(office, b)[:2] == ("disposed", "")


@pytest.mark.parametrize("at_once", [False, True])
def test_whoever_was_joined_to_a_case_goes_where_it_goes(office: Office, at_once: bool) -> None:
    a, b, c = three(office)
    join(office, a, b)
    office.tick(2)
    join(office, b, c)
    if not at_once:
        office.tick(2)
        assert stands(office, a)[1] == c
    office.type(c, reply="Jawaban induk.", send_reply=True)
    office.tick(3)
    assert stands(office, a) == ("merged", c, "Jawaban induk.")
    assert stands(office, b) == ("merged", c, "Jawaban induk.")
    kinds = [event.kind for event in office.store.events(a)]
    assert kinds.count(EventKind.REPLIED) == 1
    assert office.tick().requests == 0
    assert list(office.store.verify([]).findings) == []


def test_whoever_is_joined_to_an_answered_case_gets_its_answer(office: Office) -> None:
    a, b, _ = three(office)
    office.type(b, reply="Jawaban induk.", send_reply=True)
    office.tick(2)
    join(office, a, b)
    office.tick(3)
    assert stands(office, a) == ("merged", b, "Jawaban induk.")


@pytest.mark.parametrize("at_once", [False, True])
def test_whoever_was_joined_to_a_case_that_is_withdrawn_is_heard(office: Office, at_once: bool) -> None:
    a, b, _ = three(office)
    join(office, a, b)
    if not at_once:
        office.tick(2)
    office.type(b, act="Cabut")
    office.tick(3)
    assert stands(office, a)[:2] == ("in_progress", "")
    assert "ditangani tersendiri" in office.row(a)["Catatan Sistem"]
    assert office.row(a)["Sisa Waktu"] != ""
    assert list(office.store.verify([]).findings) == []


def test_whoever_was_joined_to_a_case_that_nobody_completes_is_heard(office: Office) -> None:
    a, b, _ = three(office)
    join(office, a, b)
    office.type(b, act="Minta Kelengkapan", reason="Foto KKS")
    office.tick(2)
    office.now += timedelta(days=31)
    office.tick(2)
    assert stands(office, b)[0] == "withdrawn"
    assert stands(office, a)[:2] == ("in_progress", "")


def test_whoever_was_joined_to_a_case_that_turns_out_restricted_is_kept_apart(office: Office) -> None:
    a, b, _ = three(office)
    join(office, a, b)
    office.tick(2)
    office.type(b, corrected_category="PUNGLI")
    office.tick(4)
    assert office.store.complaint(a).restricted
    assert office.row(a)["Uraian"] == office.row(b)["Uraian"] == RESTRICTED_MASK
    assert office.restricted.row(a)["Uraian"] == TOPICS[0]


@pytest.mark.parametrize("corrected", [False, True])
def test_an_emergency_from_the_desk_or_by_correction_is_alerted_of(office: Office, corrected: bool) -> None:
    if corrected:
        ticket = office.file().ticket
        office.tick(2)
        office.type(ticket, corrected_urgency="Darurat")
    else:
        story = "Bayi ditinggal di pos ronda Timbau barusan, tolong cepat"
        place = office.type_row(description=story, name="Pak Contoh", contact="081200000077", officer="Siti")
        office.tick(3)
        ticket = office.rows()[place - 1]["Tiket"]
    office.tick(3)
    clocks = {clock.key: clock for clock in office.store.clocks([ticket])[ticket]}
    assert clocks["darurat"].done_at is None
    office.type(ticket, follow_up="sudah ditelepon")
    office.tick(2)
    clocks = {clock.key: clock for clock in office.store.clocks([ticket])[ticket]}
    assert clocks["darurat"].done_at == office.now - TICK


def test_an_alert_ends_by_what_is_typed_before_the_row_was_filled(office: Office) -> None:
    """What the clerk left empty may still be on its way when somebody acts on the emergency."""
    story = "Bayi ditinggal di pos ronda Timbau barusan, tolong cepat"
    place = office.type_row(description=story, name="Pak Contoh", contact="081200000077")
    office.tick()
    office.now += TICK
    for _ in range(2):
        office.reconciler.tick(office.now)
    ticket = office.rows()[place - 1]["Tiket"]
    assert office.store.mirror(Book.SHARED)[ticket].seen
    office.type(ticket, follow_up="sudah ditelepon")
    office.tick()
    clocks = {clock.key: clock for clock in office.store.clocks([ticket])[ticket]}
    assert clocks["darurat"].done_at is not None


def test_every_step_is_kept_with_when_it_was_begun_due_and_done(office: Office) -> None:
    complaint = office.file()
    office.tick(2)
    office.type(complaint.ticket, act="Proses", officer="Kepala Bidang Linjamsos")
    office.tick()
    clocks = {clock.key: clock for clock in office.store.clocks([complaint.ticket])[complaint.ticket]}
    assert clocks["langkah.6"].done_by == "Kepala Bidang Linjamsos"
    assert clocks["langkah.7"].done_at is None
    assert clocks["jawaban"].due_at == wita("2026-11-23T13:20")


def test_new_years_move_nothing_of_what_was_begun_before(office: Office) -> None:
    office.now = wita("2018-12-20 09:00")
    ticket = at_the_desk(office)
    office.tick(2)
    office.now = wita("2018-12-21 09:00")
    office.tick(2)
    before = {clock.key: clock.due_at for clock in office.store.clocks([ticket])[ticket]}
    assert before["sp4n.tindak_lanjut"] == wita("2018-12-21 16:30"), "Christmas and its leave are closed"
    office.now = wita("2026-01-05 09:00")
    office.restart()
    office.tick(2)
    assert {clock.key: clock.due_at for clock in office.store.clocks([ticket])[ticket]} == before
