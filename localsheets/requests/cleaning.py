"""Requests that go through many cells: findReplace, trimWhitespace, deleteDuplicates, randomizeRange."""

import secrets
from collections.abc import Iterator
from typing import Any

from localsheets.errors import InvalidRequestError
from localsheets.formulas.following import copied_cells
from localsheets.model.box import Axis, Box, ClosedBox
from localsheets.model.cell_parts import with_contents
from localsheets.model.cells import Cell, cell_at, formatted, formula_of, trimmed, value_of, with_cell
from localsheets.model.layers import NumberFormats
from localsheets.model.sheet import Sheet
from localsheets.operations.finding import Search, stays_text
from localsheets.operations.sorting import rearrange, with_part
from localsheets.operations.values import write_rows
from localsheets.requests.step import Handler, Json, Step, as_list, as_object

Found = tuple[int, int, str, bool]
"""Row, column, text, and whether it is a formula."""


def find_replace(step: Step, body: Json) -> Json:
    """Find a text and put another one in its place; a text stays a text, numbers and formulas are read as if typed."""
    search = _search(body)
    formulas = body.get("includeFormulas") is True
    totals = dict.fromkeys(
        ("valuesChanged", "formulasChanged", "rowsChanged", "sheetsChanged", "occurrencesChanged"), 0
    )
    for sheet, box in _scope(step, body):
        found = list(_texts(step, sheet, box, formulas=formulas))
        replaced = search.found(text for _, _, text, _ in found)
        rows: dict[int, dict[bool, dict[int, str]]] = {}
        for row, column, text, is_formula in found:
            if text not in replaced:
                continue
            new, count = replaced[text]
            entered = is_formula or not stays_text(sheet.cell(row, column), new, step.book.locale)
            rows.setdefault(row, {}).setdefault(entered, {})[column] = new
            totals["formulasChanged" if is_formula else "valuesChanged"] += 1
            totals["occurrencesChanged"] += count
        for row, kinds in rows.items():
            for entered, texts in kinds.items():
                line: list[Any] = [texts.get(column) for column in range(min(texts), max(texts) + 1)]
                write_rows(step.book, sheet, row, min(texts), [line], entered=entered, who=step.who)
        totals["rowsChanged"] += len(rows)
        totals["sheetsChanged"] += bool(rows)
    return {"findReplace": {name: count for name, count in totals.items() if count}}


def _search(body: Json) -> Search:
    find, replacement = body.get("find"), body.get("replacement", "")
    if not isinstance(find, str) or not find or not isinstance(replacement, str):
        raise InvalidRequestError("find must be a text that is not empty, and replacement a text.")
    options = ("matchCase", "matchEntireCell", "searchByRegex")
    case, entire, by_regex = (body.get(name) is True for name in options)
    return Search(find, replacement, match_case=case, match_entire_cell=entire, by_regex=by_regex)


def _scope(step: Step, body: Json) -> Iterator[tuple[Sheet, ClosedBox]]:
    named = [name for name in ("range", "sheetId", "allSheets") if name in body and body[name] is not False]
    if len(named) != 1:
        raise InvalidRequestError("Exactly one of range, sheetId and allSheets must be set.")
    if named == ["allSheets"]:
        yield from ((sheet, sheet.clip(Box())) for sheet in step.book.sheets)
    elif named == ["sheetId"]:
        sheet = step.book.sheet(body["sheetId"])
        yield sheet, sheet.clip(Box())
    else:
        sheet, box = step.place(body["range"])
        yield sheet, sheet.clip(box)


def _texts(step: Step, sheet: Sheet, box: ClosedBox, *, formulas: bool) -> Iterator[Found]:
    formats = NumberFormats(sheet)
    for row in range(box.top, min(box.bottom, len(sheet.rows))):
        for column, cell in enumerate(sheet.cells(row)[box.left : box.right], box.left):
            formula, value = formula_of(cell), value_of(cell)
            if formula is not None:
                if formulas:
                    yield row, column, formula, True
            elif value is not None and not (isinstance(cell, dict) and "s" in cell):
                yield row, column, formatted(value, formats.shown(row, column, cell), step.book.locale), False


def trim_whitespace(step: Step, body: Json) -> Json:
    """No white space around texts, and single spaces within; the texts stay texts."""
    sheet, box = step.open_place(body.get("range"))
    closed, changed = sheet.clip(box), 0
    for row in range(closed.top, min(closed.bottom, len(sheet.rows))):
        cells = sheet.cells(row)
        for column in range(closed.left, min(closed.right, len(cells))):
            value = value_of(cells[column])
            if isinstance(value, str) and not formula_of(cells[column]) and (text := " ".join(value.split())) != value:
                cells = with_cell(cells, column, with_contents(cells[column], text or None))
                cells = [*cells, *[None] * (column + 1 - len(cells))]
                changed += 1
        sheet.set_cells(row, trimmed(cells))
    return {"trimWhitespace": {"cellsChangedCount": changed} if changed else {}}


def delete_duplicates(step: Step, body: Json) -> Json:
    """Of rows that say the same only the first stays; what is below moves up, within the range."""
    sheet, box = step.open_place(body.get("range"))
    closed = sheet.clip(box)
    columns = _compared(sheet, closed, body)
    bottom = min(closed.bottom, sheet.used_rows())
    seen, kept = set(), []
    for row in range(closed.top, bottom):
        key = tuple(_same_for_people(cell_at(sheet.cells(row), column)) for column in columns)
        if key not in seen:
            seen.add(key)
            kept.append((row, sheet.cells(row)))
    removed = max(0, bottom - closed.top) - len(kept)
    for row in range(closed.top, bottom):
        old, source = (kept[row - closed.top]) if row - closed.top < len(kept) else (row, [])
        cells = copied_cells(source, row - old)
        sheet.set_cells(row, with_part(sheet.cells(row), cells, closed.left, closed.right))
    return {"deleteDuplicates": {"duplicatesRemovedCount": removed} if removed else {}}


def _compared(sheet: Sheet, box: ClosedBox, body: Json) -> list[int]:
    columns: set[int] = set()
    for told in as_list("comparisonColumns", body.get("comparisonColumns")):
        lines = as_object("comparisonColumns", told)
        axis: Axis | None = lines.get("dimension")
        start, end = lines.get("startIndex", box.left), lines.get("endIndex", box.right)
        within = isinstance(start, int) and isinstance(end, int) and box.left <= start < end <= box.right
        if axis != "COLUMNS" or not within:
            raise InvalidRequestError("comparisonColumns must be columns of the range.")
        columns |= set(range(start, end))
    return sorted(columns) if columns else list(range(box.left, box.right))


def _same_for_people(cell: Cell) -> Any:
    value = value_of(cell)
    return value.casefold() if isinstance(value, str) else (type(value).__name__, value) if value is not None else None


def randomize_range(step: Step, body: Json) -> Json:
    """The rows of a range in a random order."""
    sheet, box = step.open_place(body.get("range"))
    closed = sheet.clip(box)
    rows = list(sheet.rows[closed.top : min(closed.bottom, len(sheet.rows))])
    secrets.SystemRandom().shuffle(rows)
    rearrange(sheet, closed, rows)
    return {}


HANDLERS: dict[str, Handler] = {
    "findReplace": find_replace,
    "trimWhitespace": trim_whitespace,
    "deleteDuplicates": delete_duplicates,
    "randomizeRange": randomize_range,
}
