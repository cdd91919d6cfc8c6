"""What staff may do to the register with their hands, case by case, and what must happen then."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from automation.sync.rows import INTAKE_KEYS, MASK
from automation.sync.sheet_edits import edit_event, parse_sheet_edit
from register.complaint import EventKind, Identity
from register.edits import unplaced
from sheets_schema.register_tab import REGISTER
from tests.builders import MOMENT
from tests.office import Office
from tests.staff_hands import (
    cut_row,
    delete_column,
    duplicate_row,
    filter_rows,
    hide,
    insert_columns,
    move_column,
    paste_rows,
    rename,
    sort_rows,
    type_entered,
)

TYPED = {"description": "Nenek telantar di pasar", "name": "Bu Loket", "contact": "081200000000"}


def three(office: Office) -> list[str]:
    """Three complaints in the sheet, each with a note of the staff."""
    tickets = [office.file(description=f"Sembako tidak cair di RT {n}").ticket for n in "BCA"]
    office.tick(2)
    for ticket in tickets:
        office.type(ticket, follow_up=f"catatan {ticket}", act="Proses")
    office.tick(2)
    return tickets


def whole(office: Office, tickets: list[str]) -> None:
    """Each ticket once, with its story, its note and its status."""
    assert sorted(row["Tiket"] for row in office.rows() if row["Tiket"]) == sorted(tickets)
    for name, ticket in zip("BCA", tickets, strict=True):
        row = office.row(ticket)
        assert row["Uraian"].endswith(f"RT {name}")
        assert (row["Tindak Lanjut"], row["Status"]) == (f"catatan {ticket}", "Dalam Proses")
    assert office.tick().requests == 0


def read_values(office: Office, ticket: str, header: str) -> list[str]:
    """What the trail says was read in that cell, oldest first."""
    events = office.store.events(ticket)
    return [e.secret["value"] for e in events if e.kind is EventKind.CELL_READ and e.data["column"] == header]


# -- rows move, columns move --------------------------------------------------------------------------------------


def test_whole_rows_sorted_filtered_and_hidden_change_nothing(office: Office) -> None:
    tickets = three(office)
    sort_rows(office, "description")
    filter_rows(office, "status", "Dalam Proses")
    hide(office, "ROWS", 2)
    hide(office, "COLUMNS", office.layout().positions["name"])
    office.tick(2)
    whole(office, tickets)
    new = office.file().ticket
    office.tick(2)
    assert office.row(new)["Status"] == "Didisposisi"


def test_one_column_sorted_alone_is_flagged_until_it_is_undone(office: Office) -> None:
    tickets = three(office)
    place = office.layout().positions["description"]
    order = [row["Uraian"] for row in office.rows()]
    sort_rows(office, "description", columns=(place, place + 1))
    assert [row["Uraian"] for row in office.rows()] != order
    office.tick(2)
    wrong = [row for row in office.rows() if "Urungkan pengurutan" in row["Catatan Sistem"]]
    assert len(wrong) == 3
    for index, text in enumerate(order, start=1):
        office.type_at(index, description=text)
    office.tick(2)
    whole(office, tickets)


def test_columns_moved_hidden_inserted_and_deleted_are_followed(office: Office) -> None:
    tickets = three(office)
    insert_columns(office, 4, "Warna map", "Rak")
    move_column(office, office.layout().positions["status"], 0)
    move_column(office, office.layout().positions["follow_up"], 3)
    office.tick(2)
    whole(office, tickets)
    delete_column(office, [str(title) for title in office.staff.read(["Register"])["Register"].header].index("Rak"))
    office.tick(2)
    whole(office, tickets)


def test_staff_rename_columns_by_an_alias_and_no_header_comes_back(office: Office) -> None:
    tickets = three(office)
    positions = office.layout().positions
    rename(office, positions["description"], "Isi laporan warga (Uraian)")
    rename(office, positions["name"], "Nama Pelapor")
    office.restart()
    office.type(tickets[0], name="Ibu Benar")
    office.tick(2)
    header = office.staff.read(["Register"])["Register"].header
    assert {"Isi laporan warga (Uraian)", "Nama Pelapor"} <= set(header)
    assert not {"Uraian", "Pelapor"} & set(header)
    assert office.store.intake(tickets[0]).name == "Ibu Benar"
    assert read_values(office, tickets[0], "Pelapor") == ["Ibu Benar"], "the trail keeps the column's own name"


@pytest.mark.parametrize("name", ["Keadaan", "(Status)", "Status lama"])
def test_a_header_that_is_neither_name_nor_alias_stops_the_writing(office: Office, name: str) -> None:
    three(office)
    place = office.layout().positions["status"]
    rename(office, place, name)
    new = office.file().ticket
    report = office.tick(2)
    assert "Status" in report.problems[0]
    assert "dalam kurung" in report.problems[0]
    assert new not in {row["Tiket"] for row in office.rows()}
    rename(office, place, "Status")
    office.tick(2)
    assert office.row(new)["Status"] == "Didisposisi"


def test_a_column_of_ours_that_is_deleted_stops_the_writing_until_it_is_back(office: Office) -> None:
    tickets = three(office)
    place = office.layout().positions["follow_up"]
    before = [row["Tindak Lanjut"] for row in office.rows()]
    delete_column(office, place)
    seen = office.rows()
    office.file()
    report = office.tick(3)
    assert "Tindak Lanjut" in report.problems[0]
    assert office.rows() == seen
    insert_columns(office, place, "Tindak Lanjut")
    for index, text in enumerate(before, start=1):
        office.type_at(index, follow_up=text)
    office.tick(2)
    assert [office.row(ticket)["Tindak Lanjut"] for ticket in tickets] == [f"catatan {ticket}" for ticket in tickets]
    assert len(office.rows()) == 4
    assert all("" not in read_values(office, ticket, "Tindak Lanjut") for ticket in tickets)


def test_a_doubled_header_stops_the_writing(office: Office) -> None:
    three(office)
    insert_columns(office, 2, "Balasan")
    seen = office.rows()
    office.file()
    report = office.tick(2)
    assert "Balasan" in report.problems[0]
    assert office.rows() == seen


# -- rows come and go ---------------------------------------------------------------------------------------------


def test_empty_rows_between_ours_are_left_alone(office: Office) -> None:
    tickets = three(office)
    office.insert_rows(2, 3)
    office.tick(2)
    whole(office, tickets)


def test_a_deleted_row_comes_back_with_a_note(office: Office) -> None:
    tickets = three(office)
    office.delete_rows(office.index(tickets[1]))
    office.tick(2)
    row = office.row(tickets[1])
    assert row["Catatan Sistem"] == "Baris ini hilang dari lembar dan dikembalikan oleh sistem."
    assert row["Tindak Lanjut"] == f"catatan {tickets[1]}"


def test_five_hundred_rows_pasted_at_once_are_five_hundred_complaints(office: Office) -> None:
    office.tick()
    block = [TYPED | {"description": f"Aduan tempel nomor {n}", "name": f"Warga {n}"} for n in range(500)]
    block[250].pop("contact")
    paste_rows(office, 1, block)
    calls = office.sheet.calls
    office.tick(4)
    assert office.sheet.calls - calls <= 16, "four ticks: reading, making room, and a few portions to write"
    complaints = office.store.complaints()
    assert len(complaints) == 499
    said = {office.store.intake(ticket).description for ticket in complaints}
    assert len(said) == 499
    rows = office.rows()
    assert rows[250]["Catatan Sistem"] == "Belum lengkap: isi Kontak."
    assert all(office.store.intake(row["Tiket"]).description == row["Uraian"] for row in rows if row["Tiket"])
    office.type_at(251, contact="0812")
    office.tick(3)
    assert len(office.store.complaints()) == 500


def test_pasting_over_rows_is_a_correction_of_each(office: Office) -> None:
    tickets = three(office)
    first = min(office.index(ticket) for ticket in tickets)
    paste_rows(office, first, [{"district": "Tenggarong", "follow_up": f"tempelan {n}"} for n in range(3)])
    office.tick(2)
    assert len(office.store.complaints()) == 3
    for row in office.rows():
        assert office.store.intake(row["Tiket"]).district == "Tenggarong"
        assert read_values(office, row["Tiket"], "Tindak Lanjut")[-1] == row["Tindak Lanjut"]


def test_a_row_copied_with_its_ticket_is_flagged_and_both_are_left_alone(office: Office) -> None:
    tickets = three(office)
    duplicate_row(office, office.index(tickets[0]), 4)
    office.type_at(4, reply="Jawaban di salinan", send_reply=True)
    office.tick(3)
    twins = [row for row in office.rows() if row["Tiket"] == tickets[0]]
    assert len(twins) == 2
    assert all("Hapus salinannya" in row["Catatan Sistem"] for row in twins)
    assert office.store.reply(tickets[0]) is None
    kept = [e for e in office.store.events(tickets[0]) if e.kind is EventKind.CELL_FLAGGED]
    assert [(e.data["column"], e.secret["value"]) for e in kept] == [
        ("Balasan", "Jawaban di salinan"),
        ("Kirim Balasan", "TRUE"),
    ], "read once, kept once"
    office.delete_rows(4)
    office.tick(2)
    whole(office, tickets)


def test_a_row_cut_and_pasted_elsewhere_is_the_same_row(office: Office) -> None:
    tickets = three(office)
    cut_row(office, office.index(tickets[0]), 9)
    office.tick(2)
    whole(office, tickets)
    assert office.index(tickets[0]) == 9


def test_a_row_without_ticket_that_is_pasted_becomes_a_complaint_only_when_complete(office: Office) -> None:
    office.tick()
    paste_rows(office, 1, [{"description": "Hanya uraian"}, TYPED])
    office.tick(3)
    assert [bool(row["Tiket"]) for row in office.rows()] == [False, True]
    office.type_at(1, identity="Anonim")
    office.tick(3)
    assert all(row["Tiket"] for row in office.rows())


# -- cells --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value"),
    [("follow_up", "sudah ditelepon"), ("send_reply", True), ("district", "Tenggarong"), ("name", "X")],
)
def test_a_cell_that_people_empty_is_read_as_empty(office: Office, key: str, value: Any) -> None:
    ticket = office.file().ticket
    office.tick(2)
    office.type(ticket, **{key: value})
    office.tick()
    office.type(ticket, **{key: "" if value is not True else False})
    office.tick()
    header = REGISTER.column(key).header
    assert read_values(office, ticket, header) == ["TRUE" if value is True else value, ""]
    assert office.row(ticket)[header] in ("", False)
    assert office.store.intake(ticket).name, "a name is never lost by emptying its cell"


def test_an_emptied_mask_is_in_the_trail_and_the_name_is_kept(office: Office) -> None:
    ticket = office.file(identity=Identity.CONFIDENTIAL).ticket
    office.tick(2)
    office.type(ticket, contact="")
    office.tick(2)
    assert read_values(office, ticket, "Kontak") == [""]
    assert office.store.intake(ticket).contact == "+6281200000000"
    assert MASK not in {value for e in office.store.events(ticket) for value in e.secret.values()}


def test_a_system_cell_and_a_ticket_that_were_emptied_are_written_again(office: Office) -> None:
    tickets = three(office)
    office.type_at(office.index(tickets[0]), by=office.owner, status="", note="", ticket="")
    office.tick(2)
    whole(office, tickets)


DATES = {
    "2026-11-20 09:15": "2026-11-20 09:15",
    "20/11/2026 9.15": "2026-11-20 09:15",
    "20-11-2026": "2026-11-20 00:00",
    "20 November 2026 pukul 09.15": "2026-11-20 09:15",
    "3/4/2026": "2026-04-03 00:00",
}


@pytest.mark.parametrize("typed", DATES)
@pytest.mark.parametrize("text_cells", [True, False], ids=["a text column", "a column whose format staff cleared"])
def test_a_date_typed_in_any_of_five_ways_is_understood(office: Office, typed: str, text_cells: bool) -> None:
    """Where the column is not text any more, the sheet makes a serial of what it takes for a date, day first."""
    ticket = office.file().ticket
    office.tick(2)
    if not text_cells:
        place = office.layout().positions["received_at"]
        box = {"sheetId": office.sheet_id(), "startColumnIndex": place, "endColumnIndex": place + 1}
        office.owner.batch([{"repeatCell": {"range": box, "cell": {}, "fields": "userEnteredFormat"}}])
    type_entered(office, office.index(ticket), "received_at", typed)
    office.tick(2)
    at = office.store.complaint(ticket).received_at
    assert at == datetime.strptime(DATES[typed] + " +0800", "%Y-%m-%d %H:%M %z").astimezone(UTC)


def test_two_clerks_in_one_row_and_the_last_in_one_cell(office: Office) -> None:
    ticket = office.file().ticket
    office.tick(2)
    office.interference.before_write.append(lambda: office.type(ticket, follow_up="dari Budi"))
    office.type(ticket, officer="Kepala Bidang Linjamsos", follow_up="dari Ani", act="Proses")
    office.tick()
    office.tick()
    row = office.row(ticket)
    assert (row["Tindak Lanjut"], row["Status"]) == ("dari Budi", "Dalam Proses")
    assert read_values(office, ticket, "Tindak Lanjut") == ["dari Ani", "dari Budi"]


def test_what_is_undone_is_undone(office: Office) -> None:
    ticket = office.file().ticket
    office.tick(2)
    before = office.row(ticket)["Disposisi"]
    office.type(ticket, corrected_bidang="Rehsos")
    office.tick(2)
    office.type(ticket, corrected_bidang=before)
    office.tick(2)
    assert office.row(ticket)["Disposisi"] == before
    office.type(ticket, corrected_bidang="")
    office.tick(2)
    assert read_values(office, ticket, "Koreksi Disposisi") == ["Rehsos", before, ""]


# -- while the worker writes --------------------------------------------------------------------------------------


def test_a_row_typed_while_columns_are_moved_is_read_where_its_cells_are(office: Office) -> None:
    office.tick()
    index = office.type_row(description=TYPED["description"])
    office.tick()
    move_column(office, office.layout().positions["description"], 20)
    office.type_at(index, name=TYPED["name"], contact=TYPED["contact"])
    office.tick(4)
    (row,) = office.rows()
    assert office.store.intake(row["Tiket"]).description == TYPED["description"]


def test_a_column_put_in_between_read_and_write_harms_no_cell_that_was_read(office: Office) -> None:
    """The status lands in another column; what stood there comes back, and no reply is published."""
    ticket = office.file().ticket
    office.tick(2)
    office.type(ticket, reply="Konsep balasan", send_reply=False)
    office.tick()
    place = office.layout().positions["send_reply"]
    move_column(office, office.layout().positions["note"], place)
    office.tick()
    before = {key: office.row(ticket)[REGISTER.column(key).header] for key in (*INTAKE_KEYS, "reply", "send_reply")}
    office.interference.before_write.append(lambda: insert_columns(office, 0, "Sisipan"))
    office.type(ticket, act="Arsipkan")
    office.tick()
    office.tick(2)
    row = office.row(ticket)
    assert {key: row[REGISTER.column(key).header] for key in before} == before
    assert row["Catatan Sistem"].startswith("Arsipkan")
    assert office.store.reply(ticket) is None
    assert not [text for text in read_values(office, ticket, "Balasan") if "Arsipkan" in text]


def test_rows_appended_while_a_column_is_put_in_are_not_read_as_corrections(office: Office) -> None:
    office.tick()
    ticket = office.file(description="Cerita yang harus tetap").ticket
    before = office.store.intake(ticket)
    office.interference.before_write.append(lambda: insert_columns(office, 1, "Sisipan"))
    office.tick()
    office.tick(3)
    assert office.store.intake(ticket) == before
    assert office.row(ticket)["Uraian"] == "Cerita yang harus tetap"
    assert not [event for event in office.store.events(ticket) if event.kind is EventKind.CELL_READ]


def test_what_fills_an_empty_cell_finds_its_row_again(office: Office) -> None:
    """`Waktu Masuk` of a typed row lands in another complaint's row: that one's time of receipt must not move."""
    first = office.file(description="Pengaduan pertama").ticket
    office.tick(2)
    office.type(first, received_at="20/11/2026 9.15")
    office.tick(2)
    office.type_row(**TYPED)
    office.tick(2)
    office.interference.before_write.append(lambda: office.move_row(2, 1))
    office.tick()
    office.tick(3)
    assert office.row(first)["Waktu Masuk"] == "20/11/2026 9.15"
    assert office.store.complaint(first).received_at == datetime(2026, 11, 20, 1, 15, tzinfo=UTC)
    (other,) = set(office.store.complaints()) - {first}
    assert office.row(other)["Waktu Masuk"] == "2026-11-23 10:30"


def test_a_mask_never_covers_the_name_of_somebody_else(office: Office) -> None:
    first = office.file(description="Pengaduan pertama", name="Ibu Terbuka").ticket
    office.tick(2)
    office.type_row(**TYPED | {"identity": "Rahasia"})
    office.tick()
    office.interference.before_write.append(lambda: office.move_row(2, 1))
    office.tick()
    assert office.rows()[1]["Pelapor"] == "Ibu Terbuka"
    office.tick(3)
    assert office.row(first)["Pelapor"] == "Ibu Terbuka"
    assert [row["Pelapor"] for row in office.rows() if row["Tiket"] != first] == [MASK]


def test_a_name_that_is_a_number_is_masked_all_the_same(office: Office) -> None:
    office.tick()
    office.type_row(**TYPED | {"identity": "Rahasia"})
    place = office.layout().positions["contact"]
    cell = {"userEnteredValue": {"numberValue": 8.12e10}, "userEnteredFormat": {"numberFormat": {"type": "SCIENTIFIC"}}}
    start = {"sheetId": office.sheet_id(), "rowIndex": 1, "columnIndex": place}
    office.staff.batch([{"updateCells": {"rows": [{"values": [cell]}], "fields": "*", "start": start}}])
    office.tick(5)
    assert office.rows()[0]["Kontak"] == MASK


# -- values that belong to no row, and edits that the sheet delivers ------------------------------------------------


def test_a_typed_row_is_in_the_trail_before_and_when_it_is_accepted(office: Office) -> None:
    office.tick()
    index = office.type_row(description="Nenek telantar")
    office.tick()
    office.type_at(index, **TYPED)
    office.tick(3)
    apart = [(e.data["column"], e.secret["value"]) for e in office.store.events(unplaced(office.now))]
    assert ("Uraian", "Nenek telantar") in apart
    (ticket,) = office.store.complaints()
    assert read_values(office, ticket, "Uraian") == [TYPED["description"]]


def test_an_anonymous_typed_row_leaves_no_name_in_any_trail(office: Office) -> None:
    office.tick()
    office.type_row(description="Ada anak dipaksa mengemis", identity="Anonim", name="Bu Lengah", contact="0812")
    office.tick(4)
    (ticket,) = office.store.complaints()
    told = [*office.store.events(ticket), *office.store.events(unplaced(office.now))]
    assert "Bu Lengah" not in {value for event in told for value in event.secret.values()}


def test_what_stands_under_a_foreign_ticket_is_kept_apart(office: Office) -> None:
    office.tick()
    office.type_at(1, by=office.owner, ticket="7K3M-Q9TX-2", description="dari mana ini")
    office.tick(2)
    assert [event.secret["value"] for event in office.store.events(unplaced(office.now))] == ["dari mana ini"]


def sample(ticket: str, **changes: Any) -> dict[str, Any]:
    """A delivery in the form that the spreadsheet's script sends."""
    body: dict[str, Any] = {
        "schema": 1,
        "kind": "sheet_edit",
        "delivery_id": "7b0c1f6e-0000-4000-8000-000000000002",
        "sent_at": "2026-11-23T02:30:01Z",
        "spreadsheet_id": "contoh",
        "sheet": {"gid": 1, "name": "Register", "header": "Tindakan", "row_key": ticket},
        "event": {
            "user": {"email": "petugas@example.go.id"},
            "range": {"columnStart": 7, "columnEnd": 7, "rowStart": 42, "rowEnd": 42},
            "value": "Proses",
        },
    }
    for name, value in changes.items():
        place = body["sheet"] if name in ("name", "header", "row_key") else body["event"]
        (body if name in body else place)[name] = value
    return body


