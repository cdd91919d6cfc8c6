"""
Dates and times as spreadsheets count them: days since 1899-12-30, the time of day as a fraction.

Source: https://developers.google.com/sheets/api/guides/formats#about_date_time_values
"""

from datetime import date, datetime, time, timedelta

_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  (a sheet's dates carry no zone)
_SECONDS_PER_DAY = 86_400
LAST_SERIAL = 2_958_466
"""The day after 9999-12-31."""


def serial_of(moment: date | datetime) -> int | float:
    """The serial number of a date (whole) or a moment (with a fraction), to the second."""
    if not isinstance(moment, datetime):
        return (moment - _DAY_ZERO.date()).days
    seconds = (moment - _DAY_ZERO).total_seconds()
    days, rest = divmod(seconds, _SECONDS_PER_DAY)
    return int(days) if not rest else days + rest / _SECONDS_PER_DAY


def serial_of_time(moment: time) -> float:
    """The fraction of a day that has passed at that time."""
    return (moment.hour * 3600 + moment.minute * 60 + moment.second) / _SECONDS_PER_DAY


def moment_of(serial: float, decimals: int = 0) -> datetime | None:
    """The moment of a serial number, to the nearest second or fraction of one; None outside the years 1 to 9999."""
    if not -693_593 <= serial < LAST_SERIAL:
        return None
    try:
        return _DAY_ZERO + timedelta(seconds=round(serial * _SECONDS_PER_DAY, decimals))
    except OverflowError:  # rounded up past the last day
        return None
