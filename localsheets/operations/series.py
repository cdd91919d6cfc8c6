"""
How a row of values goes on: what a spreadsheet fills in when somebody drags the corner of a selection.

Source: https://support.google.com/docs/answer/75509
"""

import re
from itertools import cycle, islice, pairwise
from typing import Any

from localsheets.formats.coercion import Scalar, simplest

Values = list[Scalar | None]
_NUMBERED = re.compile(r"(.*?)([0-9]{1,9})", re.DOTALL)


def continued(values: Values, count: int, *, steps_alone: bool = False, alternate: bool = False) -> Values:
    """
    The next `count` values.

    Numbers go on along a straight line, and so do texts that end with a number; anything else is repeated.

    Args:
        steps_alone: Whether a single number goes on by one (a date does) or stays (a plain number does).
        alternate: The other way round: what would go on is repeated, and a single number that would stay goes on.
    """
    if not values:
        return [None] * count
    numbers = _numbers(values)
    if numbers is not None:
        goes_on = (len(values) > 1 or steps_alone) != alternate
        return [simplest(number) for number in _line(numbers, count)] if goes_on else _repeated(values, count)
    stem, counted = _numbered(values)
    if counted and not alternate:
        return [f"{stem}{_padded(number, str(values[0]), stem)}" for number in _line(counted, count)]
    return _repeated(values, count)


def _repeated(values: Values, count: int) -> Values:
    return list(islice(cycle(values), count))


def _numbers(values: Values) -> list[float] | None:
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in values):
        return None
    return [value for value in values if isinstance(value, int | float)]


def _numbered(values: Values) -> tuple[str, list[float]]:
    """What comes before the number at the end of every text, and the numbers; none if the texts differ otherwise."""
    matches = [_NUMBERED.fullmatch(value) if isinstance(value, str) else None for value in values]
    found = [match for match in matches if match is not None]
    stems = {match.group(1) for match in found}
    if len(found) < len(values) or len(stems) != 1:
        return "", []
    return stems.pop(), [int(match.group(2)) for match in found]


def _line(numbers: list[float], count: int) -> list[float]:
    """The next points on the line through the numbers, or nearest to them."""
    size = len(numbers)
    if size == 1:
        return [numbers[0] + step for step in range(1, count + 1)]
    steps = {after - before for before, after in pairwise(numbers)}
    if len(steps) == 1:
        step = steps.pop()
        return [numbers[-1] + step * place for place in range(1, count + 1)]
    middle, mean = (size - 1) / 2, sum(numbers) / size
    spread = sum((place - middle) ** 2 for place in range(size))
    slope = sum((place - middle) * (number - mean) for place, number in enumerate(numbers)) / spread
    return [round(mean + slope * (place - middle), 9) for place in range(size, size + count)]


def _padded(number: float, first: str, stem: str) -> Any:
    """The number with as many digits as the first text has; never below zero, as at Google."""
    digits = first[len(stem) :]
    return str(abs(round(number))).zfill(len(digits) if digits.startswith("0") else 0)
