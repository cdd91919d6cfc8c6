"""Drive v3 as gspread uses it, over real HTTP: files, copies, exports, imports, sharing, owners."""

import csv
import io
import zipfile

import gspread
import openpyxl
import pypdf
import pytest
from gspread.utils import ExportFormat

CSV = ExportFormat.CSV
XLSX = str(ExportFormat.EXCEL)
FILES = "/drive/v3/files"


def refused(code, call, *args, **kwargs):
    """The error inside Google's answer to a call that must fail."""
    with pytest.raises(gspread.exceptions.APIError) as caught:
        call(*args, **kwargs)
    assert caught.value.code == code
    return caught.value.error


def the_id_of(book, email):
    return next(p["id"] for p in book.list_permissions() if p.get("emailAddress") == email)


@pytest.fixture
def made(server):
    """Makes spreadsheets and takes them away again."""
    client = server.gspread()
    books = []

    def make(title="Berkas", folder=None, client=client):
        books.append(client.create(title, folder_id=folder))
        return books[-1]

    yield make
    for book in books:
        server.call("DELETE", f"{FILES}/{book.id}")


def test_a_file_is_created_in_a_folder_found_there_and_moved(server, client, made):
    book = made("Dalam Map", "map-1")
    assert [f["name"] for f in client.list_spreadsheet_files(folder_id="map-1")] == ["Dalam Map"]
    assert client.open("Dalam Map", folder_id="map-1").id == book.id
    with pytest.raises(gspread.SpreadsheetNotFound):
        client.open("Dalam Map", folder_id="map-2")
    moved = {"addParents": "map-2", "removeParents": "map-1", "fields": "id,parents"}
    assert server.call("PATCH", f"{FILES}/{book.id}", params=moved, json={}).json()["parents"] == ["map-2"]
    assert client.list_spreadsheet_files(folder_id="map-1") == []
    out = {"removeParents": "map-2", "fields": "parents"}
    assert server.call("PATCH", f"{FILES}/{book.id}", params=out, json={}).json() == {"parents": ["root"]}


def test_a_file_is_told_with_four_fields_unless_more_are_asked_for(server, book):
    few = {"kind", "id", "name", "mimeType"}
    assert server.call("GET", f"{FILES}/{book.id}").json().keys() == few
    listed = server.call("GET", FILES).json()
    assert listed["files"][0].keys() == few
    assert listed["incompleteSearch"] is False
    assert server.call("POST", f"{FILES}/{book.id}/permissions", json={"type": "anyone", "role": "reader"}).json() == {
        "kind": "drive#permission",
        "id": "anyoneWithLink",
        "type": "anyone",
        "role": "reader",
    }
    everything = server.call("GET", f"{FILES}/{book.id}", params={"fields": "*"}).json()
    assert everything["webViewLink"] == f"{server.url}/register?id={book.id}"
    assert everything["capabilities"]["canDelete"] is True
    assert [p["role"] for p in everything["permissions"]] == ["owner", "reader"]
    export = everything["exportLinks"]["text/csv"].removeprefix(server.url)
    assert server.call("GET", export).status_code == 200


def test_times_and_title(book, client):
    before = book.get_lastUpdateTime()
    assert book.creationTime <= before
    book.update_title("Register Baru")
    assert client.open("Register Baru").id == book.id
    assert book.get_lastUpdateTime() > before


def test_files_are_renamed_and_described(server, book):
    told = server.call(
        "PATCH",
        f"{FILES}/{book.id}",
        json={"name": "Nama Lain", "description": "Keterangan", "starred": True, "properties": {"tahun": "2026"}},
        params={"fields": "name,description,starred,properties,parents"},
    ).json()
    assert told == {
        "name": "Nama Lain",
        "description": "Keterangan",
        "starred": True,
        "properties": {"tahun": "2026"},
        "parents": ["root"],
    }
    unkept = server.call("PATCH", f"{FILES}/{book.id}", json={"contentHints": {}})
    assert unkept.status_code == 501
    assert "contentHints" in unkept.json()["error"]["message"]
    written = server.call("PATCH", f"{FILES}/{book.id}", json={"parents": ["x"]}).json()["error"]
    assert written["errors"][0]["reason"] == "fieldNotWritable"


