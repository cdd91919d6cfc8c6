"""
Reading cells again that were read before: where an answer has one row on each line, only changed lines are parsed.

The embedded register writes long answers so; in Google's, which are indented, no line begins with a row.
"""

import json
from typing import Any

Cells = tuple[Any, ...]


class RowLines:
    """
    Parses answers of `values:batchGet`, and remembers the rows of the last one. A row that stands there as it did is
    the same object again.
    """

    def __init__(self) -> None:
        self._known: dict[bytes, Cells] = {}

    def load(self, content: bytes) -> Any:
        """The JSON value. Raises: ValueError if it is none."""
        frame: list[bytes] = []
        ranges: list[list[Cells]] = []
        rows: dict[bytes, Cells] = {}
        among_rows = False
        for line in content.split(b"\n"):
            if not line.startswith(b"["):
                frame.append(line)
                among_rows = False
                continue
            if not among_rows:
                ranges.append([])
                among_rows = True
            bare = line.removesuffix(b",")
            cells = rows.get(bare)
            if cells is None:
                cells = self._known.get(bare)
                rows[bare] = cells = tuple(json.loads(bare)) if cells is None else cells
            ranges[-1].append(cells)
        answer = json.loads(b"\n".join(frame))
        self._known = rows
        if ranges:
            filled = [told for told in answer["valueRanges"] if "values" in told]
            for told, found in zip(filled, ranges, strict=True):
                told["values"] = found
        return answer
