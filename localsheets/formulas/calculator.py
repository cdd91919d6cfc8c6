"""
A spreadsheet's formulas calculated, once for each revision, whatever they are.

A formula that takes too long, or all memory, or ends the calculator, is kept away from it; all others get their values.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from localsheets.book import Book
from localsheets.formulas.census import Census, Place
from localsheets.formulas.culprits import Culprits, search
from localsheets.formulas.filling import Calculated, Filling, Outcome
from localsheets.formulas.mirror import Mirror, layout_of
from localsheets.formulas.preparing import Layout
from localsheets.formulas.process import NOT_CALCULATED, CalculationError, Process

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
        self.calculated_at = time.monotonic()

    @property
    def pid(self) -> int | None:
        """The running child's process id; None if there is none."""
        return None if self._process is None else self._process.pid

    def calculated(self, book: Book) -> Calculated:
        """The snapshot, or a later one, with its results; who comes while they are calculated waits."""
        with self._lock:
            last = self._last
            if last is None or last.base.revision < book.revision or self._last_tick != self._tick(book):
                newest = last.base if last is not None and last.base.revision >= book.revision else book
                last = self._last = self._calculate(newest)
                self._last_tick = self._tick(newest)
                self.calculated_at = time.monotonic()
            return last

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
        now = self._clock()
        try:
            now = now.astimezone(ZoneInfo(str(book.properties.get("timeZone", "UTC"))))
        except (ValueError, OSError, KeyError):  # a time zone that Google knows, and this system does not
            now = now.astimezone(UTC)
        return now.strftime("%Y-%m-%d" if pace == "day" else "%Y-%m-%d %H:%M")

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

    def _ask(self, book: Book, layout: Layout, only: set[Place] | None = None, seconds: float = LIMIT_SECONDS) -> None:
        """
        Have the formulas calculated, all or only some, and note what comes out.

        Raises: CalculationError; the process is gone then.
        """
        message = self._mirror.message(
            book, layout, lambda place: self._is_away(book, place) or (only is not None and place not in only)
        )
        if self._process is not None and not any(message.values()) and not self._census.pace():
            return  # nothing that formulas need has changed
        seconds += _SECONDS_PER_CELL * self._mirror.cells + _SECONDS_PER_FORMULA * len(self._census.formulas)
        try:
            if self._process is None:
                self._process = Process()
            answer = self._process.ask(message, seconds)
        except (CalculationError, OSError) as error:
            self._start_anew()
            raise error if isinstance(error, CalculationError) else CalculationError(NOT_CALCULATED) from error
        self._outcome.take(answer)

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
            self._mirror.needs(occupied)
            try:
                self._ask(book, layout)
            except CalculationError as error:
                self._search(book, layout, [], error.message)
