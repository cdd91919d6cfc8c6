"""Requests that copy, carry or fill cells: copyPaste, cutPaste, insertRange, deleteRange, autoFill, and pasted text."""

import csv
import io
from html.parser import HTMLParser
from typing import Any

from localsheets.errors import InvalidRequestError, UnimplementedError
from localsheets.formats.number_formats import is_moment
from localsheets.model.box import Axis, Box, ClosedBox
from localsheets.model.cell_parts import with_contents
from localsheets.model.cells import formula_of, value_of, with_cell
from localsheets.model.layers import NumberFormats
from localsheets.model.sheet import Sheet
from localsheets.operations.carrying import PASTE_TYPES, Tiling, carry_block, clear_block, copy_block
from localsheets.operations.series import continued
from localsheets.operations.values import write_rows
from localsheets.requests.step import Handler, Json, Step, as_object, whole_number

_DELIMITERS = {"COMMA": ",", "SEMICOLON": ";", "PERIOD": ".", "SPACE": " "}


def _paste_type(body: Json, name: str = "pasteType") -> frozenset[str]:
    told = body.get(name, "PASTE_NORMAL")
    if told not in PASTE_TYPES:
        raise InvalidRequestError(f"Invalid value at '{name}': {told!r}")
    return PASTE_TYPES[told]


def copy_paste(step: Step, body: Json) -> Json:
    """Copy a block; a destination that holds it several times is filled with it."""
    sheet, source_box = step.place(body.get("source"))
    to, box = step.place(body.get("destination"))
    paste, orientation = _paste_type(body), body.get("pasteOrientation", "NORMAL")
    if orientation not in {"NORMAL", "TRANSPOSE"}:
        raise InvalidRequestError(f"Invalid value at 'pasteOrientation': {orientation!r}")
    source, wanted = sheet.clip(source_box), to.clip(box)
    single = Tiling(source, wanted, orientation == "TRANSPOSE")
    height, width = single.size
    if not height or not width:
        raise InvalidRequestError("The source range is empty.")
    down, right = wanted.bottom - wanted.top, wanted.right - wanted.left
    height = down if down and down % height == 0 else height
    width = right if right and right % width == 0 else width
    target = ClosedBox(wanted.top, wanted.top + height, wanted.left, wanted.left + width)
    make_room(to, target)
    step.check_open(to, target)
    copy_block(sheet, to, Tiling(source, target, single.transposed), paste)
    return {}


def make_room(sheet: Sheet, box: ClosedBox) -> None:
    """Let the sheet grow if a box reaches beyond it."""
    rows, columns = max(sheet.row_count, box.bottom), max(sheet.column_count, box.right)
    if (rows, columns) != (sheet.row_count, sheet.column_count):
        sheet.set_grid(rows=rows, columns=columns)


def _coordinate(step: Step, name: str, told: Any) -> tuple[Sheet, int, int]:
    cell = as_object(name, told)
    sheet = step.book.sheet(cell.get("sheetId"))
    row = whole_number(f"{name}.rowIndex", cell.get("rowIndex", 0))
    column = whole_number(f"{name}.columnIndex", cell.get("columnIndex", 0))
    if row >= sheet.row_count or column >= sheet.column_count:
        raise InvalidRequestError(f"{name} lies beyond the sheet.")
    return sheet, row, column


def cut_paste(step: Step, body: Json) -> Json:
    """Carry a block elsewhere; all of it is cut, whatever is pasted."""
    sheet, source_box = step.open_place(body.get("source"))
    to, top, left = _coordinate(step, "destination", body.get("destination"))
    paste, source = _paste_type(body), sheet.clip(source_box)
    height, width = source.bottom - source.top, source.right - source.left
    target = ClosedBox(top, top + height, left, left + width)
    make_room(to, target)
    step.check_open(to, target)
    if to is sheet and (top, left) == (source.top, source.left):
        return {}
    if paste == PASTE_TYPES["PASTE_NORMAL"]:
        carry_block(step.book, sheet, source, to, top - source.top, left - source.left)
        return {}
    copy_block(sheet, to, Tiling(source, target), paste)
    for part in source.minus(target) if to is sheet else [source]:
        clear_block(sheet, part)
    return {}


