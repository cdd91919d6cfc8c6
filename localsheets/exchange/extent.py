"""How far a sheet reaches, and what its cells show: what every export asks first."""

from collections.abc import Callable

from localsheets.model.book import Book
from localsheets.model.cells import formatted, value_of
from localsheets.model.layers import NumberFormats
from localsheets.model.sheet import Sheet


def used_size(sheet: Sheet) -> tuple[int, int]:
    """Rows and columns up to the last ones that hold a value."""
    rows = sheet.used_rows()
    columns = 0
    for row in sheet.rows[:rows]:
        end = len(row.cells)
        while end > columns and value_of(row.cells[end - 1]) is None:
            end -= 1
        columns = max(columns, end)
    return rows, columns


def shown_rows(book: Book, sheet: Sheet, text: Callable[[str], str] = str) -> list[list[str]]:
    """
    Every cell of the used part as people see it; all rows equally long.

    Args:
        text: What becomes of texts; numbers, dates and booleans stay as they are shown.
    """
    rows, columns = used_size(sheet)
    formats = NumberFormats(sheet)
    shown = []
    for place in range(rows):
        texts = [""] * columns
        for column, cell in enumerate(sheet.cells(place)[:columns]):
            value = value_of(cell)
            if value is not None:
                seen = formatted(value, formats.shown(place, column, cell), book.locale)
                texts[column] = text(seen) if isinstance(value, str) else seen
        shown.append(texts)
    return shown


def is_hidden(properties: dict[str, object]) -> bool:
    """Whether a row or a column with these `DimensionProperties` is not shown."""
    return bool(properties.get("hiddenByUser") or properties.get("hiddenByFilter"))


def hidden_lines(sheet: Sheet) -> set[int]:
    """Rows that are not shown."""
    return {row for row, properties in sheet.lines.items() if is_hidden(properties)}


def hidden_columns(sheet: Sheet) -> set[int]:
    """Columns that are not shown."""
    return {column for column, properties in sheet.columns.items() if is_hidden(properties)}
