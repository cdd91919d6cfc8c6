"""What the grid writes, without a browser: blocks, copies, series, lines, find and replace, undo, conflicts."""

import re
import time

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localsheets.grid.filling import continued
from tests.localsheets.conftest import PASSWORD, dress

FREE = 6  # the column of replies: open to everybody, without a rule


class Person(requests.Session):
    """Somebody who is logged in and whose page sends these requests."""

    def __init__(self, server, book, username="clerk"):
        super().__init__()
        self.base = f"{server.url}/register/data/{book.id}"
        token = re.search(r'csrf_token" value="([^"]+)"', self.get(f"{server.url}/register/login").text).group(1)
        form = {"csrf_token": token, "username": username, "password": PASSWORD}
        page = self.post(f"{server.url}/register/login", data=form)
        self.headers["X-CSRF-Token"] = re.search(r'data-csrf="([^"]+)"', page.text).group(1)

    def tell(self, path, body, sheet="0/"):
        return self.post(f"{self.base}/{sheet}{path}", json=body)

    def rows(self, start=0, count=40):
        told = self.get(f"{self.base}/0/rows", params={"start": start, "count": count}).json()
        return {row["r"]: row["id"] for row in told["rows"]}

    def at(self, row, count=1, sheet="0/"):
        """Rows as the page names them."""
        seen = self.get(f"{self.base}/{sheet}layout").json()["structure"]
        params = {"start": row, "count": count, "seen": seen}
        runs = self.get(f"{self.base}/{sheet}ids", params=params).json()["ids"]
        told = sum(run[2] for run in runs)
        return [*runs, *([[row + told, None, count - told]] if told < count else [])]

    def edit(self, row, column, value, **more):
        edit = {"rowId": self.rows()[row], "row": row, "column": column, "value": value, **more}
        return self.tell("edit", {"edits": [edit]})


@pytest.fixture
def office(server):
    """A register of its own in the common server."""
    book = server.gspread().create("Register")
    book.share("clerk@kantor.test", perm_type="user", role="writer")
    dress(book)
    yield server, book
    server.call("DELETE", f"/drive/v3/files/{book.id}")


@pytest.fixture
def clerk(office):
    return Person(*office)


@pytest.fixture
def owner(office):
    return Person(*office, username="owner")


@pytest.fixture
def blank(office):
    """A sheet without any rule, at its grid address."""
    return office[1].add_worksheet("Coba", 60, 26)


def on(sheet):
    return f"{sheet.id}/"


def empty(row, count=1):
    """Rows that nobody has written in, as the page names them."""
    return [[row, None, count]]


def test_a_block_is_one_change_and_grows_the_sheet(clerk, blank):
    texts = [["a", "1"], ["b", None]]
    told = clerk.tell("block", {"rows": empty(59, 2), "columns": [25, 26], "texts": texts}, on(blank)).json()
    assert told["reload"]
    assert blank.get("Z60:AA61") == [["a", "1"], ["b"]]
    assert (blank.row_count, blank.column_count) == (60, 26), "the client's own memory"
    sheet = blank.spreadsheet.worksheet("Coba")
    assert (sheet.row_count, sheet.column_count) == (61, 27)
    assert "Diurungkan" in clerk.tell("undo", {}, "").json()["said"]
    assert blank.get("Z60:Z61") in ([[]], [])


def test_a_small_pattern_is_repeated(clerk, blank):
    clerk.tell("block", {"rows": empty(0, 3), "columns": [0, 1], "texts": [["x"]]}, on(blank))
    assert blank.get("A1:B3") == [["x", "x"]] * 3
    clerk.tell("block", {"rows": clerk.at(0, 3, on(blank)), "columns": [0, 1], "texts": [[""]]}, on(blank))
    assert blank.get("A1:B3") in ([[]], [])


def test_a_refused_block_names_its_cells_and_writes_nothing(office, clerk):
    rows = [[row, row_id] for row, row_id in clerk.rows(1, 2).items()]
    answer = clerk.tell("block", {"rows": rows, "columns": [3, 4, FREE], "texts": [["Selesai", "Salah", "baik"]]})
    message = answer.json()["error"]["message"]
    assert answer.status_code == 403
    assert "4 sel menolak: D2 (Sel ini dilindungi: Kolom sistem); E2 (“Salah” tidak ada dalam pilihan" in message
    assert office[1].worksheet("Register").acell("G2").value is None


