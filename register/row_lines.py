"""
Reading cells again that were read before: where an answer has one row on each line, only changed lines are parsed.

The embedded register writes long answers so. Google's look otherwise, and no text within JSON holds a line break, so
that one is never taken for the other.
"""

import json
from typing import Any

_BEGIN, _BETWEEN, _END = b'"values":[\n', b",\n", b"\n]"
_WITHOUT_ROWS = b'"values":['

Cells = tuple[Any, ...]


class RowLines:
    """
    Parses answers of `values:batchGet`, and remembers the rows of the last one. A row that stands there as it did is
    the same object again.
    """

    def __init__(self) -> None:
        self._known: dict[bytes, Cells] = {}

    def load(self, content: bytes) -> Any:
        """The JSON value. Raises: ValueError, LookupError or TypeError if it is none, or no answer of that kind."""
        head, *parts = content.split(_BEGIN)
        frame, ranges = [head], list[list[Cells]]()
        known: dict[bytes, Cells] = {}
        for part in parts:
            body, end, rest = part.partition(_END)
            lines = body.split(_BETWEEN)
            rows = [self._known.get(line) for line in lines]
            found = [tuple(json.loads(line)) if row is None else row for line, row in zip(lines, rows, strict=True)]
            known.update(zip(lines, found, strict=True))
            ranges.append(found)
            frame.append(_WITHOUT_ROWS + end.strip() + rest)
        answer = json.loads(b"".join(frame))
        self._known = known
        if ranges:
            filled = [told for told in answer["valueRanges"] if "values" in told]
            for told, cells in zip(filled, ranges, strict=True):
                told["values"] = cells
        return answer
