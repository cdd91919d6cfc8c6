"""
A spreadsheet to be printed: A4 lying, the header on every page, columns as wide as the page, long cells in lines.

Hidden tabs, rows and columns stay out, as on paper they would show.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any

import ziafont
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from localsheets.errors import InvalidRequestError
from localsheets.exchange.extent import hidden_columns, hidden_lines, shown_rows
from localsheets.model.book import Book
from localsheets.model.sheet import Sheet

FONT = "DejaVuSans"
MOST_PAGES = 1_000
"""More are not printed by anybody, and would keep the server busy for a minute."""
_PAGE_WIDTH, _PAGE_HEIGHT = landscape(A4)
_MARGIN = 36.0  # points, 12.7 mm
_SIZES = (8.0, 7.0, 6.0, 5.0)
"""Sizes of letters in points; the largest in which the columns fit is taken."""
_PADDING = 2.0
_POINTS_PER_PIXEL = 0.75
_NARROWEST = 18.0
_MOST_LINES = 40
"""Lines of one cell; the rest is cut off with an ellipsis."""
_UNSEEN = dict.fromkeys((*range(32), *range(127, 160), 0x200B, 0x200C, 0x200D, 0xFEFF, *range(0xFE00, 0xFE10)), None)


def register_font() -> str:
    """Make the font known to reportlab, and answer its name; a character that it lacks is drawn as a box."""
    if FONT not in pdfmetrics.getRegisteredFontNames():
        with resources.as_file(resources.files(ziafont) / "fonts" / "DejaVuSans.ttf") as path:
            pdfmetrics.registerFont(TTFont(FONT, str(path)))
    return FONT


def printable(text: str) -> str:
    """The text without what is invisible, and with a mark in place of every character that the font lacks."""
    if text.isascii() and text.isprintable():
        return text
    font: Any = pdfmetrics.getFont(register_font())
    glyphs = font.face.charToGlyph
    seen = text.translate(_UNSEEN)
    # reportlab writes characters beyond U+FFFF so that they cannot be read back.
    return "".join(c if ord(c) in glyphs and ord(c) <= 0xFFFF else "\N{REPLACEMENT CHARACTER}" for c in seen)


def document_bytes(book: Book) -> bytes:
    """
    The whole spreadsheet as PDF.

    Raises: InvalidRequestError if it would be too many pages.
    """
    register_font()
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=(_PAGE_WIDTH, _PAGE_HEIGHT), pageCompression=1)
    canvas.setTitle(book.title)
    shown = [sheet for sheet in book.sheets if not sheet.properties.get("hidden")] or book.sheets
    for sheet in shown:
        _Printer(canvas, book, sheet).draw()
    canvas.save()
    return written.getvalue()


@dataclass(frozen=True)
class _Line:
    """A row ready to be drawn: the lines of each of its cells."""

    cells: list[list[str]]

    @property
    def height(self) -> int:
        """In lines of text."""
        return max(map(len, self.cells), default=1)


class _Printer:
    """One sheet on its way to paper."""

    def __init__(self, canvas: Canvas, book: Book, sheet: Sheet) -> None:
        self.canvas = canvas
        self.heading = printable(f"{book.title} – {sheet.title}")
        rows = shown_rows(book, sheet)
        gone = hidden_lines(sheet)
        columns = [c for c in range(len(rows[0]) if rows else 0) if c not in hidden_columns(sheet)]
        kept = [[cells[c] for c in columns] for row, cells in enumerate(rows) if row not in gone]
        frozen = int(sheet.properties["gridProperties"].get("frozenRowCount", 0))
        self.header_count = max(1, sum(row not in gone for row in range(frozen)))
        self.size, self.widths = _fitted([_points(sheet, column) for column in columns])
        self.leading = self.size * 1.25
        self.rows = kept
        self.y = 0.0
        if len(kept) * (self.leading + 2 * _PADDING) > MOST_PAGES * (_PAGE_HEIGHT - 2 * _MARGIN):
            raise _too_long()

    def draw(self) -> None:
        """Every row, on as many pages as it takes."""
        header = [self._line(cells) for cells in self.rows[: self.header_count]]
        if sum(line.height for line in header) * self.leading > _PAGE_HEIGHT / 2:
            header = []  # so large a header would leave no room for what it heads
        self._begin()
        for line in header:
            self._draw_line(line, shaded=True)
        for cells in self.rows[len(header) :]:
            line = self._line(cells)
            if self.y - line.height * self.leading - 2 * _PADDING < _MARGIN + self.leading:
                self._end()
                self._begin()
                for repeated in header:
                    self._draw_line(repeated, shaded=True)
            self._draw_line(line)
        self._end()

    def _begin(self) -> None:
        if self.canvas.getPageNumber() > MOST_PAGES:
            raise InvalidRequestError(
                f"The PDF would have more than {MOST_PAGES:,} pages; export to XLSX or CSV instead."
            )
        self.canvas.setFont(FONT, 9)
        self.canvas.drawString(_MARGIN, _PAGE_HEIGHT - _MARGIN, self.heading[:150])
        self.canvas.setFont(FONT, self.size)
        self.canvas.setLineWidth(0.25)
        self.canvas.setStrokeGray(0.6)
        self.y = _PAGE_HEIGHT - _MARGIN - 8

    def _end(self) -> None:
        self.canvas.setFont(FONT, 7)
        self.canvas.drawCentredString(_PAGE_WIDTH / 2, _MARGIN / 2, str(self.canvas.getPageNumber()))
        self.canvas.showPage()

    def _line(self, cells: list[str]) -> _Line:
        room = zip(cells, self.widths, strict=True)
        return _Line([list(_wrapped(text, self.size, width - 2 * _PADDING)) for text, width in room])

    def _draw_line(self, line: _Line, *, shaded: bool = False) -> None:
        height, x = line.height * self.leading + 2 * _PADDING, _MARGIN
        for texts, width in zip(line.cells, self.widths, strict=True):
            if shaded:
                self.canvas.setFillGray(0.9)
                self.canvas.rect(x, self.y - height, width, height, stroke=0, fill=1)
                self.canvas.setFillGray(0)
            self.canvas.rect(x, self.y - height, width, height)
            for number, text in enumerate(texts, 1):
                if text:
                    self.canvas.drawString(x + _PADDING, self.y - number * self.leading, text)
            x += width
        self.y -= height


def _too_long() -> InvalidRequestError:
    return InvalidRequestError(f"The PDF would have more than {MOST_PAGES:,} pages; export to XLSX or CSV instead.")


def _points(sheet: Sheet, column: int) -> float:
    return max(int(sheet.columns.get(column, {}).get("pixelSize", 100)) * _POINTS_PER_PIXEL, _NARROWEST)


def _fitted(widths: list[float]) -> tuple[float, list[float]]:
    """The size of letters and the widths with which all columns stand side by side on the page."""
    room, wanted = _PAGE_WIDTH - 2 * _MARGIN, sum(widths)
    if wanted <= room:
        return _SIZES[0], widths
    shrunk = room / wanted
    size = next((size for size in _SIZES if size <= _SIZES[0] * shrunk * 1.5), _SIZES[-1])
    return size, [width * shrunk for width in widths]


def _wrapped(text: str, size: float, width: float) -> Iterator[str]:
    """The text in lines no longer than the width, cut between words where that is possible."""
    lines = 0
    for paragraph in text.splitlines() or [""]:
        rest = printable(paragraph)
        while True:
            lines += 1
            fits = _fitting(rest, size, width)
            if lines == _MOST_LINES and fits < len(rest):
                yield rest[: max(fits - 1, 0)] + "…"
                return
            yield rest[:fits].rstrip()
            rest = rest[fits:].lstrip() if fits < len(rest) else ""
            if not rest:
                break


def _fitting(text: str, size: float, width: float) -> int:
    """How many characters of a text fit into one line; at least one."""
    if pdfmetrics.stringWidth(text, FONT, size) <= width:
        return len(text)
    low, high = 1, min(len(text), int(width / (size * 0.2)) + 1)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if pdfmetrics.stringWidth(text[:middle], FONT, size) <= width else (low, middle - 1)
    space = text.rfind(" ", 1, low + 1)
    return space if space > 0 else low
