"""
Cell references in a formula, and how they follow what happens to the sheets that they point at.

A `Change` takes a formula and the title of the sheet on which it stands, and answers the formula as it reads
afterwards. A reference whose last cell is gone becomes `#REF!`, as at Google.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from localsheets.formulas.tokens import Token, joined, tokens
from localsheets.model.a1 import column_index, column_letters, quoted_title
from localsheets.model.box import Axis, Box

Change = Callable[[str, str], str]
Ends = tuple[int | None, int | None]
"""First and last line of a reference along one axis, both included; None where it is open (`A:A`, `A2:A`)."""
LineMove = Callable[[int | None, int | None], Ends | None]
LOST = "#REF!"
_MOST_COLUMNS = 18_278
_MOST_ROWS = 9_999_999
_PARTS = re.compile(
    r"(?:(?P<title>'(?:[^']|'')+'|[^!']+)!)?"
    r"(?P<left_fixed>\$?)(?P<left>[A-Za-z]{1,3})?(?P<top_fixed>\$?)(?P<top>[0-9]+)?"
    r"(?P<range>:(?P<right_fixed>\$?)(?P<right>[A-Za-z]{1,3})?(?P<bottom_fixed>\$?)(?P<bottom>[0-9]+)?)?"
)


@dataclass(frozen=True)
class Corner:
    """One end of a reference; indexes from 0, None where it is open."""

    column: int | None
    row: int | None
    column_fixed: bool = False
    row_fixed: bool = False

    def __str__(self) -> str:
        column = "" if self.column is None else "$" * self.column_fixed + column_letters(self.column)
        row = "" if self.row is None else "$" * self.row_fixed + str(self.row + 1)
        return column + row


@dataclass(frozen=True)
class CellReference:
    """
    A reference as written: `B2`, `$A$1:C5`, `A:Z`, `A2:A`, `3:7`, with or without a sheet's title.

    Attributes:
        title: The sheet's title without quotes; None if the formula's own sheet is meant.
        last: None if one cell is meant.
    """

    title: str | None
    first: Corner
    last: Corner | None

    def __str__(self) -> str:
        title = "" if self.title is None else quoted_title(self.title) + "!"
        return title + str(self.first) + ("" if self.last is None else f":{self.last}")

    def lines(self, axis: Axis) -> Ends:
        """First and last row or column."""
        last = self.last or self.first
        ends = (self.first.row, last.row) if axis == "ROWS" else (self.first.column, last.column)
        return (ends[1], ends[0]) if None not in ends and ends[0] > ends[1] else ends  # type: ignore[operator]

    def with_lines(self, axis: Axis, ends: Ends) -> "CellReference":
        """The same reference to other rows or columns."""
        name = "row" if axis == "ROWS" else "column"
        last = None if self.last is None else replace(self.last, **{name: ends[1]})  # type: ignore[arg-type]
        return replace(self, first=replace(self.first, **{name: ends[0]}), last=last)  # type: ignore[arg-type]

    def box(self) -> Box:
        """The cells that are meant."""
        (top, bottom), (left, right) = self.lines("ROWS"), self.lines("COLUMNS")
        # `A2:3` is not written by anybody, `A2:A` is: a missing end is open
        return Box(top or 0, None if bottom is None else bottom + 1, left or 0, None if right is None else right + 1)

    def fits(self) -> bool:
        """Whether all of it lies where a sheet can have cells."""
        corners = [self.first] if self.last is None else [self.first, self.last]
        return all(
            (corner.row is None or 0 <= corner.row < _MOST_ROWS)
            and (corner.column is None or 0 <= corner.column < _MOST_COLUMNS)
            for corner in corners
        )


def parse_reference(text: str) -> CellReference:
    """The parts of the text of a `reference` token."""
    match = _PARTS.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no cell reference.")
    told = match.groupdict()
    title = told["title"]
    if title is not None and title.startswith("'"):
        title = title[1:-1].replace("''", "'")

    def corner(column: str, row: str) -> Corner:
        return Corner(
            column_index(told[column]) if told[column] else None,
            int(told[row]) - 1 if told[row] else None,
            # in `$5:7` the mark stands before the row although the column could take it
            bool(told[f"{column}_fixed"] and told[column]),
            bool(told[f"{row}_fixed"] or (told[f"{column}_fixed"] and not told[column])),
        )

    return CellReference(title, corner("left", "top"), corner("right", "bottom") if told["range"] else None)


def references(formula: str) -> Iterator[CellReference]:
    """Every reference to cells in a formula, in order."""
    return (parse_reference(token.text) for token in tokens(formula) if token.kind == "reference")


def boxes(formula: str, here: str) -> list[tuple[str, Box]]:
    """The cells that a formula on the sheet titled `here` names, as sheet titles and boxes (names of ranges apart)."""
    return [(here if ref.title is None else ref.title, ref.box()) for ref in references(formula)]


def names(formula: str) -> set[str]:
    """The names in a formula that may be named ranges, in capitals."""
    return {token.text.upper() for token in tokens(formula) if token.kind == "name"} - {"TRUE", "FALSE"}


def relative(formula: str, rows: int, columns: int) -> str:
    """The formula as it reads once copied so many rows down and columns right: `$` holds a line in place."""

    def moved(ref: CellReference) -> CellReference | None:
        first = _shifted(ref.first, rows, columns)
        ref = replace(ref, first=first, last=None if ref.last is None else _shifted(ref.last, rows, columns))
        return ref if ref.fits() else None

    return _rewritten(formula, moved) if rows or columns else formula


def _shifted(corner: Corner, rows: int, columns: int) -> Corner:
    row = corner.row if corner.row is None or corner.row_fixed else corner.row + rows
    column = corner.column if corner.column is None or corner.column_fixed else corner.column + columns
    return replace(corner, row=row, column=column)


def lines_inserted(title: str, axis: Axis, at: int, count: int) -> Change:
    """What formulas read after `count` empty lines came in before line `at` of a sheet."""
    return _lines_changed(title, axis, lambda first, last: (_pushed(first, at, count), _pushed(last, at, count)))


def lines_deleted(title: str, axis: Axis, start: int, end: int) -> Change:
    """What formulas read after lines `start` to before `end` of a sheet are gone."""
    return _lines_changed(title, axis, lambda first, last: _without(first, last, start, end))


def lines_moved(title: str, axis: Axis, start: int, end: int, target: int) -> Change:
    """What formulas read after lines `start` to before `end` went to before line `target`, counted before the move."""
    count = end - start
    landing = target if target <= start else target - count

    def moved(first: int | None, last: int | None) -> Ends | None:
        if first is not None and last is not None and start <= first and last < end:
            return first + landing - start, last + landing - start
        rest = _without(first, last, start, end)
        return None if rest is None else (_pushed(rest[0], landing, count), _pushed(rest[1], landing, count))

    return _lines_changed(title, axis, moved)


def box_moved(title: str, box: Box, to_title: str, rows: int, columns: int) -> Change:
    """What formulas read after the cells of a box were cut and put elsewhere; what points wholly into it follows."""

    def moved(ref: CellReference, here: str) -> CellReference | None:
        if not _points_at(ref, here, title) or not box.covers(ref.box()):
            return ref
        shifted = [_carried(corner, rows, columns) for corner in (ref.first, ref.last or ref.first)]
        names_sheet = ref.title is not None or title.casefold() != to_title.casefold()
        ref = CellReference(to_title if names_sheet else None, shifted[0], shifted[1] if ref.last else None)
        return ref if ref.fits() else None

    return _change(moved)


def box_deleted(title: str, box: Box) -> Change:
    """What formulas read after the cells of a box were taken out; what points wholly into it is lost."""
    return _change(lambda ref, here: None if _points_at(ref, here, title) and box.covers(ref.box()) else ref)


def sheet_renamed(old: str, new: str) -> Change:
    """What formulas read after a sheet got another title."""

    def renamed(ref: CellReference) -> CellReference:
        return replace(ref, title=new) if ref.title is not None and ref.title.casefold() == old.casefold() else ref

    return _change(lambda ref, _: renamed(ref))


def sheet_deleted(title: str) -> Change:
    """What formulas read after a sheet is gone."""
    lost = title.casefold()
    return _change(lambda ref, _: None if ref.title is not None and ref.title.casefold() == lost else ref)


def _pushed(line: int | None, at: int, count: int) -> int | None:
    return line if line is None or line < at else line + count


def _without(first: int | None, last: int | None, start: int, end: int) -> Ends | None:
    if first is not None and first >= start:
        first = max(start, first - (end - start))
    if last is not None and last >= start:
        last = last - (end - start) if last >= end else start - 1
    gone = last is not None and (last < 0 or (first is not None and first > last))
    return None if gone else (first, last)


def _lines_changed(title: str, axis: Axis, move: LineMove) -> Change:
    def moved(ref: CellReference, here: str) -> CellReference | None:
        ends = ref.lines(axis)
        if ends == (None, None) or not _points_at(ref, here, title):
            return ref
        after = move(*ends)
        return ref if after == ends else None if after is None else ref.with_lines(axis, after)

    return _change(moved)


def _carried(corner: Corner, rows: int, columns: int) -> Corner:
    row = None if corner.row is None else corner.row + rows
    return replace(corner, row=row, column=None if corner.column is None else corner.column + columns)


def _points_at(ref: CellReference, here: str, title: str) -> bool:
    return (here if ref.title is None else ref.title).casefold() == title.casefold()


def _change(move: Callable[[CellReference, str], CellReference | None]) -> Change:
    return lambda formula, here: _rewritten(formula, lambda ref: move(ref, here))


def _rewritten(formula: str, move: Callable[[CellReference], CellReference | None]) -> str:
    """The formula with every reference replaced; the rest, and what did not change, stays letter by letter."""
    parts, changed = tokens(formula), False
    for place, token in enumerate(parts):
        if token.kind == "reference":
            before = parse_reference(token.text)
            after = move(before)
            if after != before:
                parts[place] = Token("error", LOST) if after is None else Token("reference", str(after))
                changed = True
    return joined(parts) if changed else formula