def deliver(office: Office, body: dict[str, Any]) -> bool:
    edit = parse_sheet_edit(json.loads(json.dumps(body)))
    return office.store.record_edit(edit.ticket, edit_event(edit, office.now))


def test_a_delivered_edit_names_the_author_of_what_the_next_tick_reads(office: Office) -> None:
    ticket = office.file().ticket
    office.tick(2)
    office.type(ticket, act="Proses", follow_up="sudah ditelepon")
    assert deliver(office, sample(ticket))
    assert not deliver(office, sample(ticket)), "delivered twice, kept once"
    office.tick()
    actors = {(e.kind, e.data.get("column", "")): e.actor for e in office.store.events(ticket)}
    assert actors[EventKind.CELL_EDITED, "Tindakan"] == "petugas@example.go.id"
    assert actors[EventKind.CELL_READ, "Tindakan"] == "petugas@example.go.id"
    assert actors[EventKind.ACT, ""] == "petugas@example.go.id"
    assert actors[EventKind.CELL_READ, "Tindak Lanjut"] == "staf"


def test_an_edit_delivered_after_it_was_read_is_kept_and_names_nobody_else(office: Office) -> None:
    ticket = office.file().ticket
    office.tick(2)
    office.type(ticket, act="Proses")
    office.tick()
    assert deliver(office, sample(ticket))
    for act in ("", "Proses"):
        office.type(ticket, act=act)
        office.tick()
    actors = [e.actor for e in office.store.events(ticket) if e.kind is EventKind.CELL_READ]
    assert actors == ["staf", "staf", "staf"]


