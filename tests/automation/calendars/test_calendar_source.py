"""The calendar: national dates, Ramadan, what staff typed, and settings that cannot be read."""

from datetime import date, datetime, time

import pytest

from automation.calendars.calendar_source import (
    HOURS_SETTINGS,
    LocalDay,
    build_calendar,
    idle_settings,
    parse_hours,
    parse_ramadan,
    ramadan_of,
    too_long_closed,
)
from automation.calendars.office_calendar import WITA, OfficeHours, Ramadan
from automation.errors import OfficeHoursError


def hours_on(on: date, **arguments: object) -> str:
    """That date's service as "07.30-12.00 13.00-16.00"; empty if closed."""
    calendar = build_calendar([on.year], **arguments)  # type: ignore[arg-type]
    return " ".join(f"{opens:%H.%M}-{closes:%H.%M}" for opens, closes in calendar.service_intervals(on))


@pytest.mark.parametrize(
    ("on", "service"),
    [
        pytest.param(date(2026, 1, 5), "07.30-12.00 13.00-16.00", id="Monday"),
        pytest.param(date(2026, 1, 9), "07.30-11.30 13.00-16.30", id="Friday"),
        pytest.param(date(2026, 1, 10), "", id="Saturday"),
        pytest.param(date(2026, 2, 18), "07.30-12.00 13.00-16.00", id="eve of Ramadan"),
        pytest.param(date(2026, 2, 19), "08.00-12.00 12.30-15.00", id="first day of Ramadan"),
        pytest.param(date(2026, 2, 20), "08.00-12.00 13.00-15.30", id="Ramadan Friday"),
        pytest.param(date(2026, 3, 25), "07.30-12.00 13.00-16.00", id="after Idul Fitri"),
        pytest.param(date(2026, 2, 16), "", id="collective leave"),
        pytest.param(date(2026, 12, 24), "", id="collective leave before Christmas"),
        pytest.param(date(2026, 12, 31), "07.30-12.00 13.00-16.00", id="31 December is a working day"),
        pytest.param(date(2027, 1, 1), "", id="New Year"),
        pytest.param(date(2027, 3, 8), "", id="Nyepi 2027"),
    ],
)
def test_hours_of_a_date(on: date, service: str) -> None:
    assert hours_on(on) == service


def test_a_week_has_the_hours_of_perpres_21_2023() -> None:
    """37.5 hours in an ordinary week, 32.5 in Ramadan."""
    calendar = build_calendar([2026])
    for first, hours in [(date(2026, 1, 19), 37.5), (date(2026, 2, 23), 32.5)]:
        days = [first.replace(day=first.day + n) for n in range(5)]
        served = [closes - opens for day in days for opens, closes in calendar.service_intervals(day)]
        assert sum(stretch.total_seconds() for stretch in served) / 3600 == hours


def test_service_is_aware_and_in_wita() -> None:
    opens, closes = build_calendar([2026]).service_intervals(date(2026, 1, 5))[0]
    assert opens == datetime(2026, 1, 5, 7, 30, tzinfo=WITA)
    assert closes.utcoffset() is not None
    assert str(closes.tzinfo) == "Asia/Makassar"


def test_staff_add_and_remove_dates() -> None:
    """A local holiday closes, a cancelled one opens, the later row wins; a Saturday borrows Monday's hours."""
    anniversary, leave, saturday = date(2026, 9, 28), date(2026, 2, 16), date(2026, 1, 10)
    rows = [
        LocalDay(anniversary, "Hari Jadi Kota Tenggarong", "add"),
        LocalDay(leave, "Tetap masuk", "remove"),
        (saturday, "Layanan Sabtu", "remove"),
    ]
    assert hours_on(anniversary, local_days=rows) == ""
    assert hours_on(leave, local_days=rows) == "07.30-12.00 13.00-16.00"
    assert hours_on(saturday, local_days=rows) == "07.30-12.00 13.00-16.00"
    assert hours_on(leave, local_days=[*rows, (leave, "Jadi libur", "add")]) == ""
    calendar = build_calendar([2026], local_days=rows)
    assert calendar.closed_because(anniversary) == "libur (Hari Jadi Kota Tenggarong)"
    assert calendar.closed_because(leave) == ""


def test_row_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="geser"):
        build_calendar([2026], local_days=[(date(2026, 9, 28), "Hari Jadi", "geser")])


def test_settings_change_hours_and_ramadan() -> None:
    hours = {
        "jam_layanan_senin_kamis": "08:00 - 15:00",
        "jam_layanan_sabtu": "08.00-11.00",
        "jam_ramadan_jumat": "",
        "ramadan_2026": "18-02-2026 s.d. 19-03-2026",
    }
    assert hours_on(date(2026, 1, 5), hours=hours) == "08.00-15.00"
    assert hours_on(date(2026, 1, 10), hours=hours) == "08.00-11.00"
    assert hours_on(date(2026, 2, 18), hours=hours) == "08.00-12.00 12.30-15.00"
    assert hours_on(date(2026, 2, 20), hours=hours) == "08.00-12.00 13.00-15.30"


def test_defaults_can_be_read() -> None:
    assert [parse_hours(setting.name, setting.default) for setting in HOURS_SETTINGS][:4] == [
        OfficeHours(time(7, 30), time(16), time(12), time(13)),
        OfficeHours(time(7, 30), time(16, 30), time(11, 30), time(13)),
        None,
        None,
    ]
    assert all(setting.help for setting in HOURS_SETTINGS)


