"""Looking through all rows for the grid: find and replace, and where the filled cells end."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request

from localsheets.api.http_edge import answer, json_body, shelf
from localsheets.errors import ConflictError, InvalidRequestError
from localsheets.grid.data import place_of
from localsheets.grid.entering import Gate, Refusal, cell_name, check_writer
from localsheets.grid.guard import require_login, staff, strict_headers
from localsheets.grid.placing import Copied, Entry, Target, put, refusal_of
from localsheets.grid.sessions import words
from localsheets.model.book import Book
from localsheets.model.box import Axis, Box
from localsheets.model.cells import Cell, formatted, formula_of, make_cell, note_of, value_of
from localsheets.model.layers import NumberFormats
from localsheets.model.sheet import Sheet
from localsheets.operations.finding import (
    LONGEST_PATTERN,
    BadPatternError,
    LongResultError,
    Search,
    SlowPatternError,
    stays_text,
)
from localsheets.requests.step import as_list, whole_number

Json = dict[str, Any]
MOST_FOUND = 5000
"""Places in one answer; the number found is told in any case."""
MOST_TOLD = 20
"""Cells that refuse, named one by one."""
blueprint = Blueprint("grid_finding", __name__, url_prefix="/register/data/<book_id>")
blueprint.before_request(require_login)
blueprint.after_request(strict_headers)


@dataclass(frozen=True)
class Hit:
    """A cell to be searched: its place and the text that it shows."""

    row: int
    column: int
    text: str


@blueprint.post("/<int:sheet_id>/find")
def find(book_id: str, sheet_id: int) -> Response:
    """
    The visible cells whose shown text matches `text`, row by row: `found` (`[row, column]`), `total`, `revision`.

    `matchCase`, `whole` (the whole cell), `regex` and `box` (`[top, bottom, left, right]`, ends exclusive) narrow it.
    Nothing is written; what people search for does not belong into an address.
    """
    body = json_body()
    book = shelf().read(book_id, staff())
    hits = _hits(book, book.sheet(sheet_id), body)
    places = [[hit.row, hit.column] for hit in hits[:MOST_FOUND]]
    return answer({"found": places, "total": len(hits), "revision": book.revision})


@blueprint.post("/<int:sheet_id>/replace")
def replace(book_id: str, sheet_id: int) -> Response:
    """
    Replace what `find` finds by `with`, in all of it or `only` in one cell (`{"rowId", "row", "column"}`).

    Cells that refuse (protected, not valid, a formula) keep their text and are told: `replaced`, `refused` (a number),
    `cells` (the first of them, each with its reason). The search itself, which may take long, comes before the writing;
    within it only what was written meanwhile is searched.
    """
    body = json_body()
    by = body.get("with", "")
    if not isinstance(by, str):
        raise InvalidRequestError("with must be a text.")
    check_writer(book_id)
    search = _search(body, by)
    book = shelf().read(book_id, staff())
    before = {hit.text for hit in _searched(book, book.sheet(sheet_id), body)}
    made = _found(search, before)
    with shelf().writing(book_id, staff(), "grid replace", origin="grid") as draft:
        sheet = draft.sheet(sheet_id)
        hits = list(_searched(draft, sheet, body))
        made |= _found(search, {hit.text for hit in hits} - before)
        targets, refusals = _replacements(draft, sheet, hits, made)
        put(draft, sheet, targets)
        revision = draft.revision
    told = [f"{cell_name(r.row, r.column)}: {r.why.message}" for r in refusals[:MOST_TOLD]]
    return answer({"replaced": len(targets), "refused": len(refusals), "cells": told, "revision": revision})


def _replacements(
    book: Book, sheet: Sheet, hits: list[Hit], made: dict[str, tuple[str, int]]
) -> tuple[list[Target], list[Refusal]]:
    gate = Gate(book, sheet)
    targets, refusals = [], []
    for hit in hits:
        text, _ = made.get(hit.text, (hit.text, 0))
        if text == hit.text:
            continue
        cell = sheet.cell(hit.row, hit.column)
        entry = _entry(book, cell, text)
        why = gate.closed(hit.row, hit.column) or refusal_of(gate, hit.row, hit.column, entry)
        if formula_of(cell) is not None:
            why = InvalidRequestError(words()["has_formula"])
        if why is None:
            targets.append(Target(hit.row, hit.column, entry))
        else:
            refusals.append(Refusal(hit.row, hit.column, why))
    return targets, refusals


def _entry(book: Book, cell: Cell, text: str) -> Entry:
    """A text stays a text, whatever it looks like now; a number is read as typed, but never as a formula."""
    if stays_text(cell, text, book.locale):
        return Copied(make_cell(text or None, None, note_of(cell)), None)
    return text


def _one_cell(sheet: Sheet, only: Any) -> Box:
    if not isinstance(only, dict):
        raise InvalidRequestError("only must be an object.")
    column, row_id = whole_number("column", only.get("column")), only.get("rowId")
    row = whole_number("row", only.get("row")) if row_id is None else place_of(sheet, whole_number("rowId", row_id))
    if row is None:
        raise ConflictError(words()["rows_gone"].format(row=whole_number("row", only.get("row", 0)) + 1))
    return Box(row, row + 1, column, column + 1)


def _hits(book: Book, sheet: Sheet, body: Json) -> list[Hit]:
    searched = list(_searched(book, sheet, body))
    found = _found(_search(body, None), {hit.text for hit in searched})
    return [hit for hit in searched if hit.text in found]


def _search(body: Json, by: str | None) -> Search:
    text = body.get("text")
    if not isinstance(text, str):
        raise InvalidRequestError("text must be a text.")
    if not text or len(text) > LONGEST_PATTERN or len(by or "") > LONGEST_PATTERN:
        raise InvalidRequestError(words()["search_length"].format(most=LONGEST_PATTERN))
    return Search(text, by, bool(body.get("matchCase")), bool(body.get("whole")), bool(body.get("regex")))


def _found(search: Search, texts: set[str]) -> dict[str, tuple[str, int]]:
    """What becomes of the texts that match; a refusal in this person's language."""
    try:
        return search.found(texts)
    except BadPatternError as error:
        raise InvalidRequestError(words()["bad_pattern"].format(why=error.message)) from error
    except SlowPatternError as error:
        raise InvalidRequestError(words()["slow_pattern"]) from error
    except LongResultError as error:
        raise InvalidRequestError(words()["result_too_long"]) from error


