"""Where HTTP meets the API: who asks, what was sent, and errors in Google's form."""

import gzip
import json
import logging
import traceback
from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from localsheets.api.field_masks import parse_mask, select
from localsheets.errors import InvalidRequestError, LocalSheetsError, PermissionDeniedError, TooLargeError
from localsheets.identity import Identity, identity_for_token
from localsheets.storage.shelf import Shelf

BODY_LIMIT_BYTES = 16 * 1024 * 1024
_CODES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "UNIMPLEMENTED",
    413: "INVALID_ARGUMENT",
}
_WORTH_PACKING_BYTES = 1000
log = logging.getLogger(__name__)


def shelf() -> Shelf:
    """The spreadsheets of the running application."""
    found: Shelf = current_app.extensions["localsheets"]
    return found


def require_token() -> None:
    """
    Know who asks before anything else happens.

    A missing or unknown token is 403, not 401: Google's own client library answers 401 by trying to renew the token,
    which it cannot do here.
    Raises: PermissionDeniedError.
    """
    tokens: Mapping[str, Identity] = current_app.config["LOCALSHEETS_TOKENS"]
    identity = identity_for_token(tokens, request.headers.get("Authorization"))
    if identity is None:
        raise PermissionDeniedError("The request needs a bearer token that this server knows.")
    g.identity = identity


def caller() -> Identity:
    """Who asks; only after `require_token`."""
    identity: Identity = g.identity
    return identity


def raw_path() -> str:
    """The path as sent, still quoted, so that a sheet's title may hold `/` and `:append`."""
    uri = request.environ.get("REQUEST_URI") or request.environ.get("RAW_URI") or request.path
    return urlsplit(uri).path if not uri.startswith("//") else uri.partition("?")[0]


def json_body() -> dict[str, Any]:
    """
    The request's JSON object; an empty body is an empty object.

    Raises: InvalidRequestError if it is not JSON, or not an object.
    """
    text = request.get_data()
    if not text.strip():
        return {}
    try:
        body = _without_nulls(json.loads(text, parse_constant=_refuse_constant))
    except (ValueError, RecursionError) as error:
        raise InvalidRequestError("Invalid JSON payload received.") from error
    if not isinstance(body, dict):
        raise InvalidRequestError("Invalid JSON payload received: an object is needed.")
    return body


def _without_nulls(value: Any) -> Any:
    """A null field is an absent one, as in all of Google's APIs; a null in a list of cells stays: it skips one."""
    if isinstance(value, dict):
        return {name: _without_nulls(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return [_without_nulls(item) for item in value]
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def flag(name: str) -> bool:
    """A boolean query parameter; as at Google, absent means false."""
    return request.args.get(name, "false").lower() in {"true", "1"}


def answer(body: Any, status: int = 200) -> Response:
    """A JSON answer, cut down to the query's `fields` if it has some."""
    fields = request.args.get("fields")
    if fields and isinstance(body, dict):
        body = select(body, parse_mask(fields))
    if isinstance(body, dict):
        _complete_address(body)
        _complete_address(body.get("updatedSpreadsheet"))
    indent = 2 if request.args.get("prettyPrint", "").lower() == "true" else None
    text = json.dumps(body, ensure_ascii=False, indent=indent, separators=(",", ": " if indent else ":"))
    return _packed(text.encode(), status)


def _complete_address(spreadsheet: Any) -> None:
    if isinstance(spreadsheet, dict) and spreadsheet.get("spreadsheetUrl", "").startswith("/"):
        spreadsheet["spreadsheetUrl"] = request.host_url.rstrip("/") + spreadsheet["spreadsheetUrl"]


def _packed(data: bytes, status: int) -> Response:
    """
    As Google does: compressed only for a client that says `gzip` in its name, too.

    Source: https://developers.google.com/workspace/sheets/api/guides/performance#gzip
    """
    response = Response(data, status, content_type="application/json; charset=UTF-8")
    if (
        len(data) > _WORTH_PACKING_BYTES
        and "gzip" in request.user_agent.string
        and request.accept_encodings.quality("gzip")
    ):
        response.set_data(gzip.compress(data, compresslevel=1))
        response.headers["Content-Encoding"] = "gzip"
    return response


def register_errors(app: Flask) -> None:
    """Answer every error in Google's form; nobody sees a stack trace."""

    def known(error: LocalSheetsError) -> Response:
        return _told(error.http_code, error.as_json())

    def too_large(error: RequestEntityTooLarge) -> Response:
        megabytes = BODY_LIMIT_BYTES // 1024 // 1024
        return known(TooLargeError(f"The request is too large (limit {megabytes} MB)."))

    def http(error: HTTPException) -> Response:
        code = error.code or 500
        return _error(code, error.description or error.name, _CODES.get(code, "UNKNOWN"))

    def unreadable(error: UnicodeEncodeError) -> Response:
        return known(InvalidRequestError("The request holds characters that are no valid Unicode."))

    def unexpected(error: Exception) -> Response:
        places = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-4:]]
        # Never its message, which may quote a cell.
        log.error("%s in %s %s at %s", type(error).__name__, request.method, request.endpoint, " > ".join(places))
        return _error(500, "Internal error encountered.", "INTERNAL")

    app.register_error_handler(LocalSheetsError, known)
    app.register_error_handler(RequestEntityTooLarge, too_large)
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(UnicodeEncodeError, unreadable)
    app.register_error_handler(Exception, unexpected)


def _error(code: int, message: str, status: str) -> Response:
    return _told(code, {"error": {"code": code, "message": message, "status": status}})


def _told(code: int, body: dict[str, Any]) -> Response:
    return Response(json.dumps(body, ensure_ascii=True), code, content_type="application/json; charset=UTF-8")
