"""
What Drive tells of a file, and what it keeps of one besides its contents.

Source: https://developers.google.com/workspace/drive/api/reference/rest/v3/files
"""

from typing import Any
from urllib.parse import quote

from flask import request

from localsheets.api.http_edge import caller, shelf
from localsheets.drive.http import DriveError
from localsheets.drive.permissions import all_permissions, display_name, permission_id
from localsheets.errors import UnimplementedError
from localsheets.model.book import ROLES_THAT_WRITE, Book

Json = dict[str, Any]
SPREADSHEET = "application/vnd.google-apps.spreadsheet"
FEW_FIELDS = "kind,id,name,mimeType"
"""What is told of a file unless `fields` asks for more."""
EXPORT_TYPES = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/x-vnd.oasis.opendocument.spreadsheet",
    "application/pdf",
    "text/csv",
    "text/tab-separated-values",
)
_FLAGS = {"trashed", "starred"}
_MAPS = {"properties", "appProperties"}
_KEPT = {"description", *_MAPS}
_SAYS_NOTHING_NEW = {"kind", "id", "mimeType", "name", "parents"}
"""Fields that clients send along; the last two are looked at elsewhere."""


def file_json(book: Book) -> Json:
    """A `File`."""
    role = shelf().role(book, caller())
    writes, owns = role in ROLES_THAT_WRITE, role == "owner"
    file: Json = {
        "kind": "drive#file",
        "id": book.book_id,
        "name": book.title,
        "mimeType": SPREADSHEET,
        **{name: book.file[name] for name in sorted(_KEPT) if name in book.file},
        "starred": bool(book.file.get("starred")),
        "trashed": bool(book.file.get("trashed")),
        "explicitlyTrashed": bool(book.file.get("trashed")),
        "parents": book.file.get("parents") or ["root"],
        "spaces": ["drive"],
        "version": str(book.revision),
        "webViewLink": f"{request.host_url}register?id={book.book_id}",
        "createdTime": book.created_at,
        "modifiedTime": book.modified_at,
        "owners": [_user_json(book.owner.email)],
        "ownedByMe": owns,
        "shared": bool(book.permissions),
        "writersCanShare": True,
        "capabilities": {
            **dict.fromkeys(("canCopy", "canDownload", "canListChildren"), True),
            **dict.fromkeys(("canEdit", "canRename", "canShare", "canModifyContent"), writes),
            **dict.fromkeys(("canDelete", "canTrash", "canUntrash"), owns),
            "canComment": writes or role == "commenter",
        },
        "exportLinks": {kind: _export_link(book, kind) for kind in EXPORT_TYPES},
    }
    if writes:
        file["permissions"] = all_permissions(book)
        file["permissionIds"] = [permission["id"] for permission in file["permissions"]]
    return file


def _user_json(email: str) -> Json:
    return {
        "kind": "drive#user",
        "displayName": display_name(email),
        "me": email.casefold() == caller().email.casefold(),
        "permissionId": permission_id("user", email),
        "emailAddress": email,
    }


def _export_link(book: Book, kind: str) -> str:
    return f"{request.host_url}drive/v3/files/{book.book_id}/export?mimeType={quote(kind, safe='')}"


def held_by(book: Book) -> Json:
    """What queries ask of a file besides its JSON: whose it is, and who may do what."""
    me = {"me"} if caller().email.casefold() == book.owner.email.casefold() else set()
    mine = {"me"} if shelf().role(book, caller()) in ROLES_THAT_WRITE else set()
    everybody = [(p["role"], str(p.get("emailAddress", "")).casefold()) for p in book.permissions]
    owner = {book.owner.email.casefold()}
    return {
        "parentsHeld": set(book.file.get("parents") or ["root"]),
        "ownersHeld": owner | me,
        "writersHeld": owner | mine | {email for role, email in everybody if role in ROLES_THAT_WRITE},
        "readersHeld": owner | {"me"} | {email for _, email in everybody},
        "sharedWithMe": not me,
    }


def name_in(body: Json, default: str) -> str:
    name = body.get("name", default)
    if not isinstance(name, str):
        raise DriveError(400, "Invalid value for: name is not a text.", "badRequest", "name")
    return name or default


def parents_in(body: Json) -> list[str]:
    parents = body.get("parents", [])
    if not isinstance(parents, list) or not all(isinstance(parent, str) and parent for parent in parents):
        raise DriveError(400, "Invalid value for: parents must be a list of ids.", "badRequest", "parents")
    if len(parents) > 1:
        raise DriveError(403, "A file cannot be in several folders at once.", "multipleParentsNotSupported", "parents")
    return parents


def file_fields(body: Json, file: Json) -> Json:
    """
    What Drive keeps of a file besides its contents, changed as the body says.

    Raises: UnimplementedError for a field that this server would forget.
    """
    file = dict(file)
    for name, value in body.items():
        if (name in _FLAGS and isinstance(value, bool)) or (name == "description" and isinstance(value, str)):
            file[name] = value
        elif name in _MAPS and isinstance(value, dict):
            file[name] = {**file.get(name, {}), **value}
        elif name not in _SAYS_NOTHING_NEW:
            raise UnimplementedError(f"This server does not keep {name!r} of a file, or not this value of it.")
    return {name: value for name, value in file.items() if value}
