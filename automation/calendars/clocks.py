"""
Clocks that stand still while the office waits for the reporter, may be extended once, and explain themselves.

The rules of `clock_due`, article by article; "date" and "closing" are WITA, "service" is the calendar's.

1. *Pauses.* A pause [since, until) holds from its first instant up to, and without, its last. One that does not run
   forwards changes nothing. Pauses that overlap or touch are one. A pause without an end (with all that it touches)
   moves nothing: the clock still stands, and its deadline is the one as it stood when that pause began.
2. *Chain.* Norms follow one another: each begins at the deadline of the one before it, the first at `start`. A
   beginning that lies in a pause is moved to that pause's end. A norm is moved by those pauses that begin after its
   beginning and before (not at) its deadline as moved so far; any other leaves it alone.
3. *Minutes.* The deadline is the first instant by which the norm's minutes of service have passed outside all pauses.
4. *Working days.* When a pause begins, the days left are the dates with service after the pause's first date up to the
   due date, but never more than were left before. They are counted anew from the pause's end as from any start: that
   date is not counted, whatever the hour. If none is left, the norm is due at the first closing that does not lie
   before the pause's end.
5. *Calendar days and months.* The date they lead to moves by the days between the pause's first and last date. The
   norm is due at the last closing up to that date's end that does not lie before the latest beginning or pause's end,
   or, if there is none, at the first closing from then on.
6. *Extension.* It follows the last norm as one more norm of the chain would: no pause counts twice, but one that begins
   before the extended deadline stops the clock there too.
"""

from collections.abc import Sequence
from datetime import datetime

from automation.calendars.counting import (
    Pause,
    closing_by,
    closing_from,
    count_minutes,
    count_working_days,
    in_wita,
    landing,
)
from automation.calendars.derivation import Deadline, Kind, Passage
from automation.calendars.norms import Norm, Unit
from automation.calendars.office_calendar import Calendar
from automation.calendars.working_time import due_at

WAITING = "menunggu pelapor"


def clock_due(
    start: datetime,
    norms: Sequence[Norm],
    calendar: Calendar,
    *,
    pauses: Sequence[tuple[datetime, datetime | None]] = (),
    extension: Norm | None = None,
    paused_because: str = WAITING,
) -> Deadline:
    """
    The deadline of norms that follow one another, the whole clock standing still during the pauses.

    Args:
        start: Aware, as all instants here; the deadline is in WITA.
        norms: At least one, or the deadline is the start.
        pauses: (since, until), half-open; until None while the clock still stands. In any order.
        extension: A further norm, counted from the deadline found.
        paused_because: Why it stood still, for the derivation.

    Raises: CalendarEndsError if the calendar has no service time for 400 days; ValueError for a naive instant.
    Source: the articles of this module; UU 25/2009 Ps 44 (the reporter completes), design.md decision 7.
    """
    standing, open_since = _merged(pauses)
    at = in_wita(start)
    passages: list[Passage] = []
    for place, norm in enumerate((*norms, extension) if extension else norms):
        if place == len(norms):
            passages.append(Passage(Kind.EXTENDED, at.date(), why=str(norm)))
        for since, until in standing:
            if since <= at < until:
                passages.append(_stood((since, until), paused_because))
                at = until
        at = _norm_due(at, norm, calendar, [pause for pause in standing if pause[0] > at], passages, paused_because)
        passages.append(Passage(Kind.DUE, at.date(), why=str(norm), at=at))
    if open_since and open_since < at:
        _insert(passages, Passage(Kind.PAUSED, open_since.date(), why=paused_because, at=open_since))
    return Deadline(at, tuple(passages))


