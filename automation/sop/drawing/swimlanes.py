"""
A procedure as the flowchart that offices hang on the wall: a row for each step, a lane for each actor.

The form is that of PermenPANRB 35/2012 on SOPs: number, activity, actors, and the standard of each step (what it needs,
how long it may take, what comes of it).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from automation.sop.acts import Act
from automation.sop.drawing.paper import (
    FAINT,
    GREY,
    HEIGHT,
    INK,
    MARGIN,
    WIDTH,
    Box,
    Dot,
    Fitted,
    Line,
    Shape,
    Sheet,
    fitted,
    heading,
    in_box,
    labels,
    legend,
)
from automation.sop.procedures import Procedure, Step
from automation.sop.sop_check import completions

BY_SYSTEM = "#dcebf7"
HEAD = "#eef0f2"
ANSWER = "Pelapor harus mendapat jawaban pada akhir langkah ini."
_NO, _ACTIVITY, _NEEDS, _TIME, _OUTPUT = 20.0, 158.0, 92.0, 58.0, 98.0
_HEAD_HEIGHT, _FOOT_HEIGHT = 34.0, 22.0
_LOWEST_ROW, _TALLEST_ROW = 28.0, 80.0
_PADDING = 3.0
_DOT = 3.6


@dataclass(frozen=True)
class _Row:
    """A step's row: its step, its texts by column, and where it lies."""

    step: Step
    texts: tuple[Fitted, ...]
    y: float
    height: float

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def draw_procedure(procedure: Procedure, acts: Mapping[str, Act]) -> Sheet:
    """The sheet of one procedure."""
    title = f"SOP {procedure.title}"
    shapes, top = heading(title, [f"Nomor SOP: {procedure.nomor} · Dinas Sosial Kabupaten Kutai Kartanegara"])
    lanes = list(dict.fromkeys(actor for step in procedure.steps for actor in (step.actor, step.to)))
    table = _Table(procedure, acts, lanes, top)
    shapes += [*table.grid(), *table.texts(), *table.flow()]
    shapes += legend(
        (
            (Box(-8, -4, 16, 8, BY_SYSTEM), "diselesaikan oleh sistem"),
            (Box(-8, -4, 16, 8), "diselesaikan oleh petugas"),
            (Box(-8, -4, 16, 8, weight=1.6), "akhir langkah: jawaban kepada pelapor"),
            (Line(((-8, 0), (8, 0)), arrow=True), "langkah berikutnya"),
            (Dot(0, 0, _DOT, full=False), "penerima hasil langkah"),
        )
    )
    return Sheet(title, tuple(shapes))


