"""
`spreadsheets.batchUpdate`: many requests, one draft, all or nothing.

Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/request
"""

from typing import Any

from localsheets.book import Book
from localsheets.errors import InvalidRequestError, LocalSheetsError, UnimplementedError
from localsheets.identity import Identity
from localsheets.requests import contents, lines, rules, tabs
from localsheets.requests.step import Handler, Json, Step

HANDLERS: dict[str, Handler] = {
    **tabs.HANDLERS,
    **contents.HANDLERS,
    **rules.HANDLERS,
    **lines.HANDLERS,
}


def apply_requests(book: Book, requests: Any, who: Identity) -> list[Json]:
    """
    Apply every request to a draft; answers one reply each.

    Raises: UnimplementedError naming a kind this server does not know; InvalidRequestError, PermissionDeniedError.
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
        raise UnimplementedError(f"Invalid requests[{index}]: this server does not support the request {kind!r}.")
    if not isinstance(body, dict):
        raise InvalidRequestError(f"Invalid requests[{index}].{kind}: an object is needed.")
    try:
        return handler(Step(book, who), body)
    except LocalSheetsError as error:
        raise type(error)(f"Invalid requests[{index}].{kind}: {error.message}") from error
