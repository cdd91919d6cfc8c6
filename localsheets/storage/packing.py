"""How a spreadsheet's parts are written as JSON for the database, and read back."""

import json
from typing import Any

from localsheets.model.book import Book
from localsheets.model.box import Box
from localsheets.model.sheet import Sheet


def packed(value: Any) -> str:
    """The smallest JSON of a value."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def book_about(book: Book) -> str:
    """Everything about a spreadsheet except its sheets."""
    return packed(
        {
            "properties": book.properties,
            "namedRanges": [closed(entry) for entry in book.named_ranges],
            "permissions": book.permissions,
            "metadata": book.metadata,
            "file": book.file,
        }
    )


def fill_book(book: Book, about: dict[str, Any]) -> None:
    """Give a spreadsheet what `book_about` wrote."""
    book.properties = about["properties"]
    book.named_ranges = [opened(entry) for entry in about["namedRanges"]]
    book.permissions = about["permissions"]
    book.metadata = about.get("metadata", [])
    book.file = about.get("file", {})


def sheet_about(sheet: Sheet) -> str:
    """Everything about a sheet except its rows."""
    return packed(
        {
            "properties": sheet.properties,
            "validations": [closed(entry) for entry in sheet.validations],
            "formats": [closed(entry) for entry in sheet.formats],
            "protections": [closed(entry) for entry in sheet.protections],
            "conditions": [{**rule, "boxes": [corners(box) for box in rule["boxes"]]} for rule in sheet.conditions],
            "columns": sheet.columns,
            "lines": sheet.lines,
            "filter": closed(sheet.filter) if sheet.filter else None,
            "things": {kind: things for kind, things in sheet.things.items() if things},
            "structure": sheet.structure,
            "lastKey": sheet.last_key,
        }
    )


def sheet_from(about: dict[str, Any]) -> Sheet:
    """The sheet that `sheet_about` wrote, still without rows."""
    return Sheet(
        about["properties"],
        validations=[opened(entry) for entry in about["validations"]],
        formats=[opened(entry) for entry in about["formats"]],
        protections=[opened(entry) for entry in about["protections"]],
        conditions=[{**rule, "boxes": [Box(*corners) for corners in rule["boxes"]]} for rule in about["conditions"]],
        columns={int(index): properties for index, properties in about["columns"].items()},
        lines={int(index): properties for index, properties in about["lines"].items()},
        filter=opened(about["filter"]) if about["filter"] else None,
        things=about.get("things", {}),
        structure=about["structure"],
        last_key=about.get("lastKey", 0),
    )


def corners(box: Box) -> list[int | None]:
    """A box as four numbers."""
    return [box.top, box.bottom, box.left, box.right]


def closed(entry: dict[str, Any]) -> dict[str, Any]:
    """A record with its `box` as four numbers."""
    return {**entry, "box": corners(entry["box"])}


def opened(entry: dict[str, Any]) -> dict[str, Any]:
    """A record with its `box` as a box again."""
    return {**entry, "box": Box(*entry["box"])}
