"""The pauses between attempts: they grow, differ a little, and heed what a server asks for."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.reminders.working_off import JITTER, LONGEST_WAIT, PAUSES, pause_after, worn_out


@given(st.integers(1, len(PAUSES)))
def test_a_pause_is_longer_than_the_table_by_a_little(attempts: int) -> None:
    least = PAUSES[attempts - 1]
    assert least <= pause_after(attempts) <= least * (1 + JITTER)


def test_pauses_differ_so_that_what_failed_together_does_not_come_back_together() -> None:
    assert len({pause_after(2) for _ in range(20)}) > 1


@given(st.integers(1, 9), st.integers(0, 10**9))
def test_a_server_is_left_alone_for_as_long_as_it_asks_within_reason(attempts: int, asked: int) -> None:
    pause = pause_after(attempts, asked)
    assert min(timedelta(seconds=asked), LONGEST_WAIT) <= pause <= LONGEST_WAIT


@pytest.mark.parametrize(("attempts", "ended"), [(1, False), (len(PAUSES), False), (len(PAUSES) + 1, True)])
def test_after_the_last_pause_there_is_one_more_attempt(attempts: int, ended: bool) -> None:
    assert worn_out(attempts) is ended
