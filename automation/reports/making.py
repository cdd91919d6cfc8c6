"""Making a report of the office: counted, put together, and set in the formats asked for."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from automation.calendars.office_calendar import Calendar
from automation.configuration.in_force import Configuration
from automation.reports.case_data import CaseData
from automation.reports.counting import Counting
from automation.reports.csv_text import render_csv
from automation.reports.document import Document
from automation.reports.excel_rows import DataSheet
from automation.reports.pdf import render_pdf
from automation.reports.periodic import Labels, earlier_periods, periodic_report
from automation.reports.xlsx import render_xlsx
from forms.papers import Office
from register.durations import DAY_MINUTES
from register.figures import Chosen, Figures
from register.periods import Period

XLSX = "xlsx"
SHOWN = Chosen(hides=True)
"""Reports are passed around: they say of restricted complaints what the shared register does."""


@dataclass(frozen=True)
class Maker:
    """
    Makes reports.

    Args:
        rules: The configuration in force at an instant.
        office: The letterhead and who signs, today.
        began: When the first complaint was recorded, None before it: nothing is compared with the time before.
        root_line: The trail's root, for the footer.
        findings: Sentences on a period's figures and earlier ones.
    """

    counting: Counting
    rules: Callable[[datetime], Configuration]
    office: Callable[[], Office]
    began: Callable[[], datetime | None]
    root_line: Callable[[], str]
    findings: Callable[[Figures, Sequence[Figures]], Sequence[str]]

    def make(self, period: Period, now: datetime, formats: Collection[str]) -> Mapping[str, bytes]:
        """A period's report in each format. Raises: TypesettingError, LogoError."""
        (*earlier, figures), data = self._counted(period, now, with_data=XLSX in formats)
        rules = self.rules(now)
        document = periodic_report(
            figures,
            earlier,
            Labels(rules.bidang, day_minutes(rules.calendar)),
            found=self.findings(figures, earlier),
            root_line=self.root_line(),
            made_at=now,
        )
        return files_of(document, formats, self.office, data.sheets)

    def _counted(self, period: Period, now: datetime, *, with_data: bool) -> tuple[Sequence[Figures], CaseData]:
        """Earlier periods, of those in which there was anything, and this one; the store is read once for all."""
        began = self.began()
        known = [each for each in earlier_periods(period) if began is not None and each.until > began]
        return self.counting.figures_and_data([*known, period], now, SHOWN, period if with_data else None)


def files_of(
    document: Document,
    formats: Collection[str],
    office: Callable[[], Office],
    data: Callable[[], Sequence[DataSheet]] = tuple,
) -> Mapping[str, bytes]:
    """A document in each of the formats. Raises: TypesettingError, LogoError."""
    writing: Mapping[str, Callable[[], bytes]] = {
        "pdf": lambda: render_pdf(document, office()),
        XLSX: lambda: render_xlsx(document, data()),
        "csv": lambda: render_csv(document),
    }
    return {form: write() for form, write in writing.items() if form in formats}


def day_minutes(calendar: Calendar) -> int:
    """Minutes of service in a working day, on average over an ordinary week."""
    lengths = [hours.length.total_seconds() / 60 for hours in calendar.week if hours]
    return round(sum(lengths) / len(lengths)) if lengths else DAY_MINUTES
