"""
The reports that were made by schedule, as files: `laporan/<period>/laporan-<period>.<format>` of the data folder.

A report's folder appears at once with everything in it, or not at all.
"""

import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from register.errors import PeriodError
from register.periods import Period

FORMATS = ("pdf", "xlsx", "csv")
FOLDER = "laporan"
"""Of the data folder."""


@dataclass(frozen=True)
class Report:
    """A report that is there: its period, and its files by format."""

    period: Period
    files: Mapping[str, Path]

    @property
    def formats(self) -> Sequence[str]:
        """In which it can be had, in the order of `FORMATS`."""
        return list(self.files)


def file_name(period: Period, form: str, *, public: bool = False) -> str:
    """What a report's file is called: `laporan-2026-Q3.pdf`."""
    return f"laporan-{'publik-' if public else ''}{period.key}.{form}"


class Reports:
    """
    A folder of reports.

    Args:
        folder: Need not exist; looking makes nothing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def made(self) -> Sequence[Report]:
        """All that are there, the newest period first, and of those that begin together the longest first."""
        found = []
        for place in self._folder.iterdir() if self._folder.is_dir() else ():
            with suppress(PeriodError):
                found.append(self.of(Period.parse(place.name)))
        reports = [report for report in found if report is not None]
        return sorted(reports, key=lambda report: (report.period.until, report.period.months), reverse=True)

    def of(self, period: Period) -> Report | None:
        """The report of a period; None if there is none."""
        files = {form: self._folder / period.key / file_name(period, form) for form in FORMATS}
        there = {form: path for form, path in files.items() if path.is_file()}
        return Report(period, there) if there else None

    def keep(self, period: Period, contents: Mapping[str, bytes]) -> Report:
        """Put a report's files, by format, into its folder, in place of earlier ones; nobody else may read them."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        target, beside = self._folder / period.key, self._folder / f".{period.key}"
        shutil.rmtree(beside, ignore_errors=True)  # of a process that was ended in the middle
        beside.mkdir(mode=0o700)
        for form, content in contents.items():
            path = beside / file_name(period, form)
            path.touch(mode=0o600)
            path.write_bytes(content)
        shutil.rmtree(target, ignore_errors=True)
        beside.rename(target)
        return Report(period, {form: target / file_name(period, form) for form in FORMATS if form in contents})
