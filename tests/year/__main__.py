"""`python -m tests.year [complaints]`: play a year in the office, count its deadlines again, and print its report."""

import argparse
import logging
import sys
import tempfile
from pathlib import Path

import structlog

from tests.year.embedded import working_office
from tests.year.figures import figure_faults
from tests.year.report import examine, printed
from tests.year.simulation import Year


def main() -> int:
    """0 if everything agrees."""
    parser = argparse.ArgumentParser(prog="python -m tests.year", description=__doc__)
    parser.add_argument("complaints", nargs="?", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--grid", type=int, default=15, help="minutes on which arrivals and visits to the sheet fall")
    parser.add_argument("--idle", type=int, default=60, help="minutes between ticks while nothing happens")
    parser.add_argument("--limit", type=float, help="stop after so many seconds, at the end of a day")
    chosen = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as folder, working_office(Path(folder)) as office:
        year = Year(
            office,
            chosen.complaints,
            seed=chosen.seed,
            grid=chosen.grid,
            idle=chosen.idle,
            limit_seconds=chosen.limit,
            tell=lambda text: print(text, flush=True),
        )
        year.run()
        outcome = examine(year)
        print(printed(year, outcome, chosen.seed))
        figures = list(figure_faults(year, Path(folder)))
        print(f"figures that SQL counts otherwise: {len(figures)}", *figures, sep="\n")
    return bool(outcome.comparison.differences or outcome.faults or figures)


if __name__ == "__main__":
    sys.exit(main())
