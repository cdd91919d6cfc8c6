"""The periodic reports that are finished, as they lie in the data folder (`laporan/<masa>/laporan-<masa>.pdf`)."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from register.errors import PeriodError
from register.periods import Period

KINDS = ("pdf", "xlsx", "csv")


class ReportShelf:
    """Reads that folder; what else lies in it is no report."""

    def __init__(self, data: Path) -> None:
        self._folder = data / "laporan"

    def finished(self) -> Sequence[tuple[Period, Sequence[str]]]:
        """Of which periods there are any, the newest first and the longer before the shorter, and as what."""
        found = []
        for folder in self._folder.iterdir() if self._folder.is_dir() else ():
            with suppress(PeriodError):
                period = Period.parse(folder.name)
                if kinds := [kind for kind in KINDS if self._file(period, kind).is_file()]:
                    found.append((period, kinds))
        return sorted(found, key=lambda item: (item[0].until, item[0].months), reverse=True)

    def contents(self, period: Period, kind: str) -> bytes | None:
        """The file; None if there is none."""
        try:
            return self._file(period, kind).read_bytes()
        except FileNotFoundError:
            return None

    def _file(self, period: Period, kind: str) -> Path:
        return self._folder / period.key / f"laporan-{period.key}.{kind}"
