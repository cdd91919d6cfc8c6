"""Provisioning: the plan as a pure function, and what it does to spreadsheets on the embedded register."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from register.sheet import Sheet
from sheets_schema.columns import Colour, Column, Kind, Owner, Tab
from sheets_schema.configuration_tabs import BIDANG, OFFICERS
from sheets_schema.layout import locate
from sheets_schema.protection import GUARDED
from sheets_schema.provisioning import SPARE_ROWS, TABS, plan
from sheets_schema.register_tab import RED, REGISTER
from sheets_schema.seeding import seed_rows
from tests.register.running_register import Running

EDITOR, ADMIN = "sistem@aduan.invalid", "admin@aduan.invalid"
SMALL = Tab(
    "Kecil",
    (
        Column("ticket", "Tiket", Owner.SYSTEM, width=90),
        Column("number", "Nomor", Owner.SYSTEM, width=80),
        Column("name", "Nama Pelapor", Owner.INTAKE, width=150, formerly=("Pelapor", "Nama")),
        Column("contact", "Kontak", Owner.INTAKE),
        Column("act", "Tindakan", Owner.STAFF, Kind.CHOICE, choices=("Proses", "Selesai")),
        Column("send", "Kirim", Owner.STAFF, Kind.CHECKBOX),
        Column("note", "Catatan Sistem", Owner.SYSTEM, Kind.LONG_TEXT, help="Penjelasan dari sistem."),
    ),
    colours=(Colour("note", "Perbaiki", RED),),
)
CellValue = str | float | bool


# -- asking and answering -----------------------------------------------------------------------------------------


def planned(sheet: Sheet, tabs: Sequence[Tab], used_rows: Mapping[str, int] | None = None) -> list[dict[str, Any]]:
    described = sheet.describe([tab.title for tab in tabs])
    return plan(described, editor=sheet.identity, used_rows=used_rows or {}, tabs=tabs, admins=[ADMIN])


def provisioned(sheet: Sheet, *tabs: Tab) -> Sheet:
    """The same sheet, after what was planned."""
    sheet.batch(planned(sheet, tabs))
    return sheet


def look(sheet: Sheet, title: str, rows: str = "1:3") -> dict[str, Any]:
    """Everything about one tab, with the cells of some of its rows."""
    answer = sheet._get("", {"ranges": [f"'{title}'!{rows}"], "includeGridData": "true"})
    (found,) = answer["sheets"]
    return dict(found)


def cell(value: CellValue) -> dict[str, Any]:
    if value == "":
        return {}
    kind = "boolValue" if isinstance(value, bool) else "stringValue" if isinstance(value, str) else "numberValue"
    return {"userEnteredValue": {kind: value}}


def new_tab(sheet: Sheet, title: str, rows: Sequence[Sequence[CellValue]], *, columns: int = 12) -> int:
    """A tab as people made it; its id."""
    sheet_id = 77
    grid = {"rowCount": 40, "columnCount": columns}
    values = [{"values": [cell(value) for value in row]} for row in rows]
    start = {"sheetId": sheet_id, "rowIndex": 0, "columnIndex": 0}
    sheet.batch(
        [
            {"addSheet": {"properties": {"sheetId": sheet_id, "title": title, "gridProperties": grid}}},
            {"updateCells": {"rows": values, "fields": "userEnteredValue", "start": start}},
        ]
    )
    return sheet_id


def columns_of(sheet: Sheet, title: str) -> dict[str, list[CellValue]]:
    """The cells below each header; those without a header under their place from the right."""
    values = sheet.read([title])[title]
    width = max([len(values.header), *(len(row) for row in values.rows)])
    header = [*values.header, *[""] * (width - len(values.header))]
    rows = [[*row, *[""] * (width - len(row))] for row in values.rows]
    unnamed = iter(f"unnamed {number}" for number in range(width))
    return {str(title) or next(unnamed): [row[place] for row in rows] for place, title in enumerate(header)}


# -- a fresh spreadsheet ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fresh(running: Running) -> Iterator[Sheet]:
    """A new spreadsheet that was provisioned; only looked at."""
    sheet = provisioned(running.new_sheet(), *TABS)
    yield sheet
    sheet.close()


def test_plan_for_a_provisioned_spreadsheet_is_empty(fresh: Sheet) -> None:
    assert planned(fresh, TABS) == []
    assert planned(fresh, TABS, {tab.title: 500 for tab in TABS}) == []


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.title)
def test_new_tab_has_its_headers_notes_and_widths(fresh: Sheet, tab: Tab) -> None:
    found = look(fresh, tab.title)
    header = found["data"][0]["rowData"][0]["values"]
    assert [item["userEnteredValue"]["stringValue"] for item in header] == [column.header for column in tab.columns]
    assert [item.get("note", "") for item in header] == [column.help for column in tab.columns]
    assert all(item["userEnteredFormat"]["textFormat"]["bold"] for item in header)
    widths = [line["pixelSize"] for line in found["data"][0]["columnMetadata"][: len(tab.columns)]]
    assert widths == [column.width for column in tab.columns]
    grid = found["properties"]["gridProperties"]
    assert (grid["frozenRowCount"], grid["frozenColumnCount"]) == (1, tab.frozen_columns)
    assert grid["rowCount"] >= len(seed_rows(tab)) + 1 + SPARE_ROWS


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.title)
def test_new_tab_has_its_seeds(fresh: Sheet, tab: Tab) -> None:
    found = columns_of(fresh, tab.title)
    for column in tab.columns:
        wanted = [row.get(column.key, "") for row in seed_rows(tab)]
        assert found[column.header] == wanted, column.header


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.title)
def test_system_columns_are_closed_to_all_but_one_and_headers_warn(fresh: Sheet, tab: Tab) -> None:
    found = look(fresh, tab.title)
    headers = [item for item in found["protectedRanges"] if item.get("warningOnly")]
    guarded = [item for item in found["protectedRanges"] if ADMIN in item.get("editors", {}).get("users", [])]
    found["protectedRanges"] = [item for item in found["protectedRanges"] if item not in guarded]
    assert bool(guarded) == any(column.guarded for column in tab.columns)
    closed_ranges = [item for item in found["protectedRanges"] if item not in headers]
    assert {tuple(item["editors"]["users"]) for item in closed_ranges} == {(EDITOR,)}
    assert {item["range"]["endRowIndex"] for item in headers} == {1}
    ranges = [item["range"] for item in found["protectedRanges"]]
    width = found["properties"]["gridProperties"]["columnCount"]
    closed = {
        place
        for item in ranges
        if item.get("startRowIndex", 0) == 1 and "endRowIndex" not in item
        for place in range(item.get("startColumnIndex", 0), item.get("endColumnIndex", width))
    }
    assert {tab.columns[place].header for place in closed} == {
        column.header for column in tab.columns if column.owner is Owner.SYSTEM
    }
    header = [item for item in ranges if item.get("endRowIndex") == 1]
    edges = ("startRowIndex", "startColumnIndex", "endColumnIndex")
    assert [tuple(item.get(edge, 0) for edge in edges) for item in header] == [(0, 0, len(tab.columns))]


def test_guarded_cells_headers_and_the_tab_itself_are_closed_to_all_but_administrators(fresh: Sheet) -> None:
    items = [item for item in look(fresh, OFFICERS.title)["protectedRanges"] if item["description"] == GUARDED]
    assert {tuple(item["editors"]["users"]) for item in items} == {(EDITOR, ADMIN)}
    whole, *columns = (item["range"] for item in items)
    assert set(whole) <= {"sheetId"}
    (opened,) = items[0]["unprotectedRanges"]
    assert opened == {**whole, "startRowIndex": 1}
    closed = [OFFICERS.columns[item["startColumnIndex"]].header for item in columns]
    assert closed == ["Peran", "Akun"]
    assert all("endRowIndex" not in item and item["startRowIndex"] == 1 for item in columns)


def test_an_older_spreadsheet_is_closed_at_the_next_start(sheet: Sheet) -> None:
    provisioned(sheet, *TABS)
    items = [item for item in look(sheet, OFFICERS.title)["protectedRanges"] if item["description"] == GUARDED]
    sheet.batch([{"deleteProtectedRange": {"protectedRangeId": item["protectedRangeId"]}} for item in items])
    assert [next(iter(request)) for request in planned(sheet, TABS)] == ["addProtectedRange"] * 3
    provisioned(sheet, *TABS)
    assert planned(sheet, TABS) == []
    inner = {"range": {"sheetId": sheet.sheet_ids()[OFFICERS.title]}, "description": GUARDED}
    sheet.batch([{"addProtectedRange": {"protectedRange": inner}}])
    assert [next(iter(request)) for request in planned(sheet, TABS)] == ["deleteProtectedRange"]


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.title)
def test_every_row_takes_text_and_choices_to_the_last_one_and_beyond(running: Running, fresh: Sheet, tab: Tab) -> None:
    last = look(fresh, tab.title)["properties"]["gridProperties"]["rowCount"]
    (row,) = look(fresh, tab.title, f"{last}:{last}")["data"][0]["rowData"]
    for column, found in zip(tab.columns, row["values"], strict=False):
        kind = found["userEnteredFormat"].get("numberFormat", {}).get("type")
        assert kind == (None if column.kind is Kind.CHECKBOX else "TEXT"), column.header
        assert ("dataValidation" in found) == (column.kind in {Kind.CHOICE, Kind.CHECKBOX}), column.header
    assert len(row["values"]) == len(tab.columns)


def test_choices_follow_the_column_that_holds_them(fresh: Sheet) -> None:
    place = locate(REGISTER, [column.header for column in REGISTER.columns]).positions["corrected_bidang"]
    row = look(fresh, "Register")["data"][0]["rowData"][1]["values"]
    condition = row[place]["dataValidation"]["condition"]
    assert condition == {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": "='Bidang'!$A$2:$A"}]}


def test_colours_are_laid_once(fresh: Sheet) -> None:
    for tab in TABS:
        rules = look(fresh, tab.title).get("conditionalFormats", [])
        texts = [rule["booleanRule"]["condition"]["values"][0]["userEnteredValue"] for rule in rules]
        assert texts == [colour.text for colour in tab.colours]


# -- the plan, pure -----------------------------------------------------------------------------------------------


def described(tab: Tab, header: Sequence[str], **properties: Any) -> dict[str, Any]:
    grid = {"rowCount": 1000, "columnCount": max(26, len(header)), "frozenRowCount": 1}
    cells = [{"userEnteredValue": {"stringValue": title}} if title else {} for title in header]
    told = {"title": tab.title, "sheetId": 5, "gridProperties": grid} | properties
    return {"sheets": [{"properties": told, "data": [{"rowData": [{"values": cells}]}]}]}


def requests_of(requests: Sequence[Mapping[str, Any]], kind: str) -> list[Any]:
    return [request[kind] for request in requests if kind in request]


def written_headers(requests: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """Header texts that the plan writes, by place."""
    return {
        update["start"]["columnIndex"]: update["rows"][0]["values"][0]["userEnteredValue"]["stringValue"]
        for update in requests_of(requests, "updateCells")
        if update["start"]["rowIndex"] == 0
    }


def small_plan(spreadsheet: Mapping[str, Any], **options: Any) -> list[dict[str, Any]]:
    return plan(spreadsheet, **{"editor": EDITOR, "used_rows": {}, "tabs": [SMALL]} | options)


HEADERS = [column.header for column in SMALL.columns]


def test_plan_depends_on_its_arguments_only_and_leaves_them_alone() -> None:
    spreadsheet = described(SMALL, ["Pelapor", "", "Tiket"])
    before = copy.deepcopy(spreadsheet)
    assert small_plan(spreadsheet) == small_plan(spreadsheet)
    assert spreadsheet == before


def test_plan_for_nothing_makes_every_tab_with_an_id_of_its_own() -> None:
    made = [request["properties"] for request in requests_of(plan({}, editor=EDITOR, used_rows={}), "addSheet")]
    assert [properties["title"] for properties in made] == [tab.title for tab in TABS]
    assert len({properties["sheetId"] for properties in made}) == len(TABS)


def test_new_tab_does_not_take_an_id_in_use() -> None:
    spreadsheet = described(Tab("Lembar Kantor", ()), ["x"], sheetId=1001)
    (made,) = requests_of(small_plan(spreadsheet), "addSheet")
    assert made["properties"]["sheetId"] not in {0, 1001}


def test_other_tabs_are_not_touched() -> None:
    spreadsheet = described(Tab("Sheet1", ()), ["Tiket", "Tiket"], sheetId=0)
    requests = plan(spreadsheet, editor=EDITOR, used_rows={})
    ids = {number for request in requests for number in sheet_ids_in(request)}
    assert 0 not in ids
    assert len(ids) == len(TABS)


def sheet_ids_in(value: Any) -> Iterator[int]:
    if isinstance(value, dict):
        yield from (number for name, number in value.items() if name == "sheetId")
        yield from (number for item in value.values() for number in sheet_ids_in(item))
    elif isinstance(value, list):
        yield from (number for item in value for number in sheet_ids_in(item))


MIGRATIONS = {
    # header as found: the headers written, by place
    "complete": (HEADERS, {}),
    "in another order with staff's own": (["Warna", *reversed(HEADERS), "Catatan Budi"], {}),
    "other case": ([header.upper() for header in HEADERS], {}),
    "one missing": ([*HEADERS[:3], *HEADERS[4:]], {6: "Kontak"}),
    "two missing, staff's own last": (["Tiket", *HEADERS[2:-1], "Warna"], {6: "Nomor", 7: "Catatan Sistem"}),
    "older header": (["Tiket", "Nomor", "Pelapor", *HEADERS[3:]], {2: "Nama Pelapor"}),
    "oldest header in other case": (["Tiket", "Nomor", " nama ", *HEADERS[3:]], {2: "Nama Pelapor"}),
    "older header beside the new": (["Nama", *HEADERS], {}),
    "older header beside the new in other case": (["Nama", *[header.upper() for header in HEADERS]], {}),
    "both older headers": (["Tiket", "Nomor", "Nama", "Pelapor", *HEADERS[3:]], {3: "Nama Pelapor"}),
    "trailing empty headers": ([*HEADERS[:-1], "", "", ""], {6: "Catatan Sistem"}),
    "a gap": ([*HEADERS[:3], "", *HEADERS[4:]], {7: "Kontak"}),
    "doubled": ([*HEADERS, "Kontak"], {}),
    "doubled and missing": ([*HEADERS[:-1], "Kontak"], {7: "Catatan Sistem"}),
}


@pytest.mark.parametrize(("header", "written"), MIGRATIONS.values(), ids=MIGRATIONS)
def test_headers_are_written_where_they_are_missing_only(header: list[str], written: dict[int, str]) -> None:
    assert written_headers(small_plan(described(SMALL, header))) == written


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.title)
def test_doubled_header_is_left_to_people_and_the_rest_is_done(tab: Tab) -> None:
    for doubled in tab.columns:
        header = [*(column.header for column in tab.columns), doubled.header]
        spreadsheet = described(tab, header)
        requests = plan(spreadsheet, editor=EDITOR, used_rows={})
        own = [request for request in requests if 5 in set(sheet_ids_in(request))]
        assert written_headers(own) == {}
        touched = {
            place
            for kind in ("repeatCell", "setDataValidation")
            for request in requests_of(own, kind)
            for place in range(request["range"]["startColumnIndex"], request["range"]["endColumnIndex"])
        }
        assert {header[place] for place in touched} == {column.header for column in tab.columns} - {doubled.header}


def test_plan_sets_no_choices_from_a_column_that_is_doubled() -> None:
    spreadsheet = described(BIDANG, ["Kode", "Nama Bidang", "Kategori", "Kode", "Catatan Sistem"])
    rules = requests_of(plan(spreadsheet, editor=EDITOR, used_rows={}), "setDataValidation")
    assert not [rule for rule in rules if "Bidang" in str(rule)]
    assert [rule for rule in rules if "Petugas" in str(rule)], "the others are set"


ESTABLISHED = {
    # header as found, keys laid out before: the headers written, by place
    "renamed by staff": (["Tiket", "No.", *HEADERS[2:]], HEADERS, {}),
    "removed by staff": (HEADERS[:3], HEADERS, {}),
    "new in this version": (HEADERS[:-1], HEADERS[:-1], {6: "Catatan Sistem"}),
    "new in this version, another removed": (HEADERS[1:-1], HEADERS[:-1], {5: "Catatan Sistem"}),
    "older header": (["Tiket", "Nomor", "Pelapor", *HEADERS[3:]], HEADERS, {2: "Nama Pelapor"}),
    "blank row above": ([], HEADERS, {}),
    "row of staff's own above": (["REGISTER PENGADUAN", "", "2026"], HEADERS, {}),
    "blank row above, columns new in this version": ([], HEADERS[:3], {}),
}


@pytest.mark.parametrize(("header", "laid_out", "written"), ESTABLISHED.values(), ids=ESTABLISHED)
def test_column_that_was_there_before_is_not_added_behind_the_staffs_back(
    header: list[str], laid_out: list[str], written: dict[int, str]
) -> None:
    keys = [column.key for column in SMALL.columns if column.header in laid_out]
    assert written_headers(small_plan(described(SMALL, header), established={"Kecil": keys})) == written


def test_tab_that_was_laid_out_is_left_alone_while_its_headers_are_gone(sheet: Sheet) -> None:
    """Staff put rows above the headers, then the worker starts anew: their rows stay, and so does the protection."""
    provisioned(sheet, *TABS)
    established = {tab.title: [column.key for column in tab.columns] for tab in TABS}
    for number in range(1, 4):
        for tab in TABS:
            span = {"sheetId": sheet.sheet_ids()[tab.title], "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
            sheet.batch([{"insertDimension": {"range": span}}])
        described = sheet.describe([tab.title for tab in TABS])
        for used in ({}, {tab.title: 60 for tab in TABS}):
            assert plan(described, editor=EDITOR, used_rows=used, established=established) == [], number
    for tab in TABS:
        span = {"sheetId": sheet.sheet_ids()[tab.title], "dimension": "ROWS", "startIndex": 0, "endIndex": 3}
        sheet.batch([{"deleteDimension": {"range": span}}])
    assert planned(sheet, TABS) == [], "all is as before once staff removed the rows"


def test_one_tab_without_headers_does_not_keep_the_others_from_being_laid_out(sheet: Sheet) -> None:
    new_tab(sheet, "Bidang", [[], ["Sekretariat", "Sekretariat Dinas"]])
    provisioned(sheet, *TABS)
    assert locate(REGISTER, sheet.read(["Register"])["Register"].header).sound
    assert sheet.read(["Bidang"])["Bidang"].rows == (("Sekretariat", "Sekretariat Dinas"),)
    assert planned(sheet, TABS) == []


FILLED = {
    # row 1, row 2, rows in use as last read: whether the tab is taken for a new one
    "empty": ([], [], 1, True),
    "empty, never read": ([], [], None, True),
    "headers in row 2": ([], HEADERS, None, False),
    "a cell in row 2": ([], ["", "", "x"], None, False),
    "rows further down": ([], [], 7, False),
}


@pytest.mark.parametrize(("first", "second", "used", "new"), FILLED.values(), ids=FILLED)
def test_tab_with_rows_but_without_headers_is_not_taken_for_a_new_one(
    first: list[str], second: list[str], used: int | None, new: bool
) -> None:
    seeded = BIDANG
    spreadsheet = described(seeded, first)
    spreadsheet["sheets"][0]["data"][0]["rowData"].append({"values": [cell(text) for text in second]})
    used_rows = {} if used is None else {seeded.title: used}
    requests = plan(spreadsheet, editor=EDITOR, used_rows=used_rows, tabs=[seeded])
    assert bool(requests) is new
    assert bool(requests_of(requests, "updateCells")) is new


def test_row_2_that_only_a_formula_fills_counts_as_filled() -> None:
    spreadsheet = described(SMALL, [])
    shown = {"values": [{"effectiveValue": {"stringValue": "x"}}]}
    spreadsheet["sheets"][0]["data"][0]["rowData"].append(shown)
    assert small_plan(spreadsheet) == []


ROWS = {"none used": (0, 0), "half": (500, 0), "one too many": (501, 501), "all": (1000, 1000), "beyond": (5000, 5000)}


@pytest.mark.parametrize(("used", "added"), ROWS.values(), ids=ROWS)
def test_spare_rows_grow_when_the_used_ones_come_near_the_end(used: int, added: int) -> None:
    requests = small_plan(described(SMALL, HEADERS), used_rows={"Kecil": used})
    more = [request["length"] for request in requests_of(requests, "appendDimension")]
    assert more == ([added] if added else [])


def test_rows_that_are_added_take_text_and_choices_as_well(sheet: Sheet) -> None:
    provisioned(sheet, SMALL)
    requests = planned(sheet, [SMALL], {"Kecil": 900})
    formatted = [request["range"]["startColumnIndex"] for request in requests_of(requests, "repeatCell")]
    assert formatted == list(range(len(HEADERS)))
    assert len(requests_of(requests, "setDataValidation")) == 2
    sheet.batch(requests)
    (row,) = look(sheet, "Kecil", "1900:1900")["data"][0]["rowData"]
    assert [found["userEnteredFormat"].get("numberFormat", {}).get("type") for found in row["values"]] == [
        None if column.kind is Kind.CHECKBOX else "TEXT" for column in SMALL.columns
    ]
    assert planned(sheet, [SMALL], {"Kecil": 900}) == []


# -- spreadsheets that people have worked in ----------------------------------------------------------------------

OLD_ROWS: list[list[CellValue]] = [
    ["Warna", "Pelapor", "Tiket", "", "Kirim", "Catatan Budi"],
    ["merah", "Ibu Contoh", "7K3M-Q9TX-2", "tanpa judul", True, "0042", "di luar judul"],
    ["", "=bukan rumus", "", "", False, -5.5],
    [],
    ["biru", "+62812", "0000-0000-0", "x", "", "@budi", "", "jauh di kanan"],
]


def test_older_layout_is_migrated_without_touching_what_people_wrote(sheet: Sheet) -> None:
    new_tab(sheet, "Kecil", OLD_ROWS)
    before = columns_of(sheet, "Kecil")
    provisioned(sheet, SMALL)
    after = columns_of(sheet, "Kecil")
    assert {title: after[title] for title in before if title != "Pelapor"} == {
        title: cells for title, cells in before.items() if title != "Pelapor"
    }
    assert after["Nama Pelapor"] == before["Pelapor"]
    header = sheet.read(["Kecil"])["Kecil"].header
    assert list(header[:6]) == ["Warna", "Nama Pelapor", "Tiket", "", "Kirim", "Catatan Budi"]
    assert list(header[6:]) == ["Nomor", "Kontak", "Tindakan", "Catatan Sistem"]
    assert {title: set(after[title]) for title in header[6:]} == {str(title): {""} for title in header[6:]}
    assert planned(sheet, [SMALL]) == []


def test_full_sheet_gets_columns_at_its_right(sheet: Sheet) -> None:
    new_tab(sheet, "Kecil", [["Warna", "Tiket"], ["merah", "x"]], columns=2)
    provisioned(sheet, SMALL)
    assert columns_of(sheet, "Kecil")["Warna"] == ["merah"]
    assert locate(SMALL, sheet.read(["Kecil"])["Kecil"].header).sound
    assert planned(sheet, [SMALL]) == []


TITLES = st.sampled_from([*HEADERS, "Pelapor", "", "Warna", "Catatan Budi"])
CELLS = st.sampled_from(["", "teks", "=1", "0042", "👋"]) | st.booleans() | st.integers(-9, 9)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    header=st.lists(TITLES, min_size=1, max_size=9, unique_by=lambda title: title or object()),
    rows=st.lists(st.lists(CELLS, max_size=11), max_size=3),
)
def test_any_layout_is_migrated_once_and_keeps_its_cells(
    running: Running, header: list[str], rows: list[list[CellValue]]
) -> None:
    sheet = running.new_sheet()
    new_tab(sheet, "Kecil", [header, *rows])
    before = columns_of(sheet, "Kecil")
    provisioned(sheet, SMALL)
    after = columns_of(sheet, "Kecil")
    assert planned(sheet, [SMALL]) == []
    sheet.close()
    if not any(header) and any(value != "" for row in rows[:1] for value in row):
        assert after == before, "rows without headers are left to people"
        return
    if any(header):  # else the tab was empty and has been laid out from the left
        renamed = "Pelapor" in header and "Nama Pelapor" not in header
        kept = {("Nama Pelapor" if renamed and title == "Pelapor" else title): cells for title, cells in before.items()}
        assert {title: after.get(title) for title in kept} == kept
    assert {column.header for column in SMALL.columns} <= set(after)


def test_columns_that_staff_moved_keep_their_cells_choices_and_protection(sheet: Sheet) -> None:
    provisioned(sheet, *TABS)
    place = sheet.sheet_ids()
    moves = {"Register": [(0, 10), (13, 2), (25, 0)], "Bidang": [(0, 3)], "Petugas": [(2, 0)]}
    for title, steps in moves.items():
        for source, target in steps:
            span = {"sheetId": place[title], "dimension": "COLUMNS", "startIndex": source, "endIndex": source + 1}
            sheet.batch([{"moveDimension": {"source": span, "destinationIndex": target}}])
    before = {tab.title: columns_of(sheet, tab.title) for tab in TABS}
    headers = {title: values.header for title, values in sheet.read([tab.title for tab in TABS]).items()}
    assert headers["Bidang"] == ("Nama Bidang", "Kategori", "Kode", "Catatan Sistem")

    provisioned(sheet, *TABS)
    assert planned(sheet, TABS) == []
    assert {tab.title: columns_of(sheet, tab.title) for tab in TABS} == before
    assert {title: values.header for title, values in sheet.read([tab.title for tab in TABS]).items()} == headers
    for tab in (REGISTER, BIDANG, OFFICERS):
        found = look(sheet, tab.title)
        closed = {
            headers[tab.title][column]
            for item in found["protectedRanges"]
            if item["range"].get("startRowIndex") == 1
            for column in range(item["range"].get("startColumnIndex", 0), item["range"]["endColumnIndex"])
        }
        assert closed == {column.header for column in tab.columns if column.owner is Owner.SYSTEM or column.guarded}
    rules = look(sheet, "Register")["data"][0]["rowData"][1]["values"]
    condition = rules[headers["Register"].index("Koreksi Disposisi")]["dataValidation"]["condition"]
    assert condition["values"] == [{"userEnteredValue": "=Bidang!$C$2:$C"}]


def test_what_staff_set_up_for_themselves_stays(sheet: Sheet) -> None:
    sheet_id = new_tab(sheet, "Kecil", [["Tiket", "Pelapor", "Warna"], ["x", "y", "merah"]])
    whole = {"sheetId": sheet_id, "startRowIndex": 0, "endRowIndex": 5, "startColumnIndex": 0, "endColumnIndex": 3}
    span = {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 3}
    own = {"range": whole | {"startColumnIndex": 2}, "description": "milik Budi", "editors": {"users": [EDITOR]}}
    sheet.batch(
        [
            {"updateDimensionProperties": {"range": span, "properties": {"pixelSize": 333}, "fields": "pixelSize"}},
            {
                "updateSheetProperties": {
                    "properties": {
                        "sheetId": sheet_id,
                        "gridProperties": {"frozenRowCount": 1, "frozenColumnCount": 2},
                    },
                    "fields": "gridProperties(frozenRowCount,frozenColumnCount)",
                }
            },
            {"setBasicFilter": {"filter": {"range": whole}}},
            {"addProtectedRange": {"protectedRange": own}},
        ]
    )
    before = look(sheet, "Kecil")
    provisioned(sheet, SMALL)
    provisioned(sheet, SMALL)
    after = look(sheet, "Kecil")
    assert [line["pixelSize"] for line in after["data"][0]["columnMetadata"][:3]] == [333] * 3
    assert after["basicFilter"] == before["basicFilter"]
    assert after["properties"]["gridProperties"]["frozenColumnCount"] == 2
    assert [item for item in after["protectedRanges"] if item["description"] == "milik Budi"] == before[
        "protectedRanges"
    ]


def test_tab_that_is_empty_is_laid_out_and_one_called_sheet1_is_left_alone(sheet: Sheet) -> None:
    new_tab(sheet, "Sheet1", [["Tiket", "coretan"], ["1", "2"]])
    before = look(sheet, "Sheet1")
    provisioned(sheet, *TABS)
    assert look(sheet, "Sheet1") | {"properties": None} == before | {"properties": None}
    assert set(sheet.titles()) == {*(tab.title for tab in TABS), "Sheet1"}
    assert locate(REGISTER, sheet.read(["Register"])["Register"].header).sound


def test_colour_that_staff_removed_comes_back_and_their_own_stays(sheet: Sheet) -> None:
    provisioned(sheet, SMALL)
    place = sheet.sheet_ids()["Kecil"]
    rule = look(sheet, "Kecil")["conditionalFormats"][0]
    own = copy.deepcopy(rule)
    own["booleanRule"]["condition"]["values"] = [{"userEnteredValue": "Budi"}]
    sheet.batch(
        [
            {"deleteConditionalFormatRule": {"sheetId": place, "index": 0}},
            {"addConditionalFormatRule": {"rule": own, "index": 0}},
        ]
    )
    provisioned(sheet, SMALL)
    texts = [
        item["booleanRule"]["condition"]["values"][0]["userEnteredValue"]
        for item in look(sheet, "Kecil")["conditionalFormats"]
    ]
    assert sorted(texts) == ["Budi", "Perbaiki"]
    assert planned(sheet, [SMALL]) == []


def test_protection_of_another_editor_is_replaced(sheet: Sheet) -> None:
    provisioned(sheet, SMALL)
    requests = plan(sheet.describe(["Kecil"]), editor="baru@aduan.invalid", used_rows={}, tabs=[SMALL])
    lifted, laid = requests_of(requests, "deleteProtectedRange"), requests_of(requests, "addProtectedRange")
    assert len(lifted) == len(laid) == 2, "the header only warns, whoever it is"
    assert len(requests) == 4
    assert {tuple(item["protectedRange"]["editors"]["users"]) for item in laid} == {("baru@aduan.invalid",)}


def test_a_header_that_was_closed_in_an_older_register_only_warns(sheet: Sheet) -> None:
    provisioned(sheet, SMALL)
    standing = sheet.describe(["Kecil"])
    for item in standing["sheets"][0]["protectedRanges"]:
        if item.pop("warningOnly", False):
            item["editors"] = {"users": [EDITOR]}
    requests = plan(standing, editor=EDITOR, used_rows={}, tabs=[SMALL])
    assert [next(iter(request)) for request in requests] == ["deleteProtectedRange", "addProtectedRange"]
    assert requests[1]["addProtectedRange"]["protectedRange"]["warningOnly"]


def test_a_column_under_an_alias_is_neither_renamed_nor_added_again(sheet: Sheet) -> None:
    provisioned(sheet, SMALL)
    start = {"sheetId": sheet.sheet_ids()["Kecil"], "rowIndex": 0, "columnIndex": 2}
    rows = [{"values": [cell("Siapa (Nama Pelapor)")]}]
    sheet.batch([{"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}}])
    assert planned(sheet, [SMALL]) == []
