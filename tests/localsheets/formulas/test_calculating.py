"""Calculating again after every kind of change, arrays in the way, and results in what readers and writers get."""

import re
import sqlite3
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from localsheets.model.book import Book
from localsheets.model.sheet import Row
from localsheets.operations.dimensions import delete_lines, insert_lines, move_lines
from localsheets.storage.shelf import Shelf
from tests.localsheets.formulas.conftest import ME, Clock, Desk


def change(desk: Desk) -> Any:
    return desk.shelf.writing(desk.book_id, ME, "test")


def test_a_change_is_seen_through_chains_and_sheets(desk: Desk) -> None:
    desk.write("Data!A1", [1], ["=A1*2"], ["=A2+Lain!A1"])
    desk.write("Lain!A1", ["=Data!A1+10"])
    assert desk.read("Data!A1:A3") == [[1], [2], [13]]
    desk.write("Data!A1", [5])
    assert desk.read("Data!A1:A3") == [[5], [10], [25]]
    desk.write("Data!A2", [100])
    assert desk.value("Data!A3") == 115
    desk.write("Data!A2", ["=A1"])
    assert desk.value("Data!A3") == 20


def test_only_cells_that_formulas_name_matter(desk: Desk) -> None:
    desk.write("A1", ["=SUM(B1:B2)", 1, "x"])
    assert desk.value("A1") == 1
    desk.write("B3", [50], [60])
    assert desk.value("A1") == 1
    desk.write("A1", ["=SUM(B1:B4)"])
    assert desk.value("A1") == 111
    desk.write("B2", [2])
    assert desk.value("A1") == 113
    desk.write("B1", [""])
    assert desk.value("A1") == 112


def test_an_open_range_grows_with_the_sheet(desk: Desk) -> None:
    desk.write("A1", ["=SUM(B2:B)", ""], ["", 1])
    assert desk.value("A1") == 1
    desk.write("B900", [4])
    assert desk.value("A1") == 5


def test_rows_and_columns_come_and_go(desk: Desk) -> None:
    desk.write("A1", [1, "=A1+1"], [2, "=A2+1"], [3, "=SUM(A1:A3)"])
    desk.write("Lain!A1", ["=Data!B3"])
    with change(desk) as draft:
        insert_lines(draft, draft.sheets[0], "ROWS", 1, 2, inherit_before=False)
    assert desk.read("A1:B5", "FORMULA") == [[1, "=A1+1"], [], [], [2, "=A4+1"], [3, "=SUM(A1:A5)"]]
    assert desk.value("Lain!A1") == 6
    desk.write("A2", [10])
    assert desk.value("B5") == 16
    with change(desk) as draft:
        delete_lines(draft, draft.sheets[0], "ROWS", 0, 1)
    assert desk.read("A1:B4") == [[10], [], [2, 3], [3, 15]]
    with change(desk) as draft:
        insert_lines(draft, draft.sheets[0], "COLUMNS", 0, 1, inherit_before=False)
        move_lines(draft, draft.sheets[0], "ROWS", 2, 3, 0)
    assert desk.read("A1:C4", "FORMULA") == [["", 2, "=B1+1"], ["", 10], [], ["", 3, "=SUM(B2:B4)"]]
    with change(desk) as draft:
        delete_lines(draft, draft.sheets[0], "COLUMNS", 1, 2)
    assert desk.read("A1:B1") == [["", "#REF!"]]
    assert desk.value("Lain!A1") == "#REF!"


def test_an_array_does_not_overwrite_what_stands_in_its_way(desk: Desk) -> None:
    desk.write("A1", ["=SEQUENCE(3)", "=SUM(A1:A3)"])
    assert desk.read("A1:B3") == [[1, 6], [2], [3]]
    desk.write("A3", ["penting"])
    assert desk.read("A1:B3") == [["#REF!", "#REF!"], [], ["penting"]]
    told = desk.error("A1")
    assert told == {
        "type": "REF",
        "message": "Array result was not expanded because it would overwrite data in A3.",
    }
    desk.write("A3", [""])
    assert desk.read("A1:B3") == [[1, 6], [2], [3]]
    desk.write("A1", ["=SEQUENCE(2)"])
    assert desk.read("A1:B3") == [[1, 3], [2]]
    desk.write("A1", [9])
    assert desk.read("A1:B3") == [[9, 9]]


def test_an_array_that_does_not_fit_the_sheet_says_so(desk: Desk) -> None:
    desk.write("A1", ["=SEQUENCE(1001)", "", "=SEQUENCE(1,30)"])
    assert desk.read("A1:D3") == [["#REF!", "", "#REF!"]]
    assert "insert more rows" in (desk.error("A1") or {})["message"]
    with change(desk) as draft:
        draft.sheets[0].set_grid(rows=2000, columns=40)
    assert desk.read("A1001") == [[1001]]
    assert desk.read("AF1") == [[30]]


def test_what_an_array_fills_is_never_stored(desk: Desk, tmp_path: Path) -> None:
    desk.write("A1", ["=SEQUENCE(3)"])
    assert desk.value("A3") == 3
    with change(desk) as draft:
        assert draft.sheets[0].cell(2, 0) is None
    desk.write("B2", ["tetangga"])
    with sqlite3.connect(tmp_path / "sheets.sqlite3") as database:
        texts = [cells for (cells,) in database.execute("SELECT cells FROM sheet_rows ORDER BY place")]
    assert '"s"' not in "".join(texts)
    assert desk.read("A1:B3") == [[1], [2, "tetangga"], [3]]


def rows_since(book: Book, revision: int) -> list[int]:
    return [place for place, row in enumerate(book.sheets[0].rows) if row.revision > revision]