def test_clearing_leaves_empty_protected_cells_alone(office, clerk):
    sheet = office[1].worksheet("Register")
    sheet.update([["hapus"]], "G3")
    last = {"rows": empty(35, 3), "columns": [0, 3, FREE], "texts": [[""]]}
    assert clerk.tell("block", last).status_code == 200
    rows = [[row, row_id] for row, row_id in clerk.rows(2, 1).items()]
    assert clerk.tell("block", {"rows": rows, "columns": [0, FREE], "texts": [[""]]}).status_code == 403
    assert clerk.tell("block", {"rows": rows, "columns": [4, FREE], "texts": [[""]]}).status_code == 200
    assert sheet.acell("G3").value is None


def test_ten_thousand_cells_are_one_quick_request(clerk, blank):
    texts = [[f"isi {row}.{column}" if column else f"{row}" for column in range(20)] for row in range(500)]
    began = time.perf_counter()
    answer = clerk.tell("block", {"rows": empty(0, 500), "columns": list(range(20)), "texts": texts}, on(blank))
    took = time.perf_counter() - began
    print(f"500 x 20 cells pasted in one request: {took:.2f} s")
    assert answer.status_code == 200
    assert took < 5
    assert len(blank.get("A1:T500")) == 500


def test_copies_keep_formulas_formats_and_notes(clerk, blank):
    blank.update([[1, "=A1*2"], [5, None]], "A1", raw=False)
    blank.format("B1", {"textFormat": {"bold": True}})
    source = {"sheet": blank.id, "rows": clerk.at(0, 1, on(blank)), "columns": [1]}
    place = {"rows": clerk.at(1, 1, on(blank)), "columns": [1]}
    clerk.tell("block", {**place, "source": source}, on(blank))
    assert blank.get("B1:B2", value_render_option="FORMULA") == [["=A1*2"], ["=A2*2"]]
    assert blank.acell("B2").value == "10"
    told = clerk.get(f"{clerk.base}/{blank.id}/rows").json()
    assert told["looks"][told["rows"][1]["c"][1]["s"]]["bold"]
    clerk.tell("block", {"rows": empty(2), "columns": [1], "source": {**source, "part": "values"}}, on(blank))
    assert blank.get("B3", value_render_option="FORMULA") == [[2]]


def test_a_cut_moves_and_formulas_follow(clerk, blank):
    blank.update([[7, "=A1+1"]], "A1", raw=False)
    source = {"sheet": blank.id, "rows": clerk.at(0, 1, on(blank)), "columns": [0], "cut": True}
    clerk.tell("block", {"rows": empty(4), "columns": [3], "source": source}, on(blank))
    assert blank.get("A1:D5", value_render_option="FORMULA") == [["", "=D5+1"], [], [], [], ["", "", "", 7]]
    clerk.tell("undo", {}, "")
    assert blank.get("A1:B1", value_render_option="FORMULA") == [[7, "=A1+1"]]


@pytest.mark.parametrize(
    ("given_values", "count", "more", "expected"),
    [
        ([1], 3, {}, [1, 1, 1]),
        ([1, 3], 3, {}, [5, 7, 9]),
        ([1, 3], 2, {"backwards": True}, [-1, -3]),
        ([0.1, 0.2], 2, {}, [0.3, 0.4]),
        ([1, 2, 4], 2, {}, [pytest.approx(5.333333333), pytest.approx(6.833333333)]),
        ([46_000], 3, {"dated": True}, [46_001, 46_002, 46_003]),
        ([46_053, 46_081], 2, {"dated": True}, [46_112, 46_142]),  # 31 January, 28 February: the last of each month
        (["Item 1"], 3, {}, ["Item 2", "Item 3", "Item 4"]),
        (["T-008", "T-009"], 2, {}, ["T-010", "T-011"]),
        (["Item 3"], 2, {"backwards": True}, ["Item 2", "Item 1"]),
        (["a", "b"], 3, {}, ["a", "b", "a"]),
        (["a", "b"], 3, {"backwards": True}, ["b", "a", "b"]),
        ([True], 2, {}, [True, True]),
        ([1, "a"], 3, {}, [1, "a", 1]),
        ([None], 2, {}, [None, None]),
    ],
)
def test_series(given_values, count, more, expected):
    assert continued(given_values, count, **({"dated": False} | more)) == expected


