"""
What a filter says: which rows of a range are shown, and in which order.

Google tells the rules twice, as `criteria` by column and as the newer list `filterSpecs`; either may be given.
Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/sheets#BasicFilter
"""

from typing import Any

from localsheets.errors import InvalidRequestError, UnimplementedError
from localsheets.model.sheet import Sheet
from localsheets.requests.conditions import checked_condition
from localsheets.requests.step import as_list, as_object, whole_number

Json = dict[str, Any]


def checked_filter(told: Json, sheet: Sheet) -> Json:
    """
    A `BasicFilter` or `FilterView` with its rules in both forms.

    Raises: InvalidRequestError if a rule names a column beyond the sheet, or a condition that Google does not know.
    """
    if "tableId" in told:
        raise UnimplementedError("This server does not support tables.")
    specs = [as_object("filterSpecs", spec) for spec in as_list("filterSpecs", told.get("filterSpecs"))]
    rules = {_column(sheet, spec.get("columnIndex", 0)): spec.get("filterCriteria") for spec in specs}
    for column, rule in as_object("criteria", told.get("criteria")).items():
        if not column.isascii() or not column.isdigit():
            raise InvalidRequestError(f"criteria must be named by column indexes, not {column!r}.")
        rules.setdefault(_column(sheet, int(column)), rule)
    checked = {column: _criteria(rule) for column, rule in sorted(rules.items())}
    sort = [_sort_spec(sheet, spec) for spec in as_list("sortSpecs", told.get("sortSpecs"))]
    rest = {name: v for name, v in told.items() if name not in {"criteria", "filterSpecs", "sortSpecs"}}
    if not isinstance(rest.get("title", ""), str):
        raise InvalidRequestError("title must be a text.")
    parts: Json = {"sortSpecs": sort} if sort else {}
    if checked:
        parts["criteria"] = {str(column): rule for column, rule in checked.items()}
        parts["filterSpecs"] = [
            ({"filterCriteria": rule} | ({"columnIndex": column} if column else {})) for column, rule in checked.items()
        ]
    return {**rest, **parts}


def _column(sheet: Sheet, index: Any) -> int:
    column = whole_number("columnIndex", index)
    if column >= sheet.column_count:
        raise InvalidRequestError(f"columnIndex ({column}) lies beyond the sheet.")
    return column


def _criteria(rule: Any) -> Json:
    told = as_object("filterCriteria", rule)
    if "condition" in told:
        checked_condition("condition", told["condition"])
    if not all(isinstance(value, str) for value in as_list("hiddenValues", told.get("hiddenValues"))):
        raise InvalidRequestError("hiddenValues must be texts.")
    return told


def _sort_spec(sheet: Sheet, told: Any) -> Json:
    spec = as_object("sortSpecs", told)
    _column(sheet, spec.get("dimensionIndex", 0))
    if spec.get("sortOrder", "ASCENDING") not in {"ASCENDING", "DESCENDING"}:
        raise InvalidRequestError("sortOrder must be ASCENDING or DESCENDING.")
    return {name: value for name, value in spec.items() if value != 0}