@pytest.mark.parametrize(
    ("hours", "idle"),
    [
        ({}, ()),
        ({"jam_layanan_senin_kamis": "tutup"}, ()),
        ({"jam_layanan_senin_kamis": "08.00-08.12", "jam_layanan_jumat": "08.00-08.11"}, ("layanan",)),
        ({"jam_layanan_senin_kamis": "08.00-08.12", "jam_layanan_jumat": "08.00-08.12"}, ()),
        ({"jam_ramadan_senin_kamis": "tutup", "jam_ramadan_jumat": "tutup"}, ("ramadan",)),
        ({"jam_ramadan_senin_kamis": "tutup", "jam_ramadan_jumat": "tutup", "jam_layanan_minggu": "08.00-09.00"}, ()),
    ],
)
def test_a_week_without_an_hour_of_service_is_idle(hours: dict[str, str], idle: tuple[str, ...]) -> None:
    assert idle_settings(hours) == tuple(f"jam_{kind}_{days}" for kind in idle for days in ("senin_kamis", "jumat"))


def test_a_closure_is_as_long_as_the_weekends_and_holidays_around_it_make_it() -> None:
    """Nyepi and Idul Fitri with their leave close 18 to 24 March 2026: 30 dates from there pass and 31 do not."""
    first = date(2026, 3, 25)
    for days, too_long in ((23, False), (24, True)):
        added = [date.fromordinal(first.toordinal() + number) for number in range(days)]
        calendar = build_calendar([2026], local_days=[LocalDay(on, "Tutup") for on in added])
        assert too_long_closed(calendar, added) == (set(added) if too_long else set())


def test_a_closure_may_reach_the_first_and_the_last_date() -> None:
    closed = [LocalDay(on, "Tutup") for on in (date.min, date.max)]
    calendar = build_calendar([2026], local_days=closed)
    assert too_long_closed(calendar, [day.on for day in closed]) == set()


@pytest.mark.parametrize(
    "text", ["", "pagi", "16.00-07.30", "07.30", "07.30-25.00", "07.30-16.00 istirahat 17.00-18.00"]
)
def test_hours_that_cannot_be_read_name_their_setting(text: str) -> None:
    with pytest.raises(OfficeHoursError) as unread:
        parse_hours("jam_layanan_jumat", text)
    assert unread.value.code == "office_hours"
    assert unread.value.facts["setting"] == "jam_layanan_jumat"
    assert "07.30-16.00" in unread.value.message


@pytest.mark.parametrize(
    "text", ["", "Februari", "20-03-2026 s.d. 19-02-2026", "01-01-2026 s.d. 31-12-2026", "31-02-2026 - 03-03-2026"]
)
def test_ramadan_that_cannot_be_read_names_its_setting(text: str) -> None:
    with pytest.raises(OfficeHoursError) as unread:
        parse_ramadan("ramadan_2026", text)
    assert unread.value.facts["setting"] == "ramadan_2026"


@pytest.mark.parametrize("name", ["ramadan_2027", "ramadan_2032", "ramadan_9999"])
def test_ramadan_of_another_year_is_refused(name: str) -> None:
    with pytest.raises(OfficeHoursError) as wrong:
        parse_ramadan(name, "19-02-2031 s.d. 20-03-2031")
    assert f"bukan dalam tahun {name[-4:]}" in wrong.value.message


def test_ramadan_may_lie_in_two_years() -> None:
    text = "26-12-2030 s.d. 24-01-2031"
    assert parse_ramadan("ramadan_2030", text) == parse_ramadan("ramadan_2031", text)


def test_ramadan_is_read_in_both_forms_of_dates() -> None:
    month = Ramadan(date(2028, 1, 29), date(2028, 2, 26), estimated=False)
    assert parse_ramadan("ramadan_2028", "29/01/2028 sampai 26/02/2028") == month
    assert parse_ramadan("ramadan_2028", "2028-01-29 s.d. 2028-02-26") == month


@pytest.mark.parametrize(
    ("year", "months"),
    [
        pytest.param(2026, [Ramadan(date(2026, 2, 19), date(2026, 3, 20), estimated=False)], id="announced"),
        pytest.param(2027, [Ramadan(date(2027, 2, 8), date(2027, 3, 9))], id="estimated"),
        pytest.param(2028, [Ramadan(date(2028, 1, 28), date(2028, 2, 25))], id="computed"),
        pytest.param(
            2030,
            [Ramadan(date(2030, 1, 5), date(2030, 2, 3)), Ramadan(date(2030, 12, 26), date(2031, 1, 23))],
            id="two in one year",
        ),
        pytest.param(2099, [], id="beyond the tables"),
    ],
)
def test_ramadan_of_a_year(year: int, months: list[Ramadan]) -> None:
    assert list(ramadan_of(year)) == months


def test_same_arguments_give_the_same_calendar() -> None:
    """So that a tick neither counts holidays again nor forgets the dates it has worked out."""
    assert build_calendar(range(2026, 2028)) is build_calendar([2027, 2026], hours={})


def test_working_days_between_agrees_with_counting() -> None:
    calendar = build_calendar(range(2026, 2029))
    first, last = date(2026, 2, 10), date(2028, 1, 10)
    days = [date.fromordinal(n) for n in range(first.toordinal() + 1, last.toordinal() + 1)]
    assert calendar.working_days_between(first, last) == sum(bool(calendar.service_intervals(day)) for day in days)
    assert calendar.working_days_between(last, first) == 0


@pytest.mark.parametrize(
    "hours",
    [
        (time(16), time(8)),
        (time(8), time(16), time(12)),
        (time(8), time(16), time(7), time(9)),
        (time(8), time(16), time(13), time(12)),
    ],
)
def test_impossible_hours_are_refused(hours: tuple[time, ...]) -> None:
    with pytest.raises(ValueError, match=r"An office|A break"):
        OfficeHours(*hours)
