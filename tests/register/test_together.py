"""Work of several threads at one go: nobody waits for company, everybody gets what is theirs."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from register.together import Together


def test_who_is_alone_works_at_once() -> None:
    portions: list[Sequence[int]] = []

    def work(items: Sequence[int]) -> list[int]:
        portions.append(items)
        return [item * 2 for item in items]

    together = Together(work)
    assert [together(number) for number in (1, 2)] == [2, 4]
    assert portions == [[1], [2]]


def test_those_that_come_meanwhile_are_done_in_one_portion_and_each_gets_its_own() -> None:
    """The first is held at work until the other nine wait; they are done in one portion."""
    portions: list[list[int]] = []
    at_work, go_on = threading.Event(), threading.Event()

    def work(items: Sequence[int]) -> list[int]:
        portions.append(list(items))
        at_work.set()
        assert go_on.wait(20)
        return [item * 2 for item in items]

    together = Together(work)
    with ThreadPoolExecutor(10) as threads:
        first = threads.submit(together, 0)
        assert at_work.wait(20)
        others = [threads.submit(together, number) for number in range(1, 10)]
        while len(together._waiting) < len(others):
            threading.Event().wait(0.001)
        go_on.set()
        assert first.result(20) == 0
        assert [each.result(20) for each in others] == [number * 2 for number in range(1, 10)]
    assert [sorted(portion) for portion in portions] == [[0], list(range(1, 10))]


def test_what_goes_wrong_is_told_to_all_of_the_portion_and_to_nobody_after() -> None:
    def work(items: Sequence[int]) -> list[int]:
        if 0 in items:
            raise LookupError("no disk")
        return list(items)

    together = Together(work)
    with pytest.raises(LookupError, match="no disk"):
        together(0)
    assert together(1) == 1


def test_a_result_may_be_nothing() -> None:
    assert Together[int, None](lambda items: [None] * len(items))(1) is None
