"""Google's own client library against this server: nothing but the root address is rewritten."""

import json
from importlib.resources import files

import pytest
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError
from googleapiclient.http import build_http


class Authorised:
    """An httplib2 client that shows the owner's token."""

    def __init__(self):
        self._http = build_http()

    def request(self, uri, method="GET", body=None, headers=None, **options):
        return self._http.request(
            uri, method, body, {**(headers or {}), "Authorization": "Bearer owner-token"}, **options
        )

    def close(self):
        self._http.close()


@pytest.fixture
def service(server):
    folder = files("googleapiclient") / "discovery_cache" / "documents"

    def build(name):
        document = json.loads((folder / name).read_text("utf-8")) | {"rootUrl": f"{server.url}/"}
        document.pop("mtlsRootUrl", None)
        return build_from_document(document, http=Authorised())

    with build("sheets.v4.json") as sheets, build("drive.v3.json") as drive:
        yield sheets.spreadsheets(), drive.files()


@pytest.fixture
def book_id(service):
    sheets, drive = service
    made = sheets.create(body={"properties": {"title": "Uji", "locale": "id_ID"}}).execute()["spreadsheetId"]
    yield made
    drive.delete(fileId=made).execute()


def test_values_go_there_and_back(service, book_id):
    values = service[0].values()
    body = {"values": [["Nama", "Jumlah"], ["Contoh", "1.234,5"]]}
    told = values.update(spreadsheetId=book_id, range="Sheet1!A1", valueInputOption="USER_ENTERED", body=body).execute()
    assert told["updatedCells"] == 4
    more = {"values": [["Lain", 5]]}
    told = values.append(spreadsheetId=book_id, range="A1", valueInputOption="RAW", body=more).execute()
    assert told["updates"]["updatedRange"] == "Sheet1!A3:B3"
    got = values.batchGet(spreadsheetId=book_id, ranges=["A2:B3", "B:B"], majorDimension="COLUMNS").execute()
    assert [each["values"] for each in got["valueRanges"]] == [
        [["Contoh", "Lain"], ["1.234,50", "5"]],
        [["Jumlah", "1.234,50", "5"]],
    ]
    assert values.clear(spreadsheetId=book_id, range="A3:B3").execute()["clearedRange"] == "Sheet1!A3:B3"


def test_a_large_answer_comes_packed(service, book_id):
    values = service[0].values()
    body = {"values": [[f"baris {row} kolom {column}" for column in range(20)] for row in range(200)]}
    values.update(spreadsheetId=book_id, range="A1", valueInputOption="RAW", body=body).execute()
    assert values.get(spreadsheetId=book_id, range="Sheet1").execute()["values"] == body["values"]


def test_requests_masks_and_errors(service, book_id):
    sheets, _ = service
    change = {"updateSheetProperties": {"properties": {"sheetId": 0, "title": "Baru"}, "fields": "title"}}
    assert sheets.batchUpdate(spreadsheetId=book_id, body={"requests": [change]}).execute()["replies"] == [{}]
    told = sheets.get(spreadsheetId=book_id, fields="sheets(properties(title)),properties/locale").execute()
    assert told == {"sheets": [{"properties": {"title": "Baru"}}], "properties": {"locale": "id_ID"}}
    with pytest.raises(HttpError, match="Unable to parse range: Sheet1!A1") as caught:
        sheets.values().get(spreadsheetId=book_id, range="Sheet1!A1").execute()
    assert caught.value.status_code == 400


def test_files_are_listed_renamed_and_exported(service, book_id):
    _, drive = service
    drive.update(fileId=book_id, body={"name": "Laporan"}).execute()
    found = drive.list(q="name = 'Laporan'", fields="files(id,name)").execute()
    assert found == {"files": [{"id": book_id, "name": "Laporan"}]}
    assert drive.export(fileId=book_id, mimeType="text/csv").execute() == b""
