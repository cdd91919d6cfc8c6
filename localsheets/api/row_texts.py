"""Rows of cells as JSON texts; a format that many cells share is written once."""

import json
from collections.abc import Iterator
from typing import Any

from localsheets.api.cell_data import CellTeller
from localsheets.api.field_masks import Mask, select
from localsheets.api.streaming import plain, without_empty_end
from localsheets.model.box import ClosedBox
from localsheets.model.cells import Cell, cell_at
from localsheets.model.sheet import Sheet

_SHARED = frozenset({"userEnteredFormat", "effectiveFormat", "dataValidation"})
"""Parts of a `CellData` that the teller has as one object for all cells that are alike."""
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_quoted = json.encoder.encode_basestring


def _encoded(value: Any, mask: Mask) -> str:
    """JSON of what a mask wants; the most frequent forms go without the encoder, which is three times as fast."""
    if not mask:
        if isinstance(value, str):
            return _quoted(value)
        if isinstance(value, dict) and len(value) == 1:
            ((name, inner),) = value.items()
            if isinstance(inner, str):
                return f'{{"{name}":{_quoted(inner)}}}'
            if type(inner) is int:
                return f'{{"{name}":{inner}}}'
    return _encode(plain(select(value, mask)))


class RowTexts:
    """The rows of a box of one sheet."""

    def __init__(self, sheet: Sheet, teller: CellTeller, mask: Mask) -> None:
        """
        Args:
            mask: What is wanted of each `RowData`.
        """
        self._sheet = sheet
        self._teller = teller
        self._everything = not mask or "*" in mask
        self._wanted = {} if self._everything else mask.get("values")
        self._texts: dict[tuple[str, int], str] = {}

    def rows(self, box: ClosedBox) -> Iterator[str]:
        """One text for each row, down to the last one of which something is told."""
        if self._wanted is None:
            return iter(())
        bottom = min(box.bottom, self._teller.bottom)
        return without_empty_end(self._row(row, box) for row in range(box.top, bottom))

    def _row(self, row: int, box: ClosedBox) -> str:
        cells = self._sheet.cells(row)
        texts = [self._cell(row, column, cell_at(cells, column)) for column in range(box.left, box.right)]
        while texts and texts[-1] == "{}":
            texts.pop()
        return '{"values":[' + ",".join(texts) + "]}" if texts else "{}"

    def _cell(self, row: int, column: int, cell: Cell) -> str:
        told = self._teller.tell(row, column, cell)
        if not told:
            return "{}"
        mask = self._wanted
        if mask and "*" not in mask:
            told = {name: told[name] for name in mask if name in told}
        else:
            mask = {}
        last: Any = None
        text, parts = "", []
        for name, value in told.items():
            if name in _SHARED:
                text = self._shared(name, value, mask)
            elif mask or value is not last:
                text = _encoded(value, mask.get(name, {}))
            last = value
            parts.append(f'"{name}":{text}')
        return "{" + ",".join(parts) + "}"

    def _shared(self, name: str, value: Any, mask: Mask) -> str:
        """The teller keeps these objects as long as it lives, so their ids stay their own."""
        text = self._texts.get((name, id(value)))
        if text is None:
            text = self._texts[name, id(value)] = _encoded(value, mask.get(name, {}))
        return text
