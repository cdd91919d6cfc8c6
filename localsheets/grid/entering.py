"""What holds for everything that people write in the grid: who may write, where, and what a cell accepts."""

from dataclasses import dataclass
from typing import Any

from localsheets.api.http_edge import shelf
from localsheets.errors import ConflictError, InvalidRequestError, LocalSheetsError, PermissionDeniedError
from localsheets.formats.coercion import parse_entered
from localsheets.grid.data import place_of
from localsheets.grid.guard import staff
from localsheets.grid.sessions import words
from localsheets.model.a1 import column_letters
from localsheets.model.book import ROLES_THAT_WRITE, Book
from localsheets.model.box import Box
from localsheets.model.cells import Cell, formatted, formula_of, value_of
from localsheets.model.choices import choices_of
from localsheets.model.conditions import fulfils
from localsheets.model.layers import NumberFormats, validation_at
from localsheets.model.protection import may_pass
from localsheets.model.sheet import Sheet
from localsheets.requests.step import as_list, whole_number

Json = dict[str, Any]
MOST_ROWS_AT_ONCE = 100_000
MOST_CELLS_AT_ONCE = 200_000
NAMED_CELLS = 5
"""Cells that a refusal names one by one; of the others it tells the number."""


def check_writer(book_id: str) -> None:
    """
    Raises: PermissionDeniedError unless this person may write in the spreadsheet.
    """
    if shelf().role(shelf().read(book_id, staff()), staff()) not in ROLES_THAT_WRITE:
        raise PermissionDeniedError(words()["read_only"])


def cell_name(row: int, column: int) -> str:
    """`B4`."""
    return f"{column_letters(column)}{row + 1}"


def found_row(sheet: Sheet, told: Json, *, value: str = "") -> int:
    """
    Where a row is that the page names by `rowId`, or by `row` where nobody wrote yet.

    Raises: ConflictError if the row was deleted.
    """
    row_id = told.get("rowId")
    if row_id is None:
        return whole_number("row", told.get("row"))
    place = place_of(sheet, whole_number("rowId", row_id), told.get("row"))
    if place is None:
        raise ConflictError(words()["row_gone"].format(value=value))
    return place


def found_rows(sheet: Sheet, told: Any) -> list[int]:
    """
    Where rows are now that the page names in runs: `[[row, rowId, count], …]`, ids and rows going up together.

    Where nobody wrote yet there is no id: `[row, null, count]` goes by the place, which may lie beyond the sheet.
    Raises: ConflictError naming a row that was deleted, or one without an id in which somebody wrote meanwhile.
    """
    runs = [_run(run) for run in as_list("rows", told)]
    if not 1 <= sum(count for _, _, count in runs) <= MOST_ROWS_AT_ONCE:
        raise InvalidRequestError(words()["too_many_lines"].format(most=MOST_ROWS_AT_ONCE))
    places = {row.row_id: place for place, row in enumerate(sheet.rows)}
    found = []
    for row, row_id, count in runs:
        for step in range(count):
            place = row + step if row_id is None else places.get(row_id + step)
            if place is None:
                raise ConflictError(words()["rows_gone"].format(row=row + step + 1))
            if row_id is None and is_taken(sheet, place):
                raise ConflictError(words()["rows_taken"].format(row=place + 1))
            found.append(place)
    return found


def told_columns(told: Json, rows: int) -> list[int]:
    """
    The `columns` of a block of so many rows.

    Raises: InvalidRequestError if there are none, or too many cells in all.
    """
    listed = as_list("columns", told.get("columns"))
    if not listed or rows * len(listed) > MOST_CELLS_AT_ONCE:
        raise InvalidRequestError(words()["too_many_cells"].format(most=MOST_CELLS_AT_ONCE))
    return [whole_number("columns", column) for column in listed]


def _run(told: Any) -> tuple[int, int | None, int]:
    if not isinstance(told, list) or len(told) not in (2, 3):
        raise InvalidRequestError("rows must be runs of row, rowId and count.")
    row, row_id, count = (*told, 1)[:3]
    first = None if row_id is None else whole_number("rowId", row_id)
    return whole_number("row", row), first, whole_number("count", count, least=1)


