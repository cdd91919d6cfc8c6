"""Reading what Open311 clients send, in any of the forms in which they send it."""

import pytest

from forms.fields import FIELD
from forms.open311 import ATTRIBUTES, check_filing, parameters
from forms.problems import RefusedError
from tests.builders import MOMENT

TODAY = MOMENT.date()
SAID = {"service_code": "pkh", "description": "Kartu PKH belum kami terima."}


@pytest.mark.parametrize(
    ("pairs", "read"),
    [
        ([("a", "x"), ("b", "")], {"a": "x"}),
        ([("a", "x"), ("a", "x"), ("b", "y"), ("b", "z")], {"a": "x", "b": "y, z"}),
        ([("attribute[x][]", "1"), ("attribute[x][]", "2")], {"attribute[x]": "1, 2"}),
        ([("attribute", {"x": ["1", 2], "y": None})], {"attribute[x]": "1, 2"}),
        ([("lat", -0.5), ("n", 7), ("t", True), ("f", False)], {"lat": "-0.5", "n": "7", "t": "true", "f": "false"}),
    ],
)
def test_parameters_are_texts_by_name(pairs, read) -> None:
    assert parameters(pairs) == read


@pytest.mark.parametrize("pairs", [[("lat", {})], [("a", [["x"]])], [("attribute", {"x": {"y": "z"}})]])
def test_deeper_values_are_refused(pairs) -> None:
    with pytest.raises(RefusedError):
        parameters(pairs)


@pytest.mark.parametrize(
    ("lat", "long", "place"),
    [
        ("0", "0", "0, 0"),
        ("-90", "180", "-90, 180"),
        ("-0.40170", "116.98531234", "-0.4017, 116.985312"),
        ("51.5", "-0.12", "51.5, -0.12"),
        ("", "", ""),
    ],
)
def test_positions_anywhere_on_earth_become_text(lat, long, place) -> None:
    checked = check_filing(SAID | {"lat": lat, "long": long}, today=TODAY)
    assert checked.intake
    assert (checked.intake.incident_place, checked.intake.category) == (place, "PKH")


@pytest.mark.parametrize(
    ("lat", "long"), [("90.1", "0"), ("0", "-181"), ("inf", "0"), ("0", "nan"), ("1", ""), ("x", "1")]
)
def test_what_is_no_position_is_refused(lat, long) -> None:
    with pytest.raises(RefusedError) as refused:
        check_filing(SAID | {"lat": lat, "long": long}, today=TODAY)
    assert refused.value.field == "lat, long"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-20", "2026-11-20"),
        ("2026-11-20T23:30:00Z", "2026-11-21"),
        ("2026-11-21T01:00:00+14:00", "2026-11-20"),
        ("2026-11-20T23:30:00", "2026-11-20"),
    ],
)
def test_dates_are_the_offices(text, day) -> None:
    checked = check_filing(SAID | {"attribute[incident_date]": text}, today=TODAY)
    assert checked.intake
    assert str(checked.intake.incident_date) == day


def test_what_is_added_does_not_make_a_description() -> None:
    checked = check_filing({"service_code": "PKH", "media_url": "http://contoh.id/foto.jpg"}, today=TODAY)
    assert [problem.field for problem in checked.problems] == ["description"]
    checked = check_filing(SAID | {"media_url": "x" * 5000}, today=TODAY)
    assert [(problem.field, problem.code) for problem in checked.problems] == [("description", "too_long")]


def test_attributes_are_fields() -> None:
    assert {attribute.code for attribute in ATTRIBUTES} <= FIELD.keys()
