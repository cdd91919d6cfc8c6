"""
With whom files are shared, and how a file gets another owner.

Nobody gets an e-mail: `sendNotificationEmail` and `emailMessage` are taken and not used.
Source: https://developers.google.com/workspace/drive/api/reference/rest/v3/permissions
"""

import hashlib
from typing import Any

from flask import Response, current_app

from localsheets.api.http_edge import caller, flag, json_body, shelf
from localsheets.drive.http import DriveError, blueprint, changing, not_allowed, page_of, readable, told
from localsheets.errors import UnimplementedError
from localsheets.identity import Identity
from localsheets.model.book import ROLES_THAT_WRITE, Book

Json = dict[str, Any]
ROLES = frozenset({"owner", "writer", "commenter", "reader"})
_NEEDED = {"user": "emailAddress", "group": "emailAddress", "domain": "domain", "anyone": None}
_DEFAULT_FIELDS = "kind,id,type,role"
_COLLECTION = "/drive/v3/files/<file_id>/permissions"
_ONE = f"{_COLLECTION}/<permission_id>"


def permission_id(kind: str, whom: str) -> str:
    """The lasting id of a person, group or domain: the same in every file, as at Drive."""
    if kind == "anyone":
        return "anyoneWithLink"
    digest = hashlib.sha256(f"{kind}:{whom.casefold()}".encode()).digest()
    digits = f"{int.from_bytes(digest[:8], 'big'):020d}"
    return f"{digits}k" if kind == "domain" else digits


def display_name(email: str) -> str:
    """What to call somebody: the name known here, or the part before the @."""
    known: dict[str, Identity] = current_app.config["LOCALSHEETS_TOKENS"]
    names = (who.name for who in known.values() if who.email.casefold() == email.casefold())
    return next(names, email.partition("@")[0])


def owner_permission(book: Book) -> Json:
    """The owner's own `Permission`."""
    email = book.owner.email
    return _shown({"id": permission_id("user", email), "type": "user", "role": "owner", "emailAddress": email})


def all_permissions(book: Book) -> list[Json]:
    """Every `Permission` of a file, the owner's first."""
    return [owner_permission(book), *map(_shown, book.permissions)]


def _shown(kept: Json) -> Json:
    shown: Json = {"kind": "drive#permission", **kept}
    if kept["type"] in {"user", "group"}:
        shown |= {"displayName": display_name(kept["emailAddress"]), "deleted": False}
        shown["pendingOwner"] = bool(kept.get("pendingOwner"))
    else:
        shown["allowFileDiscovery"] = bool(kept.get("allowFileDiscovery"))
        if kept["type"] == "domain":
            shown["displayName"] = kept["domain"]
    return shown


@blueprint.get(_COLLECTION)
def list_permissions(file_id: str) -> Response:
    """permissions.list: for those who may share the file."""
    book = _shareable(file_id)
    everything = all_permissions(book)
    page, more = page_of(everything, default=100, most=100)
    answer: Json = {"kind": "drive#permissionList", "permissions": list(page)}
    if more:
        answer["nextPageToken"] = more
    fields = ",".join(f"permissions/{name}" for name in _DEFAULT_FIELDS.split(","))
    return told(answer, f"kind,nextPageToken,{fields}")


def _shareable(file_id: str) -> Book:
    book = readable(file_id)
    if shelf().role(book, caller()) not in ROLES_THAT_WRITE:
        raise not_allowed()
    return book


@blueprint.get(_ONE)
def get_permission(file_id: str, permission_id: str) -> Response:
    """permissions.get"""
    book = _shareable(file_id)
    for permission in all_permissions(book):
        if permission["id"] == permission_id:
            return told(permission, _DEFAULT_FIELDS)
    raise _no_permission(permission_id)


def _no_permission(wanted: str) -> DriveError:
    return DriveError(404, f"Permission not found: {wanted}.", "notFound", "permissionId")


@blueprint.post(_COLLECTION)
def create_permission(file_id: str) -> Response:
    """permissions.create: a second permission for the same person replaces the first."""
    permission = _wanted(json_body())
    with changing(file_id, "permissions.create") as draft:
        if permission["id"] == owner_permission(draft)["id"]:
            shown = owner_permission(draft)
        elif permission["role"] == "owner":
            _check_may_transfer(draft, permission)
            _hand_over(draft, permission)
            shown = owner_permission(draft)
        else:
            _check_pending(draft, permission)
            _keep(draft, permission)
            shown = _shown(permission)
    return told(shown, _DEFAULT_FIELDS)


def _wanted(body: Json) -> Json:
    """
    A permission as it is kept.

    Raises: DriveError if it lacks something.
    """
    kind, role = body.get("type"), body.get("role")
    if kind not in _NEEDED:
        raise _required("type") if kind is None else _invalid("permission.type")
    if role not in ROLES or (role == "owner" and kind != "user"):
        raise _required("role") if role is None else _invalid("permission.role")
    needed = _NEEDED[str(kind)]
    whom = body.get(needed, "") if needed else ""
    if needed and (not isinstance(whom, str) or not whom or ("@" in whom) != (needed == "emailAddress")):
        message = f"The {needed} of a permission of the type {kind} is missing or invalid."
        raise DriveError(400, message, "invalidSharingRequest", f"permission.{needed}")
    kept: Json = {"id": permission_id(str(kind), whom), "type": kind, "role": role}
    if needed:
        kept[needed] = whom
    _check_unkept(body)
    if body.get("pendingOwner") is True and kind == "user":
        kept["pendingOwner"] = True
    if body.get("allowFileDiscovery") is True and not needed:
        kept["allowFileDiscovery"] = True
    return kept


