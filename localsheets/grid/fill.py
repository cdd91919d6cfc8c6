"""The fill handle: cells beside a block continue it, downwards, upwards, to the right or to the left."""

from typing import Any

from flask import Blueprint, Response

from localsheets.api.http_edge import answer, json_body, shelf
from localsheets.errors import InvalidRequestError
from localsheets.formats.number_formats import is_moment
from localsheets.formulas.references import relative
from localsheets.grid.blocks import changed_json
from localsheets.grid.data import id_runs
from localsheets.grid.entering import check_writer, found_rows, told_columns
from localsheets.grid.filling import continued
from localsheets.grid.guard import require_login, staff, strict_headers
from localsheets.grid.placing import Copied, Target, put
from localsheets.model.book import Book
from localsheets.model.box import Axis
from localsheets.model.cells import formula_of, make_cell, note_of, value_of
from localsheets.model.layers import CellFormats
from localsheets.model.sheet import Sheet
from localsheets.requests.step import as_object

Json = dict[str, Any]
Spot = tuple[int, int]
blueprint = Blueprint("grid_fill", __name__, url_prefix="/register/data/<book_id>")
blueprint.before_request(require_login)
blueprint.after_request(strict_headers)


@blueprint.post("/<int:sheet_id>/fill")
def fill(book_id: str, sheet_id: int) -> Response:
    """
    Continue `source` (`{"rows", "columns"}`) into `rows` × `columns`, which lie beside it along `axis` (ROWS, COLUMNS).

    With `backwards` they lie above or to the left; they are named from the block outwards, nearest first.
    """
    body = json_body()
    axis: Axis = "COLUMNS" if body.get("axis") == "COLUMNS" else "ROWS"
    check_writer(book_id)
    with shelf().writing(book_id, staff(), "grid fill", origin="grid") as draft:
        sheet = draft.sheet(sheet_id)
        source = as_object("source", body.get("source"))
        rows, columns = _place(sheet, body)
        put(
            draft,
            sheet,
            _targets(draft, sheet, _place(sheet, source), (rows, columns), axis, bool(body.get("backwards"))),
        )
        revision, ids = draft.revision, id_runs(sheet, sorted(set(rows)))
    return answer({"ids": ids, **changed_json(book_id, sheet_id, revision, rows)})


def _place(sheet: Sheet, told: Json) -> tuple[list[int], list[int]]:
    rows = found_rows(sheet, told.get("rows"))
    columns = told_columns(told, len(rows))
    if max(rows) >= sheet.row_count or max(columns) >= sheet.column_count:
        raise InvalidRequestError("The cells to fill lie beyond the sheet.")
    return rows, columns


def _targets(
    book: Book,
    sheet: Sheet,
    source: tuple[list[int], list[int]],
    place: tuple[list[int], list[int]],
    axis: Axis,
    back: bool,
) -> list[Target]:
    """Line by line across the way of filling, each one its own series."""
    (from_rows, from_columns), (rows, columns) = source, place
    if axis == "ROWS":
        if from_columns != columns:
            raise InvalidRequestError("A block is filled down or up in its own columns.")
        tracks = [([(row, column) for row in from_rows], [(row, column) for row in rows]) for column in columns]
    else:
        if from_rows != rows:
            raise InvalidRequestError("A block is filled to the side in its own rows.")
        tracks = [([(row, column) for column in from_columns], [(row, column) for column in columns]) for row in rows]
    formats = CellFormats(sheet)
    return [target for given, wanted in tracks for target in _track(sheet, formats, given, wanted, back=back)]


def _track(sheet: Sheet, formats: CellFormats, given: list[Spot], wanted: list[Spot], *, back: bool) -> list[Target]:
    cells = [sheet.cell(*spot) for spot in given]
    looks = [formats.at(*spot, cell) for spot, cell in zip(given, cells, strict=True)]
    plain = all(formula_of(cell) is None for cell in cells)
    dated = all(is_moment(look.get("numberFormat")) for look in looks)
    values = [value_of(cell) for cell in cells]
    series = continued(values, len(wanted), dated=dated, backwards=back) if plain else []
    targets = []
    for at, spot in enumerate(wanted):
        place = (len(given) - 1 - at % len(given)) if back else at % len(given)
        cell, (row, column) = cells[place], given[place]
        present = sheet.cell(*spot)
        formula = formula_of(cell)
        if formula is not None:
            filled = make_cell(None, None, note_of(present), relative(formula, spot[0] - row, spot[1] - column))
        else:
            filled = make_cell(series[at] if plain else value_of(cell), None, note_of(present))
        targets.append(Target(*spot, Copied(filled, looks[place])))
    return targets
