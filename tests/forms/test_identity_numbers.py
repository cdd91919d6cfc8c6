import pytest

from forms.identity_numbers import kk_of, nik_of, nik_warnings
from forms.problems import RefusedError


@pytest.mark.parametrize(
    "typed", ["6402990000000000", "6402 9900 0000 0000", "6402.99.000000.0000", "640299-000000-0000"]
)
def test_a_number_of_16_digits_is_taken_in_any_grouping(typed: str) -> None:
    assert nik_of(typed) == "6402990000000000"
    assert kk_of(typed) == "6402990000000000"


@pytest.mark.parametrize(
    "typed",
    ["640299000000000", "64029900000000000", "640299000000000O", "٦٤٠٢٩٩٠٠٠٠٠٠٠٠٠٠", "-", "enam belas"],
    ids=["15 digits", "17 digits", "a letter O", "other digits", "a dash", "words"],
)
def test_any_other_length_is_refused(typed: str) -> None:
    with pytest.raises(RefusedError) as refused:
        nik_of(typed)
    assert refused.value.code == "nik_length"
    with pytest.raises(RefusedError) as refused:
        kk_of(typed)
    assert refused.value.code == "kk_length"


WARNINGS = [
    ("6402993112999999", [], "a man born on 31 December"),
    ("6402997112999999", [], "a woman born on 31 December"),
    ("6402994101009999", [], "a woman born on 1 January"),
    ("6402992902009999", [], "29 February 2000"),
    ("6402992902019999", ["nik_date"], "29 February of 1901 or 2001"),
    ("6402993202999999", ["nik_date"], "day 32"),
    ("6402994001999999", ["nik_date"], "day 40, neither a man's nor a woman's"),
    ("6402997201999999", ["nik_date"], "day 72"),
    ("6402990113999999", ["nik_date"], "month 13"),
    ("6402990001999999", ["nik_date"], "day 0"),
    ("6403990101999999", ["nik_region"], "Berau"),
    ("6402990101990000", ["nik_serial"], "serial 0000"),
    ("0000000000000000", ["nik_region", "nik_date", "nik_serial"], "nothing but zeros"),
]


@pytest.mark.parametrize(
    ("nik", "codes"), [(nik, codes) for nik, codes, _ in WARNINGS], ids=[label for *_, label in WARNINGS]
)
def test_odd_niks_are_warned_of(nik: str, codes: list[str]) -> None:
    assert [warning.code for warning in nik_warnings(nik)] == codes
