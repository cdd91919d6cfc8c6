"""
Developer metadata: keys and values that programs hang on a spreadsheet, a sheet, a row or a column.

A row's metadata is kept with the row's lasting id, so it follows the row wherever it goes, also by sorting; a column's
is kept with a range that follows like every other one.
Source: https://developers.google.com/sheets/api/guides/metadata
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from localsheets.model.book import Book
from localsheets.model.box import Axis, Box
from localsheets.model.sheet import Sheet

Json = dict[str, Any]
TYPES = ("SPREADSHEET", "SHEET", "ROW", "COLUMN")


@dataclass(frozen=True)
class Location:
    """
    Where metadata hangs.

    Attributes:
        sheet: None for the spreadsheet itself.
        axis: None for a whole sheet.
        line: Index of the row or column.
    """

    sheet: Sheet | None = None
    axis: Axis | None = None
    line: int = 0

    @property
    def type(self) -> str:
        if self.sheet is None:
            return "SPREADSHEET"
        return "SHEET" if self.axis is None else self.axis.removesuffix("S")

    @property
    def box(self) -> Box:
        """The cells that the location takes up on its sheet."""
        return Box() if self.axis is None else Box().with_span(self.axis, (self.line, self.line + 1))

    def as_json(self) -> Json:
        """A `DeveloperMetadataLocation`."""
        if self.sheet is None:
            return {"locationType": self.type, "spreadsheet": True}
        if self.axis is None:
            return {"locationType": self.type, "sheetId": self.sheet.sheet_id}
        span = {"dimension": self.axis, "startIndex": self.line, "endIndex": self.line + 1}
        sheet_id = {"sheetId": self.sheet.sheet_id} if self.sheet.sheet_id else {}
        return {"locationType": self.type, "dimensionRange": sheet_id | span}

    def meets(self, other: "Location") -> bool:
        """Whether the two share a cell; the spreadsheet itself meets only itself."""
        return self.sheet is other.sheet and (self.sheet is None or self.box.meets(other.box))


@dataclass(frozen=True)
class Entry:
    """Metadata with the place where it hangs now; `stored` is the record itself."""

    stored: Json
    location: Location

    def as_json(self) -> Json:
        """A `DeveloperMetadata`."""
        names = ("metadataId", "metadataKey", "metadataValue")
        told = {name: self.stored[name] for name in names if name in self.stored}
        return {**told, "location": self.location.as_json(), "visibility": self.stored["visibility"]}


def entries(book: Book) -> Iterator[Entry]:
    """All metadata of a spreadsheet."""
    yield from (Entry(stored, Location()) for stored in book.metadata)
    for sheet in book.sheets:
        yield from entries_of(sheet)


def entries_of(sheet: Sheet) -> Iterator[Entry]:
    """The metadata of a sheet, its rows and its columns."""
    stored_here = sheet.kept("developerMetadata")
    places = (
        {row.row_id: place for place, row in enumerate(sheet.rows)}
        if any("rowId" in stored for stored in stored_here)
        else {}
    )
    for stored in stored_here:
        if "rowId" in stored:
            if stored["rowId"] in places:
                yield Entry(stored, Location(sheet, "ROWS", places[stored["rowId"]]))
        elif "dimensionRange" in stored:
            yield Entry(stored, Location(sheet, "COLUMNS", stored["dimensionRange"].get("startIndex", 0)))
        else:
            yield Entry(stored, Location(sheet))


def hang(book: Book, facts: Json, location: Location) -> Entry:
    """Keep metadata at a place; `facts` are its id, key, value and visibility."""
    if location.sheet is None:
        book.metadata = [*book.metadata, facts]
        book.touched = True
        return Entry(facts, location)
    sheet, stored = location.sheet, dict(facts)
    if location.axis == "ROWS":
        sheet.stored_slice(0, location.line + 1)
        stored["rowId"] = sheet.rows[location.line].row_id
    elif location.axis == "COLUMNS":
        stored["dimensionRange"] = location.as_json()["dimensionRange"]
    sheet.keep("developerMetadata", [*sheet.kept("developerMetadata"), stored])
    return Entry(stored, location)


def take_down(book: Book, entry: Entry) -> None:
    """Forget metadata."""
    sheet = entry.location.sheet
    if sheet is None:
        book.metadata = [stored for stored in book.metadata if stored is not entry.stored]
        book.touched = True
    else:
        kept = [stored for stored in sheet.kept("developerMetadata") if stored is not entry.stored]
        sheet.keep("developerMetadata", kept)


def of_lines(sheet: Sheet) -> dict[Axis, dict[int, list[Json]]]:
    """The metadata of rows and of columns, by index, as `DimensionProperties` tells it."""
    told: dict[Axis, dict[int, list[Json]]] = {"ROWS": {}, "COLUMNS": {}}
    for entry in entries_of(sheet):
        if entry.location.axis is not None:
            told[entry.location.axis].setdefault(entry.location.line, []).append(entry.as_json())
    return told
