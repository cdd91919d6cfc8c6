"""The fields as JSON Schema (2020-12), for the OpenAPI description."""

from collections.abc import Callable
from typing import Any

from forms.categories import categories
from forms.field_kinds import Field, Kind
from forms.fields import FIELDS
from forms.regions import districts


def complaint_schema(say: Callable[[str], str]) -> dict[str, Any]:
    """
    The schema of a complaint as the API takes it.

    Args:
        say: Translates a msgid.
    """
    return {
        "type": "object",
        "properties": {field.name: _property(field, say) for field in FIELDS},
        "required": [field.name for field in FIELDS if field.required],
        "additionalProperties": False,
        "anyOf": [
            {"properties": {"anonymous": {"const": True}}, "required": ["anonymous"]},
            {"required": ["name", "phone"]},
            {"required": ["name", "email"]},
        ],
    }


def _property(field: Field, say: Callable[[str], str]) -> dict[str, Any]:
    found: dict[str, Any] = {"title": say(field.label)}
    if field.help:
        found["description"] = say(field.help)
    if field.kind is Kind.FLAG:
        return found | {"type": ["boolean", "null"], "default": False}
    found["type"] = "string" if field.required else ["string", "null"]
    found["maxLength"] = field.longest
    if field.shortest:
        found["minLength"] = field.shortest
    if field.kind in (Kind.DATE, Kind.EMAIL):
        found["format"] = field.kind.value
    if field.kind is Kind.CATEGORY:
        found["examples"] = [item.code for item in categories()]
    if field.kind is Kind.DISTRICT:
        found["examples"] = [item.name for item in districts()]
    return found
