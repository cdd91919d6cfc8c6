"""Dates and instants as a formal Indonesian letter writes them; `automation.calendars` adds the short forms."""

from datetime import date, datetime

from register.complaint import WITA

WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
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


def weekday_name(on: date) -> str:
    """The day of the week: "Jumat"."""
    return WEEKDAYS[on.weekday()]


def letter_date(on: date) -> str:
    """A date as it stands at the head of a letter: "20 Maret 2026". A datetime is read in its own zone."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def long_date(on: date) -> str:
    """A date in full: "Jumat, 20 Maret 2026". A datetime is read in its own zone."""
    return f"{weekday_name(on)}, {letter_date(on)}"


def long_instant(at: datetime) -> str:
    """An instant in full: "Jumat, 20 Maret 2026 pukul 15.30 WITA". `at` is already in WITA."""
    return f"{long_date(at)} pukul {at:%H.%M} WITA"


def short_instant(at: datetime) -> str:
    """An aware instant for a narrow column: "20-03-2026 15.30", in WITA."""
    return f"{at.astimezone(WITA):%d-%m-%Y %H.%M}"
