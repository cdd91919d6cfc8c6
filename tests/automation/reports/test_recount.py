"""The office's figures agree with a count by SQL over the raw trail, period by period, whole and by part."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from register.database import open_engine, sqlite_url
from register.sealing import Keyring
from register.store import Store
from tests.automation.reminders.desk import empty_database
from tests.automation.reminders.staff_rules import seeds
from tests.automation.reports.comparing import differences
from tests.automation.reports.office_year import OfficeYear
from tests.automation.reports.recount import Recount

FULL = os.environ.get("ADUAN_TEST_SCALE") == "full"
COMPLAINTS = 2_000 if FULL else 150
AFTER = datetime(2027, 2, 1, tzinfo=UTC)


@pytest.mark.year
def test_figures_agree_with_a_count_by_sql_over_the_trail(tmp_path: Path) -> None:
    """See `tests/year` for the same over a year in a whole office; here more happens to each complaint."""
    engine = open_engine(sqlite_url(empty_database(tmp_path / "aduan.sqlite3")))
    sa.event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    store = Store(engine, Keyring(bytes(range(32))))
    year = OfficeYear(store, seeds())
    year.run(COMPLAINTS)
    assert len(year.tickets) == COMPLAINTS
    assert year.done > COMPLAINTS
    found, nothing = differences(store, Recount.of(engine, tmp_path), lambda _: seeds(), AFTER)
    store.close()
    assert found == []
    assert nothing == set(), "a figure that is always nothing is not compared"
