from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.field_kinds import Kind
from forms.fields import FIELD, FIELDS
from forms.problems import Problem
from forms.validation import check
from register.complaint import Identity
from tests.builders import an_intake, some_data

TODAY = date(2026, 11, 23)


def problems_of(**changes: object) -> list[tuple[str, str]]:
    checked = check(some_data(**changes), today=TODAY)
    return [(problem.field, problem.code) for problem in checked.problems]


def test_the_least_that_is_needed_is_enough() -> None:
    assert check(some_data(), today=TODAY).intake == an_intake()


def test_what_cannot_be_seen_is_not_filled_in() -> None:
    unseen = "\u200b\u2060\u3164" * 5
    assert problems_of(name=unseen) == [("name", "required")]
    assert problems_of(description=unseen) == [("description", "required")]
    assert problems_of(phone=unseen) == [("phone", "contact_required")]


def test_everything_that_can_be_told_is_kept_in_normal_form() -> None:
    checked = check(
        some_data(
            subject=" Sembako ",
            category="sembako",
            nik="6402 9931 1299 9999",
            kk="6402990101990001",
            email="ibu@Contoh.ID",
            address="Jl. Contoh\nNo. 0",
            rt_rw="00/00",
            district="LOA KULU",
            village="rempanga",
            incident_date="2026-11-23",
            incident_place="Agen Contoh",
            respondent="Agen",
            loss="Tiga bulan\r\nsembako",
            remedy="Dibayarkan",
            affected_person="Nenek Contoh",
            relationship="cucu",
            representative="Surat kuasa 1 November 2026",
            confidential=True,
            anonymous=False,
        ),
        today=TODAY,
    )
    assert checked.intake == an_intake(
        subject="Sembako",
        category="SEMBAKO",
        nik="6402993112999999",
        kk="6402990101990001",
        email="ibu@contoh.id",
        address="Jl. Contoh No. 0",
        rt_rw="00/00",
        district="Loa Kulu",
        village="Rempanga",
        incident_date=TODAY,
        incident_place="Agen Contoh",
        respondent="Agen",
        loss="Tiga bulan\nsembako",
        remedy="Dibayarkan",
        affected_person="Nenek Contoh",
        relationship="cucu",
        representative="Surat kuasa 1 November 2026",
        identity=Identity.CONFIDENTIAL,
    )
    assert checked.warnings == ()


ACCEPTED = [
    ({"description": "x" * 10}, "the shortest description"),
    ({"description": "x" * 5000}, "the longest description"),
    ({"description": "a\r\n" * 2000}, "line breaks count once"),
    ({"description": "😡" * 10}, "emoji"),
    ({"description": '=HYPERLINK("http://contoh.id","klik")'}, "a formula is text"),
    ({"description": "<script>alert(1)</script>"}, "markup is text"),
    ({"phone": None, "email": "ibu@contoh.id"}, "e-mail alone"),
    ({"phone": "", "email": "ibu@contoh.id"}, "empty means not given"),
    ({"subject": None, "confidential": None, "anonymous": None}, "null means not given"),
    ({"name": None, "phone": None, "anonymous": True}, "anonymous"),
    ({"village": "Rempanga"}, "a village whose name is unique"),
    ({"category": ""}, "no category"),
]
REFUSED = [
    ({"description": None}, [("description", "required")], "no description"),
    ({"description": " \n\t\x00 "}, [("description", "required")], "a description of blanks"),
    ({"description": "x" * 9}, [("description", "too_short")], "9 characters"),
    ({"description": "x" * 5001}, [("description", "too_long")], "5,001 characters"),
    ({"description": 5}, [("description", "wrong_type")], "a number as description"),
    ({"description": ["x" * 20]}, [("description", "wrong_type")], "a list as description"),
    ({"description": "x" * 20 + "\ud800"}, [("description", "invalid_text")], "half a surrogate pair"),
    ({"name": None}, [("name", "required")], "no name"),
    ({"name": "x" * 121}, [("name", "too_long")], "a long name"),
    ({"phone": None}, [("phone", "contact_required")], "no contact"),
    ({"phone": 81200000000}, [("phone", "wrong_type")], "a number as phone"),
    ({"phone": "12345"}, [("phone", "phone_invalid")], "a wrong phone, without asking for a contact too"),
    ({"phone": None, "email": "ibu"}, [("email", "email_invalid")], "a wrong e-mail, likewise"),
    ({"nik": "640299000000000"}, [("nik", "nik_length")], "a NIK of 15 digits"),
    ({"nik": 6402990000000000}, [("nik", "wrong_type")], "a NIK as number"),
    ({"kk": "1"}, [("kk", "kk_length")], "a KK of one digit"),
    ({"incident_date": "2026-11-24"}, [("incident_date", "date_future")], "tomorrow"),
    ({"incident_date": 20261123}, [("incident_date", "wrong_type")], "a date as number"),
    ({"category": "JALAN"}, [("category", "category_unknown")], "an unknown category"),
    ({"district": "Berau"}, [("district", "district_unknown")], "an unknown district"),
    ({"district": "Loa Kulu", "village": "Timbau"}, [("village", "village_elsewhere")], "a village elsewhere"),
    ({"village": "Sumber Sari"}, [("district", "district_needed")], "a village name of three districts"),
    ({"confidential": "true"}, [("confidential", "wrong_type")], "text as flag"),
    ({"anonymous": 1}, [("anonymous", "wrong_type")], "a number as flag"),
    ({"nama": "Ibu"}, [("nama", "unknown_field")], "an unknown field"),
    ({"identity": "anonymous"}, [("identity", "unknown_field")], "an inner name is no field"),
]


