"""The tab `Dasbor`: laid out once on a real embedded register, counted by its formulas, left to staff."""

from collections import Counter
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.regions import districts
from register.complaint import DEEMED_WITHDRAWN_LABEL, STATUS_LABELS, WITA
from register.sheet import Sheet
from sheets_schema.configuration_tabs import BIDANG
from sheets_schema.dashboard import Found, plan_dashboard, plan_history
from sheets_schema.dashboard_tab import (
    BLOCKS,
    CATEGORIES,
    DAY_RANGE,
    DISTRICTS,
    HISTORY_RANGE,
    LACKING,
    OTHERS,
    RESTRICTED,
    STATUSES,
    TITLE,
)
from sheets_schema.provisioning import TABS, plan
from sheets_schema.register_tab import CATEGORY_CHOICES, CHANNEL_CHOICES, REGISTER, URGENCY_CHOICES
from sheets_schema.seeding import seed_rows

KEYS = [column.key for column in REGISTER.columns]
DAY = "2026-11-23"
BIDANG_CODES = [str(row["code"]) for row in seed_rows(BIDANG)]
MONTHS = [("2026-10", 7, 5, 1, 2), ("2026-11", 9, 4, 2, 7)]


@pytest.fixture
def register(sheet: Sheet) -> Sheet:
    """A spreadsheet with every tab of the schema."""
    sheet.batch(plan(sheet.describe([tab.title for tab in TABS]), editor=sheet.identity, used_rows={}))
    return sheet


@pytest.fixture
def dashboard(register: Sheet) -> Sheet:
    """The same with `Dasbor`."""
    register.batch(plan_dashboard(register.dashboard()))
    return register


def sheet_id(sheet: Sheet, title: str = TITLE) -> int:
    return sheet.sheet_ids()[title]


def put(sheet: Sheet, title: str, row: int, column: int, rows: list[list[str]]) -> None:
    cells = [{"values": [{"userEnteredValue": {"stringValue": text}} if text else {} for text in r]} for r in rows]
    start = {"sheetId": sheet_id(sheet, title), "rowIndex": row, "columnIndex": column}
    sheet.batch([{"updateCells": {"rows": cells, "fields": "userEnteredValue", "start": start}}])


def insert(sheet: Sheet, title: str, dimension: str, at: int, count: int = 1) -> None:
    span = {"sheetId": sheet_id(sheet, title), "dimension": dimension, "startIndex": at, "endIndex": at + count}
    sheet.batch([{"insertDimension": {"range": span}}])


def delete_columns(sheet: Sheet, title: str, at: int, end: int) -> None:
    span = {"sheetId": sheet_id(sheet, title), "dimension": "COLUMNS", "startIndex": at, "endIndex": end}
    sheet.batch([{"deleteDimension": {"range": span}}])


def shown(sheet: Sheet) -> dict[str, dict[str, object]]:
    """What each block shows, by its key and labels, wherever it stands."""
    found, read = sheet.dashboard(), sheet.read([TITLE])[TITLE]
    rows = (read.header, *read.rows)
    told: dict[str, dict[str, object]] = {}
    for block in BLOCKS:
        place = found.place(block.range_name)
        if place:
            lines = [[*row, *[""] * 20][place[2] : place[2] + 2] for row in rows[place[0] + 1 : place[1]]]
            told[block.key] = {str(label): count for label, count in lines if label != ""}
    return told


def test_running_it_twice_changes_nothing(dashboard: Sheet) -> None:
    found = dashboard.dashboard()
    assert plan_dashboard(found) == []
    assert dashboard.titles()[:2] == [REGISTER.title, TITLE]
    assert TITLE not in {tab.title for tab in TABS}
    described = dashboard._get("", {"ranges": [TITLE], "fields": "sheets(charts,protectedRanges)"})["sheets"][0]
    kinds = [chart["spec"].get("basicChart", {}).get("chartType", "PIE") for chart in described["charts"]]
    assert kinds == ["LINE", "COLUMN", "COLUMN", "PIE", "BAR", "BAR", "BAR"]
    assert [closed["warningOnly"] for closed in described["protectedRanges"]] == [True]
    again = plan(dashboard.describe([tab.title for tab in TABS]), editor=dashboard.identity, used_rows={})
    assert again == []


def test_it_is_one_batch(register: Sheet) -> None:
    before = register.calls
    register.batch(plan_dashboard(register.dashboard()))
    assert register.calls - before == 3  # two reads and one write


def test_nothing_is_laid_out_before_the_register(sheet: Sheet) -> None:
    assert plan_dashboard(Found({"Lembar1": 0}, {}, {}, ())) == []
    assert plan_dashboard(sheet.dashboard()) == []  # it has an empty tab of that name


