"""
Restricted complaints: handled in a spreadsheet of their own, a stub in the shared register.

No word of what such a complaint is about may stand in the shared one, from the tick on that knew it.
"""

import json
import re
from typing import Any

import pytest
import requests

from automation.sync.rows import MASK, RESTRICTED_MASK
from automation.sync.stubs import STUB_ACT_NOTE, STUB_NOTE
from register.changes import Book, Change
from register.complaint import Event, EventKind, Identity, Status
from register.errors import SheetRefusedError
from register.sheet import Sheet
from register.sheet_access import SheetAccess
from sheets_schema.configuration_tabs import OFFICERS
from sheets_schema.seeding import seed_rows
from tests.office import ADMIN_TOKEN, PASSWORD, STAFF_TOKEN, Office, write

STORY = "Anak tetangga dipukuli bapak tirinya tiap malam di Loa Kulu, tolong."
SECRET = ("dipukuli", "tirinya", "Saksi Contoh", "081200000077", "KEKERASAN", "Rehsos", "Loa Kulu", "Jembayan")
FILED: dict[str, Any] = {
    "description": STORY,
    "name": "Saksi Contoh",
    "phone": "081200000077",
    "category": "KEKERASAN",
    "district": "Loa Kulu",
    "village": "Jembayan",
}
TYPED = {
    "description": STORY,
    "name": "Saksi Contoh",
    "contact": "081200000077",
    "district": "Loa Kulu",
    "village": "Jembayan",
}
ORDINARY = "Bantuan sembako belum kami terima selama tiga bulan."


def words_in(texts: Any) -> list[str]:
    """Which secrets stand there."""
    whole = json.dumps(texts, ensure_ascii=False)
    return [secret for secret in SECRET if secret in whole]


def kinds(office: Office, ticket: str) -> list[EventKind]:
    return [event.kind for event in office.store.events(ticket)]


# -- where it stands ----------------------------------------------------------------------------------------------


def test_a_restricted_complaint_stands_whole_in_its_own_register_and_as_a_stub_in_the_shared_one(
    office: Office,
) -> None:
    ticket = office.file(**FILED).ticket
    ordinary = office.file().ticket
    office.tick(3)
    stub, details = office.row(ticket), office.restricted.row(ticket)
    assert words_in(stub) == []
    assert stub["Tiket"] == details["Tiket"] == ticket
    same = ("Nomor Registrasi", "Status", "Tahap SOP", "Batas Langkah", "Batas Waktu", "Sisa Waktu", "Urgensi")
    assert all(stub[header] == details[header] != "" for header in same)
    assert (stub["Disposisi"], stub["Klasifikasi"], stub["Catatan Sistem"]) == ("Terbatas", RESTRICTED_MASK, STUB_NOTE)
    assert (details["Uraian"], details["Pelapor"], details["Kontak"]) == (STORY, "Saksi Contoh", "081200000077")
    assert (details["Disposisi"], details["Klasifikasi"]) == ("Rehsos", "KEKERASAN")
    assert [row["Tiket"] for row in office.restricted.rows()] == [ticket]
    assert office.row(ordinary)["Uraian"] == ORDINARY
    assert office.tick().requests == 0


def test_an_idle_tick_is_one_call_for_each_book(office: Office) -> None:
    office.file(**FILED)
    office.tick(4)
    before = office.sheet.calls, office.restricted_sheet.calls
    assert office.tick().requests == 0
    assert (office.sheet.calls, office.restricted_sheet.calls) == (before[0] + 1, before[1] + 1)


def test_whoever_asked_for_confidentiality_is_masked_in_both(office: Office) -> None:
    ticket = office.file(**FILED, identity=Identity.CONFIDENTIAL).ticket
    office.tick(3)
    assert (office.restricted.row(ticket)["Pelapor"], office.row(ticket)["Pelapor"]) == (MASK, RESTRICTED_MASK)
    assert office.restricted.row(ticket)["Uraian"] == STORY


def test_what_arrives_by_itself_is_never_sent_to_the_shared_spreadsheet(office: Office) -> None:
    """At no revision: no request ever held a word of it, whatever staff did in the meantime."""
    office.tick()
    office.interference.heard = []
    ticket = office.file(**FILED).ticket
    office.tick(2)
    office.restricted.type(ticket, act="Proses", follow_up="Saksi Contoh dikunjungi", corrected_bidang="Rehsos")
    office.tick(2)
    office.delete_rows(office.index(ticket))
    office.tick(3)
    shared = [body.decode() for path, body in office.interference.heard if books(office)[0] in path]
    assert any(ticket in body for body in shared)
    assert words_in(shared) == []
    details = [body.decode() for path, body in office.interference.heard if books(office)[1] in path]
    assert len(words_in(details)) >= 6, "the words are found where they are"