def test_the_fill_handle_continues_each_column(clerk, blank):
    blank.update([[1, "Item 1", "=A1*10"], [2, "Item 2", "=A2*10"]], "A1", raw=False)
    source = {"rows": clerk.at(0, 2, on(blank)), "columns": [0, 1, 2]}
    clerk.tell("fill", {"source": source, "rows": empty(2, 2), "columns": [0, 1, 2], "axis": "ROWS"}, on(blank))
    assert blank.get("A3:C4", value_render_option="FORMULA") == [[3, "Item 3", "=A3*10"], [4, "Item 4", "=A4*10"]]
    first = clerk.at(0, 1, on(blank))
    sideways = {"source": {"rows": first, "columns": [0]}, "rows": first, "columns": [3, 4], "axis": "COLUMNS"}
    clerk.tell("fill", sideways, on(blank))
    assert blank.get("D1:E1", value_render_option="FORMULA") == [[1, 1]]


def test_filling_protected_cells_is_refused(clerk):
    rows = [[row, row_id] for row, row_id in clerk.rows(1, 2).items()]
    body = {"source": {"rows": rows[:1], "columns": [3]}, "rows": rows[1:], "columns": [3], "axis": "ROWS"}
    assert clerk.tell("fill", body).status_code == 403


def test_typing_over_what_an_array_filled_is_no_conflict_with_anybody(clerk, blank):
    blank.update([["=SEQUENCE(3)", "x"], ["", "x"], ["", "x"]], "A1", raw=False)
    row_id = clerk.get(f"{clerk.base}/{on(blank)}rows").json()["rows"][1]["id"]
    edit = {"rowId": row_id, "row": 1, "column": 0, "value": "halo", "was": "2"}
    assert clerk.tell("edit", {"edits": [edit]}, on(blank)).status_code == 200
    assert blank.get("A1:A3") == [["#REF!"], ["halo"]], "as in Sheets: the array gives way"


def test_a_conflict_tells_what_the_cell_holds_now(office, clerk):
    office[1].worksheet("Register").update([["dari orang lain"]], "G3")
    answer = clerk.edit(2, FREE, "dari saya", was="")
    conflict = answer.json()["conflict"]
    assert answer.status_code == 409
    assert (conflict["row"], conflict["column"], conflict["theirs"]) == (2, FREE, "dari orang lain")
    assert office[1].worksheet("Register").acell("G3").value == "dari orang lain"
    assert clerk.edit(2, FREE, "dari saya", was="dari orang lain").status_code == 200
    assert clerk.edit(2, FREE, "dari saya", was="lama").status_code == 200, "the same text is no conflict"
    assert clerk.edit(2, FREE, "terakhir").status_code == 200, "without what was seen, the last one wins"


def test_what_was_seen_may_be_the_formula(clerk, blank):
    blank.update([[1, "=A1*2"]], "A1", raw=False)
    row_id = clerk.get(f"{clerk.base}/{blank.id}/rows?count=1").json()["rows"][0]["id"]
    edit = {"rowId": row_id, "row": 0, "column": 1, "value": "=A1*3"}
    assert clerk.tell("edit", {"edits": [{**edit, "was": "=A1*2"}]}, on(blank)).status_code == 200
    assert clerk.tell("edit", {"edits": [{**edit, "value": "5", "was": "=A1*2"}]}, on(blank)).status_code == 409


def test_several_lines_come_go_and_move(office, owner):
    sheet = office[1].worksheet("Register")
    ids = owner.rows()
    owner.tell("rows/insert", {"rowId": ids[3], "count": 2, "after": True})
    assert sheet.col_values(1)[3:7] == ["T-00003", "", "", "T-00004"]
    rows = [[row, row_id] for row, row_id in owner.rows(4, 2).items()]
    assert owner.tell("rows/delete", {"rows": rows}).status_code == 200
    assert owner.tell("rows/move", {"rows": [[1, ids[1]], [2, ids[2]]], "to": {"rowId": ids[5]}}).json()["row"] == 3
    assert sheet.col_values(1)[1:5] == ["T-00003", "T-00004", "T-00001", "T-00002"]
    apart = owner.tell("rows/move", {"rows": [[1, ids[3]], [3, ids[1]]], "to": {"rowId": ids[5]}})
    assert "bersebelahan" in apart.json()["error"]["message"]
    seen = owner.get(f"{owner.base}/0/layout").json()["structure"]
    assert owner.tell("columns/insert", {"column": 1, "count": 2, "after": False, "seen": seen}).status_code == 200
    assert owner.tell("columns/delete", {"columns": [1, 2], "seen": seen}).status_code == 409
    seen = owner.get(f"{owner.base}/0/layout").json()["structure"]
    assert owner.tell("columns/delete", {"columns": [1, 2], "seen": seen}).status_code == 200
    seen = owner.get(f"{owner.base}/0/layout").json()["structure"]
    assert owner.tell("columns/move", {"columns": [1], "to": 3, "seen": seen}).json()["column"] == 2
    assert sheet.row_values(1)[:3] == ["Tiket", "Uraian", "Pelapor"]


