"""Dates and durations in the short forms that cells need, and months as clerks type them."""

import re
from datetime import date

from register.indonesian_dates import MONTHS, weekday_name

_SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
_HOLIDAY_FORMALITIES = re.compile(r"^(hari kedua dari )?hari (raya|suci) |\(perkiraan\)$", re.IGNORECASE)
_ALSO = (
    (1, "January"),
    (2, "February"),
    (2, "Pebruari"),
    (3, "March"),
    (5, "May"),
    (6, "June"),
    (7, "July"),
    (8, "August"),
    (8, "Agt"),
    (10, "October"),
    (11, "Nopember"),
    (12, "December"),
)
"""English names, and older or hasty spellings that clerks still type."""


def month_number(name: str) -> int:
    """1 to 12 for a month in Indonesian or English, in full or cut to three letters or more; 0 if it is none."""
    said = name.casefold()
    known = (*enumerate(MONTHS, start=1), *_ALSO)
    return next((number for number, month in known if len(said) > 2 and month.casefold().startswith(said)), 0)


def duration(minutes: int) -> str:
    """Minutes in words: 90 is "1 jam 30 menit", 0 is "kurang dari 1 menit"."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} jam"] if hours else []
    parts += [f"{rest} menit"] if rest else []
    return " ".join(parts) or "kurang dari 1 menit"


def short_date(on: date) -> str:
    """A date for a narrow cell: "20 Mar"."""
    return f"{on.day} {_SHORT_MONTHS[on.month - 1]}"


def short_range(first: date, last: date) -> str:
    """Dates from first to last for a narrow cell: "3 Mar", "18–24 Mar", "30 Des–2 Jan"."""
    if first == last:
        return short_date(first)
    same_month = (first.year, first.month) == (last.year, last.month)
    return f"{first.day if same_month else short_date(first)}–{short_date(last)}"


def weekday_range(first: date, last: date) -> str:
    """Days of the week from first to last: "Sabtu", "Sabtu–Minggu"."""
    return weekday_name(first) if first == last else f"{weekday_name(first)}–{weekday_name(last)}"


def short_duration(minutes: int) -> str:
    """Minutes for a narrow cell: 90 is "1 j 30 m", 0 is "0 m"."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} j"] if hours else []
    parts += [f"{rest} m"] if rest else []
    return " ".join(parts) or "0 m"


def short_holiday(name: str) -> str:
    """What people call a holiday: "Hari Raya Idul Fitri (perkiraan)" is "Idul Fitri"; all leave is "cuti bersama"."""
    if name.casefold().startswith("cuti bersama"):
        return "cuti bersama"
    return _HOLIDAY_FORMALITIES.sub("", name).strip() or name
