"""What nobody can take back waits until a clock that jumped has run for a day."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from automation.steady_clock import SteadyClock, steadily
from tests.builders import MOMENT
from tests.office import Office

HOUR, DAY, YEARS = timedelta(hours=1), timedelta(days=1), timedelta(days=3650)
RUNS = [
    pytest.param([DAY * n for n in range(4)], [True] * 4, id="day after day"),
    pytest.param([DAY * 0, DAY * 7, DAY * 14], [True] * 3, id="off over holidays"),
    pytest.param([DAY * 0, DAY * 8, DAY * 8 + HOUR, DAY * 9], [True, False, False, True], id="off for long"),
    pytest.param([DAY * 0, YEARS, YEARS + HOUR], [True, False, False], id="ahead"),
    pytest.param(
        [DAY * 0, YEARS, HOUR, DAY, DAY + HOUR], [True, False, False, False, True], id="ahead, then right again"
    ),
    pytest.param([DAY * 0, -HOUR, HOUR], [True] * 3, id="set right by an hour"),
]


@pytest.mark.parametrize(("at", "trusted"), RUNS)
def test_a_clock_is_trusted_while_it_does_not_jump(
    office: Office, at: Sequence[timedelta], trusted: Sequence[bool]
) -> None:
    assert [SteadyClock(office.store).holds(MOMENT + each) for each in at] == trusted


def test_a_job_rests_while_the_clock_is_doubted(office: Office) -> None:
    ran: list[datetime] = []
    job = steadily(office.store, ran.append)
    for at in (MOMENT, MOMENT + YEARS, MOMENT + HOUR, MOMENT + HOUR + DAY):
        job(at)
    assert ran == [MOMENT, MOMENT + HOUR + DAY]
