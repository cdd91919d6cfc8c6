"""What happens by itself, in a whole office: times that are over, and rules that change under running clocks."""

from datetime import datetime, timedelta

from automation import timers
from register.complaint import WITA, Channel, EventKind, Status
from tests.builders import an_intake
from tests.office import Office


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
