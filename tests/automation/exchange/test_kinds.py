"""Every kind of broken file: its problems by row, its good rows in the store once, and nothing twice."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from automation.configuration.in_force import Configuration
from automation.exchange.importing import Outcome
from automation.exchange.mapping import shipped
from register.complaint import Status
from register.errors import AduanError
from register.transfer import Transfer
from tests.automation.exchange.files_to_import import KINDS, Kind
from tests.automation.exchange.running import import_file

NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)


def test_there_are_enough_kinds() -> None:
    assert len(KINDS) >= 37
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def imported(path: Path, store: Transfer, rules: Configuration, *, dry: bool = False) -> Outcome:
    return import_file(path, list(shipped().values()), store, rules, NOW, dry=dry)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind(kind: Kind, tmp_path: Path, new_store: Callable[[], Transfer], rules: Configuration) -> None:
    path, store = tmp_path / f"register{kind.suffix}", new_store()
    kind.write(path)
    if kind.refused:
        with pytest.raises(AduanError) as error:
            imported(path, store, rules)
        assert kind.refused in error.value.message
        assert store.is_empty()
        return

    looked = imported(path, store, rules, dry=True)
    assert store.is_empty(), "looking leaves nothing"
    first = imported(path, store, rules)
    assert [str(each) for each in looked.troubles] == [str(each) for each in first.troubles]

    told = {row: " ".join(each.what for each in first.troubles if each.row == row) for row in kind.troubles}
    assert {each.row for each in first.troubles} == set(kind.troubles), [str(each) for each in first.troubles]
    assert all(word in told[row] for row, word in kind.troubles.items()), told
    assert (looked.new, first.new, first.repeated) == (kind.good, kind.good, 0)
    complaints = store.complaints()
    assert len(complaints) == kind.good
    assert all(
        each.status is Status.ARCHIVED and not store.clocks([each.ticket])[each.ticket] for each in complaints.values()
    )

    again = imported(path, store, rules)
    assert (again.new, again.repeated) == (0, kind.good), "a second run imports nothing"
    assert store.complaints() == complaints
