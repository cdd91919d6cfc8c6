"""What reporters do and write later reaches staff: in the row, in their messages, and in `aduan explain`."""

from datetime import timedelta

import pytest

from automation.sop.decision import decide_by_reporter, reporter_acts
from automation.story import story
from automation.sync.heard import heard_cell
from register.changes import Change
from register.complaint import Event, EventKind, Status
from tests.automation.reminders.desk import Desk
from tests.automation.reminders.staff_rules import wita
from tests.automation.sop.test_decision import RULES, Case
from tests.builders import MOMENT
from tests.office import Office


@pytest.mark.parametrize(
    ("data", "said", "line"),
    [
        ({"act": "nyatakan_puas", "rating": "5"}, "Cepat.", "2026-11-23 10:30 Nyatakan Puas, nilai 5 dari 5: Cepat."),
        ({"act": "cabut"}, "", "2026-11-23 10:30 Cabut"),
        ({"act": "yang_baru"}, "Halo.", "2026-11-23 10:30 Tanggapan: Halo."),
    ],
)
def test_an_act_is_one_line(data: dict[str, str], said: str, line: str) -> None:
    assert heard_cell([Event(EventKind.ACT, MOMENT, "pelapor", data, {"value": said} if said else {})]) == line


def test_the_newest_comes_first_and_a_cell_is_never_too_long() -> None:
    events = [
        Event(EventKind.ACT, MOMENT + timedelta(minutes=n), "pelapor", {"act": "cabut"}, {"value": "x" * 5000})
        for n in range(12)
    ]
    text = heard_cell(events)
    assert text.startswith("2026-11-23 10:41")
    assert len(text) <= 49_000


def did(office: Office, ticket: str, act: str, said: str = "", rating: int = 0) -> None:
    store = office.store
    known, clocks = store.complaint(ticket), store.clocks([ticket])[ticket]
    change = decide_by_reporter(known, act, clocks, RULES, office.now, said=said, rating=rating)
    assert isinstance(change, Change), change
    store.commit([change])


def test_what_the_reporter_wrote_stands_in_the_row(office: Office) -> None:
    ticket = office.file().ticket
    office.tick(2)
    did(office, ticket, "tambah_keterangan", "=HYPERLINK(1)\nSaya lampirkan KKS.")
    office.tick()
    row = office.row(ticket)
    assert "Tambah Keterangan: =HYPERLINK(1)\nSaya lampirkan KKS." in row["Tanggapan Pelapor"]
    assert "kolom Tanggapan Pelapor" in row["Catatan Sistem"]
    assert "KKS" not in office.store.complaint(ticket).note
    office.type(ticket, act="Proses")
    office.tick()
    did(office, ticket, "tambah_keterangan", "Satu lagi.")
    office.tick(2)
    assert office.row(ticket)["Tanggapan Pelapor"].splitlines()[0].endswith("Tambah Keterangan: Satu lagi.")


def test_a_restricted_complaint_tells_it_in_its_own_register_only(office: Office) -> None:
    ticket = office.file(description="Ketua kelompok minta 50rb tiap pencairan, kalau tidak diancam dicoret.").ticket
    office.tick(3)
    assert office.store.complaint(ticket).restricted
    did(office, ticket, "tambah_keterangan", "Namanya Pak Contoh.")
    office.tick(2)
    assert office.row(ticket)["Tanggapan Pelapor"] == "(terbatas)"


def test_a_rating_is_kept_and_explained() -> None:
    case = Case().staff(act="Proses").staff(reply="Sudah kami salurkan.", send_reply="TRUE")
    change = decide_by_reporter(
        case.complaint, "nyatakan_puas", list(case.clocks.values()), RULES, MOMENT, said="Lama.", rating=2
    )
    assert isinstance(change, Change)
    case.take(change)
    assert case.events[-1].data["rating"] == "2"
    assert case.events[-1].secret == {"value": "Lama."}
    assert case.complaint.heard_at == MOMENT
    assert "nilai 2 dari 5" in case.complaint.note
    assert "Lama." not in case.complaint.note
    lines = "\n".join(story(case.complaint, list(case.clocks.values()), case.events, RULES))
    assert "nilai 1-5 2" in lines
    assert "Lama." not in lines


@pytest.mark.parametrize(
    ("status", "acts"),
    [
        (Status.RECEIVED, {"tambah_keterangan", "cabut"}),
        (Status.NEEDS_INFO, {"lengkapi", "cabut"}),
        (Status.DISPOSED, {"tambah_keterangan", "cabut"}),
        (Status.IN_PROGRESS, {"tambah_keterangan", "cabut"}),
        (Status.AWAITING_REPORTER, {"nyatakan_puas", "buka_kembali", "tambah_keterangan", "cabut"}),
        (Status.RESOLVED, {"buka_kembali", "beri_nilai"}),
        (Status.ON_HOLD, {"tambah_keterangan", "cabut"}),
        (Status.TRANSFERRED, {"buka_kembali", "beri_nilai"}),
        (Status.OUT_OF_AUTHORITY, {"buka_kembali", "beri_nilai"}),
        (Status.WITHDRAWN, {"buka_kembali"}),
        (Status.MERGED, {"buka_kembali", "tambah_keterangan"}),
        (Status.ARCHIVED, set()),
    ],
)
def test_what_a_reporter_may_do_where(status: Status, acts: set[str]) -> None:
    complaint = Case().complaint
    assert set(reporter_acts(Change(complaint.ticket, {"status": status}).applied_to(complaint), (), MOMENT)) == acts


def test_reopening_ends_with_its_time() -> None:
    case = Case().staff(act="Proses").staff(reply="Sudah.", send_reply="TRUE").staff(act="Selesai")
    clocks = list(case.clocks.values())
    ends = case.clock("buka_kembali").due_at
    assert ends is not None
    assert "buka_kembali" in reporter_acts(case.complaint, clocks, ends)
    assert reporter_acts(case.complaint, clocks, ends + timedelta(seconds=1)) == ("beri_nilai",)


# -- whom it is told ---------------------------------------------------------------------------------------------------


def hear(desk: Desk, ticket: str, at: str) -> None:
    desk.change(ticket, heard_at=wita(at))


def test_the_officer_is_told_once_of_each_time(desk: Desk) -> None:
    ticket = desk.file("2026-12-23 16.00", officer="Petugas Satu")
    desk.at("2026-11-23 09.00")
    hear(desk, ticket, "2026-11-23 09.10")
    told = desk.at("2026-11-23 09.11", "2026-11-23 09.12")
    assert [[notice.rung for notice in message.notices] for message in told] == [["tanggapan_pelapor"]] * len(told)
    assert told
    assert "Tanggapan Pelapor" in told[0].text
    hear(desk, ticket, "2026-11-23 10.10")
    assert len(desk.at("2026-11-23 10.11", "2026-11-23 10.12")) == len(told)
    desk.restart()
    assert desk.at("2026-11-23 10.13") == []


def test_what_came_at_night_is_told_in_the_morning(desk: Desk) -> None:
    ticket = desk.file("2026-12-23 16.00")
    desk.at("2026-11-23 09.00")
    hear(desk, ticket, "2026-11-23 21.00")
    assert desk.at("2026-11-23 21.01") == []
    digest = desk.at("2026-11-24 07.45")
    assert any("Tanggapan pelapor (1)" in message.text for message in digest)
