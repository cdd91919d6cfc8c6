"""
Lengths of time as the office says them: an amount and a unit, such as "10 menit" or "2 hari kerja".

Units are named by their Indonesian words, as norms are written. What reads them out in another language, or keeps
number and unit on one line, begins here.
"""

MINUTES, HOURS, WORKING_DAYS, DAYS, MONTHS = "menit", "jam", "hari kerja", "hari", "bulan"
DAY_MINUTES = 450
"""Minutes of service in a working day, where nothing else is said: 37.5 hours in five days (Perpres 21/2023)."""
_HOUR = 60


def in_units(minutes: int, day: int = DAY_MINUTES) -> list[tuple[int, str]]:
    """
    The two largest units of some minutes: those of "35 menit", "1 jam 5 menit", "1 hari kerja 2 jam", "3 hari".

    Args:
        day: How many minutes of service a working day has; 0 for minutes by the clock on the wall.
    """
    days, rest = divmod(minutes, day or 24 * _HOUR)
    hours, left = divmod(rest, _HOUR)
    amounts = [(days, WORKING_DAYS if day else DAYS), (hours, HOURS), (left, MINUTES)]
    first = next((place for place, (amount, _) in enumerate(amounts) if amount), None)
    return [(0, MINUTES)] if first is None else [each for each in amounts[first : first + 2] if each[0]]
