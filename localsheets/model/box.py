"""
A rectangle of cells, and how it moves when rows or columns come and go.

Indexes count from 0; ends are exclusive; an end of None is open and grows with the sheet.
Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/other#GridRange
"""

from dataclasses import dataclass
from typing import Any, Literal

from localsheets.errors import InvalidRequestError

Axis = Literal["ROWS", "COLUMNS"]
Span = tuple[int, int | None]


@dataclass(frozen=True)
class Box:
    """Rows `top` to before `bottom`, columns `left` to before `right`."""

    top: int = 0
    bottom: int | None = None
    left: int = 0
    right: int | None = None

    def clip(self, row_count: int, column_count: int) -> "ClosedBox":
        """The part of this box that lies on a grid of that size."""
        bottom = row_count if self.bottom is None else min(self.bottom, row_count)
        right = column_count if self.right is None else min(self.right, column_count)
        return ClosedBox(self.top, max(bottom, self.top), self.left, max(right, self.left))

    def meets(self, other: "Box") -> bool:
        """Whether the two share at least one cell."""
        return _overlap((self.top, self.bottom), (other.top, other.bottom)) and _overlap(
            (self.left, self.right), (other.left, other.right)
        )

    def covers(self, other: "Box") -> bool:
        """Whether every cell of the other lies in this one."""
        return _covers((self.top, self.bottom), (other.top, other.bottom)) and _covers(
            (self.left, self.right), (other.left, other.right)
        )

    def intersection(self, other: "Box") -> "Box | None":
        """The cells that lie in both; None if there are none."""
        if not self.meets(other):
            return None
        return Box(
            max(self.top, other.top),
            _nearer(self.bottom, other.bottom),
            max(self.left, other.left),
            _nearer(self.right, other.right),
        )

    def minus(self, other: "Box") -> "list[Box]":
        """What is left of this box without the other, as at most four boxes."""
        common = self.intersection(other)
        if common is None:
            return [self]
        parts = [
            Box(self.top, common.top, self.left, self.right),
            Box(common.top, common.bottom, self.left, common.left),
        ]
        if common.right is not None:
            parts.append(Box(common.top, common.bottom, common.right, self.right))
        if common.bottom is not None:
            parts.append(Box(common.bottom, self.bottom, self.left, self.right))
        return [part for part in parts if part.top != part.bottom and part.left != part.right]

    def shifted(self, rows: int, columns: int) -> "Box":
        """The same box so many rows further down and columns further right; it stops at the sheet's first line."""
        top, bottom = _shifted((self.top, self.bottom), rows)
        left, right = _shifted((self.left, self.right), columns)
        return Box(top, bottom, left, right)

    def transposed(self) -> "Box":
        """Rows as columns, and columns as rows."""
        return Box(self.left, self.right, self.top, self.bottom)

    def holds(self, row: int, column: int) -> bool:
        """Whether that cell lies in this box."""
        return self.holds_row(row) and self.holds_column(column)

    def holds_row(self, row: int) -> bool:
        """Whether that row passes through this box."""
        return self.top <= row and (self.bottom is None or row < self.bottom)

    def holds_column(self, column: int) -> bool:
        """Whether that column passes through this box."""
        return self.left <= column and (self.right is None or column < self.right)

    def span(self, axis: Axis) -> Span:
        """First and past-the-last index along rows or columns."""
        return (self.top, self.bottom) if axis == "ROWS" else (self.left, self.right)

    def with_span(self, axis: Axis, span: Span) -> "Box":
        """The same box with another extent along one axis."""
        if axis == "ROWS":
            return Box(span[0], span[1], self.left, self.right)
        return Box(self.top, self.bottom, span[0], span[1])


@dataclass(frozen=True)
class ClosedBox(Box):
    """A box whose ends are known."""

    bottom: int = 0
    right: int = 0


def _nearer(one: int | None, two: int | None) -> int | None:
    if one is None or two is None:
        return two if one is None else one
    return min(one, two)


def _shifted(span: Span, by: int) -> Span:
    return max(0, span[0] + by), None if span[1] is None else max(0, span[1] + by)


def _overlap(one: Span, two: Span) -> bool:
    return (one[1] is None or two[0] < one[1]) and (two[1] is None or one[0] < two[1])


def _covers(outer: Span, inner: Span) -> bool:
    if inner[0] < outer[0]:
        return False
    return outer[1] is None or (inner[1] is not None and inner[1] <= outer[1])


def span_after_insert(span: Span, at: int, count: int, *, inherit_before: bool = False) -> Span:
    """
    Where a span lies once `count` lines came in before line `at`.

    A span that reaches across `at` grows; so does an open one that begins there (a rule for "every row below the
    header" also holds for a new first row), and one that ends there if the new lines inherit from before.
    """
    start, end = span
    if inherit_before and end == at:
        return start, end + count
    moved_start = start + count if start > at or (start == at and end is not None) else start
    return moved_start, end if end is None or end <= at else end + count


def span_after_delete(span: Span, start: int, end: int) -> Span | None:
    """Where a span lies once lines `start` to before `end` are gone; None if nothing of it is left."""

    def moved(line: int) -> int:
        return line if line <= start else max(start, line - (end - start))

    after = (moved(span[0]), None if span[1] is None else moved(span[1]))
    return None if after[1] is not None and after[0] >= after[1] else after


def span_after_move(span: Span, start: int, end: int, target: int) -> Span:
    """Where a span lies once lines `start` to before `end` went to before line `target` (counted before the move)."""
    count = end - start
    landing = target if target <= start else target - count
    if span[0] >= start and span[1] is not None and span[1] <= end:
        return span[0] + landing - start, span[1] + landing - start
    without = span_after_delete(span, start, end)
    return span if without is None else span_after_insert(without, landing, count)


def box_from_json(grid_range: dict[str, Any]) -> Box:
    """
    A box from a `GridRange`.

    Raises: InvalidRequestError if an index is no whole number, or an end lies before its start.
    """
    numbers: dict[str, int | None] = {}
    for name in ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"):
        number = grid_range.get(name)
        if number is not None and (not isinstance(number, int) or isinstance(number, bool) or number < 0):
            raise InvalidRequestError(f"range.{name} must be a whole number from 0 up.")
        numbers[name] = number
    box = Box(
        numbers["startRowIndex"] or 0,
        numbers["endRowIndex"],
        numbers["startColumnIndex"] or 0,
        numbers["endColumnIndex"],
    )
    if (box.bottom is not None and box.bottom < box.top) or (box.right is not None and box.right < box.left):
        raise InvalidRequestError("A range must not end before it starts.")
    return box


def box_to_json(box: Box, sheet_id: int) -> dict[str, Any]:
    """A `GridRange`; like Google it leaves out a sheet id of 0 and open ends."""
    grid_range: dict[str, Any] = {} if sheet_id == 0 else {"sheetId": sheet_id}
    if box.top or box.bottom is not None:
        grid_range["startRowIndex"] = box.top
    if box.bottom is not None:
        grid_range["endRowIndex"] = box.bottom
    if box.left or box.right is not None:
        grid_range["startColumnIndex"] = box.left
    if box.right is not None:
        grid_range["endColumnIndex"] = box.right
    return grid_range
