"""A spreadsheet as one moment sees it: its sheets, its names, who owns it and with whom it is shared."""

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from localsheets.errors import InvalidRequestError
from localsheets.identity import Identity
from localsheets.model.sheet import Sheet

DEFAULT_ROWS = 1000
DEFAULT_COLUMNS = 26
ROLES_THAT_WRITE = frozenset({"owner", "organizer", "fileOrganizer", "writer"})


@dataclass
class Book:
    """
    One spreadsheet.

    Attributes:
        number: Its key in the database.
        book_id: Its id in URLs.
        revision: Raised by every write that changes something.
        created_at: RFC 3339 in UTC, like `modified_at`.
        named_ranges: Google's `NamedRange` with `sheetId` and `box` in place of `range`.
        permissions: Google Drive's `Permission`, the owner's left out.
        metadata: Google's `DeveloperMetadata` of the spreadsheet itself.
        settled_at: The last revision whose formulas were all calculated, if not all of this one's are; only in
            snapshots for readers.
        file: What Google Drive keeps of it besides: `parents`, `trashed`, `starred`, `description`.
    """

    number: int
    book_id: str
    owner: Identity
    created_at: str
    modified_at: str
    properties: dict[str, Any]
    revision: int = 0
    next_row_id: int = 1
    sheets: list[Sheet] = field(default_factory=list)
    named_ranges: list[dict[str, Any]] = field(default_factory=list)
    permissions: list[dict[str, Any]] = field(default_factory=list)
    metadata: list[dict[str, Any]] = field(default_factory=list)
    file: dict[str, Any] = field(default_factory=dict)
    touched: bool = False
    settled_at: int | None = None

    @property
    def followed(self) -> int:
        """The revision from which to ask for later changes: behind this one while results are missing."""
        return self.revision if self.settled_at is None else self.settled_at

    @property
    def title(self) -> str:
        return str(self.properties["title"])

    @property
    def locale(self) -> str:
        return str(self.properties.get("locale", "en_US"))

    def draft(self) -> "Book":
        """A copy to write on, one revision ahead."""
        copy = dataclasses.replace(self, revision=self.revision + 1, touched=False)
        copy.sheets = [sheet.draft(copy.revision, copy.new_row_id) for sheet in self.sheets]
        return copy

    def sealed(self) -> "Book":
        """The draft as a snapshot, once it is stored."""
        return dataclasses.replace(self, sheets=[sheet.sealed() for sheet in self.sheets], touched=False)

    @property
    def changed(self) -> bool:
        """Whether this draft differs from what it was made from."""
        return self.touched or any(sheet.changed for sheet in self.sheets)

    def new_row_id(self) -> int:
        """A row id that was never used in this spreadsheet."""
        self.next_row_id += 1
        return self.next_row_id - 1

    def sheet(self, sheet_id: object) -> Sheet:
        """
        The sheet with that id; a missing id means 0, as in Google's JSON.

        Raises: InvalidRequestError if there is none.
        """
        wanted = 0 if sheet_id is None else sheet_id
        for sheet in self.sheets:
            if sheet.sheet_id == wanted and not isinstance(wanted, bool):
                return sheet
        raise InvalidRequestError(f"No grid with id: {wanted}")

    def sheet_titled(self, title: str) -> Sheet | None:
        """The sheet with that title; like at Google, case does not matter unless two differ only by it."""
        exact = [sheet for sheet in self.sheets if sheet.title == title]
        alike = exact or [sheet for sheet in self.sheets if sheet.title.casefold() == title.casefold()]
        return alike[0] if alike else None

    def add_sheet(self, sheet: Sheet, index: int | None = None) -> None:
        """Put a sheet in its place among the tabs; at the end if no place is given."""
        sheets = list(self.sheets)
        sheets.insert(len(sheets) if index is None else index, sheet)
        self.sheets = sheets
        self.renumber()
        sheet.reshaped = True

    def renumber(self) -> None:
        """Give every sheet's `index` the place that it really has."""
        for index, sheet in enumerate(self.sheets):
            if sheet.properties.get("index") != index:
                sheet.properties = {**sheet.properties, "index": index}
                sheet.reshaped = True
        self.touched = True

    def role_of(self, who: Identity) -> str | None:
        """What an identity may do here: a Drive role, or None."""
        if who.email.casefold() == self.owner.email.casefold():
            return "owner"
        roles = [str(p["role"]) for p in self.permissions if _grants_to(p, who)]
        return next((role for role in roles if role in ROLES_THAT_WRITE), roles[0] if roles else None)


def _grants_to(permission: dict[str, Any], who: Identity) -> bool:
    kind, email = permission.get("type"), who.email.casefold()
    if kind == "anyone":
        return True
    if kind == "domain":
        return email.endswith("@" + str(permission.get("domain", "")).casefold())
    return email == str(permission.get("emailAddress", "")).casefold()


def new_sheet(sheet_id: int, title: str, *, rows: int = DEFAULT_ROWS, columns: int = DEFAULT_COLUMNS) -> Sheet:
    """An empty sheet of the size that Google gives by default."""
    grid = {"rowCount": rows, "columnCount": columns}
    return Sheet({"sheetId": sheet_id, "title": title, "index": 0, "sheetType": "GRID", "gridProperties": grid})
