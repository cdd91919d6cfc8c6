"""What every kind of request works with: the draft, who asks, and careful reading of its JSON."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from localsheets.api.field_masks import Mask, parse_mask
from localsheets.errors import InvalidRequestError
from localsheets.identity import Identity
from localsheets.model.book import Book
from localsheets.model.box import Axis, Box, box_from_json
from localsheets.model.protection import check_may_change
from localsheets.model.sheet import Sheet
from localsheets.operations.dimensions import check_lines

Json = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One request on its way."""

    book: Book
    who: Identity

    def place(self, grid_range: Any) -> tuple[Sheet, Box]:
        """Sheet and box of a `GridRange`; an end beyond the sheet is an error, as at Google."""
        ranged = as_object("range", grid_range)
        sheet = self.book.sheet(ranged.get("sheetId"))
        box = box_from_json(ranged)
        if (box.bottom or box.top + 1) > sheet.row_count or (box.right or box.left + 1) > sheet.column_count:
            raise InvalidRequestError(
                f"GridRange is out of bounds: the sheet has {sheet.row_count} rows and {sheet.column_count} columns."
            )
        return sheet, box

    def open_place(self, grid_range: Any) -> tuple[Sheet, Box]:
        """Like `place`, and this caller may change all of it."""
        sheet, box = self.place(grid_range)
        check_may_change(self.book, sheet, box, self.who)
        return sheet, box

    def check_open(self, sheet: Sheet, box: Box) -> None:
        """
        Raises: PermissionDeniedError if a protection closes any of these cells to this caller.
        """
        check_may_change(self.book, sheet, box, self.who)


Handler = Callable[[Step, Json], Json]


def as_object(name: str, value: Any) -> Json:
    """
    A JSON object; a missing one is empty.

    Raises: InvalidRequestError if it is something else.
    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InvalidRequestError(f"{name} must be an object.")
    return value


def as_list(name: str, value: Any) -> list[Any]:
    """A JSON list; a missing one is empty."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise InvalidRequestError(f"{name} must be a list.")
    return value


def whole_number(name: str, value: Any, *, least: int = 0) -> int:
    """
    A whole number of at least `least`.

    Raises: InvalidRequestError if it is none.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise InvalidRequestError(f"{name} must be a whole number of at least {least}.")
    return value


def needed_mask(body: Json) -> Mask:
    """
    The request's `fields`.

    Raises: InvalidRequestError if there are none.
    """
    text = body.get("fields")
    if not isinstance(text, str) or not text:
        raise InvalidRequestError("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    return parse_mask(text)


def lines_of(step: Step, body: Json, name: str = "range") -> tuple[Sheet, Axis, int, int]:
    """
    Sheet, axis, start and end of a `DimensionRange` that lies on its sheet.

    Raises: InvalidRequestError if it does not.
    """
    lines = as_object(name, body.get(name))
    sheet = step.book.sheet(lines.get("sheetId"))
    axis, start, end = check_lines(sheet, lines)
    return sheet, axis, start, end


def without_root(mask: Mask, root: str) -> Mask:
    """The mask as if it began below `root`: clients write `properties.title` and `title`."""
    return mask[root] if list(mask) == [root] and mask[root] else mask
