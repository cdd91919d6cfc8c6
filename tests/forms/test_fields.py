from dataclasses import fields

from forms.field_kinds import Kind, Privacy
from forms.fields import FIELD, FIELDS
from register.complaint import Intake

CONTRACT = {
    "description",
    "subject",
    "category",
    "name",
    "nik",
    "phone",
    "email",
    "address",
    "district",
    "village",
    "incident_date",
    "incident_place",
    "confidential",
    "anonymous",
}


def test_the_contract_names_exactly_the_designs_fields() -> None:
    assert {field.name for field in FIELDS if field.contract} == CONTRACT


def test_every_field_has_its_place_in_an_intake() -> None:
    flags = {field.name for field in FIELDS if field.kind is Kind.FLAG}
    assert set(FIELD) - flags == {item.name for item in fields(Intake)} - {"identity"}


def test_what_tells_who_the_reporter_is_counts_as_identity() -> None:
    identity = {field.name for field in FIELDS if field.privacy is Privacy.IDENTITY}
    assert identity == {"name", "nik", "kk", "phone", "email", "address", "rt_rw"}


def test_every_text_field_has_a_longest_length() -> None:
    assert all(field.longest > 0 for field in FIELDS if field.kind is not Kind.FLAG)
