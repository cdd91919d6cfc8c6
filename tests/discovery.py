"""
Google's discovery documents as a judge: could Google have given this answer, and would it have taken this request?

The documents come with google-api-python-client. A method is found by HTTP method and path; from its schemas closures
are made once, which check every value whole: unknown fields, types, ranges of numbers, enum values, forms of instants.
`tests/recording.py` puts the judge before a server under test.
Source: https://developers.google.com/discovery/v1/reference/apis
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

Json = dict[str, Any]
Check = Callable[[Any, str], Iterator[str]]
"""Yields one sentence for each thing wrong with a value at a path."""

APIS = {"sheets.v4": ("",), "drive.v3": ("drive/v3/", "upload/drive/v3/")}
"""Document → what stands before its methods' paths on the server; several where media may be uploaded."""
API_PATH = re.compile(r"/(v4/spreadsheets|drive/v3|upload/drive/v3)(/|:|$)")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")
_TEXT_FORMATS = {
    "google-datetime": _INSTANT,
    "date-time": _INSTANT,
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "int64": re.compile(r"-?\d{1,19}"),
    "byte": re.compile(r"[A-Za-z0-9+/_-]*={0,2}"),
}
_STATUSES = {
    400: {"INVALID_ARGUMENT", "FAILED_PRECONDITION", "OUT_OF_RANGE"},
    401: {"UNAUTHENTICATED"},
    403: {"PERMISSION_DENIED"},
    404: {"NOT_FOUND"},
    409: {"ABORTED", "ALREADY_EXISTS"},
    413: {"INVALID_ARGUMENT"},
    429: {"RESOURCE_EXHAUSTED"},
    500: {"INTERNAL", "UNKNOWN"},
    501: {"UNIMPLEMENTED"},
    503: {"UNAVAILABLE"},
    504: {"DEADLINE_EXCEEDED"},
}
_MOST_TOLD = 5
"""Violations told of one exchange; the rest are usually the same again."""


# -- schemas to closures -----------------------------------------------------------------------------------------------


class Schemas:
    """The schemas of one document, each compiled when it is first needed."""

    def __init__(self, document: Json) -> None:
        self._told: Json = document["schemas"]
        self._checks: dict[str, Check] = {}

    def named(self, name: str) -> Check:
        if name not in self._checks:
            self._checks[name] = lambda value, at: self._checks[name](value, at)  # a schema may hold itself
            self._checks[name] = self.check(self._told[name])
        return lambda value, at: self._checks[name](value, at)

    def check(self, schema: Json) -> Check:
        if "$ref" in schema:
            return self.named(schema["$ref"])
        kind = schema.get("type")
        if kind == "object":
            return self._object(schema)
        if kind == "array":
            return self._array(schema)
        return _scalar(schema)

    def _object(self, schema: Json) -> Check:
        fields = {name: self.check(inner) for name, inner in schema.get("properties", {}).items()}
        others = schema.get("additionalProperties")
        other = None if others is None else self.check(others)

        def check(value: Any, at: str) -> Iterator[str]:
            if not isinstance(value, dict):
                yield f"{at}: {_shown(value)} is no object"
                return
            for name, inner in value.items():
                below = fields.get(name, other)
                if below is None:
                    yield f"{at}: unknown field {name!r}"
                else:
                    yield from below(inner, f"{at}.{name}")

        return check

    def _array(self, schema: Json) -> Check:
        items = schema["items"]
        below = self.check(items)
        anything = items.get("type") == "any"

        def check(value: Any, at: str) -> Iterator[str]:
            if not isinstance(value, list):
                yield f"{at}: {_shown(value)} is no list"
            elif not anything:
                for index, item in enumerate(value):
                    yield from below(item, f"{at}[{index}]")

        return check


def _scalar(schema: Json) -> Check:
    fits = _fits(schema)
    what = " ".join(filter(None, (schema.get("type"), schema.get("format"))))
    if "enum" in schema:
        what = f"one of {', '.join(schema['enum'][:6])}…"

    def check(value: Any, at: str) -> Iterator[str]:
        if not fits(value):
            yield f"{at}: {_shown(value)} is no {what}"

    return check


def _fits(schema: Json) -> Callable[[Any], bool]:
    kind, form = schema.get("type"), schema.get("format")
    if "enum" in schema:
        allowed = frozenset(schema["enum"])
        return lambda value: isinstance(value, str) and value in allowed
    if kind == "string":
        pattern = _TEXT_FORMATS.get(form or "")
        if pattern is None:
            return lambda value: isinstance(value, str)
        return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None
    if kind == "boolean":
        return lambda value: isinstance(value, bool)
    if kind == "integer":
        return lambda value: isinstance(value, int) and not isinstance(value, bool) and -(2**31) <= value < 2**31
    if kind == "number":
        return lambda value: isinstance(value, int | float) and not isinstance(value, bool)
    return lambda _: True


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)[:80]


# -- methods -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Method:
    """One method of an API."""

    name: str
    verb: str
    path: re.Pattern[str]
    parameters: Mapping[str, Json]
    request: Check | None
    response: Check | None


