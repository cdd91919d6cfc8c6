"""A report as a PDF, by typst, in the office's letterhead."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from automation.reports.document import Chart, Document, Section, Table, shown
from forms.papers import Office
from forms.papers.layout import DOTS, Signature
from forms.papers.typesetting import set_pdf
from register.complaint import WITA
from register.indonesian_dates import letter_date, long_instant

TEMPLATE = "berkala.typ"
_WIDEST = 18
"""Letters by which a column of figures may claim room; the first may claim twice as much."""


def render_pdf(document: Document, office: Office) -> bytes:
    """
    The report on A4, tagged for screen readers (PDF/UA-1). The same document gives the same bytes.

    Raises: TypesettingError.
    """
    return set_pdf(TEMPLATE, sheet_of(document, office), office)


def sheet_of(document: Document, office: Office) -> Mapping[str, Any]:
    """What the template is given: texts and the lengths of bars."""
    made = document.made_at.astimezone(WITA)
    head = Signature(office.head.title or "Kepala Dinas", name=office.head.name, nip=office.head.grouped_nip)
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "made": f"Disusun {long_instant(made)}",
        "root": document.root_line,
        "source": document.source,
        "dated": f"{office.place or DOTS}, {letter_date(made)}",
        "people": [] if document.public else [asdict(head)],
        "sections": [_section(section) for section in document.sections],
    }


def _section(section: Section) -> Mapping[str, Any]:
    return {
        "heading": section.heading,
        "paragraphs": list(section.paragraphs),
        "points": list(section.points),
        "charts": [_chart(chart) for chart in section.charts if chart.drawable],
        "tables": [_table(table) for table in section.tables],
    }


def _table(table: Table) -> Mapping[str, Any]:
    rows = [[shown(cell) for cell in row] for row in table.rows]
    left = [any(isinstance(row[place], str) for row in table.rows) for place in range(len(table.head))]
    return {
        "title": table.title,
        "head": list(table.head),
        "left": [True, *left[1:]],
        "shares": _shares(table.head, rows),
        "rows": rows,
        "note": table.note,
        "total": table.total and bool(rows),
    }


def _shares(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Sequence[float]:
    """How wide the columns are against each other: by their longest cell, or the longest word of the head."""
    every = [
        [max(head[place].split(), key=len, default=""), *(row[place] for row in rows)] for place in range(len(head))
    ]
    return [
        float(min(max(map(len, texts)) + 2, _WIDEST if place else 2 * _WIDEST)) for place, texts in enumerate(every)
    ]


def _chart(chart: Chart) -> Mapping[str, Any]:
    """Lengths are from 0 to 1, of the longest bar."""
    numbers = [[value or 0 for value in series.values] for series in chart.series]
    longest = max(
        (sum(each) if chart.kind == "stacked" else max(each) for each in zip(*numbers, strict=True)), default=0
    )
    return {
        "kind": chart.kind.value,
        "title": chart.title,
        "alt": chart.described,
        "labels": list(chart.labels),
        "series": [
            {
                "name": series.name,
                "lengths": [value / longest if longest else 0 for value in values],
                "shown": [chart.number(value) for value in series.values],
            }
            for series, values in zip(chart.series, numbers, strict=True)
        ],
    }