def test_its_words_are_those_of_the_rules() -> None:
    assert set(STATUSES) == {*STATUS_LABELS.values(), DEEMED_WITHDRAWN_LABEL}
    assert set(DISTRICTS) == {district.name for district in districts()}, "as rows name them"


ORDINARY = ("", "hari ini", "terlambat", "terlambat 3 hari kerja", "2 hari kerja lagi", "menunggu pelapor")
EMERGENCY = ("", "lewat 09.00 WITA", "lewat 20 Nov 09.00 WITA", "sebelum 09.00 WITA", "sebelum 24 Nov 09.00 WITA")
REMAINING = (
    *(
        "; ".join(part for part in (first and f"Darurat: {first}", second) if part)
        for first in EMERGENCY
        for second in ORDINARY
    ),
    "laporan: hari ini",
    "laporan: terlambat",
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "received_at": st.sampled_from(
                ["2026-11-23 09:15", "2026-11-01 00:00", "2026-10-31 23:59", "2025-11-23 08:00"]
            ),
            "channel": st.sampled_from([*CHANNEL_CHOICES, ""]),
            "status": st.sampled_from(STATUSES),
            "remaining": st.sampled_from(REMAINING),
            "bidang": st.sampled_from([*BIDANG_CODES, "Terbatas", ""]),
            "urgency": st.sampled_from([*URGENCY_CHOICES, ""]),
            "classified": st.sampled_from([*CATEGORY_CHOICES, "(terbatas)", ""]),
            "district": st.sampled_from([*DISTRICTS, "Kec. Sebulu", "(terbatas)", ""]),
        }
    ),
    max_size=40,
)


def counted(rows: list[dict[str, str]]) -> dict[str, dict[str, int]]:
    """The same numbers, by Python."""

    def each(key: str, labels: list[str] | tuple[str, ...]) -> dict[str, int]:
        by = Counter(row[key] for row in rows)
        known = {label: by[label] for label in labels}
        return known | {OTHERS: len(rows) - sum(known.values())}

    left = [row["remaining"] for row in rows]
    owed = [text for text in left if not text.startswith("laporan")]
    late = [text for text in owed if "terlambat" in text or "lewat" in text]
    today = [text for text in owed if text not in late and ("hari ini" in text or "sebelum 09.00" in text)]
    return {
        "Ringkasan": {
            "Pengaduan di register": len(rows),
            "Jatuh tempo hari ini": len(today),
            "Terlambat": len(late),
            "Darurat yang lewat batas": sum(text.startswith("Darurat: lewat") for text in left),
            "Menunggu pelapor": sum(row["status"].startswith("Menunggu") for row in rows),
            "Masuk bulan ini": MONTHS[-1][1],
            "Ditutup bulan ini": 4,
        },
        "Status": each("status", STATUSES),
        "Urgensi": each("urgency", URGENCY_CHOICES),
        "Kanal": each("channel", CHANNEL_CHOICES),
        "Bidang": each("bidang", BIDANG_CODES),
        "Kategori": each("classified", (*CATEGORIES, RESTRICTED)),
        "Kecamatan": each("district", (*DISTRICTS, RESTRICTED)),
    }


def cells_of(rows: list[dict[str, str]]) -> list[list[str]]:
    return [[({"ticket": f"T-{n}"} | row).get(key, "") for key in KEYS] for n, row in enumerate(rows)]


