"""
Data filters: cells named by a range, in A1 notation, or by the developer metadata that hangs on them.

Source: https://developers.google.com/sheets/api/reference/rest/v4/DataFilter
"""

from typing import Any

from localsheets.errors import InvalidRequestError
from localsheets.model.a1 import format_range
from localsheets.model.book import Book
from localsheets.model.box import Axis, box_from_json
from localsheets.model.metadata import TYPES, Entry, Location, entries
from localsheets.model.sheet import Sheet
from localsheets.operations.dimensions import check_lines
from localsheets.operations.values import Place, resolve
from localsheets.requests.step import as_list, as_object

Json = dict[str, Any]
VISIBILITIES = ("DOCUMENT", "PROJECT")


def checked_filters(told: Any) -> list[Json]:
    """
    The `dataFilters` of a request.

    Raises: InvalidRequestError if there are none, or one does not say exactly one thing.
    """
    filters = [as_object("dataFilters", one) for one in as_list("dataFilters", told)]
    if not filters:
        raise InvalidRequestError("Must specify at least one data filter.")
    return [_checked(one) for one in filters]


def _checked(told: Json) -> Json:
    if len(told.keys() & {"a1Range", "gridRange", "developerMetadataLookup"}) != 1:
        raise InvalidRequestError("A data filter needs one of a1Range, gridRange and developerMetadataLookup.")
    return told


def places_of(book: Book, told: Json) -> list[Place]:
    """
    The ranges that a filter names, in order.

    Raises: InvalidRequestError if it names a range that does not exist.
    """
    told = _checked(told)
    if "a1Range" in told:
        return [resolve(book, str(told["a1Range"]))]
    if "gridRange" in told:
        grid_range = as_object("gridRange", told["gridRange"])
        return [Place(book.sheet(grid_range.get("sheetId")), box_from_json(grid_range))]
    found = [entry.location for entry in looked_up(book, told["developerMetadataLookup"])]
    return [Place(location.sheet, location.box) for location in found if location.sheet is not None]


def range_text(place: Place) -> str:
    """A place in A1 notation, for what takes ranges as texts."""
    closed = place.sheet.clip(place.box)
    return format_range(place.sheet.title, closed)


def metadata_of(book: Book, told: Json) -> list[Entry]:
    """The metadata that a filter selects: by what it says, or because it hangs on cells that the filter names."""
    told = _checked(told)
    if "developerMetadataLookup" in told:
        return looked_up(book, told["developerMetadataLookup"])
    places = places_of(book, told)
    return [entry for entry in entries(book) if any(_lies_in(entry.location, place) for place in places)]


def _lies_in(location: Location, place: Place) -> bool:
    if location.sheet is not place.sheet:
        return False
    box = place.sheet.clip(place.box)
    return box.covers(location.sheet.clip(location.box)) if location.sheet is not None else False


def looked_up(book: Book, told: Any) -> list[Entry]:
    """
    The metadata that matches a `DeveloperMetadataLookup` in every point.

    Raises: InvalidRequestError if the lookup contradicts itself.
    """
    lookup = as_object("developerMetadataLookup", told)
    names = ("metadataId", "metadataKey", "metadataValue", "visibility")
    wanted = {name: lookup[name] for name in names if name in lookup}
    kind, strategy = lookup.get("locationType"), lookup.get("locationMatchingStrategy")
    place = None
    if "metadataLocation" in lookup:
        place = location_of(book, lookup["metadataLocation"])
    _check_lookup(kind, strategy, place)
    if not wanted and kind is None and place is None:
        raise InvalidRequestError("A developer metadata lookup must say something to look for.")
    return [
        entry
        for entry in entries(book)
        if wanted.items() <= entry.stored.items()
        and kind in {None, entry.location.type}
        and (
            place is None or (entry.location == place if strategy == "EXACT_LOCATION" else entry.location.meets(place))
        )
    ]


def _check_lookup(kind: Any, strategy: Any, place: Location | None) -> None:
    if kind not in {None, *TYPES}:
        raise InvalidRequestError(f"Invalid value at 'locationType': {kind!r}")
    if strategy not in {None, "EXACT_LOCATION", "INTERSECTING_LOCATION"}:
        raise InvalidRequestError(f"Invalid value at 'locationMatchingStrategy': {strategy!r}")
    if strategy is not None and place is None:
        raise InvalidRequestError("locationMatchingStrategy needs a metadataLocation.")
    if strategy == "EXACT_LOCATION" and kind is not None:
        raise InvalidRequestError("locationType must not be given when the location is matched exactly.")


def location_of(book: Book, told: Any) -> Location:
    """
    The place that a `DeveloperMetadataLocation` names.

    Raises: InvalidRequestError if it names none, or more than one row or column.
    """
    location = as_object("location", told)
    named = location.keys() & {"spreadsheet", "sheetId", "dimensionRange"}
    if len(named) != 1:
        raise InvalidRequestError("A location needs one of spreadsheet, sheetId and dimensionRange.")
    if "spreadsheet" in location:
        if location["spreadsheet"] is not True:
            raise InvalidRequestError("spreadsheet must be true.")
        return Location()
    if "sheetId" in location:
        return Location(book.sheet(location["sheetId"]))
    return _line_of(book, as_object("dimensionRange", location["dimensionRange"]))


def _line_of(book: Book, lines: Json) -> Location:
    sheet: Sheet = book.sheet(lines.get("sheetId"))
    axis: Axis
    axis, start, end = check_lines(sheet, lines)
    if end != start + 1:
        raise InvalidRequestError("dimensionRange must be exactly one row or one column.")
    return Location(sheet, axis, start)
