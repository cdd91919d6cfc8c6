"""Where HTTP meets the API: who asks, what was sent, and errors in Google's form."""

import json
import logging
import secrets
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, NoReturn
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from localsheets.api.field_masks import Mask, parse_mask, select
from localsheets.api.messages import parsed
from localsheets.api.streaming import chunks, gzipped, holds_late, json_pieces, perhaps_not_plain, plain
from localsheets.api.transcoding import method_at, response_mask, understood_query
from localsheets.errors import InvalidRequestError, LocalSheetsError, PermissionDeniedError, TooLargeError
from localsheets.identity import Identity, identity_for_token
from localsheets.model.book import Book
from localsheets.storage.shelf import Shelf

BODY_LIMIT_BYTES = 16 * 1024 * 1024
LARGEST_REQUEST_BYTES = 2 * BODY_LIMIT_BYTES
"""For the server in front, which ends the connection above it: up to there we can answer with a sentence."""
_CODES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "UNIMPLEMENTED",
    413: "INVALID_ARGUMENT",
}
_WORTH_PACKING_BYTES = 1000
_INDENTED_UP_TO = 100_000
"""Characters; a larger answer is for programs, and indenting it would only take time."""
_RUN = secrets.token_hex(8)
"""Of this process: after another start a spreadsheet may be one from a backup, with the same revision."""
_API_BLUEPRINTS = {"sheets_api", "drive_api"}
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


def understand() -> None:
    """
    Know what is asked, and that it fits Google's messages; before every method of Sheets.

    Raises: InvalidRequestError telling everything that does not fit.
    """
    method = g.method = method_at("sheets", request.method, raw_path())
    if method is None:
        return
    request.args = understood_query(method, request.args)
    if fields := request.args.get("fields"):
        g.mask = response_mask(method, fields)
    if method.request:
        g.body = parsed(method.request, _json_object(), method.body_field)


def json_body() -> dict[str, Any]:
    """
    The request's JSON object; an empty body is an empty object.

    Raises: InvalidRequestError if it is not JSON, or not an object.
    """
    understood: dict[str, Any] | None = g.get("body")
    return understood if understood is not None else _without_nulls(_json_object())


def _json_object() -> Any:
    text = request.get_data()
    if not text.strip():
        return {}
    try:
        body = json.loads(text, parse_constant=_refuse_constant)
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


def wanted_fields(below: str = "") -> Mask:
    """The query's `fields`, or what they want of one field; empty if they want everything."""
    fields = request.args.get("fields")
    mask: Mask = g.get("mask") or (parse_mask(fields) if fields else {})
    return mask.get(below, {}) if below and "*" not in mask else {} if below else mask


def answer(body: Any, status: int = 200) -> Response:
    """A JSON answer, cut down to the query's `fields` if it has some."""
    if isinstance(body, dict):
        body = select(body, wanted_fields())
        _complete_address(body)
        _complete_address(body.get("updatedSpreadsheet"))
        if holds_late(body):
            return _told_late(body, status)
    return _packed(iter([_written(body).encode()]), status)


def long_answer(text: str) -> Response | None:
    """An answer that is written already, in one line for each row; None for one that Google would indent."""
    wish = request.args.get("prettyPrint", "").lower()
    if wish == "true" or (wish not in {"false", "0"} and len(text) <= _INDENTED_UP_TO):
        return None
    return _packed(iter([text.encode()]), 200)


def unless_known(book: Book, told: Callable[[], Response]) -> Response:
    """
    The answer about a spreadsheet, or 304 to whoever names in `If-None-Match` the state in which it still is.

    Google's API has no such thing. A spreadsheet with formulas gets no tag: their results change by themselves.
    """
    tag = f"{_RUN}.{book.revision}"
    known = not any(sheet.holds_formulas for sheet in book.sheets)
    unchanged = known and request.if_none_match.contains(tag)
    response = Response(status=304) if unchanged else told()
    if known:
        response.set_etag(tag)
    return response


def _told_late(body: dict[str, Any], status: int) -> Response:
    """What is long goes out part by part while the rest of it is still worked out; what is short, like any answer."""
    parts = chunks(json_pieces(plain(body)))
    data, following = next(parts), next(parts, None)
    if following is None:
        return _packed(iter([_written(json.loads(data)).encode()]), status)
    return _packed(chain([data, following], parts), status)


def _written(body: Any) -> str:
    """
    JSON as Google writes it: indented unless told not to, whole numbers without a point.

    What Sheets says has no empty lists, as proto-JSON has none.
    """
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    if request.blueprint == "sheets_api" and perhaps_not_plain(text):
        body = plain(body)
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    wish = request.args.get("prettyPrint", "").lower()
    indented = request.blueprint in _API_BLUEPRINTS and wish not in {"false", "0"} and len(text) <= _INDENTED_UP_TO
    return json.dumps(body, ensure_ascii=False, indent=2) if indented or wish == "true" else text


def _complete_address(spreadsheet: Any) -> None:
    if isinstance(spreadsheet, dict) and spreadsheet.get("spreadsheetUrl", "").startswith("/"):
        spreadsheet["spreadsheetUrl"] = request.host_url.rstrip("/") + spreadsheet["spreadsheetUrl"]


def _packed(parts: Iterator[bytes], status: int) -> Response:
    """
    An answer of one part, or one that is sent part by part while the rest of it is still worked out.

    As Google does: compressed only for a client that says `gzip` in its name, too.

    Source: https://developers.google.com/workspace/sheets/api/guides/performance#gzip
    """
    data, following = next(parts), next(parts, None)
    whole: Iterable[bytes] = [data] if following is None else chain([data, following], parts)
    packed = len(data) > _WORTH_PACKING_BYTES and "gzip" in request.user_agent.string
    packed = packed and bool(request.accept_encodings.quality("gzip"))
    if packed:
        whole = gzipped(whole)
    body = whole if following is not None else b"".join(whole)
    response = Response(body, status, content_type="application/json; charset=UTF-8")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    return response


def register_errors(app: Flask) -> None:
    """Answer every error in Google's form; nobody sees a stack trace."""

    def known(error: LocalSheetsError) -> Response:
        return _told(error.http_code, error.as_json())

    def too_large(error: RequestEntityTooLarge) -> Response:
        limit = (request.max_content_length or BODY_LIMIT_BYTES) // 1024
        told = f"{limit // 1024} MB" if limit >= 1024 else f"{limit} KB"
        return known(TooLargeError(f"The request is too large (limit {told})."))

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