@settings(
    max_examples=max(settings().max_examples // 10, 2),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(ROWS)
def test_the_formulas_count_what_python_counts(dashboard: Sheet, rows: list[dict[str, str]]) -> None:
    put(dashboard, TITLE, 1, 1, [[DAY]])
    put(dashboard, REGISTER.title, 1, 0, [[""] * len(KEYS)] * 41)
    put(dashboard, REGISTER.title, 1, 0, cells_of(rows))
    dashboard.batch(plan_history(dashboard.dashboard(), MONTHS))
    assert shown(dashboard) == counted(rows)


A_ROW = {"status": "Selesai", "urgency": "Tinggi", "remaining": "terlambat", "district": "Sebulu", "channel": "Web"}
A_ROW |= {"received_at": f"{DAY} 08:00", "bidang": BIDANG_CODES[0], "classified": "PKH"}


def test_staff_may_move_columns_rows_and_blocks(dashboard: Sheet) -> None:
    put(dashboard, TITLE, 1, 1, [[DAY]])
    put(dashboard, REGISTER.title, 1, 0, cells_of([A_ROW, A_ROW]))
    insert(dashboard, REGISTER.title, "COLUMNS", 0, 2)
    insert(dashboard, REGISTER.title, "ROWS", 1)
    row = ["", "", *cells_of([A_ROW | {"ticket": "T-baru"}])[0]]
    put(dashboard, REGISTER.title, 1, 0, [row])
    insert(dashboard, TITLE, "ROWS", 0, 3)
    insert(dashboard, TITLE, "COLUMNS", 0)
    put(dashboard, TITLE, 0, 0, [["Catatan kami sendiri"]])
    dashboard.batch(plan_history(dashboard.dashboard(), MONTHS))
    assert plan_dashboard(dashboard.dashboard()) == []
    assert plan_history(dashboard.dashboard(), MONTHS) == []
    assert shown(dashboard) == counted([A_ROW] * 3)


def test_another_bidang_is_shown_by_itself(dashboard: Sheet) -> None:
    put(dashboard, BIDANG.title, 1 + len(BIDANG_CODES), 0, [["Baru"]])
    put(dashboard, REGISTER.title, 1, 0, cells_of([A_ROW | {"bidang": "Baru"}]))
    assert shown(dashboard)["Bidang"] == dict.fromkeys(BIDANG_CODES, 0) | {"Baru": 1, OTHERS: 0}


def test_a_tab_that_was_deleted_comes_back_with_its_months(dashboard: Sheet) -> None:
    dashboard.batch([{"deleteSheet": {"sheetId": sheet_id(dashboard)}}])
    dashboard.batch(plan_dashboard(dashboard.dashboard()))
    dashboard.batch(plan_history(dashboard.dashboard(), MONTHS))
    assert plan_dashboard(dashboard.dashboard()) == []
    assert shown(dashboard)["Ringkasan"]["Pengaduan di register"] == 0
    assert {HISTORY_RANGE, DAY_RANGE} <= set(dashboard.dashboard().named)


def test_names_that_outlived_their_tab_are_made_anew(register: Sheet) -> None:
    old = {"namedRangeId": "9", "name": HISTORY_RANGE, "range": {}}
    found = register.dashboard()
    requests = plan_dashboard(Found(found.sheet_ids, found.headers, {HISTORY_RANGE: old}, ()))
    assert requests[0] == {"deleteNamedRange": {"namedRangeId": "9"}}


def test_a_column_that_went_and_came_back_is_counted_again(dashboard: Sheet) -> None:
    place = KEYS.index("district")
    delete_columns(dashboard, REGISTER.title, place, place + 1)
    assert plan_dashboard(dashboard.dashboard()) == []  # nothing can be done yet
    insert(dashboard, REGISTER.title, "COLUMNS", 0)
    put(dashboard, REGISTER.title, 0, 0, [["Kecamatan"], ["Sebulu"]])
    put(dashboard, REGISTER.title, 1, 1, [["T-1"]])
    mended = plan_dashboard(dashboard.dashboard())
    assert len(mended) == 1
    dashboard.batch(mended)
    assert plan_dashboard(dashboard.dashboard()) == []
    assert shown(dashboard)["Kecamatan"]["Sebulu"] == 1


def test_a_column_that_is_missing_stops_nothing(register: Sheet) -> None:
    place = KEYS.index("urgency")
    delete_columns(register, REGISTER.title, place, place + 1)
    register.batch(plan_dashboard(register.dashboard()))
    assert plan_dashboard(register.dashboard()) == []
    assert set(shown(register)["Urgensi"].values()) == {LACKING, 0}
    assert shown(register)["Status"]["Selesai"] == 0
    insert(register, REGISTER.title, "COLUMNS", 0)
    put(register, REGISTER.title, 0, 0, [["Urgensi"]])
    register.batch(plan_dashboard(register.dashboard()))
    assert shown(register)["Urgensi"]["Tinggi"] == 0


def test_blocks_that_staff_took_away_stay_away(dashboard: Sheet) -> None:
    names = dashboard.dashboard().named
    gone = [{"deleteNamedRange": {"namedRangeId": found["namedRangeId"]}} for found in names.values()]
    dashboard.batch(gone)
    assert plan_dashboard(dashboard.dashboard()) == []
    assert plan_history(dashboard.dashboard(), MONTHS) == []


def test_months_are_written_only_where_they_differ(dashboard: Sheet) -> None:
    (first,) = plan_history(dashboard.dashboard(), MONTHS)
    dashboard.batch([first])
    assert plan_history(dashboard.dashboard(), MONTHS) == []
    many = [(f"{2020 + n // 12}-{n % 12 + 1:02d}", n, n, 0, 1) for n in range(30)]
    dashboard.batch(plan_history(dashboard.dashboard(), many))
    place = dashboard.dashboard().place(HISTORY_RANGE)
    assert place is not None
    assert dashboard.dashboard().cell(place[0], place[2]) == many[6][0]


def test_today_is_a_text_that_instants_begin_with(dashboard: Sheet) -> None:
    day = dashboard.read([TITLE])[TITLE].rows[0][1]
    assert abs((date.fromisoformat(str(day)) - datetime.now(WITA).date()).days) <= 1
