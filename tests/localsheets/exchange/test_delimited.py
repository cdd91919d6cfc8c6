"""Comma- and tab-separated text, out and in."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localsheets.errors import InvalidRequestError
from localsheets.exchange import csv_text, read_csv, tsv_text
from tests.localsheets.exchange.tables import a_book, an_empty_book, with_tab


def read(text, locale="en_US"):
    data = text if isinstance(text, bytes) else text.encode()
    return read_csv(data, "Data", locale).tabs[0].rows


def test_cells_are_written_as_people_see_them():
    date = {"numberFormat": {"type": "DATE", "pattern": "dd/mm/yyyy"}}
    rows = [
        ["Nama", "Tanggal", None, None],
        [],
        ['a "b", c', {"v": 46027, "f": date}, True],
        [None, None, {"n": "catatan"}],
    ]
    book = a_book(rows)
    assert csv_text(book, book.sheets[0]) == 'Nama,Tanggal,\r\n,,\r\n"a ""b"", c",05/01/2026,TRUE'


def test_locale_decides_the_decimal_mark():
    book = an_empty_book("id_ID")
    assert csv_text(book, with_tab(book, "Data", [[1.5, {"x": "=A1*2", "v": 3}]])) == '"1,5",3'


def test_what_excel_would_run_is_made_harmless_for_it():
    rows = [["=HYPERLINK(1)", "+62 811", "-", "@SUM", "\tx", -5, "a=b"]]
    book = a_book(rows)
    (shown,) = csv.reader(io.StringIO(csv_text(book, book.sheets[0], for_excel=True)))
    assert shown == ["'=HYPERLINK(1)", "'+62 811", "'-", "'@SUM", "'\tx", "-5", "a=b"]
    assert csv_text(book, book.sheets[0]).startswith("=HYPERLINK(1),+62 811,-,@SUM")


def test_an_empty_sheet_is_an_empty_text():
    book = a_book([])
    assert (csv_text(book, book.sheets[0]), tsv_text(book, book.sheets[0])) == ("", "")


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), min_size=1), min_size=1))
def test_every_text_survives_csv(rows):
    book = a_book([[text or None for text in cells] for cells in rows], size=(1000, 40))
    width = max((n + 1 for cells in rows for n, text in enumerate(cells) if text), default=0)
    height = max((n + 1 for n, cells in enumerate(rows) if any(cells)), default=0)
    wanted = [[*cells, *[""] * width][:width] for cells in rows[:height]]
    text = csv_text(book, book.sheets[0])
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        cells if any(cells) or width > 1 else [""] for cells in wanted
    ]


def test_tabs_and_line_breaks_do_not_break_tsv():
    book = a_book([["a\tb", "c\r\nd", "e\nf"]])
    assert tsv_text(book, book.sheets[0]) == "a b\tc d\te f"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b\n1,2\n", [["a", "b"], [1, 2]]),
        ("\ufeffa;b;c,d\n1;2,5;3", [["a", "b", "c,d"], [1, "2,5", 3]]),
        ("a\tb\n1\t2", [["a", "b"], [1, 2]]),
        ('"x\ny",TRUE,\n,,\n', [["x\ny", True], []]),
        ("'0042,0812-3456-789", [["0042", "0812-3456-789"]]),
        ("", []),
        ("=A1+1", [[{"x": "=A1+1"}]]),
        ("2026-01-05", [[{"v": 46027, "f": {"numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"}}}]]),
    ],
)
def test_cells_are_read_as_if_typed(text, rows):
    assert read(text) == rows


def test_an_indonesian_comma_is_decimal():
    assert read("a;b\n1,5;2", "id_ID") == [["a", "b"], [1.5, 2]]


@pytest.mark.parametrize(
    "data", [b"\xff\xfea\x00", b"a,b\n" + b"x" * 50_001, ("," * 18_300).encode(), b'a,b\n"c\x00,"d"\xe9']
)
def test_what_is_no_csv_is_refused_in_one_sentence(data):
    with pytest.raises(InvalidRequestError, match=r"\.$"):
        read(data)