@pytest.mark.parametrize(
    "change", [{"row_key": ""}, {"row_key": "7K3M-Q9TX-2"}, {"row_key": "Budi", "name": "Petugas"}]
)
def test_a_delivered_edit_of_no_complaint_is_kept_apart(office: Office, change: dict[str, str]) -> None:
    assert deliver(office, sample("", **change))
    (event,) = office.store.events(unplaced(office.now))
    assert (event.actor, event.secret["value"]) == ("petugas@example.go.id", "Proses")
    assert event.secret["row"] == change["row_key"]


EDITS = {
    "emptied": ({"value": None, "oldValue": "Proses"}, "", "Proses"),
    "pasted": ({"value": None, "range": {"rowStart": 2, "rowEnd": 9}}, None, None),
    "a number": ({"value": 812, "header": "Kontak"}, "812", None),
    "a box ticked": ({"value": "TRUE", "oldValue": "FALSE", "header": "Kirim Balasan"}, "TRUE", ""),
    "under an alias": ({"header": "Isi laporan (Uraian)"}, "Proses", None),
}


@pytest.mark.parametrize(("changes", "value", "before"), EDITS.values(), ids=EDITS)
def test_what_a_delivery_says(changes: dict[str, Any], value: str | None, before: str | None) -> None:
    edit = parse_sheet_edit(sample("7k3mq9tx2", **changes))
    assert (edit.ticket, edit.value, edit.before) == ("7K3M-Q9TX-2", value, before)
    secret = edit_event(edit, MOMENT).secret
    assert secret.get("value") == value
