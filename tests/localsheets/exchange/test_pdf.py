"""PDF: every visible cell can be read back, the header stands on every page, nothing crashes it."""

import io

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localsheets.errors import InvalidRequestError
from localsheets.exchange import pdf
from tests.localsheets.exchange.tables import a_book, with_tab


def pages(book):
    data = pdf.document_bytes(book)
    assert data.startswith(b"%PDF")
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def test_header_title_and_page_number_stand_on_every_page():
    book = a_book([["Tiket", "Pelapor"], *[[f"T-{n:03d}", f"Warga {n}"] for n in range(100)]])
    found = pages(book)
    assert len(found) == 3
    for number, text in enumerate(found, 1):
        assert "Register – Sheet1" in text
        assert "Tiket" in text
        assert text.split()[-1] == str(number)
    for n in range(100):
        assert sum(f"T-{n:03d}" in text for text in found) == 1


def test_hidden_things_stay_out():
    book = a_book([["kepala", "rahasia"], ["tampak", "a"], ["tersembunyi", "b"]])
    book.sheets[0].columns = {1: {"pixelSize": 100, "hiddenByUser": True}}
    book.sheets[0].lines = {2: {"pixelSize": 21, "hiddenByUser": True}}
    with_tab(book, "Gudang", [["gudang"]], hidden=True)
    (text,) = pages(book)
    assert "tampak" in text
    assert not any(word in text for word in ("rahasia", "tersembunyi", "gudang"))


def test_letters_of_many_languages_and_marks():
    (text,) = pages(a_book([["“kutip” – é ā ş Ж Ω → ← ✓ ☑ ≤ € … •"]]))
    for word in ["“kutip”", "–", "é", "ā", "ş", "Ж", "Ω", "→", "←", "✓", "☑", "≤", "€", "…", "•"]:
        assert word in text


@pytest.mark.parametrize("text", ["漢字", "😀", "𝕏", "\ue000"])
def test_a_missing_letter_is_a_visible_mark(text):
    (shown,) = pages(a_book([[text]]))
    assert "\N{REPLACEMENT CHARACTER}" * len(text) in shown


def test_long_texts_are_wrapped_and_at_last_cut():
    book = a_book([["kata " * 100, "panjangsekali" * 30, "z" * 40_000]])
    text = " ".join(pages(book))
    assert text.count("kata") == 100
    assert "".join(text.split()).count("panjang") > 20
    assert "…" in text


def test_wide_sheets_fit_the_page():
    found = pages(a_book([[f"k{n}" for n in range(40)]], size=(10, 40)))
    assert len(found) == 1
    assert all(f"k{n}" in found[0] for n in range(40))


def test_too_many_pages_are_refused_at_once():
    book = a_book([["x"]] * 60_000, size=(60_000, 2))
    with pytest.raises(InvalidRequestError, match="pages"):
        pdf.document_bytes(book)


finite = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.none() | finite | st.booleans() | st.text(max_size=60), max_size=5), max_size=5))
def test_nothing_in_a_cell_crashes_it(rows):
    assert pdf.document_bytes(a_book(rows)).startswith(b"%PDF")
