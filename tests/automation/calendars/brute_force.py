"""
The articles of `automation/calendars/clocks.py` once more, minute by minute and date by date, without a thought for
speed.

Written from the articles' text, not from the code: it shares with it only norms and the description of the office.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from automation.calendars.norms import Norm, Unit
from tests.automation.calendars.any_calendar import Office

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
Span = tuple[datetime, datetime | None]


class BruteForce:
    """Deadlines of an office whose clocks stand still in some spans; all instants are whole minutes."""

    def __init__(self, office: Office, spans: Sequence[Span]) -> None:
        self.office = office
        closed = [(since, until) for since, until in spans if until is not None and since < until]
        open_since = min((since for since, until in spans if until is None), default=None)
        moved = True
        while open_since and moved:  # article 1: what touches a pause without an end has none
            moved = False
            for since, until in list(closed):
                if until >= open_since:
                    closed.remove((since, until))
                    open_since, moved = min(open_since, since), True
        self.closed = closed

    def due(self, start: datetime, norms: Sequence[Norm]) -> datetime:
        """Article 2."""
        at = start
        for norm in norms:
            at = self._after_pause(at)
            at = self._minutes(at, norm.amount) if norm.unit is Unit.MINUTES else self._dates(at, norm)
        return at

    def stands(self, at: datetime) -> bool:
        """Whether the clock stands still during the minute that begins then."""
        return any(since <= at < until for since, until in self.closed)

    def _after_pause(self, at: datetime) -> datetime:
        while self.stands(at):
            at += MINUTE
        return at

    def _minutes(self, at: datetime, amount: int) -> datetime:
        """Article 3."""
        while amount:
            amount -= self.office.serves(at) and not self.stands(at)
            at += MINUTE
        return at

    def _dates(self, began: datetime, norm: Norm) -> datetime:
        """Articles 4 and 5: wait for the deadline; when a pause begins before it, work out a new one."""
        working = norm.unit is Unit.WORKING_DAYS
        left, on = norm.amount, self._led_to(began.date(), norm)
        due = self._working_days(began, left) if working else self._closing_by(began, on)
        at = began
        while at < due:
            if not self.stands(at):
                at = min((since for since, _ in self.closed if since > at), default=due)
                continue
            first = at.date()
            left = min(left, sum(self.office.day(day) is not None for day in self._dates_after(first, due.date())))
            at = self._after_pause(at)
            on += at.date() - first
            due = self._working_days(at, left) if working else self._closing_by(at, on)
        return due

    def _led_to(self, on: date, norm: Norm) -> date:
        if norm.unit is Unit.CALENDAR_DAYS:
            return on + norm.amount * DAY
        month = on.month - 1 + norm.amount
        for day in (on.day, 30, 29, 28):
            try:
                return date(on.year + month // 12, month % 12 + 1, min(day, on.day))
            except ValueError:
                continue
        raise AssertionError(on)

    def _dates_after(self, first: date, last: date) -> list[date]:
        return [first + n * DAY for n in range(1, (last - first).days + 1)]

    def _working_days(self, began: datetime, left: int) -> datetime:
        day = began.date()
        while not left and (not (closing := self.office.closing(day)) or closing < began):
            day += DAY  # no day is left to count: the first closing that is still to come
        while left:
            day += DAY
            left -= self.office.day(day) is not None
        found = self.office.closing(day)
        assert found
        return found

    def _closing_by(self, began: datetime, on: date) -> datetime:
        closings = [self.office.closing(began.date() + n * DAY) for n in range(-1, (on - began.date()).days + 1)]
        usable = [closing for closing in closings if closing and closing >= began]
        if usable:
            return max(usable)
        day = began.date()
        while not (closing := self.office.closing(day)) or closing < began:
            day += DAY
        return closing
