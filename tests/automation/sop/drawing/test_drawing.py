"""The sheets on the wall: nothing lacks, overlaps, or leaves the paper, and each arrow means what it says."""

import io
import random
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from automation.errors import QuestionError
from automation.sop.acts import FINAL, Actor, load_acts
from automation.sop.drawing import draw_sop
from automation.sop.drawing.files import format_of, pdf_of, svg_of
from automation.sop.drawing.paper import HEIGHT, MARGIN, WIDTH, Box, Dot, Label, Line, Sheet, fitted
from automation.sop.drawing.state_chart import COLOURS, draw_states
from automation.sop.drawing.swimlanes import BY_SYSTEM, draw_procedure
from automation.sop.procedures import Procedure, load_procedures
from automation.sop.sop_check import DISPOSITION, completions, transitions
from automation.sop.states import load_states
from register.complaint import STATUS_LABELS, Status

ACTS, STATES, PROCEDURES = load_acts(), load_states(), load_procedures()
SHEETS = draw_sop(PROCEDURES.values(), ACTS, STATES)


def of(kind: type, sheet: Sheet) -> list:
    return [shape for shape in sheet.shapes if isinstance(shape, kind)]


def words(sheet: Sheet) -> str:
    """All text in the order in which it is drawn, wrapped lines joined."""
    return " ".join(label.text for label in of(Label, sheet))


