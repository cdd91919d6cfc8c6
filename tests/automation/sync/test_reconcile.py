"""The tick against the real embedded register: what staff, citizens and the public may rely on."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from automation.sync.rows import MASK, RESTRICTED_MASK
from register import tables
from register.complaint import EventKind, Identity, Status
from register.database import open_engine, sqlite_url, writing
from register.errors import SheetUnavailableError
from tests.builders import an_intake
from tests.office import Office, write

FORMULAS = ('=HYPERLINK("http://jahat.invalid","klik")', "+62 812", "-1+1", "@SUM(A1)", "\t=1+1", "'=1")


def labels(office: Office, ticket: str) -> list[str]:
    return [event.public_label for event in office.store.timeline(ticket)]


# -- a complaint goes in ------------------------------------------------------------------------------------------


def test_a_filed_complaint_has_its_row_after_one_tick(office: Office) -> None:
    complaint = office.file(description="Mohon bantuan kursi roda untuk anak saya.")
    office.tick()
    row = office.row(complaint.ticket)
    assert row["Nomor Registrasi"] == "0001/ADUAN/DINSOS/11/2026"
    assert row["Disposisi"] == "Rehsos"
    assert row["Status"] == "Didisposisi"
    assert row["Tahap SOP"].startswith("6.")
    assert row["Batas Langkah"] == "2026-11-23 11:00"
    assert row["Batas Waktu"] == "2026-11-23 13:20", "110 minutes from 10.30, over the break from 12 to 13"
    assert "kursi roda" in row["Catatan Sistem"]


def test_an_idle_tick_is_one_call_and_writes_nothing(office: Office) -> None:
    office.file(30)
    office.tick(3)
    calls = office.sheet.calls
    report = office.tick()
    assert office.sheet.calls - calls == 1
    assert report.requests == 0


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_looks_like_a_formula_stays_text(office: Office, text: str) -> None:
    complaint = office.file(description=text + " dan seterusnya", name=text)
    office.tick(2)
    assert office.row(complaint.ticket)["Pelapor"] == text
    assert office.row(complaint.ticket)["Uraian"] == text + " dan seterusnya"


def test_zeros_in_front_of_a_number_are_kept(office: Office) -> None:
    complaint = office.file(phone="0541661049")
    office.tick(2)
    assert office.row(complaint.ticket)["Kontak"] == "0541661049"


def test_columns_are_found_by_header_wherever_staff_moved_them(office: Office) -> None:
    office.tick()
    source = {"sheetId": office.sheet_id(), "dimension": "COLUMNS", "startIndex": 4, "endIndex": 5}
    office.owner.batch([{"moveDimension": {"source": source, "destinationIndex": 20}}])
    span = {"sheetId": office.sheet_id(), "dimension": "COLUMNS", "startIndex": 3, "endIndex": 4}
    office.owner.batch([{"insertDimension": {"range": span}}, write(office.sheet_id(), 0, 3, ["Catatan pribadi"])])
    complaint = office.file()
    office.tick(2)
    row = office.row(complaint.ticket)
    assert (row["Status"], row["Catatan pribadi"]) == ("Didisposisi", "")


# -- privacy ------------------------------------------------------------------------------------------------------


def test_a_confidential_reporter_is_masked_in_the_sheet(office: Office) -> None:
    complaint = office.file(identity=Identity.CONFIDENTIAL)
    office.tick(3)
    row = office.row(complaint.ticket)
    assert (row["Pelapor"], row["Kontak"]) == (MASK, MASK)
    assert office.store.intake(complaint.ticket).name == "Ibu Contoh", "the mask is never read back"


def test_a_restricted_category_is_masked_even_if_nobody_asked(office: Office) -> None:
    complaint = office.file(description="Ketua kelompok minta uang 50 ribu tiap pencairan, pungli terus.")
    office.tick(2)
    assert office.row(complaint.ticket)["Pelapor"] == RESTRICTED_MASK


def test_a_hand_typed_confidential_row_is_sealed_then_masked(office: Office) -> None:
    office.tick()
    office.type_row(
        description="Tetangga saya telantar", name="Pak Rahasia", contact="081200000000", identity="Rahasia"
    )
    office.tick(4)
    (row,) = office.rows()
    assert (row["Pelapor"], row["Kontak"]) == (MASK, MASK)
    assert office.store.intake(row["Tiket"]).name == "Pak Rahasia"


def test_correcting_a_masked_cell_changes_the_store_and_masks_again(office: Office) -> None:
    complaint = office.file(identity=Identity.CONFIDENTIAL)
    office.tick(2)
    office.type(complaint.ticket, name="Ibu Benar")
    office.tick(2)
    assert office.row(complaint.ticket)["Pelapor"] == MASK
    assert office.store.intake(complaint.ticket).name == "Ibu Benar"


# -- staff act ----------------------------------------------------------------------------------------------------


def test_an_act_moves_the_status_once(office: Office) -> None:
    complaint = office.file()
    office.tick(2)
    office.type(complaint.ticket, act="Proses", officer="Kepala Bidang Linjamsos")
    office.tick(4)
    assert office.row(complaint.ticket)["Status"] == "Dalam Proses"
    assert office.store.complaint(complaint.ticket).status is Status.IN_PROGRESS
    assert labels(office, complaint.ticket).count("Pengaduan sedang diproses") == 1
    assert office.row(complaint.ticket)["Tindakan"] == "Proses", "a staff cell is only read"


def test_an_act_that_may_not_be_done_stays_and_is_explained(office: Office) -> None:
    complaint = office.file()
    office.tick(2)
    office.type(complaint.ticket, act="Arsipkan")
    office.tick(3)
    row = office.row(complaint.ticket)
    assert (row["Tindakan"], row["Status"]) == ("Arsipkan", "Didisposisi")
    assert row["Catatan Sistem"].startswith("Arsipkan: ")
    kinds = [event.kind for event in office.store.events(complaint.ticket)]
    assert kinds.count(EventKind.ACT_REFUSED) == 1


def test_a_reply_is_public_only_when_ticked(office: Office) -> None:
    complaint = office.file()
    office.tick(2)
    office.type(complaint.ticket, reply="Bantuan cair tanggal 1.")
    office.tick(3)
    assert office.store.reply(complaint.ticket) is None
    office.type(complaint.ticket, send_reply=True)
    office.tick(2)
    reply = office.store.reply(complaint.ticket)
    assert reply is not None
    assert reply.text == "Bantuan cair tanggal 1."
    assert office.row(complaint.ticket)["Status"] == "Menunggu Tanggapan Pelapor"


def test_a_reply_changed_later_is_a_new_reply(office: Office) -> None:
    complaint = office.file()
    office.tick(2)
    office.type(complaint.ticket, reply="Pertama.", send_reply=True)
    office.tick(2)
    office.type(complaint.ticket, reply="Kedua.")
    office.tick(2)
    reply = office.store.reply(complaint.ticket)
    assert reply is not None
    assert reply.text == "Kedua."
    assert labels(office, complaint.ticket).count("Balasan disampaikan kepada pelapor") == 2


def test_ticking_with_an_empty_reply_sends_nothing_and_says_so(office: Office) -> None:
    complaint = office.file()
    office.tick(2)
    office.type(complaint.ticket, send_reply=True)
    office.tick(2)
    assert office.store.reply(complaint.ticket) is None
    assert "Balasan masih kosong" in office.row(complaint.ticket)["Catatan Sistem"]


def test_a_corrected_disposition_is_taken_over(office: Office) -> None:
    complaint = office.file()
    office.tick(2)
    office.type(complaint.ticket, corrected_bidang="Dayasos")
    office.tick(2)
    assert office.row(complaint.ticket)["Disposisi"] == "Dayasos"
    office.type(complaint.ticket, corrected_bidang="Bidang Khayalan")
    office.tick(2)
    assert office.row(complaint.ticket)["Disposisi"] == "Dayasos"
    assert "bidang tersebut tidak ada" in office.row(complaint.ticket)["Catatan Sistem"]


def test_every_staff_value_that_was_read_is_in_the_audit_trail(office: Office) -> None:
    complaint = office.file()
    office.tick(2)
    for text in ("hubungi desa", "sudah ditelepon"):
        office.type(complaint.ticket, follow_up=text)
        office.tick()
    read = [e.secret["value"] for e in office.store.events(complaint.ticket) if e.kind is EventKind.CELL_READ]
    assert read == ["hubungi desa", "sudah ditelepon"]


def test_correcting_the_story_is_a_correction_not_a_new_complaint(office: Office) -> None:
    complaint = office.file()
    office.tick(2)
    office.type(complaint.ticket, description="Bantuan sembako belum kami terima selama empat bulan.")
    office.tick(2)
    assert "empat bulan" in office.store.intake(complaint.ticket).description
    assert len(office.rows()) == 1


# -- rows that staff type -----------------------------------------------------------------------------------------

TYPED = {"description": "Nenek telantar di pasar", "name": "Bu Loket", "contact": "081200000000"}


def test_a_typed_row_is_accepted_after_resting_for_two_ticks(office: Office) -> None:
    office.tick()
    office.type_row(**TYPED)
    office.tick()
    assert office.rows()[0]["Tiket"] == ""
    office.tick(2)
    (row,) = office.rows()
    assert len(row["Tiket"]) == 11
    assert row["Nomor Registrasi"].startswith("0001/")
    assert (row["Kanal"], row["Identitas"], row["Disposisi"]) == ("Loket", "Terbuka", "Rehsos")
    assert row["Tahap SOP"].startswith("5."), "the desk follows SOP A"
    assert row["Waktu Masuk"] == "2026-11-23 10:30"


def test_a_typed_row_still_being_typed_waits(office: Office) -> None:
    office.tick()
    index = office.type_row(**TYPED)
    for number in range(4):
        office.type_at(index, description=f"Nenek telantar di pasar {number}")
        office.tick()
    assert office.rows()[0]["Tiket"] == ""
    office.tick()
    assert office.rows()[0]["Tiket"]


@pytest.mark.parametrize("cells", [{"identity": "Anonim"}, {"name": "anonim"}], ids=["Identitas", "Pelapor"])
def test_an_anonymous_typed_row_needs_no_name(office: Office, cells: dict[str, str]) -> None:
    office.tick()
    office.type_row(description="Ada anak dipaksa mengemis", **cells)
    office.tick(2)
    (row,) = office.rows()
    assert row["Tiket"]
    assert office.store.complaint(row["Tiket"]).identity is Identity.ANONYMOUS


def test_an_incomplete_typed_row_is_told_what_it_lacks(office: Office) -> None:
    office.tick()
    office.type_row(description="Nenek telantar di pasar", name="Bu Loket")
    office.tick(3)
    (row,) = office.rows()
    assert row["Tiket"] == ""
    assert row["Catatan Sistem"] == "Belum lengkap: isi Kontak."


@pytest.mark.parametrize(
    "typed",
    ["2026-11-20 09:15", "20/11/2026 9.15", "20-11-2026 09:15", "20.11.2026 pukul 09.15 WITA"],
)
def test_a_typed_time_is_kept(office: Office, typed: str) -> None:
    office.tick()
    office.type_row(**TYPED, received_at=typed)
    office.tick(3)
    (row,) = office.rows()
    assert row["Waktu Masuk"] == typed
    assert office.store.complaint(row["Tiket"]).received_at == datetime(2026, 11, 20, 1, 15, tzinfo=UTC)


def test_two_typed_rows_that_are_alike_are_two_complaints(office: Office) -> None:
    office.tick()
    office.type_row(**TYPED)
    office.type_row(**TYPED)
    office.tick(4)
    tickets = [row["Tiket"] for row in office.rows()]
    assert all(tickets)
    assert len(set(tickets)) == len(tickets) == len(office.store.complaints()) == 2


def test_killed_after_accepting_a_typed_row_it_gets_that_ticket_not_another(office: Office) -> None:
    office.tick()
    office.type_row(**TYPED)
    office.tick()
    office.may_write = False
    office.tick()
    assert office.rows()[0]["Tiket"] == ""
    (ticket,) = office.store.complaints()
    office.may_write = True
    office.restart()
    office.tick(4)
    assert [row["Tiket"] for row in office.rows()] == [ticket]
    assert list(office.store.complaints()) == [ticket]


def test_a_row_inserted_while_the_ticket_is_written_loses_nobody(office: Office) -> None:
    """The ticket of a typed row lands in the row of another complaint; both find their rows again."""
    first = office.file(description="Pengaduan pertama tentang sembako").ticket
    office.tick(2)
    office.type_row(**TYPED)
    office.tick()
    office.interference.before_write.append(lambda: office.move_row(2, 1))
    office.tick()
    assert [row["Tiket"] for row in office.rows()].count(first) == 0, "the mishap really happened"
    office.tick(3)
    assert len(office.rows()) == len(office.store.complaints()) == 2
    assert office.row(first)["Uraian"] == "Pengaduan pertama tentang sembako"
    (second,) = set(office.store.complaints()) - {first}
    assert office.row(second)["Uraian"] == TYPED["description"]


# -- staff move, delete, double -----------------------------------------------------------------------------------


def test_rows_sorted_between_read_and_write_heal(office: Office) -> None:
    tickets = [office.file(description=f"Sembako tidak cair di RT {n}").ticket for n in range(4)]
    office.tick(2)
    for ticket in tickets:
        office.type(ticket, follow_up=f"catatan {ticket}", act="Proses")
    office.interference.before_write.append(lambda: office.move_row(4, 1))
    office.tick(3)
    for number, ticket in enumerate(tickets):
        row = office.row(ticket)
        assert row["Uraian"] == f"Sembako tidak cair di RT {number}"
        assert row["Tindak Lanjut"] == f"catatan {ticket}"
        assert row["Status"] == "Dalam Proses"
    assert office.tick().requests == 0


def test_an_append_whose_answer_was_lost_is_recognised(office: Office) -> None:
    office.tick()
    office.file(5)
    office.interference.lose_answers = 1
    office.failing_tick()
    office.tick(2)
    tickets = [row["Tiket"] for row in office.rows()]
    assert sorted(tickets) == sorted(office.store.complaints())


def test_an_emptied_ticket_cell_gets_its_ticket_back(office: Office) -> None:
    ticket = office.file(description="Kasus yang tiketnya terhapus").ticket
    office.file(description="Kasus lain")
    office.tick(2)
    office.type_at(office.index(ticket), by=office.owner, ticket="")
    office.tick(2)
    assert office.row(ticket)["Uraian"] == "Kasus yang tiketnya terhapus"
    assert len(office.rows()) == 2


def test_an_emptied_ticket_cell_that_could_be_anybodys_is_flagged_not_guessed(office: Office) -> None:
    office.file(2, description="Sama persis isinya")
    office.tick(2)
    for index in (1, 2):
        office.type_at(index, by=office.owner, ticket="")
    office.tick(2)
    assert {row["Catatan Sistem"] for row in office.rows() if not row["Tiket"]} <= {
        "Tiket baris ini hilang dan ada lebih dari satu yang cocok. Isi kembali tiketnya."
    }


def test_a_doubled_ticket_is_flagged_and_left_alone(office: Office) -> None:
    ticket = office.file().ticket
    office.tick(2)
    row = office.rows()[0]
    office.type_at(2, by=office.owner, ticket=ticket, description=row["Uraian"], act="Proses")
    office.tick(3)
    notes = [found["Catatan Sistem"] for found in office.rows()]
    assert notes == [f"Tiket {ticket} ada pada baris 2 dan 3. Hapus salinannya."] * 2
    assert office.store.complaint(ticket).status is Status.DISPOSED


def test_a_deleted_row_comes_back_with_what_staff_had_written(office: Office) -> None:
    ticket = office.file().ticket
    office.tick(2)
    office.type(ticket, act="Proses", follow_up="sudah ditelepon", reply="Segera cair.", send_reply=True)
    office.tick(2)
    office.delete_rows(office.index(ticket))
    office.tick(3)
    row = office.row(ticket)
    assert (row["Tindak Lanjut"], row["Balasan"], row["Kirim Balasan"]) == ("sudah ditelepon", "Segera cair.", True)
    assert "dikembalikan" in row["Catatan Sistem"]
    assert labels(office, ticket).count("Balasan disampaikan kepada pelapor") == 1, "no act is done twice"


def test_a_row_deleted_while_writing_fails_still_comes_back_whole(office: Office) -> None:
    ticket = office.file().ticket
    office.tick(2)
    office.type(ticket, follow_up="sudah ditelepon")
    office.tick(2)
    office.delete_rows(office.index(ticket))
    office.may_write = False
    office.tick()
    office.may_write = True
    office.restart()
    office.tick(3)
    assert office.row(ticket)["Tindak Lanjut"] == "sudah ditelepon"


def test_a_foreign_ticket_is_flagged(office: Office) -> None:
    office.tick()
    office.type_at(1, by=office.owner, ticket="7K3M-Q9TX-2", description="dari mana ini")
    office.tick(2)
    assert "tidak dikenal" in office.rows()[0]["Catatan Sistem"]


@pytest.mark.parametrize(
    ("rows", "deleted", "stops"), [(30, 20, False), (30, 21, True), (100, 5, False), (100, 6, True)]
)
def test_many_rows_vanishing_stop_the_writing(office: Office, rows: int, deleted: int, stops: bool) -> None:
    office.file(rows)
    office.tick(2)
    office.delete_rows(1, deleted)
    office.tick(3)
    assert len(office.rows()) == (rows - deleted if stops else rows)


def test_after_a_mass_loss_staff_confirm_and_the_rows_come_back(office: Office) -> None:
    office.file(30)
    office.tick(2)
    office.delete_rows(1, 25)
    report = office.tick(2)
    assert "25 baris hilang" in report.problems[0]
    index, asked = next(
        (i, row) for i, row in enumerate(office.rows("Pengaturan"), start=1) if row["Nama"] == "pulihkan_baris_hilang"
    )
    code = asked["Catatan Sistem"].split("isi Nilai dengan ")[1].split()[0]
    office.type_at(index, "Pengaturan", value="salah")
    office.tick(2)
    assert len(office.rows()) == 5
    office.type_at(index, "Pengaturan", value=code)
    office.tick(3)
    assert sorted(row["Tiket"] for row in office.rows()) == sorted(office.store.complaints())
    assert office.rows("Pengaturan")[index - 1]["Catatan Sistem"] == ""


def test_a_missing_header_stops_the_writing_but_not_the_work(office: Office) -> None:
    office.tick()
    place = office.layout().positions["status"]
    office.owner.batch([write(office.sheet_id(), 0, place, ["Setatus"])])
    complaint = office.file()
    office.restart()
    report = office.tick(2)
    assert "Status" in report.problems[0], "also after a restart: a renamed column is not added behind their back"
    assert office.rows() == []
    assert office.store.complaint(complaint.ticket).bidang, "disposition goes on"
    office.owner.batch([write(office.sheet_id(), 0, place, ["Status"])])
    office.tick()
    assert office.row(complaint.ticket)["Status"] == "Didisposisi"


# -- configuration ------------------------------------------------------------------------------------------------


def test_a_bad_rule_is_explained_and_the_last_good_rules_stay(office: Office) -> None:
    office.tick()
    index = len(office.rows("Aturan Disposisi")) + 1
    office.type_at(index, "Aturan Disposisi", active=True, category="KHAYAL", words="layangan", weight="40")
    complaint = office.file(description="Mohon bantuan kursi roda untuk anak saya.")
    report = office.tick()
    assert "KHAYAL" in " ".join(report.problems)
    assert office.rows("Aturan Disposisi")[index - 1]["Catatan Sistem"].startswith("Perbaiki: kategori 'KHAYAL'")
    assert office.row(complaint.ticket)["Disposisi"] == "Rehsos"
    office.type_at(index, "Aturan Disposisi", category="USAHA")
    other = office.file(description="Layangan putus terus, mohon layangan baru")
    office.tick(2)
    assert office.rows("Aturan Disposisi")[index - 1]["Catatan Sistem"] == ""
    assert office.row(other.ticket)["Disposisi"] == "Dayasos"


def test_a_local_holiday_moves_new_deadlines(office: Office) -> None:
    office.tick()
    office.type_at(1, "Hari Libur", on="2026-11-24", name="HUT Tenggarong", change="Tambah libur")
    office.type_row(**TYPED)
    office.tick(3)
    assert office.rows()[0]["Batas Langkah"] == "2026-11-26 16:00", "2 hari kerja without the 24th"


# -- trouble ------------------------------------------------------------------------------------------------------


def test_while_the_register_is_unreachable_intake_goes_on_and_rows_arrive_later(office: Office) -> None:
    office.tick()
    office.interference.cut = True
    office.file(5)
    with pytest.raises(SheetUnavailableError):
        office.tick()
    office.interference.cut = False
    office.tick(2)
    assert sorted(row["Tiket"] for row in office.rows()) == sorted(office.store.complaints())


def test_a_complaint_that_cannot_be_opened_does_not_hold_up_the_others(office: Office, tmp_path: Any) -> None:
    bad = office.file().ticket
    engine = open_engine(sqlite_url(tmp_path / "aduan.sqlite3"))
    with writing(engine).begin() as connection:
        connection.execute(
            tables.complaints.update().where(tables.complaints.c.ticket == bad).values(sealed_intake=b"x" * 40)
        )
    engine.dispose()
    good = office.file().ticket
    report = office.tick(2)
    assert bad in " ".join(report.problems)
    assert office.row(good)["Disposisi"]


def test_a_tick_run_twice_changes_nothing_more(office: Office) -> None:
    office.file(3, description="Banjir di desa kami, rumah terendam")
    office.tick(2)
    before = office.rows()
    office.restart()
    office.tick(2)
    assert office.rows() == before


def test_remaining_time_changes_with_the_clock(office: Office) -> None:
    ticket = office.file().ticket
    office.tick(2)
    assert office.row(ticket)["Sisa Waktu"] == "hari ini"
    office.now += timedelta(days=1)
    office.tick()
    assert office.row(ticket)["Sisa Waktu"] == "terlambat 1 hari kerja"


def test_an_anonymous_filing_shows_no_name(office: Office) -> None:
    complaint = office.accept(an_intake(identity=Identity.ANONYMOUS, name="", phone=""))
    office.tick(2)
    row = office.row(complaint.ticket)
    assert (row["Identitas"], row["Pelapor"], row["Kontak"]) == ("Anonim", "", "")


def test_marking_a_known_complaint_anonymous_masks_it_and_loses_nothing(office: Office) -> None:
    ticket = office.file().ticket
    office.tick(2)
    office.type(ticket, identity="Anonim")
    office.tick(2)
    assert (office.row(ticket)["Pelapor"], office.row(ticket)["Kontak"]) == (MASK, MASK)
    office.type(ticket, identity="Rahasia")
    office.tick(2)
    assert office.store.intake(ticket).name == "Ibu Contoh"


def test_a_name_typed_into_an_anonymous_row_does_not_stay_in_the_sheet(office: Office) -> None:
    office.tick()
    office.type_row(description="Ada anak dipaksa mengemis", identity="Anonim", name="Bu Lengah", contact="0812")
    office.tick(4)
    (row,) = office.rows()
    assert (row["Pelapor"], row["Kontak"]) == (MASK, MASK)
    assert office.store.intake(row["Tiket"]).name == ""


def test_a_confidential_row_does_not_unmask_by_choosing_open(office: Office) -> None:
    ticket = office.file(identity=Identity.CONFIDENTIAL).ticket
    office.tick(2)
    office.type(ticket, identity="Terbuka")
    office.tick(2)
    assert office.row(ticket)["Pelapor"] == MASK


def test_columns_sorted_without_their_tickets_are_flagged_not_read(office: Office) -> None:
    """A reply must not be published on somebody else's ticket because staff sorted only the columns they may sort."""
    first = office.file(description="Aduan Ani tentang sembako", name="Ani Contoh").ticket
    second = office.file(description="Budi minta kursi roda", name="Budi Contoh").ticket
    office.tick(2)
    office.type(first, reply="Jawaban untuk Ani", send_reply=True)
    office.tick(2)
    layout = office.layout()
    span = {
        "sheetId": office.sheet_id(),
        "startRowIndex": 1,
        "endRowIndex": 3,
        "startColumnIndex": layout.positions["category"],
        "endColumnIndex": layout.positions["send_reply"] + 1,
    }
    by = [{"dimensionIndex": layout.positions["description"], "sortOrder": "DESCENDING"}]
    office.staff.batch([{"sortRange": {"range": span, "sortSpecs": by}}])
    office.tick(3)
    assert office.row(first)["Uraian"] == "Budi minta kursi roda", "the mishap really happened"
    assert office.store.reply(second) is None
    assert office.store.intake(second).name == "Budi Contoh"
    assert all("Urungkan pengurutan" in row["Catatan Sistem"] for row in office.rows())
    office.staff.batch([{"sortRange": {"range": span, "sortSpecs": [by[0] | {"sortOrder": "ASCENDING"}]}}])
    office.tick(2)
    assert "Urungkan" not in office.row(first)["Catatan Sistem"]


