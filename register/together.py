"""Work of several threads done at one go, because what it costs is paid once for all of it: waiting for the disk."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")
Done = TypeVar("Done")


@dataclass
class _Turn(Generic[Item, Done]):
    """One thread's item, and what came of it."""

    item: Item
    done: tuple[Done] | None = None
    error: Exception | None = None


class Together(Generic[Item, Done]):
    """
    Does each thread's item together with those that came while the last ones were being done.

    The first to find nobody at work does the work of all who wait by then; the others return once theirs is done. So
    nobody waits for company: a thread that is alone works at once.
    """

    def __init__(self, work: Callable[[Sequence[Item]], Sequence[Done]]) -> None:
        """`work` gives one result for each item, in their order. What it raises, each of the threads raises."""
        self._work = work
        self._waiting: list[_Turn[Item, Done]] = []
        self._door = threading.Lock()
        self._working = threading.Lock()

    def __call__(self, item: Item) -> Done:
        """What came of the item, once it is done."""
        mine: _Turn[Item, Done] = _Turn(item)
        with self._door:
            self._waiting.append(mine)
        with self._working:
            if mine.done is None and mine.error is None:
                self._do()
        if mine.done is None:
            raise mine.error or RuntimeError("an item was neither done nor refused")
        return mine.done[0]

    def _do(self) -> None:
        with self._door:
            turns, self._waiting = self._waiting, []
        try:
            results = self._work([turn.item for turn in turns])
        except Exception as error:  # noqa: BLE001 - handed to every thread that waits for it
            for turn in turns:
                turn.error = error
            return
        for turn, result in zip(turns, results, strict=True):
            turn.done = (result,)