def window_end(start: datetime, norm: Norm, calendar: Calendar) -> Deadline:
    """
    The end of a time that the reporter has, such as "30 hari" to complete a complaint.

    Calendar days and months end at the closing of the date they lead to; if the office is closed that date, at the next
    closing there is: never earlier, unlike the office's own limits. Minutes and working days end as `due_at` has them.

    Raises: as `due_at`.
    Source: UU 25/2009 Ps 44 (30 days to complete), PermenPANRB 62/2018 (10 days to respond).
    """
    if norm.unit in (Unit.MINUTES, Unit.WORKING_DAYS):
        return due_at(start, norm, calendar)
    began = in_wita(start)
    on = landing(began, norm)
    passages = [Passage(Kind.LANDED, began.date(), why=str(norm), until=on)]
    at = closing_from(began, on, calendar, passages)
    return Deadline(at, (*passages, Passage(Kind.DUE, at.date(), why=str(norm), at=at)))


def _merged(pauses: Sequence[tuple[datetime, datetime | None]]) -> tuple[list[Pause], datetime | None]:
    """The pauses in WITA, in order and apart, and since when the clock stands still now, if it does."""
    merged: list[Pause] = []
    open_since: datetime | None = min((in_wita(since) for since, until in pauses if until is None), default=None)
    closed = sorted((in_wita(since), in_wita(until)) for since, until in pauses if until is not None)
    for since, until in closed:
        if since >= until:
            continue
        if merged and since <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(until, merged[-1][1]))
        else:
            merged.append((since, until))
    while open_since and merged and merged[-1][1] >= open_since:
        open_since = min(open_since, merged.pop()[0])
    return merged, open_since


def _norm_due(
    began: datetime, norm: Norm, calendar: Calendar, pauses: Sequence[Pause], passages: list[Passage], why: str
) -> datetime:
    """When one norm is due; its beginning lies in no pause, and the pauses are those that begin later."""
    match norm.unit:
        case Unit.MINUTES:
            own: list[Passage] = []
            at = count_minutes(began, norm.amount, calendar, own, pauses)
            for pause in pauses:
                if pause[0] < at:
                    own = [p for p in own if not (p.kind is Kind.CLOSED and _within(p, pause))]
                    _insert(own, _stood(pause, why))
            passages += own
            return at
        case Unit.WORKING_DAYS:
            return _working_days_due(began, norm.amount, calendar, pauses, passages, why)
        case Unit.CALENDAR_DAYS | Unit.CALENDAR_MONTHS:
            return _calendar_days_due(began, norm, calendar, pauses, passages, why)


def _working_days_due(
    began: datetime, days: int, calendar: Calendar, pauses: Sequence[Pause], passages: list[Passage], why: str
) -> datetime:
    left = days
    own: list[Passage] = []
    at = count_working_days(began, days, calendar, own)
    for since, until in pauses:
        if since >= at:
            break
        left = min(left, calendar.working_days_between(since.date(), at.date()))
        own = [passage for passage in own if passage.last <= since.date()]
        own.append(_stood((since, until), why))
        at = count_working_days(until, left, calendar, own, done=days - left)
    passages += own
    return at


def _calendar_days_due(
    began: datetime, norm: Norm, calendar: Calendar, pauses: Sequence[Pause], passages: list[Passage], why: str
) -> datetime:
    on = landing(began, norm)
    passages.append(Passage(Kind.LANDED, began.date(), why=str(norm), until=on))
    found: list[Passage] = []
    at = closing_by(began, on, calendar, found)
    for since, until in pauses:
        if since >= at:
            break
        moved = on + (until.date() - since.date())
        passages.append(_stood((since, until), why))
        if moved > on:
            passages.append(Passage(Kind.LANDED, on, why=f"{(moved - on).days} hari berhenti", until=moved))
        on, found = moved, []
        at = closing_by(until, on, calendar, found)
    passages += found
    return at


def _stood(pause: Pause, why: str) -> Passage:
    since, until = pause
    return Passage(Kind.PAUSED, since.date(), why=why, until=until.date(), at=since, ends=until)


def _within(passage: Passage, pause: Pause) -> bool:
    return pause[0].date() <= passage.on <= pause[1].date()


def _insert(passages: list[Passage], new: Passage) -> None:
    """Put it after what tells of its date and of those before."""
    place = next((n for n, passage in enumerate(passages) if passage.on > new.on), len(passages))
    passages.insert(place, new)
