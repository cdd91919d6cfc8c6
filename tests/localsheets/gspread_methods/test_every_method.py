"""No public method of gspread is left without a test of its own."""

from importlib import import_module
from pathlib import Path

import pytest

from tests.localsheets.gspread_methods.coverage import COVERED, public_names

for file in sorted(Path(__file__).parent.glob("test_*.py")):
    if file.name != Path(__file__).name:
        import_module(f"tests.localsheets.gspread_methods.{file.stem}")


@pytest.mark.parametrize("name", public_names())
def test_is_tried(name):
    assert COVERED.get(name), f"{name} has no test; mark one with @covers({name!r})"


def test_only_public_methods_are_listed():
    assert set(COVERED) <= set(public_names())
