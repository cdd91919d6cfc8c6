"""
Continuing a series, as the fill handle does: numbers by their step, dates by day or month, `Item 1` by its number.

What is no series is repeated.
"""

import re
from calendar import monthrange
from datetime import datetime
from itertools import pairwise

from localsheets.formats.coercion import Scalar, simplest
from localsheets.formats.serials import moment_of, serial_of

_NUMBERED = re.compile(r"(.*?)(\d{1,9})(\D*)", re.DOTALL)


def continued(values: list[Scalar | None], count: int, *, dated: bool, backwards: bool = False) -> list[Scalar | None]:
    """
    The `count` values after some given ones; `backwards`, those before the first, nearest first.

    Args:
        dated: The numbers are shown as dates or times.
    """
    given = values[::-1] if backwards else values
    series = _numbers(given, count, dated=dated, down=backwards) or _numbered_texts(given, count, down=backwards)
    return series or [given[at % len(given)] for at in range(count)]


def _numbers(values: list[Scalar | None], count: int, *, dated: bool, down: bool) -> list[Scalar | None] | None:
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) != len(values):
        return None
    if dated:
        months = _months(numbers, count)
        if months is not None:
            return months
    if len(numbers) == 1 and not dated:
        return None
    steps = {round(two - one, 9) for one, two in pairwise(numbers)} or {-1 if down else 1}
    if len(steps) == 1:
        (step,) = steps
        return [simplest(round(numbers[-1] + step * (at + 1), 9)) for at in range(count)]
    return [simplest(round(number, 9)) for number in _trend(numbers, count)]


def _trend(numbers: list[int | float], count: int) -> list[float]:
    """The straight line that lies closest to the numbers, continued."""
    size = len(numbers)
    middle_x, middle_y = (size - 1) / 2, sum(numbers) / size
    spread = sum((x - middle_x) ** 2 for x in range(size))
    slope = sum((x - middle_x) * (y - middle_y) for x, y in enumerate(numbers)) / spread
    return [middle_y + slope * (size + at - middle_x) for at in range(count)]


def _months(serials: list[int | float], count: int) -> list[Scalar | None] | None:
    """Dates a fixed number of months apart: each month's same day, or its last one."""
    moments = [moment_of(serial) for serial in serials]
    known = [moment for moment in moments if moment is not None]
    if len(known) < 2 or len(known) != len(moments):
        return None
    counted = [moment.year * 12 + moment.month - 1 for moment in known]
    steps = {two - one for one, two in pairwise(counted)}
    day = max(moment.day for moment in known)
    if len(steps) != 1 or 0 in steps or [_on_day(at, day, known[0]) for at in counted] != known:
        return None
    (step,) = steps
    wanted = [counted[-1] + step * (at + 1) for at in range(count)]
    if not all(12 <= at < 9999 * 12 for at in wanted):
        return None
    return [serial_of(_on_day(at, day, known[0])) for at in wanted]


def _on_day(month: int, day: int, clock: datetime) -> datetime:
    year, number = divmod(month, 12)
    last = monthrange(year, number + 1)[1]
    return clock.replace(year=year, month=number + 1, day=min(day, last))


def _numbered_texts(values: list[Scalar | None], count: int, *, down: bool) -> list[Scalar | None] | None:
    """`Item 1`, `Item 2`: what surrounds the last number stays, leading zeros too."""
    parts = [_parts(value) for value in values]
    known = [part for part in parts if part is not None]
    if not known or len(known) != len(parts) or len({(before, after) for before, _, after in known}) != 1:
        return None
    numbers = [int(digits) for _, digits, _ in known]
    steps = {two - one for one, two in pairwise(numbers)} or {-1 if down else 1}
    if len(steps) != 1:
        return None
    (step,) = steps
    before, digits, after = known[-1]
    wanted = [numbers[-1] + step * (at + 1) for at in range(count)]
    return [f"{before}{abs(number):0{len(digits)}d}{after}" for number in wanted]


def _parts(value: Scalar | None) -> tuple[str, str, str] | None:
    match = _NUMBERED.fullmatch(value) if isinstance(value, str) and len(value) < 1000 else None
    if match is None or not (match.group(1) or match.group(3)):
        return None
    return match.group(1), match.group(2), match.group(3)
