"""Which rows one person wants to see, in which order. Nothing here changes the sheet, or anybody else's view."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from localsheets.errors import InvalidRequestError, UnimplementedError
from localsheets.formats.coercion import Scalar, parse_entered
from localsheets.formats.number_formats import format_number
from localsheets.formats.serials import serial_of
from localsheets.model.book import Book
from localsheets.model.box import Box
from localsheets.model.cells import Cell, cell_at, formatted, value_of
from localsheets.model.conditions import fulfils
from localsheets.model.layers import NumberFormats
from localsheets.model.sheet import Row, Sheet
from localsheets.operations.sorting import sorted_by
from localsheets.requests.step import as_list, as_object, whole_number

Json = dict[str, Any]
MOST_VALUES = 2000
"""Different values of a column to choose from."""
MOST_WANTED_CHARACTERS = 1000
_DATES: dict[str, Callable[..., bool]] = {
    "DATE_EQ": lambda day, wanted: day == wanted,
    "DATE_BEFORE": lambda day, wanted: day < wanted,
    "DATE_AFTER": lambda day, wanted: day > wanted,
    "DATE_BETWEEN": lambda day, first, last: first <= day <= last,
}


@dataclass(frozen=True)
class ColumnFilter:
    """
    What rows must have in one column.

    Attributes:
        hidden: Texts whose rows are left out, as at Google; a value that appears later is shown.
        condition: Google's `BooleanCondition`, or empty.
    """

    hidden: frozenset[str] = frozenset()
    condition: Json = field(default_factory=dict)


@dataclass(frozen=True)
class View:
    """
    One person's view.

    Attributes:
        text: Rows that contain it anywhere; casefolded.
        filters: By column.
        sort: The column to sort by, or None.
    """

    text: str = ""
    filters: dict[int, ColumnFilter] = field(default_factory=dict)
    sort: int | None = None
    descending: bool = False

    @property
    def narrows(self) -> bool:
        """Whether it leaves rows out."""
        return bool(self.text or self.filters)


def view_from_json(told: Json) -> View:
    """
    `{"text", "sort", "order", "filters": {column: {"hidden": […], "condition": {"type", "values"}}}}`.

    Raises: InvalidRequestError if it is anything else.
    """
    text, sort = told.get("text", ""), told.get("sort")
    if not isinstance(text, str):
        raise InvalidRequestError("text must be a text.")
    filters = {}
    for column, entry in as_object("filters", told.get("filters")).items():
        if not column.isdecimal() or len(column) > 6:
            raise InvalidRequestError("filters are named by their column.")
        filters[int(column)] = _filter(as_object("filters", entry))
    return View(
        text=text.strip().casefold()[:MOST_WANTED_CHARACTERS],
        filters=filters,
        sort=None if sort is None else whole_number("sort", sort),
        descending=told.get("order") == "down",
    )


def _filter(told: Json) -> ColumnFilter:
    condition = as_object("condition", told.get("condition"))
    values = [{"userEnteredValue": str(value)} for value in as_list("values", condition.get("values"))]
    hidden = frozenset(str(text) for text in as_list("hidden", told.get("hidden")))
    return ColumnFilter(hidden, {"type": condition["type"], "values": values} if condition.get("type") else {})


class Viewer:
    """Asks rows of one sheet whether a view shows them."""

    def __init__(self, book: Book, sheet: Sheet) -> None:
        self._book = book
        self._sheet = sheet
        self._formats = NumberFormats(sheet)
        self.top = int(sheet.properties["gridProperties"].get("frozenRowCount", 0))

    def text(self, place: int, column: int, cell: Cell) -> str:
        """A cell as it is shown."""
        value = value_of(cell)
        if value is None or isinstance(value, str):
            return value or ""
        return formatted(value, self._formats.shown(place, column, cell), self._book.locale)

    def body(self) -> list[tuple[int, Row]]:
        """The rows below the frozen ones that hold anything, with their places."""
        used = self._sheet.used_rows()
        rows = enumerate(self._sheet.rows[self.top : used], self.top)
        return [(place, row) for place, row in rows if any(value_of(cell) is not None for cell in row.cells)]

    def shown(self, view: View) -> tuple[list[int], int]:
        """The places of the rows to show, in order, and how many there are without the view."""
        body = self.body()
        kept = [(place, row) for place, row in body if self._passes(place, row, view)]
        if view.sort is not None:
            places = {row.row_id: place for place, row in kept}
            ordered = sorted_by([row for _, row in kept], view.sort, descending=view.descending)
            return [places[row.row_id] for row in ordered], len(body)
        return [place for place, _ in kept], len(body)

    def _passes(self, place: int, row: Row, view: View) -> bool:
        for column, wanted in view.filters.items():
            cell = cell_at(row.cells, column)
            text = self.text(place, column, cell)
            if text in wanted.hidden or not self._fulfils(value_of(cell), text, wanted.condition):
                return False
        if not view.text:
            return True
        cells = enumerate(row.cells)
        return any(view.text in self.text(place, column, cell).casefold() for column, cell in cells if cell is not None)

    def _fulfils(self, value: Scalar | None, text: str, condition: Json) -> bool:
        kind = condition.get("type")
        if not kind:
            return True
        if kind in _DATES:
            day = _day(value, self._book.locale)
            wanted = [_iso_day(entry["userEnteredValue"]) for entry in condition["values"]]
            return day is not None and _DATES[kind](day, *wanted[: 2 if kind == "DATE_BETWEEN" else 1])
        return bool(fulfils(value, text, condition, self._book.locale))

    def values(self, column: int, view: View) -> Counter[str]:
        """How often each text stands in a column, among the rows that the view shows."""
        found: Counter[str] = Counter()
        for place in self.shown(view)[0]:
            found[self.text(place, column, self._sheet.cell(place, column))] += 1
        return found

    def sums(self, box: Box, view: View) -> Json:
        """Sum, average and count of what is filled in a box, without rows that are hidden or left out by the view."""
        shown = set(self.shown(view)[0]) if view.narrows else None
        hidden = {line for line, told in self._sheet.lines.items() if told.get("hiddenByUser")}
        numbers: list[int | float] = []
        count = 0
        closed = self._sheet.clip(box)
        for place in range(closed.top, min(closed.bottom, len(self._sheet.rows))):
            if place in hidden or (shown is not None and place >= self.top and place not in shown):
                continue
            values = [value_of(cell) for cell in self._sheet.rows[place].cells[closed.left : closed.right]]
            count += sum(value is not None for value in values)
            numbers += [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
        told = {"count": self._number(count)}
        if numbers:
            told |= {"sum": self._number(sum(numbers)), "average": self._number(sum(numbers) / len(numbers))}
        return told

    def _number(self, number: float) -> str:
        whole = float(number).is_integer()
        pattern = {"type": "NUMBER", "pattern": "#,##0" if whole else "#,##0.00"}
        return format_number(number, pattern, self._book.locale)


def _day(value: Scalar | None, locale: str) -> int | None:
    """The day that a cell means, be it a date or a text such as `2026-11-23 09:15`."""
    if isinstance(value, str):
        try:
            entered = parse_entered(value, locale=locale)
        except UnimplementedError:
            return None
        if (entered.number_format or {}).get("type") not in {"DATE", "DATE_TIME"}:
            return None
        value = entered.value
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _iso_day(text: str) -> int:
    try:
        return int(serial_of(date.fromisoformat(text)))
    except ValueError as error:
        raise InvalidRequestError("A date is needed, such as 2026-11-23.") from error
