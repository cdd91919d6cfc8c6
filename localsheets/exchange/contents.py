"""
What a file brings: tabs that are not yet part of a spreadsheet, and how they get into one.

Usage, inside `with shelf.writing(book_id, who, "import") as draft`: `add_tabs(draft, who, read_workbook(data))`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from localsheets.errors import InvalidRequestError
from localsheets.formulas.references import Change, sheet_renamed
from localsheets.identity import Identity
from localsheets.model.a1 import parse_cells
from localsheets.model.book import DEFAULT_COLUMNS, DEFAULT_ROWS, Book
from localsheets.model.box import Box, box_to_json
from localsheets.model.cells import Cell, Cells, formula_of
from localsheets.model.sheet import MOST_CELLS, Sheet
from localsheets.requests.names import add_named_range
from localsheets.requests.step import Step
from localsheets.requests.tabs import add_sheet, delete_sheet

Json = dict[str, Any]
LONGEST_TITLE = 100


@dataclass
class Tab:
    """
    One tab of a file.

    Attributes:
        rows: Stored cells, row 0 first.
        properties: More of Google's `SheetProperties`: frozen lines, tab colour, whether it is hidden.
        parts: Fields of `Sheet` by name, such as `validations`, `formats`, `columns`.
        merges: Boxes of which only the first cell is shown.
    """

    title: str
    rows: list[Cells] = field(default_factory=list)
    properties: Json = field(default_factory=dict)
    parts: dict[str, Any] = field(default_factory=dict)
    merges: list[Box] = field(default_factory=list)


@dataclass
class Contents:
    """
    What a whole file brings.

    Attributes:
        names: Named ranges: name, title of the tab, box.
    """

    tabs: list[Tab]
    names: list[tuple[str, str, Box]] = field(default_factory=list)


def add_tabs(draft: Book, who: Identity, contents: Contents) -> list[Sheet]:
    """
    Put the tabs of a file behind those of a spreadsheet; a title that is taken gets a number.

    Formulas and rules follow the new titles; named ranges come along where their name is free.
    Raises: InvalidRequestError if they are too many cells.
    """
    step = Step(draft, who)
    titles = _free_titles(draft, [tab.title for tab in contents.tabs])
    sheets = {tab.title: _added(step, tab, titles[tab.title]) for tab in contents.tabs}
    for tab in contents.tabs:
        renames = [sheet_renamed(old, new) for old, new in titles.items() if old != new]
        _fill(sheets[tab.title], _following(tab, renames))
    _add_names(step, sheets, contents)
    return list(sheets.values())


def replace_tabs(draft: Book, who: Identity, contents: Contents) -> list[Sheet]:
    """
    Have the tabs of a file in place of everything that a spreadsheet holds.

    Raises: PermissionDeniedError if a protection is in the way of who asks.
    """
    step = Step(draft, who)
    before = list(draft.sheets)
    stand_ins = _free_titles(draft, [tab.title for tab in contents.tabs])
    sheets = {tab.title: _added(step, tab, stand_ins[tab.title]) for tab in contents.tabs}
    for sheet in before:
        delete_sheet(step, {"sheetId": sheet.sheet_id})
    for tab in contents.tabs:
        sheets[tab.title].properties = {**sheets[tab.title].properties, "title": tab.title}
        _fill(sheets[tab.title], tab)
    _add_names(step, sheets, contents)
    return list(sheets.values())


def _free_titles(draft: Book, wanted: list[str]) -> dict[str, str]:
    """Wanted titles → titles that nobody has."""
    taken = {sheet.title.casefold() for sheet in draft.sheets}
    titles: dict[str, str] = {}
    for title in wanted:
        free, number = title, 2
        while free.casefold() in taken:
            end = f" ({number})"
            free, number = title[: LONGEST_TITLE - len(end)] + end, number + 1
        taken.add(free.casefold())
        titles[title] = free
    return titles


def _added(step: Step, tab: Tab, title: str) -> Sheet:
    grid = {
        "rowCount": max(DEFAULT_ROWS, len(tab.rows), *(box.bottom or 0 for box in tab.merges), 0),
        "columnCount": max(DEFAULT_COLUMNS, *map(len, tab.rows), 0),
    }
    size = grid["rowCount"] * grid["columnCount"]
    if size + sum(sheet.row_count * sheet.column_count for sheet in step.book.sheets) > MOST_CELLS:
        raise InvalidRequestError(f"The file has too many cells: a spreadsheet takes {MOST_CELLS:,}.")
    more = {**tab.properties, "gridProperties": {**tab.properties.get("gridProperties", {}), **grid}}
    told = add_sheet(step, {"properties": {**more, "title": title}})["addSheet"]["properties"]
    return step.book.sheet(told["sheetId"])


def _following(tab: Tab, changes: list[Change]) -> Tab:
    """The tab with its formulas and rules as they read after the changes."""
    if not changes:
        return tab

    def changed(formula: str) -> str:
        for change in changes:
            formula = change(formula, tab.title)
        return formula

    rows = [[_with_formula(cell, changed) for cell in cells] for cells in tab.rows]
    rules = {name: _deep(value, changed) for name, value in tab.parts.items() if name in {"validations", "conditions"}}
    return replace(tab, rows=rows, parts={**tab.parts, **rules})


def _with_formula(cell: Cell, changed: Callable[[str], str]) -> Cell:
    formula = formula_of(cell)
    return cell if formula is None else {**cell, "x": changed(formula)}


def _deep(value: Any, changed: Callable[[str], str]) -> Any:
    """Every formula in a rule, wherever it stands."""
    if isinstance(value, dict):
        return {name: _deep(inner, changed) for name, inner in value.items()}
    if isinstance(value, list):
        return [_deep(inner, changed) for inner in value]
    return changed(value) if isinstance(value, str) and value.startswith("=") else value


def _fill(sheet: Sheet, tab: Tab) -> None:
    for row, cells in enumerate(tab.rows):
        if cells:
            sheet.set_cells(row, cells)
    for name, value in tab.parts.items():
        setattr(sheet, name, value)
    if tab.merges:
        sheet.keep("merges", [_grid_range(sheet, box) for box in tab.merges])
    sheet.reshaped = True


def _add_names(step: Step, sheets: dict[str, Sheet], contents: Contents) -> None:
    taken = {entry["name"].casefold() for entry in step.book.named_ranges}
    for name, title, box in contents.names:
        if name.isidentifier() and parse_cells(name) is None and name.casefold() not in taken and title in sheets:
            taken.add(name.casefold())
            add_named_range(step, {"namedRange": {"name": name, "range": _grid_range(sheets[title], box)}})


def _grid_range(sheet: Sheet, box: Box) -> Json:
    closed = sheet.clip(box)
    return box_to_json(closed, sheet.sheet_id) | {"sheetId": sheet.sheet_id}
