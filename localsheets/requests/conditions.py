"""Conditions in requests: those of validation rules, of colours by rule and of filters."""

from typing import Any

from localsheets.errors import InvalidRequestError
from localsheets.requests.step import Json, as_list, as_object

_ANY = range(1 << 30)
_VALUES: dict[str, range] = {
    **dict.fromkeys(("NUMBER_BETWEEN", "NUMBER_NOT_BETWEEN", "DATE_BETWEEN", "DATE_NOT_BETWEEN"), range(2, 3)),
    **dict.fromkeys(("BLANK", "NOT_BLANK", "TEXT_IS_EMAIL", "TEXT_IS_URL", "DATE_IS_VALID"), range(1)),
    **dict.fromkeys(("NUMBER_GREATER", "NUMBER_GREATER_THAN_EQ", "NUMBER_LESS", "NUMBER_LESS_THAN_EQ"), range(1, 2)),
    **dict.fromkeys(("TEXT_CONTAINS", "TEXT_NOT_CONTAINS", "TEXT_STARTS_WITH", "TEXT_ENDS_WITH"), range(1, 2)),
    **dict.fromkeys(("DATE_BEFORE", "DATE_AFTER", "DATE_ON_OR_BEFORE", "DATE_ON_OR_AFTER"), range(1, 2)),
    **dict.fromkeys(("ONE_OF_RANGE", "CUSTOM_FORMULA"), range(1, 2)),
    # filters on data sources may give several of these; validation takes one
    **dict.fromkeys(("NUMBER_EQ", "NUMBER_NOT_EQ", "TEXT_EQ", "TEXT_NOT_EQ", "DATE_EQ", "DATE_NOT_EQ"), _ANY[1:]),
    "ONE_OF_LIST": _ANY[1:],
    "BOOLEAN": range(3),
}
"""
How many values each type of condition takes.

Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/other#ConditionType
"""


def checked_condition(name: str, told: Any) -> Json:
    """
    A `BooleanCondition` of a type that Google knows, with as many values as it takes.

    Raises: InvalidRequestError.
    """
    condition = as_object(name, told)
    kind = condition.get("type")
    counts = _VALUES.get(kind) if isinstance(kind, str) else None
    if counts is None:
        raise InvalidRequestError(f"Invalid value at '{name}.type': {kind!r}")
    values = as_list(f"{name}.values", condition.get("values"))
    if not all(isinstance(value, dict) for value in values):
        raise InvalidRequestError(f"{name}.values must be objects.")
    if len(values) not in counts:
        wanted = f"{counts.start}" if len(counts) == 1 else f"at least {counts.start}"
        raise InvalidRequestError(f"{kind} needs {wanted} value(s), not {len(values)}.")
    for value in values:  # a number where Google's JSON has a text is taken for one
        if isinstance(value.get("userEnteredValue"), int | float):
            value["userEnteredValue"] = str(value["userEnteredValue"])
    return condition


def checked_rule(rule: Any) -> Json | None:
    """
    A `DataValidationRule`; None clears.

    Raises: InvalidRequestError.
    """
    if not rule:
        return None
    told = as_object("rule", rule)
    checked_condition("rule.condition", told.get("condition"))
    if not isinstance(told.get("inputMessage", ""), str):
        raise InvalidRequestError("inputMessage must be a text.")
    # like Google, false is left out
    return {name: value for name, value in told.items() if value is not False}
