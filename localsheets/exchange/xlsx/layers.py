"""
Between our layers and Excel's cells: looks of cells become looks over boxes, overlapping rules become separate ones.

A run of equal looks down a column is one layer, and so are equal runs side by side: a column of 50,000 dates is one
record, not 50,000.
"""

from collections.abc import Iterator
from typing import Any

from localsheets.model.box import Box
from localsheets.model.sheet import Sheet

LONG_RUN = 8
"""Rows from which on a run is worth a layer; the looks of shorter ones stay with their cells."""
Styles = dict[int, dict[int, int]]
"""Row → column → number of a look."""


def layers_and_rest(styles: Styles) -> tuple[list[tuple[int, Box]], list[tuple[int, int, int]]]:
    """Looks over boxes, and for the cells that are left: look, row, column."""
    long: dict[tuple[int, int, int], list[int]] = {}
    rest: list[tuple[int, int, int]] = []
    for style, column, top, bottom in _runs(styles):
        if bottom - top >= LONG_RUN:
            long.setdefault((style, top, bottom), []).append(column)
        else:
            rest += [(style, row, column) for row in range(top, bottom)]
    layers = [
        (style, Box(top, bottom, left, right))
        for (style, top, bottom), columns in long.items()
        for left, right in _side_by_side(sorted(columns))
    ]
    return layers, rest


def _runs(styles: Styles) -> Iterator[tuple[int, int, int, int]]:
    """Look, column, first row, and the row past the last."""
    running: dict[int, tuple[int, int]] = {}
    for row in range(max(styles, default=-1) + 2):
        here = styles.get(row, {})
        for column in [column for column, (style, _) in running.items() if here.get(column) != style]:
            style, top = running.pop(column)
            yield style, column, top, row
        for column, style in here.items():
            running.setdefault(column, (style, row))


def _side_by_side(columns: list[int]) -> Iterator[tuple[int, int]]:
    """Runs of neighbouring columns: first, and past the last."""
    start = 0
    for at in range(1, len(columns) + 1):
        if at == len(columns) or columns[at] != columns[at - 1] + 1:
            yield columns[start], columns[at - 1] + 1
            start = at


def in_force(sheet: Sheet) -> list[tuple[Box, dict[str, Any]]]:
    """Rules with the boxes where no later one replaces them wholly; Excel wants them apart."""
    found: list[tuple[Box, dict[str, Any]]] = []
    for place, layer in enumerate(sheet.validations):
        pieces: list[Box] = [sheet.clip(layer["box"])]
        for later in sheet.validations[place + 1 :]:
            pieces = [rest for piece in pieces for rest in _without(piece, sheet.clip(later["box"]))]
        if layer["rule"] is not None:
            found += [(piece, layer["rule"]) for piece in pieces]
    return found


def _without(box: Box, hole: Box) -> list[Box]:
    """What is left of a box: at most a piece above, below, left and right of the hole."""
    if not box.meets(hole):
        return [box]
    bottom, right = box.bottom or 0, box.right or 0
    top_edge, bottom_edge = max(box.top, hole.top), min(bottom, hole.bottom or 0)
    pieces = [
        Box(box.top, top_edge, box.left, right),
        Box(bottom_edge, bottom, box.left, right),
        Box(top_edge, bottom_edge, box.left, max(box.left, hole.left)),
        Box(top_edge, bottom_edge, min(right, hole.right or 0), right),
    ]
    return [piece for piece in pieces if piece.top < (piece.bottom or 0) and piece.left < (piece.right or 0)]
