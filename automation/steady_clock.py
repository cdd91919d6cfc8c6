"""
Whether the computer's clock may be trusted with what nobody can take back: erasing, and publishing for good.

A clock that is ahead for an hour, as after an empty battery or a wrong date typed by hand, would erase what has years
to go, and freeze figures of months that have not been. So a clock that jumped is only believed after a day.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog

KNOWN = "clock_known"
"""Setting of the store: the clock's latest time that was seen, and since when it has run without a jump."""
LONGEST_REST = timedelta(days=7)
"""
For so long a computer may be off, over holidays, without its clock being doubted. A clock that is ahead by less does no
harm: nothing is published within 10 days of its period, and retention is a matter of months and years.
"""
PROBATION = timedelta(days=1)
"""For how long a clock that jumped has to run before it is believed."""
_NOTED_EVERY = timedelta(hours=1)
_BACKWARDS = timedelta(hours=1)
"""By so much may the clocks of two processes differ, or one be set right."""
log = structlog.get_logger()


class Memory(Protocol):
    """What remembers settings: `register.memory.Memory`."""

    def setting(self, name: str) -> Any:
        """A value, None if it was never put."""

    def put_setting(self, name: str, value: Any) -> None:
        """Remember a value."""


class SteadyClock:
    """Over what the store remembers, so that it outlives the process."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def holds(self, now: datetime) -> bool:
        """Whether the clock has run without a jump for long enough. `now` is an aware instant."""
        known = self._memory.setting(KNOWN)
        if known is None:  # nothing to compare with: a new office, in which there is nothing to erase or publish
            self._note(now, now - 2 * PROBATION)
            return True
        last, since = (datetime.fromisoformat(known[name]) for name in ("last", "since"))
        if not last - _BACKWARDS <= now <= last + LONGEST_REST:
            log.warning("clock_jumped", seen=last.isoformat(), now=now.isoformat())
            self._note(now, now)
            return False
        if now - last >= _NOTED_EVERY:
            self._note(now, since)
        return now - since >= PROBATION

    def _note(self, last: datetime, since: datetime) -> None:
        self._memory.put_setting(KNOWN, {"last": last.isoformat(), "since": since.isoformat()})


def steadily(memory: Memory, job: Callable[[datetime], object]) -> Callable[[datetime], None]:
    """A job that rests while the clock is doubted."""
    clock = SteadyClock(memory)

    def run(now: datetime) -> None:
        if clock.holds(now):
            job(now)

    return run
