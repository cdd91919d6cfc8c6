"""What staff do to the register with their hands: requests as the grid or Google's own page would send them."""

from typing import Any

from tests.office import Office, write


def _span(office: Office, dimension: str, first: int, count: int) -> dict[str, Any]:
    return {"sheetId": office.sheet_id(), "dimension": dimension, "startIndex": first, "endIndex": first + count}


def _box(office: Office, first: int, count: int, columns: tuple[int, int] | None = None) -> dict[str, Any]:
    box = {"sheetId": office.sheet_id(), "startRowIndex": first, "endRowIndex": first + count}
    if columns is not None:
        box |= {"startColumnIndex": columns[0], "endColumnIndex": columns[1]}
    return box


def sort_rows(office: Office, key: str, *, descending: bool = False, columns: tuple[int, int] | None = None) -> None:
    """Sort by a column: whole rows, or only some columns of them."""
    spec = {
        "dimensionIndex": office.layout().positions[key],
        "sortOrder": "DESCENDING" if descending else "ASCENDING",
    }
    box = _box(office, 1, len(office.rows()), columns)
    office.owner.batch([{"sortRange": {"range": box, "sortSpecs": [spec]}}])


def filter_rows(office: Office, key: str, hidden: str) -> None:
    """Set a filter that hides rows of that text."""
    place = str(office.layout().positions[key])
    criteria = {place: {"hiddenValues": [hidden]}}
    office.owner.batch([{"setBasicFilter": {"filter": {"range": _box(office, 0, 500), "criteria": criteria}}}])


def hide(office: Office, dimension: str, first: int, count: int = 1) -> None:
    """Hide rows or columns."""
    body = {"range": _span(office, dimension, first, count), "properties": {"hiddenByUser": True}}
    office.owner.batch([{"updateDimensionProperties": {**body, "fields": "hiddenByUser"}}])


def move_column(office: Office, first: int, to: int) -> None:
    body = {"source": _span(office, "COLUMNS", first, 1), "destinationIndex": to}
    office.owner.batch([{"moveDimension": body}])


def insert_columns(office: Office, first: int, *headers: str) -> None:
    """Columns of staff's own, named."""
    span = _span(office, "COLUMNS", first, len(headers))
    office.owner.batch([{"insertDimension": {"range": span}}, write(office.sheet_id(), 0, first, headers)])


def delete_column(office: Office, place: int) -> None:
    office.owner.batch([{"deleteDimension": {"range": _span(office, "COLUMNS", place, 1)}}])


def rename(office: Office, place: int, header: str) -> None:
    office.staff.batch([write(office.sheet_id(), 0, place, [header])])


def duplicate_row(office: Office, index: int, to: int) -> None:
    """Copy a whole row, ticket and all, over another place."""
    body = {"source": _box(office, index, 1), "destination": _box(office, to, 1), "pasteType": "PASTE_NORMAL"}
    office.owner.batch([{"copyPaste": body}])


def cut_row(office: Office, index: int, to: int) -> None:
    """Cut a whole row and paste it elsewhere."""
    place = {"sheetId": office.sheet_id(), "rowIndex": to, "columnIndex": 0}
    body = {"source": _box(office, index, 1), "destination": place, "pasteType": "PASTE_NORMAL"}
    office.owner.batch([{"cutPaste": body}])


def paste_rows(office: Office, first: int, rows: list[dict[str, str]]) -> None:
    """Paste a block of rows (by column key) in one go."""
    layout = office.layout()
    keys = sorted({key for row in rows for key in row}, key=layout.positions.__getitem__)
    sheet_id = office.sheet_id()
    office.staff.batch(
        [
            write(sheet_id, first + number, layout.positions[key], [row.get(key, "")])
            for number, row in enumerate(rows)
            for key in keys
        ]
    )


def type_entered(office: Office, index: int, key: str, text: str) -> None:
    """Type into a cell as a person does: the sheet reads numbers and dates out of it."""
    place = office.layout().positions[key]
    letter = chr(65 + place) if place < 26 else "A" + chr(65 + place - 26)
    office.staff._call(
        "post",
        "/values:batchUpdate",
        body={
            "valueInputOption": "USER_ENTERED",
            "data": [{"range": f"Register!{letter}{index + 1}", "values": [[text]]}],
        },
        safe=False,
    )
