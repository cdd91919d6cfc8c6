"""
Reports by schedule: every finished month, quarter, half-year and year gets its own, once.

Source: SOP B step 9. Files come first, then what the store remembers of them together with the messages about them: a
process that is ended in between makes them again, and nobody is told twice.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

import structlog

from automation.configuration.in_force import Configuration
from automation.reminders.people import Role, stand_ins, with_role
from register.complaint import WITA
from register.notices import Batch, StaffMessage
from register.periods import LENGTHS, Period
from register.report_files import Reports
from register.store import Store

MADE = "laporan."
"""Begins the name of the setting that remembers a report: when it was made, and its files' SHA-256."""
NEWS = timedelta(days=31)
"""How long after its end a period's report is told of; those that are made up for are only there."""
TITLE = "Laporan Berkala tersedia"

Make = Callable[[Period, datetime], Mapping[str, bytes]]
"""Makes the report of a period: its files by format."""
log = structlog.get_logger()


class PeriodicReports:
    """
    The job.

    Args:
        rules: The configuration in force, for who is told.
    """

    def __init__(self, store: Store, reports: Reports, make: Make, rules: Callable[[datetime], Configuration]) -> None:
        self._store, self._reports, self._make, self._rules = store, reports, make, rules

    def __call__(self, now: datetime) -> None:
        """Make what is due, the oldest first."""
        began = self._store.begun()
        if began is None:
            return
        made = self._store.settings(MADE)
        for period in finished(began, now):
            if period.key not in made or self._reports.of(period) is None:
                self._write(period, now, told=period.key in made)

    def _write(self, period: Period, now: datetime, *, told: bool) -> None:
        contents = self._make(period, now)
        self._reports.keep(period, contents)
        digests = {form: sha256(content).hexdigest() for form, content in contents.items()}
        messages = [] if told or now - period.until > NEWS else announcements(period, self._rules(now), now)
        remembered = {MADE + period.key: {"made_at": now.isoformat(), "sha256": digests}}
        self._store.queue(Batch(messages=messages, remembered=remembered), now)
        log.info("report_made", period=period.key, told=len(messages))


def finished(began: datetime, now: datetime) -> Sequence[Period]:
    """Every period that has ended since the register is kept here, by its end, the shortest first."""
    found = []
    for months in LENGTHS:
        period = Period.around(began, months)
        while period.until <= now:
            found.append(period)
            period = period.moved(1)
    return sorted(found, key=lambda period: (period.until, period.months))


def announcements(period: Period, rules: Configuration, now: datetime) -> Sequence[StaffMessage]:
    """A message to the Kepala Dinas and to the Ketua Tim, or to who stands in for them."""
    holders = [officer for role in (Role.KADIS, Role.KETUA_TIM) for officer in with_role(role, rules)]
    text = (
        f"Laporan Berkala pengelolaan pengaduan {period.label} sudah disusun. Unduh di halaman petugas, bagian Dasbor; "
        f"atau cetak dengan: aduan report --period {period.key}"
    )
    people = stand_ins(holders, rules, now.astimezone(WITA).date())
    return [StaffMessage(officer.name, TITLE, text, ()) for officer in people if officer.channels]
