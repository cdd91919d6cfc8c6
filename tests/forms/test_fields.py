from dataclasses import fields

import pytest

from forms.field_kinds import Kind, Need, Privacy
from forms.fields import FIELD, FIELDS, field_titled
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


def test_a_needed_field_says_what_to_do_where_it_is_missing() -> None:
    groups = {Need.NEVER, Need.CONTACT}
    assert [f.name for f in FIELDS if {f.needed, f.desk} - groups and not f.missing] == []
    assert FIELD["phone"].missing


def test_the_desk_needs_what_is_needed_online_and_the_longer_list_of_the_paper() -> None:
    assert [f.name for f in FIELDS if f.needed is not Need.NEVER and f.desk is not f.needed] == []
    longer = {f.name for f in FIELDS if f.desk is not Need.NEVER and f.needed is Need.NEVER}
    assert longer == {
        "category",
        "remedy",
        "district",
        "village",
        "incident_place",
        "incident_date",
        "address",
        "rt_rw",
    }


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Nama Lengkap *", "name"),
        (" nomor  whatsapp: ", "phone"),
        ("NIK", "nik"),
        ("Email Address", "email"),
        ("Isi Laporan", "description"),
        ("Desa/Kelurahan", "village"),
        ("incident_date", "incident_date"),
        ("Timestamp", None),
        ("", None),
    ],
)
def test_a_google_forms_question_is_known_by_its_title(title: str, name: str | None) -> None:
    found = field_titled(title)
    assert (found.name if found else None) == name


def test_no_two_fields_share_a_title() -> None:
    for field in FIELDS:
        for title in (field.name, field.label, field.on_paper, *field.titles):
            assert field_titled(title) == field, title
