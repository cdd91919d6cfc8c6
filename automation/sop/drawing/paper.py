"""
Shapes on A4 sheets lying on their side, and how text fits into them.

Lengths are points, measured from the upper left corner; colours are "#rrggbb". What a sheet becomes is up to `files`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import resources

import ziafont
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

WIDTH, HEIGHT = 842.0, 595.0
MARGIN = 28.0
PLAIN, BOLD = "DejaVuSans", "Bitstream Vera Sans Bold"
INK, FAINT, GREY = "#1a1a1a", "#c8ccd0", "#5a6068"
LEADING = 1.22
"""Distance of lines, in sizes of letters."""
_SMALLEST = 2.0
_SMALLER = 0.25
"""Steps in which letters shrink until a text fits."""


@dataclass(frozen=True)
class Box:
    """A rectangle; `radius` rounds its corners."""

    x: float
    y: float
    width: float
    height: float
    fill: str = ""
    radius: float = 0.0
    weight: float = 0.6
    stroke: str = INK


@dataclass(frozen=True)
class Line:
    """A line through points, with an arrow's head at its end if asked for."""

    points: tuple[tuple[float, float], ...]
    arrow: bool = False
    dashed: bool = False
    weight: float = 0.8
    stroke: str = INK


@dataclass(frozen=True)
class Dot:
    """A circle about a centre, full or hollow."""

    x: float
    y: float
    radius: float = 2.6
    full: bool = True
    stroke: str = INK


@dataclass(frozen=True)
class Label:
    """One line of text from `x` on, or about it; `y` is its base line."""

    x: float
    y: float
    text: str
    size: float
    bold: bool = False
    centred: bool = False
    fill: str = INK

    @property
    def font(self) -> str:
        """The name of its font, known to reportlab."""
        return _font(bold=self.bold)

    @property
    def width(self) -> float:
        """How wide it is."""
        return float(pdfmetrics.stringWidth(self.text, self.font, self.size))


Shape = Box | Line | Dot | Label


@dataclass(frozen=True)
class Sheet:
    """One page."""

    title: str
    shapes: tuple[Shape, ...]


@dataclass(frozen=True)
class Fitted:
    """A text in lines that fit."""

    lines: tuple[str, ...]
    size: float

    @property
    def height(self) -> float:
        """Of all lines together."""
        return len(self.lines) * self.size * LEADING


def fitted(text: str, width: float, *, size: float, height: float = HEIGHT, bold: bool = False) -> Fitted:
    """
    The text in lines of at most that width, its letters as large as `size` or as small as the space asks for.

    Where even the smallest do not fit, the lines that do, or their beginnings, are all there is.
    """
    while True:
        lines = tuple(simpleSplit(text, _font(bold=bold), size, width))
        widest = max((float(pdfmetrics.stringWidth(line, _font(bold=bold), size)) for line in lines), default=0.0)
        if widest <= width and len(lines) * size * LEADING <= height:
            return Fitted(lines, size)
        if size <= _SMALLEST:
            kept = lines[: max(1, int(height / (size * LEADING)))]
            return Fitted(tuple(line[: int(len(line) * width / max(width, widest))] for line in kept), size)
        size -= _SMALLER


def labels(
    text: Fitted, x: float, y: float, *, bold: bool = False, centred: bool = False, fill: str = INK
) -> list[Shape]:
    """Its lines from the top `y` down."""
    return [
        Label(x, y + (number + 0.82) * text.size * LEADING, line, text.size, bold, centred, fill)
        for number, line in enumerate(text.lines)
    ]


def in_box(text: str, box: Box, *, size: float, bold: bool = False, padding: float = 2.5) -> list[Shape]:
    """A text in the middle of a box, as small as it must be."""
    found = fitted(text, box.width - 2 * padding, size=size, height=box.height - 2, bold=bold)
    y = box.y + (box.height - found.height) / 2
    return labels(found, box.x + box.width / 2, y, bold=bold, centred=True)


def heading(title: str, lines: Sequence[str]) -> tuple[list[Shape], float]:
    """The head of a sheet, and where the rest may begin."""
    found = labels(fitted(title, WIDTH - 2 * MARGIN, size=12, bold=True, height=16), MARGIN, MARGIN, bold=True)
    y = MARGIN + 17
    for line in lines:
        text = fitted(line, WIDTH - 2 * MARGIN, size=7.5)
        found += labels(text, MARGIN, y, fill=GREY)
        y += text.height
    return found, y + 5


def legend(entries: Sequence[tuple[Shape, str]]) -> list[Shape]:
    """A line at the foot of a sheet: signs, drawn about the origin, with what they mean."""
    x, y = MARGIN + 8, HEIGHT - MARGIN + 4
    found: list[Shape] = []
    for sign, meaning in entries:
        label = Label(x + 13, y + 2.4, meaning, 6.5, fill=GREY)
        found += [_moved(sign, x, y), label]
        x += 13 + label.width + 22
    return found


def _moved(shape: Shape, x: float, y: float) -> Shape:
    if isinstance(shape, Line):
        return replace(shape, points=tuple((px + x, py + y) for px, py in shape.points))
    return replace(shape, x=shape.x + x, y=shape.y + y)


def _font(*, bold: bool) -> str:
    """A font's name, after making it known to reportlab: DejaVu Sans, and its elder sister for bold letters."""
    name = BOLD if bold else PLAIN
    if name not in pdfmetrics.getRegisteredFontNames():
        if bold:
            pdfmetrics.registerFont(TTFont(name, "VeraBd.ttf"))  # reportlab brings it
        else:
            with resources.as_file(resources.files(ziafont) / "fonts" / "DejaVuSans.ttf") as path:
                pdfmetrics.registerFont(TTFont(name, str(path)))
    return name