class _Table:
    """The table of a procedure, laid out."""

    def __init__(self, procedure: Procedure, acts: Mapping[str, Act], lanes: Sequence[str], top: float) -> None:
        self.procedure, self.acts, self.lanes, self.top = procedure, acts, lanes, top
        space = WIDTH - 2 * MARGIN - _NO - _ACTIVITY - _NEEDS - _TIME - _OUTPUT
        self.lane_width = space / len(lanes)
        widths = (_NO, _ACTIVITY, *[self.lane_width] * len(lanes), _NEEDS, _TIME, _OUTPUT)
        self.edges = [MARGIN + sum(widths[:count]) for count in range(len(widths) + 1)]
        self.rows = self._rows()
        self.bottom = self.rows[-1].y + self.rows[-1].height

    def _rows(self) -> list[_Row]:
        """Rows as high as their texts, the letters as large as the sheet allows."""
        begins = self.top + _HEAD_HEIGHT
        space = HEIGHT - MARGIN - _FOOT_HEIGHT - begins
        lowest, size = min(_LOWEST_ROW, space / len(self.procedure.steps)), 7.0
        while True:
            texts = [self._texts_of(step, size) for step in self.procedure.steps]
            heights = [max(lowest, *(text.height + 2 * _PADDING for text in row)) for row in texts]
            if sum(heights) <= space or size <= 2:
                break
            size -= 0.25
        stretched = [min(max(height, _TALLEST_ROW), height * max(1.0, space / sum(heights))) for height in heights]
        return [
            _Row(step, row, begins + sum(stretched[:number]), stretched[number])
            for number, (step, row) in enumerate(zip(self.procedure.steps, texts, strict=True))
        ]

    def _texts_of(self, step: Step, size: float) -> tuple[Fitted, ...]:
        inner = 2 * _PADDING
        texts = (str(step.no), step.wording, step.requires or "–", step.norm_as_written, step.output)
        widths = (_NO, _ACTIVITY, _NEEDS, _TIME, _OUTPUT)
        columns = [fitted(text, width - inner, size=size) for text, width in zip(texts, widths, strict=True)]
        ends = f"Selesai bila: {completions(step, self.acts)}."
        if step.no == self.procedure.answer_step:
            ends += f" {ANSWER}"
        small = fitted(ends, _ACTIVITY - inner, size=size - 1)
        activity = columns[1]
        together = Fitted((*activity.lines, *small.lines), activity.size)
        return (*columns, small, together)

    def grid(self) -> list[Shape]:
        """Frame, head, and the lines between rows and columns."""
        left, right = self.edges[0], self.edges[-1]
        middle = self.top + _HEAD_HEIGHT / 2
        shapes: list[Shape] = [Box(left, self.top, right - left, _HEAD_HEIGHT, HEAD)]
        first, last = 2, 2 + len(self.lanes)
        spans = [(0, 1, "No."), (1, 2, "Kegiatan"), (first, last, "Pelaksana"), (last, last + 3, "Mutu Baku")]
        names = [*self.lanes, "Kelengkapan", "Waktu", "Output"]
        for begins, ends, name in spans:
            deep = _HEAD_HEIGHT if ends - begins == 1 and begins < first else _HEAD_HEIGHT / 2
            shapes += self._head_cell(begins, ends, name, self.top, deep)
        for number, name in enumerate(names, start=first):
            shapes += self._head_cell(number, number + 1, name, middle, _HEAD_HEIGHT / 2)
        for row in self.rows:
            shapes.append(Line(((left, row.y), (right, row.y)), weight=0.5, stroke=FAINT))
        for edge in self.edges[1:-1]:
            shapes.append(Line(((edge, self.top + _HEAD_HEIGHT), (edge, self.bottom)), weight=0.5, stroke=FAINT))
        shapes.append(Box(left, self.top, right - left, self.bottom - self.top))
        return shapes

    def _head_cell(self, begins: int, ends: int, name: str, y: float, height: float) -> list[Shape]:
        box = Box(self.edges[begins], y, self.edges[ends] - self.edges[begins], height, weight=0.4, stroke=GREY)
        return [box, *in_box(name, box, size=7, bold=True)]

    def texts(self) -> list[Shape]:
        """What stands beside the lanes."""
        after = 2 + len(self.lanes)
        shapes: list[Shape] = []
        for row in self.rows:
            no, activity, needs, norm, output, small, _ = row.texts
            shapes += labels(no, (self.edges[0] + self.edges[1]) / 2, row.y + _PADDING, centred=True)
            shapes += labels(activity, self.edges[1] + _PADDING, row.y + _PADDING)
            shapes += labels(small, self.edges[1] + _PADDING, row.y + _PADDING + activity.height, fill=GREY)
            for place, text in enumerate((needs, norm, output), start=after):
                shapes += labels(text, self.edges[place] + _PADDING, row.y + _PADDING)
        return shapes

    def flow(self) -> list[Shape]:
        """The steps in their lanes, and the way from one to the next."""
        boxes = [self._box(row) for row in self.rows]
        shapes: list[Shape] = []
        for number, (row, box) in enumerate(zip(self.rows, boxes, strict=True)):
            following = boxes[number + 1] if number + 1 < len(boxes) else None
            hands_over = row.step.to != row.step.actor and not (
                following and self.rows[number + 1].step.actor == row.step.to
            )
            if hands_over:
                shapes += self._hand_over(row, box)
            if following:
                shapes.append(self._way(row, box, following, low=hands_over))
        for row, box in zip(self.rows, boxes, strict=True):
            shapes += [box, *in_box(row.step.short, box, size=7, padding=2.5 + box.radius / 4)]
        return shapes

    def _centre(self, actor: str) -> float:
        place = 2 + self.lanes.index(actor)
        return (self.edges[place] + self.edges[place + 1]) / 2

    def _box(self, row: _Row) -> Box:
        """A step; the first and the last have round ends."""
        width, height = self.lane_width - 10, min(26.0, row.height * 0.6)
        ends = row.step.no in (1, len(self.rows))
        return Box(
            self._centre(row.step.actor) - width / 2,
            row.middle - height / 2,
            width,
            height,
            BY_SYSTEM if row.step.by_system else "#ffffff",
            height / 2 if ends else 1.5,
            1.6 if row.step.no == self.procedure.answer_step else 0.7,
        )

    def _hand_over(self, row: _Row, box: Box) -> list[Shape]:
        """Who gets what comes of the step, if that is not whoever does the next one."""
        to = self._centre(row.step.to)
        right = to > box.x
        begins = box.x + box.width if right else box.x
        ends = to - _DOT if right else to + _DOT
        return [
            Line(((begins, row.middle), (ends, row.middle)), arrow=True, dashed=True, stroke=GREY),
            Dot(to, row.middle, _DOT, full=False, stroke=INK),
        ]

    def _way(self, row: _Row, box: Box, following: Box, *, low: bool) -> Line:
        """To the next step: straight down, or out of the side and down; below the box if the side is taken."""
        here, there = box.x + box.width / 2, following.x + following.width / 2
        if abs(here - there) < 1:
            return Line(((here, box.y + box.height), (there, following.y)), arrow=True)
        if low:
            y = (box.y + box.height + row.y + row.height) / 2
            return Line(((here, box.y + box.height), (here, y), (there, y), (there, following.y)), arrow=True)
        side = box.x + box.width if there > here else box.x
        return Line(((side, row.middle), (there, row.middle), (there, following.y)), arrow=True)
