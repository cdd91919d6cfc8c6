"""
From HTTP to a method of Google's: which one an address means, and whether query, body and `fields` fit it.

All of it is checked before the method begins, as at Google, so that nothing is half done for a wrong request.
Source: https://cloud.google.com/endpoints/docs/grpc/transcoding
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from localsheets.api.field_masks import Mask, parse_mask
from localsheets.api.messages import InvalidMessageError, parsed_parameter, snake, tables

_STANDARD = frozenset(
    {
        *("$.xgafv", "access_token", "alt", "bearer_token", "callback", "fields", "key", "oauth_token", "pp"),
        *("prettyPrint", "quotaUser", "trace", "uploadType", "upload_protocol", "userIp"),
    }
)
"""What every method of Google's takes, with a `$` before it or not, in either spelling."""
_BODIES = {"Spreadsheet": "spreadsheet", "ValueRange": "data"}
"""Messages that are one field of a request whose other fields stand in the address."""


@dataclass(frozen=True)
class Method:
    """One method: messages by name, query parameters with their types."""

    verb: str
    path: re.Pattern[str]
    query: Mapping[str, str]
    request: str = ""
    response: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def body_field(self) -> str:
        return _BODIES.get(self.request, "")


@cache
def methods(api: str) -> tuple[Method, ...]:
    """All methods of `sheets` or `drive`."""
    return tuple(_method(told) for told in tables(api)["methods"])


def _method(told: dict[str, Any]) -> Method:
    query = told["query"]
    names = {spelling: name for name in query for spelling in (name, snake(name))}
    return Method(told["verb"], _pattern(told["path"]), query, told.get("request", ""), told.get("response", ""), names)


def _pattern(template: str) -> re.Pattern[str]:
    """A range may hold everything; ids hold no slash and no colon."""
    parts = re.split(r"\{(\w+)\}", template)
    pieces = [(".+" if part == "range" else "[^/:]+") if odd % 2 else re.escape(part) for odd, part in enumerate(parts)]
    return re.compile("".join(pieces))


def method_at(api: str, verb: str, path: str) -> Method | None:
    """The method at an address, its path still quoted."""
    return next((found for found in methods(api) if found.verb == verb and found.path.fullmatch(path)), None)


def understood_query(method: Method, query: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    """
    The query with Google's names in camelCase; values that say nothing are left out.

    Raises: InvalidMessageError for an unknown name or a value of the wrong type.
    """
    unknown = [name for name in query if name not in method.names and not _is_standard(name)]
    if unknown:
        raise InvalidMessageError("", [(name, _unbound(name)) for name in unknown])
    told = [
        (method.names.get(name, name), value)
        for name, value in query.items(multi=True)
        if _is_standard(name) or _says_something(method, method.names[name], value)
    ]
    return ImmutableMultiDict(told)


def _is_standard(name: str) -> bool:
    plain = name.removeprefix("$") if not name.startswith("$.") else name
    return plain in _STANDARD or re.sub("_([a-z])", lambda low: low[1].upper(), plain) in _STANDARD


def _unbound(name: str) -> str:
    return (
        f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter.'
        f" Field '{name}' could not be found in request message."
    )


def _says_something(method: Method, name: str, value: str) -> bool:
    return parsed_parameter(method.query[name].strip("[]"), name, value) is not None


# -- fields ------------------------------------------------------------------------------------------------------------


def response_mask(method: Method, text: str) -> Mask:
    """
    The `fields` of a request for an answer of this method, in camelCase.

    Raises: InvalidMessageError for a path that the answer cannot have.
    """
    mask, lacking = known_mask("sheets", method.response, parse_mask(text))
    if lacking:
        said = "Error expanding 'fields' parameter. Cannot find matching fields for path '{}'."
        found = [(path, said.format(path)) for path in lacking]
        raise InvalidMessageError("Request contains an invalid argument.", found)
    return mask


def known_mask(api: str, message: str, mask: Mask) -> tuple[Mask, list[str]]:
    """A mask over a message with its names in camelCase, and the paths in it that the message lacks."""
    fields: dict[str, str] | None = tables(api)["messages"].get(message)
    if fields is None:  # a scalar has nothing below it, a value of no known form may have anything
        return mask, [] if message == "any" else list(mask)
    spelled = {spelling: name for name in fields for spelling in (name, snake(name))} | {"*": "*"}
    known: Mask = {}
    lacking: list[str] = []
    for name, below in mask.items():
        if name not in spelled:
            lacking.append(name)
            continue
        if name == "*" or not below:
            known[spelled[name]] = below
            continue
        known[spelled[name]], deeper = known_mask(api, fields[spelled[name]].strip("[]{}"), below)
        lacking += [f"{name}.{path}" for path in deeper]
    return known, lacking
