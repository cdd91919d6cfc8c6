"""Whatever stands in a table: a row is an entry or has troubles, and no file makes the reader fail otherwise."""

import io
import zipfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from automation.exchange.checking import Entry, check_row
from automation.exchange.csv_text import CsvFile
from automation.exchange.files import opened
from automation.exchange.heading import Head
from automation.exchange.importing import source_of
from automation.exchange.mapping import load, proposed, shipped
from automation.exchange.table import RawRow, text_of
from register.errors import AduanError
from tests.automation.exchange.files_to_import import GOOD, HEADER, xlsx

NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
COLUMNS = (
    *HEADER,
    "NIK",
    "Kontak",
    "Kecamatan",
    "Desa",
    "Kategori",
    "Identitas",
    "Tanggal Selesai",
    "Jam",
    "Tanggal Kejadian",
)
_TYPED = st.sampled_from(
    [
        *GOOD,
        "31/12/99999",
        "0812.../0813",
        "pukul 25.99",
        "9:15",
        "6,40299E+15",
        "=1+1",
        "PKH",
        "Maluhu",
        "Anonim",
        "-",
        "45000",
        "1e308",
    ]
)
CELLS = st.one_of(
    _TYPED,
    st.text(max_size=30),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.datetimes(),
)


@given(st.lists(CELLS, max_size=len(COLUMNS) + 2), st.dictionaries(st.integers(-1, 20), st.just("rusak"), max_size=2))
def test_any_row_is_an_entry_or_has_troubles(cells: list[object], broken: dict[int, str]) -> None:
    mapping = shipped()["buku"]
    head = Head(1, COLUMNS, mapping.places(COLUMNS))
    found = check_row(RawRow(7, cells, broken), head, mapping, NOW, all_cells=True)
    if isinstance(found, Entry):
        assert found.received_at <= NOW
        assert found.intake.description
        assert found.closed == (found.closed_at is not None)
        return
    assert found, "what is not taken is explained"
    for trouble in found:
        assert trouble.row == 7
        typed = [text_of(cell) for cell in cells if len(text_of(cell)) > 12 and text_of(cell) not in GOOD]
        assert not any(text in trouble.what for text in typed), "what people wrote is not told on screens and in logs"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400) | st.text('a1",;\t\r\n\0é', max_size=80).map(str.encode))
def test_any_bytes_are_a_table_or_refused_with_a_sentence(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "apa saja.csv"
    path.write_bytes(data)
    with suppress(AduanError), opened(path) as tables:
        for name in tables.names:
            numbers = [row.number for row in tables.rows(name)]
            assert numbers == list(range(1, len(numbers) + 1))
        source_of(tables, list(shipped().values()))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=20))
def test_a_damaged_xlsx_is_read_or_refused_with_a_sentence(tmp_path: Path, at: int, damage: bytes) -> None:
    whole, packed = tmp_path / "utuh.xlsx", io.BytesIO()
    if not whole.exists():
        xlsx(HEADER, GOOD)(whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(packed, "w") as target:
        for part in source.infolist():
            data = source.read(part)
            place = at % max(len(data), 1)
            spoilt = part.filename.endswith(("sheet1.xml", "sharedStrings.xml", "workbook.xml"))
            target.writestr(part, data[:place] + damage + data[place + len(damage) :] if spoilt else data)
    path = tmp_path / "rusak.xlsx"
    path.write_bytes(packed.getvalue())
    with suppress(AduanError), opened(path) as tables:
        for name in tables.names:
            list(tables.rows(name))


@given(st.lists(st.text(max_size=20), max_size=8), st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_a_proposed_mapping_can_always_be_read(header: list[str], name: str) -> None:
    assert load(proposed(header, name)).name == name


@settings(max_examples=40)
@given(st.lists(st.lists(st.text("a\"',;=\n é", max_size=6), min_size=2, max_size=4), min_size=1, max_size=5))
def test_what_we_write_as_csv_is_read_cell_by_cell(tmp_path_factory: object, rows: list[list[str]]) -> None:
    from automation.exchange.exporting import write_csv

    width = max(map(len, rows))
    table = [("kepala; satu", *["x"] * (width - 1)), *((*each, *["x"] * (width - len(each))) for each in rows)]
    file = io.StringIO(newline="")
    write_csv(table, file)
    path = tmp_path_factory.getbasetemp() / "tulis.csv"  # type: ignore[attr-defined]
    path.write_bytes(file.getvalue().encode())
    tables = CsvFile(path)
    assert tables.separator == ";"
    assert [tuple(row.cells) for row in tables.rows()] == table
