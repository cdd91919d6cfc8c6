"""Workbooks that would fill the memory: refused with a sentence, before anything of them is built."""

import tracemalloc
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from pathlib import Path

import pytest

from automation.exchange.errors import TableError
from automation.exchange.files import opened
from automation.exchange.xlsx_inspection import (
    LARGEST_PART,
    LAST_ROW,
    LONGEST_CELL,
    MOST_ELEMENTS,
    MOST_IN_PART,
    WIDEST,
    check_size,
    facts_of,
)
from tests.automation.exchange.files_to_import import GOOD, HEADER, xlsx

pytestmark = pytest.mark.long

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
CELL, PIECE = "<c><v>1</v></c>", "kata " * 2000
ENOUGH = 20_000_000
"""Bytes that reading may take at once; each of these files would take more if it were built."""


class Pieces:
    """A part of a file that is made while it is read, so that a test need not hold it either."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces = iter(pieces)
        self.given = 0

    def read(self, _size: int) -> bytes:
        piece = next(self._pieces, "").encode()
        self.given += len(piece)
        return piece


def sheet(*parts: str | Iterable[str]) -> Iterator[str]:
    """The XML of a sheet with this in its data."""
    yield f'<worksheet xmlns="{MAIN}"><sheetData>'
    for part in parts:
        yield from [part] if isinstance(part, str) else part
    yield "</sheetData></worksheet>"


def a_lot(text: str, count: int) -> Iterator[str]:
    """The same text so many times, in pieces of a thousand."""
    yield from repeat(text * 1000, count // 1000)


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        (("<row>", a_lot(CELL, 20_000_000), "</row>"), f"{WIDEST} sel"),
        (("<row>", a_lot("<c/><row/>", 20_000_000), "</row>"), f"{WIDEST} sel"),
        (("<row>", a_lot("<z/>", 20_000_000), "</row>"), "terlalu banyak"),
        (("<row><c>", a_lot("<f/>", 20_000_000), "</c></row>"), "terlalu banyak"),
        (("<row><c><v>", repeat(PIECE, 60_000), "</v></c></row>"), f"{LONGEST_CELL} huruf"),
        (("<row><c><is><t>", repeat(PIECE, 60_000), "</t></is></c></row>"), f"{LONGEST_CELL} huruf"),
        (("<row>", repeat(f"<c><v>{PIECE * 90}</v></c>", 700), "</row>"), "terlalu banyak"),
        ((repeat(PIECE, 60_000),), "terlalu banyak"),
        ((a_lot("<z/>", 20_000_000),), "terlalu banyak"),
        (("<row z='", repeat(PIECE, 60_000), "'/>"), "terlalu banyak"),
        (("<!--", repeat(PIECE, 60_000), "-->"), "terlalu banyak"),
        ((a_lot("<row r='1'/>", 20_000_000),), f"{LAST_ROW} baris"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_sheet_is_given_up_early(parts: Sequence[str | Iterable[str]], why: str) -> None:
    part = Pieces(sheet(*parts))
    with pytest.raises(TableError) as error:
        facts_of(part)
    assert why in error.value.message
    assert part.given < ENOUGH, "the rest of it was not even read"


def test_as_much_as_excel_holds_is_read() -> None:
    row = ("<row>", "<c r='A1'><is><t>", "x" * 32_767, "</t></is></c>", a_lot(CELL, 16_000), "</row>")
    facts = facts_of(Pieces(sheet(*row, *row, "<row r='3' hidden='1'><c r='B3'><f>A1</f></c></row>")))
    assert (facts.hidden, facts.uncomputed) == ({3}, {(3, 1)})


def test_a_prefix_changes_nothing() -> None:
    cells = "<x:row hidden='1' r='1'><x:c r='B1'><x:f>A1</x:f></x:c></x:row>"
    facts = facts_of(Pieces([f"<x:worksheet xmlns:x='{MAIN}'><x:sheetData>{cells}", "</x:sheetData></x:worksheet>"]))
    assert (facts.hidden, facts.uncomputed) == ({1}, {(1, 1)})
    with pytest.raises(TableError):
        facts_of(Pieces([f"<x:worksheet xmlns:x='{MAIN}'><x:row>", *a_lot("<x:c/>", 20_000), "</x:row>"]))


def rewritten(path: Path, changed: Mapping[str, Iterable[str]]) -> None:
    """A workbook of which some parts are others; not packed, or it would be refused for how much it swells."""
    xlsx(HEADER, GOOD)(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name not in changed}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
        for name, pieces in changed.items():
            with archive.open(name, "w") as file:
                for piece in pieces:
                    file.write(piece.encode())


@pytest.mark.parametrize(
    ("part", "pieces", "why"),
    [
        (SHEET, lambda: sheet("<row>", a_lot(CELL, 20_000), "</row>"), f"{WIDEST} sel"),
        (SHEET, lambda: sheet("<row><c t='str'><v>", repeat(PIECE, 110), "</v></c></row>"), f"{LONGEST_CELL} huruf"),
        ("xl/styles.xml", lambda: ["<a>", *a_lot("<b/>", MOST_ELEMENTS + 1000), "</a>"], "terlalu besar"),
    ],
    ids=["cells", "characters", "styles"],
)
def test_a_workbook_is_refused_when_it_is_opened(
    part: str, pieces: Callable[[], Iterable[str]], why: str, tmp_path: Path
) -> None:
    path = tmp_path / "besar.xlsx"
    rewritten(path, {part: pieces()})
    tracemalloc.start()
    try:
        with pytest.raises(TableError) as error, opened(path):
            pass
        assert tracemalloc.get_traced_memory()[1] < ENOUGH
    finally:
        tracemalloc.stop()
    assert why in error.value.message


def test_shared_texts_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "teks.xlsx"
    rewritten(path, {TEXTS: ["<a>", *a_lot("<b/>", MOST_IN_PART + 1000), "</a>"]})
    with pytest.raises(TableError) as error, opened(path):
        pass
    assert "terlalu besar" in error.value.message


def test_a_shared_text_is_no_longer_than_a_cell(tmp_path: Path) -> None:
    path = tmp_path / "teks.xlsx"
    texts = [f'<sst xmlns="{MAIN}"><si><t>', *repeat(PIECE, 110), "</t></si></sst>"]
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    types = [
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">',
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>',
        f'<Override PartName="/{TEXTS}" ContentType="{kind}.sharedStrings+xml"/></Types>',
    ]
    rewritten(path, {"[Content_Types].xml": types, TEXTS: texts, SHEET: sheet("<row><c t='s'><v>0</v></c></row>")})
    with pytest.raises(TableError) as error, opened(path) as tables:
        list(tables.rows(tables.names[0]))
    assert f"{LONGEST_CELL} huruf" in error.value.message


@pytest.mark.parametrize(("name", "refused"), [(TEXTS, True), ("xl/media/foto.png", True), (SHEET, False)])
def test_only_a_sheet_may_be_that_large(name: str, refused: bool, tmp_path: Path) -> None:
    """Told from what the archive says of itself; nothing is unpacked."""
    path = tmp_path / "besar.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive, archive.open(name, "w") as file:
        for number in range(LARGEST_PART // 1_000_000 + 1):
            file.write(f"{number:08d} {number * 7919:011d}".encode() * 50_000)
    if not refused:
        check_size(path)
        return
    with pytest.raises(TableError) as error:
        check_size(path)
    assert "terlalu besar" in error.value.message
