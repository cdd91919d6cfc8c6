"""
Excel workbooks, in both directions.

What goes along: values, formulas, number formats, fonts, colours, borders, alignment, merges, notes, choices and other
validation rules, colours by rule, widths and heights, frozen and hidden lines, hidden tabs, the filter, named ranges.
Charts of columns, bars, lines and pies go out, but do not come in.
What does not: protection (Excel's knows no people), pictures, macros, links to other files.
"""

from localsheets.exchange.xlsx.reading import read_workbook
from localsheets.exchange.xlsx.writing import MIME_TYPE, workbook_bytes

__all__ = ["MIME_TYPE", "read_workbook", "workbook_bytes"]
