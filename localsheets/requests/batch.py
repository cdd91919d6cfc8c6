"""
`spreadsheets.batchUpdate`: many requests, one draft, all or nothing.

Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/request
"""

from typing import Any

from localsheets.api.field_masks import parse_mask
from localsheets.api.transcoding import known_mask
from localsheets.errors import InvalidRequestError, LocalSheetsError, UnimplementedError
from localsheets.identity import Identity
from localsheets.model.book import Book
from localsheets.model.sheet import MOST_CELLS
from localsheets.requests import cleaning, contents, lines, marks, names, pasting, rules, shapes, tabs, things
from localsheets.requests.step import Handler, Json, Step

MOST_SHEETS = 200
MASKED = {
    "appendCells": "CellData",
    "repeatCell": "CellData",
    "updateBanding": "BandedRange",
    "updateCells": "CellData",
    "updateDeveloperMetadata": "DeveloperMetadata",
    "updateDimensionGroup": "DimensionGroup",
    "updateDimensionProperties": "DimensionProperties",
    "updateEmbeddedObjectBorder": "EmbeddedObjectBorder",
    "updateEmbeddedObjectPosition": "OverlayPosition",
    "updateFilterView": "FilterView",
    "updateNamedRange": "NamedRange",
    "updateProtectedRange": "ProtectedRange",
    "updateSheetProperties": "SheetProperties",
    "updateSlicerSpec": "SlicerSpec",
    "updateSpreadsheetProperties": "SpreadsheetProperties",
}
"""Kinds that say in `fields` what they change, and the message below which the mask begins."""
_SUBJECTS = (tabs, names, contents, pasting, cleaning, rules, lines, shapes, things, marks)
HANDLERS: dict[str, Handler] = {kind: handler for subject in _SUBJECTS for kind, handler in subject.HANDLERS.items()}

_LOOKING = frozenset({"autoFill", "copyPaste", "cutPaste", "deleteDuplicates", "findReplace", "sortRange"})
"""Kinds that look at what formulas result in."""


def needs_results(requests: Any) -> bool:
    """Whether the requests are to be applied to a draft in which all formulas have their results."""
    told = requests if isinstance(requests, list) else []
    return any(isinstance(request, dict) and not _LOOKING.isdisjoint(request) for request in told)


def apply_requests(book: Book, requests: Any, who: Identity) -> list[Json]:
    """
    Apply every request to a draft; answers one reply each.

    Raises: UnimplementedError naming a kind that only Google knows; InvalidRequestError, PermissionDeniedError.
    """
    if not isinstance(requests, list) or not requests:
        raise InvalidRequestError("Must specify at least one request.")
    return [_apply(book, index, request, who) for index, request in enumerate(requests)]


def _apply(book: Book, index: int, request: Json, who: Identity) -> Json:
    if not request:
        raise InvalidRequestError(f"Invalid requests[{index}]: No request set.")
    ((kind, body),) = request.items()
    handler = HANDLERS.get(kind)
    if handler is None:
        raise UnimplementedError(f"Invalid requests[{index}].{kind}: This server does not support {kind}.")
    try:
        check_mask(kind, body)
        reply = handler(Step(book, who), body)
        check_size(book)
    except LocalSheetsError as error:
        raise type(error)(f"Invalid requests[{index}].{kind}: {error.message}") from error
    return reply


def check_mask(kind: str, body: Json) -> None:
    """
    Raises: InvalidRequestError if the request's `fields` name something that there is not.
    """
    if kind in MASKED and body.get("fields"):
        lacking = known_mask("sheets", MASKED[kind], parse_mask(body["fields"]))[1]
        if lacking:
            raise InvalidRequestError(f"Invalid field: {lacking[0]}")


def check_size(book: Book) -> None:
    """
    Raises: InvalidRequestError if the spreadsheet has become larger than Google lets it be.
    """
    if (
        sum(sheet.row_count * sheet.column_count for sheet in book.sheets) > MOST_CELLS
        or len(book.sheets) > MOST_SHEETS
    ):
        raise InvalidRequestError(
            f"This action would increase the number of cells in the workbook above the limit of {MOST_CELLS} cells."
        )
