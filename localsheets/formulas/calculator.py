"""
A spreadsheet's formulas calculated, once for each revision, whatever they are.

A formula that takes too long, or all memory, or ends the calculator, is kept away from it; all others get their values.
"""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from localsheets.formulas.census import Census, Place
from localsheets.formulas.culprits import Culprits, Findings, Trial, search
from localsheets.formulas.filling import Calculated, Filling, Outcome
from localsheets.formulas.mirror import BROKEN, Mirror, layout_of
from localsheets.formulas.preparing import Layout, needed_boxes, on_sheet, prepare, rendered
from localsheets.formulas.process import NOT_CALCULATED, CalculationError, Process
from localsheets.model.book import Book
from localsheets.model.box import Box, ClosedBox

LIMIT_SECONDS = 2.0
"""For a calculation, beside what the number of its cells and formulas allows."""
TRIAL_LIMIT_SECONDS = 0.7
"""The same while the formula that was too much is looked for."""
SEARCH_SECONDS = 6.0
"""For the whole search; what was not reached then shows an error until it is tried again."""
GLANCE_SECONDS = 0.3
"""How long after its start a calculation is waited for by those who need not know its results."""
_SECONDS_PER_CELL = 4e-6
_SECONDS_PER_FORMULA = 4e-5
_MOST_ROUNDS = 8
"""Of calculating again because an array met cells that were not loaded."""
_MOST_TOO_MUCH = 1000
Question = tuple[int, str]
"""The place of a sheet, and a formula that reads as if it stood there."""
_CHEAP_CELLS = 1000
"""A formula that names no more cells is calculated before all that name more."""
_FULL = 0.5
"""Of the time for a trial; once the sound formulas take that long, no further ones are tried."""


