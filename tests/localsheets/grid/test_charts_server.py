"""Charts as the grid reads them, and what is done with them there; and in an Excel file."""

import io
import re

import openpyxl
import pytest
import requests

from tests.localsheets.conftest import PASSWORD


def a_source(rows, columns, sheet_id=0):
    names = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
    return {"sourceRange": {"sources": [{"sheetId": sheet_id, **dict(zip(names, (*rows, *columns), strict=True))}]}}


def column_chart(title="Bulan", kind="COLUMN", **more):
    basic = {
        "chartType": kind,
        "headerCount": 1,
        "axis": [{"position": "LEFT_AXIS", "title": "Jumlah"}],
        "domains": [{"domain": a_source((0, 4), (0, 1))}],
        "series": [{"series": a_source((0, 4), (1, 2))}, {"series": a_source((0, 4), (2, 3))}],
    }
    spec = {"title": title, "basicChart": basic, **more}
    return {"spec": spec, "position": {"overlayPosition": {"anchorCell": {"rowIndex": 5, "columnIndex": 1}}}}


@pytest.fixture
def charted(office):
    """A sheet with three rows of numbers, and a session in its grid; how to add a chart to it."""
    server, book = office
    sheet = book.add_worksheet("Angka", 60, 20)
    sheet.update([["Bulan", "Masuk", "Ditutup"], ["Jan", 3, 1], ["Feb", 0, "=B2+1"], ["Mar", "", 2]], "A1", raw=False)

    def add(chart):
        text = re.sub(r'("sheetId": )0', rf"\g<1>{sheet.id}", repr(chart).replace("'", '"'))
        body = {"requests": [{"addChart": {"chart": __import__("json").loads(text)}}]}
        body["requests"][0]["addChart"]["chart"]["position"]["overlayPosition"]["anchorCell"]["sheetId"] = sheet.id
        return book.batch_update(body)["replies"][0]["addChart"]["chart"]

    return server, book, sheet, add


def logged_in(server, username="clerk"):
    session = requests.Session()
    page = session.get(f"{server.url}/register", timeout=20).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    form = {"username": username, "password": PASSWORD, "csrf_token": token}
    page = session.post(f"{server.url}/register/login", data=form, timeout=20).text
    session.headers["X-CSRF-Token"] = re.search(r'data-csrf="([^"]+)"', page)[1]
    return session


def told(server, book, sheet, session):
    server.call("GET", f"/v4/spreadsheets/{book.id}/values/Angka!A1:C5")  # waits until all is calculated
    answer = session.get(f"{server.url}/register/data/{book.id}/{sheet.id}/charts", timeout=20)
    assert answer.status_code == 200, answer.text
    return answer.json()["charts"]


def test_charts_are_told_with_the_cells_that_they_show(charted):
    server, book, sheet, add = charted
    session = logged_in(server)
    add(column_chart())
    pie = {"legendPosition": "LABELED_LEGEND", "domain": a_source((1, 4), (0, 1)), "series": a_source((1, 4), (1, 2))}
    add({"spec": {"title": "Bagian", "pieChart": pie}, "position": {"overlayPosition": {"anchorCell": {}}}})
    columns, pies = told(server, book, sheet, session)
    assert (columns["kind"], columns["title"], columns["row"], columns["column"]) == ("COLUMN", "Bulan", 5, 1)
    assert columns["labels"] == ["Jan", "Feb", "Mar"]
    assert [(one["name"], one["values"], one["texts"]) for one in columns["series"]] == [
        ("Masuk", [3, 0, None], ["3", "0", ""]),
        ("Ditutup", [1, 4, 2], ["1", "4", "2"]),
    ]
    assert (pies["kind"], pies["labels"], pies["series"][0]["values"]) == ("PIE", ["Jan", "Feb", "Mar"], [3, 0, None])
    sheet.update([[9]], "B3")
    assert told(server, book, sheet, session)[0]["series"][0]["values"] == [3, 9, None]


