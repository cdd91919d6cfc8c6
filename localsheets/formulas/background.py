"""
A spreadsheet's formulas calculated in a thread of their own, so that no reader waits long for them.

Whoever comes while they are calculated gets the stored cells as they are now and the results of before; a formula that
has none yet shows that it is loading, as in Sheets. Such a snapshot says up to which revision its results are settled,
so that whoever follows the changes asks again from there.
"""

import dataclasses
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from localsheets.formulas.calculator import GLANCE_SECONDS, Calculator, Question
from localsheets.formulas.filling import Calculated, loading
from localsheets.model.book import Book

PATIENCE_SECONDS = 3.0
"""How long somebody waits who should see the results of the present revision."""
MOST_WAITING = 2
"""Readers of one spreadsheet who wait that long at the same time; all others get what there is."""
RETOLD_SECONDS = 10.0
"""For so long results that came later, of a revision that was shown already, are told to all who follow it."""
Keep = Callable[[Book, Book], object]


class Background:
    """
    The calculator of one spreadsheet and the thread in which it works, while there is something to do.

    Args:
        keep: Told a snapshot and the same with its results.
        seats: Taken by whoever waits long, whatever the spreadsheet.
    """

    def __init__(self, clock: Callable[[], datetime], keep: Keep, seats: threading.Semaphore) -> None:
        self.calculator = Calculator(clock)
        self._keep = keep
        self._seats = seats
        self._turn = threading.Condition()
        self._running = False
        self._began = 0.0
        self._wanted: Book | None = None
        self._at_work = -1  # the revision that is calculated, while the thread runs
        self._waiting = 0
        self._last: Calculated | None = None
        self._loading: Calculated | None = None
        self._retold_until = 0.0

    def calculated(self, book: Book, *, glance: bool = False) -> Calculated:
        """
        The snapshot, or a later one, with its results as far as they are known.

        Args:
            glance: Not to wait for a calculation that takes long.
        """
        with self._turn:
            if not self._is_present(book):
                self._want(book)
                self._wait(book, glance=glance)
            elif self.calculator.is_due() and not self._running:
                self._want(book)
            return self._known(book)

    def answers(self, book: Book, questions: Sequence[Question]) -> list[Any]:
        """What formulas come to that stand in no cell; None for an error, and while nobody knows."""
        self.calculated(book, glance=True)
        return self.calculator.answers(questions)

    def is_busy(self) -> bool:
        """Whether something is calculated just now."""
        return self._running

    def _is_present(self, book: Book) -> bool:
        last = self._last
        return last is not None and last.base.revision >= book.revision and not self.calculator.is_outdated(book)

    def _want(self, book: Book) -> None:
        known = (None if self._last is None else self._last.base, self._wanted, book)
        newest = max((b for b in known if b is not None), key=lambda b: b.revision)
        if not self._running or newest.revision > self._at_work:
            self._wanted = newest
        if not self._running:
            self._running, self._began, self._at_work = True, time.monotonic(), newest.revision
            threading.Thread(target=self._work, name="formulas", daemon=True).start()

    def _wait(self, book: Book, *, glance: bool) -> None:
        sits = not glance and self._waiting < MOST_WAITING and self._seats.acquire(blocking=False)
        end = time.monotonic() + PATIENCE_SECONDS if sits else self._began + GLANCE_SECONDS
        self._waiting += sits
        try:
            while self._running and not self._is_present(book) and (left := end - time.monotonic()) > 0:
                self._turn.wait(left)
        finally:
            if sits:
                self._waiting -= 1
                self._seats.release()

    def _known(self, book: Book) -> Calculated:
        last = self._last
        if last is None or last.base.revision < book.revision:
            if self._loading is None or self._loading.base is not book:
                shown = loading(book, None if last is None else last.shown)
                settled = 0 if last is None else last.base.revision
                self._loading = Calculated(book, dataclasses.replace(shown, settled_at=settled))
            return self._loading
        is_retried = self._running and self._at_work == last.base.revision
        if is_retried or time.monotonic() < self._retold_until:
            return Calculated(last.base, dataclasses.replace(last.shown, settled_at=last.base.revision - 1))
        return last

    def _work(self) -> None:
        try:
            while (book := self._next()) is not None:
                self._done(book, self.calculator.calculated(book))
        except BaseException:
            with self._turn:
                self._running = False
                self._turn.notify_all()
            raise

    def _next(self) -> Book | None:
        with self._turn:
            book, self._wanted, self._began = self._wanted, None, time.monotonic()
            if book is None or self.calculator.closed:
                self._running = False  # at once, for who comes from now on must start another thread
                self._turn.notify_all()
                return None
            self._at_work = book.revision
            return book

    def _done(self, book: Book, calculated: Calculated) -> None:
        self._keep(book, calculated.base)
        with self._turn:
            before, self._last, self._loading = self._last, calculated, None
            self._at_work = -1
            if before is not None and before.base.revision == book.revision and calculated.base is not before.base:
                self._retold_until = time.monotonic() + RETOLD_SECONDS
            self._turn.notify_all()
