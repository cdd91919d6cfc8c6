"""
What the grid changes besides values, as the API's own requests: formats, notes, widths, frozen lines, merges, sorting.

Only kinds and fields of a short list pass, only for the sheet in the address, and each request asks protections as it
does for API clients. Values are not among them: those go through the checks for people.
"""

from typing import Any

from flask import Blueprint, Response

from localsheets.api.field_masks import parse_mask
from localsheets.api.http_edge import answer, json_body, shelf
from localsheets.api.messages import parsed
from localsheets.errors import ConflictError, InvalidRequestError, PermissionDeniedError
from localsheets.grid.entering import check_writer
from localsheets.grid.guard import require_login, staff, strict_headers
from localsheets.grid.sessions import words
from localsheets.requests.batch import apply_requests
from localsheets.requests.step import as_list, as_object, whole_number

Json = dict[str, Any]
MOST_REQUESTS = 100
KINDS = frozenset(
    {
        "addConditionalFormatRule",
        "addDimensionGroup",
        "addSheet",
        "autoResizeDimensions",
        "clearBasicFilter",
        "deleteConditionalFormatRule",
        "deleteDimensionGroup",
        "deleteSheet",
        "duplicateSheet",
        "mergeCells",
        "repeatCell",
        "setBasicFilter",
        "setDataValidation",
        "sortRange",
        "trimWhitespace",
        "unmergeCells",
        "updateBorders",
        "updateCells",
        "updateConditionalFormatRule",
        "updateDimensionGroup",
        "updateDimensionProperties",
        "updateSheetProperties",
    }
)
OPEN_FIELDS = {"repeatCell": {"userEnteredFormat", "note"}, "updateCells": {"userEnteredFormat", "note"}}
"""Of kinds that could also write values, the fields that may be set."""
PLACES = {
    "addConditionalFormatRule": ("rule.ranges",),
    "autoResizeDimensions": ("dimensions",),
    "setBasicFilter": ("filter.range",),
    "updateCells": ("range", "start"),
    "updateConditionalFormatRule": ("rule.ranges",),
    "updateDimensionGroup": ("dimensionGroup.range",),
    "updateSheetProperties": ("properties",),
}
"""Where a kind names its sheet, if not in `range` or by itself; one that is not named is sheet 0."""
blueprint = Blueprint("grid_batch", __name__, url_prefix="/register/data/<book_id>")
blueprint.before_request(require_login)
blueprint.after_request(strict_headers)


@blueprint.post("/<int:sheet_id>/batch")
def batch(book_id: str, sheet_id: int) -> Response:
    """
    `{"requests": […], "seen": structure}`: all or nothing, as one change; answers `replies`, `revision`, `structure`.

    `seen` is the structure that the page knew when it counted its rows and columns; if it is another one by now,
    nothing is written (409) and the page looks again.
    """
    body = json_body()
    told = parsed("BatchUpdateSpreadsheetRequest", {"requests": body.get("requests")})
    requests = as_list("requests", told.get("requests"))
    if not 1 <= len(requests) <= MOST_REQUESTS:
        raise InvalidRequestError(f"1 to {MOST_REQUESTS} requests are needed.")
    for request in requests:
        check_request(request, sheet_id)
    check_writer(book_id)
    with shelf().writing(book_id, staff(), "grid batch", origin="grid") as draft:
        seen = body.get("seen")
        if seen is not None and whole_number("seen", seen) != draft.sheet(sheet_id).structure:
            raise ConflictError(words()["shape_changed"])
        try:
            replies = apply_requests(draft, requests, staff())
        except PermissionDeniedError as error:
            raise PermissionDeniedError(words()["protected_part"]) from error
        revision = draft.revision
    now = next((sheet for sheet in shelf().read(book_id, staff()).sheets if sheet.sheet_id == sheet_id), None)
    return answer({"replies": replies, "revision": revision, "structure": now.structure if now else revision})


def check_request(request: Any, sheet_id: int) -> None:
    """
    Raises: InvalidRequestError for a kind, a field or a sheet that the grid has no business with.
    """
    told = as_object("requests", request)
    if len(told) != 1 or not set(told) <= KINDS:
        raise InvalidRequestError(words()["not_from_here"].format(what=", ".join(map(str, told))))
    ((kind, content),) = told.items()
    body = as_object(kind, content)
    if kind in OPEN_FIELDS:
        fields = body.get("fields")
        if not isinstance(fields, str) or not set(parse_mask(fields)) <= OPEN_FIELDS[kind]:
            raise InvalidRequestError(words()["not_from_here"].format(what=f"{kind}: {fields}"))
    if kind != "addSheet" and any(found != sheet_id for found in _sheet_ids(kind, body)):
        raise InvalidRequestError(words()["not_from_here"].format(what=f"{kind}: sheetId"))


def _sheet_ids(kind: str, body: Json) -> list[Any]:
    """The sheets that a request is about, and every other one that it names, however deep."""
    holders = [holder for path in PLACES.get(kind, ("range",)) for holder in _below(body, path.split("."))]
    about = [holder.get("sheetId", 0) for holder in holders if isinstance(holder, dict)]
    return [*(about or [body.get("sheetId", body.get("sourceSheetId", 0))]), *_named(body)]


def _below(value: Any, path: list[str]) -> list[Any]:
    """What lies at a path of names; of a list, each of its items."""
    if isinstance(value, list):
        return [found for item in value for found in _below(item, path)]
    if not path:
        return [value]
    return _below(value[path[0]], path[1:]) if isinstance(value, dict) and path[0] in value else []


def _named(value: Any) -> list[Any]:
    if isinstance(value, list):
        return [found for item in value for found in _named(item)]
    if not isinstance(value, dict):
        return []
    own = [value[name] for name in ("sheetId", "sourceSheetId") if name in value]
    return own + [found for inner in value.values() for found in _named(inner)]