class Calculator:
    """The formulas of one spreadsheet; one calculation at a time, in a process of their own."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._process: Process | None = None
        self._census = Census()
        self._mirror = Mirror(self._census)
        self._culprits = Culprits()
        self._outcome = Outcome()
        self._filling = Filling()
        self._last: Calculated | None = None
        self._last_tick = self._pace = ""
        self._took = self._usual = 0.0  # processor seconds of the last calculation, and of the last one of all
        self._search_ends: float | None = None
        self.closed = False
        self._answers: dict[Question, Any] = {}
        self._answered_on = ""
        self._too_much: set[Question] = set()
        self.calculated_at = time.monotonic()

    @property
    def pid(self) -> int | None:
        """The running child's process id; None if there is none."""
        return None if self._process is None else self._process.pid

    def calculated(self, book: Book) -> Calculated:
        """The snapshot with its results, calculated now."""
        with self._lock:
            last = self._last = self._calculate(book)
            self._pace = self._census.pace()
            self._last_tick = self._tick(book)
            self._answers = dict.fromkeys(self._too_much)
            self.calculated_at = time.monotonic()
            return last

    def is_outdated(self, book: Book) -> bool:
        """Whether results have changed by themselves since."""
        return self._last_tick != self._tick(book)

    def is_due(self) -> bool:
        """Whether formulas that were kept away should have another chance."""
        return self._culprits.is_due()

    def answers(self, questions: Sequence[Question]) -> list[Any]:
        """
        What formulas come to that stand in no cell; None for an error, and for one that is too much.

        They are asked together, so if one is too much, all that were not yet answered come to None. While formulas in
        cells are calculated, only what was answered before is known.
        """
        if not self._lock.acquire(timeout=GLANCE_SECONDS):
            return [self._answers.get(question) for question in questions]
        try:
            if self._last is None:
                return [None] * len(questions)
            base = self._last.base
            today = self._now(base).strftime("%Y-%m-%d")
            if today != self._answered_on:
                self._answers, self._answered_on = dict.fromkeys(self._too_much), today
            fresh = [question for question in dict.fromkeys(questions) if question not in self._answers]
            if fresh:
                self._answers.update(zip(fresh, self._asked(base, fresh), strict=True))
            return [self._answers[question] for question in questions]
        finally:
            self._lock.release()

    def _asked(self, base: Book, questions: list[Question]) -> list[Any]:
        layout = layout_of(base)
        prepared = [on_sheet(prepare(formula), layout.tabs[index].title) for index, formula in questions]
        texts = [
            BROKEN if told.complaint else rendered(told, layout, index)
            for told, (index, _) in zip(prepared, questions, strict=True)
        ]
        for told, (index, _) in zip(prepared, questions, strict=True):
            self._mirror.needs(needed_boxes(told, layout, index))
        try:
            return list(self._ask(base, layout, seconds=TRIAL_LIMIT_SECONDS, questions=texts))
        except CalculationError:
            self._too_much = {*list(self._too_much)[-_MOST_TOO_MUCH:], *questions}
            return [None] * len(questions)

    def rest(self) -> None:
        """End the process, which is started again when needed, unless something is calculated just now."""
        if self._lock.acquire(blocking=False):
            try:
                self._start_anew()
            finally:
                self._lock.release()

    def close(self) -> None:
        """End the process, whatever it does, for good."""
        self.closed = True
        process = self._process
        if process is not None:
            process.kill()
        with self._lock:
            self._start_anew()

    def _tick(self, book: Book) -> str:
        """Changes whenever results change by themselves."""
        if not self._pace:
            return ""
        return self._now(book).strftime("%Y-%m-%d" if self._pace == "day" else "%Y-%m-%d %H:%M")

    def _now(self, book: Book) -> datetime:
        try:
            return self._clock().astimezone(ZoneInfo(str(book.properties.get("timeZone", "UTC"))))
        except (ValueError, OSError, KeyError):  # a time zone that Google knows, and this system does not
            return self._clock().astimezone(UTC)

    def _calculate(self, book: Book) -> Calculated:
        layout = layout_of(book)
        changed = self._census.take(book)
        if not self._mirror.fits(layout, str(book.properties.get("timeZone", "UTC"))):
            self._start_anew()
        self._culprits.pardon(changed)
        self._search_ends = None
        try:
            self._ask_twice(book, layout)
            self._culprits.acquit()
            self._usual = self._took
        except CalculationError as error:
            fresh = [p for p in self._census.formulas if p[1] in changed[p[0]] and not self._is_away(book, p)]
            self._search(book, layout, fresh, error.message)
        self._settle_arrays(book, layout)
        calculated = self._filling.filled(
            book, layout, self._census, self._outcome, lambda place: self._why(book, place)
        )
        self._census.settle(calculated.base)
        self._mirror.settle(calculated.base)
        return calculated

    def _ask(
        self,
        book: Book,
        layout: Layout,
        only: set[Place] | None = None,
        seconds: float = LIMIT_SECONDS,
        questions: Sequence[str] = (),
    ) -> Sequence[Any]:
        """
        Have the formulas calculated, all or only some, and note what comes out; answers the questions.

        Raises: CalculationError; the process is gone then.
        """
        message = self._mirror.message(
            book, layout, lambda place: self._is_away(book, place) or (only is not None and place not in only)
        )
        if questions:
            message["questions"] = questions
        elif self._process is not None and not any(message.values()) and not self._census.pace():
            return ()  # nothing that formulas need has changed
        seconds += _SECONDS_PER_CELL * self._mirror.cells + _SECONDS_PER_FORMULA * len(self._census.formulas)
        if self.closed:
            raise CalculationError(NOT_CALCULATED)
        try:
            if self._process is None:
                self._process = Process()
            answer = self._process.ask(message, seconds)
        except (CalculationError, OSError) as error:
            self._start_anew()
            raise error if isinstance(error, CalculationError) else CalculationError(NOT_CALCULATED) from error
        self._outcome.take(answer)
        self._took = answer["took"]
        return tuple(answer.get("answers", ()))

    def _ask_twice(self, book: Book, layout: Layout) -> None:
        """Have all calculated; once more if the process ended, which may not have been the formulas' doing."""
        try:
            self._ask(book, layout)
        except CalculationError as error:
            if error.late:
                raise
            self._ask(book, layout)

    def _start_anew(self) -> None:
        if self._process is not None:
            self._process.end()
        self._process, self._mirror, self._outcome = None, Mirror(self._census), Outcome()

    def _is_away(self, book: Book, place: Place) -> bool:
        return self._culprits.why(book, self._census, place) is not None

    def _why(self, book: Book, place: Place) -> str:
        """Why a formula was not calculated, for people; "" if it was."""
        complaint = self._census.prepared(place).complaint
        if complaint:
            return complaint
        why = self._culprits.why(book, self._census, place)
        return f"The formula {why}." if why else ""

    def _search(self, book: Book, layout: Layout, fresh: list[Place], why: str) -> None:
        """Find the formulas that are too much, suspecting the changed ones, and calculate the others."""
        ends = self._search_ends = self._search_ends or time.monotonic() + SEARCH_SECONDS
        groups = self._groups(book, layout, set(fresh))
        seconds = TRIAL_LIMIT_SECONDS + self._usual
        self._took = 0.0

        def trial(included: set[Place]) -> str | None:
            try:
                self._ask(book, layout, included, seconds)
            except CalculationError as error:
                return error.message
            return None

        def is_full() -> bool:
            return self._took > self._usual + _FULL * TRIAL_LIMIT_SECONDS

        found = search(groups, why, trial, lambda: self.closed or time.monotonic() > ends, is_full)
        for place, reason in found.guilty.items():
            self._culprits.add(book, self._census, layout, place, reason)
        self._culprits.put_off(book, self._census, found.late)
        self._calculate_sound(book, groups, found, trial)

    def _groups(self, book: Book, layout: Layout, fresh: set[Place]) -> list[list[Place]]:
        """The formulas that are not kept away, the least suspect first: those that name few cells and are not new."""
        groups: list[list[Place]] = [[], [], [], []]
        for place in self._census.formulas:
            if not self._is_away(book, place):
                boxes = needed_boxes(self._census.prepared(place), layout, place[0])
                named = sum(_cells(box.clip(layout.tabs[i].used, layout.tabs[i].columns)) for i, box in boxes)
                groups[2 * (named > _CHEAP_CELLS) + (place in fresh)].append(place)
        return groups

    def _calculate_sound(self, book: Book, groups: list[list[Place]], found: Findings, trial: Trial) -> None:
        """Once more what worked a moment ago; a machine under load may be slower now, and then less must do."""
        cheap = found.sound & {*groups[0], *groups[1]}
        for included in (found.sound, cheap, set[Place]()):
            if trial(included) is None:
                break
        self._culprits.put_off(book, self._census, found.sound - included)

    def _settle_arrays(self, book: Book, layout: Layout) -> None:
        """Load the cells that arrays ran into, and calculate again until they run into none."""
        for _ in range(_MOST_ROUNDS):
            beyond, occupied = self._outcome.collisions(book, layout)
            if not beyond and not occupied:
                return
            self._mirror.wall_up(beyond)
            self._outcome.walls |= set(beyond)
            self._mirror.needs((sheet, Box(row, row + 1, column, column + 1)) for sheet, row, column in occupied)
            try:
                self._ask(book, layout)
            except CalculationError as error:
                self._search(book, layout, [], error.message)


def _cells(box: ClosedBox) -> int:
    return (box.bottom - box.top) * (box.right - box.left)
