import pytest

from forms.categories import categories, category_of
from forms.problems import RefusedError

CODES = [
    "DATA",
    "PKH",
    "SEMBAKO",
    "BLT",
    "PBI",
    "BENCANA",
    "DIFABEL",
    "LANSIA",
    "ANAK",
    "YATIM",
    "ADOPSI",
    "ODGJ",
    "GEPENG",
    "TERLANTAR",
    "KEKERASAN",
    "PANGAN",
    "USAHA",
    "LAYANAN",
    "PUNGLI",
    "INFO",
    "LUAR",
]


def test_the_categories_are_those_of_the_office() -> None:
    assert [item.code for item in categories()] == CODES


@pytest.mark.parametrize("typed", ["PKH", "pkh", "Pkh"])
def test_a_code_is_taken_in_any_case(typed: str) -> None:
    assert category_of(typed) == "PKH"


@pytest.mark.parametrize("typed", ["JALAN", "Program Keluarga Harapan (PKH)", "PKH,BLT", "ß"])
def test_other_codes_are_refused(typed: str) -> None:
    with pytest.raises(RefusedError) as refused:
        category_of(typed)
    assert refused.value.code == "category_unknown"


def test_labels_are_told_in_the_readers_language() -> None:
    (info,) = [item for item in categories() if item.code == "INFO"]
    assert info.label_in("id") == "Permintaan informasi"
    assert info.label_in("en") == "Request for information"
