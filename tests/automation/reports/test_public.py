"""No public edition, nor all of them together, says of one to four people how many they are."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.reports import public, suppression
from automation.reports.public import DIMENSIONS, compose, due, promises
from automation.reports.suppression import FEWEST_OF_A_SHARE, tenths
from automation.sop.procedures import load_procedures
from register.editions import OTHERS, PublicEdition
from register.figures import Dimension, Timing
from register.periods import HALF, MONTH, QUARTER, YEAR, Period
from tests.automation.reports.adversary import Adversary, Entry, Office

VALUES = {
    Dimension.CHANNEL: ["web", "desk", "phone"],
    Dimension.DISTRICT: ["a", "b", "c", ""],
    Dimension.CATEGORY: ["DATA", "PKH", "PUNGLI", "INFO"],
}
FIRST = Period.parse("2026-01")


def an_office(*groups: tuple[int, Entry], **said: object) -> Office:
    return Office(FIRST, VALUES, [entry for count, entry in groups for _ in range(count)], **said)


def edition(shelf: list[PublicEdition], key: str) -> PublicEdition:
    return next(each for each in shelf if each.period.key == key)


def rows(shelf: list[PublicEdition], key: str, dimension: Dimension) -> dict[str, int] | None:
    table = edition(shelf, key).table(dimension.value)
    return {row.key: row.count for row in table.rows} if table else None


ENTRIES = st.lists(
    st.tuples(
        st.integers(0, 9),
        st.builds(
            Entry,
            month=st.integers(0, 11),
            channel=st.sampled_from(VALUES[Dimension.CHANNEL]),
            district=st.sampled_from(VALUES[Dimension.DISTRICT]),
        ),
    ),
    max_size=14,
)


@pytest.mark.search
@settings(max_examples=12)
@given(ENTRIES, st.sampled_from([QUARTER, HALF, YEAR]), st.integers(1, 12))
def test_all_editions_together_expose_nobody(groups: list[tuple[int, Entry]], wished: int, months: int) -> None:
    office = an_office(*groups)
    shelf = office.published(months, wished)
    assert Adversary(office, months, shelf).exposed() == []


SMALL = an_office(
    *((8, Entry(month, "web", "a")) for month in range(6)),
    *((6, Entry(month, "desk", "b")) for month in range(6)),
    (4, Entry(2, "phone", "c")),
    (3, Entry(4, "web", "c")),
)
"""Enough of everything, but for four by telephone."""


def test_the_adversary_finds_nothing_in_a_small_office_and_everything_where_the_rule_is_broken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def exposed() -> bool:
        return bool(Adversary(SMALL, 6, SMALL.published(6, HALF)).exposed())

    assert not exposed()
    with monkeypatch.context() as broken:
        broken.setattr(suppression, "FEWEST", 4)
        assert exposed(), "a threshold of four shows the four"
    with monkeypatch.context() as broken:
        broken.setattr(suppression, "_enough", lambda *_: True)
        assert exposed(), "without joining others the rest of the total is the four"
    with monkeypatch.context() as broken:
        broken.setattr(public, "may_stand", lambda _: True)
        lone = an_office((3, Entry(0)), (9, Entry(1)))
        assert Adversary(lone, 2, lone.published(2, YEAR)).exposed(), "a month of three stands alone"


def test_two_editions_differ_by_nothing_that_points_at_a_person() -> None:
    """A year's table less its quarters' would be one quarter's small cells; so would a year less its months."""
    office = an_office(
        *((6, Entry(month, "web", "a")) for month in range(12)),
        *((5, Entry(month, "desk", "b")) for month in range(12)),
        (3, Entry(10, "phone", "c")),
    )
    shelf = office.published(12, QUARTER)
    assert rows(shelf, "2026-Q1", Dimension.CHANNEL) == {"web": 18, "desk": 15, "phone": 0}
    assert rows(shelf, "2026-Q4", Dimension.CHANNEL) == {"web": 18, OTHERS: 18}
    assert rows(shelf, "2026", Dimension.CHANNEL) == {"web": 72, OTHERS: 63}
    assert Adversary(office, 12, shelf).exposed() == []


def test_a_month_of_few_is_counted_with_the_following_and_what_is_left_of_a_year_with_the_next() -> None:
    office = an_office((7, Entry(10)), (3, Entry(11)), (1, Entry(12)), (6, Entry(13)))
    shelf = office.published(14, YEAR)
    assert edition(shelf, "2026-12").received is None
    assert edition(shelf, "2026-12").waiting == (date(2026, 12, 1),)
    assert edition(shelf, "2026").received == 7, "the three of December are not the year's total less its months"
    assert edition(shelf, "2026").waiting == (date(2026, 12, 1),)
    assert edition(shelf, "2027-01").waiting == (date(2026, 12, 1), date(2027, 1, 1))
    assert [(span.label, span.received) for span in edition(shelf, "2027-02").spans] == [
        ("Desember 2026 sampai Februari 2027", 10)
    ]
    assert [span.received for span in edition(shelf, "2026").spans][-2:] == [0, 7]
    assert Adversary(office, 14, shelf).exposed() == []


