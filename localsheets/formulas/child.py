"""
The calculator: `python -m localsheets.formulas.child` keeps one spreadsheet's formulas in IronCalc, and calculates.

It is told what to hold by messages on its standard input and ends with it. Whatever goes wrong in a calculation (no
end, no memory, a crash) ends this process only; the server starts another. Rows and columns count from 0 in messages.
"""

import contextlib
import signal
import sys
import threading
import time
from typing import Any, BinaryIO

import ironcalc

from localsheets.formulas.frames import receive, send

STACK_BYTES = 256 << 20
"""Formulas nest and refer to each other; address space only, used as far as needed."""
MEMORY_BYTES = 512 << 20
"""On top of the stack: 50,000 rows of 20 cells take 190 MB of it."""
MOST_SPILLED = 200_000
"""Cells that arrays may fill in one spreadsheet."""
LONGEST_TOLD = 50_001
"""Characters of a text that are told: one more than a cell may show."""
BROKEN = "=#ERROR!"
_UNLIMITED = 0.0
Place = tuple[int, int, int]


class Desk:
    """One spreadsheet in IronCalc."""

    def __init__(self, titles: list[str], zone: str) -> None:
        """
        Args:
            titles: Of the sheets, in order, as IronCalc can take them.
            zone: The time zone in which it is today; UTC if IronCalc does not know it.
        """
        try:
            self._model = ironcalc.create("book", "en", zone, "en")
        except ironcalc.WorkbookError:
            self._model = ironcalc.create("book", "en", "UTC", "en")
        self._model.rename_sheet(0, titles[0])
        for title in (*titles[1:], "__questions__"):
            self._model.add_sheet(title)
        self._questions = len(titles)  # the place of a sheet of our own, for formulas that stand in no cell
        self._formulas: dict[Place, Any] = {}
        self._filled: dict[tuple[int, int], bytearray] = {}
        self._spilled: list[Place] = []
        self._count = 0

    def take(self, message: dict[str, Any]) -> None:
        """Hold other formulas and values."""
        for sheet, row, column in self._spilled:  # what an array filled stays in IronCalc when its formula goes
            self._model.range_clear_all(sheet, row + 1, column + 1, row + 1, column + 1)
        self._spilled = []
        for sheet, row, column in message.get("gone", ()):
            self._formulas.pop((sheet, row, column), None)
            self._put(sheet, row, column, None)
        for sheet, column, top, values in message.get("cells", ()):
            for row, value in enumerate(values, top):
                if value != {}:  # {} stands for a formula, which is told apart
                    self._put(sheet, row, column, value)
        for sheet, row, column, text in message.get("formulas", ()):
            self._put(sheet, row, column, text, formula=True)
            self._formulas[sheet, row, column] = ()

    def _put(self, sheet: int, row: int, column: int, value: Any, *, formula: bool = False) -> None:
        filled = self._filled.setdefault((sheet, column), bytearray())
        if len(filled) <= row:
            filled.extend(bytes(row + 1 - len(filled)))
        if value is None and not filled[row]:
            return
        with contextlib.suppress(ironcalc.WorkbookError):  # it lies beyond what IronCalc can hold
            self._write((sheet, row + 1, column + 1), value, formula=formula)
            self._count += (value is not None) - filled[row]
            filled[row] = value is not None

    def _write(self, place: Place, value: Any, *, formula: bool) -> None:
        model = self._model
        if value is None:
            model.range_clear_all(*place, *place[1:])
        elif formula:
            try:
                model.update_cell_with_formula(*place, value)
            except ironcalc.WorkbookError:
                model.update_cell_with_formula(*place, BROKEN)
        elif isinstance(value, bool):
            model.update_cell_with_bool(*place, value)
        elif isinstance(value, str):
            model.update_cell_with_text(*place, value)
        else:
            model.update_cell_with_number(*place, value)

    def calculate(self) -> dict[str, Any]:
        """Every result that differs from the last one told, and all cells that arrays fill."""
        started = time.process_time()
        self._model.evaluate()
        took = time.process_time() - started
        results = []
        for place, before in self._formulas.items():
            result = self._result(place)
            if result != before or type(result[0]) is not type(before[0]):
                self._formulas[place] = result
                results.append((*place, *result))
        return {"results": results, "took": took, **self._spills()}

    def answers(self, questions: list[str]) -> dict[str, Any]:
        """The same as `calculate`, and what these formulas come to, which stand in no cell."""
        for row, question in enumerate(questions):
            self._put(self._questions, row, 0, question, formula=True)
        told = self.calculate()
        found = [self._result((self._questions, row, 0))[:2] for row in range(len(questions))]
        for row in range(len(questions)):
            self._put(self._questions, row, 0, None)
        return {**told, "answers": [None if failed else value for value, failed in found]}

    def _result(self, place: Place) -> tuple[Any, bool, str]:
        """Value, whether it is an error, and the formula as IronCalc reads it if it does not know a name in it."""
        at = (place[0], place[1] + 1, place[2] + 1)
        if not self._filled[place[0], place[2]][place[1]]:
            return BROKEN[1:], True, ""
        value = _told(self._model.get_cell_value(*at))
        failed = isinstance(value, str) and value[:1] == "#" and self._is_error(at)
        return value, failed, self._model.get_cell_formula(*at) or "" if failed and value == "#NAME?" else ""

    def _is_error(self, at: Place) -> bool:
        return self._model.get_cell_type(*at) == ironcalc.CellType.ErrorValue

    def _spills(self) -> dict[str, Any]:
        cells = self._model.get_all_cells()
        if len(cells) - self._count > MOST_SPILLED:
            return {"crowded": True}
        spills = []
        if len(cells) != self._count:
            for sheet, row, column in cells:
                filled = self._filled.get((sheet, column - 1))
                if filled is None or len(filled) < row or not filled[row - 1]:
                    value = _told(self._model.get_cell_value(sheet, row, column))
                    if value is not None:
                        failed = isinstance(value, str) and self._is_error((sheet, row, column))
                        spills.append((sheet, row - 1, column - 1, value, failed))
        self._spilled = [spill[:3] for spill in spills]
        return {"spills": [spill for spill in spills if spill[0] != self._questions]}


def _told(value: Any) -> Any:
    return value[:LONGEST_TOLD] if isinstance(value, str) else value


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer messages until there are no more."""
    desk: Desk | None = None
    while (message := receive(requests)) is not None:
        if "titles" in message:
            desk = Desk(message["titles"], message["zone"])
        if desk is not None:
            _limit_processor(message["seconds"])
            desk.take(message)
            answer = desk.answers(message["questions"]) if "questions" in message else desk.calculate()
            _limit_processor(_UNLIMITED)
            send(answers, answer)


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has no such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES + STACK_BYTES, MEMORY_BYTES + STACK_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_processor(seconds: float) -> None:
    """End this process once it has worked for so long: whether or not the machine is busy, or the server is gone."""
    with contextlib.suppress(AttributeError, OSError):  # on Windows there is only the server's clock
        signal.setitimer(signal.ITIMER_PROF, seconds)


def main() -> None:
    """Serve on the standard streams, in a thread with room for deep formulas."""
    _limit_memory()
    threading.stack_size(STACK_BYTES)
    work = threading.Thread(target=serve, args=(sys.stdin.buffer, sys.stdout.buffer))
    work.start()
    work.join()


if __name__ == "__main__":
    main()