@cache
def methods() -> list[Method]:
    """Every method of both documents, the ones with the most fixed text first: `…:append` before `…/{range}`."""
    found = [method for name, prefixes in APIS.items() for method in _methods_of(_document(name), prefixes)]
    return sorted(found, key=lambda method: -len(re.sub(r"\(\?:.*?\)|\[.*?\]\+", "", method.path.pattern)))


def _document(name: str) -> Json:
    folder = files("googleapiclient") / "discovery_cache" / "documents"
    loaded: Json = json.loads((folder / f"{name}.json").read_text("utf-8"))
    return loaded


def _methods_of(document: Json, prefixes: Iterable[str]) -> Iterator[Method]:
    schemas = Schemas(document)
    for method in _every_method(document):
        fixed = re.split(r"\{[^}]*\}", method.get("flatPath") or method["path"])
        pattern = "[^/]+".join(map(re.escape, fixed))
        yield Method(
            name=method["id"],
            verb=method["httpMethod"],
            path=re.compile("/(?:" + "|".join(map(re.escape, prefixes)) + ")" + pattern),
            parameters=document["parameters"] | method.get("parameters", {}),
            request=schemas.check(method["request"]) if "request" in method else None,
            response=schemas.check(method["response"]) if "response" in method else None,
        )


def _every_method(resource: Json) -> Iterator[Json]:
    yield from resource.get("methods", {}).values()
    for below in resource.get("resources", {}).values():
        yield from _every_method(below)


def method_for(verb: str, path: str) -> Method | None:
    """The method at an address, its path still quoted; None if Google has none there."""
    return next((m for m in methods() if m.verb == verb and m.path.fullmatch(path)), None)


# -- exchanges ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Exchange:
    """What was asked and what was answered; the address as sent, bodies as bytes."""

    verb: str
    address: str
    sent: bytes
    sent_type: str
    status: int
    answered: bytes
    answered_type: str

    @property
    def path(self) -> str:
        return self.address.partition("?")[0]

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(urlsplit(self.address).query, keep_blank_values=True)


def violations(exchange: Exchange, *, of_request: bool = True) -> list[str]:
    """What Google would not have answered or, if asked for, not have taken; addresses of no API are not judged."""
    if not API_PATH.match(exchange.path):
        return []
    method = method_for(exchange.verb, exchange.path)
    found = list(_of_answer(exchange, method))
    if of_request:
        found += _of_request(exchange, method)
    where = f"{exchange.verb} {unquote(exchange.path)} → {exchange.status}"
    return [f"{where}: {text}" for text in found[:_MOST_TOLD]]


def _of_answer(exchange: Exchange, method: Method | None) -> Iterator[str]:
    if exchange.status >= 400:
        yield from _of_error(exchange)
    elif method is None:
        yield "Google has no method at this address"
    elif method.response is None or dict(exchange.query).get("alt") == "media":
        return  # nothing, or a file
    elif not exchange.answered_type.startswith("application/json"):
        yield f"answered {exchange.answered_type!r} instead of JSON"
    else:
        yield from method.response(json.loads(exchange.answered, parse_constant=_no_json), "answer")


def _no_json(name: str) -> Any:
    raise AssertionError(f"{name} is no JSON")


def _of_error(exchange: Exchange) -> Iterator[str]:
    """Source: https://cloud.google.com/apis/design/errors#http_mapping"""
    try:
        error = json.loads(exchange.answered)["error"]
        code, message, status = error["code"], error["message"], error.get("status")
    except (ValueError, KeyError, TypeError):
        yield f"no error in Google's form: {exchange.answered[:80]!r}"
        return
    if code != exchange.status or not isinstance(message, str) or not message:
        yield f"code {code!r} and message {message!r} in an error"
    if status is not None or not exchange.path.startswith("/drive"):
        expected = _STATUSES.get(exchange.status)
        if expected is not None and status not in expected:
            yield f"status {status!r} in an error"
    if extra := error.keys() - {"code", "message", "status", "details", "errors"}:
        yield f"unknown fields {sorted(extra)} in an error"
    if any("@type" not in detail for detail in error.get("details", [])):
        yield "a detail without its @type"


def _of_request(exchange: Exchange, method: Method | None) -> Iterator[str]:
    if method is None:
        yield "no such method to ask"
        return
    for name, value in exchange.query:
        parameter = method.parameters.get(name)
        if parameter is None:
            yield f"unknown parameter {name!r}"
        elif not _parameter_fits(parameter, value):
            yield f"parameter {name}={value!r} is no {parameter.get('enum') or parameter['type']}"
    if not exchange.sent.strip() or "json" not in exchange.sent_type:
        return
    if method.request is None:
        yield "a body where none belongs"
    else:
        yield from method.request(_without_nulls(json.loads(exchange.sent)), "request")


def _parameter_fits(parameter: Json, value: str) -> bool:
    if "enum" in parameter:
        return value in parameter["enum"]
    if parameter["type"] == "boolean":
        return value.lower() in {"true", "false"}
    if parameter["type"] == "integer":
        return value.lstrip("-").isdigit()
    return True


def _without_nulls(value: Any) -> Any:
    """A null field is an absent one; a null among values skips a cell."""
    if isinstance(value, dict):
        return {name: _without_nulls(inner) for name, inner in value.items() if inner is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value
