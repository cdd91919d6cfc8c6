"""Who may ask, what is refused, and in which words."""

import pytest

ROOT = "/v4/spreadsheets"


def test_health_needs_no_token(server):
    assert server.call("GET", "/healthz", token=None).status_code == 200


@pytest.mark.parametrize("token", [None, "falsch", "owner-toke"])
@pytest.mark.parametrize("path", [f"{ROOT}/x", f"{ROOT}/x/values/A1", "/drive/v3/files", "/drive/v3/files/x"])
def test_nothing_without_a_known_token(server, token, path):
    answer = server.call("GET", path, token=token)
    assert answer.status_code == 403
    assert answer.json()["error"]["status"] == "PERMISSION_DENIED"


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b"nonsense", b'{"values": [[NaN]]}', b'{"values": "x"}', b'{"values": [[{}]]}', b"\xff", b"[" * 9999,
     b'{"values": [["\\ud800"]]}', b'{"values": [[1e400]]}', b'{"values": [[' + b"9" * 5000 + b"]]}",
     b'{"values": [[' + b"9" * 400 + b"]]}"],
)  # fmt: skip
def test_bad_bodies_are_invalid_arguments(server, book, body):
    path = f"{ROOT}/{book.id}/values/A1?valueInputOption=RAW"
    answer = server.call("PUT", path, data=body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["status"] == "INVALID_ARGUMENT"
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/values/Nirgends!A1", 400),
        ("GET", "/values/A2000", 400),
        ("GET", "/values/A1?valueRenderOption=FALSCH", 400),
        ("GET", "/values/", 400),
        ("PUT", "/values/A1", 400),
        ("PUT", "/values/AZ1?valueInputOption=RAW", 400),
        ("POST", "/values/A1", 400),
        ("GET", "/developerMetadata/5", 404),
        ("POST", "/sheets/0:copyTo", 400),
        ("POST", ":unbekannt", 404),
        ("DELETE", "", 405),
        ("GET", "?ranges='offen", 400),
        ("GET", "?fields=a(", 400),
    ],
)
def test_wrong_requests_are_told_so(server, book, method, path, code):
    answer = server.call(method, f"{ROOT}/{book.id}{path}", json={"values": [["x"]]} if method != "GET" else None)
    assert (answer.status_code, answer.json()["error"]["code"]) == (code, code)


def test_range_errors_read_like_googles(server, book):
    path = f"{ROOT}/{book.id}/values/"
    message = server.call("GET", path + "Sheet1!A1001").json()["error"]["message"]
    assert message == "Range (Sheet1!A1001) exceeds grid limits. Max rows: 1000, max columns: 26"
    body = {"values": [["a", "b"]]}
    message = server.call("PUT", path + "A1:A2?valueInputOption=RAW", json=body).json()["error"]["message"]
    assert message == "Requested writing within range [Sheet1!A1:A2], but tried writing to column [B]"


def test_too_large_bodies_are_refused(server, book):
    answer = server.call("PUT", f"{ROOT}/{book.id}/values/A1?valueInputOption=RAW", data=b" " * (17 << 20))
    assert answer.status_code == 413
    assert "limit 16 MB" in answer.json()["error"]["message"]


def test_long_texts_are_refused_as_at_google(server, book):
    path = f"{ROOT}/{book.id}/values/A1?valueInputOption=RAW"
    assert server.call("PUT", path, json={"values": [["x" * 50_000]]}).status_code == 200
    assert server.call("PUT", path, json={"values": [["x" * 50_001]]}).status_code == 400


def test_zero_sheet_id_is_left_out_of_ranges_only(server, book, sheet):
    sheet.define_named_range("A1:B2", "judul")
    told = server.call("GET", f"{ROOT}/{book.id}").json()
    assert told["sheets"][0]["properties"]["sheetId"] == 0
    assert "sheetId" not in told["namedRanges"][0]["range"]


def test_drive_queries(server, book):
    def names(query):
        answer = server.call("GET", "/drive/v3/files", params={"q": query})
        return [f["name"] for f in answer.json()["files"]] if answer.ok else answer.status_code

    assert names("name = 'Register' and trashed = false") == ["Register"]
    assert names("name contains 'regi'") == ["Register"]
    assert names("name != 'Register'") == []
    assert names("mimeType = 'application/pdf'") == []
    assert names("parents in 'x'") == []
    assert names("size = 'x'") == 400


def test_a_strangers_token_sees_nothing(server, book):
    assert server.call("GET", "/drive/v3/files", token="stranger-token").json()["files"] == []
    assert server.call("GET", f"{ROOT}/{book.id}", token="stranger-token").status_code == 403
    assert server.call("DELETE", f"/drive/v3/files/{book.id}", token="stranger-token").status_code == 404


def test_the_default_spreadsheet_is_open_to_everybody_known(serve):
    chosen = []
    server = serve(default=lambda: chosen[0] if chosen else None)
    book = server.gspread().create("Register")
    assert server.call("GET", f"{ROOT}/{book.id}", token="clerk-token").status_code == 403
    chosen.append(book.id)
    path = f"{ROOT}/{book.id}/values/A1?valueInputOption=RAW"
    assert server.call("PUT", path, token="clerk-token", json={"values": [["x"]]}).status_code == 200
    book.share("clerk@kantor.test", perm_type="user", role="reader")
    assert server.call("PUT", path, token="clerk-token", json={"values": [["y"]]}).status_code == 403


def test_cells_that_are_known_are_not_sent_again(server, book):
    path = f"{ROOT}/{book.id}/values:batchGet?ranges=A1:B2"
    first = server.call("GET", path)
    known = {"If-None-Match": first.headers["ETag"]}
    again = server.call("GET", path, headers=known)
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert server.call("GET", path, headers=known, token="stranger-token").status_code == 403
    book.sheet1.update([["baru"]], "A1")
    changed = server.call("GET", path, headers=known)
    assert changed.status_code == 200
    assert changed.json()["valueRanges"][0]["values"] == [["baru"]]


def test_whole_rows_are_told_one_on_each_line_and_only_changed_ones_anew(server, book):
    rows = [["a", 1, 2.5, True, "", 'ä"\n[1],'], [], ["", "b"], ["=1+1", "2026-01-05"], [10**20, False]]
    book.sheet1.update(rows, "A1", raw=False)
    path = f"{ROOT}/{book.id}/values:batchGet?ranges=Sheet1&ranges=A2:Z3&valueRenderOption=UNFORMATTED_VALUE"
    for _ in range(3):
        lines, indented = server.call("GET", f"{path}&prettyPrint=false"), server.call("GET", path)
        assert lines.json() == indented.json()
        found = [line for line in lines.text.split("\n") if line.startswith("[")]
        assert len(found) == 5 + 2
        book.sheet1.update([["neu", None, 0]], "A3")
        book.sheet1.delete_rows(2)
        book.sheet1.insert_row(["noch", ""], 2)
    assert server.call("GET", f"{path}&prettyPrint=false&fields=valueRanges.range").json() == {
        "valueRanges": [{"range": told["range"]} for told in lines.json()["valueRanges"]]
    }


def test_results_of_formulas_are_never_taken_for_known(server, book):
    book.sheet1.update([["=NOW()"]], "A1", raw=False)
    first = server.call("GET", f"{ROOT}/{book.id}/values:batchGet?ranges=A1:B2")
    assert "ETag" not in first.headers
