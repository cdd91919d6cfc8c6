"""Requests about developer metadata: createDeveloperMetadata, updateDeveloperMetadata, deleteDeveloperMetadata."""

from typing import Any

from localsheets.api.data_filters import VISIBILITIES, checked_filters, location_of, metadata_of
from localsheets.api.field_masks import merged
from localsheets.errors import InvalidRequestError
from localsheets.model.ids import claimed_id
from localsheets.model.metadata import Entry, hang, take_down
from localsheets.requests.step import Handler, Json, Step, as_list, as_object, needed_mask, without_root

_LONGEST = 30_000
"""Characters of all metadata of one spreadsheet, sheet, row or column, as at Google."""


def create_developer_metadata(step: Step, body: Json) -> Json:
    """A key and its value, hung on the spreadsheet, a sheet, a row or a column."""
    wanted = as_object("developerMetadata", body.get("developerMetadata"))
    facts = _facts(wanted)
    location = location_of(step.book, wanted.get("location"))
    metadata_id = wanted.get("metadataId")
    if metadata_id == 0:
        raise InvalidRequestError("metadataId must be positive.")
    facts = {"metadataId": claimed_id(step.book, "developerMetadata", metadata_id)} | facts
    entry = hang(step.book, facts, location)
    return {"createDeveloperMetadata": {"developerMetadata": entry.as_json()}}


def _facts(wanted: Json) -> Json:
    key, value = wanted.get("metadataKey"), wanted.get("metadataValue", "")
    if not isinstance(key, str) or not key:
        raise InvalidRequestError("metadataKey must be a text that is not empty.")
    if not isinstance(value, str) or len(key) + len(value) > _LONGEST:
        raise InvalidRequestError(f"metadataValue must be a text, and with its key at most {_LONGEST} characters.")
    if wanted.get("visibility") not in VISIBILITIES:
        raise InvalidRequestError("visibility must be DOCUMENT or PROJECT.")
    return {"metadataKey": key} | ({"metadataValue": value} if value else {}) | {"visibility": wanted["visibility"]}


def update_developer_metadata(step: Step, body: Json) -> Json:
    """Another key, value, visibility or place for all metadata that the filters select."""
    filters, mask = checked_filters(body.get("dataFilters")), needed_mask(body)
    told = as_object("developerMetadata", body.get("developerMetadata"))
    mask = without_root(mask, "developerMetadata")
    if "*" in mask:
        mask = {name: {} for name in told if name != "metadataId"}
    unknown = sorted(set(mask) - {"metadataKey", "metadataValue", "visibility", "location"})
    if unknown:
        raise InvalidRequestError(f"Invalid field in 'fields': {', '.join(unknown)}.")
    found = _selected(step, filters)
    if not found:
        raise InvalidRequestError("No developer metadata matches the data filters.")
    return {"updateDeveloperMetadata": {"developerMetadata": [_changed(step, entry, told, mask) for entry in found]}}


def _changed(step: Step, entry: Entry, told: Json, mask: Json) -> Json:
    new = merged(entry.as_json(), told, mask)
    location = location_of(step.book, new["location"]) if "location" in mask and "location" in new else entry.location
    facts = {"metadataId": entry.stored["metadataId"]} | _facts(new)
    take_down(step.book, entry)
    return hang(step.book, facts, location).as_json()


def _selected(step: Step, filters: list[Json]) -> list[Entry]:
    """Each piece of metadata once, however many filters select it."""
    found: dict[Any, Entry] = {}
    for told in filters:
        found |= {entry.stored["metadataId"]: entry for entry in metadata_of(step.book, told)}
    return list(found.values())


def delete_developer_metadata(step: Step, body: Json) -> Json:
    """Forget all metadata that the filter selects."""
    told = checked_filters(as_list("dataFilter", [body.get("dataFilter")]))
    gone = _selected(step, told)
    for entry in gone:
        take_down(step.book, entry)
    deleted = {"deletedDeveloperMetadata": [entry.as_json() for entry in gone]} if gone else {}
    return {"deleteDeveloperMetadata": deleted}


HANDLERS: dict[str, Handler] = {
    "createDeveloperMetadata": create_developer_metadata,
    "updateDeveloperMetadata": update_developer_metadata,
    "deleteDeveloperMetadata": delete_developer_metadata,
}
