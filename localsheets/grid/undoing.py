"""Undo and redo of what a person did in the grid, as sentences for people."""

from collections.abc import Callable

from flask import Blueprint, Response

from localsheets.api.http_edge import answer, shelf
from localsheets.errors import ConflictError, InvalidRequestError, PermissionDeniedError
from localsheets.grid.entering import cell_name, check_writer
from localsheets.grid.guard import require_login, staff, strict_headers
from localsheets.grid.sessions import words
from localsheets.storage.outcomes import ChangedSinceError, NothingToUndoError, ProtectedSinceError, Undone

blueprint = Blueprint("grid_undoing", __name__, url_prefix="/register/data/<book_id>")
blueprint.before_request(require_login)
blueprint.after_request(strict_headers)


@blueprint.post("/undo")
def undo(book_id: str) -> Response:
    """
    Take back this person's latest change in the grid; answers where to look and what was done, as a sentence.

    If somebody else changed the same cells since, they stay (409), and the next call takes back the one before.
    """
    return _turned(book_id, lambda: shelf().undo(book_id, staff()), "undone", "nothing_to_undo")


@blueprint.post("/redo")
def redo(book_id: str) -> Response:
    """Do again what this person took back last."""
    return _turned(book_id, lambda: shelf().redo(book_id, staff()), "redone", "nothing_to_redo")


def _turned(book_id: str, turn: Callable[[], Undone], sentence: str, nothing: str) -> Response:
    check_writer(book_id)
    try:
        done = turn()
    except NothingToUndoError as error:
        raise InvalidRequestError(words()[nothing]) from error
    except ChangedSinceError as error:
        where = error.cell or error.sheet_title
        raise ConflictError(words()["changed_since"].format(where=where)) from error
    except ProtectedSinceError as error:
        raise PermissionDeniedError(words()["protected_since"].format(where=error.sheet_title)) from error
    except PermissionDeniedError as error:
        raise PermissionDeniedError(words()["protected_part"]) from error
    book = shelf().read(book_id, staff())
    sheet = next((sheet for sheet in book.sheets if sheet.sheet_id == done.sheet_id), None)
    where = f"{sheet.title} {cell_name(done.row, done.column)}" if sheet else book.title
    what = words().get(f"did_{done.kind.removeprefix('grid ').replace(' ', '_')}", words()["did_something"])
    place = {"sheet": sheet.sheet_id, "row": done.row, "column": done.column} if sheet else {}
    return answer({"revision": done.revision, "said": words()[sentence].format(what=what, where=where), **place})
