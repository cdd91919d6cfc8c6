"""A block goes to the rows that somebody picked, wherever they are by now, or nowhere; and never to too many cells."""

import time

import pytest

from .test_editing_server import FREE, blank, clerk, empty, office, on, owner  # noqa: F401 (fixtures)


@pytest.fixture
def sheet(office):  # noqa: F811
    found = office[1].worksheet("Register")
    found.update([[f"balasan {row}"] for row in range(1, 31)], "G2")
    return found


@pytest.mark.parametrize("body", [{"texts": [[""]]}, {"texts": [["baru"]]}, {"source": "copy"}, {"source": "fill"}])
def test_a_deleted_row_refuses_the_block(clerk, owner, sheet, body):  # noqa: F811
    picked, ids = clerk.at(4, 3), owner.rows()
    source = {"sheet": 0, "rows": clerk.at(1), "columns": [FREE]}
    assert owner.tell("rows/delete", {"rowId": ids[5]}).status_code == 200
    before = sheet.get("G1:G40")
    path = "fill" if body.get("source") == "fill" else "block"
    told = body if "texts" in body else {"source": source, "axis": "ROWS"}
    answer = clerk.tell(path, {"rows": picked, "columns": [FREE], **told})
    assert answer.status_code == 409
    assert "Baris 6 sudah dihapus" in answer.json()["error"]["message"]
    assert sheet.get("G1:G40") == before


def test_moved_rows_are_followed(clerk, owner, sheet):  # noqa: F811
    picked, ids = clerk.at(4, 3), owner.rows()
    assert owner.tell("rows/delete", {"rowId": ids[2]}).status_code == 200
    assert clerk.tell("block", {"rows": picked, "columns": [FREE], "texts": [[""]]}).status_code == 200
    assert sheet.get("G3:G7") == [["balasan 3"], [], [], [], ["balasan 7"]]


@pytest.mark.parametrize("cut", [False, True])
def test_a_source_that_lost_a_row_is_not_pasted(clerk, owner, sheet, cut):  # noqa: F811
    source, ids = {"sheet": 0, "rows": clerk.at(4, 3), "columns": [FREE], "cut": cut}, owner.rows()
    owner.tell("rows/delete", {"rowId": ids[5]})
    before = sheet.get("G1:G40")
    answer = clerk.tell("block", {"rows": clerk.at(20, 3), "columns": [FREE], "source": source})
    assert answer.status_code == 409
    assert "Baris 6" in answer.json()["error"]["message"]
    assert sheet.get("G1:G40") == before


def test_rows_that_were_filled_meanwhile_stay(clerk, blank):  # noqa: F811
    blank.update([["keluhan baru"]], "A2")
    place = {"rows": empty(0, 3), "columns": [0, 1]}
    answer = clerk.tell("block", {**place, "texts": [["tempel", "x"]]}, on(blank))
    assert answer.status_code == 409
    assert "Baris 2 baru saja diisi" in answer.json()["error"]["message"]
    copied = {"source": {"sheet": blank.id, "rows": empty(1), "columns": [0]}}
    assert clerk.tell("block", {"rows": empty(9), "columns": [0], **copied}, on(blank)).status_code == 409
    assert clerk.tell("block", {**place, "texts": [[""]]}, on(blank)).status_code == 200, "nothing of theirs to clear"
    assert blank.get("A1:B3") == [[], ["keluhan baru"]]
    told = clerk.tell("block", {"rows": empty(4, 2), "columns": [0], "texts": [["a"], ["b"]]}, on(blank)).json()
    assert [(row, count) for row, _, count in told["ids"]] == [(4, 2)]
    again = clerk.tell("block", {"rows": told["ids"], "columns": [0], "texts": [["c"]]}, on(blank))
    assert again.status_code == 200
    assert blank.get("A5:A6") == [["c"], ["c"]]


def test_whole_columns_are_few_runs(clerk, owner, sheet):  # noqa: F811
    owner.tell("rows/move", {"rows": [[3, owner.rows()[3]]], "to": {"rowId": owner.rows()[9]}})
    runs = clerk.at(0, 1000)
    assert len(runs) <= 5
    assert sum(count for _, _, count in runs) == 1000
    assert clerk.tell("block", {"rows": runs, "columns": [FREE], "texts": [[""]]}).status_code == 403, "the header"
    assert clerk.tell("block", {"rows": clerk.at(1, 999), "columns": [FREE], "texts": [[""]]}).ok
    assert sheet.get("G2:G40") in ([[]], [])
    answer = clerk.get(f"{clerk.base}/0/ids", params={"start": 0, "count": 9, "seen": 1})
    assert answer.status_code == 409, "asked for rows as they stood before"


