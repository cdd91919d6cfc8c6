"""Which formulas a spreadsheet holds, where, and which cells each of them needs; kept up with every revision."""

from localsheets.formulas.preparing import Layout, Prepared, needed_boxes, prepare
from localsheets.model.book import Book
from localsheets.model.box import Box
from localsheets.model.cells import Cells, formula_of
from localsheets.model.sheet import Row

Place = tuple[int, int, int]
"""Place of the sheet, row and column, from 0."""
Changed = list[set[int]]
"""Places of rows that differ, sheet by sheet."""
_SPARE = 1000


class Census:
    """The formulas of one spreadsheet."""

    def __init__(self) -> None:
        self.formulas: dict[Place, str] = {}
        self._prepared: dict[str, Prepared] = {}
        self._rows: list[list[Row]] = []

    def take(self, book: Book) -> Changed:
        """Note the formulas as they are now; answers the rows that changed since the last time."""
        changed = differing_rows(self._rows, book)
        for place in [p for p in self.formulas if p[0] >= len(changed) or p[1] in changed[p[0]]]:
            del self.formulas[place]
        for index, (sheet, rows) in enumerate(zip(book.sheets, changed, strict=True)):
            for row in sorted(rows):
                for column, cell in enumerate(sheet.cells(row)):
                    if formula_of(cell) is not None:
                        self.formulas[index, row, column] = cell["x"]
        if len(self._prepared) > 2 * len(self.formulas) + _SPARE:
            self._prepared = {}
        self.settle(book)
        return changed

    def settle(self, book: Book) -> None:
        """The rows that are compared with the next time: the same with other results."""
        self._rows = [sheet.rows for sheet in book.sheets]

    def prepared(self, place: Place) -> Prepared:
        """The formula at that place taken apart."""
        formula = self.formulas[place]
        found = self._prepared.get(formula)
        if found is None:
            found = self._prepared[formula] = prepare(formula)
        return found

    def pace(self) -> str:
        """How often results change by themselves: "" (never), "day" or "minute"."""
        paces = {prepared.changes for prepared in self._prepared.values()}
        return "minute" if "minute" in paces else "day" if "day" in paces else ""

    def reach(self, layout: Layout, place: Place) -> tuple[tuple[int, Box], ...]:
        """Every cell that has a part in a formula's result, also by way of other formulas."""
        reached: list[tuple[int, Box]] = []
        seen, waiting = {place}, [place]
        while waiting:
            here = waiting.pop()
            fresh = [told for told in needed_boxes(self.prepared(here), layout, here[0]) if told not in reached]
            reached += fresh
            met = [p for p in self.formulas if any(p[0] == i and box.holds(p[1], p[2]) for i, box in fresh)]
            waiting += [p for p in met if p not in seen]
            seen |= set(met)
        return tuple(reached)


def differing_rows(old: list[list[Row]], book: Book) -> Changed:
    """The places of the rows that are not the very ones of before."""
    return [_differing(old[index] if index < len(old) else [], sheet.rows) for index, sheet in enumerate(book.sheets)]


def _differing(old: list[Row], new: list[Row]) -> set[int]:
    if old is new:
        return set()
    common = min(len(old), len(new))
    changed = {place for place, (one, two) in enumerate(zip(old, new, strict=False)) if _differ(one.cells, two.cells)}
    return changed | set(range(common, max(len(old), len(new))))


def _differ(old: Cells, new: Cells) -> bool:
    """Whether two rows differ in more than the results of the same formulas."""
    if old is new:
        return False
    return len(old) != len(new) or not all(
        one is two or (formula_of(one) is not None and formula_of(one) == formula_of(two))
        for one, two in zip(old, new, strict=True)
    )
