"""The year's figures: each is the one that SQL over the raw trail gives, and every report is made of them."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from automation.calendars.explaining_due import rules_for
from automation.configuration.in_force import Configuration
from automation.reports.counting import Counting
from automation.reports.findings import findings
from automation.reports.making import Maker
from forms.papers import Office
from register.complaint import WITA
from register.report_files import FORMATS
from tests.automation.reports.comparing import PERIODS, differences
from tests.automation.reports.recount import Recount
from tests.year.simulation import Year, rules_of_the_year
from tests.year.timetable import instant

_BEGINS = {"pdf": b"%PDF-", "xlsx": b"PK", "csv": b"\xef\xbb\xbf"}


def figure_faults(year: Year, folder: Path) -> Iterator[str]:
    """What SQL counts otherwise, and what could not be made."""
    store, now = year.office.store, instant(year.ended)

    def rules(at: datetime) -> Configuration:
        return rules_for(at.astimezone(WITA).year, store.setting("configuration"))

    recount = Recount.of(store._engine, folder, rules_of_the_year()[-1].timetable)
    found, _ = differences(store, recount, rules, now)
    yield from found
    maker = Maker(Counting(store, rules), rules, Office, store.first_recorded, lambda: "", findings)
    for period in PERIODS:
        made = maker.make(period, now, FORMATS)
        for form, start in _BEGINS.items():
            if not made[form].startswith(start):
                yield f"report of {period.key}: no {form}"