def test_the_trash_hides_a_file_from_searches_that_ask_for_it(server, book):
    server.call("PATCH", f"{FILES}/{book.id}", json={"trashed": True})
    search = {"q": "trashed = false"}
    assert server.call("GET", FILES, params=search).json()["files"] == []
    assert server.call("GET", FILES, params={"q": "trashed = true"}).json()["files"][0]["id"] == book.id
    server.call("PATCH", f"{FILES}/{book.id}", json={"trashed": False})
    assert len(server.call("GET", FILES, params=search).json()["files"]) == 1


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("name = 'Satu'", {"Satu"}),
        ("name != 'Satu'", {"Dua", "Tiga's"}),
        ("name contains 'u' and not name contains 'a'", set()),
        ("name = 'Satu' or name = \"Dua\"", {"Satu", "Dua"}),
        (r"name = 'Tiga\'s'", {"Tiga's"}),
        ("(name = 'Satu' or name = 'Dua') and starred", {"Dua"}),
        ("'map-3' in parents", {"Satu"}),
        ("parents in 'map-3'", {"Satu"}),
        ("'root' in parents", {"Dua", "Tiga's"}),
        ("'me' in owners and trashed=false", {"Satu", "Dua", "Tiga's"}),
        ("'CLERK@kantor.test' in writers", {"Dua"}),
        ("'clerk@kantor.test' in readers and not 'clerk@kantor.test' in owners", {"Dua"}),
        ("sharedWithMe = true", set()),
        ("modifiedTime > '2020-01-01T00:00:00'", {"Satu", "Dua", "Tiga's"}),
        ("createdTime < '2020-01-01T00:00:00Z'", set()),
        ("mimeType = 'application/vnd.google-apps.folder'", set()),
    ],
)
def test_queries(server, made, query, names):
    made("Satu", "map-3")
    second = made("Dua")
    made("Tiga's")
    second.share("clerk@kantor.test", perm_type="user", role="writer")
    server.call("PATCH", f"{FILES}/{second.id}", json={"starred": True})
    found = server.call("GET", FILES, params={"q": query}).json()
    assert {file["name"] for file in found["files"]} == names


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        *(("q", text) for text in ("name", "name =", "name = Satu", "nama = 'x'", "name = 'x' name = 'y'", "(", "not")),
        *(("q", text) for text in ("(" * 60 + "starred" + ")" * 60, "name > 'x'", "'x' in name", "name = 'x", "and")),
        ("pageSize", "0"),
        ("pageSize", "1001"),
        ("pageSize", "²"),
        ("pageToken", "x"),
        ("orderBy", "size"),
        ("orderBy", "name up"),
    ],
)
def test_a_wrong_parameter_is_named(server, parameter, value):
    answer = server.call("GET", FILES, params={parameter: value})
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["code"] == 400
    assert error["errors"][0]["location"] == parameter
    assert error["errors"][0]["locationType"] == "parameter"


def test_lists_come_in_pages_and_in_order(server, made):
    for title in ("b", "C", "a"):
        made(title)
    seen, token = [], None
    while True:
        page = {"pageSize": 2, "orderBy": "name desc"} | ({"pageToken": token} if token else {})
        answer = server.call("GET", FILES, params=page).json()
        seen += [file["name"] for file in answer["files"]]
        token = answer.get("nextPageToken")
        if token is None:
            break
    assert seen == ["C", "b", "a"]
    latest = server.call("GET", FILES, params={"orderBy": "modifiedTime desc"}).json()["files"]
    assert [file["name"] for file in latest] == ["a", "C", "b"]


