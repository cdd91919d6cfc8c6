"""Spreadsheets to export, made without a server."""

from localsheets.identity import Identity
from localsheets.model.book import Book, new_sheet
from localsheets.model.layers import add_format, add_validation

OWNER = Identity("owner@kantor.test", "Pemilik")


def an_empty_book(locale="en_US"):
    properties = {"title": "Register", "locale": locale, "timeZone": "Etc/GMT"}
    return Book(0, "x" * 44, OWNER, "2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z", properties).draft()


def with_tab(book, title, rows, *, size=(1000, 26), **properties):
    """Add a tab holding these rows of stored cells, and answer it."""
    sheet = new_sheet(len(book.sheets), title, rows=size[0], columns=size[1])
    sheet = sheet.draft(book.revision, book.new_row_id)
    grid = {**sheet.properties["gridProperties"], **properties.pop("gridProperties", {})}
    sheet.properties = {**sheet.properties, **properties, "gridProperties": grid}
    book.add_sheet(sheet)
    for place, cells in enumerate(rows):
        if cells:
            sheet.set_cells(place, cells)
    return sheet


def a_book(rows, title="Sheet1", **properties):
    book = an_empty_book()
    with_tab(book, title, rows, **properties)
    return book


def dress(sheet, box, **cell_format):
    add_format(sheet, box, cell_format, {name: {} for name in cell_format})


def rule(sheet, box, kind, *texts, **more):
    values = {"values": [{"userEnteredValue": text} for text in texts]} if texts else {}
    add_validation(sheet, box, {"condition": {"type": kind, **values}, **more})