def books(office: Office) -> tuple[str, str]:
    return office.sheet._access.spreadsheet_id, office.restricted_sheet._access.spreadsheet_id


# -- working on it ------------------------------------------------------------------------------------------------


def test_staff_act_in_its_own_register_and_the_stub_follows(office: Office) -> None:
    ticket = office.file(**FILED).ticket
    office.tick(3)
    office.restricted.type(ticket, act="Proses", reply="Tim sudah mengunjungi keluarga.", send_reply=True)
    office.tick(2)
    assert office.store.complaint(ticket).status is Status.AWAITING_REPORTER
    reply = office.store.reply(ticket)
    assert reply is not None
    assert reply.text == "Tim sudah mengunjungi keluarga."
    assert office.row(ticket)["Status"] == office.restricted.row(ticket)["Status"] == "Menunggu Tanggapan Pelapor"
    assert (office.row(ticket)["Balasan"], office.row(ticket)["Tindakan"]) == ("", "")
    assert kinds(office, ticket).count(EventKind.ACT) == 1


def test_an_act_typed_in_the_stub_is_not_done_stays_and_is_explained(office: Office) -> None:
    ticket = office.file(**FILED).ticket
    office.tick(3)
    office.type(ticket, act="Proses", send_reply=True, reply="Jangan dikirim", follow_up="catatan rahasia")
    office.tick(3)
    stub = office.row(ticket)
    assert (stub["Tindakan"], stub["Kirim Balasan"], stub["Catatan Sistem"]) == ("Proses", True, STUB_ACT_NOTE)
    assert (stub["Balasan"], stub["Tindak Lanjut"]) == (RESTRICTED_MASK, RESTRICTED_MASK)
    assert office.store.complaint(ticket).status is Status.DISPOSED
    assert office.store.reply(ticket) is None
    assert office.restricted.row(ticket)["Tindakan"] == ""
    read = {e.secret["value"] for e in office.store.events(ticket) if e.kind is EventKind.CELL_READ}
    assert read == {"Proses", "TRUE", "Jangan dikirim", "catatan rahasia"}, "what was read is in the trail"
    office.type(ticket, act="", send_reply=False)
    office.tick(2)
    assert office.row(ticket)["Catatan Sistem"] == STUB_NOTE
    assert office.tick().requests == 0


def test_words_typed_over_a_mask_are_kept_in_the_trail_and_masked_again(office: Office) -> None:
    ticket = office.file(**FILED).ticket
    office.tick(3)
    office.type(ticket, description="Saya tahu: anak itu dipukuli", name="Saksi Contoh")
    office.tick(2)
    assert words_in(office.rows()) == []
    assert office.store.intake(ticket).description == STORY
    read = [e.secret["value"] for e in office.store.events(ticket) if e.kind is EventKind.CELL_READ]
    assert read == ["Saya tahu: anak itu dipukuli", "Saksi Contoh"]


def test_a_staff_cell_that_is_masked_in_the_same_write_leaves_the_note_alone(office: Office) -> None:
    ticket = office.file(**FILED).ticket
    office.tick(3)
    office.type(ticket, officer="Bu Siapa")
    office.tick()
    assert (office.row(ticket)["Petugas"], office.row(ticket)["Catatan Sistem"]) == (RESTRICTED_MASK, STUB_NOTE)
    assert office.tick().requests == 0


# -- turning out restricted ---------------------------------------------------------------------------------------


def test_a_typed_row_that_turns_out_restricted_moves(office: Office) -> None:
    office.tick()
    office.type_row(**TYPED)
    office.tick(5)
    (stub,), (details,) = office.rows(), office.restricted.rows()
    assert stub["Tiket"] == details["Tiket"]
    assert words_in(stub) == []
    assert (details["Uraian"], details["Pelapor"], details["Kecamatan"]) == (STORY, "Saksi Contoh", "Loa Kulu")
    assert office.store.intake(stub["Tiket"]).description == STORY
    assert office.tick().requests == 0


def test_what_staff_typed_with_such_a_row_is_done_where_it_moves_to(office: Office) -> None:
    office.tick()
    office.type_row(**TYPED, act="Proses", follow_up="Saksi Contoh sudah ditelepon")
    office.tick(6)
    (stub,), (details,) = office.rows(), office.restricted.rows()
    assert (details["Tindakan"], details["Tindak Lanjut"]) == ("Proses", "Saksi Contoh sudah ditelepon")
    assert stub["Status"] == details["Status"] == "Dalam Proses"
    assert (stub["Tindakan"], stub["Tindak Lanjut"]) == ("Proses", RESTRICTED_MASK)
    assert kinds(office, stub["Tiket"]).count(EventKind.ACT) == 1