def test_what_is_not_shared_does_not_exist_at_drive(server, book):
    for method, path in [
        ("GET", f"{FILES}/{book.id}"),
        ("DELETE", f"{FILES}/{book.id}"),
        ("PATCH", f"{FILES}/{book.id}"),
        ("POST", f"{FILES}/{book.id}/copy"),
        ("GET", f"{FILES}/{book.id}/export?mimeType=text/csv"),
        ("GET", f"{FILES}/{book.id}/permissions"),
        ("GET", f"{FILES}/{book.id}/comments?fields=*"),
    ]:
        answer = server.call(method, path, token="stranger-token")
        assert answer.status_code == 404, path
        assert answer.json()["error"] == {
            "code": 404,
            "message": f"File not found: {book.id}.",
            "errors": [
                {
                    "message": f"File not found: {book.id}.",
                    "domain": "global",
                    "reason": "notFound",
                    "location": "fileId",
                    "locationType": "parameter",
                }
            ],
        }


def test_readers_export_and_copy_but_neither_share_nor_rename(server, book):
    book.sheet1.update([["rahasia"]], "A1")
    book.share("clerk@kantor.test", perm_type="user", role="reader")
    reader = server.gspread("clerk-token").open_by_key(book.id)
    assert reader.export(CSV) == b"rahasia"
    copy = server.gspread("clerk-token").copy(book.id, "Salinan")
    assert copy.sheet1.acell("A1").value == "rahasia"
    assert server.call("DELETE", f"{FILES}/{copy.id}", token="clerk-token").status_code == 204
    for call in (
        lambda: reader.share("x@kantor.test", perm_type="user", role="reader"),
        lambda: reader.list_permissions(),
        lambda: reader.client.import_csv(book.id, "a,b"),
    ):
        assert refused(403, call)["errors"][0]["reason"] == "insufficientFilePermissions"
    renamed = server.call("PATCH", f"{FILES}/{book.id}", json={"name": "x"}, token="clerk-token")
    assert renamed.status_code == 403


def test_writers_share_but_only_the_owner_trashes_and_deletes(server, book):
    book.share("clerk@kantor.test", perm_type="user", role="writer")
    writer = server.gspread("clerk-token").open_by_key(book.id)
    writer.share("x@kantor.test", perm_type="user", role="reader")
    assert [p["role"] for p in writer.list_permissions()] == ["owner", "writer", "reader"]
    assert server.call("PATCH", f"{FILES}/{book.id}", json={"trashed": True}, token="clerk-token").status_code == 403
    assert server.call("DELETE", f"{FILES}/{book.id}", token="clerk-token").status_code == 403
    assert refused(403, writer.transfer_ownership, the_id_of(book, "x@kantor.test"))


def test_permissions_of_every_kind(server, book):
    book.share("staf@kantor.test", perm_type="user", role="reader", notify=True, email_message="Silakan")
    book.share("staf@kantor.test", perm_type="user", role="writer")
    book.share("kelompok@kantor.test", perm_type="group", role="commenter")
    book.share("kantor.test", perm_type="domain", role="reader")
    book.share(None, perm_type="anyone", role="reader", with_link=True)
    listed = book.list_permissions()
    assert [(p["type"], p["role"]) for p in listed] == [
        ("user", "owner"),
        ("user", "writer"),
        ("group", "commenter"),
        ("domain", "reader"),
        ("anyone", "reader"),
    ]
    assert listed[0]["displayName"] == "Pemilik"
    assert listed[1] == {
        "kind": "drive#permission",
        "id": listed[1]["id"],
        "type": "user",
        "role": "writer",
        "emailAddress": "staf@kantor.test",
        "displayName": "staf",
        "deleted": False,
        "pendingOwner": False,
    }
    assert listed[3]["domain"] == listed[3]["displayName"] == "kantor.test"
    page = server.call("GET", f"{FILES}/{book.id}/permissions", params={"pageSize": 4}).json()
    assert page["permissions"][0].keys() == {"kind", "id", "type", "role"}
    rest = {"pageSize": 4, "pageToken": page["nextPageToken"]}
    last = server.call("GET", f"{FILES}/{book.id}/permissions", params=rest).json()
    assert [p["id"] for p in last["permissions"]] == ["anyoneWithLink"]
    one = server.call("GET", f"{FILES}/{book.id}/permissions/{listed[3]['id']}", params={"fields": "domain"})
    assert one.json() == {"domain": "kantor.test"}
    assert server.gspread("clerk-token").open_by_key(book.id).title == "Register"
    assert book.remove_permissions("staf@kantor.test", role="reader") == []
    assert book.remove_permissions("staf@kantor.test") == [listed[1]["id"]]
    assert book.remove_permissions("kantor.test") == [listed[3]["id"]]
    assert len(book.list_permissions()) == 3