def _shift_axis(body: Json) -> Axis:
    axis = body.get("shiftDimension")
    if axis not in {"ROWS", "COLUMNS"}:
        raise InvalidRequestError("shiftDimension must be ROWS or COLUMNS.")
    return "ROWS" if axis == "ROWS" else "COLUMNS"


def insert_range(step: Step, body: Json) -> Json:
    """Empty cells; what stands there moves down or to the right, and the sheet grows if something would be lost."""
    sheet, box = step.place(body.get("range"))
    axis, closed = _shift_axis(body), sheet.clip(box)
    rows = closed.bottom - closed.top if axis == "ROWS" else 0
    columns = closed.right - closed.left if axis == "COLUMNS" else 0
    behind = _behind(closed, axis, after=False)
    step.check_open(sheet, behind)
    last_row, last_column = _last_used(sheet, behind)
    make_room(sheet, ClosedBox(0, last_row + rows, 0, last_column + columns))
    carry_block(step.book, sheet, behind, sheet, rows, columns)
    return {}


def delete_range(step: Step, body: Json) -> Json:
    """Take cells out; what stands below or to the right of them moves up."""
    sheet, box = step.place(body.get("range"))
    axis, closed = _shift_axis(body), sheet.clip(box)
    step.check_open(sheet, _behind(closed, axis, after=False))
    clear_block(sheet, closed)
    rows = closed.top - closed.bottom if axis == "ROWS" else 0
    columns = closed.left - closed.right if axis == "COLUMNS" else 0
    carry_block(step.book, sheet, _behind(closed, axis, after=True), sheet, rows, columns)
    return {}


def _behind(box: ClosedBox, axis: Axis, *, after: bool) -> Box:
    """Everything from a box on (or only what comes after it), down or to the right."""
    if axis == "ROWS":
        return Box(box.bottom if after else box.top, None, box.left, box.right)
    return Box(box.top, box.bottom, box.right if after else box.left, None)


def _last_used(sheet: Sheet, box: Box) -> tuple[int, int]:
    """How many rows and columns it takes to hold everything in a box."""
    closed = sheet.clip(box)
    used = [
        (row + 1, column + 1)
        for row in range(closed.top, min(closed.bottom, len(sheet.rows)))
        for column, cell in enumerate(sheet.cells(row)[closed.left : closed.right], closed.left)
        if cell is not None
    ]
    return max((row for row, _ in used), default=0), max((column for _, column in used), default=0)


def auto_fill(step: Step, body: Json) -> Json:
    """Go on with what stands in a range: series of numbers and dates, formulas, or the same again."""
    sheet, source, axis, count = _told_fill(step, body) if "sourceAndDestination" in body else _found_fill(step, body)
    if count == 0 or source.top >= source.bottom or source.left >= source.right:
        return {}
    target = _filled(source, axis, count)
    if target.top < 0 or target.left < 0 or target.bottom > sheet.row_count or target.right > sheet.column_count:
        raise InvalidRequestError("The range to fill reaches beyond the sheet.")
    step.check_open(sheet, target)
    lines = range(source.left, source.right) if axis == "ROWS" else range(source.top, source.bottom)
    formats = NumberFormats(sheet)
    series = {
        line: _series(sheet, formats, source, axis, line, count, body.get("useAlternateSeries")) for line in lines
    }
    _repeat(sheet, source, axis, count)
    for line, values in series.items():
        for place, value in enumerate(values or ()):
            row, column = _spot(source, axis, line, place, count)
            cell = with_contents(sheet.cell(row, column), value)
            sheet.set_cells(row, with_cell(sheet.cells(row), column, cell))
    return {}


