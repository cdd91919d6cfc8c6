"""Inserting, deleting, moving and adding rows or columns, with everything that points at them following along."""

from collections.abc import Callable
from typing import Any

from localsheets.errors import InvalidRequestError
from localsheets.formulas.references import lines_deleted, lines_inserted, lines_moved
from localsheets.model.anchors import Move, formulas_follow, move_things
from localsheets.model.book import Book
from localsheets.model.box import Axis, Box, Span, span_after_delete, span_after_insert, span_after_move
from localsheets.model.cells import trimmed
from localsheets.model.groups import normalise
from localsheets.model.merging import merges_of
from localsheets.model.sheet import Sheet

SpanMove = Callable[[Span], Span | None]


def length(sheet: Sheet, axis: Axis) -> int:
    """How many rows or columns the sheet has."""
    return sheet.row_count if axis == "ROWS" else sheet.column_count


def _resize(sheet: Sheet, axis: Axis, size: int) -> None:
    sheet.set_grid(rows=size if axis == "ROWS" else None, columns=size if axis == "COLUMNS" else None)


def append_lines(sheet: Sheet, axis: Axis, count: int) -> None:
    """More rows at the bottom, or columns at the right."""
    _resize(sheet, axis, length(sheet, axis) + count)


def insert_lines(book: Book, sheet: Sheet, axis: Axis, start: int, count: int, *, inherit_before: bool) -> None:
    """Empty rows or columns before line `start`."""
    _resize(sheet, axis, length(sheet, axis) + count)
    if axis == "ROWS":
        sheet.insert_rows(start, count)
    else:
        for row, stored in enumerate(sheet.rows):
            if len(stored.cells) > start:
                sheet.set_cells(row, [*stored.cells[:start], *[None] * count, *stored.cells[start:]])
    move_spans(
        book,
        sheet,
        axis,
        lambda span: span_after_insert(span, start, count, inherit_before=inherit_before),
        guards=lambda span: span_after_insert(span, start, count),
    )
    formulas_follow(book, lines_inserted(sheet.title, axis, start, count))


def delete_lines(book: Book, sheet: Sheet, axis: Axis, start: int, end: int) -> None:
    """Take rows or columns `start` to before `end` out."""
    _resize(sheet, axis, length(sheet, axis) - (end - start))
    if axis == "ROWS":
        sheet.delete_rows(start, end)
    else:
        for row, stored in enumerate(sheet.rows):
            if len(stored.cells) > start:
                sheet.set_cells(row, trimmed([*stored.cells[:start], *stored.cells[end:]]))
    move_spans(book, sheet, axis, lambda span: span_after_delete(span, start, end))
    formulas_follow(book, lines_deleted(sheet.title, axis, start, end))
    _shrink_frozen(sheet, axis)


def move_lines(book: Book, sheet: Sheet, axis: Axis, start: int, end: int, target: int) -> None:
    """Carry lines `start` to before `end` to before line `target`, counted before the move."""
    if start < target < end:
        raise InvalidRequestError("destinationIndex must not lie within the source range.")
    _check_merges(sheet, axis, start, end, target)
    order = [line for line in range(max(end, target)) if not start <= line < end]
    landing = target if target <= start else target - (end - start)
    order[landing:landing] = range(start, end)
    if axis == "ROWS":
        rows = sheet.stored_slice(0, max(end, target))
        sheet.reorder(0, [rows[line] for line in order])
    else:
        for row, stored in enumerate(sheet.rows):
            cells = [*stored.cells, *[None] * (len(order) - len(stored.cells))]
            sheet.set_cells(row, trimmed([*[cells[line] for line in order], *cells[len(order) :]]))
    move_spans(book, sheet, axis, lambda span: span_after_move(span, start, end, target))
    formulas_follow(book, lines_moved(sheet.title, axis, start, end, target))


def _check_merges(sheet: Sheet, axis: Axis, start: int, end: int, target: int) -> None:
    for merge in merges_of(sheet):
        first, last = merge.span(axis)
        if last is not None and any(first < edge < last for edge in (start, end, target)):
            raise InvalidRequestError("Lines cannot be moved out of or into the middle of merged cells.")


def move_spans(book: Book, sheet: Sheet, axis: Axis, move: SpanMove, *, guards: SpanMove | None = None) -> None:
    """
    Let every box and every line property of the sheet follow a move; what has lost its last line goes.

    Args:
        guards: How protected ranges move if not as all else: looks inherit at an edge, protection does not.
    """

    def along(span_move: SpanMove) -> Move:
        def moved(box: Box) -> Box | None:
            span = span_move(box.span(axis))
            return None if span is None else box.with_span(axis, span)

        return moved

    move_things(book, sheet, along(move), guards=along(guards or move))
    normalise(sheet)
    if axis == "ROWS":
        sheet.lines = _moved_lines(sheet.lines, move)
    else:
        sheet.columns = _moved_lines(sheet.columns, move)
    sheet.reshaped = True


def _moved_lines(lines: dict[int, dict[str, Any]], move: SpanMove) -> dict[int, dict[str, Any]]:
    places = {line: move((line, line + 1)) for line in lines}
    return {place[0]: lines[line] for line, place in places.items() if place is not None}


def check_left(sheet: Sheet, axis: Axis, start: int, end: int) -> None:
    """
    Raises: InvalidRequestError if only frozen lines would be left.
    """
    name, words = ("frozenRowCount", "rows") if axis == "ROWS" else ("frozenColumnCount", "columns")
    frozen = sheet.properties["gridProperties"].get(name, 0)
    if frozen and start <= frozen and end >= length(sheet, axis):
        raise InvalidRequestError(f"Sorry, it is not possible to delete all non-frozen {words}.")


def _shrink_frozen(sheet: Sheet, axis: Axis) -> None:
    name = "frozenRowCount" if axis == "ROWS" else "frozenColumnCount"
    grid = sheet.properties["gridProperties"]
    if grid.get(name, 0) >= length(sheet, axis):
        sheet.properties = {
            **sheet.properties,
            "gridProperties": {**grid, name: max(0, length(sheet, axis) - 1)},
        }


def check_lines(sheet: Sheet, lines: dict[str, Any]) -> tuple[Axis, int, int]:
    """
    Axis, start and end of a `DimensionRange` that lies on the sheet.

    Raises: InvalidRequestError if it does not.
    """
    axis = lines.get("dimension")
    if axis not in {"ROWS", "COLUMNS"}:
        raise InvalidRequestError("dimension must be ROWS or COLUMNS.")
    size = length(sheet, axis)
    start, end = lines.get("startIndex", 0), lines.get("endIndex", size)
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end:
        raise InvalidRequestError("startIndex must be at least 0 and less than endIndex.")
    if end > size:
        raise InvalidRequestError(f"endIndex ({end}) must not lie beyond the sheet ({size} {axis.lower()}).")
    return axis, start, end