@pytest.mark.parametrize(
    ("body", "code", "location"),
    [
        ({"role": "reader"}, 400, "permission.type"),
        ({"type": "user", "emailAddress": "x@y.test"}, 400, "permission.role"),
        ({"type": "robot", "role": "reader"}, 400, "permission.type"),
        ({"type": "user", "role": "king", "emailAddress": "x@y.test"}, 400, "permission.role"),
        ({"type": "user", "role": "reader"}, 400, "permission.emailAddress"),
        ({"type": "user", "role": "reader", "emailAddress": "bukan surel"}, 400, "permission.emailAddress"),
        ({"type": "domain", "role": "reader", "domain": "a@b"}, 400, "permission.domain"),
        ({"type": "group", "role": "owner", "emailAddress": "x@y.test"}, 400, "permission.role"),
        ({"type": "user", "role": "owner", "emailAddress": "x@y.test"}, 403, "transferOwnership"),
        (
            {"type": "user", "role": "reader", "emailAddress": "x@y.test", "pendingOwner": True},
            403,
            "permission.pendingOwner",
        ),
    ],
)
def test_a_wrong_permission_is_refused(server, book, body, code, location):
    answer = server.call("POST", f"{FILES}/{book.id}/permissions", json=body)
    assert answer.status_code == code
    assert answer.json()["error"]["errors"][0]["location"] == location
    assert len(book.list_permissions()) == 1


def test_a_permission_that_ends_by_itself_is_not_promised(server, book):
    body = {"type": "user", "role": "reader", "emailAddress": "x@y.test", "expirationTime": "2027-01-01T00:00:00Z"}
    answer = server.call("POST", f"{FILES}/{book.id}/permissions", json=body)
    assert answer.status_code == 501
    assert "expirationTime" in answer.json()["error"]["message"]


def test_the_owner_stays_unless_the_file_is_handed_over(server, book):
    owner = the_id_of(book, "owner@kantor.test")
    assert refused(403, book.client.remove_permission, book.id, owner)
    assert server.call("PATCH", f"{FILES}/{book.id}/permissions/{owner}", json={"role": "reader"}).status_code == 403
    book.share("owner@kantor.test", perm_type="user", role="reader")
    assert [p["role"] for p in book.list_permissions()] == ["owner"]
    for method in ("GET", "PATCH", "DELETE"):
        missing = server.call(method, f"{FILES}/{book.id}/permissions/999", json={"role": "reader"})
        assert missing.json()["error"]["errors"][0]["location"] == "permissionId"


def test_ownership_is_offered_and_accepted(server, made):
    book = made("Serah Terima")
    book.share("clerk@kantor.test", perm_type="user", role="writer")
    clerk = the_id_of(book, "clerk@kantor.test")
    taking = server.gspread("clerk-token").open_by_key(book.id)
    assert refused(403, taking.accept_ownership, clerk)["errors"][0]["reason"] == "insufficientFilePermissions"
    book.transfer_ownership(clerk)
    assert [p.get("pendingOwner") for p in book.list_permissions()] == [False, True]
    told = taking.accept_ownership(clerk).json()
    assert (told["id"], told["role"]) == (clerk, "owner")
    after = taking.list_permissions()
    assert [(p["emailAddress"], p["role"], p["pendingOwner"]) for p in after] == [
        ("clerk@kantor.test", "owner", False),
        ("owner@kantor.test", "writer", False),
    ]
    assert server.call("DELETE", f"{FILES}/{book.id}").status_code == 403
    owners = server.call("GET", f"{FILES}/{book.id}", params={"fields": "owners(displayName,me),ownedByMe"}).json()
    assert owners == {"owners": [{"displayName": "Petugas", "me": False}], "ownedByMe": False}
    back = server.call(
        "PATCH",
        f"{FILES}/{book.id}/permissions/{the_id_of(taking, 'owner@kantor.test')}",
        json={"role": "owner"},
        params={"transferOwnership": "true"},
        token="clerk-token",
    )
    assert back.status_code == 200
    assert [p["emailAddress"] for p in book.list_permissions()] == ["owner@kantor.test", "clerk@kantor.test"]


