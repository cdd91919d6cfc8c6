"""
Who may change what: protected ranges name their editors.

Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/sheets#ProtectedRange
"""

from typing import Any

from localsheets.errors import PermissionDeniedError
from localsheets.identity import Identity
from localsheets.model.book import Book
from localsheets.model.box import Axis, Box
from localsheets.model.sheet import Sheet

_PROTECTED = (
    "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection if"
    " you need to edit."
)


class ProtectedCellError(PermissionDeniedError):
    """A protection closes these cells to the caller; Google answers 400 here, not 403."""

    http_code = 400
    status = "INVALID_ARGUMENT"


def may_pass(book: Book, protection: dict[str, Any], who: Identity) -> bool:
    """Whether a protection lets an identity through: the owner, its editors, or anybody if it only warns."""
    email = who.email.casefold()
    if protection.get("warningOnly") or email == book.owner.email.casefold():
        return True
    editors = protection.get("editors") or {}
    if editors.get("domainUsersCanEdit") and email.partition("@")[2] == book.owner.email.casefold().partition("@")[2]:
        return True
    return any(email == str(user).casefold() for user in editors.get("users", []))


def closing_protection(book: Book, sheet: Sheet, box: Box, who: Identity) -> dict[str, Any] | None:
    """The first protection that keeps an identity from changing a box; None if it may."""
    for protection in sheet.protections:
        if protection["box"].meets(box) and not may_pass(book, protection, who):
            open_boxes = protection.get("unprotectedBoxes", [])
            if not any(Box(*corners).covers(box) for corners in open_boxes):
                return dict(protection)
    return None


def check_may_change(book: Book, sheet: Sheet, box: Box, who: Identity) -> None:
    """
    Let nobody change a box that a protection closes to him.

    Raises: ProtectedCellError.
    """
    closing = closing_protection(book, sheet, box, who)
    if closing is not None:
        raise ProtectedCellError(_PROTECTED)


def check_may_insert(book: Book, sheet: Sheet, axis: Axis, start: int, who: Identity) -> None:
    """
    Let nobody push a row down that is closed to him by putting rows above everything: that row is the header.

    Elsewhere rows may be put between protected ones, as at Google.
    Raises: ProtectedCellError.
    """
    if axis == "ROWS" and start == 0:
        check_may_change(book, sheet, Box(0, 1), who)


def check_may_lift(book: Book, protection: dict[str, Any], who: Identity) -> None:
    """
    Only whom a protection lets through may change or remove it.

    Raises: ProtectedCellError.
    """
    if not may_pass(book, {**protection, "warningOnly": False}, who):
        raise ProtectedCellError(_PROTECTED)
