"""
Google's messages: what a JSON body must look like, checked whole before anything else is done with it.

The tables are made from the discovery documents (`make docs`); types are compiled to closures when first needed.
Source: https://protobuf.dev/programming-guides/json/
"""

import json
import math
import re
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from localsheets.errors import InvalidRequestError

Json = dict[str, Any]
Path = tuple[Any, ...]
"""The path around a place and its own part; put together only for a complaint."""
Found = list[tuple[str, str]]
"""Violations: the field's path and a sentence."""
Check = Callable[[Any, Path, Found], Any]
"""Answers a value as it is to be understood, or `NOTHING`."""

NOTHING = object()
"""What says nothing: a null, an enum's unspecified value, or something wrong."""
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"
_GOOGLE = "type.googleapis.com/google"
_SHEETS = f"{_GOOGLE}.apps.sheets.v4"
_ONEOFS = {"Request": "kind", "ExtendedValue": "value", "ColorStyle": "kind"}
"""Messages all of whose fields exclude each other, and the name that Google gives to the choice."""
_CHARTS = frozenset(
    f"{kind}Chart"
    for kind in ("basic", "pie", "bubble", "candlestick", "org", "histogram", "waterfall", "treemap", "scorecard")
)
_SOME_OF = {"ChartSpec": ("chart", _CHARTS)}
"""Messages some of whose fields exclude each other: the name of the choice, and the fields."""
_NUMBERS_TOO = {("ConditionValue", "userEnteredValue")}
"""Texts for which Google takes numbers as well: gspread's documentation sets conditions with them."""
_MOST_TOLD = 100
_DIGITS = re.compile(r"-?[0-9]{1,300}")
_SPELLINGS = dict.fromkeys(("t", "true", "y", "yes", "1"), "true") | dict.fromkeys(
    ("f", "false", "n", "no", "0"), "false"
)
"""How a query may say yes and no."""
_NO_FIELD = "Cannot find field."
_NO_LIST = "Proto field is not repeating, cannot start list."
_NO_OBJECT = "Starting an object on a scalar field"


@cache
def tables(api: str) -> Json:
    """`messages`, `enums` and `methods` of an API of Google's: `sheets` or `drive`."""
    told: Json = json.loads((files("localsheets.api") / f"{api}.json").read_text("utf-8"))
    return told


class InvalidMessageError(InvalidRequestError):
    """A body, a query or a mask that does not fit its message; says which fields, for programs as well."""

    def __init__(self, message: str, found: Iterable[tuple[str, str]] = ()) -> None:
        told = list(found)[:_MOST_TOLD]
        super().__init__(message or "\n".join(text for _, text in told))
        violations = [{"field": field, "description": text} if field else {"description": text} for field, text in told]
        self.details = [{"@type": BAD_REQUEST, "fieldViolations": violations}]


def parsed(name: str, body: Any, field: str = "") -> Json:
    """
    A message as the rest of the server understands it: names in camelCase, numbers as numbers, no nulls.

    Args:
        field: The request's field that the body is the value of, as in `data.values[0]`; "" if it is the request.

    Raises: InvalidMessageError telling everything that is wrong.
    """
    found: Found = []
    told = _message(name)(body, ((), field), found)
    if found:
        raise InvalidMessageError("", found)
    return told if isinstance(told, dict) else {}


def parsed_parameter(kind: str, field: str, value: str) -> Any:
    """
    The value of a query parameter; None if it says nothing.

    Raises: InvalidMessageError if it does not fit the parameter's type.
    """
    found: Found = []
    text = _SPELLINGS.get(value.lower(), value) if kind == "bool" else value
    told = _check(kind)(text, ((), snake(field)), found)
    if found:
        raise InvalidMessageError("", found)
    return None if told is NOTHING else told


@cache
def snake(name: str) -> str:
    """`startRowIndex` as in Google's own files: `start_row_index`."""
    return re.sub("[A-Z]", lambda capital: "_" + capital.group().lower(), name)


def _camel(name: str) -> str:
    return re.sub("_([a-z])", lambda low: low[1].upper(), name)


# -- types to closures -------------------------------------------------------------------------------------------------


@cache
def _check(kind: str) -> Check:
    if kind == "[[any]]":
        return _value_rows
    if kind.startswith("["):
        return _repeated(_check(kind[1:-1]))
    if kind.startswith("{"):
        return _map(_check(kind[1:-1]))
    if kind.startswith(":"):
        return _enum(kind[1:])
    if kind in _SCALARS:
        return _scalar(kind)
    return lambda value, at, found: _message(kind)(value, at, found)  # a message may hold itself


@cache
def _message(name: str) -> Check:
    fields: dict[str, tuple[str, str, Check]] = {}
    for field, kind in tables("sheets")["messages"][name].items():
        loosely = "text" if (name, field) in _NUMBERS_TOO else kind
        fields[field] = fields[snake(field)] = (field, snake(field), _check(loosely))
    oneof, choices = _SOME_OF.get(name, (_ONEOFS.get(name), frozenset(tables("sheets")["messages"][name])))

    def check(value: Any, at: Path, found: Found) -> Any:
        if not isinstance(value, dict):
            return _no_message(name, value, at, found)
        told: Json = {}
        for key, inner in value.items():
            known = fields.get(key)
            if known is None:
                found.append(_unknown(key, at, _NO_FIELD))
            elif inner is not None:
                if oneof and known[0] in choices and not choices.isdisjoint(told):
                    said = f"oneof field '{oneof}' is already set. Cannot set '{known[0]}'"
                    found.append(_invalid(at, "oneof", said))
                meant = known[2](inner, (at, known[1]), found)
                if meant is not NOTHING:
                    told[known[0]] = meant
        return told

    return check


