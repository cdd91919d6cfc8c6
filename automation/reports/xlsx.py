"""A report as an Excel file, whose figures are formulas over the data that it brings along."""

from collections.abc import Sequence

from automation.reports.document import DataSheet, Document


def render_xlsx(document: Document, data: Sequence[DataSheet] = ()) -> bytes:
    """
    All tables on one sheet, the data on others. With data, figures are formulas that have been calculated.

    Args:
        data: None where only the figures may leave the office.
    """
    raise NotImplementedError
