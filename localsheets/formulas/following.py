"""
Formulas of a whole spreadsheet following what happens to its rows, columns and sheets.

Every function takes a draft. A spreadsheet without formulas pays nothing.
"""

from localsheets.formulas.references import Change, relative
from localsheets.model.book import Book
from localsheets.model.cells import Cell, Cells, formula_of
from localsheets.model.sheet import Sheet


def follow(book: Book, change: Change) -> None:
    """Let every formula of the spreadsheet follow a change, which has already been made to the rows."""
    for sheet in book.sheets:
        for place in sheet.formula_places():
            cells = sheet.cells(place)
            sheet.set_cells(place, [_followed(cell, change, sheet.title) for cell in cells])


def _followed(cell: Cell, change: Change, here: str) -> Cell:
    formula = formula_of(cell)
    return cell if formula is None else with_formula(cell, change(formula, here))


def with_formula(cell: Cell, formula: str) -> Cell:
    """The same cell with another text of its formula; the result stays until it is calculated again."""
    return cell if cell["x"] == formula else {**cell, "x": formula}


def copied(cell: Cell, rows: int, columns: int) -> Cell:
    """The cell as it is once copied so many rows down and columns right."""
    formula = formula_of(cell)
    return cell if formula is None else with_formula(cell, relative(formula, rows, columns))


def copied_cells(cells: Cells, rows: int, columns: int = 0) -> Cells:
    """A row's cells once copied so many rows down and columns right; the very same list if it holds no formula."""
    if rows == columns == 0 or not any(formula_of(cell) for cell in cells):
        return cells
    return [copied(cell, rows, columns) for cell in cells]


def sort_follows(sheet: Sheet, places_before: dict[int, int]) -> None:
    """
    Let the formulas of sorted rows follow, as copies would: what points at their own row still does.

    Args:
        places_before: Row id → its place before the sort.
    """
    for place in sheet.formula_places():
        before = places_before.get(sheet.rows[place].row_id, place)
        sheet.set_cells(place, copied_cells(sheet.cells(place), place - before))
