"""A spreadsheet on the embedded register, for each test its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from register.sheet import Sheet
from tests.register.running_register import Running, running_register


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder: Path = tmp_path_factory.mktemp("lembar")
    with running_register(folder) as running:
        yield running


@pytest.fixture
def sheet(running: Running) -> Iterator[Sheet]:
    """A new, empty spreadsheet as the worker reaches it."""
    sheet = running.new_sheet()
    yield sheet
    sheet.close()
