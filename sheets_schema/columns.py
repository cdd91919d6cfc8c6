"""What a column of the spreadsheet is: its header, who may write in it, and how people see and fill it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Owner(StrEnum):
    """The one writer of a cell (design, decision 5)."""

    SYSTEM = "system"
    """The store is the truth; the cell is rewritten whenever it differs."""
    INTAKE = "intake"
    """Written once on append, or typed by staff; later differences are corrections."""
    STAFF = "staff"
    """The sheet is the truth; the system only reads it."""


class Kind(StrEnum):
    """How a cell is filled. Everything is kept as text, so that tickets, phones and NIK keep their zeros."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    CHECKBOX = "checkbox"


@dataclass(frozen=True)
class Column:
    """
    One column of a tab.

    Args:
        key: Name in code; never changes.
        header: Title in row 1; by it the column is found wherever staff moved it.
        owner: The one writer.
        kind: How it is filled.
        width: Pixels.
        help: Shown to staff as the header's note.
        choices: Fixed choices of a CHOICE column.
        choices_from: `Tab!key` of the column whose values are the choices.
        strict: Whether the spreadsheet refuses other values.
        formerly: Headers of older layouts, renamed in place.
        guarded: Whether only administrators may fill it and rename it: what it says gives people rights.
    """

    key: str
    header: str
    owner: Owner
    kind: Kind = Kind.TEXT
    width: int = 120
    help: str = ""
    choices: tuple[str, ...] = ()
    choices_from: str = ""
    strict: bool = True
    formerly: tuple[str, ...] = ()
    guarded: bool = False


@dataclass(frozen=True)
class Colour:
    """A conditional colour: where a column's text starts with `text`, the cell is painted (sRGB, 0–255)."""

    column: str
    text: str
    background: tuple[int, int, int]
    bold: bool = False


@dataclass(frozen=True)
class Tab:
    """One tab: its columns in the order in which they are first laid out."""

    title: str
    columns: tuple[Column, ...]
    frozen_columns: int = 1
    colours: tuple[Colour, ...] = ()
    seed: str = ""
    """Name of the file in `seeds/` with the rows that a new tab starts with."""
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    """Other headers by which a column is known, by its key; where staff use one, it is left as it is."""
    closed: bool = False
    """Whether people only read it: what they would write in it nobody follows."""

    def column(self, key: str) -> Column:
        """The column of that key. Raises: KeyError."""
        return self._by_key()[key]

    def _by_key(self) -> Mapping[str, Column]:
        return {column.key: column for column in self.columns}