def test_requests_that_are_too_large_are_refused_quickly(clerk, blank):  # noqa: F811
    huge = {"sheet": blank.id, "rows": empty(0, 100_000), "columns": list(range(200))}
    cases = [
        {"rows": empty(0), "columns": [0], "source": huge},
        {"rows": empty(0), "columns": [0], "source": {**huge, "cut": True}},
        {"rows": empty(0, 10**9), "columns": [0], "texts": [["x"]]},
        {"rows": empty(380_000), "columns": [0], "texts": [["x"]]},
        {"rows": empty(0), "columns": [18_000], "texts": [["x"]]},
    ]
    began = time.perf_counter()
    assert [clerk.tell("block", case, on(blank)).status_code for case in cases] == [400] * len(cases)
    assert time.perf_counter() - began < 2
    assert blank.spreadsheet.worksheet("Coba").row_count == 60


@pytest.mark.parametrize("question", [{"text": "a"}, {"text": "a", "regex": True}, {"text": "a?", "regex": True}])
def test_what_replacing_makes_is_limited(clerk, blank, question):  # noqa: F811
    blank.update([["a" * 1000]], "A1")
    answer = clerk.tell("replace", {**question, "with": "b" * 1000}, on(blank))
    assert answer.status_code == 400
    assert "terlalu panjang" in answer.json()["error"]["message"]
    assert blank.acell("A1").value == "a" * 1000


TYPED_AGAIN = [
    ("=1+1", "'=1+1"),
    (" =1+1", "' =1+1"),
    ("+A1*2", "'+A1*2"),
    ("'apa", "''apa"),
    ("12", "'12"),
    ("1/2/2026", "'1/2/2026"),
    ("TRUE", "'TRUE"),
    ("biasa saja", None),
]
"""A text in a cell, and what has to be typed to get it again if that is something else."""


def test_texts_tell_how_they_are_typed_again(clerk, blank):  # noqa: F811
    blank.update([[text] for text, _ in TYPED_AGAIN], "A1", raw=True)
    rows = clerk.get(f"{clerk.base}/{blank.id}/rows", params={"count": len(TYPED_AGAIN)}).json()["rows"]
    told = [cell["e"] if isinstance(cell, dict) else None for (cell,) in (row["c"] for row in rows)]
    edits = [
        {"rowId": row["id"], "row": row["r"], "column": 1, "value": again or text}
        for row, again, (text, _) in zip(rows, told, TYPED_AGAIN, strict=True)
    ]
    assert clerk.tell("edit", {"edits": edits}, on(blank)).status_code == 200
    assert blank.get("B1:B8", value_render_option="FORMULA") == [[text] for text, _ in TYPED_AGAIN]
    assert told == [wanted for _, wanted in TYPED_AGAIN]


def test_a_batch_is_about_the_sheet_of_its_address(office, clerk, blank):  # noqa: F811
    place = {"startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": FREE, "endColumnIndex": FREE + 1}
    rule = {"ranges": [place], "booleanRule": {"condition": {"type": "NOT_BLANK"}, "format": {}}}
    kinds = {
        "repeatCell": {"range": place, "cell": {"note": "x"}, "fields": "note"},
        "updateCells": {"start": {"rowIndex": 1}, "rows": [{"values": [{"note": "x"}]}], "fields": "note"},
        "mergeCells": {"range": place, "mergeType": "MERGE_ALL"},
        "sortRange": {"range": place, "sortSpecs": [{"sortOrder": "ASCENDING"}]},
        "updateSheetProperties": {"properties": {"title": "Lain"}, "fields": "title"},
        "updateDimensionProperties": {"range": {"dimension": "ROWS"}, "properties": {}, "fields": "pixelSize"},
        "autoResizeDimensions": {"dimensions": {"dimension": "COLUMNS"}},
        "addConditionalFormatRule": {"rule": rule},
        "updateConditionalFormatRule": {"rule": rule, "index": 0},
        "deleteConditionalFormatRule": {"index": 0},
        "setBasicFilter": {"filter": {"range": place}},
        "clearBasicFilter": {},
        "deleteSheet": {},
        "duplicateSheet": {},
        "deleteBanding": {"bandedRangeId": 1},
    }
    for kind, body in kinds.items():
        answer = clerk.tell("batch", {"requests": [{kind: body}]}, on(blank))
        assert (kind, answer.status_code) == (kind, 400)
        assert "tidak dapat dilakukan dari halaman ini" in answer.json()["error"]["message"]
    here = {**kinds["repeatCell"], "range": {**place, "sheetId": blank.id}}
    assert clerk.tell("batch", {"requests": [{"repeatCell": here}]}, on(blank)).ok
    assert clerk.tell("batch", {"requests": [{"repeatCell": kinds["repeatCell"]}]}).ok, "the first sheet may go unnamed"


