"""The job that keeps the tab `Dasbor`, on a real register and a real store."""

from datetime import timedelta

from automation.dashboard import COUNTED_EVERY, Dashboard, history
from automation.reminders.delivery import remembered_rules
from automation.reports.counting import Counting
from register.complaint import WITA
from sheets_schema.dashboard_tab import HISTORY_MONTHS, HISTORY_RANGE, TITLE


def the_job(office, may_write=lambda: True):
    return Dashboard(may_write, lambda: office.sheet, Counting(office.store, remembered_rules(office.store)))


def written(office):
    """The rows of `Riwayat` that are filled."""
    found = office.sheet.dashboard()
    top, bottom, left, right = found.place(HISTORY_RANGE)
    rows = [[found.cell(row, column) for column in range(left, right)] for row in range(top, bottom)]
    return [row for row in rows if any(row)]


def summary(office):
    read = office.sheet.read([TITLE])[TITLE]
    return {row[0]: row[1] for row in read.rows if len(row) > 1}


def test_it_lays_the_tab_out_and_counts_what_the_store_knows(office):
    office.tick()
    office.file(3)
    office.tick(2)
    job = the_job(office)
    job(office.now)
    month = office.now.astimezone(WITA).strftime("%Y-%m")
    assert written(office) == [[month, 3, 0, 0, 3]]
    assert summary(office)["Pengaduan di register"] == 3
    assert summary(office)["Diterima"] + summary(office)["Didisposisi"] == 3


def test_it_counts_once_an_hour_and_writes_only_what_differs(office):
    office.tick()
    job = the_job(office)
    job(office.now)
    calls = office.sheet.calls
    job(office.now + timedelta(minutes=1))
    assert office.sheet.calls == calls
    job(office.now + COUNTED_EVERY)
    assert office.sheet.calls == calls + 4  # it looked before and after counting, and wrote nothing
    office.sheet.batch([{"deleteSheet": {"sheetId": office.sheet.sheet_ids()[TITLE]}}])
    assert office.tick().problems == []
    job(office.now + 2 * COUNTED_EVERY)
    assert TITLE in office.sheet.titles()


def test_it_waits_for_the_register_and_for_the_lease(office):
    the_job(office, lambda: False)(office.now)
    assert office.sheet.calls == 0
    office.tick()
    the_job(office)(office.now)
    assert TITLE in office.sheet.titles()


def test_no_tick_minds_the_tab(office):
    office.tick(2)
    the_job(office)(office.now)
    office.file()
    assert office.tick(2).problems == []
    before = office.sheet.calls
    the_job(office)(office.now)
    assert office.sheet.calls - before == 5  # the month has changed: one write
    assert office.tick().changed == 0


def test_history_begins_with_the_first_complaint_and_is_two_years_long(office):
    office.tick()
    counting = Counting(office.store, remembered_rules(office.store))
    assert len(history(counting, office.now)) == 1
    office.file()
    office.tick()
    much_later = office.now + timedelta(days=400)
    told = history(counting, much_later)
    assert [month[1] for month in told[:2]] == [1, 0]
    assert told[-1][4] == 1
    assert len(told) <= HISTORY_MONTHS
    assert told[-1][0] == much_later.astimezone(WITA).strftime("%Y-%m")
