"""
Sheets v4 over HTTP: which address does what.

Paths are parted while still quoted, because a sheet's title may hold `/`, `:` and `%`.
Source: https://developers.google.com/sheets/api/reference/rest
"""

from typing import Any
from urllib.parse import unquote

from flask import Blueprint, Response, request

from localsheets.book import Book, new_sheet
from localsheets.errors import InvalidRequestError, NotFoundError, UnimplementedError
from localsheets.grid_data import book_json
from localsheets.http_edge import answer, caller, flag, json_body, raw_path, require_token, shelf
from localsheets.identity import Identity
from localsheets.requests.batch import apply_requests
from localsheets.requests.step import Step, as_list, as_object
from localsheets.requests.tabs import add_sheet
from localsheets.values_api import act_on_batch, act_on_range, change_range, read_batch, read_one

ROOT = "/v4/spreadsheets"
blueprint = Blueprint("sheets_api", __name__)
blueprint.before_request(require_token)


@blueprint.route(ROOT, methods=["POST"])
def create() -> Response:
    """`spreadsheets.create`: a spreadsheet with the given title and, if told, the given sheets."""
    body = json_body()
    who = caller()
    told = as_object("properties", body.get("properties"))
    properties = {name: told[name] for name in ("title", "locale", "timeZone") if isinstance(told.get(name), str)}
    sheets = as_list("sheets", body.get("sheets"))
    book = shelf().create(who, properties, "spreadsheets.create", lambda draft: _fill(draft, sheets, who))
    return answer(book_json(book, who))


def _fill(draft: Book, sheets: list[Any], who: Identity) -> None:
    if not sheets:
        draft.add_sheet(new_sheet(0, "Sheet1"))
    for sheet in sheets:
        told = as_object("sheets", sheet)
        if told.get("data"):
            raise UnimplementedError("spreadsheets.create does not take cell data here; write the values afterwards.")
        add_sheet(Step(draft, who), {"properties": told.get("properties")})


@blueprint.route(f"{ROOT}/<path:_rest>", methods=["GET", "POST", "PUT"])
def dispatch(_rest: str) -> Response:
    """Everything below one spreadsheet."""
    first, *rest = raw_path().removeprefix(ROOT + "/").split("/", 2)
    if not rest:
        book_id, _, verb = first.partition(":")
        return _on_book(unquote(book_id), verb)
    collection, _, verb = rest[0].partition(":")
    if collection != "values":
        raise UnimplementedError(f"This server does not support spreadsheets.{unquote(collection)}.")
    if len(rest) == 1:
        return _on_batch(unquote(first), verb)
    return _on_range(unquote(first), rest[1])


def _on_book(book_id: str, verb: str) -> Response:
    if not verb and request.method == "GET":
        book = shelf().read(book_id, caller())
        ranges = request.args.getlist("ranges")
        return answer(book_json(book, caller(), ranges=ranges, with_cells=flag("includeGridData") or _asks_cells()))
    if verb == "batchUpdate" and request.method == "POST":
        return _batch_update(book_id)
    raise _unknown(verb)


def _asks_cells() -> bool:
    """At Google a field mask that names cells brings them, whatever `includeGridData` says."""
    return "data" in request.args.get("fields", "").replace("(", ".").replace("/", ".").replace(",", ".").split(".")


def _batch_update(book_id: str) -> Response:
    body = json_body()
    ranges = as_list("responseRanges", body.get("responseRanges"))
    with shelf().writing(book_id, caller(), _kind_of(body)) as draft:
        replies = apply_requests(draft, body.get("requests"), caller())
        told: dict[str, Any] = {"spreadsheetId": book_id, "replies": replies}
        if body.get("includeSpreadsheetInResponse"):
            with_cells = bool(body.get("responseIncludeGridData"))
            texts = [str(text) for text in ranges]
            told["updatedSpreadsheet"] = book_json(draft, caller(), ranges=texts, with_cells=with_cells)
    return answer(told)


def _kind_of(body: dict[str, Any]) -> str:
    requests = body.get("requests")
    kinds = (
        {kind for entry in requests if isinstance(entry, dict) for kind in entry} if isinstance(requests, list) else ()
    )
    return "batchUpdate " + ",".join(sorted(map(str, kinds)))[:200]


def _on_batch(book_id: str, verb: str) -> Response:
    if verb == "batchGet" and request.method == "GET":
        return answer(read_batch(book_id))
    if verb in {"batchUpdate", "batchClear"} and request.method == "POST":
        return answer(act_on_batch(book_id, verb))
    raise _unknown(f"values:{verb}")


def _on_range(book_id: str, quoted_range: str) -> Response:
    if request.method == "GET":
        return answer(read_one(book_id, unquote(quoted_range)))
    if request.method == "PUT":
        return answer(change_range(book_id, unquote(quoted_range)))
    text, colon, verb = quoted_range.rpartition(":")
    if not colon or verb not in {"append", "clear"}:
        raise InvalidRequestError("POST to a range needs :append or :clear.")
    return answer(act_on_range(book_id, unquote(text), verb))


def _unknown(verb: str) -> Exception:
    known_at_google = {"getByDataFilter", "values:batchGetByDataFilter", "values:batchUpdateByDataFilter"}
    if verb in known_at_google | {"values:batchClearByDataFilter"}:
        return UnimplementedError(f"This server does not support {verb}.")
    return NotFoundError(f"There is nothing at this address: {request.method} {request.path}")