def test_a_wholly_protected_tab_and_rules_over_protected_cells_stay(office, clerk, owner, blank):  # noqa: F811
    blank.add_protected_range("A1:Z60", editor_users_emails=["owner@kantor.test"])
    box = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 9, "startColumnIndex": 3, "endColumnIndex": 4}
    rule = {"ranges": [box], "booleanRule": {"condition": {"type": "NOT_BLANK"}, "format": {}}}
    office[1].batch_update({"requests": [{"addConditionalFormatRule": {"rule": rule, "index": 0}}]})
    tab = [
        {"updateSheetProperties": {"properties": {"sheetId": blank.id, "title": "Lain"}, "fields": "title"}},
        {"updateSheetProperties": {"properties": {"sheetId": blank.id, "hidden": True}, "fields": "hidden"}},
        {"deleteSheet": {"sheetId": blank.id}},
    ]
    mine = {**rule, "ranges": [{**box, "startColumnIndex": FREE, "endColumnIndex": FREE + 1}]}
    first = [
        {"deleteConditionalFormatRule": {"sheetId": 0, "index": 0}},
        {"updateConditionalFormatRule": {"sheetId": 0, "index": 0, "newIndex": 0}},
        {"updateConditionalFormatRule": {"index": 0, "rule": mine}},
    ]
    for path, requests in ((on(blank), tab), ("0/", first)):
        for request in requests:
            assert clerk.tell("batch", {"requests": [request]}, path).status_code == 403
            assert owner.tell("batch", {"requests": [request]}, path).status_code == 200
            if request == first[0]:
                office[1].batch_update({"requests": [{"addConditionalFormatRule": {"rule": rule, "index": 0}}]})


def test_a_cookie_is_worth_nothing_after_the_logout(office, clerk):  # noqa: F811
    kept, token = clerk.cookies.copy(), clerk.headers["X-CSRF-Token"]
    assert clerk.get(f"{clerk.base}/sheets").status_code == 200
    clerk.post(f"{office[0].url}/register/logout", data={"csrf_token": token})
    clerk.cookies = kept
    assert clerk.get(f"{clerk.base}/sheets").status_code == 401
    assert clerk.tell("find", {"text": "a"}).status_code == 401


def test_nothing_is_kept_in_caches(office, clerk):  # noqa: F811
    server, book = office
    bearer = {"Authorization": "Bearer owner-token"}
    export = f"/drive/v3/files/{book.id}/export?mimeType=text/csv"
    for path in (f"/v4/spreadsheets/{book.id}", "/drive/v3/files", export, "/v4/spreadsheets/none", "/nowhere"):
        headers = clerk.get(server.url + path, headers=bearer).headers
        assert headers["Cache-Control"] == "private, no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" not in clerk.get(f"{server.url}/register/static/main.js").headers.get("Cache-Control", "")


def test_replacing_makes_no_formula_of_a_text(clerk, blank):  # noqa: F811
    blank.update([["x=1+1"], ["x12"]], "A1", raw=True)
    blank.update([[512], ["=10+5"]], "A3", raw=False)
    told = clerk.tell("replace", {"text": "x", "with": ""}, on(blank)).json()
    assert told["replaced"] == 2
    clerk.tell("replace", {"text": "5", "with": "=7+"}, on(blank))
    assert blank.get("A1:A4", value_render_option="FORMULA") == [["=1+1"], ["12"], ["=7+12"], ["=10+5"]]
    assert blank.get("A1:A3", value_render_option="UNFORMATTED_VALUE") == [["=1+1"], ["12"], ["=7+12"]]
    clerk.tell("replace", {"text": "=7+", "with": ""}, on(blank))
    assert blank.acell("A3", value_render_option="UNFORMATTED_VALUE").value == "12", "a text by now"
