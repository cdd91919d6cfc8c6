"""
Formulas that are too much for the calculator: found by halves, and kept away from it while nothing changes.

A culprit is remembered by its text, so that it does not cost its time again with every revision.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from localsheets.formulas.census import Census, Changed, Place
from localsheets.formulas.preparing import Layout
from localsheets.model.book import Book
from localsheets.model.box import Box

Trial = Callable[[set[Place]], str | None]
"""Has some formulas calculated; answers why that failed, or None."""


@dataclass(frozen=True)
class Findings:
    """What a search came to: what can be calculated, what cannot and why, and what it did not get to."""

    sound: set[Place]
    guilty: dict[Place, str]
    late: set[Place]


def search(groups: Sequence[list[Place]], why: str, trial: Trial, is_over: Callable[[], bool]) -> Findings:
    """
    Find the formulas without which the others can be calculated.

    Args:
        groups: The least suspect first.
        why: The reason why all of them together could not be calculated.
        is_over: Whether there is no more time.
    """
    found = Findings(set(), {}, set())
    if trial(set()) is not None:  # it is not the formulas
        found.late.update(place for group in groups for place in group)
        return found
    waiting = [group for group in reversed(groups) if group]
    while waiting:
        group = waiting.pop()
        last_one = len(group) == 1 and not waiting and not found.guilty
        if is_over():
            found.late.update(group)
            continue
        failure = why if last_one else trial(found.sound | set(group))
        if failure is None:
            found.sound.update(group)
        elif len(group) == 1:
            found.guilty[group[0]] = failure
        else:
            middle = len(group) // 2
            waiting += [group[middle:], group[:middle]]
    return found


@dataclass(frozen=True)
class _Culprit:
    why: str
    boxes: tuple[tuple[int, Box], ...]


class Culprits:
    """Those that were found."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], _Culprit] = {}

    def why(self, book: Book, census: Census, place: Place) -> str | None:
        """Why the formula at that place is kept away; None if it is not."""
        if not self._known:
            return None
        found = self._known.get((book.sheets[place[0]].sheet_id, census.formulas[place]))
        return None if found is None else found.why

    def add(self, book: Book, census: Census, layout: Layout, place: Place, why: str) -> None:
        """Keep a formula away until its text or one of its cells changes."""
        key = (book.sheets[place[0]].sheet_id, census.formulas[place])
        self._known[key] = _Culprit(why, census.reach(layout, place))

    def pardon(self, changed: Changed) -> None:
        """Give those another chance whose cells changed."""

        def touched(culprit: _Culprit) -> bool:
            return any(
                index >= len(changed) or any(box.holds_row(row) for row in changed[index])
                for index, box in culprit.boxes
            )

        self._known = {key: culprit for key, culprit in self._known.items() if not touched(culprit)}