def _searched(book: Book, sheet: Sheet, body: Json) -> Iterator[Hit]:
    """The filled cells that can be seen, within `box` if the request has one."""
    box = _box(body) if "only" not in body else _one_cell(sheet, body["only"])
    hidden_rows, hidden_columns = hidden(sheet, "ROWS"), hidden(sheet, "COLUMNS")
    formats = NumberFormats(sheet)
    closed = sheet.clip(box)
    for row in range(closed.top, min(closed.bottom, len(sheet.rows))):
        if row in hidden_rows:
            continue
        for column, cell in enumerate(sheet.rows[row].cells[closed.left : closed.right], closed.left):
            value = value_of(cell)
            if value is None or column in hidden_columns:
                continue
            plain = isinstance(value, str)
            text = str(value) if plain else formatted(value, formats.shown(row, column, cell), book.locale)
            yield Hit(row, column, text)


def _box(body: Json) -> Box:
    if "box" not in body:
        return Box()
    ends = [whole_number("box", end) for end in as_list("box", body["box"])]
    if len(ends) != 4:
        raise InvalidRequestError("box must be top, bottom, left, right.")
    return Box(*ends)


def hidden(sheet: Sheet, axis: Axis) -> set[int]:
    """The rows or columns that nobody sees."""
    lines = sheet.lines if axis == "ROWS" else sheet.columns
    return {line for line, told in lines.items() if told.get("hiddenByUser") or told.get("hiddenByFilter")}


@blueprint.get("/<int:sheet_id>/edge")
def edge(book_id: str, sheet_id: int) -> Response:
    """
    Where Ctrl and an arrow lead from `row`, `column` (`to`: up, down, left, right): the edge of the filled cells.

    `to=end` is the last row and the last column that hold something.
    """
    sheet = shelf().read(book_id, staff()).sheet(sheet_id)
    to = request.args.get("to", "")
    if to == "end":
        return answer(_last_used(sheet))
    steps = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}
    if to not in steps:
        raise InvalidRequestError("to must be up, down, left, right or end.")
    row, column = (request.args.get(name, "") for name in ("row", "column"))
    if not (row.isdecimal() and column.isdecimal() and len(row) < 9 and len(column) < 9):
        raise InvalidRequestError("row and column must be whole numbers.")
    return answer(_edge(sheet, int(row), int(column), *steps[to]))


def _last_used(sheet: Sheet) -> Json:
    bottom = sheet.used_rows()
    gone = hidden(sheet, "COLUMNS")
    used = {c for row in sheet.rows[:bottom] for c, cell in enumerate(row.cells) if value_of(cell) is not None}
    rows = [row for row in range(max(bottom, 1)) if row not in hidden(sheet, "ROWS")]
    return {"row": rows[-1] if rows else 0, "column": max(used - gone, default=0)}


def _edge(sheet: Sheet, row: int, column: int, down: int, across: int) -> Json:
    """From a filled cell with a filled neighbour to that block's last; else to the next filled cell, or the rim."""
    axis: Axis = "ROWS" if down else "COLUMNS"
    size = sheet.row_count if down else sheet.column_count
    gone = hidden(sheet, axis)
    start, step = (row, down) if down else (column, across)
    ahead = [line for line in range(start + step, size if step > 0 else -1, step) if line not in gone]

    def filled(line: int) -> bool:
        return value_of(sheet.cell(line, column) if down else sheet.cell(row, line)) is not None

    if ahead and filled(start) and filled(ahead[0]):
        end = next((at for at, line in enumerate(ahead) if not filled(line)), len(ahead))
        landing = ahead[end - 1]
    else:
        landing = next((line for line in ahead if filled(line)), ahead[-1] if ahead else start)
    return {"row": landing, "column": column} if down else {"row": row, "column": landing}
