"""No tick goes through all that the years have brought: what it asks the database is found by an index."""

from typing import Any

import pytest
import sqlalchemy as sa

from register import tables
from tests.office import Office

FEW = {"settings", "limits", "staff_accounts", "trail_head", "archive_tasks", "outbox"}
"""Tables that stay small, or are emptied."""
GROWING = tables.metadata.tables.keys() - FEW


@pytest.mark.parametrize("what", ["nothing", "a new complaint", "an act"])
def test_no_tick_reads_a_whole_table_that_grows(office: Office, what: str) -> None:
    ticket = office.file().ticket
    office.tick(3)
    if what == "a new complaint":
        office.file()
    elif what == "an act":
        office.type(ticket, act="Proses")
    found = [told for told in plans(office) if told.startswith(("SCAN", "SEARCH")) and is_whole(told)]
    assert found == []


def is_whole(told: str) -> bool:
    """Whether a line of a plan goes through a table that grows, or skips from value to value of an index."""
    return told.split()[1] in GROWING and (told.startswith("SCAN") or "ANY(" in told)


def plans(office: Office) -> list[str]:
    """How SQLite goes about all that a tick asks it, as it tells without having counted rows."""
    asked: dict[str, Any] = {}

    def heard(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        if statement.startswith(("SELECT", "WITH")) and not many:
            asked.setdefault(statement, values)

    engines = {office.store._engine, office.store._writer}
    for engine in engines:
        sa.event.listen(engine, "before_cursor_execute", heard)
    office.tick()
    for engine in engines:
        sa.event.remove(engine, "before_cursor_execute", heard)
    assert asked
    with office.store._engine.connect() as connection:
        return [
            f"{row[-1]} -- {statement}"
            for statement, values in asked.items()
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