def test_restricted_categories_never_stand_alone_nor_make_up_the_rest_alone() -> None:
    office = an_office(
        (20, Entry(0, category="DATA")),
        (9, Entry(0, category="PKH")),
        (12, Entry(0, category="PUNGLI")),
        never=frozenset({"PUNGLI"}),
    )
    assert rows(office.published(12, YEAR), "2026", Dimension.CATEGORY) == {"DATA": 20, OTHERS: 21}


def test_nothing_is_published_before_its_time_and_nothing_twice() -> None:
    ended = Period.parse("2026-01").until
    assert due(FIRST.since, [], YEAR, ended + timedelta(days=9, hours=23)) == []
    assert due(FIRST.since, [], YEAR, ended + timedelta(days=10)) == [FIRST]
    assert due(None, [], YEAR, ended + timedelta(days=400)) == []
    shelf = SMALL.published(12, QUARTER)
    assert [each.period.key for each in shelf if each.period.months > MONTH] == [
        *("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2026")
    ]
    assert due(FIRST.since, shelf, QUARTER, Period.parse("2026").until + timedelta(days=11)) == []
    earlier = FIRST.moved(-3).since
    assert due(earlier, shelf, QUARTER, Period.parse("2026").until + timedelta(days=11)) == []


def test_the_length_of_tables_is_kept_for_a_year_once_one_is_out() -> None:
    office = an_office(*((9, Entry(month)) for month in range(24)))
    shelf = office.published(4, QUARTER)
    for month in range(4, 24):
        office.publish(shelf, YEAR, FIRST.moved(month).until + timedelta(days=10))
    long = [each.period.key for each in shelf if each.period.months > MONTH]
    assert long == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2026", "2027"]
    assert edition(shelf, "2026").detail == QUARTER
    assert edition(shelf, "2027").detail == YEAR


def test_what_comes_late_never_shows() -> None:
    """A year that holds two entries more than its months did would tell of the two: its tables are left out."""
    office = an_office(*((9, Entry(month, "web", "a")) for month in range(12)))
    shelf = office.published(11, YEAR)
    late = replace(office, entries=[*office.entries, Entry(3, "desk", "b"), Entry(3, "desk", "b")])
    late.publish(shelf, YEAR, Period.parse("2026").until + timedelta(days=10))
    assert edition(shelf, "2026").received == 108
    assert edition(shelf, "2026").tables == ()
    assert set(edition(shelf, "2026").left_out) == {each.value for each in DIMENSIONS}


@pytest.mark.parametrize("dimension", [Dimension.BIDANG, Dimension.URGENCY])
def test_what_follows_from_the_category_is_no_table(dimension: Dimension) -> None:
    """Whoever knows the rule would take it from the table of categories, and see what was joined there."""
    assert dimension not in DIMENSIONS


@pytest.mark.parametrize("whole", range(FEWEST_OF_A_SHARE, 400))
def test_no_tenth_stands_for_one_to_four_and_nothing_else(whole: int) -> None:
    """Also for whoever knows how many there are of the whole; on either side of the share."""
    for said in range(11):
        parts = {part for part in range(whole + 1) if tenths(part, whole) == said}
        assert parts
        assert not parts <= {1, 2, 3, 4}
        assert not {whole - part for part in parts} <= {1, 2, 3, 4}


def test_fewer_than_forty_are_no_share() -> None:
    assert tenths(39, 39) is None
    assert [tenths(part, 40) for part in (0, 1, 2, 37, 38, 40)] == [0, 0, 1, 9, 10, 10]


def test_promises_are_told_in_words_for_each_step_of_the_sop_and_never_in_numbers() -> None:
    steps = {key: [f"langkah.{step.no}" for step in each.steps] for key, each in load_procedures().items()}
    assert {key: list(labels) for key, labels in promises().items()} == steps
    timing = Timing("langsung", "langkah.5", "Tindak lanjut", "2 hari kerja", 41, 2, 1, 60, 90)
    office = an_office((44, Entry(0)), timings=[timing, replace(timing, key="langkah.6", on_time=4)], ratings={5: 44})
    shares = {share.key: (share.promise, share.tenths) for share in edition(office.published(12, YEAR), "2026").shares}
    assert shares == {
        "langsung.langkah.5": ("2 hari kerja", 9),
        "langsung.langkah.6": ("2 hari kerja", None),
        "darurat": ("", None),
        "selesai": ("", None),
        "puas": ("", 10),
    }


@given(ENTRIES)
@settings(max_examples=20)
def test_rows_of_every_table_add_up_to_what_was_received(groups: list[tuple[int, Entry]]) -> None:
    office = an_office(*groups)
    for each in office.published(12, HALF):
        assert PublicEdition.from_json(each.as_json()) == each
        for table in each.tables:
            assert sum(row.count for row in table.rows) == each.received
            assert all(row.count == 0 or row.count >= 5 for row in table.rows)
            assert each.period.months > MONTH


def test_an_edition_is_made_of_the_figures_that_are_asked_for_alone() -> None:
    with pytest.raises(KeyError):
        compose(FIRST, {}, [], SMALL.shown, wished=YEAR, now=FIRST.until)
