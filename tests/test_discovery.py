"""The judge of tests/discovery.py finds what is wrong, and leaves alone what is right."""

import io
import json

import pytest

from tests.discovery import Exchange, violations
from tests.recording import Record, recording

BOOK = "/v4/spreadsheets/abc"
ERROR = {"code": 404, "message": "Requested entity was not found.", "status": "NOT_FOUND"}


def exchange(verb="GET", address=BOOK, answer=None, status=200, sent=None):
    body = b"" if sent is None else json.dumps(sent).encode()
    return Exchange(
        verb, address, body, "application/json", status, json.dumps(answer or {}).encode(), "application/json"
    )


def sheet(**properties):
    return {"spreadsheetId": "abc", "sheets": [{"properties": properties}]}


@pytest.mark.parametrize(
    "right",
    [
        exchange(answer=sheet(sheetId=0, title="Sheet1", sheetType="GRID", gridProperties={"rowCount": 1000})),
        exchange(address=f"{BOOK}/values/a%2Fb!A1?majorDimension=ROWS", answer={"values": [["a", 1, True, None]]}),
        exchange("POST", f"{BOOK}/values/A1:append?valueInputOption=RAW", sent={"values": [[None]], "range": None}),
        exchange("POST", f"{BOOK}:batchUpdate", sent={"requests": [{"deleteSheet": {"sheetId": 1}}]}),
        exchange("POST", "/drive/v3/files", {"createdTime": "2026-01-02T03:04:05.123Z", "version": "12"}, sent={}),
        exchange(status=404, answer={"error": ERROR}),
        exchange(address="/register/data/abc", answer={"anything": "at all"}),
        exchange("DELETE", "/drive/v3/files/abc", status=204),
    ],
)
def test_what_google_does_is_right(right):
    assert violations(right) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (exchange(answer={"name": "x"}), "unknown field 'name'"),
        (exchange(answer=sheet(sheetId="0")), '"0" is no integer int32'),
        (exchange(answer=sheet(sheetId=2**31)), "is no integer"),
        (exchange(answer=sheet(index=True)), "true is no integer"),
        (exchange(answer=sheet(sheetType="TABLE")), '"TABLE" is no one of'),
        (exchange(answer=sheet(tabColor={"red": "1"})), "is no number float"),
        (exchange(answer={"sheets": {}}), "is no list"),
        (exchange(answer={"properties": []}), "is no object"),
        (exchange(address=f"{BOOK}/values/A1", answer={"values": ["a"]}), "is no list"),
        (exchange("POST", "/drive/v3/files", {"createdTime": "2026-01-02"}, sent={}), "is no string date-time"),
        (exchange("DELETE"), "Google has no method"),
        (exchange(status=404, answer={"error": "gone"}), "no error in Google's form"),
        (exchange(status=404, answer={"error": ERROR | {"code": 400}}), "code 400"),
        (exchange(status=404, answer={"error": ERROR | {"status": "GONE"}}), "status 'GONE'"),
        (exchange(status=404, answer={"error": ERROR | {"why": ""}}), "unknown fields ['why']"),
        (exchange(address=f"{BOOK}?field=sheets"), "unknown parameter 'field'"),
        (exchange(address=f"{BOOK}?includeGridData=1"), "parameter includeGridData='1'"),
        (exchange(address=f"{BOOK}/values/A1?majorDimension=rows"), "parameter majorDimension='rows'"),
        (exchange("POST", f"{BOOK}:batchUpdate", sent={"requests": [{"dropSheet": {}}]}), "unknown field 'dropSheet'"),
        (exchange("POST", f"{BOOK}:batchUpdate", sent={"requests": [{"sortRange": {"range": 1}}]}), "is no object"),
    ],
)
def test_what_google_never_does_is_found(wrong, said):
    assert any(said in text for text in violations(wrong)), violations(wrong)


def test_requests_are_judged_only_for_our_own_clients():
    assert violations(exchange(address=f"{BOOK}?field=sheets"), of_request=False) == []


@pytest.mark.parametrize(("own", "count"), [(True, 2), (False, 1)])
def test_the_recording_server_judges_what_passes_through(own, count):
    def application(environ, start_response):
        assert environ["wsgi.input"].read() == b'{"y": 1}'
        start_response("200 OK", [("Content-Type", "application/json")])
        return [b'{"x":', b"1}"]

    record = Record()
    body = b'{"y": 1}'
    environ = {
        "REQUEST_METHOD": "POST",
        "RAW_URI": f"{BOOK}:batchUpdate",
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "application/json",
        "wsgi.input": io.BytesIO(body),
    }
    told = []
    served = recording(application, requests_too=own, record=record)(environ, lambda *args: told.append(args))
    assert (b"".join(served), told[0][0], record.exchanges) == (b'{"x":1}', "200 OK", 1)
    assert len(record.take()) == count
    assert record.take() == []
