"""Stores for importing into: nothing in them, and a configuration as built in."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from automation.calendars.explaining_due import rules_for
from automation.configuration.in_force import Configuration
from register.database import open_engine, sqlite_url
from register.sealing import load_keyring
from register.store import Store
from register.transfer import Transfer


@pytest.fixture(scope="session")
def rules() -> Configuration:
    return rules_for(2026, None)


@pytest.fixture
def new_store(empty: Path, tmp_path: Path) -> Iterator[Callable[[], Transfer]]:
    """Makes another empty store each time."""
    made: list[Transfer] = []

    def make() -> Transfer:
        folder = tmp_path / f"kantor-{len(made)}"
        folder.mkdir()
        shutil.copyfile(empty, folder / "aduan.sqlite3")
        store = Store(open_engine(sqlite_url(folder / "aduan.sqlite3")), load_keyring(folder / "kunci", create=True))
        made.append(store.transfer)
        return made[-1]

    yield make
    for store in made:
        findings = [str(finding) for finding in store.verify().findings]
        store.close()
        assert findings == [], "the trail is whole and agrees with the complaints"
