"""An idle tick looks at nothing while nothing can have changed, and misses nothing that did."""

from datetime import timedelta

import sqlalchemy as sa

from automation.disposition.rule_counts import COUNTED_EVERY
from automation.sop.decision import decide_by_reporter
from automation.sync.tick_report import TickReport
from register.changes import Change
from register.complaint import Status
from tests.automation.sop.test_decision import RULES
from tests.office import Office


def quiet_office(office: Office, **changes: str) -> str:
    """An office in which nothing is left to do; the ticket of its one complaint."""
    ticket = office.file().ticket
    office.tick(2)
    if changes:
        office.type(ticket, **changes)
    office.tick(3)
    for _ in range(4):  # what rules caught is looked at again every two minutes
        office.now += COUNTED_EVERY
        office.tick()
    return ticket


def statements(office: Office) -> list[str]:
    found: list[str] = []
    sa.event.listen(
        office.store._engine,
        "before_cursor_execute",
        lambda *told: None if told[2] == "BEGIN" else found.append(told[2]),
    )
    return found


def test_a_quiet_tick_asks_the_store_once_and_the_registers_once(office: Office) -> None:
    quiet_office(office)
    asked, before = statements(office), office.sheet.calls
    assert office.tick(5) == TickReport()
    assert len(asked) == 5
    assert office.sheet.calls == before + 5


def test_what_staff_type_after_quiet_is_done(office: Office) -> None:
    ticket = quiet_office(office)
    office.type(ticket, act="Proses")
    office.tick()
    assert office.store.complaint(ticket).status is Status.IN_PROGRESS


def test_what_staff_typed_once_and_the_same_again_is_read(office: Office) -> None:
    ticket = quiet_office(office, act="Proses")
    office.type(ticket, act="")
    office.tick(5)
    office.type(ticket, act="Tunda")
    office.tick()
    assert office.store.complaint(ticket).status is Status.ON_HOLD


def test_a_complaint_that_arrives_after_quiet_gets_its_row(office: Office) -> None:
    quiet_office(office)
    ticket = office.file().ticket
    office.tick(2)
    assert office.row(ticket)["Status"] == "Didisposisi"


def test_a_hand_typed_row_is_accepted_once_it_is_complete(office: Office) -> None:
    quiet_office(office)
    index = office.type_row(description="Mohon bantuan kursi roda.")
    office.tick(6)
    office.type_at(index, name="Ibu Contoh", contact="081200000000")
    office.tick(3)
    assert office.rows()[1]["Tiket"]


def test_a_row_whose_time_is_to_come_is_accepted_when_it_has_come(office: Office) -> None:
    quiet_office(office)
    office.type_row(
        description="Mohon bantuan kursi roda.", name="Ibu Contoh", contact="0812", received_at="2026-11-23 11:15"
    )
    office.tick(6)
    assert not office.rows()[1]["Tiket"]
    office.now += timedelta(hours=1)
    office.tick(3)
    assert office.rows()[1]["Tiket"]


def test_what_the_reporter_does_after_quiet_shows(office: Office) -> None:
    ticket = quiet_office(office, act="Minta Kelengkapan", reason="Foto KKS")
    store = office.store
    change = decide_by_reporter(store.complaint(ticket), "lengkapi", store.clocks([ticket])[ticket], RULES, office.now)
    assert isinstance(change, Change)
    store.commit([change])
    office.tick()
    assert office.row(ticket)["Status"] == "Dalam Proses"


def test_words_change_at_the_deadline_and_at_midnight(office: Office) -> None:
    ticket = quiet_office(office)
    assert office.row(ticket)["Sisa Waktu"] == "hari ini"
    office.now = office.store.complaint(ticket).step_due_at - timedelta(seconds=2)
    office.tick(4)
    assert office.row(ticket)["Sisa Waktu"] == "terlambat"
    office.now += timedelta(days=1)
    office.tick()
    assert office.row(ticket)["Sisa Waktu"] == "terlambat 1 hari kerja"


def test_the_limit_of_an_emergency_shows_and_passes(office: Office) -> None:
    ticket = office.file(description="Bayi ditinggal di pos ronda barusan, tolong cepat").ticket
    office.tick(4)
    assert office.row(ticket)["Sisa Waktu"].startswith("Darurat: sebelum ")
    office.now = office.store.complaint(ticket).emergency_due_at - timedelta(seconds=2)
    office.tick(4)
    assert office.row(ticket)["Sisa Waktu"].startswith("Darurat: lewat ")
    office.type(ticket, officer="Petugas Loket")
    office.tick(2)
    assert "Darurat" not in office.row(ticket)["Sisa Waktu"]


def test_a_reporters_time_is_over_by_itself(office: Office) -> None:
    ticket = quiet_office(office, act="Minta Kelengkapan", reason="Foto KKS")
    office.now += timedelta(days=31)
    office.tick()
    assert office.row(ticket)["Status"] == "Dianggap Dicabut"
    office.tick(5)
    assert office.tick() == TickReport()


def test_a_holiday_after_quiet_moves_deadlines(office: Office) -> None:
    ticket = quiet_office(office)
    before = office.row(ticket)["Batas Waktu"]
    office.type_at(1, "Hari Libur", on="2026-11-23", name="Pilkades", change="Tambah libur")
    office.tick()
    assert office.row(ticket)["Batas Waktu"] != before
