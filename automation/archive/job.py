"""The worker's job for the archive: only it writes to spreadsheets, between its ticks and while it has the lease."""

from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from automation.archive.erasing import Eraser, erase_outdated
from automation.archive.moving import Mover
from automation.archive.plan import quiet
from automation.archive.shelves import REMEMBERED, Shelves
from automation.configuration.in_force import Configuration
from automation.steady_clock import SteadyClock
from register.archive import Task
from register.complaint import WITA
from register.errors import AduanError
from register.store import Store

ASKED = "archive_asked"
"""Setting of the store: when `aduan archive` asked for moving at once; None when that is done."""
ERASED_ON = "archive_erased_on"
"""Setting of the store: the last WITA day on which the schedule erased."""
EVERY_SECONDS = 20
log = structlog.get_logger()


@dataclass(frozen=True)
class Archivists:
    """What does the work, over one connection to the spreadsheets."""

    mover: Mover
    eraser: Eraser
    shelves: Shelves


class ArchiveJob:
    """
    Follows what the store says, at any hour, and who may open the archive's spreadsheets; moves portions while the
    office is closed or when asked to; erases once a day what was kept long enough.

    Args:
        held: Whether this worker is the one that writes.
        folder: The data folder, for reports.
    """

    def __init__(
        self,
        store: Store,
        held: Callable[[], bool],
        make: Callable[[], Archivists],
        rules: Callable[[datetime], Configuration],
        folder: Path,
    ) -> None:
        self._store = store
        self._held = held
        self._make = make
        self._rules = rules
        self._folder = folder
        self._clock = SteadyClock(store)
        self._made: Archivists | None = None
        self._rested_on = ""

    def __call__(self, now: datetime) -> None:
        """One run. Raises: as `Sheet.read`; what is left is done at the next."""
        if not self._held():
            return
        self._share()
        rules = self._rules(now)
        self._erase(rules, now)
        self._follow(now)
        self._move(rules, now)

    def _archivists(self) -> Archivists:
        if self._made is None:
            self._made = self._make()
        return self._made

    def _share(self) -> None:
        """Whoever lost a role or an account loses the archive, whoever got one opens it; troubles hold up nothing."""
        if not self._store.setting(REMEMBERED):
            return
        try:
            unshared = self._archivists().shelves.unshared()
        except AduanError as error:
            log.warning("archive_not_shared", code=error.code, **dict(error.facts))
            return
        for key, people in unshared.items():
            if self._held():
                self._share_one(key, people)

    def _share_one(self, key: str, people: Set[str]) -> None:
        try:
            self._archivists().shelves.share(key, people)
        except AduanError as error:  # tried again at the next run
            log.warning("archive_not_shared", archive=key, code=error.code, **dict(error.facts))
        else:
            log.info("archive_shared", archive=key, people=len(people))

    def _erase(self, rules: Configuration, now: datetime) -> None:
        today = now.astimezone(WITA).date().isoformat()
        if not quiet(rules, now) or self._store.setting(ERASED_ON) == today or not self._clock.holds(now):
            return
        report = erase_outdated(self._store, rules, now, self._folder)
        self._store.put_setting(ERASED_ON, today)
        if report is not None:
            log.info("erased_by_schedule", report=report.name)

    def _follow(self, now: datetime) -> None:
        for task, follow in (
            (Task.BLANK, lambda: self._archivists().eraser.follow(now)),
            (Task.CLEAR, lambda: self._archivists().mover.clear(now)),
            (Task.WITHDRAW, lambda: self._archivists().mover.withdraw()),
        ):
            if self._store.archive_tasks(task, 1):
                follow()

    def _move(self, rules: Configuration, now: datetime) -> None:
        today, asked = now.astimezone(WITA).date().isoformat(), self._store.setting(ASKED)
        if not asked and (not quiet(rules, now) or self._rested_on == today):
            return
        if moved := self._archivists().mover.move(rules, now):
            log.info("archived", complaints=moved)
            return
        self._rested_on = today  # nothing is left that may go; by tomorrow something may have grown old enough
        if asked:
            self._store.put_setting(ASKED, None)