def test_a_typed_row_is_masked_only_after_its_details_were_read_back(office: Office) -> None:
    office.tick()
    office.type_row(**TYPED)
    office.tick()
    office.interference.lose_answers = 1
    office.failing_tick()
    assert office.rows()[0]["Uraian"] == STORY
    office.tick(4)
    assert words_in(office.rows()) == []
    assert len(office.restricted.rows()) == len(office.rows()) == 1


def test_a_complaint_that_becomes_restricted_moves_with_what_staff_wrote(office: Office) -> None:
    ticket = office.file(name="Ibu Contoh").ticket
    office.tick(3)
    office.type(ticket, officer="Kepala Bidang Linjamsos")
    office.tick(2)
    office.type(ticket, description="Ketua kelompok minta uang tiap pencairan, pungli terus.")
    office.tick(4)
    stub, details = office.row(ticket), office.restricted.row(ticket)
    assert details["Uraian"] == "Ketua kelompok minta uang tiap pencairan, pungli terus."
    assert (details["Petugas"], details["Pelapor"]) == ("Kepala Bidang Linjamsos", "Ibu Contoh")
    masked = ("Uraian", "Pelapor", "Kontak", "Petugas", "Klasifikasi")
    assert {stub[header] for header in masked} == {RESTRICTED_MASK}
    assert office.tick().requests == 0
    assert kinds(office, ticket).count(EventKind.CELL_READ) == 2, "what was moved is not read as new"


def test_what_the_reporter_chose_is_kept_from_the_shared_register_though_the_words_say_otherwise(
    office: Office,
) -> None:
    story = "Saya mau melaporkan Pak Wahyudi, pendamping PKH di desa kami."
    ticket = office.file(description=story, name="Saksi Contoh", category="PUNGLI").ticket
    office.tick(3)
    assert not {"Wahyudi", "Saksi", "PUNGLI", "PKH"} & set(re.findall(r"\w+", json.dumps(office.row(ticket))))
    assert office.restricted.row(ticket)["Uraian"] == story
    assert office.store.complaint(ticket).undecided


def test_a_restricted_category_that_staff_type_for_the_reporter_moves_the_complaint(office: Office) -> None:
    ticket = office.file(description=ORDINARY, name="Saksi Contoh").ticket
    office.tick(3)
    office.type(ticket, category="KEKERASAN")
    office.tick(5)
    assert words_in(office.row(ticket)) == []
    assert office.row(ticket)["Uraian"] == RESTRICTED_MASK
    details = office.restricted.row(ticket)
    assert (details["Uraian"], details["Kategori"]) == (ORDINARY, "KEKERASAN")
    assert "Koreksi Kategori" in details["Catatan Sistem"]


@pytest.mark.parametrize(
    "hide", [{"corrected_category": "PUNGLI"}, {"identity": "Rahasia"}], ids=["restricted", "masked"]
)
def test_no_note_names_the_reporter_of_what_others_must_not_know(office: Office, hide: dict[str, str]) -> None:
    """Neither of one that came after, nor of one that had pointed there before."""
    first = office.file().ticket
    office.tick(2)
    second = office.file().ticket
    office.tick(3)
    assert f"Mirip dengan {first} (pelapor" in office.row(second)["Catatan Sistem"]
    office.type(first, **hide)
    office.tick(4)
    third = office.file().ticket
    office.tick(4)
    assert [first in office.row(ticket)["Catatan Sistem"] for ticket in (second, third)] == [False, False]
    assert f"Mirip dengan {second} (pelapor" in office.row(third)["Catatan Sistem"]
    assert office.row(second)["Catatan Sistem"], "the rest of the note stays"


def test_a_masked_row_does_not_point_to_its_reporters_open_one(office: Office) -> None:
    office.file()
    office.tick(2)
    second = office.file().ticket
    office.tick(3)
    office.type(second, identity="Rahasia")
    office.tick(4)
    assert "pelapor dan topik" not in office.row(second)["Catatan Sistem"]


def test_what_was_restricted_stays_so_when_the_story_is_told_better(office: Office) -> None:
    ticket = office.file(**FILED).ticket
    office.tick(3)
    office.restricted.type(ticket, description=ORDINARY)
    office.tick(3)
    assert office.store.complaint(ticket).restricted
    assert (office.restricted.row(ticket)["Uraian"], office.row(ticket)["Uraian"]) == (ORDINARY, RESTRICTED_MASK)


