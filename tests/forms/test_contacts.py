import pytest

from forms.contacts import email_of, phone_of
from forms.problems import RefusedError

PHONES = [
    ("0812-0000-0000", "+6281200000000", "as most people write it"),
    ("0812 0000 0000", "+6281200000000", "with spaces"),
    ("(0812) 0000.0000", "+6281200000000", "with brackets and dots"),
    ("0812\u20110000\u20110000", "+6281200000000", "a hyphen that only looks like one"),
    ("81200000000", "+6281200000000", "without its zero"),
    ("6281200000000", "+6281200000000", "with the country, without plus"),
    ("+62 812-0000-0000", "+6281200000000", "with the country"),
    ("+62 (0)812-0000-0000", "+6281200000000", "with the country and the zero"),
    ("006281200000000", "+6281200000000", "as dialled from abroad"),
    ("0812000000", "+62812000000", "nine digits, the fewest"),
    ("081200000000", "+6281200000000", "eleven digits"),
    ("0812000000000", "+62812000000000", "twelve digits, the most"),
    ("0541-000000", "+62541000000", "a landline in Tenggarong"),
    ("62541000000", "+62541000000", "a landline with its country"),
    ("+60 12-345 6789", "+60123456789", "a migrant worker's number abroad"),
]
NO_PHONES = [
    ("081200000", "phone_invalid", "eight digits"),
    ("08120000000000", "phone_invalid", "thirteen digits"),
    ("0800-000-0000", "phone_tollfree", "toll-free is no mobile"),
    ("800-000-0000", "phone_tollfree", "toll-free without its zero"),
    ("+62 800 000 0000", "phone_tollfree", "toll-free with its country"),
    ("541000000", "phone_invalid", "a landline without its zero"),
    ("12345", "phone_invalid", "too short for anything"),
    ("112", "phone_invalid", "an emergency number"),
    ("0000000000", "phone_invalid", "nothing but zeros"),
    ("0812-0000-0000/0813-0000-0000", "phone_invalid", "two numbers with a stroke"),
    ("0812-ABCD-0000", "phone_invalid", "letters"),
    ("+1 555", "phone_invalid", "too short abroad"),
    ("+999 123456789", "phone_invalid", "no such country"),
    ("0812-0000-0000 / 0813-0000-0000", "phone_invalid", "two numbers"),
    ("=1+1", "phone_invalid", "a formula"),
    ("tidak ada", "phone_invalid", "words"),
]
EMAILS = [
    "ibu@contoh.id",
    "ibu.contoh+bansos@surat.contoh.co.id",
    "o'neil@contoh.id",
    "a@b.id",
    "nama_1@contoh-desa.id",
]
NO_EMAILS = [
    "ibu",
    "ibu@",
    "@contoh.id",
    "ibu@contoh",
    "ibu contoh@contoh.id",
    "ibu@contoh..id",
    "ibu..contoh@contoh.id",
    ".ibu@contoh.id",
    "ibu.@contoh.id",
    "ibu@-contoh.id",
    "ibu@contoh.id, bapak@contoh.id",
    "ibu@contoh.1",
    "<ibu@contoh.id>",
    f"{'a' * 65}@contoh.id",
    f"a@{'b' * 250}.id",
]


@pytest.mark.parametrize(
    ("typed", "expected"), [(typed, expected) for typed, expected, _ in PHONES], ids=[label for *_, label in PHONES]
)
def test_phone_numbers_become_e164(typed: str, expected: str) -> None:
    assert phone_of(typed) == expected


@pytest.mark.parametrize(
    ("typed", "code"), [(typed, code) for typed, code, _ in NO_PHONES], ids=[label for *_, label in NO_PHONES]
)
def test_what_is_no_phone_number_is_refused(typed: str, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        phone_of(typed)
    assert refused.value.code == code


@pytest.mark.parametrize("typed", EMAILS)
def test_email_addresses_are_taken(typed: str) -> None:
    assert email_of(typed) == typed


def test_the_host_of_an_email_address_is_lower_case() -> None:
    assert email_of("Ibu@Contoh.ID") == "Ibu@contoh.id"


@pytest.mark.parametrize("typed", NO_EMAILS)
def test_what_is_no_email_address_is_refused(typed: str) -> None:
    with pytest.raises(RefusedError) as refused:
        email_of(typed)
    assert refused.value.code == "email_invalid"
