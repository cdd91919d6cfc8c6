"""The rows that a new configuration tab starts with, from `seeds/*.toml`; each key there is a header in snake case."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from sheets_schema.columns import Tab

Cell = str | bool


@cache
def seed_rows(tab: Tab) -> tuple[Mapping[str, Cell], ...]:
    """
    Rows by column key, in order; none for a tab without seeds.

    Raises: KeyError if a seed names a header that the tab does not have.
    """
    if not tab.seed:
        return ()
    keys = {column.header.casefold().replace(" ", "_"): column.key for column in tab.columns}
    loaded = tomllib.loads(files("sheets_schema.seeds").joinpath(f"{tab.seed}.toml").read_text("utf-8"))
    return tuple({keys[name]: _cell(value) for name, value in row.items()} for row in loaded["rows"])


def _cell(value: object) -> Cell:
    return value if isinstance(value, bool) else str(value)
