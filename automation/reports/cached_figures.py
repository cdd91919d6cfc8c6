"""
What formulas come to, put into an Excel file beside them: openpyxl writes a formula or a figure, but not both.

A file without figures shows empty cells wherever nothing calculates.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

Figure = str | int | float
_CELL = re.compile(r'<c r="([A-Z]+\d+)"([^>]*)><f>([^<]*)</f><v\s*(?:/>|></v>)</c>')


def with_cached(workbook: bytes, part: str, figures: Mapping[str, Figure]) -> bytes:
    """
    The same file with figures.

    Args:
        part: Of which sheet, by its name in the file: `xl/worksheets/sheet1.xml`.
        figures: By cell, each of which has a formula.

    Raises: ValueError if one has none.
    """
    file, found = io.BytesIO(), set()

    def filled(match: re.Match[str]) -> str:
        place, attributes, formula = match.groups()
        if place not in figures:
            return match[0]
        found.add(place)
        figure = figures[place]
        kind = ' t="str"' if isinstance(figure, str) else ""
        return f'<c r="{place}"{attributes}{kind}><f>{formula}</f><v>{escape(str(figure))}</v></c>'

    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            text = old.read(item)
            if item.filename == part:
                text = _CELL.sub(filled, text.decode("utf-8")).encode("utf-8")
            new.writestr(zipfile.ZipInfo(item.filename), text, zipfile.ZIP_DEFLATED)
    if missing := set(figures) - found:
        raise ValueError(f"no formula stands in {', '.join(sorted(missing))}")
    return file.getvalue()
