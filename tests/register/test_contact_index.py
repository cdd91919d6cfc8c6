"""What a reporter is found by: the same key for every spelling, and nothing that tells a number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.contacts import phone_of
from forms.problems import RefusedError
from register.contact_index import email_key, keys_of, nik_key, phone_key
from tests.builders import an_intake

SPELLINGS = [
    "0812-0000-0000",
    "812 0000 0000",
    "+62 812 0000 0000",
    "62812.0000.0000",
    "(0062) 81200000000",
    "+6281200000000",
]


@pytest.mark.parametrize("typed", SPELLINGS)
def test_a_number_is_the_same_in_every_spelling(typed: str) -> None:
    assert phone_key(typed) == "6281200000000"


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("", ""),
        ("tidak ada", ""),
        ("0541-000000", "62541000000"),
        ("+60 12-000 0000", "60120000000"),
        ("0621 000000", "62621000000"),
        ("+62 0812 0000 0000", "6281200000000"),
    ],
)
def test_other_numbers_are_kept_apart(typed: str, key: str) -> None:
    assert phone_key(typed) == key


prefixes = st.sampled_from(["", "0", "62", "+62", "0062", "+62 0", "+60", "+1", "+65"])
numbers = st.from_regex(r"[1-9][0-9]{5,12}", fullmatch=True)
gaps = st.sampled_from(["", "-", " ", ".", "–"])


@given(prefix=prefixes, number=numbers, gap=gaps)
def test_whatever_the_form_takes_is_found_as_it_is_kept(prefix: str, number: str, gap: str) -> None:
    typed = prefix + gap + gap.join([number[:3], number[3:]])
    try:
        kept = phone_of(typed)
    except RefusedError:
        return
    assert phone_key(typed) == phone_key(kept) == kept.removeprefix("+")


def test_addresses_and_nik_are_compared_as_people_mean_them() -> None:
    assert email_key(" Ibu@Contoh.ID ") == email_key("ibu@contoh.id")
    assert nik_key("6402 9900 0000 0000") == "6402990000000000"


def test_what_was_not_given_is_no_way_to_find_anything() -> None:
    assert keys_of(an_intake(phone="", email="", nik="")) == {}
    assert set(keys_of(an_intake(email="a@contoh.id", nik="6402990000000000"))) == {"phone", "email", "nik"}
