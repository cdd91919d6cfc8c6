"""An Excel file's formulas calculated by IronCalc, beside what the file says that they come to."""

import io
from pathlib import Path

import ironcalc
from openpyxl import load_workbook


def recalculated(content: bytes, folder: Path) -> dict[str, tuple[object, object]]:
    """By cell of the first sheet that has a formula: the figure in the file, and what it calculates to."""
    path = folder / "calculated.xlsx"
    path.write_bytes(content)
    model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    model.evaluate()
    formulas = load_workbook(io.BytesIO(content)).worksheets[0]
    figures = load_workbook(io.BytesIO(content), data_only=True).worksheets[0]
    return {
        cell.coordinate: (figures[cell.coordinate].value, model.get_cell_value(0, cell.row, cell.column))
        for row in formulas.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def differing(content: bytes, folder: Path) -> dict[str, tuple[object, object]]:
    """Those that come to something else; numbers agree to the twelfth digit."""
    return {place: both for place, both in recalculated(content, folder).items() if not _same(*both)}


def _same(figure: object, found: object) -> bool:
    if isinstance(figure, int | float) and isinstance(found, int | float):
        return abs(figure - found) <= 1e-12 * max(1, abs(figure))
    return figure == found
