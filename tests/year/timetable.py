"""
The office's year, minute by minute, and deadlines found by walking along it. Knows nothing of the product.

Every minute of 2026 and 2027 is one byte: whether the office serves then. Instants are whole minutes since the first of
January 2026, 00.00 WITA. Dates are typed from the decisions of the three ministers (SKB 3 Menteri 1497/2025, 2/2025,
5/2025 for 2026 and 1205/2026, 3/2026, 2/2026 for 2027), hours from Perpres 21/2023.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone

WITA = timezone(timedelta(hours=8))
FIRST = datetime(2026, 1, 1, tzinfo=WITA)
DAYS = 730
DAY = 24 * 60

HOLIDAYS = re.findall(
    r"\S+",
    """
    2026-01-01 2026-01-16 2026-02-16 2026-02-17 2026-03-18 2026-03-19 2026-03-20 2026-03-21 2026-03-22 2026-03-23
    2026-03-24 2026-04-03 2026-04-05 2026-05-01 2026-05-14 2026-05-15 2026-05-27 2026-05-28 2026-05-31 2026-06-01
    2026-06-16 2026-08-17 2026-08-25 2026-12-24 2026-12-25
    2027-01-01 2027-01-05 2027-02-05 2027-02-06 2027-03-08 2027-03-09 2027-03-10 2027-03-11 2027-03-12 2027-03-15
    2027-03-25 2027-03-26 2027-03-28 2027-05-01 2027-05-06 2027-05-17 2027-05-18 2027-05-19 2027-05-20 2027-06-01
    2027-06-06 2027-08-15 2027-08-17 2027-12-24 2027-12-25 2027-12-26
    """,
)
RAMADAN = (("2026-02-19", "2026-03-20"), ("2027-02-08", "2027-03-09"))

Spans = Sequence[tuple[str, str]]
ORDINARY: Spans = (("07.30", "12.00"), ("13.00", "16.00"))
FRIDAY: Spans = (("07.30", "11.30"), ("13.00", "16.30"))
FASTING: Spans = (("08.00", "12.00"), ("12.30", "15.00"))
FASTING_FRIDAY: Spans = (("08.00", "12.00"), ("13.00", "15.30"))

Pause = tuple[int, int]
"""From the first minute up to, and without, the second, the clock stands still."""


def minute(at: datetime) -> int:
    """The whole minute of an aware instant. Raises: ValueError if it is not a whole one."""
    whole, rest = divmod(at - FIRST, timedelta(minutes=1))
    if rest:
        raise ValueError(f"{at} is not a whole minute")
    return whole


def instant(at: int) -> datetime:
    """The instant of a minute."""
    return FIRST + timedelta(minutes=at)


class Timetable:
    """
    Two years of minutes.

    Args:
        closed: Further dates without service, as ISO texts.
        opened: Dates with service all the same; a Saturday or Sunday has a Monday's hours.
        ordinary: The hours from Monday to Thursday outside the fasting month.
        friday: Friday's hours outside the fasting month.
    """

    def __init__(
        self,
        closed: Iterable[str] = (),
        opened: Iterable[str] = (),
        ordinary: Spans = ORDINARY,
        friday: Spans = FRIDAY,
    ) -> None:
        self.served = bytearray(DAYS * DAY)
        without = ({*HOLIDAYS} | {*closed}) - {*opened}
        for day in range(DAYS):
            on = (FIRST + timedelta(days=day)).date()
            text = on.isoformat()
            if text in without or (on.weekday() >= 5 and text not in opened):
                continue
            fasting = any(first <= text <= last for first, last in RAMADAN)
            fridays = FASTING_FRIDAY if fasting else friday
            others = FASTING if fasting else ordinary
            for opens, closes in fridays if on.weekday() == 4 else others:
                start, end = (day * DAY + _of_day(clock) for clock in (opens, closes))
                self.served[start:end] = b"\x01" * (end - start)
        self._closings = [self._last_minute(day) for day in range(DAYS)]
        self._known: dict[tuple[int, tuple[str, ...], tuple[Pause, ...]], int] = {}

    def closing(self, day: int) -> int | None:
        """The end of the last minute served on the n-th date; None if there is none."""
        return self._closings[day]

    def _last_minute(self, day: int) -> int | None:
        last = self.served.rfind(b"\x01", day * DAY, (day + 1) * DAY)
        return None if last < 0 else last + 1

    # -- the office's own limits --------------------------------------------------------------------------------------

    def due(self, start: int, norms: Sequence[str], pauses: Sequence[Pause] = ()) -> int:
        """When norms that follow one another are due, with the whole clock standing still in the pauses."""
        asked = start, tuple(norms), tuple(pauses)
        if asked not in self._known:
            self._known[asked] = self._walk(*asked)
        return self._known[asked]

    def _walk(self, at: int, norms: Sequence[str], pauses: Sequence[Pause]) -> int:
        for norm in norms:
            for since, until in pauses:
                if since <= at < until:
                    at = until
            amount, unit = read_norm(norm)
            later = [pause for pause in pauses if pause[0] > at]
            if unit == "menit":
                at = self._minutes(at, amount, later)
            elif unit == "hari kerja":
                at = self._working_days(at, amount, later)
            else:
                at = self._calendar_days(at, landing(at, amount, unit), later)
        return at

    def _minutes(self, at: int, left: int, pauses: Sequence[Pause]) -> int:
        while left:
            if self.served[at] and not any(since <= at < until for since, until in pauses):
                left -= 1
            at += 1
        return at

    def _working_days(self, start: int, days: int, pauses: Sequence[Pause]) -> int:
        due = self._closing_after(start, days)
        for since, until in pauses:
            if since >= due:
                break
            to_come = [day for day in range(since // DAY + 1, due // DAY + 1) if self.closing(day) is not None]
            days = min(days, len(to_come))
            due = self._closing_after(until, days)
        return due

    def _closing_after(self, start: int, days: int) -> int:
        """The closing of the last of so many working days after the starting date; of none, the next closing."""
        day = start // DAY
        closes = start if days else self._closing_from(start, day)
        while days:
            day += 1
            if (later := self.closing(day)) is not None:
                closes, days = later, days - 1
        return closes

    def _calendar_days(self, start: int, on: int, pauses: Sequence[Pause]) -> int:
        due = self._closing_by(start, on)
        for since, until in pauses:
            if since >= due:
                break
            on += until // DAY - since // DAY
            due = self._closing_by(until, on)
        return due

    def _closing_by(self, start: int, on: int) -> int:
        """The last closing up to a date's end that does not lie before the start, or else the next one after it."""
        for day in range(on, start // DAY - 1, -1):
            closes = self.closing(day)
            if closes is not None and closes >= start:
                return closes
        return self._closing_from(start, start // DAY)

    def _closing_from(self, start: int, day: int) -> int:
        while (closes := self.closing(day)) is None or closes < start:
            day += 1
        return closes

    # -- times that a reporter has, and when somebody is at work ------------------------------------------------------

    def window(self, start: int, norm: str) -> int:
        """The end of a reporter's time: the closing of the date, or the next one if the office is closed that date."""
        amount, unit = read_norm(norm)
        return self._closing_from(start, landing(start, amount, unit))

    def at_work(self, at: int) -> int:
        """That minute, or the next one in which the office serves."""
        return self.served.find(b"\x01", at)

    def worked(self, at: int, minutes: int) -> int:
        """The minute, within service, at which so many minutes of work that begin now are done."""
        return self.at_work(self._minutes(at, minutes, ()))


def read_norm(text: str) -> tuple[int, str]:
    """Amount and unit of "10 menit", "4 jam", "2 hari kerja", "14 hari", "3 bulan"."""
    found = re.fullmatch(r"(\d+) (menit|jam|hari kerja|hari|bulan)", text)
    assert found, text
    amount, unit = int(found[1]), found[2]
    return (amount * 60, "menit") if unit == "jam" else (amount, unit)


def landing(start: int, amount: int, unit: str) -> int:
    """The n-th date to which calendar days or months lead."""
    if unit == "hari":
        return start // DAY + amount
    began = instant(start).date()
    year, month = divmod(began.year * 12 + began.month - 1 + amount, 12)
    on = date(year, month + 1, min(began.day, monthrange(year, month + 1)[1]))
    return (on - FIRST.date()).days


def _of_day(clock: str) -> int:
    hours, minutes = clock.split(".")
    return int(hours) * 60 + int(minutes)


# -- rules that change during the year --------------------------------------------------------------------------------

NORMS: Mapping[str, str] = {
    **{f"norma_langsung_{no}": "10 menit" for no in (1, 2, 3, 4)},
    "norma_langsung_5": "2 hari kerja",
    "norma_langsung_6": "10 hari kerja",
    **dict.fromkeys(("norma_online_1", "norma_online_3"), "5 menit"),
    **dict.fromkeys(("norma_online_2", "norma_online_4", "norma_online_5", "norma_online_7"), "10 menit"),
    **dict.fromkeys(("norma_online_6", "norma_online_8"), "30 menit"),
    "norma_online_9": "3 bulan",
    "batas_kelengkapan": "30 hari",
    "batas_tanggapan": "10 hari",
    "batas_buka_kembali": "30 hari",
    "perpanjangan": "5 hari kerja",
    "darurat_ditangani": "60 menit",
    "laporan_setelah": "3 hari kerja",
}
"""As the decree, the laws and the office have them at the start of the year."""


class Rules:
    """What is in force from a minute on: a timetable and the norms."""

    def __init__(self, since: int, timetable: Timetable, norms: Mapping[str, str]) -> None:
        self.since, self.timetable, self.norms = since, timetable, norms
