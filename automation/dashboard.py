"""
Keeps the tab `Dasbor` there and writes its block `Riwayat`: what happened in the last months, also to complaints whose
rows have left the register since.

It runs beside the ticks, as counting years may take a while, and writes in a tab that no tick reads, under the same
lease. Whatever is wrong with it holds up nothing else.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from automation.sop.clock_keys import ANSWER
from register.figures import Figures, Statistics
from register.periods import MONTH, Period
from register.sheet import Sheet
from sheets_schema.dashboard import plan_dashboard, plan_history
from sheets_schema.dashboard_tab import HISTORY_MONTHS

COUNTED_EVERY = timedelta(hours=1)
LOOKED_EVERY_SECONDS = 15
"""So soon is it tried again where the register could not be reached, or was not laid out yet."""

HistoryMonth = tuple[str, int, int, int, int]
"""A month as `2026-11`; received and closed in it; late in it; pending at its end."""


class Dashboard:
    """
    The job.

    Args:
        still_writing: Whether this worker holds the register's lease.
        sheet: Makes the way to the register; asked once, as a connection belongs to one thread.
    """

    def __init__(self, still_writing: Callable[[], bool], sheet: Callable[[], Sheet], statistics: Statistics) -> None:
        self._still_writing = still_writing
        self._make = sheet
        self._sheet: Sheet | None = None
        self._statistics = statistics
        self._counted: datetime | None = None

    def __call__(self, now: datetime) -> None:
        """One run; writes only what differs. Raises: SheetUnavailableError, SheetRefusedError."""
        if self._counted and self._counted <= now < self._counted + COUNTED_EVERY:
            return
        if not self._still_writing():
            return
        self._sheet = self._sheet or self._make()
        if not self._provisioned(self._sheet):
            return
        months = history(self._statistics, now)
        if self._still_writing():
            self._sheet.batch(plan_history(self._sheet.dashboard(), months))
            self._counted = now

    @staticmethod
    def _provisioned(sheet: Sheet) -> bool:
        found = sheet.dashboard()
        requests = plan_dashboard(found)
        sheet.batch(requests)
        return bool(requests) or found.sheet_id is not None  # neither, where the register is not laid out yet


def history(statistics: Statistics, now: datetime) -> Sequence[HistoryMonth]:
    """The last months up to the running one, oldest first; not those before the first complaint."""
    running = Period.around(now, MONTH)
    periods = [running.moved(by) for by in range(1 - HISTORY_MONTHS, 1)]
    told = [_month(figures) for figures in statistics.figures(periods, now)]
    first = next((place for place, month in enumerate(told) if any(month[1:])), len(told) - 1)
    return told[first:]


def _month(figures: Figures) -> HistoryMonth:
    """Late are the answers that were given late in the month, or were due in it and not given by its end."""
    late = sum(timing.late + timing.overdue for timing in figures.timings if timing.key == ANSWER)
    return figures.period.key, figures.received, figures.closed, late, figures.pending_after