def test_a_new_owner_outlasts_a_restart(serve):
    first = serve()
    book = first.gspread().create("Warisan")
    book.share("clerk@kantor.test", perm_type="user", role="writer")
    clerk = the_id_of(book, "clerk@kantor.test")
    book.transfer_ownership(clerk)
    first.gspread("clerk-token").open_by_key(book.id).accept_ownership(clerk)
    again = serve()
    told = again.call("GET", f"{FILES}/{book.id}", params={"fields": "ownedByMe"}, token="clerk-token").json()
    assert told == {"ownedByMe": True}


def test_a_copy_has_everything_but_the_people(server, client, book):
    sheet = book.sheet1
    sheet.update([["Nama", "Nilai"], ["Budi", 45000], ["Ani", 7]], "A1")
    sheet.format("B2:B3", {"numberFormat": {"type": "DATE", "pattern": "dd/mm/yyyy"}})
    sheet.insert_note("A2", "Catatan")
    sheet.freeze(rows=1)
    sheet.add_protected_range("A1:B1", description="Judul")
    sheet.add_validation("C2:C3", gspread.utils.ValidationConditionType.one_of_list, ["a", "b"], strict=True)
    sheet.define_named_range("A2:B3", "isi")
    book.add_worksheet("Kedua", 5, 5).update([["dua"]], "B2")
    book.share("clerk@kantor.test", perm_type="user", role="writer")
    copy = client.copy(book.id, title="Salinan", copy_permissions=False, folder_id="map-9")
    try:
        assert copy.id != book.id
        assert [w.title for w in copy.worksheets()] == ["Sheet1", "Kedua"]
        assert (
            copy.sheet1.get_all_values()
            == sheet.get_all_values()
            == [["Nama", "Nilai"], ["Budi", "15/03/2023"], ["Ani", "06/01/1900"]]
        )
        assert copy.worksheet("Kedua").acell("B2").value == "dua"
        assert copy.sheet1.get_note("A2") == "Catatan"
        assert copy.sheet1.frozen_row_count == 1
        assert [r["name"] for r in copy.list_named_ranges()] == ["isi"]
        assert [r["description"] for r in copy.list_protected_ranges(0)] == ["Judul"]
        told = [
            server.call("GET", f"/v4/spreadsheets/{b.id}", params={"includeGridData": "true"}).json()
            for b in (book, copy)
        ]
        assert told[0]["sheets"] == told[1]["sheets"]
        assert [p["role"] for p in copy.list_permissions()] == ["owner"]
        sheet.update([["lain"]], "A2")
        assert copy.sheet1.acell("A2").value == "Budi"
        parents = server.call("GET", f"{FILES}/{copy.id}", params={"fields": "parents"}).json()
        assert parents == {"parents": ["map-9"]}
    finally:
        client.del_spreadsheet(copy.id)
    shared = client.copy(book.id, copy_permissions=True)
    assert shared.title == "Copy of Register"
    assert [p["role"] for p in shared.list_permissions()] == ["owner", "writer"]
    client.del_spreadsheet(shared.id)
    with pytest.raises(gspread.SpreadsheetNotFound):
        client.open_by_key(shared.id)