def _told_fill(step: Step, body: Json) -> tuple[Sheet, ClosedBox, Axis, int]:
    told = as_object("sourceAndDestination", body.get("sourceAndDestination"))
    sheet, box = step.place(told.get("source"))
    axis, count = told.get("dimension"), told.get("fillLength", 0)
    if axis not in {"ROWS", "COLUMNS"} or not isinstance(count, int) or isinstance(count, bool):
        raise InvalidRequestError("dimension must be ROWS or COLUMNS, and fillLength a whole number.")
    return sheet, sheet.clip(box), "ROWS" if axis == "ROWS" else "COLUMNS", count


def _found_fill(step: Step, body: Json) -> tuple[Sheet, ClosedBox, Axis, int]:
    """The part of the range that holds data is the source, the rest is filled."""
    sheet, box = step.place(body.get("range"))
    closed = sheet.clip(box)
    used = [
        (row, column)
        for row in range(closed.top, min(closed.bottom, len(sheet.rows)))
        for column, cell in enumerate(sheet.cells(row)[closed.left : closed.right], closed.left)
        if value_of(cell) is not None or formula_of(cell)
    ]
    if not used:
        raise InvalidRequestError("There is no data in the range to go on with.")
    bottom, right = max(row for row, _ in used) + 1, max(column for _, column in used) + 1
    if bottom < closed.bottom:
        return sheet, ClosedBox(closed.top, bottom, closed.left, closed.right), "ROWS", closed.bottom - bottom
    return sheet, ClosedBox(closed.top, closed.bottom, closed.left, right), "COLUMNS", closed.right - right


def _filled(source: ClosedBox, axis: Axis, count: int) -> ClosedBox:
    first, last = source.top if axis == "ROWS" else source.left, source.bottom if axis == "ROWS" else source.right
    return _along(source, axis, last, last + count) if count > 0 else _along(source, axis, first + count, first)


def _spot(source: ClosedBox, axis: Axis, line: int, place: int, count: int) -> tuple[int, int]:
    """The cell that is filled as number `place`, counted away from the source."""
    first, last = source.span(axis)
    along = (last or 0) + place if count > 0 else first - 1 - place
    return (along, line) if axis == "ROWS" else (line, along)


def _repeat(sheet: Sheet, source: ClosedBox, axis: Axis, count: int) -> None:
    """Copy the source on and on: formats, rules and formulas go on by repetition."""
    first, last = source.top if axis == "ROWS" else source.left, source.bottom if axis == "ROWS" else source.right
    size = last - first
    whole, rest = abs(count) // size * size, abs(count) % size
    if count > 0:
        parts = [(first, last, last, last + whole), (first, first + rest, last + whole, last + count)]
    else:
        parts = [(first, last, first - whole, first), (last - rest, last, first + count, first - whole)]
    for start, end, to_start, to_end in parts:
        if start < end and to_start < to_end:
            one, target = _along(source, axis, start, end), _along(source, axis, to_start, to_end)
            copy_block(sheet, sheet, Tiling(one, target), PASTE_TYPES["PASTE_NORMAL"] - {"merges", "notes"})


def _along(box: ClosedBox, axis: Axis, start: int, end: int) -> ClosedBox:
    if axis == "ROWS":
        return ClosedBox(start, end, box.left, box.right)
    return ClosedBox(box.top, box.bottom, start, end)


def _series(
    sheet: Sheet, formats: NumberFormats, source: ClosedBox, axis: Axis, line: int, count: int, alternate: Any
) -> list[Any] | None:
    """The values that come next in a row or column; None if formulas stand there, which were copied."""
    first, last = source.span(axis)
    spots = [(place, line) if axis == "ROWS" else (line, place) for place in range(first, last or 0)]
    spots = spots if count > 0 else spots[::-1]
    cells = [sheet.cell(*spot) for spot in spots]
    if any(formula_of(cell) for cell in cells):
        return None
    dated = is_moment(formats.at(*spots[0], cells[0]))
    values = [value_of(cell) for cell in cells]
    if count < 0 and len(values) == 1 and isinstance(values[0], int | float) and dated:
        return [values[0] - place for place in range(1, -count + 1)]
    return continued(values, abs(count), steps_alone=dated, alternate=alternate is True)


