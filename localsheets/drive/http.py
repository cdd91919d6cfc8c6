"""
Where HTTP meets Drive: its own form of errors, answers of few fields unless more are asked for, lists in pages.

Source: https://developers.google.com/workspace/drive/api/guides/handle-errors
"""

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from flask import Blueprint, Response, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from localsheets.api.field_masks import parse_mask, select
from localsheets.api.http_edge import BODY_LIMIT_BYTES, answer, caller, raw_path, require_token, shelf
from localsheets.api.transcoding import known_mask, method_at
from localsheets.errors import (
    InvalidRequestError,
    LocalSheetsError,
    NotFoundError,
    PermissionDeniedError,
    TooLargeError,
)
from localsheets.model.book import ROLES_THAT_WRITE, Book

Json = dict[str, Any]
Item = TypeVar("Item")
blueprint = Blueprint("drive_api", __name__)
blueprint.before_request(require_token)
_REASONS = {
    400: "badRequest",
    403: "forbidden",
    404: "notFound",
    413: "uploadTooLarge",
    429: "rateLimitExceeded",
    501: "notImplemented",
}


class DriveError(LocalSheetsError):
    """
    An error that names its reason and, mostly, the parameter that was wrong.

    Attributes:
        reason: Drive's word for it, such as `notFound`.
        location: The parameter; "" if it was none.
    """

    def __init__(self, code: int, message: str, reason: str, location: str = "") -> None:
        super().__init__(message)
        self.http_code, self.reason, self.location = code, reason, location


def no_file(file_id: str) -> DriveError:
    """Also for files that the caller may not even know of."""
    return DriveError(404, f"File not found: {file_id}.", "notFound", "fileId")


def not_allowed() -> DriveError:
    """The caller may see the file, but not do this."""
    message = "The user does not have sufficient permissions for this file."
    return DriveError(403, message, "insufficientFilePermissions")


@blueprint.errorhandler(LocalSheetsError)
def drive_error(error: LocalSheetsError) -> Response:
    """An error as Drive tells it, with a list of errors inside that clients look into."""
    code = error.http_code
    entry: Json = {"message": error.message, "domain": "usageLimits" if code == 429 else "global"}
    entry["reason"] = error.reason if isinstance(error, DriveError) else _REASONS.get(code, "backendError")
    if isinstance(error, DriveError) and error.location:
        entry |= {"location": error.location, "locationType": "parameter"}
    body: Json = {"code": code, "message": error.message, "errors": [entry]}
    if not isinstance(error, DriveError):
        body["status"] = error.status
    return Response(
        json.dumps({"error": body}, ensure_ascii=True), code, content_type="application/json; charset=UTF-8"
    )


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> Response:
    """More than this server takes, as Drive would say it."""
    return drive_error(TooLargeError(f"The request is too large (limit {BODY_LIMIT_BYTES // 1024 // 1024} MB)."))


@blueprint.before_request
def check_fields() -> None:
    """
    Raises: DriveError if `fields` names something that the answer cannot have.
    """
    method = method_at("drive", request.method, raw_path().removeprefix("/upload"))
    fields = request.args.get("fields")
    if method is None or not method.response or not fields:
        return
    try:
        g.mask, lacking = known_mask("drive", method.response, parse_mask(fields))
    except InvalidRequestError:
        lacking = [fields]
    if lacking:
        message = f"Invalid field selection {lacking[0].rpartition('.')[2]}"
        raise DriveError(400, message, "invalidParameter", "fields")


def readable(file_id: str) -> Book:
    """
    The present snapshot of a file that the caller may read.

    Raises: DriveError if there is none; at Drive, a file that nobody shared with you does not exist.
    """
    try:
        return shelf().read(file_id, caller())
    except (NotFoundError, PermissionDeniedError) as error:
        raise no_file(file_id) from error


@contextmanager
def changing(file_id: str, kind: str, *, owner_only: bool = False) -> Iterator[Book]:
    """
    A draft of a file that the caller may change.

    Raises: DriveError.
    """
    role = shelf().role(readable(file_id), caller())
    if role not in ROLES_THAT_WRITE or (owner_only and role != "owner"):
        raise not_allowed()
    with shelf().writing(file_id, caller(), kind) as draft:
        if owner_only and draft.role_of(caller()) != "owner":
            raise not_allowed()
        yield draft


def told(body: Json, default: str) -> Response:
    """An answer; without `fields` only the default ones, as at Drive."""
    if not request.args.get("fields"):
        body = select(body, parse_mask(default))
    return answer(body)


def page_of(items: Sequence[Item], *, default: int, most: int) -> tuple[Sequence[Item], str | None]:
    """
    The page that the request asks for, and the token of the next one.

    Raises: DriveError if `pageSize` or `pageToken` is none.
    """
    size_text, token = request.args.get("pageSize") or str(default), request.args.get("pageToken")
    if not size_text.isascii() or not size_text.isdigit() or not 1 <= int(size_text[:9]) <= most:
        message = f"Invalid value '{size_text[:20]}'. Values must be within the range: [1, {most}]"
        raise DriveError(400, message, "invalidParameter", "pageSize")
    try:
        start = int(base64.urlsafe_b64decode(token.encode())) if token else 0
    except (ValueError, binascii.Error) as error:
        raise DriveError(400, "Invalid Value", "invalid", "pageToken") from error
    end = max(start, 0) + int(size_text)
    more = base64.urlsafe_b64encode(str(end).encode()).decode() if end < len(items) else None
    return items[max(start, 0) : end], more
