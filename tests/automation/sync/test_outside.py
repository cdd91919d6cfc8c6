"""What was read in rows that are no complaint's is kept all the same, once."""

from datetime import UTC, datetime

from automation.sync.matching import Matching
from automation.sync.outside import outside_values
from automation.sync.rows import Row
from register.edits import unplaced
from register.sealing import Keyring
from sheets_schema.layout import locate
from sheets_schema.register_tab import REGISTER

DIGEST = Keyring(b"0" * 32).digest
NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
LAYOUT = locate(REGISTER, [column.header for column in REGISTER.columns])


def row(**cells: str) -> Row:
    shown = [""] * LAYOUT.width
    for key, text in cells.items():
        shown[LAYOUT.positions[key]] = text
    return Row(1, tuple(shown), LAYOUT)


def test_words_in_a_row_that_carries_the_ticket_of_another_are_kept_once() -> None:
    """A clerk goes on typing in a row into which rows that moved have put a stranger's new ticket."""
    found = Matching(stray=[row(ticket="7K3M-Q9TX-2", officer="Bu Siapa"), row(status="Didisposisi")])
    [change], standing = outside_values(found, {}, {}, DIGEST, NOW)
    assert change.ticket == unplaced(NOW)
    assert [(event.data["column"], event.secret["value"]) for event in change.events] == [("Petugas", "Bu Siapa")]
    assert outside_values(found, {}, standing, DIGEST, NOW) == ([], standing)
