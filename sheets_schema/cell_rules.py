"""Format, choices and colours of whole columns, the rows to come included."""

from collections.abc import Mapping, Sequence
from typing import Any

from sheets_schema.columns import Column, Kind, Tab
from sheets_schema.existing import Existing, Request, column_range
from sheets_schema.layout import locate


def cell_rules(
    tab: Tab, found: Existing, headers: Mapping[str, Sequence[str]], tabs: Mapping[str, Tab]
) -> list[Request]:
    """
    Format and validation of whole columns, where the sample does not show them.

    Args:
        headers: The header row of every tab, by title: choices may come from another tab.
        tabs: Every tab, by title.
    """
    positions = locate(tab, headers[tab.title]).positions
    requests: list[Request] = []
    for column in tab.columns:
        place = positions.get(column.key)
        if place is None:
            continue
        cell = found.sample[place] if place < len(found.sample) else {}
        wanted_format = _format(column)
        if not _covers(cell.get("userEnteredFormat", {}), wanted_format):
            requests.append(
                {
                    "repeatCell": {
                        "range": column_range(found.sheet_id, place),
                        "cell": {"userEnteredFormat": wanted_format},
                        "fields": "userEnteredFormat(numberFormat,wrapStrategy)",
                    }
                }
            )
        rule = _validation(column, headers, tabs)
        if rule is not None and not _same_rule(cell.get("dataValidation"), rule):
            requests.append({"setDataValidation": {"range": column_range(found.sheet_id, place), "rule": rule}})
    return requests


def _format(column: Column) -> dict[str, Any]:
    if column.kind is Kind.CHECKBOX:
        return {"wrapStrategy": "CLIP"}
    return {"numberFormat": {"type": "TEXT", "pattern": "@"}, "wrapStrategy": "CLIP"}


def _covers(actual: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    kind = wanted.get("numberFormat", {}).get("type")
    has_kind = kind is None or actual.get("numberFormat", {}).get("type") == kind
    return bool(has_kind and actual.get("wrapStrategy") == wanted["wrapStrategy"])


def _validation(column: Column, headers: Mapping[str, Sequence[str]], tabs: Mapping[str, Tab]) -> dict[str, Any] | None:
    if column.kind is Kind.CHECKBOX:
        return {"condition": {"type": "BOOLEAN"}, "strict": True, "showCustomUi": True}
    if column.kind is not Kind.CHOICE:
        return None
    if column.choices:
        values = [{"userEnteredValue": choice} for choice in column.choices]
        kind = "ONE_OF_LIST"
    else:
        title, key = column.choices_from.split("!")
        place = locate(tabs[title], headers[title]).positions.get(key)
        if place is None:
            return None
        letter = _letters(place)
        values = [{"userEnteredValue": f"='{title}'!${letter}$2:${letter}"}]
        kind = "ONE_OF_RANGE"
    return {"condition": {"type": kind, "values": values}, "strict": column.strict, "showCustomUi": True}


def _same_rule(actual: Mapping[str, Any] | None, wanted: Mapping[str, Any]) -> bool:
    if actual is None:
        return False
    return _condition(actual) == _condition(wanted) and actual.get("strict", False) == wanted["strict"]


def _condition(rule: Mapping[str, Any]) -> tuple[str, list[str]]:
    condition = rule.get("condition", {})
    values = [value.get("userEnteredValue", "") for value in condition.get("values", [])]
    return condition.get("type", ""), [value.replace("'", "").replace("$", "") for value in values]


def colours(tab: Tab, found: Existing, titles: Sequence[str]) -> list[Request]:
    """Conditional colours that are not there yet, known by the text that they look for."""
    positions = locate(tab, titles).positions
    standing = {
        _condition(rule["booleanRule"])[1][0]
        for rule in found.conditional
        if "booleanRule" in rule and _condition(rule["booleanRule"])[1]
    }
    requests: list[Request] = []
    lacking = [colour for colour in tab.colours if colour.text not in standing and colour.column in positions]
    for index, colour in enumerate(lacking):
        red, green, blue = (part / 255 for part in colour.background)
        look: dict[str, Any] = {"backgroundColor": {"red": red, "green": green, "blue": blue}}
        if colour.bold:
            look["textFormat"] = {"bold": True}
        rule = {
            "ranges": [column_range(found.sheet_id, positions[colour.column])],
            "booleanRule": {
                "condition": {"type": "TEXT_STARTS_WITH", "values": [{"userEnteredValue": colour.text}]},
                "format": look,
            },
        }
        requests.append({"addConditionalFormatRule": {"rule": rule, "index": index}})
    return requests


def _letters(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