def test_protected_lines_stay(clerk):
    ids = clerk.rows()
    assert clerk.tell("rows/delete", {"rows": [[3, ids[3]]]}).status_code == 403
    assert clerk.tell("columns/delete", {"columns": [0]}).status_code == 403
    assert clerk.tell("rows/move", {"rows": [[3, ids[3]]], "to": {"rowId": ids[6]}}).status_code == 403


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ({"text": "PELAPOR 3"}, [[3, 1], [30, 1]]),
        ({"text": "PELAPOR 3", "matchCase": True}, []),
        ({"text": "pelapor 3", "whole": True}, [[3, 1]]),
        ({"text": "pelapor [12]$", "regex": True}, [[1, 1], [2, 1]]),
        ({"text": "nomor 1", "box": [0, 3, 0, 26]}, [[1, 2]]),
        ({"text": "tidak ada di sini"}, []),
    ],
)
def test_finding(clerk, question, expected):
    assert clerk.tell("find", question).json()["found"] == expected


def test_replacing_obeys_protections_and_tells_counts(office, clerk):
    sheet = office[1].worksheet("Register")
    sheet.update([["Diterima oleh Diterima"]], "G2")
    told = clerk.tell("replace", {"text": "diterima", "with": "Tercatat"}).json()
    assert told["replaced"] == 1
    assert told["refused"] == 20
    assert told["cells"][0] == "D2: Sel ini dilindungi: Kolom sistem"
    assert sheet.acell("G2").value == "Tercatat oleh Tercatat"
    row_id = clerk.rows()[1]
    only = {"only": {"rowId": row_id, "row": 1, "column": FREE}}
    clerk.tell("replace", {"text": r"(\w+) oleh (\w+)", "with": "$2 dan $1", "regex": True, **only})
    assert sheet.acell("G2").value == "Tercatat dan Tercatat"
    assert "dilindungi" in str(clerk.tell("replace", {"text": "T-", "with": ""}).json()["cells"])


def test_replacing_leaves_formulas_alone(clerk, blank):
    blank.update([["dua", '="du"&"a"']], "A1", raw=False)
    told = clerk.tell("replace", {"text": "dua", "with": "tiga"}, on(blank)).json()
    assert (told["replaced"], told["refused"], told["cells"]) == (1, 1, ["B1: Sel ini berisi rumus."])


@pytest.mark.parametrize(
    ("pattern", "said"), [("(", "tidak dapat dibaca"), ("(a+)+$", "terlalu lama"), ("", "tidak boleh kosong")]
)
def test_a_hostile_pattern_harms_nobody(clerk, blank, pattern, said, monkeypatch):
    monkeypatch.setattr("localsheets.operations.finding.MOST_SECONDS", 0.5)
    blank.update([["a" * 40 + "b"]], "A1")
    answer = clerk.tell("find", {"text": pattern, "regex": True}, on(blank))
    assert answer.status_code == 400
    assert said in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("start", "to", "expected"),
    [
        ((0, 0), "down", (2, 0)),
        ((2, 0), "down", (5, 0)),
        ((5, 0), "down", (59, 0)),
        ((9, 0), "up", (5, 0)),
        ((0, 0), "right", (0, 1)),
        ((0, 1), "right", (0, 4)),
        ((0, 4), "right", (0, 25)),
        ((0, 4), "left", (0, 1)),
        ((0, 0), "left", (0, 0)),
        ((0, 0), "end", (5, 4)),
    ],
)
def test_edges_of_filled_cells(clerk, blank, start, to, expected):
    blank.update([["x", "x", "", "", "x"], ["x"], ["x"], [], [], ["x"]], "A1")
    told = clerk.get(f"{clerk.base}/{blank.id}/edge", params={"row": start[0], "column": start[1], "to": to}).json()
    assert (told["row"], told["column"]) == expected


