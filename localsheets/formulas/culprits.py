"""
Formulas that are too much for the calculator: found by trial, and kept away from it for a while.

A culprit is remembered by its text, so that it does not cost its time again with every revision. The more often it
turned out to be too much, the longer it stays away.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from localsheets.formulas.census import Census, Changed, Place
from localsheets.formulas.preparing import Layout
from localsheets.model.book import Book
from localsheets.model.box import Box

Trial = Callable[[set[Place]], str | None]
"""Has some formulas calculated; answers why that failed, or None."""
_PARTS = 8
"""Into which formulas that are too much together are split; trials that succeed cost little."""
NOT_REACHED = "was not calculated because other formulas took too long"
FIRST_PAUSE_SECONDS = 30.0
"""Doubled each time that the formula is too much again."""
LONGEST_PAUSE_SECONDS = 3600.0


@dataclass(frozen=True)
class Findings:
    """What a search came to: what can be calculated, what cannot and why, and what it did not get to."""

    sound: set[Place]
    guilty: dict[Place, str]
    late: set[Place]


def search(
    groups: Sequence[list[Place]],
    why: str,
    trial: Trial,
    is_over: Callable[[], bool],
    is_full: Callable[[], bool] = lambda: False,
) -> Findings:
    """
    Find the formulas without which the others can be calculated.

    Args:
        groups: The least suspect first; each is tried as a whole, however long the search took by then.
        why: The reason why all of them together could not be calculated.
        is_over: Whether there is no more time.
        is_full: Whether those that are sound take about as long as they may: the rest are late then, not guilty.
    """
    found = Findings(set(), {}, set())
    if trial(set()) is not None:  # it is not the formulas
        found.late.update(place for group in groups for place in group)
        return found
    waiting = [(group, True) for group in reversed(groups) if group]
    while waiting:
        group, is_whole = waiting.pop()
        last_one = len(group) == 1 and not waiting and not found.guilty and not found.late
        if (is_over() and not is_whole) or is_full():
            found.late.update(group)
            continue
        failure = why if last_one else trial(found.sound | set(group))
        if failure is None:
            found.sound.update(group)
        elif len(group) == 1:
            found.guilty[group[0]] = failure
        else:
            size = -(-len(group) // _PARTS)
            waiting += [(group[start : start + size], False) for start in reversed(range(0, len(group), size))]
    return found


@dataclass(frozen=True)
class _Culprit:
    """
    Attributes:
        boxes: The cells that have a part in its result.
        strikes: How often it was too much.
        again_at: Until then it stays away, by the monotonic clock.
        touched: A cell that it needs changed since, or it was never tried by itself.
    """

    why: str
    boxes: tuple[tuple[int, Box], ...]
    strikes: int
    again_at: float
    touched: bool


class Culprits:
    """Those that were found."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], _Culprit] = {}
        self._strikes: dict[tuple[int, str], int] = {}  # of those that have another chance just now
        self._due_at = float("inf")

    def why(self, book: Book, census: Census, place: Place) -> str | None:
        """Why the formula at that place is kept away; None if it is not."""
        if not self._known:
            return None
        found = self._known.get((book.sheets[place[0]].sheet_id, census.formulas[place]))
        return None if found is None else found.why

    def add(self, book: Book, census: Census, layout: Layout, place: Place, why: str) -> None:
        """Keep a formula away until its text or one of its cells changes; from the second time also for a while."""
        key = (book.sheets[place[0]].sheet_id, census.formulas[place])
        strikes = self._strikes.pop(key, 0) + 1
        pause = _pause(strikes - 1) if strikes > 1 else 0.0
        self._known[key] = _Culprit(why, census.reach(layout, place), strikes, time.monotonic() + pause, touched=False)

    def put_off(self, book: Book, census: Census, places: Iterable[Place]) -> None:
        """Keep formulas away for a while that may be innocent, but there was no time for them."""
        now = time.monotonic()
        for key in {(book.sheets[place[0]].sheet_id, census.formulas[place]) for place in places}:
            strikes = self._strikes.pop(key, 0) + 1
            self._known[key] = _Culprit(NOT_REACHED, (), strikes, now + _pause(strikes), touched=True)
        self._note_due()

    def pardon(self, changed: Changed) -> None:
        """Give those another chance whose time has come."""
        now, known = time.monotonic(), {}
        for key, culprit in self._known.items():
            touched = culprit.touched or _is_touched(culprit, changed)
            if touched and culprit.again_at <= now:
                self._strikes[key] = culprit.strikes
            else:
                known[key] = culprit if touched == culprit.touched else replace(culprit, touched=touched)
        self._known = known
        self._note_due()

    def acquit(self) -> None:
        """All went well with those that had another chance."""
        self._strikes.clear()

    def is_due(self) -> bool:
        """Whether some should have another chance now."""
        return self._due_at <= time.monotonic()

    def _note_due(self) -> None:
        self._due_at = min((c.again_at for c in self._known.values() if c.touched), default=float("inf"))


def _pause(strikes: int) -> float:
    return min(FIRST_PAUSE_SECONDS * 2.0 ** min(strikes - 1, 20), LONGEST_PAUSE_SECONDS)


def _is_touched(culprit: _Culprit, changed: Changed) -> bool:
    return any(
        index >= len(changed) or any(box.holds_row(row) for row in changed[index]) for index, box in culprit.boxes
    )
