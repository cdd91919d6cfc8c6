"""The calculators of all spreadsheets: one process for each that is in use, none for those that rest."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from localsheets.formulas.calculator import Calculator, Question
from localsheets.formulas.filling import Calculated
from localsheets.model.book import Book

IDLE_SECONDS = 60.0
MOST_PROCESSES = 4
"""At once; each takes from 25 MB up, as much as the cells that formulas need."""


class Calculators:
    """Calculates any spreadsheet."""

    def __init__(self, clock: Callable[[], datetime], idle_seconds: float = IDLE_SECONDS) -> None:
        self._clock = clock
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._calculators: dict[str, Calculator] = {}
        self._read_at: dict[str, float] = {}
        self._watch: threading.Thread | None = None
        self._closed = threading.Event()

    def calculated(self, book: Book) -> Calculated:
        """The snapshot with its results; one without formulas is answered as it is."""
        if not any(sheet.holds_formulas for sheet in book.sheets) and book.book_id not in self._calculators:
            return Calculated(book, book)
        return self._calculator(book).calculated(book)

    def answers(self, book: Book, questions: Sequence[Question]) -> list[Any]:
        """What formulas come to that stand in no cell, such as those of rules; None for an error."""
        return self._calculator(book).answers(book, questions) if questions else []

    def _calculator(self, book: Book) -> Calculator:
        with self._lock:
            self._read_at[book.book_id] = time.monotonic()
            calculator = self._calculators.setdefault(book.book_id, Calculator(self._clock))
            if self._watch is None and not self._closed.is_set():
                self._watch = threading.Thread(target=self._watch_over, name="idle calculators", daemon=True)
                self._watch.start()
            return calculator

    def pids(self) -> list[int]:
        """The running processes."""
        with self._lock:
            return [calculator.pid for calculator in self._calculators.values() if calculator.pid is not None]

    def forget(self, book_id: str) -> None:
        """The spreadsheet was deleted."""
        with self._lock:
            calculator = self._calculators.pop(book_id, None)
        if calculator is not None:
            calculator.close()

    def close(self) -> None:
        """End all processes."""
        self._closed.set()
        with self._lock:
            calculators = list(self._calculators.values())
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
            running = [calculator for calculator in self._calculators.values() if calculator.pid is not None]
        running.sort(key=lambda calculator: calculator.calculated_at)
        idle_since = time.monotonic() - self._idle_seconds
        for place, calculator in enumerate(running):
            if calculator.calculated_at < idle_since or place < len(running) - MOST_PROCESSES:
                calculator.close(wait=False)

    def _forget_unread(self) -> None:
        """Let go of the results of spreadsheets that nobody reads."""
        idle_since = time.monotonic() - self._idle_seconds
        for book_id, read_at in list(self._read_at.items()):
            calculator = self._calculators.get(book_id)
            if calculator is None or (read_at < idle_since and calculator.pid is None):
                del self._read_at[book_id]
                self._calculators.pop(book_id, None)
