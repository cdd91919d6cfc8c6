"""Where a tab's columns stand right now: found by header, wherever staff moved them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sheets_schema.columns import Tab

_BRACKETED = re.compile(r"\S ?[(\[]([^()\[\]]+)[)\]]$")
"""The name that ends a header in brackets, behind other words."""


@dataclass(frozen=True)
class Layout:
    """
    Positions of a tab's columns, 0-based, by key.

    `missing` and `doubled` name headers that stop all writing to the tab until a person mends them.
    """

    tab: Tab
    positions: Mapping[str, int]
    width: int
    missing: tuple[str, ...]
    doubled: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether each header is there exactly once."""
        return not self.missing and not self.doubled


def locate(tab: Tab, header: Sequence[object]) -> Layout:
    """
    The layout that a header row shows. Headers are compared without regard to case and outer spaces.

    Staff may call a column as they like if its own name stays behind in brackets, as in `Isi laporan (Uraian)`. One of
    the column's aliases counts where neither stands, so that a column of staff's own never doubles one of ours.
    """
    places: dict[str, list[int]] = {}
    by_alias: dict[str, list[int]] = {}
    aliases = {normal(alias): key for key, names in tab.aliases.items() for alias in names}
    for index, title in enumerate(header):
        shown = normal(title)
        bracketed = _BRACKETED.search(shown)
        places.setdefault(bracketed[1].strip() if bracketed else shown, []).append(index)
        if shown in aliases:
            by_alias.setdefault(aliases[shown], []).append(index)
    found = {column.key: places.get(normal(column.header)) or by_alias.get(column.key, []) for column in tab.columns}
    return Layout(
        tab=tab,
        positions={key: indexes[0] for key, indexes in found.items() if len(indexes) == 1},
        width=len(header),
        missing=tuple(column.header for column in tab.columns if not found[column.key]),
        doubled=tuple(column.header for column in tab.columns if len(found[column.key]) > 1),
    )


def normal(title: object) -> str:
    """A header as it is compared: without regard to case and spaces."""
    return _normal(str(title))


@lru_cache(maxsize=4096)
def _normal(title: str) -> str:
    return " ".join(title.split()).casefold()
