"""The Excel file: figures that its own formulas come to again, and texts that nobody computes."""

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from automation.reports import formulas
from automation.reports.document import Cell, Document, Duration, Section, Share, Table
from automation.reports.excel_rows import DataColumn, DataSheet, RowWriter
from automation.reports.xlsx import render_xlsx
from register.periods import Period
from tests.automation.reports.recalculating import differing, recalculated

PERIOD = Period.parse("2026-Q3")
COLUMNS = ("recorded", "channel", "closed", "outcome", "minutes a b")
CHANNELS = ("web", "a*", "a?b", "<5", '"x"', "ab", "(tidak diketahui)")


def document(tables: Sequence[Table]) -> Document:
    return Document("Laporan", "Triwulan III 2026", [Section("Bagian", tables=tables)], PERIOD.until, PERIOD)


def a_table(rows: Sequence[Sequence[Cell]], formula: Sequence[Sequence[str]] = ()) -> Table:
    return Table("uji", "Uji", [f"Kolom {place}" for place in range(len(rows[0]))], rows, formulas=formula)


Row = Sequence[object]


def rows_of(count: int) -> list[Row]:
    """So many complaints, from before the period until its last day."""
    first = PERIOD.first - timedelta(days=20)
    return [
        (
            first + timedelta(days=place * 111 // max(count, 1)),
            CHANNELS[place * place % len(CHANNELS)],
            PERIOD.first + timedelta(days=place % 92) if place % 3 else None,
            "selesai",
            None if place % 4 == 3 else place * 7919 % 1009,
        )
        for place in range(count)
    ]


def data(rows: Sequence[Row]) -> DataSheet:
    columns = [DataColumn(name, name.upper()) for name in COLUMNS]
    writer = RowWriter(len(columns))
    written = [writer.row((place, value) for place, value in enumerate(row) if value is not None) for row in rows]
    return DataSheet("Data", columns, written)


def counted(rows: Sequence[Row]) -> Mapping[str, int]:
    return Counter(str(row[1]) for row in rows if isinstance(row[0], date) and PERIOD.first <= row[0])


@pytest.mark.parametrize("count", [0, 1, 2, 9, 10, 11, 20, 333])
def test_formulas_come_to_the_figures_beside_them(count: int, tmp_path: Path) -> None:
    rows = rows_of(count)
    by_channel = counted(rows)
    total = sum(by_channel.values())
    minutes = sorted(row[4] for row in rows if isinstance(row[4], int))
    rank = [minutes[-(-len(minutes) * tenths // 10) - 1] if minutes else None for tenths in (5, 9)]
    channels = Table(
        "kanal",
        "Kanal",
        ("Kanal", "Jumlah", "Bagian"),
        [
            *(
                (name, by_channel.get(name, 0), Share(by_channel.get(name, 0) / total) if total else None)
                for name in CHANNELS
            ),
            ("Jumlah", total, Share(1) if total else None),
        ],
        total=True,
        formulas=[
            *(
                ("", f"COUNTIFS({formulas.IN_PERIOD},{{channel}},{formulas._equals(name)})", part)
                for name in CHANNELS
                for part in [formulas.share("{1}", formulas.RECEIVED)]
            ),
            ("", formulas.TOTAL, formulas.share("{1}", formulas.RECEIVED)),
        ],
    )
    times = a_table(
        [["Median", rank[0] and Duration(rank[0])], ["Persentil 90", None if rank[1] is None else Duration(rank[1])]],
        [["", formulas.nearest_rank("minutes a b", 5)], ["", formulas.nearest_rank("minutes a b", 9)]],
    )
    content = render_xlsx(document([channels, times]), [data(rows)])
    assert len(recalculated(content, tmp_path)) == 2 * len(CHANNELS) + 2 + 2
    assert differing(content, tmp_path) == {}


def test_a_wrong_figure_is_noticed(tmp_path: Path) -> None:
    table = a_table([["Diterima", 12345]], [["", formulas.RECEIVED]])
    assert differing(render_xlsx(document([table]), [data(rows_of(10))]), tmp_path) == {"B8": (12345, 8)}


def test_without_data_there_are_figures_alone(tmp_path: Path) -> None:
    content = render_xlsx(document([a_table([["Diterima", 7]], [["", formulas.RECEIVED]])]))
    assert recalculated(content, tmp_path) == {}
    assert load_workbook(io.BytesIO(content)).worksheets[0]["B8"].value == 7


@pytest.mark.parametrize(
    "text", ["=1+1", "+62812", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", "\r=1", "a\x00b"]
)
def test_a_text_stays_a_text(text: str) -> None:
    content = render_xlsx(document([a_table([[text, 1, text]])]), [data([[None, text]])])
    workbook = load_workbook(io.BytesIO(content))
    cells = [workbook["Laporan"]["A8"], workbook["Laporan"]["C8"], workbook["Data"]["B2"]]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert all(cell.quotePrefix is str(cell.value).startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    assert any(cell.quotePrefix for cell in cells) or not text.startswith(("=", "+", "-", "@"))


def test_how_figures_are_shown() -> None:
    row = ["Baris", 1000, Share(0.725), 3.7, Duration(95), None]
    sheet = load_workbook(io.BytesIO(render_xlsx(document([a_table([row])])))).worksheets[0]
    shown = [(cell.value, cell.number_format) for cell in sheet[8]]
    assert shown[1:] == [(1000, "#,##0"), (0.725, "0.0%"), (3.7, "0.0"), (95, '#,##0" menit"'), ("–", "General")]


def test_a_report_is_printed_as_wide_as_a_page_and_heads_are_read_whole() -> None:
    workbook = load_workbook(io.BytesIO(render_xlsx(document([a_table([["Diterima", 7]])]), [data(rows_of(3))])))
    assert workbook["Laporan"].sheet_properties.pageSetUpPr.fitToPage is True
    assert workbook["Laporan"].page_setup.fitToHeight == 0
    widths = workbook["Data"].column_dimensions
    assert all(widths[letter].width > len(head.upper()) for letter, head in zip("ABCDE", COLUMNS, strict=True))


def test_the_same_report_gives_the_same_file() -> None:
    """Whenever it is written: the time in it is that of the report."""
    once = render_xlsx(document([a_table([["Diterima", 7]])]), [data(rows_of(3))])
    properties = load_workbook(io.BytesIO(once)).properties
    assert properties.modified == properties.created == PERIOD.until.astimezone(UTC).replace(tzinfo=None)
    assert render_xlsx(document([a_table([["Diterima", 7]])]), [data(rows_of(3))]) == once
