"""The JSON inside sealed columns. Its keys are the fields' names, so it reads the same in years to come."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from register.complaint import Identity, Intake


def dump_intake(intake: Intake) -> str:
    """The intake as canonical JSON, empty fields left out."""
    values = {item.name: getattr(intake, item.name) for item in fields(Intake)}
    if intake.incident_date is not None:
        values["incident_date"] = intake.incident_date.isoformat()
    return _dump({name: value for name, value in values.items() if value})


def load_intake(text: str) -> Intake:
    """The intake back; fields that this version does not know are ignored."""
    values: dict[str, Any] = json.loads(text)
    known = {item.name for item in fields(Intake)}
    values = {name: value for name, value in values.items() if name in known}
    if "incident_date" in values:
        values["incident_date"] = date.fromisoformat(values["incident_date"])
    values.setdefault("description", "")
    values["identity"] = Identity(values.get("identity", Identity.OPEN))
    return Intake(**values)


def dump_texts(texts: Mapping[str, str]) -> str:
    """Named texts as canonical JSON."""
    return _dump(dict(texts))


def load_texts(text: str) -> dict[str, str]:
    """Named texts back."""
    loaded: dict[str, str] = json.loads(text)
    return loaded


def _dump(values: Mapping[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