def test_undo_and_redo_tell_what_and_where(office, clerk):
    sheet = office[1].worksheet("Register")
    clerk.edit(2, FREE, "satu")
    clerk.edit(2, FREE, "dua")
    told = clerk.tell("undo", {}, "").json()
    assert (told["row"], told["column"], told["sheet"]) == (2, FREE, 0)
    assert told["said"] == "Diurungkan: isi sel (Register G3)"
    assert sheet.acell("G3").value == "satu"
    assert clerk.tell("redo", {}, "").json()["said"] == "Diulangi: isi sel (Register G3)"
    assert sheet.acell("G3").value == "dua"
    assert clerk.tell("redo", {}, "").status_code == 400
    sheet.update([["orang lain"]], "G3")
    answer = clerk.tell("undo", {}, "")
    assert answer.status_code == 409
    assert "G3 sudah diubah orang lain" in answer.json()["error"]["message"]
    assert sheet.acell("G3").value == "orang lain"


def test_the_batch_changes_looks_but_no_values(office, clerk):
    layout = clerk.get(f"{clerk.base}/0/layout").json()
    place = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": FREE, "endColumnIndex": FREE + 1}
    bold = {
        "cell": {"userEnteredFormat": {"textFormat": {"bold": True}}},
        "fields": "userEnteredFormat.textFormat.bold",
    }
    request = {"repeatCell": {"range": place, **bold}}
    told = clerk.tell("batch", {"requests": [request], "seen": layout["structure"]}).json()
    assert told["structure"] > layout["structure"]
    assert clerk.tell("batch", {"requests": [request], "seen": layout["structure"]}).status_code == 409
    rows = clerk.get(f"{clerk.base}/0/rows?start=1&count=1").json()
    assert rows["looks"][rows["rows"][0]["c"][FREE]["s"]]["bold"]
    value = {"cell": {"userEnteredValue": {"stringValue": "x"}}, "fields": "userEnteredValue"}
    closed = {**place, "startColumnIndex": 0, "endColumnIndex": 1}
    refused = {
        400: [
            {"repeatCell": {"range": place, **value}},
            {"repeatCell": {"range": place, **bold, "fields": "*"}},
            {"repeatCell": {"range": {**place, "sheetId": 99}, **bold}},
            {"deleteProtectedRange": {"protectedRangeId": 1}},
            {"updateCells": {"fields": "*", "range": place, "rows": []}},
            "x",
        ],
        403: [{"repeatCell": {"range": closed, **bold}}],
    }
    for code, bad in refused.items():
        assert [clerk.tell("batch", {"requests": [one]}).status_code for one in bad] == [code] * len(bad)


def test_writing_needs_the_csrf_token_and_the_right(office, clerk):
    paths = ["0/block", "0/fill", "0/replace", "0/batch", "0/rows/move", "0/columns/insert", "undo", "redo"]
    reader = Person(*office)
    del reader.headers["X-CSRF-Token"]
    assert {reader.tell(path, {}, "").status_code for path in paths} == {401}
    office[1].share("clerk@kantor.test", perm_type="user", role="reader")
    body = {
        "rows": empty(1),
        "columns": [FREE],
        "texts": [["x"]],
        "source": {},
        "requests": [{"repeatCell": {"fields": "note"}}],
    }
    assert {clerk.tell(path, body, "").status_code for path in paths} <= {400, 403}
    assert clerk.tell("block", {"rows": clerk.at(1), "columns": [FREE], "texts": [["x"]]}).status_code == 403


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 2**60) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = [
    "rows",
    "columns",
    "texts",
    "source",
    "axis",
    "edits",
    "requests",
    "text",
    "with",
    "only",
    "box",
    "count",
    "to",
]


@given(body=st.dictionaries(st.sampled_from(FIELDS), JSONS, max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_bad_input_is_never_an_internal_error(clerk, body):
    for path in ("block", "fill", "edit", "batch", "find", "replace", "rows/insert", "rows/delete", "columns/move"):
        assert clerk.tell(path, body).status_code < 500
