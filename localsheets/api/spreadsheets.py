"""
Sheets v4 over HTTP: which address does what.

Paths are parted while still quoted, because a sheet's title may hold `/`, `:` and `%`.
Source: https://developers.google.com/sheets/api/reference/rest
"""

from typing import Any
from urllib.parse import unquote

from flask import Blueprint, Response, request

from localsheets.api.filters import act_by_filter, metadata_by_id, search_metadata, spreadsheet_by_filter
from localsheets.api.grid_data import book_json
from localsheets.api.http_edge import (
    answer,
    caller,
    flag,
    json_body,
    raw_path,
    require_token,
    shelf,
    understand,
    unless_known,
    wanted_fields,
)
from localsheets.api.quotas import count_request
from localsheets.api.values import act_on_batch, act_on_range, change_range, read_one, told_batch
from localsheets.errors import InvalidRequestError, NotFoundError, UnimplementedError
from localsheets.identity import Identity
from localsheets.model.book import Book, new_sheet
from localsheets.model.colours import with_colours
from localsheets.operations.duplicating import copy_of, title_of_copy
from localsheets.requests.batch import apply_requests, check_size, needs_results
from localsheets.requests.furnishing import furnish, furnish_book
from localsheets.requests.step import Step, as_list, as_object
from localsheets.requests.tabs import BOOK_FIELDS, check_book_properties, free_sheet_id

ROOT = "/v4/spreadsheets"
blueprint = Blueprint("sheets_api", __name__)
blueprint.before_request(require_token)
blueprint.before_request(lambda: count_request(caller()))
blueprint.before_request(understand)


@blueprint.route(ROOT, methods=["POST"])
def create() -> Response:
    """`spreadsheets.create`: a spreadsheet with the given title and, if told, the given sheets."""
    body = json_body()
    who = caller()
    told = as_object("properties", body.get("properties"))
    properties = {name: value for name, value in told.items() if name in BOOK_FIELDS}
    check_book_properties(properties)
    book = shelf().create(who, properties, "spreadsheets.create", lambda draft: _fill(draft, body, who))
    return answer(book_json(book, who))


def _fill(draft: Book, body: dict[str, Any], who: Identity) -> None:
    sheets = as_list("sheets", body.get("sheets"))
    if not sheets:
        draft.add_sheet(new_sheet(0, "Sheet1"))
    for sheet in sheets:
        furnish(Step(draft, who), as_object("sheets", sheet))
    furnish_book(Step(draft, who), body)


@blueprint.route(f"{ROOT}/<path:_rest>", methods=["GET", "POST", "PUT"])
def dispatch(_rest: str) -> Response:
    """Everything below one spreadsheet."""
    first, *rest = raw_path().removeprefix(ROOT + "/").split("/", 2)
    if not rest:
        book_id, _, verb = first.partition(":")
        return _on_book(unquote(book_id), verb)
    collection, _, verb = rest[0].partition(":")
    if collection == "sheets" and len(rest) == 2:
        return _on_sheet(unquote(first), *rest[1].partition(":")[::2])
    if collection == "developerMetadata":
        return _on_metadata(unquote(first), verb, rest[1:])
    if collection != "values":
        raise UnimplementedError(f"This server does not support spreadsheets.{unquote(collection)}.")
    if len(rest) == 1:
        return _on_batch(unquote(first), verb)
    return _on_range(unquote(first), rest[1])


def _on_book(book_id: str, verb: str) -> Response:
    if not verb and request.method == "GET":
        book = shelf().read(book_id, caller())
        ranges = request.args.getlist("ranges")
        calculators = shelf().calculators if flag("includeGridData") or _asks_cells() else None
        return answer(book_json(book, caller(), ranges=ranges, calculators=calculators, fields=wanted_fields()))
    if verb == "batchUpdate" and request.method == "POST":
        return _batch_update(book_id)
    if verb == "getByDataFilter" and request.method == "POST":
        return answer(spreadsheet_by_filter(book_id))
    raise _unknown(verb)


def _on_sheet(book_id: str, sheet_id: str, verb: str) -> Response:
    """sheets.copyTo: a copy of a sheet at the end of another spreadsheet, or of the same one."""
    if verb != "copyTo" or request.method != "POST" or not sheet_id.isdecimal():
        raise _unknown(f"sheets/{sheet_id}:{verb}")
    target_id = json_body().get("destinationSpreadsheetId")
    if not isinstance(target_id, str):
        raise InvalidRequestError("destinationSpreadsheetId is needed.")
    source = shelf().read_to_keep(book_id, caller()).sheet(int(sheet_id))
    with shelf().writing(target_id, caller(), "sheets.copyTo") as draft:
        copy = copy_of(source, draft, free_sheet_id(draft), title_of_copy(draft, source.title))
        draft.add_sheet(copy)
        check_size(draft)
        return answer(with_colours(copy.properties))


def _on_metadata(book_id: str, verb: str, rest: list[str]) -> Response:
    if verb == "search" and not rest and request.method == "POST":
        return answer(search_metadata(book_id))
    if not verb and rest and request.method == "GET":
        return answer(metadata_by_id(book_id, unquote(rest[0])))
    raise _unknown(f"developerMetadata:{verb}")


def _asks_cells() -> bool:
    """At Google a field mask that names cells brings them, whatever `includeGridData` says."""
    return "data" in request.args.get("fields", "").replace("(", ".").replace("/", ".").replace(",", ".").split(".")


def _batch_update(book_id: str) -> Response:
    body = json_body()
    ranges = as_list("responseRanges", body.get("responseRanges"))
    if needs_results(body.get("requests")):
        shelf().read(book_id, caller())  # calculates: the draft begins with what formulas result in
    with shelf().writing(book_id, caller(), _kind_of(body)) as draft:
        replies = apply_requests(draft, body.get("requests"), caller())
    told: dict[str, Any] = {"spreadsheetId": book_id, "replies": replies}
    if body.get("includeSpreadsheetInResponse"):
        calculators = shelf().calculators if body.get("responseIncludeGridData") else None
        fields = wanted_fields("updatedSpreadsheet")
        texts, book = [str(text) for text in ranges], shelf().read(book_id, caller())
        told["updatedSpreadsheet"] = book_json(book, caller(), ranges=texts, calculators=calculators, fields=fields)
    return answer(told)


def _kind_of(body: dict[str, Any]) -> str:
    requests = body.get("requests")
    kinds = (
        {kind for entry in requests if isinstance(entry, dict) for kind in entry} if isinstance(requests, list) else ()
    )
    return "batchUpdate " + ",".join(sorted(map(str, kinds)))[:200]


def _on_batch(book_id: str, verb: str) -> Response:
    if verb == "batchGet" and request.method == "GET":
        return unless_known(shelf().read(book_id, caller()), lambda: told_batch(book_id))
    if verb in {"batchUpdate", "batchClear"} and request.method == "POST":
        return answer(act_on_batch(book_id, verb))
    action, _, by_filter = verb.partition("By")
    if by_filter == "DataFilter" and action in {"batchGet", "batchUpdate", "batchClear"} and request.method == "POST":
        return answer(act_by_filter(book_id, action))
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
    return NotFoundError(f"There is nothing at this address: {request.method} {request.path} ({verb})")
