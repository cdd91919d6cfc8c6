"""
The office's calendar, put together from the national list, the fasting months, and what staff typed.

National holidays and collective leave come from the `holidays` package (both categories: its default leaves out
collective leave). Staff add and remove dates in the tab `Hari Libur`, and set hours and Ramadan dates in the tab
`Pengaturan`, under the names of HOURS_SETTINGS and `ramadan_<year>`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

import holidays
from hijridate import Hijri

from automation.calendars.office_calendar import Calendar, OfficeHours, Ramadan
from automation.errors import OfficeHoursError


class LocalDayKind(StrEnum):
    """What a row of the tab `Hari Libur` does to its date."""

    ADD = "add"
    REMOVE = "remove"


class LocalDay(NamedTuple):
    """One row of the tab `Hari Libur`: a date closed (add) or open against the national list (remove)."""

    on: date
    name: str
    kind: str = LocalDayKind.ADD


@dataclass(frozen=True)
class HoursSetting:
    """One setting of the tab `Pengaturan`: WITA hours such as "07.30-16.00 istirahat 12.00-13.00", or "tutup"."""

    name: str
    default: str
    help: str


HOURS_SETTINGS = (
    # Perpres 21/2023 Ps 3-4: 37.5 hours a week from 07.30, break 60 minutes, on Fridays 90.
    HoursSetting("jam_layanan_senin_kamis", "07.30-16.00 istirahat 12.00-13.00", "Jam layanan Senin sampai Kamis"),
    HoursSetting("jam_layanan_jumat", "07.30-16.30 istirahat 11.30-13.00", "Jam layanan hari Jumat"),
    HoursSetting("jam_layanan_sabtu", "tutup", "Jam layanan hari Sabtu, juga selama Ramadan"),
    HoursSetting("jam_layanan_minggu", "tutup", "Jam layanan hari Minggu, juga selama Ramadan"),
    # Perpres 21/2023 Ps 5-7: 32.5 hours a week from 08.00 in Ramadan, break 30 minutes, on Fridays 60.
    HoursSetting("jam_ramadan_senin_kamis", "08.00-15.00 istirahat 12.00-12.30", "Jam Ramadan Senin sampai Kamis"),
    HoursSetting("jam_ramadan_jumat", "08.00-15.30 istirahat 12.00-13.00", "Jam Ramadan hari Jumat"),
)
CLOSED_WORD = "tutup"
LEAVE = "cuti bersama"
"""How the name of a date of collective leave begins."""
LEAST_WEEK = timedelta(hours=1)
"""Service that an ordinary week and a week of Ramadan must each have."""
LONGEST_CLOSURE_DAYS = 30
"""Dates in a row without service that local holidays may make; Idul Fitri with its collective leave has about 11."""
RAMADAN_SETTING = re.compile(r"ramadan_(\d{4})")

ANNOUNCED_RAMADAN: Mapping[int, Ramadan] = {
    2026: Ramadan(date(2026, 2, 19), date(2026, 3, 20), estimated=False),
    2027: Ramadan(date(2027, 2, 8), date(2027, 3, 9), estimated=True),
}
"""Start and end as the government's calendar has them; other years are computed and marked as estimates."""

_CLOCK = r"(\d{1,2})[.:](\d{2})"
_SPAN = rf"{_CLOCK}\s*(?:-|–|s\.?d\.?|sampai)\s*{_CLOCK}"
_HOURS = re.compile(rf"{_SPAN}(?:\s*[,;]?\s*istirahat\s+{_SPAN})?")
_DATE = r"(\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{4}-\d{2}-\d{2})"
_DATES = re.compile(rf"{_DATE}\s*(?:s\.?d\.?|sampai|hingga|–|-)\s*{_DATE}")
_RAMADAN, _SYAWAL = 9, 10


def build_calendar(
    years: Iterable[int],
    *,
    local_days: Iterable[tuple[date, str, str]] = (),
    hours: Mapping[str, str] | None = None,
) -> Calendar:
    """
    The calendar of those years; asking again with equal arguments gives the same object, its memory included.

    Args:
        years: WITA years; dates outside them have no holidays, so give the years that deadlines reach.
        local_days: Rows (date, name, "add" or "remove") of the tab `Hari Libur`; a later row wins.
        hours: Setting name to text, as in HOURS_SETTINGS and `ramadan_<year>`; blank or absent keeps the default.

    Raises: OfficeHoursError naming the setting that cannot be read; ValueError for another kind of row.
    Source: SKB 3 Menteri (dates), Perpres 21/2023 Ps 3-7 (hours).
    """
    given = tuple(sorted((name, text.strip()) for name, text in (hours or {}).items() if text.strip()))
    return _calendar(tuple(sorted(set(years))), tuple(LocalDay(*row) for row in local_days), given)


