"""Requests about protections, conditional formats and the basic filter."""

from typing import Any

from localsheets.api.field_masks import merged
from localsheets.api.grid_data import condition_json, protection_json
from localsheets.errors import InvalidRequestError, UnimplementedError
from localsheets.model.box import Box, box_from_json
from localsheets.model.ids import claimed_id
from localsheets.model.protection import check_may_lift
from localsheets.model.sheet import Sheet
from localsheets.requests.conditions import checked_condition
from localsheets.requests.filters import checked_filter
from localsheets.requests.step import Handler, Json, Step, as_list, as_object, needed_mask, whole_number

_PROTECTION_FIELDS = ("description", "warningOnly", "editors")


def add_protected_range(step: Step, body: Json) -> Json:
    """Close a range to everybody but its editors and the owner; without editors, who asks is the only one."""
    wanted = as_object("protectedRange", body.get("protectedRange"))
    sheet, box = _protected_place(step, wanted)
    protected_id = claimed_id(step.book, "protections", wanted.get("protectedRangeId"))
    entry = _protection({"protectedRangeId": protected_id, "box": box}, wanted)
    if not entry.get("warningOnly") and not entry.get("editors"):
        entry["editors"] = {"users": [step.who.email]}
    sheet.protections = [*sheet.protections, entry]
    sheet.reshaped = True
    return {"addProtectedRange": {"protectedRange": protection_json(step.book, sheet, entry, step.who)}}


def _protected_place(step: Step, wanted: Json) -> tuple[Sheet, Box]:
    if "tableId" in wanted:
        raise UnimplementedError("This server does not support tables.")
    if "namedRangeId" not in wanted:
        return step.place(wanted.get("range"))
    for entry in step.book.named_ranges:
        if entry["namedRangeId"] == wanted["namedRangeId"]:
            return step.book.sheet(entry["sheetId"]), entry["box"]
    raise InvalidRequestError(f"No named range with id: {wanted['namedRangeId']}")


def _protection(entry: Json, wanted: Json) -> Json:
    for name in _PROTECTION_FIELDS:
        if wanted.get(name):
            entry[name] = wanted[name]
    users = as_list("editors.users", as_object("editors", entry.get("editors")).get("users"))
    if not all(isinstance(user, str) for user in users) or not isinstance(entry.get("description", ""), str):
        raise InvalidRequestError("editors.users must be e-mail addresses, and description a text.")
    if entry.get("warningOnly") and entry.get("editors"):
        raise InvalidRequestError("ProtectedRange is warningOnly. Editors cannot be set on it.")
    open_ranges = as_list("unprotectedRanges", wanted.get("unprotectedRanges"))
    boxes = [box_from_json(as_object("unprotectedRanges", grid_range)) for grid_range in open_ranges]
    if boxes and entry["box"] != Box():
        raise InvalidRequestError("Unprotected ranges are only supported on protected sheets.")
    if boxes:
        entry["unprotectedBoxes"] = [[box.top, box.bottom, box.left, box.right] for box in boxes]
    return entry


def update_protected_range(step: Step, body: Json) -> Json:
    """Change where a protection lies, what it says and whom it lets through."""
    wanted, mask = as_object("protectedRange", body.get("protectedRange")), needed_mask(body)
    sheet, old = _find_protection(step, wanted.get("protectedRangeId"))
    told = protection_json(step.book, sheet, old, step.who) | {"editors": old.get("editors", {})}
    told.pop("requestingUserCanEdit", None)
    if "*" in mask:
        mask = {name: {} for name in (*_PROTECTION_FIELDS, "range", "unprotectedRanges") if name in wanted}
    new = merged(told, wanted, mask)
    place, box = step.place(new.get("range"))
    if place is not sheet:
        raise InvalidRequestError("A protected range cannot move to another sheet.")
    entry = _protection({"protectedRangeId": old["protectedRangeId"], "box": box}, new)
    sheet.protections = [entry if p is old else p for p in sheet.protections]
    sheet.reshaped = True
    return {}


def delete_protected_range(step: Step, body: Json) -> Json:
    """Open a protected range again."""
    sheet, old = _find_protection(step, body.get("protectedRangeId"))
    sheet.protections = [p for p in sheet.protections if p is not old]
    sheet.reshaped = True
    return {}


def _find_protection(step: Step, wanted: Any) -> tuple[Sheet, Json]:
    for sheet in step.book.sheets:
        for protection in sheet.protections:
            if protection["protectedRangeId"] == wanted:
                check_may_lift(step.book, protection, step.who)
                return sheet, protection
    raise InvalidRequestError(f"No protected range with id: {wanted}")


def add_conditional_format_rule(step: Step, body: Json) -> Json:
    """A rule that colours cells by what they hold, at an index among the sheet's rules."""
    sheet, rule = _condition(step, as_object("rule", body.get("rule")))
    index = whole_number("index", body.get("index", 0))
    if index > len(sheet.conditions):
        raise InvalidRequestError(f"Invalid index: {index}.")
    sheet.conditions = [*sheet.conditions[:index], rule, *sheet.conditions[index:]]
    sheet.reshaped = True
    return {}


