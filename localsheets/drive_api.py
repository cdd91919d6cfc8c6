"""
Drive v3 over HTTP, as far as spreadsheets need it: files and whom they are shared with.

Source: https://developers.google.com/drive/api/reference/rest/v3
"""

import re
import secrets
from typing import Any

from flask import Blueprint, Response, request

from localsheets.book import Book
from localsheets.errors import InvalidRequestError, NotFoundError, PermissionDeniedError
from localsheets.http_edge import answer, caller, json_body, require_token, shelf

SPREADSHEET = "application/vnd.google-apps.spreadsheet"
ROLES = frozenset({"reader", "commenter", "writer"})
KINDS = frozenset({"user", "group", "domain", "anyone"})
_TERM = re.compile(
    r"""\s*(name|mimeType|trashed)\s*(=|!=|contains)\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|true|false)\s*"""
)

Json = dict[str, Any]
blueprint = Blueprint("drive_api", __name__, url_prefix="/drive/v3/files")
blueprint.before_request(require_token)


def file_json(book: Book) -> Json:
    """A `File`."""
    return {
        "kind": "drive#file",
        "id": book.book_id,
        "name": book.title,
        "mimeType": SPREADSHEET,
        "createdTime": book.created_at,
        "modifiedTime": book.modified_at,
        "trashed": False,
        "version": str(book.revision),
        "owners": [{"displayName": book.owner.name, "emailAddress": book.owner.email}],
    }


@blueprint.get("")
def list_files() -> Response:
    """files.list: every spreadsheet the caller may read; `q` may ask for name, mimeType and trashed."""
    terms = _parse_query(request.args.get("q", ""))
    files = [file_json(book) for book in shelf().books_for(caller())]
    return answer({"kind": "drive#fileList", "files": [f for f in files if all(_fits(f, term) for term in terms)]})


def _parse_query(text: str) -> list[tuple[str, str, str]]:
    """
    The terms of a query: `name = 'Register' and mimeType = '…'`.

    Source: https://developers.google.com/drive/api/guides/search-files
    Raises: InvalidRequestError for anything else.
    """
    terms: list[tuple[str, str, str]] = []
    at = 0
    while at < len(text.rstrip()):
        match = _TERM.match(text, at)
        if match is None:
            raise InvalidRequestError(f"Invalid Value: this server does not understand the query {text!r}.")
        name, operator, value = match.groups()
        terms.append((name, operator, re.sub(r"\\(.)", r"\1", value[1:-1]) if value[0] in "'\"" else value))
        at = match.end()
        joint = re.compile(r"and\b").match(text, at)
        if joint is None and at < len(text):
            raise InvalidRequestError(f"Invalid Value: this server does not understand the query {text!r}.")
        at = joint.end() if joint else at
    return terms


def _fits(file: Json, term: tuple[str, str, str]) -> bool:
    name, operator, wanted = term
    held = str(file[name]).lower() if name == "trashed" else str(file[name])
    if operator == "contains":
        return wanted.casefold() in held.casefold()
    return (held == wanted) == (operator == "=")


@blueprint.post("")
def create_file() -> Response:
    """files.create: an empty spreadsheet."""
    body = json_body()
    if body.get("mimeType", SPREADSHEET) != SPREADSHEET:
        raise InvalidRequestError("This server keeps spreadsheets only.")
    name = body.get("name", "Untitled spreadsheet")
    if not isinstance(name, str) or not name:
        raise InvalidRequestError("name must be a text.")
    return answer(file_json(shelf().create(caller(), {"title": name}, "files.create")))


@blueprint.get("/<file_id>")
def get_file(file_id: str) -> Response:
    """files.get"""
    return answer(file_json(shelf().read(file_id, caller())))


@blueprint.delete("/<file_id>")
def delete_file(file_id: str) -> Response:
    """files.delete: at once and for good, without a trash; answers 204 like Google."""
    shelf().delete(file_id, caller())
    return Response(status=204)


@blueprint.get("/<file_id>/permissions")
def list_permissions(file_id: str) -> Response:
    """permissions.list: the owner first."""
    book = shelf().read(file_id, caller())
    owner = {
        "kind": "drive#permission",
        "id": "owner",
        "type": "user",
        "role": "owner",
        "emailAddress": book.owner.email,
        "displayName": book.owner.name,
    }
    return answer({"kind": "drive#permissionList", "permissions": [owner, *book.permissions]})


@blueprint.post("/<file_id>/permissions")
def create_permission(file_id: str) -> Response:
    """permissions.create: share a spreadsheet; a second permission for the same person replaces the first."""
    body = json_body()
    permission = _permission(body)
    with shelf().writing(file_id, caller(), "permissions.create") as draft:
        same = [p for p in draft.permissions if _whom(p) == _whom(permission)]
        if same:
            permission["id"] = same[0]["id"]
        draft.permissions = [*[p for p in draft.permissions if p not in same], permission]
        draft.touched = True
    return answer(permission)


def _permission(body: Json) -> Json:
    kind, role = body.get("type"), body.get("role")
    if kind not in KINDS or role not in ROLES:
        raise InvalidRequestError(
            "A permission needs a type (user, group, domain, anyone) and a role (reader, writer)."
        )
    needed = {"user": "emailAddress", "group": "emailAddress", "domain": "domain"}.get(str(kind))
    told = {"kind": "drive#permission", "id": secrets.token_hex(10), "type": kind, "role": role}
    if needed is not None:
        if not isinstance(body.get(needed), str) or not body[needed]:
            raise InvalidRequestError(f"A permission of the type {kind} needs {needed}.")
        told[needed] = body[needed]
    return told


def _whom(permission: Json) -> tuple[Any, ...]:
    return permission["type"], str(permission.get("emailAddress") or permission.get("domain") or "").casefold()


@blueprint.delete("/<file_id>/permissions/<permission_id>")
def delete_permission(file_id: str, permission_id: str) -> Response:
    """permissions.delete: stop sharing."""
    if permission_id == "owner":
        raise PermissionDeniedError("The owner of a file cannot be removed.")
    with shelf().writing(file_id, caller(), "permissions.delete") as draft:
        kept = [p for p in draft.permissions if p["id"] != permission_id]
        if len(kept) == len(draft.permissions):
            raise NotFoundError(f"Permission not found: {permission_id}.")
        draft.permissions = kept
        draft.touched = True
    return Response(status=204)
