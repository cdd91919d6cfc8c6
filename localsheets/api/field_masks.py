"""
Field masks: `sheets(properties.title,data/rowData)` says which parts of an answer are wanted, or which parts change.

Source: https://developers.google.com/sheets/api/guides/field-masks
"""

import copy
import re
from typing import Any

from localsheets.errors import InvalidRequestError

Mask = dict[str, Any]
"""Names to masks below them; an empty one stands for everything below. `*` names every field."""

_TRIMMED = frozenset({"rowData", "values"})
_TOKEN = re.compile(r"[A-Za-z0-9_*\-]+|[.,/()]")


def parse_mask(text: str) -> Mask:
    """
    The tree of a mask; `.` and `/` go one level down, `()` holds several fields of one level.

    Raises: InvalidRequestError if the text is no mask.
    """
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != text.replace(" ", "") or not tokens:
        raise InvalidRequestError(f"Invalid field mask: {text!r}")
    mask, rest = _parse_fields(tokens, 0, text)
    if rest != len(tokens):
        raise InvalidRequestError(f"Invalid field mask: {text!r}")
    return mask


def _parse_fields(tokens: list[str], start: int, text: str, depth: int = 0) -> tuple[Mask, int]:
    if depth > 50:
        raise InvalidRequestError("The field mask is nested too deeply.")
    mask: Mask = {}
    at = start
    while True:
        at = _parse_path(tokens, at, text, mask, depth)
        if at >= len(tokens) or tokens[at] != ",":
            return mask, at
        at += 1


def _parse_path(tokens: list[str], start: int, text: str, mask: Mask, depth: int) -> int:
    at, level = start, mask
    while True:
        if at >= len(tokens) or tokens[at] in ".,/()":
            raise InvalidRequestError(f"Invalid field mask: {text!r}")
        level = level.setdefault(tokens[at], {})
        at += 1
        if at < len(tokens) and tokens[at] in "./":
            at += 1
            continue
        break
    if at < len(tokens) and tokens[at] == "(":
        below, at = _parse_fields(tokens, at + 1, text, depth + 1)
        if at >= len(tokens) or tokens[at] != ")":
            raise InvalidRequestError(f"Invalid field mask: {text!r}")
        level.update(below)
        at += 1
    return at


def select(value: Any, mask: Mask) -> Any:
    """The parts of a JSON value that a mask names."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [select(item, mask) for item in value]
    if isinstance(value, dict):
        chosen = {name: select(value[name], below) for name, below in mask.items() if name in value}
        return {name: part for name, part in chosen.items() if name not in _TRIMMED or _trim(part)}
    return value


def _trim(part: Any) -> bool:
    """Take away rows and cells at the end of which nothing was asked for; whether anything is left."""
    while isinstance(part, list) and part and part[-1] == {}:
        part.pop()
    return not isinstance(part, list) or bool(part)


def merged(target: dict[str, Any], source: dict[str, Any], mask: Mask) -> dict[str, Any]:
    """
    A copy of the target in which the named fields come from the source; one that the source lacks is cleared.

    A mask of `*` takes over everything the source holds and clears the rest.
    """
    if not mask or "*" in mask:
        return copy.deepcopy(source)
    result = copy.deepcopy(target)
    for name, below in mask.items():
        if (twin := _twin(name)) not in mask:
            result.pop(twin, None)
        if name not in source:
            result.pop(name, None)
        elif below and isinstance(source[name], dict):
            inner = result.get(name)
            result[name] = merged(inner if isinstance(inner, dict) else {}, source[name], below)
        else:
            result[name] = copy.deepcopy(source[name])
    return result


def _twin(name: str) -> str:
    """`tabColor` and `tabColorStyle` say the same; who sets one does away with the other."""
    return name.removesuffix("Style") if name.endswith("olorStyle") else name + "Style" if name.endswith("olor") else ""


def cleared(target: dict[str, Any], mask: Mask) -> dict[str, Any]:
    """A copy of the target without the named fields."""
    return merged(target, {}, mask)