def test_exports_in_every_format(book):
    book.sheet1.update([["Nama", "Jumlah"], ["Budi, SH", 1234.5], ["dua\nbaris\tdan tab", ""]], "A1", raw=True)
    book.sheet1.format("B2", {"numberFormat": {"type": "NUMBER", "pattern": "#,##0.00"}})
    rows = list(csv.reader(io.StringIO(book.export(CSV).decode(), newline="")))
    assert rows == [["Nama", "Jumlah"], ["Budi, SH", "1,234.50"], ["dua\nbaris\tdan tab", ""]]
    assert book.export(ExportFormat.TSV) == b"Nama\tJumlah\r\nBudi, SH\t1,234.50\r\ndua baris dan tab\t"
    opened = openpyxl.load_workbook(io.BytesIO(book.export(ExportFormat.EXCEL)))
    assert [[cell.value for cell in row] for row in opened["Sheet1"]["A1:B2"]] == [
        ["Nama", "Jumlah"],
        ["Budi, SH", 1234.5],
    ]
    pages = pypdf.PdfReader(io.BytesIO(book.export(ExportFormat.PDF))).pages
    assert "Budi, SH" in pages[0].extract_text()
    names = zipfile.ZipFile(io.BytesIO(book.export(ExportFormat.OPEN_OFFICE_SHEET))).namelist()
    assert names[0] == "mimetype"
    assert "application/zip" in refused(501, book.export, ExportFormat.ZIPPED_HTML)["message"]


@pytest.mark.parametrize(
    ("kind", "code"), [("", 400), ("image/png", 400), ("text/html", 501), ("application/zip", 501)]
)
def test_an_unknown_format_is_refused(server, book, kind, code):
    answer = server.call("GET", f"{FILES}/{book.id}/export", params={"mimeType": kind})
    assert answer.status_code == code
    assert answer.json()["error"]["errors"][0]["domain"] == "global"


def test_csv_import_replaces_everything(server, client, book):
    book.sheet1.update([["lama"]], "A1")
    book.sheet1.define_named_range("A1:A2", "lama")
    book.add_worksheet("Kedua", 5, 5)
    book.update_timezone("Asia/Makassar")
    before = book.sheet1.id
    told = client.import_csv(book.id, 'Nama;Tanggal;NIK\nBudi é;2026-01-05;\'0042\n"a;b";TRUE;42\n')
    assert (told["id"], told["title"], told["kind"]) == (book.id, "Register", "drive#file")
    again = client.open_by_key(book.id)
    assert [w.title for w in again.worksheets()] == ["Register"]
    assert again.sheet1.id != before
    assert again.timezone == "Etc/GMT"
    assert again.list_named_ranges() == []
    assert again.sheet1.get_all_values() == [
        ["Nama", "Tanggal", "NIK"],
        ["Budi é", "2026-01-05", "0042"],
        ["a;b", "TRUE", "42"],
    ]
    assert again.sheet1.get("B2:C3", value_render_option="UNFORMATTED_VALUE") == [[46027, "0042"], [True, 42]]


def test_xlsx_upload_replaces_everything_and_comes_back(server, client, book):
    book.sheet1.update([["Nama", "Nilai"], ["=bukan rumus", 7]], "A1", raw=True)
    book.add_worksheet("Kedua", 5, 5).update([["dua"]], "B2")
    sent = book.export(ExportFormat.EXCEL)
    book.sheet1.update([["rusak"]], "A1")
    for method, path in (("PUT", "/upload/drive/v2/files"), ("PATCH", "/upload/drive/v3/files")):
        answer = server.call(method, f"{path}/{book.id}", data=sent, headers={"Content-Type": XLSX})
        assert answer.json()["id"] == book.id
        again = client.open_by_key(book.id)
        assert [w.title for w in again.worksheets()] == ["Sheet1", "Kedua"]
        assert again.sheet1.get_all_values() == [["Nama", "Nilai"], ["=bukan rumus", "7"]]
        assert again.worksheet("Kedua").acell("B2").value == "dua"