def test_an_act_done_before_the_move_is_not_done_again(office: Office) -> None:
    ticket = office.file().ticket
    office.tick(3)
    office.type(ticket, follow_up="sudah ditelepon", act="Minta Kelengkapan", reason="KK")
    office.tick(2)
    becomes_restricted(office, ticket)
    office.tick(5)
    details = office.restricted.row(ticket)
    assert (details["Tindakan"], details["Tindak Lanjut"]) == ("Minta Kelengkapan", "sudah ditelepon")
    assert office.row(ticket)["Tindak Lanjut"] == RESTRICTED_MASK
    assert kinds(office, ticket).count(EventKind.ACT) == 1


def becomes_restricted(office: Office, ticket: str) -> None:
    """As a corrected category would have it."""
    event = Event(EventKind.DISPOSED, office.now, "staf", {"category": "PUNGLI"})
    office.store.commit([Change(ticket, {"restricted": True, "category": "PUNGLI"}, (event,))])


def test_a_row_typed_into_the_restricted_register_is_restricted_whatever_it_says(office: Office) -> None:
    office.tick()
    office.restricted.type_row(description="Urusan bantuan kursi roda", name="Bu Lurah", contact="081200000000")
    office.tick(5)
    (stub,), (details,) = office.rows(), office.restricted.rows()
    assert stub["Tiket"] == details["Tiket"] != ""
    assert (stub["Uraian"], details["Uraian"]) == (RESTRICTED_MASK, "Urusan bantuan kursi roda")
    assert office.store.complaint(stub["Tiket"]).restricted


# -- rows that go astray ------------------------------------------------------------------------------------------


def test_a_deleted_row_comes_back_in_either_register(office: Office) -> None:
    ticket = office.file(**FILED).ticket
    office.tick(3)
    office.restricted.type(ticket, follow_up="keluarga dikunjungi", act="Proses")
    office.tick(2)
    office.delete_rows(office.index(ticket))
    office.restricted.delete_rows(office.restricted.index(ticket))
    office.tick(4)
    assert words_in(office.rows()) == []
    details = office.restricted.row(ticket)
    assert (details["Tindak Lanjut"], details["Uraian"]) == ("keluarga dikunjungi", STORY)
    assert kinds(office, ticket).count(EventKind.ACT) == 1
    assert office.tick().requests == 0


def test_a_doubled_ticket_is_flagged_in_its_own_register_only(office: Office) -> None:
    ticket = office.file(**FILED).ticket
    office.tick(3)
    office.restricted.type_at(2, by=office.restricted.owner, ticket=ticket, act="Selesai")
    office.tick(3)
    notes = [row["Catatan Sistem"] for row in office.restricted.rows()]
    assert notes == [f"Tiket {ticket} ada pada baris 2 dan 3. Hapus salinannya."] * 2
    assert office.row(ticket)["Catatan Sistem"] == STUB_NOTE
    assert office.store.complaint(ticket).status is Status.DISPOSED


def test_a_stub_without_its_ticket_is_no_new_complaint(office: Office) -> None:
    tickets = [office.file(**FILED).ticket for _ in range(2)]
    office.tick(3)
    for index in (1, 2):
        office.type_at(index, by=office.owner, ticket="")
    office.tick(4)
    assert sorted(office.store.complaints()) == sorted(tickets)


def test_masks_do_not_hit_a_row_that_was_moved_there_meanwhile(office: Office) -> None:
    other = office.file(description="Mohon bantuan kursi roda", name="Pak Lain").ticket
    ticket = office.file(description="Anak tetangga diasuh neneknya", name="Saksi Contoh").ticket
    office.tick(3)
    becomes_restricted(office, ticket)
    office.tick()
    office.interference.before_write.append(lambda: office.move_row(2, 1))
    office.tick(5)
    assert office.interference.before_write == [], "rows really moved"
    assert (office.row(other)["Uraian"], office.row(other)["Pelapor"]) == ("Mohon bantuan kursi roda", "Pak Lain")
    assert office.row(ticket)["Uraian"] == office.row(ticket)["Pelapor"] == RESTRICTED_MASK
    assert office.tick().requests == 0