def paste_data(step: Step, body: Json) -> Json:
    """Text as if pasted by hand: parted by a delimiter, or the first table of a piece of HTML."""
    sheet, top, left = _coordinate(step, "coordinate", body.get("coordinate"))
    data, paste = body.get("data", ""), _paste_type(body, "type")
    if not isinstance(data, str):
        raise InvalidRequestError("data must be a text.")
    if body.get("html"):
        rows = _html_rows(data)
    elif isinstance(body.get("delimiter"), str) and len(body["delimiter"]) == 1:
        rows = _delimited(data, body["delimiter"])
    else:
        raise InvalidRequestError("Either a delimiter of one character or html is needed.")
    if "values" not in paste:
        raise UnimplementedError("This server pastes only the values of a text.")
    width = max((len(row) for row in rows), default=0)
    make_room(sheet, ClosedBox(top, top + len(rows), left, left + width))
    write_rows(step.book, sheet, top, left, rows, entered=True, who=step.who)
    return {}


def _delimited(data: str, delimiter: str) -> list[list[Any]]:
    try:
        return list(csv.reader(io.StringIO(data), delimiter=delimiter))
    except (csv.Error, TypeError, ValueError) as error:
        raise InvalidRequestError(f"The data cannot be parted by {delimiter!r}: {error}") from error


class _Table(HTMLParser):
    """The texts of table cells, row by row; text outside of any table is a row of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[Any]] = []
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"} and self.rows:
            self.rows[-1].append("")
            self._in_cell = True
        elif tag == "br" and self._in_cell:
            self.rows[-1][-1] += "\n"

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = self._in_cell and tag not in {"td", "th", "tr", "table"}

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.rows[-1][-1] += data
        elif not self.rows and data.strip():
            self.rows.append([data.strip()])


def _html_rows(data: str) -> list[list[Any]]:
    parser = _Table()
    parser.feed(data)
    return [[text.strip() for text in row] for row in parser.rows]


def text_to_columns(step: Step, body: Json) -> Json:
    """Part the texts of one column by a delimiter, over the columns to its right."""
    sheet, box = step.open_place(body.get("source"))
    closed = sheet.clip(box)
    if closed.right - closed.left != 1:
        raise InvalidRequestError("The source must span exactly one column.")
    texts = {
        row: value
        for row in range(closed.top, min(closed.bottom, len(sheet.rows)))
        if isinstance(value := value_of(sheet.cell(row, closed.left)), str)
        and not formula_of(sheet.cell(row, closed.left))
    }
    delimiter = _delimiter(body, list(texts.values()))
    parted = {row: [part.strip() for part in _delimited(text, delimiter)[0]] for row, text in texts.items() if text}
    width = max(map(len, parted.values()), default=0)
    make_room(sheet, ClosedBox(closed.top, closed.bottom, closed.left, closed.left + width))
    for row, parts in parted.items():
        write_rows(step.book, sheet, row, closed.left, [parts], entered=True, who=step.who)
    return {}


def _delimiter(body: Json, texts: list[str]) -> str:
    kind = body.get("delimiterType")
    if kind == "CUSTOM":
        told = body.get("delimiter")
        if not isinstance(told, str) or len(told) != 1:
            raise InvalidRequestError("delimiter must be one character.")
        return told
    if kind == "AUTODETECT":
        return max(",;\t|. ", key=lambda mark: sum(mark in text for text in texts))
    if kind not in _DELIMITERS:
        raise InvalidRequestError(f"Invalid value at 'delimiterType': {kind!r}")
    return _DELIMITERS[kind]


HANDLERS: dict[str, Handler] = {
    "copyPaste": copy_paste,
    "cutPaste": cut_paste,
    "insertRange": insert_range,
    "deleteRange": delete_range,
    "autoFill": auto_fill,
    "pasteData": paste_data,
    "textToColumns": text_to_columns,
}
