"""
The formulas by which an Excel file counts what the figures say, over its sheets of data (`case_data.py`).

`{first}` and `{until}` are the cells with the period's days, `{0}` is a cell of the same row, `{above}` what stands
above in the same column, and any other name a column of the data.
"""

from collections.abc import Sequence

from register.figures import Dimension, Outcome, Timing

UNKNOWN = "(tidak diketahui)"
"""Stands in the data for what is not known, so that it can be counted."""
IN_PERIOD = '{recorded},">="&{first},{recorded},"<"&{until}'
CLOSED_IN_PERIOD = '{closed},">="&{first}'
RECEIVED = f"COUNTIFS({IN_PERIOD})"
CLOSED = f"COUNTIFS({CLOSED_IN_PERIOD})"
PENDING_BEFORE = "SUM({open_before})"
PENDING_AFTER = "SUM({open_after})"
REOPENED = "SUM({reopened})"
TOTAL = "SUM({above})"
ON_TIME, LATE, OVERDUE = "tepat", "terlambat", "lewat"
AGREED, DISPUTED, SILENT = "selesai", "belum", "diam"
SEEN, SEEN_LATE, UNSEEN, NOT_DUE = "tepat", "terlambat", "belum", "berjalan"


def received_by(dimension: Dimension, value: str) -> str:
    """How many were received of a value."""
    return f"COUNTIFS({IN_PERIOD},{{{dimension.value}}},{_equals(value or UNKNOWN)})"


def closed_by(outcome: Outcome) -> str:
    """How many were closed in such a way."""
    return f"COUNTIFS({CLOSED_IN_PERIOD},{{outcome}},{_equals(outcome.value)})"


def verdict(code: str) -> str:
    """How many were settled with such a word of the reporter."""
    return f"COUNTIF({{verdict}},{_equals(code)})"


def rated(number: int) -> str:
    """How often that rating was given."""
    return f"SUM({{rating_{number}}})"


def emergencies(code: str) -> str:
    """How many Darurat were looked at so."""
    return f"COUNTIF({{emergency}},{_equals(code)})"


def clock_columns(procedure: str, key: str) -> tuple[str, str]:
    """Keys of the columns with a clock's result and with its minutes."""
    return f"result {procedure} {key}", f"minutes {procedure} {key}"


def timed(timing: Timing, code: str) -> str:
    """How many of a clock ended so."""
    return f"COUNTIF({{{clock_columns(timing.procedure, timing.key)[0]}}},{_equals(code)})"


def nearest_rank(column: str, tenths: int) -> str:
    """The ceil(p * n)-th smallest number of a column; in whole numbers, as 0.9 * 10 may be more than 9."""
    count = f"COUNT({{{column}}})"
    return f'IF({count}=0,"–",SMALL({{{column}}},ROUNDUP({count}*{tenths}/10,0)))'


def share(part: str, whole: str) -> str:
    """A part of a whole; a dash where there is no whole."""
    return f'IF({whole}=0,"–",{part}/{whole})'


def mean_rating(numbers: Sequence[int]) -> str:
    """The mean of all ratings."""
    weighted = "+".join(f"{number}*{rated(number)}" for number in numbers)
    return share(f"({weighted})", f"({'+'.join(map(rated, numbers))})")


def _equals(value: str) -> str:
    """A criterion that only this text meets: wildcards in it stand for themselves."""
    plain = "".join("~" + letter if letter in "~*?" else letter for letter in value)
    return '"=' + plain.replace('"', '""') + '"'
