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
from localsheets.formulas.culprits import Culprits, search
from localsheets.formulas.filling import Calculated, Filling, Outcome
from localsheets.formulas.mirror import BROKEN, Mirror, layout_of
from localsheets.formulas.preparing import Layout, needed_boxes, on_sheet, prepare, rendered
from localsheets.formulas.process import NOT_CALCULATED, CalculationError, Process
from localsheets.model.book import Book
from localsheets.model.box import Box

LIMIT_SECONDS = 2.0
"""For a calculation, beside what the number of its cells and formulas allows."""
TRIAL_LIMIT_SECONDS = 0.7
"""The same while the formula that was too much is looked for."""
SEARCH_SECONDS = 6.0
"""For the whole search; what was not reached then shows an error until the next calculation."""
_SECONDS_PER_CELL = 4e-6
_SECONDS_PER_FORMULA = 4e-5
_MOST_ROUNDS = 8
"""Of calculating again because an array met cells that were not loaded."""
_MOST_TOO_MUCH = 1000
Question = tuple[int, str]
"""The place of a sheet, and a formula that reads as if it stood there."""
_NOT_REACHED = "was not calculated because other formulas took too long"


class Calculator:
    """The formulas of one spreadsheet; one calculation at a time, in a process of their own."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._process: Process | None = None
        self._census = Census()
        self._mirror = Mirror(self._census)
        self._culprits = Culprits()
        self._late: set[Place] = set()
        self._outcome = Outcome()
        self._filling = Filling()
        self._last: Calculated | None = None
        self._last_tick = ""
        self._answers: dict[Question, Any] = {}
        self._answered_on = ""
        self._too_much: set[Question] = set()
        self.calculated_at = time.monotonic()

    @property
    def pid(self) -> int | None:
        """The running child's process id; None if there is none."""
        return None if self._process is None else self._process.pid

    def calculated(self, book: Book) -> Calculated:
        """The snapshot, or a later one, with its results; who comes while they are calculated waits."""
        with self._lock:
            return self._latest(book)

    def answers(self, book: Book, questions: Sequence[Question]) -> list[Any]:
        """
        What formulas come to that stand in no cell; None for an error, and for one that is too much.

        They are asked together, so if one is too much, all that were not yet answered come to None.
        """
        with self._lock:
            base = self._latest(book).base
            today = self._now(book).strftime("%Y-%m-%d")
            if today != self._answered_on:
                self._answers, self._answered_on = dict.fromkeys(self._too_much), today
            fresh = [question for question in dict.fromkeys(questions) if question not in self._answers]
            if fresh:
                self._answers.update(zip(fresh, self._asked(base, fresh), strict=True))
            return [self._answers[question] for question in questions]

    def _latest(self, book: Book) -> Calculated:
        last = self._last
        if last is None or last.base.revision < book.revision or self._last_tick != self._tick(book):
            newest = last.base if last is not None and last.base.revision >= book.revision else book
            last = self._last = self._calculate(newest)
            self._last_tick = self._tick(newest)
            self._answers = dict.fromkeys(self._too_much)
            self.calculated_at = time.monotonic()
        return last

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

    def close(self, *, wait: bool = True) -> bool:
        """End the process, which is started again when needed; without waiting, only if nothing is calculated."""
        if not self._lock.acquire(blocking=wait):
            return False
        try:
            self._start_anew()
        finally:
            self._lock.release()
        return True

    def _tick(self, book: Book) -> str:
        """Changes whenever results change by themselves."""
        pace = self._census.pace()
        if not pace:
            return ""
        return self._now(book).strftime("%Y-%m-%d" if pace == "day" else "%Y-%m-%d %H:%M")

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
        self._late = set()
        try:
            self._ask_twice(book, layout)
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
        try:
            if self._process is None:
                self._process = Process()
            answer = self._process.ask(message, seconds)
        except (CalculationError, OSError) as error:
            self._start_anew()
            raise error if isinstance(error, CalculationError) else CalculationError(NOT_CALCULATED) from error
        self._outcome.take(answer)
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
        return place in self._late or self._culprits.why(book, self._census, place) is not None

    def _why(self, book: Book, place: Place) -> str:
        """Why a formula was not calculated, for people; "" if it was."""
        complaint = self._census.prepared(place).complaint
        if complaint:
            return complaint
        why = _NOT_REACHED if place in self._late else self._culprits.why(book, self._census, place)
        return f"The formula {why}." if why else ""

    def _search(self, book: Book, layout: Layout, fresh: list[Place], why: str) -> None:
        """Find the formulas that are too much, suspecting the changed ones, and calculate the others."""
        deadline = time.monotonic() + SEARCH_SECONDS
        suspects = set(fresh)
        settled = [p for p in self._census.formulas if p not in suspects and not self._is_away(book, p)]

        def trial(included: set[Place]) -> str | None:
            try:
                self._ask(book, layout, included, TRIAL_LIMIT_SECONDS)
            except CalculationError as error:
                return error.message
            return None

        found = search([settled, fresh], why, trial, lambda: time.monotonic() > deadline)
        for place, reason in found.guilty.items():
            self._culprits.add(book, self._census, layout, place, reason)
        self._late = found.late
        if trial(found.sound) is not None:  # it worked a moment ago; a machine under load may be slower now
            self._late |= found.sound
            trial(set())

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