def is_taken(sheet: Sheet, row: int) -> bool:
    """Whether somebody has written in a row; what a formula's array shows there does not count."""
    if row >= len(sheet.rows) or sheet.rows[row].row_id < 0:
        return False
    return any(value_of(cell) is not None or formula_of(cell) is not None for cell in sheet.cells(row))


@dataclass(frozen=True)
class Refusal:
    """One cell that does not take what somebody wants to write there."""

    row: int
    column: int
    why: LocalSheetsError


class Gate:
    """Asks protections and strict validation, for many cells of one sheet quickly."""

    def __init__(self, book: Book, sheet: Sheet) -> None:
        self._book = book
        self._sheet = sheet
        self.formats = NumberFormats(sheet)
        self._closed = [entry for entry in sheet.protections if not may_pass(book, entry, staff())]
        self._choices: dict[int, list[str] | None] = {}

    def closed(self, row: int, column: int) -> LocalSheetsError | None:
        """Why this person may not change a cell; None if he may."""
        for protection in self._closed:
            opened = protection.get("unprotectedBoxes", [])
            if protection["box"].holds(row, column) and not any(Box(*corners).holds(row, column) for corners in opened):
                why = protection.get("description")
                return PermissionDeniedError(words()["protected_why"].format(why=why) if why else words()["protected"])
        return None

    def refuses_text(self, row: int, column: int, text: str) -> LocalSheetsError | None:
        """Why a cell does not take a typed text: strict validation binds people, though not API clients."""
        rule = validation_at(self._sheet, row, column)
        if rule is None or not rule.get("strict") or text == "" or _is_formula(text):
            return None
        plain = self.formats.is_text(row, column, self._sheet.cell(row, column))
        entered = parse_entered(text, locale=self._book.locale, plain_text=plain)
        shown = text
        if not isinstance(entered.value, str):
            shown = formatted(entered.value, entered.number_format, self._book.locale)
        return self._refusal(rule, text, entered.value, shown)

    def refuses_cell(self, row: int, column: int, cell: Cell) -> LocalSheetsError | None:
        """Why a cell does not take a copy of another."""
        rule = validation_at(self._sheet, row, column)
        value = value_of(cell)
        if rule is None or not rule.get("strict") or value is None or formula_of(cell) is not None:
            return None
        shown = formatted(value, self.formats.shown(row, column, cell), self._book.locale)
        return self._refusal(rule, shown, value, shown)

    def _refusal(self, rule: Json, typed: str, value: Any, shown: str) -> LocalSheetsError | None:
        if id(rule) not in self._choices:
            self._choices[id(rule)] = choices_of(self._book, rule)
        listed = self._choices[id(rule)]
        if listed is not None:
            if typed in listed or shown in listed:
                return None
            return InvalidRequestError(words()["not_in_list"].format(value=typed, choices=", ".join(listed)))
        if fulfils(value, shown, rule["condition"], self._book.locale) is False:
            return InvalidRequestError(words()["not_valid"].format(value=typed))
        return None


def _is_formula(text: str) -> bool:
    return text.startswith("=") and len(text) > 1


def refuse_all(refusals: list[Refusal]) -> None:
    """
    Nothing is written if one cell refuses: the sentence names the first ones, each with its reason.

    Raises: the first refusal's kind of error.
    """
    if not refusals:
        return
    first = refusals[0].why
    if len(refusals) == 1:
        raise type(first)(f"{cell_name(refusals[0].row, refusals[0].column)}: {first.message}")
    raise type(first)(words()["cells_refused"].format(count=len(refusals), cells=told_cells(refusals)))


def told_cells(refusals: list[Refusal]) -> str:
    """`B4 (Sel ini dilindungi.), C7 (…) …`, the first ones only."""
    named = [f"{cell_name(r.row, r.column)} ({r.why.message.rstrip('.')})" for r in refusals[:NAMED_CELLS]]
    return "; ".join(named) + (" …" if len(refusals) > NAMED_CELLS else "")
