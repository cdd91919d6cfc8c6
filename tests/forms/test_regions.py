import pytest

from forms.problems import RefusedError
from forms.regions import districts, settle_place, without_neighbourhood


def test_kukar_has_20_kecamatan_and_237_villages() -> None:
    villages = [village for district in districts() for village in district.villages]
    assert len(districts()) == 20
    assert len(villages) == 237
    assert sum(village.code.split(".")[3].startswith("1") for village in villages) == 44


def test_no_kecamatan_has_two_villages_of_one_name() -> None:
    for district in districts():
        names = [village.name.casefold() for village in district.villages]
        assert len(names) == len(set(names)), district.name


@pytest.mark.parametrize(
    ("district", "village", "expected"),
    [
        ("", "", ("", "")),
        ("Loa Kulu", "", ("Loa Kulu", "")),
        ("loa kulu", "REMPANGA", ("Loa Kulu", "Rempanga")),
        ("Kec. Loa Kulu", "Desa Rempanga", ("Loa Kulu", "Rempanga")),
        ("Sanga-Sanga", "", ("Sanga Sanga", "")),
        ("", "Rempanga", ("Loa Kulu", "Rempanga")),
        ("Sebulu", "Sumber Sari", ("Sebulu", "Sumber Sari")),
        ("", "Loa Kulu", ("Loa Kulu", "")),
        ("", "kec. tenggarong", ("Tenggarong", "")),
        ("Tenggarong", "Tenggarong", ("Tenggarong", "")),
        ("", "Muara Wis", ("Muara Wis", "Muara Wis")),
    ],
)
def test_places_get_their_official_names(district: str, village: str, expected: tuple[str, str]) -> None:
    assert settle_place(district, village) == expected


@pytest.mark.parametrize(
    ("district", "village", "field", "code"),
    [
        ("Balikpapan", "", "district", "district_unknown"),
        ("Berau", "Rempanga", "district", "district_unknown"),
        ("Loa Kulu", "Timbau", "village", "village_elsewhere"),
        ("Kota Bangun", "Sumber Sari", "village", "village_elsewhere"),
        ("Loa Kulu", "Antah Berantah", "village", "village_not_in_district"),
        ("", "Antah Berantah", "village", "village_unknown"),
        ("", "Sumber Sari", "district", "district_needed"),
        ("", "Samarinda", "village", "village_unknown"),
        ("Loa Kulu", "Tenggarong", "village", "village_not_in_district"),
        ("---", "", "district", "district_unknown"),
    ],
)
def test_other_places_are_refused_at_their_field(district: str, village: str, field: str, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        settle_place(district, village)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_a_misspelt_village_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(RefusedError) as refused:
        settle_place("Loa Kulu", "Rempangga")
    assert "(Rempanga?)" in refused.value.problem("village").message


@pytest.mark.parametrize(
    ("district", "village", "hint"), [("", "Gang Mawar Maluhu", "(Maluhu?)"), ("Tenggarong", "Jl. Timbau", "(Timbau?)")]
)
def test_a_village_with_its_street_is_answered_with_its_name_and_the_way_out(
    district: str, village: str, hint: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        settle_place(district, village)
    message = refused.value.problem("village").message
    assert hint in message
    assert "kosongkan dan tulis di Tempat kejadian" in message


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("maluhu rt 5", ("maluhu", "rt 5")),
        ("Maluhu, RT.05/RW 02", ("Maluhu", "RT.05/RW 02")),
        ("Maluhu RT05", ("Maluhu", "RT05")),
        ("Maluhu", ("Maluhu", "")),
        ("Maluhu RT", ("Maluhu RT", "")),
        ("RT 5", ("RT 5", "")),
        ("Kertart 5", ("Kertart 5", "")),
    ],
)
def test_an_rt_behind_a_village_is_told_from_its_name(typed: str, expected: tuple[str, str]) -> None:
    assert without_neighbourhood(typed) == expected