def test_clearing_a_row_as_staff_would_delete_it_loses_nothing(office: Office) -> None:
    ticket = office.file(subject="Sembako", loss="Tiga bulan").ticket
    office.tick(2)
    before = office.store.intake(ticket)
    office.type(ticket, **dict.fromkeys(("received_at", "channel", "description", "name", "contact", "identity"), ""))
    office.tick(3)
    assert office.store.intake(ticket) == before
    assert "tetap tersimpan" in office.row(ticket)["Catatan Sistem"]


def test_a_year_that_cannot_be_harms_nobody(office: Office) -> None:
    bad, good = office.file().ticket, office.file().ticket
    office.tick(2)
    office.type(bad, received_at="23/11/0026")
    office.type(good, act="Proses")
    office.tick(2)
    assert "Waktu Masuk" in office.row(bad)["Catatan Sistem"]
    assert office.row(good)["Status"] == "Dalam Proses"


@pytest.mark.parametrize("typed", ["kemarin", "2027-01-01", "23/11/0026"])
def test_a_typed_row_with_an_unreadable_time_waits_and_says_so(office: Office, typed: str) -> None:
    office.tick()
    office.type_row(**TYPED, received_at=typed)
    office.tick(3)
    (row,) = office.rows()
    assert row["Tiket"] == ""
    assert "Waktu Masuk" in row["Catatan Sistem"]


