"""Fixtures of the tick's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office import Office, close_office, open_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = open_office(tmp_path)
    yield opened
    found = opened.store.verify().findings
    close_office(opened)
    assert [str(finding) for finding in found] == [], "whatever happened, the trail is whole and tells it"
