"""Ids of things on sheets: the caller's if it is free, or one chosen by chance, as at Google."""

import secrets
from typing import Any

from localsheets.errors import InvalidRequestError
from localsheets.model.book import Book

LARGEST_ID = 2**31 - 1
ID_NAMES = {
    "charts": "chartId",
    "slicers": "slicerId",
    "bandedRanges": "bandedRangeId",
    "filterViews": "filterViewId",
    "developerMetadata": "metadataId",
    "protections": "protectedRangeId",
}
"""The name under which each kind of thing keeps its id."""
_EMBEDDED = ("charts", "slicers")


def claimed_id(book: Book, kind: str, wanted: Any) -> int:
    """
    The id for a new thing. Charts and slicers share their ids: both are embedded objects.

    Raises: InvalidRequestError if the wanted id is none, or is taken.
    """
    taken = _taken(book, kind)
    if wanted is None:
        while (chosen := secrets.randbelow(LARGEST_ID) + 1) in taken:
            pass
        return chosen
    if not isinstance(wanted, int) or isinstance(wanted, bool) or not 0 <= wanted <= LARGEST_ID:
        raise InvalidRequestError(f"Invalid value at '{ID_NAMES[kind]}': {wanted!r}")
    if wanted in taken:
        raise InvalidRequestError(f"The {ID_NAMES[kind]} {wanted} is already in use.")
    return wanted


def _taken(book: Book, kind: str) -> set[int]:
    if kind == "protections":
        return {entry["protectedRangeId"] for sheet in book.sheets for entry in sheet.protections}
    kinds = _EMBEDDED if kind in _EMBEDDED else (kind,)
    taken = {thing[ID_NAMES[name]] for sheet in book.sheets for name in kinds for thing in sheet.kept(name)}
    return taken | ({entry["metadataId"] for entry in book.metadata} if kind == "developerMetadata" else set())
