"""Print every public method of gspread and whether it works here: `python -m tests.localsheets.gspread_methods`."""

import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.localsheets.gspread_methods.coverage import public_names


class Outcomes:
    """A pytest plugin that remembers how the tests about each method went."""

    def __init__(self) -> None:
        self.names: dict[str, tuple[str, ...]] = {}
        self.failed: dict[str, bool] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.names = {item.nodeid: getattr(getattr(item, "function", None), "covers", ()) for item in items}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed[report.nodeid] = self.failed.get(report.nodeid, False) or report.outcome != "passed"

    def table(self) -> list[str]:
        """One line for each method: works, fails, or that nobody tried it."""
        tried: dict[str, list[bool]] = defaultdict(list)
        for test, names in self.names.items():
            for name in names:
                tried[name].append(self.failed.get(test, True))
        return [f"{name:45} {_outcome(tried[name])}" for name in public_names()]


def _outcome(failed: list[bool]) -> str:
    if not failed:
        return "NOT TRIED"
    return "FAILS" if any(failed) else f"works ({len(failed)} test{'s' * (len(failed) > 1)})"


def main() -> int:
    """The exit code of the test run."""
    outcomes = Outcomes()
    code = pytest.main(["-q", "--no-header", str(Path(__file__).parent), *sys.argv[1:]], plugins=[outcomes])
    print("\n".join(outcomes.table()))
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
