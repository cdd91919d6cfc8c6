"""
A JSON value in the text form of protocol buffers: how Google shows what a cell cannot hold.

Source: https://protobuf.dev/reference/protobuf/textformat-spec/
"""

import json
from collections.abc import Iterator
from typing import Any

_DEEPEST = 20
_MOST_LINES = 200


def proto_text(value: Any) -> str:
    """A `google.protobuf.Value`; what is endless is cut off."""
    lines = _value(value, 0)
    return "".join(line + "\n" for line, _ in zip(lines, range(_MOST_LINES), strict=False))


def _value(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, list):
        inner = (line for item in value for line in _within("values", _value(item, depth + 1)))
        yield from _within("list_value", inner) if depth < _DEEPEST else ()
    elif isinstance(value, dict):
        inner = (line for name, item in value.items() for line in _within("fields", _entry(name, item, depth + 1)))
        yield from _within("struct_value", inner) if depth < _DEEPEST else ()
    elif value is None:
        yield "null_value: NULL_VALUE"
    else:
        kind = "bool" if isinstance(value, bool) else "string" if isinstance(value, str) else "number"
        yield f"{kind}_value: {json.dumps(value, ensure_ascii=False)}"


def _entry(name: str, item: Any, depth: int) -> Iterator[str]:
    yield f"key: {json.dumps(name, ensure_ascii=False)}"
    yield from _within("value", _value(item, depth))


def _within(name: str, lines: Iterator[str]) -> Iterator[str]:
    yield f"{name} {{"
    yield from (f"  {line}" for line in lines)
    yield "}"
