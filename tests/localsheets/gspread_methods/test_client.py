"""gspread.Client: files by name, key and address, copies, permissions, import and export."""

import io
import zipfile

import gspread
import openpyxl
import pytest
from gspread.utils import ExportFormat

from tests.localsheets.gspread_methods.coverage import covers

MEMBER = "clerk@kantor.test"


@covers("Client.create", "Client.open", "Spreadsheet.title", "Spreadsheet.id")
def test_a_created_spreadsheet_is_opened_by_its_title(client, book):
    assert book.title == "Register"
    found = client.open("Register")
    assert (found.id, found.title) == (book.id, "Register")
    with pytest.raises(gspread.SpreadsheetNotFound):
        client.open("Tidak Ada")


@covers("Client.open_by_key")
def test_open_by_key(client, book):
    assert client.open_by_key(book.id).title == "Register"
    with pytest.raises(gspread.SpreadsheetNotFound):
        client.open_by_key("tidak-ada")


@covers("Client.open_by_url", "Spreadsheet.url")
def test_open_by_url(client, book):
    assert book.url == f"https://docs.google.com/spreadsheets/d/{book.id}"
    assert client.open_by_url(book.url).id == book.id
    own = book.fetch_sheet_metadata({"fields": "spreadsheetUrl"})["spreadsheetUrl"]
    assert client.open_by_url(own).id == book.id
    with pytest.raises(gspread.NoValidUrlKeyFound):
        client.open_by_url("https://contoh.id/lembar")


@covers("Client.openall")
def test_openall(client, book):
    other = client.create("Lain")
    assert {found.id for found in client.openall()} == {book.id, other.id}
    assert [found.id for found in client.openall("Lain")] == [other.id]
    assert client.openall("Tidak Ada") == []
    client.del_spreadsheet(other.id)


@covers("Client.list_spreadsheet_files")
def test_list_spreadsheet_files(client, book):
    (file,) = client.list_spreadsheet_files("Register")
    assert (file["id"], file["name"]) == (book.id, "Register")
    assert file.keys() >= {"id", "name", "createdTime", "modifiedTime"}
    assert client.list_spreadsheet_files("Tidak Ada") == []


@covers("Client.get_file_drive_metadata", "Spreadsheet.update_drive_metadata")
def test_drive_metadata(client, book):
    told = client.get_file_drive_metadata(book.id)
    assert told["id"] == book.id
    assert told["name"] == "Register"
    assert told["createdTime"] <= told["modifiedTime"]
    book.update_drive_metadata()
    assert book.creationTime == told["createdTime"]


@covers("Client.del_spreadsheet")
def test_del_spreadsheet(client, book):
    other = client.create("Sementara")
    client.del_spreadsheet(other.id)
    assert [found.id for found in client.openall()] == [book.id]
    with pytest.raises(gspread.SpreadsheetNotFound):
        client.open_by_key(other.id)


@covers("Client.copy")
def test_copy(client, book, sheet):
    sheet.update([["a", "b"], [1, 2]], "A1")
    book.share(MEMBER, perm_type="user", role="reader", notify=False)
    copied = client.copy(book.id, title="Salinan")
    try:
        assert (copied.title, copied.sheet1.title) == ("Salinan", "Sheet1")
        assert copied.sheet1.get_all_values() == [["a", "b"], ["1", "2"]]
        assert [p["role"] for p in copied.list_permissions()] == ["owner"]
        copied.sheet1.update([["z"]], "A1")
        assert sheet.acell("A1").value == "a"
    finally:
        client.del_spreadsheet(copied.id)


@covers("Client.copy")
def test_copy_with_permissions(client, book):
    book.share(MEMBER, perm_type="user", role="reader", notify=False)
    copied = client.copy(book.id, title="Salinan", copy_permissions=True, copy_comments=False)
    try:
        assert {(p["emailAddress"], p["role"]) for p in copied.list_permissions()} == {
            ("owner@kantor.test", "owner"),
            (MEMBER, "reader"),
        }
    finally:
        client.del_spreadsheet(copied.id)


@covers("Client.import_csv")
def test_import_csv_replaces_everything(client, book, sheet):
    sheet.update([["lama"] * 4] * 4, "A1")
    book.add_worksheet("Dua", 5, 5)
    client.import_csv(book.id, 'Nama,Jumlah\n"Contoh, Ibu",12\nÄ,\n')
    (only,) = client.open_by_key(book.id).worksheets()
    assert only.get_all_values() == [["Nama", "Jumlah"], ["Contoh, Ibu", "12"], ["Ä", ""]]


@covers("Client.export", "Spreadsheet.export")
def test_export(client, book, sheet):
    sheet.update([["Nama", "Jumlah"], ["Contoh", 12]], "A1")
    workbook = openpyxl.load_workbook(io.BytesIO(client.export(book.id, ExportFormat.EXCEL)))
    assert [list(row) for row in workbook.active.iter_rows(values_only=True)] == [["Nama", "Jumlah"], ["Contoh", 12]]
    assert book.export(ExportFormat.CSV).decode().splitlines() == ["Nama,Jumlah", "Contoh,12"]
    assert book.export(ExportFormat.TSV).decode().splitlines() == ["Nama\tJumlah", "Contoh\t12"]
    assert book.export().startswith(b"%PDF")
    packed = zipfile.ZipFile(io.BytesIO(book.export(ExportFormat.OPEN_OFFICE_SHEET)))
    assert packed.read("mimetype") == b"application/vnd.oasis.opendocument.spreadsheet"


@covers("Client.insert_permission", "Client.list_permissions", "Client.remove_permission")
def test_permissions_of_a_file(client, server, book):
    client.insert_permission(book.id, MEMBER, perm_type="user", role="writer", notify=False)
    owner, member = client.list_permissions(book.id)
    assert (owner["role"], owner["emailAddress"]) == ("owner", "owner@kantor.test")
    assert (member["type"], member["role"], member["emailAddress"]) == ("user", "writer", MEMBER)
    assert server.gspread("clerk-token").open_by_key(book.id).title == "Register"
    client.remove_permission(book.id, member["id"])
    assert [p["role"] for p in client.list_permissions(book.id)] == ["owner"]
    with pytest.raises(PermissionError):
        server.gspread("clerk-token").open_by_key(book.id)


@covers("Client.set_timeout")
def test_set_timeout(client, book):
    client.set_timeout((5, 5))
    assert client.open_by_key(book.id).id == book.id


@covers("Client.expiry")
def test_expiry_is_the_credentials_own(client):
    with pytest.raises(AttributeError):  # this client was given a session instead of credentials
        _ = client.expiry