def test_rows_whose_results_change_count_as_changed(desk: Desk) -> None:
    desk.write("A1", [1], ["=A1"], ["=A9"], ["lain"], ["=SEQUENCE(A1,2)"])
    before = desk.book().revision
    desk.write("A1", [3])
    assert rows_since(desk.book(), before) == [0, 1, 5, 6]
    before = desk.book().revision
    desk.write("D1", ["x"])
    assert rows_since(desk.book(), before) == [0]
    desk.write("A1", [1])
    assert rows_since(desk.book(), desk.book().revision - 1) == [0, 1, 5, 6]


def test_a_writer_begins_with_the_results(desk: Desk) -> None:
    desk.write("A1", ["=1+1"])
    desk.book()
    with change(desk) as draft:
        assert draft.sheets[0].cell(0, 0) == {"x": "=1+1", "v": 2}


def test_results_are_there_after_a_restart(desk: Desk, tmp_path: Path, clock: Clock) -> None:
    desk.write("A1", ["=1+1", "=1/0"])
    desk.book()
    desk.write("C1", ["x"])
    desk.shelf.close()
    again = Desk(Shelf(tmp_path, clock=clock), desk.book_id)
    assert again.read("A1:C1") == [[2, "#DIV/0!", "x"]]
    assert again.error("B1") == {"type": "DIVIDE_BY_ZERO", "message": "Function DIVIDE parameter 2 cannot be zero."}
    again.shelf.close()


def test_a_spreadsheet_without_formulas_starts_no_process(desk: Desk) -> None:
    desk.write("A1", [1, "=", "'=1+1"])
    assert desk.read("A1:C1") == [[1, "=", "=1+1"]]
    assert desk.shelf.calculators.pids() == []


def test_a_function_that_is_not_supported_is_named_in_a_note_that_is_not_stored(desk: Desk) -> None:
    desk.write("A1", ['=QUERY(B1:C2,"select B")'])
    assert desk.book().sheets[0].cell(0, 0)["n"] == "QUERY is not supported by this server."
    with change(desk) as draft:
        assert "n" not in draft.sheets[0].cell(0, 0)
    desk.write("A1", ["=1"])
    assert desk.book().sheets[0].cell(0, 0) == {"x": "=1", "v": 1}


def test_today_is_the_day_in_the_spreadsheets_zone_and_moves_on(desk: Desk, clock: Clock) -> None:
    desk.write("A1", ["=TODAY()", "=ROUND(NOW()-TODAY(),0)", "=RAND()"])
    today = desk.value("A1")
    assert re.fullmatch("[0-9]{1,2}/[0-9]{1,2}/20[0-9]{2}", desk.read("A1", "FORMATTED_VALUE")[0][0])
    first = desk.value("C1")
    assert desk.value("C1") == first, "calculated once for a moment"
    clock.now += timedelta(minutes=2)
    assert desk.value("C1") != first
    assert desk.value("A1") - today in {0, 1}


def test_sheets_with_titles_that_the_calculator_cannot_take(desk: Desk) -> None:
    title = "Bulan 1/2: [rincian] yang sangat panjang sekali"
    with change(desk) as draft:
        draft.sheets[1].properties = {**draft.sheets[1].properties, "title": title}
        draft.sheets[1].reshaped = True
    desk.write(f"'{title}'!A1", [7])
    desk.write("Data!A1", [f"='{title}'!A1*2"])
    assert desk.value("Data!A1") == 14


def test_readers_who_come_together_get_the_same(desk: Desk) -> None:
    desk.write("A1", ["=RAND()"])
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(desk.value("A1"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


@pytest.mark.parametrize("count", [3, 30])
def test_calculating_little_by_little_is_calculating_at_once(
    desk: Desk, tmp_path: Path, clock: Clock, count: int
) -> None:
    formulas = ["=SUM(A1:A9)", "=B1+A2", "=SEQUENCE(A1)", "=IF(A1>2,A2,B9)", "=COUNTA(A1:C)", "=Lain!A1", ""]
    for step in range(count):
        column, row = "ABCD"[step % 4], step * 7 % 11 + 1
        with change(desk) as draft:
            if step % 5 == 4:
                insert_lines(draft, draft.sheets[0], "ROWS", step % 3, 1, inherit_before=False)
            if step % 7 == 6:
                delete_lines(draft, draft.sheets[0], "ROWS", step % 4, step % 4 + 1)
        desk.write(f"{'Lain' if step % 6 == 5 else 'Data'}!{column}{row}", [formulas[step % 7] or step % 4])
        desk.book()
    little: list[list[Row]] = [sheet.rows for sheet in desk.book().sheets]
    desk.shelf.close()
    again = Desk(Shelf(tmp_path, clock=clock), desk.book_id)
    at_once = [sheet.rows for sheet in again.book().sheets]
    assert [[row.cells for row in rows] for rows in little] == [[row.cells for row in rows] for rows in at_once]
    again.shelf.close()


def test_cells_beyond_what_the_calculator_can_hold_harm_no_others(desk: Desk) -> None:
    with change(desk) as draft:
        draft.sheets[0].set_grid(rows=400, columns=17_000)
    desk.write("A1", ["=XFE1+1", "=1+1", "=COUNTA(A9:XFE9)"])
    desk.write("XFE1", ["=2+2"], [5])
    assert desk.read("A1:C1") == [["#REF!", 2, 0]]
    assert desk.value("XFE1") == "#ERROR!"
    desk.write("XFE1", [""])
    desk.write("A9", ["x"])
    assert desk.read("B1:C1") == [[2, 1]]


def test_a_text_that_is_no_text_harms_no_others(desk: Desk) -> None:
    desk.write("A1", ['=LEN("\U0001f600")', "=LEN(C1)", "\u0000\U0001f600"])
    assert desk.read("A1:B1") == [[1, 2]]
