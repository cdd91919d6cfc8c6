"""
`spreadsheets.batchUpdate`: many requests, one draft, all or nothing.

Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/request
"""

from typing import Any

from localsheets.errors import InvalidRequestError, LocalSheetsError, UnimplementedError
from localsheets.identity import Identity
from localsheets.model.book import Book
from localsheets.model.sheet import MOST_CELLS
from localsheets.requests import cleaning, contents, lines, marks, names, pasting, rules, shapes, tabs, things
from localsheets.requests.step import Handler, Json, Step

MOST_SHEETS = 200
_SUBJECTS = (tabs, names, contents, pasting, cleaning, rules, lines, shapes, things, marks)
HANDLERS: dict[str, Handler] = {kind: handler for subject in _SUBJECTS for kind, handler in subject.HANDLERS.items()}

_GOOGLE_ONLY = frozenset(
    {
        *("addTable", "updateTable", "deleteTable"),
        *("addDataSource", "updateDataSource", "deleteDataSource", "refreshDataSource", "cancelDataSourceRefresh"),
        *("insertComment", "updateCommentPost", "deleteComment", "addCommentReply", "deleteCommentReply"),
    }
)
"""Kinds that Google knows and this server does not: it says so instead of pretending."""
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


def _apply(book: Book, index: int, request: Any, who: Identity) -> Json:
    if not isinstance(request, dict) or len(request) != 1:
        raise InvalidRequestError(f"Invalid requests[{index}]: exactly one kind of request must be set.")
    ((kind, body),) = request.items()
    handler = HANDLERS.get(kind)
    if handler is None:
        if kind in _GOOGLE_ONLY:
            raise UnimplementedError(f"Invalid requests[{index}].{kind}: This server does not support {kind}.")
        raise InvalidRequestError(
            f"Invalid JSON payload received. Unknown name \"{kind}\" at 'requests[{index}]': Cannot find field."
        )
    if not isinstance(body, dict):
        raise InvalidRequestError(f"Invalid requests[{index}].{kind}: an object is needed.")
    try:
        reply = handler(Step(book, who), body)
        check_size(book)
    except LocalSheetsError as error:
        raise type(error)(f"Invalid requests[{index}].{kind}: {error.message}") from error
    return reply


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
