"""
Google's messages in brief, made from the discovery documents: `make docs` renews them, a test finds them stale.

`localsheets/api/sheets.json` and `drive.json` hold `messages` (field → type), `enums` and `methods`. A type is `int32`,
`float`, `double`, `bool`, `string`, `mask`, `any`, a message's name, or an enum's name after `:`; `[…]` is a list of
these and `{…}` a map. Source: https://developers.google.com/discovery/v1/reference/apis
"""

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

Json = dict[str, Any]
FOLDER = Path(__file__).parent.parent / "localsheets" / "api"
APIS = {"sheets.v4": "sheets.json", "drive.v3": "drive.json"}
_DRIVE_RESOURCES = ("about", "comments", "files", "permissions", "revisions")
_SCALARS = {
    ("integer", "int32"): "int32",
    ("number", "float"): "float",
    ("number", "double"): "double",
    ("boolean", None): "bool",
    ("string", "google-fieldmask"): "mask",
    ("any", None): "any",
}
_NAMED_OTHERWISE = {"InputValueOption": "ValueInputOption", "Type": "PasteType"}
"""Enums that neither their first value nor their field is named after."""


class Condensed:
    """What the server needs of one document."""

    def __init__(self, document: Json) -> None:
        self._schemas: Json = document["schemas"]
        self._users = _users_of_enums(document)
        self._messages: Json = {}
        self._enums: dict[str, list[str]] = {}
        kept = _DRIVE_RESOURCES if document["name"] == "drive" else tuple(document["resources"])
        found = [method for name in kept for method in _methods(document["resources"][name])]
        base = "" if document["name"] == "sheets" else document["servicePath"]
        self._methods = [self._method(method, base) for method in found]

    def text(self) -> str:
        """As JSON, a line for each message, enum and method."""
        parts = {
            name: [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in sorted(table.items())]
            for name, table in (("messages", self._messages), ("enums", self._enums))
        }
        blocks = [f'"{name}": {{\n{_lines(lines)}\n}}' for name, lines in parts.items()]
        methods = f'"methods": [\n{_lines([json.dumps(method) for method in self._methods])}\n]'
        return "{\n" + ",\n".join([*blocks, methods]) + "\n}\n"

    def _method(self, method: Json, base: str) -> Json:
        told = {"verb": method["httpMethod"], "path": "/" + base + method["path"]}
        for name in ("request", "response"):
            if name in method:
                told[name] = self._type(method[name], "", "")
        asked = {name: p for name, p in method.get("parameters", {}).items() if p["location"] == "query"}
        told["query"] = {name: self._parameter(parameter, name) for name, parameter in sorted(asked.items())}
        return told

    def _parameter(self, parameter: Json, name: str) -> str:
        told = self._type(parameter, "", name)
        return f"[{told}]" if parameter.get("repeated") else told

    def _type(self, schema: Json, message: str, field: str) -> str:
        if "$ref" in schema:
            self._add(schema["$ref"])
            return str(schema["$ref"])
        if "enum" in schema:
            return ":" + self._enum(schema, message, field)
        if schema["type"] == "array":
            return f"[{self._type(schema['items'], message, field)}]"
        if "additionalProperties" in schema:
            return "{" + self._type(schema["additionalProperties"], message, field) + "}"
        if schema["type"] == "object":
            return "any"
        return _SCALARS.get((schema["type"], schema.get("format")), "string")

    def _add(self, name: str) -> None:
        if name not in self._messages:
            self._messages[name] = {}
            fields = self._schemas[name].get("properties", {})
            self._messages[name] |= {field: self._type(schema, name, field) for field, schema in fields.items()}

    def _enum(self, schema: Json, message: str, field: str) -> str:
        first, _, rest = schema["enum"][0].rpartition("_")
        own = field[0].upper() + field[1:]
        if rest in {"UNSPECIFIED", "UNDEFINED"}:
            own = "".join(word.capitalize() for word in first.split("_"))
        own = own.removeprefix("Response")
        own = _NAMED_OTHERWISE.get(own, own)
        if message and len(self._users[tuple(schema["enum"])]) == 1:
            own = f"{message}.{own}"
        if self._enums.setdefault(own, schema["enum"]) != schema["enum"]:
            raise ValueError(f"two enums would be called {own}")
        return own


def _users_of_enums(document: Json) -> dict[tuple[str, ...], set[str]]:
    """Which messages have a field of an enum: one that several have stands by itself, one of a single one within it."""
    users: dict[tuple[str, ...], set[str]] = {}
    for name, schema in document["schemas"].items():
        for field in schema.get("properties", {}).values():
            users.setdefault(tuple(field.get("items", field).get("enum", ())), set()).add(name)
    return users


def _methods(resource: Json) -> Iterator[Json]:
    yield from resource.get("methods", {}).values()
    for below in resource.get("resources", {}).values():
        yield from _methods(below)


def _lines(lines: list[str]) -> str:
    return ",\n".join(lines)


def condensed(api: str) -> str:
    """The text that a file of ours should have."""
    document = files("googleapiclient") / "discovery_cache" / "documents" / f"{api}.json"
    return Condensed(json.loads(document.read_text("utf-8"))).text()


def main() -> None:
    """Renew both files."""
    for api, name in APIS.items():
        (FOLDER / name).write_text(condensed(api), "utf-8")


if __name__ == "__main__":
    main()
