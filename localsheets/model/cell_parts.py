"""
A cell taken apart and put together again: its contents, its format and its note go different ways when people paste.

`v` value, `x` formula, `e` the kind of an error result, `r` text format runs, `f` format, `n` note; see cells.py.
"""

from collections.abc import Iterable
from typing import Any

from localsheets.model.cells import Cell

Parts = dict[str, Any]
CONTENTS = ("v", "x", "e", "r")


def parts_of(cell: Cell) -> Parts:
    """The parts of a cell, for the caller to change."""
    if isinstance(cell, dict):
        return dict(cell)
    return {} if cell is None else {"v": cell}


def put_together(parts: Parts) -> Cell:
    """The stored form of a cell with these parts; an empty text is an empty cell."""
    told = {name: part for name, part in parts.items() if part is not None and part not in ("", {}, [])}
    if "x" in told and parts.get("v") == "":
        told["v"] = ""
    if "v" not in told:
        told.pop("r", None)
    return told.get("v") if told.keys() <= {"v"} else told


def taking(cell: Cell, source: Cell, names: Iterable[str]) -> Cell:
    """The cell with the named parts of another one instead of its own."""
    told, given = parts_of(cell), parts_of(source)
    for name in names:
        told.pop(name, None)
        if name in given:
            told[name] = given[name]
    if "v" in names:
        told.pop("s", None)
    return put_together(told)


def with_contents(cell: Cell, source: Cell) -> Cell:
    """The cell with another one's contents; its own format and note stay."""
    return taking(cell, source, CONTENTS)
