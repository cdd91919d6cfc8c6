"""What was changed can be taken back, without harming what others did; who changed what is on record."""

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localsheets import Identity, create_app
from localsheets.errors import ConflictError, InvalidRequestError, NotFoundError, PermissionDeniedError
from localsheets.model.book import Book, new_sheet
from localsheets.model.sheet import Sheet
from localsheets.operations.values import Rendering, read_range, write_range
from localsheets.requests.batch import apply_requests
from localsheets.storage import database, ledger, stored_books
from localsheets.storage.outcomes import ChangedSinceError, NothingToUndoError, ProtectedSinceError
from localsheets.storage.packing import packed
from localsheets.storage.shelf import Shelf
from localsheets.storage.versions import content_of
from tests.localsheets.conftest import CLERK, OWNER, STRANGER

Rows = list[list[Any]]


class Desk:
    """One spreadsheet on a shelf of its own, shared between the owner and the clerk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shelf = Shelf(folder)
        self.id = self.shelf.create(OWNER, {}, "files.create").book_id
        with self.shelf.writing(self.id, OWNER, "permissions.create") as draft:
            draft.permissions = [{"type": "user", "role": "writer", "emailAddress": CLERK.email}]
            draft.touched = True

    def write(self, cell: str, values: Any, who: Identity = CLERK, origin: str | None = "grid") -> None:
        rows = values if isinstance(values, list) else [[values]]
        with self.shelf.writing(self.id, who, "grid edit", origin=origin) as draft:
            write_range(draft, cell, rows, entered=False, who=who)

    def ask(self, *requests: Any, who: Identity = CLERK, origin: str | None = "grid") -> Any:
        with self.shelf.writing(self.id, who, "grid request", origin=origin) as draft:
            return apply_requests(draft, list(requests), who)

    def undo(self, who: Identity = CLERK) -> Any:
        return self.shelf.undo(self.id, who)

    def redo(self, who: Identity = CLERK) -> Any:
        return self.shelf.redo(self.id, who)

    def values(self, where: str = "Sheet1") -> Rows:
        found: Rows = read_range(self.book(), where, Rendering("UNFORMATTED_VALUE")).get("values", [])
        return found

    def book(self) -> Book:
        return self.shelf.read(self.id, OWNER)

    def looks(self) -> Any:
        return looks_of(self.book())

    def stored(self) -> Any:
        """The same, as somebody finds it who opens the file anew."""
        other = Shelf(self.folder)
        found = looks_of(other.read(self.id, OWNER))
        other.close()
        return found


def looks_of(book: Book) -> Any:
    """All that a spreadsheet holds, but for revisions and for empty rows at its end."""
    content = json.loads(packed(content_of(book)))
    for told in content["sheets"]:
        told["about"].pop("structure")
        while told["rows"] and not told["rows"][-1][2]:
            told["rows"].pop()
    return content


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "data")
    made.write("A1", [[f"{column}{row}" for column in "abc"] for row in range(1, 7)], OWNER, None)
    yield made
    made.shelf.close()


def test_cells_go_back_and_forth_one_change_at_a_time(desk):
    desk.write("A1", "x")
    desk.write("B2", [["y", "z"], ["u", "v"]])
    done = desk.undo()
    assert (done.kind, done.sheet_id, done.row, done.column) == ("grid edit", 0, 1, 1)
    assert done.revision == desk.book().revision
    assert desk.values("A1:C3") == [["x", "b1", "c1"], ["a2", "b2", "c2"], ["a3", "b3", "c3"]]
    desk.undo()
    assert desk.values("A1") == [["a1"]]
    with pytest.raises(NothingToUndoError, match="nothing to undo"):
        desk.undo()
    desk.redo()
    desk.redo()
    assert desk.values("A1:C3") == [["x", "b1", "c1"], ["a2", "y", "z"], ["a3", "u", "v"]]
    with pytest.raises(NothingToUndoError):
        desk.redo()


def test_a_new_edit_ends_redo_but_only_ones_own(desk):
    desk.write("A1", "x")
    desk.undo()
    desk.write("C6", "other", OWNER)
    desk.redo()
    desk.undo()
    desk.write("A2", "y")
    with pytest.raises(NothingToUndoError):
        desk.redo()


def test_each_person_and_each_way_of_working_has_its_own_past(desk):
    desk.write("A1", "clerk")
    desk.write("A2", "owner", OWNER)
    desk.write("A3", "program", CLERK, None)
    desk.write("A4", "elsewhere", CLERK, "other")
    desk.undo()
    assert desk.values("A1:A4") == [["a1"], ["owner"], ["program"], ["elsewhere"]]
    with pytest.raises(NothingToUndoError):
        desk.undo()
    assert desk.shelf.undo(desk.id, CLERK, "other").row == 3
    with pytest.raises(PermissionDeniedError):
        desk.shelf.undo(desk.id, STRANGER)
    with pytest.raises(NotFoundError):
        desk.shelf.undo("nothing", CLERK)


def test_others_changes_in_the_same_row_stay(desk):
    desk.write("A2", "mine")
    desk.write("B2", "yours", OWNER)
    desk.ask({"sortRange": {"range": {"sheetId": 0}, "sortSpecs": [{"sortOrder": "DESCENDING"}]}}, who=OWNER)
    desk.undo()
    assert ["a2", "yours", "c2"] in desk.values()


def test_a_cell_that_somebody_changed_since_is_left_alone_and_does_not_block_the_rest(desk):
    desk.write("C5", "earlier")
    desk.write("A1", [["mine", "mine"]])
    desk.write("B1", "yours", OWNER)
    with pytest.raises(ChangedSinceError, match="Cell B1 of 'Sheet1' was changed by somebody else") as caught:
        desk.undo()
    assert isinstance(caught.value, ConflictError)
    assert (caught.value.sheet_title, caught.value.cell) == ("Sheet1", "B1")
    assert desk.values("A1:B1") == [["mine", "yours"]]
    desk.undo()
    assert desk.values("C5") == [["c5"]]


def test_true_and_1_are_different_things(desk):
    desk.write("A1", True)
    desk.write("A1", 1, OWNER)
    with pytest.raises(ChangedSinceError):
        desk.undo()


def _rows(start: int, end: int, axis: str = "ROWS") -> Any:
    return {"sheetId": 0, "dimension": axis, "startIndex": start, "endIndex": end}


def _box(start: int, end: int, left: int = 0) -> Any:
    return {"sheetId": 0, "startRowIndex": start, "endRowIndex": end, "startColumnIndex": left, "endColumnIndex": 3}


GREEN = {"userEnteredFormat": {"backgroundColor": {"green": 1}}}
STRUCTURAL: dict[str, list[Any]] = {
    "insert rows": [{"insertDimension": {"range": _rows(2, 4)}}],
    "insert rows above all": [{"insertDimension": {"range": _rows(0, 1)}}],
    "delete rows": [{"deleteDimension": {"range": _rows(1, 3)}}],
    "delete the first row": [{"deleteDimension": {"range": _rows(0, 1)}}],
    "delete the last rows": [{"deleteDimension": {"range": _rows(4, 6)}}],
    "delete all stored rows": [{"deleteDimension": {"range": _rows(0, 10)}}],
    "insert a column": [{"insertDimension": {"range": _rows(1, 2, "COLUMNS")}}],
    "delete a column": [{"deleteDimension": {"range": _rows(0, 1, "COLUMNS")}}],
    "move rows": [{"moveDimension": {"source": _rows(0, 2), "destinationIndex": 5}}],
    "move a column": [{"moveDimension": {"source": _rows(0, 1, "COLUMNS"), "destinationIndex": 3}}],
    "sort": [{"sortRange": {"range": {"sheetId": 0}, "sortSpecs": [{"sortOrder": "DESCENDING"}]}}],
    "format": [
        {"repeatCell": {"range": {"sheetId": 0, "startRowIndex": 1}, "cell": GREEN, "fields": "userEnteredFormat"}}
    ],
    "validation": [
        {"setDataValidation": {"range": {"sheetId": 0, "endRowIndex": 3}, "rule": {"condition": {"type": "BOOLEAN"}}}}
    ],
    "add rows": [{"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 10}}],
    "title": [{"updateSheetProperties": {"properties": {"title": "Lain"}, "fields": "title"}}],
    "add a tab": [{"addSheet": {"properties": {"title": "Dua", "index": 0}}}],
    "duplicate a tab": [{"duplicateSheet": {"sourceSheetId": 0, "newSheetName": "Salinan"}}],
    "delete a tab": [{"deleteSheet": {"sheetId": 7}}],
    "move a tab": [{"updateSheetProperties": {"properties": {"sheetId": 7, "index": 0}, "fields": "index"}}],
    "name a range": [{"addNamedRange": {"namedRange": {"name": "n", "range": {"sheetId": 0, "endRowIndex": 2}}}}],
    "all at once": [
        {"insertDimension": {"range": _rows(1, 2)}},
        {"deleteDimension": {"range": _rows(4, 5)}},
        {"moveDimension": {"source": _rows(0, 1), "destinationIndex": 4}},
        {"deleteSheet": {"sheetId": 7}},
    ],
}


@pytest.fixture
def dressed(desk: Desk) -> Desk:
    """With a second tab, and things that follow rows and columns."""
    box = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 4, "startColumnIndex": 1, "endColumnIndex": 3}
    desk.ask(
        {"addSheet": {"properties": {"sheetId": 7, "title": "Kedua"}}},
        {"addNamedRange": {"namedRange": {"name": "kotak", "range": box}}},
        {"repeatCell": {"range": box, "cell": GREEN, "fields": "userEnteredFormat"}},
        {"setDataValidation": {"range": box, "rule": {"condition": {"type": "NOT_BLANK"}}}},
        who=OWNER,
        origin=None,
    )
    desk.write("Kedua!A1", [["k1"], ["k2"]], OWNER, None)
    return desk


@pytest.mark.parametrize("name", STRUCTURAL)
def test_what_changes_the_structure_goes_back_and_forth(dressed, name):
    before, ids = dressed.looks(), [row.row_id for row in dressed.book().sheets[0].rows]
    dressed.ask(*STRUCTURAL[name])
    after = dressed.looks()
    assert after != before
    dressed.undo()
    assert dressed.looks() == before
    assert [row.row_id for row in dressed.book().sheet(0).rows][: len(ids)] == ids
    dressed.redo()
    assert dressed.looks() == after
    dressed.undo()
    assert dressed.looks() == before
    assert dressed.stored() == before


def test_values_written_elsewhere_survive_the_return_of_deleted_rows(dressed):
    dressed.ask(STRUCTURAL["delete rows"][0])
    dressed.write("A2", "after", OWNER)
    dressed.write("A40", "appended by a program", OWNER, None)
    dressed.undo()
    assert dressed.values("A1:A6") == [["a1"], ["a2"], ["a3"], ["after"], ["a5"], ["a6"]]
    assert dressed.values("A42") == [["appended by a program"]]


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("delete rows", "insert rows above all"),
        ("delete rows", "sort"),
        ("delete rows", "validation"),
        ("insert rows", "delete rows"),
        ("sort", "move rows"),
        ("format", "format"),
        ("add a tab", "title"),
        ("name a range", "insert rows above all"),
    ],
)
def test_structure_that_somebody_changed_since_is_left_alone(dressed, mine, theirs):
    dressed.ask(*STRUCTURAL[mine])
    if mine == theirs:
        blue = {"repeatCell": {"range": {"sheetId": 0}, "cell": {}, "fields": "userEnteredFormat.backgroundColor"}}
        dressed.ask(blue, who=OWNER)
    elif mine == "add a tab":
        dressed.write("Dua!A1", "used", OWNER)
    else:
        dressed.ask(*STRUCTURAL[theirs], who=OWNER)
    present = dressed.looks()
    with pytest.raises(ChangedSinceError, match="changed by somebody else since"):
        dressed.undo()
    assert dressed.looks() == present


def test_a_sheet_that_grew_shrinks_only_while_the_new_part_is_empty(desk):
    size = desk.book().sheets[0].row_count
    desk.ask(STRUCTURAL["add rows"][0])
    desk.write(f"A{size + 5}", "kept", OWNER)
    with pytest.raises(ChangedSinceError):
        desk.undo()
    assert desk.values(f"A{size + 5}") == [["kept"]]


CLOSED = {"range": {"sheetId": 0, "endColumnIndex": 1}, "editors": {"users": [OWNER.email]}}


@pytest.mark.parametrize("mine", ["a cell", "format", "validation", "a width", "merge"])
def test_what_was_protected_since_is_not_changed_by_undo_and_does_not_block_the_rest(desk, mine):
    desk.write("C5", "earlier")
    width = {"range": _rows(0, 1, "COLUMNS"), "properties": {"pixelSize": 33}, "fields": "pixelSize"}
    asked = STRUCTURAL | {
        "a width": [{"updateDimensionProperties": width}],
        "merge": [{"mergeCells": {"range": {"sheetId": 0, "startRowIndex": 7, "endRowIndex": 9, "endColumnIndex": 1}}}],
    }
    desk.write("A1", "x") if mine == "a cell" else desk.ask(*asked[mine])
    (reply,) = desk.ask({"addProtectedRange": {"protectedRange": CLOSED}}, who=OWNER)
    present = desk.looks()
    with pytest.raises(ProtectedSinceError, match="A part of 'Sheet1' was protected since"):
        desk.undo()
    assert desk.looks() == present
    desk.undo()
    assert desk.values("C5") == [["c5"]]
    with pytest.raises(PermissionDeniedError):
        desk.undo()
    protected = reply["addProtectedRange"]["protectedRange"]["protectedRangeId"]
    desk.ask({"deleteProtectedRange": {"protectedRangeId": protected}}, who=OWNER)
    desk.undo()
    with pytest.raises(NothingToUndoError):
        desk.undo()


def test_a_protection_elsewhere_keeps_nobody_from_undoing(desk):
    desk.ask({"repeatCell": {"range": _box(1, 3, 1), "cell": GREEN, "fields": "userEnteredFormat"}})
    desk.ask({"addProtectedRange": {"protectedRange": CLOSED}}, who=OWNER)
    desk.undo()
    assert desk.book().sheets[0].formats == []


@pytest.mark.parametrize("size", [6, 1000])
def test_a_deleted_last_row_comes_back_before_what_was_written_below_since(desk, size):
    ids = [row.row_id for row in desk.book().sheets[0].rows]
    grid = {"gridProperties": {"rowCount": size}}
    desk.ask({"updateSheetProperties": {"properties": grid, "fields": "gridProperties.rowCount"}}, who=OWNER)
    desk.ask({"deleteDimension": {"range": _rows(5, 6)}})
    row = {"values": [{"userEnteredValue": {"stringValue": "appended"}}]}
    desk.ask({"appendCells": {"rows": [row], "fields": "userEnteredValue"}}, who=OWNER, origin=None)
    desk.undo()
    assert desk.values("A5:A8") == [["a5"], ["a6"], ["appended"]]
    assert [row.row_id for row in desk.book().sheets[0].rows][:6] == ids
    desk.redo()
    assert desk.values("A5:A8") == [["a5"], ["appended"]]


def test_a_deleted_last_row_comes_back_after_writing_into_the_empty_row_oneself(desk):
    before = desk.looks()
    desk.ask({"deleteDimension": {"range": _rows(5, 6)}})
    desk.write("A6", "typed")
    after = desk.looks()
    desk.undo()
    desk.undo()
    assert desk.looks() == before
    desk.redo()
    desk.redo()
    assert desk.looks() == after


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize(("start", "end"), [(0, 1), (0, 3), (1, 2), (2, 5), (5, 6), (0, 6)])
def test_deleted_rows_come_back_behind_the_row_before_them_though_others_put_rows_there(desk, start, end, count):
    desk.ask({"deleteDimension": {"range": _rows(start, end)}})
    desk.ask({"insertDimension": {"range": _rows(start, start + count)}}, who=OWNER)
    desk.write(f"A{start + 1}", [["new"]] * count, OWNER, None)
    desk.undo()
    told = [f"a{row}" for row in range(1, 7)]
    assert [row[0] for row in desk.values("A1:A20")] == [*told[:end], *["new"] * count, *told[end:]]
    desk.redo()
    desk.undo()
    assert [row[0] for row in desk.values("A1:A20")] == [*told[:end], *["new"] * count, *told[end:]]


def test_a_refused_change_can_be_undone_once_nothing_is_in_its_way(desk):
    desk.write("C5", "earlier")
    desk.write("A1", "mine")
    desk.write("A1", "yours", OWNER)
    with pytest.raises(ChangedSinceError):
        desk.undo()
    desk.undo()
    for _ in range(2):
        with pytest.raises(ChangedSinceError, match="Cell A1"):
            desk.undo()
    desk.undo(OWNER)
    desk.undo()
    assert (desk.values("A1"), desk.values("C5")) == ([["a1"]], [["c5"]])
    desk.write("A1", "yours", OWNER)
    with pytest.raises(ChangedSinceError):
        desk.redo()
    desk.undo(OWNER)
    desk.redo()
    desk.redo()
    assert (desk.values("A1"), desk.values("C5")) == ([["mine"]], [["earlier"]])


@pytest.mark.parametrize(
    "asked",
    [
        {"sortRange": {"range": {"sheetId": 0}, "sortSpecs": [{"sortOrder": "ASCENDING"}]}},
        {"unmergeCells": {"range": {"sheetId": 0}}},
        {"updateSheetProperties": {"properties": {"sheetId": 0, "title": "Sheet1"}, "fields": "title"}},
        {"moveDimension": {"source": _rows(1, 2), "destinationIndex": 1}},
    ],
    ids=lambda asked: next(iter(asked)),
)
def test_what_changes_nothing_is_nothing_to_undo_and_ends_no_redo(desk, asked):
    desk.write("A1", "a1!")
    desk.write("A2", "a2!")
    desk.undo()
    desk.ask(asked)
    desk.redo()
    desk.ask(asked)
    desk.undo()
    desk.undo()
    assert desk.values("A1:A2") == [["a1"], ["a2"]]


def test_200_changes_can_be_undone_and_no_more(desk):
    for number in range(205):
        desk.write("A1", number)
    for number in range(203, 3, -1):
        desk.undo()
        assert desk.values("A1") == [[number]]
    with pytest.raises(NothingToUndoError):
        desk.undo()


def test_images_take_a_bounded_part_of_the_disk(desk, monkeypatch):
    monkeypatch.setattr(ledger, "MOST_IMAGE_BYTES", 2_000)
    for number in range(30):
        desk.write("A1", [[f"{number}-{cell}" for cell in range(20)]])
    with sqlite3.connect(desk.folder / "sheets.sqlite3") as connection:
        ((count, size),) = connection.execute("SELECT count(*), sum(size) FROM images").fetchall()
    connection.close()
    assert 0 < count < 30
    assert size <= 2_000


def test_old_records_of_changes_go(desk, monkeypatch):
    monkeypatch.setattr(ledger, "MOST_REVISIONS", 5)
    for number in range(12):
        desk.write("A1", number, OWNER, None)
    assert len(desk.shelf.change_log(desk.id, OWNER)) == 5


def test_who_changed_what_is_on_record(desk):
    start = desk.book().revision
    desk.write("A1", [["x"], ["y"]])
    desk.undo()
    told = desk.shelf.change_log(desk.id, CLERK, since=start)
    assert [(c.who, c.kind, c.sheet_id, c.rows) for c in told] == [
        (CLERK.email, "undo grid edit", 0, 2),
        (CLERK.email, "grid edit", 0, 2),
    ]
    assert told[0].at >= told[1].at
    assert len(desk.shelf.change_log(desk.id, CLERK, limit=1)) == 1
    with pytest.raises(PermissionDeniedError):
        desk.shelf.change_log(desk.id, STRANGER)


@pytest.mark.parametrize("name", STRUCTURAL)
def test_a_named_version_comes_back_whole_and_can_be_undone(dressed, name):
    before = dressed.looks()
    version = dressed.shelf.name_version(dressed.id, CLERK, " Sebelum rapat ")
    dressed.ask(*STRUCTURAL[name])
    dressed.write("Sheet1!B2" if name != "title" else "Lain!B2", "changed", OWNER)
    after = dressed.looks()
    revision = dressed.shelf.restore_version(dressed.id, OWNER, version.version_id)
    assert revision == dressed.book().revision
    assert dressed.looks() == before
    dressed.undo(OWNER)
    assert dressed.looks() == after
    (told,) = dressed.shelf.versions(dressed.id, CLERK)
    assert (told.name, told.who, told.version_id) == ("Sebelum rapat", CLERK.email, version.version_id)


def test_versions_are_refused_forgotten_and_bounded(desk, monkeypatch):
    for name in ("", "  ", "x" * 201):
        with pytest.raises(InvalidRequestError):
            desk.shelf.name_version(desk.id, CLERK, name)
    monkeypatch.setattr(ledger, "MOST_VERSIONS", 2)
    first = desk.shelf.name_version(desk.id, CLERK, "1")
    desk.shelf.name_version(desk.id, CLERK, "2")
    with pytest.raises(InvalidRequestError, match="2 versions are kept"):
        desk.shelf.name_version(desk.id, CLERK, "3")
    desk.shelf.delete_version(desk.id, CLERK, first.version_id)
    desk.shelf.name_version(desk.id, CLERK, "3")
    assert [version.name for version in desk.shelf.versions(desk.id, CLERK)] == ["3", "2"]
    with pytest.raises(NotFoundError, match="no such version"):
        desk.shelf.restore_version(desk.id, CLERK, first.version_id)


def test_a_version_does_not_pass_a_protection(dressed):
    version = dressed.shelf.name_version(dressed.id, OWNER, "v")
    closed = {"range": {"sheetId": 7}, "editors": {"users": [OWNER.email]}}
    dressed.ask({"addProtectedRange": {"protectedRange": closed}}, who=OWNER)
    with pytest.raises(PermissionDeniedError):
        dressed.shelf.restore_version(dressed.id, CLERK, version.version_id)


def test_a_deleted_spreadsheet_leaves_no_trace_in_the_file(desk):
    secret = "rahasia-yang-tidak-boleh-tinggal"
    desk.write("A1", secret)
    desk.shelf.name_version(desk.id, CLERK, secret)
    desk.write("A1", "x")
    desk.shelf.delete(desk.id, OWNER)
    desk.shelf.close()
    with sqlite3.connect(desk.folder / "sheets.sqlite3") as connection:
        for table in ("images", "versions", "changes", "sheet_rows", "sheets", "books"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
    connection.close()
    for path in desk.folder.iterdir():
        assert secret.encode() not in path.read_bytes()


SECRET = "rahasia-yang-tidak-boleh-tinggal"


def _holds(folder: Path, text: str) -> bool:
    return any(text.encode() in path.read_bytes() for path in folder.iterdir())


def test_what_was_deleted_is_in_no_file_while_the_server_runs_on(desk):
    desk.write("A1", SECRET)
    version = desk.shelf.name_version(desk.id, CLERK, SECRET)
    assert _holds(desk.folder, SECRET)
    desk.write("A1", "x", OWNER, None)
    desk.shelf.delete_version(desk.id, CLERK, version.version_id)
    desk.shelf.delete(desk.id, OWNER)
    assert not _holds(desk.folder, SECRET)
    assert (desk.folder / "sheets.sqlite3-wal").stat().st_size == 0


def test_what_was_cleared_is_soon_in_no_file_and_a_reader_is_not_disturbed(tmp_path, monkeypatch):
    monkeypatch.setattr(stored_books, "TIDY_SECONDS", 0.05)
    desk = Desk(tmp_path / "data")
    desk.write("A1", SECRET, OWNER, None)
    with sqlite3.connect(desk.folder / "sheets.sqlite3", isolation_level=None) as reader:
        reader.execute("BEGIN")
        (held,) = reader.execute("SELECT cells FROM sheet_rows").fetchone()
        desk.write("A1", "", OWNER, None)
        time.sleep(0.3)
        assert _holds(desk.folder, SECRET), "the reader still needs it"
        assert reader.execute("SELECT cells FROM sheet_rows").fetchone() == (held,)
        reader.execute("COMMIT")
    reader.close()
    until = time.monotonic() + 5
    while _holds(desk.folder, SECRET) and time.monotonic() < until:
        time.sleep(0.02)
    assert not _holds(desk.folder, SECRET)
    desk.shelf.close()


def _version_1() -> str:
    return database._SCHEMA + ";\nPRAGMA user_version = 1"


def test_a_file_of_schema_1_is_brought_up_to_date(tmp_path):
    with sqlite3.connect(tmp_path / "sheets.sqlite3") as connection:
        connection.executescript(_version_1())
        about = '{"properties":{"title":"Lama","locale":"id_ID"},"namedRanges":[],"permissions":[]}'
        sheet = (
            '{"properties":{"sheetId":0,"title":"Sheet1","index":0,"sheetType":"GRID","gridProperties":'
            '{"rowCount":10,"columnCount":5}},"validations":[],"formats":[],"protections":[],"conditions":[],'
            '"columns":{},"lines":{},"filter":null,"structure":1}'
        )
        book = (1, "lama", 1, OWNER.email, OWNER.name, "2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z", 2, about)
        connection.execute("INSERT INTO books VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", book)
        connection.execute("INSERT INTO sheets VALUES (1, 0, 0, ?)", (sheet,))
        connection.execute("INSERT INTO sheet_rows VALUES (1, 1, 0, 1048576, 1, '[\"isi\"]')")
    connection.close()
    app = create_app(tmp_path, tokens={})
    shelf: Shelf = app.extensions["localsheets"]
    with shelf.writing("lama", OWNER, "grid edit", origin="grid") as draft:
        write_range(draft, "A1", [["baru"]], entered=False, who=OWNER)
    shelf.undo("lama", OWNER)
    assert shelf.read("lama", OWNER).sheets[0].cells(0) == ["isi"]
    shelf.close()


CELLS = st.sampled_from(["A1", "B1", "A2", "B2", "C9"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.sampled_from([OWNER, CLERK]), CELLS, st.integers(1, 3)),
        st.tuples(st.sampled_from(["undo", "redo"]), st.sampled_from([OWNER, CLERK]), st.just("A1"), st.just(0)),
    ),
    max_size=12,
)


@pytest.mark.search
@given(STEPS)
def test_undo_never_changes_what_another_person_wrote_last(tmp_path_factory, steps):
    """Model: for each cell the writers whose changes it shows, one upon the other; every value is written once."""
    desk = _shared_desk(tmp_path_factory)
    desk.write("A1", [["", "", ""]] * 12, OWNER, None)
    writers: dict[tuple[int, int], list[Identity]] = {}
    for number, (step, who, cell, height) in enumerate(steps):
        before = _grid(desk.values("A1:C12"))
        if step == "write":
            desk.write(cell, [[f"{number}-{row}"] for row in range(height)], who)
        else:
            _quietly(getattr(desk, step), who)
        after = _grid(desk.values("A1:C12"))
        for place in {p for p in {**before, **after} if before.get(p) != after.get(p)}:
            if step == "undo":
                assert writers[place].pop() == who
            else:
                writers.setdefault(place, []).append(who)


LINE = st.integers(0, 7)
FEW = st.integers(1, 3)
AXIS = st.sampled_from(["ROWS", "ROWS", "ROWS", "COLUMNS"])
GRID_STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["write", "insert", "delete", "delete last", "move", "sort", "format", "rule", "merge", "part", "other"]
        ),
        LINE,
        FEW,
        AXIS,
    ),
    max_size=14,
)


@pytest.mark.search
@given(GRID_STEPS)
def test_undoing_all_and_doing_it_all_again_gives_the_very_same_whatever_others_append(tmp_path_factory, steps):
    """Values, formats, merges, rules, ids and order of the rows; what another person appended meanwhile stays."""
    desk = _shared_desk(tmp_path_factory)
    with desk.shelf.writing(desk.id, OWNER, "reset") as draft:
        draft.add_sheet(new_sheet(draft.revision + 1000, f"L_{draft.revision}"))
        draft.sheets = draft.sheets[-1:]
        draft.renumber()
    sheet = desk.book().sheets[0]
    desk.write(sheet.title, [[f"{column}{row}" for column in "cab"] for row in range(6)], OWNER, None)
    before = _without_others(desk)
    for number, (kind, line, few, axis) in enumerate(steps):
        if kind == "other":
            desk.write(f"{sheet.title}!A{len(desk.book().sheets[0].rows) + 1}", [[f"other {number}"]], OWNER, None)
            continue
        with suppress(InvalidRequestError):
            if kind == "write":
                desk.write(f"{sheet.title}!{'ABC'[few - 1]}{line + 1}", [[f"w{number}"] * few] * few)
            else:
                desk.ask(_step(desk.book().sheets[0], kind, line, few, axis))
    last = _without_others(desk)
    done = _turns(desk.undo)
    assert _without_others(desk) == before
    assert _turns(desk.redo) == done
    assert _without_others(desk) == last
    assert _without_others(desk) == json.loads(packed(_others_left_out(desk.stored())))


def _step(sheet: Sheet, kind: str, line: int, few: int, axis: str) -> Any:
    lines = {"sheetId": sheet.sheet_id, "dimension": axis, "startIndex": line, "endIndex": line + few}
    box = {"sheetId": sheet.sheet_id, "startRowIndex": line, "endRowIndex": line + few, "endColumnIndex": few}
    end = len(sheet.rows)
    asked: dict[str, Any] = {
        "insert": {"insertDimension": {"range": lines}},
        "delete": {"deleteDimension": {"range": lines}},
        "delete last": {
            "deleteDimension": {"range": lines | {"dimension": "ROWS", "startIndex": end - few, "endIndex": end}}
        },
        "move": {"moveDimension": {"source": lines, "destinationIndex": (line + 2 * few) % 8}},
        "sort": {"sortRange": {"range": box | {"endColumnIndex": 26, "endRowIndex": line + 3}, "sortSpecs": [{}]}},
        "format": {"repeatCell": {"range": box, "cell": GREEN, "fields": "userEnteredFormat"}},
        "rule": {"setDataValidation": {"range": box, "rule": {"condition": {"type": "NOT_BLANK"}}}},
        "merge": {"mergeCells": {"range": box, "mergeType": "MERGE_ALL"}},
        "part": {"unmergeCells": {"range": box}},
    }
    return asked[kind]


def _turns(turn: Callable[[], object]) -> int:
    """Undo, or redo, until there is nothing more."""
    count = 0
    with suppress(NothingToUndoError):
        while True:
            turn()
            count += 1
    return count


def _without_others(desk: Desk) -> Any:
    return json.loads(packed(_others_left_out(desk.looks())))


def _others_left_out(looks: Any) -> Any:
    """Without what others appended, and without the keys of rows, of which only the order counts."""
    for told in looks["sheets"]:
        told["rows"] = [
            [row_id, cells]
            for row_id, _, cells in told["rows"]
            if not any(isinstance(cell, str) and cell.startswith("other") for cell in cells)
        ]
        while told["rows"] and not told["rows"][-1][1]:
            told["rows"].pop()
    return looks


def _quietly(turn: Callable[[Identity], object], who: Identity) -> None:
    with suppress(ConflictError, NothingToUndoError):
        turn(who)


def _grid(rows: Rows) -> dict[tuple[int, int], Any]:
    return {(r, c): v for r, row in enumerate(rows) for c, v in enumerate(row) if v != ""}


_desks: dict[str, Desk] = {}


def _shared_desk(factory: pytest.TempPathFactory) -> Desk:
    if "one" not in _desks:
        _desks["one"] = Desk(factory.mktemp("history") / "data")
    desk = _desks["one"]
    with desk.shelf._transaction() as connection:
        connection.execute("DELETE FROM images")
    return desk
