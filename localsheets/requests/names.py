"""Requests about names for ranges."""

import re
import secrets
from typing import Any

from localsheets.api.field_masks import merged
from localsheets.api.grid_data import named_range_json
from localsheets.errors import InvalidRequestError
from localsheets.model.a1 import parse_cells
from localsheets.requests.step import Handler, Json, Step, as_object, needed_mask

_LONGEST = 250
_LIKE_A_CELL = re.compile("R[0-9]*C[0-9]*|TRUE|FALSE", re.IGNORECASE)


def add_named_range(step: Step, body: Json) -> Json:
    """A name for a range."""
    wanted = as_object("namedRange", body.get("namedRange"))
    sheet, box = step.place(wanted.get("range"))
    name = _checked_name(step, wanted.get("name"), None)
    named_id = str(wanted.get("namedRangeId") or secrets.token_hex(6))
    if any(entry["namedRangeId"] == named_id for entry in step.book.named_ranges):
        raise InvalidRequestError(f"A named range with the id {named_id} already exists.")
    entry: Json = {"namedRangeId": named_id, "name": name, "sheetId": sheet.sheet_id, "box": box}
    step.book.named_ranges = [*step.book.named_ranges, entry]
    step.book.touched = True
    return {"addNamedRange": {"namedRange": named_range_json(entry)}}


def _checked_name(step: Step, name: Any, own: Json | None) -> str:
    fine = isinstance(name, str) and name.isidentifier() and len(name) <= _LONGEST
    if not fine or parse_cells(name) is not None or _LIKE_A_CELL.fullmatch(name):
        raise InvalidRequestError("The name of a named range must be letters, digits and underscores, and no cell.")
    alike = [entry for entry in step.book.named_ranges if entry["name"].casefold() == name.casefold()]
    if any(entry is not own for entry in alike):
        raise InvalidRequestError(f'A named range "{name}" already exists.')
    return str(name)


def update_named_range(step: Step, body: Json) -> Json:
    """Another name, or another range, for a named range."""
    wanted, mask = as_object("namedRange", body.get("namedRange")), needed_mask(body)
    old = _find(step, wanted.get("namedRangeId"))
    new = merged(named_range_json(old), wanted, {n: m for n, m in mask.items() if n != "namedRangeId"})
    sheet, box = step.place(new.get("range"))
    name = _checked_name(step, new.get("name"), old)
    entry = {"namedRangeId": old["namedRangeId"], "name": name, "sheetId": sheet.sheet_id, "box": box}
    step.book.named_ranges = [entry if kept is old else kept for kept in step.book.named_ranges]
    step.book.touched = True
    return {}


def delete_named_range(step: Step, body: Json) -> Json:
    """Take a name away; the cells stay."""
    gone = _find(step, body.get("namedRangeId"))
    step.book.named_ranges = [entry for entry in step.book.named_ranges if entry is not gone]
    step.book.touched = True
    return {}


def _find(step: Step, wanted: Any) -> Json:
    for entry in step.book.named_ranges:
        if entry["namedRangeId"] == wanted:
            return entry
    raise InvalidRequestError(f"No named range with id: {wanted}")


HANDLERS: dict[str, Handler] = {
    "addNamedRange": add_named_range,
    "updateNamedRange": update_named_range,
    "deleteNamedRange": delete_named_range,
}
