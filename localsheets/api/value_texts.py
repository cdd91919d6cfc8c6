"""
Values of whole rows as JSON texts that are kept with the sheet, so that only a changed row is written anew.

One row stands on each line: whoever reads the same range again can tell by the lines which rows are as they were.
"""

import json

from localsheets.api.streaming import plain
from localsheets.model.a1 import format_range
from localsheets.model.box import ClosedBox
from localsheets.model.cells import Cells, value_of
from localsheets.model.sheet import Sheet

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_EMPTY = "[]"


def whole_rows_text(sheet: Sheet, box: ClosedBox) -> str | None:
    """A `ValueRange` of unformatted values and serial numbers; None if the box does not hold rows in their length."""
    if box.left > 0 or box.right < sheet.column_count:
        return None
    kept = sheet.row_texts
    if len(kept) > 2 * len(sheet.rows):
        kept.clear()  # of rows that are gone
    texts: list[str] = []
    for row in sheet.rows[box.top : box.bottom]:
        known = kept.get(row.row_id)
        if known is None or known[0] is not row.cells:
            known = kept[row.row_id] = row.cells, _row_text(row.cells)
        texts.append(known[1])
    while texts and texts[-1] == _EMPTY:
        texts.pop()
    head = f'{{"range":{_encode(format_range(sheet.title, box))},"majorDimension":"ROWS"'
    return head + (',"values":[\n' + ",\n".join(texts) + "\n]}" if texts else "}")


def _row_text(cells: Cells) -> str:
    values = ["" if (value := value_of(cell)) is None else value for cell in cells]
    while values and values[-1] == "":
        values.pop()
    return _encode(plain(values))
