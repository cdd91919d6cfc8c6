"""Fixtures of the tick's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office import Office, close_office, open_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = open_office(tmp_path)
    yield opened
    close_office(opened)