def extent(label: Label) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of a line of text; letters rise 0.75 and hang 0.2 of their size."""
    left = label.x - label.width / 2 if label.centred else label.x
    return left, label.y - 0.75 * label.size, left + label.width, label.y + 0.2 * label.size


def overlapping(boxes: Iterable[tuple[float, float, float, float]]) -> list:
    return [
        (a, b)
        for a, b in combinations(boxes, 2)
        if a[0] < b[2] - 0.1 and b[0] < a[2] - 0.1 and a[1] < b[3] - 0.1 and b[1] < a[3] - 0.1
    ]


def check_legible(sheet: Sheet) -> None:
    """No text lies on another, and all is on the paper."""
    assert overlapping([extent(label) for label in of(Label, sheet)]) == []
    for label in of(Label, sheet):
        left, top, right, bottom = extent(label)
        assert left >= MARGIN / 2
        assert right <= WIDTH - MARGIN / 2, label.text
        assert top >= MARGIN / 2
        assert bottom <= HEIGHT - MARGIN / 2, label.text
    for box in of(Box, sheet):
        assert 0 <= box.x <= box.x + box.width <= WIDTH
        assert 0 <= box.y <= box.y + box.height <= HEIGHT


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.title)
def test_a_sheet_is_legible(sheet: Sheet) -> None:
    check_legible(sheet)
    assert min(label.size for label in of(Label, sheet)) >= 5, "letters can be read on paper"


@pytest.mark.parametrize("procedure", PROCEDURES.values(), ids=PROCEDURES)
def test_everything_of_a_step_is_on_the_sheet(procedure: Procedure) -> None:
    text = words(draw_procedure(procedure, ACTS))
    for part in (procedure.title, procedure.nomor, "Pelaksana", "Kelengkapan", "Waktu", "Output"):
        assert part in text
    for step in procedure.steps:
        for part in (step.short, step.wording, step.requires or "–", step.norm_as_written, step.output, step.actor):
            assert part in text
        assert f"Selesai bila: {completions(step, ACTS)}." in text


def steps_of(sheet: Sheet, procedure: Procedure) -> list[Box]:
    """The boxes of the steps, in their order: those with a way in or out."""
    left = min(box.x for box in of(Box, sheet) if box.radius == 0 and box.height > 100)
    boxes = [box for box in of(Box, sheet) if box.radius > 0 and box.x > left]
    assert len(boxes) == len(procedure.steps)
    return boxes


def touches(box: Box, x: float, y: float) -> bool:
    return box.x - 0.1 <= x <= box.x + box.width + 0.1 and box.y - 0.1 <= y <= box.y + box.height + 0.1


def passes(box: Box, line: Line) -> bool:
    """Whether a line of level and upright parts runs through the inside of a box."""
    for (x1, y1), (x2, y2) in zip(line.points, line.points[1:], strict=False):
        across = min(x1, x2) < box.x + box.width - 0.2 and max(x1, x2) > box.x + 0.2
        down = min(y1, y2) < box.y + box.height - 0.2 and max(y1, y2) > box.y + 0.2
        if across and down:
            return True
    return False


@pytest.mark.parametrize("procedure", PROCEDURES.values(), ids=PROCEDURES)
def test_an_arrow_leads_from_each_step_to_the_next_and_through_no_other(procedure: Procedure) -> None:
    sheet = draw_procedure(procedure, ACTS)
    boxes = steps_of(sheet, procedure)
    assert overlapping([(b.x, b.y, b.x + b.width, b.y + b.height) for b in boxes]) == []
    arrows = [
        line for line in of(Line, sheet) if line.arrow and not line.dashed and line.points[0][1] < boxes[-1].y + 20
    ]
    ways = [line for line in arrows if any(touches(box, *line.points[-1]) for box in boxes)]
    assert len(ways) == len(boxes) - 1
    for way, here, there in zip(ways, boxes, boxes[1:], strict=False):
        assert touches(here, *way.points[0])
        assert touches(there, *way.points[-1])
        assert not any(passes(box, way) for box in boxes)


@pytest.mark.parametrize("procedure", PROCEDURES.values(), ids=PROCEDURES)
def test_each_step_stands_in_its_actors_lane_and_hands_over_to_whom_it_says(procedure: Procedure) -> None:
    sheet = draw_procedure(procedure, ACTS)
    heads = {}
    for actor in {name for step in procedure.steps for name in (step.actor, step.to)}:
        first = next(label for label in of(Label, sheet) if label.bold and actor.startswith(label.text))
        heads[actor] = first.x
    boxes = steps_of(sheet, procedure)
    for step, box in zip(procedure.steps, boxes, strict=True):
        assert box.x + box.width / 2 == pytest.approx(heads[step.actor], abs=0.5)
        assert (box.fill == BY_SYSTEM) == step.by_system
        assert (box.weight > 1) == (step.no == procedure.answer_step)
        following = procedure.steps[step.no].actor if step.no < len(procedure.steps) else None
        dots = [dot.x for dot in of(Dot, sheet) if abs(dot.y - box.y - box.height / 2) < 1]
        expected = [] if step.to in (step.actor, following) else [pytest.approx(heads[step.to], abs=0.5)]
        assert dots == expected


def test_every_change_of_state_is_an_arrow_to_where_it_leads() -> None:
    sheet = draw_states(ACTS, STATES)
    check_legible(sheet)
    heads = [box for box in of(Box, sheet) if box.height > 30]
    column = {status: box.x + box.width / 2 for status, box in zip(Status, heads, strict=True)}
    for status, box in zip(Status, heads, strict=True):
        inside = [shape.text for shape in of(Label, sheet) if touches(box, shape.x, shape.y)]
        assert " ".join(inside) == STATUS_LABELS[status]
    chart = [line for line in of(Line, sheet) if line.arrow and line.points[0][0] > column[Status.RECEIVED] - 1]
    rows = {label: shape.y for label, shape in _rows(sheet).items()}
    for way in transitions(ACTS):
        y = rows[way.label]
        near = [dot for dot in of(Dot, sheet) if abs(dot.y - y) < 8]
        full, hollow = ([round(dot.x, 3) for dot in near if dot.full is kind] for kind in (True, False))
        assert full == [round(column[status], 3) for status in Status if status in way.sources]
        assert hollow == [round(column[status], 3) for status in Status if status in way.stays_in]
        tips = [line for line in chart if abs(line.points[0][1] - y) < 8]
        assert bool(tips) == (way.to is not None)
        for line in tips:
            assert line.points[-1][0] == pytest.approx(column[way.to], abs=4)
            assert line.stroke == COLOURS[way.by[0]]


def _rows(sheet: Sheet) -> dict[str, Label]:
    """The first line of each act's name, by its label."""
    names = [shape for shape in of(Label, sheet) if shape.x == MARGIN + 4 and not shape.bold]
    wanted = [DISPOSITION, *(act.label for act in ACTS.values())]
    left, found = list(names), {}
    for label in wanted:
        first = next(shape for shape in left if label.startswith(shape.text))
        found[label] = first
        left.remove(first)
    return found


