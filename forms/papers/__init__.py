"""
The decree's papers, filled in or blank: PDF by typst, Word and Excel where an office edits them.

Which papers there are stands in `papers.toml`. A paper is made in three steps: facts from the store (`facts.py`), a
sheet of plain data (`layout.py`), and its setting (`typesetting.py`, `word.py`, `excel.py`).
"""

from forms.papers.book import Book, book_of, render_book
from forms.papers.excel import book_xlsx
from forms.papers.facts import Facts, facts_of, receipt_facts
from forms.papers.kinds import EDITABLE, Paper, definitions
from forms.papers.layout import sheet_of
from forms.papers.office import Office, Official
from forms.papers.typesetting import set_pdf
from forms.papers.word import render_docx

__all__ = [
    "EDITABLE",
    "Book",
    "Facts",
    "Office",
    "Official",
    "Paper",
    "book_of",
    "book_xlsx",
    "definitions",
    "facts_of",
    "receipt_facts",
    "render",
    "render_book",
    "render_docx",
]


def render(paper: Paper, facts: Facts, *, blank: bool = False) -> bytes:
    """
    A paper as a PDF, tagged for screen readers; the same facts give the same bytes.

    Args:
        blank: With dotted lines to write on, for days without power; of the facts only the office counts then.

    Raises: NotClosedError, TypesettingError.
    """
    sheet = sheet_of(paper, facts, blank=blank)
    return set_pdf(definitions()[paper].template, sheet.plain(), facts.office)
