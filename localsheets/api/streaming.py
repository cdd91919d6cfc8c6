"""
Long answers: JSON told piece by piece, so that a whole spreadsheet's cells are never in memory at once.

What is told late stands in the answer as a `Late`; all around it is dumped at once, as it is small.
"""

import json
import re
import secrets
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

Json = dict[str, Any]
CHUNK_BYTES = 256 * 1024


_NOT_PLAIN = re.compile(r":\[\]|\.0[,\]}]|\de\+")
_NOT_PLAIN_HOLDS = (":[]", ".0,", ".0]", ".0}", "e+")
"""One of these is in whatever the pattern finds, and to look for them takes a hundredth of its time."""


def perhaps_not_plain(text: str) -> bool:
    """Whether JSON may have to be made plain."""
    return any(mark in text for mark in _NOT_PLAIN_HOLDS) and _NOT_PLAIN.search(text) is not None


def plain(value: Any) -> Any:
    """Without empty lists in fields and points in whole numbers, as proto-JSON is."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items() if inner != []}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e21 else value


class Late:
    """A JSON list that is told when the answer gets there, item by item; once."""

    def __init__(self, texts: Iterable[str]) -> None:
        """
        Args:
            texts: JSON of the list's items.
        """
        self._texts = iter(texts)

    def __bool__(self) -> bool:
        """Whether there is any item; the first one is worked out for that."""
        first = next(self._texts, None)
        if first is None:
            return False
        self._texts = chain([first], self._texts)
        return True

    def pieces(self) -> Iterator[str]:
        """The list as JSON, in pieces."""
        mark = "["
        for text in self._texts:
            yield mark
            yield text
            mark = ","
        yield "]" if mark == "," else "[]"


def without_empty_end(texts: Iterable[str]) -> Iterator[str]:
    """The texts without the empty objects at their end."""
    held = 0
    for text in texts:
        if text == "{}":
            held += 1
            continue
        yield from ("{}" for _ in range(held))
        held = 0
        yield text


def holds_late(answer: Json) -> bool:
    """Whether an answer holds rows that are told late."""
    spreadsheet = answer.get("updatedSpreadsheet") or answer
    data = (data for sheet in spreadsheet.get("sheets") or () for data in sheet.get("data") or ())
    return any(isinstance(grid.get("rowData"), Late) for grid in data)


def json_pieces(body: Any) -> Iterator[str]:
    """A JSON value as text, in pieces."""
    late: list[Late] = []
    mark = secrets.token_hex(16)  # nobody can have written it into a cell

    def noted(value: Any) -> str:
        if not isinstance(value, Late):
            raise TypeError(f"no JSON: {type(value).__name__}")
        late.append(value)
        return mark

    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=noted)
    first, *rest = text.split(f'"{mark}"')
    yield first
    for value, following in zip(late, rest, strict=True):
        yield from value.pieces()
        yield following


def chunks(pieces: Iterable[str]) -> Iterator[bytes]:
    """The pieces as bytes, put together to chunks that are worth sending."""
    held: list[str] = []
    length = 0
    for piece in pieces:
        held.append(piece)
        length += len(piece)
        if length >= CHUNK_BYTES:
            yield "".join(held).encode()
            held, length = [], 0
    yield "".join(held).encode()


def gzipped(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The same, compressed."""
    packer = zlib.compressobj(level=1, wbits=31)
    for part in parts:
        if packed := packer.compress(part):
            yield packed
    yield packer.flush()