def test_states_show_where_they_begin_and_end() -> None:
    boxes = [box for box in of(Box, draw_states(ACTS, STATES)) if box.height > 30]
    assert [box.radius > 10 for box in boxes] == [status is Status.RECEIVED for status in Status]
    assert [box.weight > 1 for box in boxes] == [status in FINAL for status in Status]


LONG = st.text(st.sampled_from("abcdefghij klmno pqrst"), min_size=1, max_size=120)


@given(count=st.integers(1, 24), wording=LONG, output=LONG, actors=st.lists(LONG, min_size=1, max_size=8))
def test_any_procedure_fits_on_its_sheet(count: int, wording: str, output: str, actors: list[str]) -> None:
    model = PROCEDURES["langsung"].steps[0]
    steps = tuple(
        replace(
            model,
            no=number + 1,
            wording=wording,
            output=output,
            actor=actors[number % len(actors)],
            to=actors[(number * 3 + 1) % len(actors)],
        )
        for number in range(count)
    )
    sheet = draw_procedure(replace(PROCEDURES["langsung"], steps=steps, answer_step=1), ACTS)
    check_legible(sheet)
    assert len(steps_of(sheet, replace(PROCEDURES["langsung"], steps=steps))) == count


@given(st.integers(1, 45), st.lists(LONG, min_size=1, max_size=3), st.integers(0, 2**32))
def test_any_number_of_acts_fits_on_the_sheet(count: int, names: list[str], seed: int) -> None:
    chance = random.Random(seed)
    acts = {
        str(number): replace(
            ACTS["proses"],
            label=chance.choice(names),
            by=frozenset(chance.sample(list(Actor), chance.randint(1, 3))),
            to=chance.choice([None, *Status]),
            sources=frozenset(chance.sample(list(Status), chance.randrange(12))),
            stays_in=frozenset(chance.sample(list(Status), chance.randrange(4))),
        )
        for number in range(count)
    }
    check_legible(draw_states(acts, STATES))


def test_svg_holds_all_text_and_says_how_wide_it_is() -> None:
    root = ET.fromstring(svg_of(SHEETS))
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("viewBox") == f"0 0 {WIDTH:g} {HEIGHT * 3:g}"
    assert [float(text.get("textLength", 0)) > 0 for text in root.iter(f"{space}text")].count(False) == 0
    drawn = [text.text for text in root.iter(f"{space}text")]
    assert drawn == [label.text for sheet in SHEETS for label in of(Label, sheet)]
    assert len(list(root.iter(f"{space}polygon"))) == sum(line.arrow for sheet in SHEETS for line in of(Line, sheet))
    assert SHEETS[0].title in (root.findtext(f"{space}title") or "")


def test_svg_quotes_what_would_be_markup() -> None:
    sheet = Sheet("A & B <c>", (Label(10, 10, 'x < y & "z"', 8),))
    assert 'x < y & "z"' in ET.fromstring(svg_of([sheet])).itertext()


def test_pdf_has_a_page_for_each_sheet_with_its_text() -> None:
    pages = PdfReader(io.BytesIO(pdf_of(SHEETS))).pages
    assert len(pages) == len(SHEETS)
    for page, sheet in zip(pages, SHEETS, strict=True):
        assert (float(page.mediabox.width), float(page.mediabox.height)) == (WIDTH, HEIGHT)
        text = page.extract_text()
        assert all(label.text in text for label in of(Label, sheet))


def test_equal_sheets_give_equal_files() -> None:
    again = draw_sop(PROCEDURES.values(), ACTS, STATES)
    assert svg_of(again) == svg_of(SHEETS)
    assert pdf_of(again) == pdf_of(SHEETS)


@pytest.mark.parametrize(("name", "expected"), [("a.svg", svg_of), ("bagan SOP.PDF", pdf_of), ("x/y.z.svg", svg_of)])
def test_a_files_ending_says_what_it_becomes(name: str, expected: object) -> None:
    assert format_of(name) is expected


@pytest.mark.parametrize("name", ["", "sop", "sop.png", ".svg", "svg"])
def test_other_endings_are_refused(name: str) -> None:
    with pytest.raises(QuestionError, match=r"\.svg atau \.pdf"):
        format_of(name)


def test_text_that_cannot_fit_keeps_what_does() -> None:
    found = fitted("kata " * 400, 20, size=7, height=12)
    assert found.lines
    assert found.height <= 12
