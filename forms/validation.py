"""Checking a complaint before it is filed: every problem at once, each at its field, with the way to mend it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from forms.categories import category_of
from forms.contacts import email_of, phone_of
from forms.field_kinds import Field, Kind, Need, Privacy
from forms.fields import FIELD, FIELDS
from forms.identity_numbers import kk_of, nik_of, nik_warnings
from forms.incident_dates import incident_date_of
from forms.plain_text import clean_text, showable
from forms.problems import Problem, RefusedError
from forms.regions import settle_place, without_neighbourhood
from register.complaint import Identity, Intake

_UNKNOWN_SHOWN = 60
_RULES: Mapping[Kind, Callable[[str], str]] = {
    Kind.NIK: nik_of,
    Kind.KK: kk_of,
    Kind.PHONE: phone_of,
    Kind.EMAIL: email_of,
    Kind.CATEGORY: category_of,
}
_CONTACTS = frozenset(field.name for field in FIELDS if field.needed is Need.CONTACT)


@dataclass(frozen=True)
class Checked:
    """The outcome: an intake, or the problems that stand in its way. Warnings never do."""

    intake: Intake | None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def check(data: Mapping[str, object], *, today: date, by_post: bool = False) -> Checked:
    """
    A complaint in normal form, or everything that has to be mended first.

    Args:
        data: Values by field name: text, or true and false for flags. None and empty text mean not given.
        today: The office's date (WITA); nothing can have happened after it.
        by_post: Whether the answer can go to an address, so that neither telephone nor e-mail is needed.

    An anonymous reporter's identity is dropped unread, so that nothing about it can be wrong either.
    Source: domain section 3; design, API fields.
    """
    problems = [_unknown(name) for name in data if name not in FIELD]
    anonymous = data.get("anonymous") is True
    values: dict[str, Any] = {}
    for field in FIELDS:
        if anonymous and field.privacy is Privacy.IDENTITY:
            continue
        try:
            values[field.name] = _value(field, data.get(field.name), today)
        except RefusedError as refused:
            problems.append(refused.problem(field.name))
    problems += _settle_place(values)
    if not anonymous:
        troubled = {problem.field for problem in problems}
        problems += _unreachable(values, troubled | ({"phone"} if by_post else set()))
    warnings = nik_warnings(values["nik"]) if values.get("nik") else ()
    if problems:
        return Checked(None, tuple(sorted(problems, key=_position)), warnings)
    return Checked(_intake(values), (), warnings)


def _value(field: Field, raw: object, today: date) -> object:
    if field.kind is Kind.FLAG:
        return _flag(raw)
    text = _text(field, raw)
    if not text:
        return None if field.kind is Kind.DATE else ""
    if field.kind is Kind.DATE:
        return incident_date_of(text, today)
    return _RULES[field.kind](text) if field.kind in _RULES else text


def _flag(raw: object) -> bool:
    if raw is None:
        return False
    if not isinstance(raw, bool):
        raise RefusedError("wrong_type", "Isi dengan true atau false, tanpa tanda kutip.")
    return raw


def _text(field: Field, raw: object) -> str:
    if raw is not None and not isinstance(raw, str):
        raise RefusedError("wrong_type", "Isi dengan teks di antara tanda kutip.")
    text = clean_text(raw or "", lines=field.kind is Kind.TEXT)
    if field.required and not text:
        raise RefusedError("required", field.missing)
    if text and len(text) < field.shortest:
        raise RefusedError(
            "too_short",
            "Terlalu pendek: tulis sedikitnya %(limit)s karakter agar petugas dapat memahaminya.",
            limit=field.shortest,
        )
    if len(text) > field.longest and field.kind is not Kind.DATE:  # of a date its own rule tells the right form
        raise RefusedError(
            "too_long",
            "Terlalu panjang: %(length)s karakter. Ringkas menjadi paling banyak %(limit)s karakter.",
            length=len(text),
            limit=field.longest,
        )
    return text


def _settle_place(values: dict[str, Any]) -> list[Problem]:
    """
    Put the official names in place, unless one of the two was refused already; an RT behind the village's name goes to
    where it happened.
    """
    if not {"district", "village"} <= values.keys():
        return []
    village, neighbourhood = without_neighbourhood(values["village"])
    try:
        values["district"], values["village"] = settle_place(values["district"], village)
    except RefusedError as refused:
        return [refused.problem("district")]
    place = ", ".join(filter(None, (values.get("incident_place"), neighbourhood)))
    if neighbourhood and len(place) <= FIELD["incident_place"].longest:
        values["incident_place"] = place
    return []


def _unreachable(values: Mapping[str, Any], troubled: set[str]) -> list[Problem]:
    """What a reporter who gives a name has to fill in besides."""
    return [
        problem
        for problem in _missing(values)
        if problem.field not in troubled and not (problem.code == "contact_required" and _CONTACTS & troubled)
    ]


def _missing(values: Mapping[str, Any]) -> Iterator[Problem]:
    for field in FIELDS:
        if field.needed in (Need.ALWAYS, Need.NAMED) and not values.get(field.name):
            yield Problem(field.name, "required", field.missing)
        if field.name == "phone" and not any(values.get(name) for name in _CONTACTS):
            yield Problem(field.name, "contact_required", field.missing)


def _unknown(name: object) -> Problem:
    return Problem(
        showable(str(name))[:_UNKNOWN_SHOWN],
        "unknown_field",
        "Kolom ini tidak dikenal. Hapus, atau periksa ejaan namanya.",
    )


def _position(problem: Problem) -> int:
    """Problems are told in the order of the form, unknown fields last."""
    return list(FIELD).index(problem.field) if problem.field in FIELD else len(FIELD)


def _intake(values: dict[str, Any]) -> Intake:
    anonymous, confidential = values.pop("anonymous"), values.pop("confidential")
    identity = Identity.ANONYMOUS if anonymous else Identity.CONFIDENTIAL if confidential else Identity.OPEN
    return Intake(**values, identity=identity)