def years_without_skb(years: Iterable[int]) -> tuple[int, ...]:
    """Those of the years for which no collective leave is known, that is no SKB 3 Menteri has been loaded."""
    return tuple(year for year in sorted(set(years)) if not _national(year, leave_only=True))


def skb_warning(years: Iterable[int], calendar: Calendar) -> str:
    """
    A sentence naming those of the years for which the calendar has no SKB dates yet; empty if there are none.

    A year has them if some date is closed as collective leave, be it in the national list or in the tab `Hari Libur`.
    """
    known = {on.year for on, name in calendar.closed.items() if name.strip().casefold().startswith(LEAVE)}
    lacking = sorted(set(years) - known)
    if not lacking:
        return ""
    return (
        f"Perhatian: tanggal cuti bersama (SKB 3 Menteri) tahun {_listed(lacking)} belum tersedia, sehingga batas "
        "waktu yang mencapai tahun itu masih perkiraan. Perbarui program ini, atau tuliskan tanggalnya pada tab Hari "
        "Libur dengan keterangan yang diawali 'Cuti Bersama'."
    )


def skb_warning_for(today: date, calendar: Calendar) -> str:
    """The warning for the years that open deadlines may reach: that of the date (WITA) and the next; may be empty."""
    return skb_warning((today.year, today.year + 1), calendar)


def _listed(years: Sequence[int]) -> str:
    *before, last = map(str, years)
    return f"{', '.join(before)} dan {last}" if before else last


def ramadan_of(year: int) -> tuple[Ramadan, ...]:
    """The fasting months that touch a year: announced ones, else computed. Two in 2030; none beyond 2076."""
    if year in ANNOUNCED_RAMADAN:
        return (ANNOUNCED_RAMADAN[year],)
    months = []
    nearest = (year - 622) * 33 // 32
    for hijri_year in range(nearest - 1, nearest + 3):
        try:
            first, after = Hijri(hijri_year, _RAMADAN, 1).to_gregorian(), Hijri(hijri_year, _SYAWAL, 1).to_gregorian()
        except (OverflowError, ValueError):
            continue
        last = date(after.year, after.month, after.day) - timedelta(days=1)
        if year in (first.year, last.year):
            months.append(Ramadan(date(first.year, first.month, first.day), last))
    return tuple(months)


def parse_hours(name: str, text: str) -> OfficeHours | None:
    """
    The hours a setting's text means; None for "tutup".

    Raises: OfficeHoursError, naming the setting, if the text cannot be read or does not run forwards.
    """
    spoken = " ".join(text.casefold().split())
    if spoken == CLOSED_WORD:
        return None
    match = _HOURS.fullmatch(spoken)
    try:
        if not match:
            raise ValueError(text)  # noqa: TRY301 - one way out for unreadable and for impossible hours
        return OfficeHours(*(_clock(match, at) for at in (1, 3, 5, 7)))  # type: ignore[arg-type]
    except ValueError as error:
        raise OfficeHoursError(
            f"Pengaturan {name} tidak terbaca. Tuliskan misalnya '07.30-16.00 istirahat 12.00-13.00' atau 'tutup'.",
            setting=name,
            found=text,
        ) from error


def parse_ramadan(name: str, text: str) -> Ramadan:
    """
    The fasting month a setting's text means, such as "19-02-2026 s.d. 20-03-2026"; staff know, so no estimate.

    Raises: OfficeHoursError, naming the setting, if the text cannot be read, does not run forwards, or lies in another
        year than the setting's name says.
    """
    match = _DATES.fullmatch(" ".join(text.casefold().split()))
    try:
        first, last = (_date(part) for part in match.groups()) if match else (date.max, date.min)
        if first > last or (last - first).days > 31:
            raise ValueError(text)  # noqa: TRY301 - one way out for unreadable and for impossible dates
    except ValueError as error:
        raise OfficeHoursError(
            f"Pengaturan {name} tidak terbaca. Tuliskan misalnya '19-02-2026 s.d. 20-03-2026'.",
            setting=name,
            found=text,
        ) from error
    year = RAMADAN_SETTING.fullmatch(name)
    if year and int(year[1]) not in (first.year, last.year):
        raise OfficeHoursError(
            f"Tanggal pada {name} bukan dalam tahun {year[1]}. Perbaiki tanggalnya, atau tuliskan tahunnya pada Nama.",
            setting=name,
            found=text,
        )
    return Ramadan(first, last, estimated=False)


