"""Fixtures of the tick's tests."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.automation.reminders.desk import Desk, empty_database, open_desk
from tests.office import Office, close_office, open_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = open_office(tmp_path)
    yield opened
    opened.store.seal_day(opened.now)  # as the worker's other job does
    found = opened.store.verify().findings
    close_office(opened)
    assert [str(finding) for finding in found] == [], "whatever happened, the trail is whole and tells it"


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the tables and nothing in them, to be copied."""
    return empty_database(tmp_path_factory.mktemp("notices") / "aduan.sqlite3")


@pytest.fixture
def desk(empty: Path, tmp_path: Path) -> Iterator[Desk]:
    """A desk whose digest of Monday, 23 November 2026 was made, empty, at 07.45."""
    shutil.copyfile(empty, tmp_path / "aduan.sqlite3")
    opened = open_desk(tmp_path / "aduan.sqlite3")
    assert opened.at("2026-11-23 07.45") == []
    yield opened
    opened.store.close()


@pytest.fixture
def mail() -> Iterator[Any]:
    """A mailbox and the channel that leads to it; apprise is loaded only where it is needed."""
    from tests.automation.reminders.staff_servers import mail_server

    with mail_server() as opened:
        yield opened


@pytest.fixture
def telegram() -> Iterator[Any]:
    """Telegram's API on this machine."""
    from tests.automation.reminders.staff_servers import telegram_api

    with telegram_api() as stub:
        yield stub
