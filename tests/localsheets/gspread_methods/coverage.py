"""
Which of gspread's public methods and properties a test is about.

`@covers("Worksheet.update")` says so; test_every_method.py fails if one is left out, and
`python -m tests.localsheets.gspread_methods` prints the list with its outcome.
"""

import inspect
from collections.abc import Callable
from typing import TypeVar

import gspread
from gspread.worksheet import ValueRange

Test = TypeVar("Test", bound=Callable[..., object])
COVERED: dict[str, list[str]] = {}
"""Public name → tests about it."""


def covers(*names: str) -> Callable[[Test], Test]:
    """Mark a test as one about these methods."""

    def mark(test: Test) -> Test:
        test.covers = (*getattr(test, "covers", ()), *names)  # type: ignore[attr-defined]
        for name in names:
            COVERED.setdefault(name, []).append(test.__name__)
        return test

    return mark


def public_names() -> list[str]:
    """Every public method and property of the classes that a gspread user holds in hand, inherited ones left out."""
    classes = (gspread.Client, gspread.Spreadsheet, gspread.Worksheet, ValueRange, gspread.Cell)
    return [
        f"{each.__name__}.{name}"
        for each in classes
        for name, member in inspect.getmembers(each)
        if not name.startswith("_")
        and (callable(member) or isinstance(member, property))
        and member is not getattr(list, name, None)
    ]