def idle_settings(hours: Mapping[str, str]) -> tuple[str, ...]:
    """
    The settings (of Monday to Thursday and of Friday) of those weeks that have less than LEAST_WEEK of service.

    Takes and raises as `build_calendar`. Such hours, each of them readable, would leave deadlines no place to fall.
    """
    calendar = build_calendar((), hours=hours)
    return tuple(
        name
        for kind, week in (("layanan", calendar.week), ("ramadan", calendar.ramadan_week))
        if sum((day.length for day in week if day), timedelta()) < LEAST_WEEK
        for name in (f"jam_{kind}_senin_kamis", f"jam_{kind}_jumat")
    )


def too_long_closed(calendar: Calendar, dates: Iterable[date]) -> set[date]:
    """Those of the dates that lie in more than LONGEST_CLOSURE_DAYS dates in a row without service."""
    found: set[date] = set()
    last, too_long = date.min, False
    for on in sorted(set(dates)):
        if on > last and calendar.hours(on) is None:
            first, last = _closure(calendar, on)
            too_long = (last - first).days >= LONGEST_CLOSURE_DAYS
        if on <= last and too_long:
            found.add(on)
    return found


def _closure(calendar: Calendar, on: date) -> tuple[date, date]:
    """First and last of the dates without service around a closed one."""
    first = last = on
    while first > date.min and calendar.hours(first - timedelta(days=1)) is None:
        first -= timedelta(days=1)
    while last < date.max and calendar.hours(last + timedelta(days=1)) is None:
        last += timedelta(days=1)
    return first, last


@lru_cache(maxsize=8)
def _calendar(years: tuple[int, ...], rows: tuple[LocalDay, ...], hours: tuple[tuple[str, str], ...]) -> Calendar:
    closed = {on: name for year in years for on, name in _national(year)}
    opened: set[date] = set()
    for on, name, kind in rows:
        if LocalDayKind(kind) is LocalDayKind.ADD:
            closed[on] = name
            opened.discard(on)
        else:
            opened.add(on)
    texts = {setting.name: setting.default for setting in HOURS_SETTINGS} | dict(hours)
    day = {setting.name: parse_hours(setting.name, texts[setting.name]) for setting in HOURS_SETTINGS}
    weekend = (day["jam_layanan_sabtu"], day["jam_layanan_minggu"])
    return Calendar(
        week=(*[day["jam_layanan_senin_kamis"]] * 4, day["jam_layanan_jumat"], *weekend),
        ramadan_week=(*[day["jam_ramadan_senin_kamis"]] * 4, day["jam_ramadan_jumat"], *weekend),
        ramadan=_ramadan(years, texts),
        closed=closed,
        opened=frozenset(opened),
    )


def _ramadan(years: tuple[int, ...], texts: Mapping[str, str]) -> tuple[Ramadan, ...]:
    typed = {
        int(match[1]): parse_ramadan(name, text)
        for name, text in texts.items()
        if (match := RAMADAN_SETTING.fullmatch(name))
    }
    months = {month for year in years for month in ((typed[year],) if year in typed else ramadan_of(year))}
    return tuple(sorted(months, key=lambda month: month.first))


@lru_cache(maxsize=64)
def _national(year: int, *, leave_only: bool = False) -> tuple[tuple[date, str], ...]:
    categories = ("government",) if leave_only else ("public", "government")
    found = holidays.country_holidays("ID", years=year, categories=categories, language="id")
    return tuple(sorted(found.items()))


def _clock(match: re.Match[str], at: int) -> time | None:
    return time(int(match[at]), int(match[at + 1])) if match[at] else None


def _date(text: str) -> date:
    if text[4] == "-":
        return date.fromisoformat(text)
    day, month, year = (int(part) for part in re.split(r"[-/.]", text))
    return date(year, month, day)