def test_charts_follow_rows_and_come_back_with_undo(charted):
    server, book, sheet, add = charted
    session = logged_in(server)
    chart = add(column_chart())
    before = told(server, book, sheet, session)
    sheet.insert_rows([[]], 1)
    (moved,) = told(server, book, sheet, session)
    assert moved == before[0] | {"row": 6}
    base = f"{server.url}/register/data/{book.id}"
    answer = session.post(f"{base}/{sheet.id}/charts/{chart['chartId']}", json={"row": 2, "column": 7}, timeout=20)
    assert answer.status_code == 200, answer.text
    assert told(server, book, sheet, session) == [moved | {"row": 2, "column": 7}]
    assert session.post(f"{base}/{sheet.id}/charts/{chart['chartId']}", json={}, timeout=20).status_code == 200
    assert told(server, book, sheet, session) == []
    assert "diagram" in session.post(f"{base}/undo", json={}, timeout=20).json()["said"]
    assert told(server, book, sheet, session) == [moved | {"row": 2, "column": 7}]
    sheet.delete_columns(2)
    assert [one["name"] for one in told(server, book, sheet, session)[0]["series"]] == ["Ditutup"]


def test_a_chart_of_another_sheet_is_not_changed_from_here(charted):
    server, book, sheet, add = charted
    session = logged_in(server)
    chart = add(column_chart())
    answer = session.post(f"{server.url}/register/data/{book.id}/0/charts/{chart['chartId']}", json={}, timeout=20)
    assert answer.status_code == 404
    assert len(told(server, book, sheet, session)) == 1


def test_kinds_that_are_not_drawn_and_charts_without_cells_are_told_all_the_same(charted):
    server, book, sheet, add = charted
    session = logged_in(server)
    add(column_chart(kind="SCATTER"))
    add(column_chart(kind="LINE"))
    sheet.delete_columns(1, 3)
    scatter, line = told(server, book, sheet, session)
    assert (scatter["kind"], scatter["series"]) == ("OTHER", [])
    assert (line["kind"], line["labels"], line["series"]) == ("LINE", [], [])
    assert server.call("GET", f"/drive/v3/files/{book.id}/export?mimeType={XLSX}").status_code == 200


def test_hidden_rows_are_left_out_unless_the_chart_wants_them(charted):
    server, book, sheet, add = charted
    session = logged_in(server)
    add(column_chart())
    add(column_chart(hiddenDimensionStrategy="SHOW_ALL"))
    sheet.hide_rows(2, 3)
    assert [chart["labels"] for chart in told(server, book, sheet, session)] == [["Jan", "Mar"], ["Jan", "Feb", "Mar"]]


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_charts_are_excels_own_in_a_workbook(charted):
    server, book, _, add = charted
    for kind in ("COLUMN", "BAR", "LINE"):
        add(column_chart(title=kind, kind=kind))
    pie = {"domain": a_source((1, 4), (0, 1)), "series": a_source((1, 4), (1, 2))}
    add({"spec": {"title": "Bagian", "pieChart": pie}, "position": {"overlayPosition": {"anchorCell": {}}}})
    content = server.call("GET", f"/drive/v3/files/{book.id}/export?mimeType={XLSX}").content
    charts = openpyxl.load_workbook(io.BytesIO(content))["Angka"]._charts
    assert [type(chart).__name__ for chart in charts] == ["BarChart", "BarChart", "LineChart", "PieChart"]
    column, bar, line, _ = charts
    assert (column.type, bar.type) == ("col", "bar")
    assert [series.val.numRef.f for series in line.series] == ["'Angka'!$B$2:$B$4", "'Angka'!$C$2:$C$4"]
    assert column.series[0].tx.strRef.f == "'Angka'!$B$1"
    assert column.series[0].cat.numRef.f == "'Angka'!$A$2:$A$4"