def test_a_lost_key_harms_only_its_own_complaint(office: Office, tmp_path: Any) -> None:
    lost, other = office.file().ticket, office.file().ticket
    office.tick(2)
    engine = open_engine(sqlite_url(tmp_path / "aduan.sqlite3"))
    with writing(engine).begin() as connection:
        connection.execute(tables.complaint_keys.delete().where(tables.complaint_keys.c.ticket == lost))
    engine.dispose()
    office.type(lost, act="Proses")
    office.type(other, act="Proses")
    report = office.tick(2)
    assert office.row(other)["Status"] == "Dalam Proses"
    assert lost in " ".join(report.problems)
    office.delete_rows(office.index(lost))
    office.tick(3)
    assert office.row(lost)["Nomor Registrasi"].startswith("0001/")


def test_a_complaint_is_never_appended_before_it_is_known_whether_it_is_restricted(office: Office) -> None:
    """One that arrives between the tick's dispositions and its look at all complaints waits for the next tick."""
    office.tick()
    before = office.reconciler._dispose_new

    def then_one_more_arrives(*args: Any) -> None:
        before(*args)
        office.file(description="Anak dipukuli bapak tirinya tiap hari", name="Saksi Contoh")
        office.reconciler._dispose_new = before  # type: ignore[method-assign]

    office.reconciler._dispose_new = then_one_more_arrives  # type: ignore[method-assign]
    office.tick()
    assert office.rows() == []
    office.tick()
    assert office.rows()[0]["Pelapor"] == RESTRICTED_MASK