@pytest.mark.parametrize("changes", [row[0] for row in ACCEPTED], ids=[row[1] for row in ACCEPTED])
def test_accepted(changes: dict[str, object]) -> None:
    assert problems_of(**changes) == []


@pytest.mark.parametrize(("changes", "expected"), [row[:2] for row in REFUSED], ids=[row[2] for row in REFUSED])
def test_refused(changes: dict[str, object], expected: list[tuple[str, str]]) -> None:
    assert problems_of(**changes) == expected
    assert check(some_data(**changes), today=TODAY).intake is None


def test_all_problems_come_at_once_in_the_order_of_the_form() -> None:
    found = problems_of(zzz=1, nik="1", incident_date="besok", description="x", name="", phone="")
    assert [field for field, _ in found] == ["description", "incident_date", "name", "phone", "nik", "zzz"]


def test_problems_say_how_to_mend_them() -> None:
    (problem,) = check(some_data(description="x" * 6000), today=TODAY).problems
    assert problem.message == "Terlalu panjang: 6000 karakter. Ringkas menjadi paling banyak 5000 karakter."


def test_an_anonymous_reporters_identity_is_dropped_unread() -> None:
    data = some_data(
        anonymous=True, confidential=True, nik="123", kk="1", email="?", address="Jl. Contoh", rt_rw="1", phone=5
    )
    intake = check(data, today=TODAY).intake
    assert intake == an_intake(name="", phone="", identity=Identity.ANONYMOUS)


@pytest.mark.parametrize(("place", "expected"), [("", "rt 5"), ("Agen Contoh", "Agen Contoh, rt 5")])
def test_an_rt_typed_behind_the_village_goes_to_where_it_happened(place: str, expected: str) -> None:
    intake = check(some_data(village="rempanga rt 5", incident_place=place), today=TODAY).intake
    assert intake
    assert (intake.district, intake.village, intake.incident_place) == ("Loa Kulu", "Rempanga", expected)


@pytest.mark.parametrize("typed", ["agustus 2026", "kira-kira akhir bulan lalu"])
def test_a_date_in_words_is_told_what_to_do_instead(typed: str) -> None:
    (problem,) = check(some_data(incident_date=typed), today=TODAY).problems
    assert (problem.field, problem.code) == ("incident_date", "date_invalid")
    assert "kosongkan dan tulis perkiraannya" in problem.message


def test_an_odd_nik_warns_and_is_kept() -> None:
    checked = check(some_data(nik="6403990101999999"), today=TODAY)
    assert checked.intake is not None
    assert checked.intake.nik == "6403990101999999"
    assert [warning.code for warning in checked.warnings] == ["nik_region"]


def test_an_unknown_field_is_named_briefly_and_safely() -> None:
    (problem,) = check(some_data(**{"\ud800\x00" + "x" * 500: 1}), today=TODAY).problems
    assert problem == Problem("\ufffd" + "x" * 59, "unknown_field", problem.msgid)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*FIELD, "lain"]), anything))
def test_anything_is_either_an_intake_or_a_list_of_problems(data: dict[str, object]) -> None:
    checked = check(data, today=TODAY)
    assert (checked.intake is None) == bool(checked.problems)
    for problem in checked.problems:
        assert problem.field in {*FIELD, "lain"}
        assert problem.message


@given(
    st.fixed_dictionaries({field.name: st.text() for field in FIELDS if field.kind in (Kind.LINE, Kind.TEXT)}),
)
def test_what_was_taken_is_taken_again_unchanged(data: dict[str, object]) -> None:
    first = check({**data, "phone": "0812-0000-0000"}, today=TODAY).intake
    if first is not None:
        again = {name: getattr(first, name) for name in data} | {"phone": first.phone}
        assert check(again, today=TODAY).intake == first
