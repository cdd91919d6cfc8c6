"""
What openpyxl does not put into an Excel file: the figures that formulas come to, and very many rows quickly.

It writes a formula or a figure, but not both; and a hundred thousand rows take it minutes. So it writes the file with
all styles, and this completes the sheets: figures beside their formulas, and in place of one sample row all rows.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from xml.sax.saxutils import escape

from automation.reports.excel_rows import DATED, NUMBER, QUOTED

Figure = str | int | float
Rows = Sequence[str]
SAMPLE = (date(2000, 1, 1), "=")
"""What the sample row holds, each with its style: a date, and a text that begins like a formula."""
_CELL = re.compile(r'<c r="([A-Z]+\d+)"([^>]*)><f>([^<]*)</f><v\s*(?:/>|></v>)</c>')
_SAMPLE_ROW = re.compile(r'<row r="2"[^>]*>.*?</row>', re.DOTALL)
_STYLE = re.compile(r'<c r="[AB]2"[^>]*? s="(\d+)"')
_CREATED = re.compile(r"<dcterms:created[^>]*>([^<]*)<")
_MODIFIED = re.compile(r"(<dcterms:modified[^>]*>)[^<]*<")
"""openpyxl puts the time of writing there."""
_FIRST_ROW = 2
_LEVEL = 1
"""Of compressing, from 1 to 9: a third more than with 6, in a quarter of the time."""
_PORTION = 2000
"""Rows that are written together."""


def sheet_part(place: int) -> str:
    """The name in the file of the sheet at a place, from 1."""
    return f"xl/worksheets/sheet{place}.xml"


def completed(workbook: bytes, figures: Mapping[str, Figure], data: Mapping[str, Rows]) -> bytes:
    """
    The same file with figures and rows.

    Args:
        figures: By cell of the first sheet, each of which has a formula.
        data: Rows from the second on, by part (`sheet_part`), each of which has a sample row (`excel_rows.py`).

    Raises: ValueError if a figure's cell has no formula.
    """
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as new,
    ):
        for name in old.namelist():
            text = old.read(name).decode("utf-8")
            pieces = _filled(text, data[name]) if name in data else [_finished(name, text, figures)]
            with new.open(name, "w") as part:  # by name it gets no time: the same report is to give the same file
                for piece in pieces:
                    part.write(piece.encode("utf-8"))
    return file.getvalue()


def _finished(name: str, text: str, figures: Mapping[str, Figure]) -> str:
    if name == sheet_part(1):
        return _with_figures(text, figures)
    created = _CREATED.search(text) if name == "docProps/core.xml" else None
    return _MODIFIED.sub(rf"\g<1>{created[1]}<", text) if created else text


def _with_figures(sheet: str, figures: Mapping[str, Figure]) -> str:
    found = set()

    def filled(match: re.Match[str]) -> str:
        place, attributes, formula = match.groups()
        if place not in figures:
            return match[0]
        found.add(place)
        figure = figures[place]
        kind = ' t="str"' if isinstance(figure, str) else ""
        return f'<c r="{place}"{attributes}{kind}><f>{formula}</f><v>{escape(str(figure))}</v></c>'

    text = _CELL.sub(filled, sheet)
    if missing := set(figures) - found:
        raise ValueError(f"no formula stands in {', '.join(sorted(missing))}")
    return text


def _filled(sheet: str, rows: Rows) -> Iterator[str]:
    """The sheet's text in pieces, with the rows in place of its sample."""
    sample = _SAMPLE_ROW.search(sheet)
    if sample is None:
        raise ValueError("the sheet has no sample row")
    dated, quoted = _STYLE.findall(sample[0])
    yield sheet[: sample.start()]
    for start in range(0, len(rows), _PORTION):
        numbered = [
            row.replace(NUMBER, str(number))
            for number, row in enumerate(rows[start : start + _PORTION], start=start + _FIRST_ROW)
        ]
        yield "".join(numbered).replace(DATED, dated).replace(QUOTED, quoted)
    yield sheet[sample.end() :]
