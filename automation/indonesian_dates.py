"""Dates, times of day and durations as a formal Indonesian letter writes them."""

from datetime import date, datetime

_WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
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
    known = (*enumerate(_MONTHS, start=1), *_ALSO)
    return next((number for number, month in known if len(said) > 2 and month.casefold().startswith(said)), 0)


def weekday_name(on: date) -> str:
    """The day of the week: "Jumat"."""
    return _WEEKDAYS[on.weekday()]


def long_date(on: date) -> str:
    """A date in full: "Jumat, 20 Maret 2026". A datetime is read in its own zone."""
    return f"{weekday_name(on)}, {on.day} {_MONTHS[on.month - 1]} {on.year}"


def long_instant(at: datetime) -> str:
    """An instant in full: "Jumat, 20 Maret 2026 pukul 15.30 WITA". `at` is already in WITA."""
    return f"{long_date(at)} pukul {at:%H.%M} WITA"


def duration(minutes: int) -> str:
    """Minutes in words: 90 is "1 jam 30 menit", 0 is "kurang dari 1 menit"."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} jam"] if hours else []
    parts += [f"{rest} menit"] if rest else []
    return " ".join(parts) or "kurang dari 1 menit"
