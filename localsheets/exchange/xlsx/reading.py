"""
The contents of an Excel workbook.

It is measured before it is opened, its macros and its links to other files are never looked at, and its cells are
streamed: openpyxl's own sheets would make an object of every cell, and of every cell that a merge covers.
"""

import io
import warnings
from collections.abc import Iterator
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from localsheets.errors import InvalidRequestError, LocalSheetsError
from localsheets.exchange.contents import Contents
from localsheets.exchange.xlsx.archive import UNREADABLE, check_archive
from localsheets.exchange.xlsx.tab_reader import Budget, TabReader, box_of
from localsheets.exchange.xlsx.writing import LISTS_TITLE
from localsheets.model.box import Box

MOST_CELLS = 2_000_000
"""Cells with something in them, in one file."""


def read_workbook(data: bytes, locale: str = "en_US") -> Contents:
    """
    What a workbook holds, as tabs that are not yet part of a spreadsheet.

    Args:
        locale: In which numbers inside rules are written.

    Raises: InvalidRequestError with one sentence if it is no workbook, or too large.
    """
    check_archive(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells what it leaves out
            workbook = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            try:
                return _contents(workbook, data, locale)
            finally:
                workbook.close()
    except LocalSheetsError:
        raise
    except Exception as error:
        # A damaged file fails anywhere inside openpyxl, with nearly any exception.
        raise InvalidRequestError(UNREADABLE) from error


def _contents(workbook: Any, data: bytes, locale: str) -> Contents:
    worksheets = [sheet for sheet in workbook.worksheets if hasattr(sheet, "_get_source")]
    lists = _hidden_lists(worksheets)
    budget = Budget(MOST_CELLS)
    shown = [sheet for sheet in worksheets if sheet.title != LISTS_TITLE]
    if not shown:
        raise InvalidRequestError("The workbook has no sheet with cells.")
    tabs = [TabReader(workbook, sheet, data, locale, lists, budget).tab() for sheet in shown]
    return Contents(tabs, list(_names(workbook, {tab.title for tab in tabs})))


def _hidden_lists(worksheets: list[Any]) -> dict[str, list[str]]:
    """Column letter → choices, from the sheet on which the export puts long ones."""
    columns: dict[str, list[str]] = {}
    for sheet in worksheets:
        if sheet.title == LISTS_TITLE:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value is not None:
                        columns.setdefault(cell.column_letter, []).append(unescape(str(cell.value)))
    return columns


def _names(workbook: Any, titles: set[str]) -> Iterator[tuple[str, str, Box]]:
    for name, defined in workbook.defined_names.items():
        try:
            places = list(defined.destinations)
        except (ValueError, AttributeError, TypeError):
            continue  # a formula, or a broken reference
        if len(places) == 1 and places[0][0] in titles and ":" in places[0][1] + ":":
            box = box_of(places[0][1].replace("$", ""))
            if box is not None:
                yield name, places[0][0], box
