"""
Where a complaint can stand and what moves it: a column for each state, a row for each act, an arrow from the states in
which it may be done to the one to which it leads.

So many acts lead from so many states that boxes with arrows between them could not be read; here no arrow meets
another, however many there are.
"""

from collections.abc import Iterable, Mapping, Sequence

from automation.sop.acts import FINAL, Act, Actor
from automation.sop.drawing.paper import (
    FAINT,
    GREY,
    HEIGHT,
    INK,
    MARGIN,
    WIDTH,
    Box,
    Dot,
    Line,
    Shape,
    Sheet,
    fitted,
    heading,
    in_box,
    labels,
    legend,
)
from automation.sop.sop_check import START, Transition, transitions
from automation.sop.states import State, Time
from register.complaint import STATUS_LABELS, Status

TITLE = "Keadaan pengaduan dan tindakan yang mengubahnya"
COLOURS: Mapping[Actor, str] = {Actor.STAFF: INK, Actor.REPORTER: "#1b7a3d", Actor.SYSTEM: "#1f5fa8"}
CLOCKS: Mapping[Time, tuple[str, str]] = {
    Time.RUN: ("#ffffff", "waktu berjalan"),
    Time.STAND_STILL: ("#fdf0d0", "waktu berhenti, menunggu pelapor"),
    Time.REPORT: ("#e3f1e4", "selesai ditangani, tinggal pelaporan"),
    Time.ENDED: ("#e4e6e8", "berakhir"),
}
ZEBRA = "#f6f7f8"
_LABELS = 138.0
_BOX_HEIGHT = 34.0
_TALLEST_ROW = 24.0
_FOOT = 24.0
_DOT = 2.8


def draw_states(acts: Mapping[str, Act], states: Mapping[Status, State]) -> Sheet:
    """The sheet of states and acts."""
    explained = "Setiap baris satu tindakan: dari keadaan bertitik ke keadaan yang ditunjuk panah. Titik kosong: boleh"
    shapes, top = heading(TITLE, [f"{explained} dilakukan tanpa mengubah keadaan."])
    chart = _Chart(transitions(acts), top)
    shapes += [*chart.ground(), *chart.heads(states), *chart.rows()]
    shapes += legend(_signs(states))
    return Sheet(TITLE, tuple(shapes))


def _signs(states: Mapping[Status, State]) -> Sequence[tuple[Shape, str]]:
    actors = ("oleh petugas", "oleh pelapor", "oleh sistem")
    arrows = [
        (Line(((-8, 0), (8, 0)), arrow=True, stroke=COLOURS[actor]), text)
        for actor, text in zip(Actor, actors, strict=True)
    ]
    used = {state.clocks for state in states.values()}
    boxes = [(Box(-8, -4, 16, 8, fill), text) for time, (fill, text) in CLOCKS.items() if time in used]
    return (*arrows, *boxes)


class _Chart:
    """Columns of states and rows of acts, laid out."""

    def __init__(self, ways: Sequence[Transition], top: float) -> None:
        self.ways, self.top = ways, top
        self.left = MARGIN + _LABELS
        self.column = (WIDTH - MARGIN - self.left) / len(Status)
        self.first = top + _BOX_HEIGHT + 8
        space = HEIGHT - MARGIN - _FOOT - self.first
        self.row = min(_TALLEST_ROW, space / len(ways))
        self.bottom = self.first + self.row * len(ways)

    def x(self, status: Status) -> float:
        """The middle of a state's column."""
        return self.left + (list(Status).index(status) + 0.5) * self.column

    def ground(self) -> list[Shape]:
        """Every other row shaded, and a line down from each state."""
        shapes: list[Shape] = [
            Box(MARGIN, self.first + number * self.row, WIDTH - 2 * MARGIN, self.row, ZEBRA, stroke=ZEBRA)
            for number in range(0, len(self.ways), 2)
        ]
        for status in Status:
            line = ((self.x(status), self.top + _BOX_HEIGHT), (self.x(status), self.bottom))
            shapes.append(Line(line, weight=0.5, stroke=FAINT))
        return shapes

    def heads(self, states: Mapping[Status, State]) -> list[Shape]:
        """The states; the first has round ends, the last a thick frame."""
        shapes: list[Shape] = []
        for status in Status:
            fill = CLOCKS[states[status].clocks][0]
            radius, weight = (_BOX_HEIGHT / 2 if status is START else 2.0), (1.6 if status in FINAL else 0.7)
            x = self.x(status) - self.column / 2 + 2
            box = Box(x, self.top, self.column - 4, _BOX_HEIGHT, fill, radius, weight)
            shapes += [box, *in_box(STATUS_LABELS[status], box, size=6.5)]
        return shapes

    def rows(self) -> list[Shape]:
        """The acts, each in the colour of whoever does it."""
        shapes: list[Shape] = []
        for number, way in enumerate(self.ways):
            y = self.first + (number + 0.5) * self.row
            name = fitted(way.label, _LABELS - 56, size=7.5, height=self.row)
            who = fitted(way.who, 46, size=6, height=self.row)
            shapes += labels(name, MARGIN + 4, y - name.height / 2)
            shapes += labels(who, MARGIN + _LABELS - 48, y - who.height / 2, fill=GREY)
            shapes += self._arrows(way, y)
        return shapes

    def _arrows(self, way: Transition, y: float) -> Iterable[Shape]:
        colour = COLOURS[way.by[0]] if way.by else INK
        shapes: list[Shape] = []
        if way.to:
            target, gap = self.x(way.to), (_DOT + 0.5 if way.to in way.stays_in else 0.5)
            for side in (-1, 1):
                beyond = [self.x(source) for source in way.sources if (self.x(source) - target) * side > 0]
                if beyond:
                    farthest = max(beyond, key=lambda x: abs(x - target))
                    shapes.append(Line(((farthest, y), (target + side * gap, y)), arrow=True, stroke=colour, weight=1))
        shapes += [Dot(self.x(source), y, _DOT, stroke=colour) for source in Status if source in way.sources]
        shapes += [Dot(self.x(state), y, _DOT, full=False, stroke=colour) for state in Status if state in way.stays_in]
        return shapes