def _condition(step: Step, wanted: Json) -> tuple[Sheet, Json]:
    places = [step.place(grid_range) for grid_range in as_list("ranges", wanted.get("ranges"))]
    if not places or len({sheet.sheet_id for sheet, _ in places}) != 1:
        raise InvalidRequestError("rule.ranges must name at least one range, all on one sheet.")
    kinds = [name for name in ("booleanRule", "gradientRule") if isinstance(wanted.get(name), dict)]
    if len(kinds) != 1:
        raise InvalidRequestError("A rule needs either booleanRule or gradientRule.")
    for _, box in places:
        step.check_open(places[0][0], box)
    if kinds == ["booleanRule"]:
        _check_colouring(as_object("booleanRule", wanted["booleanRule"]))
    return places[0][0], {"boxes": [box for _, box in places], kinds[0]: wanted[kinds[0]]}


def _check_colouring(rule: Json) -> None:
    kind = checked_condition("booleanRule.condition", rule.get("condition")).get("type")
    if kind in {"ONE_OF_LIST", "ONE_OF_RANGE", "BOOLEAN", "TEXT_IS_EMAIL", "TEXT_IS_URL", "DATE_IS_VALID"}:
        raise InvalidRequestError(f"ConditionType '{kind}' is not supported by conditional formatting.")
    as_object("booleanRule.format", rule.get("format"))


def update_conditional_format_rule(step: Step, body: Json) -> Json:
    """Replace the rule at an index, or move it to another one."""
    if "rule" in body:
        sheet, rule = _condition(step, as_object("rule", body["rule"]))
        index = _open_rule(step, sheet, body)
        old = sheet.conditions[index]
        sheet.conditions = [*sheet.conditions[:index], rule, *sheet.conditions[index + 1 :]]
        reply = {"newRule": condition_json(sheet, rule), "newIndex": index, "oldRule": condition_json(sheet, old)}
    else:
        sheet = step.book.sheet(body.get("sheetId"))
        index = _open_rule(step, sheet, body)
        target = whole_number("newIndex", body.get("newIndex"))
        if target >= len(sheet.conditions):
            raise InvalidRequestError(f"Invalid newIndex: {target}.")
        moved = sheet.conditions[index]
        rest = [*sheet.conditions[:index], *sheet.conditions[index + 1 :]]
        sheet.conditions = [*rest[:target], moved, *rest[target:]]
        reply = {"newRule": condition_json(sheet, moved), "oldIndex": index, "newIndex": target}
    sheet.reshaped = True
    return {"updateConditionalFormatRule": reply}


def delete_conditional_format_rule(step: Step, body: Json) -> Json:
    """Take the rule at an index away; later ones move up."""
    sheet = step.book.sheet(body.get("sheetId"))
    index = _open_rule(step, sheet, body)
    old = sheet.conditions[index]
    sheet.conditions = [*sheet.conditions[:index], *sheet.conditions[index + 1 :]]
    sheet.reshaped = True
    return {"deleteConditionalFormatRule": {"rule": condition_json(sheet, old)}}


def _rule_index(sheet: Sheet, body: Json) -> int:
    index = whole_number("index", body.get("index", 0))
    if index >= len(sheet.conditions):
        raise InvalidRequestError(f"No conditional format on sheet: {sheet.sheet_id} at index: {index}")
    return index


def _open_rule(step: Step, sheet: Sheet, body: Json) -> int:
    """The index of a rule that this caller may change: all of its ranges are open to him."""
    index = _rule_index(sheet, body)
    for box in sheet.conditions[index]["boxes"]:
        step.check_open(sheet, box)
    return index


def set_basic_filter(step: Step, body: Json) -> Json:
    """Keep the sheet's filter; the grid shows it, it does not hide rows by itself."""
    wanted = as_object("filter", body.get("filter"))
    sheet, box = step.place(wanted.get("range"))
    rest = {name: value for name, value in wanted.items() if name not in {"range", "box"}}
    closed = sheet.clip(box)
    whole = Box(closed.top, closed.bottom, closed.left, closed.right)
    sheet.filter = {"box": whole, **checked_filter(rest, sheet)}
    sheet.reshaped = True
    return {}


def clear_basic_filter(step: Step, body: Json) -> Json:
    """Take the sheet's filter away."""
    sheet = step.book.sheet(body.get("sheetId"))
    if sheet.filter is not None:
        sheet.filter = None
        sheet.reshaped = True
    return {}


HANDLERS: dict[str, Handler] = {
    "addProtectedRange": add_protected_range,
    "updateProtectedRange": update_protected_range,
    "deleteProtectedRange": delete_protected_range,
    "addConditionalFormatRule": add_conditional_format_rule,
    "updateConditionalFormatRule": update_conditional_format_rule,
    "deleteConditionalFormatRule": delete_conditional_format_rule,
    "setBasicFilter": set_basic_filter,
    "clearBasicFilter": clear_basic_filter,
}
