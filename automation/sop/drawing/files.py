"""Sheets as files: SVG, one under the other in one picture, and PDF, a page each. Equal sheets give equal bytes."""

import io
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from automation.errors import QuestionError
from automation.sop.drawing.paper import HEIGHT, WIDTH, Box, Dot, Label, Line, Shape, Sheet

_SVG = "http://www.w3.org/2000/svg"
_HEAD = 6.0
"""Length of an arrow's head."""
_DASHES = (3, 2)


def svg_of(sheets: Sequence[Sheet]) -> bytes:
    """
    The sheets as one SVG picture, in UTF-8.

    Text says how wide it is, so that it stays inside its box where the viewer has another font.
    """
    height = HEIGHT * len(sheets)
    title = escape("; ".join(sheet.title for sheet in sheets))
    lines = [
        f'<svg xmlns="{_SVG}" viewBox="0 0 {WIDTH:g} {height:g}" width="{WIDTH:g}" height="{height:g}" lang="id">',
        f"<title>{title}</title>",
        f'<rect width="{WIDTH:g}" height="{height:g}" fill="#ffffff"/>',
    ]
    for number, sheet in enumerate(sheets):
        lines.append(f'<g transform="translate(0 {number * HEIGHT:g})" font-family="DejaVu Sans, Verdana, sans-serif">')
        lines += [_svg(shape) for shape in sheet.shapes]
        lines.append("</g>")
    return "\n".join([*lines, "</svg>", ""]).encode()


def pdf_of(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as PDF."""
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=(WIDTH, HEIGHT), invariant=1, lang="id")
    canvas.setTitle("; ".join(sheet.title for sheet in sheets))
    for sheet in sheets:
        canvas.translate(0, HEIGHT)
        canvas.scale(1, -1)
        for shape in sheet.shapes:
            canvas.saveState()
            _pdf(canvas, shape)
            canvas.restoreState()
        canvas.showPage()
    canvas.save()
    return written.getvalue()


Format = Callable[[Sequence[Sheet]], bytes]
FORMATS: Mapping[str, Format] = {".svg": svg_of, ".pdf": pdf_of}


def format_of(name: str) -> Format:
    """What makes the contents of a file of that name. Raises: QuestionError if it ends with none of FORMATS."""
    found = FORMATS.get(PurePath(name).suffix.casefold())
    if found is None:
        raise QuestionError(f"Nama berkas '{name}' harus berakhiran {' atau '.join(FORMATS)}.", found=name)
    return found


def _head(points: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """The corners of an arrow's head at the last of the points."""
    (from_x, from_y), (x, y) = points[-2:]
    angle = math.atan2(y - from_y, x - from_x)
    sides = (angle + math.pi - 0.4, angle + math.pi + 0.4)
    return ((x, y), *((x + _HEAD * math.cos(side), y + _HEAD * math.sin(side)) for side in sides))


def _n(*numbers: float) -> str:
    return " ".join(f"{round(number, 2):g}" for number in numbers)


def _svg(shape: Shape) -> str:
    match shape:
        case Box(x, y, width, height, fill, radius, weight, stroke):
            return (
                f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" rx="{_n(radius)}" '
                f'fill="{fill or "none"}" stroke="{stroke}" stroke-width="{_n(weight)}"/>'
            )
        case Dot(x, y, radius, full, stroke):
            fill = stroke if full else "#ffffff"
            return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}" stroke="{stroke}"/>'
        case Line(points, arrow, dashed, weight, stroke):
            dashes = f' stroke-dasharray="{_n(*_DASHES)}"' if dashed else ""
            path = " ".join(_n(*point) for point in points)
            line = f'<polyline points="{path}" fill="none" stroke="{stroke}" stroke-width="{_n(weight)}"{dashes}/>'
            head = " ".join(_n(*point) for point in _head(points)) if arrow else ""
            return line + (f'<polygon points="{head}" fill="{stroke}"/>' if arrow else "")
        case Label(x, y, text, size, bold, centred, fill):
            look = (' font-weight="bold"' if bold else "") + (' text-anchor="middle"' if centred else "")
            return (
                f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" fill="{fill}"{look} '
                f'textLength="{_n(shape.width)}" lengthAdjust="spacingAndGlyphs">'
                f"{escape(text)}</text>"
            )


def _pdf(canvas: Canvas, shape: Shape) -> None:
    match shape:
        case Box(x, y, width, height, fill, radius, weight, stroke):
            _ink(canvas, stroke, fill or stroke, weight)
            canvas.roundRect(x, y, width, height, radius, fill=int(bool(fill)))
        case Dot(x, y, radius, full, stroke):
            _ink(canvas, stroke, stroke if full else "#ffffff", 1)
            canvas.circle(x, y, radius, fill=1)
        case Line(points, arrow, dashed, weight, stroke):
            _ink(canvas, stroke, stroke, weight)
            if dashed:
                canvas.setDash(*_DASHES)
            _path(canvas, points, closed=False)
            if arrow:
                _path(canvas, _head(points), closed=True)
        case Label(x, y, text, size, _, centred, fill):
            _ink(canvas, fill, fill, 0)
            canvas.translate(x - (shape.width / 2 if centred else 0), y)
            canvas.scale(1, -1)  # the sheet hangs from its top; letters must not
            canvas.setFont(shape.font, size)
            canvas.drawString(0, 0, text)


def _ink(canvas: Canvas, stroke: str, fill: str, weight: float) -> None:
    canvas.setStrokeColor(HexColor(stroke))
    canvas.setFillColor(HexColor(fill))
    canvas.setLineWidth(weight)


def _path(canvas: Canvas, points: Sequence[tuple[float, float]], *, closed: bool) -> None:
    path = canvas.beginPath()
    path.moveTo(*points[0])
    for point in points[1:]:
        path.lineTo(*point)
    if closed:
        path.close()
    canvas.drawPath(path, stroke=int(not closed), fill=int(closed))