def _check_unkept(body: Json) -> None:
    for name in ("expirationTime", "view", "inheritedPermissionsDisabled"):
        if name in body:
            raise UnimplementedError(f"This server does not keep {name!r} of a permission.")


def _required(name: str) -> DriveError:
    message = f"The permission {name} field is required."
    return DriveError(400, message, "required", f"permission.{name}")


def _invalid(location: str) -> DriveError:
    return DriveError(
        400, f"The specified {location.partition('.')[2]} is invalid or not supported.", "invalid", location
    )


def _keep(draft: Book, permission: Json) -> None:
    """Have this permission in place of another for the same person; only one can be the pending owner."""
    others = [_not_pending(p) if permission.get("pendingOwner") else p for p in draft.permissions]
    places = [place for place, p in enumerate(others) if _same_person(p, permission)]
    if places:
        others[places[0]] = permission
    draft.permissions = others if places else [*others, permission]
    draft.touched = True


def _same_person(one: Json, other: Json) -> bool:
    whom = [str(p.get("emailAddress") or p.get("domain") or "").casefold() for p in (one, other)]
    return one["type"] == other["type"] and whom[0] == whom[1]


def _not_pending(permission: Json) -> Json:
    return {name: value for name, value in permission.items() if name != "pendingOwner"}


@blueprint.patch(_ONE)
def update_permission(file_id: str, permission_id: str) -> Response:
    """permissions.update: another role, somebody who may become the owner, or the new owner himself."""
    body = json_body()
    _check_unkept(body)
    with changing(file_id, "permissions.update") as draft:
        owner = owner_permission(draft)
        if permission_id == owner["id"]:
            if body.get("role", "owner") != "owner":
                raise DriveError(403, "The owner of a file cannot be given another role.", "forbidden")
            return told(owner, _DEFAULT_FIELDS)
        old = next((p for p in draft.permissions if p["id"] == permission_id), None)
        if old is None:
            raise _no_permission(permission_id)
        role = body.get("role", old["role"])
        if role not in ROLES or (role == "owner" and old["type"] != "user"):
            raise _invalid("permission.role")
        new = {**old, "role": role}
        if role == "owner":
            _check_may_transfer(draft, old)
            _hand_over(draft, old)
            shown = owner_permission(draft)
        else:
            if "pendingOwner" in body:
                new = {**_not_pending(new), **({"pendingOwner": True} if body["pendingOwner"] is True else {})}
                _check_pending(draft, {**new, "pendingOwner": True})
            _keep(draft, new)
            shown = _shown(new)
    return told(shown, _DEFAULT_FIELDS)


def _check_pending(draft: Book, permission: Json) -> None:
    """Only the owner says who may take the file over, and only a person who may write can."""
    if not permission.get("pendingOwner"):
        return
    if draft.role_of(caller()) != "owner":
        raise not_allowed()
    if permission["type"] != "user" or permission["role"] != "writer":
        message = "A pending owner must be a user with the role writer."
        raise DriveError(403, message, "forbidden", "permission.pendingOwner")


def _check_may_transfer(draft: Book, permission: Json) -> None:
    """The owner may hand a file over; whom he named as pending owner may take it."""
    if not flag("transferOwnership"):
        message = "The transferOwnership parameter must be enabled when the permission role is 'owner'."
        raise DriveError(403, message, "forbidden", "transferOwnership")
    is_taker = permission["emailAddress"].casefold() == caller().email.casefold()
    if draft.role_of(caller()) != "owner" and not (is_taker and permission.get("pendingOwner")):
        raise not_allowed()


def _hand_over(draft: Book, permission: Json) -> None:
    """The file gets its new owner; the old one may still write."""
    old = draft.owner.email
    kept = [_not_pending(p) for p in draft.permissions if not _same_person(p, permission)]
    before = {"id": permission_id("user", old), "type": "user", "role": "writer", "emailAddress": old}
    draft.permissions = [*kept, before]
    draft.owner = Identity(permission["emailAddress"], display_name(permission["emailAddress"]))
    draft.touched = True


@blueprint.delete(_ONE)
def delete_permission(file_id: str, permission_id: str) -> Response:
    """permissions.delete: stop sharing."""
    with changing(file_id, "permissions.delete") as draft:
        if permission_id == owner_permission(draft)["id"]:
            raise DriveError(403, "The owner of a file cannot be removed.", "forbidden", "permissionId")
        kept = [p for p in draft.permissions if p["id"] != permission_id]
        if len(kept) == len(draft.permissions):
            raise _no_permission(permission_id)
        draft.permissions = kept
        draft.touched = True
    return Response(status=204)
