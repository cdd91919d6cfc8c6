"""
What openpyxl does not put into an Excel file: the figures that formulas come to, and very many rows quickly.

It writes a formula or a figure, but not both; and a hundred thousand rows take it minutes. So it writes the file with
all styles, and this completes the sheets: figures beside their formulas, and in place of one sample row all rows.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from xml.sax.saxutils import escape

from forms.plain_text import showable

Figure = str | int | float
Rows = Iterable[Sequence[object]]
SAMPLE = (date(2000, 1, 1), "=")
"""What the sample row holds, each with its style: a date, and a text that begins like a formula."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_CELL = re.compile(r'<c r="([A-Z]+\d+)"([^>]*)><f>([^<]*)</f><v\s*(?:/>|></v>)</c>')
_SAMPLE_ROW = re.compile(r'<row r="2"[^>]*>.*?</row>', re.DOTALL)
_STYLE = re.compile(r'<c r="[AB]2"[^>]*? s="(\d+)"')
_CREATED = re.compile(r"<dcterms:created[^>]*>([^<]*)<")
_MODIFIED = re.compile(r"(<dcterms:modified[^>]*>)[^<]*<")
"""openpyxl puts the time of writing there."""
_DAY_ZERO = date(1899, 12, 30)
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
        data: Rows from the second on, by part (`sheet_part`), each of which has a sample row: numbers, texts, dates.

    Raises: ValueError if a figure's cell has no formula.
    """
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            item = zipfile.ZipInfo(name)  # of no time, as the same report is to give the same file
            item.compress_type = zipfile.ZIP_DEFLATED
            content = old.read(name)
            if name in data:
                with new.open(item, "w") as part:
                    for text in _filled(content.decode("utf-8"), data[name]):
                        part.write(text.encode("utf-8"))
            else:
                new.writestr(item, _finished(name, content.decode("utf-8"), figures))
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
    from openpyxl.utils import get_column_letter

    sample = _SAMPLE_ROW.search(sheet)
    if sample is None:
        raise ValueError("the sheet has no sample row")
    written = _Written(*_STYLE.findall(sample[0]))
    letters: list[str] = []
    yield sheet[: sample.start()]
    waiting: list[str] = []
    for number, row in enumerate(rows, start=2):
        letters = letters or [get_column_letter(place) for place in range(1, len(row) + 1)]
        cells = [
            f'<c r="{letter}{number}{written[value]}'
            for letter, value in zip(letters, row, strict=True)
            if value is not None
        ]
        waiting.append(f'<row r="{number}">{"".join(cells)}</row>')
        if len(waiting) == _PORTION:
            yield "".join(waiting)
            waiting.clear()
    yield "".join(waiting) + sheet[sample.end() :]


class _Written(dict[object, str]):
    """What stands of a cell behind its place, by its value: few values are in very many cells."""

    def __init__(self, dated: str, quoted: str) -> None:
        super().__init__()
        self._dated, self._quoted = dated, quoted

    def __missing__(self, value: object) -> str:
        text = self[value] = self._write(value)
        return text

    def _write(self, value: object) -> str:
        if isinstance(value, str):
            text = showable(value)
            style = f' s="{self._quoted}"' if text.startswith(FORMULA_STARTS) else ""
            return f'"{style} t="inlineStr"><is><t>{escape(text)}</t></is></c>'
        if isinstance(value, date):
            return f'" s="{self._dated}"><v>{(value - _DAY_ZERO).days}</v></c>'
        return f'"><v>{value}</v></c>'
