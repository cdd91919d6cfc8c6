"""
What a client of Open311 GeoReport v2 files, read into the fields of a complaint; and what it may fill in. Pure.

Source: wiki.open311.org/GeoReport_v2, POST Service Request and GET Service Definition.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from forms.fields import FIELD
from forms.problems import RefusedError
from forms.regions import districts
from forms.validation import Checked, check
from forms.wording import marked
from register.complaint import WITA

NAMELESS = "Pelapor Open311"
"""Stands for the name of somebody who left a telephone number or an address, but no name."""
_YES = ("true", "1", "ya", "yes")
_ATTRIBUTE = "attribute"
_POSITION = marked("Isi lat dan long, keduanya, dengan derajat WGS84, misalnya -0.4017 dan 116.9853.")


@dataclass(frozen=True)
class Attribute:
    """
    A further question that every service asks and nobody has to answer.

    Args:
        code: The field of a complaint that it fills.
        datatype: As the specification names it.
    """

    code: str
    datatype: str

    def choices(self) -> tuple[tuple[str, str], ...]:
        """Keys and names of a list's values; names of flags are msgids."""
        if self.code == "district":
            return tuple((district.name, district.name) for district in districts())
        return (("true", marked("Ya")), ("false", marked("Tidak"))) if self.datatype == "singlevaluelist" else ()


ATTRIBUTES = (
    Attribute("district", "singlevaluelist"),
    Attribute("village", "string"),
    Attribute("incident_date", "datetime"),
    Attribute("confidential", "singlevaluelist"),
)
_CODES = frozenset(attribute.code for attribute in ATTRIBUTES)
PARAMETERS: Mapping[str, str] = {
    "category": "service_code",
    "incident_place": "address_string",
    "name": "first_name, last_name",
    **{code: f"{_ATTRIBUTE}[{code}]" for code in _CODES},
}
"""What the specification calls a field, where that is not its own name."""


def parameters(pairs: Iterable[tuple[str, object]]) -> dict[str, str]:
    """
    Parameters by name, from a form's pairs or a JSON object's. What was sent several times is joined by commas,
    once if it is the same; `attribute` in JSON may be an object.

    Raises: RefusedError for a value that is neither text nor a number.
    """
    found: dict[str, list[str]] = {}
    for name, value in _flat(pairs):
        if value:
            found.setdefault(name.removesuffix("[]"), []).append(value)
    return {name: ", ".join(dict.fromkeys(values)) for name, values in found.items()}


def _flat(pairs: Iterable[tuple[str, object]]) -> Iterable[tuple[str, str]]:
    for name, value in pairs:
        if isinstance(value, Mapping) and name == _ATTRIBUTE:
            yield from _flat((f"{_ATTRIBUTE}[{code}]", inner) for code, inner in value.items())
        elif isinstance(value, list):
            yield from ((name, _scalar(inner)) for inner in value)
        else:
            yield name, _scalar(value)


def _scalar(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise RefusedError("wrong_type", marked("Isi setiap parameter dengan teks atau angka."))


def check_filing(sent: Mapping[str, str], *, today: date) -> Checked:
    """
    A request as a complaint in normal form, or everything that has to be mended first, by the names of our fields.

    Who leaves neither telephone number nor e-mail address cannot be answered but by ticket, and stays anonymous. What
    has no field of its own is kept below the description: an address of a photo, which is not fetched, and attributes
    that are not asked for. `device_id` and `account_id` are not looked at.

    Args:
        sent: As `parameters` gives it.
        today: The office's date (WITA).

    Raises: RefusedError for a position that is none. One outside of the regency is as good as any.
    """
    place, more = _place(sent), list(_without_field(sent))
    if len(place) > FIELD["incident_place"].longest:
        place, more = "", [f"Tempat kejadian: {place}", *more]
    data = {**_person(sent), **_answers(sent), "incident_place": place}
    data |= {"category": sent.get("service_code", "").strip(), "description": sent.get("description", "")}
    checked = check(data, today=today)
    if checked.intake is None or not more:
        return checked
    return check(data | {"description": "\n".join((checked.intake.description, "", *more))}, today=today)


def _person(sent: Mapping[str, str]) -> dict[str, object]:
    name = " ".join(filter(None, (sent.get(part, "").strip() for part in ("first_name", "last_name"))))
    contact = {way: sent.get(way, "").strip() for way in ("phone", "email")}
    return {**contact, "name": name or NAMELESS} if any(contact.values()) else {"anonymous": True}


def _answers(sent: Mapping[str, str]) -> dict[str, object]:
    said = {code: sent.get(f"{_ATTRIBUTE}[{code}]", "").strip() for code in _CODES}
    return {
        **said,
        "incident_date": _day(said["incident_date"]),
        "confidential": said["confidential"].casefold() in _YES,
    }


def _day(text: str) -> str:
    """The office's date of an ISO 8601 instant; anything else as it is, for the field's own rule to refuse."""
    try:
        at = datetime.fromisoformat(text)
        return (at.astimezone(WITA) if at.tzinfo else at).date().isoformat()
    except (ValueError, OverflowError):
        return text


def _place(sent: Mapping[str, str]) -> str:
    """Where it happened, in one line. Raises: RefusedError."""
    address_id = sent.get("address_id", "").strip()
    parts = (sent.get("address_string", "").strip(), address_id and f"address_id {address_id}", _position(sent))
    return "; ".join(filter(None, parts))


def _position(sent: Mapping[str, str]) -> str:
    lat, long = sent.get("lat", "").strip(), sent.get("long", "").strip()
    return f"{_degrees(lat, 90)}, {_degrees(long, 180)}" if lat or long else ""


def _degrees(text: str, most: int) -> str:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not abs(value) <= most:  # also what is no number
        raise RefusedError("position", _POSITION, field="lat, long")
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _without_field(sent: Mapping[str, str]) -> Iterable[str]:
    if url := sent.get("media_url", "").strip():
        yield f"Foto atau berkas (belum diunduh): {url}"
    for name, value in sent.items():
        if name.startswith(f"{_ATTRIBUTE}[") and name.removeprefix(f"{_ATTRIBUTE}[").removesuffix("]") not in _CODES:
            yield f"{name.removeprefix(_ATTRIBUTE)}: {value}"
