"""OpenDocument: a well-formed package with typed values."""

import io
import re
import zipfile
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from localsheets.exchange import ods
from tests.localsheets.exchange.tables import a_book, with_tab

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def content(book):
    with zipfile.ZipFile(io.BytesIO(ods.document_bytes(book))) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.read("mimetype").decode() == ods.MIME_TYPE
        ET.fromstring(archive.read("META-INF/manifest.xml"))
        return ET.fromstring(archive.read("content.xml"))


def cells(book):
    return [
        [_value(cell) for cell in row.iter(f"{TABLE}table-cell")] for row in content(book).iter(f"{TABLE}table-row")
    ]


def _value(cell):
    kind = cell.get(f"{OFFICE}value-type")
    if kind == "string":
        return "\n".join(map(_text, cell.iter(f"{TEXT}p")))
    names = {"boolean": "boolean-value", "date": "date-value", "time": "time-value"}
    return kind, cell.get(OFFICE + names.get(kind, "value"))


def _text(paragraph):
    parts = [paragraph.text or ""]
    for inner in paragraph:
        parts += [" " * int(inner.get(f"{TEXT}c", 1)) if inner.tag == f"{TEXT}s" else "\t", inner.tail or ""]
    return "".join(parts)


def formatted(value, kind):
    return {"v": value, "f": {"numberFormat": {"type": kind}}}


def test_values_keep_their_types():
    rows = [
        ["teks", 1.5, True, None, formatted(46027, "DATE"), formatted(46027.5, "DATE_TIME")],
        [formatted(0.25, "TIME"), formatted(0.5, "PERCENT"), {"x": "=A1", "v": 7}],
    ]
    assert cells(a_book(rows)) == [
        [
            "teks",
            ("float", "1.5"),
            ("boolean", "true"),
            (None, None),
            ("date", "2026-01-05"),
            ("date", "2026-01-05T12:00:00"),
        ],
        [("time", "PT06H00M00S"), ("percentage", "0.5"), ("float", "7")],
    ]


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_every_text_is_well_formed_and_comes_back(text):
    clean = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\N{REPLACEMENT CHARACTER}", text)
    assert cells(a_book([[text]])) == [[re.sub("\r\n?", "\n", clean)]]


def test_hidden_tabs_and_lines_stay_hidden():
    book = a_book([["a", "b"], ["c", "d"]])
    book.sheets[0].columns = {1: {"pixelSize": 300, "hiddenByUser": True}}
    book.sheets[0].lines = {1: {"pixelSize": 21, "hiddenByUser": True}}
    with_tab(book, 'Dua <&"', [], hidden=True)
    tree = content(book)
    tables = list(tree.iter(f"{TABLE}table"))
    assert [t.get(f"{TABLE}name") for t in tables] == ["Sheet1", 'Dua <&"']
    assert [t.get(f"{TABLE}style-name") for t in tables] == ["t-true", "t-false"]
    assert [c.get(f"{TABLE}visibility") for c in tables[0].iter(f"{TABLE}table-column")] == [None, "collapse"]
    assert [r.get(f"{TABLE}visibility") for r in tables[0].iter(f"{TABLE}table-row")] == [None, "collapse"]
