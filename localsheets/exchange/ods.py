"""
A spreadsheet as an OpenDocument sheet: values with their types, hidden lines and tabs, widths.

Formulas are left as their results, and looks behind; who needs these takes XLSX.
Source: https://docs.oasis-open.org/office/OpenDocument/v1.3/os/part3-schema/OpenDocument-v1.3-os-part3-schema.html
"""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from localsheets.exchange.extent import is_hidden, used_size
from localsheets.formats.serials import moment_of
from localsheets.model.book import Book
from localsheets.model.cells import Cell, cell_at, formatted, value_of
from localsheets.model.layers import NumberFormats
from localsheets.model.sheet import Sheet

MIME_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{place}:1.0"'
    for name, place in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("number", "datastyle"),
        ("fo", "xsl-fo-compatible"),
    )
)
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MIME_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def _parts(mark: str, *names: str) -> str:
    """Parts of a date or a time with a mark between them, each with a leading zero."""
    return f"<number:text>{mark}</number:text>".join(f'<number:{name} number:style="long"/>' for name in names)


_DAY, _CLOCK = _parts("-", "year", "month", "day"), _parts(":", "hours", "minutes", "seconds")
_NUMBER_STYLES = {
    "DATE": f'<number:date-style style:name="n-DATE">{_DAY}</number:date-style>',
    "DATE_TIME": (
        f'<number:date-style style:name="n-DATE_TIME">{_DAY}<number:text> </number:text>{_CLOCK}</number:date-style>'
    ),
    "TIME": f'<number:time-style style:name="n-TIME">{_CLOCK}</number:time-style>',
    "PERCENT": (
        '<number:percentage-style style:name="n-PERCENT"><number:number number:decimal-places="2"'
        ' number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>'
    ),
}
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile(r"^ | {2,}|\t")


def document_bytes(book: Book) -> bytes:
    """The whole spreadsheet as ODS; the part that names the format comes first and unpacked, as readers expect."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MIME_TYPE, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        with archive.open("content.xml", "w", force_zip64=True) as content:
            for piece in _content(book):
                content.write(piece.encode())
    return written.getvalue()


def _content(book: Book) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMESPACES} office:version="1.3">'
    yield f"<office:automatic-styles>{''.join(_styles(book))}</office:automatic-styles>"
    yield "<office:body><office:spreadsheet>"
    for sheet in book.sheets:
        yield from _table(book, sheet)
    yield "</office:spreadsheet></office:body></office:document-content>"


def _styles(book: Book) -> Iterator[str]:
    yield from _NUMBER_STYLES.values()
    for kind in _NUMBER_STYLES:
        yield f'<style:style style:name="c-{kind}" style:family="table-cell" style:data-style-name="n-{kind}"/>'
    for shown in ("true", "false"):
        yield (
            f'<style:style style:name="t-{shown}" style:family="table">'
            f'<style:table-properties table:display="{shown}"/></style:style>'
        )
    widths = {100} | {_width(sheet, column) for sheet in book.sheets for column in sheet.columns}
    for width in sorted(widths):
        yield (
            f'<style:style style:name="w-{width}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{width / 96:.4f}in"/></style:style>'
        )


def _width(sheet: Sheet, column: int) -> int:
    return int(sheet.columns.get(column, {}).get("pixelSize", 100))


def _table(book: Book, sheet: Sheet) -> Iterator[str]:
    rows, columns = used_size(sheet)
    shown = "false" if sheet.properties.get("hidden") else "true"
    yield f'<table:table table:name={quoteattr(_clean(sheet.title))} table:style-name="t-{shown}">'
    for column in range(max(columns, 1)):
        unseen = _collapsed(is_hidden(sheet.columns.get(column, {})))
        yield f'<table:table-column table:style-name="w-{_width(sheet, column)}"{unseen}/>'
    formats = NumberFormats(sheet)
    for row in range(max(rows, 1)):
        cells = sheet.cells(row)
        yield f"<table:table-row{_collapsed(is_hidden(sheet.lines.get(row, {})))}>"
        for column in range(max(min(len(cells), columns), 1)):
            cell = cell_at(cells, column)
            yield _cell(book, cell, formats.shown(row, column, cell))
        yield "</table:table-row>"
    yield "</table:table>"


def _collapsed(hidden: bool) -> str:
    return ' table:visibility="collapse"' if hidden else ""


def _cell(book: Book, cell: Cell, number_format: dict[str, str] | None) -> str:
    value = value_of(cell)
    if value is None:
        return "<table:table-cell/>"
    shown = _paragraphs(formatted(value, number_format, book.locale))
    if isinstance(value, bool):
        kind = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
    elif isinstance(value, str):
        kind = 'office:value-type="string"'
    else:
        kind = _number(value, (number_format or {}).get("type", ""))
    return f"<table:table-cell {kind}>{shown}</table:table-cell>"


def _number(value: float, kind: str) -> str:
    moment = moment_of(value) if kind in {"DATE", "DATE_TIME"} else None
    if moment is not None:
        text = moment.date().isoformat() if kind == "DATE" and value == int(value) else moment.isoformat()
        return f'table:style-name="c-{kind}" office:value-type="date" office:date-value="{text}"'
    if kind == "TIME" and value >= 0:
        minutes, seconds = divmod(round(value * 86_400), 60)
        text = f"PT{minutes // 60:02d}H{minutes % 60:02d}M{seconds:02d}S"
        return f'table:style-name="c-TIME" office:value-type="time" office:time-value="{text}"'
    if kind == "PERCENT":
        return f'table:style-name="c-PERCENT" office:value-type="percentage" office:value="{value!r}"'
    return f'office:value-type="float" office:value="{value!r}"'


def _paragraphs(text: str) -> str:
    """The text with what XML would lose: lines are paragraphs, more than one space is counted."""
    lines = re.split("\r\n|[\r\n]", _clean(text))
    return "".join(f"<text:p>{_SPACES.sub(_counted, escape(line))}</text:p>" for line in lines)


def _counted(match: re.Match[str]) -> str:
    return "<text:tab/>" if match.group() == "\t" else f'<text:s text:c="{len(match.group())}"/>'


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