def test_a_register_tab_replaced_by_another_of_its_name_is_written_again(office: Office) -> None:
    office.file(2)
    office.tick(2)
    old = office.sheet_id()
    office.owner.batch(
        [
            {"updateSheetProperties": {"properties": {"sheetId": old, "title": "Lama"}, "fields": "title"}},
            {"addSheet": {"properties": {"title": "Register", "index": 0}}},
        ]
    )
    for _ in range(4):
        office.failing_tick()
    assert len(office.rows()) == 2


def test_a_row_still_being_typed_is_not_taken_by_a_tick_that_reads_back(office: Office) -> None:
    office.tick()
    office.type_row(**TYPED)
    office.file()
    report = office.reconciler.tick(office.now + timedelta(seconds=2))
    assert report.again
    office.reconciler.tick(office.now + timedelta(seconds=2))
    assert [row["Tiket"] for row in office.rows()].count("") == 1


@pytest.mark.parametrize("name", ["FALSE", "TRUE", "true"])
def test_a_name_that_looks_like_a_check_box_stays_a_name(office: Office, name: str) -> None:
    ticket = office.file(name=name).ticket
    office.tick(3)
    assert office.row(ticket)["Pelapor"] == name
    assert office.store.intake(ticket).name == name


def test_the_row_to_answer_in_comes_back_when_somebody_removed_it(office: Office) -> None:
    office.file(30)
    office.tick(2)
    rows = office.rows("Pengaturan")
    index = next(i for i, row in enumerate(rows, start=1) if row["Nama"] == "pulihkan_baris_hilang")
    span = {"sheetId": office.sheet_id("Pengaturan"), "dimension": "ROWS", "startIndex": index, "endIndex": index + 1}
    office.owner.batch([{"deleteDimension": {"range": span}}])
    office.delete_rows(1, 25)
    office.tick(3)
    (asked,) = (row for row in office.rows("Pengaturan") if row["Nama"] == "pulihkan_baris_hilang")
    assert "25 baris hilang" in asked["Catatan Sistem"]
