"""
The holiday data reach far enough.

When these fail, the government has announced the next year's holidays and collective leave (SKB 3 Menteri) and the
`holidays` package has not been renewed: renew it in the lock files, or type the dates into the tab `Hari Libur`.
"""

from datetime import date

import pytest

from automation.calendars.calendar_source import build_calendar, years_without_skb

THIS_YEAR = 2026
"""Moved on by hand each year, so that the same commit passes or fails on every day."""

LEAVE_2026 = ["02-16", "03-18", "03-20", "03-23", "03-24", "05-15", "05-28", "12-24"]
LEAVE_2027 = ["02-05", "03-09", "03-12", "03-15", "03-25", "05-18", "05-19", "12-24"]


def check_reach(year: int) -> None:
    """Fails, saying what to do, unless collective leave is known for that year."""
    lacking = years_without_skb([year])
    assert not lacking, f"No collective leave is known for {lacking}: renew the package `holidays`."


@pytest.mark.parametrize("year", [THIS_YEAR, THIS_YEAR + 1])
def test_holiday_data_reach_next_year(year: int) -> None:
    """The SKB of a year comes out in the autumn before it."""
    check_reach(year)


def test_a_year_without_data_is_noticed() -> None:
    with pytest.raises(AssertionError, match="renew the package"):
        check_reach(2099)
    assert years_without_skb([2026, 2027, 2099]) == (2099,)


@pytest.mark.parametrize(("year", "leave"), [(2026, LEAVE_2026), (2027, LEAVE_2027)])
def test_collective_leave_is_that_of_the_skb(year: int, leave: list[str]) -> None:
    """Source: SKB 3 Menteri 1497/2025, 2/2025, 5/2025 and 1205/2026, 3/2026, 2/2026."""
    closed = build_calendar([year]).closed
    assert [on for on in closed if "cuti bersama" in closed[on].casefold()] == [
        date.fromisoformat(f"{year}-{day}") for day in leave
    ]
