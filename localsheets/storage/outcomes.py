"""What comes of taking a change back: where it was, or why it was left as it is."""

from dataclasses import dataclass
from typing import NamedTuple

from localsheets.errors import ConflictError, LocalSheetsError, PermissionDeniedError


class NothingToUndoError(LocalSheetsError):
    """There is no change of this person that could be taken back, or done again."""

    status = "FAILED_PRECONDITION"


class ChangedSinceError(ConflictError):
    """
    Somebody changed the same thing in the meantime, so it is not taken back.

    Attributes:
        sheet_title: Where.
        cell: Which cell, such as `B7`; "" if it is about rows, columns or the look of the sheet.
    """

    def __init__(self, sheet_title: str, cell: str = "") -> None:
        where = f"Cell {cell} of" if cell else "The layout of"
        super().__init__(f"{where} '{sheet_title}' was changed by somebody else since, so it was left as it is.")
        self.sheet_title = sheet_title
        self.cell = cell


class ProtectedSinceError(PermissionDeniedError):
    """
    What a change would bring back was protected from this person in the meantime.

    Attributes:
        sheet_title: Where.
    """

    def __init__(self, sheet_title: str) -> None:
        super().__init__(f"A part of '{sheet_title}' was protected since, so it was left as it is.")
        self.sheet_title = sheet_title


@dataclass(frozen=True)
class Undone:
    """
    What was taken back or done again.

    Attributes:
        kind: What had been done, as the change record calls it.
        revision: The spreadsheet's new revision.
        sheet_id: Where to look; None if the spreadsheet as a whole changed.
        row: A place to show, like `column`; 0 if the sheet as a whole changed.
    """

    kind: str
    revision: int
    sheet_id: int | None = None
    row: int = 0
    column: int = 0


class Spot(NamedTuple):
    """A place to show to whoever took something back."""

    sheet_id: int
    row: int
    column: int