def test_a_mask_over_an_ordinary_complaint_gives_way_to_what_stood_there(office: Office) -> None:
    ticket = office.file(description="Mohon bantuan kursi roda", name="Pak Lain").ticket
    office.tick(3)
    office.type(ticket, follow_up="sudah diantar")
    office.tick(2)
    known = office.store.events(ticket)
    office.type(ticket, **dict.fromkeys(("description", "name", "follow_up"), RESTRICTED_MASK))
    office.tick(3)
    row = office.row(ticket)
    assert (row["Uraian"], row["Pelapor"]) == ("Mohon bantuan kursi roda", "Pak Lain")
    assert row["Tindak Lanjut"] == "sudah diantar"
    assert office.store.events(ticket) == known, "a mask says nothing"
    assert office.tick().requests == 0


def test_many_restricted_rows_vanishing_are_asked_about_in_the_shared_settings(office: Office) -> None:
    office.file(25, **FILED)
    office.tick(3)
    office.restricted.delete_rows(1, 22)
    report = office.tick(2)
    assert "22 baris hilang dari Register Terbatas" in report.problems[0]
    assert len(office.restricted.rows()) == 3
    asked = next(row for row in office.rows("Pengaturan") if row["Nama"] == "pulihkan_baris_hilang")
    code = asked["Catatan Sistem"].split("isi Nilai dengan ")[1].split()[0]
    index = office.rows("Pengaturan").index(asked) + 1
    office.type_at(index, "Pengaturan", value=code)
    office.tick(3)
    assert len(office.restricted.rows()) == 25


# -- without it, and in trouble -----------------------------------------------------------------------------------


def test_without_a_second_spreadsheet_there_is_only_the_stub_and_the_tick_says_how_to_mend_it(office: Office) -> None:
    office.apart = False
    office.restart()
    office.tick()
    ticket = office.file(**FILED).ticket
    office.type_row(**TYPED)
    report = office.tick(5)
    assert words_in(office.rows()) == []
    assert len(office.rows()) == 2
    assert "ADUAN_GOOGLE_RESTRICTED_SHEET_ID" in " ".join(report.problems)
    office.apart = True
    office.restart()
    assert office.tick(3).problems == []
    assert office.restricted.row(ticket)["Uraian"] == STORY


def test_while_the_second_spreadsheet_is_away_the_shared_one_goes_on(office: Office) -> None:
    office.tick()
    office.restricted_sheet._access = office.sheet._access.__class__("tidak-ada", office.sheet._access.url, "x")
    ticket = office.file(**FILED).ticket
    ordinary = office.file().ticket
    report = office.tick(2)
    assert any(problem.startswith("Register Terbatas: ") for problem in report.problems)
    assert office.row(ordinary)["Status"] == "Didisposisi"
    assert words_in(office.row(ticket)) == []


# -- who may see it -----------------------------------------------------------------------------------------------


DENIED: list[tuple[str, str, Any]] = [
    ("GET", "/v4/spreadsheets/{book}", None),
    ("GET", "/v4/spreadsheets/{book}?includeGridData=true", None),
    ("GET", "/v4/spreadsheets/{book}/values/Register", None),
    ("GET", "/v4/spreadsheets/{book}/values:batchGet?ranges=Register", None),
    ("POST", "/v4/spreadsheets/{book}:batchUpdate", {"requests": [{"addSheet": {}}]}),
    ("POST", "/v4/spreadsheets/{book}/sheets/0:copyTo", {"destinationSpreadsheetId": "x"}),
    ("GET", "/drive/v3/files/{book}", None),
    ("GET", "/drive/v3/files/{book}/export?mimeType=text/csv", None),
    ("GET", "/drive/v3/files/{book}/permissions", None),
    ("POST", "/drive/v3/files/{book}/permissions", {"role": "writer", "type": "anyone"}),
    ("POST", "/drive/v3/files/{book}/copy", {"name": "Salinan"}),
    ("PATCH", "/drive/v3/files/{book}", {"name": "Salinan"}),
    ("DELETE", "/drive/v3/files/{book}", None),
]


def test_an_ordinary_account_gets_nowhere_near(office: Office) -> None:
    office.file(**FILED)
    office.tick(2)
    for method, path, body in DENIED:
        answer = ask(office, STAFF_TOKEN, method, path, body)
        assert answer.status_code in (403, 404), (method, path)
        assert words_in(answer.text) == []
    assert ask(office, ADMIN_TOKEN, "GET", "/v4/spreadsheets/{book}/values/Register").status_code == 200


def ask(office: Office, token: str, method: str, path: str, body: Any = None) -> requests.Response:
    url = office.sheet._access.url + path.format(book=books(office)[1])
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, url, json=body, headers={"Authorization": f"Bearer {token}"}, timeout=10)


