"""
The parts of Sheets v4 that find cells by data filters, and developer metadata itself.

Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets.developerMetadata
"""

from typing import Any

from localsheets.api.data_filters import checked_filters, metadata_of, places_of, range_text
from localsheets.api.grid_data import book_json
from localsheets.api.http_edge import caller, json_body, shelf, wanted_fields
from localsheets.api.values import totals_json, writing_by_body
from localsheets.errors import InvalidRequestError, NotFoundError
from localsheets.model.metadata import entries
from localsheets.operations.values import Rendering, Written, checked_rows, clear_range, read_range, write_range
from localsheets.requests.step import as_list, as_object

Json = dict[str, Any]


def spreadsheet_by_filter(book_id: str) -> Json:
    """spreadsheets.getByDataFilter"""
    body, book = json_body(), shelf().read(book_id, caller())
    filters = as_list("dataFilters", body.get("dataFilters"))
    ranges = [
        range_text(place) for told in (checked_filters(filters) if filters else []) for place in places_of(book, told)
    ]
    if filters and not ranges:
        return book_json(book, caller()) | {"sheets": []}
    calculators = shelf().calculators if body.get("includeGridData") is True else None
    return book_json(book, caller(), ranges=ranges, calculators=calculators, fields=wanted_fields())


def _by_range(book: Any, filters: list[Json]) -> dict[str, list[Json]]:
    """Each range once, with the filters that name it."""
    found: dict[str, list[Json]] = {}
    for told in filters:
        for place in places_of(book, told):
            found.setdefault(range_text(place), []).append(told)
    return found


def act_by_filter(book_id: str, verb: str) -> Json:
    """values.batchGetByDataFilter, values.batchUpdateByDataFilter and values.batchClearByDataFilter"""
    return {"batchGet": _read, "batchUpdate": _update, "batchClear": _clear}[verb](book_id, json_body())


def _read(book_id: str, body: Json) -> Json:
    book, defaults = shelf().read(book_id, caller()), Rendering()
    rendering = Rendering(
        str(body.get("valueRenderOption", defaults.value)),
        str(body.get("dateTimeRenderOption", defaults.moment)),
        str(body.get("majorDimension", defaults.major)),
    )
    found = _by_range(book, checked_filters(body.get("dataFilters")))
    matched = [{"valueRange": read_range(book, text, rendering), "dataFilters": told} for text, told in found.items()]
    return {"spreadsheetId": book_id} | ({"valueRanges": matched} if matched else {})


def _clear(book_id: str, body: Json) -> Json:
    with shelf().writing(book_id, caller(), "values.batchClearByDataFilter") as draft:
        found = _by_range(draft, checked_filters(body.get("dataFilters")))
        cleared = [clear_range(draft, text, caller()) for text in found]
    return {"spreadsheetId": book_id} | ({"clearedRanges": cleared} if cleared else {})


def _update(book_id: str, body: Json) -> Json:
    writing = writing_by_body(body)
    with shelf().writing(book_id, caller(), "values.batchUpdateByDataFilter") as draft:
        written: list[Written] = []
        filters: list[Json] = []
        for data in as_list("data", body.get("data")):
            told = as_object("data", data)
            (data_filter,) = checked_filters([told.get("dataFilter")])
            rows = checked_rows(told.get("values", []), str(told.get("majorDimension", "ROWS")))
            texts = list(_by_range(draft, [data_filter]))
            if not texts:
                raise InvalidRequestError("A data filter matches no range to write to.")
            for text in texts:
                written.append(write_range(draft, text, rows, entered=writing.entered, who=caller()))
                filters.append(data_filter)
    answer = totals_json(draft, written, writing)
    for response, data_filter in zip(answer.get("responses", []), filters, strict=True):
        response.pop("spreadsheetId", None)
        response["dataFilter"] = data_filter
    return answer


def metadata_by_id(book_id: str, wanted: str) -> Json:
    """developerMetadata.get"""
    for entry in entries(shelf().read(book_id, caller())):
        if str(entry.stored["metadataId"]) == wanted:
            return entry.as_json()
    raise NotFoundError(f"No developer metadata with id: {wanted}")


def search_metadata(book_id: str) -> Json:
    """developerMetadata.search"""
    book = shelf().read(book_id, caller())
    found: dict[int, Json] = {}
    for told in checked_filters(json_body().get("dataFilters")):
        for entry in metadata_of(book, told):
            matched = {"developerMetadata": entry.as_json(), "dataFilters": []}
            found.setdefault(entry.stored["metadataId"], matched)["dataFilters"].append(told)
    return {"matchedDeveloperMetadata": list(found.values())} if found else {}
