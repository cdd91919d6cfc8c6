"""Whether days were over without being sealed, as far as the trail itself can tell. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from register import facts
from register.chain import Link, day_of
from register.complaint import WITA

LONG_ENOUGH = timedelta(hours=1)
"""From midnight until a day can be sealed; and so long at the most until a worker that was off has sealed it."""


@dataclass
class DaysOver:
    """
    The first day of the trail that was long over while the trail went on.

    It begins with the first event that has facts: the first versions did not seal days, and so had no roots.
    """

    day: date | None = None
    over: datetime | None = None
    unsealed: date | None = None

    def pass_by(self, link: Link, at: datetime) -> None:
        """The next event."""
        if self.unsealed:
            return
        if self.day is None:
            self.day = day_of(at) if isinstance(link.data, dict) and facts.KEY in link.data else None
        elif self.over is not None:
            self.unsealed = self.day if at >= self.over + LONG_ENOUGH else None
        elif at >= datetime.combine(self.day + timedelta(days=1), time.min, WITA) + LONG_ENOUGH:
            self.over = at