@pytest.mark.parametrize(
    ("kind", "data", "code"),
    [
        ("text/csv", b"\xff\xfe\x00", 400),
        ("text/csv", b"x" * 50_001, 400),
        ("image/png", b"\x89PNG", 400),
        (XLSX, b"PK\x03\x04 rusak", 400),
        (XLSX, b"", 400),
        (XLSX, bytes(17 * 1024 * 1024), 413),
    ],
)
def test_a_bad_upload_changes_nothing(server, book, kind, data, code):
    book.sheet1.update([["tetap"]], "A1")
    answer = server.call("PUT", f"/upload/drive/v2/files/{book.id}", data=data, headers={"Content-Type": kind})
    assert answer.status_code == code, answer.text
    assert answer.json()["error"]["errors"][0]["message"]
    assert book.sheet1.get_all_values() == [["tetap"]]


def test_an_import_does_not_climb_over_a_protection(server, book):
    book.sheet1.add_protected_range("A1:B1", editor_users_emails=["owner@kantor.test"])
    book.share("clerk@kantor.test", perm_type="user", role="writer")
    clerk = server.gspread("clerk-token")
    assert "protected" in refused(400, clerk.import_csv, book.id, "a,b")["message"]
    assert [w.title for w in book.worksheets()] == ["Sheet1"]


def test_there_are_no_comments(server, book):
    assert server.call("GET", f"{FILES}/{book.id}/comments").status_code == 400
    told = server.call("GET", f"{FILES}/{book.id}/comments", params={"fields": "comments/content,nextPageToken"})
    assert told.json() == {"comments": []}
    assert server.call("POST", f"{FILES}/{book.id}/comments", json={"content": "x"}).status_code == 501


def test_wherever_there_is_nothing_the_error_has_the_form_of_drive(server, book):
    for path in (f"{FILES}/tidak-ada", f"{FILES}/{book.id}/revisions", f"{FILES}/{book.id}/x/y/z"):
        answer = server.call("GET", path)
        assert answer.status_code == 404
        assert answer.json()["error"]["errors"][0]["reason"] == "notFound"
    refused_create = server.call("POST", FILES, json={"mimeType": "application/vnd.google-apps.folder"})
    assert refused_create.status_code == 501
    for body in ({"name": 7}, {"parents": "x"}, {"parents": ["a", "b"]}, {"starred": "ya"}):
        assert server.call("POST", FILES, json=body).status_code in {400, 403, 501}, body


def test_formulas_go_along_and_are_calculated_where_they_arrive(server, client, book):
    book.sheet1.update([["Nilai"], [2], [3], ["=SUM(A2:A3)"], ["=UNIQUE(A1:A2)"]], "A1", raw=False)
    shown = [["Nilai"], ["2"], ["3"], ["5"], ["Nilai"], ["2"]]
    assert book.sheet1.get_all_values() == shown
    assert book.export(CSV) == b"Nilai\r\n2\r\n3\r\n5\r\nNilai\r\n2"
    sent = book.export(ExportFormat.EXCEL)
    opened = openpyxl.load_workbook(io.BytesIO(sent))["Sheet1"]
    assert opened["A4"].value == "=SUM(A2:A3)"
    assert (opened["A5"].value.ref, opened["A6"].value) == ("A5:A6", None)
    copy = client.copy(book.id, "Salinan")
    copy.sheet1.update([[40]], "A2")
    assert copy.sheet1.get("A4:A6") == [["43"], ["Nilai"], ["40"]]
    server.call("PUT", f"/upload/drive/v2/files/{copy.id}", data=sent, headers={"Content-Type": XLSX})
    again = client.open_by_key(copy.id)
    assert again.sheet1.get_all_values() == shown
    assert again.sheet1.acell("A4", value_render_option="FORMULA").value == "=SUM(A2:A3)"
    client.import_csv(copy.id, "a,=1+1\n")
    assert client.open_by_key(copy.id).sheet1.get_all_values() == [["a", "2"]]
    client.del_spreadsheet(copy.id)