class Visitor(requests.Session):
    """Somebody with a browser that runs no script."""

    def __init__(self, office: Office, username: str) -> None:
        super().__init__()
        self.trust_env = False
        self.register = f"{office.sheet._access.url}/register"
        csrf = re.search(r'csrf_token" value="([^"]+)"', self.get(f"{self.register}/login").text)
        assert csrf is not None
        form = {"csrf_token": csrf[1], "username": username, "password": PASSWORD}
        assert self.post(f"{self.register}/login", data=form, allow_redirects=False).status_code == 303
        token = re.search(r'data-csrf="([^"]+)"', self.get(self.register).text)
        assert token is not None
        self.headers["X-CSRF-Token"] = token[1]


def test_the_grid_leads_those_who_may_to_it_and_nobody_else(office: Office) -> None:
    ticket = office.file(**FILED).ticket
    office.tick(3)
    shared, details = books(office)
    sheet_id = office.restricted.sheet_id()
    with Visitor(office, "budi") as ordinary, Visitor(office, "admin") as admin:
        assert f"?id={details}" in admin.get(admin.register).text
        assert "Register Terbatas" in admin.get(f"{admin.register}?id={details}").text
        rows = f"data/{details}/{sheet_id}/rows?start=0&count=10"
        assert ticket in admin.get(f"{admin.register}/{rows}").text
        assert details not in ordinary.get(ordinary.register).text
        for page in ("", f"?id={details}"):
            text = ordinary.get(f"{ordinary.register}{page}").text
            assert "Register Terbatas" not in text
            assert f'data-book="{shared}"' in text
        for path in (rows, f"data/{details}/sheets", f"data/{details}/{sheet_id}/changes?since=0"):
            answer = ordinary.get(f"{ordinary.register}/{path}")
            assert answer.status_code in (403, 404), path
            assert ticket not in answer.text


def test_whoever_typed_it_cannot_undo_the_masks_and_history_tells_no_word(office: Office) -> None:
    office.tick()
    shared = books(office)[0]
    places, sheet_id = office.layout().positions, office.sheet_id()
    with Visitor(office, "budi") as ordinary:
        row: dict[str, Any] = {"row": 1}
        for key, text in TYPED.items():
            path = f"{ordinary.register}/data/{shared}/{sheet_id}/edit"
            answer = ordinary.post(path, json={"edits": [{**row, "column": places[key], "value": text}]})
            row |= {"rowId": answer.json()["rows"][0]["id"]}
        assert office.rows()[0]["Uraian"] == STORY
        office.tick(5)
        assert words_in(office.rows()) == []
        for _ in range(2 * len(TYPED)):
            for turn in ("undo", "redo"):
                answer = ordinary.post(f"{ordinary.register}/data/{shared}/{turn}")
                assert words_in(answer.text) == []
                assert words_in(office.rows()) == []
        assert words_in(ordinary.get(f"{ordinary.register}/data/{shared}/{sheet_id}/rows?start=0&count=9").text) == []


def test_an_ordinary_account_does_not_even_see_its_name(office: Office) -> None:
    office.tick()
    for token, titles in ((STAFF_TOKEN, 1), (ADMIN_TOKEN, 2)):
        listed = ask(office, token, "GET", "/drive/v3/files").json()["files"]
        assert len(listed) == titles, token


OFFICER_ROW = len(seed_rows(OFFICERS)) + 1
"""The first empty row of the tab `Petugas`."""
TEAM = {"role": "Ketua Tim", "account": "budi"}


def officers(office: Office) -> dict[str, int]:
    return dict(office.layout(OFFICERS.title).positions)


def name_officer(office: Office, by: Sheet, **cells: str) -> None:
    office.type_at(OFFICER_ROW, OFFICERS.title, by, **cells)


def as_admin(office: Office) -> Sheet:
    """The shared register as the administrator reaches it."""
    access = office.sheet._access
    return Sheet(SheetAccess(access.spreadsheet_id, access.url, ADMIN_TOKEN))


def test_accounts_that_the_administrator_names_may_work_in_it_until_they_are_not_named_any_more(
    office: Office,
) -> None:
    office.tick()
    assert permitted(office) == ALWAYS
    admin = as_admin(office)
    name_officer(office, office.staff, name="Budi")
    name_officer(office, admin, **TEAM)
    office.tick(2)
    assert permitted(office) == {*ALWAYS, "budi@aduan.invalid"}
    name_officer(office, admin, account="joko")
    office.tick(2)
    assert permitted(office) == {*ALWAYS, "joko@aduan.invalid"}
    name_officer(office, admin, role="Petugas Loket")
    office.tick(2)
    assert permitted(office) == ALWAYS
    admin.close()


