"""A tab as the API describes it, and the ranges that our requests are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Request = dict[str, Any]

DESCRIBED_ROWS = 2
"""Rows of each tab that a description must hold: the header, and one row that shows formats and validation."""
FIELDS = (
    "sheets(properties,"
    "protectedRanges(protectedRangeId,range,unprotectedRanges,description,warningOnly,editors),conditionalFormats,"
    "data(rowData(values(userEnteredValue,effectiveValue,note,dataValidation,userEnteredFormat(numberFormat,wrapStrategy)))))"
)
"""Field mask of the description that `plan` needs."""


@dataclass(frozen=True)
class Existing:
    """One tab as the API describes it (`spreadsheets.get` with grid data of its first two rows)."""

    properties: Mapping[str, Any]
    header: tuple[Mapping[str, Any], ...]
    sample: tuple[Mapping[str, Any], ...]
    protected: tuple[Mapping[str, Any], ...]
    conditional: tuple[Mapping[str, Any], ...]

    @property
    def sheet_id(self) -> int:
        """Its id; Google leaves out 0."""
        return int(self.properties.get("sheetId", 0))

    @property
    def titles(self) -> list[str]:
        """Texts of row 1."""
        return [_text(cell) for cell in self.header]

    @property
    def filled(self) -> bool:
        """Whether row 2 holds anything, be it the result of a formula above it."""
        return any(_text(cell) or cell.get("effectiveValue") for cell in self.sample)


def described(sheet: Mapping[str, Any]) -> Existing:
    """One sheet of the answer of `spreadsheets.get`."""
    rows = [tuple(row.get("values", ())) for data in sheet.get("data", ())[:1] for row in data.get("rowData", ())]
    rows += [()] * (DESCRIBED_ROWS - len(rows))
    return Existing(
        sheet["properties"],
        rows[0],
        rows[1],
        tuple(sheet.get("protectedRanges", ())),
        tuple(sheet.get("conditionalFormats", ())),
    )


def column_range(sheet_id: int, first: int, end: int | None = None) -> dict[str, int]:
    """All rows below the header, those to come included."""
    return {
        "sheetId": sheet_id,
        "startRowIndex": 1,
        "startColumnIndex": first,
        "endColumnIndex": first + 1 if end is None else end,
    }


def _text(cell: Mapping[str, Any]) -> str:
    value = cell.get("userEnteredValue", {})
    return str(next(iter(value.values()), "")).strip()
