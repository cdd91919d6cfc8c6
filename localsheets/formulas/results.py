"""
What a calculation came to, in Sheets' words.

Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/other#errorvalue
"""

import re
from math import isfinite
from typing import Any, NamedTuple

from localsheets.formats.coercion import Scalar, simplest
from localsheets.model.cells import LONGEST_TEXT, Cell

ERROR_TYPES = {
    "#ERROR!": "ERROR",
    "#NULL!": "NULL_VALUE",
    "#DIV/0!": "DIVIDE_BY_ZERO",
    "#VALUE!": "VALUE",
    "#REF!": "REF",
    "#NAME?": "NAME",
    "#NUM!": "NUM",
    "#N/A": "N_A",
}
"""An error as a cell shows it → its name in the API."""
_MESSAGES = {
    "#ERROR!": "Formula parse error.",
    "#NULL!": "The formula refers to a range that does not exist.",
    "#DIV/0!": "The formula divides by zero.",
    "#VALUE!": "The formula expects values of another kind than it was given.",
    "#REF!": "Reference does not exist.",
    "#NAME?": "The formula holds a name that is not known.",
    "#NUM!": "The formula's result is no number that can be shown.",
    "#N/A": "The formula did not find what it looked for.",
}
NOT_EXPANDED = "Array result was not expanded because it would overwrite data."
_CALCULATORS_OWN = {
    "#CIRC!": ("#REF!", "Circular dependency detected. To resolve with iterative calculation, see File > Settings."),
    "#SPILL!": ("#REF!", NOT_EXPANDED),
    "#CALC!": ("#N/A", "No matches are found."),
    "#N/IMPL!": ("#NAME?", "The formula needs something that is not supported by this server."),
}
"""IronCalc's errors that Sheets does not have → Sheets' error, and why."""
_UNKNOWN_FUNCTION = re.compile(r"(?<![A-Za-z0-9_.\"'!])([a-z_][a-z0-9_.]*)\(")


class Result(NamedTuple):
    """
    What a formula's cell shows.

    Attributes:
        error: Google's `ErrorValue`, if the value is an error.
        unsupported: The function that this server lacks; "" if there is none.
    """

    value: Scalar
    error: dict[str, str] | None = None
    unsupported: str = ""


def failure(shown: str, message: str = "") -> Result:
    """An error with its explanation."""
    return Result(shown, {"type": ERROR_TYPES[shown], "message": message or _MESSAGES[shown]})


def result_of(value: Any, *, failed: bool, as_read: str = "") -> Result:
    """
    The result that the calculator told.

    Args:
        as_read: The formula as IronCalc wrote it back: it puts functions that it does not know in small letters.
    """
    if not failed:
        if isinstance(value, float) and not isfinite(value):
            return failure("#NUM!")
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            return failure("#VALUE!", f"The result is longer than {LONGEST_TEXT} characters.")
        return Result(simplest(value) if isinstance(value, float) else "" if value is None else value)
    shown, message = _CALCULATORS_OWN.get(value, (value, ""))
    unknown = _UNKNOWN_FUNCTION.search(re.sub(r'"(?:[^"]|"")*"', '""', as_read)) if as_read else None
    if unknown is not None:
        name = unknown.group(1).upper()
        return failure(shown, f"{name} is not supported by this server.")._replace(unsupported=name)
    return failure(shown if shown in ERROR_TYPES else "#ERROR!", message)


def with_result(cell: Cell, result: Result) -> Cell:
    """The formula's cell with its result; the very same cell if it had it."""
    told = {name: part for name, part in cell.items() if name not in {"v", "e"}}
    told["v"] = result.value
    if result.error is not None:
        told["e"] = result.error
    same = told == cell and type(told["v"]) is type(cell.get("v"))
    return cell if same else told


def spilled_cell(cell: Cell, result: Result) -> Cell:
    """An empty cell as an array fills it; its format and note stay."""
    told = {**(cell if isinstance(cell, dict) else {}), "v": result.value, "s": 1}
    return told if result.error is None else {**told, "e": result.error}
