"""The calculators of all spreadsheets: one process for each that is in use, none for those that rest."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from localsheets.formulas.background import Background, Keep
from localsheets.formulas.calculator import Calculator, Question
from localsheets.formulas.filling import Calculated
from localsheets.model.book import Book

IDLE_SECONDS = 60.0
MOST_PROCESSES = 4
"""At once; each takes from 25 MB up, as much as the cells that formulas need."""
MOST_WAITING_IN_ALL = 3
"""Readers who wait long for results, of whatever spreadsheets; the server has at least one thread more."""


class Calculators:
    """Calculates any spreadsheet."""

    def __init__(
        self, clock: Callable[[], datetime], idle_seconds: float = IDLE_SECONDS, keep: Keep = lambda _, __: None
    ) -> None:
        """
        Args:
            keep: Told a snapshot and the same with its results, whenever they are calculated.
        """
        self._clock = clock
        self._keep = keep
        self._seats = threading.Semaphore(MOST_WAITING_IN_ALL)
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._calculators: dict[str, Background] = {}
        self._read_at: dict[str, float] = {}
        self._watch: threading.Thread | None = None
        self._closed = threading.Event()

    def calculated(self, book: Book, *, glance: bool = False) -> Calculated:
        """The snapshot with its results as far as they are known; one without formulas is answered as it is."""
        if not any(sheet.holds_formulas for sheet in book.sheets) and book.book_id not in self._calculators:
            return Calculated(book, book)
        return self._calculator(book).calculated(book, glance=glance)

    def answers(self, book: Book, questions: Sequence[Question]) -> list[Any]:
        """What formulas come to that stand in no cell, such as those of rules; None for an error."""
        return self._calculator(book).answers(book, questions) if questions else []

    def _calculator(self, book: Book) -> Background:
        with self._lock:
            self._read_at[book.book_id] = time.monotonic()
            calculator = self._calculators.get(book.book_id)
            if calculator is None:
                calculator = Background(self._clock, self._keep, self._seats)
                self._calculators[book.book_id] = calculator
            if self._watch is None and not self._closed.is_set():
                self._watch = threading.Thread(target=self._watch_over, name="idle calculators", daemon=True)
                self._watch.start()
            return calculator

    def _each(self) -> Iterator[Calculator]:
        return (background.calculator for background in self._calculators.values())

    def pids(self) -> list[int]:
        """The running processes."""
        with self._lock:
            return [calculator.pid for calculator in self._each() if calculator.pid is not None]

    def is_busy(self, book_id: str) -> bool:
        """Whether results of the spreadsheet are still to come."""
        with self._lock:
            calculator = self._calculators.get(book_id)
        return calculator is not None and calculator.is_busy()

    def forget(self, book_id: str) -> None:
        """The spreadsheet was deleted."""
        with self._lock:
            calculator = self._calculators.pop(book_id, None)
        if calculator is not None:
            calculator.calculator.close()

    def close(self) -> None:
        """End all processes."""
        self._closed.set()
        with self._lock:
            calculators = list(self._each())
        for calculator in calculators:
            calculator.close()

    def _watch_over(self) -> None:
        while not self._closed.wait(min(self._idle_seconds / 4, 5)):
            self._end_idle_processes()
            with self._lock:
                self._forget_unread()
                if not self._calculators:
                    self._watch = None
                    return

    def _end_idle_processes(self) -> None:
        """End those that calculated nothing for long; reading results again is no calculation."""
        with self._lock:
            running = [calculator for calculator in self._each() if calculator.pid is not None]
        running.sort(key=lambda calculator: calculator.calculated_at)
        idle_since = time.monotonic() - self._idle_seconds
        for place, calculator in enumerate(running):
            if calculator.calculated_at < idle_since or place < len(running) - MOST_PROCESSES:
                calculator.rest()

    def _forget_unread(self) -> None:
        """Let go of the results of spreadsheets that nobody reads."""
        idle_since = time.monotonic() - self._idle_seconds
        for book_id, read_at in list(self._read_at.items()):
            calculator = self._calculators.get(book_id)
            if calculator is None or (read_at < idle_since and calculator.calculator.pid is None):
                del self._read_at[book_id]
                self._calculators.pop(book_id, None)
