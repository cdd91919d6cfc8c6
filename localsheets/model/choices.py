"""
What a validation rule lets people choose from: its own list, or the cells of a range (`ONE_OF_RANGE`).

Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/other#ConditionType
"""

from localsheets.errors import InvalidRequestError
from localsheets.model.book import Book
from localsheets.model.cells import formatted, value_of
from localsheets.model.conditions import wanted_values
from localsheets.model.layers import Json, NumberFormats
from localsheets.model.sheet import Sheet
from localsheets.operations.values import Place, resolve


def choices_of(book: Book, rule: Json | None) -> list[str] | None:
    """The texts to choose from, in order and each once; None if the rule is no list."""
    condition = (rule or {}).get("condition", {})
    if condition.get("type") == "ONE_OF_LIST":
        return wanted_values(condition)
    place = _source(book, condition)
    if place is None:
        return None
    box = place.sheet.clip(place.box)
    formats = NumberFormats(place.sheet)
    texts: dict[str, None] = {}
    for row in range(box.top, min(box.bottom, len(place.sheet.rows))):
        for column, cell in enumerate(place.sheet.rows[row].cells[box.left : box.right], box.left):
            if value_of(cell) is not None:
                texts[formatted(value_of(cell), formats.shown(row, column, cell), book.locale)] = None
    return list(texts)


def source_sheets(book: Book, sheet: Sheet) -> list[Sheet]:
    """The sheets from which this sheet's choices come."""
    places = [_source(book, (layer["rule"] or {}).get("condition", {})) for layer in sheet.validations]
    return [place.sheet for place in places if place is not None]


def _source(book: Book, condition: Json) -> Place | None:
    if condition.get("type") != "ONE_OF_RANGE" or not wanted_values(condition):
        return None
    try:
        return resolve(book, wanted_values(condition)[0].removeprefix("="))
    except InvalidRequestError:
        return None  # the range is gone: then anything may be typed, as at Google
