"""The desk's form: what must be asked, and when a complaint reached the office."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import desk_fields
from forms.desk_fields import ASKED, arrival_of, check_desk, label_of, needed
from forms.fields import FIELD, FIELDS
from forms.problems import RefusedError
from register.complaint import Channel, Identity
from tests.builders import MOMENT, some_data

TODAY = date(2026, 11, 23)
WALK_IN = some_data(
    address="Jalan Contoh 1",
    rt_rw="01/02",
    village="Rempanga",
    category="SEMBAKO",
    incident_place="Agen di Rempanga",
    incident_date="2026-11-20",
    remedy="Bantuan dicairkan.",
)


def problems(channel: Channel = Channel.DESK, *, paper: bool = False, **changes: object) -> list[tuple[str, str]]:
    data = {name: value for name, value in (WALK_IN | changes).items() if value is not None}
    checked = check_desk(data, channel, paper=paper, today=TODAY)
    assert (checked.intake is None) is bool(checked.problems)
    return [(problem.field, problem.code) for problem in checked.problems]


def test_the_form_asks_every_field_once() -> None:
    placed = (*desk_fields.PERSON, *desk_fields.MATTER, *desk_fields.MORE, *desk_fields.FLAGS)
    assert sorted(placed) == sorted(field.name for field in FIELDS)
    assert {field.name for field in ASKED} <= set(placed)


def test_a_full_form_is_a_complaint_and_a_village_brings_its_kecamatan_along() -> None:
    checked = check_desk(WALK_IN, Channel.DESK, paper=False, today=TODAY)
    assert checked.intake
    assert (checked.intake.district, checked.intake.village) == ("Loa Kulu", "Rempanga")


@pytest.mark.parametrize("channel", [Channel.DESK, Channel.PHONE])
@pytest.mark.parametrize("name", [field.name for field in ASKED if field.name not in ("name", "district")])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_what_must_be_asked_is_missed(channel: Channel, name: str, value: str | None) -> None:
    missed = {name, "district"} if name == "village" else {name}
    assert {field for field, _ in problems(channel, **{name: value})} == missed


@pytest.mark.parametrize("name", [field.name for field in ASKED if field.name not in ("name", "category", "district")])
def test_what_a_paper_lacks_cannot_be_asked_any_more(name: str) -> None:
    assert problems(Channel.LETTER, **{name: ""}) == []
    assert problems(Channel.DESK, paper=True, **{name: ""}) == []


def test_the_clerk_chooses_a_category_for_every_paper() -> None:
    assert problems(Channel.LETTER, category="") == [("category", "desk_needed")]


@pytest.mark.parametrize(
    ("channel", "paper", "address", "expected"),
    [
        (Channel.LETTER, False, "Jalan Contoh 1", []),
        (Channel.DESK, True, "Jalan Contoh 1", []),
        (Channel.LETTER, False, "", [("phone", "contact_required")]),
        (Channel.DESK, False, "Jalan Contoh 1", []),
        (Channel.DESK, False, "", [("phone", "contact_required"), ("address", "desk_needed")]),
        (Channel.DESK, True, "", [("phone", "contact_required")]),
        (Channel.PHONE, False, "Jalan Contoh 1", [("phone", "contact_required")]),
    ],
)
def test_a_name_with_an_address_is_enough_save_on_the_telephone(
    channel: Channel, paper: bool, address: str, expected: list[tuple[str, str]]
) -> None:
    assert problems(channel, paper=paper, address=address, phone="") == expected


def test_whoever_stays_anonymous_is_not_asked_who_and_where_they_are() -> None:
    nameless = dict.fromkeys(("name", "phone", "address", "rt_rw", "village"), "")
    assert problems(anonymous=True, **nameless) == []
    assert problems(anonymous=True, remedy="") == [("remedy", "desk_needed")]
    assert needed(Channel.DESK, paper=False, anonymous=True) == (
        "category",
        "remedy",
        "incident_place",
        "incident_date",
    )
    checked = check_desk(WALK_IN | {"anonymous": True}, Channel.DESK, paper=False, today=TODAY)
    assert checked.intake
    assert (checked.intake.identity, checked.intake.name, checked.intake.address) == (Identity.ANONYMOUS, "", "")


def test_a_field_has_one_problem_and_they_are_in_the_order_of_the_form() -> None:
    found = [
        field
        for field, _ in problems(
            Channel.PHONE, name="", phone="", description="x", category="TIDAK", incident_date="kapan"
        )
    ]
    assert found == ["name", "phone", "description", "category", "incident_date"]


@given(st.dictionaries(st.sampled_from(list(FIELD)), st.text(max_size=60), max_size=8), st.booleans())
def test_whatever_is_typed_is_a_complaint_or_a_named_problem(typed: dict[str, object], paper: bool) -> None:
    for flag in desk_fields.FLAGS:
        typed[flag] = bool(typed.get(flag))
    checked = check_desk(typed, Channel.DESK, paper=paper, today=TODAY)
    assert (checked.intake is None) == bool(checked.problems)
    assert {problem.field for problem in checked.problems} <= set(FIELD)


def test_every_field_has_a_label_for_clerks() -> None:
    assert label_of("name") == "Nama pelapor"
    assert label_of("nik") == FIELD["nik"].label


@pytest.mark.parametrize("channel", list(desk_fields.CHANNELS))
def test_nothing_on_the_form_speaks_to_the_reporter(channel: Channel) -> None:
    """The clerk has no family card of theirs in hand, and complains for nobody."""
    wrong = dict.fromkeys(FIELD, "x") | dict.fromkeys(desk_fields.FLAGS, False)
    found = [
        *check_desk(dict.fromkeys(desk_fields.FLAGS, False), channel, paper=False, today=TODAY).problems,
        *check_desk(wrong, channel, paper=False, today=TODAY).problems,
        *check_desk(WALK_IN | {"phone": "0800-000000"}, channel, paper=False, today=TODAY).problems,
    ]
    assert {"nik_length", "kk_length", "contact_required", "phone_tollfree"} <= {problem.code for problem in found}
    said = [problem.message for problem in found] + [label_of(name) for name in FIELD]
    assert [sentence for sentence in said if re.search(r"\b(Anda|saya|kami)\b", sentence)] == []


# -- when it came in --------------------------------------------------------------------------------------------------

ARRIVALS = [
    ("", "", None),
    ("2026-11-23", "09:15", datetime(2026, 11, 23, 1, 15, tzinfo=UTC)),
    ("23/11/2026", "9.15", datetime(2026, 11, 23, 1, 15, tzinfo=UTC)),
    (" 23-11-2026 ", " 09.15 ", datetime(2026, 11, 23, 1, 15, tzinfo=UTC)),
    ("", "10:30", MOMENT),
    ("2026-11-20", "", datetime(2026, 11, 19, 16, 0, tzinfo=UTC)),
]


@pytest.mark.parametrize(("day", "hour", "at"), ARRIVALS)
def test_when_it_came_in(day: str, hour: str, at: datetime | None) -> None:
    assert arrival_of(day, hour, MOMENT) == at


@pytest.mark.parametrize(
    ("day", "hour", "code"),
    [
        ("2026-11-23", "10:31", "arrival_future"),
        ("2026-11-24", "", "arrival_future"),
        ("", "10:31", "arrival_future"),
        ("kemarin", "", "arrival_invalid"),
        ("2026-02-30", "", "arrival_invalid"),
        ("1999-12-31", "", "arrival_invalid"),
        ("2026-11-23", "25:00", "arrival_invalid"),
        ("2026-11-23", "pagi", "arrival_invalid"),
        ("٢٠٢٦-11-23", "", "arrival_invalid"),
    ],
)
def test_a_time_that_cannot_be_is_not_passed_over(day: str, hour: str, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        arrival_of(day, hour, MOMENT)
    assert refused.value.code == code


@given(st.text(max_size=12), st.text(max_size=8))
def test_nothing_typed_as_a_time_breaks_it(day: str, hour: str) -> None:
    try:
        found = arrival_of(day, hour, MOMENT)
    except RefusedError:
        return
    assert found is None or MOMENT - timedelta(days=365 * 27) < found <= MOMENT