def test_the_roles_are_a_setting_of_the_program(office: Office) -> None:
    office.restricted_roles = "Inspektur"
    office.restart()
    office.tick()
    admin = as_admin(office)
    name_officer(office, admin, name="Budi", **TEAM)
    office.tick(2)
    assert permitted(office) == ALWAYS
    name_officer(office, admin, role="Inspektur")
    office.tick(2)
    assert permitted(office) == {*ALWAYS, "budi@aduan.invalid"}
    admin.close()


def test_what_an_older_register_names_in_its_settings_gives_nobody_access(office: Office) -> None:
    office.tick()
    admin = as_admin(office)
    name_officer(office, admin, name="Budi", role="Petugas Loket", account="budi")
    row = len(office.rows("Pengaturan")) + 1
    office.type_at(row, "Pengaturan", name="peran_register_terbatas", value="Petugas Loket")
    assert office.tick(3).problems == []
    assert permitted(office) == ALWAYS
    assert "ADUAN_RESTRICTED_ROLES" in office.rows("Pengaturan")[row - 1]["Catatan Sistem"]
    admin.close()


def test_a_clerk_names_nobody(office: Office) -> None:
    """By none of the API's ways; the last row is the one in which Budi works as a clerk."""
    office.tick()
    admin = as_admin(office)
    name_officer(office, admin, name="Budi", role="Petugas Loket", account="budi")
    admin.close()
    office.tick(2)
    known, sheet_id, places = office.rows(OFFICERS.title), office.sheet_id(OFFICERS.title), officers(office)
    whole = {"sheetId": sheet_id, "startRowIndex": 1, "endRowIndex": OFFICER_ROW + 1}
    role = {"sheetId": sheet_id, "startColumnIndex": places["role"], "endColumnIndex": places["role"] + 1}
    rows = {"sheetId": sheet_id, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    columns = {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
    protections = office.staff.describe([OFFICERS.title])["sheets"][0]["protectedRanges"]
    tried: list[dict[str, Any]] = [
        *(write(sheet_id, OFFICER_ROW, places[key], [text]) for key, text in TEAM.items()),
        *(write(sheet_id, OFFICER_ROW + 1, places[key], [text]) for key, text in TEAM.items()),
        *(write(sheet_id, 0, place, ["Lain"]) for place in places.values()),
        write(sheet_id, 0, len(places), ["Akun"]),
        {"sortRange": {"range": whole, "sortSpecs": [{"dimensionIndex": 0}]}},
        {"moveDimension": {"source": rows, "destinationIndex": OFFICER_ROW + 1}},
        {"moveDimension": {"source": columns, "destinationIndex": 4}},
        {"deleteDimension": {"range": rows}},
        {"deleteDimension": {"range": columns}},
        {"insertDimension": {"range": rows | {"startIndex": 0, "endIndex": 1}}},
        {"findReplace": {"find": "Petugas Loket", "replacement": "Ketua Tim", "range": role}},
        {"copyPaste": {"source": whole, "destination": whole | {"startRowIndex": 2}}},
        {"updateSheetProperties": {"properties": {"sheetId": sheet_id, "title": "Lama"}, "fields": "title"}},
        {"deleteSheet": {"sheetId": sheet_id}},
        *({"deleteProtectedRange": {"protectedRangeId": item["protectedRangeId"]}} for item in protections),
    ]
    for request in tried:
        with pytest.raises(SheetRefusedError):
            office.staff.batch([request])
    name_officer(office, office.staff, substitute="Kepala Dinas", name="Budi Contoh")
    assert office.tick(2).problems == []
    assert [row["Akun"] for row in office.rows(OFFICERS.title)] == [row["Akun"] for row in known]
    assert office.rows(OFFICERS.title)[OFFICER_ROW - 1]["Nama"] == "Budi Contoh"
    assert permitted(office) == ALWAYS


def test_a_formula_beside_a_guarded_cell_gives_nobody_access(office: Office) -> None:
    """An array fills its neighbours, whoever they are closed to."""
    office.tick()
    formula = '={"Budi"\\"Ketua Tim"\\"Sekretariat"\\"budi"}'
    start = {"sheetId": office.sheet_id(OFFICERS.title), "rowIndex": OFFICER_ROW, "columnIndex": 0}
    cell = {"userEnteredValue": {"formulaValue": formula}}
    office.staff.batch([{"updateCells": {"rows": [{"values": [cell]}], "fields": "userEnteredValue", "start": start}}])
    shown = office.rows(OFFICERS.title)[OFFICER_ROW - 1]
    assert (shown["Peran"], shown["Akun"]) == ("Ketua Tim", "budi"), "the formula really fills them"
    report = office.tick(2)
    assert permitted(office) == ALWAYS
    assert any("Akun budi belum mendapat akses" in problem for problem in report.problems)
    office.type_at(OFFICER_ROW, OFFICERS.title, name="")
    assert office.tick(2).problems == []


def test_in_the_grid_a_clerk_writes_all_but_the_guarded_cells_and_the_administrator_these_too(office: Office) -> None:
    office.tick()
    places, sheet_id = officers(office), office.sheet_id(OFFICERS.title)
    path = f"data/{books(office)[0]}/{sheet_id}"
    title = {"updateSheetProperties": {"properties": {"sheetId": sheet_id, "title": "Lama"}, "fields": "title"}}

    def edit(visitor: Visitor, row_id: int | None, **cells: str) -> requests.Response:
        told = {"row": OFFICER_ROW, "rowId": row_id}
        edits = [told | {"column": places[key], "value": text} for key, text in cells.items()]
        return visitor.post(f"{visitor.register}/{path}/edit", json={"edits": edits})

    with Visitor(office, "budi") as clerk, Visitor(office, "admin") as admin:
        assert edit(clerk, None, **TEAM).status_code == 403
        row_id = edit(clerk, None, name="Budi").json()["rows"][0]["id"]
        for key, text in TEAM.items():
            assert edit(clerk, row_id, **{key: text}).status_code == 403
        listed = clerk.get(f"{clerk.register}/{path}/rows?start=0&count=9").json()["rows"]
        first = {"row": 1, "rowId": listed[1]["id"]}
        own = [[OFFICER_ROW, row_id]]
        for verb, body in (
            ("batch", {"requests": [title]}),
            ("batch", {"requests": [{"deleteSheet": {"sheetId": sheet_id}}]}),
            ("rows/delete", {"rows": own}),
            ("rows/move", {"rows": own, "to": first}),
            ("rows/insert", {"row": 0, "rowId": listed[0]["id"], "count": 1}),
            ("columns/delete", {"columns": [places["role"]]}),
            ("columns/move", {"columns": [places["account"]], "to": 0}),
        ):
            answer = clerk.post(f"{clerk.register}/{path}/{verb}", json=body)
            assert answer.status_code == 403, (verb, answer.text)
        office.tick(2)
        assert permitted(office) == ALWAYS
        assert edit(admin, row_id, **TEAM).status_code == 200
    office.tick(2)
    assert permitted(office) == {*ALWAYS, "budi@aduan.invalid"}


ALWAYS = {"sistem@aduan.invalid", "admin@aduan.invalid"}
"""Whom it is shared with whatever the tab `Petugas` says."""


def permitted(office: Office) -> set[str]:
    query = "?fields=permissions(emailAddress)"
    answer = ask(office, ADMIN_TOKEN, "GET", "/drive/v3/files/{book}/permissions" + query)
    return {item["emailAddress"] for item in answer.json()["permissions"]}


def test_the_mirror_of_each_book_is_its_own(office: Office) -> None:
    ticket = office.file(**FILED).ticket
    office.tick(3)
    shared, details = (office.store.mirror(book)[ticket] for book in Book)
    assert "description" not in shared.cells
    assert "description" in details.cells


def officers_note(office: Office) -> str:
    return office.rows(OFFICERS.title)[OFFICER_ROW - 1]["Catatan Sistem"]


@pytest.mark.parametrize("typed", ["sari", "Sari", "sari@kantor.contoh.id"])
def test_an_account_that_does_not_exist_is_told_until_it_is_made(office: Office, typed: str) -> None:
    office.accounts = frozenset({"admin"})
    office.tick(3)
    office.type_at(OFFICER_ROW, OFFICERS.title, office.owner, name="Sari Contoh", role="Petugas Loket", account=typed)
    office.tick(4)
    assert officers_note(office).startswith(f"Periksa: akun '{typed.partition('@')[0]}' belum ada; ")
    office.accounts = frozenset({"admin", "sari"})
    office.tick(2)
    assert officers_note(office) == ""


def test_nothing_is_said_of_accounts_that_are_not_ours(office: Office) -> None:
    office.type_at(OFFICER_ROW, OFFICERS.title, office.owner, name="Sari Contoh", role="Petugas Loket", account="sari")
    office.tick(3)
    assert officers_note(office) == ""