def _no_message(name: str, value: Any, at: Path, found: Found) -> Any:
    if isinstance(value, list) and at[1] and isinstance(at[1], str):
        found.append(_unknown(_camel(at[1]), at[0], _NO_LIST))
    else:
        found.append(_invalid(at, f"{_SHEETS}.{name}", _shown(value)))
    return NOTHING


def _repeated(item: Check) -> Check:
    def check(value: Any, at: Path, found: Found) -> Any:
        if not isinstance(value, list):  # one by itself is a list of one
            meant = item(value, at, found)
            return [] if meant is NOTHING else [meant]
        all_meant = [item(each, (at, index), found) for index, each in enumerate(value) if each is not None]
        return [meant for meant in all_meant if meant is not NOTHING]

    return check


def _map(item: Check) -> Check:
    """In all of these the keys are numbers of columns."""

    def check(value: Any, at: Path, found: Found) -> Any:
        if not isinstance(value, dict):
            found.append(_invalid(at, "Map", _shown(value)))
            return NOTHING
        found.extend(_invalid(at, "TYPE_INT32", _shown(key)) for key in value if _whole(key) is NOTHING)
        told = {key: item(each, (at, f"[{key}]"), found) for key, each in value.items() if each is not None}
        return {key: meant for key, meant in told.items() if meant is not NOTHING}

    return check


def _value_rows(value: Any, at: Path, found: Found) -> Any:
    """Lists of cell values: only the rows are looked at, as there are many; cells are checked where they are used."""
    if not isinstance(value, list):
        found.append(_invalid(at, f"{_GOOGLE}.protobuf.ListValue", _shown(value)))
        return NOTHING
    if set(map(type, value)) - {list}:
        wrong = ((index, row) for index, row in enumerate(value) if not isinstance(row, list))
        kind = f"{_GOOGLE}.protobuf.ListValue"
        found.extend(_invalid((at, index), kind, _shown(row)) for index, row in wrong)
    return value


def _enum(name: str) -> Check:
    values: list[str] = tables("sheets")["enums"][name]
    numbers = dict(enumerate(values))
    meant = {value: value for value in values} | {str(number): value for number, value in numbers.items()}
    full = f"{_SHEETS}.{name}"
    unspecified = values[0] if values[0].endswith(("_UNSPECIFIED", "_UNDEFINED")) else None

    def check(value: Any, at: Path, found: Found) -> Any:
        if isinstance(value, list):
            return _no_scalar(full, value, at, found)
        told = meant.get(value) if isinstance(value, str) else numbers.get(value) if type(value) is int else None
        if told is None:
            found.append(_invalid(at, full, _shown(value)))
            return NOTHING
        return NOTHING if told == unspecified else told

    return check


# -- scalars -----------------------------------------------------------------------------------------------------------


def _scalar(kind: str) -> Check:
    name, understood = _SCALARS[kind]

    def check(value: Any, at: Path, found: Found) -> Any:
        meant = NOTHING if isinstance(value, list | dict) else understood(value)
        return _no_scalar(name, value, at, found) if meant is NOTHING else meant

    return check


def _no_scalar(name: str, value: Any, at: Path, found: Found) -> Any:
    if isinstance(value, list) and isinstance(at[1], str):
        found.append(_unknown(_camel(at[1]), at[0], _NO_LIST))
    else:
        found.append(_invalid(at, name, _shown(value)))
    return NOTHING


def _whole(value: Any) -> Any:
    number = _number(value)
    if number is NOTHING or not -(2**31) <= number < 2**31 or number != int(number):
        return NOTHING
    return int(number)


def _number(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = int(value) if _DIGITS.fullmatch(value) else float(value)
        except ValueError:
            return NOTHING
    if isinstance(value, bool) or not isinstance(value, int | float):
        return NOTHING
    try:
        return value if math.isfinite(value) else NOTHING
    except OverflowError:
        return NOTHING


def _short_number(value: Any) -> Any:
    number = _number(value)
    return number if number is not NOTHING and abs(number) <= 3.4028235e38 else NOTHING


def _bool(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value, NOTHING) if isinstance(value, str) else NOTHING


def _text(value: Any) -> Any:
    return value if isinstance(value, str) else NOTHING


def _text_or_number(value: Any) -> Any:
    number = NOTHING if isinstance(value, str) else _number(value)
    return _text(value) if number is NOTHING else json.dumps(number)


_SCALARS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "int32": ("TYPE_INT32", _whole),
    "float": ("TYPE_FLOAT", _short_number),
    "double": ("TYPE_DOUBLE", _number),
    "bool": ("TYPE_BOOL", _bool),
    "string": ("TYPE_STRING", _text),
    "text": ("TYPE_STRING", _text_or_number),
    "mask": (f"{_GOOGLE}.protobuf.FieldMask", _text),
}


# -- complaints --------------------------------------------------------------------------------------------------------


def _unknown(name: str, at: Path, why: str) -> tuple[str, str]:
    place = _written(at)
    within = f" at '{place}'" if place else ""
    return place, f'Invalid JSON payload received. Unknown name "{name}"{within}: {why}'


def _invalid(at: Path, kind: str, shown: str) -> tuple[str, str]:
    place = _written(at)
    return place, f"Invalid value at '{place}' ({kind}), {shown}"


def _written(at: Path) -> str:
    """A path as Google writes it: `requests[0].merge_cells.merge_type`."""
    parts: list[str] = []
    while at:
        at, part = at
        parts.append(f"[{part}]" if isinstance(part, int) else part)
    return ".".join(reversed(parts)).replace(".[", "[").lstrip(".")


def _shown(value: Any) -> str:
    return _NO_OBJECT if isinstance(value, dict) else json.dumps(value, ensure_ascii=False)[:200]
